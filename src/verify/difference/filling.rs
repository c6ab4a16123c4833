//! Fields that were there before: a signature in an empty signature field, values in others.
//! ISO 32000-1, 12.7.3.

use super::super::pdf::value::{Dictionary, Value};
use super::super::pdf::{Object, limits};
use super::super::reason::Reason;
use super::super::structure::takes_room;
use super::step::Step;
use super::{Class, signing};

/// Explains changed fields that the old form leads to.
pub(super) fn explain(step: &mut Step<'_, '_>) {
    let top = holder(step);
    let changed: Vec<u32> = step.changed.iter().copied().take(MOST).collect();
    for number in changed {
        let (Some(old), Some(new)) = (step.old.object(number), step.new.object(number)) else {
            continue;
        };
        let plain = old.stream.is_none() && new.stream.is_none();
        let (Some(before), Some(now)) = (old.value.dictionary(), new.value.dictionary()) else {
            continue;
        };
        let kind = if plain { top.and_then(|top| kind(step, old, top)) } else { None };
        let done = kind.and_then(|kind| match kind {
            b"Sig" => signed(step, before, now),
            _ => filled(step, before, now),
        });
        if let Some((reason, class)) = done {
            step.explain(number);
            step.allow(new.id, reason, class);
        }
    }
}

/// The object that holds the form's list of fields: the list itself, the form or the catalog.
fn holder(step: &Step<'_, '_>) -> Option<u32> {
    let root = step.old.trailer().get("Root").reference()?;
    let slot = step.old.catalog().get("AcroForm");
    let form = step.old.resolve(slot).dictionary()?;
    let holder = slot.reference().unwrap_or(root);
    Some(form.get("Fields").reference().unwrap_or(holder).number)
}

/// The field's type, its own or inherited, where its parents lead up to the form and down again.
fn kind<'f>(step: &Step<'f, '_>, field: &'f Object, top: u32) -> Option<&'f [u8]> {
    let mut at = field;
    let mut kind = None;
    for _ in 0..limits::DEEPEST {
        let dictionary = at.value.dictionary()?;
        kind = kind.or_else(|| step.old.follow(dictionary, "FT").name());
        if dictionary.get("Parent").is_null() {
            let listed = step.usage.is_named_by(at.id.number, top, step.old.revision);
            return if listed { kind } else { None };
        }
        let parent = step.old.referred(dictionary.get("Parent"))?;
        let kids = parent.value.dictionary()?.get("Kids");
        let holder = kids.reference().map_or(parent.id.number, |id| id.number);
        step.usage.is_named_by(at.id.number, holder, step.old.revision).then_some(())?;
        at = parent;
    }
    None
}

/// Whether two dictionaries are the same but for some keys.
fn same_but(old: &Dictionary, new: &Dictionary, keys: &[&[u8]]) -> bool {
    let kept = |(key, value): (&[u8], &Value), other: &Dictionary| {
        keys.contains(&key) || other.under(key) == Some(value)
    };
    old.entries().all(|entry| kept(entry, new)) && new.entries().all(|entry| kept(entry, old))
}

/// An empty signature field that was signed, with an appearance where it takes room.
fn signed(step: &mut Step<'_, '_>, old: &Dictionary, new: &Dictionary) -> Option<(Reason, Class)> {
    if !same_but(old, new, &[b"V", b"AP"]) || !step.old.follow(old, "V").is_null() {
        return None;
    }
    let visible = takes_room(step.new, new) || new.has("Kids");
    let (reason, class) = match new.get("V") {
        Value::Null => return None,
        value => signing::signature(step, value, visible)?,
    };
    if old.get("AP") == new.get("AP") {
        return Some((reason, class));
    }
    let drawn = class != Class::Evidence && appearance(step, new.get("AP"));
    drawn.then_some((reason, class))
}

/// Another value with its appearance.
fn filled(step: &mut Step<'_, '_>, old: &Dictionary, new: &Dictionary) -> Option<(Reason, Class)> {
    let value = matches!(
        new.get("V"),
        Value::Null | Value::Name(_) | Value::Text(_) | Value::Array(_) | Value::Integer(_)
    );
    let gone = new.get("V").is_null() && !old.get("V").is_null();
    if !value || gone || !same_but(old, new, &[b"V", b"AP", b"AS"]) {
        return None;
    }
    let drawn = old.get("AP") == new.get("AP") || appearance(step, new.get("AP"));
    drawn.then_some((Reason::FieldFilled, Class::Filling))
}

/// An appearance of new streams, which may lean on old objects and does nothing by itself. Old
/// streams stay as they are.
fn appearance(step: &mut Step<'_, '_>, value: &Value) -> bool {
    if let Some(id) = value.reference() {
        if !step.added.contains(&id.number) {
            return false;
        }
        step.explain(id.number);
    }
    let Some(states) = step.new.resolve(value).dictionary() else { return false };
    states.only(&["N", "R", "D"])
        && states.entries().all(|(_, state)| {
            let Some(object) = step.new.referred(state) else { return false };
            let fresh = step.added.contains(&object.id.number) && object.stream.is_some();
            step.explain(object.id.number);
            fresh && step.explain_below(object)
        })
}

/// Changed objects of one revision that are looked at.
const MOST: usize = 1000;
