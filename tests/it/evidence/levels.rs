//! Each level, made of real answers and judged by others.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::SignedDuration;
use spo::sign::evidence::{EvidenceError, Revised, Standing};
use spo::sign::levels::{prove, signatures};
use spo::verify::Level;

use super::{evidence, now, sealed, services, signer};
use crate::dss;
use crate::harness::Folder;
use crate::outside::{python, run, said};
use crate::verapdf;

/// A file of one level on disk.
struct Made {
    /// `seal-p256 B-LTA`.
    name: String,
    level: &'static str,
    file: PathBuf,
}

#[tokio::test]
async fn conformance_each_level_of_each_kind_of_key_satisfies_every_judge() {
    let Some(services) = services() else { return };
    let folder = Folder::new();
    let mut made = Vec::new();
    for (key, tsa) in [("seal-p256", "tsa"), ("seal-p384", "tsa"), ("seal-rsa", "tsa-rsa")] {
        let evidence = evidence(&services, &[tsa]);
        let signer = signer(&services, key);
        let signed = sealed(&signer, now()).await;
        assert_eq!(evidence.good(signer.chain(), now()).await.unwrap(), Standing::Good);
        let stored = evidence.stamp_stored(signed.bytes().to_vec(), now()).await.unwrap();
        assert_eq!((stored.level, signatures(&stored.bytes).unwrap().len()), (Level::BT, 1));
        let stamped = evidence.stamp(signed.clone(), now()).await.unwrap();
        assert_eq!(stamped.signature_value().unwrap(), signed.signature_value().unwrap());
        let long = evidence.long_term(stamped.bytes().to_vec(), now()).await.unwrap();
        prove(stamped.bytes(), &long.bytes).unwrap();
        let again = evidence.long_term(long.bytes.clone(), now()).await.unwrap();
        assert_eq!(again, long, "nothing more to put in");
        let archived = evidence.archive(long.bytes.clone(), now()).await.unwrap();
        prove(&long.bytes, &archived.bytes).unwrap();
        let later = now();
        let renewed = evidence.archive(archived.bytes.clone(), later).await.unwrap();
        assert!(renewed.bytes.starts_with(&archived.bytes));
        assert!(renewed.evidence_until > later + SignedDuration::from_hours(24));
        levels(&[&long, &archived, &renewed]);
        for (level, bytes) in [
            ("B-B", signed.bytes()),
            ("B-T", stamped.bytes()),
            ("B-LT", &long.bytes),
            ("B-LTA", &archived.bytes),
            ("B-LTA again", &renewed.bytes),
        ] {
            let name = format!("{key} {level}");
            let file = folder.path().join(format!("{}.pdf", name.replace(' ', "-")));
            std::fs::write(&file, bytes).unwrap();
            tell(&format!("{name}: {} bytes", bytes.len()));
            made.push(Made { name, level, file });
        }
    }
    let root = services.certificate("root");
    archival(&made);
    integrity(&made);
    by_pyhanko(&made, &root);
    by_dss(&made, root);
}

fn levels(revised: &[&Revised; 3]) {
    assert_eq!(revised.map(|one| one.level), [Level::BLt, Level::BLta, Level::BLta]);
    for one in revised {
        assert_eq!(one.sha256, spo::digest::sha256(&one.bytes));
    }
}

/// PDF/A-2a and PDF/UA-1 hold at each level.
fn archival(made: &[Made]) {
    let flavours = ["2a", "ua1"];
    let questions: Vec<(&str, &Path)> =
        made.iter().flat_map(|one| flavours.map(|flavour| (flavour, &*one.file))).collect();
    let Some(verdicts) = verapdf::judge(&questions) else { return };
    for (verdict, (flavour, file)) in verdicts.iter().zip(questions) {
        assert!(verdict.compliant, "{flavour} {}: {:?}", file.display(), verdict.failed);
    }
    tell(&format!("veraPDF: {} files, PDF/A-2a and PDF/UA-1", made.len()));
}

fn integrity(made: &[Made]) {
    for one in made {
        let Some(out) = run("pdfsig", &["-nocert"], &one.file, &[]) else { return };
        let said = said(&out);
        assert!(said.contains("Signature is Valid"), "{}: {said}", one.name);
        assert!(!said.contains("Invalid"), "{}: {said}", one.name);
    }
    tell(&format!("pdfsig: {} files intact", made.len()));
}

fn by_pyhanko(made: &[Made], root: &Path) {
    let Some(python) = python("pyhanko") else { return };
    for one in made.iter().filter(|one| one.level != "B-B") {
        let script = Path::new("tests/conformance/pyhanko_levels.py");
        let out = Command::new(&python).arg(script).arg(root).arg(&one.file).output().unwrap();
        let words = said(&out);
        tell(&format!("pyHanko {}: {}", one.name, words.trim()));
        assert!(out.status.success(), "{}: {words}", one.name);
    }
}

fn by_dss(made: &[Made], root: PathBuf) {
    let files: Vec<&Path> = made.iter().map(|one| &*one.file).collect();
    let Some(judgements) = dss::judge(&[root], now(), &files) else { return };
    for (one, judgement) in made.iter().zip(judgements) {
        let all = judgement.unwrap_or_else(|error| panic!("{}: {error}", one.name));
        let seal = &all[0];
        tell(&format!("EU DSS {}: {} {} {}", one.name, seal.format, seal.indication, seal.sub));
        assert!(seal.intact && !seal.modified, "{}: {seal:?}", one.name);
        assert_ne!(seal.indication, "TOTAL_FAILED", "{}: {seal:?}", one.name);
        let (format, passed) = match one.level {
            "B-B" => ("PAdES-BASELINE-B", false),
            "B-T" => ("PAdES-BASELINE-T", false),
            "B-LT" => ("PAdES-BASELINE-LT", true),
            _ => ("PAdES-BASELINE-LTA", true),
        };
        assert_eq!(seal.format, format, "{}", one.name);
        // Nothing is fetched: what is not in the file is not known.
        assert_eq!(seal.indication == "TOTAL_PASSED", passed, "{}: {seal:?}", one.name);
    }
}

#[tokio::test]
async fn a_revoked_signer_is_refused_and_an_unasked_one_passes_as_unknown() {
    let Some(services) = services() else { return };
    let asked = evidence(&services, &[]);
    let revoked = signer(&services, "seal-revoked");
    let refused = asked.good(revoked.chain(), now()).await;
    assert!(matches!(refused, Err(EvidenceError::Revoked { .. })), "{refused:?}");
    let other = signer(&services, "seal-p256");
    assert_eq!(asked.good(other.chain(), now()).await.unwrap(), Standing::Good);
    let state = asked.state(now());
    assert!(state.revocation.iter().all(|server| server.last_success.is_some()), "{state:?}");
    // Private addresses are not asked unless the settings say so: nobody answers then.
    let mut public = super::settings(&services, Vec::new());
    public.allow = spo::sign::outside::Allow::Public;
    let closed = spo::sign::evidence::Evidence::new(public).unwrap();
    assert_eq!(closed.good(other.chain(), now()).await.unwrap(), Standing::Unknown);
    let stamped = sealed(&other, now()).await;
    let stamped = evidence(&services, &["tsa"]).stamp(stamped, now()).await.unwrap();
    let unknown = closed.long_term(stamped.into_bytes(), now()).await;
    assert!(matches!(unknown, Err(EvidenceError::Unknown { .. })), "{unknown:?}");
}

#[tokio::test]
async fn a_file_without_its_timestamp_gets_no_further_and_none_is_made_up() {
    let Some(services) = services() else { return };
    let signer = signer(&services, "seal-p256");
    let signed = sealed(&signer, now()).await;
    let evidence = evidence(&services, &[]);
    assert!(!evidence.offers_timestamps());
    let none = evidence.stamp(signed.clone(), now()).await;
    assert!(matches!(none, Err(EvidenceError::NotConfigured)));
    let early = evidence.long_term(signed.into_bytes(), now()).await;
    assert!(matches!(early, Err(EvidenceError::NotStamped)));
}

/// Figures and judges' words stand in the run's output, past the harness.
fn tell(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}
