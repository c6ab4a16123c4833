//! An order's road with services outside: timestamps that come at once, later or not, evidence
//! added in the background; what the caller is told and what stands in the store each time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;
use spo::sign::keyring::{Keyring, Known, Place};
use tokio::net::TcpListener;

use crate::harness::{Fault, Faulty, Folder, NOW, Reply, Services, TestApp, full, now};

/// A keyring of one key of the services' authority that asks these timestamp services.
async fn keyring(services: &Services, folder: &Path, urls: &[String], profile: &str) -> Keyring {
    keyring_of((services, "seal-p256"), folder, urls, profile).await
}

/// The same of that key of the services.
pub async fn keyring_of(
    (services, name): (&Services, &str),
    folder: &Path,
    urls: &[String],
    profile: &str,
) -> Keyring {
    let (key, passphrase) = (folder.join("seal.p12"), folder.join("seal.pass"));
    std::fs::copy(services.signer(name), &key).unwrap();
    std::fs::write(&passphrase, "fiction").unwrap();
    private(&passphrase);
    let root = services.certificate("root").display().to_string();
    let mut text = format!(
        "[[key]]\nname = \"seal\"\nkind = \"pkcs12\"\nfile = \"seal.p12\"\n\
         passphrase_file = \"seal.pass\"\n\
         [[profile]]\nname = \"all\"\nkeys = [\"seal\"]\n{profile}\n"
    );
    for url in urls {
        text += &format!("[[timestamp]]\nurl = \"{url}\"\nanchors = \"{root}\"\n");
    }
    text += &format!("[trust]\nsigners = [\"{root}\"]\ntimestamps = [\"{root}\"]\n");
    text += "[outside]\nallow_private = true\nmax_clock_difference = 120\n";
    let file = folder.join("keyring.toml");
    std::fs::write(&file, text).unwrap();
    private(&file);
    Keyring::open(place(folder, file), now()).await.unwrap()
}

pub fn place(folder: &Path, file: PathBuf) -> Place {
    Place {
        file,
        named: true,
        authority: folder.join("authority"),
        certificates: folder.join("certificates"),
        production: false,
        known: Known::default(),
        variables: Arc::new(|_| None),
    }
}

pub fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

pub const LASTING: &str = "level = \"B-T\"\nlong_term = \"B-LTA\"";
const HELD: &str = "level = \"B-T\"\nlong_term = \"B-T\"\nwithout_timestamp = \"hold\"";

/// An address where nobody listens.
async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

fn signature(reply: &Reply) -> Value {
    reply.json()["document"]["signature"].clone()
}

pub async fn document(app: &TestApp, order: &Reply) -> Value {
    let id = order.json()["document"]["id"].as_str().unwrap().to_owned();
    app.get(&format!("/v1/documents/{id}")).send().await.expect(200).json()
}

pub async fn file(app: &TestApp, order: &Reply) -> Reply {
    let id = order.json()["document"]["id"].as_str().unwrap().to_owned();
    app.get(&format!("/v1/documents/{id}")).pdf().send_unchecked().await
}

/// Lets half a minute pass and adds what evidence is due, as the service does beside its server.
pub async fn raise(app: &TestApp) -> usize {
    app.clock.advance(SignedDuration::from_secs(35));
    let mut tried = 0;
    loop {
        match app.issuer.raise_evidence().await.unwrap() {
            0 => return tried,
            some => tried += some,
        }
    }
}

pub async fn verdict(app: &TestApp, pdf: &[u8]) -> Value {
    let call = app.call("POST", "/v1/verifications").bytes(pdf).header("content-type", PDF);
    call.send().await.expect(200).json()
}

const PDF: &str = "application/pdf";

#[tokio::test]
async fn an_order_has_its_timestamp_at_once_and_lasting_evidence_soon_after() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let folder = Folder::new();
    let urls = [services.timestamps("tsa")];
    let keys = keyring(&services, folder.path(), &urls, LASTING).await;
    let app = TestApp::sealing(Arc::new(keys)).await;
    let order = app.post("/v1/full-orders", &full()).key("k").send().await.expect(201);
    let told = signature(&order);
    assert_eq!((&told["level"], &told["pending"]), (&"B-T".into(), &"B-LTA".into()), "{told}");
    assert!(told["timestamp"].is_string(), "{told}");
    for each in order.json()["documents"].as_array().unwrap() {
        assert_eq!(each["signature"]["level"], "B-T", "{each}");
    }
    let first = file(&app, &order).await.expect(200);
    assert_eq!(app.issuer.raise_evidence().await.unwrap(), 0, "nothing is due yet");
    assert!(raise(&app).await >= 4);
    let after = document(&app, &order).await;
    assert_eq!(after["signature"]["level"], "B-LTA", "{after}");
    assert_eq!(after["signature"].get("pending"), None);
    let lasting = file(&app, &order).await.expect(200);
    assert!(lasting.body.starts_with(&first.body), "evidence only comes behind what was signed");
    assert_ne!(lasting.header("etag"), first.header("etag"));
    for pdf in [&first.body, &lasting.body] {
        let checked = verdict(&app, pdf).await;
        assert_eq!(checked["verdict"], "current", "{checked}");
        assert_eq!(checked["signatures"][0]["trust"], "trusted", "{checked}");
    }
    let again = app.post("/v1/full-orders", &full()).key("k").pdf().send().await.expect(201);
    assert_eq!(again.body, first.body, "a repeat gets what was first given out");
    // Long after, the proof is renewed before it ages.
    assert_eq!(raise(&app).await, 0);
    let events = format!("/v1/orders/{}/events", order.json()["id"].as_str().unwrap());
    let events = app.get(&events).send().await.expect(200).json();
    let events = events["items"].as_array().unwrap();
    let added = events.iter().filter(|one| one["what"] == "document.evidence_added");
    assert_eq!(added.count(), order.json()["documents"].as_array().unwrap().len());
}

#[tokio::test]
async fn without_a_timestamp_service_an_order_is_given_out_and_stamped_later_on_the_same_signature()
{
    let Some(services) = Services::at(Some(NOW)) else { return };
    let folder = Folder::new();
    let keys = keyring(&services, folder.path(), &[nowhere().await], LASTING).await;
    let keys = Arc::new(keys);
    let app = TestApp::sealing(Arc::clone(&keys)).await;
    let order = app.post("/v1/full-orders", &full()).key("k").send().await.expect(201);
    let told = signature(&order);
    assert_eq!((&told["level"], &told["pending"]), (&"B-B".into(), &"B-LTA".into()), "{told}");
    assert_eq!(told.get("timestamp"), None, "{told}");
    let bare = file(&app, &order).await.expect(200);
    app.clock.advance(SignedDuration::from_secs(30));
    let health = app.get("/health/signing").send().await.expect(200).json();
    assert_eq!(health["status"], "degraded", "{health}");
    let made = order.json()["documents"].as_array().unwrap().len();
    assert_eq!(health["evidence"]["without_timestamp"], made, "{health}");
    assert_eq!(health["services"][0]["host"], "127.0.0.1", "{health}");
    app.clock.advance(SignedDuration::from_secs(-30));
    assert_eq!(verdict(&app, &bare.body).await["verdict"], "current");
    raise(&app).await;
    assert_eq!(document(&app, &order).await["signature"]["level"], "B-B", "it still waits");
    // The service comes back: here, another one takes its place in the keyring.
    let urls = [services.timestamps("tsa")];
    drop(keyring(&services, folder.path(), &urls, LASTING).await);
    let now = spo::clock::Clock::now(&*app.clock);
    assert!(matches!(keys.refresh(now).await, spo::sign::keyring::Refreshed::Taken));
    raise(&app).await;
    assert_eq!(document(&app, &order).await["signature"]["level"], "B-T");
    raise(&app).await;
    let after = document(&app, &order).await;
    assert_eq!(after["signature"]["level"], "B-LTA", "{after}");
    let lasting = file(&app, &order).await.expect(200);
    let (then, later) = (verdict(&app, &bare.body).await, verdict(&app, &lasting.body).await);
    assert_eq!((&then["verdict"], &later["verdict"]), (&"current".into(), &"current".into()));
    let covered = |checked: &Value| checked["signatures"][0]["covered_sha256"].clone();
    assert_eq!(covered(&then), covered(&later), "one signature, never a second");
}

#[tokio::test]
async fn a_document_that_is_held_is_kept_and_given_out_with_its_timestamp() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let folder = Folder::new();
    let keys = Arc::new(keyring(&services, folder.path(), &[nowhere().await], HELD).await);
    let app = TestApp::sealing(Arc::clone(&keys)).await;
    let waits = app.post("/v1/full-orders", &full()).key("k").pdf().send().await.expect(202);
    assert_eq!(waits.json()["document"]["signature"]["held"], true);
    assert_eq!(waits.header("retry-after"), Some("30"));
    assert!(waits.header("location").is_some_and(|at| at.starts_with("/v1/orders/ord_")));
    assert_eq!(app.count_orders().await, 1, "it is kept");
    let order = app.post("/v1/full-orders", &full()).key("k").send().await.expect(201);
    assert_eq!(signature(&order)["held"], true);
    file(&app, &order).await.expect(503);
    drop(keyring(&services, folder.path(), &[services.timestamps("tsa")], HELD).await);
    let now = spo::clock::Clock::now(&*app.clock);
    assert!(matches!(keys.refresh(now).await, spo::sign::keyring::Refreshed::Taken));
    raise(&app).await;
    let given = app.post("/v1/full-orders", &full()).key("k").pdf().send().await.expect(201);
    assert_eq!(given.body, file(&app, &order).await.expect(200).body);
    assert_eq!(app.count_orders().await, 1, "never a second");
    assert_eq!(verdict(&app, &given.body).await["signatures"][0]["level"], "B-T");
}

#[tokio::test]
async fn a_timestamp_service_whose_time_is_far_off_stops_signing_until_clocks_agree() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let folder = Folder::new();
    let urls = [services.timestamps("tsa")];
    let keys = Arc::new(keyring(&services, folder.path(), &urls, LASTING).await);
    let app = TestApp::sealing(Arc::clone(&keys)).await;
    app.clock.advance(SignedDuration::from_hours(1));
    let refused = app.post("/v1/full-orders", &full()).key("k").send_unchecked().await.expect(503);
    assert!(refused.text().contains("urn:spo:problem:clock"), "{}", refused.text());
    assert_eq!(app.count_orders().await, 0, "nothing was kept");
    app.clock.set(now());
    app.post("/v1/full-orders", &full()).key("k").send_unchecked().await.expect(503);
    assert_eq!(app.issuer.raise_evidence().await.unwrap(), 0, "it asks for the time");
    app.post("/v1/full-orders", &full()).key("k").send().await.expect(201);
}

#[tokio::test]
async fn a_first_service_that_never_answers_does_not_hide_the_second() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let silent = Faulty::start(Fault::BlackHole).await;
    let folder = Folder::new();
    let urls = [silent.url.clone(), services.timestamps("tsa")];
    let keys = keyring(&services, folder.path(), &urls, LASTING).await;
    let app = TestApp::sealing(Arc::new(keys)).await;
    let order = app.post("/v1/full-orders", &full()).key("k").send().await.expect(201);
    assert_eq!(signature(&order)["level"], "B-T", "{}", signature(&order));
    let again = silent.came();
    assert!(again > 0);
    // All five documents asked at once; that was enough to let it rest.
    let order = app.post("/v1/full-orders", &full()).key("l").send().await.expect(201);
    assert_eq!((silent.came(), &signature(&order)["level"]), (again, &"B-T".into()));
}

#[tokio::test]
async fn a_damaged_document_does_not_keep_the_others_from_their_evidence() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let folder = Folder::new();
    let urls = [services.timestamps("tsa")];
    let keys = keyring(&services, folder.path(), &urls, LASTING).await;
    let app = TestApp::sealing(Arc::new(keys)).await;
    let order = app.post("/v1/full-orders", &full()).key("k").send().await.expect(201);
    let documents = order.json()["documents"].as_array().unwrap().len();
    app.tamper(
        "DROP TRIGGER document_bytes_stay; UPDATE document_bytes SET bytes = x'00'
        WHERE document_id = (SELECT id FROM document WHERE kind = 'full_order')",
    )
    .await;
    assert!(raise(&app).await >= documents);
    let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
    for one in order.json()["documents"].as_array().unwrap() {
        let now = app.get(&format!("/v1/documents/{}", id(one))).send().await.expect(200).json();
        let damaged = id(one) == id(&order.json()["document"]);
        let level = if damaged { "B-T" } else { "B-LTA" };
        assert_eq!(now["signature"]["level"], level, "{now}");
    }
}

/// What each failure of a timestamp service makes of an order. The table is printed.
#[tokio::test]
async fn conformance_every_failure_of_a_timestamp_service_leaves_an_order_that_says_so() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let says = |body: &[u8]| Fault::Says("application/timestamp-reply", body.to_vec());
    let turned = |from_end| Fault::Turned { service: services.timestamps("tsa"), from_end };
    let faults = [
        ("unreachable", None),
        ("black hole", Some(Fault::BlackHole)),
        ("one byte at a time", Some(Fault::Drip)),
        ("broken off", Some(Fault::Reset)),
        ("status 500", Some(Fault::Status(500))),
        ("sends elsewhere", Some(Fault::Redirect(services.timestamps("tsa")))),
        ("garbage", Some(says(b"no timestamp at all"))),
        ("without end", Some(Fault::Huge("application/timestamp-reply"))),
        ("another nonce", Some(turned(5))),
        ("another imprint", Some(turned(20))),
    ];
    let mut table = String::from("timestamp service | answer | level | pending | store\n");
    for (name, fault) in faults {
        let faulty = match fault {
            Some(fault) => Some(Faulty::start(fault).await),
            None => None,
        };
        let url = match &faulty {
            Some(faulty) => faulty.url.clone(),
            None => nowhere().await,
        };
        let folder = Folder::new();
        let keys = keyring(&services, folder.path(), &[url], LASTING).await;
        let app = TestApp::sealing(Arc::new(keys)).await;
        let order = app.post("/v1/full-orders", &full()).key("k").send().await;
        let told = signature(&order);
        assert_eq!((order.status, &told["level"]), (201, &"B-B".into()), "{name}: {told}");
        assert_eq!(told["pending"], "B-LTA", "{name}");
        let pdf = file(&app, &order).await.expect(200);
        let checked = verdict(&app, &pdf.body).await;
        assert_eq!(checked["verdict"], "current", "{name}: {checked}");
        assert_eq!(checked["signatures"][0]["level"], "B-B", "{name}");
        let kept = app.count_orders().await;
        table += &format!("{name} | {} | B-B | B-LTA | {kept} order, file current\n", order.status);
    }
    let _ = std::io::Write::write_all(&mut std::io::stderr(), table.as_bytes());
}
