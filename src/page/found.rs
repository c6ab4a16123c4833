//! A checked file, told in one language: as the JSON of the answer and as a page.

use super::cautions;
use super::foreign::shown;
use super::lines::{self, OF_THE_TIMESTAMP, instant};
use super::sheet::{self, Line, Sheet};
use super::words::{Words, name};
use super::{Tongue, foreign};
use crate::digest::hex;
use crate::issue::{FileCheck, KnownBy};
use crate::verify::{Change, Finding, LaterChanges, Revocation, Signature, Signer, Stamp, Weight};
use crate::wire::answer::{
    ChangeFound, EndedAnswer, FindingAnswer, LaterChangesFound, RevisionAnswer, RevocationFound,
    SignatureFound, SignerFound, SupersededAnswer, TimestampFound, VerificationAnswer,
};

/// A checked file in words.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    check: &'a FileCheck,
    words: Words,
}

impl<'a> Told<'a> {
    /// The check in that language.
    pub fn of(check: &'a FileCheck, tongue: Tongue) -> Self {
        Self { check, words: Words(tongue) }
    }

    /// A page for a browser: HTML without scripts.
    pub fn html(&self) -> String {
        sheet::html(&self.sheet())
    }

    /// A page of plain text.
    pub fn text(&self) -> String {
        sheet::text(&self.sheet())
    }

    /// The answer as JSON has it.
    pub fn answer(&self) -> VerificationAnswer {
        let (check, words) = (self.check, self.words);
        let ruling = words.ruling(check.verdict);
        VerificationAnswer {
            verdict: check.verdict.name(),
            headline: ruling.headline.clone(),
            advice: self.advice(),
            cautions: cautions::of(check, words),
            why: check.why.map(crate::issue::Why::name),
            checked_at: check.checked_at,
            as_at: check.as_at,
            sha256: hex(&check.sha256),
            bytes: check.bytes,
            document: check.document.clone(),
            known_by: check.known_by.map(crate::issue::KnownBy::name),
            claimed_document: check.claimed,
            superseded: check.superseded.as_ref().map(|by| SupersededAnswer {
                by_document: by.by_document,
                by_version: by.by_version,
                since: by.since,
            }),
            ended: check
                .ended
                .as_ref()
                .map(|how| EndedAnswer { cause: how.cause.to_owned(), ran_until: how.ran_until }),
            findings: self.findings(&check.findings),
            revisions: check.revisions.iter().map(revision).collect(),
            signatures: check.signatures.iter().map(|one| self.signature(one)).collect(),
            removed: check.removed.iter().map(|one| self.signature(one)).collect(),
        }
    }

    /// What to do. What is current is to be relied on, but a test never is.
    fn advice(&self) -> String {
        if cautions::is_a_test(self.check) {
            return self.words.says("advice_test", &[]);
        }
        self.words.ruling(self.check.verdict).advice.clone()
    }

    fn signature(&self, found: &Signature) -> SignatureFound {
        let certificate = found.signer.as_ref().map(|signer| &signer.sha256);
        SignatureFound {
            field: shown(&found.field),
            kind: name(&found.kind),
            covers_whole_document: found.covers_whole_document,
            covered: found.covered,
            integrity: name(&found.integrity),
            signer: found.signer.as_ref().map(signer),
            ours: certificate.is_some_and(|sha256| self.check.own.contains(sha256)),
            trust: name(&found.trust),
            revocation: revocation(found.revocation),
            level: found.level.as_ref().map(name),
            signed_at: found.signed_at,
            timestamp: found.timestamp.as_ref().map(timestamp),
            later_changes: self.changes(&found.later_changes),
            findings: self.findings(&found.findings),
        }
    }

    fn changes(&self, changes: &LaterChanges) -> LaterChangesFound {
        let (state, changes) = match changes {
            LaterChanges::None => ("none", [].as_slice()),
            LaterChanges::Allowed { changes } => ("allowed", changes.as_slice()),
            LaterChanges::NotAllowed { changes } => ("not_allowed", changes.as_slice()),
        };
        let change = |one: &Change| ChangeFound {
            revision: one.revision,
            object: foreign::shown(&one.object),
            allowed: one.allowed,
            reason: name(&one.reason),
            message: self.words.reason(one.reason).to_owned(),
        };
        LaterChangesFound { state: state.to_owned(), changes: changes.iter().map(change).collect() }
    }

    fn findings(&self, findings: &[Finding]) -> Vec<FindingAnswer> {
        let told = |one: &Finding| FindingAnswer {
            reason: name(&one.reason),
            weight: name(&one.weight),
            place: shown(&one.place),
            message: self.words.reason(one.reason).to_owned(),
        };
        findings.iter().map(told).collect()
    }

    fn sheet(&self) -> Sheet {
        let (check, words) = (self.check, self.words);
        let ruling = words.ruling(check.verdict);
        let count = check.signatures.len();
        let mut signatures: Vec<_> = check
            .signatures
            .iter()
            .enumerate()
            .map(|(place, one)| {
                let number = (place + 1).to_string();
                let facts = [("number", number.as_str()), ("count", &count.to_string())];
                self.section(words.says("signature_title", &facts), one)
            })
            .collect();
        let removed = check.removed.iter();
        signatures.extend(removed.map(|one| self.section(words.says("removed_title", &[]), one)));
        Sheet {
            language: words.0.tag(),
            verdict: check.verdict.name(),
            headline: ruling.headline.clone(),
            advice: self.advice(),
            why: check.why.map(|why| words.why(why)).unwrap_or_default(),
            standing: self.standing(),
            cautions: cautions::of(check, words),
            labels: sheet::Labels {
                what_to_do: words.label("what_to_do"),
                file: words.label("file"),
                document: words.label(match check.known_by {
                    Some(KnownBy::WholeFile) | None => "document_is",
                    Some(KnownBy::Beginning | KnownBy::Seal) => "document_was",
                    Some(KnownBy::Claim) => "document_said",
                }),
                found: words.label("found"),
                place: words.label("place"),
            },
            facts: self.facts(),
            document: self.document(),
            findings: check.findings.iter().map(|one| line(one, words)).collect(),
            signatures,
            style: sheet::STYLE,
        }
    }

    fn section(&self, title: String, found: &Signature) -> sheet::Section {
        let unsaid = found.findings.iter().filter(|one| !lines::says(found, one));
        let mut findings: Vec<_> = unsaid.map(|one| line(one, self.words)).collect();
        if let LaterChanges::NotAllowed { changes } = &found.later_changes {
            let wrong = changes.iter().filter(|change| !change.allowed);
            let fault = |change: &Change| Finding::fatal(change.reason, &change.object);
            findings.extend(wrong.map(|change| line(&fault(change), self.words)));
        }
        let lines = lines::of(found, &self.check.own, self.check.bytes, self.words);
        sheet::Section { title, lines, findings }
    }

    /// Why it is superseded or ended, and since when.
    fn standing(&self) -> String {
        let words = self.words;
        if let Some(by) = &self.check.superseded {
            let date = instant(by.since, words);
            return match (by.by_document, by.by_version) {
                (Some(document), _) => {
                    let facts = [("document", &*document.to_string()), ("date", &date)];
                    words.says("superseded_by_document", &facts)
                }
                (None, version) => {
                    let version = version.map(|version| version.to_string()).unwrap_or_default();
                    words.says("superseded_by_version", &[("version", &version), ("date", &date)])
                }
            };
        }
        let ended = self.check.ended.as_ref();
        ended.map_or_else(String::new, |how| {
            let date = words.0.calendar().date(how.ran_until);
            words.says(how.cause, &[("date", &date)])
        })
    }

    fn facts(&self) -> Vec<sheet::Fact> {
        let (check, words) = (self.check, self.words);
        let mut facts = Vec::new();
        let mut fact = |label: &str, value: String| {
            facts.push(sheet::Fact { name: words.label(label), value });
        };
        fact("checked_at", instant(check.checked_at, words));
        if let Some(at) = check.as_at {
            fact("as_at", instant(at, words));
        }
        fact("size", words.labelled("bytes", &[("count", &check.bytes.to_string())]));
        fact("sha256", hex(&check.sha256));
        facts
    }

    /// The document that the file is, was made of, or says it is.
    fn document(&self) -> Vec<sheet::Fact> {
        let words = self.words;
        let Some(document) = &self.check.document else { return Vec::new() };
        let (order, version) = (document.order_id.to_string(), document.version.to_string());
        let of = [("order", order.as_str()), ("version", version.as_str())];
        let kind = words.label(&format!("kind_{}", document.kind));
        let kind = if kind.is_empty() { &document.kind } else { kind };
        let facts = [
            ("kind", kind.to_owned()),
            ("issued_at", instant(document.issued_at, words)),
            ("code", document.code.clone()),
            ("document", document.id.to_string()),
            ("order", words.labelled("version", &of)),
        ];
        facts.map(|(label, value)| sheet::Fact { name: words.label(label), value }).into()
    }
}

/// A finding as a page shows it.
fn line(finding: &Finding, words: Words) -> Line {
    let fatal = finding.weight == Weight::Fatal;
    let place = finding.place.strip_suffix(OF_THE_TIMESTAMP);
    let label = match (fatal, place) {
        (true, None) => "fault",
        (false, None) => "note",
        (true, Some(_)) => "fault_of_timestamp",
        (false, Some(_)) => "note_on_timestamp",
    };
    Line {
        label: words.label(label),
        message: words.reason(finding.reason),
        place: shown(place.unwrap_or(&finding.place)),
        fatal,
    }
}

fn revision((revision, held): &(crate::verify::Revision, bool)) -> RevisionAnswer {
    RevisionAnswer { end: revision.end, sha256: revision.sha256.clone(), held: *held }
}

fn signer(signer: &Signer) -> SignerFound {
    SignerFound {
        common_name: shown(&signer.common_name),
        organisation: shown(&signer.organisation),
        serial: shown(&signer.serial),
        sha256: shown(&signer.sha256),
        not_before: signer.not_before,
        not_after: signer.not_after,
    }
}

fn timestamp(stamp: &Stamp) -> TimestampFound {
    TimestampFound {
        at: stamp.at,
        authority: stamp.authority.as_ref().map(signer),
        trust: name(&stamp.trust),
        integrity: name(&stamp.integrity),
    }
}

fn revocation(revocation: Revocation) -> RevocationFound {
    let (state, at) = match revocation {
        Revocation::Good => ("good", None),
        Revocation::Revoked { at } => ("revoked", Some(at)),
        Revocation::RevokedLater { at } => ("revoked_later", Some(at)),
        Revocation::Unknown => ("unknown", None),
        Revocation::NotOffered => ("not_offered", None),
    };
    RevocationFound { state: state.to_owned(), at }
}
