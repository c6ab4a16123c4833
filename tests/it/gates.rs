//! What is refused although each part of it reads well: a confidential value by whatever way it
//! comes, a second order in the place of one.

use serde_json::{Value, json};
use spo::domain::disclosure::Secrets;
use spo::domain::people::Confidences;
use spo::domain::sensitive::Sensitive;

use crate::harness::{Reply, TestApp, full, interim, problem_names, rules, said, set, without};

const INTERIM: &str = "/v1/interim-orders";
const FULL: &str = "/v1/full-orders";
const DISCLOSED: &str = "confidential_value_disclosed";

/// An interim order made before the full one.
fn earlier() -> Value {
    let request = set(interim(), "/application/made_on", "2026-10-01".into());
    set(request, "/made_on", "2026-10-12".into())
}

/// A full order against the interim order's own respondent.
fn replacing(earlier_one: &Value, reference: &str) -> Value {
    let mut request = set(full(), "/replaces_interim", json!({ "order_id": earlier_one["id"] }));
    for part in ["respondent", "applicant"] {
        request[part] = interim()[part].clone();
    }
    set(request, "/case/reference", reference.into())
}

async fn sent(app: &TestApp, path: &str, request: &Value) -> Reply {
    app.post(path, request).key(&request.to_string()[..40]).send().await
}

fn names(reply: &Reply, rule: &str, pointer: &str) -> bool {
    rules(reply).contains(&(rule.to_owned(), pointer.to_owned()))
}

#[tokio::test]
async fn no_sheet_and_no_notice_tells_of_the_last_day_of_an_order_that_was_replaced() {
    let app = TestApp::start().await;
    let interim = sent(&app, INTERIM, &earlier()).await.expect(201).json();
    let path = format!("/v1/orders/{}/documents", interim["id"].as_str().unwrap());
    let sheet = json!({ "kind": "police_sheet" });
    app.post(&path, &sheet).key("before").send().await.expect(201);
    let full = replacing(&interim, "R-1");
    let full = app.post(FULL, &full).key("full").send().await.expect(201).json();
    for kind in ["police_sheet", "explanatory_sheet", "protected_person_notice"] {
        let reply = app.post(&path, &json!({ "kind": kind })).key(kind).send().await.expect(422);
        assert!(names(&reply, "order_not_in_force", "/kind"), "{}", reply.text());
        assert!(reply.text().contains(full["id"].as_str().unwrap()), "{}", reply.text());
    }
    let by = json!({ "name": "Pat Sample", "capacity": "authorised_court_officer" });
    let certified = json!({ "kind": "certified_copy", "certified_by": by });
    app.post(&path, &certified).key("certified").send().await.expect(201);
    app.post(&path, &json!({ "kind": "interim_order" })).key("itself").send().await.expect(201);
    app.post(&path, &sheet).key("before").send().await.expect(201);
}

#[tokio::test]
async fn an_interim_order_is_replaced_once() {
    let app = TestApp::start().await;
    let first = app.post(INTERIM, &earlier()).key("k1").send().await.expect(201).json();
    let request = replacing(&first, "SPO-1");
    let made = app.post(FULL, &request).key("k2").send().await.expect(201);
    let second = app.post(FULL, &replacing(&first, "SPO-2")).key("k3").send().await.expect(422);
    let pointer = "/replaces_interim/order_id";
    assert!(names(&second, "order_not_in_force", pointer), "{}", second.text());
    assert!(second.text().contains(made.json()["id"].as_str().unwrap()), "it names the first");
    assert_eq!(app.count_orders().await, 2);
    let again = app.post(FULL, &request).key("k2").send().await.expect(201);
    assert_eq!(again.body, made.body);
}

#[tokio::test]
async fn of_two_that_replace_one_interim_order_at_once_one_is_made() {
    let app = TestApp::start().await;
    let first = app.post(INTERIM, &earlier()).key("k1").send().await.expect(201).json();
    let requests = [replacing(&first, "SPO-1"), replacing(&first, "SPO-2")];
    let (one, other) = tokio::join!(
        app.post(FULL, &requests[0]).key("k2").send(),
        app.post(FULL, &requests[1]).key("k3").send(),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert!(matches!(statuses, [201, 409 | 422]), "{} {}", one.text(), other.text());
    if statuses[1] == 409 {
        let lost = if one.status == 409 { &one } else { &other };
        assert_eq!(problem_names(lost), "conflict");
    }
    assert_eq!(app.count_orders().await, 2);
}

#[tokio::test]
async fn the_reason_of_an_acknowledgement_may_not_hold_a_confidential_value() {
    let app = TestApp::start().await;
    let reason = "They moved to 8 Secret Court.";
    let acknowledged = json!([
        { "rule": "many_terms", "pointer": "/prohibitions", "reason": reason },
    ]);
    let reply = sent(&app, FULL, &set(full(), "/acknowledged", acknowledged)).await.expect(422);
    assert!(names(&reply, DISCLOSED, "/acknowledged/0/reason"), "{}", reply.text());
    assert!(!reply.text().contains("Secret Court"));
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn a_hidden_name_that_begins_beyond_ascii_is_refused_in_a_term() {
    let app = TestApp::start().await;
    for (name, said) in [
        ("Zofia Łucka", "You must not speak of Łucka."),
        ("Élodie Masquée", "You must not write to Élodie."),
        ("Carys Ŵyrion", "You must not speak of your neighbour (Ŵyrion)."),
        ("Carys W\u{302}yrion", "You must not speak of Ŵyrion."),
    ] {
        let person = json!({ "ref": "A", "name": name, "printed_as": "N.T.M." });
        let term = json!({ "text": said, "necessity": "Wrote." });
        let request = set(interim(), "/protected_persons/0", person);
        let request = set(request, "/prohibitions/0", term);
        let reply = sent(&app, INTERIM, &request).await.expect(422);
        assert!(names(&reply, DISCLOSED, "/prohibitions/0/text"), "{name}: {}", reply.text());
    }
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn a_name_in_any_script_is_found_in_the_text_of_a_finished_file() {
    let app = TestApp::start().await;
    let written = "Łucka, (Ŵyrion); “Élodie” Nguyễn Тестова Ώρια Ścisła-Żak";
    let term = json!({ "text": format!("You must not write of {written}."), "necessity": "Did." });
    let request = set(interim(), "/prohibitions/0", term);
    let reply = app.post("/v1/previews/interim-orders", &request).pdf().send().await.expect(200);
    let content = said(&reply.body).content;
    for name in ["Łucka", "W\u{302}yrion", "Élodie", "Nguyễn", "Тестова", "Ώρια", "Ścisła", "Żak"]
    {
        let hidden_name = Some(Sensitive::new(format!("Qqx {name}")));
        let person = Confidences { reference: 'A', hidden_name, ..Confidences::default() };
        let secrets = Secrets::of(&[person], &[], &|_| false);
        assert!(secrets.in_text(&content).is_some(), "{name} in {content}");
    }
}

#[tokio::test]
async fn an_order_to_the_last_day_of_the_calendar_is_made() {
    let app = TestApp::start().await;
    let request = set(full(), "/duration/end_date", "9999-12-31".into());
    sent(&app, FULL, &request).await.expect(201);
    let request =
        set(without(full(), "/replaces_interim"), "/duration/end_date", "9999-12-30".into());
    app.post(FULL, &request).key("k").send().await.expect(201);
}
