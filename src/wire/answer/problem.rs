//! Refusals, and the outcome of a validation.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::violation::{Severity, Violation};
use crate::wire::word;

/// A problem as RFC 9457 has it, with every fault of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Which problem: an address that never changes.
    pub r#type: String,
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    pub detail: String,
    /// The path of the request: words and ids of ours; what else stands there is a hyphen.
    pub instance: String,
    pub request_id: String,
    /// Every fault of the request, where it has any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<Fault>,
    /// Pointers of acknowledgements that match no warning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unused_acknowledgements: Vec<String>,
}

/// One fault of a request. It never holds what the caller wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// JSON Pointer into the request.
    pub pointer: String,
    /// The name of the rule.
    pub rule: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
    /// The provision, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<String>,
    #[schema(value_type = SeverityWord)]
    pub severity: Severity,
}

impl Fault {
    /// A violation in the words of `templates/messages/rules.toml`.
    pub fn of(violation: &Violation) -> Self {
        let explained = violation.explain();
        Self {
            pointer: violation.pointer.clone(),
            rule: violation.rule.name().to_owned(),
            message: explained.message,
            remedy: explained.remedy,
            basis: explained.basis,
            severity: explained.severity,
        }
    }

    /// All violations in their words.
    pub fn all(violations: &[Violation]) -> Vec<Self> {
        violations.iter().map(Self::of).collect()
    }
}

word::answered! {
    /// Whether a fault stops the order for good or until it is acknowledged.
    SeverityWord as "Severity": "error", "warning";
}

/// What the checks found. Contract section 2, validations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValidationAnswer {
    /// What would stop the order.
    pub errors: Vec<Fault>,
    /// Warnings that nobody acknowledged.
    pub warnings: Vec<Fault>,
    /// Pointers of acknowledgements that match no warning.
    pub unused_acknowledgements: Vec<String>,
}

impl ValidationAnswer {
    /// What the checks found, in words.
    pub fn of(errors: &[Violation], warnings: &[Violation], unused: &[String]) -> Self {
        Self {
            errors: Fault::all(errors),
            warnings: Fault::all(warnings),
            unused_acknowledgements: unused.to_vec(),
        }
    }
}
