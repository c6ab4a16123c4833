//! What must pass: every kind of our documents in every language, every level with every kind of
//! key, and what pyHanko makes of a plain file of ours or of its own.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use jiff::SignedDuration;
use spo::verify::{Anchor, Basis};

use super::base::{Base, Prepared};
use super::people::Making;
use super::store;
use super::update::{covered, filled};
use crate::conformance::papers;
use crate::evidence;
use crate::harness::{Folder, NOW, Press, Services, now};
use crate::outside::{python, said};

/// Files that must pass, ours first.
pub struct Good {
    pub files: Vec<(String, Vec<u8>)>,
    /// How many of them are ours.
    pub own: usize,
    /// Whom the judges are told to trust: name and DER.
    pub anchors: Vec<(String, Vec<u8>)>,
    press: Vec<u8>,
    services: Option<Vec<u8>>,
}

impl Good {
    /// What the check knows of all of them.
    pub fn basis(&self, base: &Base) -> Basis {
        let mut basis = base.basis();
        basis.signers.push(Anchor { der: self.press.clone(), test: true });
        if let Some(root) = &self.services {
            basis.signers.push(Anchor { der: root.clone(), test: false });
            basis.timestamps.push(Anchor { der: root.clone(), test: false });
        }
        basis
    }
}

pub async fn files(base: &Base) -> Good {
    let press = Press::new();
    let mut files = of_base(base);
    let folder = Folder::new();
    for paper in papers(&press, &folder).await {
        files.push((format!("own/{}", paper.name), paper.bytes));
    }
    let services = Services::at(Some(NOW));
    if let Some(services) = &services {
        files.extend(levels(services).await);
    }
    let own = files.len();
    let root = services.as_ref().map(|services| evidence::anchor(services, "root").der().to_vec());
    if let Some(services) = &services {
        files.extend(others(services, base));
    }
    let mut anchors = vec![
        ("local".to_owned(), base.root.clone()),
        ("court".to_owned(), base.court.certificate.clone()),
        ("press".to_owned(), press.root()),
    ];
    anchors.extend(root.clone().map(|root| ("services".to_owned(), root)));
    Good { files, own, anchors, press: press.root(), services: root }
}

/// The papers that the attacks start from, whole: a test of the attacks too.
fn of_base(base: &Base) -> Vec<(String, Vec<u8>)> {
    let kept = store::kept(base);
    let making = || Making::new(&covered(&base.order), &base.clerk);
    let stamp = |value: &[u8]| base.stamper.stamp(value, now());
    let files = [
        ("order", base.order.clone()),
        ("other-order", base.other.clone()),
        ("order-with-long-term-data", kept.stored),
        ("order-with-a-document-timestamp", kept.archived.clone()),
        ("order-with-two-document-timestamps", store::archive(base, &kept.archived)),
        ("signed-by-a-clerk", filled(&base.order, &making().made(&base.clerk))),
        ("signed-by-a-clerk-with-a-timestamp", {
            filled(&base.order, &making().timestamped(&base.clerk, stamp))
        }),
        ("revoked-after-the-timestamp", {
            let mut making = making();
            let later = now() + SignedDuration::from_secs(30);
            making.lists.push(base.court.list(&base.clerk, later));
            filled(&base.order, &making.timestamped(&base.clerk, stamp))
        }),
        ("certified-preview", base.certified(1, &Prepared::default())),
        ("certified-for-filling", base.certified(2, &Prepared::default())),
    ];
    files.into_iter().map(|(name, bytes)| (format!("base/{name}"), bytes)).collect()
}

/// Each level with each kind of key.
pub async fn levels(services: &Arc<Services>) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (key, tsa) in [("seal-p256", "tsa"), ("seal-p384", "tsa"), ("seal-rsa", "tsa-rsa")] {
        let evidence = evidence::evidence(services, &[tsa]);
        let signed = evidence::sealed(&evidence::signer(services, key), now()).await;
        let stamped = evidence.stamp(signed.clone(), now()).await.unwrap();
        let long = evidence.long_term(stamped.bytes().to_vec(), now()).await.unwrap();
        let archived = evidence.archive(long.bytes.clone(), now()).await.unwrap();
        let again = evidence.archive(archived.bytes.clone(), now()).await.unwrap();
        for (level, bytes) in [
            ("B-B", signed.bytes()),
            ("B-T", stamped.bytes()),
            ("B-LT", &long.bytes),
            ("B-LTA", &archived.bytes),
            ("B-LTA-again", &again.bytes),
        ] {
            files.push((format!("level/{key} {level}"), bytes.to_vec()));
        }
    }
    files
}

/// Files of another maker.
fn others(services: &Services, base: &Base) -> Vec<(String, Vec<u8>)> {
    let Some(python) = python("pyhanko") else { return Vec::new() };
    let folder = Folder::new();
    let (plain, out) = (folder.path().join("plain.pdf"), folder.path().join("out"));
    std::fs::write(&plain, &base.preview).unwrap();
    std::fs::create_dir(&out).unwrap();
    let made = Command::new(python)
        .arg("tests/conformance/pyhanko_others.py")
        .args([services.folder(), Path::new(&services.timestamps("tsa")), Path::new(NOW)])
        .args([&plain, &out])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", said(&made));
    let mut files: Vec<_> =
        std::fs::read_dir(&out).unwrap().map(|one| one.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let read =
        files.iter().map(|path| (format!("other/{}", name(path)), std::fs::read(path).unwrap()));
    let read: Vec<_> = read.collect();
    assert!(read.len() >= 50, "only {} files of another maker", read.len());
    read
}
