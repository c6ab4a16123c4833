-- Copies of an order for other readers: for whom, in which form, and what ties them to the order.

-- A to Z: the protected person for whom a document is.
ALTER TABLE document ADD COLUMN person TEXT;
ALTER TABLE document ADD COLUMN large_print INTEGER NOT NULL DEFAULT 0
    CHECK (large_print IN (0, 1));
ALTER TABLE document ADD COLUMN even_pages INTEGER NOT NULL DEFAULT 0
    CHECK (even_pages IN (0, 1));
ALTER TABLE document ADD COLUMN address_window INTEGER NOT NULL DEFAULT 0
    CHECK (address_window IN (0, 1));
-- What the order says, common to it and all its copies; NULL where a document is of no order's
-- words.
ALTER TABLE document ADD COLUMN order_content_sha256 BLOB
    CHECK (order_content_sha256 IS NULL OR length(order_content_sha256) = 32);

-- An order that was issued before this had copies has its own digest; issued rows change for
-- nothing else.
DROP TRIGGER document_stays;
UPDATE document SET order_content_sha256 = content_sha256
    WHERE kind IN ('interim_order', 'full_order');
CREATE TRIGGER document_stays BEFORE UPDATE ON document
    BEGIN SELECT RAISE(ABORT, 'an issued document never changes'); END;
