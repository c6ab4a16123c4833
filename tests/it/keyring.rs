//! Who signs: keys taken in and rotated under a running server, keyrings with faults, refusals, the
//! start of production; and `spo keys` from outside.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use spo::sign::Certificate;
use spo::sign::authority::Authority;
use spo::sign::keyring::{Asked, Keyring, Standing, Stands};

use crate::harness::{Folder, TestApp, interim, now, problem_names};

/// A data folder with a court's authority that signs as no test authority does.
pub struct Court {
    folder: Folder,
    /// Of every program that it runs.
    pub environment: Vec<(&'static str, String)>,
    root: (rcgen::CertificateParams, rcgen::KeyPair),
    root_der: Vec<u8>,
}

impl Court {
    pub fn new() -> Self {
        let mut params = named("Example Court Root");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
        let key = rcgen::KeyPair::generate().unwrap();
        let root_der = params.self_signed(&key).unwrap().der().to_vec();
        let (folder, environment) = (Folder::new(), Vec::new());
        let court = Self { folder, environment, root: (params, key), root_der };
        std::fs::create_dir_all(court.data()).unwrap();
        court.private("pass", b"invented words\n");
        court
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub fn private(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// A PKCS #12 file of a key whose certificate is valid for a year from so many days ago.
    fn file(&self, name: &str, days_ago: u64) {
        let mut params = named(name);
        let day = Duration::from_secs(86_400);
        let now = u64::try_from(Timestamp::now().as_second()).unwrap();
        let from = Duration::from_secs(now) - day * u32::try_from(days_ago).unwrap();
        params.not_before = rcgen::date_time_ymd(1970, 1, 1) + from;
        params.not_after = params.not_before + day * 365;
        params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
        let key = rcgen::KeyPair::generate().unwrap();
        let issuer = rcgen::Issuer::from_params(&self.root.0, &self.root.1);
        let own = params.signed_by(&key, &issuer).unwrap();
        let chain = [own.der().as_ref(), &self.root_der]
            .map(|der| p12_keystore::Certificate::from_der(der).unwrap());
        let private = p12_keystore::PrivateKey::from_der(&key.serialize_der()).unwrap();
        let chain = p12_keystore::PrivateKeyChain::new(name, private, chain);
        let mut store = p12_keystore::KeyStore::new();
        store.add_entry(name, p12_keystore::KeyStoreEntry::PrivateKeyChain(chain));
        let bytes = store.writer("invented words").write().unwrap();
        self.private(&format!("{name}.p12"), &bytes);
    }

    /// Runs the program: exit code, standard output, standard error.
    pub fn spo(&self, arguments: &[&str], input: &str) -> (i32, String, String) {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let run = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spo"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("SPO_DATA_DIR", self.data());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Takes a key in that was made so many days ago.
    fn import(&self, name: &str, days_ago: u64) {
        self.file(name, days_ago);
        let (file, pass) = (self.path(&format!("{name}.p12")), self.path("pass"));
        let arguments = ["keys", "import", &file, "--name", name, "--passphrase-file", &pass];
        let (code, _, err) = self.spo(&arguments, "");
        assert_eq!(code, 0, "{err}");
    }

    pub fn keyring(&self) -> PathBuf {
        self.data().join("keyring.toml")
    }

    /// What `spo keys list` says of a key.
    pub fn listed(&self, name: &str) -> Value {
        let (code, out, err) = self.spo(&["keys", "list", "--json"], "");
        assert_eq!(code, 0, "{err}");
        let listed: Value = serde_json::from_str(&out).unwrap();
        let items = listed["items"].as_array().unwrap();
        items.iter().find(|item| item["name"] == name).unwrap().clone()
    }
}

fn named(name: &str) -> rcgen::CertificateParams {
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params
}

/// A server that is running.
pub struct Server {
    child: Child,
    address: String,
    secret: String,
    client: reqwest::Client,
    count: AtomicUsize,
}

impl Server {
    pub fn start(court: &Court) -> Self {
        let mut command = court.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdin(Stdio::null()).spawn().unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while !said.contains("--data-binary") {
            said += &lines.next().expect("it says where it listens").unwrap();
            said.push('\n');
        }
        std::thread::spawn(move || lines.count());
        let behind = said.split_once("listens on http://").unwrap().1;
        let address = behind.split(". ").next().unwrap().to_owned();
        let secret = std::fs::read_to_string(court.data().join("first-key")).unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let secret = secret.trim().to_owned();
        Self { child, address, secret, client, count: AtomicUsize::new(0) }
    }

    /// A call that posts, not yet sent.
    pub fn post(&self, path: &str) -> reqwest::RequestBuilder {
        let key = format!("order-{}", self.count.fetch_add(1, Ordering::Relaxed));
        self.client
            .post(format!("http://{}{path}", self.address))
            .header("Authorization", format!("Bearer {}", self.secret))
            .header("Idempotency-Key", key)
    }

    /// Issues an order; gives the signed file.
    pub async fn pdf(&self, path: &str, request: &Value) -> Vec<u8> {
        let call = self.post(path).header("Content-Type", "application/json");
        let call = call.header("Accept", "application/pdf").body(request.to_string());
        let answer = call.send().await.unwrap();
        let (status, bytes) = (answer.status(), answer.bytes().await.unwrap().to_vec());
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&bytes));
        bytes
    }

    /// What its own check says of a file.
    pub async fn checked(&self, pdf: &[u8]) -> Value {
        let call = self.post("/v1/verifications").header("Content-Type", "application/pdf");
        let answer = call.body(pdf.to_vec()).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Issues an order; gives the names of those whose certificates signed its documents.
    async fn issue(&self) -> BTreeSet<String> {
        let call = self.post("/v1/interim-orders").header("Content-Type", "application/json");
        let answer = call.body(interim().to_string()).send().await.unwrap();
        let (status, body) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 201, "{body}");
        let order: Value = serde_json::from_str(&body).unwrap();
        let documents = order["documents"].as_array().unwrap();
        assert_eq!(documents.len(), 4);
        let signer =
            |document: &Value| document["signature"]["signer"].as_str().unwrap().to_owned();
        documents.iter().map(signer).collect()
    }

    pub async fn read(&self, path: &str) -> String {
        let call = self.client.get(format!("http://{}{path}", self.address));
        let call = call.header("Authorization", format!("Bearer {}", self.secret));
        call.send().await.unwrap().text().await.unwrap()
    }

    /// The answer about the keys, once its status is that.
    async fn signing(&self, status: &str) -> Value {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let answer: Value = serde_json::from_str(&self.read("/health/signing").await).unwrap();
            if answer["status"] == status {
                return answer;
            }
            assert!(Instant::now() < deadline, "{answer:#}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_issued_while_a_key_is_rotated_all_come_out_and_none_mixes_two() {
    let court = Court::new();
    court.import("seal-1", 10);
    court.import("seal-2", 1);
    let server = Arc::new(Server::start(&court));
    assert_eq!(server.issue().await, set(["seal-1"]));
    let rotated = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..3)
        .map(|_| {
            let (server, rotated) = (Arc::clone(&server), Arc::clone(&rotated));
            tokio::spawn(async move {
                let mut seen = BTreeSet::new();
                let deadline = Instant::now() + Duration::from_secs(120);
                while !(rotated.load(Ordering::Relaxed) && seen.contains("seal-2")) {
                    assert!(Instant::now() < deadline, "{seen:?}");
                    let signers = server.issue().await;
                    assert_eq!(signers.len(), 1, "{signers:?}");
                    seen.extend(signers);
                }
                seen
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (code, _, err) = court.spo(&["keys", "rotate", "seal-1", "seal-2"], "");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("beside"), "{err}");
    rotated.store(true, Ordering::Relaxed);
    for caller in callers {
        assert_eq!(caller.await.unwrap(), set(["seal-1", "seal-2"]));
    }
    assert_eq!(server.issue().await, set(["seal-2"]));
    let signing = server.signing("ok").await;
    let signs = |key: usize| signing["keys"][key]["signs"].as_array().unwrap().len();
    assert_eq!((signs(0), signs(1)), (0, 1), "{signing:#}");
    let kept = std::fs::read_dir(court.data().join("certificates")).unwrap().count();
    assert_eq!(kept, 3, "two seals and their root");

    // A keyring with a fault: the one before signs on, and the server says so.
    let good = std::fs::read_to_string(court.keyring()).unwrap();
    std::fs::write(court.keyring(), good.replace("seal-2.p12", "gone.p12")).unwrap();
    let signing = server.signing("degraded").await;
    assert!(signing["keyring_refused_since"].is_string(), "{signing:#}");
    assert_eq!(server.issue().await, set(["seal-2"]));
    let metrics = server.read("/metrics").await;
    for line in [
        "spo_signing_keyring_stale 1",
        "spo_signing_keyring_refused_total 1",
        "spo_signing_keyring_taken_total 1",
        "spo_signing_certificate_days_left{key=\"seal-1\"} 354",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line}\n{metrics}");
    }
    std::fs::write(court.keyring(), good).unwrap();
    assert!(server.signing("ok").await["keyring_refused_since"].is_null());
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

#[test]
fn production_starts_with_a_key_of_an_authority_and_says_what_it_lacks_without() {
    let court = Court::new();
    let production = |arguments: &[&str], input: &str| {
        court.spo(&[&["--mode", "production"], arguments].concat(), input)
    };
    let (code, _, err) = production(&["config", "check"], "");
    assert_eq!(code, 2);
    assert!(err.contains("spo keys import"), "{err}");
    // A test authority's key helps nothing.
    assert_eq!(court.spo(&["keys", "make", "trial", "--test"], "").0, 0);
    let (code, _, err) = production(&["config", "check"], "");
    assert_eq!(code, 2);
    assert!(err.contains("key.trial.kind"), "{err}");
    std::fs::remove_file(court.keyring()).unwrap();
    court.import("seal", 1);
    let (code, _, err) = production(&["config", "check"], "");
    assert_eq!(code, 0, "{err}");
    let arguments = ["issue", "-", "--kind", "interim_order"];
    let (code, out, err) = production(&arguments, &interim().to_string());
    assert_eq!(code, 0, "{err}");
    for path in out.lines() {
        let bytes = std::fs::read(court.folder.path().join(path)).unwrap();
        let has = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        assert!(has(b"/ByteRange") && !has(b"TEST - NOT A COURT"), "{path}");
    }
    let (code, _, err) = production(&["doctor"], "");
    assert_eq!(code, 0, "{err}");
}

#[test]
fn a_keyring_with_faults_does_not_start_and_each_fault_is_named() {
    let court = Court::new();
    court.import("seal", 1);
    let good = std::fs::read_to_string(court.keyring()).unwrap();
    court.private("other", b"other words\n");
    std::fs::set_permissions(court.path("pass"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let text = good.replace("kind = \"pkcs12\"", "kind = \"pkcs12\"\ncolour = \"invented\"");
    std::fs::write(court.keyring(), text).unwrap();
    let (code, _, err) = court.spo(&["keys", "list"], "");
    assert_eq!(code, 2);
    assert!(err.contains("key.seal.colour") && !err.contains("invented"), "{err}");
    std::fs::write(court.keyring(), &good).unwrap();
    let (code, _, err) = court.spo(&["keys", "list"], "");
    assert_eq!(code, 2);
    assert!(err.contains("key.seal.passphrase_file") && err.contains("chmod 600"), "{err}");
    let other = good.replace(&court.path("pass"), &court.path("other"));
    std::fs::write(court.keyring(), other).unwrap();
    let (code, _, err) = court.spo(&["config", "check"], "");
    assert!(code == 2 && err.contains("passphrase or PIN is wrong"), "{err}");
    assert!(!err.contains("other words"), "{err}");
    let variable = good.lines().map(|line| match line.starts_with("passphrase_file") {
        true => "passphrase_variable = \"SPO_SECRET_SEAL\"\n".to_owned(),
        false => format!("{line}\n"),
    });
    std::fs::write(court.keyring(), variable.collect::<String>()).unwrap();
    assert!(court.spo(&["keys", "list"], "").2.contains("no such variable"));
    let mut given = court.command(&["keys", "list"]);
    assert!(given.env("SPO_SECRET_SEAL", "invented words").output().unwrap().status.success());
    let (code, _, err) = {
        let mut named = court.command(&["keys", "list"]);
        let run = named.env("SPO_KEYRING", court.path("nowhere.toml")).output().unwrap();
        (run.status.code(), (), String::from_utf8(run.stderr).unwrap())
    };
    assert_eq!(code, Some(2));
    assert!(err.contains("nowhere.toml"), "{err}");
}

#[test]
fn keys_are_made_tried_listed_and_rotated_from_the_command_line() {
    let court = Court::new();
    let (code, out, err) = court
        .spo(&["keys", "make", "new", "--algorithm", "p384", "--common-name", "Example Seal"], "");
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("-----BEGIN CERTIFICATE REQUEST-----"), "{out}");
    let key = court.data().join("keys/new.pem");
    assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!out.contains("PRIVATE") && !court.keyring().exists());
    for (name, algorithm) in [("one", "p256"), ("two", "p384"), ("three", "rsa")] {
        let arguments = ["keys", "make", name, "--test", "--algorithm", algorithm];
        let (code, _, err) = court.spo(&arguments, "");
        assert_eq!(code, 0, "{err}");
        let (code, out, err) = court.spo(&["keys", "test", name], "");
        assert!(code == 0 && out.contains(" ms"), "{out}{err}");
    }
    assert_eq!(court.listed("one")["signs"], serde_json::json!(["all"]));
    assert_eq!(court.listed("three")["algorithm"], "rsa");
    for (old, new) in [("one", "two"), ("two", "three")] {
        let (code, _, err) = court.spo(&["keys", "rotate", old, new], "");
        assert_eq!(code, 0, "{err}");
        assert_eq!(court.listed(new)["signs"], serde_json::json!(["all"]));
        let issued = ["issue", "-", "--kind", "interim_order"];
        let (code, _, err) = court.spo(&issued, &interim().to_string());
        assert_eq!(code, 0, "{new}: {err}");
    }
    let (taken, missing) = (3, 3);
    for (arguments, code) in [
        (&["keys", "make", "one", "--test"][..], taken),
        (&["keys", "make", "a/b", "--test"], 64),
        (&["keys", "make", "four"], 64),
        (&["keys", "test", "nobody"], missing),
        (&["keys", "rotate", "nobody", "one"], missing),
        (&["keys", "rotate", "three", "nobody"], missing),
        (&["keys", "import", "gone.p12", "--name", "x", "--passphrase-file", "pass"], missing),
    ] {
        let before = std::fs::read_to_string(court.keyring()).unwrap();
        let run = court.spo(arguments, "");
        assert_eq!(run.0, code, "{arguments:?}: {}", run.2);
        assert_eq!(std::fs::read_to_string(court.keyring()).unwrap(), before);
    }
    // What does not open is not taken in, and leaves nothing behind.
    court.private("noise.p12", b"noise");
    let (noise, pass) = (court.path("noise.p12"), court.path("pass"));
    let arguments = ["keys", "import", &noise, "--name", "noise", "--passphrase-file", &pass];
    assert_eq!(court.spo(&arguments, "").0, 2);
    assert!(!court.data().join("keys/noise.p12").exists());
    assert_eq!(court.spo(&["keys", "list"], "").1.lines().count(), 3);
}

#[test]
fn commands_that_change_the_keyring_at_once_wait_for_each_other_and_lose_nothing() {
    let court = Court::new();
    let names: Vec<_> = (0..6).map(|number| format!("key-{number}")).collect();
    let make = |name: &String| court.command(&["keys", "make", name, "--test"]).spawn().unwrap();
    let all: Vec<_> = names.iter().map(make).collect();
    for child in all {
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    let (_, listed, _) = court.spo(&["keys", "list"], "");
    let mut found: Vec<_> = listed.lines().map(|line| line.split('\t').next().unwrap()).collect();
    found.sort_unstable();
    assert_eq!(found, names);
    let text = std::fs::read_to_string(court.keyring()).unwrap();
    assert_eq!(text.matches("[[profile]]").count(), 1, "{text}");
}

#[tokio::test]
async fn who_holds_the_keyring_is_waited_for_and_what_an_editor_wrote_meanwhile_stays() {
    let folder = Folder::new();
    let place = crate::timestamps::place(folder.path(), folder.path().join("keyring.toml"));
    let held = place.editing().unwrap().unwrap();
    assert!(place.editing().unwrap().is_none());
    drop(held);
    let _held = place.editing().unwrap().unwrap();
    let text = "[[key]]\nname = \"one\"\nkind = \"test\"\n[[profile]]\nname = \"all\"\n\
                keys = [\"one\"]\n";
    assert!(place.put((None, text), Timestamp::now()).await.unwrap());
    let other = text.replace("\"all\"", "\"others\"");
    let other = other.as_str();
    assert!(!place.put((Some(other), other), Timestamp::now()).await.unwrap(), "not what stands");
    assert_eq!(place.text().unwrap().as_deref(), Some(text));
    assert!(place.put((Some(text), other), Timestamp::now()).await.unwrap());
    assert_eq!(place.text().unwrap().as_deref(), Some(other));
}

/// A signer of a test authority that was opened at an instant.
fn keyring(folder: &Path, at: Timestamp) -> Keyring {
    Keyring::of(Authority::open(folder, at).unwrap().into_signer().unwrap())
}

struct Revoked;

impl Standing for Revoked {
    fn good<'a>(&'a self, _: &'a [Certificate], _: Timestamp) -> Asked<'a> {
        Box::pin(std::future::ready(Stands::Revoked))
    }
}

#[tokio::test]
async fn what_may_not_be_signed_is_refused_by_its_reason_and_nothing_is_stored() {
    let hour = SignedDuration::from_hours(1);
    let folder = Folder::new();
    let place = |name: &str| folder.path().join(name);
    let early = keyring(&place("early"), now() + hour);
    let revoked = keyring(&place("revoked"), now()).asking(Arc::new(Revoked));
    let back = keyring(&place("back"), now());
    back.clock().issued(now() + hour);
    for (keyring, name, reason) in [
        (early, "certificate_invalid", "certificate"),
        (revoked, "certificate_invalid", "certificate_revoked"),
        (back, "clock", "clock"),
    ] {
        let app = TestApp::sealing(Arc::new(keyring)).await;
        let reply =
            app.post("/v1/interim-orders", &interim()).key("k").send_unchecked().await.expect(503);
        assert_eq!(problem_names(&reply), name);
        assert!(reply.header("retry-after").is_some());
        assert_eq!(app.count_orders().await, 0);
        app.post("/v1/previews/interim-orders", &interim()).send().await.expect(200);
        let reply = app.get("/metrics").send().await.expect(200);
        let metrics = String::from_utf8(reply.body).unwrap();
        let line = format!("spo_signing_refusals_total{{reason=\"{reason}\"}} 1");
        let counted: Vec<_> =
            metrics.lines().filter(|line| line.starts_with("spo_signing_refusals")).collect();
        assert_eq!(counted, [line]);
        let ready = app.get("/health/ready").anonymous().send_unchecked().await;
        // Whether a certificate stands is asked only when something is to be signed.
        ready.expect(if reason == "certificate_revoked" { 200 } else { 503 });
    }
}

#[tokio::test]
async fn what_was_issued_is_read_while_nothing_can_be_signed_and_an_agreeing_clock_releases_it() {
    let folder = Folder::new();
    let keyring = Arc::new(keyring(folder.path(), now()));
    let app = TestApp::sealing(Arc::clone(&keyring)).await;
    let order = app.post("/v1/interim-orders", &interim()).key("a").send().await.expect(201).json();
    keyring.clock().observed(now(), now() + SignedDuration::from_mins(10));
    let refused =
        app.post("/v1/interim-orders", &interim()).key("b").send_unchecked().await.expect(503);
    assert_eq!(problem_names(&refused), "clock");
    app.get(&format!("/v1/orders/{}", order["id"].as_str().unwrap())).send().await.expect(200);
    let signing = app.get("/health/signing").send().await.expect(200).json();
    assert_eq!((&signing["status"], &signing["clock"]), (&"unavailable".into(), &false.into()));
    keyring.clock().observed(now(), now());
    app.post("/v1/interim-orders", &interim()).key("b").send().await.expect(201);
}
