//! Long-term data emptied, exchanged or used to carry something else.

use spo::verify::Reason::*;

use super::base::{Base, CATALOG, FORM, PAGE, with};
use super::update::{Update, body, changed, raw_body, swapped};
use super::{Attack, attack};
use crate::harness::now;

/// An order with long-term data and a document timestamp, made without a service; whole.
pub struct Kept {
    pub stored: Vec<u8>,
    pub archived: Vec<u8>,
    store: u32,
}

pub fn kept(base: &Base) -> Kept {
    let order = &base.order;
    let next = Update::to(order).next();
    let [store, first, second, list] = [next, next + 1, next + 2, next + 3];
    let says = format!(
        "<</Type/DSS/Certs[{first} 0 R {second} 0 R]/CRLs[{list} 0 R]\
         /VRI<</0123456789ABCDEF0123456789ABCDEF01234567<</Cert[{first} 0 R]>>>>>>"
    );
    let catalog = with(&body(order, CATALOG), &format!("/DSS {store} 0 R"));
    let stored = Update::to(order)
        .object(CATALOG, &catalog)
        .object(store, &says)
        .stream(first, "", &base.court.certificate)
        .stream(second, "", &base.stamper.certificate)
        .stream(list, "", &base.court.list(&base.stranger, now()))
        .done();
    let archived = archive(base, &stored);
    Kept { stored, archived, store }
}

/// With a document timestamp of the court's.
pub fn archive(base: &Base, file: &[u8]) -> Vec<u8> {
    archive_saying(base, file, "")
}

/// The same, with more entries in its dictionary.
pub fn archive_saying(base: &Base, file: &[u8], more: &str) -> Vec<u8> {
    let field = Update::to(file).next();
    let sign = field + 1;
    let form = changed(file, FORM, "]", &format!(" {field} 0 R]"));
    let free = |page: &u32| !body(file, *page).contains("/Annots");
    let number = (PAGE..).find(free).unwrap();
    let page = with(&body(file, number), &format!("/Annots[{field} 0 R]"));
    let widget = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Stamp{field})/F 132/P {number} 0 R/Rect[0 0 0 0]\
         /V {sign} 0 R>>"
    );
    let stamping = "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161";
    let stamping = &format!("{stamping}{more}");
    Update::to(file).object(FORM, &form).object(number, &page).object(field, &widget).signed_by(
        sign,
        stamping,
        |covered| base.stamper.stamp(covered, now()),
    )
}

pub fn attacks(base: &Base) -> Vec<Attack> {
    let kept = kept(base);
    let (file, store) = (&kept.archived, kept.store);
    let [first, list] = [store + 1, store + 3];
    let other = |number, text: &str| Update::to(file).object(number, text).done();
    let gone: &[_] = &[EvidenceRemoved];
    let says = body(file, store);
    let stands = format!("/DSS {store} 0 R");
    let sign = Update::to(&kept.stored).next() + 1;
    let empty = "/CRLs[]".to_owned();
    vec![
        attack("evidence/emptied", gone, other(store, "<</Type/DSS>>")),
        attack("evidence/removed", gone, other(CATALOG, &changed(file, CATALOG, &stands, ""))),
        attack("evidence/lists-emptied", gone, {
            other(store, &changed(file, store, &format!("/CRLs[{list} 0 R]"), &empty))
        }),
        attack("evidence/entry-of-a-signature-changed", gone, {
            let from = format!("<</Cert[{first} 0 R]>>");
            other(store, &changed(file, store, &from, "<<>>"))
        }),
        attack("evidence/another-store", gone, {
            let next = Update::to(file).next();
            let catalog = changed(file, CATALOG, &stands, &format!("/DSS {next} 0 R"));
            Update::to(file).object(CATALOG, &catalog).object(next, &says).done()
        }),
        attack("evidence/certificate-exchanged", &[ObjectChanged, EvidenceRemoved], {
            Update::to(file).stream(first, "", &base.stranger.certificate).done()
        }),
        attack("evidence/list-freed", &[ObjectFreed], Update::to(file).freed(list).done()),
        attack("evidence/page-content-as-a-certificate", &[EvidenceMalformed], {
            let text = changed(file, store, "/Certs[", "/Certs[3 0 R ");
            other(store, &text)
        }),
        attack("evidence/something-rides-along", &[EvidenceMalformed], {
            let next = Update::to(file).next();
            let text = changed(file, store, "/Certs[", &format!("/Certs[{next} 0 R "));
            Update::to(file).object(store, &text).stream(next, "/Evil 3 0 R", b"x").done()
        }),
        attack(
            "evidence/unknown-entry",
            &[EvidenceMalformed],
            other(store, &with(&says, "/JS(x)")),
        ),
        attack("evidence/timestamp-removed", &[SignatureRemoved], {
            let form = raw_body(&kept.stored, FORM).to_vec();
            Update::to(file).written(FORM, 0, &form).done()
        }),
        attack("evidence/timestamp-emptied", &[SignatureRemoved, FieldChanged], {
            let field = sign - 1;
            let value = format!("/V {sign} 0 R");
            other(field, &changed(file, field, &value, ""))
        }),
        attack("evidence/document-changed-below-the-timestamp", &[DigestMismatch], {
            swapped(file, "/Reason(Stalking", "/Reason(Talking")
        }),
        attack("evidence/timestamp-of-other-bytes", &[TimestampImprint], {
            let other = base.stamper.stamp(b"other bytes", now());
            super::update::filled(file, &other)
        }),
    ]
}
