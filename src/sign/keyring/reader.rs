//! The tables of a TOML file, read field by field: what is unknown, missing or of another kind is
//! noted with its place, and the reading goes on.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, What};

/// Gathers faults while a file is read.
pub(super) struct Reader<'t> {
    text: &'t str,
    /// To which paths are relative.
    folder: &'t Path,
    pub(super) faults: Vec<Fault>,
}

/// A table of the file, at its place.
#[derive(Clone)]
pub(super) struct Section<'a> {
    table: &'a DeTable<'a>,
    /// What its keys are called in a fault.
    pub(super) path: String,
    span: Range<usize>,
}

impl<'t> Reader<'t> {
    pub(super) const fn new(text: &'t str, folder: &'t Path) -> Self {
        Self { text, folder, faults: Vec::new() }
    }

    /// To which paths are relative.
    pub(super) const fn folder(&self) -> &'t Path {
        self.folder
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
    }

    pub(super) fn fault(&mut self, at: usize, key: &str, what: What) {
        let fault = Fault { line: self.line(at), key: key.to_owned(), what };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Notes every key that is none of these.
    pub(super) fn hold(&mut self, section: &Section<'_>, known: &[&str]) {
        for (key, _) in section.table.iter() {
            if !known.contains(&key.get_ref().as_ref()) {
                let path = section.of(key.get_ref());
                self.fault(key.span().start, &path, What::Unknown);
            }
        }
    }

    /// The tables of `[[name]]`, each by its own name where it has one, else by its number from 1.
    pub(super) fn sections<'a>(&mut self, of: &Section<'a>, name: &str) -> Vec<Section<'a>> {
        let Some(value) = of.table.get(name) else { return Vec::new() };
        let Some(all) = value.get_ref().as_array() else {
            self.fault(value.span().start, name, What::Wanted("[[…]]"));
            return Vec::new();
        };
        let mut found = Vec::new();
        for (number, one) in all.iter().enumerate() {
            let Some(table) = one.get_ref().as_table() else {
                self.fault(one.span().start, name, What::Wanted("[[…]]"));
                continue;
            };
            let own = table.get("name").and_then(|value| value.get_ref().as_str());
            let own = own.filter(|own| is_name(own));
            let own = own.map_or_else(|| (number + 1).to_string(), str::to_owned);
            found.push(Section { table, path: format!("{name}.{own}"), span: one.span() });
        }
        found
    }

    /// The table `[name]`.
    pub(super) fn section<'a>(&mut self, of: &Section<'a>, name: &str) -> Option<Section<'a>> {
        let value = of.table.get(name)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Section { table, path: name.to_owned(), span: value.span() }),
            None => {
                self.fault(value.span().start, name, What::Wanted("[…]"));
                None
            }
        }
    }

    /// A text that may be absent.
    pub(super) fn text(&mut self, section: &Section<'_>, key: &str) -> Option<String> {
        let value = section.table.get(key)?;
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            self.fault(value.span().start, &section.of(key), What::Wanted("a text"));
        }
        text.map(str::to_owned)
    }

    /// A text that must stand.
    pub(super) fn needed(&mut self, section: &Section<'_>, key: &str) -> Option<String> {
        if !section.has(key) {
            self.fault(section.start(), &section.of(key), What::Missing);
        }
        self.text(section, key)
    }

    /// A name: letters, digits, `.`, `_` and `-`.
    pub(super) fn name(&mut self, section: &Section<'_>) -> Option<String> {
        let name = self.needed(section, "name")?;
        if is_name(&name) {
            return Some(name);
        }
        self.fault(section.at("name"), &section.of("name"), What::Wanted(NAME));
        None
    }

    /// A path, relative to the folder of the file.
    pub(super) fn path(&mut self, section: &Section<'_>, key: &str) -> Option<PathBuf> {
        self.text(section, key).map(|path| self.folder.join(path))
    }

    /// A path that must stand.
    pub(super) fn needed_path(&mut self, section: &Section<'_>, key: &str) -> Option<PathBuf> {
        self.needed(section, key).map(|path| self.folder.join(path))
    }

    /// A list of texts, each with the place where it stands.
    pub(super) fn texts(
        &mut self,
        section: &Section<'_>,
        key: &str,
    ) -> Option<Vec<(String, Range<usize>)>> {
        let value = section.table.get(key)?;
        let read = value.get_ref().as_array().and_then(|all| {
            all.iter().map(|one| Some((one.get_ref().as_str()?.to_owned(), one.span()))).collect()
        });
        let read: Option<Vec<_>> = read;
        let read = read.filter(|all| {
            let different: BTreeSet<_> = all.iter().map(|(text, _)| text).collect();
            !all.is_empty() && different.len() == all.len()
        });
        if read.is_none() {
            let wanted = What::Wanted("a list of different texts");
            self.fault(value.span().start, &section.of(key), wanted);
        }
        read
    }

    /// One of several words.
    pub(super) fn word<T: Copy>(
        &mut self,
        section: &Section<'_>,
        key: &str,
        (all, wanted): (&[(&str, T)], &'static str),
    ) -> Option<T> {
        let text = self.text(section, key)?;
        let found = all.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            self.fault(section.at(key), &section.of(key), What::Wanted(wanted));
        }
        found
    }

    pub(super) fn switch(&mut self, section: &Section<'_>, key: &str) -> Option<bool> {
        let value = section.table.get(key)?;
        let read = value.get_ref().as_bool();
        if read.is_none() {
            self.fault(value.span().start, &section.of(key), What::Wanted("true or false"));
        }
        read
    }

    /// A whole number within bounds, both included.
    pub(super) fn number(
        &mut self,
        section: &Section<'_>,
        key: &str,
        (least, most, wanted): (i64, i64, &'static str),
    ) -> Option<i64> {
        let value = section.table.get(key)?;
        let read = value
            .get_ref()
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
            .filter(|number| (least..=most).contains(number));
        if read.is_none() {
            self.fault(value.span().start, &section.of(key), What::Wanted(wanted));
        }
        read
    }
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn whole(table: &'a Spanned<DeTable<'a>>) -> Self {
        Self { table: table.get_ref(), path: String::new(), span: table.span() }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// Where the table begins.
    pub(super) const fn start(&self) -> usize {
        self.span.start
    }

    /// Where a value stands; the table where it has none.
    pub(super) fn at(&self, key: &str) -> usize {
        self.span_of(key).start
    }

    /// The bytes of a value; the table's where it has none.
    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        let value: Option<&Spanned<DeValue<'_>>> = self.table.get(key);
        value.map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// The full name of a key.
    pub(super) fn of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// Whether it can be a key's or a profile's name.
pub fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(fits) && !text.starts_with(['.', '-'])
}

const NAME: &str = "1 to 64 letters, digits, '.', '_' and '-'";
