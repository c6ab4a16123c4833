//! A value as sent, read as the type that its parameter asks for.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde_json::Value as Json;

use super::{Fault, Parameter, ParameterType, Value};
use crate::domain::calendar::{Weekday, london_civil};
use crate::domain::text::{Marks, Text, holds_placeholder};

/// A fault with its place in a list.
pub(super) type At = (Option<usize>, Fault);

/// Reads one value.
///
/// # Errors
/// Every fault of it: several where it is a list.
pub(super) fn value(parameter: &Parameter, json: &Json) -> Result<Value, Vec<At>> {
    let kind = parameter.kind;
    match kind {
        ParameterType::Weekdays => return weekdays(kind, json).map(Value::Weekdays),
        ParameterType::List => return list(kind, json).map(Value::List),
        _ => {}
    }
    one(kind, json).map_err(|fault| vec![(None, fault)])
}

fn one(kind: ParameterType, json: &Json) -> Result<Value, Fault> {
    let wrong = || Fault::Type { expected: kind.name() };
    if kind.range().is_some() {
        return number(kind, json);
    }
    let text = json.as_str().ok_or_else(wrong)?;
    match kind {
        ParameterType::Text => worded(text).map(Value::Text),
        ParameterType::Person => letter(text).map(Value::Person).ok_or_else(wrong),
        ParameterType::Date => date(text).map(Value::Date).ok_or_else(wrong),
        ParameterType::Time => time(text).map(Value::Time).ok_or_else(wrong),
        ParameterType::DateTime => match date_time(text) {
            Some(Value::DateTime { time: Time::MIN, .. }) => Err(Fault::Midnight),
            read => read.ok_or_else(wrong),
        },
        ParameterType::Term => text.parse().map(Value::Term).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

fn number(kind: ParameterType, json: &Json) -> Result<Value, Fault> {
    let wrong = Fault::Type { expected: kind.name() };
    let Some((min, max)) = kind.range() else {
        return Err(wrong);
    };
    if !json.is_i64() && !json.is_u64() {
        return Err(wrong);
    }
    let within = json.as_u64().and_then(|n| u16::try_from(n).ok());
    let Some(number) = within.filter(|n| (min..=max).contains(n)) else {
        return Err(Fault::Range { min, max });
    };
    Ok(match kind {
        ParameterType::Metres => Value::Metres(number),
        ParameterType::Hours => Value::Hours(number),
        ParameterType::Days => Value::Days(number),
        _ => Value::Count(number),
    })
}

fn weekdays(kind: ParameterType, json: &Json) -> Result<Vec<Weekday>, Vec<At>> {
    let wrong = || Fault::Type { expected: kind.name() };
    let mut seen: Vec<Weekday> = Vec::new();
    each(kind, json, |item| {
        let day = item.as_str().and_then(Weekday::named).ok_or_else(wrong)?;
        if seen.contains(&day) {
            return Err(wrong());
        }
        seen.push(day);
        Ok(day)
    })
}

fn list(kind: ParameterType, json: &Json) -> Result<Vec<Text>, Vec<At>> {
    each(kind, json, |item| worded(item.as_str().ok_or(Fault::Type { expected: kind.name() })?))
}

fn each<T>(
    kind: ParameterType,
    json: &Json,
    mut read: impl FnMut(&Json) -> Result<T, Fault>,
) -> Result<Vec<T>, Vec<At>> {
    let Some(items) = json.as_array() else {
        return Err(vec![(None, Fault::Type { expected: kind.name() })]);
    };
    if items.is_empty() {
        return Err(vec![(None, Fault::Missing)]);
    }
    let mut faults = Vec::new();
    let mut values = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match read(item) {
            Ok(value) => values.push(value),
            Err(fault) => faults.push((Some(at), fault)),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}

fn worded(text: &str) -> Result<Text, Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let text = Text::parse(text, Marks::Term).map_err(Fault::Unprintable)?;
    if holds_placeholder(&text) { Err(Fault::Placeholder) } else { Ok(text) }
}

fn letter(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let letter = characters.next().filter(char::is_ascii_uppercase)?;
    characters.next().is_none().then_some(letter)
}

/// `2026-11-16` and nothing looser.
fn date(text: &str) -> Option<Date> {
    if fits(text, "9999-99-99") { text.parse().ok() } else { None }
}

/// `HH:MM`, 00:00 to 23:59.
fn time(text: &str) -> Option<Time> {
    if !fits(text, "99:99") {
        return None;
    }
    Time::new(text[..2].parse().ok()?, text[3..].parse().ok()?, 0, 0).ok()
}

/// An instant of RFC 3339 with its offset, at a full minute, as London's civil date and time.
fn date_time(text: &str) -> Option<Value> {
    let (instant, offset) = text.split_at_checked(19)?;
    let zoned = offset == "Z" || fits(offset, "+99:99") || fits(offset, "-99:99");
    if !fits(instant, "9999-99-99T99:99:00") || !zoned {
        return None;
    }
    let civil = london_civil(text.parse::<Timestamp>().ok()?);
    Some(Value::DateTime { date: civil.date(), time: civil.time() })
}

/// Whether a text has the shape of a pattern in which `9` is a digit and all else stands for
/// itself.
fn fits(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, sign)| match sign {
            b'9' => byte.is_ascii_digit(),
            sign => byte == sign,
        })
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    #[test]
    fn instants_are_read_as_londons_civil_time() {
        let at = |text| match date_time(text) {
            Some(Value::DateTime { date, time }) => Some((date, time)),
            _ => None,
        };
        let nine = civil::time(9, 30, 0, 0);
        assert_eq!(at("2026-11-23T09:30:00+00:00"), Some((civil::date(2026, 11, 23), nine)));
        assert_eq!(at("2026-07-23T08:30:00Z"), Some((civil::date(2026, 7, 23), nine)));
        assert_eq!(at("2026-07-23T09:30:00+01:00"), Some((civil::date(2026, 7, 23), nine)));
    }

    #[test]
    fn loose_dates_and_times_are_refused() {
        for text in ["20261116", "2026-1-16", "2026-11-31", "2026-11-16T00:00", "٢026-11-16"] {
            assert_eq!(date(text), None, "{text}");
        }
        for text in ["24:00", "9:30", "09:30:00", "0９:30", "10:60", "1030"] {
            assert_eq!(time(text), None, "{text}");
        }
        for text in [
            "2026-11-23T09:30:00",
            "2026-11-23T09:30:30Z",
            "2026-11-23T09:30:00+00:00[Europe/London]",
            "2026-11-23 09:30:00Z",
            "2026-11-23T09:30Z",
            "2026-13-23T09:30:00Z",
        ] {
            assert_eq!(date_time(text), None, "{text}");
        }
    }
}
