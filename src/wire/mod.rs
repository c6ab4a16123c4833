//! The JSON as sent and as answered: one file a resource, and its one road into the domain.
//!
//! bytes → `json` (duplicate keys, depth) → `walk` against the `shape` of the published schema →
//! typed request → `validator` → draft for the law. Every fault of shape is named with its pointer,
//! and all at once; what is faulty is taken out, so the law can judge the rest. Nothing here judges
//! the law, and no fault holds what the caller wrote.
//!
//! To add a field: its line in the request (`order`, `court`, `people`, `term`, `variation`,
//! `copy`), in `domain::draft` and in the samples; then `openapi.yaml` differs until it is written
//! anew.
//!
//! # Decisions
//! - The walk reads the very schemas that `openapi.yaml` shows; lengths stand in one number each,
//!   which `validator` enforces and the schema publishes. A test holds both against a JSON Schema
//!   validator.
//! - `null` is a value of the wrong type, never a way to say "absent".

pub mod acknowledgement;
pub mod answer;
mod choice;
pub mod copy;
pub mod court;
pub mod envelope;
mod fault;
pub mod format;
pub mod json;
pub mod list;
pub mod order;
pub mod people;
pub mod pointer;
mod read;
mod search;
mod shape;
pub mod term;
pub mod text;
pub mod values;
pub mod variation;
mod walk;
pub mod word;

pub use copy::DocumentRequest;
pub use envelope::RequestKind;
pub use json::Malformed;
pub use order::{FullOrderRequest, InterimOrderRequest};
pub use read::{OrderRequest, ReadCopy, ReadOrder, ReadSearch, ReadVariation};
pub use search::{OrderSearch, Search};
pub use variation::VariationRequestBody;

/// A whole sample request in JSON: valid, invented, in the past. A variation's `order_id` is the
/// caller's to fill in.
pub fn example(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::InterimOrder => include_str!("../../templates/samples/interim_order.json"),
        RequestKind::FullOrder => include_str!("../../templates/samples/full_order.json"),
        RequestKind::VariationRequest => {
            include_str!("../../templates/samples/variation_request.json")
        }
    }
}

#[cfg(test)]
mod tests;
