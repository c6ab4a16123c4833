//! Which way text runs: the levels of UAX #9 within a line of English or Welsh, and the order in
//! which a line's parts stand on paper.
//!
//! Every paragraph runs from left to right. What runs the other way is a name inside it, and it is
//! kept to itself, as the isolates of UAX #9 (U+2068, U+2069) would: the name alone is turned
//! round, and no number, comma or bracket beside it moves. No caller can send isolates, and no
//! value carries them on its way to paper, so that the names are found in the text: a strand goes
//! from a letter of such a script to the last one before anything that must not move with it, which
//! is a letter of another script, a comma, a colon or a dash, or a bracket or quotation mark whose
//! partner is not in the strand.
//!
//! Never here: faces, glyphs.

use std::ops::Range;

use unicode_bidi::{BidiClass, BidiInfo, Level, ParagraphBidiInfo, bidi_class};

/// The level of each byte of a paragraph: even where the text runs to the right, odd where to the
/// left.
pub(crate) fn levels(text: &str) -> Vec<u8> {
    let mut levels = vec![0; text.len()];
    for strand in strands(text) {
        let inside = ParagraphBidiInfo::new(&text[strand.clone()], Some(Level::rtl()));
        for (level, found) in levels[strand].iter_mut().zip(&inside.levels) {
            *level = found.number();
        }
    }
    levels
}

/// The parts of one line from left to right, by their places in reading order. UAX #9, L2.
pub(crate) fn visual(levels: &[u8]) -> Vec<usize> {
    if levels.iter().all(|level| *level == 0) {
        return (0..levels.len()).collect();
    }
    let levels: Vec<Level> =
        levels.iter().map(|level| Level::new(*level).unwrap_or(Level::ltr())).collect();
    BidiInfo::reorder_visual(&levels)
}

/// What a character is to a strand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It may begin and end one.
    Letter,
    /// It may end one after a letter.
    Mark,
    /// It may stand within one.
    Within,
    /// It stands outside.
    Apart,
}

/// Names that run from right to left, as byte ranges.
fn strands(text: &str) -> Vec<Range<usize>> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let parts = parts(&characters);
    let mut strands = Vec::new();
    let mut strand: Option<Range<usize>> = None;
    for (&(at, character), part) in characters.iter().zip(parts) {
        let end = at + character.len_utf8();
        match (part, &mut strand) {
            (Part::Letter, None) => strand = Some(at..end),
            (Part::Letter, Some(strand)) => strand.end = end,
            (Part::Mark, Some(strand)) if strand.end == at => strand.end = end,
            (Part::Apart, _) => strands.extend(strand.take()),
            _ => {}
        }
    }
    strands.extend(strand);
    strands
}

fn parts(characters: &[(usize, char)]) -> Vec<Part> {
    let mut parts: Vec<Part> = characters.iter().map(|(_, character)| part(*character)).collect();
    for place in 0..parts.len() {
        if is_geresh(characters, &parts, place) {
            parts[place] = Part::Letter;
        }
        let between = |place: usize| parts.get(place) == Some(&Part::Letter);
        let inside = place > 0 && between(place - 1) && between(place + 1);
        if characters[place].1 == '"' && !inside {
            parts[place] = Part::Apart;
        }
    }
    pair(characters, &mut parts);
    parts
}

fn part(character: char) -> Part {
    use BidiClass as Class;
    match (character, bidi_class(character)) {
        (_, Class::R | Class::AL) => Part::Letter,
        (_, Class::NSM | Class::BN) => Part::Mark,
        (_, Class::L) | (',' | ';' | ':' | '/' | '|' | '–' | '—' | '·' | '•', _) => {
            Part::Apart
        }
        _ => Part::Within,
    }
}

/// An apostrophe at the end of a Hebrew word is a letter of it, unless it closes a quotation.
fn is_geresh(characters: &[(usize, char)], parts: &[Part], place: usize) -> bool {
    let is_apostrophe = |character: char| matches!(character, '\'' | '’');
    if !is_apostrophe(characters[place].1) || place == 0 || parts[place - 1] != Part::Letter {
        return false;
    }
    let is_hebrew = ('\u{590}'..='\u{5ff}').contains(&characters[place - 1].1);
    let word =
        characters[..place].iter().rposition(|(_, c)| *c == ' ').map_or(0, |blank| blank + 1);
    is_hebrew && !matches!(characters[word].1, '\'' | '‘')
}

/// Brackets whose both partners stand within a strand belong to it; any other stands apart.
fn pair(characters: &[(usize, char)], parts: &mut [Part]) {
    let mut open: Vec<usize> = Vec::new();
    for place in 0..characters.len() {
        let character = characters[place].1;
        if PAIRS.iter().any(|(opening, _)| *opening == character) {
            open.push(place);
        } else if PAIRS.iter().any(|(_, closing)| *closing == character) {
            let partner = |from: &usize| PAIRS.contains(&(characters[*from].1, character));
            let from = open.pop_if(|from| partner(from));
            let inside = from.map(|from| &parts[from + 1..place]);
            let whole = inside.is_some_and(|inside| {
                inside.contains(&Part::Letter) && !inside.contains(&Part::Apart)
            });
            let part = if whole { Part::Letter } else { Part::Apart };
            parts[place] = part;
            if let Some(from) = from {
                parts[from] = part;
            }
        }
    }
    for place in open {
        parts[place] = Part::Apart;
    }
}

const PAIRS: [(char, char); 6] =
    [('(', ')'), ('[', ']'), ('{', '}'), ('“', '”'), ('«', '»'), ('<', '>')];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn turned(text: &str) -> Vec<&str> {
        strands(text).into_iter().map(|strand| &text[strand]).collect()
    }

    /// The characters as they stand on paper, from left to right.
    fn seen(text: &str) -> String {
        let levels = levels(text);
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        let of_each: Vec<u8> = characters.iter().map(|(at, _)| levels[*at]).collect();
        visual(&of_each).into_iter().map(|place| characters[place].1).collect()
    }

    #[test]
    fn a_name_is_turned_and_what_stands_beside_it_is_not() {
        for (text, strands) in [
            ("Name אבג (born 1 May 1990), N.T.M.", vec!["אבג"]),
            ("אבג דהו, 12 High Street", vec!["אבג דהו"]),
            ("אבג: 12", vec!["אבג"]),
            ("אבג 12", vec!["אבג"]),
            ("12 אבג", vec!["אבג"]),
            ("אבג, דהו and זחט", vec!["אבג", "דהו", "זחט"]),
            ("אבג בן-דהו", vec!["אבג בן-דהו"]),
            ("רחוב 12 תל", vec!["רחוב 12 תל"]),
            ("(אבג)", vec!["(אבג)"]),
            ("אבג (דהו) (born", vec!["אבג (דהו)"]),
            ("(אבג) דהו", vec!["(אבג) דהו"]),
            ("אבג (דהו, 2 May)", vec!["אבג", "דהו"]),
            ("אבג (דהו", vec!["אבג", "דהו"]),
            ("“אבג”, “דהו”", vec!["“אבג”", "“דהו”"]),
            ("\"אבג\" \"דהו\"", vec!["אבג", "דהו"]),
            ("צה\"ל", vec!["צה\"ל"]),
            ("ג'ורג' כהן", vec!["ג'ורג' כהן"]),
            ("ג'ורג'", vec!["ג'ורג'"]),
            ("'אבג'", vec!["אבג"]),
            ("ab 12, (c)", vec![]),
        ] {
            assert_eq!(turned(text), strands, "{text}");
        }
    }

    #[test]
    fn numbers_and_signs_beside_a_name_keep_their_places_on_paper() {
        for (text, paper) in [
            ("Name אבג (born 1 May 1990), N.T.M.", "Name גבא (born 1 May 1990), N.T.M."),
            ("אבג, 12 High Street", "גבא, 12 High Street"),
            ("אבג 12, 13", "גבא 12, 13"),
            ("רחוב 12 תל", "לת 12 בוחר"),
            ("x (אבג 12 ד) y", "x )ד 12 גבא( y"),
        ] {
            assert_eq!(seen(text), paper, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_holds_no_letter_of_such_a_script_is_never_turned(text in "[a-zŵ0-9 (),.:'\"“”王-]*") {
            prop_assert!(levels(&text).iter().all(|level| *level == 0));
        }

        #[test]
        fn every_character_stands_on_paper_once(text in "[a-cא-דأ-ث0-9 (),.:'\"“”\u{5b0}-]{0,30}") {
            let mut seen: Vec<char> = seen(&text).chars().collect();
            let mut sent: Vec<char> = text.chars().collect();
            seen.sort_unstable();
            sent.sort_unstable();
            prop_assert_eq!(seen, sent);
        }

        #[test]
        fn a_letter_outside_a_name_is_never_turned(text in "[a-cא-דأ-ث0-9 (),.:'\"“”-]{0,30}") {
            for (at, level) in levels(&text).into_iter().enumerate() {
                if text.as_bytes()[at].is_ascii_alphabetic() {
                    prop_assert_eq!(level, 0);
                }
            }
        }
    }
}
