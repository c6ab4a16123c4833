//! The law's door: what a caller said becomes an order or a request that every rule has passed, or
//! all its faults at once.
//!
//! In come a draft, the law and what is known from outside ([`Context`]); out come the sealed
//! value, errors and warnings with JSON Pointers into the request. No rule stops another: each
//! judges the parts that are there and stays silent on those that are not, whose absence the reader
//! of the JSON has named; [`Judgement::after`] puts the two together.
//!
//! One file a subject: `court`, `people`, `respondent`, `duration`, `hearing`, `earlier` (orders
//! that came before), `term` (one term), `terms` (all of them), `copy` (a copy that is asked for),
//! `confidence` (the search for confidential values), `wording` (how terms read, and what one
//! makes of another), `acknowledgement`; `order` and `variation` with `change` and `period` walk
//! through them in the order of the request.
//!
//! To add a rule: see [`super::violation`]; its check goes into the file of the thing that it
//! guards, its test at the foot of that file, named by the rule.
//!
//! # Decisions
//! - `discharge_needs_consent` is a rule of the decision, not of the request: the two years count
//!   to the day on which the court decides, and consents may come after the request (contract
//!   section 4 gives the decision its own `consents`). A request is recorded with the consents that
//!   it has.
//! - Two things of one letter or number (persons with one `ref`, two changes to one term, two
//!   `set_duration`) are `duplicate_key`; a word that the place does not allow (`crown` without an
//!   appeal, an `op` that this kind of request can't have) is `not_one_of`; of two fields that
//!   exclude each other the second is `unknown_field`.
//! - A part of a name is what this request divides it into: title, given names, family name.
//! - Welsh words that come with a request are the court's own and count as approved; those of the
//!   clause library and of the layouts count as their data says.
//! - The fields of a request are searched for every part of a hidden name; a finished file for none
//!   that its court or its forces bear ([`Law::secrets_of_order`]), which no caller can mend.
//! - Six months, like two years, begin with the day made: they end on the day before the same day
//!   of
//!   the month.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::copy::CopyWanted;
use super::draft::{AcknowledgementDraft, CopyDraft, OrderDraft, VariationDraft};
use super::identity::OrderId;
use super::order::{Order, Undisclosed};
use super::text::Text;
use super::variation::VariationRequest;
use super::violation::{Rule, Severity, Violation};

mod acknowledgement;
mod change;
mod confidence;
mod copy;
mod court;
mod duration;
mod earlier;
mod faults;
mod hearing;
mod law;
mod order;
mod people;
mod period;
mod respondent;
mod term;
mod terms;
mod variation;
mod wording;

pub use acknowledgement::{Acknowledged, UnusedAcknowledgement};
pub use law::Law;

use faults::Faults;

/// What is known from outside when a request is judged.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub law: &'a Law,
    /// London's day.
    pub today: Date,
    /// Whether what no translator has approved is refused.
    pub production: bool,
    /// Latest version of each stored order that the request names.
    pub known_orders: &'a BTreeMap<OrderId, (u32, Order)>,
}

/// The stored order that a variation request names, in its latest version.
#[derive(Debug, Clone, Copy)]
pub struct BaseOrder<'a> {
    pub id: OrderId,
    /// The latest.
    pub version: u32,
    pub order: &'a Order,
    pub undisclosed: &'a Undisclosed,
}

/// An order that may be issued, and what is kept beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderJudged {
    pub order: Order,
    pub undisclosed: Undisclosed,
}

/// A variation request that may be recorded, and what is kept beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct VariationJudged {
    pub request: VariationRequest,
    /// Persons whom the request adds or corrects, and the reasons of its terms.
    pub undisclosed: Undisclosed,
}

/// What the law says of a request.
#[derive(Debug, Clone)]
pub struct Judgement<T> {
    /// There when nothing was refused and no part was missing. Warnings may stand beside it.
    pub outcome: Option<T>,
    /// What stops it.
    pub errors: Vec<Violation>,
    /// What stops it until acknowledged.
    pub warnings: Vec<Violation>,
    /// Warnings that were acknowledged.
    pub acknowledged: Vec<Acknowledged>,
    /// Acknowledgements that match no warning.
    pub unused_acknowledgements: Vec<UnusedAcknowledgement>,
    /// Pointers of needed parts that the draft did not have.
    gaps: Vec<String>,
}

/// Judges a request for an interim or full order against every rule.
pub fn judge_order(draft: OrderDraft, context: &Context<'_>) -> Judgement<OrderJudged> {
    let mut faults = Faults::default();
    let reasons = acknowledgement::reasons(&draft.acknowledged, &mut faults);
    let outcome = order::judge(&draft, context, &mut faults);
    Judgement::of(outcome, faults, (&draft.acknowledged, reasons))
}

/// Judges a request to vary, renew or discharge against every rule; `base` is the order that it
/// names, where the store has it.
pub fn judge_variation(
    draft: VariationDraft,
    context: &Context<'_>,
    base: Option<&BaseOrder<'_>>,
) -> Judgement<VariationJudged> {
    let mut faults = Faults::default();
    let reasons = acknowledgement::reasons(&draft.acknowledged, &mut faults);
    let outcome = variation::judge(&draft, context, base, &mut faults);
    Judgement::of(outcome, faults, (&draft.acknowledged, reasons))
}

/// Judges a request for a copy of that order against every rule.
pub fn judge_copy(
    draft: &CopyDraft,
    context: &Context<'_>,
    base: &BaseOrder<'_>,
) -> Judgement<CopyWanted> {
    let mut faults = Faults::default();
    let outcome = copy::judge(draft, base, context, &mut faults);
    Judgement::of(outcome, faults, (&[], Vec::new()))
}

impl<T> Judgement<T> {
    fn of(
        outcome: Option<T>,
        faults: Faults,
        (sent, reasons): (&[AcknowledgementDraft], Vec<Option<Text>>),
    ) -> Self {
        let (found, gaps) = faults.into_parts();
        let (warnings, errors): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|fault| fault.severity == Severity::Warning);
        let matched = acknowledgement::matched(sent, reasons, warnings);
        Self {
            outcome: outcome.filter(|_| errors.is_empty() && gaps.is_empty()),
            errors,
            warnings: matched.open,
            acknowledged: matched.acknowledged,
            unused_acknowledgements: matched.unused,
            gaps,
        }
    }

    /// The judgement together with the faults that the reader of the JSON found: those come first;
    /// a part whose shape was refused is not refused again for its content, nor twice for its
    /// absence. Where nobody named any fault and yet a needed part is not there, it is a
    /// `missing_field`: beside other faults it may well be their consequence. With any error there
    /// is no outcome.
    #[must_use]
    pub fn after(mut self, shape: Vec<Violation>) -> Self {
        let said = |law: &Violation| shape.iter().any(|fault| covers(fault, law));
        let mut law: Vec<_> = self.errors.drain(..).filter(|fault| !said(fault)).collect();
        self.warnings.retain(|fault| !said(fault));
        if shape.is_empty() && law.is_empty() {
            let missing = |gap| Violation::new(gap, Rule::MissingField);
            law.extend(self.gaps.drain(..).map(missing));
        }
        let absent = |fault: &Violation| fault.rule == Rule::MissingField;
        self.errors = shape
            .into_iter()
            .filter(|fault| !absent(fault) || !law.iter().any(|l| l.pointer == fault.pointer))
            .collect();
        self.errors.append(&mut law);
        self.outcome = self.outcome.filter(|_| self.errors.is_empty());
        self
    }
}

/// Whether a fault of the reader took away what the law then judged, or found absent.
fn covers(fault: &Violation, law: &Violation) -> bool {
    let took = !matches!(fault.rule, Rule::UnknownField | Rule::DuplicateKey);
    // Of the same missing part the law's own rule says more; of one around it, that it is there.
    let missed = fault.rule == Rule::MissingField && is_at_or_under(&law.pointer, &fault.pointer);
    let below = is_absence(law.rule) && is_at_or_under(&fault.pointer, &law.pointer);
    let above = is_at_or_under(&law.pointer, &fault.pointer);
    took && !missed && (below || above) || is_elsewhere(fault, law)
}

/// Whether the law misses at one place what is faulty at another: a court's description at its
/// code, a protected person where a clause refers to one.
fn is_elsewhere(fault: &Violation, law: &Violation) -> bool {
    let missed = match law.rule {
        Rule::UnknownCourt if law.pointer == "/court/code" => "/court",
        Rule::UnknownProtectedPerson => "/protected_persons",
        _ => return false,
    };
    !matches!(fault.rule, Rule::UnknownField | Rule::DuplicateKey)
        && is_at_or_under(&fault.pointer, missed)
}

/// The rules by which the law itself demands that something is there.
const fn is_absence(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::AddressRequired
            | Rule::ConflictReasonRequired
            | Rule::FindingMissing
            | Rule::GroundRequired
            | Rule::GuardianRequired
            | Rule::InterimNeedsEndDate
            | Rule::InterimNeedsMainApplication
            | Rule::MissingValue
            | Rule::NecessityRequired
            | Rule::NeedsATerm
            | Rule::NoProtectedPerson
    )
}

fn is_at_or_under(pointer: &str, top: &str) -> bool {
    pointer.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
use tests::sample;

#[cfg(test)]
mod tests;
