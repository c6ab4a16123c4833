//! What was done to a file after a signature, object by object.
//!
//! Every revision is compared with the one before it, so nothing can be shown and hidden again.
//! Each object of the older one must be equal in the newer unless a rule names its place; each
//! new object must be led to by something that a rule allowed. What is left over is not allowed.
//! The rules: long-term data that only grow (`evidence`), signatures and timestamps in fields that
//! take no room (`form`), values of fields made before (`filling`), the date and maker in the
//! information dictionary (`trailer`) and in the metadata (`metadata`). Clauses: ISO 32000-1,
//! 12.8.2.2; ETSI EN 319 142-1, 5.4-5.6.
//!
//! To allow something: a rule beside these that explains exactly its objects, the [`Class`] of
//! who may do it, an attack that abuses it.

mod catalog;
mod evidence;
mod filling;
mod form;
mod metadata;
mod naming;
mod signing;
mod step;
#[cfg(test)]
mod tests;
mod trailer;
mod usage;

use super::pdf::File;
use super::reason::{Finding, Weight, add};
use super::report::{Change, LaterChanges};
use super::structure::{Placed, Signatures};
use step::Made;
use usage::Usage;

/// What came after one signature.
#[derive(Debug, Clone)]
pub struct Difference {
    pub later: LaterChanges,
    /// Why it is not allowed, where it is not.
    pub findings: Vec<Finding>,
}

/// Who may make a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nobody.
    Never,
    /// Whoever keeps the file: data and timestamps for the long term.
    Evidence,
    /// Who signs too, where no certification forbids it.
    Signing,
    /// Who fills fields in, where a certification allows it.
    Filling,
}

/// What every revision did to the one before it.
#[derive(Debug)]
pub struct Steps {
    /// By revision; the first did nothing.
    made: Vec<Vec<Made>>,
    /// What each revision must heed: permissions and locks of the signatures before it.
    limits: Vec<Limit>,
    /// The file itself has faults that no rule allows.
    broken: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Limit {
    permission: Option<u8>,
    locked: bool,
}

impl Steps {
    /// Compares each revision with the one before it, once for all signatures.
    pub fn of(file: &File<'_>, signatures: &Signatures) -> Self {
        let usage = Usage::of(file);
        let count = file.revisions().len();
        let steps = (1..count).map(|revision| step::made(file, revision, &usage));
        let limits = (0..count).map(|revision| limit(signatures, revision));
        Self {
            made: std::iter::once(Vec::new()).chain(steps).collect(),
            limits: limits.collect(),
            broken: file.findings().iter().any(|finding| finding.weight == Weight::Fatal),
        }
    }

    /// What came after this signature, by what it and those before it allow.
    pub fn after(&self, placed: &Placed) -> Difference {
        let Some(signed) = placed.signed_revision else {
            return Difference { later: refused(Vec::new()), findings: Vec::new() };
        };
        let mut changes = Vec::new();
        let mut findings = Vec::new();
        let later = self.made.iter().zip(&self.limits).enumerate().skip(signed + 1);
        for (revision, (made, limit)) in later {
            for one in made {
                let allowed = limit.allows(one.class);
                if !allowed {
                    add(&mut findings, Finding::fatal(one.reason, &one.object));
                }
                let (object, reason) = (one.object.clone(), one.reason);
                if changes.len() < MOST {
                    changes.push(Change { revision, object, allowed, reason });
                }
            }
        }
        let later = if self.broken || !findings.is_empty() {
            refused(changes)
        } else if signed + 1 < self.made.len() {
            LaterChanges::Allowed { changes }
        } else {
            LaterChanges::None
        };
        Difference { later, findings }
    }
}

const fn refused(changes: Vec<Change>) -> LaterChanges {
    LaterChanges::NotAllowed { changes }
}

impl Limit {
    fn allows(self, class: Class) -> bool {
        match class {
            Class::Never => false,
            Class::Evidence => true,
            Class::Signing => !self.locked && self.permission != Some(1),
            Class::Filling => !self.locked && matches!(self.permission, Some(2 | 3)),
        }
    }
}

/// The least that any signature before the revision allows, also one that was taken away.
fn limit(signatures: &Signatures, revision: usize) -> Limit {
    let all = signatures.present.iter().chain(&signatures.removed);
    let before = all.filter(|placed| placed.signed_revision.is_some_and(|end| end < revision));
    before.fold(Limit::default(), |limit, placed| Limit {
        permission: match (limit.permission, placed.permission) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        },
        locked: limit.locked || placed.locks_fields,
    })
}

/// Changes that are told one by one; one that is not allowed always has its finding.
const MOST: usize = 256;
