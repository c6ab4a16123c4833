//! What a file is judged by beside its own bytes: whom the operator trusts, every certificate of
//! ours, and what the services outside said of those. Handed to the process that reads the file.
//!
//! Nobody is ever asked because of what stands in a file: only about certificates of this service,
//! and only where the register knows the file by its bytes.

use std::time::Duration;

use jiff::Timestamp;

use super::Issuer;
use crate::quarantine::Failure;
use crate::sign::Certificate;
use crate::verify::{Basis, Report};

impl Issuer {
    /// Reads a file behind the wall and judges it as at an instant, with these answers about
    /// certificates.
    pub(super) async fn inspected(
        &self,
        bytes: &[u8],
        (at, answers): (Timestamp, Vec<Vec<u8>>),
    ) -> Result<Report, Failure> {
        let keyring = &self.with.keyring;
        let (anchors, known) = (keyring.anchors(), keyring.certificates());
        let basis = Basis {
            now: at,
            signers: anchors.signers,
            timestamps: anchors.timestamps,
            known: known.iter().map(|one| one.der().to_vec()).collect(),
            answers,
        };
        self.with.quarantine.inspect(bytes, basis).await
    }

    /// What is known at an instant of whether certificates count. With `anew`, what is not
    /// remembered of our own is asked: a file that this service made is told apart from one whose
    /// key was since lost, though nothing is signed any more. A silent service does not hold up
    /// the check; what it says later is there for the next.
    pub(super) async fn answers(&self, at: Timestamp, anew: bool) -> Vec<Vec<u8>> {
        let ring = self.with.keyring.ring();
        let Some(evidence) = ring.evidence() else { return Vec::new() };
        if anew {
            let mut own = self.with.keyring.certificates();
            own.retain(|one: &Certificate| one.not_before() <= at && at <= one.not_after());
            // What comes of it is remembered, and judged by the check like any other.
            let _ = tokio::time::timeout(PATIENCE, evidence.good(&own, at)).await;
        }
        evidence.answers(at)
    }
}

/// How long a check waits for answers that are not remembered.
const PATIENCE: Duration = Duration::from_secs(2);
