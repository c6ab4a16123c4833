//! Shadow attacks: what is shown after the signature was there before it, or seems to have been.

use spo::verify::Reason::*;

use super::base::{Base, CATALOG, LIES, PAGE, Prepared, SEAL, content, with};
use super::update::{Update, body, changed, raw_body, reference};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let mut attacks = hide(base);
    attacks.extend(replace(base));
    attacks.extend(switch(base));
    attacks.extend(packed(base));
    attacks
}

/// An overlay that covers the truth while somebody signs.
fn hide(base: &Base) -> Vec<Attack> {
    let overlay = Update::to(&base.preview).next();
    let drawn = overlay + 1;
    let stamp = format!("<</Type/Annot/Subtype/Stamp/F 4/Rect[0 0 500 500]/AP<</N {drawn} 0 R>>>>");
    let picture = "<</Type/XObject/Subtype/Form/BBox[0 0 500 500]/Length 26>>stream\n\
         1 g 0 0 500 500 re f      \nendstream";
    let prepared = Prepared {
        objects: vec![(overlay, stamp.clone()), (drawn, picture.to_owned())],
        annotations: format!("{overlay} 0 R"),
        ..Prepared::default()
    };
    let file = base.certified(1, &prepared);
    let (_, form) = (0, "<</Type/XObject/Subtype/Form/BBox[0 0 0 0]/Length 0>>stream\n\nendstream");
    let moved = stamp.replace("[0 0 500 500]", "[0 0 0 0]");
    let page = changed(&file, PAGE, &format!(" {overlay} 0 R"), "");
    vec![
        attack(
            "shadow-hide/overlay-freed",
            &[ObjectFreed],
            Update::to(&file).freed(overlay).done(),
        ),
        attack(
            "shadow-hide/picture-emptied",
            &[AppearanceChanged, ContentChanged],
            Update::to(&file).object(drawn, form).done(),
        ),
        attack(
            "shadow-hide/overlay-moved",
            &[AnnotationChanged, ObjectChanged],
            Update::to(&file).object(overlay, &moved).done(),
        ),
        attack(
            "shadow-hide/overlay-taken-from-the-page",
            &[AnnotationChanged, AnnotationAdded],
            Update::to(&file).object(PAGE, &page).done(),
        ),
    ]
}

/// Fonts, pictures and streams exchanged.
fn replace(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let resources = reference(&body(order, PAGE), "/Resources");
    let fonts = body(order, resources);
    let font = reference(&fonts, "/F0");
    let file = font_file(order, font);
    let program = raw_body(&base.other, file.1).len();
    let other = Update::to(order);
    let seal = String::from_utf8_lossy(raw_body(order, SEAL)).into_owned();
    let box_of = "/Type/XObject/Subtype/Form/BBox[-1 -1 471.56 116]";
    assert!(seal.contains("/Form") && program > 0);
    vec![
        attack(
            "shadow-replace/font",
            &[FontChanged],
            other.object(font, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>").done(),
        ),
        attack(
            "shadow-replace/font-program",
            &[FontChanged, ObjectChanged, ContentChanged],
            Update::to(order).stream(file.1, "/Length1 4", b"\0\x01\0\0").done(),
        ),
        attack(
            "shadow-replace/letters-of-a-font",
            &[FontChanged, ObjectChanged],
            Update::to(order).object(file.0, &with(&body(order, file.0), "/DW 1")).done(),
        ),
        attack(
            "shadow-replace/resources",
            &[FontChanged, ObjectChanged, PageTreeChanged, ContentChanged],
            Update::to(order).object(resources, "<</Font<</F0 12 0 R>>>>").done(),
        ),
        attack(
            "shadow-replace/seal",
            &[AppearanceChanged],
            Update::to(order).stream(SEAL, box_of, LIES).done(),
        ),
        attack(
            "shadow-replace/content-in-other-generation",
            &[TypeChanged, ObjectFreed],
            Update::to(order)
                .written(content(order), 1, b"<</Length 0>>stream\n\nendstream")
                .done(),
        ),
    ]
}

/// The descendant font and its file.
fn font_file(order: &[u8], font: u32) -> (u32, u32) {
    let descendant = reference(&body(order, font), "/DescendantFonts");
    let descriptor = reference(&body(order, descendant), "/FontDescriptor");
    (descendant, reference(&body(order, descriptor), "/FontFile2"))
}

/// A second document that waits in the file, or comes later as a whole.
fn switch(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let first = Update::to(order).next();
    let [root, pages, page, lie] = [first, first + 1, first + 2, first + 3];
    let tree = format!("<</Type/Pages/Count 1/Kids[{page} 0 R]>>");
    let leaf = body(order, PAGE);
    let (parent, stands) = ("/Parent 2 0 R", format!("/Contents {} 0 R", content(order)));
    let leaf = leaf.replace(parent, &format!("/Parent {pages} 0 R"));
    let leaf = leaf.replace(&stands, &format!("/Contents {lie} 0 R"));
    let catalog = changed(order, CATALOG, "/Pages 2 0 R", &format!("/Pages {pages} 0 R"));
    let second = || {
        let update = Update::to(order).object(pages, &tree).object(page, &leaf);
        update.stream(lie, "", LIES)
    };
    let kids = body(order, 2);
    let swapped = kids.replace("3 0 R 4 0 R", "4 0 R 3 0 R");
    assert_ne!(kids, swapped, "{kids}");
    let fewer = changed(order, 2, "3 0 R ", "");
    let flag = "/Root 1 0 R";
    vec![
        attack("shadow-switch/page-tree", &[PageTreeChanged], {
            second().object(CATALOG, &catalog).done()
        }),
        attack("shadow-switch/catalog", &[TrailerChanged], {
            let named = format!("/Root {root} 0 R");
            second().object(root, &catalog).trailer(flag, &named).done()
        }),
        attack("shadow-switch/catalog-and-nothing-else", &[TrailerChanged], {
            let named = format!("/Root {root} 0 R");
            Update::to(order).object(root, &body(order, CATALOG)).trailer(flag, &named).done()
        }),
        attack("shadow-switch/order-of-pages", &[PageTreeChanged], {
            Update::to(order).object(2, &swapped).done()
        }),
        attack("shadow-switch/page-taken-away", &[PageTreeChanged], {
            Update::to(order).object(2, &fewer).done()
        }),
        attack("shadow-switch/two-catalogs-wait", &[Unreferenced, UnlistedObject], {
            second().object(root, &catalog).done()
        }),
        attack("shadow-switch/waiting-bytes-named-later", &[OldPlaceNamed, BrokenReferences], {
            let lie = String::from_utf8_lossy(LIES).into_owned();
            let number = content(&base.preview);
            let hidden = format!(
                "{number} 0 obj\n<</Length {}>>stream\n{lie}\nendstream\nendobj\n",
                LIES.len()
            );
            let prepared = Prepared { raw: hidden.clone(), ..Prepared::default() };
            let file = base.certified(1, &prepared);
            let at = memchr::memmem::find(&file, hidden.as_bytes()).unwrap();
            Update::to(&file).at(number, 0, at).done()
        }),
        attack("shadow-switch/old-table-skipped", &[NoSignature], {
            let update = Update::to(order).stream(content(order), "", LIES);
            update.ended(|table, trailer, at| {
                let trailer = trailer.split("/Prev").next().unwrap().to_owned();
                format!("{table}trailer\n<<{trailer}>>\nstartxref\n{at}\n%%EOF\n")
            })
        }),
    ]
}

/// Object streams that put something before what was signed.
fn packed(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let container = Update::to(order).next();
    let other = body(order, PAGE).replace("[0 0 595.28 841.89]", "[0 0 9 9]");
    let catalog = with(&body(order, CATALOG), "/OpenAction[3 0 R/Fit]");
    let pack = |update: Update, objects: &[(u32, &str)]| update.packed(container, objects);
    vec![
        attack("shadow-packed/page", &[PageTreeChanged], {
            pack(Update::to(order), &[(PAGE, &other)]).done_with_stream()
        }),
        attack("shadow-packed/catalog", &[ActionChanged], {
            pack(Update::to(order), &[(CATALOG, &catalog)]).done_with_stream()
        }),
        attack(
            "shadow-packed/unlisted-inside",
            &[UnlistedObject, BrokenObject, BrokenReferences],
            {
                let update = pack(Update::to(order), &[(container + 2, "(x)"), (PAGE, &other)]);
                let file = update.done_with_stream();
                renamed(&file)
            },
        ),
        attack("shadow-packed/hybrid", &[HybridReferences], {
            let update = Update::to(order).stream(content(order), "", LIES);
            update.with_trailer("/XRefStm 15").done()
        }),
    ]
}

/// The object stream's own list says the numbers the other way round from the section.
fn renamed(file: &[u8]) -> Vec<u8> {
    let at = memchr::memmem::rfind(file, b"/Type/ObjStm").unwrap();
    let head = memchr::memmem::find(&file[at..], b"stream\n").unwrap() + at + 7;
    let mut file = file.to_vec();
    file[head] = if file[head] == b'9' { b'8' } else { b'9' };
    file
}
