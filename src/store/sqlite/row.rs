//! Rows as values. Each is held to its own check: what fails it is [`StoreError::Corrupt`] and is
//! never shown.

use std::str::FromStr;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row, Type};

use crate::digest::sha256;
use crate::domain::order::OrderKind;
use crate::domain::people::Confidences;
use crate::domain::sensitive::Sensitive;
use crate::store::{ApiKey, Event, Paper, StoreError, StoredDocument, StoredOrder};

/// A version of an order.
pub(super) fn read_order(row: &SqliteRow) -> Result<StoredOrder, StoreError> {
    let row = Kept::naming_itself(row, "order_version", "order_id")?;
    Ok(StoredOrder {
        id: row.parsed("order_id")?,
        version: row.plain("version")?,
        order: row.facts()?,
        acknowledged: row.json("acknowledged")?,
        issued_at: row.instant("issued_at")?,
        edition: row.plain("edition")?,
    })
}

/// An edition's name and digest.
pub(super) fn read_edition(row: &SqliteRow) -> Result<(String, [u8; 32]), StoreError> {
    let row = Kept::naming_itself(row, "edition", "name")?;
    Ok((row.plain("name")?, row.digest("sha256")?))
}

/// The instant of a document, by its id.
pub(super) fn read_issued(row: &SqliteRow) -> Result<Timestamp, StoreError> {
    Kept::naming_itself(row, "document", "id")?.instant("issued_at")
}

/// A document without its bytes.
pub(super) fn read_document(row: &SqliteRow) -> Result<StoredDocument, StoreError> {
    let row = Kept::naming_itself(row, "document", "id")?;
    let revised = row.plain::<u32>("revision")? > 0;
    let latest = |revised_column, column| if revised { revised_column } else { column };
    let bytes: i64 = row.plain(latest("revised_byte_count", "byte_count"))?;
    let signature_level: String = row.plain(latest("revised_level", "signature_level"))?;
    let wanted: Option<String> = row.plain("wanted")?;
    Ok(StoredDocument {
        id: row.parsed("id")?,
        kind: row.plain("kind")?,
        audience: row.plain("audience")?,
        language: row.plain("language")?,
        person: row.parsed_if_any("person")?,
        paper: Paper {
            large_print: row.plain("large_print")?,
            even_pages: row.plain("even_pages")?,
            address_window: row.plain("address_window")?,
        },
        order_id: row.parsed("order_id")?,
        variation_id: row.parsed_if_any("variation_id")?,
        version: row.plain("version")?,
        edition: row.plain("edition")?,
        pages: row.plain("pages")?,
        bytes: u64::try_from(bytes).map_err(|_| row.corrupt("byte_count"))?,
        sha256: row.digest(latest("revised_sha256", "sha256"))?,
        signed_sha256: row.digest_if_any("signed_sha256")?,
        content_sha256: row.digest("content_sha256")?,
        order_content_sha256: row.digest_if_any("order_content_sha256")?,
        wanted_level: wanted.filter(|wanted| *wanted != signature_level),
        signature_level,
        timestamp: row.instant_if_any(latest("revised_timestamp_at", "timestamp_at"))?,
        revision: row.plain("revision")?,
        held: row.plain::<bool>("held")? && !revised,
        signer: row.plain("signer")?,
        signed_at: row.instant("signed_at")?,
        issued_at: row.instant("issued_at")?,
        code: row.plain("code")?,
        words: row.plain("words")?,
        supersedes: row.parsed_if_any("supersedes")?,
        superseded_by: row.parsed_if_any("superseded_by")?,
    })
}

/// A line of the audit trail.
pub(super) fn read_event(row: &SqliteRow) -> Result<Event, StoreError> {
    let row = Kept::naming_itself(row, "event", "id")?;
    Ok(Event {
        id: row.parsed("id")?,
        at: row.instant("at")?,
        what: row.plain("what")?,
        who: row.plain("who")?,
        order_id: row.parsed_if_any("order_id")?,
        document_id: row.parsed_if_any("document_id")?,
        request_id: row.plain("request_id")?,
        detail: row.json("detail")?,
    })
}

/// An API key.
pub(super) fn read_key(row: &SqliteRow) -> Result<ApiKey, StoreError> {
    let row = Kept::naming_itself(row, "api_key", "name")?;
    Ok(ApiKey {
        name: row.plain("name")?,
        sha256: row.digest("sha256")?,
        roles: row.json("roles")?,
        created_at: row.instant("created_at")?,
        expires_at: row.instant("expires_at")?,
        last_used_at: row.instant_if_any("last_used_at")?,
        revoked_at: row.instant_if_any("revoked_at")?,
    })
}

/// Confidential values on their way out of the register.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Values {
    hidden_name: Option<String>,
    addresses: Vec<String>,
    postcodes: Vec<String>,
    phones: Vec<String>,
    emails: Vec<String>,
    places: Vec<String>,
}

impl Values {
    /// The values with the person they belong to.
    pub(super) fn of(self, reference: char) -> Confidences {
        let sealed = |values: Vec<String>| values.into_iter().map(Sensitive::new).collect();
        Confidences {
            reference,
            hidden_name: self.hidden_name.map(Sensitive::new),
            addresses: sealed(self.addresses),
            postcodes: sealed(self.postcodes),
            phones: sealed(self.phones),
            emails: sealed(self.emails),
            places: sealed(self.places),
        }
    }
}

/// A row with what an error has to name.
pub(super) struct Kept<'r> {
    pub(super) row: &'r SqliteRow,
    pub(super) table: &'static str,
    /// What an error names.
    pub(super) id: String,
}

impl<'r> Kept<'r> {
    /// A row whose id stands in one of its columns.
    pub(super) fn naming_itself(
        row: &'r SqliteRow,
        table: &'static str,
        column: &'static str,
    ) -> Result<Self, StoreError> {
        let nameless = Self { row, table, id: String::new() };
        Ok(Self { id: nameless.plain(column)?, ..nameless })
    }

    /// The error that names a column of this row.
    pub(super) fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: self.table, column, id: self.id.clone() }
    }

    /// A value as the database has it.
    pub(super) fn plain<'v, T: Decode<'v, Sqlite> + Type<Sqlite>>(
        &'v self,
        column: &'static str,
    ) -> Result<T, StoreError> {
        self.row.try_get(column).map_err(|_| self.corrupt(column))
    }

    /// A value that is kept as text.
    pub(super) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.parsed_if_any(column)?.ok_or_else(|| self.corrupt(column))
    }

    /// A value that is kept as text, if any.
    pub(super) fn parsed_if_any<T: FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.plain(column)?;
        text.map(|text| text.parse().map_err(|_| self.corrupt(column))).transpose()
    }

    /// An instant.
    pub(super) fn instant(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.instant_if_any(column)?.ok_or_else(|| self.corrupt(column))
    }

    /// An instant, if any.
    pub(super) fn instant_if_any(
        &self,
        column: &'static str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let instant = |at| Timestamp::from_microsecond(at).map_err(|_| self.corrupt(column));
        self.plain::<Option<i64>>(column)?.map(instant).transpose()
    }

    /// A SHA-256.
    pub(super) fn digest(&self, column: &'static str) -> Result<[u8; 32], StoreError> {
        let bytes: Vec<u8> = self.plain(column)?;
        bytes.try_into().map_err(|_| self.corrupt(column))
    }

    /// A SHA-256, if any.
    pub(super) fn digest_if_any(
        &self,
        column: &'static str,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        let bytes: Option<Vec<u8>> = self.plain(column)?;
        bytes.map(|bytes| bytes.try_into().map_err(|_| self.corrupt(column))).transpose()
    }

    /// A value that is kept as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        let text: String = self.plain(column)?;
        serde_json::from_str(&text).map_err(|_| self.corrupt(column))
    }

    /// What an order or a request says, held to its digest.
    pub(super) fn facts<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        let facts: String = self.plain("facts")?;
        self.check("facts", facts.as_bytes(), "facts_sha256")?;
        serde_json::from_str(&facts).map_err(|_| self.corrupt("facts"))
    }

    /// Holds bytes to the digest that was kept beside them.
    pub(super) fn check(
        &self,
        column: &'static str,
        bytes: &[u8],
        digest: &'static str,
    ) -> Result<(), StoreError> {
        if sha256(bytes) == self.digest(digest)? { Ok(()) } else { Err(self.corrupt(column)) }
    }
}

/// A text for comparing without regard to case. Upper, then lower case folds what either alone
/// leaves apart.
pub(super) fn folded(text: &str) -> String {
    text.to_uppercase().to_lowercase()
}

/// The kind as the columns have it.
pub(super) const fn kind_name(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::InterimOrder => "interim_order",
        OrderKind::FullOrder => "full_order",
    }
}
