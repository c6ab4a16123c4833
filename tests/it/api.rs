//! The journeys of a caller: what is issued comes back byte for byte, in each form, whole and in
//! parts.

use jiff::SignedDuration;
use serde_json::{Value, json};
use spo::http::Limits;

use crate::harness::{
    CANARIES, Reply, TestApp, full, interim, keyed, problem_names, rules, said, set, variation,
    without,
};

/// Issues an order and gives its answer.
async fn issued(app: &TestApp, path: &str, request: &Value, key: &str) -> Value {
    app.post(path, request).key(key).send().await.expect(201).json()
}

fn text(json: &Value, pointer: &str) -> String {
    let found = json.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no text at {pointer} in {json}")).to_owned()
}

#[tokio::test]
async fn an_interim_order_is_issued_and_read_back_byte_for_byte() {
    let app = TestApp::start().await;
    let made = app.post("/v1/interim-orders", &interim()).key("k1").pdf().send().await.expect(201);
    assert!(made.body.starts_with(b"%PDF-"));
    assert_eq!(made.header("content-type"), Some("application/pdf"));
    let document = made.header("content-location").unwrap().to_owned();
    let order = made.header("location").unwrap().to_owned();
    assert!(document.starts_with("/v1/documents/doc_") && order.starts_with("/v1/orders/ord_"));

    let read = app.get(&document).pdf().send().await.expect(200);
    assert_eq!(read.body, made.body);
    assert_eq!(read.header("repr-digest"), made.header("repr-digest"));
    let json = app.get(&document).send().await.expect(200).json();
    assert_eq!(text(&json, "/sha256"), sha256(&made.body));
    assert_eq!(json["bytes"], made.body.len());
    let order = app.get(&order).send().await.expect(200).json();
    assert_eq!(order["document"]["id"], json["id"]);
    assert_eq!(order["status"], "in_force");
    assert_eq!(order["served"], "no");
}

#[tokio::test]
async fn a_full_order_in_json_has_its_terms_numbered_and_nothing_confidential() {
    let app = TestApp::start().await;
    let order = issued(&app, "/v1/full-orders", &full(), "k1").await;
    let numbers: Vec<&str> =
        order["terms"].as_array().unwrap().iter().map(|t| t["number"].as_str().unwrap()).collect();
    let prohibitions = full()["prohibitions"].as_array().unwrap().len();
    assert_eq!(numbers[0], "P1");
    assert_eq!(numbers[prohibitions], "R1");
    for forbidden in ["necessity", "confidential", "protected_persons"] {
        assert!(!order.to_string().contains(&format!("\"{forbidden}\"")), "{forbidden}");
    }
    let pdf =
        app.get(&format!("/v1/documents/{}", text(&order, "/document/id"))).pdf().send().await;
    let read = said(&pdf.body);
    let said = format!("{}{}", read.content, read.strings.join("\n"));
    for canary in CANARIES {
        assert!(!said.contains(canary), "the document says {canary}");
    }
    assert!(said.contains("N.T.M."), "the printed name is there");
}

#[tokio::test]
async fn a_variation_request_names_a_stored_order_and_is_signed() {
    let app = TestApp::start().await;
    let order = text(&issued(&app, "/v1/full-orders", &full(), "k1").await, "/id");
    let asked = issued(&app, "/v1/variation-requests", &variation(&order), "k2").await;
    assert_eq!(asked["state"], "open");
    assert_eq!(text(&asked, "/order_id"), order);
    let id = text(&asked, "/id");
    let read = app.get(&format!("/v1/variation-requests/{id}")).send().await.expect(200).json();
    assert_eq!(read["document"], asked["document"]);
    let document = format!("/v1/documents/{}", text(&asked, "/document/id"));
    let pdf = app.get(&document).pdf().send().await.expect(200);
    assert!(pdf.body.windows(10).any(|bytes| bytes == b"/ByteRange"));
    let all = app.get(&format!("/v1/orders/{order}/documents")).send().await.expect(200).json();
    let kinds: Vec<_> = all["items"].as_array().unwrap().iter().map(|d| text(d, "/kind")).collect();
    assert_eq!((kinds.len(), kinds[5].as_str()), (6, "variation_request"));
    assert_eq!(app.get(&format!("/v1/orders/{order}")).send().await.json()["version"], 1);
}

#[tokio::test]
async fn a_variation_request_about_no_order_is_refused_by_name() {
    let app = TestApp::start().await;
    let request = variation("ord_019a9b2c-0000-7000-8000-000000000001");
    let reply = app.post("/v1/variation-requests", &request).key("k").send().await.expect(422);
    assert!(rules(&reply).contains(&("unknown_order".into(), "/order_id".into())));
}

#[tokio::test]
async fn a_document_is_read_in_parts_and_again_only_when_it_is_another() {
    let app = TestApp::start().await;
    let made = issued(&app, "/v1/interim-orders", &interim(), "k1").await;
    let path = format!("/v1/documents/{}", text(&made, "/document/id"));
    let get = || app.get(&path).pdf();
    let whole = get().send().await.expect(200);
    let etag = whole.header("etag").unwrap().to_owned();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert!(!etag.starts_with("W/"));

    get().header("if-none-match", &etag).send().await.expect(304);
    get().header("if-none-match", "\"other\"").send().await.expect(200);
    get().header("if-match", "\"other\"").send().await.expect(412);
    let part = get().header("range", "bytes=5-14").send().await.expect(206);
    assert_eq!(part.body, whole.body[5..15]);
    let range = format!("bytes 5-14/{}", whole.body.len());
    assert_eq!(part.header("content-range"), Some(range.as_str()));
    let tail = get().header("range", "bytes=-6").header("if-range", &etag).send().await.expect(206);
    assert_eq!(tail.body, whole.body[whole.body.len() - 6..]);
    let other = get().header("range", "bytes=0-1").header("if-range", "\"x\"").send().await;
    assert_eq!(other.expect(200).body, whole.body);
    let beyond = get().header("range", "bytes=99999999-").send().await.expect(416);
    let length = format!("bytes */{}", whole.body.len());
    assert_eq!(beyond.header("content-range"), Some(length.as_str()));
    let head = app.call("HEAD", &path).pdf().send().await.expect(200);
    assert_eq!(head.header("content-length"), Some(whole.body.len().to_string().as_str()));
    assert!(head.body.is_empty());
}

#[tokio::test]
async fn a_pdf_says_nothing_of_people_in_its_headers() {
    let app = TestApp::start().await;
    let made = app.post("/v1/interim-orders", &interim()).key("k1").pdf().send().await.expect(201);
    let name = made.header("content-disposition").unwrap();
    assert!(name.starts_with("attachment; filename=\"") && name.ends_with(".pdf\""), "{name}");
    let head = format!("{:?}", made.headers);
    for person in ["Rhodri", "Ffug", "Example", "Siân", "13AB"] {
        assert!(!head.contains(person), "{person} in {head}");
    }
}

#[tokio::test]
async fn previews_are_drafts_that_nobody_signed_and_nobody_keeps() {
    let app = TestApp::start().await;
    let order = text(&issued(&app, "/v1/full-orders", &full(), "k1").await, "/id");
    let cases = [
        ("/v1/previews/interim-orders", interim()),
        ("/v1/previews/full-orders", full()),
        ("/v1/previews/variation-requests", variation(&order)),
    ];
    for (path, request) in cases {
        let draft = app.post(path, &request).pdf().send().await.expect(200);
        assert!(draft.body.starts_with(b"%PDF-"));
        for mark in [&b"/ByteRange"[..], b"/Sig"] {
            assert!(!draft.body.windows(mark.len()).any(|bytes| bytes == mark), "{path}");
        }
        let read = said(&draft.body);
        assert!(!read.pages.is_empty());
        assert!(read.pages.iter().all(|page| page.contains("DRAFT")), "{path}: {:?}", read.pages);
        let json = app.post(path, &request).accept("application/json").send().await.expect(200);
        assert_eq!(json.json()["pages"], read.pages.len());
    }
    assert_eq!(app.count_orders().await, 1);
}

#[tokio::test]
async fn validations_list_errors_and_warnings_and_store_nothing() {
    let app = TestApp::start().await;
    let clean = app.post("/v1/validations/full-orders", &full()).send().await.expect(200).json();
    assert_eq!(clean["errors"], json!([]));
    let faulty = set(interim(), "/duration/end_date", "2026-11-01".into());
    let faulty = set(faulty, "/respondent/date_of_birth", "2030-01-01".into());
    let found = app.post("/v1/validations/interim-orders", &faulty).send().await.expect(200).json();
    let named: Vec<&str> =
        found["errors"].as_array().unwrap().iter().map(|e| e["rule"].as_str().unwrap()).collect();
    assert!(named.contains(&"interim_end_before_made"), "{named:?}");
    assert!(named.contains(&"date_of_birth_invalid"), "{named:?}");
    let long = set(interim(), "/duration/end_date", "2027-11-16".into());
    let found = app.post("/v1/validations/interim-orders", &long).send().await.expect(200).json();
    assert_eq!(found["warnings"][0]["rule"], "interim_period_long");
    assert_eq!(found["warnings"][0]["severity"], "warning");
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn all_faults_of_shape_and_law_come_at_once_with_their_pointers() {
    let app = TestApp::start().await;
    let request = set(interim(), "/colour", "red".into());
    let request = without(request, "/hearing");
    let request = set(request, "/court/sitting", "moot".into());
    let request = set(request, "/findings/appropriate", "yes".into());
    let request = set(request, "/applicant/force", "atlantis".into());
    let request = set(request, "/duration/end_date", "2026-11-01".into());
    let reply = app.post("/v1/interim-orders", &request).key("k").send().await.expect(422);
    let found = rules(&reply);
    for (rule, pointer) in [
        ("unknown_field", "/colour"),
        ("missing_field", "/hearing"),
        ("not_one_of", "/court/sitting"),
        ("wrong_type", "/findings/appropriate"),
        ("unknown_force", "/applicant/force"),
        ("interim_end_before_made", "/duration/end_date"),
    ] {
        assert!(found.contains(&(rule.into(), pointer.into())), "{rule} {pointer}: {found:?}");
    }
    for fault in reply.json()["errors"].as_array().unwrap() {
        assert!(!fault["message"].as_str().unwrap().is_empty());
        assert!(!fault["remedy"].as_str().unwrap().is_empty());
    }
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn a_warning_stops_an_order_until_it_is_acknowledged() {
    let app = TestApp::start().await;
    let long = set(interim(), "/duration/end_date", "2027-11-16".into());
    let refused = app.post("/v1/interim-orders", &long).key("k").send().await.expect(422);
    let (rule, pointer) = rules(&refused).remove(0);
    assert_eq!(rule, "interim_period_long");
    let acknowledged = json!([
        { "rule": rule, "pointer": pointer, "reason": "The trial is listed late." },
        { "rule": "many_terms", "pointer": "/prohibitions", "reason": "Nothing to match." },
    ]);
    let request = set(long, "/acknowledged", acknowledged);
    let made = issued(&app, "/v1/interim-orders", &request, "k").await;
    assert_eq!(made["acknowledged"].as_array().unwrap().len(), 1);
    assert_eq!(made["acknowledged"][0]["reason"], "The trial is listed late.");
    assert_eq!(made["unused_acknowledgements"], json!(["/acknowledged/1"]));
}

#[tokio::test]
async fn a_list_goes_on_where_its_link_says_and_ends() {
    let app = TestApp::start().await;
    let mut made = Vec::new();
    for index in 0..5 {
        let request = keyed(interim(), &format!("REF{index}"));
        made.push(text(
            &issued(&app, "/v1/interim-orders", &request, &format!("k{index}")).await,
            "/id",
        ));
    }
    let mut seen = Vec::new();
    let mut next = Some("/v1/orders?limit=2".to_owned());
    while let Some(path) = next {
        let page = app.get(&path).send().await.expect(200);
        let items = page.json()["items"].as_array().unwrap().clone();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| text(item, "/id")));
        next = page.header("link").map(|link| link[1..link.find('>').unwrap()].to_owned());
    }
    assert_eq!(seen, made);
    let none = app.get("/v1/orders?force=kent").send().await.expect(200).json();
    assert_eq!(none["items"], json!([]));
    let all = app.get("/v1/orders?status=in_force&made_from=2026-11-01").send().await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 5);
    app.clock.advance(SignedDuration::from_hours(24 * 120));
    let expired = app.get("/v1/orders?status=expired").send().await.json();
    assert_eq!(expired["items"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn an_interim_order_that_a_full_one_replaced_has_ended_everywhere() {
    let app = TestApp::start().await;
    let id = text(&issued(&app, "/v1/interim-orders", &interim(), "k1").await, "/id");
    let replacing = without(full(), "/requirements/4/until");
    let mut replacing = set(replacing, "/replaces_interim", json!({ "order_id": id }));
    for part in ["respondent", "applicant", "made_on"] {
        replacing[part] = interim()[part].clone();
    }
    let replacing = without(replacing, "/requirements/4/until");
    issued(&app, "/v1/full-orders", &replacing, "k2").await;
    let order = app.get(&format!("/v1/orders/{id}")).send().await.expect(200).json();
    assert_eq!(order["status"], "ended_by_full_order");
    assert_eq!(order["ends_on"], interim()["made_on"]);
    let terms = order["terms"].as_array().unwrap();
    assert!(terms.iter().all(|term| term["state"] == "ended"), "{terms:?}");
    for (status, found) in [
        ("in_force", 1),
        ("expired", 0),
        ("ended_by_full_order", 1),
        ("discharged", 0),
        ("ended_by_determination", 0),
        ("quashed", 0),
    ] {
        let path = format!("/v1/orders?status={status}");
        let listed = app.get(&path).send().await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), found, "{status}");
    }
}

#[tokio::test]
async fn an_order_is_found_by_what_stands_in_a_body_never_in_an_address() {
    let app = TestApp::start().await;
    let id = text(&issued(&app, "/v1/interim-orders", &interim(), "k1").await, "/id");
    let hits = [
        json!({ "family_name": "FFUG-EXAMPLE" }),
        json!({ "case_reference": "13AB0042126" }),
        json!({ "date_of_birth": "1987-03-14", "given_names": "Rhodri Testament" }),
    ];
    for search in hits {
        let found = app.post("/v1/order-searches", &search).send().await.expect(200).json();
        assert_eq!(found["items"][0]["id"], id, "{search}");
    }
    let miss = json!({ "family_name": "Ffug" });
    let found = app.post("/v1/order-searches", &miss).send().await.expect(200).json();
    assert_eq!(found["items"], json!([]));
    let faulty = json!({ "surname": "x", "date_of_birth": "May" });
    let reply = app.post("/v1/order-searches", &faulty).send().await.expect(422);
    let named = [("bad_format", "/date_of_birth"), ("unknown_field", "/surname")];
    assert_eq!(rules(&reply), named.map(|(rule, at)| (rule.to_owned(), at.to_owned())));
    for path in ["/v1/orders?family_name=Ffug", "/v1/orders/x?dob=1987-03-14"] {
        app.get(path).send().await.expect(400);
    }
}

#[tokio::test]
async fn versions_events_and_reference_data_are_read() {
    let app = TestApp::start().await;
    let order = text(&issued(&app, "/v1/interim-orders", &interim(), "k1").await, "/id");
    let at = |end: &str| format!("/v1/orders/{order}{end}");
    let versions = app.get(&at("/versions")).send().await.expect(200).json();
    assert_eq!(versions["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.get(&at("/versions/1")).send().await.expect(200).json()["version"], 1);
    for none in
        ["/versions/2", "/versions/0", "/versions/01", "/versions/x", "/versions/99999999999"]
    {
        app.get(&at(none)).send().await.expect(404);
    }
    let events = app.get(&at("/events")).send().await.expect(200).json();
    assert_eq!(events["items"][0]["what"], "order.issued");
    assert_eq!(events["items"][0]["who"], "all");
    for (path, least) in [("clauses", 10), ("courts", 1), ("forces", 45), ("editions", 3)] {
        let list = app.get(&format!("/v1/{path}")).send().await.expect(200).json();
        assert!(list["items"].as_array().unwrap().len() >= least, "{path}: {list}");
    }
    let me = app.get("/v1/me").send().await.expect(200).json();
    assert_eq!((me["name"].as_str(), me["mode"].as_str()), (Some("all"), Some("test")));
}

#[tokio::test]
async fn an_order_carries_a_tag_that_tells_whether_it_changed() {
    let app = TestApp::start().await;
    let made = issued(&app, "/v1/interim-orders", &interim(), "k1").await;
    let path = format!("/v1/orders/{}", text(&made, "/id"));
    let etag = app.get(&path).send().await.header("etag").unwrap().to_owned();
    let same = app.get(&path).header("if-none-match", &format!("W/{etag}, \"x\"")).send().await;
    assert!(same.expect(304).body.is_empty());
    app.get(&path).header("if-match", &etag).send().await.expect(200);
    app.get(&path).header("if-match", "\"stale\"").send().await.expect(412);
}

#[tokio::test]
async fn every_refusal_is_a_problem_with_its_name() {
    let app = TestApp::start().await;
    let post = || app.post("/v1/interim-orders", &interim()).key("k");
    let refused: Vec<(Reply, u16, &str)> = vec![
        (app.get("/v1/nothing").send().await, 404, "not_found"),
        (app.get("/v1/orders/").send().await, 404, "not_found"),
        (app.get("/v1/orders/ord_1").send().await, 404, "not_found"),
        (app.call("PUT", "/v1/orders").send().await, 405, "method_not_allowed"),
        (app.call("DELETE", "/v1/interim-orders").send().await, 405, "method_not_allowed"),
        (app.call("TRACE", "/v1/orders").send().await, 405, "method_not_allowed"),
        (app.call("OPTIONS", "/v1/orders").send().await, 405, "method_not_allowed"),
        (post().accept("text/html").send().await, 406, "not_acceptable"),
        (post().header("content-type", "text/plain").send().await, 415, "unsupported_media_type"),
        (post().header("content-encoding", "gzip").send().await, 415, "unsupported_media_type"),
        (post().bytes("{").send().await, 400, "malformed_json"),
        (post().bytes("").send().await, 400, "malformed_json"),
        (post().bytes("[]").send().await, 422, "invalid"),
        (post().bytes(vec![b' '; (1 << 20) + 1]).send().await, 413, "too_large"),
        (app.get("/v1/orders?limit=0").send().await, 400, "query_invalid"),
        (app.get("/v1/orders?limit=1&limit=1").send().await, 400, "query_invalid"),
        (app.get("/v1/me?x=1").send().await, 400, "query_unknown"),
        (app.get(&format!("/v1/{}", "x".repeat(3000))).send().await, 414, "address_too_long"),
        (
            app.get("/v1/me").header("x-long", &"x".repeat(20_000)).send().await,
            431,
            "head_too_large",
        ),
    ];
    for (reply, status, name) in refused {
        let reply = reply.expect(status);
        assert_eq!(problem_names(&reply), name, "{} {}", reply.method, reply.path);
        assert_eq!(reply.header("allow").is_some(), status == 405);
    }
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn no_header_overrides_a_method() {
    let app = TestApp::start().await;
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        app.get("/v1/orders").header(name, "DELETE").send().await.expect(200);
        app.call("DELETE", "/v1/orders").header(name, "GET").send().await.expect(405);
    }
}

#[tokio::test]
async fn a_request_id_and_a_trace_come_back_and_a_hostile_one_does_not() {
    let app = TestApp::start().await;
    let reply = app.get("/v1/me").header("x-request-id", "court-7.A").send().await;
    assert_eq!(reply.header("x-request-id"), Some("court-7.A"));
    let hostile = app.get("/v1/me").header("x-request-id", "a b<script>").send().await;
    assert!(!hostile.header("x-request-id").unwrap().contains('<'));
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let reply = app.get("/v1/me").header("traceparent", trace).send().await;
    assert!(reply.header("traceparent").unwrap().contains("4bf92f3577b34da6a3ce929d0e0e4736"));
    let order = text(
        &app.post("/v1/interim-orders", &interim())
            .key("k")
            .header("x-request-id", "named-1")
            .send()
            .await
            .expect(201)
            .json(),
        "/id",
    );
    let events = app.get(&format!("/v1/orders/{order}/events")).send().await.json();
    assert_eq!(events["items"][0]["request_id"], "named-1");
}

#[tokio::test]
async fn too_much_at_once_is_refused_with_the_time_to_wait() {
    let app = TestApp::with(Limits { under_way: 0, ..Limits::default() }).await;
    let reply = app.post("/v1/interim-orders", &interim()).key("k").send_unchecked().await;
    let reply = reply.expect(503);
    assert_eq!(problem_names(&reply), "overloaded");
    assert_eq!(reply.header("retry-after"), Some("1"));
    app.get("/v1/orders").send().await.expect(200);
    app.get("/health/ready").send().await.expect(200);
}

#[tokio::test]
async fn a_document_that_fails_its_check_is_named_and_not_given_out() {
    let app = TestApp::start().await;
    let made = issued(&app, "/v1/interim-orders", &interim(), "k1").await;
    app.tamper(
        "DROP TRIGGER document_bytes_stay;
         UPDATE document_bytes SET bytes = CAST('%PDF-1.7 forged' AS BLOB)",
    )
    .await;
    let path = format!("/v1/documents/{}", text(&made, "/document/id"));
    let reply = app.get(&path).pdf().send_unchecked().await.expect(500);
    assert_eq!(problem_names(&reply), "integrity");
    assert!(!reply.text().contains("forged") && !reply.text().contains("document_bytes"));
    let again = app.post("/v1/interim-orders", &interim()).key("k1").pdf();
    assert_eq!(problem_names(&again.send_unchecked().await.expect(500)), "integrity");
    app.get(&path).send().await.expect(200);
}

#[tokio::test]
async fn health_metrics_and_the_description_answer() {
    let app = TestApp::start().await;
    for path in ["/health/live", "/health/ready"] {
        let reply = app.get(path).anonymous().send().await.expect(200);
        assert_eq!(reply.json()["status"], "ok");
    }
    let signing = app.get("/health/signing").send().await.expect(200).json();
    assert!(text(&signing, "/signer").to_uppercase().contains("TEST"), "{signing}");
    let id = text(&issued(&app, "/v1/interim-orders", &interim(), "k1").await, "/id");
    app.get(&format!("/v1/orders/{id}")).send().await.expect(200);
    let metrics = app.get("/metrics").send().await.expect(200).text();
    assert!(metrics.contains("route=\"/v1/orders/{id}\",method=\"GET\",status=\"200\"} 1"));
    assert!(!metrics.contains("ord_"), "no id stands in a metric");
    let yaml = app.get("/openapi.yaml").send().await.expect(200);
    assert_eq!(yaml.body, spo::http::openapi_yaml().into_bytes());
}

fn sha256(bytes: &[u8]) -> String {
    spo::digest::hex(&spo::digest::sha256(bytes))
}
