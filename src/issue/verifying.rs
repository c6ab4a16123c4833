//! Files: what somebody hands in, checked. The file is read behind a wall (`quarantine`); what was
//! found is then held against the register.
//!
//! Ours is what the register holds, byte for byte, or what begins with that and was changed only in
//! ways that are explained. A name, a certificate or an id in a file proves nothing: it only tells
//! an altered file of ours from one of other people's. What could not be checked is never good.

use jiff::Timestamp;
use jiff::civil::Date;

use super::error::IssueError;
use super::standing::{Standing, Superseded};
use super::verdict::{Judged, Known, ends, judge};
use super::{Caller, Issuer};
use crate::digest::{hex, prefixes, sha256};
use crate::domain::identity::DocumentId;
use crate::quarantine::Failure;
use crate::store::{Event, StoredDocument};
use crate::verify::{Finding, Report, Revision, Signature};
use crate::wire::answer::DocumentAnswer;

/// A file to check.
#[derive(Debug, Clone, Copy)]
pub struct Handed<'a> {
    pub bytes: &'a [u8],
    /// The instant for which the verdict is asked; none for now.
    pub as_at: Option<Timestamp>,
    /// The caller may read documents.
    pub may_read: bool,
}

/// What the check of a file came to.
#[derive(Debug, Clone, PartialEq)]
pub struct FileCheck {
    pub verdict: FileVerdict,
    /// Why it is altered, not ours or unreadable.
    pub why: Option<Why>,
    pub checked_at: Timestamp,
    pub as_at: Option<Timestamp>,
    pub sha256: [u8; 32],
    pub bytes: u64,
    /// The document that it is, or that it was made of or claims to be; where the caller may read.
    pub document: Option<DocumentAnswer>,
    /// What leads to that document.
    pub known_by: Option<KnownBy>,
    /// The id that the file's metadata name, whether or not there is such a document. Anybody can
    /// write it there.
    pub claimed: Option<DocumentId>,
    pub superseded: Option<Superseded>,
    pub ended: Option<Ended>,
    /// What was found of the file as a whole.
    pub findings: Vec<Finding>,
    /// Each with whether the register holds just these bytes.
    pub revisions: Vec<(Revision, bool)>,
    pub signatures: Vec<Signature>,
    pub removed: Vec<Signature>,
    /// SHA-256 of the certificates of this service, hexadecimal.
    pub own: Vec<String>,
}

/// The names are those of contract section 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileVerdict {
    Current,
    Superseded,
    Ended,
    Altered,
    NotOurs,
    Unreadable,
}

/// Why a file is altered, not ours or unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    ChangedAfterIssue,
    SignatureReplaced,
    ChangedAfterSigning,
    ClaimsOurs,
    NoSignature,
    SignedByOthers,
    NotInRegister,
    NotYetIssued,
    NotReadable,
    CheckTimedOut,
    CheckDied,
}

/// What leads from a file to a document of the register, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    /// It is that document, byte for byte.
    WholeFile,
    /// It begins with it.
    Beginning,
    /// A seal in it covers what the document's seal covers.
    Seal,
    /// Its own words alone, which prove nothing.
    Claim,
}

/// How an order ended, and the last day on which it ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// `expired`, `ended_by_full_order`.
    pub cause: &'static str,
    pub ran_until: Date,
}

/// How foreign files are read on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confinement {
    Whole,
    /// An older kernel: the filter and the limits alone.
    WithoutLandlock,
    /// None is read.
    Missing,
}

impl Confinement {
    /// Its name for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "confined",
            Self::WithoutLandlock => "confined_without_landlock",
            Self::Missing => "not_confined",
        }
    }
}

impl FileVerdict {
    /// All of them, in the contract's order.
    pub const ALL: [Self; 6] = [
        Self::Current,
        Self::Superseded,
        Self::Ended,
        Self::Altered,
        Self::NotOurs,
        Self::Unreadable,
    ];

    /// Its name for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Superseded => "superseded",
            Self::Ended => "ended",
            Self::Altered => "altered",
            Self::NotOurs => "not_ours",
            Self::Unreadable => "unreadable",
        }
    }
}

impl KnownBy {
    /// Its name for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WholeFile => "whole_file",
            Self::Beginning => "beginning",
            Self::Seal => "seal",
            Self::Claim => "claim",
        }
    }
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::ChangedAfterIssue,
        Self::SignatureReplaced,
        Self::ChangedAfterSigning,
        Self::ClaimsOurs,
        Self::NoSignature,
        Self::SignedByOthers,
        Self::NotInRegister,
        Self::NotYetIssued,
        Self::NotReadable,
        Self::CheckTimedOut,
        Self::CheckDied,
    ];

    /// Its name for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChangedAfterIssue => "changed_after_issue",
            Self::SignatureReplaced => "signature_replaced",
            Self::ChangedAfterSigning => "changed_after_signing",
            Self::ClaimsOurs => "claims_ours",
            Self::NoSignature => "no_signature",
            Self::SignedByOthers => "signed_by_others",
            Self::NotInRegister => "not_in_register",
            Self::NotYetIssued => "not_yet_issued",
            Self::NotReadable => "not_readable",
            Self::CheckTimedOut => "check_timed_out",
            Self::CheckDied => "check_died",
        }
    }
}

impl Issuer {
    /// Checks a file: is it one of ours, unaltered, current? The check is noted in the audit trail.
    ///
    /// # Errors
    /// [`IssueError::Overloaded`] where too many files wait; those of the store.
    pub async fn verify_file(
        &self,
        caller: &Caller,
        handed: Handed<'_>,
    ) -> Result<FileCheck, IssueError> {
        let checked_at = self.now().0;
        let at = handed.as_at.unwrap_or(checked_at);
        let known = self.known(handed.bytes).await?;
        let is_held = known.exact.is_some() || known.earlier.is_some();
        let answers = self.answers(at, is_held && handed.as_at.is_none()).await;
        let found = match self.inspected(handed.bytes, (at, answers)).await {
            Err(Failure::Busy) => return Err(IssueError::Overloaded),
            Err(failure) => Err(why_not(&failure)),
            Ok(report) if !report.readable => Err((Why::NotReadable, report.findings)),
            Ok(report) => Ok(report),
        };
        let known = match &found {
            Ok(report) => self.led(known, report).await?,
            Err(_) => known,
        };
        let own = self.with.keyring.certificates();
        let own: Vec<String> = own.iter().map(|one| hex(&one.sha256())).collect();
        let judged = judge(found.as_ref().map_err(|(why, _)| *why), &known, &own);
        let (verdict, why, standing) = self.stood(judged, at).await?;
        let claimed = found.as_ref().ok().and_then(claimed);
        let (report, findings) = match found {
            Ok(mut report) => {
                let findings = std::mem::take(&mut report.findings);
                (Some(report), findings)
            }
            Err((_, findings)) => (None, findings),
        };
        let check = FileCheck {
            verdict,
            why,
            checked_at,
            as_at: handed.as_at,
            sha256: known.sha256,
            bytes: handed.bytes.len() as u64,
            document: None,
            known_by: None,
            claimed,
            superseded: standing.superseded(),
            ended: standing.ended(),
            findings,
            revisions: revisions(report.as_ref(), &known),
            signatures: report.as_ref().map(|one| one.signatures.clone()).unwrap_or_default(),
            removed: report.map(|one| one.removed).unwrap_or_default(),
            own,
        };
        let document = known.document();
        self.note_check(caller, &check, document.map(|(document, _)| document)).await?;
        let told = document.filter(|_| handed.may_read);
        let known_by = told.map(|(_, by)| by);
        let document = told.map(|(document, _)| super::answering::document_answer(document));
        Ok(FileCheck { document, known_by, ..check })
    }

    /// How foreign files are read on this machine.
    pub async fn confinement(&self) -> Confinement {
        let wall = self.with.quarantine.wall().await;
        match (wall.stands, wall.landlock) {
            (false, _) => Confinement::Missing,
            (true, false) => Confinement::WithoutLandlock,
            (true, true) => Confinement::Whole,
        }
    }

    /// How the processes that read foreign files ended since the start, by name.
    pub fn inspections(&self) -> [(&'static str, u64); 4] {
        self.with.quarantine.counts()
    }

    /// What the process that reads foreign files must not be able to do and yet was, tried here and
    /// now. None where the wall stands.
    ///
    /// # Errors
    /// [`IssueError::Broken`] where no such process can be started.
    pub async fn breaches(&self) -> Result<Vec<&'static str>, IssueError> {
        let mut breaches = Vec::new();
        for probe in crate::quarantine::Probe::QUICK {
            let held = self.with.quarantine.holds(probe).await;
            if !held.map_err(|_| IssueError::Broken)? {
                breaches.push(probe.name());
            }
        }
        Ok(breaches)
    }

    /// What the register says of the file's bytes, and of every beginning of it at which a PDF may
    /// have ended.
    async fn known(&self, bytes: &[u8]) -> Result<Known, IssueError> {
        let ends = ends(bytes);
        let digests = prefixes(bytes, &ends);
        let whole = sha256(bytes);
        let exact = self.held(&whole).await?;
        let mut known = Known { sha256: whole, exact, ..Known::default() };
        // The latest first: what was issued and then raised to a higher level is held as both.
        for (end, digest) in ends.iter().zip(digests).rev() {
            let beginning = *end < bytes.len();
            if let Some(document) = if beginning { self.held(&digest).await? } else { None } {
                known.earlier = Some((*end as u64, digest, document));
                break;
            }
        }
        Ok(known)
    }

    /// The document of which some revision is just these bytes.
    async fn held(&self, digest: &[u8; 32]) -> Result<Option<StoredDocument>, IssueError> {
        let matched = self.with.store.document_by_digest(digest).await?;
        let revision = matched.filter(|matched| matched.revision.is_some());
        Ok(revision.map(|matched| matched.document))
    }

    /// Adds the documents that the file's seals and its own words lead to.
    async fn led(&self, known: Known, report: &Report) -> Result<Known, IssueError> {
        let mut covered = None;
        for one in &report.signatures {
            if let Some(digest) = digest_of(&one.covered_sha256) {
                let matched = self.with.store.document_by_digest(&digest).await?;
                let sealed = matched.filter(|matched| matched.revision.is_none());
                covered = covered.or(sealed.map(|matched| matched.document));
            }
        }
        let claimed = match claimed(report) {
            Some(id) => self.with.store.document(id).await?,
            None => None,
        };
        Ok(Known { covered, claimed, ..known })
    }

    /// The verdict on a judged file, by how its document stands.
    async fn stood(
        &self,
        judged: Judged<'_>,
        at: Timestamp,
    ) -> Result<(FileVerdict, Option<Why>, Standing), IssueError> {
        let none = |verdict, why| Ok((verdict, Some(why), Standing::Current));
        match judged {
            Judged::Altered(why) => none(FileVerdict::Altered, why),
            Judged::NotOurs(why) => none(FileVerdict::NotOurs, why),
            Judged::Unreadable(why) => none(FileVerdict::Unreadable, why),
            Judged::Ours(document) if document.issued_at > at => {
                none(FileVerdict::NotOurs, Why::NotYetIssued)
            }
            Judged::Ours(document) => {
                let standing = self.standing_of(document, at).await?;
                let verdict = match standing {
                    Standing::Current => FileVerdict::Current,
                    Standing::Superseded(_) => FileVerdict::Superseded,
                    Standing::Ended(_) => FileVerdict::Ended,
                };
                Ok((verdict, None, standing))
            }
        }
    }

    async fn note_check(
        &self,
        caller: &Caller,
        check: &FileCheck,
        document: Option<&StoredDocument>,
    ) -> Result<(), IssueError> {
        let at = check.checked_at;
        let event = Event {
            id: self.with.ids.event(at)?,
            at,
            what: "file.verified".to_owned(),
            who: caller.name.clone(),
            order_id: document.map(|document| document.order_id),
            document_id: document.map(|document| document.id),
            request_id: caller.request_id.clone(),
            detail: serde_json::json!({
                "sha256": hex(&check.sha256),
                "bytes": check.bytes,
                "verdict": check.verdict.name(),
                "why": check.why.map(Why::name),
                "signatures": check.signatures.len(),
            }),
        };
        Ok(self.with.store.record(&event).await?)
    }
}

/// The document that a file says it is.
fn claimed(report: &Report) -> Option<DocumentId> {
    report.claimed_document.as_deref().and_then(|text| text.parse().ok())
}

fn why_not(failure: &Failure) -> (Why, Vec<Finding>) {
    tracing::warn!(cause = %failure, "a file could not be checked");
    let why = match failure {
        Failure::TimedOut => Why::CheckTimedOut,
        Failure::Died(_) | Failure::NotStarted(_) | Failure::Busy => Why::CheckDied,
        Failure::TooLarge => Why::NotReadable,
    };
    (why, Vec::new())
}

/// Lower-case hexadecimal digits as a digest.
fn digest_of(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, place) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[place..place + 2], 16).ok()?;
    }
    Some(digest)
}

fn revisions(report: Option<&Report>, known: &Known) -> Vec<(Revision, bool)> {
    let held: Vec<String> = [
        known.exact.as_ref().map(|_| known.sha256),
        known.earlier.as_ref().map(|(_, digest, _)| *digest),
    ]
    .iter()
    .flatten()
    .map(|digest| hex(digest))
    .collect();
    let all = report.map(|report| report.revisions.as_slice()).unwrap_or_default();
    all.iter().map(|one| (one.clone(), held.contains(&one.sha256))).collect()
}
