//! A signature taken away, so that nothing seems to be wrong with what is left.

use spo::verify::Reason::*;

use super::base::{Base, CATALOG, FORM, Prepared, SIGNATURE, WIDGET};
use super::update::{Update, changed, put, swapped};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let removed: &[_] = &[SignatureRemoved];
    let other = |number, from: &str, to: &str| {
        Update::to(order).object(number, &changed(order, number, from, to)).done()
    };
    let certified = base.certified(1, &Prepared::default());
    let lie = super::base::LIES;
    vec![
        attack("removal/field-emptied", removed, other(WIDGET, "/V 11 0 R", "")),
        attack("removal/field-taken-from-the-form", removed, other(FORM, "[9 0 R]", "[]")),
        attack("removal/form-taken-away", removed, other(CATALOG, "/AcroForm 8 0 R", "")),
        attack("removal/form-freed", removed, Update::to(order).freed(FORM).done()),
        attack("removal/signature-freed", removed, Update::to(order).freed(SIGNATURE).done()),
        attack("removal/field-freed", removed, Update::to(order).freed(WIDGET).done()),
        attack("removal/kind-of-the-field", &[SignatureRemoved, FieldChanged], {
            other(WIDGET, "/FT/Sig", "/FT/Btn")
        }),
        attack("removal/value-null", removed, other(WIDGET, "/V 11 0 R", "/V null")),
        attack("removal/and-the-page-changed", removed, {
            let form = changed(order, FORM, "[9 0 R]", "[]");
            let update = Update::to(order).object(FORM, &form);
            update.stream(super::base::content(order), "", lie).done()
        }),
        attack("removal/whole-update-cut-off", &[NoSignature], {
            certified[..base.preview.len()].to_vec()
        }),
        attack("removal/never-signed", &[NoSignature], base.preview.clone()),
        attack("removal/made-plain-in-place", &[NoSignature, SignatureUnplaced], {
            swapped(order, "/V 11 0 R", "")
        }),
        attack("removal/hole-blank-and-field-emptied", &[SignatureRemoved], {
            let hole = super::update::hole(order);
            let blank = "0".repeat(hole.len() - 2);
            let file = put(order, hole.start + 1, blank.as_bytes());
            Update::to(&file).object(WIDGET, &changed(order, WIDGET, "/V 11 0 R", "")).done()
        }),
        attack("removal/other-signature-in-its-place", &[SignatureRemoved, SignatureChanged], {
            let next = Update::to(order).next();
            let named = format!("/V {next} 0 R");
            let field = changed(order, WIDGET, "/V 11 0 R", &named);
            let update = Update::to(order).object(WIDGET, &field);
            update.signed(next, super::base::SIGNING, &base.judge)
        }),
    ]
}
