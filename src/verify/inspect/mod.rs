//! The whole check, in its order: the file, its signatures' places, their timestamps, each
//! signature, whom it leads to, revocation, later changes. ETSI EN 319 102-1, clause 5.
//!
//! The time that counts for a signature is that of a timestamp which is whole and trusted: its own,
//! else the first document timestamp that covers it; else now. What a signer claims never counts.

mod claim;
mod ground;
mod level;
mod opened;
mod stamps;
mod store;

use self::ground::{Ground, PathStanding};
use self::level::Kept;
use self::opened::Opened;
use self::stamps::{Judged, Stamps};
use super::algorithm::Hash;
use super::difference::Steps;
use super::pdf::File;
use super::reason::{Finding, Reason, Weight, add};
use super::report::{
    Basis, Integrity, Kind, LaterChanges, Report, Revision, Revocation, Signature, Trust,
};
use super::structure::{self, Placed};
use crate::digest;

/// Reads a file of anybody and says what its signatures are worth. Never an error: what can't be
/// read is reported so.
pub fn inspect(bytes: &[u8], basis: &Basis) -> Report {
    match File::read(bytes) {
        Ok(file) => report(&file, basis),
        Err(finding) => unreadable(finding),
    }
}

fn unreadable(finding: Finding) -> Report {
    Report {
        readable: false,
        findings: vec![finding],
        revisions: Vec::new(),
        signatures: Vec::new(),
        removed: Vec::new(),
        claimed_document: None,
    }
}

fn report(file: &File<'_>, basis: &Basis) -> Report {
    let found = structure::signatures(file);
    let steps = Steps::of(file, &found);
    let ground = Ground::new(file, basis);
    let stamps = Stamps::of(&ground, &found.present);
    let kept = Kept::of(file, stamps.archived());
    let judge = |(index, placed): (usize, &Placed)| {
        let mut signature = judge(&ground, placed, (&stamps, &kept, index));
        let difference = steps.after(placed);
        signature.later_changes = difference.later;
        difference.findings.into_iter().for_each(|one| add(&mut signature.findings, one));
        signature
    };
    let signatures: Vec<_> = found.present.iter().enumerate().map(judge).collect();
    // No timestamp counts for what the file no longer shows.
    let none = (Stamps::default(), Kept::default());
    let removed =
        found.removed.iter().map(|placed| self::judge(&ground, placed, (&none.0, &none.1, 0)));
    let removed: Vec<_> = removed.collect();
    let mut findings = file.findings().to_vec();
    found.findings.iter().cloned().for_each(|one| add(&mut findings, one));
    if signatures.is_empty() && removed.is_empty() {
        add(&mut findings, Finding::fatal(Reason::NoSignature, ""));
    }
    Report {
        readable: true,
        findings,
        revisions: revisions(file),
        signatures,
        removed,
        claimed_document: claim::document(file),
    }
}

fn revisions(file: &File<'_>) -> Vec<Revision> {
    let ends = file.revisions().iter().map(|revision| revision.end.min(file.bytes().len()));
    let ends: Vec<usize> = ends.collect();
    let sums = digest::prefixes(file.bytes(), &ends);
    let of =
        |(end, sum): (&usize, &[u8; 32])| Revision { end: count(*end), sha256: digest::hex(sum) };
    ends.iter().zip(&sums).map(of).collect()
}

/// One signature; what came later is not its matter.
fn judge(
    ground: &Ground<'_, '_>,
    placed: &Placed,
    (stamps, kept, index): (&Stamps, &Kept, usize),
) -> Signature {
    let mut signature = blank(ground, placed);
    if signature.findings.iter().any(Finding::is_fatal) {
        return signature;
    }
    if placed.kind == Kind::DocumentTimestamp {
        // A removed one is judged anew, without anything to prove its own time.
        match stamps.of_index(index) {
            Some(judged) => of_stamp(&mut signature, judged),
            None => of_stamp(&mut signature, &Judged::document(ground, placed, None)),
        }
        return signature;
    }
    let Some(parts) = placed.covered(ground.file) else { return signature };
    match Opened::read(placed, &parts) {
        Ok(opened) => of_signer(&mut signature, ground, &opened, (stamps, kept, placed)),
        Err(reason) => signature.findings.push(Finding::fatal(reason, place(placed))),
    }
    signature
}

/// What is known of a signature before it is opened.
fn blank(ground: &Ground<'_, '_>, placed: &Placed) -> Signature {
    let parts = placed.covered(ground.file);
    let sum = parts.map(|parts| digest::hex(&Hash::Sha256.of(&parts)));
    Signature {
        field: placed.field.clone(),
        kind: placed.kind,
        covers_whole_document: parts.is_some() && placed.covered_end == ground.file.bytes().len(),
        covered: count(placed.covered_end),
        covered_sha256: sum.unwrap_or_default(),
        integrity: Integrity::Unreadable,
        signer: None,
        trust: Trust::Untrusted,
        revocation: Revocation::Unknown,
        level: None,
        signed_at: placed.claimed_time,
        timestamp: None,
        later_changes: LaterChanges::None,
        findings: placed.findings.clone(),
    }
}

fn of_stamp(signature: &mut Signature, judged: &Judged) {
    signature.integrity = judged.stamp.integrity;
    signature.signer.clone_from(&judged.stamp.authority);
    signature.trust = judged.stamp.trust;
    signature.revocation = judged.revocation;
    signature.timestamp = judged.readable();
    judged.findings.iter().cloned().for_each(|one| add(&mut signature.findings, one));
}

fn of_signer(
    signature: &mut Signature,
    ground: &Ground<'_, '_>,
    opened: &Opened,
    (stamps, kept, placed): (&Stamps, &Kept, &Placed),
) {
    let here = place(placed);
    signature.integrity = opened.integrity;
    signature.signer = Some(opened.certificate.signer());
    for (reason, weight) in &opened.findings {
        let finding = Finding { reason: *reason, weight: *weight, place: here.clone() };
        add(&mut signature.findings, finding);
    }
    let proof = stamps.proof_of(placed);
    let own = opened.signed.timestamp().map(|token| {
        let message = [opened.signed.signature()];
        let beside = format!("{here} timestamp");
        Judged::token(ground, (token, &message), (proof.map(|one| one.stamp.at), &beside))
    });
    if let Some(own) = &own {
        own.findings.iter().cloned().for_each(|one| add(&mut signature.findings, one));
        signature.timestamp = own.readable();
    }
    let proof = own.as_ref().filter(|own| own.is_believed()).or(proof);
    let best = proof.map(|proof| proof.stamp.at);
    let led = ground.signers.lead(
        &opened.certificate,
        &ground.between(&opened.signed.certificates),
        best.unwrap_or(ground.now),
    );
    signature.trust = led.trust;
    if let Some(reason) = led.reason {
        let weight = if led.trust == Trust::Test { Weight::Note } else { Weight::Fatal };
        add(&mut signature.findings, Finding { reason, weight, place: here.clone() });
    }
    let Some(path) = led.path else { return };
    let beside = ground::Material::read(opened.answers());
    let standing = PathStanding::of(&path, &ground.with(&beside), ground.moment(best));
    signature.revocation = standing.judged(best);
    if let Some(finding) = ground::revocation_finding(signature.revocation, &here) {
        add(&mut signature.findings, finding);
    }
    signature.level = level::of(ground, opened, (&path, proof), (kept, placed));
}

fn place(placed: &Placed) -> String {
    format!("{} 0 R", placed.object)
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
