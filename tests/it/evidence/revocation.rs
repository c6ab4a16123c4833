//! Responders and lists that fail: the other is asked, and an order is not kept waiting by silence.
//! The authority is made here, so that its certificates name the failing services.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CustomExtension, DnType, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    RevokedCertParams, SerialNumber, date_time_ymd,
};
use spo::sign::Certificate;
use spo::sign::evidence::{Evidence, EvidenceError, Settings, Standing};
use spo::sign::outside::{Allow, Bounds, Wrong};

use super::now;
use crate::harness::{Fault, Faulty};

const SERIAL: u64 = 77;

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2044, 1, 1);
    params
}

fn authority() -> Issuer<'static, KeyPair> {
    let mut params = params("Fictional list maker");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Issuer::new(params, KeyPair::generate().unwrap())
}

/// A signer whose certificate names both services, and the root over it.
fn chain(root: &Issuer<'static, KeyPair>, ocsp: &str, crl: &str) -> Vec<Certificate> {
    let mut leaf = params("Fictional signer");
    leaf.serial_number = Some(SerialNumber::from(SERIAL));
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![crl.to_owned()] }];
    let responder = access(ocsp);
    leaf.custom_extensions
        .push(CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], responder));
    let leaf = leaf.signed_by(&KeyPair::generate().unwrap(), root).unwrap();
    let mut own = params("Fictional list maker");
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    own.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let own = own.self_signed(root.key()).unwrap();
    [leaf, own].map(|one| Certificate::from_der(one.der().to_vec()).unwrap()).to_vec()
}

/// Where the responder is: RFC 5280, section 4.2.2.1.
fn access(url: &str) -> Vec<u8> {
    let length =
        |bytes: Vec<u8>, tag| [vec![tag, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let method = length(vec![0x2b, 6, 1, 5, 5, 7, 0x30, 1], 6);
    let name = length(url.as_bytes().to_vec(), 0x86);
    length(length([method, name].concat(), 0x30), 0x30)
}

fn list(root: &Issuer<'static, KeyPair>, revoked: bool, last_year: i32) -> Vec<u8> {
    let revoked = RevokedCertParams {
        serial_number: SerialNumber::from(if revoked { SERIAL } else { 5 }),
        revocation_time: date_time_ymd(2025, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2025, 6, 1),
        next_update: date_time_ymd(last_year, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: vec![revoked],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(root).unwrap().der().to_vec()
}

fn serves(der: Vec<u8>) -> Fault {
    Fault::Says("application/octet-stream", der)
}

struct Asked {
    standing: Result<Standing, EvidenceError>,
    /// What went wrong with the responder and with the list.
    wrong: [Option<Wrong>; 2],
    came: [usize; 2],
}

/// Asks twice about a signer whose services fail so.
async fn asked(root: &Issuer<'static, KeyPair>, ocsp: Fault, crl: Fault) -> Asked {
    let (ocsp, crl) = (Faulty::start(ocsp).await, Faulty::start(crl).await);
    let chain = chain(root, &ocsp.url, &crl.url);
    let evidence = Evidence::new(Settings {
        allow: Allow::Private,
        bounds: Bounds {
            connect: Duration::from_millis(500),
            exchange: Duration::from_millis(1500),
        },
        ..Settings::default()
    });
    let evidence = evidence.unwrap();
    let now = now();
    let standing = evidence.good(&chain, now).await;
    let again = evidence.good(&chain, now).await;
    assert_eq!(standing.as_ref().ok(), again.as_ref().ok());
    let state = evidence.state(now).revocation;
    let wrong = [&ocsp, &crl].map(|service| {
        let named = |port: Option<u16>| format!("http://127.0.0.1:{}/", port.unwrap_or(80));
        let found = state.iter().find(|one| service.url == named(one.port));
        found.and_then(|one| one.last_failure).map(|(_, wrong)| wrong)
    });
    Asked { standing, wrong, came: [ocsp.came(), crl.came()] }
}

#[tokio::test]
async fn where_the_responder_fails_the_list_is_asked_and_its_word_kept() {
    let root = authority();
    for fault in [Fault::Status(500), Fault::Reset, Fault::Huge("application/ocsp-response")] {
        let asked = asked(&root, fault, serves(list(&root, false, 2040))).await;
        assert_eq!(asked.standing.unwrap(), Standing::Good);
        assert_eq!(asked.came, [1, 1], "the second time memory answers");
    }
}

#[tokio::test]
async fn what_says_nothing_that_counts_is_unknown_and_never_revoked() {
    let (root, other) = (authority(), authority());
    let kind = "application/ocsp-response";
    let refused = vec![0x30, 3, 0x0a, 1, 6];
    let cases = [
        (Fault::BlackHole, Wrong::TimedOut, serves(b"garbage".to_vec()), Wrong::Malformed),
        (
            Fault::Says(kind, b"garbage".to_vec()),
            Wrong::Malformed,
            serves(list(&other, true, 2040)),
            Wrong::Untrusted,
        ),
        (Fault::Says(kind, refused), Wrong::Denied, serves(list(&root, false, 2026)), Wrong::Stale),
        (
            Fault::Says("text/html", Vec::new()),
            Wrong::Malformed,
            Fault::Huge("x/y"),
            Wrong::TooLarge,
        ),
        (
            Fault::Redirect("http://127.0.0.1:1/".to_owned()),
            Wrong::Refused(307),
            Fault::Status(404),
            Wrong::Refused(404),
        ),
    ];
    for (ocsp, first, crl, second) in cases {
        let name = format!("{ocsp:?} {first:?} {second:?}");
        let asked = asked(&root, ocsp, crl).await;
        assert_eq!(asked.standing.unwrap(), Standing::Unknown, "{name}");
        assert_eq!(asked.wrong, [Some(first), Some(second)], "{name}");
    }
}

#[tokio::test]
async fn a_list_that_names_the_signer_is_final() {
    let root = authority();
    let asked = asked(&root, Fault::Status(503), serves(list(&root, true, 2040))).await;
    let Err(EvidenceError::Revoked { serial, at }) = asked.standing else { panic!("revoked") };
    assert_eq!((serial.as_str(), at.to_string().as_str()), ("4d", "2025-01-01T00:00:00Z"));
}

#[tokio::test]
async fn an_order_does_not_wait_for_silence() {
    let root = authority();
    let (ocsp, crl) =
        (Faulty::start(Fault::BlackHole).await, Faulty::start(Fault::BlackHole).await);
    let chain = chain(&root, &ocsp.url, &crl.url);
    let exchange = Duration::from_secs(3);
    let bounds = Bounds { connect: exchange, exchange };
    let settings = Settings { allow: Allow::Private, bounds, ..Settings::default() };
    let evidence = Evidence::new(settings).unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(evidence.good(&chain, now()).await.unwrap(), Standing::Unknown);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    // The asking goes on behind it: what it learns is for the next.
    tokio::time::sleep(Duration::from_secs(8).saturating_sub(begun.elapsed())).await;
    let state = evidence.state(now()).revocation;
    assert!(state.len() == 2 && state.iter().all(|one| one.last_failure.is_some()), "{state:?}");
}
