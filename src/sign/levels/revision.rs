//! A revision in the making: objects behind what stands, then a table of these alone. ISO 32000-1,
//! 7.5.6.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::LevelError;
use super::base::Base;
use crate::digest::{hex, sha256};
use crate::sign::dictionary::Dictionary;

/// What is appended to a file.
pub(super) struct Revision<'a> {
    base: &'a Base<'a>,
    out: Vec<u8>,
    offsets: BTreeMap<u32, usize>,
    next: u32,
}

impl<'a> Revision<'a> {
    pub fn of(base: &'a Base<'a>) -> Result<Self, LevelError> {
        let mut out = Vec::with_capacity(base.bytes.len() + ROOM);
        out.extend_from_slice(base.bytes);
        Ok(Self { base, out, offsets: BTreeMap::new(), next: base.size()? })
    }

    /// The next free number.
    pub fn reserve(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    /// Writes an object; gives back where its content stands in the file.
    pub fn object(&mut self, number: u32, content: &[u8]) -> Range<usize> {
        self.offsets.insert(number, self.out.len());
        self.out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        let start = self.out.len();
        self.out.extend_from_slice(content);
        let end = self.out.len();
        self.out.extend_from_slice(b"\nendobj\n");
        start..end
    }

    /// Writes a new stream as it is.
    pub fn stream(&mut self, data: &[u8]) -> u32 {
        let number = self.reserve();
        let mut content = format!("<</Length {}>>stream\n", data.len()).into_bytes();
        content.extend_from_slice(data);
        content.extend_from_slice(b"\nendstream");
        self.object(number, &content);
        number
    }

    /// A dictionary as it stands, but for some entries: those are replaced in place, or come last.
    pub fn with(&self, dictionary: &Dictionary, entries: &[(&str, String)]) -> Vec<u8> {
        let mut out = b"<<".to_vec();
        let mut put = |key: &[u8], value: &[u8]| {
            let blank: &[u8] = if value.first().is_some_and(is_delimiter) { b"" } else { b" " };
            for part in [b"/".as_slice(), key, blank, value] {
                out.extend_from_slice(part);
            }
        };
        let new = |key: &[u8]| entries.iter().find(|(name, _)| name.as_bytes() == key);
        for (key, place) in dictionary.entries() {
            let value = new(key).map_or(&self.base.bytes[place.clone()], |(_, to)| to.as_bytes());
            put(key, value);
        }
        for (key, value) in entries.iter().filter(|(key, _)| dictionary.value(key).is_none()) {
            put(key.as_bytes(), value.as_bytes());
        }
        out.extend_from_slice(b">>");
        out
    }

    /// Ends the revision with its table and trailer.
    pub fn finish(mut self) -> Result<Vec<u8>, LevelError> {
        let (identity, info) = self.base.identity()?;
        let root = self.base.root()?;
        let table = self.out.len();
        let mut end = String::from("xref\n");
        for (first, run) in self.runs() {
            let _ = writeln!(end, "{first} {}", run.len());
            for offset in run {
                let _ = writeln!(end, "{offset:010} 00000 n ");
            }
        }
        // The second half of the identifier is of what is new. ISO 32000-1, 14.4.
        let changed = hex(&sha256(&self.out[self.base.bytes.len()..])[..16]);
        let (identity, size) = (String::from_utf8_lossy(identity), self.next);
        let _ = write!(
            end,
            "trailer\n<</Size {size}/Root {root} 0 R/Info {info} 0 R/ID[{identity}<{changed}>]\
             /Prev {}>>\nstartxref\n{table}\n%%EOF\n",
            self.base.table
        );
        self.out.extend_from_slice(end.as_bytes());
        Ok(self.out)
    }

    /// Objects with numbers that follow one another, as a table lists them.
    fn runs(&self) -> Vec<(u32, Vec<usize>)> {
        let mut runs: Vec<(u32, Vec<usize>)> = Vec::new();
        let mut next = None;
        for (&number, &offset) in &self.offsets {
            match runs.last_mut() {
                Some((_, run)) if next == Some(number) => run.push(offset),
                _ => runs.push((number, vec![offset])),
            }
            next = Some(number + 1);
        }
        runs
    }
}

/// Whether a value that begins so parts itself from the name before it. ISO 32000-1, 7.2.2.
const fn is_delimiter(first: &u8) -> bool {
    matches!(first, b'/' | b'<' | b'[' | b'(')
}

/// References as an array.
pub(super) fn array(numbers: &[u32]) -> String {
    let all: Vec<String> = numbers.iter().map(|number| format!("{number} 0 R")).collect();
    format!("[{}]", all.join(" "))
}

/// What a revision takes, about.
const ROOM: usize = 48 * 1024;
