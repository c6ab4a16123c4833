//! How hard the explanatory sheet is to read.
//!
//! English: the Flesch-Kincaid grade, `0.39 × words/sentences + 11.8 × syllables/words − 15.59`; a
//! grade of 6 is read at about 11. Welsh has no such measure that is agreed: the length of its
//! sentences is held instead.
//!
//! Measured are the sentences of the layouts in every branch that a sample reaches, the easy words
//! of every clause, and the easy meanings. A value in a clause counts as one word of one syllable;
//! figures, headings, labels and the panel are left out.
//!
//! A syllable is a run of the letters a, e, i, o, u, y; a last e is silent (save after a consonant
//! and l: "vehicle"), so is one in a last "es" or "ed" (save where it is spoken: "places",
//! "wanted"). Every word has at least one. The count errs by a little in both directions.

use std::collections::BTreeSet;
use std::io::Write as _;

use serde_json::Value;
use spo::domain::clause::Library;
use spo::render::template::{LayoutFiles, Layouts};

#[test]
fn the_explanatory_sheet_is_read_at_eleven() {
    let clauses = Library::builtin().clauses();
    let lines: Vec<(String, String)> = clauses
        .iter()
        .map(|clause| (clause.slug.clone(), neutral(&clause.plain)))
        .chain(Library::builtin().definitions().iter().map(|d| (d.word.clone(), d.plain.clone())))
        .collect();
    let own = sentences_of_the_sheet("en");
    let mut hardest: Vec<(f64, &str)> = lines
        .iter()
        .map(|(name, line)| (Measure::of([line.as_str()]).grade(), name.as_str()))
        .collect();
    hardest.sort_by(|one, other| other.0.total_cmp(&one.0));
    let plain = Measure::of(lines.iter().map(|(_, line)| line.as_str()));
    let layout = Measure::of(own.iter().map(String::as_str));
    let whole = Measure::of(own.iter().chain(lines.iter().map(|(_, l)| l)).map(String::as_str));
    let hardest_five = &hardest[..5];
    say(&format!(
        "grade: clauses {plain}, layout {layout}, whole {whole}; hardest {hardest_five:?}"
    ));
    assert!(own.len() > 20, "the layouts were not read: {own:?}");
    assert!(whole.grade() <= 6.0, "the sheet: {whole}");
    assert!(layout.grade() <= 6.0, "the layouts' own words: {layout}");
    let hard: Vec<_> = hardest.iter().filter(|(grade, _)| *grade > 9.0).collect();
    assert!(hard.is_empty(), "too hard: {hard:?}");
    let longest = Measure::longest(own.iter().map(String::as_str));
    assert!(longest.0 <= 25, "{longest:?}");
}

#[test]
fn the_welsh_sheet_has_short_sentences() {
    let clauses = Library::builtin().clauses().iter().map(|clause| neutral(&clause.welsh.plain));
    let meanings = Library::builtin().definitions().iter().map(|d| d.welsh.plain.clone());
    let own = sentences_of_the_sheet("cy");
    let all: Vec<String> = clauses.chain(meanings).chain(own.iter().cloned()).collect();
    let whole = Measure::of(all.iter().map(String::as_str));
    let longest = Measure::longest(all.iter().map(String::as_str));
    say(&format!("Welsh: {:.1} words a sentence; longest {longest:?}", whole.sentence()));
    assert!(own.len() > 20, "the layouts were not read: {own:?}");
    assert!(whole.sentence() <= 13.0, "{:.1} words a sentence", whole.sentence());
    assert!(longest.0 <= 30, "{longest:?}");
}

#[test]
fn syllables_are_counted_as_documented() {
    for (word, count) in [
        ("a", 1),
        ("order", 2),
        ("police", 2),
        ("vehicle", 3),
        ("places", 2),
        ("wanted", 2),
        ("asked", 1),
        ("identification", 6),
        ("the", 1),
        ("rules", 1),
        ("can’t", 1),
    ] {
        assert_eq!(syllables(word), count, "{word}");
    }
}

#[test]
fn a_hard_text_measures_harder_than_an_easy_one() {
    let easy = Measure::of(["Do not go near the house. Do not phone."]);
    let hard = Measure::of(["The respondent is prohibited from communicating, directly or \
        indirectly, with the individual identified in the accompanying documentation."]);
    assert!(easy.grade() < 3.0 && hard.grade() > 12.0, "{easy} {hard}");
}

/// Words, sentences and syllables.
#[derive(Default)]
struct Measure {
    words: usize,
    sentences: usize,
    syllables: usize,
}

impl Measure {
    fn of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut measure = Self::default();
        for sentence in lines.into_iter().flat_map(sentences) {
            let words = words(sentence);
            if !words.is_empty() {
                measure.sentences += 1;
                measure.words += words.len();
                measure.syllables += words.iter().map(|word| syllables(word)).sum::<usize>();
            }
        }
        measure
    }

    /// The longest sentence with its number of words.
    fn longest<'a>(lines: impl IntoIterator<Item = &'a str>) -> (usize, String) {
        let all = lines.into_iter().flat_map(sentences);
        all.map(|said| (words(said).len(), said.to_owned())).max().unwrap_or_default()
    }

    fn sentence(&self) -> f64 {
        self.words as f64 / self.sentences as f64
    }

    fn grade(&self) -> f64 {
        0.39 * self.sentence() + 11.8 * self.syllables as f64 / self.words as f64 - 15.59
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (words, sentences) = (self.words, self.sentences);
        write!(f, "{:.1} ({words} words, {sentences} sentences)", self.grade())
    }
}

fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split(['.', '!', '?']).filter(|sentence| !sentence.trim().is_empty())
}

/// Its words; what holds a figure is none.
fn words(sentence: &str) -> Vec<&str> {
    let spoken = sentence.split_whitespace().filter(|part| !part.contains(char::is_numeric));
    let words =
        spoken.flat_map(|part| part.split(|c: char| !c.is_alphabetic() && !"'’".contains(c)));
    words.filter(|word| word.chars().any(char::is_alphabetic)).collect()
}

fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let vowel = |c: char| "aeiouy".contains(c);
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let starts = |at: usize| vowel(letters[at]) && (at == 0 || !vowel(letters[at - 1]));
    let mut count = (0..letters.len()).filter(|at| starts(*at)).count();
    let before = |back: usize| letters.len().checked_sub(back).map_or(' ', |at| letters[at]);
    let silent = if word.ends_with('e') {
        !vowel(before(2)) && (before(2) != 'l' || vowel(before(3)))
    } else if word.ends_with("es") {
        !vowel(before(3)) && !"sxzcgh".contains(before(3))
    } else if word.ends_with("ed") {
        !vowel(before(3)) && !"td".contains(before(3))
    } else {
        false
    };
    if silent {
        count -= 1;
    }
    count.max(1)
}

/// A clause's words with a short word for each value.
fn neutral(template: &str) -> String {
    let mut words = String::new();
    let mut rest = template;
    while let Some((plain, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        words.push_str(plain);
        // A phrase of its own falls away, as where none is given.
        if !["exceptions", "exception"].contains(&name) {
            words.push_str("Ann");
        }
        rest = after;
    }
    words + rest
}

/// The sentences of the layouts, in every branch that a sample reaches.
fn sentences_of_the_sheet(language: &str) -> BTreeSet<String> {
    let layouts = Layouts::load(&LayoutFiles::builtin()).unwrap();
    let samples = include_str!("../../templates/orders/explanatory_sheet/2026-11/sample.json");
    let samples: Vec<Value> = serde_json::from_str(samples).unwrap();
    let mut found = BTreeSet::new();
    for view in samples {
        let name = format!("explanatory_sheet/2026-11/{language}");
        let markup = layouts.render(&name, &view).unwrap();
        for element in ["notice", "alert", "p", "item", "note"] {
            found.extend(held(&markup, element));
        }
    }
    found
}

/// The texts of an element, terms' own words aside.
fn held(markup: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let parts = markup.split(&open).skip(1).zip(markup.split(&open));
    let outside = parts.filter(|(_, before)| !before.ends_with("\">") || !before.contains("<term"));
    outside
        .filter_map(|(part, _)| part.split_once(&close))
        .map(|(text, _)| text.replace("<strong>", "").replace("</strong>", ""))
        .collect()
}

/// Past the harness, which keeps what a passing test prints to itself.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}
