//! Warnings on how terms read: where a caller's own words stand, and what two terms, or a term and
//! a declared time, make of each other. What is found in words is [`crate::domain::wording`]'s.
//!
//! Only what the request brings is warned of. A term that stays was judged when it came; it is
//! here for what a new one makes of it.
//!
//! `passage` reads one term, `pair` two, `week` a term against the respondent's declared times.

mod pair;
mod passage;
mod week;

use crate::domain::clause::Library;
use crate::domain::order::AvoidsConflict;
use crate::domain::people::{Abode, Respondent};
use crate::domain::term::Term;
use crate::domain::variation::ChangeOp;

use super::change::{Asked, place};
use super::faults::{Faults, step};
use super::term::Judged;

/// A term and where the request has it; nowhere for one that stays.
#[derive(Clone, Copy)]
struct Placed<'a> {
    at: Option<&'a str>,
    term: &'a Term,
}

/// The terms of a new order.
pub(super) fn of_order(
    terms: &[(String, Term)],
    respondent: &Option<Respondent>,
    conflict: &Option<AvoidsConflict>,
    library: &Library,
    faults: &mut Faults,
) {
    let own_address = respondent.as_ref().map(own_address).unwrap_or_default();
    let placed: Vec<_> =
        terms.iter().map(|(at, term)| Placed { at: Some(at.as_str()), term }).collect();
    for one in &placed {
        passage::warn(one, &own_address, faults);
    }
    pair::warn(&placed, library, faults);
    if let Some(respondent) = respondent {
        let taken = week::Taken { at: None, list: &respondent.commitments };
        week::warn(&placed, taken, conflict.as_ref(), faults);
    }
}

/// The terms that a variation request adds or amends, beside those that stay; and the declared
/// times that it corrects, beside all.
pub(super) fn of_changes(
    judged: &[Judged],
    staying: &[&Term],
    ops: &[Option<ChangeOp>],
    asked: &Asked<'_>,
    faults: &mut Faults,
) {
    let (order, library) = (asked.base.order, asked.context.law.library);
    let corrected = ops.iter().enumerate().rev().find_map(|(index, op)| match op {
        Some(ChangeOp::CorrectRespondent { respondent }) => Some((place(index), respondent)),
        _ => None,
    });
    let respondent = corrected.as_ref().map_or(&order.respondent, |(_, respondent)| respondent);
    let own_address = own_address(respondent);
    let new = judged
        .iter()
        .filter_map(|one| one.term.as_ref().map(|term| Placed { at: Some(one.at.as_str()), term }));
    let mut placed: Vec<_> = staying.iter().map(|term| Placed { at: None, term }).collect();
    placed.extend(new);
    for one in &placed {
        passage::warn(one, &own_address, faults);
    }
    pair::warn(&placed, library, faults);
    let at = corrected.as_ref().map(|(at, _)| step(&step(at, "respondent"), "commitments"));
    let taken = week::Taken { at: at.as_deref(), list: &respondent.commitments };
    week::warn(&placed, taken, Some(&order.avoids_conflict), faults);
}

/// The lines of the respondent's own address.
fn own_address(respondent: &Respondent) -> Vec<String> {
    match &respondent.abode {
        Abode::Address(address) => {
            let lines = address.lines.iter().chain(&address.postcode);
            lines.map(|line| line.to_string()).collect()
        }
        Abode::NoFixedAbode { found_at } => vec![found_at.to_string()],
    }
}

#[cfg(test)]
mod tests;
