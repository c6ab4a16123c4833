//! The civil calendar in Europe/London: days, anniversaries, periods, ages.
//!
//! The law runs on London's day. A period "beginning with" a day counts that day, and ends on the
//! day before the corresponding day; where the month has no such day, the corresponding day is the
//! first of the next month. So the anniversary of 29 February is 1 March. No clock lives here:
//! instants are handed in.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

/// A day of the week, as the contract spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The weekday of a date.
    pub fn of(day: Date) -> Self {
        match day.weekday() {
            jiff::civil::Weekday::Monday => Self::Monday,
            jiff::civil::Weekday::Tuesday => Self::Tuesday,
            jiff::civil::Weekday::Wednesday => Self::Wednesday,
            jiff::civil::Weekday::Thursday => Self::Thursday,
            jiff::civil::Weekday::Friday => Self::Friday,
            jiff::civil::Weekday::Saturday => Self::Saturday,
            jiff::civil::Weekday::Sunday => Self::Sunday,
        }
    }

    /// The contract's spelling: `monday`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "monday" => Self::Monday,
            "tuesday" => Self::Tuesday,
            "wednesday" => Self::Wednesday,
            "thursday" => Self::Thursday,
            "friday" => Self::Friday,
            "saturday" => Self::Saturday,
            "sunday" => Self::Sunday,
            _ => return None,
        })
    }
}

/// The length of a period in whole years, then whole months, then days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    pub years: u16,
    /// 0-11.
    pub months: u16,
    /// 0-30.
    pub days: u16,
}

impl Period {
    /// The length of the period that begins with `first` and ends with `last`, both counted.
    /// Nothing where `last` is before `first`.
    pub fn inclusive(first: Date, last: Date) -> Self {
        let Ok(end) = last.tomorrow() else {
            return Self::to_the_last_day(first);
        };
        if end <= first {
            return Self::default();
        }
        let apart = months_from_zero(end) - months_from_zero(first);
        let whole = if months_after(first, apart) <= end { apart } else { apart - 1 };
        let days = end.duration_since(months_after(first, whole)).as_hours() / 24;
        Self {
            years: u16::try_from(whole / 12).unwrap_or(0),
            months: u16::try_from(whole % 12).unwrap_or(0),
            days: u16::try_from(days).unwrap_or(0),
        }
    }

    /// To the calendar's last day, which no day follows. As the calendar repeats itself every 400
    /// years, a period from then on, or one that ends so much earlier, tells the length.
    fn to_the_last_day(first: Date) -> Self {
        let earlier = Date::MAX.year() - CYCLE;
        let last = Date::MAX.with().year(earlier).build().unwrap_or(Date::MIN);
        if first <= last {
            let period = Self::inclusive(first, last);
            return Self { years: period.years + CYCLE.unsigned_abs(), ..period };
        }
        let first = first.with().year(first.year() - CYCLE).build();
        first.map_or_else(|_| Self::default(), |first| Self::inclusive(first, last))
    }
}

/// Years after which the days of the calendar repeat.
const CYCLE: i16 = 400;

/// London's day at an instant.
pub fn london_day(instant: Timestamp) -> Date {
    london_civil(instant).date()
}

/// London's civil date and time at an instant.
pub fn london_civil(instant: Timestamp) -> DateTime {
    LONDON.to_datetime(instant)
}

/// The day that corresponds to `day` so many years on; for 29 February in a common year, 1 March.
pub fn anniversary(day: Date, years: i16) -> Date {
    months_after(day, i32::from(years) * 12)
}

/// The last day of a period of so many years beginning with `first`. Stalking Protection Act 2019,
/// s.3(2).
pub fn last_day_of_years_beginning_with(first: Date, years: i16) -> Date {
    anniversary(first, years).yesterday().unwrap_or(Date::MIN)
}

/// The day that corresponds to `day` so many months on; where that month has no such day, the first
/// of the next. Stops at the ends of the calendar.
pub fn months_after(day: Date, months: i32) -> Date {
    let ordinal = months_from_zero(day).saturating_add(months);
    let Some(first) = first_of_month(ordinal) else {
        return if months < 0 { Date::MIN } else { Date::MAX };
    };
    if day.day() <= first.days_in_month() {
        return first.with().day(day.day()).build().unwrap_or(first);
    }
    first_of_month(ordinal + 1).unwrap_or(Date::MAX)
}

/// Age in whole years on a day; negative before birth. A person born on 29 February is a year older
/// on 1 March of a common year.
pub fn age_on(birth: Date, day: Date) -> i16 {
    let years = day.year() - birth.year();
    if anniversary(birth, years) <= day { years } else { years - 1 }
}

fn months_from_zero(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn first_of_month(ordinal: i32) -> Option<Date> {
    let year = i16::try_from(ordinal.div_euclid(12)).ok()?;
    let month = i8::try_from(ordinal.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, 1).ok()
}

#[expect(clippy::expect_used, reason = "compiled in; the tests of both clock changes read it")]
static LONDON: LazyLock<TimeZone> = LazyLock::new(|| {
    // The time zone database is compiled in, and London is in it; the tests of both clock changes
    // read it.
    TimeZoneDatabase::bundled().get("Europe/London").expect("London is in the database")
});

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_years_beginning_with_a_day_end_on_the_day_before_the_second_anniversary() {
        for (made, last) in [
            (date(2026, 11, 2), date(2028, 11, 1)),
            (date(2024, 2, 29), date(2026, 2, 28)),
            (date(2022, 3, 1), date(2024, 2, 29)),
            (date(2026, 1, 1), date(2027, 12, 31)),
        ] {
            assert_eq!(last_day_of_years_beginning_with(made, 2), last);
        }
    }

    #[test]
    fn the_anniversary_of_29_february_is_1_march_save_in_a_leap_year() {
        assert_eq!(anniversary(date(2024, 2, 29), 1), date(2025, 3, 1));
        assert_eq!(anniversary(date(2024, 2, 29), 4), date(2028, 2, 29));
    }

    #[test]
    fn london_is_an_hour_ahead_between_the_clock_changes() {
        let day = |text: &str| london_civil(text.parse().unwrap()).to_string();
        assert_eq!(day("2026-03-29T00:59:59Z"), "2026-03-29T00:59:59");
        assert_eq!(day("2026-03-29T01:00:00Z"), "2026-03-29T02:00:00");
        assert_eq!(day("2026-10-25T00:59:59Z"), "2026-10-25T01:59:59");
        assert_eq!(day("2026-10-25T01:00:00Z"), "2026-10-25T01:00:00");
    }

    #[test]
    fn a_summer_evening_in_utc_can_be_tomorrow_in_london() {
        assert_eq!(london_day("2026-06-30T23:30:00Z".parse().unwrap()), date(2026, 7, 1));
        assert_eq!(london_day("2026-12-31T23:30:00Z".parse().unwrap()), date(2026, 12, 31));
    }

    #[test]
    fn periods_count_both_their_days() {
        let period = |years, months, days| Period { years, months, days };
        for (first, last, length) in [
            (date(2026, 11, 2), date(2029, 11, 1), period(3, 0, 0)),
            (date(2026, 11, 16), date(2027, 1, 15), period(0, 2, 0)),
            (date(2026, 11, 16), date(2026, 11, 16), period(0, 0, 1)),
            (date(2024, 2, 29), date(2026, 2, 28), period(2, 0, 0)),
            (date(2026, 8, 31), date(2027, 2, 28), period(0, 6, 0)),
            (date(2026, 8, 31), date(2027, 3, 1), period(0, 6, 1)),
            (date(2026, 11, 2), date(2026, 11, 1), period(0, 0, 0)),
        ] {
            assert_eq!(Period::inclusive(first, last), length, "{first} to {last}");
        }
    }

    #[test]
    fn age_turns_on_the_birthday() {
        assert_eq!(age_on(date(2008, 11, 16), date(2026, 11, 15)), 17);
        assert_eq!(age_on(date(2008, 11, 16), date(2026, 11, 16)), 18);
        assert_eq!(age_on(date(2008, 2, 29), date(2026, 2, 28)), 17);
        assert_eq!(age_on(date(2008, 2, 29), date(2026, 3, 1)), 18);
        assert_eq!(age_on(date(2030, 1, 1), date(2026, 1, 1)), -4);
    }

    #[test]
    fn the_ends_of_the_calendar_stop_the_count_and_nothing_else() {
        assert_eq!(anniversary(date(9999, 1, 1), 2), Date::MAX);
        assert_eq!(months_after(date(-9999, 1, 1), -2), Date::MIN);
    }

    #[test]
    fn a_period_to_the_last_day_of_the_calendar_has_its_length() {
        let period = |years, months, days| Period { years, months, days };
        for (first, length) in [
            (date(2026, 1, 1), period(7974, 0, 0)),
            (date(2026, 11, 2), period(7973, 1, 30)),
            (date(2024, 2, 29), period(7975, 10, 3)),
            (date(9599, 12, 31), period(400, 0, 1)),
            (date(9600, 1, 1), period(400, 0, 0)),
            (date(9998, 1, 1), period(2, 0, 0)),
            (date(9999, 12, 31), period(0, 0, 1)),
        ] {
            assert_eq!(Period::inclusive(first, Date::MAX), length, "{first}");
        }
    }

    #[test]
    fn ages_are_counted_from_the_first_day_of_the_calendar_on() {
        assert_eq!(age_on(date(1, 1, 1), date(2026, 11, 2)), 2025);
        assert_eq!(age_on(date(0, 2, 29), date(2026, 2, 28)), 2025);
        assert_eq!(age_on(Date::MIN, Date::MAX), 19998);
        assert_eq!(age_on(Date::MAX, Date::MIN), -19999);
    }

    /// Steps one day at a time; knows only how many days each month has.
    fn slow_days_in_month(year: i16, month: i8) -> i8 {
        match month {
            4 | 6 | 9 | 11 => 30,
            2 if year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) => 29,
            2 => 28,
            _ => 31,
        }
    }

    fn slow_anniversary(day: Date, years: i16) -> Date {
        let year = day.year() + years;
        if day.day() <= slow_days_in_month(year, day.month()) {
            return Date::new(year, day.month(), day.day()).unwrap();
        }
        Date::new(year, day.month() + 1, 1).unwrap()
    }

    /// Last Sunday of a month, by stepping back from its last day.
    fn slow_last_sunday(year: i16, month: i8) -> Date {
        let mut day = Date::new(year, month, slow_days_in_month(year, month)).unwrap();
        while day.weekday() != jiff::civil::Weekday::Sunday {
            day = day.yesterday().unwrap();
        }
        day
    }

    fn days() -> impl Strategy<Value = Date> {
        (0_i32..60_000)
            .prop_map(|n| date(1950, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap())
    }

    proptest! {
        #[test]
        fn anniversaries_agree_with_the_slow_calendar(day in days(), years in 0_i16..60) {
            prop_assert_eq!(anniversary(day, years), slow_anniversary(day, years));
        }

        #[test]
        fn ages_agree_with_counting_birthdays(birth in days(), later in 0_i32..30_000) {
            let day = birth.checked_add(jiff::Span::new().days(later)).unwrap();
            let birthdays = (1..100).filter(|n| slow_anniversary(birth, *n) <= day).count();
            prop_assert_eq!(age_on(birth, day), i16::try_from(birthdays).unwrap());
        }

        #[test]
        fn a_period_added_up_again_ends_where_it_ended(first in days(), length in 0_i32..8_000) {
            let last = first.checked_add(jiff::Span::new().days(length)).unwrap();
            let period = Period::inclusive(first, last);
            let months = i32::from(period.years) * 12 + i32::from(period.months);
            let end = months_after(first, months)
                .checked_add(jiff::Span::new().days(period.days)).unwrap();
            prop_assert_eq!(end, last.tomorrow().unwrap());
            prop_assert!(period.months < 12 && period.days < 31);
            prop_assert!(months_after(first, months + 1) > end);
        }

        #[test]
        fn summer_time_runs_between_the_last_sundays_of_march_and_october(
            day in days().prop_filter("since 1996", |d| d.year() >= 1996 && d.year() < 2037),
            minute in 0_i64..1440,
        ) {
            let utc = day.to_datetime(jiff::civil::Time::midnight())
                .checked_add(jiff::Span::new().minutes(minute)).unwrap();
            let one = jiff::civil::time(1, 0, 0, 0);
            let begins = slow_last_sunday(day.year(), 3).to_datetime(one);
            let ends = slow_last_sunday(day.year(), 10).to_datetime(one);
            let hours = i64::from(utc >= begins && utc < ends);
            let expected = utc.checked_add(jiff::Span::new().hours(hours)).unwrap();
            let instant = utc.to_zoned(TimeZone::UTC).unwrap().timestamp();
            prop_assert_eq!(london_civil(instant), expected);
        }
    }
}
