//! Values into words: the one place where a clause becomes the text of a term.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value as Json;

use super::{Clause, Fault, Parameter, Value, ValueFault, read};
use crate::domain::term::{TermKind, TermNumber, WelshText};
use crate::domain::text::{Marks, Text};
use crate::domain::words::{Forms, Words};

/// What a clause is filled with.
pub struct Values<'a> {
    pub values: &'a BTreeMap<String, Json>,
    /// The caller's own words in Welsh; all else is taken from `values`.
    pub welsh_values: &'a BTreeMap<String, Json>,
    /// The protected person of a letter, as printed.
    pub people: &'a dyn Fn(char) -> Option<Text>,
}

/// A clause with its words complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    pub text: Text,
    /// Absent where a text that it needs was given in English alone.
    pub welsh: Option<WelshText>,
    pub values: BTreeMap<String, Value>,
    pub welsh_values: BTreeMap<String, Value>,
    /// The terms of the same order to which it refers, by parameter.
    pub terms_referred: Vec<(String, TermNumber)>,
    /// The days by which or on which something is to be done, by parameter.
    pub deadlines: Vec<(String, Date)>,
}

impl Clause {
    /// Fills the clause.
    ///
    /// # Errors
    /// Every fault of the values, in both languages, parameters in the clause's order, unknown ones
    /// last.
    pub fn fill(&self, given: &Values<'_>) -> Result<Filled, Vec<ValueFault>> {
        let mut faults = Vec::new();
        let values = self.read(given.values, false, &mut faults);
        let welsh_values = self.read(given.welsh_values, true, &mut faults);
        self.check_presence(given, &mut faults);
        self.check_people(given, &values, &mut faults);
        check_times(&values, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let text = self.english(given, &values).map_err(|fault| vec![fault])?;
        let welsh = self.in_welsh(given, &values, &welsh_values).map_err(|fault| vec![fault])?;
        let terms_referred = values.iter().filter_map(|(name, value)| match value {
            Value::Term(number) => Some((name.clone(), *number)),
            _ => None,
        });
        let deadlines = values.iter().filter_map(|(name, value)| match value {
            Value::Date(date) | Value::DateTime { date, .. } => Some((name.clone(), *date)),
            _ => None,
        });
        let (terms_referred, deadlines) = (terms_referred.collect(), deadlines.collect());
        Ok(Filled { text, welsh, values, welsh_values, terms_referred, deadlines })
    }

    fn read(
        &self,
        given: &BTreeMap<String, Json>,
        in_welsh: bool,
        faults: &mut Vec<ValueFault>,
    ) -> BTreeMap<String, Value> {
        let mut values = BTreeMap::new();
        for parameter in &self.parameters {
            let Some(json) = given.get(&parameter.name) else {
                continue;
            };
            if in_welsh && !parameter.is_worded() {
                continue;
            }
            match read::value(parameter, json) {
                Ok(value) => {
                    values.insert(parameter.name.clone(), value);
                }
                Err(found) => faults.extend(found.into_iter().map(|(index, fault)| ValueFault {
                    parameter: parameter.name.clone(),
                    index,
                    in_welsh,
                    fault,
                })),
            }
        }
        values
    }

    /// What is needed and absent, and what is there and unknown. A Welsh text stands only beside an
    /// English one, and only where the words are the caller's own.
    fn check_presence(&self, given: &Values<'_>, faults: &mut Vec<ValueFault>) {
        let mut found = |parameter: &str, in_welsh, fault| {
            let parameter = parameter.to_owned();
            faults.push(ValueFault { parameter, index: None, in_welsh, fault });
        };
        for parameter in &self.parameters {
            let needed = !parameter.optional || given.welsh_values.contains_key(&parameter.name);
            if needed && !given.values.contains_key(&parameter.name) {
                found(&parameter.name, false, Fault::Missing);
            }
        }
        for name in given.values.keys() {
            if self.parameter(name).is_none() {
                found(name, false, Fault::Unknown);
            }
        }
        for name in given.welsh_values.keys() {
            if !self.parameter(name).is_some_and(Parameter::is_worded) {
                found(name, true, Fault::Unknown);
            }
        }
    }

    fn check_people(
        &self,
        given: &Values<'_>,
        values: &BTreeMap<String, Value>,
        faults: &mut Vec<ValueFault>,
    ) {
        for (name, value) in values {
            let Value::Person(letter) = value else {
                continue;
            };
            if (given.people)(*letter).is_none() {
                let fault = Fault::UnknownPerson(*letter);
                let parameter = name.clone();
                faults.push(ValueFault { parameter, index: None, in_welsh: false, fault });
            }
        }
    }

    fn english(
        &self,
        given: &Values<'_>,
        values: &BTreeMap<String, Value>,
    ) -> Result<Text, ValueFault> {
        let said = said(Words::english(), self.kind, given.people, values);
        let filling = Filling { said: &said, values, welsh: false };
        self.complete(filling.words(self, &self.words), false)
    }

    /// Nothing where a text that the words need has no Welsh.
    fn in_welsh(
        &self,
        given: &Values<'_>,
        values: &BTreeMap<String, Value>,
        welsh_values: &BTreeMap<String, Value>,
    ) -> Result<Option<WelshText>, ValueFault> {
        let Some(all) = self.all_in_welsh(values, welsh_values) else {
            return Ok(None);
        };
        let said = said(Words::welsh(), self.kind, given.people, &all);
        let filling = Filling { said: &said, values: &all, welsh: true };
        let text = self.complete(filling.words(self, &self.welsh.words), true)?;
        Ok(Some(WelshText { text, approved: self.welsh.approved }))
    }

    /// The values for the Welsh words; nothing where a text that they need has no Welsh.
    pub(super) fn all_in_welsh(
        &self,
        values: &BTreeMap<String, Value>,
        welsh_values: &BTreeMap<String, Value>,
    ) -> Option<BTreeMap<String, Value>> {
        let lacks = |parameter: &Parameter| {
            parameter.is_worded()
                && values.contains_key(&parameter.name)
                && !welsh_values.contains_key(&parameter.name)
        };
        if self.parameters.iter().any(lacks) {
            return None;
        }
        let mut all = values.clone();
        all.extend(welsh_values.clone());
        Some(all)
    }

    /// The finished words as text. Values were each read as text before, so what is refused here
    /// can only come from two of them meeting; the first parameter is named for it.
    fn complete(&self, words: String, in_welsh: bool) -> Result<Text, ValueFault> {
        Text::parse(&words, Marks::Term).map_err(|unprintable| ValueFault {
            parameter: self.parameters.first().map(|p| p.name.clone()).unwrap_or_default(),
            index: None,
            in_welsh,
            fault: Fault::Unprintable(unprintable),
        })
    }
}

/// A time of day from one hour to the same hour is none, or all day: which is not for the reader to
/// guess. One that runs through the night ends before it begins.
fn check_times(values: &BTreeMap<String, Value>, faults: &mut Vec<ValueFault>) {
    if let (Some(Value::Time(from)), Some(Value::Time(to))) = (values.get("from"), values.get("to"))
        && from == to
    {
        let (parameter, fault) = ("to".to_owned(), Fault::SameTime);
        faults.push(ValueFault { parameter, index: None, in_welsh: false, fault });
    }
}

/// Every value in the words of a language. What is forbidden is each item of a list, what is
/// required all of them.
pub(super) fn said(
    words: &Words,
    kind: TermKind,
    people: &dyn Fn(char) -> Option<Text>,
    values: &BTreeMap<String, Value>,
) -> BTreeMap<String, String> {
    let say = |value: &Value| match value {
        Value::Person(letter) => people(*letter).map(String::from).unwrap_or_default(),
        Value::Text(text) => text.to_string(),
        Value::Date(date) => words.date(*date),
        Value::Time(time) => words.time(*time),
        Value::DateTime { date, time } => words.date_time(*date, *time),
        Value::Weekdays(days) => words.weekdays(days),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| item.as_str()).collect();
            match kind {
                TermKind::Prohibition => words.either(&items),
                TermKind::Requirement => words.list(&items),
            }
        }
        Value::Metres(metres) => words.metres(*metres),
        Value::Hours(number) | Value::Days(number) | Value::Count(number) => words.number(*number),
        Value::Term(number) => words.term(*number),
    };
    values.iter().map(|(name, value)| (name.clone(), say(value))).collect()
}

/// The values of one language on their way into the words.
pub(super) struct Filling<'a> {
    pub(super) said: &'a BTreeMap<String, String>,
    pub(super) values: &'a BTreeMap<String, Value>,
    pub(super) welsh: bool,
}

impl Filling<'_> {
    /// The words with every parameter filled in. A full stop after a value that ends in one is not
    /// doubled; a space before nothing falls away with it.
    pub(super) fn words(&self, clause: &Clause, template: &str) -> String {
        let template = self.in_number(clause, template);
        let mut filled = String::with_capacity(template.len() * 2);
        for piece in pieces(&template) {
            match piece {
                Piece::Plain(plain) => {
                    let doubled = filled.ends_with('.') && plain.starts_with('.');
                    filled.push_str(if doubled { &plain[1..] } else { plain });
                }
                Piece::Parameter(name) => match self.phrase(clause, name) {
                    Some(phrase) => filled.push_str(&phrase),
                    None => filled.truncate(filled.trim_end_matches(' ').len()),
                },
            }
        }
        filled
    }

    /// The template with the words around each number in the form that the number asks for.
    fn in_number(&self, clause: &Clause, template: &str) -> String {
        let mut words = template.to_owned();
        for parameter in &clause.parameters {
            let number = match self.values.get(&parameter.name) {
                Some(Value::Hours(n) | Value::Days(n) | Value::Count(n)) => *n,
                _ => continue,
            };
            if let Some(forms) = parameter.forms_in(self.welsh) {
                words = words.replace(forms.other(), forms.beside(number));
            }
        }
        words
    }

    /// A value with its phrase around it; nothing where no value was given.
    fn phrase(&self, clause: &Clause, name: &str) -> Option<String> {
        let said = self.said.get(name)?;
        let parameter = clause.parameter(name)?;
        let phrase = if self.welsh { &parameter.welsh_phrase } else { &parameter.phrase };
        Some(match phrase {
            Some(phrase) => phrase.replace(&format!("{{{name}}}"), said),
            None => said.clone(),
        })
    }
}

impl Parameter {
    fn forms_in(&self, welsh: bool) -> Option<&Forms> {
        if welsh { self.welsh_forms.as_ref() } else { self.forms.as_ref() }
    }
}

/// A part of a clause's words.
enum Piece<'a> {
    Plain(&'a str),
    Parameter(&'a str),
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((plain, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        pieces.push(Piece::Plain(plain));
        pieces.push(Piece::Parameter(name));
        rest = after;
    }
    pieces.push(Piece::Plain(rest));
    pieces
}

/// The names of the parameters that a clause's words hold.
#[cfg(test)]
pub(super) fn names(template: &str) -> std::collections::BTreeSet<String> {
    let name = |piece: Piece<'_>| match piece {
        Piece::Parameter(name) => Some(name.to_owned()),
        Piece::Plain(_) => None,
    };
    pieces(template).into_iter().filter_map(name).collect()
}
