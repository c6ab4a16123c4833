//! Terms against the times that the respondent has declared: `time_conflict`. Stalking Protection
//! Act 2019, s.2(3).
//!
//! Where the court has said that a conflict of the kind can't be avoided, and why, it has answered.

use crate::domain::calendar::Weekday;
use crate::domain::clause::Value;
use crate::domain::order::{AvoidsConflict, Practicable};
use crate::domain::people::{Commitment, CommitmentKind};
use crate::domain::term::{Source, Term, TermKind};
use crate::domain::violation::{Rule, Violation};
use crate::domain::wording::{Busy, Slot, attended, clash};

use super::super::faults::{Faults, step};
use super::Placed;

/// Declared times, and where the request has them if it brings them.
#[derive(Clone, Copy)]
pub(super) struct Taken<'a> {
    pub(super) at: Option<&'a str>,
    pub(super) list: &'a [Commitment],
}

/// Warns of each term at its time; of a term that stays, at the time that is corrected.
pub(super) fn warn(
    placed: &[Placed<'_>],
    taken: Taken<'_>,
    conflict: Option<&AvoidsConflict>,
    faults: &mut Faults,
) {
    for one in placed {
        let Some((part, slot)) = slot(one.term) else { continue };
        for (index, commitment) in taken.list.iter().enumerate() {
            let Commitment { kind, days, from, to } = commitment;
            let busy = Busy { days, from: *from, to: *to };
            if is_answered(*kind, conflict) || !clash(&slot, &busy) {
                continue;
            }
            let at = match (one.at, taken.at) {
                (Some(at), _) => part.map_or_else(|| at.to_owned(), |part| format!("{at}{part}")),
                (None, Some(at)) => step(at, index),
                (None, None) => continue,
            };
            let fault = Violation::new(at, Rule::TimeConflict);
            faults.push(fault.with("commitment", name(*kind)));
        }
    }
}

/// When a term wants the respondent somewhere, with the part of the term that says so where
/// it is one.
pub(super) fn slot(term: &Term) -> Option<(Option<&'static str>, Slot)> {
    match &term.source {
        Source::Free => Some((Some("/text"), attended(&term.text, term.number.kind)?)),
        // A clause that forbids a place at some hours wants nobody anywhere.
        Source::Clause { .. } if term.number.kind == TermKind::Prohibition => None,
        Source::Clause { .. } => match value(term, "at") {
            Some(Value::DateTime { date, time }) => {
                let days = vec![Weekday::of(*date)];
                Some((Some("/values/at"), Slot { days, from: *time, to: None, whole: true }))
            }
            _ => Some((None, weekly(term)?)),
        },
    }
}

/// The days and hours of a clause that names both.
pub(super) fn weekly(term: &Term) -> Option<Slot> {
    match (value(term, "days"), value(term, "from"), value(term, "to")) {
        (Some(Value::Weekdays(days)), Some(Value::Time(from)), Some(Value::Time(to))) => {
            Some(Slot { days: days.clone(), from: *from, to: Some(*to), whole: false })
        }
        _ => None,
    }
}

/// The value that a clause has been given.
pub(super) fn value<'a>(term: &'a Term, name: &str) -> Option<&'a Value> {
    match &term.source {
        Source::Clause { values, .. } => values.get(name),
        Source::Free => None,
    }
}

fn is_answered(kind: CommitmentKind, conflict: Option<&AvoidsConflict>) -> bool {
    let Some(conflict) = conflict else { return false };
    let answer = match kind {
        CommitmentKind::Work => conflict.work,
        CommitmentKind::Worship => conflict.religious_belief,
        CommitmentKind::Education => conflict.education,
    };
    answer == Practicable::NotPracticable
}

const fn name(kind: CommitmentKind) -> &'static str {
    match kind {
        CommitmentKind::Work => "work",
        CommitmentKind::Worship => "worship",
        CommitmentKind::Education => "education",
    }
}
