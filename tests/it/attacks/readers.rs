//! What poppler and qpdf make of the same bytes: a file that we call whole must say to them what
//! was signed, word for word, and must not need to be mended.

use std::io::Write as _;

use spo::verify::{LaterChanges, Reason, Report, inspect};

use super::{hidden, passes};
use crate::harness::Folder;
use crate::outside::{run, said};

/// The words of a file as poppler reads them; `None` where it is not installed.
fn words(folder: &Folder, bytes: &[u8]) -> Option<String> {
    let file = folder.path().join("words.pdf");
    std::fs::write(&file, bytes).unwrap();
    let out = run("pdftotext", &["-raw"], &file, &["-"])?;
    Some(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Whether anything came that may be seen: a field filled in or signed.
fn is_drawn_upon(report: &Report) -> bool {
    let drawn = [Reason::FieldFilled, Reason::SignatureAdded];
    report.signatures.iter().any(|one| match &one.later_changes {
        LaterChanges::Allowed { changes } => changes.iter().any(|one| drawn.contains(&one.reason)),
        _ => false,
    })
}

/// What is wrong with a file that passed: other words than were signed, or a file to be mended.
pub fn otherwise(name: &str, bytes: &[u8], report: &Report) -> Option<String> {
    let folder = Folder::new();
    let first = report.signatures.first()?;
    let signed = &bytes[..usize::try_from(first.covered).unwrap()];
    if !is_drawn_upon(report) && words(&folder, signed)? != words(&folder, bytes)? {
        return Some(format!("{name}: poppler reads other words than were signed"));
    }
    let file = folder.path().join("words.pdf");
    std::fs::write(&file, bytes).unwrap();
    let told = said(&run("qpdf", &["--check"], &file, &[])?);
    let mended = ["damaged", "reconstruct", "recover"].iter().any(|word| told.contains(word));
    mended.then(|| format!("{name}: qpdf mends it: {told}"))
}

#[tokio::test]
async fn conformance_what_passes_says_to_others_what_was_signed() {
    let (base, good) = super::scene().await;
    let basis = good.basis(base);
    let attacks = super::attacks(base).into_iter().map(|attack| (attack.name, attack.bytes));
    let all: Vec<_> = attacks.chain(good.files.iter().cloned()).collect();
    let judged = all.iter().map(|(name, bytes)| (name, bytes, inspect(bytes, &basis)));
    let passed: Vec<_> = judged.filter(|(.., report)| passes(report)).collect();
    let wrong = passed.iter().filter_map(|(name, bytes, report)| otherwise(name, bytes, report));
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed.len() >= good.own, "only {} passed", passed.len());
}

/// The test of the tests: hidden pages are seen by a reader that mends.
#[tokio::test]
async fn conformance_hidden_pages_are_seen_by_a_reader_that_mends() {
    let (base, _) = super::scene().await;
    let folder = Folder::new();
    let mut seen = Vec::new();
    for attack in hidden::attacks(base) {
        let Some(words) = words(&folder, &attack.bytes) else { return };
        if words.contains(hidden::SAYS) {
            seen.push(attack.name);
        }
    }
    let _ = writeln!(std::io::stderr(), "poppler shows the hidden page of:\n{}", seen.join("\n"));
    for trigger in ["comment-behind-startxref", "size-of-two-thousand-millions"] {
        for place in ["certificate", "answer", "maker", "time", "address"] {
            let name = format!("hidden/{place}-{trigger}");
            assert!(seen.contains(&name), "{name} fools nobody");
        }
    }
    assert!(!seen.iter().any(|name| name.starts_with("hidden/nowhere")), "{seen:?}");
}
