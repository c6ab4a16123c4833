//! Every byte belongs to something: an object, a section, or the blanks between.

use std::ops::Range;

use memchr::memmem;

use super::super::reason::{Finding, Reason, Weight, add};
use super::limits::Budget;
use super::scanner::{Read, Scanner, is_blank, is_plain_blank};
use super::section::Section;
use super::{Object, Place};

/// Holds objects and sections against each other and looks at what lies between. In the first
/// revision strange bytes are a note: whoever signs covers them, and nothing later can name them.
pub(super) fn check(
    bytes: &[u8],
    sections: &[Section],
    objects: &[Object],
    findings: &mut Vec<Finding>,
) -> Read<()> {
    let mut at = 0;
    for place in tiles(sections, objects) {
        if place.start < at {
            let fault = format!("byte {}", place.start);
            return Err(Finding::fatal(Reason::OverlappingObjects, fault));
        }
        let revision = sections.partition_point(|section| section.end <= place.start);
        let gap = at..place.start;
        if let Some(reason) = strange(&bytes[gap.clone()], revision) {
            let weight = if revision == 0 { Weight::Note } else { Weight::Fatal };
            let place = format!("byte {}", gap.start);
            add(findings, Finding { reason, weight, place });
        }
        at = place.end;
    }
    Ok(())
}

/// Objects and sections in the order of the file; a cross-reference stream is its section.
fn tiles(sections: &[Section], objects: &[Object]) -> Vec<Range<usize>> {
    let parts = sections.iter().flat_map(|section| section.parts.iter().cloned());
    let mut tiles: Vec<_> = parts.collect();
    let mut starts: Vec<usize> = tiles.iter().map(|part| part.start).collect();
    starts.sort_unstable();
    for object in objects {
        if let Place::File(place) = &object.place
            && starts.binary_search(&place.start).is_err()
        {
            tiles.push(place.clone());
        }
    }
    tiles.sort_unstable_by_key(|place| place.start);
    tiles
}

/// What other than blanks and harmless comments stands between two tiles.
fn strange(gap: &[u8], revision: usize) -> Option<Reason> {
    let is_blank = if revision == 0 { is_blank } else { is_plain_blank };
    let mut rest = gap;
    loop {
        let blanks = rest.iter().take_while(|byte| is_blank(**byte)).count();
        rest = &rest[blanks..];
        let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let (line, behind) = rest.split_at(length.unwrap_or(rest.len()));
        match line {
            [] => return None,
            [b'%', ..] if revision == 0 || is_harmless(line) => rest = behind,
            _ => break,
        }
    }
    let mut budget = Budget::default();
    let mut scanner = Scanner::new(rest, 0, &mut budget);
    let object = scanner.id().is_some() && scanner.passes(b"obj");
    Some(if object { Reason::UnlistedObject } else { Reason::BytesBetweenObjects })
}

/// Makers of files sign them with a short comment. One that a mending reader could take for more
/// is none of these.
pub(super) fn is_harmless(comment: &[u8]) -> bool {
    let speaks = |word: &&str| memmem::find(comment, word.as_bytes()).is_some();
    comment.len() <= LONGEST_COMMENT && !WORDS.iter().any(speaks)
}

const LONGEST_COMMENT: usize = 256;

const WORDS: &[&str] = &["obj", "xref", "trailer", "stream", "%EOF", "%PDF", "<<"];
