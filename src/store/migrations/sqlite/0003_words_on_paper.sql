-- The six words on each page of a document; empty where it was made before there were any. Papers
-- are looked up by their code and by their words.
ALTER TABLE document ADD COLUMN words TEXT NOT NULL DEFAULT '';
CREATE INDEX document_by_code ON document (code);
CREATE INDEX document_by_words ON document (words);
