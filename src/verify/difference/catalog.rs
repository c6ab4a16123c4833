//! The catalog: every entry stays, but for three that have rules of their own. ISO 32000-1, 7.7.2.

use std::collections::BTreeSet;

use super::super::pdf::value::{Dictionary, NULL, Value};
use super::super::reason::Reason;
use super::step::Step;
use super::{Class, evidence, form, naming};

pub(super) fn compare(step: &mut Step<'_, '_>) {
    let root = step.new.trailer().get("Root").reference().map(|id| id.number);
    let same = step.old.trailer().get("Root") == step.new.trailer().get("Root");
    // Another root is a fault of the trailer; nothing below it can be compared then.
    let Some(root) = root.filter(|_| same) else { return };
    let (old, new) = (step.old.catalog(), step.new.catalog());
    for key in keys(old, new, &[b"AcroForm", b"DSS", b"Extensions"]) {
        let slots = (old.under(key).unwrap_or(NULL), new.under(key).unwrap_or(NULL));
        match key {
            b"DSS" => evidence::compare(step, slots, root),
            b"Extensions" => extensions(step, slots, root),
            b"AcroForm" => form::compare(step, slots, root),
            _ if std::ptr::eq(slots.0, slots.1) || slots.0 == slots.1 => {}
            _ => {
                let place = format!("catalog /{}", String::from_utf8_lossy(key));
                step.refuse(place, naming::catalog(key));
            }
        }
    }
    let plain = step.new.object(root).is_some_and(|object| object.stream.is_none());
    if plain && step.new.resolve(step.new.trailer().get("Root")).dictionary().is_some() {
        step.explain(root);
    }
}

/// The keys of both; of the same dictionary only those that may lead to something changed.
pub(super) fn keys<'v>(
    old: &'v Dictionary,
    new: &'v Dictionary,
    leading: &[&'v [u8]],
) -> BTreeSet<&'v [u8]> {
    if std::ptr::eq(old, new) {
        return leading.iter().copied().filter(|key| old.under(key).is_some()).collect();
    }
    old.entries().chain(new.entries()).map(|(key, _)| key).collect()
}

/// What the long-term levels say of themselves: entries may come, none may go or change.
/// ISO 32000-1, 7.12.
fn extensions(step: &mut Step<'_, '_>, (before, now): (&Value, &Value), root: u32) {
    let (old, new) = (step.old.resolve(before), step.new.resolve(now));
    let held = step.descend(before, now, root).is_some();
    if std::ptr::eq(old, new) || old == new {
        return;
    }
    let old = old.or_empty();
    let grows = held
        && new.dictionary().is_some_and(|new| {
            let kept = old.entries().all(|(key, value)| new.under(key) == Some(value));
            kept && new.entries().all(|(key, value)| {
                old.under(key).is_some() || key == b"Type" || is_extension(value)
            })
        });
    if grows {
        step.allow("catalog /Extensions", Reason::ExtensionsAdded, Class::Evidence);
    } else {
        step.refuse("catalog /Extensions", Reason::CatalogChanged);
    }
}

/// One developer's extension, or several, each written in place.
fn is_extension(value: &Value) -> bool {
    let one = |value: &Value| {
        value.dictionary().is_some_and(|dictionary| {
            dictionary.only(&["Type", "BaseVersion", "ExtensionLevel", "ExtensionRevision", "URL"])
                && dictionary.entries().all(|(_, value)| {
                    matches!(value, Value::Name(_) | Value::Integer(_) | Value::Text(_))
                })
        })
    };
    value.array().map_or_else(|| one(value), |items| items.iter().all(one))
}
