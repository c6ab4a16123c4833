//! Can the check be fooled? Attack files of every published class, made of our own orders, and good
//! files of ours and of other makers, before our check, pyHanko and EU DSS.
//!
//! - `base`: orders of the real road and papers prepared by an enemy. `people`, `der`: signers and
//!   signatures, right or wrong. `update`: revisions behind a file, right or wrong.
//! - `ranges`, `saving`, `wrapping`, `shadow`, `fields`, `catalog`, `store`, `parser`, `removal`,
//!   `signer`, `flips`, `hidden`: the attacks, by class. `good`: what must pass.
//! - `judges`: what each judge says, and the table. `levels`: each level by pyHanko's AdES rules.
//!   `mutations`: changes by chance. `readers`: whether others show the words that were signed.
//!
//! To add an attack: a line in its class with the reasons that may be given; it must be flagged
//! with one of them.

mod base;
mod catalog;
mod der;
mod fields;
mod flips;
mod good;
mod hidden;
mod judges;
mod levels;
mod mutations;
mod parser;
mod people;
mod ranges;
mod readers;
mod removal;
mod saving;
mod shadow;
mod signer;
mod store;
mod update;
mod wrapping;

use std::collections::BTreeSet;

use spo::verify::{Basis, LaterChanges, Reason, Report, Revocation, Trust, inspect};
use spo::verify::{Finding, Integrity};

use tokio::sync::OnceCell;

use self::base::Base;
use self::good::Good;
use self::judges::Row;

/// A file that must not pass.
pub struct Attack {
    /// `class/variant`.
    pub name: String,
    pub bytes: Vec<u8>,
    /// It must be flagged with one of these.
    pub reasons: Vec<Reason>,
}

fn attack(name: &str, reasons: &[Reason], bytes: Vec<u8>) -> Attack {
    Attack { name: name.to_owned(), bytes, reasons: reasons.to_vec() }
}

fn attacks(base: &Base) -> Vec<Attack> {
    let classes = [
        ranges::attacks,
        saving::attacks,
        wrapping::attacks,
        shadow::attacks,
        fields::attacks,
        catalog::attacks,
        store::attacks,
        parser::attacks,
        removal::attacks,
        signer::attacks,
        flips::attacks,
        hidden::attacks,
    ];
    classes.iter().flat_map(|class| class(base)).collect()
}

/// Why a file is not to be relied on; empty where it is.
fn flags(report: &Report) -> BTreeSet<Reason> {
    let fatal = |findings: &[Finding]| -> Vec<Reason> {
        findings.iter().filter(|one| one.is_fatal()).map(|one| one.reason).collect()
    };
    let mut flags: BTreeSet<_> = fatal(&report.findings).into_iter().collect();
    for signature in report.signatures.iter().chain(&report.removed) {
        flags.extend(fatal(&signature.findings));
        if let LaterChanges::NotAllowed { changes } = &signature.later_changes {
            let refused = changes.iter().filter(|change| !change.allowed);
            flags.extend(refused.map(|change| change.reason));
        }
    }
    flags
}

/// Whether our check relies on a file: every signature whole, of somebody known, and nothing after
/// it that it does not allow.
fn passes(report: &Report) -> bool {
    let stands = report.signatures.iter().all(|signature| {
        signature.integrity == Integrity::Intact
            && matches!(signature.trust, Trust::Trusted | Trust::Test)
            && !matches!(signature.revocation, Revocation::Revoked { .. })
            && !matches!(signature.later_changes, LaterChanges::NotAllowed { .. })
    });
    report.readable && !report.signatures.is_empty() && stands && flags(report).is_empty()
}

/// Papers, people and good files, made once for all tests.
async fn scene() -> &'static (Base, Good) {
    static ONCE: OnceCell<(Base, Good)> = OnceCell::const_new();
    ONCE.get_or_init(|| async {
        let base = Base::new().await;
        let good = good::files(&base).await;
        (base, good)
    })
    .await
}

/// Our judgement as a row of the table.
fn judged(name: &str, bytes: &[u8], basis: &Basis) -> Row {
    let report = inspect(bytes, basis);
    Row { name: name.to_owned(), passes: passes(&report), flags: flags(&report), ..Row::default() }
}

/// What is wrong with our judgement on an attack: it passed, or for no reason that fits.
fn unflagged(attack: &Attack, row: &Row) -> Option<String> {
    let right = attack.reasons.iter().any(|reason| row.flags.contains(reason));
    let words = || format!("{}: {:?}, not {:?}", row.name, row.flags, attack.reasons);
    (row.passes || !right).then(words)
}

#[tokio::test]
async fn every_attack_is_flagged_with_the_right_reason() {
    let base = Base::new().await;
    let (attacks, basis) = (attacks(&base), base.basis());
    assert!(attacks.len() >= 60, "only {}", attacks.len());
    let names: BTreeSet<_> = attacks.iter().map(|attack| &attack.name).collect();
    assert_eq!(names.len(), attacks.len(), "two attacks have one name");
    let rows = attacks.iter().map(|attack| judged(&attack.name, &attack.bytes, &basis));
    let wrong = attacks.iter().zip(rows).filter_map(|(attack, row)| unflagged(attack, &row));
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn conformance_every_attack_is_flagged_and_no_good_file_is() {
    let (base, good) = scene().await;
    let attacks = attacks(base);
    assert!(good.own >= 20, "only {} good files are ours", good.own);
    let basis = good.basis(base);
    let all = attacks.iter().map(|attack| (&attack.name, &attack.bytes));
    let all: Vec<_> = all.chain(good.files.iter().map(|(name, bytes)| (name, bytes))).collect();
    let mut rows: Vec<Row> = all.iter().map(|(name, bytes)| judged(name, bytes, &basis)).collect();
    let bytes: Vec<&[u8]> = all.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    judges::ask(&mut rows, &bytes, &good.anchors);
    judges::tell(&rows, attacks.len());
    let mut wrong: Vec<String> =
        attacks.iter().zip(&rows).filter_map(|(attack, row)| unflagged(attack, row)).collect();
    let refused = rows[attacks.len()..].iter().filter(|row| !row.passes);
    wrong.extend(refused.map(|row| format!("{} is good: {:?}", row.name, row.flags)));
    wrong.extend(judges::broken(&good.files[..good.own]));
    wrong.extend(judges::kinder(&rows));
    wrong.extend(judges::harsher(&rows[attacks.len()..]));
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
