//! The golden folders: one request through every stage of the road, each stage a file that a
//! reviewer can read.
//!
//! `./check golden --write` writes them anew; the difference is read before it is committed. The
//! same run keeps each edition's `sample.json`: the views by which the service proves its layouts
//! when it starts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spo::domain::identity::{DocumentId, OrderId, VariationId};
use spo::domain::judgement::{BaseOrder, Context, Law, judge_order, judge_variation};
use spo::domain::order::{Order, OrderKind, Undisclosed};
use spo::domain::variation::VariationRequest;
use spo::render::{Imprint, Renderer, Stages, view};
use spo::wire::{OrderRequest, VariationRequestBody};

use crate::harness::{full, interim, set, variation, without};

#[test]
fn golden_stages_are_those_on_file() {
    let renderer = Renderer::new().unwrap();
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let folder = Path::new("tests/golden").join(name);
        fs::create_dir_all(&folder).unwrap();
        hold(&folder.join("request.json"), &pretty(&case.request), &mut wrong);
        let stages = case.stages(&renderer);
        for (file, text) in [
            ("1-view.json", &stages.view),
            ("2-markup.txt", &stages.markup),
            ("3-document.txt", &stages.document),
            ("4-pages.txt", &stages.pages),
            ("5-tags.txt", &stages.tags),
            ("6-objects.txt", &stages.objects),
            ("unsigned.sha256", &stages.unsigned_sha256),
        ] {
            hold(&folder.join(file), text, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "not as on file (./check golden --write, then read it): {wrong:#?}");
}

#[test]
fn golden_documents_come_out_the_same_twice() {
    for (name, case) in cases() {
        let (one, two) = (Renderer::new().unwrap(), Renderer::new().unwrap());
        // Another document in between: what was drawn before must not show.
        let _ = cases()["full"].stages(&two);
        let (first, second) = (case.stages(&one), case.stages(&two));
        assert_eq!(first.unsigned_sha256, second.unsigned_sha256, "{name}");
    }
}

#[test]
fn golden_views_by_which_layouts_are_proved_are_those_of_today() {
    let mut wrong = Vec::new();
    for (edition, views) in sample_views() {
        let file = Path::new("templates/orders").join(edition).join("sample.json");
        hold(&file, &pretty(&Value::Array(views)), &mut wrong);
    }
    assert!(wrong.is_empty(), "not as on file (./check golden --write): {wrong:#?}");
}

/// What a golden folder is made from.
pub struct Case {
    pub request: Value,
    made: Made,
}

enum Made {
    Order(Box<Order>),
    Variation(Box<VariationRequest>, Box<Order>),
}

impl Case {
    fn stages(&self, renderer: &Renderer) -> Stages {
        match &self.made {
            Made::Order(order) => renderer.order_stages(order, &imprint()),
            Made::Variation(request, order) => {
                renderer.variation_stages(request, order, &imprint())
            }
        }
        .unwrap()
    }

    fn view(&self, edition: &str) -> Value {
        let imprint = imprint();
        let facts = view::Facts { imprint: &imprint, edition, draft: true };
        match &self.made {
            Made::Order(order) => serde_json::to_value(view::OrderView::of(order, facts)),
            Made::Variation(request, order) => {
                serde_json::to_value(view::VariationView::of(request, order, facts))
            }
        }
        .unwrap()
    }
}

pub fn cases() -> BTreeMap<&'static str, Case> {
    BTreeMap::from([
        ("interim", order(OrderKind::InterimOrder, interim())),
        ("full", order(OrderKind::FullOrder, full())),
        ("variation", request(variation(&order_id().to_string()))),
        ("interim_welsh", order(OrderKind::InterimOrder, in_welsh(interim(), "cy"))),
        ("interim_bilingual", order(OrderKind::InterimOrder, in_welsh(interim(), "bilingual"))),
    ])
}

/// The interim sample with Welsh words for all that a caller writes.
fn in_welsh(request: Value, language: &str) -> Value {
    let mut request = set(request, "/language", language.into());
    let welsh = [
        ("/court/welsh_name", json!("Llys Ynadon Kirkgate (enghraifft)")),
        ("/hearing/welsh_bench", json!("Barnwr Rhanbarth (Llysoedd Ynadon)")),
        (
            "/prohibitions/0/welsh_values",
            json!({ "exceptions": "Nid yw hyn yn atal cyfreithiwr rhag ysgrifennu at gyfreithiwr." }),
        ),
        (
            "/prohibitions/2/welsh_values",
            json!({ "boundary": "Kirkgate, Vicar Lane, Duncan Street a Briggate, Leeds" }),
        ),
        ("/prohibitions/2/locality/welsh_description", json!("canol dinas Leeds")),
        (
            "/requirements/0/welsh_values",
            json!({
                "police_station": "Gorsaf Heddlu Elland Road, Leeds",
                "items": ["un tag tracio llwyd", "y ffôn symudol â’r rhif sy’n gorffen â 321"],
            }),
        ),
    ];
    for (pointer, value) in welsh {
        request = set(request, pointer, value);
    }
    request
}

/// Views that together reach every branch of the layouts.
fn sample_views() -> BTreeMap<&'static str, Vec<Value>> {
    let interim_more = with_all(set(
        set(interim(), "/case/urn", json!("13AB0042126")),
        "/next_hearing",
        json!({ "to_be_notified": true }),
    ));
    let full_more = with_all(set(
        set(full(), "/case/urn", json!("62CY0007726")),
        "/application/reference",
        json!("62CY0007726"),
    ));
    let full_other = set(
        without(without(full(), "/replaces_interim"), "/requirements"),
        "/duration",
        json!({ "type": "until_further_order" }),
    );
    let conflict = json!({ "religious_belief": "not_practicable", "work": "not_practicable",
        "education": "not_practicable", "reason": "A sample reason." });
    let full_other = set(full_other, "/avoids_conflict", conflict);
    let full_other = set(
        full_other,
        "/existing_orders",
        json!([{ "description": "A sample order of 2025", "compatible": true }]),
    );
    let interim_conflict = set(
        interim(),
        "/avoids_conflict",
        json!({ "religious_belief": "not_practicable", "work": "not_practicable",
            "education": "not_practicable", "reason": "A sample reason." }),
    );
    let kind = OrderKind::InterimOrder;
    let cardiff = json!({ "code": "B62DC00", "sitting": "magistrates" });
    let interims =
        [interim(), limited(interim_more, "2027-01-10"), set(interim_conflict, "/court", cardiff)];
    let address = json!({ "lines": ["99 Specimen Row", "Leeds"], "postcode": "ZZ99 3VZ" });
    let full_more = without(full_more, "/respondent/no_fixed_abode");
    let full_more = set(full_more, "/respondent/address", address);
    let full_other = set(set(full_other, "/route", json!("appeal")), "/court", crown_court());
    let fulls = [full(), limited(full_more, "2028-12-01"), full_other];
    let variations = [everything_asked(), whole_discharge(), interim_change()];
    BTreeMap::from([
        (
            "interim_order/2026-11",
            interims.map(|sent| order(kind, sent).view("interim_order/2026-11")).into(),
        ),
        (
            "full_order/2026-11",
            fulls.map(|sent| order(OrderKind::FullOrder, sent).view("full_order/2026-11")).into(),
        ),
        (
            "variation_request/2026-11",
            variations.map(|case| case.view("variation_request/2026-11")).into(),
        ),
    ])
}

fn crown_court() -> Value {
    json!({ "code": "C99ZZ00", "sitting": "crown", "name": "Sample Crown Court",
            "lja_code": "9999", "lja_name": "Specimen area",
            "address": { "lines": ["1 Sample Square"], "postcode": "ZZ99 1AA" } })
}

/// Each list has a term with a place and an end of its own.
fn limited(request: Value, until: &str) -> Value {
    ["/prohibitions/0", "/requirements/0"].into_iter().fold(request, |request, term| {
        let request = set(request, &format!("{term}/until"), until.into());
        set(request, &format!("{term}/locality"), json!({ "description": "Wales" }))
    })
}

/// A young respondent with a guardian, an area and an end to notification under another Act.
fn with_all(request: Value) -> Value {
    let changes = [
        ("/court/sitting", json!("youth")),
        ("/respondent/date_of_birth", json!("2010-05-06")),
        ("/respondent/guardian", json!({ "name": "Pat Sample", "relationship": "mother" })),
        ("/respondent/police_area", json!("west-yorkshire")),
        ("/respondent/sex_offender_notification", json!({ "until": "2026-12-31" })),
        ("/applicant/ground", json!("intends_to_come")),
        ("/hearing/on_notice", json!(false)),
        ("/authorised_by/capacity", json!("district_judge")),
    ];
    changes.into_iter().fold(request, |request, (pointer, value)| set(request, pointer, value))
}

fn everything_asked() -> Case {
    let sent = variation(&order_id().to_string());
    let more = json!([
        { "op": "correct_respondent", "reason": "A sample reason.", "respondent": {
            "given_names": "Przemysław", "family_name": "Wzór", "aliases": ["Shaun Ŵyr"],
            "date_of_birth": "1979-02-28", "no_fixed_abode": { "found_at": "Example Quay" } } },
        { "op": "add_protected_person", "person": { "ref": "C", "name": "Ann Sampl" } },
        { "op": "correct_protected_person", "ref": "B", "person": { "ref": "B", "name": "Gwen Sampl" } }
    ]);
    let mut changes = sent["changes"].as_array().unwrap().clone();
    changes.extend(more.as_array().unwrap().iter().cloned());
    changes[0]["term"]["locality"] = json!({ "description": "Wales" });
    changes[0]["term"]["until"] = json!("2029-01-01");
    changes[3]["duration"] = json!({ "type": "fixed", "end_date": "2030-11-01" });
    let sent = set(sent, "/changes", Value::Array(changes));
    request(set(sent, "/applicant/name", json!("Detective Sergeant Ffion Sampl")))
}

fn whole_discharge() -> Case {
    let id = order_id().to_string();
    request(json!({ "order_id": id, "expected_version": 1, "kind": "discharge",
        "applicant": { "capacity": "respondent" }, "made_on": "2026-11-12", "grounds": "A sample.",
        "changes": [], "consents": [
            { "party": "respondent", "given_on": "2026-11-12" },
            { "party": "chief_officer", "force": "south-wales", "given_on": "2026-11-12" } ] }))
}

fn interim_change() -> Case {
    let base = judged(OrderKind::InterimOrder, &interim());
    let id = order_id().to_string();
    let sent = json!({ "order_id": id, "expected_version": 1, "kind": "renew",
        "applicant": { "capacity": "respondent" }, "made_on": "2026-11-18", "grounds": "A sample.",
        "changes": [
            { "op": "set_duration", "duration": { "type": "fixed", "end_date": "2027-02-15" } },
            { "op": "set_next_hearing", "reason": "A sample.",
              "next_hearing": { "date": "2027-01-11", "time": "10:00" } },
            { "op": "correct_respondent", "respondent": {
                "given_names": "Rhodri", "family_name": "Ffug-Example", "date_of_birth": "2010-05-06",
                "guardian": { "name": "Pat Sample", "relationship": "mother" },
                "police_area": "west-yorkshire",
                "sex_offender_notification": { "until": "2026-12-31" },
                "address": { "lines": ["99 Specimen Row", "Leeds"], "postcode": "ZZ99 3VZ" } } } ] });
    request_on(sent, base)
}

fn order(kind: OrderKind, request: Value) -> Case {
    let (order, _) = judged(kind, &request);
    Case { request, made: Made::Order(Box::new(order)) }
}

fn request(sent: Value) -> Case {
    request_on(sent, judged(OrderKind::FullOrder, &full()))
}

fn request_on(sent: Value, (order, undisclosed): (Order, Undisclosed)) -> Case {
    let read = VariationRequestBody::read(sent.to_string().as_bytes()).unwrap();
    let law = Law::builtin();
    let base = BaseOrder { id: order_id(), version: 1, order: &order, undisclosed: &undisclosed };
    let judgement = judge_variation(read.draft, &context(&law), Some(&base));
    let outcome = judgement.outcome.unwrap_or_else(|| panic!("refused: {:?}", judgement.errors));
    Case { request: sent, made: Made::Variation(Box::new(outcome.request), Box::new(order)) }
}

fn judged(kind: OrderKind, request: &Value) -> (Order, Undisclosed) {
    let read = OrderRequest::read(kind, request.to_string().as_bytes()).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    let law = Law::builtin();
    let judgement = judge_order(read.draft, &context(&law));
    let outcome = judgement.outcome.unwrap_or_else(|| panic!("refused: {:?}", judgement.errors));
    (outcome.order, outcome.undisclosed)
}

fn context(law: &Law) -> Context<'_> {
    static NONE: BTreeMap<OrderId, (u32, Order)> = BTreeMap::new();
    Context { law, today: "2026-11-20".parse().unwrap(), production: false, known_orders: &NONE }
}

fn order_id() -> OrderId {
    "ord_01939d2b-0000-7000-8000-000000000001".parse().unwrap()
}

fn imprint() -> Imprint {
    Imprint {
        document_id: "doc_01939d2b-0000-7000-8000-000000000002".parse::<DocumentId>().unwrap(),
        order_id: order_id(),
        variation_id: None::<VariationId>,
        version: 1,
        code: "7K3QM-2X9TB".to_owned(),
        issued_at: "2026-11-20T10:00:00Z".parse().unwrap(),
        test: true,
        signer: "TEST - NOT A COURT signer".to_owned(),
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn hold(file: &PathBuf, text: &str, wrong: &mut Vec<String>) {
    let text = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    if std::env::var_os("CHECK_GOLDEN_WRITE").is_some() {
        fs::write(file, text).unwrap();
    } else if fs::read_to_string(file).is_ok_and(|on_file| on_file == text) {
    } else {
        wrong.push(file.display().to_string());
    }
}
