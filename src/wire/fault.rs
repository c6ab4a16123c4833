//! What `validator` finds, named as the contract names it.

use std::borrow::Cow;
use std::collections::HashMap;

use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};
use validator::{ValidateLength, ValidationError, ValidationErrors, ValidationErrorsKind};

use super::json::FAULTS_LIMIT;
use super::pointer;
use crate::domain::violation::{Rule, Violation};

/// The name under which `validator` hands the faults of a value itself, not of one of its fields.
const ITSELF: &str = "_tmp_validator";

/// Checks a length. The fault holds the limit as `max` and nothing of the value.
///
/// # Errors
/// `empty` for nothing at all, `too_long` for more than `most`.
pub fn length(
    value: &impl ValidateLength<u64>,
    least: u64,
    most: u64,
) -> Result<(), ValidationErrors> {
    let code = match value.length() {
        Some(length) if length < least => "empty",
        Some(length) if length > most => "too_long",
        _ => return Ok(()),
    };
    let mut error = ValidationError::new(code);
    error.add_param(Cow::Borrowed("max"), &most);
    let kind = ValidationErrorsKind::Field(vec![error]);
    Err(ValidationErrors(HashMap::from([(Cow::Borrowed(ITSELF), kind)])))
}

/// The faults with their pointers, at most [`FAULTS_LIMIT`].
pub fn violations(errors: &ValidationErrors) -> Vec<Violation> {
    let mut found = Vec::new();
    gather(errors, "", &mut found);
    found
}

fn gather(errors: &ValidationErrors, at: &str, found: &mut Vec<Violation>) {
    for (field, kind) in &errors.0 {
        let mut at = at.to_owned();
        if field != ITSELF {
            pointer::push(&mut at, field.strip_prefix("r#").unwrap_or(field));
        }
        match kind {
            ValidationErrorsKind::Struct(inner) => gather(inner, &at, found),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    gather(inner, &format!("{at}/{index}"), found);
                }
            }
            ValidationErrorsKind::Field(errors) => {
                found.extend(errors.iter().map(|error| violation(error, &at)));
            }
        }
        found.truncate(FAULTS_LIMIT);
    }
}

fn violation(error: &ValidationError, at: &str) -> Violation {
    match (error.code.as_ref(), error.params.get("max")) {
        ("too_long", Some(max)) => Violation::new(at, Rule::TooLong).with("max", max),
        ("empty", _) => Violation::new(at, Rule::Empty),
        _ => Violation::new(at, Rule::BadFormat),
    }
}

/// Adds the schema of `T` and of what it refers to.
pub fn add_schema<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}
