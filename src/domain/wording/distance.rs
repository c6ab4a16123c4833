//! A distance says from where it is measured.

use super::lexicon::Lexicon;
use super::token::{Word, is_at, length, one_at};

/// A distance in a passage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Distance {
    /// The place of its number.
    pub(super) at: usize,
    /// The place after its unit.
    pub(super) end: usize,
    pub(super) metres: Option<u32>,
}

/// Whether a distance is measured from nothing.
pub(super) fn lacks_point(words: &[Word], lexicon: &Lexicon) -> bool {
    distances(words, lexicon).iter().any(|one| {
        !is_other_measure(words, one.end, lexicon)
            && !is_named_after(words, one.end, lexicon)
            && !is_named_before(words, one.at, lexicon)
    })
}

/// Every distance: a number and a unit, or both in one (`150m`).
pub(super) fn distances(words: &[Word], lexicon: &Lexicon) -> Vec<Distance> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if word.name && !word.is_number() || word.quoted {
            continue;
        }
        let (number, joined) = figure(&word.lower);
        if number.is_some() && is_unit(joined, lexicon) {
            found.push(Distance { at, end: at + 1, metres: metres(number, joined, lexicon) });
            continue;
        }
        let square = words.get(at + 1).is_some_and(|word| word.lower == "square");
        let end = at + 2 + usize::from(square);
        let unit = words.get(end - 1).filter(|unit| !unit.paused() && !unit.name);
        let unit = unit.map(|unit| unit.lower.as_str()).filter(|unit| is_unit(unit, lexicon));
        let said = Lexicon::has(&lexicon.numbers, &word.lower) || number.is_some();
        if let Some(unit) = unit.filter(|unit| said && (*unit != "m" || number.is_some())) {
            found.push(Distance { at, end, metres: metres(number, unit, lexicon) });
        }
    }
    found
}

fn is_unit(word: &str, lexicon: &Lexicon) -> bool {
    let word = word.trim_start_matches('-');
    [&lexicon.metres, &lexicon.yards, &lexicon.miles].iter().any(|units| Lexicon::has(units, word))
}

/// The number at the start of a word, and what is written on to it.
fn figure(word: &str) -> (Option<u32>, &str) {
    let end = word.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(word.len());
    let whole = word[..end].split('.').next().unwrap_or_default();
    (whole.parse().ok(), &word[end..])
}

fn metres(number: Option<u32>, unit: &str, lexicon: &Lexicon) -> Option<u32> {
    let of_unit = if Lexicon::has(&lexicon.miles, unit) { 1_000 } else { 1 };
    Some(number?.saturating_mul(of_unit))
}

/// A speed.
fn is_other_measure(words: &[Word], end: usize, lexicon: &Lexicon) -> bool {
    let speed = |phrase: &&String| phrase.ends_with("hour") || phrase.ends_with("awr");
    lexicon.no_point.iter().filter(speed).any(|phrase| is_at(words, end, phrase))
}

/// "of the school", "from N.T.M.", within the next words.
fn is_named_after(words: &[Word], end: usize, lexicon: &Lexicon) -> bool {
    let mut at = end;
    while let Some(word) = words.get(at) {
        if at > end + 5 || word.paused() || Lexicon::has(&lexicon.joining, &word.lower) {
            return false;
        }
        if let Some(phrase) = one_at(words, at, &lexicon.no_point) {
            at += length(phrase);
            continue;
        }
        if Lexicon::has(&lexicon.point, &word.lower) && words.get(at + 1).is_some() {
            return true;
        }
        at += 1;
    }
    false
}

/// "away from N.T.M. by 100 metres", "approach N.T.M. within 100 metres".
fn is_named_before(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let start = words[..=at].iter().rposition(|word| word.first).unwrap_or(0);
    (start..at).any(|place| {
        let next = &words[place + 1];
        Lexicon::has(&lexicon.point_before, &words[place].lower)
            && place + 1 < at
            && !next.is_number()
            && !Lexicon::has(&lexicon.point_before_not, &next.lower)
    })
}
