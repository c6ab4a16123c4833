//! Orders that came before: the interim order that a full one replaces, and others on the same
//! person.

use jiff::civil::Date;

use crate::domain::clause::Library;
use crate::domain::draft::{ExistingOrderDraft, OrderDraft, ReplacesInterimDraft};
use crate::domain::order::{Duration, ExistingOrder, Order, OrderKind, ReplacedInterim};
use crate::domain::term::{Source, Term};
use crate::domain::text::{Marks, Text};
use crate::domain::violation::{Rule, Violation};

use super::Context;
use super::duration::day;
use super::faults::{Faults, step};
use super::terms::letters;

const REPLACES: &str = "/replaces_interim";

/// Reads `replaces_interim`: `unknown_order`, `replaced_order_not_interim`, `order_not_in_force`,
/// `replaced_interim_after_order`. `full` is the whole request.
pub(super) fn replaced(
    draft: &ReplacesInterimDraft,
    full: &OrderDraft,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<ReplacedInterim> {
    let at_reference = step(REPLACES, "case_reference");
    let reference = faults.text(&at_reference, draft.case_reference.as_deref());
    let replaced = match draft.order_id {
        Some(id) => {
            let at = step(REPLACES, "order_id");
            let Some((_, order)) = context.known_orders.get(&id) else {
                faults.add(at, Rule::UnknownOrder);
                return None;
            };
            agrees(draft, order, faults);
            if order.kind == OrderKind::InterimOrder {
                if !is_of_the_case(full, order) {
                    faults.add(at.as_str(), Rule::ReplacedOrderNotInterim);
                }
                still_runs(&at, full.made_on, order, faults);
            }
            faults.prints(at, order.case.reference.clone());
            Some(ReplacedInterim {
                order_id: Some(id),
                case_reference: order.case.reference.clone(),
                made_on: order.made_on,
            })
        }
        None => {
            faults.needed(&at_reference, draft.case_reference.as_deref());
            let made_on = faults.needed(&step(REPLACES, "made_on"), draft.made_on);
            reference.zip(made_on).map(|(case_reference, made_on)| ReplacedInterim {
                order_id: None,
                case_reference,
                made_on,
            })
        }
    };
    let made_before = replaced.as_ref().map(|r| r.made_on).or(draft.made_on);
    if let (Some(before), Some(made_on)) = (made_before, full.made_on)
        && before > made_on
    {
        let field = if draft.order_id.is_some() { "order_id" } else { "made_on" };
        let fault = Violation::new(step(REPLACES, field), Rule::ReplacedInterimAfterOrder);
        faults.push(fault.with("made_on", day(made_on)));
    }
    replaced
}

/// A stored order that is replaced is an interim one, and what else is said of it is true.
fn agrees(draft: &ReplacesInterimDraft, order: &Order, faults: &mut Faults) {
    let reference = draft.case_reference.as_deref();
    let checks = [
        ("order_id", order.kind == OrderKind::InterimOrder),
        ("case_reference", reference.is_none_or(|given| given == &*order.case.reference)),
        ("made_on", draft.made_on.is_none_or(|given| given == order.made_on)),
    ];
    for (field, fits) in checks {
        if !fits {
            faults.add(step(REPLACES, field), Rule::ReplacedOrderNotInterim);
        }
    }
}

/// Whether the interim order binds the same person and was made for the same chief officer. A part
/// that the request does not have is missed elsewhere. Stalking Protection Act 2019, s.5(1).
fn is_of_the_case(full: &OrderDraft, interim: &Order) -> bool {
    let (bound, force) = (&interim.respondent, &interim.applicant.force.code);
    let same = |given: Option<&str>, stored: &Text| {
        let given = given.and_then(|given| Text::parse(given, Marks::Name).ok());
        given.is_none_or(|given| letters(&given) == letters(stored))
    };
    let same_person = full.respondent.as_ref().is_none_or(|given| {
        same(given.given_names.as_deref(), &bound.given_names)
            && same(given.family_name.as_deref(), &bound.family_name)
            && given.date_of_birth.is_none_or(|born| born == bound.date_of_birth)
    });
    let applies = full.applicant.as_ref().and_then(|applicant| applicant.force.as_deref());
    same_person && applies.is_none_or(|code| code == force)
}

/// `order_not_in_force`: what had run out before the full order was made is not replaced by it.
/// Stalking Protection Act 2019, s.5(6).
fn still_runs(at: &str, made_on: Option<Date>, interim: &Order, faults: &mut Faults) {
    if let (Duration::Fixed { end_date }, Some(made_on)) = (interim.duration, made_on)
        && end_date < made_on
    {
        let fault = Violation::new(at, Rule::OrderNotInForce);
        faults.push(fault.with("end_date", day(end_date)));
    }
}

/// Reads `existing_orders`: `unknown_order`, `incompatible_with_existing_order`. `terms` are the
/// new order's, each with its pointer. Stalking Protection Act 2019, s.2(6)-(7).
pub(super) fn existing(
    drafts: &[ExistingOrderDraft],
    terms: &[(String, Term)],
    context: &Context<'_>,
    faults: &mut Faults,
) -> Vec<ExistingOrder> {
    let mut existing = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let at = step("/existing_orders", index);
        let at_compatible = step(&at, "compatible");
        if faults.needed(&at_compatible, draft.compatible) == Some(false) {
            faults.add(at_compatible, Rule::IncompatibleWithExistingOrder);
        }
        let at_description = step(&at, "description");
        let description = faults.text(&at_description, draft.description.as_deref());
        let Some(id) = draft.order_id else {
            faults.needed(&step(&at, "order_id"), draft.description.as_ref());
            existing
                .extend(description.map(|description| ExistingOrder::Described { description }));
            continue;
        };
        match context.known_orders.get(&id) {
            Some((_, order)) => stand_beside(order, terms, context, faults),
            None => faults.add(step(&at, "order_id"), Rule::UnknownOrder),
        }
        existing.push(ExistingOrder::Stored { order_id: id });
    }
    existing
}

/// No clause of the new order may be one that can't stand beside a clause of the earlier one.
fn stand_beside(
    order: &Order,
    terms: &[(String, Term)],
    context: &Context<'_>,
    faults: &mut Faults,
) {
    for (at, term) in terms {
        let Source::Clause { clause: new, .. } = &term.source else {
            continue;
        };
        let clash = order.terms.iter().find(|earlier| match &earlier.source {
            Source::Clause { clause, .. } => cannot_stand_beside(new, clause, context.law.library),
            Source::Free => false,
        });
        if let Some(earlier) = clash {
            let fault = Violation::new(step(at, "clause"), Rule::IncompatibleWithExistingOrder);
            faults.push(fault.with("number", earlier.number));
        }
    }
}

/// Whether either of two clauses names the other as one that it contradicts.
fn cannot_stand_beside(one: &str, other: &str, library: &Library) -> bool {
    let slug = |reference: &str| reference.split('@').next().unwrap_or_default().to_owned();
    let names = |one: &str, other: &str| {
        let clause = library.find(&slug(one));
        clause.is_some_and(|clause| clause.cannot_stand_beside.contains(&slug(other)))
    };
    names(one, other) || names(other, one)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::super::sample::{Case, ID, full, interim};
    use crate::domain::clause::Library;
    use crate::domain::draft::{DurationDraft, ExistingOrderDraft, ReplacesInterimDraft};
    use crate::domain::identity::OrderId;
    use crate::domain::violation::Rule;

    fn replaces(order_id: Option<OrderId>) -> Option<ReplacesInterimDraft> {
        Some(ReplacesInterimDraft { order_id, ..Default::default() })
    }

    /// A full order of 20 November that replaces the interim one of 16 November.
    fn replacing() -> Case {
        replacing_until(date(2027, 1, 15))
    }

    fn replacing_until(ends_on: Date) -> Case {
        let mut interim = interim();
        interim.draft.duration = Some(DurationDraft::Fixed(Some(ends_on)));
        let mut case = full().knowing(&interim);
        case.draft.applicant = interim.draft.applicant;
        case.draft.respondent = interim.draft.respondent;
        case.draft.made_on = Some(date(2026, 11, 20));
        case.draft.replaces_interim = replaces(Some(ID));
        case
    }

    #[test]
    fn replaced_order_not_interim_where_it_binds_another_person() {
        let pointer = "/replaces_interim/order_id";
        replacing().silent_on(pointer, Rule::ReplacedOrderNotInterim);
        let mut case = replacing();
        case.respondent().family_name = Some("Specimen".to_owned());
        case.refused(pointer, Rule::ReplacedOrderNotInterim);
        let mut case = replacing();
        case.respondent().given_names = Some("Rhys".to_owned());
        case.refused(pointer, Rule::ReplacedOrderNotInterim);
        let mut case = replacing();
        case.respondent().date_of_birth = Some(date(1987, 3, 15));
        case.refused(pointer, Rule::ReplacedOrderNotInterim);
        let mut case = replacing();
        case.respondent().family_name = Some("FFUG EXAMPLE".to_owned());
        case.silent_on(pointer, Rule::ReplacedOrderNotInterim);
    }

    #[test]
    fn replaced_order_not_interim_where_another_chief_officer_applied_for_it() {
        let mut case = replacing();
        case.applicant().force = Some("kent".to_owned());
        let fault = case.refused("/replaces_interim/order_id", Rule::ReplacedOrderNotInterim);
        assert!(fault.explain().basis.unwrap().contains("s.5(1)"));
    }

    #[test]
    fn order_not_in_force_where_the_interim_order_had_run_out() {
        let pointer = "/replaces_interim/order_id";
        let ended = replacing_until(date(2026, 11, 19));
        let fault = ended.refused(pointer, Rule::OrderNotInForce);
        assert!(fault.explain().message.contains("19 November 2026"));
        replacing_until(date(2026, 11, 20)).passes();
    }

    #[test]
    fn replaced_interim_after_order_is_refused() {
        let mut case = full();
        case.draft.replaces_interim.as_mut().unwrap().made_on = Some(date(2026, 11, 3));
        case.refused("/replaces_interim/made_on", Rule::ReplacedInterimAfterOrder);
        // The stored interim order is of 16 November, the full one of 2 November.
        let mut case = full().knowing(&interim());
        case.draft.replaces_interim = replaces(Some(ID));
        case.refused("/replaces_interim/order_id", Rule::ReplacedInterimAfterOrder);
    }

    #[test]
    fn replaced_order_not_interim_where_it_is_full_or_another() {
        let mut case = full().knowing(&full());
        case.draft.replaces_interim = replaces(Some(ID));
        case.refused("/replaces_interim/order_id", Rule::ReplacedOrderNotInterim);
        let mut case = full().knowing(&interim());
        case.draft.made_on = Some(date(2026, 11, 20));
        case.draft.replaces_interim = replaces(Some(ID));
        case.draft.replaces_interim.as_mut().unwrap().case_reference = Some("other".to_owned());
        case.refused("/replaces_interim/case_reference", Rule::ReplacedOrderNotInterim);
    }

    #[test]
    fn a_stored_interim_order_is_replaced_with_its_own_facts() {
        let order = replacing().passes();
        let replaced = order.replaces_interim.as_ref().unwrap();
        assert_eq!(replaced.order_id, Some(ID));
        assert_eq!(replaced.made_on, date(2026, 11, 16));
    }

    #[test]
    fn unknown_order_is_refused_where_it_is_named() {
        let mut case = full();
        case.draft.replaces_interim = replaces(Some(ID));
        case.refused("/replaces_interim/order_id", Rule::UnknownOrder);
        let mut case = full();
        case.draft.existing_orders.push(ExistingOrderDraft {
            order_id: Some(ID),
            description: None,
            compatible: Some(true),
        });
        case.refused("/existing_orders/0/order_id", Rule::UnknownOrder);
    }

    #[test]
    fn incompatible_with_existing_order_where_the_request_says_so() {
        let mut case = full();
        case.draft.existing_orders.push(ExistingOrderDraft {
            order_id: None,
            description: Some("an order of another court, 2025".to_owned()),
            compatible: Some(false),
        });
        case.refused("/existing_orders/0/compatible", Rule::IncompatibleWithExistingOrder);
        case.draft.existing_orders[0].compatible = Some(true);
        case.passes();
    }

    #[test]
    fn incompatible_with_existing_order_where_two_clauses_contradict() {
        // The library in force has no such pair yet; one is made here.
        let words = include_str!("../../../templates/clauses/2026-11.toml");
        let barred = "cannot_stand_beside = [\"no-tracking\"]";
        let words = words.replacen("cannot_stand_beside = []", barred, 1);
        let library: &'static Library = Box::leak(Box::new(toml::from_str(&words).unwrap()));
        let mut case = full().knowing(&interim());
        case.law.library = library;
        case.draft.existing_orders.push(ExistingOrderDraft {
            order_id: Some(ID),
            description: None,
            compatible: Some(true),
        });
        // The first clause of the library is the first of the full order; P4 of the stored order is
        // the other.
        let fault = case.refused("/prohibitions/0/clause", Rule::IncompatibleWithExistingOrder);
        assert!(fault.explain().message.contains("P4"));
        case.silent_on("/prohibitions/4/clause", Rule::IncompatibleWithExistingOrder);
    }
}
