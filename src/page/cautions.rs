//! What a person must know beside the verdict, so that its words are not taken for more than they
//! are.

use super::lines::is_revoked;
use super::words::Words;
use crate::issue::{FileCheck, FileVerdict, KnownBy};
use crate::verify::Trust;

/// The sentences that a check calls for.
pub(super) fn of(check: &FileCheck, words: Words) -> Vec<String> {
    let mut said = Vec::new();
    let is_ours = is_ours(check);
    if is_a_test(check) {
        said.push(words.says("caution_test", &[]));
    }
    if is_ours && check.signatures.iter().any(|one| is_revoked(one.revocation)) {
        said.push(words.says("caution_revoked", &[]));
    }
    if let Some(claimed) = check.claimed.filter(|_| !is_ours) {
        let document = check.document.as_ref().map(|document| document.id);
        // Where the bytes themselves lead to that document, its name adds nothing.
        if check.known_by == Some(KnownBy::Claim) || document != Some(claimed) {
            said.push(words.says("caution_claims", &[("document", &claimed.to_string())]));
        }
    }
    said
}

/// A document of ours that no court stands behind, whatever else is true of it.
pub(super) fn is_a_test(check: &FileCheck) -> bool {
    is_ours(check) && check.signatures.iter().any(|one| one.trust == Trust::Test)
}

const fn is_ours(check: &FileCheck) -> bool {
    matches!(check.verdict, FileVerdict::Current | FileVerdict::Superseded | FileVerdict::Ended)
}
