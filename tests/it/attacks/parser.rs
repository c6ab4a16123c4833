//! Files that one reader understands so and another otherwise.

use memchr::memmem;
use spo::verify::Reason::*;

use super::base::{Base, CATALOG, LIES, SIGNATURE, content, with};
use super::update::{Update, body, changed, put, raw_body, swapped};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let mut attacks = keys(base);
    attacks.extend(objects(&base.order));
    attacks.extend(frame(&base.order));
    attacks.extend(references(&base.order));
    attacks
}

fn keys(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let twice: &[_] = &[DuplicateKey];
    let pages = with(&body(order, CATALOG), "/Pages 12 0 R");
    let escaped = with(&body(order, CATALOG), "/P#61ges 12 0 R");
    let signature = String::from_utf8_lossy(raw_body(order, SIGNATURE)).into_owned();
    let contents = signature.replacen("/Contents<", "/Contents<00>/Contents<", 1);
    let form = with(&body(order, CATALOG), "/AcroForm<<>>");
    vec![
        attack("keys/contents-twice", twice, Update::to(order).object(SIGNATURE, &contents).done()),
        attack("keys/pages-twice", twice, Update::to(order).object(CATALOG, &pages).done()),
        attack("keys/pages-twice-once-escaped", &[DuplicateKey, BrokenObject], {
            Update::to(order).object(CATALOG, &escaped).done()
        }),
        attack("keys/form-twice", twice, Update::to(order).object(CATALOG, &form).done()),
        attack("keys/root-twice", twice, Update::to(order).with_trailer("/Root 12 0 R").done()),
        attack("keys/contents-twice-and-signed-so", twice, {
            let prepared = super::base::Prepared::default();
            let file = base.certified(1, &prepared);
            swapped(&file, "/M(D:20261120100000Z)", "/Contents<00>")
        }),
    ]
}

fn objects(order: &[u8]) -> Vec<Attack> {
    let next = Update::to(order).next();
    let page = content(order);
    let lie = "<</Length 0>>stream\n\nendstream";
    let hidden = format!("{next} 0 obj\n(hidden)\nendobj\n");
    let shadow = format!("{page} 0 obj\n{lie}\nendobj\n");
    vec![
        attack("objects/orphan", &[Unreferenced], Update::to(order).object(next, "(x)").done()),
        attack("objects/unlisted", &[UnlistedObject], Update::to(order).raw(&hidden).done()),
        attack("objects/unlisted-with-a-number-in-use", &[UnlistedObject], {
            Update::to(order).raw(&shadow).done()
        }),
        attack("objects/twice-in-one-revision", &[UnlistedObject, ContentChanged], {
            Update::to(order).raw(&shadow).stream(page, "", LIES).done()
        }),
        attack("objects/same-number-listed-twice", &[BrokenReferences, ContentChanged], {
            Update::to(order).stream(page, "", b"").stream(page, "", LIES).done()
        }),
        attack("objects/in-a-comment", &[BytesBetweenObjects, UnlistedObject], {
            Update::to(order).raw(&format!("% {next} 0 obj (x) endobj\n")).done()
        }),
        attack("objects/other-generation", &[TypeChanged], {
            Update::to(order).written(page, 1, lie.as_bytes()).done()
        }),
        attack("objects/generation-not-as-listed", &[BrokenReferences, BrokenObject], {
            let update = Update::to(order);
            let at = update.place();
            update.raw(&format!("{page} 1 obj\n{lie}\nendobj\n")).at(page, 0, at).done()
        }),
        attack("objects/number-not-as-listed", &[BrokenReferences, BrokenObject], {
            let update = Update::to(order);
            let at = update.place();
            update.raw(&hidden).at(page, 0, at).done()
        }),
        attack("objects/freed-and-back", &[ObjectFreed], {
            let freed = Update::to(order).freed(page).done();
            Update::to(&freed).stream(page, "", LIES).done()
        }),
        attack(
            "objects/a-catalog-in-a-stream",
            &[OldPlaceNamed, BrokenReferences, BrokenObject],
            {
                let at = memmem::find(order, b"stream\n").unwrap() + 7;
                Update::to(order).at(next, 0, at).done()
            },
        ),
        attack("objects/length-too-short", &[BrokenObject, BrokenReferences], {
            let update = Update::to(order);
            let (at, lie) = (update.place(), String::from_utf8_lossy(LIES).into_owned());
            let text = format!("{next} 0 obj\n<</Length 3>>stream\n{lie}\nendstream\nendobj\n");
            update.raw(&text).at(next, 0, at).done()
        }),
        attack("objects/nested-without-end", &[TooDeep, BrokenObject], {
            Update::to(order).object(next, &"[".repeat(5000)).done()
        }),
    ]
}

/// Before, around and behind the file.
fn frame(order: &[u8]) -> Vec<Attack> {
    let before = |text: &str| [text.as_bytes(), order].concat();
    let behind = |text: &str| [order, text.as_bytes()].concat();
    let script = "<script>alert()</script>\n";
    let id = "/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P -4>>";
    let loose: &[_] = &[BytesAfterEnd, UnlistedObject, BytesBetweenObjects];
    let broken: &[_] = &[BrokenReferences, BytesAfterEnd];
    vec![
        attack("frame/a-byte-before", &[HeaderNotFirst], before("\n")),
        attack("frame/a-page-before", &[HeaderNotFirst], before(script)),
        attack("frame/a-file-before", &[HeaderNotFirst, BrokenReferences], {
            [order, order].concat()
        }),
        attack("frame/header-of-something-else", &[NotAPdf, HeaderNotFirst], {
            put(order, 0, b"%PDG-1.7")
        }),
        attack("frame/words-behind", loose, behind("The order has ended.\n")),
        attack("frame/comment-behind", loose, behind("% The order has ended.\n")),
        attack("frame/zeros-behind", loose, behind("\0\0\0\0")),
        attack("frame/another-end", broken, behind("%%EOF\n")),
        attack("frame/another-start", broken, behind("startxref\n9\n%%EOF\n")),
        attack("frame/end-missing", broken, order[..order.len() - 7].to_vec()),
        attack("frame/half", broken, order[..order.len() / 2].to_vec()),
        attack("frame/encrypted", &[Encrypted], Update::to(order).with_trailer(id).done()),
        attack("frame/encrypted-by-reference", &[Encrypted], {
            Update::to(order).with_trailer("/Encrypt 12 0 R").done()
        }),
        attack("frame/empty", &[NotAPdf], Vec::new()),
        attack("frame/only-a-header", &[BrokenReferences, NotAPdf], b"%PDF-1.7\n%%EOF\n".to_vec()),
    ]
}

fn references(order: &[u8]) -> Vec<Attack> {
    let broken: &[_] = &[BrokenReferences];
    let update = || Update::to(order).stream(content(order), "", LIES);
    let closed = |change: &dyn Fn(&str, usize) -> (String, usize)| {
        update().ended(|table, trailer, at| {
            let (trailer, at) = change(trailer, at);
            format!("{table}trailer\n<<{trailer}>>\nstartxref\n{at}\n%%EOF\n")
        })
    };
    let previous = |other: &dyn Fn(usize) -> String| {
        closed(&|trailer, at| {
            let kept = trailer.split("/Prev").next().unwrap_or_default();
            (format!("{kept}/Prev {}", other(at)), at)
        })
    };
    vec![
        attack("references/a-loop", broken, previous(&|at| at.to_string())),
        attack("references/previous-in-nowhere", broken, previous(&|_| "99999999".to_owned())),
        attack("references/previous-negative", broken, previous(&|_| "-5".to_owned())),
        attack("references/previous-in-a-stream", broken, previous(&|_| "2000".to_owned())),
        attack("references/previous-by-reference", broken, previous(&|_| "12 0 R".to_owned())),
        attack("references/start-beside-the-table", broken, {
            closed(&|trailer, at| (trailer.to_owned(), at + 1))
        }),
        attack("references/size-too-small", &[BrokenReferences, ContentChanged], {
            closed(&|trailer, at| (format!("/Size 5{}", tail(trailer)), at))
        }),
        attack("references/a-row-moved", &[BrokenReferences, OldPlaceNamed, BrokenObject], {
            Update::to(order).at(CATALOG, 0, 9).done()
        }),
        attack("references/table-of-blanks", broken, {
            update().ended(|_, trailer, at| {
                format!("xref\n0 9999999\ntrailer\n<<{trailer}>>\nstartxref\n{at}\n%%EOF\n")
            })
        }),
        attack("references/section-of-the-signed-part-changed", &[OverlappingObjects], {
            let at = memmem::rfind(order, b"\nxref\n").unwrap();
            let row = at + 6 + order[at + 6..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
            put(order, row + 20 * 5, b"0000000099")
        }),
        attack("references/linearised-twice", &[Unreferenced], {
            let next = Update::to(order).next();
            let update = Update::to(order);
            update.object(next, "<</Linearized 1/L 9/H[0 0]/O 3/E 9/N 1/T 9>>").done()
        }),
        attack("references/words-before-the-table", &[BytesBetweenObjects], {
            Update::to(order).raw("The order has ended.\n").done()
        }),
        attack("references/catalog-missing", &[ObjectFreed, SignatureRemoved], {
            Update::to(order).freed(CATALOG).done()
        }),
        attack(
            "references/catalog-of-another-type",
            &[CatalogChanged, TypeChanged, BrokenObject],
            {
                let other = changed(order, CATALOG, "/Type/Catalog", "/Type/Pages");
                Update::to(order).object(CATALOG, &other).done()
            },
        ),
    ]
}

fn tail(trailer: &str) -> String {
    let behind = trailer.trim_start_matches("/Size ");
    behind.trim_start_matches(|letter: char| letter.is_ascii_digit()).to_owned()
}
