//! A remote signing service, and what becomes of a signature when it misbehaves.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use spo::sign::key::csc::{Csc, open};
use spo::sign::outside::{Allow, Bounds};
use spo::sign::{Algorithm, Certificate, KeyFault, SignError, Signer};

use super::{Issued, KINDS, judged_whole, sealed, secret};
use crate::harness::{CLIENT, CREDENTIAL, Credential, Mood, SigningService};

fn service(algorithm: Algorithm, issued: &Issued) -> SigningService {
    let chain = ["leaf.pem", "root.pem"].map(|name| issued.bytes(name)).concat();
    service_of(algorithm, issued.path("leaf.key"), &String::from_utf8(chain).unwrap())
}

/// A service with a key in a file and its certificates (PEM).
pub fn service_of(algorithm: Algorithm, key: PathBuf, chain: &str) -> SigningService {
    let (algorithms, hash, half) = match algorithm {
        Algorithm::EcdsaP256 => (["1.2.840.10045.4.3.2", "1.2.840.10045.2.1"], "sha256", 32),
        Algorithm::EcdsaP384 => (["1.2.840.10045.4.3.3", "1.2.840.10045.2.1"], "sha384", 48),
        Algorithm::Rsa => (["1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"], "sha256", 0),
    };
    let chain = Certificate::chain_from_pem(chain).unwrap();
    let certificates = chain.iter().map(|one| one.der().to_vec()).collect();
    SigningService::start(Credential { key, certificates, algorithms, hash, half })
}

fn settings(service: &SigningService) -> Csc {
    let bounds =
        Bounds { connect: Duration::from_millis(500), exchange: Duration::from_millis(1500) };
    Csc {
        url: service.url.clone(),
        credential: CREDENTIAL.into(),
        client: CLIENT.0.into(),
        token_url: None,
        bounds,
        allow: Allow::Private,
    }
}

async fn signer(service: &SigningService) -> Signer {
    let (key, chain) = open(&settings(service), &secret(CLIENT.1)).await.unwrap();
    Signer::new(key, chain).unwrap()
}

#[tokio::test]
async fn each_kind_of_key_of_a_service_signs_an_order_that_others_find_whole() {
    for (algorithm, kind) in KINDS {
        let Some(issued) = Issued::new(kind) else { return };
        let service = service(algorithm, &issued);
        let signer = signer(&service).await;
        assert_eq!(signer.algorithm(), algorithm);
        assert_eq!(signer.chain(), issued.chain());
        assert_eq!(service.calls(), ["oauth2/token", "credentials/info"]);
        judged_whole(&sealed(&signer).await, algorithm);
        assert_eq!(service.calls(), ["credentials/authorize", "signatures/signHash"]);
        service.set(Mood::SideBySide);
        signer.try_out().await.unwrap();
    }
}

#[tokio::test]
async fn a_service_that_lists_the_kind_of_key_alone_is_asked_by_that() {
    let Some(issued) = Issued::new(KINDS[0].1) else { return };
    let service = service(KINDS[0].0, &issued);
    service.set(Mood::KindAlone);
    signer(&service).await.try_out().await.unwrap();
}

#[tokio::test]
async fn a_bearer_token_that_is_no_longer_taken_is_renewed_once() {
    let Some(issued) = Issued::new(KINDS[0].1) else { return };
    let service = service(KINDS[0].0, &issued);
    let signer = signer(&service).await;
    service.calls();
    service.set(Mood::ShortTokens);
    signer.try_out().await.unwrap();
    signer.try_out().await.unwrap();
    let (asked, token) = ("credentials/authorize", "oauth2/token");
    let sign = "signatures/signHash";
    assert_eq!(service.calls(), [asked, sign, token, sign, asked, token, asked, sign, token, sign]);
    service.set(Mood::NoTokens);
    assert!(matches!(signer.try_out().await, Err(SignError::Key)));
    assert_eq!(service.calls(), [asked, token, asked]);
    service.set(Mood::WrongSecret);
    assert!(matches!(signer.try_out().await, Err(SignError::Key)));
    service.set(Mood::Good);
    signer.try_out().await.unwrap();
}

#[tokio::test]
async fn what_is_wrong_at_the_opening_is_told_by_name_and_in_time() {
    let Some(issued) = Issued::new(KINDS[0].1) else { return };
    let service = service(KINDS[0].0, &issued);
    let fault = async |settings: &Csc, word: &str| {
        let begun = Instant::now();
        let opened = open(settings, &secret(word)).await;
        assert!(begun.elapsed() < Duration::from_millis(2900), "{:?}", begun.elapsed());
        match opened {
            Err(SignError::Opening(fault)) => fault,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("it opened"),
        }
    };
    let good = settings(&service);
    assert_eq!(fault(&good, "another").await, KeyFault::WrongSecret);
    let person = KeyFault::Settings("the credential does not sign unattended");
    for (mood, expected) in [
        (Mood::NoTokens, KeyFault::Declined),
        (Mood::Person, person),
        (Mood::Disabled, KeyFault::Declined),
        (Mood::Garbage, KeyFault::Unreadable),
        (Mood::WrongType, KeyFault::Unreadable),
        (Mood::Slow, KeyFault::Unreachable),
        (Mood::Huge, KeyFault::Unreadable),
        (Mood::Elsewhere, KeyFault::Declined),
        (Mood::Broken, KeyFault::Declined),
    ] {
        service.set(mood);
        assert_eq!(fault(&good, CLIENT.1).await, expected, "{mood:?}");
    }
    assert!(!service.calls().iter().any(|call| call == "elsewhere"));
    service.set(Mood::Good);
    let other = Csc { credential: "seal-2".into(), ..good.clone() };
    assert_eq!(fault(&other, CLIENT.1).await, KeyFault::Declined);
    let open_road = Csc { url: "http://signing.example/csc/v2".into(), ..good.clone() };
    assert!(matches!(fault(&open_road, CLIENT.1).await, KeyFault::Settings(_)));
    let public = Csc { allow: Allow::Public, ..good };
    assert!(matches!(fault(&public, CLIENT.1).await, KeyFault::Settings(_)));
}

#[tokio::test]
async fn whatever_the_service_answers_nothing_wrong_is_signed() {
    let Some(issued) = Issued::new(KINDS[1].1) else { return };
    let service = service(KINDS[1].0, &issued);
    let signer = signer(&service).await;
    let seal = async || {
        let begun = Instant::now();
        let unsigned = super::unsigned(signer.reserve(false));
        let sealed = signer.seal(unsigned, jiff::Timestamp::now()).await;
        (sealed, begun.elapsed())
    };
    service.set(Mood::WrongHash);
    assert!(matches!(seal().await.0, Err(SignError::Breach(_))));
    for mood in [
        Mood::Two,
        Mood::NoTokens,
        Mood::Garbage,
        Mood::WrongType,
        Mood::Slow,
        Mood::Huge,
        Mood::Elsewhere,
        Mood::Broken,
    ] {
        service.set(mood);
        assert!(matches!(seal().await.0, Err(SignError::Key)), "{mood:?}");
    }
    // The test of the test.
    service.set(Mood::Good);
    assert!(seal().await.0.is_ok());
}
