//! The trailer and the information dictionary that it names. ISO 32000-1, 7.5.5 and 14.3.3.

use std::collections::BTreeSet;

use super::super::pdf::value::{NULL, Value};
use super::super::reason::Reason;
use super::Class;
use super::step::Step;

/// Everything of the trailer must stay but what says how the section itself is written.
pub(super) fn compare(step: &mut Step<'_, '_>) {
    let (old, new) = (step.old.trailer(), step.new.trailer());
    let keys: BTreeSet<&[u8]> = old.entries().chain(new.entries()).map(|(key, _)| key).collect();
    for key in keys {
        let before = old.under(key).unwrap_or(NULL);
        let now = new.under(key).unwrap_or(NULL);
        let right = match key {
            b"Size" => before.integer() <= now.integer(),
            b"ID" => same_file(before, now),
            b"Info" => information(step, before, now),
            key if OF_THE_SECTION.contains(&key) => true,
            _ => before == now,
        };
        if !right {
            let place = format!("trailer /{}", String::from_utf8_lossy(key));
            let reason = match key {
                b"Info" => Reason::MetadataChanged,
                _ => Reason::TrailerChanged,
            };
            step.refuse(place, reason);
        }
    }
}

/// The first part of the identifier stays; the second says which revision it is. 14.4.
fn same_file(before: &Value, now: &Value) -> bool {
    let first = |value: &Value| {
        let parts = value.array().filter(|parts| parts.len() == 2)?;
        parts[1].text().filter(|text| text.bytes.len() <= LONGEST_IDENTIFIER)?;
        parts[0].text().cloned()
    };
    before == now || before.is_null() || (first(now).is_some() && first(before) == first(now))
}

/// Date and maker of the last change may be others, and nothing else.
fn information(step: &mut Step<'_, '_>, before: &Value, now: &Value) -> bool {
    let touched = now
        .reference()
        .is_some_and(|id| step.changed.contains(&id.number) || step.added.contains(&id.number));
    if !touched {
        return before == now;
    }
    if step.descend(before, now, 0).is_none() {
        return false;
    }
    let old = step.old.resolve(before).or_empty();
    let Some(new) = step.new.resolve(now).dictionary() else { return false };
    let kept =
        old.entries().all(|(key, value)| FREE.contains(&key) || new.under(key) == Some(value));
    let fresh = new.entries().all(|(key, value)| {
        old.under(key) == Some(value) || (FREE.contains(&key) && is_short(key, value))
    });
    if kept && fresh {
        step.allow("trailer /Info", Reason::InformationUpdated, Class::Evidence);
    }
    kept && fresh
}

/// A date, or the words of a maker's name: no place for anything else.
fn is_short(key: &[u8], value: &Value) -> bool {
    let Some(text) = value.text() else { return false };
    let plain = match text.bytes.as_ref() {
        // Text in UTF-16 says which order its bytes have: 7.9.2.2.
        [0xFE, 0xFF, wide @ ..] => {
            let (units, rest) = wide.as_chunks::<2>();
            let units: Vec<u16> = units.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
            String::from_utf16(&units).ok().filter(|_| rest.is_empty())
        }
        plain => Some(plain.iter().copied().map(char::from).collect()),
    };
    let Some(plain) = plain else { return false };
    let is_date = |text: &str| {
        text.len() <= LONGEST_DATE
            && text.chars().all(|c| c.is_ascii_digit() || "D:+-'Z".contains(c))
    };
    let is_name = |text: &str| {
        text.chars().count() <= LONGEST_NAME
            && !text.chars().any(|c| c.is_control() || "<>&\"'".contains(c))
    };
    if key == b"ModDate" { is_date(&plain) } else { is_name(&plain) }
}

/// `D:20260401093000+01'00'`, and a little more.
const LONGEST_DATE: usize = 32;
const LONGEST_NAME: usize = 128;
/// Each half of a file's identifier is a digest.
const LONGEST_IDENTIFIER: usize = 64;

const FREE: &[&[u8]] = &[b"ModDate", b"Producer"];

const OF_THE_SECTION: &[&[u8]] =
    &[b"DecodeParms", b"Filter", b"Index", b"Length", b"Prev", b"Type", b"W"];
