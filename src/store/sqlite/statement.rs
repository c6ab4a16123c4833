//! Writings as statements with their values, made before the writer is asked: its time is the
//! scarce one.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{Arguments, Encode, Type};

use super::row::{folded, kind_name};
use super::writer::Fault;
use crate::digest::sha256;
use crate::domain::identity::OrderId;
use crate::domain::order::{Duration, Undisclosed};
use crate::domain::people::Confidences;
use crate::domain::sensitive::Sensitive;
use crate::store::{
    ApiKey, Event, NewCopy, NewDocument, NewOrder, NewVariation, RememberedAnswer, StoreError,
};

/// One statement with its values.
pub(super) struct Statement {
    sql: &'static str,
    /// None where a value could not be encoded.
    values: Option<SqliteArguments>,
}

impl Statement {
    pub(super) fn new(sql: &'static str) -> Self {
        Self { sql, values: Some(SqliteArguments::default()) }
    }

    pub(super) fn bind<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(mut self, value: T) -> Self {
        self.values = self.values.and_then(|mut values| {
            Arguments::add(&mut values, value).ok()?;
            Some(values)
        });
        self
    }

    /// The statement to execute.
    pub(super) fn query(&self) -> Result<Query<'_, Sqlite, SqliteArguments>, Fault> {
        let values = self.values.clone().ok_or(Fault::Other(0))?;
        Ok(sqlx::query_with(self.sql, values))
    }
}

/// All that one issue writes.
pub(super) fn order(made: &NewOrder<'_>) -> Result<Vec<Statement>, StoreError> {
    let owner = made.id.to_string();
    let mut statements = vec![order_version(made)?];
    undisclosed(&mut statements, &owner, made.undisclosed)?;
    documents(&mut statements, &made.documents);
    statements.extend(made.answer.as_ref().map(answer));
    statements.push(event(&made.event));
    Ok(statements)
}

/// All that one copy of an order writes.
pub(super) fn copy(made: &NewCopy<'_>) -> Vec<Statement> {
    let mut statements = Vec::new();
    documents(&mut statements, std::slice::from_ref(&made.document));
    statements.extend(made.answer.as_ref().map(answer));
    statements.push(event(&made.event));
    statements
}

/// All that one variation request writes.
pub(super) fn variation(made: &NewVariation<'_>) -> Result<Vec<Statement>, StoreError> {
    let owner = made.id.to_string();
    let facts = json(made.request)?;
    let row = Statement::new(
        "INSERT INTO variation (id, order_id, expected_version, issued_at, facts, facts_sha256,
            acknowledged)
        VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(owner.clone())
    .bind(made.request.order_id.to_string())
    .bind(made.request.expected_version)
    .bind(made.issued_at.as_microsecond())
    .bind(facts.clone())
    .bind(sha256(facts.as_bytes()).to_vec())
    .bind(json(made.acknowledged)?);
    let mut statements = vec![row];
    undisclosed(&mut statements, &owner, made.undisclosed)?;
    documents(&mut statements, &made.documents);
    statements.extend(made.answer.as_ref().map(answer));
    statements.push(event(&made.event));
    Ok(statements)
}

/// A line of the audit trail.
pub(super) fn event(event: &Event) -> Statement {
    bound(
        event,
        "INSERT INTO event (id, at, what, who, order_id, document_id, request_id, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
}

/// A line of the audit trail, where a live key has the name.
pub(super) fn revoking(name: &str, event: &Event) -> Statement {
    bound(
        event,
        "INSERT INTO event (id, at, what, who, order_id, document_id, request_id, detail)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8
        WHERE EXISTS (SELECT 1 FROM api_key WHERE name = $9 AND revoked_at IS NULL)",
    )
    .bind(name.to_owned())
}

fn bound(event: &Event, sql: &'static str) -> Statement {
    Statement::new(sql)
        .bind(event.id.to_string())
        .bind(event.at.as_microsecond())
        .bind(event.what.clone())
        .bind(event.who.clone())
        .bind(event.order_id.map(|id| id.to_string()))
        .bind(event.document_id.map(|id| id.to_string()))
        .bind(event.request_id.clone())
        .bind(event.detail.to_string())
}

/// A new API key.
pub(super) fn api_key(key: &ApiKey) -> Result<Statement, StoreError> {
    Ok(Statement::new(
        "INSERT INTO api_key (sha256, name, roles, created_at, expires_at, last_used_at,
            revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(key.sha256.to_vec())
    .bind(key.name.clone())
    .bind(json(&key.roles)?)
    .bind(key.created_at.as_microsecond())
    .bind(key.expires_at.as_microsecond())
    .bind(key.last_used_at.map(Timestamp::as_microsecond))
    .bind(key.revoked_at.map(Timestamp::as_microsecond)))
}

/// The last use of a key; it never moves back.
pub(super) fn touch(sha256: &[u8; 32], at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE api_key SET last_used_at = $2
        WHERE sha256 = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
    )
    .bind(sha256.to_vec())
    .bind(at.as_microsecond())
}

/// The end of a live key.
pub(super) fn revoke(name: &str, at: Timestamp) -> Statement {
    Statement::new("UPDATE api_key SET revoked_at = $2 WHERE name = $1 AND revoked_at IS NULL")
        .bind(name.to_owned())
        .bind(at.as_microsecond())
}

fn order_version(made: &NewOrder<'_>) -> Result<Statement, StoreError> {
    let order = made.order;
    let facts = json(order)?;
    let ends_on = match order.duration {
        Duration::Fixed { end_date } => Some(end_date.to_string()),
        Duration::UntilFurtherOrder => None,
    };
    let replaces = order.replaces_interim.as_ref().and_then(|interim| interim.order_id);
    Ok(Statement::new(
        "INSERT INTO order_version (order_id, version, kind, court_code, force_code, made_on,
            ends_on, edition, case_reference, respondent_family_name, respondent_given_names,
            respondent_date_of_birth, replaces_order_id, issued_at, facts, facts_sha256,
            acknowledged)
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(made.id.to_string())
    .bind(kind_name(order.kind))
    .bind(order.court.code.to_string())
    .bind(order.applicant.force.code.clone())
    .bind(order.made_on.to_string())
    .bind(ends_on)
    .bind(made.edition.to_owned())
    .bind(order.case.reference.to_string())
    .bind(folded(&order.respondent.family_name))
    .bind(folded(&order.respondent.given_names))
    .bind(order.respondent.date_of_birth.to_string())
    .bind(replaces.map(|id: OrderId| id.to_string()))
    .bind(made.issued_at.as_microsecond())
    .bind(facts.clone())
    .bind(sha256(facts.as_bytes()).to_vec())
    .bind(json(made.acknowledged)?))
}

fn undisclosed(
    statements: &mut Vec<Statement>,
    owner: &str,
    undisclosed: &Undisclosed,
) -> Result<(), StoreError> {
    for person in &undisclosed.persons {
        statements.push(
            Statement::new(
                "INSERT INTO confidence (owner, version, reference, scheme, content)
                VALUES ($1, 1, $2, 'plain', $3)",
            )
            .bind(owner.to_owned())
            .bind(person.reference.to_string())
            .bind(json(&confidences(person))?.into_bytes()),
        );
    }
    let necessity: Vec<_> = undisclosed
        .necessity
        .iter()
        .map(|(number, words)| (number.to_string(), words.reveal()))
        .collect();
    statements.push(
        Statement::new(
            "INSERT INTO necessity (owner, version, scheme, content) VALUES ($1, 1, 'plain', $2)",
        )
        .bind(owner.to_owned())
        .bind(json(&necessity)?.into_bytes()),
    );
    Ok(())
}

/// Confidential values on their way into the register.
#[derive(Serialize)]
struct Kept<'a> {
    hidden_name: Option<&'a str>,
    addresses: Vec<&'a str>,
    postcodes: Vec<&'a str>,
    phones: Vec<&'a str>,
    emails: Vec<&'a str>,
    places: Vec<&'a str>,
}

fn confidences(person: &Confidences) -> Kept<'_> {
    Kept {
        hidden_name: person.hidden_name.as_ref().map(Sensitive::reveal),
        addresses: revealed(&person.addresses),
        postcodes: revealed(&person.postcodes),
        phones: revealed(&person.phones),
        emails: revealed(&person.emails),
        places: revealed(&person.places),
    }
}

fn revealed(values: &[Sensitive]) -> Vec<&str> {
    values.iter().map(Sensitive::reveal).collect()
}

fn documents(statements: &mut Vec<Statement>, documents: &[NewDocument<'_>]) {
    for made in documents {
        statements.push(edition(made));
        statements.push(document(made));
        statements.push(
            Statement::new("INSERT INTO document_bytes (document_id, bytes) VALUES ($1, $2)")
                .bind(made.document.id.to_string())
                .bind(made.bytes.to_vec()),
        );
        statements.extend(made.due.as_ref().map(super::revision::waiting));
    }
}

/// Nothing where the edition stands with this digest; with another one its name clashes.
fn edition(made: &NewDocument<'_>) -> Statement {
    Statement::new(
        "INSERT INTO edition (name, sha256, first_used_at) SELECT $1, $2, $3
        WHERE NOT EXISTS (SELECT 1 FROM edition WHERE name = $1 AND sha256 = $2)",
    )
    .bind(made.document.edition.clone())
    .bind(made.edition_sha256.to_vec())
    .bind(made.document.issued_at.as_microsecond())
}

fn document(made: &NewDocument<'_>) -> Statement {
    let document = &made.document;
    Statement::new(
        "INSERT INTO document (id, kind, audience, language, order_id, variation_id, version,
            edition, pages, byte_count, sha256, content_sha256, signature_level, signer,
            signed_at, issued_at, code, supersedes, person, large_print, even_pages,
            address_window, order_content_sha256, words, signed_sha256, timestamp_at, held)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21, $22, $23, $24, $25, $26, $27)",
    )
    .bind(document.id.to_string())
    .bind(document.kind.clone())
    .bind(document.audience.clone())
    .bind(document.language.clone())
    .bind(document.order_id.to_string())
    .bind(document.variation_id.map(|id| id.to_string()))
    .bind(document.version)
    .bind(document.edition.clone())
    .bind(document.pages)
    .bind(i64::try_from(document.bytes).unwrap_or(i64::MAX))
    .bind(document.sha256.to_vec())
    .bind(document.content_sha256.to_vec())
    .bind(document.signature_level.clone())
    .bind(document.signer.clone())
    .bind(document.signed_at.as_microsecond())
    .bind(document.issued_at.as_microsecond())
    .bind(document.code.clone())
    .bind(document.supersedes.map(|id| id.to_string()))
    .bind(document.person.map(String::from))
    .bind(document.paper.large_print)
    .bind(document.paper.even_pages)
    .bind(document.paper.address_window)
    .bind(document.order_content_sha256.map(|digest| digest.to_vec()))
    .bind(document.words.clone())
    .bind(document.signed_sha256.map(|digest| digest.to_vec()))
    .bind(document.timestamp.map(Timestamp::as_microsecond))
    .bind(document.held)
}

fn answer(answer: &RememberedAnswer) -> Statement {
    Statement::new(
        "INSERT INTO answer (caller, key, path, body_sha256, status, location, json, json_sha256,
            document_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(answer.caller.clone())
    .bind(answer.key.clone())
    .bind(answer.path.clone())
    .bind(answer.body_sha256.to_vec())
    .bind(answer.status)
    .bind(answer.location.clone())
    .bind(answer.json.clone())
    .bind(sha256(&answer.json).to_vec())
    .bind(answer.document.to_string())
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::Driver(Box::new(cause)))
}
