//! From the file's end back through every section to its first state. ISO 32000-1, 7.5.6.

use memchr::memmem;

use super::super::reason::{Finding, Reason};
use super::limits::{Budget, REVISIONS};
use super::scanner::{Hand, Read, Scanner};
use super::section::{END, Section, Spot};

/// The sections, oldest first, one for each revision; and what is wrong behind the last.
pub(super) struct Chain {
    pub sections: Vec<Section>,
    pub findings: Vec<Finding>,
}

/// Reads all sections. A linearized file's two first sections are one revision.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Read<Chain> {
    check_header(bytes)?;
    let mut findings = Vec::new();
    let mark = memmem::rfind(bytes, END);
    let mark = mark.ok_or_else(|| Finding::fatal(Reason::BrokenReferences, "end"))?;
    let mark_end = mark + END.len();
    if bytes[mark_end..].iter().any(|byte| !matches!(byte, b'\r' | b'\n')) {
        findings.push(Finding::fatal(Reason::BytesAfterEnd, format_args!("byte {mark_end}")));
    }
    let mut sections = backwards(bytes, last_start(bytes, mark, budget)?, budget)?;
    if is_split(&sections) {
        join_linearized(&mut sections)?;
    }
    if sections.last().is_none_or(|section| section.mark_end != mark_end) {
        return Err(Finding::fatal(Reason::BrokenReferences, format_args!("byte {mark_end}")));
    }
    check_sizes(&sections)?;
    Ok(Chain { sections, findings })
}

/// A later section says exactly how far the numbers go, and one that is a stream takes none that
/// means something else: a reader that puts the file together by itself would take it for that.
fn check_sizes(sections: &[Section]) -> Read<()> {
    let mut size = sections.first().map_or(0, Section::size);
    for section in sections.iter().skip(1) {
        let highest = section.rows.last_key_value().map_or(0, |(last, _)| *last as usize);
        let own = section.object.map(|id| id.number as usize);
        let listed = section.object.is_none_or(|id| {
            let spot = Spot::Offset { at: section.start, generation: id.generation };
            section.rows.get(&id.number) == Some(&spot)
        });
        let fresh = own.is_none_or(|own| own >= size && own > highest);
        let next = size.max(highest + 1);
        let told = section.size() == next || own.is_some_and(|own| section.size() == own + 1);
        if !told || section.size() < next || !(listed || fresh) {
            let place = format!("byte {}", section.start);
            return Err(Finding::fatal(Reason::BrokenReferences, place));
        }
        size = section.size();
    }
    Ok(())
}

/// `%PDF-1.4` to `%PDF-2.0` as the first bytes.
fn check_header(bytes: &[u8]) -> Read<()> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', b'1', b'.', b'0'..=b'7', b'\r' | b'\n', ..]
        | [b'%', b'P', b'D', b'F', b'-', b'2', b'.', b'0', b'\r' | b'\n', ..] => Ok(()),
        _ => {
            let start = &bytes[..bytes.len().min(HEADER_SEARCH)];
            let reason = match memmem::find(start, b"%PDF-") {
                Some(1..) => Reason::HeaderNotFirst,
                _ => Reason::NotAPdf,
            };
            Err(Finding::fatal(reason, "byte 0"))
        }
    }
}

/// What the last `startxref` names.
fn last_start(bytes: &[u8], mark: usize, budget: &mut Budget) -> Read<usize> {
    let from = mark.saturating_sub(TAIL);
    let fault = || Finding::fatal(Reason::BrokenReferences, format_args!("byte {from}"));
    let word = memmem::rfind(&bytes[from..mark], START).ok_or_else(fault)?;
    let mut scanner = Scanner::new(bytes, from + word + START.len(), budget).by(Hand::Exact);
    scanner.line_end();
    scanner.unsigned().ok_or_else(fault)
}

/// Each section ends before the one that names it begins, so no byte is read twice and no chain
/// is a loop. One step forward is lawful: from the first page's section of a linearized file.
fn backwards(bytes: &[u8], last: usize, budget: &mut Budget) -> Read<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    let mut rows = 0;
    let mut next = Some((last, bytes.len()));
    while let Some((at, limit)) = next {
        if sections.len() == REVISIONS {
            return Err(Finding::fatal(Reason::TooMany, "revisions"));
        }
        let section = Section::read(&bytes[..limit], at, &mut rows, budget)?;
        let previous = section.previous()?;
        next = match previous {
            None => None,
            Some(previous) if previous < at => Some((previous, at)),
            Some(previous) => {
                let forward = previous >= section.end && is_linearized(bytes, budget);
                let fault = || Finding::fatal(Reason::BrokenReferences, format_args!("byte {at}"));
                let limit = sections.last().map_or(bytes.len(), |newer| newer.start);
                Some((previous, forward.then_some(limit).ok_or_else(fault)?))
            }
        };
        let forward_twice = sections.iter().any(|newer| newer.start < section.start)
            && section.previous()?.is_some();
        if forward_twice {
            return Err(Finding::fatal(Reason::BrokenReferences, format_args!("byte {at}")));
        }
        sections.push(section);
    }
    sections.reverse();
    check_names(&sections)?;
    Ok(sections)
}

/// What `startxref` behind each section names is that section; a linearized file's first two name
/// 0 (or anything) and each other.
fn check_names(sections: &[Section]) -> Read<()> {
    let linearized = is_split(sections);
    for (index, section) in sections.iter().enumerate() {
        let right = match (linearized, index) {
            (true, 0) => sections[1].start == section.named,
            (true, 1) => section.named == 0 || section.named == sections[0].start,
            _ => section.named == section.start,
        };
        if !right {
            let place = format!("byte {}", section.start);
            return Err(Finding::fatal(Reason::BrokenReferences, place));
        }
    }
    Ok(())
}

/// Whether the first revision has two sections, the newer of them first in the file.
fn is_split(sections: &[Section]) -> bool {
    matches!(sections, [first, second, ..] if second.start < first.start)
}

/// Whether the file's first object says that it is linearized. ISO 32000-1, annex F.
fn is_linearized(bytes: &[u8], budget: &mut Budget) -> bool {
    let window = &bytes[..bytes.len().min(HEADER_SEARCH)];
    let mut scanner = Scanner::new(window, 0, budget);
    scanner.blanks();
    let first = scanner.id().is_some() && scanner.passes(b"obj");
    first
        && scanner.value(0).is_ok_and(|value| {
            value.dictionary().is_some_and(|dictionary| dictionary.has("Linearized"))
        })
}

/// The main section and the first page's section of a linearized file as one: the trailer is the
/// first page's, the end is the main section's.
fn join_linearized(sections: &mut Vec<Section>) -> Read<()> {
    let fault = || Finding::fatal(Reason::BrokenReferences, "linearized");
    let main = sections.remove(0);
    let first = sections.first_mut().ok_or_else(fault)?;
    first.parts.extend(main.parts);
    for (number, spot) in main.rows {
        let known = first.rows.insert(number, spot);
        if known.is_some_and(|known| known != spot || spot != Spot::Free) {
            return Err(fault());
        }
    }
    first.words.extend(main.words);
    first.end = main.end;
    first.mark_end = main.mark_end;
    Ok(())
}

/// Where a header that is not first is looked for; and the first object of a linearized file.
const HEADER_SEARCH: usize = 1024;

/// Where `startxref` must stand before the mark of the end.
const TAIL: usize = 64;

const START: &[u8] = b"startxref";
