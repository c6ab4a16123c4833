//! A strict reader of foreign PDF files: every state in which a file was ever saved, each object
//! where the cross-reference says that it is. It repairs nothing.
//!
//! The road: `chain` (from the end back through all sections) → `section` (tables and streams) →
//! `body` and `packed` (objects in the file and in object streams) → [`File`]; beneath them
//! `scanner`, [`value`], `filter` and the [`limits`].
//!
//! # Decisions
//!
//! - **Our own, and not a library.** `lopdf` mends broken files without a word, hides a key that
//!   stands twice, and has been brought down by crafted files again and again; a check must see
//!   what other readers may see differently, so it must refuse what it does not understand.
//! - **No byte is read twice.** Sections and objects are read in the order of the file and may
//!   not overlap, so the work is linear; values lie at most 64 deep; nothing takes room because a
//!   number in the file says so.
//! - **A revision owns its bytes.** Its section may name objects in its own bytes, or say again
//!   what held before; it can't make an object of bytes that an earlier revision kept hidden.
//! - **One spelling behind a signature.** Where a reader meets references that it does not
//!   understand, it gives up and puts the file together from all that looks like an object. So
//!   references are read in one spelling only, later revisions in a plain one, and nothing in the
//!   raw bytes of a later revision may look like an object that is none (`hidden`).
//! - **Two kinds of fault.** What leaves open how other readers see the file ends the reading.
//!   What is plain but not lawful (bytes that belong to nothing) is a finding beside the file.
//!
//! Never here: what an object means. To read a new form of file: first an attack that abuses it,
//! then a test here, then the reader.

mod body;
mod chain;
mod filter;
mod hidden;
mod history;
pub mod limits;
mod packed;
mod scanner;
mod section;
#[cfg(test)]
pub(in crate::verify) mod specimen;
#[cfg(test)]
mod tests;
mod tiles;
pub mod value;

use std::collections::BTreeMap;
use std::ops::Range;

pub use value::{Dictionary, Id, NULL, Text, Value};

use super::reason::{Finding, Reason};
use limits::Budget;

/// A file, read whole.
#[derive(Debug)]
pub struct File<'a> {
    bytes: &'a [u8],
    objects: Vec<Object>,
    /// What became of each number, oldest first.
    histories: BTreeMap<u32, Vec<Event>>,
    revisions: Vec<Revision>,
    findings: Vec<Finding>,
}

/// A state in which the file was saved.
#[derive(Debug)]
pub struct Revision {
    /// Its first byte.
    pub start: usize,
    /// Behind its `%%EOF`.
    pub mark_end: usize,
    /// Behind the end of that line: the number of bytes of the file as saved then.
    pub end: usize,
    pub trailer: Dictionary,
    /// The numbers that its section says something new of, ascending.
    pub touched: Vec<u32>,
    /// The cross-reference stream.
    pub section: Option<Id>,
}

/// An indirect object.
#[derive(Debug)]
pub struct Object {
    pub id: Id,
    pub value: Value,
    /// The stream's data as they stand in the file.
    pub stream: Option<Range<usize>>,
    pub place: Place,
}

/// Where an object is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// From its number to behind `endobj`.
    File(Range<usize>),
    /// In the object stream of this number, of this revision.
    Inside { container: u32, revision: usize },
}

/// What a revision made of a number.
#[derive(Debug, Clone, Copy)]
struct Event {
    revision: usize,
    /// Index into the objects; `None` where it was freed.
    object: Option<usize>,
}

impl<'a> File<'a> {
    /// Reads a whole file.
    ///
    /// # Errors
    /// The first fault that leaves open what the file says.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Finding> {
        if bytes.len() > limits::BYTES {
            return Err(Finding::fatal(Reason::TooLarge, ""));
        }
        let mut budget = Budget::default();
        let chain = chain::read(bytes, &mut budget)?;
        let (spots, mut revisions) = history::spots(&chain.sections)?;
        let found = history::objects(bytes, &chain.sections, &spots, &mut budget)?;
        let (mut objects, mut index) = found;
        let mut findings = chain.findings;
        tiles::check(bytes, &chain.sections, &objects, &mut findings)?;
        hidden::check(bytes, &chain.sections, &objects, &mut findings);
        let mut packed = packed::list(&spots, &index, &mut findings)?;
        packed::read(bytes, &mut packed, (&mut objects, &mut index), &mut budget)?;
        let revision_of = |at| revisions.partition_point(|revision| revision.end <= at);
        packed::check_unlisted(&objects, packed, revision_of, &mut findings);
        let histories = history::events(&spots, &index, &mut revisions);
        Ok(Self { bytes, objects, histories, revisions, findings })
    }

    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Oldest first; never empty.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// What is wrong with the file though it can be read.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Every object of every revision, in no order.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The file as it was saved; past the last one it is the last.
    pub fn at(&self, revision: usize) -> State<'_, 'a> {
        State { file: self, revision: revision.min(self.revisions.len() - 1) }
    }

    /// The file as it is.
    pub fn last(&self) -> State<'_, 'a> {
        self.at(self.revisions.len() - 1)
    }

    /// The stream's bytes as they stand in the file.
    pub fn stream(&self, object: &Object) -> Option<&'a [u8]> {
        self.bytes.get(object.stream.clone()?)
    }

    /// The stream's data, unpacked, at most `limit` bytes.
    ///
    /// # Errors
    /// No stream, a filter that the reader does not know, broken or too much data.
    pub fn data(&self, object: &Object, limit: usize) -> Result<Vec<u8>, Reason> {
        let packed = self.stream(object).ok_or(Reason::BrokenObject)?;
        let dictionary = object.value.dictionary().ok_or(Reason::BrokenObject)?;
        filter::decoded(dictionary, packed, limit)
    }

    /// The revision in whose bytes the object is written.
    pub fn revision_of(&self, object: &Object) -> usize {
        match &object.place {
            Place::File(place) => {
                self.revisions.partition_point(|revision| revision.end <= place.start)
            }
            Place::Inside { revision, .. } => *revision,
        }
    }
}

/// The file as one revision left it.
#[derive(Debug, Clone, Copy)]
pub struct State<'f, 'a> {
    file: &'f File<'a>,
    pub revision: usize,
}

impl<'f, 'a> State<'f, 'a> {
    pub const fn file(&self) -> &'f File<'a> {
        self.file
    }

    /// The object of that number, whatever its generation.
    pub fn object(&self, number: u32) -> Option<&'f Object> {
        let events = self.file.histories.get(&number)?;
        let until = events.partition_point(|event| event.revision <= self.revision);
        let event = events.get(until.checked_sub(1)?)?;
        self.file.objects.get(event.object?)
    }

    /// The revision that last made or freed the number; `None` where none did yet.
    pub fn touched(&self, number: u32) -> Option<usize> {
        let events = self.file.histories.get(&number)?;
        let until = events.partition_point(|event| event.revision <= self.revision);
        Some(events.get(until.checked_sub(1)?)?.revision)
    }

    /// The object that a reference names; `None` where there is none of that generation.
    pub fn referred(&self, value: &Value) -> Option<&'f Object> {
        let id = value.reference()?;
        self.object(id.number).filter(|object| object.id == id)
    }

    /// The value itself, or what it refers to; a reference to a reference is null.
    pub fn resolve<'v>(&self, value: &'v Value) -> &'v Value
    where
        'f: 'v,
    {
        match value {
            Value::Reference(_) => match self.referred(value) {
                Some(object) if object.value.reference().is_none() => &object.value,
                _ => NULL,
            },
            value => value,
        }
    }

    /// What stands under the key, followed if it is a reference.
    pub fn follow<'v>(&self, dictionary: &'v Dictionary, key: &str) -> &'v Value
    where
        'f: 'v,
    {
        self.resolve(dictionary.get(key))
    }

    pub fn trailer(&self) -> &'f Dictionary {
        &self.file.revisions[self.revision].trailer
    }

    /// The document catalog; an empty one where there is none.
    pub fn catalog(&self) -> &'f Dictionary {
        self.follow(self.trailer(), "Root").or_empty()
    }

    /// Every number that names an object in this state, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = &'f Object> + use<'f, 'a> {
        let state = *self;
        self.file.histories.keys().filter_map(move |number| state.object(*number))
    }
}
