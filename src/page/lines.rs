//! One signature in plain sentences.

use jiff::Timestamp;

use super::foreign::shown;
use super::words::{Words, name};
use crate::domain::calendar::london_civil;
use crate::verify::{
    Finding, Integrity, LaterChanges, Level, Reason, Revocation, Signature, Signer, Stamp, Trust,
};

/// What is said of a signature; `bytes` is the size of the file.
pub(super) fn of(signature: &Signature, own: &[String], bytes: u64, words: Words) -> Vec<String> {
    let mut lines = vec![words.says(&name(&signature.kind), &[])];
    lines.extend(who(signature, own, words));
    lines.push(words.says(&format!("integrity_{}", name(&signature.integrity)), &[]));
    lines.push(coverage(signature, bytes, words));
    lines.extend(when(signature, words));
    lines.push(revocation(signature.revocation, words));
    // What it would prove, were it to be relied on, is not said of one that was withdrawn.
    let level = signature.level.filter(|_| !is_revoked(signature.revocation));
    if let Some(level) = level {
        let said = match level {
            Level::BB => "level_b",
            Level::BT => "level_t",
            Level::BLt => "level_lt",
            Level::BLta => "level_lta",
        };
        lines.push(words.says(said, &[("level", level.name())]));
    }
    let is_intact = signature.integrity == Integrity::Intact;
    let state = match signature.later_changes {
        LaterChanges::NotAllowed { .. } => "changes_not_allowed",
        // That nothing came later would hide that what it covers was changed.
        _ if !is_intact => return lines,
        LaterChanges::None => "changes_none",
        LaterChanges::Allowed { .. } => "changes_allowed",
    };
    lines.push(words.says(state, &[]));
    lines
}

/// Whether the signature can't be relied on because its certificate was withdrawn.
pub(super) const fn is_revoked(revocation: Revocation) -> bool {
    matches!(revocation, Revocation::Revoked { .. })
}

/// Whether the sentences of [`of`] say already what a finding says.
pub(super) fn says(signature: &Signature, finding: &Finding) -> bool {
    let is_own = !finding.place.ends_with(OF_THE_TIMESTAMP);
    let said = match finding.reason {
        Reason::TestAuthority => signature.trust == Trust::Test,
        Reason::Revoked | Reason::RevokedLater | Reason::RevocationUnknown => true,
        _ => false,
    };
    is_own && said
}

/// How the place of a finding ends that is of a signature's timestamp.
pub(super) const OF_THE_TIMESTAMP: &str = " timestamp";

/// An instant in London's time, as people write it.
pub(super) fn instant(at: Timestamp, words: Words) -> String {
    let local = london_civil(at);
    words.0.calendar().date_time(local.date(), local.time())
}

fn who(signature: &Signature, own: &[String], words: Words) -> Vec<String> {
    let Some(signer) = &signature.signer else {
        return vec![words.says("no_signer", &[])];
    };
    let (person, organisation) = (shown(&signer.common_name), shown(&signer.organisation));
    let facts = [("name", person.as_str()), ("organisation", organisation.as_str())];
    let said = if organisation.is_empty() { "signer" } else { "signer_of" };
    let mut lines = vec![words.says(said, &facts)];
    // A certificate that stands beside a broken signature says nothing.
    if own.contains(&signer.sha256) && signature.integrity == Integrity::Intact {
        lines.push(words.says("ours", &[]));
    }
    lines.push(words.says(&format!("trust_{}", name(&signature.trust)), &[]));
    lines
}

fn coverage(signature: &Signature, bytes: u64, words: Words) -> String {
    if signature.covers_whole_document {
        return words.says("covers_whole", &[]);
    }
    if signature.covered == 0 {
        return words.says("covers_nothing", &[]);
    }
    let (covered, bytes) = (signature.covered.to_string(), bytes.to_string());
    words.says("covers_part", &[("covered", &covered), ("bytes", &bytes)])
}

fn when(signature: &Signature, words: Words) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(at) = signature.signed_at {
        lines.push(words.says("claimed_time", &[("date", &instant(at, words))]));
    }
    lines.push(match &signature.timestamp {
        Some(stamp) => stamped(stamp, words),
        None => words.says("no_timestamp", &[]),
    });
    lines
}

fn stamped(stamp: &Stamp, words: Words) -> String {
    let proves = stamp.integrity == Integrity::Intact && stamp.trust == Trust::Trusted;
    let said = if proves { "proved_time" } else { "unproved_timestamp" };
    let authority = stamp.authority.as_ref().map(|one: &Signer| shown(&one.common_name));
    let authority = authority.unwrap_or_default();
    words.says(said, &[("authority", &authority), ("date", &instant(stamp.at, words))])
}

fn revocation(revocation: Revocation, words: Words) -> String {
    let (said, at) = match revocation {
        Revocation::Good => ("revocation_good", None),
        Revocation::Revoked { at } => ("revocation_revoked", Some(at)),
        Revocation::RevokedLater { at } => ("revocation_revoked_later", Some(at)),
        Revocation::Unknown => ("revocation_unknown", None),
        Revocation::NotOffered => ("revocation_not_offered", None),
    };
    let date = at.map(|at| instant(at, words)).unwrap_or_default();
    words.says(said, &[("date", &date)])
}
