//! A running server and its certificates over time, before real services: a certificate that is
//! revoked signs nothing more, many orders at once ask one question, and evidence is renewed before
//! it ages, never early, also after a restart.

use std::sync::Arc;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use spo::clock::Clock;
use spo::issue::Role;
use spo::sign::Certificate;
use spo::sign::keyring::{Keyring, Refreshed};

use crate::evidence;
use crate::harness::{Folder, NOW, Reply, Services, TestApp, full, interim, now, problem_names};
use crate::timestamps::{LASTING, document, file, keyring_of, raise, verdict};

/// B-B, and nothing is made of it.
const BARE: &str = "level = \"B-B\"";

/// Asks for an order which must be refused for its certificate, and holds that nothing is kept.
async fn refused(app: &TestApp, key: &str) {
    let before = app.rows().await;
    let call = app.post("/v1/interim-orders", &interim()).key(key);
    let reply = call.send_unchecked().await.expect(503);
    assert_eq!(problem_names(&reply), "certificate_invalid");
    assert!(reply.header("retry-after").is_some());
    assert_eq!(app.rows().await, before, "a refusal keeps nothing");
    assert!(before.len() > 8 && before["document"] < 20, "{before:?}");
    let metrics = app.get("/metrics").send().await.expect(200).body;
    let metrics = String::from_utf8(metrics).unwrap();
    assert!(metrics.contains("refusals_total{reason=\"certificate_revoked\"}"), "{metrics}");
    app.post("/v1/previews/interim-orders", &interim()).send().await.expect(200);
}

#[tokio::test]
async fn a_certificate_that_its_responder_calls_revoked_signs_no_order_at_any_level() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    for (level, urls) in [(BARE, vec![]), (LASTING, vec![services.timestamps("tsa")])] {
        let folder = Folder::new();
        let keys = keyring_of((&services, "seal-revoked"), folder.path(), &urls, level).await;
        let app = TestApp::sealing(Arc::new(keys)).await;
        refused(&app, "k").await;
        refused(&app, "k").await;
        assert_eq!(app.count_orders().await, 0);
    }
}

#[tokio::test]
async fn a_certificate_that_is_revoked_while_the_server_runs_signs_until_then_and_another_after() {
    let Some(services) = Services::alone(NOW) else { return };
    let folder = Folder::new();
    // Revoked an hour from now.
    let keys = keyring_of((&services, "seal-revoked-now"), folder.path(), &[], BARE).await;
    let keys = Arc::new(keys);
    let app = TestApp::sealing(Arc::clone(&keys)).await;
    let post = |key: &'static str| app.post("/v1/interim-orders", &interim()).key(key).send();
    let order = post("a").await.expect(201);
    move_to(&app, &services, now() + SignedDuration::from_mins(59)).await;
    post("b").await.expect(201);
    move_to(&app, &services, now() + SignedDuration::from_hours(2)).await;
    refused(&app, "c").await;
    file(&app, &order).await.expect(200);
    // The same request, once another key signs.
    let at = app.clock.now();
    drop(keyring_of((&services, "seal-other"), folder.path(), &[], BARE).await);
    assert!(matches!(keys.refresh(at).await, Refreshed::Taken));
    let signed = post("c").await.expect(201).json();
    assert_eq!(signed["document"]["signature"]["signer"], "Fictional seal other", "{signed}");
    assert_eq!(app.count_orders().await, 3);
}

async fn move_to(app: &TestApp, services: &Services, at: Timestamp) {
    app.clock.set(at);
    services.moved(at).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_at_once_ask_a_responder_once_about_each_certificate() {
    let Some(services) = Services::alone(NOW) else { return };
    let folder = Folder::new();
    let keys = keyring_of((&services, "seal-p256"), folder.path(), &[], BARE).await;
    let app = TestApp::sealing(Arc::new(keys)).await;
    let orders = (0..6)
        .map(|number| app.post("/v1/interim-orders", &interim()).key(&format!("k{number}")).send());
    for order in join_all(orders).await {
        order.expect(201);
    }
    // The seal's own, and that of the authority between.
    assert_eq!(services.asked("/ocsp/issuing").await, 1);
    assert_eq!(services.asked("/ocsp/root").await, 1);
    assert_eq!(services.asked("/crls/").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_ask_the_same_at_once_are_one_question_answered_or_not() {
    let Some(services) = Services::alone(NOW) else { return };
    let asked = evidence::evidence(&services, &[]);
    let good = evidence::signer(&services, "seal-p256");
    // No two at quite the same instant.
    let millis = |number| now() + SignedDuration::from_millis(number);
    let all = join_all((0..40).map(|number| asked.good(good.chain(), millis(number)))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(services.asked("/ocsp/").await, 2);
    let revoked = evidence::signer(&services, "seal-revoked");
    let all = join_all((0..40).map(|_| asked.good(revoked.chain(), now()))).await;
    assert!(all.iter().all(Result::is_err), "{all:?}");
    assert_eq!(services.asked("/ocsp/").await, 3);
}

/// How many document timestamps a file holds behind its seal, which must be whole and trusted as
/// they are.
async fn stamps(app: &TestApp, order: &Reply) -> (usize, Vec<u8>) {
    let pdf = file(app, order).await.expect(200).body;
    let checked = verdict(app, &pdf).await;
    let signatures = checked["signatures"].as_array().unwrap();
    for one in signatures {
        assert_eq!((&one["integrity"], &one["trust"]), (&"intact".into(), &"trusted".into()));
    }
    assert_eq!(signatures[0]["level"], "B-LTA", "{checked}");
    (signatures.len() - 1, pdf)
}

/// A keyring that lasts, by these services.
async fn lasting(services: &Services, folder: &Folder) -> Arc<Keyring> {
    let urls = [services.timestamps("tsa")];
    let keys = keyring_of((services, "seal-p256"), folder.path(), &urls, LASTING).await;
    Arc::new(keys)
}

#[tokio::test]
async fn lasting_evidence_is_renewed_before_it_ages_never_early_and_after_a_restart_too() {
    let Some(services) = Services::alone(NOW) else { return };
    let folder = Folder::new();
    let app = TestApp::sealing(lasting(&services, &folder).await).await;
    let order = app.post("/v1/full-orders", &full()).key("k").send().await.expect(201);
    let documents = order.json()["documents"].as_array().unwrap().len();
    raise(&app).await;
    let (count, first) = stamps(&app, &order).await;
    assert_eq!(count, 1);
    // The timestamp proves by itself until its certificate ends; a quarter of that is left over.
    let pem = std::fs::read_to_string(services.certificate("tsa")).unwrap();
    let end = Certificate::from_pem(&pem).unwrap().not_after();
    let due = end - end.duration_since(app.clock.now()) / 4;
    let (day, half) = (SignedDuration::from_hours(24), due.duration_since(app.clock.now()) / 2);
    assert!(half > day * 365);
    for early in [due - half, due - day] {
        move_to(&app, &services, early).await;
        assert_eq!(app.issuer.raise_evidence().await.unwrap(), 0, "{early}");
    }
    // The schedule is the store's: a new process keeps it.
    let app = app.restarted(lasting(&services, &folder).await).await;
    assert_eq!(app.issuer.raise_evidence().await.unwrap(), 0, "not early after a restart");
    let asked = services.asked("/tsa/").await;
    move_to(&app, &services, due + day).await;
    assert_eq!(app.issuer.raise_evidence().await.unwrap(), documents);
    assert_eq!(services.asked("/tsa/").await, asked + documents, "a timestamp each");
    assert_eq!(app.issuer.raise_evidence().await.unwrap(), 0, "once");
    let mut app = app.restarted(lasting(&services, &folder).await).await;
    assert_eq!(app.issuer.raise_evidence().await.unwrap(), 0, "once, whoever looks");
    app.secret = app.key("later", &Role::ALL).await;
    let (count, renewed) = stamps(&app, &order).await;
    assert_eq!(count, 2);
    assert!(renewed.starts_with(&first), "what stood before is not touched");
    let told = document(&app, &order).await;
    assert_eq!(told["signature"]["level"], "B-LTA", "{told}");
    let behind = app.get("/health/signing").send().await.expect(200).json()["evidence"].clone();
    assert_eq!(behind["due"].as_u64().unwrap_or(0), 0, "{behind}");
}
