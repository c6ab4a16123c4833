//! What is gathered while a request is judged: faults, gaps, and the texts that would be printed.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::domain::identifier;
use crate::domain::sensitive::Sensitive;
use crate::domain::text::{Marks, Text, Unprintable};
use crate::domain::violation::{Rule, Severity, Violation};
use crate::domain::wording::script;

/// The most errors of one judgement.
const ERRORS_LIMIT: usize = 500;

/// Faults so far. Reading a text through it is the only way to a [`Text`], so every printed field
/// is known here.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<Violation>,
    seen: BTreeSet<(Rule, String)>,
    errors: usize,
    gaps: Vec<String>,
    printed: Vec<(String, Text)>,
    whole: Vec<(String, Text)>,
}

impl Faults {
    /// Notes a fault; the same rule at the same place is noted once. Of errors only the first
    /// [`ERRORS_LIMIT`]: a hostile request could have more of them than an answer should hold.
    pub(super) fn push(&mut self, fault: Violation) {
        let is_error = fault.severity == Severity::Error;
        let full = is_error && self.errors == ERRORS_LIMIT;
        if full || !self.seen.insert((fault.rule, fault.pointer.clone())) {
            return;
        }
        self.errors += usize::from(is_error);
        self.found.push(fault);
    }

    /// Notes a fault without facts.
    pub(super) fn add(&mut self, at: impl Into<String>, rule: Rule) {
        self.push(Violation::new(at, rule));
    }

    /// Gives the part, or notes that it is needed and not there.
    pub(super) fn needed<T>(&mut self, at: &str, part: Option<T>) -> Option<T> {
        if part.is_none() && !self.gaps.iter().any(|gap| gap == at) {
            self.gaps.push(at.to_owned());
        }
        part
    }

    /// A short field, as printed.
    pub(super) fn text(&mut self, at: &str, value: Option<&str>) -> Option<Text> {
        self.read(at, value?, Marks::Name)
    }

    /// A short field that must be there.
    pub(super) fn needed_text(&mut self, at: &str, value: Option<&str>) -> Option<Text> {
        let value = self.needed(at, value);
        self.text(at, value)
    }

    /// Running text: the words of a term, a reason.
    pub(super) fn prose(&mut self, at: &str, value: Option<&str>) -> Option<Text> {
        self.read(at, value?, Marks::Term)
    }

    /// The name of a person, as printed: `name_too_long`, `mixed_script`.
    pub(super) fn name(&mut self, at: &str, value: Option<&str>, max: usize) -> Option<Text> {
        let value = value?;
        self.name_length(at, value, max);
        self.name_script(at, value);
        self.text(at, Some(value))
    }

    /// `name_too_long` of a name that is not printed.
    pub(super) fn name_length(&mut self, at: &str, value: &str, max: usize) {
        if value.chars().count() > max {
            self.push(Violation::new(at, Rule::NameTooLong).with("max", max));
        }
    }

    /// `mixed_script` of a name, printed or not: the search for it would miss a twin.
    pub(super) fn name_script(&mut self, at: &str, value: &str) {
        if script::is_mixed(value) {
            self.add(at, Rule::MixedScript);
        }
    }

    /// A postcode by its shape: `identifier_format`.
    pub(super) fn postcode(&mut self, at: &str, value: Option<&str>) -> Option<Text> {
        self.identifier(at, value, "ZZ99 3VZ", identifier::postcode_shape)
    }

    /// An identifier by its shape: `identifier_format`. Of the right shape it is printable too.
    pub(super) fn identifier(
        &mut self,
        at: &str,
        value: Option<&str>,
        example: &str,
        shape: fn(&str) -> bool,
    ) -> Option<Text> {
        let value = value?;
        if shape(value) {
            return self.text(at, Some(value));
        }
        self.push(Violation::new(at, Rule::IdentifierFormat).with("example", example));
        None
    }

    /// Says that this text will be printed without having been read here: a value of a clause, or
    /// words that the order has already.
    pub(super) fn prints(&mut self, at: impl Into<String>, text: Text) {
        self.printed.push((at.into(), text));
    }

    /// The texts that would be printed, each with its field.
    pub(super) fn printed(&self) -> &[(String, Text)] {
        &self.printed
    }

    /// Says that these are the whole words of a clause with its values.
    pub(super) fn prints_whole(&mut self, at: &str, text: Text) {
        self.whole.push((at.to_owned(), text));
    }

    /// The whole words of filled clauses, each with its term.
    pub(super) fn printed_whole(&self) -> &[(String, Text)] {
        &self.whole
    }

    /// `unprintable_character` of what is kept and never printed: named by its code point alone.
    pub(super) fn kept(&mut self, at: &str, value: &Sensitive, marks: Marks) {
        if let Err(why) = Text::parse(value.reveal(), marks) {
            self.unprintable(at, &why);
        }
    }

    /// Notes an unprintable character by its code point.
    pub(super) fn unprintable(&mut self, at: impl Into<String>, why: &Unprintable) {
        let fault = Violation::new(at, Rule::UnprintableCharacter);
        let fault = fault.with("reason", why.reason.name());
        self.push(match why.code_point() {
            Some(code_point) => fault.with("code_point", code_point),
            None => fault,
        });
    }

    /// All that was found, and the gaps.
    pub(super) fn into_parts(self) -> (Vec<Violation>, Vec<String>) {
        (self.found, self.gaps)
    }

    fn read(&mut self, at: &str, value: &str, marks: Marks) -> Option<Text> {
        match Text::parse(value, marks) {
            Ok(text) => {
                self.prints(at, text.clone());
                Some(text)
            }
            Err(why) => {
                self.unprintable(at, &why);
                None
            }
        }
    }
}

/// A pointer one step further: names of this request need no escape, keys that callers choose do
/// (RFC 6901, 3).
pub(super) fn step(at: &str, token: impl Display) -> String {
    let token = token.to_string();
    if token.contains(['~', '/']) {
        return format!("{at}/{}", token.replace('~', "~0").replace('/', "~1"));
    }
    format!("{at}/{token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_a_slash_or_a_tilde_is_escaped_in_its_pointer() {
        assert_eq!(step("/a", "b/c~d"), "/a/b~1c~0d");
        assert_eq!(step("/a", 3), "/a/3");
    }

    #[test]
    fn an_unprintable_character_is_named_by_its_code_point() {
        let mut faults = Faults::default();
        assert_eq!(faults.text("/a", Some("soft\u{ad}hyphen")), None);
        let (found, _) = faults.into_parts();
        assert_eq!(found[0].rule, Rule::UnprintableCharacter);
        let message = found[0].explain().message;
        assert!(message.contains("U+00AD") && message.contains("soft hyphen"), "{message}");
    }

    #[test]
    fn the_same_fault_at_the_same_place_is_noted_once() {
        let mut faults = Faults::default();
        faults.add("/a", Rule::UnknownForce);
        faults.add("/a", Rule::UnknownForce);
        assert_eq!(faults.into_parts().0.len(), 1);
    }

    #[test]
    fn errors_end_at_their_limit_and_warnings_still_count() {
        let mut faults = Faults::default();
        for index in 0..=ERRORS_LIMIT {
            faults.add(step("/a", index), Rule::UnknownValue);
        }
        faults.add("/a", Rule::ManyTerms);
        assert_eq!(faults.into_parts().0.len(), ERRORS_LIMIT + 1);
    }
}
