//! What every judgement about one file stands on: the file, whom the operator trusts, and all that
//! is known of revocation.

use jiff::Timestamp;

use super::super::certificate::Certificate;
use super::super::path::{Path, Purpose};
use super::super::pdf::File;
use super::super::reason::{Finding, Reason};
use super::super::report::{Basis, Revocation};
pub(super) use super::super::revocation::Material;
use super::super::revocation::{Moment, Revoked, Standing};
use super::super::trust::Anchors;
use super::store::Store;

pub(super) struct Ground<'f, 'a> {
    pub(super) file: &'f File<'a>,
    pub(super) now: Timestamp,
    pub(super) signers: Anchors,
    pub(super) timestamps: Anchors,
    /// Certificates of the operator and of the file's long-term data.
    known: Vec<Certificate>,
    /// Answers that the operator holds, and those of the file: apart, so that many of one kind
    /// can't crowd out the other.
    materials: [Material; 2],
}

impl<'f, 'a> Ground<'f, 'a> {
    pub(super) fn new(file: &'f File<'a>, basis: &Basis) -> Self {
        let store = Store::of(file, file.revisions().len() - 1).unwrap_or_default();
        let known = basis.known.iter().filter_map(|der| Certificate::read(der).ok());
        let mut known: Vec<_> = known.collect();
        // Of many, the file's own come first: the operator's are all that it ever used.
        known.splice(0..0, store.certificates);
        let read = |answers: &[Vec<u8>]| Material::read(answers.iter().map(Vec::as_slice));
        let materials = [read(&basis.answers), read(&store.answers)];
        Self {
            file,
            now: basis.now,
            signers: Anchors::read(&basis.signers, Purpose::Documents),
            timestamps: Anchors::read(&basis.timestamps, Purpose::Timestamps),
            materials,
            known,
        }
    }

    /// All certificates that may stand between, those beside the signature first.
    pub(super) fn between(&self, beside: &[Certificate]) -> Vec<Certificate> {
        beside.iter().chain(&self.known).cloned().collect()
    }

    /// All answers at hand, with those beside a signature.
    pub(super) fn with<'m>(&'m self, beside: &'m Material) -> [&'m Material; 3] {
        [&self.materials[0], &self.materials[1], beside]
    }

    /// What revocation is asked about: the time that counts, which is now where none is proven.
    pub(super) fn moment(&self, proven: Option<Timestamp>) -> Moment {
        Moment { at: proven.unwrap_or(self.now), now: self.now }
    }
}

/// What is known of the certificates of a path, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathStanding {
    /// The first revocation of any of them.
    pub(super) revoked: Option<Revoked>,
    unknown: bool,
    good: bool,
}

impl PathStanding {
    /// Asks everything at hand about each certificate but the anchor.
    pub(super) fn of(path: &Path, materials: &[&Material], moment: Moment) -> Self {
        let mut found = Self { revoked: None, unknown: false, good: false };
        for (certificate, issuer) in path.links() {
            let asked = materials.iter().map(|one| one.standing(certificate, issuer, moment));
            match asked.fold(Standing::Unknown, Standing::worse) {
                Standing::Good => found.good = true,
                Standing::Revoked(revoked) => {
                    let earlier = found.revoked.is_none_or(|known| revoked.at < known.at);
                    found.revoked = if earlier { Some(revoked) } else { found.revoked };
                }
                Standing::Unknown => found.unknown |= !certificate.offers_no_revocation(),
            }
        }
        found
    }

    /// Whether every certificate was good, or names nobody who could say.
    pub(super) const fn is_settled(&self) -> bool {
        self.revoked.is_none() && !self.unknown
    }

    /// What it means for a signature that is proven to be from `proven` or before.
    pub(super) fn judged(&self, proven: Option<Timestamp>) -> Revocation {
        match (self.revoked, proven) {
            (Some(revoked), Some(proven)) if revoked.at > proven => {
                Revocation::RevokedLater { at: revoked.at }
            }
            (Some(revoked), _) => Revocation::Revoked { at: revoked.at },
            (None, _) if self.unknown => Revocation::Unknown,
            (None, _) if self.good => Revocation::Good,
            (None, _) => Revocation::NotOffered,
        }
    }
}

/// What a reader should know of a revocation.
pub(super) fn revocation_finding(revocation: Revocation, place: &str) -> Option<Finding> {
    match revocation {
        Revocation::Revoked { .. } => Some(Finding::fatal(Reason::Revoked, place)),
        Revocation::RevokedLater { .. } => Some(Finding::note(Reason::RevokedLater, place)),
        Revocation::Unknown => Some(Finding::note(Reason::RevocationUnknown, place)),
        Revocation::Good | Revocation::NotOffered => None,
    }
}
