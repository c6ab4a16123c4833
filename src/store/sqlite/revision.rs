//! Later revisions of documents, and the signatures that wait for one.

use jiff::Timestamp;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use super::reading::{document, failed};
use super::row::Kept;
use super::statement::{Statement, event};
use crate::domain::identity::DocumentId;
use crate::store::{EvidenceBehind, EvidenceDue, Matched, NewRevision, StoreError};

/// See [`crate::store::Store::document_bytes`].
pub(super) async fn latest_bytes(
    readers: &SqlitePool,
    id: DocumentId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT r.sha256, b.bytes FROM document_revision r
        LEFT JOIN document_revision_bytes b USING (document_id, revision)
        WHERE r.document_id = $1 ORDER BY r.revision DESC LIMIT 1";
    let found = sqlx::query(sql).bind(id.to_string()).fetch_optional(readers).await;
    match found.map_err(failed)? {
        Some(row) => checked(&row, "document_revision_bytes", id).map(Some),
        None => issued_bytes(readers, id).await,
    }
}

/// See [`crate::store::Store::first_bytes`]. A document that was held was first given out with its
/// timestamp.
pub(super) async fn first_bytes(
    readers: &SqlitePool,
    id: DocumentId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT r.sha256, b.bytes FROM document d
        JOIN document_revision r ON r.document_id = d.id AND r.revision = 1
        LEFT JOIN document_revision_bytes b USING (document_id, revision)
        WHERE d.id = $1 AND d.held = 1";
    let found = sqlx::query(sql).bind(id.to_string()).fetch_optional(readers).await;
    match found.map_err(failed)? {
        Some(row) => checked(&row, "document_revision_bytes", id).map(Some),
        None => issued_bytes(readers, id).await,
    }
}

async fn issued_bytes(readers: &SqlitePool, id: DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT d.sha256, b.bytes FROM document d
        LEFT JOIN document_bytes b ON b.document_id = d.id WHERE d.id = $1";
    let found = sqlx::query(sql).bind(id.to_string()).fetch_optional(readers).await;
    found.map_err(failed)?.map(|row| checked(&row, "document_bytes", id)).transpose()
}

fn checked(row: &SqliteRow, table: &'static str, id: DocumentId) -> Result<Vec<u8>, StoreError> {
    let row = Kept { row, table, id: id.to_string() };
    let bytes: Vec<u8> = row.plain("bytes")?;
    row.check("bytes", &bytes, "sha256")?;
    Ok(bytes)
}

/// See [`crate::store::Store::document_by_digest`].
pub(super) async fn by_digest(
    readers: &SqlitePool,
    sha256: &[u8; 32],
) -> Result<Option<Matched>, StoreError> {
    let sql = "SELECT id, 0 AS revision, 0 AS rank FROM document WHERE sha256 = $1
        UNION ALL
        SELECT document_id, revision, 0 FROM document_revision WHERE sha256 = $1
        UNION ALL
        SELECT id, NULL, 1 FROM document WHERE signed_sha256 = $1
        ORDER BY rank, id LIMIT 1";
    let found = sqlx::query(sql).bind(sha256.as_slice()).fetch_optional(readers).await;
    let Some(row) = found.map_err(failed)? else {
        return Ok(None);
    };
    let row = Kept::naming_itself(&row, "document", "id")?;
    let (id, revision) = (row.parsed("id")?, row.plain("revision")?);
    Ok(document(readers, id).await?.map(|document| Matched { document, revision }))
}

/// See [`crate::store::Store::evidence_due`].
pub(super) async fn due(
    readers: &SqlitePool,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<EvidenceDue>, StoreError> {
    let sql = "SELECT document_id, wanted, due_at, tries, failure FROM evidence_due
        WHERE due_at <= $1 ORDER BY due_at, document_id LIMIT $2";
    let rows = sqlx::query(sql).bind(now.as_microsecond()).bind(limit).fetch_all(readers).await;
    rows.map_err(failed)?.iter().map(read_due).collect()
}

fn read_due(row: &SqliteRow) -> Result<EvidenceDue, StoreError> {
    let row = Kept::naming_itself(row, "evidence_due", "document_id")?;
    Ok(EvidenceDue {
        document: row.parsed("document_id")?,
        wanted: row.plain("wanted")?,
        due_at: row.instant("due_at")?,
        tries: row.plain("tries")?,
        failure: row.plain("failure")?,
    })
}

/// See [`crate::store::Store::evidence_behind`].
pub(super) async fn behind(
    readers: &SqlitePool,
    now: Timestamp,
) -> Result<EvidenceBehind, StoreError> {
    let sql = "SELECT coalesce(sum(e.due_at <= $1 OR e.tries > 0), 0) AS due,
            min(CASE WHEN e.due_at <= $1 OR e.tries > 0 THEN e.due_at END) AS since,
            coalesce(sum(d.timestamp_at IS NULL AND NOT EXISTS (SELECT 1 FROM document_revision r
                WHERE r.document_id = d.id AND r.timestamp_at IS NOT NULL)), 0) AS bare
        FROM evidence_due e JOIN document d ON d.id = e.document_id";
    let row = sqlx::query(sql).bind(now.as_microsecond()).fetch_one(readers).await;
    let row = row.map_err(failed)?;
    let row = Kept { row: &row, table: "evidence_due", id: String::new() };
    let count = |column| u64::try_from(row.plain::<i64>(column)?).map_err(|_| row.corrupt(column));
    Ok(EvidenceBehind {
        without_timestamp: count("bare")?,
        due: count("due")?,
        since: row.instant_if_any("since")?,
    })
}

/// All that one revision writes.
pub(super) fn adding(made: &NewRevision<'_>) -> Vec<Statement> {
    let id = made.document.to_string();
    let row = Statement::new(
        "INSERT INTO document_revision (document_id, revision, signature_level, timestamp_at,
            made_at, byte_count, sha256)
        VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.clone())
    .bind(made.revision)
    .bind(made.signature_level.to_owned())
    .bind(made.timestamp.map(Timestamp::as_microsecond))
    .bind(made.made_at.as_microsecond())
    .bind(i64::try_from(made.bytes.len()).unwrap_or(i64::MAX))
    .bind(made.sha256.to_vec());
    let bytes = Statement::new(
        "INSERT INTO document_revision_bytes (document_id, revision, bytes) VALUES ($1, $2, $3)",
    )
    .bind(id.clone())
    .bind(made.revision)
    .bind(made.bytes.to_vec());
    let done = Statement::new("DELETE FROM evidence_due WHERE document_id = $1").bind(id);
    let mut statements = vec![row, bytes, done];
    statements.extend(made.due.as_ref().map(waiting));
    statements.push(event(&made.event));
    statements
}

/// What a document waits for.
pub(super) fn waiting(due: &EvidenceDue) -> Statement {
    Statement::new(
        "INSERT INTO evidence_due (document_id, wanted, due_at, tries, failure)
        VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(due.document.to_string())
    .bind(due.wanted.clone())
    .bind(due.due_at.as_microsecond())
    .bind(due.tries)
    .bind(due.failure.clone())
}

/// Another time for what is still waited for.
pub(super) fn postponing(due: &EvidenceDue) -> Statement {
    Statement::new(
        // Another process may have done the work since: its row says so by its tries.
        "UPDATE evidence_due SET due_at = $2, tries = $3, failure = $4
        WHERE document_id = $1 AND wanted = $5 AND tries = $3 - 1",
    )
    .bind(due.document.to_string())
    .bind(due.due_at.as_microsecond())
    .bind(due.tries)
    .bind(due.failure.clone())
    .bind(due.wanted.clone())
}
