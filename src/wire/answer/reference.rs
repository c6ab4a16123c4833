//! Reference data: courts, forces, editions.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::people::Address;

/// An address as documents print it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AddressAnswer {
    pub lines: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub postcode: Option<String>,
}

impl AddressAnswer {
    /// An address of the domain.
    pub fn of(address: &Address) -> Self {
        Self {
            lines: address.lines.iter().map(ToString::to_string).collect(),
            postcode: address.postcode.as_ref().map(ToString::to_string),
        }
    }
}

/// A court of the reference data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CourtAnswer {
    pub code: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub welsh_name: Option<String>,
    pub lja_code: String,
    pub lja_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address: Option<AddressAnswer>,
    /// The version of the reference data.
    pub version: String,
}

/// A police force whose chief officer may apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForceAnswer {
    pub code: String,
    pub name: String,
    pub welsh_name: String,
    pub chief_officer: String,
    pub welsh_chief_officer: String,
    /// Whether it has an area, so that a ground is needed.
    pub territorial: bool,
    /// The version of the reference data.
    pub version: String,
}

/// An edition of a document's layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EditionAnswer {
    /// `<kind>/<yyyy-mm>`.
    pub edition: String,
    pub kind: String,
    pub languages: Vec<String>,
    /// SHA-256 of every word that it can print, hexadecimal.
    pub sha256: String,
    /// The version of the clause library that it goes with.
    pub clause_library: String,
    /// Whether new documents are made with it.
    pub current: bool,
}
