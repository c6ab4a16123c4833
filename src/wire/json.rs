//! From bytes to a JSON value, without trust: what a plain reader would let pass or die of is named
//! here.
//!
//! A key given twice is refused and its first value kept; an object or array more than
//! [`DEPTH_LIMIT`] deep is read over, without recursion, and stands as `null`. Everything else that
//! is not JSON is [`Malformed`].

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::pointer::Path;
use crate::domain::violation::{Rule, Violation};

/// How many objects and arrays may stand in each other, the root counted.
pub const DEPTH_LIMIT: usize = 32;

/// Most faults that one answer names; a caller with more has sent something else than a request.
pub const FAULTS_LIMIT: usize = 500;

/// The bytes are not JSON in UTF-8, or one of its strings is no Unicode text. Lines and columns
/// (bytes) from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not JSON at line {line}, column {column}")]
pub struct Malformed {
    pub line: usize,
    pub column: usize,
}

/// A JSON value and the faults met while reading it (`duplicate_key`, `too_deep`).
pub struct Read {
    pub value: Value,
    pub faults: Vec<Violation>,
    /// Exact pointers of what was too deep.
    pub too_deep: BTreeSet<String>,
}

/// Reads one JSON text.
///
/// # Errors
/// [`Malformed`] where the bytes are not exactly one JSON text in UTF-8.
pub fn read(bytes: &[u8]) -> Result<Read, Malformed> {
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(place(bytes, error.valid_up_to()));
    }
    let mut reader = Reader::default();
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let value = Node { reader: &mut reader, depth: 0 }.deserialize(&mut source);
    let value = value.and_then(|value| source.end().map(|()| value));
    match value {
        Ok(value) => Ok(Read { value, faults: reader.faults, too_deep: reader.too_deep }),
        Err(error) => Err(Malformed { line: error.line().max(1), column: error.column().max(1) }),
    }
}

/// The line and column of a byte.
fn place(bytes: &[u8], offset: usize) -> Malformed {
    let before = &bytes[..offset];
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Malformed { line, column: offset - start + 1 }
}

#[derive(Default)]
struct Reader {
    path: Path,
    faults: Vec<Violation>,
    too_deep: BTreeSet<String>,
}

impl Reader {
    fn fault(&mut self, fault: Violation) {
        if self.faults.len() < FAULTS_LIMIT {
            self.faults.push(fault);
        }
    }

    fn too_deep(&mut self) -> Value {
        self.too_deep.insert(self.path.exact());
        let fault = Violation::new(self.path.pointer(), Rule::TooDeep);
        self.fault(fault.with("max", DEPTH_LIMIT));
        Value::Null
    }
}

/// One value at its depth: how many objects and arrays stand around it.
struct Node<'a> {
    reader: &'a mut Reader,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        if self.depth >= DEPTH_LIMIT {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(self.reader.too_deep());
        }
        let mut read = Vec::new();
        loop {
            self.reader.path.enter_item(read.len());
            let node = Node { reader: self.reader, depth: self.depth + 1 };
            let item = items.next_element_seed(node);
            self.reader.path.leave();
            match item? {
                Some(item) => read.push(item),
                None => return Ok(Value::Array(read)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        if self.depth >= DEPTH_LIMIT {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(self.reader.too_deep());
        }
        let mut read = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if read.contains_key(&key) {
                members.next_value::<IgnoredAny>()?;
                let pointer = self.reader.path.pointer_to(&key);
                self.reader.fault(Violation::new(pointer, Rule::DuplicateKey));
                continue;
            }
            self.reader.path.enter(&key);
            let node = Node { reader: self.reader, depth: self.depth + 1 };
            let value = members.next_value_seed(node);
            self.reader.path.leave();
            read.insert(key, value?);
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn faults(text: &str) -> Vec<(Rule, String)> {
        let read = read(text.as_bytes()).unwrap();
        read.faults.into_iter().map(|fault| (fault.rule, fault.pointer)).collect()
    }

    fn malformed(bytes: &[u8]) -> (usize, usize) {
        let error = read(bytes).err().unwrap();
        (error.line, error.column)
    }

    #[test]
    fn a_key_given_twice_is_named_and_its_first_value_kept() {
        let text = r#"{"a":{"b":1,"b":2},"c":[{"d":1},{"d":1,"\u0064":[]}]}"#;
        assert_eq!(
            faults(text),
            [(Rule::DuplicateKey, "/a/b".into()), (Rule::DuplicateKey, "/c/1/d".into())]
        );
        let value = read(text.as_bytes()).unwrap().value;
        assert_eq!(value, json!({"a":{"b":1},"c":[{"d":1},{"d":1}]}));
    }

    #[test]
    fn what_is_nested_too_deep_is_named_at_its_place() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(faults(&deep(32)), []);
        assert_eq!(faults(&deep(33)), [(Rule::TooDeep, "/0".repeat(32))]);
        assert_eq!(faults(&deep(100_000)), [(Rule::TooDeep, "/0".repeat(32))]);
        let objects = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
        assert_eq!(faults(&objects), [(Rule::TooDeep, "/a".repeat(32))]);
        let beside = format!(r#"{{"x":{},"y":true}}"#, deep(33));
        assert_eq!(read(beside.as_bytes()).unwrap().value["y"], json!(true));
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        assert_eq!(malformed(b"{\n  \"a\": ,\n}"), (2, 8));
        assert_eq!(malformed(b"{}\n{}"), (2, 1));
        assert_eq!(malformed(b""), (1, 1));
        assert_eq!(malformed(b"{\"a\":\n\"\xff\"}"), (2, 2));
        for text in [r#"["\ud800"]"#, r#"["\udc00\ud800"]"#, "[1e999]", "[NaN]", "\u{feff}{}"] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read(&b"[".repeat(100_000)).is_err());
    }

    #[test]
    fn a_flood_of_faults_is_cut() {
        let text = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(10_000));
        assert_eq!(faults(&text).len(), FAULTS_LIMIT);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let ours = read(&bytes).ok().map(|read| read.value);
            let theirs = serde_json::from_slice::<Value>(&bytes).ok();
            prop_assert_eq!(ours, theirs);
        }
    }
}
