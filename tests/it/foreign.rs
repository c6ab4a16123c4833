//! Files of another maker: pyHanko signs with a real timestamp, OCSP and CRL service, and our check
//! tells what was made. Where one of them is not installed the test is named as skipped.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use spo::verify::{
    Anchor, Basis, Integrity, Kind, LaterChanges, Level, Reason, Report, Revocation, Trust, inspect,
};

use crate::harness::{Folder, NOW, Services, TestApp, full, now};
use crate::outside::{python, said};

/// The certificate in a PEM file, in DER.
fn der(pem: &Path) -> Vec<u8> {
    let text = std::fs::read_to_string(pem).unwrap();
    spo::sign::Certificate::from_pem(&text).unwrap().der().to_vec()
}

fn basis(services: &Services) -> Basis {
    let anchor = || vec![Anchor { der: der(&services.certificate("root")), test: false }];
    let (signers, timestamps) = (anchor(), anchor());
    Basis { now: now(), signers, timestamps, known: Vec::new(), answers: Vec::new() }
}

/// Whether our check leaves nothing to say against the first signature.
fn is_relied(report: &Report) -> bool {
    let Some(signature) = report.signatures.first() else { return false };
    let all = report.findings.iter().chain(&signature.findings);
    all.into_iter().all(|finding| !finding.is_fatal())
        && signature.trust == Trust::Trusted
        && !matches!(signature.later_changes, LaterChanges::NotAllowed { .. })
}

/// What pyHanko relies on, of these files.
fn judged(python: &Path, root: &Path, files: &[PathBuf]) -> HashMap<PathBuf, bool> {
    let out = Command::new(python)
        .arg("tests/conformance/pyhanko_judge.py")
        .arg(root)
        .arg(NOW)
        .args(files)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", said(&out));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// What a file must be told to be: level, trust, and what stands against it.
type Told = (Option<Level>, Trust, &'static [Reason]);

fn wanted(name: &str) -> Told {
    let level = |level| (Some(level), Trust::Trusted, &[][..]);
    match name {
        "seal-expired-b" => (None, Trust::Unfit, &[Reason::NotValidThen]),
        "seal-wrong-usage-b" => (None, Trust::Unfit, &[Reason::WrongUsage]),
        "seal-stranger-b" => (None, Trust::Untrusted, &[Reason::NoPath]),
        "seal-revoked-b" => (Some(Level::BB), Trust::Trusted, &[]),
        "seal-rsa-t-pkcs7" => (None, Trust::Trusted, &[]),
        "seal-p256-t-tsa-stranger" => {
            (Some(Level::BB), Trust::Trusted, &[Reason::TimestampUntrusted])
        }
        "seal-p256-t-tsa-wrong-usage" => {
            (Some(Level::BB), Trust::Trusted, &[Reason::TimestampUsage])
        }
        _ if name.contains("-lta") => level(Level::BLta),
        _ if name.contains("-lt") => level(Level::BLt),
        _ if name.contains("-t") => level(Level::BT),
        _ => level(Level::BB),
    }
}

fn check(name: &str, report: &Report) {
    assert!(report.readable, "{name}: {:?}", report.findings);
    let wrong: Vec<_> = report.findings.iter().filter(|one| one.is_fatal()).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:?}");
    let signature = &report.signatures[0];
    let fatal = signature.findings.iter().filter(|one| one.is_fatal());
    let fatal: Vec<_> = fatal.map(|finding| finding.reason).collect();
    let (level, trust, reasons) = wanted(name);
    assert_eq!((signature.trust, fatal.as_slice()), (trust, reasons), "{name}: {signature:?}");
    assert_eq!(signature.integrity, Integrity::Intact, "{name}: {signature:?}");
    assert_eq!(signature.level, level, "{name}: {signature:?}");
    let long = matches!(level, Some(Level::BLt | Level::BLta));
    let revocation = if long { Revocation::Good } else { Revocation::Unknown };
    assert_eq!(signature.revocation, revocation, "{name}: {signature:?}");
    let short = signature.findings.iter().any(|one| one.reason == Reason::ShortKey);
    assert_eq!(short, name.contains("weak"), "{name}");
    let kind = if name.contains("certified") { Kind::Certification } else { Kind::Approval };
    assert_eq!(signature.kind, kind, "{name}");
    for stamp in &report.signatures[1..] {
        assert_eq!(stamp.kind, Kind::DocumentTimestamp, "{name}");
        assert_eq!((stamp.integrity, stamp.trust), (Integrity::Intact, Trust::Trusted), "{name}");
        assert!(!stamp.findings.iter().any(|one| one.is_fatal()), "{name}: {stamp:?}");
    }
    let stamps = report.signatures.len() - 1;
    let renewed = usize::from(name.ends_with("renewed"));
    assert_eq!(stamps, usize::from(level == Some(Level::BLta)) + renewed, "{name}");
}

#[test]
fn conformance_files_of_another_maker_are_told_as_made() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let Some(python) = python("pyhanko.sign") else { return };
    let folder = Folder::new();
    let out = Command::new(&python)
        .arg("tests/conformance/pyhanko_sign.py")
        .arg(services.certificate("root").ancestors().nth(2).unwrap())
        .args([services.url.as_str(), folder.path().to_str().unwrap(), NOW])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", said(&out));
    let names: Vec<String> = serde_json::from_slice(&out.stdout).unwrap();
    assert!(names.len() >= 25, "{names:?}");
    let basis = basis(&services);
    let file = |name: &String| folder.path().join(format!("{name}.pdf"));
    let files: Vec<_> = names.iter().map(file).collect();
    let theirs = judged(&python, &services.certificate("root"), &files);
    let mut relied = 0;
    for (name, file) in names.iter().zip(&files) {
        let bytes = std::fs::read(file).unwrap();
        let report = inspect(&bytes, &basis);
        check(name, &report);
        let ours = is_relied(&report);
        assert!(!ours || theirs[file], "{name}: we are kinder than pyHanko: {report:?}");
        relied += usize::from(ours);
        // The test of the test: a byte of the page turned over.
        let place = bytes.windows(6).position(|window| window == b"72 720").unwrap();
        let mut changed = bytes;
        changed[place] ^= 1;
        let report = inspect(&changed, &basis);
        let intact = report.signatures.iter().any(|one| one.integrity == Integrity::Intact);
        assert!(!intact, "{name}: a changed file passed");
    }
    let both = theirs.values().filter(|relied| **relied).count();
    println!(
        "{} files of pyHanko, each told as made: {relied} relied on, by it {both}",
        names.len()
    );
}

#[tokio::test]
async fn an_order_of_ours_is_whole_certified_and_of_the_test_authority() {
    let app = TestApp::start().await;
    let reply = app.post("/v1/full-orders", &full()).key("inspected").pdf().send().await;
    let root = spo::sign::Certificate::from_pem(&app.root_certificate()).unwrap();
    let anchor = Anchor { der: root.der().to_vec(), test: true };
    let basis = Basis {
        now: now(),
        signers: vec![anchor],
        timestamps: Vec::new(),
        known: Vec::new(),
        answers: Vec::new(),
    };
    let report = inspect(&reply.expect(201).body, &basis);
    let [signature] = report.signatures.as_slice() else { panic!("{report:?}") };
    assert!(!report.findings.iter().any(|one| one.is_fatal()), "{:?}", report.findings);
    assert!(!signature.findings.iter().any(|one| one.is_fatal()), "{:?}", signature.findings);
    assert_eq!((signature.kind, signature.level), (Kind::Certification, Some(Level::BB)));
    assert_eq!((signature.integrity, signature.trust), (Integrity::Intact, Trust::Test));
    assert_eq!(signature.revocation, Revocation::NotOffered);
    assert!(signature.covers_whole_document);
}
