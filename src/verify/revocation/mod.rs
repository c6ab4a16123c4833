//! Whether a certificate was revoked, by what its issuer said and signed: OCSP answers and lists.
//!
//! An answer counts where its signer may give it and it is of the time that is asked about: either
//! made at or after it, while the certificate still ran, or made before and not yet to be renewed
//! then. What can't be judged is no answer. RFC 5280, section 6.3; RFC 6960, section 3.2; ETSI EN
//! 319 102-1, clause 5.2.5.

pub mod crl;
pub mod ocsp;

use jiff::{SignedDuration, Timestamp};

use super::certificate::Certificate;

/// When: what is asked about, and when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant at which the certificate was used.
    pub at: Timestamp,
    /// The instant of the check; nothing may be newer.
    pub now: Timestamp,
}

/// What an answer that counts says of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// When it was known to be so.
    pub this_update: Timestamp,
    /// When newer knowledge will be there; where it is not named, at once.
    pub next_update: Option<Timestamp>,
    /// Absent where the certificate is good.
    pub revoked: Option<Revoked>,
    /// The responder's own certificate, where the issuer let another answer and did not say that
    /// nobody need ask about that one: the answer counts only if this one is good too.
    pub responder: Option<Certificate>,
}

/// From when a certificate does not count any more, and why. RFC 5280, section 5.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    /// The earlier of the revocation and the instant since which the key is doubted.
    pub at: Timestamp,
    /// A code of RFC 5280, section 5.3.1.
    pub reason: Option<u32>,
}

impl Revoked {
    /// Whether what was signed before still counts when it is known to be from before: the reason
    /// says that the key was not in other hands. RFC 3161, section 4.
    pub fn leaves_the_past(&self) -> bool {
        // unspecified, affiliationChanged, superseded, cessationOfOperation; not where no reason
        // stands there.
        matches!(self.reason, Some(0 | 3..=5))
    }
}

/// Why an answer does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("the answer can't be read")]
    Malformed,
    /// The responder says that it can't or won't say. RFC 6960, section 2.3; the status.
    #[error("the responder gives no answer: status {0}")]
    Refused(u32),
    /// It is of another certificate or another issuer.
    #[error("the answer is of another certificate")]
    Other,
    /// Who signed it may not.
    #[error("the answer is not signed by one who may")]
    Signer,
    /// The signature is not of the signer's key, or of no accepted algorithm.
    #[error("the answer's signature does not hold")]
    Signature,
    /// It was to be renewed before the time that is asked about, or is from after the
    /// certificate's end.
    #[error("the answer is too old, or of after the certificate's end")]
    Stale,
    /// It is from after the time of the check.
    #[error("the answer is from the future")]
    Future,
    /// The responder does not know the certificate.
    #[error("the responder does not know the certificate")]
    Unknown,
    /// It is of a kind that is not judged: partial, indirect, or with an unknown condition.
    #[error("the answer is of a kind that is not judged")]
    Unsupported,
}

/// What is known of a certificate when everything at hand was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Good,
    Revoked(Revoked),
    Unknown,
}

impl Standing {
    /// What two sources say together: a revocation, the earlier of two, else good where one says
    /// so.
    pub fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Revoked(one), Self::Revoked(other)) if other.at < one.at => Self::Revoked(other),
            (Self::Revoked(one), _) | (_, Self::Revoked(one)) => Self::Revoked(one),
            (Self::Good, _) | (_, Self::Good) => Self::Good,
            (Self::Unknown, Self::Unknown) => Self::Unknown,
        }
    }
}

/// Answers and lists, read once.
#[derive(Debug, Clone, Default)]
pub struct Material {
    answers: Vec<ocsp::Answer>,
    lists: Vec<crl::List>,
}

impl Material {
    /// Everything that can be read as an OCSP response (whole or basic) or a list; the rest is left
    /// out.
    pub fn read<'a>(all: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut material = Self::default();
        for der in all.into_iter().take(MOST_ANSWERS) {
            if let Ok(answer) = ocsp::Answer::read(der) {
                material.answers.push(answer);
            } else if let Ok(list) = crl::List::read(der) {
                material.lists.push(list);
            }
        }
        material
    }

    /// What is known of a certificate of this issuer: revoked if any answer that counts says so.
    pub fn standing(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        moment: Moment,
    ) -> Standing {
        let all = self.said(certificate, issuer, moment);
        let all = all.filter(|said| self.responder_is_good(said, issuer));
        let standings = all.map(|said| said.revoked.map_or(Standing::Good, Standing::Revoked));
        standings.fold(Standing::Unknown, Standing::worse)
    }

    fn said<'a>(
        &'a self,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        moment: Moment,
    ) -> impl Iterator<Item = Said> + 'a {
        let answers =
            self.answers.iter().filter_map(move |one| one.check(certificate, issuer, moment).ok());
        let lists =
            self.lists.iter().filter_map(move |one| one.check(certificate, issuer, moment).ok());
        answers.chain(lists)
    }

    /// A responder that must be asked about itself is good where the issuer itself says so. An
    /// answer that says revoked counts whatever its responder's standing.
    fn responder_is_good(&self, said: &Said, issuer: &Certificate) -> bool {
        let Some(responder) = &said.responder else { return true };
        if said.revoked.is_some() {
            return true;
        }
        let moment = Moment { at: said.this_update, now: Timestamp::MAX };
        let all = self.said(responder, issuer, moment);
        // One delegate does not vouch for another.
        let own: Vec<_> = all.filter(|said| said.responder.is_none()).collect();
        !own.is_empty() && own.iter().all(|said| said.revoked.is_none())
    }
}

/// Whether knowledge from `this_update`, to be renewed at `next_update`, says something of a
/// certificate at the moment.
pub(super) fn fresh(
    (this_update, next_update): (Timestamp, Option<Timestamp>),
    certificate: &Certificate,
    moment: Moment,
) -> Result<(), Doubt> {
    let later = |at: Timestamp| at.checked_add(CLOCKS).unwrap_or(Timestamp::MAX);
    if this_update > later(moment.now) {
        return Err(Doubt::Future);
    }
    if next_update.is_some_and(|next| next < this_update) {
        return Err(Doubt::Malformed);
    }
    // Of a certificate that has ended its issuer need not speak any more.
    if this_update > certificate.not_after() {
        return Err(Doubt::Stale);
    }
    let after = later(this_update) >= moment.at;
    let covering = next_update.is_some_and(|next| later(next) >= moment.at);
    if after || covering { Ok(()) } else { Err(Doubt::Stale) }
}

/// By how much the clocks of two services may differ.
const CLOCKS: SignedDuration = SignedDuration::from_secs(120);
const MOST_ANSWERS: usize = 4096;
