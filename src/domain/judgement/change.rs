//! What a request would change, held against the order as it would then stand.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::domain::clause::Value;
use crate::domain::draft::{ChangeDraft, DurationDraft, PersonDraft, TermDraft};
use crate::domain::order::{Duration, OrderKind};
use crate::domain::people::{Confidences, ProtectedPerson};
use crate::domain::sensitive::Sensitive;
use crate::domain::term::{Source, Term, TermKind, TermNumber};
use crate::domain::variation::{Change, ChangeOp, VariationKind};
use crate::domain::violation::{Rule, Violation};

use super::duration::{self, Window, earliest_end, last_day};
use super::faults::{Faults, step};
use super::hearing::{self, Place};
use super::people::Persons;
use super::respondent::{self, Ages};
use super::term::{Judged, Slot, TermRules};
use super::terms::{self, Said};
use super::{BaseOrder, Context, period, wording};

/// What is known of the request before its changes are read.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) base: &'a BaseOrder<'a>,
    pub(super) kind: VariationKind,
    pub(super) made_on: Date,
    /// Whether a Welsh document will be made of it.
    pub(super) welsh: bool,
}

/// The changes as far as they could be read.
pub(super) struct Changes {
    pub(super) changes: Option<Vec<Change>>,
    /// Persons added or corrected, as printed.
    pub(super) printed: Vec<ProtectedPerson>,
    pub(super) confidences: Vec<Confidences>,
    pub(super) necessity: Vec<(TermNumber, Sensitive)>,
}

/// Reads every change: persons and durations first, since terms are held against them.
pub(super) fn judge(drafts: &[ChangeDraft], asked: &Asked<'_>, faults: &mut Faults) -> Changes {
    allowed(drafts, asked, faults);
    let mut ops: Vec<Option<ChangeOp>> = vec![None; drafts.len()];
    let mut persons = Persons::of(&asked.base.order.protected_persons, asked.context);
    for (index, draft) in drafts.iter().enumerate() {
        ops[index] = person(&place(index), draft, &mut persons, faults)
            .or_else(|| of_the_order(&place(index), draft, asked, faults));
    }
    period::ends_before_hearing(&ops, asked, faults);
    let mut terms = Terms::of(asked, &persons, drafts);
    for (index, draft) in drafts.iter().enumerate() {
        if let Some(op) = terms.change(&place(index), draft, faults) {
            ops[index] = Some(op);
        }
    }
    terms.beside_each_other(drafts, faults);
    wording::of_changes(&terms.judged, &terms.staying(), &ops, asked, faults);
    let mut changes = Vec::new();
    for (index, (op, draft)) in ops.into_iter().zip(drafts).enumerate() {
        let at = place(index);
        let reason = faults.prose(&step(&at, "reason"), reason(draft));
        let op = faults.needed(&at, op);
        changes.push(op.map(|op| Change { op, reason }));
    }
    let necessity = terms.judged.iter_mut();
    let necessity = necessity.filter_map(|one| Some((one.number, one.necessity.take()?)));
    let necessity = necessity.collect();
    Changes {
        changes: changes.into_iter().collect(),
        printed: persons.printed,
        confidences: persons.confidences,
        necessity,
    }
}

/// Where a change stands.
pub(super) fn place(index: usize) -> String {
    step("/changes", index)
}

/// Which changes this kind of request on this kind of order can have: `renewal_needs_duration`,
/// `not_one_of`, `empty`, and no duration twice.
fn allowed(drafts: &[ChangeDraft], asked: &Asked<'_>, faults: &mut Faults) {
    let durations: Vec<_> = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| matches!(draft, ChangeDraft::SetDuration { .. }))
        .map(|(index, _)| index)
        .collect();
    match asked.kind {
        VariationKind::Renew if durations.len() != 1 => {
            faults.add("/changes", Rule::RenewalNeedsDuration);
        }
        VariationKind::Vary => {
            for index in durations.iter().skip(1) {
                faults.add(step(&place(*index), "op"), Rule::DuplicateKey);
            }
            if drafts.is_empty() {
                faults.add("/changes", Rule::Empty);
            }
        }
        _ => {}
    }
    let interim = asked.base.order.kind == OrderKind::InterimOrder;
    for (index, draft) in drafts.iter().enumerate() {
        let allowed = match (asked.kind, draft) {
            (_, ChangeDraft::Broken) | (VariationKind::Discharge, ChangeDraft::Remove { .. }) => {
                continue;
            }
            (VariationKind::Discharge, _) => "remove",
            (_, ChangeDraft::SetNextHearing { .. }) if !interim => OPS_OF_FULL_ORDERS,
            _ => continue,
        };
        let fault = Violation::new(step(&place(index), "op"), Rule::NotOneOf);
        faults.push(fault.with("allowed", allowed));
    }
}

const OPS_OF_FULL_ORDERS: &str = "add, amend, remove, set_duration, correct_respondent, \
     add_protected_person, correct_protected_person";

fn reason(draft: &ChangeDraft) -> Option<&str> {
    match draft {
        ChangeDraft::Add { reason, .. }
        | ChangeDraft::Amend { reason, .. }
        | ChangeDraft::Remove { reason, .. }
        | ChangeDraft::SetDuration { reason, .. }
        | ChangeDraft::SetNextHearing { reason, .. }
        | ChangeDraft::CorrectRespondent { reason, .. }
        | ChangeDraft::AddProtectedPerson { reason, .. }
        | ChangeDraft::CorrectProtectedPerson { reason, .. } => reason.as_deref(),
        ChangeDraft::Broken => None,
    }
}

/// Changes to the protected persons: a new letter is new, a corrected one is there.
fn person(
    at: &str,
    draft: &ChangeDraft,
    persons: &mut Persons,
    faults: &mut Faults,
) -> Option<ChangeOp> {
    let at_person = step(at, "person");
    match draft {
        ChangeDraft::AddProtectedPerson { person, .. } => {
            let at_letter = step(&at_person, "ref");
            let letter = faults.needed(&at_letter, person.reference);
            if letter.is_some_and(|letter| persons.has(letter)) {
                faults.add(at_letter, Rule::DuplicateKey);
            }
            let person = persons.read(&at_person, letter, person, faults)?;
            Some(ChangeOp::AddProtectedPerson { person })
        }
        ChangeDraft::CorrectProtectedPerson { reference, person, .. } => {
            let letter = faults.needed(&step(at, "ref"), *reference);
            corrected(at, letter, person, persons, faults);
            let person = persons.read(&at_person, letter, person, faults)?;
            Some(ChangeOp::CorrectProtectedPerson { reference: letter?, person })
        }
        _ => None,
    }
}

/// `unknown_protected_person`: the letter is one of the order, and the person keeps it.
fn corrected(
    at: &str,
    letter: Option<char>,
    person: &PersonDraft,
    persons: &Persons,
    faults: &mut Faults,
) {
    if letter.is_some_and(|letter| !persons.has(letter)) {
        faults.add(step(at, "ref"), Rule::UnknownProtectedPerson);
    }
    if person.reference.is_some() && letter.is_some() && person.reference != letter {
        faults.add(step(&step(at, "person"), "ref"), Rule::UnknownProtectedPerson);
    }
}

/// Changes to the order itself: duration, next hearing, respondent.
fn of_the_order(
    at: &str,
    draft: &ChangeDraft,
    asked: &Asked<'_>,
    faults: &mut Faults,
) -> Option<ChangeOp> {
    let context = asked.context;
    let order = asked.base.order;
    match draft {
        ChangeDraft::SetDuration { duration, .. } => {
            let at = step(at, "duration");
            let duration = duration::read(&at, *duration, order.kind, faults)?;
            if let Duration::Fixed { end_date } = duration {
                period::judge(&at, end_date, asked, faults);
            }
            Some(ChangeOp::SetDuration { duration })
        }
        ChangeDraft::SetNextHearing { next_hearing, .. } => {
            let at = step(at, "next_hearing");
            let after = Place { made_on: Some(order.made_on), court: Some(&order.court) };
            let next_hearing =
                hearing::next_hearing(&at, Some(next_hearing), after, context, faults)?;
            Some(ChangeOp::SetNextHearing { next_hearing })
        }
        ChangeDraft::CorrectRespondent { respondent, .. } => {
            let ages =
                Ages { application: Some(order.application.made_on), made: Some(order.made_on) };
            let at = step(at, "respondent");
            let respondent = respondent::judge(&at, respondent, ages, context, faults)?;
            Some(ChangeOp::CorrectRespondent { respondent: Box::new(respondent) })
        }
        _ => None,
    }
}

/// The terms of the order under the changes.
struct Terms<'a> {
    asked: &'a Asked<'a>,
    rules: TermRules<'a>,
    /// The order's terms by number.
    base: BTreeMap<TermNumber, &'a Term>,
    /// Terms amended or removed.
    touched: BTreeSet<TermNumber>,
    removed: BTreeMap<TermNumber, String>,
    judged: Vec<Judged>,
    /// The last number given, by kind.
    last: BTreeMap<TermKind, u16>,
}

impl<'a> Terms<'a> {
    fn of(asked: &'a Asked<'a>, persons: &'a Persons, drafts: &[ChangeDraft]) -> Self {
        let order = asked.base.order;
        let full = order.kind == OrderKind::FullOrder;
        let rules = TermRules {
            context: asked.context,
            kind: order.kind,
            persons,
            window: Window { from: Some(asked.made_on), to: new_last_day(drafts, asked) },
            earliest_until: full.then(|| earliest_end(order.made_on, asked.context)),
            welsh: asked.welsh,
        };
        let mut last = BTreeMap::new();
        for term in &order.terms {
            let ordinal = last.entry(term.number.kind).or_insert(0);
            *ordinal = term.number.ordinal.max(*ordinal);
        }
        Self {
            asked,
            rules,
            base: order.terms.iter().map(|term| (term.number, term)).collect(),
            touched: BTreeSet::new(),
            removed: BTreeMap::new(),
            judged: Vec::new(),
            last,
        }
    }

    /// Reads one change to a term.
    fn change(&mut self, at: &str, draft: &ChangeDraft, faults: &mut Faults) -> Option<ChangeOp> {
        match draft {
            ChangeDraft::Add { kind, term, .. } => {
                let kind = faults.needed(&step(at, "type"), *kind)?;
                let ordinal = self.last.entry(kind).or_insert(0);
                *ordinal = ordinal.saturating_add(1);
                let number = TermNumber { kind, ordinal: *ordinal };
                let slot = Slot { at: step(at, "term"), number, added: true };
                let term = self.term(slot, term, faults)?;
                Some(ChangeOp::Add { term })
            }
            ChangeDraft::Amend { number, term, .. } => {
                let was = self.touch(at, number.as_deref(), faults)?;
                let slot = Slot { at: step(at, "term"), number: was.number, added: false };
                let term = self.term(slot, term, faults)?;
                Some(ChangeOp::Amend { was: was.clone(), term })
            }
            ChangeDraft::Remove { number, .. } => {
                let was = self.touch(at, number.as_deref(), faults)?;
                self.removed.insert(was.number, step(at, "number"));
                Some(ChangeOp::Remove { number: was.number, was: was.clone() })
            }
            _ => None,
        }
    }

    fn term(&mut self, slot: Slot, draft: &TermDraft, faults: &mut Faults) -> Option<Term> {
        let judged = self.rules.judge(slot, draft, faults);
        let term = faults.needed(&judged.at, judged.term.clone());
        self.judged.push(judged);
        term
    }

    /// The term of a number, each at most once: `unknown_term_number`.
    fn touch(&mut self, at: &str, number: Option<&str>, faults: &mut Faults) -> Option<&'a Term> {
        let at = step(at, "number");
        let number = faults.needed(&at, number)?;
        let number = number.parse().ok();
        let Some(term) = number.and_then(|number| self.base.get(&number).copied()) else {
            faults.add(at, Rule::UnknownTermNumber);
            return None;
        };
        if !self.touched.insert(term.number) {
            faults.add(&at, Rule::DuplicateKey);
        }
        self.prints_was(&at, term, faults);
        Some(term)
    }

    /// The request prints the words which it would change.
    fn prints_was(&self, at: &str, term: &Term, faults: &mut Faults) {
        faults.prints(at, term.text.clone());
        if let Some(welsh) = &term.welsh {
            faults.prints(at, welsh.text.clone());
        }
    }

    /// The terms that no change touches.
    fn staying(&self) -> Vec<&'a Term> {
        let untouched = self.base.values().filter(|term| !self.touched.contains(&term.number));
        untouched.copied().collect()
    }

    /// The order as it would stand: references, repetitions, counts, and the days of the terms that
    /// stay.
    fn beside_each_other(&self, drafts: &[ChangeDraft], faults: &mut Faults) {
        let staying = self.staying();
        let judged = self.judged.iter().map(|one| one.number);
        let numbers: BTreeSet<_> = staying.iter().map(|t| t.number).chain(judged).collect();
        if numbers.is_empty() && !self.removed.is_empty() {
            faults.add("/changes", Rule::NeedsATerm);
        }
        let adds = drafts.iter().any(|draft| matches!(draft, ChangeDraft::Add { .. }));
        let prohibitions = numbers.iter().filter(|n| n.kind == TermKind::Prohibition).count();
        if adds {
            terms::many(prohibitions, "/changes", self.asked.context, faults);
        }
        terms::references(&self.judged, &numbers, faults);
        let mut said = Said::default();
        for term in &staying {
            said.once("", Some(term), &mut Faults::default());
            self.refers_to_removed(term, faults);
            self.stays_within(term, drafts, faults);
        }
        for one in &self.judged {
            said.once(&one.at, one.term.as_ref(), faults);
        }
    }

    /// `unknown_term_number`: no term that stays refers to one that goes.
    fn refers_to_removed(&self, term: &Term, faults: &mut Faults) {
        let Source::Clause { values, .. } = &term.source else {
            return;
        };
        for value in values.values() {
            let Value::Term(number) = value else { continue };
            if let Some(at) = self.removed.get(number) {
                let fault = Violation::new(at, Rule::UnknownTermNumber);
                faults.push(fault.with("number", term.number));
            }
        }
    }

    /// `term_period_outside_order`, `deadline_outside_order`: a shorter duration does not cut off a
    /// term that stays.
    fn stays_within(&self, term: &Term, drafts: &[ChangeDraft], faults: &mut Faults) {
        let window = Window { from: None, to: self.rules.window.to };
        let set = |draft: &ChangeDraft| matches!(draft, ChangeDraft::SetDuration { .. });
        let Some(index) = drafts.iter().rposition(set) else {
            return;
        };
        let at = step(&step(&place(index), "duration"), "end_date");
        if let Some(until) = term.until {
            window.holds(until, &at, Rule::TermPeriodOutsideOrder, faults);
        }
        let Source::Clause { values, .. } = &term.source else {
            return;
        };
        for value in values.values() {
            if let Value::Date(date) | Value::DateTime { date, .. } = value {
                window.holds(*date, &at, Rule::DeadlineOutsideOrder, faults);
            }
        }
    }
}

/// The last day of the order as it would stand.
fn new_last_day(drafts: &[ChangeDraft], asked: &Asked<'_>) -> Option<Date> {
    let set = drafts.iter().rev().find_map(|draft| match draft {
        ChangeDraft::SetDuration { duration: Some(duration), .. } => Some(*duration),
        _ => None,
    });
    let now = match asked.base.order.duration {
        Duration::Fixed { end_date } => DurationDraft::Fixed(Some(end_date)),
        Duration::UntilFurtherOrder => DurationDraft::UntilFurtherOrder,
    };
    last_day(Some(set.unwrap_or(now)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::super::sample::{
        Request, add, amend, clause, free, full, interim, remove, set_duration,
    };
    use crate::domain::draft::{
        ChangeDraft, ConfidentialDraft, DurationDraft, NextHearingDraft, PersonDraft,
    };
    use crate::domain::sensitive::Sensitive;
    use crate::domain::term::TermKind;
    use crate::domain::variation::VariationKind;
    use crate::domain::violation::Rule;

    fn vary(changes: Vec<ChangeDraft>) -> Request {
        let mut request = Request::of(full());
        request.draft.changes = changes;
        request
    }

    fn until(year: i16, month: i8, day: i8) -> ChangeDraft {
        set_duration(DurationDraft::Fixed(Some(date(year, month, day))))
    }

    #[test]
    fn full_order_minimum_period_of_a_vary_runs_from_the_day_first_made() {
        let pointer = "/changes/0/duration/end_date";
        vary(vec![until(2028, 10, 31)]).refused(pointer, Rule::FullOrderMinimumPeriod);
        vary(vec![until(2028, 11, 1)]).outcome();
    }

    #[test]
    fn renewal_needs_duration_exactly_once() {
        let mut request = vary(vec![]);
        request.draft.kind = Some(VariationKind::Renew);
        request.refused("/changes", Rule::RenewalNeedsDuration);
        request.draft.changes = vec![until(2030, 1, 1), until(2031, 1, 1)];
        request.refused("/changes", Rule::RenewalNeedsDuration);
        request.draft.changes = vec![until(2030, 1, 1)];
        request.outcome();
    }

    #[test]
    fn interim_needs_end_date_when_its_duration_is_changed_too() {
        let mut request = Request::of(interim());
        request.draft.changes = vec![set_duration(DurationDraft::UntilFurtherOrder)];
        request.refused("/changes/0/duration/type", Rule::InterimNeedsEndDate);
    }

    #[test]
    fn necessity_required_for_what_is_added_to_a_full_order() {
        let mut term = clause("no-account-access", json!({ "pp": "A" }));
        term.necessity = None;
        let request = vary(vec![add(TermKind::Prohibition, term.clone())]);
        request.refused("/changes/0/term/necessity", Rule::NecessityRequired);
        vary(vec![amend("P5", term)]).outcome();
    }

    #[test]
    fn unknown_term_number_of_a_change_is_refused() {
        for number in ["P13", "R9", "X1", "p1", "P01"] {
            vary(vec![remove(number)]).refused("/changes/0/number", Rule::UnknownTermNumber);
        }
        vary(vec![remove("P12")]).outcome();
    }

    #[test]
    fn unknown_term_number_where_a_term_that_stays_refers_to_one_that_goes() {
        let mut base = full();
        let codes = clause("device-limit", json!({ "count": 1, "term": "R1" }));
        base.draft.prohibitions.push(codes.clone());
        let mut request = Request::of(base);
        request.draft.changes = vec![remove("R1")];
        let fault = request.refused("/changes/0/number", Rule::UnknownTermNumber);
        assert!(fault.explain().message.contains("P13"));
        request.draft.changes = vec![remove("R1"), remove("P13")];
        request.outcome();
        // An addition may refer to what is added with it, not to what goes.
        let declare = json!({ "days": 3, "police_unit": "Cardiff Bay", "days_change": 3 });
        let to_added = clause("device-limit", json!({ "count": 2, "term": "R4" }));
        let request = vary(vec![
            add(TermKind::Prohibition, to_added),
            add(TermKind::Requirement, clause("declare-accounts", declare)),
        ]);
        request.outcome();
        let request = vary(vec![add(TermKind::Prohibition, codes), remove("R1")]);
        request.refused("/changes/0/term/values/term", Rule::UnknownTermNumber);
    }

    #[test]
    fn duplicate_term_against_those_that_stay_is_refused() {
        let same = clause("no-watching", json!({ "pp": "A" }));
        let request = vary(vec![add(TermKind::Prohibition, same.clone())]);
        request.refused("/changes/0/term", Rule::DuplicateTerm);
        vary(vec![remove("P7"), add(TermKind::Prohibition, same)]).outcome();
    }

    #[test]
    fn clause_in_wrong_list_where_an_amended_term_would_change_its_kind() {
        let term = clause("tell-of-whereabouts", json!({ "officer_role": "an officer" }));
        let request = vary(vec![amend("P4", term)]);
        request.refused("/changes/0/term/clause", Rule::ClauseInWrongList);
    }

    #[test]
    fn needs_a_term_after_a_discharge_in_part() {
        let mut request = Request::of(interim());
        request.draft.kind = Some(VariationKind::Discharge);
        request.draft.changes = ["P1", "P2", "P3", "P4"].map(remove).to_vec();
        request.outcome();
        request.draft.changes.push(remove("R1"));
        request.refused("/changes", Rule::NeedsATerm);
    }

    #[test]
    fn many_terms_counts_the_order_as_it_would_stand() {
        let term = |n: usize| free(&format!("You must not enter house number {n}."));
        let adding = |count| {
            let terms = (0..count).map(|n| add(TermKind::Prohibition, term(n)));
            vary(terms.collect())
        };
        adding(3).silent_on("/changes", Rule::ManyTerms);
        adding(4).warned("/changes", Rule::ManyTerms);
    }

    #[test]
    fn deadline_outside_order_and_term_period_outside_order_when_it_is_shortened() {
        let pointer = "/changes/0/duration/end_date";
        let mut base = full();
        base.draft.requirements[2].until = Some(date(2029, 6, 1));
        let programme = json!({
            "programme": "the programme",
            "provider": "the health board",
            "until": "2029-07-01",
            "supervisor": "your offender manager",
        });
        base.draft.requirements.push(clause("attend-programme", programme));
        let mut request = Request::of(base);
        request.draft.changes = vec![until(2029, 5, 31)];
        request.refused(pointer, Rule::TermPeriodOutsideOrder);
        request.refused(pointer, Rule::DeadlineOutsideOrder);
        request.draft.changes = vec![until(2029, 7, 1)];
        request.outcome();
    }

    #[test]
    fn two_changes_to_one_term_or_two_durations_break_duplicate_key() {
        let request = vary(vec![remove("P4"), remove("P4")]);
        request.refused("/changes/1/number", Rule::DuplicateKey);
        let request = vary(vec![until(2030, 1, 1), until(2031, 1, 1)]);
        request.refused("/changes/1/op", Rule::DuplicateKey);
    }

    #[test]
    fn a_discharge_only_removes_and_a_full_order_has_no_next_hearing() {
        let mut request = vary(vec![until(2030, 1, 1)]);
        request.draft.kind = Some(VariationKind::Discharge);
        request.refused("/changes/0/op", Rule::NotOneOf);
        let hearing = ChangeDraft::SetNextHearing {
            next_hearing: NextHearingDraft { to_be_notified: Some(true), ..Default::default() },
            reason: None,
        };
        vary(vec![hearing.clone()]).refused("/changes/0/op", Rule::NotOneOf);
        let mut request = Request::of(interim());
        request.draft.changes = vec![hearing];
        request.outcome();
    }

    #[test]
    fn a_vary_that_changes_nothing_is_empty() {
        vary(vec![]).refused("/changes", Rule::Empty);
    }

    fn person(letter: char, printed_as: Option<&str>) -> PersonDraft {
        PersonDraft {
            reference: Some(letter),
            name: Some(Sensitive::new("Catrin Sampl")),
            printed_as: printed_as.map(str::to_owned),
            confidential: ConfidentialDraft {
                places: vec![Sensitive::new("Quayside Bakery")],
                ..Default::default()
            },
        }
    }

    #[test]
    fn a_person_added_has_a_new_letter_and_can_be_named_in_terms() {
        let added = ChangeDraft::AddProtectedPerson { person: person('C', None), reason: None };
        let term = clause("no-watching", json!({ "pp": "C" }));
        let (request, undisclosed) = vary(vec![add(TermKind::Prohibition, term), added]).outcome();
        assert_eq!(request.changes.len(), 2);
        assert_eq!(undisclosed.persons[0].reference, 'C');
        let again = ChangeDraft::AddProtectedPerson { person: person('A', None), reason: None };
        vary(vec![again]).refused("/changes/0/person/ref", Rule::DuplicateKey);
    }

    #[test]
    fn unknown_protected_person_of_a_correction_is_refused() {
        let correct = |reference, letter| ChangeDraft::CorrectProtectedPerson {
            reference: Some(reference),
            person: person(letter, None),
            reason: None,
        };
        vary(vec![correct('C', 'C')]).refused("/changes/0/ref", Rule::UnknownProtectedPerson);
        let pointer = "/changes/0/person/ref";
        vary(vec![correct('B', 'A')]).refused(pointer, Rule::UnknownProtectedPerson);
        vary(vec![correct('B', 'B')]).outcome();
    }

    #[test]
    fn confidential_value_disclosed_of_the_order_or_of_a_new_person_is_refused() {
        let mut request = Request::of(full());
        request.draft.grounds = Some("Seen at Harbour Dental Practice.".to_owned());
        request.refused("/grounds", Rule::ConfidentialValueDisclosed);
        let added = ChangeDraft::AddProtectedPerson { person: person('C', None), reason: None };
        let term = clause("no-entry-premises", json!({ "premises": "the Quayside Bakery" }));
        let request = vary(vec![added, add(TermKind::Prohibition, term)]);
        let pointer = "/changes/1/term/values/premises";
        request.refused(pointer, Rule::ConfidentialValueDisclosed);
    }

    #[test]
    fn court_sitting_and_guardian_are_not_judged_again_but_a_birth_date_is() {
        let mut respondent = full().draft.respondent.unwrap();
        respondent.date_of_birth = Some(date(2030, 1, 1));
        let correct =
            ChangeDraft::CorrectRespondent { respondent: Box::new(respondent), reason: None };
        let pointer = "/changes/0/respondent/date_of_birth";
        vary(vec![correct]).refused(pointer, Rule::DateOfBirthInvalid);
    }
}
