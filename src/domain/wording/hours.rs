//! Times to be somewhere, against times already given to work, worship or education. Stalking
//! Protection Act 2019, s.2(3).

use jiff::civil::{Date, Time};

use crate::domain::calendar::Weekday;
use crate::domain::term::TermKind;

use super::compound::{duties, forbids};
use super::lexicon::{self, Lexicon, Tongue, measures};
use super::token::{Word, one_at, words};

/// A time of the week at which a term wants somebody somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Empty: every day.
    pub days: Vec<Weekday>,
    pub from: Time,
    /// May be earlier than `from`: it then runs through the night. Absent: a fixed hour.
    pub to: Option<Time>,
    /// Wanted from beginning to end, not once within it.
    pub whole: bool,
}

/// A time that is taken.
#[derive(Debug, Clone, Copy)]
pub struct Busy<'a> {
    pub days: &'a [Weekday],
    pub from: Time,
    pub to: Time,
}

/// Whether a slot can't be kept beside what is taken: a whole time that meets it, or one that
/// leaves too little of any of its days free.
pub fn clash(slot: &Slot, busy: &Busy<'_>) -> bool {
    let days: &[Weekday] = if slot.days.is_empty() { &Weekday::ALL } else { &slot.days };
    let taken: Vec<_> = busy.days.iter().flat_map(|day| spans(*day, busy.from, busy.to)).collect();
    days.iter().any(|day| {
        let wanted = match slot.to {
            Some(to) => spans(*day, slot.from, to),
            None => assessment(*day, slot.from),
        };
        let length: u32 = wanted.iter().map(|(from, to)| to - from).sum();
        let met: u32 =
            wanted.iter().map(|one| taken.iter().map(|t| overlap(*one, *t)).sum::<u32>()).sum();
        let whole = slot.whole || slot.to.is_none();
        met > 0 && (whole || length.saturating_sub(met) < measures().free_minutes)
    })
}

/// When the words of a free term want its reader somewhere: a requirement to be there, or a
/// prohibition on leaving home.
pub fn attended(text: &str, kind: TermKind) -> Option<Slot> {
    let words = words(text);
    let lexicon = lexicon::of(Tongue::English);
    let after = *duties(&words, lexicon).first()?;
    let stays = match kind {
        TermKind::Prohibition => {
            let kept_in = |at: &usize| one_at(&words, *at, &lexicon.hours.leave).is_some();
            (after..words.len()).take(3).find(kept_in)?;
            true
        }
        TermKind::Requirement if forbids(&words, after) => return None,
        TermKind::Requirement => {
            let verbs = words[after..].iter().take(3);
            verbs.clone().find(|word| Lexicon::has(&lexicon.hours.attend, &word.lower))?;
            verbs.into_iter().any(|word| STAYS.contains(&word.lower.as_str()))
        }
    };
    let times: Vec<Time> = words.iter().filter_map(time).collect();
    let days = days(&words, lexicon);
    match times.as_slice() {
        [from] => Some(Slot { days: days?, from: *from, to: None, whole: true }),
        [from, to] if from != to => {
            // Who is to stay in at such hours stays in every day.
            let days = days.or_else(|| stays.then(Vec::new))?;
            Some(Slot { days, from: *from, to: Some(*to), whole: stays })
        }
        _ => None,
    }
}

/// When alone the words of a free prohibition hold, where they name days or hours.
pub fn restricted(text: &str) -> Option<Slot> {
    let words = words(text);
    let times: Vec<Time> = words.iter().filter_map(time).collect();
    let days = days(&words, lexicon::of(Tongue::English));
    match (times.as_slice(), days) {
        ([from, to], days) if from != to => {
            let days = days.unwrap_or_default();
            Some(Slot { days, from: *from, to: Some(*to), whole: false })
        }
        ([], Some(days)) if !days.is_empty() => {
            let (from, to) = (Time::MIN, Some(Time::MAX));
            Some(Slot { days, from, to, whole: false })
        }
        _ => None,
    }
}

/// Verbs that fill a time from its beginning to its end.
const STAYS: [&str; 5] = ["be", "stay", "remain", "live", "sleep"];

/// The weekdays that are named; that of a date; none for every day. Nothing where days are not
/// said.
fn days(words: &[Word], lexicon: &Lexicon) -> Option<Vec<Weekday>> {
    let every = (0..words.len()).any(|at| one_at(words, at, &lexicon.hours.every).is_some());
    if every {
        return Some(Vec::new());
    }
    let dated: Vec<_> = (0..words.len()).filter_map(|at| date(words, at)).collect();
    if !dated.is_empty() {
        return Some(dated.into_iter().map(Weekday::of).collect());
    }
    if (0..words.len()).any(|at| one_at(words, at, &lexicon.hours.weekdays).is_some()) {
        return Some(Weekday::ALL[..5].to_vec());
    }
    let named: Vec<_> = words
        .iter()
        .filter_map(|word| {
            let day = word.lower.strip_suffix("days").map(|day| format!("{day}day"));
            Weekday::named(day.as_deref().unwrap_or(&word.lower))
        })
        .collect();
    (!named.is_empty()).then_some(named)
}

/// "23 November 2026".
fn date(words: &[Word], at: usize) -> Option<Date> {
    let [day, month, year] = words.get(at..at + 3)? else { return None };
    let month = MONTHS.iter().position(|name| *name == month.lower)?;
    let month = i8::try_from(month + 1).ok()?;
    Date::new(year.raw.parse().ok()?, month, day.raw.parse().ok()?).ok()
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// "17:00", "9am", "9.30pm".
fn time(word: &Word) -> Option<Time> {
    let text = word.lower.as_str();
    let (figures, afternoon) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(figures), _) => (figures, Some(false)),
        (_, Some(figures)) => (figures, Some(true)),
        _ => (text, None),
    };
    let (hour, minute) = match figures.split_once([':', '.']) {
        Some((hour, minute)) => (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?),
        None => {
            afternoon?;
            (figures.parse().ok()?, 0)
        }
    };
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

/// Minutes of the week from its Monday; one that runs through the night may run into the next week.
fn spans(day: Weekday, from: Time, to: Time) -> Vec<(u32, u32)> {
    let start = first_minute(day) + minute(from);
    let length = (minute(to) + DAY - minute(from)) % DAY;
    cut(start, start + length)
}

fn assessment(day: Weekday, from: Time) -> Vec<(u32, u32)> {
    let start = first_minute(day) + minute(from);
    cut(start, start + measures().assessment_minutes)
}

fn cut(start: u32, end: u32) -> Vec<(u32, u32)> {
    if end > WEEK { vec![(start, WEEK), (0, end - WEEK)] } else { vec![(start, end)] }
}

fn first_minute(day: Weekday) -> u32 {
    (0_u32..).zip(Weekday::ALL).find(|(_, one)| *one == day).map_or(0, |(at, _)| at * DAY)
}

fn minute(time: Time) -> u32 {
    u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs())
}

fn overlap(one: (u32, u32), other: (u32, u32)) -> u32 {
    one.1.min(other.1).saturating_sub(one.0.max(other.0))
}

#[cfg(test)]
mod tests {
    use jiff::civil::time as at;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_in_figures_of_either_clock() {
        let one = |text: &str| words(text).first().and_then(time);
        for (text, expected) in [
            ("17:00", at(17, 0, 0, 0)),
            ("9am", at(9, 0, 0, 0)),
            ("9.30pm", at(21, 30, 0, 0)),
            ("12am", at(0, 0, 0, 0)),
        ] {
            assert_eq!(one(text), Some(expected), "{text}");
        }
        assert_eq!(one("17"), None);
    }

    #[test]
    fn a_night_that_runs_into_the_next_week_meets_its_monday() {
        let night = Slot {
            days: vec![Weekday::Sunday],
            from: at(22, 0, 0, 0),
            to: Some(at(6, 0, 0, 0)),
            whole: true,
        };
        let monday = [Weekday::Monday];
        let early = Busy { days: &monday, from: at(5, 0, 0, 0), to: at(13, 0, 0, 0) };
        let late = Busy { days: &monday, from: at(6, 0, 0, 0), to: at(13, 0, 0, 0) };
        assert!(clash(&night, &early));
        assert!(!clash(&night, &late));
    }

    proptest! {
        #[test]
        fn times_that_share_no_minute_never_clash(hour in 0_i8..22, day in 0_usize..7) {
            let days = [Weekday::ALL[day]];
            let slot = Slot {
                days: days.to_vec(),
                from: at(hour, 0, 0, 0),
                to: Some(at(hour + 1, 0, 0, 0)),
                whole: true,
            };
            let next = Busy { days: &days, from: at(hour + 1, 0, 0, 0), to: at(hour + 2, 0, 0, 0) };
            let same = Busy { days: &days, from: at(hour, 0, 0, 0), to: at(hour + 2, 0, 0, 0) };
            prop_assert!(!clash(&slot, &next));
            prop_assert!(clash(&slot, &same));
        }
    }
}
