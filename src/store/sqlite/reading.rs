//! The queries, each one statement, so that what it gives is of one instant.

use jiff::Timestamp;
use sqlx::query_builder::QueryBuilder;
use sqlx::sqlite::{Sqlite, SqlitePool};

use super::row::{
    Kept, Values, folded, kind_name, read_document, read_edition, read_event, read_issued,
    read_key, read_order,
};
use super::writer::Fault;
use crate::domain::identity::{DocumentId, OrderId, VariationId};
use crate::domain::order::Undisclosed;
use crate::domain::sensitive::Sensitive;
use crate::domain::term::TermNumber;
use crate::store::{
    ApiKey, Event, OrderFilter, RememberedAnswer, StoreError, StoredDocument, StoredOrder,
    StoredVariation,
};

/// See [`crate::store::Store::answer`].
pub(super) async fn answer(
    readers: &SqlitePool,
    caller: &str,
    key: &str,
) -> Result<Option<RememberedAnswer>, StoreError> {
    let sql = "SELECT path, body_sha256, status, location, json, json_sha256, document_id
        FROM answer WHERE caller = $1 AND key = $2";
    let found = sqlx::query(sql).bind(caller).bind(key).fetch_optional(readers).await;
    let Some(row) = found.map_err(failed)? else {
        return Ok(None);
    };
    let row = Kept { row: &row, table: "answer", id: format!("{caller}/{key}") };
    let json: Vec<u8> = row.plain("json")?;
    row.check("json", &json, "json_sha256")?;
    Ok(Some(RememberedAnswer {
        caller: caller.to_owned(),
        key: key.to_owned(),
        path: row.plain("path")?,
        body_sha256: row.digest("body_sha256")?,
        status: row.plain("status")?,
        location: row.plain("location")?,
        json,
        document: row.parsed("document_id")?,
    }))
}

/// One version of an order, the latest where none is named.
pub(super) async fn order(
    readers: &SqlitePool,
    id: OrderId,
    version: Option<u32>,
) -> Result<Option<StoredOrder>, StoreError> {
    let sql = "SELECT order_id, version, facts, facts_sha256, acknowledged, issued_at, edition
        FROM order_version WHERE order_id = $1 AND version = coalesce($2, version)
        ORDER BY version DESC LIMIT 1";
    let found = sqlx::query(sql).bind(id.to_string()).bind(version).fetch_optional(readers).await;
    found.map_err(failed)?.as_ref().map(read_order).transpose()
}

/// See [`crate::store::Store::undisclosed`].
pub(super) async fn undisclosed(
    readers: &SqlitePool,
    id: OrderId,
) -> Result<Option<Undisclosed>, StoreError> {
    let sql = "WITH latest (owner, version) AS (
            SELECT order_id, max(version) FROM order_version WHERE order_id = $1 GROUP BY order_id)
        SELECT '' AS reference, content FROM latest JOIN necessity USING (owner, version)
        UNION ALL
        SELECT reference, content FROM latest JOIN confidence USING (owner, version)
        ORDER BY reference";
    let rows = sqlx::query(sql).bind(id.to_string()).fetch_all(readers).await.map_err(failed)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut undisclosed = Undisclosed::default();
    for row in &rows {
        let row = Kept { row, table: "confidence", id: id.to_string() };
        let reference: String = row.plain("reference")?;
        let content: Vec<u8> = row.plain("content")?;
        let corrupt = |_| row.corrupt("content");
        match reference.chars().next() {
            None => {
                let all: Vec<(TermNumber, String)> =
                    serde_json::from_slice(&content).map_err(corrupt)?;
                let sealed = all.into_iter().map(|(number, why)| (number, Sensitive::new(why)));
                undisclosed.necessity = sealed.collect();
            }
            Some(reference) => {
                let values: Values = serde_json::from_slice(&content).map_err(corrupt)?;
                undisclosed.persons.push(values.of(reference));
            }
        }
    }
    Ok(Some(undisclosed))
}

/// See [`crate::store::Store::replaced_by`].
pub(super) async fn replaced_by(
    readers: &SqlitePool,
    id: OrderId,
) -> Result<Option<OrderId>, StoreError> {
    let sql = "SELECT order_id FROM order_version WHERE replaces_order_id = $1
        AND version = 1";
    let found = sqlx::query(sql).bind(id.to_string()).fetch_optional(readers).await;
    let found = found.map_err(failed)?;
    let read = |row| Kept { row, table: "order_version", id: id.to_string() }.parsed("order_id");
    found.as_ref().map(read).transpose()
}

/// See [`crate::store::Store::orders`].
pub(super) async fn orders(
    readers: &SqlitePool,
    filter: &OrderFilter,
    after: Option<OrderId>,
    limit: u32,
) -> Result<Vec<StoredOrder>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT order_id, version, facts, facts_sha256, acknowledged, issued_at, edition
        FROM order_version o WHERE NOT EXISTS (SELECT 1 FROM order_version later
            WHERE later.order_id = o.order_id AND later.version > o.version)",
    );
    narrow(&mut query, filter);
    if let Some(after) = after {
        query.push(" AND o.order_id > ").push_bind(after.to_string());
    }
    query.push(" ORDER BY o.order_id LIMIT ").push_bind(limit);
    let rows = query.build().fetch_all(readers).await.map_err(failed)?;
    rows.iter().map(read_order).collect()
}

/// Adds the conditions of a filter.
fn narrow(query: &mut QueryBuilder<Sqlite>, filter: &OrderFilter) {
    let respondent = [&filter.respondent_family_name, &filter.respondent_given_names]
        .map(|name| name.as_deref().map(folded));
    let [family_name, given_names] = respondent;
    let conditions = [
        ("o.kind = ", filter.kind.map(|kind| kind_name(kind).to_owned())),
        ("o.court_code = ", filter.court.clone()),
        ("o.force_code = ", filter.force.clone()),
        ("o.made_on >= ", filter.made_from.map(|day| day.to_string())),
        ("o.made_on <= ", filter.made_to.map(|day| day.to_string())),
        ("o.ends_on < ", filter.ends_before.map(|day| day.to_string())),
        ("o.edition = ", filter.edition.clone()),
        ("o.case_reference = ", filter.case_reference.clone()),
        ("o.respondent_family_name = ", family_name),
        ("o.respondent_given_names = ", given_names),
        ("o.respondent_date_of_birth = ", filter.respondent_date_of_birth.map(|d| d.to_string())),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            query.push(" AND ").push(condition).push_bind(value);
        }
    }
    if let Some((day, in_force)) = filter.in_force_on {
        let day = day.to_string();
        query.push(if in_force { " AND (" } else { " AND NOT (" });
        query.push("o.made_on <= ").push_bind(day.clone());
        query.push(" AND coalesce(o.ends_on >= ").push_bind(day.clone()).push(", TRUE)");
        query.push(" AND NOT EXISTS (SELECT 1 FROM order_version next");
        query.push(
            " WHERE next.replaces_order_id = o.order_id AND next.version = 1 AND next.made_on <= ",
        );
        query.push_bind(day).push("))");
    }
    if let Some(replaced) = filter.replaced {
        query.push(if replaced { " AND EXISTS " } else { " AND NOT EXISTS " });
        query.push("(SELECT 1 FROM order_version next WHERE next.replaces_order_id = o.order_id");
        query.push(" AND coalesce(next.made_on <= o.ends_on, TRUE))");
    }
}

/// See [`crate::store::Store::variation`].
pub(super) async fn variation(
    readers: &SqlitePool,
    id: VariationId,
) -> Result<Option<StoredVariation>, StoreError> {
    let sql = "SELECT facts, facts_sha256, acknowledged, issued_at FROM variation WHERE id = $1";
    let found = sqlx::query(sql).bind(id.to_string()).fetch_optional(readers).await;
    let Some(row) = found.map_err(failed)? else {
        return Ok(None);
    };
    let row = Kept { row: &row, table: "variation", id: id.to_string() };
    Ok(Some(StoredVariation {
        id,
        request: row.facts()?,
        acknowledged: row.json("acknowledged")?,
        issued_at: row.instant("issued_at")?,
    }))
}

/// See [`crate::store::Store::documents`].
pub(super) async fn documents(
    readers: &SqlitePool,
    order: OrderId,
) -> Result<Vec<StoredDocument>, StoreError> {
    let sql = concat!(document_columns!(), " WHERE d.order_id = $1 ORDER BY d.id");
    let rows = sqlx::query(sql).bind(order.to_string()).fetch_all(readers).await;
    rows.map_err(failed)?.iter().map(read_document).collect()
}

/// See [`crate::store::Store::document`].
pub(super) async fn document(
    readers: &SqlitePool,
    id: DocumentId,
) -> Result<Option<StoredDocument>, StoreError> {
    let sql = concat!(document_columns!(), " WHERE d.id = $1");
    let found = sqlx::query(sql).bind(id.to_string()).fetch_optional(readers).await;
    found.map_err(failed)?.as_ref().map(read_document).transpose()
}

/// See [`crate::store::Store::documents_marked`].
pub(super) async fn documents_marked(
    readers: &SqlitePool,
    mark: &str,
) -> Result<Vec<StoredDocument>, StoreError> {
    let sql = concat!(
        document_columns!(),
        " WHERE d.code = $1 OR d.words = $1 AND d.words <> '' ORDER BY d.id"
    );
    let rows = sqlx::query(sql).bind(mark).fetch_all(readers).await;
    rows.map_err(failed)?.iter().map(read_document).collect()
}

/// See [`crate::store::Store::events`].
pub(super) async fn events(readers: &SqlitePool, order: OrderId) -> Result<Vec<Event>, StoreError> {
    let sql = "SELECT id, at, what, who, order_id, document_id, request_id, detail
        FROM event WHERE order_id = $1 ORDER BY id";
    let rows = sqlx::query(sql).bind(order.to_string()).fetch_all(readers).await;
    rows.map_err(failed)?.iter().map(read_event).collect()
}

/// See [`crate::store::Store::editions`].
pub(super) async fn editions(readers: &SqlitePool) -> Result<Vec<(String, [u8; 32])>, StoreError> {
    let sql = "SELECT name, sha256 FROM edition ORDER BY name";
    let rows = sqlx::query(sql).fetch_all(readers).await.map_err(failed)?;
    rows.iter().map(read_edition).collect()
}

/// See [`crate::store::Store::last_issued`]. Ids run by time.
pub(super) async fn last_issued(readers: &SqlitePool) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT id, issued_at FROM document ORDER BY id DESC LIMIT 1";
    let row = sqlx::query(sql).fetch_optional(readers).await.map_err(failed)?;
    row.map(|row| read_issued(&row)).transpose()
}

/// See [`crate::store::Store::api_keys`].
pub(super) async fn api_keys(readers: &SqlitePool) -> Result<Vec<ApiKey>, StoreError> {
    let sql = concat!(key_columns!(), " ORDER BY created_at, sha256");
    let rows = sqlx::query(sql).fetch_all(readers).await.map_err(failed)?;
    rows.iter().map(read_key).collect()
}

/// See [`crate::store::Store::api_key`].
pub(super) async fn api_key(
    readers: &SqlitePool,
    sha256: &[u8; 32],
) -> Result<Option<ApiKey>, StoreError> {
    let sql = concat!(key_columns!(), " WHERE sha256 = $1");
    let found = sqlx::query(sql).bind(sha256.as_slice()).fetch_optional(readers).await;
    found.map_err(failed)?.as_ref().map(read_key).transpose()
}

/// Whether the readers answer.
pub(super) async fn sign_of_life(readers: &SqlitePool) -> Result<(), StoreError> {
    sqlx::query("SELECT 1").execute(readers).await.map(drop).map_err(failed)
}

pub(super) fn failed(error: sqlx::Error) -> StoreError {
    Fault::of(&error).into()
}

/// The beginning of a query for documents `d`, each with its latest revision `r`.
macro_rules! document_columns {
    () => {
        "SELECT d.*, (SELECT min(s.id) FROM document s WHERE s.supersedes = d.id) AS superseded_by,
            coalesce(r.revision, 0) AS revision, r.sha256 AS revised_sha256,
            r.byte_count AS revised_byte_count, r.signature_level AS revised_level,
            r.timestamp_at AS revised_timestamp_at, e.wanted
        FROM document d
        LEFT JOIN document_revision r ON r.document_id = d.id AND r.revision =
            (SELECT max(revision) FROM document_revision WHERE document_id = d.id)
        LEFT JOIN evidence_due e ON e.document_id = d.id"
    };
}
use document_columns;

/// The beginning of a query for API keys.
macro_rules! key_columns {
    () => {
        "SELECT sha256, name, roles, created_at, expires_at, last_used_at, revoked_at FROM api_key"
    };
}
use key_columns;
