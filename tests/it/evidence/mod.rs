//! Evidence from outside: a real timestamp, OCSP and CRL service (certomancer) and every way in
//! which one can fail.
//!
//! - `levels`: each level for each kind of key, before pyHanko, EU DSS, veraPDF and pdfsig.
//! - `faults`: timestamp services that are dead, slow, wrong or hostile. `revocation`: the same of
//!   responders and lists.

mod faults;
mod levels;
mod revocation;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use spo::domain::order::{Language, OrderKind};
use spo::render::{Format, Imprint};
use spo::sign::evidence::{Evidence, Settings};
use spo::sign::key::SoftwareKey;
use spo::sign::outside::{Allow, Bounds};
use spo::sign::{Certificate, SignedPdf, Signer};
use spo::verify;

use crate::harness::{Press, Services, full, imprint, marked};

/// The instant of the test; what the services answer is of it too, so that judges of today agree.
pub fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap()
}

/// What trusts the services' authority, asks these timestamp services and no other.
pub fn settings(services: &Services, timestamps: Vec<String>) -> Settings {
    let root = anchor(services, "root");
    Settings {
        timestamps,
        timestamp_anchors: vec![root.clone()],
        signer_anchors: vec![root],
        known: Vec::new(),
        allow: Allow::Private,
        bounds: Bounds { connect: Duration::from_secs(10), exchange: Duration::from_secs(60) },
        max_clock_difference: SignedDuration::from_secs(120),
    }
}

pub fn evidence(services: &Services, timestamps: &[&str]) -> Evidence {
    let addresses = timestamps.iter().map(|name| services.timestamps(name)).collect();
    Evidence::new(settings(services, addresses)).unwrap()
}

pub fn anchor(services: &Services, name: &str) -> verify::Certificate {
    verify::Certificate::read(certificate(&services.certificate(name)).der()).unwrap()
}

fn certificate(path: &PathBuf) -> Certificate {
    Certificate::from_pem(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A signer of the services' authority.
pub fn signer(services: &Services, name: &str) -> Signer {
    let key = SoftwareKey::from_pkcs8(&std::fs::read(services.key(name)).unwrap()).unwrap();
    let chain = [name, "issuing"].map(|name| certificate(&services.certificate(name)));
    Signer::new(Box::new(key), chain.to_vec()).unwrap()
}

/// A sealed order, with room for a timestamp.
pub async fn sealed(signer: &Signer, at: Timestamp) -> SignedPdf {
    let press = Press::new();
    let judged = press.judged(OrderKind::FullOrder, &full());
    let imprint = Imprint {
        issued_at: at,
        reserve: signer.reserve(true),
        ..imprint(Language::En, Format::default())
    };
    let composed = press.renderer.order(&judged.order, &imprint).unwrap();
    signer.seal(marked(composed, &judged.order).unwrap(), at).await.unwrap()
}

/// The services, which every test of a machine shares, for answers of now.
pub fn services() -> Option<Arc<Services>> {
    Services::at(None)
}
