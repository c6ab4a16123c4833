-- What was added to a signature after its document was issued: a timestamp in its place, answers on
-- revocation, document timestamps. Each is the whole file again; the one before it stays.

-- SHA-256 of all that the seal covers: one for every revision of a document. NULL: issued before
-- this was kept.
ALTER TABLE document ADD COLUMN signed_sha256 BLOB
    CHECK (signed_sha256 IS NULL OR length(signed_sha256) = 32);
-- The time that the seal's timestamp proves, where it has one.
ALTER TABLE document ADD COLUMN timestamp_at INTEGER;
-- It was not given out before its timestamp stood.
ALTER TABLE document ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));

CREATE INDEX document_by_sha256 ON document (sha256);
CREATE INDEX document_by_signed ON document (signed_sha256);

CREATE TABLE document_revision (
    document_id      TEXT    NOT NULL REFERENCES document (id),
    -- 0 is the document as issued.
    revision         INTEGER NOT NULL CHECK (revision >= 1),
    signature_level  TEXT    NOT NULL,
    timestamp_at     INTEGER,
    made_at          INTEGER NOT NULL,
    byte_count       INTEGER NOT NULL CHECK (byte_count >= 1),
    sha256           BLOB    NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (document_id, revision)
) STRICT;

CREATE INDEX document_revision_by_sha256 ON document_revision (sha256);

-- Apart from the row above, so that lists never read them.
CREATE TABLE document_revision_bytes (
    document_id  TEXT    NOT NULL,
    revision     INTEGER NOT NULL,
    bytes        BLOB    NOT NULL,
    PRIMARY KEY (document_id, revision),
    FOREIGN KEY (document_id, revision) REFERENCES document_revision (document_id, revision)
) STRICT;

CREATE TRIGGER document_revision_stays BEFORE UPDATE ON document_revision
    BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
CREATE TRIGGER document_revision_bytes_stay BEFORE UPDATE ON document_revision_bytes
    BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;

-- What a document's signature still waits for.
CREATE TABLE evidence_due (
    document_id  TEXT    NOT NULL PRIMARY KEY REFERENCES document (id),
    -- The level that it is to reach, or to keep.
    wanted       TEXT    NOT NULL,
    due_at       INTEGER NOT NULL,
    tries        INTEGER NOT NULL CHECK (tries >= 0),
    -- Why the last try failed; NULL where none did.
    failure      TEXT
) STRICT;

CREATE INDEX evidence_due_by_time ON evidence_due (due_at);
