//! Signature wrapping: what was signed moves aside, and something else stands in its place.

use memchr::memmem;
use spo::verify::Reason::*;

use super::base::{Base, LIES, SIGNATURE, content};
use super::update::{Update, byte_range, contents, hole, put, raw_body};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let (_, [_, from, to, last]) = byte_range(order);
    let digits = hex(order);
    let inside = |text: String| {
        let width = to - from;
        assert!(text.len() <= width);
        put(order, from, format!("{text:width$}").as_bytes())
    };
    let blank = " ".repeat(300);
    let moved = [&order[..to], blank.as_bytes(), &order[to..]].concat();
    let more = format!("/ByteRange[0 {from} {} {last}]", to + 300);
    vec![
        attack("swa/own-objects-and-references-in-the-hole", UNREADABLE, wrapped(order, true)),
        attack("swa/own-signature-in-the-hole", UNREADABLE, wrapped(order, false)),
        attack("swa/tail-moved", &[BrokenReferences], moved.clone()),
        attack(
            "swa/tail-moved-and-second-byte-range",
            &[DuplicateKey, BrokenReferences],
            put(&moved, to, more.as_bytes()),
        ),
        attack(
            "swa/second-byte-range-in-the-hole",
            &[DuplicateKey],
            inside(format!("<{digits}>/ByteRange[0 {from} {to} {last}]")),
        ),
        attack(
            "swa/second-contents-in-the-hole",
            &[DuplicateKey],
            inside(format!("<{digits}>/Contents<00>")),
        ),
        attack("swa/entries-in-the-hole", &[HoleNotContents], inside(format!("<{digits}>/Evil 1"))),
        attack("swa/comment-in-the-hole", &[HoleNotContents], {
            inside(format!("<{digits}>% 300 0 obj {}\n", String::from_utf8_lossy(LIES)))
        }),
        attack("swa/objects-in-the-hole-named-later", UNREADABLE, named_later(order)),
        attack("swa/hole-of-another-object", &[HoleNotContents, NotInSignedRevision], {
            let number = Update::to(order).next();
            let update = Update::to(order);
            let signature = raw_body(order, SIGNATURE).to_vec();
            let widget = super::base::WIDGET;
            let named = format!("/V {number} 0 R");
            let field = super::update::changed(order, widget, "/V 11 0 R", &named);
            update.written(number, 0, &signature).object(widget, &field).done()
        }),
    ]
}

/// A file that says two things is not read at all.
const UNREADABLE: &[spo::verify::Reason] = &[
    BrokenObject,
    BrokenReferences,
    OverlappingObjects,
    BytesBetweenObjects,
    UnlistedObject,
    HoleNotContents,
    SignatureUnplaced,
    OldPlaceNamed,
];

fn hex(order: &[u8]) -> String {
    contents(order).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hole widened; in it a second signature dictionary with a byte range that fits, another page
/// and another table, just where the moved tail says that the table is. The digest is the signed
/// one. With `lies`, the page says something else.
fn wrapped(order: &[u8], lies: bool) -> Vec<u8> {
    let (text, [_, from, _, last]) = byte_range(order);
    let (tail, page) = (&order[hole(order).end..], content(order));
    let table = memmem::rfind(order, b"\nxref\n").unwrap() + 1;
    let end = memmem::rfind(order, b"startxref").unwrap();
    let mut file = order[..from].to_vec();
    file.extend_from_slice(b"<00>>>\nendobj\n");
    let other = file.len();
    let digits = hex(order);
    let signature = String::from_utf8_lossy(raw_body(order, SIGNATURE)).into_owned();
    let begin = signature.split("/ByteRange").next().unwrap().to_owned();
    let after = table + (end - table);
    let range = format!("/ByteRange[0 {from} {after} {last}]");
    assert!(!text.is_empty());
    let object = format!("11 0 obj\n{begin}{range}/Contents<{digits}>>>\nendobj\n");
    file.extend_from_slice(object.as_bytes());
    let lie = file.len();
    if lies {
        let head = format!("{page} 0 obj\n<</Length {}>>stream\n", LIES.len());
        file.extend_from_slice(&[head.as_bytes(), LIES, b"\nendstream\nendobj\n"].concat());
    }
    assert!(file.len() <= table, "the hole is too small for this attack");
    file.resize(table, b' ');
    let mut rows = String::from_utf8(order[table..end].to_vec()).unwrap();
    rows = row(&rows, SIGNATURE, other);
    if lies {
        rows = row(&rows, page, lie);
    }
    file.extend_from_slice(rows.as_bytes());
    assert_eq!(file.len(), after);
    file.extend_from_slice(tail);
    file
}

/// A table of one section with another place for a number.
fn row(table: &str, number: u32, place: usize) -> String {
    let first = table.match_indices('\n').nth(1).unwrap().0 + 1;
    let at = first + 20 * number as usize;
    format!("{}{place:010}{}", &table[..at], &table[at + 10..])
}

/// Objects hidden among the zeros of the hole; a later table names them.
fn named_later(order: &[u8]) -> Vec<u8> {
    let (digits, page) = (hex(order), content(order));
    let width = hole(order).len();
    let head = format!("<{digits}> ");
    let lie = format!("{page} 0 obj\n<</Length {}>>stream\n", LIES.len());
    let lie = [lie.as_bytes(), LIES, b"\nendstream\nendobj\n"].concat();
    let text = [head.as_bytes(), &lie].concat();
    let at = hole(order).start + head.len();
    let mut padded = text;
    padded.resize(width, b' ');
    let file = put(order, hole(order).start, &padded);
    Update::to(&file).at(page, 0, at).done()
}
