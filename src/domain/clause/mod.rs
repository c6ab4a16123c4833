//! The clause library: the standard terms as versioned data.
//!
//! The words stand in `templates/clauses/<version>.toml`; here stands their shape, and how typed
//! values fill them. No clause of the library is approved by a court yet, and no Welsh text by a
//! translator: each says so.
//!
//! To add a clause: its table in the TOML with a sample in both languages; the tests below fill it.
//! To change the words of one: raise its `version`, in a library of a new name. To add a type of
//! value: a [`ParameterType`], a [`Value`], its reading in `read.rs` and its words in `fill.rs`;
//! the compiler lists them. What other readers are told of a term: `tell.rs`.

mod fill;
mod read;
mod tell;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::calendar::Weekday;
use super::embedded;
use super::term::{TermKind, TermNumber};
use super::text::{Text, Unprintable};
use super::words::Forms;

pub use fill::{Filled, Values};
pub use tell::{Sourced, Telling, Told};

/// A value filled into a clause, of the type which its parameter asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// `A`-`Z` of a protected person.
    Person(char),
    Text(Text),
    Date(Date),
    Time(Time),
    /// London's civil date and time.
    DateTime {
        date: Date,
        time: Time,
    },
    Weekdays(Vec<Weekday>),
    List(Vec<Text>),
    /// 10-5000.
    Metres(u16),
    /// 1-168.
    Hours(u16),
    /// 1-365.
    Days(u16),
    /// 1-20.
    Count(u16),
    Term(TermNumber),
}

/// A version of the clause library with the words that it defines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    version: String,
    #[serde(rename = "definition")]
    definitions: Vec<Definition>,
    #[serde(rename = "clause")]
    clauses: Vec<Clause>,
}

/// A word which an order defines once when its terms use it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub word: String,
    pub meaning: String,
    /// The meaning in easy words, as a sentence.
    pub plain: String,
    /// The forms in which terms use it, matched as whole words in either case.
    pub forms: Vec<String>,
    pub welsh: WelshDefinition,
}

/// A defined word and its meaning in Welsh.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WelshDefinition {
    pub word: String,
    pub meaning: String,
    pub plain: String,
    /// Whether a translator has approved it.
    pub approved: bool,
}

/// A standard term.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    pub slug: String,
    pub version: u16,
    pub kind: TermKind,
    /// The English words with their parameters in braces.
    pub words: String,
    /// The same in easy words, to the person bound: with every parameter, and without a duty more
    /// or less.
    pub plain: String,
    /// Goes on from "Has the person …" and asks the police whether the term may have been broken:
    /// YES always means that it may.
    pub question: String,
    pub welsh: WelshWords,
    pub parameters: Vec<Parameter>,
    /// The kinds of stalking that it answers.
    pub stalking: Vec<StalkingKind>,
    /// Whether it bears on private life, expression or access to a court, so that its need wants
    /// special care.
    pub extra_care: bool,
    /// Between the person bound and those who treat or watch over them: no notice to a protected
    /// person shows it.
    #[serde(default)]
    pub private: bool,
    /// Slugs of the clauses that contradict it in one order.
    pub cannot_stand_beside: Vec<String>,
    /// Values that fill it.
    pub sample: Sample,
}

/// The Welsh words of a clause and whether a translator has approved them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WelshWords {
    pub words: String,
    pub plain: String,
    pub question: String,
    pub approved: bool,
}

/// What a clause has to be given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// Its phrase falls away whole where no value is given.
    #[serde(default)]
    pub optional: bool,
    /// Its value is a place that the police may want to know at a glance.
    #[serde(default)]
    pub place: bool,
    /// What is printed in its place where a value is given, if more than the value.
    phrase: Option<String>,
    welsh_phrase: Option<String>,
    /// The words around a number, in the forms that they take beside it.
    forms: Option<Forms>,
    welsh_forms: Option<Forms>,
}

/// The types of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterType {
    Person,
    Text,
    Date,
    Time,
    DateTime,
    Weekdays,
    List,
    Metres,
    Hours,
    Days,
    Count,
    Term,
}

/// The examples of acts associated with stalking in the Protection from Harassment Act 1997,
/// s.2A(3)(a)-(g).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StalkingKind {
    /// (a)
    Following,
    /// (b)
    Contacting,
    /// (c)
    Publishing,
    /// (d): of internet, e-mail and other electronic communication.
    Monitoring,
    /// (e)
    Loitering,
    /// (f)
    InterferingWithProperty,
    /// (g)
    Watching,
}

/// Values that fill a clause, as a caller would send them; people are `A` and `B`, terms as it
/// says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sample {
    pub values: BTreeMap<String, Json>,
    pub welsh_values: BTreeMap<String, Json>,
}

/// One fault of the values given to a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueFault {
    pub parameter: String,
    /// The place in a list or among weekdays.
    pub index: Option<usize>,
    /// In `welsh_values`, not `values`.
    pub in_welsh: bool,
    pub fault: Fault,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Needed and absent, or a list of nothing.
    Missing,
    /// The clause has no such parameter.
    Unknown,
    /// The name of the type that it should have.
    Type {
        expected: &'static str,
    },
    Range {
        min: u16,
        max: u16,
    },
    /// A text of no characters.
    Empty,
    /// A time of day that ends when it begins.
    SameTime,
    /// Of a day and a time: midnight leaves open whether the day begins or ends.
    Midnight,
    Unprintable(Unprintable),
    /// The order has no protected person of this letter.
    UnknownPerson(char),
    /// It still holds a place to be filled in.
    Placeholder,
}

impl Library {
    /// What the library in the program holds: for the digests of editions.
    pub fn builtin_contents() -> String {
        embedded::contents(BUILTIN_TOML)
    }

    /// The library in force.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Its version: `2026-11`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every clause: prohibitions, then requirements.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The clause of a slug, or of `slug@version` where that version is here.
    pub fn find(&self, reference: &str) -> Option<&Clause> {
        let (slug, version) = match reference.split_once('@') {
            Some((slug, version)) => (slug, Some(version)),
            None => (reference, None),
        };
        self.clauses.iter().find(|clause| {
            clause.slug == slug && version.is_none_or(|v| v == clause.version.to_string())
        })
    }

    /// Every word that the library defines.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// The defined words which these texts use, each once, in the library's order.
    pub fn definitions_used<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Vec<&Definition> {
        let texts: Vec<String> = texts.into_iter().map(str::to_lowercase).collect();
        let used = |form: &String| texts.iter().any(|text| holds_word(text, form));
        self.definitions.iter().filter(|word| word.forms.iter().any(used)).collect()
    }
}

impl Clause {
    /// `slug@version`, as orders keep it.
    pub fn reference(&self) -> String {
        format!("{}@{}", self.slug, self.version)
    }

    /// The parameter of a name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

impl Parameter {
    /// Whether its Welsh comes from `welsh_values`, being a caller's own words.
    pub fn is_worded(&self) -> bool {
        matches!(self.kind, ParameterType::Text | ParameterType::List)
    }
}

impl ParameterType {
    /// The name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Text => "text",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date_time",
            Self::Weekdays => "weekdays",
            Self::List => "list",
            Self::Metres => "metres",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Count => "count",
            Self::Term => "term",
        }
    }

    /// The least and most that a number of this type may be.
    pub fn range(self) -> Option<(u16, u16)> {
        match self {
            Self::Metres => Some((10, 5000)),
            Self::Hours => Some((1, 168)),
            Self::Days => Some((1, 365)),
            Self::Count => Some((1, 20)),
            _ => None,
        }
    }
}

/// Whether a text in lower case holds a word or phrase with no letter on either side.
fn holds_word(text: &str, word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
    })
}

const BUILTIN_TOML: &str = include_str!("../../../templates/clauses/2026-11.toml");
static BUILTIN: LazyLock<Library> = LazyLock::new(|| embedded::toml(BUILTIN_TOML));

#[cfg(test)]
mod tests;
