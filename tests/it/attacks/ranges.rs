//! Universal signature forgery: a byte range or a hole that a careless check passes over.

use spo::verify::Reason::*;

use super::base::{Base, SIGNATURE};
use super::update::{Update, body, byte_range, contents, hole, put, swapped};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let mut attacks = byte_ranges(&base.order);
    attacks.extend(holes(&base.order));
    attacks
}

fn byte_ranges(order: &[u8]) -> Vec<Attack> {
    let (text, [_, from, to, last]) = byte_range(order);
    let other = |to: &str| swapped(order, &text, to);
    let range = |numbers: &str| other(&format!("/ByteRange[{numbers}]"));
    let malformed: &[_] = &[ByteRangeMalformed];
    let new = |value: &str| {
        let other = body(order, SIGNATURE).replace(&text, value);
        Update::to(order).object(SIGNATURE, &other).done()
    };
    vec![
        attack("usf/byte-range-missing", &[ByteRangeMissing], other("/BiteRange[0 1 2 3]")),
        attack("usf/byte-range-null", &[ByteRangeMissing], other("/ByteRange null")),
        attack("usf/byte-range-empty", malformed, range("")),
        attack("usf/byte-range-one-number", malformed, range("0")),
        attack("usf/byte-range-negative", malformed, range(&format!("0 {from} -{to} {last}"))),
        attack("usf/byte-range-overlapping", malformed, range(&format!("0 {to} {from} {last}"))),
        attack("usf/byte-range-huge", &[BrokenObject], range("0 1 2 99999999999999999999")),
        attack("usf/byte-range-past-the-end", malformed, range(&format!("0 {from} {to} 999999"))),
        attack("usf/byte-range-later-start", malformed, range(&format!("9 {from} {to} {last}"))),
        attack(
            "usf/byte-range-short-tail",
            malformed,
            range(&format!("0 {from} {to} {}", last - 100)),
        ),
        attack("usf/byte-range-short-head", &[HoleNotContents], range(&format!("0 9 {to} {last}"))),
        attack("usf/byte-range-of-all", malformed, range(&format!("0 {from} {from} {last}"))),
        attack("usf/byte-range-text", malformed, other("/ByteRange(0 1 2 3)")),
        attack("usf/byte-range-twice", &[DuplicateKey], other("/ByteRange[]/ByteRange[0]")),
        attack("usf/later-byte-range-null", &[ByteRangeMissing], new("/ByteRange null")),
        attack("usf/later-byte-range-missing", &[ByteRangeMissing], new("")),
    ]
}

fn holes(order: &[u8]) -> Vec<Attack> {
    let hole = hole(order);
    let width = hole.len();
    let inside = |text: &str| put(order, hole.start, format!("{text:width$}").as_bytes());
    let digits = "30".repeat(width / 2 - 1);
    let odd = format!("<{}>", &"30".repeat(width / 2)[..width - 2 - 1]);
    let spaced = format!("<30 0{}>", &digits[4..]);
    let cms = contents(order);
    let text: String = cms.iter().map(|byte| format!("\\{byte:03o}")).collect();
    let key = swapped(order, "/Contents<", "/Contests<");
    vec![
        attack("usf/contents-missing", &[ContentsMissing], key),
        attack("usf/contents-null", &[ContentsMissing], inside(" null")),
        attack(
            "usf/contents-zero",
            &[ContentsMissing],
            inside(&format!("<{:0<1$}>", "", width - 2)),
        ),
        attack("usf/contents-empty", &[HoleNotContents], inside("<>")),
        attack("usf/contents-odd", &[HoleNotContents], inside(&odd)),
        attack("usf/contents-with-blanks", &[HoleNotContents], inside(&spaced)),
        attack("usf/contents-as-text", &[HoleNotContents], inside(&format!("({text})"))),
        attack(
            "usf/contents-nonsense",
            &[CmsMalformed, BytesBehindCms],
            inside(&format!("<{digits}>")),
        ),
        attack("usf/contents-a-number", &[ContentsMissing], inside(" 0")),
        attack("usf/contents-an-array", &[ContentsMissing], inside("[<30>]")),
        attack("usf/contents-elsewhere", &[ContentsMissing, HoleNotContents], inside(" 12 0 R")),
    ]
}
