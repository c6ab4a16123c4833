-- The editions in which documents were issued, each with the digest of every word that it can
-- print. A row never changes: a document of the same edition with another digest is refused.
CREATE TABLE edition (
    name           TEXT    NOT NULL PRIMARY KEY,
    sha256         BLOB    NOT NULL CHECK (length(sha256) = 32),
    first_used_at  INTEGER NOT NULL
) STRICT;

CREATE TRIGGER edition_stays BEFORE UPDATE ON edition
    BEGIN SELECT RAISE(ABORT, 'an edition that was used never changes'); END;
CREATE TRIGGER edition_is_kept BEFORE DELETE ON edition
    BEGIN SELECT RAISE(ABORT, 'an edition that was used never changes'); END;
