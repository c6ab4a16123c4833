//! What the signatures of a file are to each other.

use std::collections::BTreeMap;

use super::super::reason::{Finding, Reason, add};
use super::super::report::Kind;
use super::Placed;

/// What the signatures say of each other: each covers all of the one before it, and none shares
/// its place.
pub(super) fn check(placed: &mut [Placed]) {
    placed.sort_by_key(|placed| placed.covered_end);
    let mut objects: BTreeMap<u32, usize> = BTreeMap::new();
    for signature in placed.iter() {
        *objects.entry(signature.object).or_default() += 1;
    }
    let mut before: Option<(usize, usize)> = None;
    let mut certified = 0;
    for signature in placed.iter_mut() {
        let place = format!("{} 0 R", signature.object);
        if objects.get(&signature.object).is_some_and(|count| *count > 1) {
            add(&mut signature.findings, Finding::fatal(Reason::SignatureShared, &place));
        }
        if signature.signed_revision.is_none() {
            continue;
        }
        let nested = before.is_none_or(|(end, _)| end <= signature.hole.start);
        if !nested {
            add(&mut signature.findings, Finding::fatal(Reason::RangesNotNested, &place));
        }
        certified += usize::from(signature.kind == Kind::Certification);
        // A certification comes before every other signature: 12.8.2.2.
        let late = signature.kind == Kind::Certification && (before.is_some() || certified > 1);
        if late {
            add(&mut signature.findings, Finding::fatal(Reason::CertificationMismatch, &place));
        }
        before = Some((signature.covered_end, signature.hole.start));
    }
}
