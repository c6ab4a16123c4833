//! Which signatures stand in a file and what each says that it covers. ISO 32000-1, 12.7.4.5 and
//! 12.8; ETSI EN 319 142-1, clause 5.
//!
//! Fields are walked only from the catalog's form; a signature counts where a field names it and
//! nowhere else. The hole must be the very string that the reader found as `/Contents` of the
//! object that the cross-reference names, so no second reading of the file finds another.
//!
//! Never here: what the signature's bytes hold (`cms`), what came later (`difference`).

mod active;
mod date;
mod fields;
mod place;
#[cfg(test)]
mod tests;
mod together;

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;

use super::pdf::File;
use super::reason::{Finding, Reason, add};
use super::report::Kind;
use fields::Signed;
pub(super) use place::takes_room;

/// All that is known of signatures before one of them is opened.
#[derive(Debug, Default)]
pub struct Signatures {
    /// Those that the file shows, in the order of what they cover, smallest first.
    pub present: Vec<Placed>,
    /// Those that an earlier revision showed and the file no longer does.
    pub removed: Vec<Placed>,
    /// What is wrong with the form, and what a reader should know of the file.
    pub findings: Vec<Finding>,
}

/// A signature in its place.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The field's full name.
    pub field: String,
    /// The field's object.
    pub field_object: u32,
    /// The signature dictionary's object; 0 where it is none of its own.
    pub object: u32,
    pub kind: Kind,
    /// What a certification (or a locked field) allows: 1, 2 or 3. ISO 32000-1, table 254.
    pub permission: Option<u8>,
    /// It locks fields: ISO 32000-1, 12.8.2.4.
    pub locks_fields: bool,
    /// The widget takes room on a page.
    pub visible: bool,
    /// As written; `None` where it is none.
    pub byte_range: Option<[usize; 4]>,
    /// `/Contents` with its `<` and `>`; empty where there is none that fits.
    pub hole: Range<usize>,
    /// What the hole holds, DER with its padding.
    pub contents: Vec<u8>,
    /// Behind the last covered byte; 0 where the byte range is broken.
    pub covered_end: usize,
    /// The revision whose bytes are covered to their end.
    pub signed_revision: Option<usize>,
    /// `/M`; proves nothing.
    pub claimed_time: Option<Timestamp>,
    /// `/SubFilter`.
    pub sub_filter: String,
    pub findings: Vec<Finding>,
}

impl Placed {
    /// The covered bytes, around the hole; `None` where the byte range is broken.
    pub fn covered<'a>(&self, file: &File<'a>) -> Option<[&'a [u8]; 2]> {
        self.signed_revision?;
        let before = file.bytes().get(..self.hole.start)?;
        let behind = file.bytes().get(self.hole.end..self.covered_end)?;
        Some([before, behind])
    }
}

/// Every signature of every revision, judged by its place.
pub fn signatures(file: &File<'_>) -> Signatures {
    let mut found = Signatures::default();
    let mut steps = fields::STEPS;
    let walks: Vec<Vec<Signed<'_>>> = (0..file.revisions().len())
        .map(|revision| fields::walk(file.at(revision), &mut steps, &mut found.findings))
        .collect();
    let mut known: BTreeSet<(u32, usize)> = BTreeSet::new();
    for (revision, shown) in walks.iter().enumerate().rev() {
        for field in shown {
            if known.len() == MOST {
                add(&mut found.findings, Finding::fatal(Reason::TooMany, "signatures"));
                break;
            }
            let is_present = revision + 1 == walks.len();
            let mut placed = place::read(file, field, (revision, &walks));
            let is_new = known.insert(identity(&placed));
            if !is_new && !is_present {
                continue;
            }
            if !is_new {
                // Two fields share it, which is told below; one copy is enough.
                placed.contents = Vec::new();
            }
            if is_present {
                found.present.push(placed);
            } else {
                let removed = Finding::fatal(Reason::SignatureRemoved, &placed.field);
                add(&mut found.findings, removed);
                found.removed.push(placed);
            }
        }
    }
    together::check(&mut found.present);
    unplaced(file, &known, &mut found.findings);
    active::notes(file, &mut found.findings);
    found
}

/// A signature is its object and where its hole is.
fn identity(placed: &Placed) -> (u32, usize) {
    (placed.object, placed.hole.start)
}

/// Objects of the form of a signature that no field of any revision named.
fn unplaced(file: &File<'_>, known: &BTreeSet<(u32, usize)>, findings: &mut Vec<Finding>) {
    let numbers: BTreeSet<u32> = known.iter().map(|(number, _)| *number).collect();
    for object in file.objects() {
        let Some(dictionary) = object.value.dictionary() else { continue };
        let signs = dictionary.has("ByteRange") && dictionary.has("Contents");
        if signs && !numbers.contains(&object.id.number) {
            add(findings, Finding::fatal(Reason::SignatureUnplaced, object.id));
        }
    }
}

/// Signatures of all revisions together.
const MOST: usize = 64;
