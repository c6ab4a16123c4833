//! Words that look like the frame of an object where there is none: in the data of a stream, in a
//! string, between objects. A reader that gives up on the references scans the whole file for
//! them and shows what it finds, the last of each number; so nothing behind the first revision may
//! hold any. Only the raw bytes count, not what they unpack to.
//!
//! A word counts where no object or section of ours has it as its own. Certificates and answers
//! are random bytes: each form is long enough that none stands there by chance (less than once in
//! a million files).
//!
//! Never here: the first revision, which whoever signs covers, and which was there before anybody
//! could hide a thing behind the signature.

use memchr::memmem;

use super::super::reason::{Finding, Reason, add};
use super::section::Section;
use super::{Object, Place, body};

/// Finds such words behind the first revision.
pub(super) fn check(
    bytes: &[u8],
    sections: &[Section],
    objects: &[Object],
    findings: &mut Vec<Finding>,
) {
    let Some(from) = sections.first().map(|section| section.end) else { return };
    if from >= bytes.len() {
        return;
    }
    let known = known(bytes, sections, objects, from);
    for (word, speaks) in WORDS {
        let mut low = from;
        let hits = memmem::find_iter(&bytes[from..], word).map(|hit| from + hit);
        let strange = hits.filter(|at| {
            let strange = known.binary_search(at).is_err() && speaks(bytes, low, *at);
            low = at + word.len();
            strange
        });
        for at in strange.take(MOST) {
            add(findings, Finding::fatal(Reason::UnlistedObject, format_args!("byte {at}")));
        }
    }
}

/// Where the words of all objects and sections stand, ascending.
fn known(bytes: &[u8], sections: &[Section], objects: &[Object], from: usize) -> Vec<usize> {
    let mut known: Vec<usize> =
        sections.iter().flat_map(|section| section.words.iter().copied()).collect();
    for object in objects {
        if let Place::File(place) = &object.place
            && place.start >= from
        {
            known.extend(body::words(bytes, object.id, place, object.stream.as_ref()));
        }
    }
    known.sort_unstable();
    known
}

/// Whether the word at a place says something there; nothing before `low` needs to be looked at.
type Speaks = fn(bytes: &[u8], low: usize, at: usize) -> bool;

const WORDS: &[(&[u8], Speaks)] = &[
    (b"obj", is_numbered),
    (b"endobj", always),
    (b"endstream", always),
    (b"stream", follows_dictionary),
    (b"trailer", leads_dictionary),
    (b"xref", stands_alone),
    (b"startxref", always),
    (b"%%EOF", always),
    (b"%PDF-", always),
];

const fn always(_: &[u8], _: usize, _: usize) -> bool {
    true
}

/// `12 0 obj`, with whatever blanks and comments between.
fn is_numbered(bytes: &[u8], low: usize, at: usize) -> bool {
    match number_before(bytes, low, at) {
        Before::Number(generation) => {
            !matches!(number_before(bytes, low, generation), Before::Nothing)
        }
        Before::Unclear => true,
        Before::Nothing => false,
    }
}

/// `>> stream`.
fn follows_dictionary(bytes: &[u8], low: usize, at: usize) -> bool {
    bytes[..blanks_before(bytes, low, at)].ends_with(b">>")
}

/// `trailer <<`, also with a comment between.
fn leads_dictionary(bytes: &[u8], _: usize, at: usize) -> bool {
    let rest = &bytes[at + b"trailer".len()..];
    let rest = &rest[rest.iter().take_while(|byte| is_blank(**byte)).count()..];
    rest.starts_with(b"<<") || rest.starts_with(b"%")
}

/// `xref` and nothing joined to it.
fn stands_alone(bytes: &[u8], _: usize, at: usize) -> bool {
    let blank = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at)).is_none_or(|byte| is_blank(*byte) || *byte == b'%')
    };
    blank(at.checked_sub(1)) && blank(Some(at + b"xref".len()))
}

/// What stands before a place, behind blanks and comments.
enum Before {
    /// A number, with its first digit.
    Number(usize),
    /// A comment may stand there that hides a number; which, another reader decides.
    Unclear,
    Nothing,
}

fn number_before(bytes: &[u8], low: usize, at: usize) -> Before {
    let mut at = at;
    loop {
        let blanks = blanks_before(bytes, low, at);
        let digits = digits_before(bytes, low, blanks);
        if digits < blanks {
            return Before::Number(digits);
        }
        let line_ended = bytes[blanks..at].iter().any(|byte| matches!(byte, b'\r' | b'\n'));
        if !line_ended {
            return Before::Nothing;
        }
        // The line before may end in a comment; it may not be looked at twice.
        let line = bytes[low..blanks].iter().rposition(|byte| matches!(byte, b'\r' | b'\n'));
        let Some(start) = line.map(|line| low + line + 1) else { return Before::Unclear };
        let line = &bytes[start..blanks];
        if line.trim_ascii_start().starts_with(b"%") {
            at = start;
            continue;
        }
        let mut marks = memchr::memchr_iter(b'%', line).map(|mark| start + mark);
        let hides = marks.any(|mark| {
            let before = blanks_before(bytes, start, mark);
            digits_before(bytes, start, before) < before
        });
        return if hides { Before::Unclear } else { Before::Nothing };
    }
}

fn blanks_before(bytes: &[u8], low: usize, at: usize) -> usize {
    let run = bytes[low..at].iter().rev().take_while(|byte| is_blank(**byte));
    at - run.count()
}

fn digits_before(bytes: &[u8], low: usize, at: usize) -> usize {
    let run = bytes[low..at].iter().rev().take_while(|byte| byte.is_ascii_digit());
    at - run.count()
}

/// What any reader takes for a blank: those of ISO 32000-1, table 1, the vertical tabulator, and
/// what some libraries and languages add.
const fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t'..=b'\r' | b' ' | 0x80 | 0x85 | 0xA0 | 0xFF)
}

/// Places of one word that are told.
const MOST: usize = 4;

#[cfg(test)]
mod tests {
    use super::super::File;
    use super::super::specimen::{Style, certified};
    use super::Reason;

    /// What is found in a file whose last revision holds these bytes in a stream, or in a string.
    fn found(hidden: &[u8], in_stream: bool) -> Vec<Reason> {
        let mut maker = certified(Style::Table, 1);
        let mark = "#".repeat(hidden.len());
        let body = match in_stream {
            true => format!("<</Length {}>>stream\n{mark}\nendstream", mark.len()),
            false => format!("<</A ({mark})>>"),
        };
        maker.revision(&[(90, &body)]);
        let at = memchr::memmem::rfind(&maker.bytes, mark.as_bytes()).unwrap();
        maker.bytes[at..at + hidden.len()].copy_from_slice(hidden);
        let file = File::read(&maker.bytes).unwrap();
        file.findings().iter().map(|finding| finding.reason).collect()
    }

    #[test]
    fn whatever_looks_like_an_object_is_found_in_data_and_strings() {
        for hidden in [
            b"3 0 obj".as_slice(),
            b"x3 0 obj<<>>",
            b"\n3 0 obj\n",
            b"3\x000\x0Cobj",
            b"3\x0B0\xA0obj",
            b"3\xFF0\x80obj",
            b"3 0obj",
            b"00003 00000 obj",
            b"3%x\n0 obj",
            b"3 0%x\nobj",
            b"3 0%obj\nobj",
            b"3 %a\r%b\n0 %c\n%d\nobj",
            b"endobj",
            b"endstream",
            b"<<>>stream\n",
            b"<<>>\nstream\n",
            b"trailer<</Root 1 0 R>>",
            b"trailer\n<</Root 1 0 R>>",
            b"trailer %x\n<</Root 1 0 R>>",
            b"\nxref\n0 1",
            b"startxref",
            b"%%EOF",
            b"%PDF-1.7",
        ] {
            for in_stream in [true, false] {
                let found = found(hidden, in_stream);
                assert!(found.contains(&Reason::UnlistedObject), "{}", hidden.escape_ascii());
            }
        }
    }

    #[test]
    fn words_of_a_language_are_not() {
        for plain in [
            b"The trailer stands in the stream.".as_slice(),
            b"2 objections, 1 object",
            b"An objection 3",
            b"12 obj",
            b"xref_",
            b"Bitstream",
            b"\n%a comment\nobj",
            b"%3\n obj",
            b"",
        ] {
            for in_stream in [true, false] {
                assert_eq!(found(plain, in_stream), [], "{}", plain.escape_ascii());
            }
        }
    }
}
