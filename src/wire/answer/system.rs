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
    /// Digests and counts.
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
    /// `ok` or `unavailable`.
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
    /// Id of the key that marks paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub paper_key: Option<String>,
    /// SHA-256 of that key's public half (DER), in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub paper_key_sha256: Option<String>,
}
