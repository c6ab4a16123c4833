//! Words that a respondent, an officer and a court could each understand otherwise.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::lexicon::{self, Lexicon, Tongue, Undefined, mutations};
use super::token::{Word, is_at, length, one_at};

/// What is vague in a passage, with the phrase of the list that it is, where it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vague {
    pub(super) phrase: Option<String>,
}

/// The first vague thing that a passage says.
pub(super) fn find(words: &[Word], tongue: Tongue) -> Option<Vague> {
    let (lexicon, known) = (lexicon::of(tongue), known(tongue));
    let settled = settled(words, lexicon);
    let free = |at: usize| words.get(at).is_some_and(|word| !word.name) && !settled.contains(&at);
    (0..words.len()).find_map(|at| {
        let phrase = phrase_at(words, at, known);
        let length = phrase.map_or(1, length);
        let found = phrase.is_some() || is_manner(&words[at], lexicon);
        (found && (at..at + length).all(free))
            .then(|| Vague { phrase: phrase.map(|phrase| phrase.trim_end_matches('*').to_owned()) })
    })
}

fn phrase_at(words: &[Word], at: usize, known: &Known) -> Option<&'static str> {
    let lower = words[at].lower.as_str();
    let listed = known.by_first.get(lower).into_iter().flatten();
    let listed = listed.filter(|form| is_at(words, at, &form.said));
    let by_stem = known.stems.iter().filter(|form| lower.starts_with(&form.said));
    let undefined = known
        .undefined
        .iter()
        .filter(|(form, one)| is_at(words, at, &form.said) && !is_defined(words, at, one));
    let found = listed.chain(by_stem).chain(undefined.map(|(form, _)| form));
    found.map(|form| form.phrase).next()
}

/// An adverb that leaves its measure to the reader.
fn is_manner(word: &Word, lexicon: &Lexicon) -> bool {
    let lower = word.lower.as_str();
    let adverb = !lexicon.exact.is_empty() && lower.len() > 4 && lower.ends_with("ly");
    let plain = lower.chars().all(|c| c.is_ascii_alphabetic());
    adverb && plain && !Lexicon::has(&lexicon.exact, lower)
}

/// Whether what stands beside the word gives it a sense.
fn is_defined(words: &[Word], at: usize, one: &Undefined) -> bool {
    let before = at.checked_sub(1).and_then(|at| words.get(at));
    let by_before = before.is_some_and(|word| {
        one.before.iter().any(|known| match known.strip_prefix('-') {
            Some(ending) => word.lower.ends_with(ending),
            None => *known == word.lower,
        })
    });
    let after = at + length(&one.word);
    by_before || one.after.iter().any(|known| starts(words, after, known))
}

/// As [`is_at`], with any pause before the first word.
fn starts(words: &[Word], at: usize, phrase: &str) -> bool {
    words.get(at).is_some_and(|word| !word.first) && is_at(words, at, phrase)
}

/// The places of words that stand in a settled phrase.
fn settled(words: &[Word], lexicon: &Lexicon) -> Vec<usize> {
    let mut places = Vec::new();
    for at in 0..words.len() {
        if let Some(phrase) = one_at(words, at, &lexicon.settled) {
            places.extend(at..at + length(phrase));
        }
    }
    places
}

/// A form of a phrase, and the phrase of the list.
struct Form {
    said: String,
    phrase: &'static str,
}

/// The phrases of a language in every form, found by their first words.
struct Known {
    by_first: BTreeMap<String, Vec<Form>>,
    /// Beginnings of single words.
    stems: Vec<Form>,
    undefined: Vec<(Form, &'static Undefined)>,
}

impl Known {
    fn of(tongue: Tongue) -> Self {
        let lexicon = lexicon::of(tongue);
        let mut known =
            Self { by_first: BTreeMap::new(), stems: Vec::new(), undefined: Vec::new() };
        for phrase in &lexicon.vague {
            for said in forms(phrase, tongue) {
                match said.strip_suffix('*') {
                    Some(stem) => {
                        let (said, phrase) = (stem.to_owned(), phrase.trim_end_matches('*'));
                        known.stems.push(Form { said, phrase });
                    }
                    None => {
                        let first = said.split(' ').next().unwrap_or_default().to_owned();
                        known.by_first.entry(first).or_default().push(Form { said, phrase });
                    }
                }
            }
        }
        for one in &lexicon.undefined {
            let forms = forms(&one.word, tongue).into_iter();
            known.undefined.extend(forms.map(|said| (Form { said, phrase: &one.word }, one)));
        }
        known
    }
}

/// A phrase as it is, in Welsh with its first word in every mutation.
fn forms(phrase: &str, tongue: Tongue) -> Vec<String> {
    if tongue == Tongue::English {
        return vec![phrase.to_owned()];
    }
    let (first, rest) = phrase.split_once(' ').unwrap_or((phrase, ""));
    let whole = |form: String| if rest.is_empty() { form } else { format!("{form} {rest}") };
    mutations(first).into_iter().map(whole).collect()
}

fn known(tongue: Tongue) -> &'static Known {
    match tongue {
        Tongue::English => &ENGLISH,
        Tongue::Welsh => &WELSH,
    }
}

static ENGLISH: LazyLock<Known> = LazyLock::new(|| Known::of(Tongue::English));

static WELSH: LazyLock<Known> = LazyLock::new(|| Known::of(Tongue::Welsh));
