//! What is said of a faulty request: each fault by its rule, at its place, and all at once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{each_part, faults, is_published, parts, read, sample, violations};
use crate::domain::order::OrderKind;
use crate::domain::violation::Rule;
use crate::wire::{OrderRequest, RequestKind, example};

#[test]
fn a_part_of_a_wrong_type_is_named_at_its_place_and_only_there() {
    for kind in RequestKind::ALL {
        for (mut request, at) in each_part(kind) {
            let part = request.pointer_mut(&at).unwrap();
            let wrong = if part.is_boolean() { json!("yes") } else { json!(true) };
            *part = wrong;
            assert_eq!(faults(kind, &request), [(at.clone(), Rule::WrongType)], "{kind:?}");
            assert!(!is_published(kind, &request), "{kind:?} {at}");
        }
    }
}

#[test]
fn a_word_outside_its_list_is_not_one_of_it_and_another_form_is_a_bad_format() {
    for kind in RequestKind::ALL {
        let mut met = BTreeSet::new();
        for (mut request, at) in each_part(kind) {
            let part = request.pointer_mut(&at).unwrap();
            if !part.is_string() || part == "words" {
                continue;
            }
            *part = json!("ŵ");
            let found = faults(kind, &request);
            let is_expected = |rule| matches!(rule, Rule::NotOneOf | Rule::BadFormat);
            assert!(
                found.iter().all(|(_, rule)| is_expected(*rule) || *rule == Rule::UnknownField)
            );
            assert!(found.iter().any(|(place, rule)| *place == at && is_expected(*rule)), "{at}");
            assert!(!is_published(kind, &request), "{at}");
            met.extend(found.into_iter().map(|(_, rule)| rule));
        }
        assert!(met.contains(&Rule::NotOneOf) && met.contains(&Rule::BadFormat));
    }
}

#[test]
fn null_is_a_wrong_type_never_an_absent_value() {
    for kind in RequestKind::ALL {
        for at in parts(&sample(kind)) {
            let mut broken = sample(kind);
            *broken.pointer_mut(&at).unwrap() = Value::Null;
            assert_eq!(faults(kind, &broken), [(at, Rule::WrongType)]);
        }
    }
}

#[test]
fn all_faults_of_a_request_are_named_at_once() {
    let mut request = sample(RequestKind::InterimOrder);
    request["case"] = json!({ "reference": "", "urn": 7, "Hidden Haven": 1 });
    request["made_on"] = json!("16/11/2026");
    request["respondent"]["given_names"] = json!("a".repeat(1001));
    request["respondent"]["adress"] = json!({});
    request["language"] = json!("fr");
    request["duration"] = json!({ "type": "forever" });
    request["next_hearing"] = json!({ "to_be_notified": false });
    request["prohibitions"][0] = json!({ "text": "You must not.", "values": {} });
    request["prohibitions"][1] = json!({ "necessity": "Needed." });
    request["prohibitions"][2]["values"]["Bad Name"] = json!(1);
    request["prohibitions"][3]["values"]["pp"] = json!({});
    request.as_object_mut().unwrap().remove("hearing");
    let expected = [
        ("/case", Rule::UnknownField),
        ("/case/reference", Rule::Empty),
        ("/case/urn", Rule::WrongType),
        ("/duration/type", Rule::NotOneOf),
        ("/hearing", Rule::MissingField),
        ("/language", Rule::NotOneOf),
        ("/made_on", Rule::BadFormat),
        ("/next_hearing/to_be_notified", Rule::NotOneOf),
        ("/prohibitions/0/values", Rule::UnknownField),
        ("/prohibitions/1", Rule::MissingField),
        ("/prohibitions/2/values", Rule::UnknownField),
        ("/prohibitions/3/values/pp", Rule::WrongType),
        ("/respondent/adress", Rule::UnknownField),
        ("/respondent/given_names", Rule::TooLong),
    ];
    let expected: Vec<_> = expected.map(|(at, rule)| (at.to_owned(), rule)).into();
    assert_eq!(faults(RequestKind::InterimOrder, &request), expected);
}

#[test]
fn a_fault_leaves_the_rest_to_the_law_and_each_item_in_its_place() {
    let mut request = sample(RequestKind::FullOrder);
    request["prohibitions"][0] = json!("no contact");
    request["prohibitions"][1]["necessity"] = json!("a".repeat(5001));
    request["respondent"]["aliases"] = json!([1, "Shaun Ŵyr"]);
    request["respondent"]["guardian"] = json!({});
    request["protected_persons"][0] = json!(null);
    request["existing_orders"] = json!([{}, { "description": "An order.", "compatible": true }]);
    let read = OrderRequest::read(OrderKind::FullOrder, request.to_string().as_bytes()).unwrap();
    let draft = read.draft;
    assert!(draft.prohibitions[0].broken);
    assert_eq!(draft.prohibitions[1].clause.as_deref(), Some("no-contact"));
    assert_eq!(draft.prohibitions[1].necessity, None);
    assert_eq!(draft.prohibitions.len(), 12);
    let respondent = draft.respondent.unwrap();
    assert_eq!(respondent.aliases, ["-", "Shaun Ŵyr"]);
    assert!(respondent.guardian.is_some());
    assert_eq!(draft.protected_persons[0].reference, None);
    assert_eq!(draft.protected_persons[1].reference, Some('B'));
    assert_eq!(draft.existing_orders[1].compatible, Some(true));
    assert_eq!(read.faults.len(), 6);
}

#[test]
fn a_change_names_its_missing_field_and_each_unknown_field() {
    let kind = RequestKind::VariationRequest;
    let change = |change: Value| {
        let mut request = sample(kind);
        request["changes"] = json!([change]);
        faults(kind, &request)
    };
    let at = |member: &str, rule| (format!("/changes/0{member}"), rule);
    assert_eq!(change(json!({})), [at("/op", Rule::MissingField)]);
    assert_eq!(
        change(json!({ "op": "Add", "trem": {} })),
        [at("/op", Rule::NotOneOf), at("/trem", Rule::UnknownField)]
    );
    assert_eq!(
        change(json!({ "op": "add" })),
        [at("/term", Rule::MissingField), at("/type", Rule::MissingField)]
    );
    assert_eq!(
        change(json!({ "op": "remove", "number": "P01", "term": {} })),
        [at("/number", Rule::BadFormat), at("/term", Rule::UnknownField)]
    );
    assert_eq!(
        change(json!({ "op": "set_duration", "duration": { "type": "fixed" } })),
        [at("/duration/end_date", Rule::MissingField)]
    );
    assert_eq!(
        change(json!({ "op": "set_next_hearing", "next_hearing": { "to_be_notified": true } })),
        []
    );
}

#[test]
fn forms_that_exclude_each_other_are_told_apart() {
    let kind = RequestKind::InterimOrder;
    let with = |member: &str, value: Value| {
        let mut request = sample(kind);
        *request.pointer_mut(member).unwrap() = value;
        faults(kind, &request)
    };
    let at = |pointer: &str, rule| (pointer.to_owned(), rule);
    assert_eq!(
        with("/next_hearing", json!({ "date": "2026-12-14" })),
        [at("/next_hearing/time", Rule::MissingField)]
    );
    assert_eq!(
        with("/prohibitions/0", json!({ "clause": "no-contact", "text": "You must not." })),
        [at("/prohibitions/0/text", Rule::UnknownField)]
    );
    assert_eq!(
        with("/duration", json!({ "type": "until_further_order", "end_date": "2027-01-15" })),
        [at("/duration/end_date", Rule::UnknownField)]
    );
    assert_eq!(
        with("/applicant", json!({ "force": "west-yorkshire", "ground": "RESIDES" })),
        [at("/applicant/ground", Rule::NotOneOf)]
    );
}

#[test]
fn a_duplicate_key_and_what_is_too_deep_are_named_with_the_rest() {
    let kind = RequestKind::InterimOrder;
    let sample = example(kind).trim_end().strip_suffix('}').unwrap().to_owned();
    let deep = format!("{}{}", "[".repeat(90_000), "]".repeat(90_000));
    let text = format!(r#"{sample},"language":"cy","urn":{deep}}}"#);
    let found = read(kind, text.as_bytes()).unwrap();
    let place = format!("/urn{}", "/0".repeat(31));
    assert_eq!(
        found,
        [
            ("/language".to_owned(), Rule::DuplicateKey),
            ("/urn".to_owned(), Rule::UnknownField),
            (place, Rule::TooDeep),
        ]
    );
}

#[test]
fn a_deep_part_under_a_name_that_is_not_shown_hides_nothing() {
    let kind = RequestKind::InterimOrder;
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    let sample = sample(kind).to_string().replacen('{', &format!(r#"{{"Hidden Haven":{deep},"#), 1);
    let text = sample.replace(r#""language":"en""#, r#""language":"fr""#);
    let expected = [
        (String::new(), Rule::TooDeep),
        (String::new(), Rule::UnknownField),
        ("/language".to_owned(), Rule::NotOneOf),
    ];
    assert_eq!(read(kind, text.as_bytes()).unwrap(), expected);
}

#[test]
fn no_fault_shows_what_the_caller_wrote() {
    let secret = "Hidden Haven 17";
    for kind in RequestKind::ALL {
        for (mut request, at) in each_part(kind) {
            let part = request.pointer_mut(&at).unwrap();
            *part = match part {
                Value::Object(_) => json!({ secret: { secret: secret } }),
                Value::Array(_) => json!(secret),
                Value::String(_) => json!(secret.repeat(700)),
                _ => json!([secret]),
            };
            for fault in violations(kind, request.to_string().as_bytes()) {
                let explained = format!("{fault:?} {:?}", fault.explain());
                assert!(!explained.contains("Haven"), "{explained}");
            }
        }
    }
}

#[test]
fn a_list_that_only_held_faults_is_not_empty_too() {
    let mut request = sample(RequestKind::InterimOrder);
    request["respondent"]["commitments"] =
        json!([{ "kind": "work", "days": ["Sunday"], "from": "09:00", "to": "17:00" }, {}]);
    let at = |member: &str, rule| (format!("/respondent/commitments/{member}"), rule);
    let expected = [
        at("0/days/0", Rule::NotOneOf),
        at("1/days", Rule::MissingField),
        at("1/from", Rule::MissingField),
        at("1/kind", Rule::MissingField),
        at("1/to", Rule::MissingField),
    ];
    assert_eq!(faults(RequestKind::InterimOrder, &request), expected);
}
