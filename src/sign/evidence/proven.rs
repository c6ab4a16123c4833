//! The proof of a product: the file is given to the check that judges everybody's files, as any
//! reader of it would, and must pass whole.

use jiff::Timestamp;

use super::Evidence;
use crate::sign::levels::LevelError;
use crate::verify::{
    Anchor, Basis, Certificate, Integrity, LaterChanges, Level, Report, Signature, Trust, Weight,
    inspect,
};

impl Evidence {
    /// Whether a file of ours, at `now`, is whole, trusted, changed by nothing but evidence, and of
    /// this level.
    pub(super) fn prove(
        &self,
        bytes: &[u8],
        level: Level,
        now: Timestamp,
    ) -> Result<(), LevelError> {
        let anchors = |all: &[Certificate]| {
            all.iter().map(|one| Anchor { der: one.der().to_vec(), test: false }).collect()
        };
        let basis = Basis {
            now,
            signers: anchors(&self.signer_anchors),
            timestamps: anchors(&self.trusted.anchors),
            known: self.trusted.known.iter().map(|one| one.der().to_vec()).collect(),
            answers: Vec::new(),
        };
        flaw(&inspect(bytes, &basis), level).map_or(Ok(()), |flaw| Err(LevelError::Proof(flaw)))
    }
}

/// The first thing that is not as it must be.
fn flaw(report: &Report, level: Level) -> Option<&'static str> {
    let Some(seal) = report.signatures.first() else { return Some("it shows no signature") };
    let fatal = report.findings.iter().any(|finding| finding.weight == Weight::Fatal);
    if !report.readable || fatal || !report.removed.is_empty() {
        return Some("the file is not of the strict form");
    }
    if let Some(flaw) = report.signatures.iter().find_map(of_signature) {
        return Some(flaw);
    }
    let reached = seal.level.is_some_and(|reached| reached >= level);
    (!reached).then_some("it is not of the level that was to be made")
}

fn of_signature(signature: &Signature) -> Option<&'static str> {
    if signature.integrity != Integrity::Intact {
        return Some("a signature is not intact");
    }
    if matches!(signature.later_changes, LaterChanges::NotAllowed { .. }) {
        return Some("a later change is not explained");
    }
    (!matches!(signature.trust, Trust::Trusted | Trust::Test))
        .then_some("a signature is not trusted")
}
