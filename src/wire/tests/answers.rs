//! Every answer fits the schema that is published for it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::domain::variation::VariationRequest;
use crate::domain::violation::{Rule, Violation};
use crate::wire::answer::tests::{day, document, order};
use crate::wire::answer::{
    AddressAnswer, ClauseAnswer, CourtAnswer, DocumentAnswer, EditionAnswer, EventAnswer, Fault,
    ForceAnswer, HealthAnswer, List, MadeOrder, MadeVariation, MeAnswer, OrderAnswer, OrderSummary,
    ParameterAnswer, PreviewAnswer, ProblemBody, ValidationAnswer, VariationAnswer,
};
use crate::wire::fault::add_schema;
use crate::wire::{FullOrderRequest, InterimOrderRequest, OrderSearch, VariationRequestBody};

/// Holds an answer against the schema that is published for it.
fn fits<T: Serialize + ToSchema>(answer: &T) -> Value {
    let mut schemas = Vec::new();
    add_schema::<T>(&mut schemas);
    let definitions: BTreeMap<_, _> = schemas.into_iter().collect();
    let root = format!("#/components/schemas/{}", T::name());
    let schema = json!({ "$ref": root, "components": { "schemas": definitions } });
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    let answer = serde_json::to_value(answer).unwrap();
    let errors: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{}", T::name());
    answer
}

#[test]
fn every_answer_fits_its_published_schema() {
    let kept = json!([{ "rule": "many_terms", "pointer": "/prohibitions", "reason": "Needed." }]);
    let order = order();
    let id = "ord_01990000-0000-7000-8000-000000000000".parse().unwrap();
    let issued_at = "2026-11-02T10:00:00Z".parse().unwrap();
    let made = |documents: Vec<DocumentAnswer>| MadeOrder {
        id,
        version: 1,
        order: &order,
        edition: "full_order/2026-11",
        issued_at,
        acknowledged: &kept,
        document: document(),
        documents,
        today: day("2026-11-21"),
        replaced_on: None,
    };
    fits(&OrderAnswer::of(made(vec![document(), document()])));
    fits(&OrderAnswer::of(made(vec![])));
    let summary = OrderSummary::of((id, 1), &order, ("e", issued_at), None, day("2026-11-21"));
    fits(&summary);
    let list = serde_json::to_value(List { items: vec![1] }).unwrap();
    assert_eq!(list, json!({ "items": [1] }));
    fits(&DocumentAnswer { supersedes: Some(document().id), ..document() });
    let notice = DocumentAnswer {
        person: Some('B'),
        large_print: true,
        even_pages: true,
        address_window: true,
        order_content_sha256: Some("ab".repeat(32)),
        ..document()
    };
    let notice = fits(&notice);
    assert_eq!((&notice["person"], &notice["large_print"]), (&json!("B"), &json!(true)));
    assert_eq!(fits(&document()).get("even_pages"), None, "what nobody asked for is not said");
}

#[test]
fn a_variation_request_answers_with_every_kind_of_change() {
    let term = |number: &str| {
        json!({
            "number": number, "source": "free", "text": "You must not.", "welsh": null,
            "locality": { "limited": { "description": "Leeds", "welsh_description": null } },
            "until": null
        })
    };
    let order = serde_json::to_value(order()).unwrap();
    let person = json!({ "reference": "A", "printed": "S.P." });
    let hearing = json!({ "at": {
        "date": "2026-12-14", "time": "10:00:00", "court_name": "Kirkgate", "court_welsh_name": null
    } });
    let changes = [
        json!({ "op": "add", "term": term("P3") }),
        json!({ "op": "amend", "was": term("P1"), "term": term("P1") }),
        json!({ "op": "remove", "number": "P2", "was": term("P2") }),
        json!({ "op": "set_duration", "duration": { "type": "until_further_order" } }),
        json!({ "op": "set_next_hearing", "next_hearing": hearing }),
        json!({ "op": "set_next_hearing", "next_hearing": "to_be_notified" }),
        json!({ "op": "correct_respondent", "respondent": order["respondent"] }),
        json!({ "op": "add_protected_person", "person": person }),
        json!({ "op": "correct_protected_person", "reference": "B", "person": person }),
    ];
    let changes: Vec<_> = changes.iter().map(|op| json!({ "op": op, "reason": "New." })).collect();
    let request: VariationRequest = serde_json::from_value(json!({
        "order_id": "ord_01990000-0000-7000-8000-000000000000", "expected_version": 1,
        "kind": "vary", "applicant": { "capacity": "respondent", "name": null },
        "made_on": "2026-11-12", "grounds": "New facts.", "changes": changes, "consents": [],
        "language": "en"
    }))
    .unwrap();
    let answer = fits(&VariationAnswer::of(MadeVariation {
        id: "var_01990000-0000-7000-8000-000000000002".parse().unwrap(),
        request: &request,
        issued_at: "2026-11-12T10:00:00Z".parse().unwrap(),
        acknowledged: &json!([]),
        document: document(),
        documents: vec![document()],
    }));
    let member = |name: &str| -> Vec<_> {
        let changes = answer["changes"].as_array().unwrap();
        changes.iter().map(|change| change[name].clone()).collect()
    };
    let numbers = ["P3", "P1", "P2"].map(Value::from);
    assert_eq!(member("number")[..3], numbers);
    assert_eq!(member("term")[0]["locality"]["description"], "Leeds");
    assert_eq!(member("next_hearing")[4]["time"], "10:00");
    assert_eq!(member("next_hearing")[5], json!({ "to_be_notified": true }));
    assert_eq!(member("person")[8], json!({ "ref": "B", "printed": "S.P." }));
    assert_eq!(answer["state"], "open");
}

#[test]
fn a_problem_names_every_fault_and_fits_its_published_schema() {
    let faults = [
        Violation::new("/duration/end_date", Rule::FullOrderMinimumPeriod),
        Violation::new("/case/reference", Rule::TooLong).with("max", 50),
    ];
    let problem = ProblemBody {
        r#type: "https://example.test/problems/invalid".to_owned(),
        title: "The request breaks a rule".to_owned(),
        status: 422,
        detail: "Two faults.".to_owned(),
        instance: "/v1/full-orders".to_owned(),
        request_id: "1".to_owned(),
        errors: Fault::all(&faults),
        unused_acknowledgements: Vec::new(),
    };
    let json = fits(&problem);
    assert_eq!(json["errors"][0]["rule"], "full_order_minimum_period");
    assert_eq!(json["errors"][0]["severity"], "error");
    assert!(json["errors"][1]["message"].as_str().unwrap().contains("50"));
    assert!(json.get("unused_acknowledgements").is_none());
    fits(&ProblemBody { errors: Vec::new(), ..problem });
    fits(&ValidationAnswer::of(&faults[1..], &[], &["/a".to_owned()]));
}

#[test]
fn no_two_schemas_share_a_name() {
    let mut schemas = Vec::new();
    add_schema::<InterimOrderRequest>(&mut schemas);
    add_schema::<FullOrderRequest>(&mut schemas);
    add_schema::<VariationRequestBody>(&mut schemas);
    add_schema::<OrderSearch>(&mut schemas);
    add_schema::<OrderAnswer>(&mut schemas);
    add_schema::<VariationAnswer>(&mut schemas);
    add_schema::<OrderSummary>(&mut schemas);
    add_schema::<DocumentAnswer>(&mut schemas);
    add_schema::<ClauseAnswer>(&mut schemas);
    add_schema::<CourtAnswer>(&mut schemas);
    add_schema::<ForceAnswer>(&mut schemas);
    add_schema::<EditionAnswer>(&mut schemas);
    add_schema::<EventAnswer>(&mut schemas);
    add_schema::<ParameterAnswer>(&mut schemas);
    add_schema::<AddressAnswer>(&mut schemas);
    add_schema::<ProblemBody>(&mut schemas);
    add_schema::<ValidationAnswer>(&mut schemas);
    add_schema::<PreviewAnswer>(&mut schemas);
    add_schema::<HealthAnswer>(&mut schemas);
    add_schema::<MeAnswer>(&mut schemas);
    let mut known = BTreeMap::new();
    for (name, schema) in schemas {
        let schema = serde_json::to_value(schema).unwrap();
        let earlier = known.insert(name.clone(), schema.clone());
        assert!(earlier.is_none_or(|earlier| earlier == schema), "{name}");
    }
    assert!(known.contains_key("TermState") && known.contains_key("Weekday"));
}
