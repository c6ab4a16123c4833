//! The walk of a request: every part held against its [`Shape`], every fault named, faulty parts
//! taken out.
//!
//! What is left can always be read into the typed request, so one fault hides no other. A refused
//! object or array stays as an empty one, and a refused item of an array keeps its place, so that
//! the law neither misses what the caller did send nor points at the wrong item.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::format::Format;
use super::json::FAULTS_LIMIT;
use super::pointer::Path;
use super::shape::{Choice, Record, Shape};
use super::values;
use crate::domain::violation::{Rule, Violation};

/// What stands in an array of texts for one that was refused: it breaks no rule, and the request is
/// refused anyway.
pub const REFUSED_TEXT: &str = "-";

/// What stands for an object that could be any of several and is none of them.
pub const UNREAD: &str = "Unread";

/// What a walk leaves and what it found.
pub struct Walked {
    pub value: Value,
    pub faults: Vec<Violation>,
}

/// Walks a value. Parts whose exact pointers are in `refused` are taken out without a further
/// fault.
///
/// An object of a [`Choice`] comes back as `{"<name of its schema>": {…}}`, so that the choice is
/// made once.
pub fn walk(shape: &Shape, value: &Value, refused: &BTreeSet<String>) -> Walked {
    let mut walker = Walker { path: Path::default(), refused, faults: Vec::new() };
    let value = walker.part(shape, value).or_else(|| placeholder(shape)).unwrap_or_default();
    Walked { value, faults: walker.faults }
}

/// What stands in an object for a member that was refused; absent where that can't mislead the law.
fn placeholder(shape: &Shape) -> Option<Value> {
    match shape {
        Shape::Record(_) | Shape::Values => Some(Value::Object(Map::new())),
        Shape::List(_) => Some(Value::Array(Vec::new())),
        Shape::Choice(_) => Some(Value::from(UNREAD)),
        _ => None,
    }
}

/// The name of a JSON type, as the contract's schemas have it.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

struct Walker<'a> {
    path: Path,
    refused: &'a BTreeSet<String>,
    faults: Vec<Violation>,
}

impl Walker<'_> {
    /// One part of the request without its faulty parts; `None` where it is refused whole.
    fn part(&mut self, shape: &Shape, value: &Value) -> Option<Value> {
        if self.is_refused() {
            return None;
        }
        match (shape, value) {
            (Shape::Record(record), Value::Object(members)) => {
                Some(Value::Object(self.record(record, members)))
            }
            (Shape::Choice(choice), Value::Object(members)) => self.choice(choice, members),
            (Shape::List(item), Value::Array(items)) => Some(self.list(item, items)),
            (Shape::Values, Value::Object(members)) => Some(self.values(members)),
            (Shape::Text(format), Value::String(text)) => self.text(*format, text),
            (Shape::Word(words), Value::String(word)) => self.word(words, word),
            (Shape::Whole(least, most), Value::Number(_)) => self.whole((*least, *most), value),
            (Shape::Flag(only), Value::Bool(flag)) => self.flag(*only, *flag),
            _ => self.wrong_type(shape, value),
        }
    }

    fn record(&mut self, record: &Record, members: &Map<String, Value>) -> Map<String, Value> {
        let mut read = Map::new();
        for member in &record.members {
            let Some(value) = members.get(&member.name) else {
                if member.required {
                    self.missing(&member.name);
                }
                continue;
            };
            self.path.enter(&member.name);
            let part = self.part(&member.shape, value).or_else(|| placeholder(&member.shape));
            self.path.leave();
            if let Some(part) = part {
                read.insert(member.name.clone(), part);
            }
        }
        self.unknown_to(std::slice::from_ref(record), members);
        read
    }

    fn choice(&mut self, choice: &Choice, members: &Map<String, Value>) -> Option<Value> {
        let variant = match &choice.tag {
            Some(tag) => self.by_tag(choice, tag, members),
            None => self.by_members(choice, members),
        };
        let Some(variant) = variant else {
            self.unknown_to(&choice.variants, members);
            return None;
        };
        let read = Value::Object(self.record(variant, members));
        Some(Value::Object(Map::from_iter([(variant.name.clone(), read)])))
    }

    /// The variant whose one word stands in the tag.
    fn by_tag<'c>(
        &mut self,
        choice: &'c Choice,
        tag: &str,
        members: &Map<String, Value>,
    ) -> Option<&'c Record> {
        let Some(value) = members.get(tag) else {
            self.missing(tag);
            return None;
        };
        let words = choice.variants.iter().filter_map(|variant| variant.only_word(tag));
        let words: Vec<String> = words.map(str::to_owned).collect();
        self.path.enter(tag);
        let word = self.part(&Shape::Word(words), value);
        self.path.leave();
        let word = word?;
        choice.variants.iter().find(|variant| variant.only_word(tag) == word.as_str())
    }

    /// The variant most of whose needed members are there, those shared by all variants left aside.
    fn by_members<'c>(
        &mut self,
        choice: &'c Choice,
        members: &Map<String, Value>,
    ) -> Option<&'c Record> {
        let own = |variant: &'c Record| {
            variant.members.iter().filter(|member| {
                !choice.variants.iter().all(|other| other.member(&member.name).is_some())
            })
        };
        let score = |variant: &'c Record| {
            let there = || own(variant).filter(|member| members.contains_key(&member.name));
            (there().filter(|member| member.required).count(), there().count())
        };
        // The first of the best: `max_by_key` alone would take the last.
        let best = choice.variants.iter().rev().max_by_key(|variant| score(variant))?;
        if score(best) == (0, 0) {
            let needed = |variant| own(variant).find(|member| member.required);
            let names = choice.variants.iter().filter_map(needed).map(|member| &*member.name);
            let one_of = names.collect::<Vec<_>>().join(", ");
            return self.refuse(|at| Violation::new(at, Rule::MissingField).with("one_of", one_of));
        }
        Some(best)
    }

    fn list(&mut self, shape: &Shape, items: &[Value]) -> Value {
        let mut read = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            self.path.enter_item(index);
            let part = self.part(shape, item).or_else(|| placeholder(shape));
            self.path.leave();
            match (part, shape) {
                (Some(part), _) => read.push(part),
                (None, Shape::Text(None)) => read.push(REFUSED_TEXT.into()),
                (None, _) => {}
            }
        }
        Value::Array(read)
    }

    fn text(&mut self, format: Option<Format>, text: &str) -> Option<Value> {
        match format {
            Some(format) if !format.takes(text) => self
                .refuse(|at| Violation::new(at, Rule::BadFormat).with("expected", format.sign())),
            _ => Some(Value::from(text)),
        }
    }

    fn word(&mut self, words: &[String], word: &str) -> Option<Value> {
        if words.iter().any(|allowed| allowed == word) {
            return Some(Value::from(word));
        }
        let allowed = words.join(", ");
        self.refuse(|at| Violation::new(at, Rule::NotOneOf).with("allowed", allowed))
    }

    fn whole(&mut self, (least, most): (u64, u64), value: &Value) -> Option<Value> {
        let Some(number) = value.as_f64().filter(|number| number.fract() == 0.0) else {
            return self.wrong_type(&Shape::Whole(least, most), value);
        };
        // Both limits are far below the point where neighbouring whole numbers become one f64.
        if (least as f64..=most as f64).contains(&number) {
            return Some(Value::from(number as u64));
        }
        let expected = format!("{least}-{most}");
        self.refuse(|at| Violation::new(at, Rule::BadFormat).with("expected", expected))
    }

    fn flag(&mut self, only: Option<bool>, flag: bool) -> Option<Value> {
        match only {
            Some(only) if only != flag => {
                self.refuse(|at| Violation::new(at, Rule::NotOneOf).with("allowed", only))
            }
            _ => Some(Value::Bool(flag)),
        }
    }

    /// Free values of a clause: only their number, size and outer type are looked at.
    fn values(&mut self, members: &Map<String, Value>) -> Value {
        if members.len() > values::MEMBERS {
            self.too_long(values::MEMBERS);
            return Value::Object(Map::new());
        }
        let mut read = Map::new();
        for (name, value) in members {
            if !values::is_name(name) {
                let at = self.path.pointer_to(name);
                self.fault(Violation::new(at, Rule::UnknownField));
                continue;
            }
            self.path.enter(name);
            if self.is_value(value) {
                read.insert(name.clone(), value.clone());
            }
            self.path.leave();
        }
        Value::Object(read)
    }

    fn is_value(&mut self, value: &Value) -> bool {
        let Value::Array(items) = value else {
            return self.is_plain_value(value);
        };
        if items.len() > values::ITEMS {
            self.too_long(values::ITEMS);
            return false;
        }
        let before = self.faults.len();
        let mut good = true;
        for (index, item) in items.iter().enumerate() {
            self.path.enter_item(index);
            good &= self.is_plain_value(item);
            self.path.leave();
        }
        good && self.faults.len() == before
    }

    fn is_plain_value(&mut self, value: &Value) -> bool {
        if self.is_refused() {
            return false;
        }
        match value {
            Value::String(text) if text.chars().count() > values::CHARACTERS => {
                self.too_long(values::CHARACTERS);
                false
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) => true,
            other => {
                let expected = "string, number, boolean, array";
                let fault = Violation::new(self.path.pointer(), Rule::WrongType);
                self.fault(fault.with("expected", expected).with("found", type_of(other)));
                false
            }
        }
    }

    /// Most requests have nothing refused, and then no pointer is made.
    fn is_refused(&self) -> bool {
        !self.refused.is_empty() && self.refused.contains(&self.path.exact())
    }

    fn wrong_type(&mut self, shape: &Shape, value: &Value) -> Option<Value> {
        let expected = match shape {
            Shape::Record(_) | Shape::Choice(_) | Shape::Values => "object",
            Shape::List(_) => "array",
            Shape::Text(_) | Shape::Word(_) => "string",
            Shape::Whole(..) => "integer",
            Shape::Flag(_) => "boolean",
            Shape::Unread => "nothing",
        };
        self.refuse(|at| {
            let fault = Violation::new(at, Rule::WrongType).with("expected", expected);
            fault.with("found", type_of(value))
        })
    }

    fn missing(&mut self, name: &str) {
        let fault = Violation::new(self.path.pointer_to(name), Rule::MissingField);
        self.fault(fault.with("field", name));
    }

    /// Names the members that none of these records has.
    fn unknown_to(&mut self, records: &[Record], members: &Map<String, Value>) {
        let is_known = |name: &str| records.iter().any(|record| record.member(name).is_some());
        let mut unknown = members.keys().filter(|name| !is_known(name)).peekable();
        if unknown.peek().is_none() {
            return;
        }
        let known = records.iter().flat_map(|record| &record.members);
        let known: BTreeSet<_> = known.map(|member| member.name.as_str()).collect();
        let allowed = Vec::from_iter(known).join(", ");
        // More than one answer can name need not be worded.
        for name in unknown.take(FAULTS_LIMIT) {
            let fault = Violation::new(self.path.pointer_to(name), Rule::UnknownField);
            self.fault(fault.with("allowed", allowed.as_str()));
        }
    }

    fn too_long(&mut self, limit: usize) {
        self.fault(Violation::new(self.path.pointer(), Rule::TooLong).with("max", limit));
    }

    fn refuse<T>(&mut self, fault: impl FnOnce(String) -> Violation) -> Option<T> {
        let at = self.path.pointer();
        self.fault(fault(at));
        None
    }

    fn fault(&mut self, fault: Violation) {
        if self.faults.len() < FAULTS_LIMIT {
            self.faults.push(fault);
        }
    }
}
