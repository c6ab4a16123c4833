//! Evidence beside the seal: the timestamp that is asked for at once, and all that is added later
//! without anybody waiting: a timestamp that did not come, answers on revocation, a timestamp over
//! the whole, renewed before it ages. ETSI EN 319 142-1, clause 5.4.
//!
//! What is added is always a revision of the same document with the same signature: nothing is
//! signed twice.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::Issuer;
use super::error::{Fault, IssueError, Thing};
use crate::digest::hex;
use crate::sign::evidence::{Evidence, EvidenceError, Revised};
use crate::sign::keyring::{Choice, WithoutTimestamp};
use crate::sign::{Level, SignedPdf};
use crate::store::{Event, EvidenceDue, NewRevision, StoreError, StoredDocument};

impl Issuer {
    /// The sealed file with a timestamp, where its profile wants one and a service gives one in
    /// time; otherwise as it was: it is due for one then.
    ///
    /// # Errors
    /// [`IssueError::Sign`] where the timestamp says that our clock can't be believed.
    pub(super) async fn stamped(
        &self,
        signed: SignedPdf,
        choice: &Choice,
    ) -> Result<SignedPdf, IssueError> {
        let ring = self.with.keyring.ring();
        let evidence = ring.evidence().filter(|evidence| evidence.offers_timestamps());
        let Some(evidence) = evidence.filter(|_| choice.level > Level::BB) else {
            return Ok(signed);
        };
        let now = self.with.clock.now();
        let asked = tokio::time::timeout(PATIENCE, evidence.stamp(signed.clone(), now)).await;
        match asked {
            Ok(Ok(stamped)) => {
                self.observed(now, stamped.timestamp().unwrap_or(now));
                Ok(stamped)
            }
            Ok(Err(EvidenceError::Clock { ours, theirs })) => {
                self.observed(ours, theirs);
                self.with.keyring.clock().allows(now).map_err(IssueError::Sign)?;
                Ok(signed)
            }
            Ok(Err(error)) => {
                tracing::warn!(cause = %error, "no timestamp came; it will be added later");
                Ok(signed)
            }
            Err(_) => {
                tracing::warn!("no timestamp came in time; it will be added later");
                Ok(signed)
            }
        }
    }

    /// Adds the evidence that is due now to some documents; gives how many were tried. Another
    /// process may do the same: each revision is kept once.
    ///
    /// # Errors
    /// [`IssueError`] of the store alone: what a service fails to give is tried again later.
    pub async fn raise_evidence(&self) -> Result<usize, IssueError> {
        let now = self.with.clock.now();
        self.believe_clock_again(now).await;
        let due = self.with.store.evidence_due(now, AT_ONCE).await?;
        for one in &due {
            match self.raise(one).await {
                // Nothing can be kept now, whatever the document.
                Err(error) if error.fault() == Fault::Transient => return Err(error),
                Err(error) => self.set_aside(one, &error).await?,
                Ok(()) => {}
            }
        }
        Ok(due.len())
    }

    /// Lets the other documents have their turn before one that is itself at fault.
    async fn set_aside(&self, due: &EvidenceDue, error: &IssueError) -> Result<(), IssueError> {
        tracing::error!(document.id = %due.document, cause = %error, "evidence could not be kept");
        self.later(due, (A_DAY, "document")).await
    }

    /// A clock that was found wrong is held against a timestamp service again: nothing else would
    /// find it right, for nothing is signed by it.
    async fn believe_clock_again(&self, now: Timestamp) {
        let ring = self.with.keyring.ring();
        let Some(evidence) = ring.evidence().filter(|evidence| evidence.offers_timestamps()) else {
            return;
        };
        if self.with.keyring.clock().allows(now).is_ok() {
            return;
        }
        match evidence.time(now).await {
            Ok(theirs) | Err(EvidenceError::Clock { theirs, .. }) => self.observed(now, theirs),
            Err(_) => {}
        }
    }

    async fn raise(&self, due: &EvidenceDue) -> Result<(), IssueError> {
        let ring = self.with.keyring.ring();
        let document = self.with.store.document(due.document).await?;
        let document = document.ok_or(IssueError::Unknown(Thing::Document))?;
        let bytes = self.with.store.document_bytes(due.document).await?;
        let bytes = bytes.ok_or(IssueError::Unknown(Thing::Document))?;
        let raised = match ring.evidence() {
            Some(evidence) => {
                raised(evidence, (&document, bytes), due, self.with.clock.now()).await
            }
            None => Err(EvidenceError::NotConfigured),
        };
        match raised {
            Ok(revised) => self.keep_revision(&document, due, &revised).await,
            Err(error) => self.postpone(due, &error).await,
        }
    }

    /// Keeps a revision with what the document waits for next.
    async fn keep_revision(
        &self,
        document: &StoredDocument,
        due: &EvidenceDue,
        revised: &Revised,
    ) -> Result<(), IssueError> {
        let now = self.with.clock.now();
        let revision = document.revision + 1;
        let timestamp = document.timestamp.or(revised.timestamp);
        if let Some(at) = revised.timestamp {
            self.observed(now, at);
        }
        let event = Event {
            id: self.with.ids.event(now)?,
            at: now,
            what: "document.evidence_added".to_owned(),
            who: SERVICE.to_owned(),
            order_id: Some(document.order_id),
            document_id: Some(document.id),
            request_id: String::new(),
            detail: json!({
                "revision": revision,
                "level": revised.level.name(),
                "sha256": hex(&revised.sha256),
            }),
        };
        let made = NewRevision {
            document: document.id,
            revision,
            signature_level: revised.level.name(),
            timestamp,
            made_at: now,
            sha256: revised.sha256,
            bytes: &revised.bytes,
            due: next(due, revised, now),
            event,
        };
        match self.with.store.add_revision(made).await {
            // Another process was first.
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn postpone(&self, due: &EvidenceDue, error: &EvidenceError) -> Result<(), IssueError> {
        if let EvidenceError::Clock { ours, theirs } = error {
            self.observed(*ours, *theirs);
        }
        let failure = error.name();
        tracing::warn!(document.id = %due.document, failure, tries = due.tries + 1, "no evidence");
        self.later(due, (pause(due.tries, error), failure)).await
    }

    async fn later(
        &self,
        due: &EvidenceDue,
        (pause, failure): (SignedDuration, &str),
    ) -> Result<(), IssueError> {
        let now = self.with.clock.now();
        let later = EvidenceDue {
            due_at: now.checked_add(pause).unwrap_or(Timestamp::MAX),
            tries: due.tries.saturating_add(1),
            failure: Some(failure.to_owned()),
            ..due.clone()
        };
        self.with.store.postpone_evidence(&later).await.map_err(IssueError::from)
    }

    fn observed(&self, ours: Timestamp, theirs: Timestamp) {
        self.with.keyring.clock().observed(ours, theirs);
    }
}

/// What is to be made of a document after it was sealed, by its profile.
pub(super) struct Wanted {
    /// The level that it waits for; none where it has what is wanted.
    pub(super) level: Option<Level>,
    /// It is not given out before its timestamp stands.
    pub(super) held: bool,
}

impl Wanted {
    /// By the choice that was made before it was drawn.
    pub(super) fn of(choice: &Choice, signed: &SignedPdf) -> Self {
        let target = choice.level.max(choice.long_term);
        let bare = signed.level() == Level::BB && choice.level > Level::BB;
        let level = (signed.level() < target).then_some(target);
        Self { level, held: bare && choice.without_timestamp == WithoutTimestamp::Hold }
    }
}

/// What a document that was just kept waits for.
pub(super) fn first_due(document: &StoredDocument) -> Option<EvidenceDue> {
    let wanted = document.wanted_level.clone()?;
    Some(EvidenceDue {
        document: document.id,
        wanted,
        due_at: document.issued_at.checked_add(SOON).unwrap_or(document.issued_at),
        tries: 0,
        failure: None,
    })
}

/// One step up, or the same level renewed.
async fn raised(
    evidence: &Evidence,
    (document, bytes): (&StoredDocument, Vec<u8>),
    due: &EvidenceDue,
    now: Timestamp,
) -> Result<Revised, EvidenceError> {
    match (document.signature_level.as_str(), due.wanted.as_str()) {
        ("B-B", _) => evidence.stamp_stored(bytes, now).await,
        ("B-T", "B-LT") => evidence.long_term(bytes, now).await,
        _ => evidence.archive(bytes, now).await,
    }
}

/// What a document waits for after a revision: the next level soon, or a renewal in time.
fn next(due: &EvidenceDue, revised: &Revised, now: Timestamp) -> Option<EvidenceDue> {
    let after = |pause: SignedDuration| now.checked_add(pause).unwrap_or(Timestamp::MAX);
    let due_at = if revised.level.name() != due.wanted {
        after(SOON)
    } else if revised.level == Level::BLta {
        let left = revised.evidence_until.duration_since(now);
        after((left * RENEWED_AT / RENEWED_OF).max(SOONEST_RENEWAL))
    } else {
        return None;
    };
    Some(EvidenceDue { due_at, tries: 0, failure: None, ..due.clone() })
}

/// How long to wait after a failure: longer each time, a day where nobody can mend it by waiting.
fn pause(tries: u32, error: &EvidenceError) -> SignedDuration {
    match error {
        EvidenceError::Revoked { .. }
        | EvidenceError::NotOffered { .. }
        | EvidenceError::Broken(_)
        | EvidenceError::Level(_) => A_DAY,
        _ => (SOON * 2_i32.saturating_pow(tries.min(7))).min(LONGEST_PAUSE),
    }
}

/// Who adds evidence, in the audit trail.
const SERVICE: &str = "evidence";
/// How long an order waits for its timestamp.
const PATIENCE: Duration = Duration::from_secs(8);
/// Documents in one go.
const AT_ONCE: u32 = 16;
/// An answer on revocation proves more when it is from after the timestamp.
const SOON: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// A timestamp is renewed when three quarters of its proof's life are over.
const RENEWED_AT: i32 = 3;
const RENEWED_OF: i32 = 4;
const SOONEST_RENEWAL: SignedDuration = SignedDuration::from_hours(1);
