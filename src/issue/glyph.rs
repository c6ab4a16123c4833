//! Characters of a request that no face can draw, by field: no box is ever printed in a name.
//!
//! The law refuses what no order may hold; this refuses what ours can't show. It reads the request
//! as sent, for the faces are the renderer's and the law knows none.

use serde_json::Value as Json;
use unicode_normalization::UnicodeNormalization;

use crate::domain::violation::{Rule, Violation};
use crate::wire::json::FAULTS_LIMIT;

/// The fields that hold a character which `covers` denies, one fault a field with its first such
/// character, at most [`FAULTS_LIMIT`]. Fields that no document prints are left out. For a request
/// without a fault of shape: it has no unknown fields.
pub(super) fn undrawable(body: &[u8], covers: &dyn Fn(char) -> bool) -> Vec<Violation> {
    let mut walk = Walk { covers, at: String::new(), found: Vec::new() };
    if let Ok(request) = serde_json::from_slice::<Json>(body) {
        walk.value(&request);
    }
    walk.found
}

/// The character at that place can't be drawn.
pub(super) fn fault(at: String, character: char) -> Violation {
    Violation::new(at, Rule::UnprintableCharacter)
        .with("code_point", format!("U+{:04X}", u32::from(character)))
        .with("reason", "no_glyph")
}

struct Walk<'a> {
    covers: &'a dyn Fn(char) -> bool,
    /// JSON Pointer of the value at hand.
    at: String,
    found: Vec<Violation>,
}

impl Walk<'_> {
    fn value(&mut self, value: &Json) {
        if self.found.len() >= FAULTS_LIMIT {
            return;
        }
        match value {
            Json::String(text) => self.text(text),
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.step(&index.to_string(), item);
                }
            }
            Json::Object(fields) => {
                let hidden_name = fields.contains_key("printed_as");
                for (name, field) in fields {
                    let hidden = hidden_name && name == "name";
                    if !hidden && !UNPRINTED.contains(&name.as_str()) {
                        self.step(&name.replace('~', "~0").replace('/', "~1"), field);
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn step(&mut self, token: &str, value: &Json) {
        let length = self.at.len();
        self.at.push('/');
        self.at.push_str(token);
        self.value(value);
        self.at.truncate(length);
    }

    /// As the order will hold it: composed.
    fn text(&mut self, text: &str) {
        if text.is_ascii() {
            return;
        }
        let undrawn = |character: &char| !character.is_ascii() && !JOINERS.contains(character);
        let mut characters = text.nfc().filter(undrawn);
        if let Some(character) = characters.find(|character| !(self.covers)(*character)) {
            self.found.push(fault(self.at.clone(), character));
        }
    }
}

/// Fields that no document prints.
const UNPRINTED: [&str; 3] = ["confidential", "necessity", "acknowledged"];
/// They shape their neighbours and are not drawn themselves.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(body: &str, missing: char) -> Vec<String> {
        let found = undrawable(body.as_bytes(), &|character| character != missing);
        found.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn a_character_without_a_glyph_is_pointed_at_in_each_printed_field() {
        let body = r#"{"a/b": ["x", "漢"], "necessity": "漢", "c": {"d": "漢字"}}"#;
        assert_eq!(pointers(body, '漢'), ["/a~1b/1", "/c/d"]);
    }

    #[test]
    fn no_more_faults_are_found_than_one_answer_names() {
        let body = format!("[{}\"漢\"]", "\"漢\",".repeat(2 * FAULTS_LIMIT));
        assert_eq!(pointers(&body, '漢').len(), FAULTS_LIMIT);
    }

    #[test]
    fn a_name_that_another_is_printed_for_is_no_printed_field() {
        let body = r#"[{"name": "漢", "printed_as": "H."}, {"name": "漢"}]"#;
        assert_eq!(pointers(body, '漢'), ["/1/name"]);
    }

    #[test]
    fn a_character_that_only_the_composed_form_has_is_found() {
        assert_eq!(pointers("{\"a\": \"e\u{301}\"}", 'é'), ["/a"]);
    }

    #[test]
    fn a_fault_names_the_code_point() {
        let fault = fault("/a".to_owned(), '漢');
        assert!(fault.facts.contains(&("code_point", "U+6F22".to_owned())));
        let message = fault.explain().message;
        assert!(message.contains("U+6F22") && !message.contains("no_glyph"), "{message}");
    }
}
