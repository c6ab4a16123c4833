//! Incremental saving attacks: a new body behind the signed file, with and without what a reader
//! needs to find it.

use memchr::memmem;
use spo::verify::Reason::*;

use super::base::{Base, CATALOG, LIES, PAGE, SIGNATURE, WIDGET, content, with};
use super::update::{Update, body, changed, raw_body};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let page = content(order);
    let lie = || Update::to(order).stream(page, "", LIES);
    let old = Update::to(order);
    let (new, copy) = (old.next(), old.next() + 1);
    let signature = raw_body(order, SIGNATURE);
    let more = format!("/Contents[{page} 0 R {new} 0 R]");
    let stands = format!("/Contents {page} 0 R");
    let mut attacks = unfinished(order);
    attacks.extend([
        attack("isa/content-replaced", &[ContentChanged], lie().done()),
        attack("isa/content-replaced-by-stream", &[ContentChanged], lie().done_with_stream()),
        attack(
            "isa/content-added-to-the-page",
            &[ContentChanged],
            Update::to(order)
                .stream(new, "", LIES)
                .object(PAGE, &changed(order, PAGE, &stands, &more))
                .done(),
        ),
        attack(
            "isa/with-the-signature-again",
            &[HoleNotContents],
            lie().written(SIGNATURE, 0, signature).done(),
        ),
        attack(
            "isa/with-a-copy-of-the-signature",
            &[HoleNotContents, NotInSignedRevision],
            lie()
                .written(copy, 0, signature)
                .object(WIDGET, &changed(order, WIDGET, "/V 11 0 R", &format!("/V {copy} 0 R")))
                .done(),
        ),
        attack("isa/before-the-end", &[DigestMismatch, BrokenReferences], before_the_end(order)),
        attack("isa/page-object-replaced", &[ContentChanged], {
            let other = changed(order, PAGE, &stands, &format!("/Contents {new} 0 R"));
            Update::to(order).stream(new, "", LIES).object(PAGE, &other).done()
        }),
        attack("isa/nothing-but-a-catalog-that-says-more", &[CatalogChanged], {
            let catalog = with(&body(order, CATALOG), "/Requirements[]");
            Update::to(order).object(CATALOG, &catalog).done()
        }),
        attack("isa/shown-and-hidden-again", &[ContentChanged], {
            let old = raw_body(order, page).to_vec();
            Update::to(&lie().done()).written(page, 0, &old).done()
        }),
    ]);
    attacks
}

/// Without all that a reader needs.
fn unfinished(order: &[u8]) -> Vec<Attack> {
    let lie = || Update::to(order).stream(content(order), "", LIES);
    let loose: &[_] = &[UnlistedObject, BytesBetweenObjects, BytesAfterEnd, BrokenReferences];
    vec![
        attack(
            "isa/without-references",
            loose,
            lie().ended(|_, trailer, _| {
                format!("trailer\n<<{trailer}>>\nstartxref\n{}\n%%EOF\n", start(order))
            }),
        ),
        attack(
            "isa/without-trailer",
            &[BrokenReferences],
            lie().ended(|table, _, at| format!("{table}startxref\n{at}\n%%EOF\n")),
        ),
        attack("isa/without-anything", loose, lie().ended(|_, _, _| String::new())),
        attack("isa/with-only-an-end", loose, lie().ended(|_, _, _| "%%EOF\n".to_owned())),
        attack(
            "isa/start-in-the-signed-part",
            loose,
            lie().ended(|table, trailer, _| {
                format!("{table}trailer\n<<{trailer}>>\nstartxref\n{}\n%%EOF\n", start(order))
            }),
        ),
        attack(
            "isa/without-start",
            loose,
            lie().ended(|table, trailer, _| format!("{table}trailer\n<<{trailer}>>\n%%EOF\n")),
        ),
    ]
}

/// Objects between the last table and `startxref`, the numbers set right.
fn before_the_end(order: &[u8]) -> Vec<u8> {
    let at = memmem::rfind(order, b"startxref").unwrap();
    let lies = [b"\n300 0 obj\n<</Length 50>>stream\n", LIES, b"\nendstream\nendobj\n"].concat();
    [&order[..at], &lies, &order[at..]].concat()
}

fn start(order: &[u8]) -> usize {
    let at = memmem::rfind(order, b"startxref\n").unwrap() + 10;
    let text = String::from_utf8_lossy(&order[at..]).into_owned();
    text.lines().next().unwrap().parse().unwrap()
}
