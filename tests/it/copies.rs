//! The copies of an order: with it and on request, each for its reader, tied to it by one digest.

use serde_json::{Value, json};

use crate::harness::{CANARIES, TestApp, full, interim, problem_names, rules, said, set, without};

async fn issued(app: &TestApp, path: &str, request: &Value) -> Value {
    app.post(path, request).key(path).send().await.expect(201).json()
}

fn text<'a>(json: &'a Value, pointer: &str) -> &'a str {
    let found = json.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no text at {pointer} in {json}"))
}

/// Where further documents of an order are asked for.
fn documents_of(order: &Value) -> String {
    format!("/v1/orders/{}/documents", text(order, "/id"))
}

fn certified() -> Value {
    let by = json!({ "name": "Pat Sample", "capacity": "authorised_court_officer" });
    json!({ "kind": "certified_copy", "certified_by": by })
}

#[tokio::test]
async fn an_order_comes_with_its_copies_signed_and_tied_to_it() {
    let app = TestApp::start().await;
    let order = issued(&app, "/v1/full-orders", &full()).await;
    let documents = order["documents"].as_array().unwrap();
    let kinds: Vec<_> = documents
        .iter()
        .map(|one| (text(one, "/kind"), text(one, "/audience"), one["person"].as_str()))
        .collect();
    let expected = [
        ("full_order", "respondent", None),
        ("explanatory_sheet", "respondent", None),
        ("protected_person_notice", "protected_person", Some("A")),
        ("protected_person_notice", "protected_person", Some("B")),
        ("police_sheet", "court_police", None),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(order["document"], documents[0]);
    let common = text(&order, "/document/content_sha256");
    for one in documents {
        assert_eq!(text(one, "/order_content_sha256"), common);
        assert_eq!(text(one, "/edition"), format!("{}/2026-11", text(one, "/kind")));
        let path = format!("/v1/documents/{}", text(one, "/id"));
        assert_eq!(&app.get(&path).send().await.expect(200).json(), one);
        let pdf = app.get(&path).pdf().send().await.expect(200).body;
        assert!(pdf.windows(10).any(|bytes| bytes == b"/ByteRange"));
        let read = said(&pdf);
        let said = format!("{}{}", read.content, read.strings.join("\n"));
        assert!(CANARIES.iter().all(|canary| !said.contains(canary)), "{}", one["kind"]);
    }
    let digests: std::collections::BTreeSet<_> =
        documents.iter().map(|one| text(one, "/content_sha256")).collect();
    assert_eq!(digests.len(), documents.len(), "each says something else");
    let listed = app.get(&documents_of(&order)).send().await.expect(200).json();
    assert_eq!(listed["items"], order["documents"]);
    let read = app.get(&format!("/v1/orders/{}", text(&order, "/id"))).send().await.json();
    assert_eq!(read["documents"], order["documents"]);
}

#[tokio::test]
async fn the_answer_in_pdf_is_the_respondents_order_and_the_trail_has_one_line() {
    let app = TestApp::start().await;
    let made = app.post("/v1/interim-orders", &interim()).key("k").pdf().send().await.expect(201);
    let location = made.header("location").unwrap().to_owned();
    let order = app.get(&location).send().await.json();
    let own = format!("/v1/documents/{}", text(&order, "/document/id"));
    assert_eq!(made.header("content-location"), Some(own.as_str()));
    assert_eq!(text(&order, "/document/kind"), "interim_order");
    let trail = app.get(&format!("{location}/events")).send().await.json();
    let [line] = trail["items"].as_array().unwrap().as_slice() else { panic!("{trail}") };
    assert_eq!(line["what"], "order.issued");
    let kinds = ["explanatory_sheet", "protected_person_notice", "police_sheet"];
    let copies = line["detail"]["copies"].as_array().unwrap();
    assert_eq!(copies.iter().map(|copy| text(copy, "/kind")).collect::<Vec<_>>(), kinds);
}

#[tokio::test]
async fn each_kind_is_made_on_request_and_supersedes_nothing() {
    let app = TestApp::start().await;
    let order = issued(&app, "/v1/full-orders", &full()).await;
    let path = documents_of(&order);
    let asked = [
        json!({ "kind": "full_order", "large_print": true, "even_pages": true }),
        json!({ "kind": "explanatory_sheet" }),
        json!({ "kind": "protected_person_notice", "person": "B" }),
        json!({ "kind": "police_sheet" }),
        certified(),
    ];
    for (number, request) in asked.iter().enumerate() {
        let post = || app.post(&path, request).key(&format!("k{number}"));
        let made = post().send().await.expect(201);
        let document = made.json();
        let own = format!("/v1/documents/{}", text(&document, "/id"));
        assert_eq!(made.header("location"), Some(own.as_str()));
        assert_eq!(document["kind"], request["kind"]);
        assert_eq!(document.get("large_print"), request.get("large_print"));
        assert_eq!(document.get("even_pages"), request.get("even_pages"));
        assert_eq!(document.get("person"), request.get("person"));
        assert_eq!(document["order_content_sha256"], order["document"]["content_sha256"]);
        assert_eq!(document.get("supersedes"), None);
        let pdf = post().pdf().send().await.expect(201);
        assert_eq!(pdf.header("content-location"), Some(own.as_str()));
        assert_eq!(pdf.header("idempotent-replayed"), Some("true"));
        assert_eq!(app.get(&own).pdf().send().await.expect(200).body, pdf.body);
    }
    let read = app.get(&format!("/v1/orders/{}", text(&order, "/id"))).send().await.json();
    assert_eq!(read["document"], order["document"], "the order itself stays the first");
    assert_eq!(read["documents"].as_array().unwrap().len(), 10);
    let trail = app.get(&path.replace("documents", "events")).send().await.json();
    let what: Vec<_> =
        trail["items"].as_array().unwrap().iter().map(|e| text(e, "/what")).collect();
    assert_eq!(what, [&["order.issued"][..], &["document.made"; 5]].concat());
}

#[tokio::test]
async fn a_further_copy_says_what_the_order_says_and_in_welsh_something_else() {
    let app = TestApp::start().await;
    let order = issued(&app, "/v1/interim-orders", &interim()).await;
    let path = documents_of(&order);
    let again = json!({ "kind": "interim_order" });
    let again = app.post(&path, &again).key("again").send().await.expect(201).json();
    let own = &order["document"]["content_sha256"];
    assert_eq!(&again["content_sha256"], own);
    assert_ne!(again["id"], order["document"]["id"]);
    assert_ne!(again["code"], order["document"]["code"]);
    let welsh = json!({ "kind": "interim_order", "language": "cy" });
    let refused = app.post(&path, &welsh).key("cy").send().await.expect(422);
    let missing = ("welsh_text_missing".to_owned(), "/language".to_owned());
    assert_eq!(rules(&refused), [missing]);
}

#[tokio::test]
async fn what_can_not_be_copied_is_refused_with_every_fault_at_once() {
    let app = TestApp::start().await;
    let order = issued(&app, "/v1/full-orders", &full()).await;
    let path = documents_of(&order);
    let faults =
        async |request: Value| rules(&app.post(&path, &request).key("k").send().await.expect(422));
    let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(rule, at)| ((*rule).to_owned(), (*at).to_owned())).collect()
    };
    assert_eq!(faults(json!({})).await, pairs(&[("missing_field", "/kind")]));
    let other = json!({ "kind": "interim_order", "address_window": true, "person": "A" });
    let expected = [
        ("not_one_of", "/kind"),
        ("unknown_field", "/person"),
        ("window_needs_address", "/address_window"),
    ];
    assert_eq!(faults(other).await, pairs(&expected));
    let notice = json!({ "kind": "protected_person_notice" });
    assert_eq!(faults(notice.clone()).await, pairs(&[("missing_field", "/person")]));
    let nobody = set(notice, "/person", "Z".into());
    assert_eq!(faults(nobody).await, pairs(&[("unknown_protected_person", "/person")]));
    let name = "/certified_by/name";
    let hidden = set(certified(), name, "Pat of 8 Secret Court".into());
    assert_eq!(faults(hidden).await, pairs(&[("confidential_value_disclosed", name)]));
    let undrawn = set(certified(), name, "Pat \u{12a0}".into());
    assert_eq!(faults(undrawn).await, pairs(&[("unprintable_character", name)]));
    let nameless = without(certified(), "/certified_by/capacity");
    let missing = pairs(&[("missing_field", "/certified_by/capacity")]);
    assert_eq!(faults(nameless).await, missing);
    let later = json!({ "kind": "record_of_service" });
    assert_eq!(faults(later).await, pairs(&[("not_one_of", "/kind")]));
    let listed = app.get(&path).send().await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 5, "nothing was made");
}

#[tokio::test]
async fn a_copy_of_no_order_is_not_found_and_a_key_stands_for_one_order() {
    let app = TestApp::start().await;
    let sheet = json!({ "kind": "police_sheet" });
    for id in ["ord_019a9b2c-0000-7000-8000-000000000001", "ord_1"] {
        let path = format!("/v1/orders/{id}/documents");
        let reply = app.post(&path, &sheet).key("k").send().await.expect(404);
        assert_eq!(problem_names(&reply), "not_found");
    }
    let one = documents_of(&issued(&app, "/v1/full-orders", &full()).await);
    let other = documents_of(&issued(&app, "/v1/interim-orders", &interim()).await);
    app.post(&one, &sheet).key("k").send().await.expect(201);
    let reused = app.post(&other, &sheet).key("k").send().await.expect(422);
    assert_eq!(problem_names(&reused), "idempotency_key_reused");
    let reused = app.post(&one, &certified()).key("k").send().await.expect(422);
    assert_eq!(problem_names(&reused), "idempotency_key_reused");
    app.post(&one, &sheet).key("k").accept("text/plain").send().await.expect(406);
    app.post(&one, &sheet).send().await.expect(400);
}

#[tokio::test]
async fn a_term_that_tells_where_the_respondent_lives_reaches_no_protected_person() {
    let app = TestApp::start().await;
    let home = "You must not leave 99 Specimen Row between 7pm and 7am.";
    let curfew = set(interim(), "/prohibitions/-", json!({ "text": home }));
    let made = app.post("/v1/interim-orders", &curfew).key("k").send().await.expect(201).json();
    let told = said_to(&app, &made, "protected_person").await;
    assert!(!told.contains("99 Specimen Row"), "{told}");
    assert!(said_to(&app, &made, "respondent").await.contains("99 Specimen Row"));
}

#[tokio::test]
async fn a_requirement_in_the_courts_own_words_is_a_number_to_a_protected_person() {
    let app = TestApp::start().await;
    let home = "You must sleep each night at 12 Elsewhere Grove, Bradford.";
    let told = set(interim(), "/requirements/-", json!({ "text": home }));
    let made = app.post("/v1/interim-orders", &told).key("k").send().await.expect(201).json();
    let notice = said_to(&app, &made, "protected_person").await;
    assert!(!notice.contains("Elsewhere Grove"), "{notice}");
    assert!(notice.contains("R2"), "{notice}");
    assert!(said_to(&app, &made, "respondent").await.contains("Elsewhere Grove"));
}

#[tokio::test]
async fn a_document_that_would_tell_its_reader_too_much_is_refused_at_the_term_that_tells() {
    let app = TestApp::start().await;
    let number = "You must quote 2000/0448754A when you write to the police.";
    let told = set(full(), "/requirements/-", json!({ "text": number, "necessity": "Needed." }));
    let reply = app.post("/v1/full-orders", &told).key("k").send().await.expect(422);
    let last = full()["requirements"].as_array().unwrap().len();
    let at = format!("/requirements/{last}");
    assert_eq!(rules(&reply), [("not_for_this_reader".to_owned(), at)]);
    assert!(reply.text().contains("PNC") && !reply.text().contains("0448754"), "{}", reply.text());
    let preview = app.post("/v1/previews/full-orders", &told).pdf().send().await.expect(422);
    assert_eq!(rules(&preview), [("not_for_this_reader".to_owned(), String::new())]);
    assert_eq!(app.count_orders().await, 0);
}

/// What the documents of an order say to that reader.
async fn said_to(app: &TestApp, order: &Value, audience: &str) -> String {
    let mut told = String::new();
    let documents = order["documents"].as_array().unwrap().iter();
    for one in documents.filter(|one| one["audience"] == audience) {
        let path = format!("/v1/documents/{}", text(one, "/id"));
        let read = said(&app.get(&path).pdf().send().await.expect(200).body);
        told.push_str(&format!("{}{}", read.content, read.strings.join("\n")));
    }
    assert!(!told.is_empty(), "{audience}");
    told
}
