//! How long an order would run under the changes of a request, and whether it reaches the hearing.

use jiff::civil::Date;

use crate::domain::order::{Duration, NextHearing, OrderKind};
use crate::domain::variation::{ChangeOp, VariationKind};
use crate::domain::violation::{Rule, Violation};

use super::change::{Asked, place};
use super::duration::{self, day};
use super::faults::{Faults, step};
use super::hearing;

/// `interim_ends_before_hearing`, of the end and the hearing as they would then stand, at the
/// change that brings it about.
pub(super) fn ends_before_hearing(
    ops: &[Option<ChangeOp>],
    asked: &Asked<'_>,
    faults: &mut Faults,
) {
    let order = asked.base.order;
    let (mut duration, mut hearing, mut at) = (order.duration, order.next_hearing.as_ref(), None);
    for (index, op) in ops.iter().enumerate() {
        match op {
            Some(ChangeOp::SetDuration { duration: set }) => {
                duration = *set;
                at = Some(step(&step(&place(index), "duration"), "end_date"));
            }
            Some(ChangeOp::SetNextHearing { next_hearing }) => {
                hearing = Some(next_hearing);
                at = at.or(Some(step(&step(&place(index), "next_hearing"), "date")));
            }
            _ => {}
        }
    }
    let (Duration::Fixed { end_date }, Some(NextHearing::At { date, .. })) = (duration, hearing)
    else {
        return;
    };
    if let Some(at) = at {
        hearing::hearing_within(end_date, *date, &at, faults);
    }
}

/// A new period. An interim order has no minimum. A full order that is varied keeps the two years
/// from the day it was first made; one that is renewed is warned of under two years from the
/// request, and either kind where it would end before it does now: `renewal_period_short`.
pub(super) fn judge(at: &str, end_date: Date, asked: &Asked<'_>, faults: &mut Faults) {
    let (context, order) = (asked.context, asked.base.order);
    let renewed = asked.kind == VariationKind::Renew;
    let from = if renewed { asked.made_on } else { order.made_on };
    match order.kind {
        OrderKind::InterimOrder => {
            duration::interim_period(at, from, end_date, context, faults);
        }
        OrderKind::FullOrder if !renewed => {
            duration::full_period(at, order.made_on, end_date, context, faults);
        }
        OrderKind::FullOrder => {}
    }
    if renewed {
        renewal_short(at, end_date, asked, faults);
    }
}

fn renewal_short(at: &str, end_date: Date, asked: &Asked<'_>, faults: &mut Faults) {
    let order = asked.base.order;
    let full = order.kind == OrderKind::FullOrder;
    let earliest = duration::earliest_renewed_end(asked.made_on, asked.context);
    let present_end = match order.duration {
        Duration::Fixed { end_date } => Some(end_date),
        Duration::UntilFurtherOrder => None,
    };
    let mut fault = Violation::new(step(at, "end_date"), Rule::RenewalPeriodShort);
    if full && end_date < earliest {
        fault = fault.with("earliest", day(earliest));
    }
    let sooner = present_end.is_none_or(|present| end_date < present);
    if let Some(present) = present_end.filter(|_| sooner) {
        fault = fault.with("present_end", day(present));
    }
    if sooner || !fault.facts.is_empty() {
        faults.push(fault);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::super::sample::{Request, full, interim, set_duration};
    use crate::domain::draft::{ChangeDraft, DurationDraft, NextHearingDraft};
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
    fn renewal_period_short_where_the_order_would_end_before_it_does_now() {
        let pointer = "/changes/0/duration/end_date";
        // The order runs until 1 November 2029.
        let mut request = vary(vec![until(2029, 10, 31)]);
        request.draft.kind = Some(VariationKind::Renew);
        let fault = request.warned(pointer, Rule::RenewalPeriodShort);
        assert!(fault.explain().message.contains("1 November 2029"));
        request.draft.changes = vec![until(2029, 11, 1)];
        request.silent_on(pointer, Rule::RenewalPeriodShort);
        let mut base = full();
        base.draft.duration = Some(DurationDraft::UntilFurtherOrder);
        let mut request = Request::of(base);
        request.draft.kind = Some(VariationKind::Renew);
        request.draft.changes = vec![until(2039, 11, 1)];
        request.warned(pointer, Rule::RenewalPeriodShort);
    }

    #[test]
    fn interim_ends_before_hearing_of_the_end_and_the_hearing_as_they_would_stand() {
        let hearing = |day| ChangeDraft::SetNextHearing {
            next_hearing: NextHearingDraft {
                date: Some(day),
                time: Some(time(10, 0, 0, 0)),
                ..Default::default()
            },
            reason: None,
        };
        // The order runs until 15 January 2027 and is next heard on 14 December 2026.
        let mut request = Request::of(interim());
        let rule = Rule::InterimEndsBeforeHearing;
        request.draft.changes = vec![until(2026, 12, 13)];
        request.warned("/changes/0/duration/end_date", rule);
        request.draft.changes = vec![hearing(date(2027, 1, 16))];
        request.warned("/changes/0/next_hearing/date", rule);
        request.draft.changes = vec![hearing(date(2027, 2, 1)), until(2027, 2, 1)];
        request.silent_on("/changes/1/duration/end_date", rule);
        request.draft.changes = vec![hearing(date(2026, 12, 1)), until(2026, 12, 2)];
        request.silent_on("/changes/1/duration/end_date", rule);
    }

    #[test]
    fn renewal_period_short_is_a_warning_under_two_years_from_the_request() {
        let mut base = full();
        base.draft.duration = Some(DurationDraft::Fixed(Some(date(2028, 11, 1))));
        base.draft.requirements[2].until = None;
        let mut request = Request::of(base);
        request.draft.changes = vec![until(2028, 11, 3)];
        request.draft.kind = Some(VariationKind::Renew);
        request.warned("/changes/0/duration/end_date", Rule::RenewalPeriodShort);
        request.draft.changes = vec![until(2028, 11, 4)];
        request.silent_on("/changes/0/duration/end_date", Rule::RenewalPeriodShort);
    }
}
