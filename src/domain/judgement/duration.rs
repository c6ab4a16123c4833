//! For how long: the order's period, and the days within which its terms fall.

use std::fmt::Display;

use jiff::civil::Date;

use crate::domain::calendar::{last_day_of_years_beginning_with, months_after};
use crate::domain::draft::DurationDraft;
use crate::domain::order::{Duration, OrderKind};
use crate::domain::violation::{Rule, Violation};
use crate::domain::words::Words;

use super::Context;
use super::faults::{Faults, step};

/// A day in words, for a message.
pub(super) fn day(date: Date) -> impl Display {
    Words::english().date(date)
}

/// The last day of the shortest fixed period of a full order. Stalking Protection Act 2019, s.3(2).
pub(super) fn earliest_end(made_on: Date, context: &Context<'_>) -> Date {
    last_day_of_years_beginning_with(made_on, context.law.profile.full_order_minimum_years())
}

/// The last day of two years beginning with a renewal's request: a shorter renewal is warned of.
pub(super) fn earliest_renewed_end(asked_on: Date, context: &Context<'_>) -> Date {
    last_day_of_years_beginning_with(asked_on, context.law.profile.renewal_minimum_years())
}

/// The days between which terms end and deadlines fall.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Window {
    /// The first day.
    pub(super) from: Option<Date>,
    /// The last day; absent until further order, or where it could not be read.
    pub(super) to: Option<Date>,
}

impl Window {
    /// Notes a day outside the window, with its bounds as facts.
    pub(super) fn holds(self, day_given: Date, at: &str, rule: Rule, faults: &mut Faults) {
        let early = self.from.is_some_and(|from| day_given < from);
        let late = self.to.is_some_and(|to| day_given > to);
        if !early && !late {
            return;
        }
        let mut fault = Violation::new(at, rule);
        if let Some(from) = self.from {
            fault = fault.with("from", day(from));
        }
        if let Some(to) = self.to {
            fault = fault.with("to", day(to));
        }
        faults.push(fault);
    }
}

/// The last day of a duration as sent, where it is fixed and could be read.
pub(super) const fn last_day(draft: Option<DurationDraft>) -> Option<Date> {
    match draft {
        Some(DurationDraft::Fixed(end_date)) => end_date,
        _ => None,
    }
}

/// Reads a duration at this pointer for this kind of order: `interim_needs_end_date`.
pub(super) fn read(
    at: &str,
    draft: Option<DurationDraft>,
    kind: OrderKind,
    faults: &mut Faults,
) -> Option<Duration> {
    let interim = kind == OrderKind::InterimOrder;
    match draft {
        Some(DurationDraft::Fixed(Some(end_date))) => Some(Duration::Fixed { end_date }),
        Some(DurationDraft::UntilFurtherOrder) if !interim => Some(Duration::UntilFurtherOrder),
        Some(DurationDraft::UntilFurtherOrder) => {
            faults.add(step(at, "type"), Rule::InterimNeedsEndDate);
            None
        }
        Some(DurationDraft::Fixed(None)) if interim => {
            faults.add(step(at, "end_date"), Rule::InterimNeedsEndDate);
            None
        }
        Some(DurationDraft::Fixed(None)) => faults.needed(&step(at, "end_date"), None),
        None if interim => {
            faults.add(at, Rule::InterimNeedsEndDate);
            None
        }
        None => faults.needed(at, None),
    }
}

/// `interim_end_before_made`, `interim_period_long`. Stalking Protection Act 2019, s.5(6).
pub(super) fn interim_period(
    at: &str,
    from: Date,
    end_date: Date,
    context: &Context<'_>,
    faults: &mut Faults,
) {
    let at = step(at, "end_date");
    if end_date < from {
        let fault = Violation::new(at, Rule::InterimEndBeforeMade);
        faults.push(fault.with("made_on", day(from)));
        return;
    }
    let months = context.law.profile.interim_long_months();
    // Months "beginning with" the first day end on the day before the same day of the month.
    let longest = months_after(from, months).yesterday().unwrap_or(from);
    if end_date > longest {
        let fault = Violation::new(at, Rule::InterimPeriodLong);
        faults.push(fault.with("months", months).with("longest", day(longest)));
    }
}

/// `full_order_minimum_period`, counted from the day the order was first made. Stalking Protection
/// Act 2019, s.3(2).
pub(super) fn full_period(
    at: &str,
    made_on: Date,
    end_date: Date,
    context: &Context<'_>,
    faults: &mut Faults,
) {
    let earliest = earliest_end(made_on, context);
    if end_date < earliest {
        let fault = Violation::new(step(at, "end_date"), Rule::FullOrderMinimumPeriod);
        faults.push(fault.with("earliest", day(earliest)));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::sample::{Case, full, interim};
    use crate::domain::draft::DurationDraft;
    use crate::domain::violation::Rule;

    const END: &str = "/duration/end_date";

    fn full_from_to(made: (i16, i8, i8), end: (i16, i8, i8)) -> Case {
        let mut case = full();
        case.only_free_terms();
        case.draft.replaces_interim = None;
        case.draft.application.as_mut().unwrap().made_on = Some(date(2020, 1, 20));
        case.draft.made_on = Some(date(made.0, made.1, made.2));
        case.draft.duration = Some(DurationDraft::Fixed(Some(date(end.0, end.1, end.2))));
        case
    }

    #[test]
    fn full_order_minimum_period_ends_the_day_before_the_second_anniversary() {
        for (made, short, earliest, said) in [
            ((2026, 11, 2), (2028, 10, 31), (2028, 11, 1), "1 November 2028"),
            ((2024, 2, 29), (2026, 2, 27), (2026, 2, 28), "28 February 2026"),
            ((2022, 3, 1), (2024, 2, 28), (2024, 2, 29), "29 February 2024"),
        ] {
            full_from_to(made, earliest).silent_on(END, Rule::FullOrderMinimumPeriod);
            let fault = full_from_to(made, short).refused(END, Rule::FullOrderMinimumPeriod);
            let words = fault.explain();
            assert!(words.message.contains(said), "{}", words.message);
            assert_eq!(words.basis.as_deref(), Some("Stalking Protection Act 2019, s.3(2)"));
        }
    }

    #[test]
    fn a_full_order_until_further_order_has_no_minimum() {
        let mut case = full();
        case.draft.duration = Some(DurationDraft::UntilFurtherOrder);
        case.passes();
    }

    #[test]
    fn interim_needs_end_date_and_no_other_duration() {
        let mut case = interim();
        case.draft.duration = Some(DurationDraft::UntilFurtherOrder);
        case.refused("/duration/type", Rule::InterimNeedsEndDate);
        case.draft.duration = Some(DurationDraft::Fixed(None));
        case.refused(END, Rule::InterimNeedsEndDate);
        case.draft.duration = None;
        case.refused("/duration", Rule::InterimNeedsEndDate);
    }

    fn interim_until(year: i16, month: i8, day: i8) -> Case {
        let mut case = interim();
        case.draft.requirements.clear();
        case.draft.duration = Some(DurationDraft::Fixed(Some(date(year, month, day))));
        case
    }

    #[test]
    fn interim_end_before_made_is_refused_and_the_same_day_is_not() {
        interim_until(2026, 11, 15).refused(END, Rule::InterimEndBeforeMade);
        interim_until(2026, 11, 16).silent_on(END, Rule::InterimEndBeforeMade);
    }

    #[test]
    fn interim_period_long_is_a_warning_over_six_months() {
        interim_until(2027, 5, 15).silent_on(END, Rule::InterimPeriodLong);
        interim_until(2027, 5, 16).warned(END, Rule::InterimPeriodLong);
    }

    proptest! {
        #[test]
        fn a_full_order_is_refused_for_its_period_exactly_when_it_ends_before_two_years(
            offset in 0_i64..2_400, extra in -3_i64..1_200,
        ) {
            let made = date(2020, 1, 20).saturating_add(jiff::Span::new().days(offset));
            let end = made.saturating_add(jiff::Span::new().days(730 + extra));
            let case = full_from_to(
                (made.year(), made.month(), made.day()),
                (end.year(), end.month(), end.day()),
            );
            // The anniversary written out: the same day two years on, or 1 March where that day is
            // missing.
            let anniversary = jiff::civil::Date::new(made.year() + 2, made.month(), made.day())
                .unwrap_or_else(|_| date(made.year() + 2, 3, 1));
            let short = end < anniversary.yesterday().unwrap();
            prop_assert_eq!(case.breaks(END, Rule::FullOrderMinimumPeriod), short);
        }
    }
}
