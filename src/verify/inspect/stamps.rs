//! The timestamps of a file: those of signatures, and document timestamps, which prove the time of
//! everything that they cover.

use jiff::{SignedDuration, Timestamp};

use super::super::certificate::Certificate;
use super::super::path::Path;
use super::super::reason::{Finding, Reason};
use super::super::report::{Integrity, Kind, Revocation, Stamp, Trust};
use super::super::structure::Placed;
use super::super::token::{Token, is_for_timestamps};
use super::ground::{Ground, Material, PathStanding, revocation_finding};
use super::opened;

/// A timestamp with all that was found of it.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) stamp: Stamp,
    /// Its authority's path at its own time.
    pub(super) path: Option<Path>,
    pub(super) revocation: Revocation,
    /// Certificates and answers that the token itself encloses.
    pub(super) certificates: Vec<Certificate>,
    pub(super) answers: Vec<Vec<u8>>,
    pub(super) findings: Vec<Finding>,
}

/// The document timestamps among a file's signatures, by their index.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    judged: Vec<(usize, Placement, Judged)>,
}

/// What a document timestamp covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placement {
    end: usize,
    pub(super) revision: usize,
}

impl Placement {
    /// Whether a signature lies whole in what is covered.
    pub(super) const fn covers(&self, placed: &Placed) -> bool {
        self.end > placed.covered_end
    }
}

impl Stamps {
    /// Judges the latest first: each proves the time of those before it.
    pub(super) fn of(ground: &Ground<'_, '_>, present: &[Placed]) -> Self {
        let mut stamps = Self::default();
        for (index, placed) in present.iter().enumerate().rev() {
            let Some(revision) = placed.signed_revision else { continue };
            let whole = !placed.findings.iter().any(Finding::is_fatal);
            if placed.kind == Kind::DocumentTimestamp && whole {
                let proof = stamps.proof_of(placed).map(|proof| proof.stamp.at);
                let judged = Judged::document(ground, placed, proof);
                let placement = Placement { end: placed.covered_end, revision };
                stamps.judged.push((index, placement, judged));
            }
        }
        stamps
    }

    pub(super) fn of_index(&self, index: usize) -> Option<&Judged> {
        self.judged.iter().find(|(own, ..)| *own == index).map(|(_, _, judged)| judged)
    }

    /// The earliest believed timestamp that covers a signature and its hole.
    pub(super) fn proof_of(&self, placed: &Placed) -> Option<&Judged> {
        let covering = self.believed().filter(|(one, _)| one.covers(placed));
        covering.map(|(_, judged)| judged).min_by_key(|judged| judged.stamp.at)
    }

    /// The last revision that a believed one covers.
    pub(super) fn archived(&self) -> Option<Placement> {
        self.believed().map(|(placement, _)| placement).max_by_key(|one| one.end)
    }

    /// The believed ones, and what each covers.
    fn believed(&self) -> impl Iterator<Item = (Placement, &Judged)> {
        let believed = self.judged.iter().filter(|(_, _, judged)| judged.is_believed());
        believed.map(|(_, placement, judged)| (*placement, judged))
    }
}

impl Judged {
    /// A document timestamp; `proof` is a time at which it is known to have been there.
    pub(super) fn document(
        ground: &Ground<'_, '_>,
        placed: &Placed,
        proof: Option<Timestamp>,
    ) -> Self {
        let place = super::place(placed);
        let Some(parts) = placed.covered(ground.file) else {
            return Self::unreadable(Reason::TimestampMalformed, &place);
        };
        match opened::sole(&placed.contents) {
            Ok(token) => Self::token(ground, (token, &parts), (proof, &place)),
            Err(Reason::BytesBehindCms) => Self::unreadable(Reason::BytesBehindCms, &place),
            Err(_) => Self::unreadable(Reason::TimestampMalformed, &place),
        }
    }

    /// A token that should be of these parts; `proof` is a time at which it is known to have been
    /// there.
    pub(super) fn token(
        ground: &Ground<'_, '_>,
        (der, parts): (&[u8], &[&[u8]]),
        (proof, place): (Option<Timestamp>, &str),
    ) -> Self {
        let token = match Token::read(der) {
            Ok(token) => token,
            Err(reason) => return Self::unreadable(reason, place),
        };
        let mut judged = Self::unproven(&token);
        if !token.is_of(parts) {
            return judged.with(Reason::TimestampImprint, place);
        }
        let authority = match token.signed_by() {
            Ok(authority) => authority,
            Err(reason) => return judged.with(reason, place),
        };
        judged.stamp.integrity = Integrity::Intact;
        judged.led(ground, authority, place);
        judged.kept(ground, proof, place);
        judged.asked(ground, proof, place);
        judged
    }

    /// What is told of it; nothing where it could not be read.
    pub(super) fn readable(&self) -> Option<Stamp> {
        (self.stamp.integrity != Integrity::Unreadable).then(|| self.stamp.clone())
    }

    /// Whether its time counts.
    pub(super) fn is_believed(&self) -> bool {
        self.stamp.integrity == Integrity::Intact
            && matches!(self.stamp.trust, Trust::Trusted | Trust::Test)
    }

    /// To whom the authority leads at the token's own time.
    fn led(&mut self, ground: &Ground<'_, '_>, authority: &Certificate, place: &str) {
        let at = self.stamp.at;
        if !is_for_timestamps(authority) {
            self.stamp.trust = Trust::Unfit;
            self.findings.push(Finding::fatal(Reason::TimestampUsage, place));
            return;
        }
        let led = ground.timestamps.lead(authority, &ground.between(&self.certificates), at);
        self.stamp.trust = led.trust;
        match led.reason {
            Some(Reason::WrongUsage) => {
                self.findings.push(Finding::fatal(Reason::TimestampUsage, place));
            }
            Some(Reason::TestAuthority) => {
                self.findings.push(Finding::note(Reason::TestAuthority, place));
            }
            Some(_) => self.findings.push(Finding::fatal(Reason::TimestampUntrusted, place)),
            None => {}
        }
        self.path = led.path;
    }

    /// Whether its time can be believed now: not from the future, and not of an authority whose
    /// certificates have ended since, unless it is proven to have been there before. ETSI EN 319
    /// 102-1, clause 5.6.2.4.
    fn kept(&mut self, ground: &Ground<'_, '_>, proof: Option<Timestamp>, place: &str) {
        let Some(path) = &self.path else { return };
        let future = ground.now.checked_add(CLOCKS).is_ok_and(|latest| self.stamp.at > latest);
        let aged = proof.unwrap_or(ground.now).as_second() > path.end().as_second();
        let reason = match (future, aged) {
            (true, _) => Reason::TimestampUntrusted,
            (false, true) => Reason::TimestampAged,
            (false, false) => return,
        };
        self.findings.push(Finding::fatal(reason, place));
        self.stamp.trust = Trust::Unfit;
        self.path = None;
    }

    /// Whether the authority was revoked. A timestamp from before stands only where another proves
    /// that it was there, or the reason leaves the past alone. RFC 3161, section 4.
    fn asked(&mut self, ground: &Ground<'_, '_>, proof: Option<Timestamp>, place: &str) {
        let Some(path) = &self.path else { return };
        let own = Material::read(self.answers.iter().map(Vec::as_slice));
        let moment = ground.moment(Some(self.stamp.at));
        let standing = PathStanding::of(path, &ground.with(&own), moment);
        let proven = match (proof, standing.revoked) {
            (Some(proof), _) => Some(proof),
            (None, Some(revoked)) if revoked.leaves_the_past() => Some(self.stamp.at),
            (None, _) => None,
        };
        self.revocation = standing.judged(proven);
        if matches!(self.revocation, Revocation::Revoked { .. }) {
            self.stamp.trust = Trust::Unfit;
            self.path = None;
        }
        self.findings.extend(revocation_finding(self.revocation, place));
    }

    fn unproven(token: &Token) -> Self {
        Self {
            stamp: Stamp {
                at: token.gen_time,
                authority: token.authority().map(Certificate::signer),
                trust: Trust::Untrusted,
                integrity: Integrity::Broken,
            },
            path: None,
            revocation: Revocation::Unknown,
            certificates: token.certificates().to_vec(),
            answers: token.answers().to_vec(),
            findings: Vec::new(),
        }
    }

    fn unreadable(reason: Reason, place: &str) -> Self {
        Self {
            stamp: Stamp {
                at: Timestamp::UNIX_EPOCH,
                authority: None,
                trust: Trust::Untrusted,
                integrity: Integrity::Unreadable,
            },
            path: None,
            revocation: Revocation::Unknown,
            certificates: Vec::new(),
            answers: Vec::new(),
            findings: vec![Finding::fatal(reason, place)],
        }
    }

    fn with(mut self, reason: Reason, place: &str) -> Self {
        self.findings.push(Finding::fatal(reason, place));
        self
    }
}

/// By how much the clocks of two services may differ.
const CLOCKS: SignedDuration = SignedDuration::from_secs(120);
