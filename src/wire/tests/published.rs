//! The reading takes what the published schemas take, and nothing else.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{each_part, faults, is_published, parts, read, sample, shape, whole};
use crate::domain::order::OrderKind;
use crate::domain::violation::Rule;
use crate::wire::{OrderRequest, RequestKind, example};

#[test]
fn every_sample_is_read_without_a_fault() {
    for kind in RequestKind::ALL {
        assert_eq!(faults(kind, &sample(kind)), []);
        assert!(is_published(kind, &sample(kind)));
    }
    let order =
        OrderRequest::read(OrderKind::FullOrder, example(RequestKind::FullOrder).as_bytes());
    let draft = order.unwrap().draft;
    assert_eq!((draft.prohibitions.len(), draft.requirements.len()), (12, 5));
    assert!(draft.prohibitions.iter().all(|term| !term.broken && term.necessity.is_some()));
    assert_eq!(
        draft.protected_persons[0].confidential.places[0].reveal(),
        "Harbour Dental Practice"
    );
    assert_eq!(draft.respondent.unwrap().no_fixed_abode.unwrap().unwrap().len(), 37);
}

#[test]
fn every_part_of_every_schema_can_be_read() {
    for kind in RequestKind::ALL {
        let wholes = whole(&shape(kind));
        for request in &wholes {
            assert_eq!(faults(kind, request), []);
            assert!(is_published(kind, request));
        }
    }
}

#[test]
fn a_text_over_the_length_that_the_schema_publishes_is_too_long_and_none_is_empty() {
    for kind in RequestKind::ALL {
        let mut met = BTreeSet::new();
        for (request, at) in each_part(kind) {
            let Some("words") = request.pointer(&at).unwrap().as_str() else {
                continue;
            };
            let most = published_length(kind, &request, &at);
            met.insert(most);
            let with = |text: String| {
                let mut changed = request.clone();
                *changed.pointer_mut(&at).unwrap() = Value::from(text);
                faults(kind, &changed)
            };
            // Only a pointer may be empty: it names the whole request.
            let empty = (!at.ends_with("/pointer")).then(|| (at.clone(), Rule::Empty));
            assert_eq!(with(String::new()), Vec::from_iter(empty));
            assert_eq!(with("ŵ".repeat(most)), [], "{at}");
            assert_eq!(with("ŵ".repeat(most + 1)), [(at.clone(), Rule::TooLong)]);
        }
        assert!(met.len() > 3, "{kind:?}");
    }
}

/// The most characters that the published schema takes for the text at this pointer.
fn published_length(kind: RequestKind, request: &Value, at: &str) -> usize {
    let takes = |length: usize| {
        let mut changed = request.clone();
        *changed.pointer_mut(at).unwrap() = Value::from("a".repeat(length));
        is_published(kind, &changed)
    };
    let (mut least, mut most) = (1, 20_000);
    assert!(!takes(most), "{at} has no length");
    while most - least > 1 {
        let middle = least.midpoint(most);
        if takes(middle) { least = middle } else { most = middle }
    }
    least
}

#[test]
fn a_list_is_refused_when_over_the_items_that_the_schema_publishes() {
    for kind in RequestKind::ALL {
        for (request, at) in each_part(kind) {
            let Some(items) = request.pointer(&at).unwrap().as_array() else {
                continue;
            };
            let mut changed = request.clone();
            let list: Vec<_> = items.iter().cycle().take(201).cloned().collect();
            *changed.pointer_mut(&at).unwrap() = Value::from(list);
            assert_eq!(faults(kind, &changed), [(at.clone(), Rule::TooLong)]);
            assert!(!is_published(kind, &changed), "{at}");
            *changed.pointer_mut(&at).unwrap() = json!([]);
            let empty = !is_published(kind, &changed);
            let expected = empty.then_some((at, Rule::Empty));
            assert_eq!(faults(kind, &changed), Vec::from_iter(expected));
        }
    }
}

#[test]
fn the_values_of_a_clause_are_limited_in_number_and_size() {
    let kind = RequestKind::InterimOrder;
    let with = |values: Value| {
        let mut request = sample(kind);
        request["prohibitions"][0]["values"] = values;
        (faults(kind, &request), is_published(kind, &request))
    };
    let many: Map<String, Value> = (0..41).map(|n| (format!("v{n}"), json!(n))).collect();
    let at = |member: &str, rule| (vec![(format!("/prohibitions/0/values{member}"), rule)], false);
    assert_eq!(with(Value::Object(many)), at("", Rule::TooLong));
    assert_eq!(with(json!({ "pp": "a".repeat(5000), "v": [1, true, "b"] })), (vec![], true));
    assert_eq!(with(json!({ "pp": "a".repeat(5001) })), at("/pp", Rule::TooLong));
    assert_eq!(with(json!({ "pp": vec!["a"; 51] })), at("/pp", Rule::TooLong));
    assert_eq!(with(json!({ "pp": [[]] })), at("/pp/0", Rule::WrongType));
    assert_eq!(with(json!({ "PP": 1 })), at("/PP", Rule::UnknownField));
}

/// Any JSON value, with names that requests have among those that they haven't.
fn any_json() -> impl Strategy<Value = Value> {
    let names = "case|changes|op|term|clause|text|values|respondent|ref|[a-z]{1,3}|.{0,4}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "add|fixed|A|2026-11-02|.{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_kind() -> impl Strategy<Value = RequestKind> {
    prop::sample::select(RequestKind::ALL.to_vec())
}

proptest! {
    #[test]
    fn any_bytes_are_answered(
        kind in any_kind(),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let _ = read(kind, &bytes);
    }

    #[test]
    fn any_json_is_answered_and_no_fault_is_one_of_ours(kind in any_kind(), value in any_json()) {
        let found = faults(kind, &value);
        prop_assert!(!found.is_empty());
        // The last resort of the reader: a fault at the root of an object.
        let root = (String::new(), Rule::WrongType);
        prop_assert_eq!(found.contains(&root), !value.is_object());
    }

    #[test]
    fn a_request_has_a_fault_when_and_only_when_the_published_schema_refuses_it(
        kind in any_kind(),
        part in any::<prop::sample::Index>(),
        value in any_json(),
        other in any::<prop::sample::Index>(),
        removed in any::<bool>(),
    ) {
        let mut request = sample(kind);
        let places = parts(&request);
        let at: &String = part.get(&places);
        let from: &String = other.get(&places);
        // Parts of the same request stand in each other's place as often as any value does.
        let copied = request.pointer(from).unwrap().clone();
        let value = if value.is_object() { copied } else { value };
        let (around, name) = at.rsplit_once('/').unwrap_or_default();
        match request.pointer_mut(around) {
            Some(Value::Object(members)) if removed => {
                members.remove(name);
                if value.is_array() {
                    members.insert("extra".to_owned(), value);
                }
            }
            _ => *request.pointer_mut(at).unwrap() = value,
        }
        let found = faults(kind, &request);
        prop_assert_eq!(found.is_empty(), is_published(kind, &request), "{:?}", found);
    }
}
