//! Where a line may break: as the Unicode Standard says (annex 14), save within what reads as one.
//!
//! Never here: which of these places is taken.

use std::ops::RangeInclusive;

use unicode_linebreak::linebreaks;

/// The parts of a text that no line breaks where there is room.
pub(crate) fn unbroken(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    kept(text).map(move |end| {
        let part = &text[from..end];
        from = end;
        part.trim_end()
    })
}

/// Each place that the standard names, the end among them.
pub(super) fn all(text: &str) -> impl Iterator<Item = usize> {
    linebreaks(text).map(|(end, _)| end)
}

/// Those of them that part nothing that reads as one.
pub(super) fn kept(text: &str) -> impl Iterator<Item = usize> {
    let mut from = 0;
    linebreaks(text).filter_map(move |(end, _)| {
        let held = end < text.len() && holds(&text[from..end], &text[end..]);
        (!held).then(|| {
            from = end;
            end
        })
    })
}

/// Whether a segment holds to what follows: a short number to what it counts (`100 metres`, `2
/// November`) or to what it numbers (`bus 95`), a day with its month to the year, a double name to
/// its second part.
fn holds(segment: &str, next: &str) -> bool {
    if segment.ends_with('-') {
        return next.starts_with(char::is_uppercase);
    }
    let Some(words) = segment.strip_suffix(' ') else {
        return false;
    };
    let short = |word: &str| is_number(word, 1..=3);
    let (first, last) = match words.rsplit_once(' ') {
        Some((before, last)) => (before.rsplit(' ').next(), last),
        None => (None, words),
    };
    let year = || {
        let digits = next.bytes().take_while(u8::is_ascii_digit).count();
        digits == 4 && first.is_some_and(short) && last.chars().all(char::is_alphabetic)
    };
    let numbers = |word: &str| NUMBERED.iter().any(|name| name.eq_ignore_ascii_case(word));
    if numbers(last) {
        return next.starts_with(|c: char| c.is_ascii_digit());
    }
    short(last) && !first.is_some_and(numbers) || year()
}

/// What a number may stand behind.
const NUMBERED: [&str; 12] = [
    "bus", "bws", "day", "diwrnod", "section", "adran", "version", "fersiwn", "flat", "fflat",
    "page", "tudalen",
];

fn is_number(word: &str, digits: RangeInclusive<usize>) -> bool {
    digits.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}
