//! What lets a reader find one home. A prohibition that shows where somebody lives tells the one
//! person who must not know.
//!
//! A street, a district or a public place gives nobody away; a house number, a full postcode, a
//! flat, a named cottage, a close circle round a home, or a point on a map does.

use crate::domain::identifier;
use crate::domain::term::TermKind;

use super::distance::distances;
use super::lexicon::{Lexicon, measures};
use super::token::{Word, one_at};
use super::{Passage, Role};

/// Whether a passage singles out one home.
pub(super) fn shows_home(passage: &Passage<'_>, words: &[Word], lexicon: &Lexicon) -> bool {
    if passage.kind == TermKind::Requirement && passage.role != Role::Locality {
        return false;
    }
    if is_own(passage) {
        return false;
    }
    let private = |at: usize| !is_public(words, at, lexicon);
    (0..words.len()).any(|at| {
        (is_house_number(words, at, lexicon) && private(at))
            || (is_postcode(words, at) && private(at))
            || is_flat(words, at, lexicon)
            || is_named_house(words, at, lexicon)
            || is_home(passage, words, at, lexicon)
            || is_the_house(passage, words, at, lexicon)
    }) || is_map_point(passage.text, words)
}

/// The respondent's own address is no secret from the respondent.
fn is_own(passage: &Passage<'_>) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let text = letters(passage.text);
    let numbered = |line: &&String| line.chars().any(|c| c.is_ascii_digit());
    passage.own_address.iter().filter(numbered).any(|line| text.contains(&letters(line)))
}

/// "14 Acacia Close", "3 to 7 Acacia Close", "number 6, Acacia Avenue", "Sample Street between
/// numbers 40 and 46".
fn is_house_number(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let word = &words[at];
    let labelled = at.checked_sub(1).is_some_and(|at| {
        ["number", "numbers", "no", "nos", "rhif"].contains(&words[at].lower.as_str())
    });
    if !word.is_number() || word.lower.contains(':') || word.lower.len() > 6 {
        return false;
    }
    let street = |word: &Word| word.is_capital() && Lexicon::has(&lexicon.home.street, &word.lower);
    if labelled {
        return words.iter().any(street);
    }
    let before = at.checked_sub(1).map(|at| words[at].lower.as_str()).unwrap_or_default();
    if NUMBERED.contains(&before) {
        return false;
    }
    let after = words[at + 1..].iter().take(5);
    let name = after.take_while(|word| word.is_capital() && !word.paused());
    name.skip_while(|word| word.is_number()).any(street)
}

/// What a number may follow without being a house's: vehicles, rooms, roads.
const NUMBERED: [&str; 16] = [
    "bus", "route", "service", "platform", "unit", "stand", "bay", "gate", "junction", "court",
    "ward", "line", "room", "desk", "exit", "class",
];

/// Two words of the shape of a full postcode.
fn is_postcode(words: &[Word], at: usize) -> bool {
    let Some(inward) = words.get(at + 1).filter(|word| !word.paused()) else { return false };
    identifier::postcode_shape(&format!("{} {}", words[at].raw, inward.raw))
}

/// Whether somewhere open to the public stands before it, in the same item of the list.
fn is_public(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let item = words[..at].iter().rev().take(14);
    let item = item.take_while(|word| !Lexicon::has(&lexicon.home.parting, &word.lower));
    item.clone().any(|word| Lexicon::has(&lexicon.home.public, &word.lower))
}

/// "Flat 2", "Apartment B".
fn is_flat(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let numbered = |word: &Word| word.is_number() || (word.raw.len() == 1 && word.is_capital());
    Lexicon::has(&lexicon.home.flat, &words[at].lower)
        && words.get(at + 1).is_some_and(|next| !next.paused() && numbered(next))
}

/// "Rose Cottage".
fn is_named_house(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let before = at.checked_sub(1).map(|at| &words[at]);
    words[at].is_capital()
        && Lexicon::has(&lexicon.home.named, &words[at].lower)
        && before.is_some_and(|word| word.is_capital() && !words[at].paused())
        && !words.get(at + 1).is_some_and(|next| next.is_capital() && !next.paused())
}

/// "the home of N.T.M.", "N.T.M.'s flat", "where N.T.M. lives": in a place of its own, with where
/// it is, or with a close circle round it. "Any address where…" names none.
fn is_home(passage: &Passage<'_>, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let Some(end) = home_of(words, at, lexicon) else { return false };
    let unnamed = |word: &Word| {
        Lexicon::has(&lexicon.home.unnamed, &word.lower) && !word.lower.starts_with("a")
    };
    let before = &words[at.saturating_sub(6)..at];
    let vague = before.iter().any(|word| unnamed(word) || word.lower == "any");
    if vague {
        return false;
    }
    let zone = matches!(passage.role, Role::Zone | Role::Locality);
    let close = distances(words, lexicon).iter().any(|distance| {
        let wide = distance.metres.is_some_and(|metres| metres >= measures().wide_enough);
        distance.at < at && at < distance.at + 14 && !wide
    });
    let located = words.get(end).is_some_and(|next| {
        ["in", "at", "on"].contains(&next.lower.as_str())
            && words.get(end + 1).is_some_and(|place| place.name || place.is_number())
    });
    zone || close || located
}

/// Where a phrase that means somebody's home ends, if one begins here.
fn home_of(words: &[Word], at: usize, lexicon: &Lexicon) -> Option<usize> {
    let word = &words[at];
    if Lexicon::has(&lexicon.home.lives, &word.lower) {
        let before = &words[at.saturating_sub(4)..at];
        let asked = before.iter().any(|word| ["where", "which"].contains(&word.lower.as_str()));
        return asked.then_some(at + 1);
    }
    let phrase = one_at(words, at, &lexicon.home.home).filter(|_| !word.name)?;
    let end = at + phrase.split(' ').count();
    let owner = at.checked_sub(1).map(|at| &words[at]).is_some_and(|owner| {
        owner.lower.ends_with("'s") || ["her", "his", "their"].contains(&owner.lower.as_str())
    });
    if owner {
        return Some(end);
    }
    let of = words.get(end).is_some_and(|next| next.lower == "of" && !next.paused());
    let named = words.get(end + 1).is_some_and(|next| next.name);
    (of && named).then(|| {
        let name = words[end + 1..].iter().take_while(|word| word.name).count();
        end + 1 + name
    })
}

/// "the flat above Specimen Stores", "the last house in Mill Lane": one that a stranger could walk
/// up to, as the place that must not be entered.
fn is_the_house(passage: &Passage<'_>, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    if !Lexicon::has(&lexicon.home.dwelling, &words[at].lower) || words[at].name {
        return false;
    }
    let near = |word: &Word| Lexicon::has(&lexicon.home.not_dwelling, &word.lower);
    let before = &words[at.saturating_sub(4)..at];
    let definite = before.iter().rposition(|word| word.lower == "the");
    let definite = definite.is_some_and(|the| {
        let described = &before[the + 1..];
        described.len() < 4 && !described.iter().any(|word| near(word) || word.paused())
    });
    let other = words.get(at + 1).is_some_and(|word| near(word) && !word.paused());
    let entered = match passage.role {
        Role::Zone | Role::Locality => true,
        Role::Term => {
            let start = at.saturating_sub(8);
            (start..at).any(|at| one_at(words, at, &lexicon.place.enter).is_some())
        }
        Role::Title | Role::Value => false,
    };
    definite && !other && entered && words.get(at + 1).is_some()
}

/// Three words of a map, decimal degrees, or a grid reference to ten metres or less.
fn is_map_point(text: &str, words: &[Word]) -> bool {
    let fine = |word: &Word| {
        let decimals = word.lower.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        word.is_number() && decimals >= 4
    };
    let degrees = words.iter().filter(|word| fine(word)).count() >= 2;
    let grid = words.iter().enumerate().any(|(at, word)| {
        let letters = word.raw.len() == 2 && word.raw.chars().all(|c| c.is_ascii_uppercase());
        let digits = words[at + 1..]
            .iter()
            .take(2)
            .filter(|word| word.raw.len() >= 4 && word.raw.bytes().all(|b| b.is_ascii_digit()));
        letters && digits.map(|word| word.raw.len()).sum::<usize>() >= 8
    });
    text.contains("///") || degrees || grid
}
