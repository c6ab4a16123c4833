//! A signed document beside its bytes.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Links;
use crate::domain::identity::{DocumentId, OrderId, VariationId};

/// What is known of a document. Its bytes come from the same address by `Accept: application/pdf`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DocumentAnswer {
    #[schema(value_type = String)]
    pub id: DocumentId,
    /// `interim_order`, `full_order`, `variation_request`, `explanatory_sheet`,
    /// `protected_person_notice`, `police_sheet`, `certified_copy`.
    pub kind: String,
    /// `respondent`, `court`, `protected_person`, `court_police`.
    pub audience: String,
    pub language: String,
    /// For which protected person it is, by letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub person: Option<char>,
    /// Drawn in 18 point and more.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    pub large_print: bool,
    /// Filled up to an even number of pages.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    pub even_pages: bool,
    /// The address stands where a window envelope shows it.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    pub address_window: bool,
    #[schema(value_type = String)]
    pub order_id: OrderId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub variation_id: Option<VariationId>,
    /// The version of the order.
    pub version: u32,
    /// `<kind>/<yyyy-mm>`.
    pub edition: String,
    pub pages: u32,
    /// The size of the file.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal. It changes when evidence is added beside the signature;
    /// the signature and all that it covers do not.
    pub sha256: String,
    /// SHA-256 of what the document says, hexadecimal.
    pub content_sha256: String,
    /// SHA-256 of what the order says, hexadecimal: common to the order and all its copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub order_content_sha256: Option<String>,
    /// The short code printed on each page.
    pub code: String,
    pub signature: SignatureAnswer,
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub supersedes: Option<DocumentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub superseded_by: Option<DocumentId>,
    #[schema(value_type = BTreeMap<String, super::Link>)]
    pub _links: Links,
}

impl DocumentAnswer {
    /// The links of a document of this id and order.
    pub fn links(id: DocumentId, order: OrderId) -> Links {
        super::links([
            ("self", format!("/v1/documents/{id}")),
            ("order", format!("/v1/orders/{order}")),
        ])
    }
}

/// What nobody asked for is not said.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// How a document is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignatureAnswer {
    /// What the file bears now, after ETSI EN 319 142-1: `B-B`, `B-T`, `B-LT`, `B-LTA`.
    pub level: String,
    /// Common name of the signing certificate.
    pub signer: String,
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub timestamp: Option<Timestamp>,
    /// The level that the same signature will have once what it waits for has come: `B-T`, `B-LT`,
    /// `B-LTA`. Absent where it waits for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub pending: Option<String>,
    /// The document is not given out before its timestamp stands.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    pub held: bool,
}
