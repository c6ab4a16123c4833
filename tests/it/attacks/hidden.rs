//! Shadow objects: a second page in bytes that say nothing to a reader which follows the
//! references, and references at which other readers give up and put the file together from all
//! that looks like an object. Each half must be flagged without the other.

use spo::verify::Reason::{self, *};

use super::base::{Base, CATALOG, INFORMATION, PAGE, content, with};
use super::store;
use super::update::{Update, body};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let mut attacks = pairs(base);
    attacks.extend(spelt(&base.order));
    attacks.extend(disguised(&base.order));
    attacks
}

/// What the hidden page says.
pub const SAYS: &str = "The order ended yesterday";

/// Objects that take the place of the first page and of what it shows. No bracket is in them, so
/// they fit into a string too.
fn shadow(order: &[u8]) -> String {
    let drawn = content(order);
    let says: String = SAYS.bytes().map(|byte| format!("{byte:02x}")).collect();
    let says = format!("BT /F1 20 Tf 60 700 Td <{says}> Tj ET");
    format!(
        "\n{PAGE} 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1\
         <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents {drawn} 0 R>>\nendobj\n\
         {drawn} 0 obj\n<</Length {}>>stream\n{says}\nendstream\nendobj\n",
        says.len()
    )
}

type Hide = fn(&[u8], &str) -> Update;

/// Where the objects lie.
const PLACES: &[(&str, Hide)] = &[
    ("nowhere", |order, _| evidence(order, "Certs", "0")),
    ("certificate", |order, shadow| evidence(order, "Certs", shadow)),
    ("answer", |order, shadow| evidence(order, "OCSPs", shadow)),
    ("list-behind-an-end", |order, shadow| {
        evidence(order, "CRLs", &format!("\nendstream\nendobj{shadow}"))
    }),
    ("maker", |order, shadow| {
        let known = body(order, INFORMATION);
        let at = known.find("/Producer(").expect("a maker");
        let rest = &known[at + 10..];
        let behind = &rest[rest.find(')').unwrap() + 1..];
        let other = format!("{}/Producer(x{shadow}){behind}", &known[..at]);
        Update::to(order).object(INFORMATION, &other)
    }),
    ("time", |order, shadow| {
        let key = "0123456789ABCDEF0123456789ABCDEF01234567";
        let says = format!("/DSS<</VRI<</{key}<</TU(D:2026{shadow})>>>>>>");
        Update::to(order).object(CATALOG, &with(&body(order, CATALOG), &says))
    }),
    ("address", |order, shadow| {
        let says = format!("/Extensions<</ESIC<</BaseVersion/1.7/URL({shadow})>>>>");
        Update::to(order).object(CATALOG, &with(&body(order, CATALOG), &says))
    }),
];

fn evidence(order: &[u8], list: &str, data: &str) -> Update {
    let update = Update::to(order);
    let next = update.next();
    let says = format!("/DSS<</{list}[{next} 0 R]>>");
    let catalog = with(&body(order, CATALOG), &says);
    update.object(CATALOG, &catalog).stream(next, "", data.as_bytes())
}

/// Table, trailer and the last lines.
type Tail = [String; 3];
type Change = fn(Tail) -> Tail;

/// At what some reader gives up.
const TRIGGERS: &[(&str, Change)] = &[
    ("nothing", |tail| tail),
    ("comment-behind-startxref", |tail| last(tail, "startxref\n", "startxref\n%9\n")),
    ("blank-behind-startxref", |tail| last(tail, "startxref\n", "startxref \n")),
    ("zeros-behind-startxref", |tail| last(tail, "startxref\n", "startxref\n00000000000")),
    ("words-before-startxref", |tail| last(tail, "startxref\n", "%9 trailer\nstartxref\n")),
    ("null-before-the-end", |tail| last(tail, "\n%%EOF", "\0\n%%EOF")),
    ("two-ends", |tail| last(tail, "%%EOF\n", "%%EOF\n%%EOF\n")),
    ("size-of-two-thousand-millions", |tail| size(tail, "2147483647")),
    ("size-of-more", |tail| size(tail, "99999999999")),
    ("size-of-some-more", |tail| size(tail, "8000000")),
    ("empty-run", |tail| more_rows(tail, "99999999999 0\n")),
    ("empty-run-of-large-numbers", |tail| more_rows(tail, "4294967290 0\n")),
    ("empty-run-of-small-numbers", |tail| more_rows(tail, "5 0\n")),
    ("comment-behind-xref", |tail| table(tail, "xref\n", "xref\n%9\n")),
    ("comment-in-a-run", |tail| table(tail, " 1\n", "%z\n1\n")),
    ("blank-line-in-the-table", |tail| table(tail, "xref\n", "xref\n\n")),
    ("zeros-in-a-run", |tail| table(tail, "xref\n", "xref\n000")),
    ("comment-behind-trailer", |[table, trailer, end]| [table, format!("%a\n{trailer}"), end]),
    ("comment-in-the-trailer", |tail| said(tail, "/Prev ", "/Prev%x\n ")),
    ("zeros-in-the-trailer", |tail| said(tail, "/Prev ", "/Prev 000")),
    ("sign-in-the-trailer", |tail| said(tail, "/Prev ", "/Prev +")),
    ("escape-in-the-trailer", |tail| said(tail, "/Prev ", "/P#72ev ")),
    ("null-in-the-trailer", |tail| said(tail, "/Prev ", "/Prev\0")),
    ("type-in-the-trailer", |tail| said(tail, "/Prev ", "/Type/XRef/Prev ")),
    ("widths-in-the-trailer", |tail| said(tail, "/Prev ", "/W 5/Prev ")),
];

fn table([table, trailer, end]: Tail, from: &str, to: &str) -> Tail {
    assert!(table.contains(from), "{table}");
    [table.replacen(from, to, 1), trailer, end]
}

fn more_rows([table, trailer, end]: Tail, rows: &str) -> Tail {
    [table + rows, trailer, end]
}

fn said([table, trailer, end]: Tail, from: &str, to: &str) -> Tail {
    assert!(trailer.contains(from), "{trailer}");
    [table, trailer.replacen(from, to, 1), end]
}

fn size([table, trailer, end]: Tail, to: &str) -> Tail {
    let rest = trailer.trim_start_matches("/Size ");
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    [table, format!("/Size {to}{rest}"), end]
}

fn last([table, trailer, end]: Tail, from: &str, to: &str) -> Tail {
    assert!(end.contains(from), "{end}");
    [table, trailer, end.replacen(from, to, 1)]
}

/// What is tried at every place, and the places where everything is tried.
const EVERYWHERE: &[&str] =
    &["nothing", "comment-behind-startxref", "size-of-two-thousand-millions"];
const WITH_ALL: &[&str] = &["nowhere", "certificate", "maker"];

/// Places with triggers; nothing with nowhere is harmless.
fn pairs(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let mut attacks = Vec::new();
    for (place, hide) in PLACES {
        for (trigger, change) in TRIGGERS {
            if !EVERYWHERE.contains(trigger) && !WITH_ALL.contains(place) {
                continue;
            }
            let reasons: &[Reason] = match (*place, *trigger) {
                ("nowhere", "nothing") => continue,
                (_, "nothing") => &[UnlistedObject],
                _ => &[BrokenReferences, BrokenObject],
            };
            let bytes = hide(order, &shadow(order)).ended(|table, trailer, at| {
                let end = format!("startxref\n{at}\n%%EOF\n");
                let [table, trailer, end] = change([table.to_owned(), trailer.to_owned(), end]);
                // A comment may stand between the word and the dictionary.
                let (between, trailer) = match trailer.split_once("/Size") {
                    Some((before, rest)) if before.starts_with('%') => {
                        (before.to_owned(), format!("/Size{rest}"))
                    }
                    _ => ("\n".to_owned(), trailer),
                };
                format!("{table}trailer{between}<<{trailer}>>\n{end}")
            });
            attacks.push(attack(&format!("hidden/{place}-{trigger}"), reasons, bytes));
        }
    }
    let archived = store::kept(base).archived;
    let again = store::archive_saying(base, &archived, &format!("/Reason(x{})", shadow(order)));
    attacks.push(attack("hidden/timestamp-nothing", &[UnlistedObject], again));
    attacks
}

/// One object of a later revision in a spelling that not all readers understand alike.
fn spelt(order: &[u8]) -> Vec<Attack> {
    let broken: &[_] = &[BrokenObject, BrokenReferences];
    let next = Update::to(order).next();
    let says = format!("/DSS<</Certs[{next} 0 R]>>");
    let catalog = with(&body(order, CATALOG), &says);
    let written = |text: &str| {
        let update = Update::to(order).object(CATALOG, &catalog);
        let at = update.place();
        update.raw(text).at(next, 0, at).done()
    };
    let data = "<</Length 1>>stream\n0\nendstream\nendobj\n";
    let named = |from: &str, to: &str| {
        assert!(catalog.contains(from), "{catalog}");
        let catalog = catalog.replacen(from, to, 1);
        Update::to(order).object(CATALOG, &catalog).stream(next, "", b"0").done()
    };
    vec![
        attack("spelt/zeros-before-a-number", broken, written(&format!("000{next} 0 obj{data}"))),
        attack("spelt/two-blanks", broken, written(&format!("{next}  0 obj{data}"))),
        attack("spelt/another-line", broken, written(&format!("{next}\n0 obj{data}"))),
        attack("spelt/null-as-a-blank", broken, written(&format!("{next}\x000 obj{data}"))),
        attack("spelt/comment-in-an-object", broken, written(&format!("{next} 0 obj%x\n{data}"))),
        attack("spelt/return-behind-stream", broken, {
            written(&format!("{next} 0 obj<</Length 1>>stream\r0\nendstream\nendobj\n"))
        }),
        attack("spelt/blank-behind-stream", broken, {
            written(&format!("{next} 0 obj<</Length 1>>stream \n0\nendstream\nendobj\n"))
        }),
        attack("spelt/no-end-of-the-object", broken, {
            written(&format!("{next} 0 obj<</Length 1>>stream\n0\nendstream\n"))
        }),
        attack("spelt/letter-of-a-key-escaped", broken, named("/DSS", "/D#53S")),
        attack("spelt/letter-of-a-type-escaped", broken, named("/Catalog", "/Cata#6cog")),
        attack("spelt/zeros-in-a-reference", broken, named("2 0 R", "02 0 R")),
        attack("spelt/sign-in-a-reference", broken, named("2 0 R", "+2 0 R")),
        attack("spelt/reference-past-all-numbers", broken, named("2 0 R", "4294967298 0 R")),
        attack("spelt/comment-in-the-catalog", broken, named("/DSS", "%/DSS\n/DSS")),
        attack("spelt/key-twice", &[DuplicateKey], named("/DSS", "/DSS null/DSS")),
    ]
}

/// A stream that some readers take for another.
fn disguised(order: &[u8]) -> Vec<Attack> {
    let next = Update::to(order).next();
    let says = format!("/DSS<</Certs[{next} 0 R]>>");
    let catalog = with(&body(order, CATALOG), &says);
    let typed = |entries: &str, data: &str| {
        let update = Update::to(order).object(CATALOG, &catalog);
        update.stream(next, entries, data.as_bytes()).done()
    };
    let flags: &[_] = &[EvidenceMalformed, UnlistedObject];
    let drawn = content(order);
    vec![
        attack("disguised/certificate-as-objects", flags, {
            typed("/Type/ObjStm/N 1/First 4", &format!("{PAGE} 0 (x)"))
        }),
        attack("disguised/certificate-called-objects", flags, typed("/Type/ObjStm", "0")),
        attack("disguised/certificate-called-references", flags, typed("/Type/XRef", "0")),
        attack("disguised/header-again", &[BytesBetweenObjects, UnlistedObject], {
            Update::to(order).raw("%PDF-1.4\n").object(CATALOG, &catalog).done()
        }),
        attack("disguised/references-as-content", &[BrokenReferences], {
            as_content(order, drawn)
        }),
    ]
}

/// A cross-reference stream that has the number of the first page's content and does not say so.
fn as_content(order: &[u8], drawn: u32) -> Vec<u8> {
    Update::to(order).ended(|_, trailer, at| {
        format!(
            "{drawn} 0 obj\n<</Type/XRef/W[1 1 1]/Index[0 1]/Length 3{trailer}>>stream\n\0\0\0\n\
             endstream\nendobj\nstartxref\n{at}\n%%EOF\n"
        )
    })
}
