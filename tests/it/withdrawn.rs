//! Files of ours whose certificate was, or was not, withdrawn since: what the service knows of it
//! is given to the check, which says so. The authority is made here, with a list that can change.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    DnType, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevocationReason,
    RevokedCertParams, SerialNumber, date_time_ymd,
};
use serde_json::{Value, json};
use spo::issue::Role;
use spo::sign::keyring::{Keyring, Known, Place};

use crate::harness::{Fault, Faulty, Folder, NOW, Services, TestApp, interim, now};
use crate::outside::skipped;

/// A service whose signer's issuer keeps a list.
struct Scene {
    app: TestApp,
    root: Issuer<'static, KeyPair>,
    list: Arc<Mutex<Vec<u8>>>,
    lists: Faulty,
    /// An order that was issued before anything happened.
    pdf: Vec<u8>,
    _folder: Folder,
}

impl Scene {
    /// With these words of the list; none where openssl is not installed. `timestamps` gives the
    /// address of a service and the file of its anchor.
    async fn with(list: List, timestamps: Option<(String, &Path)>) -> Option<Self> {
        let (folder, of_root) = (Folder::new(), of_root());
        let root = Issuer::new(of_root.clone(), KeyPair::generate().unwrap());
        let list = Arc::new(Mutex::new(list.by(&root)));
        let lists = Faulty::start(Fault::Shows("application/pkix-crl", Arc::clone(&list))).await;
        let keys = keyring(folder.path(), (&of_root, &root), &lists.url, timestamps).await?;
        let app = TestApp::sealing(Arc::new(keys)).await;
        let made = app.post("/v1/interim-orders", &interim()).key("k").pdf().send().await;
        let pdf = made.expect(201).body;
        Some(Self { app, root, list, lists, pdf, _folder: folder })
    }

    /// What the list says from now on, and the time.
    fn then(&self, list: List, hours: i64) {
        *self.list.lock().unwrap() = list.by(&self.root);
        self.app.clock.advance(SignedDuration::from_hours(hours));
    }

    async fn check(&self, pdf: &[u8]) -> Value {
        let call = self.app.call("POST", "/v1/verifications").bytes(pdf);
        call.header("content-type", "application/pdf").send().await.expect(200).json()
    }

    /// Verdict, revocation of the seal, and cautions, of the order as it was issued.
    async fn told(&self) -> (Value, Value, Vec<Value>) {
        let answer = self.check(&self.pdf).await;
        let seal = &answer["signatures"][0];
        assert_eq!((&seal["integrity"], &seal["ours"]), (&json!("intact"), &json!(true)));
        let cautions = answer["cautions"].as_array().unwrap().clone();
        (answer["verdict"].clone(), seal["revocation"].clone(), cautions)
    }
}

/// What a list says: from which hour of the tests' day, for how many, and who was withdrawn when.
#[derive(Debug, Clone, Copy)]
struct List {
    from: u64,
    hours: u64,
    withdrawn: Option<u64>,
}

impl List {
    fn by(self, root: &Issuer<'static, KeyPair>) -> Vec<u8> {
        let at = |hour: u64| date_time_ymd(2026, 11, 20) + Duration::from_secs(hour * 3600);
        let revoked = self.withdrawn.map(|hour| RevokedCertParams {
            serial_number: SerialNumber::from(SERIAL),
            revocation_time: at(hour),
            reason_code: Some(RevocationReason::KeyCompromise),
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: at(self.from),
            next_update: at(self.from + self.hours),
            crl_number: SerialNumber::from(self.from),
            issuing_distribution_point: None,
            revoked_certs: revoked.into_iter().collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(root).unwrap().der().to_vec()
    }
}

const GOOD: List = List { from: 8, hours: 24, withdrawn: None };
const WITHDRAWN: List = List { from: 13, hours: 24, withdrawn: Some(12) };
const SERIAL: u64 = 78;

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2044, 1, 1);
    params
}

fn of_root() -> CertificateParams {
    let mut params = params("Fictional keeper of a list");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A keyring of one key whose certificate names the list.
async fn keyring(
    folder: &Path,
    (of_root, root): (&CertificateParams, &Issuer<'static, KeyPair>),
    list: &str,
    timestamps: Option<(String, &Path)>,
) -> Option<Keyring> {
    let mut leaf = params("Fictional signer");
    leaf.serial_number = Some(SerialNumber::from(SERIAL));
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![list.to_owned()] }];
    let key = KeyPair::generate().unwrap();
    let leaf = leaf.signed_by(&key, root).unwrap();
    let own = of_root.self_signed(root.key()).unwrap();
    let texts =
        [("leaf.key", key.serialize_pem()), ("leaf.pem", leaf.pem()), ("root.pem", own.pem())];
    for (name, text) in texts.into_iter().chain([("words", "fiction".to_owned())]) {
        private(&folder.join(name), &text);
    }
    let mut export = Command::new("openssl");
    export.args("pkcs12 -export -inkey leaf.key -in leaf.pem -certfile root.pem".split(' '));
    export.args(["-out", "seal.p12", "-passout", "pass:fiction"]).current_dir(folder);
    let Ok(done) = export.output() else {
        skipped("openssl");
        return None;
    };
    assert!(done.status.success(), "{done:?}");
    let level = match timestamps {
        Some(_) => "level = \"B-T\"\nlong_term = \"B-T\"",
        None => "level = \"B-B\"",
    };
    let mut text = format!(
        "[[key]]\nname = \"seal\"\nkind = \"pkcs12\"\nfile = \"seal.p12\"\n\
         passphrase_file = \"words\"\n\
         [[profile]]\nname = \"all\"\nkeys = [\"seal\"]\n{level}\n"
    );
    let mut trusted = String::new();
    if let Some((url, anchor)) = timestamps {
        text += &format!("[[timestamp]]\nurl = \"{url}\"\nanchors = \"{}\"\n", anchor.display());
        trusted = format!("timestamps = [\"{}\"]\n", anchor.display());
    }
    text +=
        &format!("[trust]\nsigners = [\"root.pem\"]\n{trusted}[outside]\nallow_private = true\n");
    let file = folder.join("keyring.toml");
    private(&file, &text);
    let place = Place {
        file,
        named: true,
        authority: folder.join("authority"),
        certificates: folder.join("certificates"),
        production: false,
        known: Known::default(),
        variables: Arc::new(|_| None),
    };
    Some(Keyring::open(place, now()).await.unwrap())
}

fn private(file: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(file, text).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn what_was_learnt_before_signing_is_known_to_the_check() {
    let Some(scene) = Scene::with(GOOD, None).await else { return };
    let came = scene.lists.came();
    assert_eq!(scene.told().await, ("current".into(), json!({ "state": "good" }), vec![]));
    assert_eq!(scene.lists.came(), came, "memory answers");
    // It grows old; where it can't be asked anew nothing is known, and nothing made worse of it.
    *scene.list.lock().unwrap() = b"garbage".to_vec();
    scene.app.clock.advance(SignedDuration::from_hours(13));
    assert_eq!(scene.told().await, ("current".into(), json!({ "state": "unknown" }), vec![]));
}

#[tokio::test]
async fn a_certificate_that_was_withdrawn_since_is_told_though_nothing_is_signed_any_more() {
    let Some(scene) = Scene::with(GOOD, None).await else { return };
    scene.then(WITHDRAWN, 12);
    let withdrawn = json!({ "state": "revoked", "at": "2026-11-20T12:00:00Z" });
    // The register still vouches for the file; its signature alone no longer does.
    let (verdict, revocation, cautions) = scene.told().await;
    assert_eq!((verdict, &revocation), ("current".into(), &withdrawn));
    let answer = scene.check(&scene.pdf).await;
    assert!(answer["advice"].as_str().unwrap().starts_with("You may rely on"), "{answer}");
    assert!(cautions.len() == 1 && cautions[0].as_str().unwrap().contains("withdrawn"));
    let again =
        scene.app.post("/v1/interim-orders", &interim()).key("again").send_unchecked().await;
    assert_eq!(again.status, 503);
    // Who was withdrawn stays so, whatever is said later, or not said.
    scene.then(List { from: 20, ..GOOD }, 48);
    assert_eq!(scene.told().await.1, withdrawn);
}

#[tokio::test]
async fn a_withdrawal_is_told_in_a_page_beside_the_verdict() {
    let Some(scene) = Scene::with(GOOD, None).await else { return };
    scene.then(WITHDRAWN, 12);
    for (language, said) in [("en", "alone proves nothing"), ("cy", "yn profi dim mwyach")] {
        let call = scene.app.call("POST", "/v1/verifications").bytes(&*scene.pdf);
        let call = call.header("content-type", "application/pdf").accept("text/html");
        let page = call.header("accept-language", language).send().await.expect(200).text();
        assert!(page.contains(said), "{page}");
    }
}

#[tokio::test]
async fn nothing_is_known_where_nobody_ever_answered() {
    let early = List { from: 100, ..GOOD };
    let Some(scene) = Scene::with(early, None).await else { return };
    assert_eq!(scene.told().await, ("current".into(), json!({ "state": "unknown" }), vec![]));
}

#[tokio::test]
async fn nobody_is_asked_because_of_a_file_that_the_register_does_not_know() {
    let Some(scene) = Scene::with(GOOD, None).await else { return };
    scene.then(WITHDRAWN, 12);
    let came = scene.lists.came();
    let mut altered = scene.pdf.clone();
    let place = memchr::memmem::find(&altered, b"<xmp:CreateDate>").unwrap();
    altered[place + 19] ^= 1;
    let answer = scene.check(&altered).await;
    assert_eq!(answer["verdict"], "altered", "{answer}");
    assert_eq!(scene.check(b"%PDF-1.7").await["verdict"], "unreadable");
    assert_eq!(scene.lists.came(), came);
    scene.told().await;
    assert_eq!(scene.lists.came(), came + 1);
}

#[tokio::test]
async fn a_signature_that_a_timestamp_puts_before_the_withdrawal_stands() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let anchor = services.certificate("root");
    let timestamps = (services.timestamps("tsa"), anchor.as_path());
    let Some(scene) = Scene::with(GOOD, Some(timestamps)).await else { return };
    assert_eq!(scene.told().await.1, json!({ "state": "good" }));
    scene.then(WITHDRAWN, 12);
    let later = json!({ "state": "revoked_later", "at": "2026-11-20T12:00:00Z" });
    assert_eq!(scene.told().await, ("current".into(), later, vec![]));
    let verifier = scene.app.key("verifier", &[Role::Verify]).await;
    let call = scene.app.call("POST", "/v1/verifications").bytes(&*scene.pdf).signed_in(&verifier);
    let call = call.header("content-type", "application/pdf").accept("text/plain");
    let page = call.send().await.expect(200).text();
    assert!(page.contains("after it had signed: the signature stands."), "{page}");
}
