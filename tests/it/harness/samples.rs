//! The sample requests, and ways to change one.

use serde_json::Value;

/// A whole interim order.
pub fn interim() -> Value {
    serde_json::from_str(INTERIM).unwrap()
}

/// A whole full order.
pub fn full() -> Value {
    serde_json::from_str(FULL).unwrap()
}

/// A request to vary that order.
pub fn variation(order: &str) -> Value {
    let request = serde_json::from_str(VARIATION).unwrap();
    set(request, "/order_id", order.into())
}

/// The request with that value at the pointer. A last part that is not there yet is added.
pub fn set(mut request: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = request.pointer_mut(parent).unwrap_or_else(|| panic!("no {pointer}"));
    match parent {
        Value::Array(items) => match name.parse::<usize>() {
            Ok(index) if index < items.len() => items[index] = value,
            _ => items.push(value),
        },
        other => other[name] = value,
    }
    request
}

/// The request without what stands at the pointer.
pub fn without(mut request: Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = request.pointer_mut(parent).unwrap();
    parent.as_object_mut().unwrap().remove(name);
    request
}

/// The request under another case reference, so that two requests differ.
pub fn keyed(request: Value, reference: &str) -> Value {
    set(request, "/case/reference", reference.into())
}

/// Confidential values of the samples: no answer and no document holds them.
pub const CANARIES: [&str; 8] = [
    "17 Hidden Haven",
    "ZZ99 7WZ",
    "07700 900123",
    "sian@mail.example",
    "Sunnybank Infant School",
    "8 Secret Court",
    "Harbour Dental Practice",
    "Forty-one unwanted messages",
];

const INTERIM: &str = include_str!("../../../templates/samples/interim_order.json");
const FULL: &str = include_str!("../../../templates/samples/full_order.json");
const VARIATION: &str = include_str!("../../../templates/samples/variation_request.json");
