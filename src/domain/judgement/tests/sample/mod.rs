//! Drafts that pass, for tests to spoil: an interim order, a full order, a request to vary it.

mod drafts;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::domain::draft::*;
use crate::domain::identity::OrderId;
use crate::domain::order::{Order, OrderKind, Undisclosed};
use crate::domain::variation::VariationRequest;
use crate::domain::violation::{Rule, Violation};

use super::super::{
    BaseOrder, Context, Judgement, Law, OrderJudged, VariationJudged, judge_order, judge_variation,
};

pub(in crate::domain::judgement) use drafts::{
    add, amend, clause, free, full, interim, remove, set_duration,
};
use drafts::{full_changes, vary};

/// The one stored order.
pub(in crate::domain::judgement) const ID: OrderId =
    OrderId::of(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001));

const TODAY: Date = date(2026, 11, 21);

/// An order request and what is known when it is judged.
#[derive(Clone)]
pub(in crate::domain::judgement) struct Case {
    pub(in crate::domain::judgement) draft: OrderDraft,
    pub(in crate::domain::judgement) known: BTreeMap<OrderId, (u32, Order)>,
    pub(in crate::domain::judgement) production: bool,
    pub(in crate::domain::judgement) law: Law,
}

impl Case {
    fn of(draft: OrderDraft) -> Self {
        Self { draft, known: BTreeMap::new(), production: false, law: Law::builtin() }
    }

    /// With another case's order in the store.
    pub(in crate::domain::judgement) fn knowing(mut self, other: &Self) -> Self {
        self.known.insert(ID, (1, other.passes()));
        self
    }

    pub(in crate::domain::judgement) fn court(&mut self) -> &mut CourtDraft {
        self.draft.court.as_mut().unwrap()
    }

    pub(in crate::domain::judgement) fn applicant(&mut self) -> &mut ApplicantDraft {
        self.draft.applicant.as_mut().unwrap()
    }

    pub(in crate::domain::judgement) fn respondent(&mut self) -> &mut RespondentDraft {
        self.draft.respondent.as_mut().unwrap()
    }

    /// One free term without days in place of all others.
    pub(in crate::domain::judgement) fn only_free_terms(&mut self) {
        self.draft.requirements.clear();
        self.draft.prohibitions = vec![free("You must not enter Mill Lane.")];
    }

    pub(in crate::domain::judgement) fn judge(&self) -> Judgement<OrderJudged> {
        let context = Context {
            law: &self.law,
            today: TODAY,
            production: self.production,
            known_orders: &self.known,
        };
        judge_order(self.draft.clone(), &context)
    }

    /// The order and what is kept beside it; warnings may stand.
    pub(in crate::domain::judgement) fn outcome(&self) -> (Order, Undisclosed) {
        let judgement = self.judge();
        assert_eq!(judgement.errors, []);
        let judged = judgement.outcome.expect("an outcome");
        (judged.order, judged.undisclosed)
    }

    pub(in crate::domain::judgement) fn passes(&self) -> Order {
        self.outcome().0
    }

    pub(in crate::domain::judgement) fn breaks(&self, pointer: &str, rule: Rule) -> bool {
        let judgement = self.judge();
        judgement.errors.iter().chain(&judgement.warnings).any(|f| is(f, pointer, rule))
    }

    pub(in crate::domain::judgement) fn refused(&self, pointer: &str, rule: Rule) -> Violation {
        let judgement = self.judge();
        assert!(judgement.outcome.is_none());
        find(judgement.errors, pointer, rule)
    }

    /// Warned of, and nothing refused.
    pub(in crate::domain::judgement) fn warned(&self, pointer: &str, rule: Rule) -> Violation {
        let judgement = self.judge();
        assert_eq!(judgement.errors, []);
        assert!(judgement.outcome.is_some());
        find(judgement.warnings, pointer, rule)
    }

    pub(in crate::domain::judgement) fn silent_on(&self, pointer: &str, rule: Rule) {
        assert!(!self.breaks(pointer, rule), "{rule} at {pointer}");
    }
}

/// A variation request and the order that it names.
#[derive(Clone)]
pub(in crate::domain::judgement) struct Request {
    pub(in crate::domain::judgement) draft: VariationDraft,
    pub(in crate::domain::judgement) base: Option<(Order, Undisclosed)>,
    pub(in crate::domain::judgement) version: u32,
    pub(in crate::domain::judgement) today: Date,
    pub(in crate::domain::judgement) production: bool,
}

impl Request {
    /// On the order of a case that passes.
    pub(in crate::domain::judgement) fn of(base: Case) -> Self {
        let (order, undisclosed) = base.outcome();
        let force = order.applicant.force.code.clone();
        let made_on = order.made_on.saturating_add(jiff::Span::new().days(3));
        let draft = match order.kind {
            OrderKind::FullOrder => vary(&force, made_on, full_changes()),
            OrderKind::InterimOrder => vary(&force, made_on, vec![remove("P4")]),
        };
        let base = Some((order, undisclosed));
        Self { draft, base, version: 1, today: TODAY, production: false }
    }

    /// On an order that the store does not have.
    pub(in crate::domain::judgement) fn unknown() -> Self {
        Self { base: None, ..Self::of(full()) }
    }

    pub(in crate::domain::judgement) fn applicant(&mut self) -> &mut VariationApplicantDraft {
        self.draft.applicant.as_mut().unwrap()
    }

    pub(in crate::domain::judgement) fn judge(&self) -> Judgement<VariationJudged> {
        let law = Law::builtin();
        let known_orders = BTreeMap::new();
        let context = Context {
            law: &law,
            today: self.today,
            production: self.production,
            known_orders: &known_orders,
        };
        let base = self.base.as_ref().map(|(order, undisclosed)| BaseOrder {
            id: ID,
            version: self.version,
            order,
            undisclosed,
        });
        judge_variation(self.draft.clone(), &context, base.as_ref())
    }

    pub(in crate::domain::judgement) fn outcome(&self) -> (VariationRequest, Undisclosed) {
        let judgement = self.judge();
        assert_eq!(judgement.errors, []);
        let judged = judgement.outcome.expect("an outcome");
        (judged.request, judged.undisclosed)
    }

    pub(in crate::domain::judgement) fn refused(&self, pointer: &str, rule: Rule) -> Violation {
        let judgement = self.judge();
        assert!(judgement.outcome.is_none());
        find(judgement.errors, pointer, rule)
    }

    pub(in crate::domain::judgement) fn warned(&self, pointer: &str, rule: Rule) -> Violation {
        let judgement = self.judge();
        assert_eq!(judgement.errors, []);
        find(judgement.warnings, pointer, rule)
    }

    pub(in crate::domain::judgement) fn silent_on(&self, pointer: &str, rule: Rule) {
        let judgement = self.judge();
        let found = judgement.errors.iter().chain(&judgement.warnings);
        assert!(!found.clone().any(|f| is(f, pointer, rule)), "{rule} at {pointer}");
    }
}

fn is(fault: &Violation, pointer: &str, rule: Rule) -> bool {
    fault.pointer == pointer && fault.rule == rule
}

fn find(faults: Vec<Violation>, pointer: &str, rule: Rule) -> Violation {
    let found = faults.iter().find(|fault| is(fault, pointer, rule));
    found.cloned().unwrap_or_else(|| panic!("no {rule} at {pointer} in {faults:#?}"))
}
