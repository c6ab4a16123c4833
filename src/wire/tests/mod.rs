//! What must hold for every request, tried on the samples, on each part of every schema and on any
//! bytes.
//!
//! Here stands what the tests share: `answers` holds every answer against its schema, `published`
//! holds the reading against the published schemas, `faults` and `law` hold what is said of a
//! faulty request.

mod answers;
mod faults;
mod law;
mod published;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::fault::add_schema;
use super::order::{FullOrderRequest, InterimOrderRequest};
use super::shape::{Record, Shape};
use super::variation::VariationRequestBody;
use super::{OrderRequest, RequestKind, example, pointer};
use crate::domain::order::OrderKind;
use crate::domain::violation::{Rule, Violation};

/// Pointers and rules of a request's faults of shape.
pub fn faults(kind: RequestKind, request: &Value) -> Vec<(String, Rule)> {
    read(kind, request.to_string().as_bytes()).unwrap()
}

pub fn read(kind: RequestKind, bytes: &[u8]) -> Option<Vec<(String, Rule)>> {
    let pairs = |faults: Vec<Violation>| {
        faults.into_iter().map(|fault| (fault.pointer, fault.rule)).collect()
    };
    read_faults(kind, bytes).map(pairs)
}

/// The faults of shape of bytes that are JSON.
pub fn violations(kind: RequestKind, bytes: &[u8]) -> Vec<Violation> {
    read_faults(kind, bytes).unwrap()
}

fn read_faults(kind: RequestKind, bytes: &[u8]) -> Option<Vec<Violation>> {
    Some(match kind {
        RequestKind::InterimOrder => {
            OrderRequest::read(OrderKind::InterimOrder, bytes).ok()?.faults
        }
        RequestKind::FullOrder => OrderRequest::read(OrderKind::FullOrder, bytes).ok()?.faults,
        RequestKind::VariationRequest => VariationRequestBody::read(bytes).ok()?.faults,
    })
}

pub fn sample(kind: RequestKind) -> Value {
    serde_json::from_str(example(kind)).unwrap()
}

pub fn shape(kind: RequestKind) -> Shape {
    match kind {
        RequestKind::InterimOrder => Shape::of::<InterimOrderRequest>(),
        RequestKind::FullOrder => Shape::of::<FullOrderRequest>(),
        RequestKind::VariationRequest => Shape::of::<VariationRequestBody>(),
    }
}

/// The published schemas as one JSON Schema of this kind of request.
pub fn published(kind: RequestKind) -> Value {
    fn of<T: ToSchema>() -> Value {
        let mut schemas = Vec::new();
        add_schema::<T>(&mut schemas);
        let definitions: Map<String, Value> = schemas
            .into_iter()
            .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap()))
            .collect();
        let root = format!("#/components/schemas/{}", T::name());
        json!({ "$ref": root, "components": { "schemas": definitions } })
    }
    match kind {
        RequestKind::InterimOrder => of::<InterimOrderRequest>(),
        RequestKind::FullOrder => of::<FullOrderRequest>(),
        RequestKind::VariationRequest => of::<VariationRequestBody>(),
    }
}

static VALIDATORS: LazyLock<Vec<(RequestKind, jsonschema::Validator)>> = LazyLock::new(|| {
    let validator = |kind| {
        let options = jsonschema::options().should_validate_formats(true);
        (kind, options.build(&published(kind)).unwrap())
    };
    RequestKind::ALL.into_iter().map(validator).collect()
});

/// Whether the published schema takes the request.
pub fn is_published(kind: RequestKind, request: &Value) -> bool {
    VALIDATORS.iter().any(|(known, validator)| *known == kind && validator.is_valid(request))
}

/// Pointers of all parts of a value.
pub fn parts(value: &Value) -> Vec<String> {
    fn go(value: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let mut at = at.to_owned();
                    pointer::push(&mut at, name);
                    go(member, &at, found);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    go(item, &format!("{at}/{index}"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    go(value, "", &mut found);
    found
}

pub fn in_values(pointer: &str) -> bool {
    pointer.contains("values/")
}

/// Requests that together have every member of every object and every choice.
pub fn whole(shape: &Shape) -> Vec<Value> {
    match shape {
        Shape::Record(record) => records(record),
        Shape::Choice(choice) => choice.variants.iter().flat_map(records).collect(),
        Shape::List(item) => vec![Value::Array(whole(item))],
        Shape::Text(None) => vec![json!("words")],
        Shape::Text(Some(format)) => vec![json!(match format.sign() {
            "YYYY-MM-DD" => "2026-11-02",
            "HH:MM" => "09:30",
            "A-Z" => "A",
            "P1, R1" => "P1",
            _ => "ord_01990000-0000-7000-8000-000000000000",
        })],
        Shape::Word(words) => words.iter().map(|word| json!(word)).collect(),
        Shape::Whole(least, _) => vec![json!(least)],
        Shape::Flag(only) => vec![json!(only.unwrap_or(false))],
        Shape::Values => vec![json!({ "pp": "A", "items": ["one", 2, true], "metres": 10 })],
        Shape::Unread => panic!("a schema that the walk can't read"),
    }
}

pub fn records(record: &Record) -> Vec<Value> {
    let sides: Vec<_> = record.members.iter().map(|m| (m.name.clone(), whole(&m.shape))).collect();
    let most = sides.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
    let nth = |index: usize| {
        let member = |(name, values): &(String, Vec<Value>)| {
            (name.clone(), values[index % values.len()].clone())
        };
        Value::Object(sides.iter().map(member).collect())
    };
    (0..most).map(nth).collect()
}

/// Every part that the schemas of this kind know, once: a whole request and the pointer of a part
/// in it. Values of clauses are left aside.
pub fn each_part(kind: RequestKind) -> Vec<(Value, String)> {
    let mut met = BTreeSet::new();
    let mut found = Vec::new();
    for request in whole(&shape(kind)) {
        for at in parts(&request).into_iter().filter(|at| !in_values(at)) {
            let around = at.rsplit_once('/').and_then(|(around, _)| request.pointer(around));
            let beside = around.and_then(Value::as_object);
            let beside: Vec<_> = beside.into_iter().flat_map(Map::keys).cloned().collect();
            let place: String = at.chars().filter(|sign| !sign.is_ascii_digit()).collect();
            if met.insert((place, beside)) {
                found.push((request.clone(), at));
            }
        }
    }
    found
}
