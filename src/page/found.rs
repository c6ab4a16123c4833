//! A checked file, told in one language: as the JSON of the answer and as a page.

use super::foreign::shown;
use super::lines::{self, instant};
use super::sheet::{self, Line, Sheet};
use super::words::{Words, name};
use super::{Tongue, foreign};
use crate::digest::hex;
use crate::issue::FileCheck;
use crate::verify::{Finding, LaterChanges, Revocation, Signature, Signer, Stamp, Weight};
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
            advice: ruling.advice.clone(),
            why: check.why.map(crate::issue::Why::name),
            checked_at: check.checked_at,
            as_at: check.as_at,
            sha256: hex(&check.sha256),
            bytes: check.bytes,
            document: check.document.clone(),
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
        let change = |one: &crate::verify::Change| ChangeFound {
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
            advice: ruling.advice.clone(),
            why: check.why.map(|why| words.why(why)).unwrap_or_default(),
            standing: self.standing(),
            labels: sheet::Labels {
                what_to_do: words.label("what_to_do"),
                file: words.label("file"),
                found: words.label("found"),
            },
            facts: self.facts(),
            findings: told(&check.findings, words),
            signatures,
            style: sheet::STYLE,
        }
    }

    fn section(&self, title: String, found: &Signature) -> sheet::Section {
        let mut findings = told(&found.findings, self.words);
        if let LaterChanges::NotAllowed { changes } = &found.later_changes {
            let wrong = changes.iter().filter(|change| !change.allowed);
            findings.extend(wrong.map(|change| Line {
                message: self.words.reason(change.reason),
                place: shown(&change.object),
                fatal: true,
            }));
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
        if let Some(document) = &check.document {
            fact("document", document.id.to_string());
            fact("kind", document.kind.clone());
            let (order, version) = (document.order_id.to_string(), document.version.to_string());
            let facts = [("order", order.as_str()), ("version", version.as_str())];
            fact("order", words.labelled("version", &facts));
            fact("code", document.code.clone());
            fact("issued_at", instant(document.issued_at, words));
        }
        facts
    }
}

fn told(findings: &[Finding], words: Words) -> Vec<Line> {
    let line = |one: &Finding| Line {
        message: words.reason(one.reason),
        place: shown(&one.place),
        fatal: one.weight == Weight::Fatal,
    };
    findings.iter().map(line).collect()
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
