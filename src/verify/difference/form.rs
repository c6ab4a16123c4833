//! The form: its list of fields may grow by signature fields that take no room, and the pages'
//! lists of annotations by the same. ISO 32000-1, 12.7.2 and 12.7.4.5.

use std::collections::BTreeSet;

use super::super::pdf::value::{Dictionary, Id, NULL, Value};
use super::super::reason::Reason;
use super::super::structure::takes_room;
use super::step::Step;
use super::{Class, catalog, signing};

/// All entries of the form stay but `/Fields` and `/SigFlags`.
pub(super) fn compare(step: &mut Step<'_, '_>, (before, now): (&Value, &Value), root: u32) {
    let (old, new) = (step.old.resolve(before), step.new.resolve(now));
    let held = step.descend(before, now, root);
    let (Some(held), Some(new)) = (held, new.dictionary()) else {
        step.refuse("catalog /AcroForm", Reason::FormChanged);
        return;
    };
    let old = old.or_empty();
    for key in catalog::keys(old, new, &[b"Fields"]) {
        let slots = (old.under(key).unwrap_or(NULL), new.under(key).unwrap_or(NULL));
        let right = match key {
            b"Fields" => fields(step, slots, held),
            b"SigFlags" => flags(slots),
            _ => std::ptr::eq(slots.0, slots.1) || slots.0 == slots.1,
        };
        if !right {
            let place = format!("catalog /AcroForm /{}", String::from_utf8_lossy(key));
            let reason = if key == b"Fields" { Reason::FieldChanged } else { Reason::FormChanged };
            step.refuse(place, reason);
        }
    }
}

/// Bits may be set: signatures exist, the file is only appended to. Table 219.
fn flags((before, now): (&Value, &Value)) -> bool {
    let old = before.integer().unwrap_or(0);
    before == now || now.integer().is_some_and(|new| (0..=3).contains(&new) && new & old == old)
}

/// The old fields in their order, then new ones.
fn fields(step: &mut Step<'_, '_>, (before, now): (&Value, &Value), held: u32) -> bool {
    let (old, new) = (step.old.resolve(before), step.new.resolve(now));
    if step.descend(before, now, held).is_none() {
        return false;
    }
    if std::ptr::eq(old, new) {
        return true;
    }
    let old = old.array().unwrap_or_default();
    let Some(new) = new.array().filter(|new| new.starts_with(old)) else { return false };
    let mut names = names(step, old);
    for field in &new[old.len()..] {
        match added(step, field, &mut names) {
            Ok(()) => {}
            Err(id) => step.refuse(id, Reason::FieldAdded),
        }
    }
    true
}

/// The names of the fields at the top.
fn names(step: &Step<'_, '_>, fields: &[Value]) -> BTreeSet<Box<[u8]>> {
    let names = fields.iter().filter_map(|field| {
        let field = step.old.resolve(field).dictionary()?;
        step.old.follow(field, "T").text().map(|text| text.bytes.clone())
    });
    names.collect()
}

/// A new signature field of no area, merged with its widget, under a name of its own.
fn added(
    step: &mut Step<'_, '_>,
    field: &Value,
    names: &mut BTreeSet<Box<[u8]>>,
) -> Result<(), String> {
    let fault = || field.reference().map_or_else(|| "/AcroForm".to_owned(), |id| id.to_string());
    let object = step.new.referred(field).filter(|object| object.stream.is_none());
    let object =
        object.filter(|object| step.added.contains(&object.id.number)).ok_or_else(fault)?;
    let dictionary = object.value.dictionary().ok_or_else(fault)?;
    let name = dictionary.get("T").text().ok_or_else(fault)?;
    let fits = dictionary.only(KEYS)
        && dictionary.get("FT").is_name("Sig")
        && (dictionary.get("TU").is_null() || dictionary.get("TU").text().is_some())
        && is_widget(step, dictionary)
        && !takes_room(step.new, dictionary)
        && !name.bytes.contains(&b'.')
        && names.insert(name.bytes.clone());
    if !fits {
        return Err(fault());
    }
    step.explain(object.id.number);
    step.widgets.insert(object.id.number);
    let (reason, class) = match dictionary.get("V") {
        Value::Null => (Reason::FieldAdded, Class::Signing),
        value => signing::signature(step, value, false).ok_or_else(fault)?,
    };
    step.allow(object.id, reason, class);
    Ok(())
}

fn is_widget(step: &Step<'_, '_>, field: &Dictionary) -> bool {
    let page = step.old.resolve(field.get("P"));
    let on_page = page.dictionary().is_some_and(|page| page.get("Type").is_name("Page"));
    let typed = matches!(field.get("Type"), Value::Null) || field.get("Type").is_name("Annot");
    typed
        && (field.get("P").is_null() || on_page)
        && (field.get("Subtype").is_null() || field.get("Subtype").is_name("Widget"))
        && (field.get("F").is_null() || field.get("F").integer().is_some())
        && field.get("Rect").reference().is_none()
}

/// Pages, and arrays of annotations that one page names, that grew by accepted widgets.
pub(super) fn annotations(step: &mut Step<'_, '_>) {
    let changed: Vec<u32> = step.changed.iter().copied().collect();
    for number in changed {
        let (Some(old), Some(new)) = (step.old.object(number), step.new.object(number)) else {
            continue;
        };
        if !step.changed.contains(&number) || old.stream.is_some() || new.stream.is_some() {
            continue;
        }
        match (&old.value, &new.value) {
            (Value::Dictionary(before), Value::Dictionary(now))
                if before.get("Type").is_name("Page") =>
            {
                page(step, (before, now), new.id);
            }
            (Value::Array(before), Value::Array(now)) => {
                let page = step.usage.only_page(number, step.old.revision);
                let page = page.and_then(|page| step.old.object(page));
                let of_page = page
                    .and_then(|page| page.value.dictionary())
                    .is_some_and(|page| page.get("Type").is_name("Page"));
                if of_page && grown(step, before, now) {
                    step.explain(number);
                }
            }
            _ => {}
        }
    }
}

/// A page that differs in nothing but its list of annotations.
fn page(step: &mut Step<'_, '_>, (old, new): (&Dictionary, &Dictionary), id: Id) {
    let differs = |(key, value): (&[u8], &Value), other: &Dictionary| {
        key != b"Annots" && other.under(key) != Some(value)
    };
    let other = old.entries().any(|entry| differs(entry, new))
        || new.entries().any(|entry| differs(entry, old));
    if other {
        return;
    }
    let (before, now) = (old.get("Annots"), new.get("Annots"));
    let arrays = (step.old.resolve(before), step.new.resolve(now));
    let grown = match arrays {
        (Value::Null, Value::Array(now)) => grown(step, &[], now),
        (Value::Array(before), Value::Array(now)) => grown(step, before, now),
        _ => false,
    };
    if grown && step.descend(before, now, id.number).is_some() {
        step.explain(id.number);
    }
}

/// The old annotations in their order, then accepted widgets, each on one page once.
fn grown(step: &mut Step<'_, '_>, before: &[Value], now: &[Value]) -> bool {
    let Some(more) = now.strip_prefix(before) else { return false };
    more.iter().all(|annotation| {
        let number = annotation.reference().map_or(0, |id| id.number);
        step.widgets.remove(&number)
    })
}

/// What a field of no room needs. No appearance, no action, no kids.
const KEYS: &[&str] = &["Type", "Subtype", "FT", "T", "TU", "V", "F", "P", "Rect"];
