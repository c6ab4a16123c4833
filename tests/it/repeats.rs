//! Idempotency: the same request again gives the first answer again, and makes nothing.

use std::io::Write;
use std::time::Duration;

use jiff::SignedDuration;
use spo::http::Limits;
use spo::issue::Role;

use crate::harness::{Reply, TestApp, full, interim, keyed, problem_names};

#[tokio::test]
async fn a_creating_call_without_a_usable_key_is_refused() {
    let app = TestApp::start().await;
    let documents = "/v1/orders/ord_019a9b2c-0000-7000-8000-000000000001/documents";
    for path in ["/v1/interim-orders", "/v1/full-orders", "/v1/variation-requests", documents] {
        let reply = app.post(path, &interim()).send().await.expect(400);
        assert_eq!(problem_names(&reply), "idempotency_key_missing", "{path}");
    }
    let long = "k".repeat(256);
    for key in ["", "a b", "caf\u{e9}", long.as_str()] {
        let reply = app.post("/v1/interim-orders", &interim()).key(key).send().await.expect(400);
        assert_eq!(problem_names(&reply), "idempotency_key_missing", "{key}");
    }
    let longest = "k".repeat(255);
    app.post("/v1/interim-orders", &interim()).key(&longest).send().await.expect(201);
}

#[tokio::test]
async fn the_same_request_gives_the_first_answer_in_either_form() {
    let app = TestApp::start().await;
    let post = || app.post("/v1/interim-orders", &interim()).key("k1");
    let json = post().send().await.expect(201);
    assert_eq!(json.header("idempotent-replayed"), None);
    app.clock.advance(SignedDuration::from_hours(24 * 3));
    let pdf = post().pdf().send().await.expect(201);
    for again in [post().send().await, post().accept("application/json").send().await] {
        let again = again.expect(201);
        assert_eq!(again.body, json.body);
        assert_eq!(again.header("location"), json.header("location"));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
    }
    assert_eq!(pdf.header("idempotent-replayed"), Some("true"));
    let document = pdf.header("content-location").unwrap();
    assert_eq!(app.get(document).pdf().send().await.body, pdf.body);
    assert_eq!(post().pdf().send().await.body, pdf.body);
    assert_eq!(app.count_orders().await, 1);
}

#[tokio::test]
async fn the_same_request_for_a_copy_makes_one_copy_whatever_time_goes_by() {
    let app = TestApp::start().await;
    let order = app.post("/v1/interim-orders", &interim()).key("k").send().await.expect(201);
    let path = format!("{}/documents", order.header("location").unwrap());
    let sheet = serde_json::json!({ "kind": "police_sheet", "even_pages": true });
    let post = || app.post(&path, &sheet).key("k1");
    let (one, two) = tokio::join!(post().send(), post().send());
    let (first, late) = if one.status == 201 { (one, two) } else { (two, one) };
    let first = first.expect(201);
    assert!(late.status == 409 || late.body == first.body, "{}", late.text());
    app.clock.advance(SignedDuration::from_hours(24 * 3));
    let again = post().send().await.expect(201);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.body, first.body);
    let listed = app.get(&path).send().await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_key_stands_for_one_body_one_path_and_one_caller() {
    let app = TestApp::start().await;
    app.post("/v1/interim-orders", &interim()).key("k1").send().await.expect(201);
    let other_body = app.post("/v1/interim-orders", &keyed(interim(), "OTHER")).key("k1");
    let other_path = app.post("/v1/full-orders", &full()).key("k1");
    for reply in [other_body.send().await, other_path.send().await] {
        assert_eq!(problem_names(&reply.expect(422)), "idempotency_key_reused");
    }
    assert_eq!(app.count_orders().await, 1);
    let other = app.key("other", &[Role::Issue, Role::Read]).await;
    let theirs = app.post("/v1/interim-orders", &interim()).key("k1").signed_in(&other);
    let theirs = theirs.send().await.expect(201);
    assert_eq!(theirs.header("idempotent-replayed"), None);
    assert_eq!(app.count_orders().await, 2);
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let app = TestApp::start().await;
    let faulty = crate::harness::without(interim(), "/hearing");
    app.post("/v1/interim-orders", &faulty).key("k1").send().await.expect(422);
    app.post("/v1/interim-orders", &interim()).key("k1").send().await.expect(201);
}

#[tokio::test]
async fn one_key_sent_twenty_times_at_once_makes_one_order() {
    let app = TestApp::start().await;
    let request = interim();
    let one = || async {
        loop {
            let reply = app.post("/v1/interim-orders", &request).key("same").send().await;
            if reply.status != 409 {
                return reply.expect(201);
            }
            assert_eq!(problem_names(&reply), "still_running");
            assert!(reply.header("retry-after").is_some());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let replies = futures_util::future::join_all((0..20).map(|_| one())).await;
    let first = replies.iter().filter(|reply| reply.header("idempotent-replayed").is_none());
    assert_eq!(first.count(), 1);
    assert!(replies.iter().all(|reply| reply.body == replies[0].body));
    assert_eq!(app.count_orders().await, 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_finds_one_order_under_the_key() {
    let app = TestApp::start().await;
    let body = serde_json::to_string(&interim()).unwrap();
    for _ in 0..5 {
        let mut stream = std::net::TcpStream::connect(app.address).unwrap();
        write!(
            stream,
            "POST /v1/interim-orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
             Idempotency-Key: gone\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            app.secret,
            body.len()
        )
        .unwrap();
        tokio::time::sleep(Duration::from_millis(3)).await;
        drop(stream);
    }
    let mut reply = app.post("/v1/interim-orders", &interim()).key("gone").send().await;
    for _ in 0..100 {
        if reply.status != 409 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        reply = app.post("/v1/interim-orders", &interim()).key("gone").send().await;
    }
    reply.expect(201);
    assert_eq!(app.count_orders().await, 1);
}

#[tokio::test]
async fn a_request_that_takes_too_long_says_that_its_outcome_is_not_known() {
    let app = TestApp::with(Limits { request_time: Duration::ZERO, ..Limits::default() }).await;
    let reply = late(&app, "/v1/interim-orders").await;
    assert_eq!(problem_names(&reply), "outcome_unknown");
    assert_eq!(reply.header("retry-after"), Some("5"));
    for path in ["/v1/validations/interim-orders", "/v1/previews/interim-orders"] {
        let reply = late(&app, path).await;
        assert_eq!(problem_names(&reply), "unavailable", "nothing is in doubt");
        assert!(!reply.text().contains("Idempotency-Key"), "{}", reply.text());
    }
}

/// A late answer: where the machine is busy, the work may be done before its clock is looked at.
async fn late(app: &TestApp, path: &str) -> Reply {
    for turn in 0..100 {
        let call = app.post(path, &interim()).key(&format!("{path}-{turn}"));
        let reply = call.send_unchecked().await;
        if reply.status == 503 {
            return reply;
        }
    }
    panic!("{path} was in time a hundred times")
}
