//! Annotations that cover the text, fields that were not there, values that are not shown.

use spo::verify::Reason::*;

use super::base::{Base, CATALOG, FORM, PAGE, Prepared, SIGNING, WIDGET, certifying, with};
use super::update::{Update, body, changed};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let mut attacks = annotations(base);
    attacks.extend(signatures(base));
    attacks.extend(values(base));
    attacks
}

fn annotations(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let number = Update::to(order).next();
    let page = with(&body(order, PAGE), &format!("/Annots[{number} 0 R]"));
    let over = |kind: &str, more: &str| {
        let annotation = format!("<</Type/Annot/Subtype/{kind}/F 4/Rect[50 50 500 700]{more}>>");
        Update::to(order).object(PAGE, &page).object(number, &annotation).done()
    };
    let evil = |name: &str, kind: &str, more: &str| {
        let name = format!("evil-annotation/{name}");
        attack(&name, &[AnnotationAdded], over(kind, more))
    };
    let direct = with(&body(order, PAGE), "/Annots[<</Type/Annot/Subtype/Square/Rect[0 0 9 9]>>]");
    let moved = changed(order, WIDGET, "/Rect[", "/Rect[9 ").replacen(" 249.39", "", 1);
    let permissive = base.certified(3, &Prepared::default());
    let sealed = last_page(order);
    let fewer = changed(order, sealed, &format!("[{WIDGET} 0 R]"), "[]");
    vec![
        evil("free-text", "FreeText", "/DA(/F0 12 Tf)/Contents(The order has ended)"),
        evil("stamp", "Stamp", "/Name/Expired"),
        evil("redaction", "Redact", "/OverlayText(Nothing)/IC[1 1 1]"),
        evil("highlight", "Highlight", "/QuadPoints[50 700 500 700 50 50 500 50]/C[0 0 0]"),
        evil("link", "Link", "/A<</S/URI/URI(http://court.example/)>>"),
        evil("note", "Text", "/Contents(ended)"),
        evil("picture-without-flags", "Stamp", "/AP<</N 10 0 R>>"),
        attack("evil-annotation/written-in-the-page", &[AnnotationAdded], {
            Update::to(order).object(PAGE, &direct).done()
        }),
        attack("evil-annotation/under-permission-3", &[AnnotationAdded, AnnotationChanged], {
            let number = Update::to(&permissive).next();
            let page = changed(&permissive, PAGE, "/Annots[", &format!("/Annots[{number} 0 R "));
            let text = "<</Type/Annot/Subtype/FreeText/F 4/Rect[50 50 500 700]/Contents(ended)>>";
            Update::to(&permissive).object(PAGE, &page).object(number, text).done()
        }),
        attack("evil-annotation/widget-moved", &[FieldChanged, AppearanceChanged], {
            Update::to(order).object(WIDGET, &moved).done()
        }),
        attack("evil-annotation/widget-hidden", &[FieldChanged], {
            let hidden = changed(order, WIDGET, "/F 132", "/F 2");
            Update::to(order).object(WIDGET, &hidden).done()
        }),
        attack(
            "evil-annotation/seal-taken-from-the-page",
            &[AnnotationChanged, AnnotationAdded],
            Update::to(order).object(sealed, &fewer).done(),
        ),
    ]
}

/// The page that bears the seal.
fn last_page(order: &[u8]) -> u32 {
    super::update::reference(&body(order, WIDGET), "/P ")
}

/// The order with a field of another signature, before the signature's dictionary.
fn with_field(order: &[u8], widget: &str) -> Update {
    let field = Update::to(order).next();
    let form = changed(order, FORM, "[9 0 R]", &format!("[9 0 R {field} 0 R]"));
    let page = with(&body(order, PAGE), &format!("/Annots[{field} 0 R]"));
    let text = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Other)/P 3 0 R{widget}>>");
    Update::to(order).object(FORM, &form).object(PAGE, &page).object(field, &text)
}

fn signatures(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let sign = Update::to(order).next() + 1;
    let value = format!("/V {sign} 0 R");
    let unseen = format!("/F 132/Rect[0 0 0 0]{value}");
    let seen = format!("/F 4/Rect[50 50 500 700]{value}/AP<</N 10 0 R>>");
    let added: &[_] = &[FieldAdded, FieldChanged, SignatureAdded];
    let stamping = "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161";
    let stamp = |covered: &[u8]| base.stamper.stamp(covered, crate::harness::now());
    vec![
        attack("sneaky-signature/empty-field-seen", added, {
            with_field(order, "/F 4/Rect[50 50 500 700]/AP<</N 10 0 R>>").done()
        }),
        attack("sneaky-signature/signed-field-seen", added, {
            with_field(order, &seen).signed(sign, SIGNING, &base.judge)
        }),
        attack("sneaky-signature/signed-field-unseen", added, {
            with_field(order, &unseen).signed(sign, SIGNING, &base.judge)
        }),
        attack("sneaky-signature/second-certification", &[FieldAdded, SignatureAdded], {
            with_field(order, &unseen).signed(sign, &certifying(3), &base.judge)
        }),
        attack("sneaky-signature/timestamp-seen", added, {
            with_field(order, &seen).signed_by(sign, stamping, stamp)
        }),
        attack("sneaky-signature/by-a-stranger", &[SignatureAdded, NoPath], {
            with_field(order, &unseen).signed(sign, SIGNING, &base.stranger)
        }),
        attack("sneaky-signature/text-field", added, {
            let text = with_field(order, "/F 4/Rect[50 50 500 700]/V(ended)");
            let file = text.done();
            super::update::swapped(&file, "/FT/Sig/T(Other)", "/FT/Tx/T(Other)")
        }),
        attack("sneaky-signature/shares-the-seal", &[SignatureShared, FieldAdded], {
            with_field(order, "/F 132/Rect[0 0 0 0]/V 11 0 R").done()
        }),
        attack(
            "sneaky-signature/field-named-twice",
            &[SignatureShared, FieldChanged, FieldAdded],
            {
                let form = changed(order, FORM, "[9 0 R]", "[9 0 R 9 0 R]");
                Update::to(order).object(FORM, &form).done()
            },
        ),
    ]
}

/// A form that was there, certified so that nothing may be filled in.
fn values(base: &Base) -> Vec<Attack> {
    let next = Update::to(&base.preview).next();
    let (text, shown) = (next, next + 1);
    let field = format!(
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Until)/F 4/P 3 0 R/Rect[90 90 200 110]\
         /DA(/F0 9 Tf)/V(2028)/AP<</N {shown} 0 R>>>>"
    );
    let picture = |word: &str| {
        let drawn = format!("BT /F0 9 Tf ({word}) Tj ET");
        format!(
            "<</Subtype/Form/BBox[0 0 90 20]/Length {}>>stream\n{drawn}\nendstream",
            drawn.len()
        )
    };
    let prepared = || Prepared {
        objects: vec![(text, field.clone()), (shown, picture("2028"))],
        annotations: format!("{text} 0 R"),
        fields: format!("{text} 0 R"),
        form: "/DA(/F0 9 Tf)".to_owned(),
        ..Prepared::default()
    };
    let file = base.certified(1, &prepared());
    let other = field.replace("(2028)", "(2026)");
    let filling = base.certified(2, &prepared());
    let default = changed(&file, CATALOG, "/DA(/F0 9 Tf)", "/DA(/F0 0 Tf)");
    let filled: &[_] = &[FieldFilled, FieldChanged, AppearanceChanged];
    vec![
        attack(
            "form/value-without-appearance",
            filled,
            Update::to(&file).object(text, &other).done(),
        ),
        attack("form/appearance-without-value", &[AppearanceChanged, ContentChanged], {
            Update::to(&file).object(shown, &picture("2026")).done()
        }),
        attack("form/value-and-appearance", filled, {
            Update::to(&file).object(text, &other).object(shown, &picture("2026")).done()
        }),
        attack("form/default-appearance", &[FormChanged, CatalogChanged], {
            Update::to(&file).object(CATALOG, &default).done()
        }),
        attack("form/kind-of-the-field-under-permission-2", &[FieldChanged], {
            let other = field.replace("/FT/Tx", "/FT/Ch");
            Update::to(&filling).object(text, &other).done()
        }),
        attack("form/field-moved-under-permission-2", &[FieldChanged, AppearanceChanged], {
            let other = field.replace("[90 90 200 110]", "[0 0 600 800]");
            Update::to(&filling).object(text, &other).done()
        }),
        attack("form/action-under-permission-2", &[ActionChanged, FieldChanged], {
            let other = with(&field, "/AA<</K<</S/JavaScript/JS(app.alert)>>>>");
            Update::to(&filling).object(text, &other).done()
        }),
    ]
}
