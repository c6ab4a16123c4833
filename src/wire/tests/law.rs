//! Reading and law together: nothing is said twice, and nothing is blamed for what stands
//! elsewhere.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{each_part, parts, sample};
use crate::domain::judgement::{Context, Law, judge_order};
use crate::domain::order::OrderKind;
use crate::domain::violation::{Rule, Violation};
use crate::wire::pointer::is_within;
use crate::wire::{OrderRequest, RequestKind};

const ORDERS: [(OrderKind, RequestKind); 2] = [
    (OrderKind::InterimOrder, RequestKind::InterimOrder),
    (OrderKind::FullOrder, RequestKind::FullOrder),
];

/// All that the reading and the law say of a request.
fn judged(kind: OrderKind, request: &Value) -> Vec<Violation> {
    let law = Law::builtin();
    let known_orders = BTreeMap::new();
    let today = "2026-11-21".parse().unwrap();
    let context = Context { law: &law, today, production: false, known_orders: &known_orders };
    let read = OrderRequest::read(kind, request.to_string().as_bytes()).unwrap();
    let judgement = judge_order(read.draft, &context).after(read.faults);
    assert_eq!(judgement.outcome.is_some(), judgement.errors.is_empty());
    judgement.errors
}

fn lines(faults: &[Violation]) -> Vec<String> {
    faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.rule)).collect()
}

#[test]
fn the_samples_are_orders_that_the_law_allows() {
    for (kind, sample_kind) in ORDERS {
        assert_eq!(lines(&judged(kind, &sample(sample_kind))), Vec::<String>::new());
    }
}

#[test]
fn one_fault_of_shape_is_one_fault_and_the_law_adds_none() {
    for (kind, sample_kind) in ORDERS {
        let request = sample(sample_kind);
        for at in parts(&request) {
            let mut broken = request.clone();
            *broken.pointer_mut(&at).unwrap() = Value::Null;
            let expected = format!("{at} wrong_type");
            assert_eq!(lines(&judged(kind, &broken)), [expected]);
        }
    }
}

#[test]
fn a_member_left_out_is_missed_at_its_place_and_nowhere_else() {
    for (kind, sample_kind) in ORDERS {
        let request = sample(sample_kind);
        for at in parts(&request).iter().filter(|at| !at.is_empty()) {
            let (around, name) = at.rsplit_once('/').unwrap();
            let mut broken = request.clone();
            let Some(Value::Object(members)) = broken.pointer_mut(around) else {
                continue;
            };
            members.remove(name);
            // A rule of the law says more of its own part than that it is missing.
            let elsewhere: Vec<_> = judged(kind, &broken)
                .into_iter()
                .filter(|fault| !is_within(&fault.pointer, at) && fault.pointer != around)
                .filter(|fault| !is_of_two_places(fault))
                .collect();
            assert_eq!(lines(&elsewhere), Vec::<String>::new(), "{at}");
        }
    }
}

/// Rules that name the one of two places that has the fault: where there are no protected persons
/// at all, the terms that name one; the code of a court that is not described.
fn is_of_two_places(fault: &Violation) -> bool {
    matches!(fault.rule, Rule::UnknownProtectedPerson | Rule::UnknownCourt | Rule::AddressRequired)
}

#[test]
fn whatever_stands_in_a_request_the_law_answers() {
    for (kind, sample_kind) in ORDERS {
        for (mut request, at) in each_part(sample_kind) {
            judged(kind, &request);
            *request.pointer_mut(&at).unwrap() = json!({ "op": [1] });
            assert!(!judged(kind, &request).is_empty());
        }
    }
}
