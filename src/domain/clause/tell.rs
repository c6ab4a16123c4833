//! What other readers are told of a term: the same typed values in other words of the same clause,
//! so that no telling can contradict the term.
//!
//! A free term is never told in other words: its own are the only safe ones.

use std::collections::BTreeMap;

use super::fill::{Filling, said};
use super::{Clause, Library, Value};
use crate::domain::term::{Source, Term};
use crate::domain::text::Text;
use crate::domain::words::Words;

/// In which words a term is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Easy words, to the person bound.
    Plain,
    /// A question of the police.
    Question,
}

/// A term told in other words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub english: String,
    /// Absent where a text that it needs was given in English alone.
    pub welsh: Option<String>,
}

impl Library {
    /// The clause from which a term was made, with its values in either language; nothing for a
    /// free term, or one of a clause that is no longer here.
    pub fn source<'a>(&'a self, term: &'a Term) -> Option<Sourced<'a>> {
        match &term.source {
            Source::Clause { clause, values, welsh_values } => {
                Some(Sourced { clause: self.find(clause)?, values, welsh_values })
            }
            Source::Free => None,
        }
    }
}

/// A clause beside the values that fill it in one term.
#[derive(Clone, Copy)]
pub struct Sourced<'a> {
    pub clause: &'a Clause,
    values: &'a BTreeMap<String, Value>,
    welsh_values: &'a BTreeMap<String, Value>,
}

impl<'a> Sourced<'a> {
    /// The term in other words; `people` gives the protected person of a letter, as printed.
    pub fn told(&self, telling: Telling, people: &dyn Fn(char) -> Option<Text>) -> Told {
        let clause = self.clause;
        let (english, welsh) = match telling {
            Telling::Plain => (&clause.plain, &clause.welsh.plain),
            Telling::Question => (&clause.question, &clause.welsh.question),
        };
        let fill = |words: &Words, values: &BTreeMap<String, Value>, template: &str, welsh| {
            let said = said(words, clause.kind, people, values);
            Filling { said: &said, values, welsh }.words(clause, template)
        };
        let in_welsh = clause.all_in_welsh(self.values, self.welsh_values);
        Told {
            english: fill(Words::english(), self.values, english, false),
            welsh: in_welsh.map(|all| fill(Words::welsh(), &all, welsh, true)),
        }
    }

    /// The protected persons whom its values name, by letter.
    pub fn people(&self) -> impl Iterator<Item = char> + use<'a> {
        self.values.values().filter_map(|value| match value {
            Value::Person(letter) => Some(*letter),
            _ => None,
        })
    }

    /// Its places, in the clause's order: English, and Welsh where it was given.
    pub fn places(&self) -> Vec<(&'a Text, Option<&'a Text>)> {
        let places = self.clause.parameters.iter().filter(|parameter| parameter.place);
        places
            .filter_map(|parameter| {
                let english = worded(self.values.get(&parameter.name))?;
                Some((english, worded(self.welsh_values.get(&parameter.name))))
            })
            .collect()
    }
}

fn worded(value: Option<&Value>) -> Option<&Text> {
    match value {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}
