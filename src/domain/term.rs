//! One prohibition or requirement of an order. Stalking Protection Act 2019, s.1(2).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::clause::Value;
use super::text::Text;

/// Whether a term forbids or demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    Prohibition,
    Requirement,
}

/// `P1`, `R12`: given once, never moved, never given again, also across variations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TermNumber {
    pub kind: TermKind,
    /// From 1.
    pub ordinal: u16,
}

impl fmt::Display for TermNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self.kind {
            TermKind::Prohibition => 'P',
            TermKind::Requirement => 'R',
        };
        write!(f, "{letter}{}", self.ordinal)
    }
}

/// The text is not the number of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a term number")]
pub struct NotATermNumber;

impl FromStr for TermNumber {
    type Err = NotATermNumber;

    fn from_str(text: &str) -> Result<Self, NotATermNumber> {
        let kind = match text.as_bytes().first() {
            Some(b'P') => TermKind::Prohibition,
            Some(b'R') => TermKind::Requirement,
            _ => return Err(NotATermNumber),
        };
        let digits = &text[1..];
        if digits.is_empty()
            || digits.starts_with('0')
            || digits.bytes().any(|b| !b.is_ascii_digit())
        {
            return Err(NotATermNumber);
        }
        let ordinal = digits.parse().map_err(|_| NotATermNumber)?;
        Ok(Self { kind, ordinal })
    }
}

impl TryFrom<String> for TermNumber {
    type Error = NotATermNumber;

    fn try_from(text: String) -> Result<Self, NotATermNumber> {
        text.parse()
    }
}

impl From<TermNumber> for String {
    fn from(number: TermNumber) -> String {
        number.to_string()
    }
}

/// A term with its words complete, exactly as pronounced: they are made once, here kept, and
/// printed verbatim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub number: TermNumber,
    pub source: Source,
    /// The English words.
    pub text: Text,
    /// The Welsh words, where there are any.
    pub welsh: Option<WelshText>,
    pub locality: Locality,
    /// The last day of this term where it ends before the order. Stalking Protection Act 2019,
    /// s.3(3).
    pub until: Option<Date>,
}

/// Where the words of a term come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Clause {
        /// `slug@version`.
        clause: String,
        values: BTreeMap<String, Value>,
        welsh_values: BTreeMap<String, Value>,
    },
    Free,
}

/// Welsh words and whether a translator has approved them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelshText {
    pub text: Text,
    pub approved: bool,
}

/// Where a term applies. Stalking Protection Act 2019, s.2(4) and s.6(d).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locality {
    UnitedKingdom,
    Limited { description: Text, welsh_description: Option<Text> },
}
