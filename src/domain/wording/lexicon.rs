//! What the checks know of a language: data, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::embedded;

/// The language of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tongue {
    English,
    Welsh,
}

/// The words of one language. The file says of each list what it is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lexicon {
    pub(super) vague: Vec<String>,
    pub(super) settled: Vec<String>,
    pub(super) exact: Vec<String>,
    pub(super) undefined: Vec<Undefined>,
    pub(super) except: Vec<String>,
    pub(super) duty: Vec<String>,
    pub(super) joining: Vec<String>,
    pub(super) subordinate: Vec<String>,
    pub(super) giving_way: Vec<String>,
    pub(super) object: Vec<String>,
    pub(super) means: Vec<String>,
    pub(super) metres: Vec<String>,
    pub(super) yards: Vec<String>,
    pub(super) miles: Vec<String>,
    pub(super) numbers: Vec<String>,
    pub(super) point: Vec<String>,
    pub(super) no_point: Vec<String>,
    pub(super) point_before: Vec<String>,
    pub(super) point_before_not: Vec<String>,
    /// Verbs by the conduct they belong to.
    pub(super) verbs: BTreeMap<String, Vec<String>>,
    pub(super) nouns_too: NounsToo,
    pub(super) home: Home,
    pub(super) place: Place,
    pub(super) hours: Hours,
    /// Verbs by the act that one term may demand and another forbid.
    pub(super) opposite: BTreeMap<String, Vec<String>>,
}

/// A word without a fixed sense, and what beside it gives one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Undefined {
    pub(super) word: String,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
}

/// Verbs that are nouns too.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NounsToo {
    pub(super) words: Vec<String>,
}

/// Words of homes and addresses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Home {
    pub(super) home: Vec<String>,
    pub(super) lives: Vec<String>,
    pub(super) unnamed: Vec<String>,
    pub(super) flat: Vec<String>,
    pub(super) dwelling: Vec<String>,
    pub(super) not_dwelling: Vec<String>,
    pub(super) named: Vec<String>,
    pub(super) street: Vec<String>,
    pub(super) public: Vec<String>,
    pub(super) parting: Vec<String>,
}

/// Words of going somewhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) enter: Vec<String>,
    pub(super) within: Vec<String>,
    pub(super) attend: Vec<String>,
    pub(super) live: Vec<String>,
    pub(super) plain: Vec<String>,
    pub(super) ends: Vec<String>,
}

/// Words of being somewhere at a time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hours {
    pub(super) attend: Vec<String>,
    pub(super) every: Vec<String>,
    pub(super) weekdays: Vec<String>,
    pub(super) leave: Vec<String>,
}

/// Limits of the checks.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measures {
    /// Metres.
    pub(super) wide_enough: u32,
    pub(super) assessment_minutes: u32,
    pub(super) free_minutes: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lexicons {
    english: Lexicon,
    welsh: Lexicon,
    measures: Measures,
}

/// The words of a language.
pub(super) fn of(tongue: Tongue) -> &'static Lexicon {
    match tongue {
        Tongue::English => &LEXICONS.english,
        Tongue::Welsh => &LEXICONS.welsh,
    }
}

/// The limits.
pub(super) fn measures() -> Measures {
    LEXICONS.measures
}

impl Lexicon {
    /// Whether this word stands in this list.
    pub(super) fn has(list: &[String], word: &str) -> bool {
        list.iter().any(|one| one == word)
    }

    /// The conducts of a verb, in its bare form or with `-ing`.
    pub(super) fn conducts(&self, word: &str) -> Vec<&str> {
        let is = |verb: &String| verb == word || is_participle(verb, word);
        let holds = |(_, verbs): &(&String, &Vec<String>)| verbs.iter().any(is);
        self.verbs.iter().filter(holds).map(|(conduct, _)| conduct.as_str()).collect()
    }
}

/// Whether `word` is `verb` with `-ing`: entering, using, getting.
fn is_participle(verb: &str, word: &str) -> bool {
    let Some(stem) = word.strip_suffix("ing") else { return false };
    let doubled = stem.len() == verb.len() + 1 && stem.starts_with(verb);
    stem == verb || verb.strip_suffix('e') == Some(stem) || doubled
}

/// Every form that initial mutation gives a Welsh word: soft, nasal, aspirate, and h before a
/// vowel.
pub(super) fn mutations(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    // "ger" without its g would be another word.
    if word.chars().count() < 4 {
        return forms;
    }
    for (from, to) in MUTATIONS {
        if let Some(rest) = word.strip_prefix(from) {
            forms.extend(to.iter().map(|start| format!("{start}{rest}")));
            return forms;
        }
    }
    if word.starts_with(['a', 'e', 'i', 'o', 'u', 'w', 'y']) {
        forms.push(format!("h{word}"));
    }
    forms
}

/// Digraphs first.
const MUTATIONS: [(&str, &[&str]); 13] = [
    ("ch", &[]),
    ("dd", &[]),
    ("ff", &[]),
    ("ll", &["l"]),
    ("rh", &["r"]),
    ("th", &[]),
    ("c", &["g", "ch", "ngh"]),
    ("p", &["b", "ph", "mh"]),
    ("t", &["d", "th", "nh"]),
    ("g", &["", "ng"]),
    ("b", &["f", "m"]),
    ("d", &["dd", "n"]),
    ("m", &["f"]),
];

static LEXICONS: LazyLock<Lexicons> =
    LazyLock::new(|| embedded::toml(include_str!("../data/wording.toml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_both_languages_are_read_and_stand_in_lower_case() {
        for tongue in [Tongue::English, Tongue::Welsh] {
            let lexicon = of(tongue);
            for word in lexicon.vague.iter().chain(&lexicon.settled).chain(&lexicon.duty) {
                assert_eq!(*word, word.to_lowercase());
            }
        }
        assert!(measures().free_minutes > 0);
    }

    #[test]
    fn a_welsh_word_is_known_in_each_of_its_mutations() {
        assert_eq!(mutations("cyffiniau"), ["cyffiniau", "gyffiniau", "chyffiniau", "nghyffiniau"]);
        assert_eq!(mutations("gofid"), ["gofid", "ofid", "ngofid"]);
        assert_eq!(mutations("rhesymol"), ["rhesymol", "resymol"]);
        assert_eq!(mutations("ger"), ["ger"]);
        assert_eq!(mutations("aflonyddu"), ["aflonyddu", "haflonyddu"]);
    }

    #[test]
    fn a_verb_is_known_with_its_ing() {
        let english = of(Tongue::English);
        for (word, conduct) in [("entering", "place"), ("using", "have"), ("getting", "have")] {
            assert!(english.conducts(word).contains(&conduct), "{word}");
        }
        assert!(english.conducts("during").is_empty());
    }
}
