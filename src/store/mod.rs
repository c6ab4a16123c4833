//! What is kept, durably: orders, documents, answers, keys, the audit trail.
//!
//! One writing method is one transaction: all of it is on disk when it returns, or none of it is.
//!
//! Instants are kept to the microsecond. Confidential values stand in tables of their own.
//!
//! To add a query: a method of [`Store`], its SQL in each back-end, its test in
//! `tests/it/store.rs`.

pub mod sqlite;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::identity::{DocumentId, EventId, OrderId, VariationId};
use crate::domain::order::{Order, OrderKind, Undisclosed};
use crate::domain::variation::VariationRequest;

/// What a store call gives back.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer was first: the idempotency key or the version is taken. Nothing was written.
    #[error("another writer was first")]
    Conflict,
    /// The database can't be reached or is busy. Nothing was written.
    #[error("the database can't be reached")]
    Unavailable,
    /// The disk is full. Nothing was written.
    #[error("the disk is full")]
    Full,
    /// What is stored fails its own check; the bytes are not served.
    #[error("{table}.{column} of {id} fails its check")]
    Corrupt { table: &'static str, column: &'static str, id: String },
    /// The commit itself failed, or nobody was left to tell of it. Whether it was kept shows after
    /// the next start; then the same idempotency key may be sent again.
    #[error("the database did not confirm the commit")]
    Unconfirmed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database gave an error that names none of the above. Nothing was written.
    #[error("the database failed")]
    Driver(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why the store did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no database that we know.
    #[error("the database URL must read sqlite:PATH")]
    Url,
    /// The file or its folder can't be made or opened.
    #[error("{path} can't be used as the database")]
    File {
        path: PathBuf,
        #[source]
        cause: std::io::Error,
    },
    /// A setting on which durability rests was not taken.
    #[error("the database runs with {name} = {found} where {wanted} is needed")]
    Setting { name: &'static str, found: String, wanted: &'static str },
    /// A newer version of the service made the database.
    #[error("a newer version of this service made the database")]
    Newer,
    /// The database could not be brought to the newest form; it stands as it was.
    #[error("the database could not be brought to the form of this version")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database gave another error.
    #[error("the database could not be opened")]
    Driver(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl OpenError {
    fn driver(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Driver(Box::new(cause))
    }
}

/// Opens the store that a URL names; its scheme chooses the back-end. `sqlite:PATH` takes the path
/// as it stands.
///
/// # Errors
/// [`OpenError`] says what stands in the way.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, OpenError> {
    let path = url.strip_prefix("sqlite:").ok_or(OpenError::Url)?;
    let path = path.strip_prefix("//").unwrap_or(path);
    // A database in memory would forget what was issued; parameters would loosen what we set.
    if path.is_empty() || path.starts_with(':') || path.contains('?') {
        return Err(OpenError::Url);
    }
    Ok(Arc::new(sqlite::Sqlite::open(Path::new(path)).await?))
}

/// What every back-end keeps. All lists run by id, oldest first.
pub trait Store: Send + Sync {
    /// The remembered answer to this key of this caller.
    fn answer<'a>(&'a self, caller: &'a str, key: &'a str) -> Answer<'a, Option<RememberedAnswer>>;

    /// Saves version 1 of an order, its documents, the answer and the event in one transaction.
    fn save_order<'a>(&'a self, made: NewOrder<'a>) -> Answer<'a, ()>;

    /// Adds a document to a version of an order that is kept, with the answer and the event, in one
    /// transaction.
    fn save_document<'a>(&'a self, made: NewCopy<'a>) -> Answer<'a, ()>;

    /// Saves a variation request, its document, the answer and the event in one transaction.
    fn save_variation<'a>(&'a self, made: NewVariation<'a>) -> Answer<'a, ()>;

    /// The latest version of an order.
    fn order<'a>(&'a self, id: OrderId) -> Answer<'a, Option<StoredOrder>>;

    /// One version of an order, from 1.
    fn order_version<'a>(&'a self, id: OrderId, version: u32) -> Answer<'a, Option<StoredOrder>>;

    /// What is kept with the latest version and shown nowhere.
    fn undisclosed<'a>(&'a self, id: OrderId) -> Answer<'a, Option<Undisclosed>>;

    /// The full order that took this interim order's place. Stalking Protection Act 2019, s.5(6).
    fn replaced_by<'a>(&'a self, id: OrderId) -> Answer<'a, Option<OrderId>>;

    /// Latest versions that match the filter, after `after`, at most `limit`.
    fn orders<'a>(
        &'a self,
        filter: &'a OrderFilter,
        after: Option<OrderId>,
        limit: u32,
    ) -> Answer<'a, Vec<StoredOrder>>;

    /// A variation request.
    fn variation<'a>(&'a self, id: VariationId) -> Answer<'a, Option<StoredVariation>>;

    /// The documents of an order, of all its versions and requests.
    fn documents<'a>(&'a self, order: OrderId) -> Answer<'a, Vec<StoredDocument>>;

    /// One document without its bytes.
    fn document<'a>(&'a self, id: DocumentId) -> Answer<'a, Option<StoredDocument>>;

    /// The documents whose pages bear this code or these six words, as they are stored.
    fn documents_marked<'a>(&'a self, mark: &'a str) -> Answer<'a, Vec<StoredDocument>>;

    /// The bytes of a document's latest revision, their SHA-256 checked against the row.
    fn document_bytes<'a>(&'a self, id: DocumentId) -> Answer<'a, Option<Vec<u8>>>;

    /// The bytes of a document as it was first given out, checked likewise.
    fn first_bytes<'a>(&'a self, id: DocumentId) -> Answer<'a, Option<Vec<u8>>>;

    /// The document of which some revision has this SHA-256, or whose seal covers bytes of this
    /// SHA-256, with the revision's number; the whole file is asked for first.
    fn document_by_digest<'a>(&'a self, sha256: &'a [u8; 32]) -> Answer<'a, Option<Matched>>;

    /// Signatures that wait for evidence, those due at `now`, the longest due first.
    fn evidence_due<'a>(&'a self, now: Timestamp, limit: u32) -> Answer<'a, Vec<EvidenceDue>>;

    /// How many signatures wait for a timestamp or for long-term evidence that is due, and since
    /// when the longest.
    fn evidence_behind<'a>(&'a self, now: Timestamp) -> Answer<'a, EvidenceBehind>;

    /// Adds a revision with its event, and what the document waits for next, in one transaction;
    /// [`StoreError::Conflict`] where that revision is there.
    fn add_revision<'a>(&'a self, made: NewRevision<'a>) -> Answer<'a, ()>;

    /// Notes that a try failed, and when the next is due.
    fn postpone_evidence<'a>(&'a self, due: &'a EvidenceDue) -> Answer<'a, ()>;

    /// The editions in which documents were issued, by name, each with the digest of its words as
    /// it was then.
    fn editions(&self) -> Answer<'_, Vec<(String, [u8; 32])>>;

    /// The audit trail of an order.
    fn events<'a>(&'a self, order: OrderId) -> Answer<'a, Vec<Event>>;

    /// Adds an event that comes with no other writing (a read of protected data).
    fn record<'a>(&'a self, event: &'a Event) -> Answer<'a, ()>;

    /// Keeps a new API key and its event in one transaction.
    fn add_api_key<'a>(&'a self, key: &'a ApiKey, event: &'a Event) -> Answer<'a, ()>;

    /// All API keys.
    fn api_keys<'a>(&'a self) -> Answer<'a, Vec<ApiKey>>;

    /// The API key of this hash.
    fn api_key<'a>(&'a self, sha256: &'a [u8; 32]) -> Answer<'a, Option<ApiKey>>;

    /// Notes that a key was used; kept to the minute. An unknown key is no error.
    fn touch_api_key<'a>(&'a self, sha256: &'a [u8; 32], at: Timestamp) -> Answer<'a, ()>;

    /// Revokes a key by name at the event's instant, both in one transaction; false and no event
    /// where no live key has it.
    fn revoke_api_key<'a>(&'a self, name: &'a str, event: &'a Event) -> Answer<'a, bool>;

    /// The instant of the newest document; none where there is none.
    fn last_issued<'a>(&'a self) -> Answer<'a, Option<Timestamp>>;

    /// Asks the database for a sign of life and for its durable settings.
    fn check<'a>(&'a self) -> Answer<'a, ()>;
}

/// The answer to a creating POST, kept as long as the order. Contract section 1, idempotency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedAnswer {
    pub caller: String,
    pub key: String,
    /// Path of the request.
    pub path: String,
    /// SHA-256 of the request's body.
    pub body_sha256: [u8; 32],
    /// HTTP status of the answer.
    pub status: u16,
    /// Path of what was made (`Location`).
    pub location: String,
    /// The JSON form of the answer, byte for byte.
    pub json: Vec<u8>,
    /// Whose bytes are the PDF form of the answer.
    pub document: DocumentId,
}

/// Everything that one issue writes.
#[derive(Debug)]
pub struct NewOrder<'a> {
    pub id: OrderId,
    pub order: &'a Order,
    pub undisclosed: &'a Undisclosed,
    /// Acknowledged warnings, as a JSON array.
    pub acknowledged: &'a serde_json::Value,
    pub issued_at: Timestamp,
    pub edition: &'a str,
    pub documents: Vec<NewDocument<'a>>,
    pub answer: Option<RememberedAnswer>,
    pub event: Event,
}

/// Everything that one variation request writes.
#[derive(Debug)]
pub struct NewVariation<'a> {
    pub id: VariationId,
    pub request: &'a VariationRequest,
    pub undisclosed: &'a Undisclosed,
    pub acknowledged: &'a serde_json::Value,
    pub issued_at: Timestamp,
    pub documents: Vec<NewDocument<'a>>,
    pub answer: Option<RememberedAnswer>,
    pub event: Event,
}

/// Everything that one copy of an order writes.
#[derive(Debug)]
pub struct NewCopy<'a> {
    pub document: NewDocument<'a>,
    pub answer: Option<RememberedAnswer>,
    pub event: Event,
}

/// A document with its bytes.
#[derive(Debug)]
pub struct NewDocument<'a> {
    pub document: StoredDocument,
    /// What its signature still waits for.
    pub due: Option<EvidenceDue>,
    /// Of every word that the document's edition can print.
    pub edition_sha256: [u8; 32],
    pub bytes: &'a [u8],
}

/// A later revision of a document: the same seal with more evidence.
#[derive(Debug)]
pub struct NewRevision<'a> {
    pub document: DocumentId,
    /// From 1, each one more than the last.
    pub revision: u32,
    pub signature_level: &'a str,
    pub timestamp: Option<Timestamp>,
    pub made_at: Timestamp,
    pub sha256: [u8; 32],
    pub bytes: &'a [u8],
    /// What it waits for next.
    pub due: Option<EvidenceDue>,
    pub event: Event,
}

/// What a document's signature waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceDue {
    pub document: DocumentId,
    /// The level to reach, or to keep: `B-T`, `B-LT`, `B-LTA`.
    pub wanted: String,
    pub due_at: Timestamp,
    /// Tries that failed since the last that did not.
    pub tries: u32,
    /// Why the last failed.
    pub failure: Option<String>,
}

/// Signatures whose evidence is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EvidenceBehind {
    /// That have no timestamp though one is wanted.
    pub without_timestamp: u64,
    /// All whose evidence is due, those included.
    pub due: u64,
    /// When the longest was due.
    pub since: Option<Timestamp>,
}

/// A document that was found by a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    pub document: StoredDocument,
    /// The revision whose bytes have the digest, 0 for the document as issued; none where the seal
    /// covers what has it.
    pub revision: Option<u32>,
}

/// One version of an order as kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredOrder {
    pub id: OrderId,
    pub version: u32,
    pub order: Order,
    pub acknowledged: serde_json::Value,
    pub issued_at: Timestamp,
    pub edition: String,
}

/// A variation request as kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVariation {
    pub id: VariationId,
    pub request: VariationRequest,
    pub acknowledged: serde_json::Value,
    pub issued_at: Timestamp,
}

/// What is known of a document beside its bytes. Contract section 3a.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDocument {
    pub id: DocumentId,
    /// `interim_order`, `full_order`, `variation_request`: contract section 5.
    pub kind: String,
    pub audience: String,
    pub language: String,
    /// The letter of the protected person for whom it is, where it is for one.
    pub person: Option<char>,
    pub paper: Paper,
    pub order_id: OrderId,
    pub variation_id: Option<VariationId>,
    pub version: u32,
    pub edition: String,
    pub pages: u32,
    /// Size and digest of the latest revision.
    pub bytes: u64,
    pub sha256: [u8; 32],
    /// Of what the seal covers, the same in each revision. None where it was not kept yet.
    pub signed_sha256: Option<[u8; 32]>,
    pub content_sha256: [u8; 32],
    /// What the order says: common to the order and all its copies. None for a request to vary.
    pub order_content_sha256: Option<[u8; 32]>,
    /// That of the latest revision: `B-B`, `B-T`, `B-LT`, `B-LTA`.
    pub signature_level: String,
    /// The time that the seal's timestamp proves.
    pub timestamp: Option<Timestamp>,
    /// The latest revision; 0: as issued.
    pub revision: u32,
    /// The level that it is to reach, where it has not.
    pub wanted_level: Option<String>,
    /// It is not given out before its timestamp stands.
    pub held: bool,
    /// The signing certificate's common name.
    pub signer: String,
    pub signed_at: Timestamp,
    pub issued_at: Timestamp,
    /// The short code printed on each page.
    pub code: String,
    /// The six words printed on each page; empty where none are.
    pub words: String,
    pub supersedes: Option<DocumentId>,
    pub superseded_by: Option<DocumentId>,
}

/// In which form a document was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paper {
    pub large_print: bool,
    pub even_pages: bool,
    pub address_window: bool,
}

/// One line of the audit trail. It holds no protected value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub at: Timestamp,
    /// `order.issued`, `document.made`, `variation.requested`, `order.read`, `api_key.created` …
    pub what: String,
    /// Name of the API key, or `command-line`.
    pub who: String,
    pub order_id: Option<OrderId>,
    pub document_id: Option<DocumentId>,
    /// The request's id.
    pub request_id: String,
    /// Digests and counts as JSON, no words from the request.
    pub detail: serde_json::Value,
}

/// An API key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub name: String,
    pub sha256: [u8; 32],
    /// Roles of contract section 2.
    pub roles: Vec<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// Which orders to list. Contract section 2; a search adds the last three.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    pub kind: Option<OrderKind>,
    /// Orders that are in force on this day (London), or the reverse: made by then, not ended
    /// before, and not replaced by a full order made by then.
    pub in_force_on: Option<(Date, bool)>,
    /// Orders whose place a full order took while they ran, or the others.
    pub replaced: Option<bool>,
    pub court: Option<String>,
    pub force: Option<String>,
    pub made_from: Option<Date>,
    pub made_to: Option<Date>,
    pub ends_before: Option<Date>,
    pub edition: Option<String>,
    pub case_reference: Option<String>,
    /// Compared after case folding, whole.
    pub respondent_family_name: Option<String>,
    pub respondent_given_names: Option<String>,
    pub respondent_date_of_birth: Option<Date>,
}
