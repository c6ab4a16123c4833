//! The files of the layouts: those in the binary, or those of a folder that replaces them.
//!
//! A file is named by its path below `templates/orders`: `full_order/2026-11/en.hbs`,
//! `partials/en/warning.hbs`, `full_order/2026-11/sample.json`. Nothing is read from a disk here.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

/// Texts by their names, complete: layouts, partials and samples.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayoutFiles(BTreeMap<String, String>);

impl LayoutFiles {
    /// Files from elsewhere, which replace those of the binary whole.
    pub const fn new(files: BTreeMap<String, String>) -> Self {
        Self(files)
    }

    /// The files in the binary.
    pub fn builtin() -> Self {
        let mut files = BTreeMap::new();
        gather(&EMBEDDED, &mut files);
        Self(files)
    }

    /// Layouts and partials, named without their ending.
    pub(super) fn layouts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(name, text)| Some((name.strip_suffix(ENDING)?, text.as_str())))
    }

    /// The text of a file.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// What the layouts print of themselves: a word among these gives no person away, for every
    /// document holds it. Fields, elements and the names of attributes are left out.
    pub fn words(&self) -> String {
        self.layouts().map(|(_, source)| own_words(source)).collect()
    }
}

fn gather(folder: &Dir<'static>, files: &mut BTreeMap<String, String>) {
    for file in folder.files() {
        if let (Some(name), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.insert(name.to_owned(), text.to_owned());
        }
    }
    folder.dirs().for_each(|inner| gather(inner, files));
}

/// The texts and the values of attributes, each followed by a blank.
fn own_words(source: &str) -> String {
    let mut words = String::new();
    let (mut fields, mut in_element, mut quoted) = (0, false, false);
    for character in source.chars() {
        match character {
            '{' => fields += 1,
            '}' => fields -= 1,
            _ if fields > 0 => {}
            '<' if !quoted => in_element = true,
            '>' if !quoted => in_element = false,
            '"' if in_element => quoted = !quoted,
            other if !in_element || quoted => {
                words.push(other);
                continue;
            }
            _ => {}
        }
        words.push(' ');
    }
    words
}

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/orders");

const ENDING: &str = ".hbs";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_words_of_a_layout_are_its_texts_and_not_its_names() {
        let source = r#"<p mark="{{#if test}}A test > {n}{{/if}}">Dear <em>{{respondent.name}}</em> You</p>"#;
        let words = own_words(source);
        let words: Vec<_> = words.split_whitespace().collect();
        assert_eq!(words, ["A", "test", ">", "Dear", "You"]);
    }

    #[test]
    fn every_document_prints_the_words_of_its_title_and_no_field_is_a_word() {
        let words = LayoutFiles::builtin().words();
        let words: Vec<_> = words.split_whitespace().collect();
        assert!(words.contains(&"Stalking") && words.contains(&"Gorchymyn"));
        assert!(!words.contains(&"family_name") && !words.contains(&"mark"));
    }
}
