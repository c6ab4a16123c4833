-- The register: orders, documents, answers, keys, the audit trail.
--
-- Issued rows never change: a new version is a new row, and what is superseded follows from who
-- points at whom. Ids are text with the prefix of their kind; they sort by the time of their
-- making. Instants are microseconds since 1970 in UTC, dates are yyyy-mm-dd, digests are SHA-256
-- (32 bytes).

CREATE TABLE order_version (
    order_id                       TEXT    NOT NULL,
    version                        INTEGER NOT NULL CHECK (version >= 1),
    kind                           TEXT    NOT NULL,
    court_code                     TEXT    NOT NULL,
    force_code                     TEXT    NOT NULL,
    made_on                        TEXT    NOT NULL,
    -- NULL: until further order.
    ends_on                        TEXT,
    edition                        TEXT    NOT NULL,
    case_reference                 TEXT    NOT NULL,
    -- Names after case folding, for comparing whole.
    respondent_family_name         TEXT    NOT NULL,
    respondent_given_names         TEXT    NOT NULL,
    respondent_date_of_birth       TEXT    NOT NULL,
    -- The interim order that this full order takes the place of.
    replaces_order_id              TEXT,
    issued_at                      INTEGER NOT NULL,
    -- The order as JSON with its digest, and the acknowledged warnings as a JSON array.
    facts                          TEXT    NOT NULL,
    facts_sha256                   BLOB    NOT NULL CHECK (length(facts_sha256) = 32),
    acknowledged                   TEXT    NOT NULL,
    PRIMARY KEY (order_id, version)
) STRICT;

CREATE INDEX order_version_by_case ON order_version (case_reference);
CREATE INDEX order_version_by_respondent
    ON order_version (respondent_family_name, respondent_date_of_birth);
CREATE INDEX order_version_by_birth ON order_version (respondent_date_of_birth);
CREATE INDEX order_version_by_end ON order_version (ends_on);
-- One order takes the place of another; its later versions say so again.
CREATE UNIQUE INDEX order_version_by_replaced
    ON order_version (replaces_order_id) WHERE replaces_order_id IS NOT NULL AND version = 1;

CREATE TABLE variation (
    id                TEXT    NOT NULL PRIMARY KEY,
    order_id          TEXT    NOT NULL,
    -- The version that the request is held against.
    expected_version  INTEGER NOT NULL,
    issued_at         INTEGER NOT NULL,
    facts             TEXT    NOT NULL,
    facts_sha256      BLOB    NOT NULL CHECK (length(facts_sha256) = 32),
    acknowledged      TEXT    NOT NULL,
    FOREIGN KEY (order_id, expected_version) REFERENCES order_version (order_id, version)
) STRICT;

CREATE INDEX variation_by_order ON variation (order_id, id);

-- What no document prints, apart from everything else, so that it can be sealed and granted apart.
-- The owner is an order (with the version that brought the values) or a variation request.
CREATE TABLE confidence (
    owner      TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    -- A to Z.
    reference  TEXT    NOT NULL,
    -- How the content is kept: plain.
    scheme     TEXT    NOT NULL CHECK (scheme IN ('plain')),
    content    BLOB    NOT NULL,
    PRIMARY KEY (owner, version, reference)
) STRICT;

CREATE TABLE necessity (
    owner    TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    scheme   TEXT    NOT NULL CHECK (scheme IN ('plain')),
    content  BLOB    NOT NULL,
    PRIMARY KEY (owner, version)
) STRICT;

CREATE TABLE document (
    id               TEXT    NOT NULL PRIMARY KEY,
    kind             TEXT    NOT NULL,
    audience         TEXT    NOT NULL,
    language         TEXT    NOT NULL,
    order_id         TEXT    NOT NULL,
    variation_id     TEXT    REFERENCES variation (id),
    version          INTEGER NOT NULL,
    edition          TEXT    NOT NULL,
    pages            INTEGER NOT NULL CHECK (pages >= 1),
    byte_count       INTEGER NOT NULL CHECK (byte_count >= 1),
    sha256           BLOB    NOT NULL CHECK (length(sha256) = 32),
    content_sha256   BLOB    NOT NULL CHECK (length(content_sha256) = 32),
    signature_level  TEXT    NOT NULL,
    signer           TEXT    NOT NULL,
    signed_at        INTEGER NOT NULL,
    issued_at        INTEGER NOT NULL,
    code             TEXT    NOT NULL,
    supersedes       TEXT    REFERENCES document (id),
    FOREIGN KEY (order_id, version) REFERENCES order_version (order_id, version)
) STRICT;

CREATE INDEX document_by_order ON document (order_id, id);
CREATE INDEX document_by_superseded ON document (supersedes) WHERE supersedes IS NOT NULL;

-- Apart from the row above, so that lists never read them.
CREATE TABLE document_bytes (
    document_id  TEXT NOT NULL PRIMARY KEY REFERENCES document (id),
    bytes        BLOB NOT NULL
) STRICT;

-- The first answer to each idempotency key of each caller.
CREATE TABLE answer (
    caller       TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    path         TEXT    NOT NULL,
    body_sha256  BLOB    NOT NULL CHECK (length(body_sha256) = 32),
    status       INTEGER NOT NULL,
    location     TEXT    NOT NULL,
    json         BLOB    NOT NULL,
    json_sha256  BLOB    NOT NULL CHECK (length(json_sha256) = 32),
    document_id  TEXT    NOT NULL REFERENCES document (id),
    PRIMARY KEY (caller, key)
) STRICT;

-- The audit trail holds no protected value and outlives what it speaks of, hence no foreign keys.
CREATE TABLE event (
    id           TEXT    NOT NULL PRIMARY KEY,
    at           INTEGER NOT NULL,
    what         TEXT    NOT NULL,
    who          TEXT    NOT NULL,
    order_id     TEXT,
    document_id  TEXT,
    request_id   TEXT    NOT NULL,
    detail       TEXT    NOT NULL
) STRICT;

CREATE INDEX event_by_order ON event (order_id, id) WHERE order_id IS NOT NULL;

CREATE TABLE api_key (
    sha256        BLOB    NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),
    name          TEXT    NOT NULL,
    -- A JSON array.
    roles         TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    last_used_at  INTEGER,
    revoked_at    INTEGER
) STRICT;

-- A name may come again once its key is revoked.
CREATE UNIQUE INDEX api_key_live_name ON api_key (name) WHERE revoked_at IS NULL;

CREATE TRIGGER order_version_stays BEFORE UPDATE ON order_version
    BEGIN SELECT RAISE(ABORT, 'an issued order never changes'); END;
CREATE TRIGGER variation_stays BEFORE UPDATE ON variation
    BEGIN SELECT RAISE(ABORT, 'a recorded request never changes'); END;
CREATE TRIGGER document_stays BEFORE UPDATE ON document
    BEGIN SELECT RAISE(ABORT, 'an issued document never changes'); END;
CREATE TRIGGER document_bytes_stay BEFORE UPDATE ON document_bytes
    BEGIN SELECT RAISE(ABORT, 'an issued document never changes'); END;
CREATE TRIGGER answer_stays BEFORE UPDATE ON answer
    BEGIN SELECT RAISE(ABORT, 'a remembered answer never changes'); END;
CREATE TRIGGER event_stays BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
