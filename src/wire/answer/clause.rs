//! A clause of the library.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::term::TermKind;
use crate::wire::word::TermKindWord;

/// A clause as the library has it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ClauseAnswer {
    pub slug: String,
    pub version: u32,
    /// Whether it is for `prohibitions` or `requirements`.
    #[schema(value_type = TermKindWord)]
    pub kind: TermKind,
    /// The English words with their parameters in braces.
    pub text: String,
    /// The Welsh words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub welsh_text: Option<String>,
    /// Whether a translator has approved the Welsh words.
    pub welsh_approved: bool,
    pub parameters: Vec<ParameterAnswer>,
    /// Letters of the Protection from Harassment Act 1997, s.2A(3).
    pub kinds_of_stalking: Vec<String>,
    /// Defined words that it uses, each explained once in an order.
    pub definitions: Vec<String>,
    /// Values with which the clause reads as an example.
    pub sample: Value,
    /// The sample's words.
    pub sample_text: String,
    /// The version of the library.
    pub library: String,
}

/// A parameter of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParameterAnswer {
    pub name: String,
    pub r#type: String,
    pub required: bool,
    /// The least, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub minimum: Option<u64>,
    /// The most, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub maximum: Option<u64>,
}
