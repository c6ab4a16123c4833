//! Who calls, what happened, whether the service can work.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Fault;
use crate::domain::identity::{DocumentId, EventId, OrderId};

/// Who I am and what I may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeAnswer {
    /// The name of the API key.
    pub name: String,
    pub roles: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// `test` or `production`.
    pub mode: String,
}

/// One line of an order's audit trail.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EventAnswer {
    #[schema(value_type = String)]
    pub id: EventId,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `order.issued`, `variation.requested` …
    pub what: String,
    /// The name of the API key, or `command-line`.
    pub who: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub order_id: Option<OrderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub document_id: Option<DocumentId>,
    pub request_id: String,
    /// Digests, counts, and the certificate that signed.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// A preview beside its pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PreviewAnswer {
    pub pages: u32,
    /// Warnings that stand.
    pub warnings: Vec<Fault>,
}

/// Whether the service can work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HealthAnswer {
    /// `ok`, `degraded` (something can be signed, but not all) or `unavailable`.
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub store: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub signing: Option<bool>,
    /// Common name of the signing certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub signer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub signer_not_after: Option<Timestamp>,
    /// How foreign files are read: `confined`, `confined_without_landlock` (an older kernel), or
    /// `not_confined`: then none is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub inspection: Option<String>,
    /// Id of the key that marks paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub paper_key: Option<String>,
    /// SHA-256 of that key's public half (DER), in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub paper_key_sha256: Option<String>,
    /// Whether the clock is believed: it did not go back, and agrees with the timestamp services.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clock: Option<bool>,
    /// Since when a changed keyring has faults, so that the one before it signs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub keyring_refused_since: Option<Timestamp>,
    /// The keys that documents are signed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub keys: Option<Vec<KeyAnswer>>,
    /// Signatures that wait for a timestamp or for lasting evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub evidence: Option<EvidenceAnswer>,
    /// The services that timestamps and answers on revocation come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub services: Option<Vec<ServiceAnswer>>,
}

impl HealthAnswer {
    /// How the service is, without its particulars.
    pub fn plain(status: &str) -> Self {
        Self {
            status: status.to_owned(),
            store: None,
            signing: None,
            signer: None,
            signer_not_after: None,
            paper_key: None,
            paper_key_sha256: None,
            inspection: None,
            clock: None,
            keyring_refused_since: None,
            keys: None,
            evidence: None,
            services: None,
        }
    }
}

/// Signatures whose evidence is behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EvidenceAnswer {
    /// Documents given out, or held, without the timestamp that their profile wants.
    pub without_timestamp: u64,
    /// All documents whose evidence is due, those included.
    pub due: u64,
    /// When the longest was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub since: Option<Timestamp>,
}

/// How a service outside is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceAnswer {
    pub host: String,
    /// It failed so often that it is not asked for a while.
    pub resting: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub last_success: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub last_failure: Option<Timestamp>,
}

/// How a signing key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeyAnswer {
    pub name: String,
    /// `test`, `pkcs12`, `pkcs11` or `csc`.
    pub kind: String,
    /// `ecdsa-p256`, `ecdsa-p384` or `rsa`.
    pub algorithm: String,
    /// Common name of its certificate.
    pub subject: String,
    #[schema(value_type = String, format = DateTime)]
    pub not_before: Timestamp,
    /// When its certificate, or one above it, ends.
    #[schema(value_type = String, format = DateTime)]
    pub not_after: Timestamp,
    /// Whole days until then; below 0 once it is over.
    pub days_left: i64,
    /// `90_days`, `30_days`, `7_days`, `ended` or `not_yet_valid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub warning: Option<String>,
    /// The profiles that name it.
    pub profiles: Vec<String>,
    /// Those in which it signs now.
    pub signs: Vec<String>,
    /// Its certificate comes from a test authority.
    pub test: bool,
    /// Why it did not sign, where it was asked and has not signed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_failure: Option<KeyFailure>,
}

/// Why a key did not sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeyFailure {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Name of the reason: `key`, `certificate`, `certificate_revoked`, `clock` and others.
    pub reason: String,
}
