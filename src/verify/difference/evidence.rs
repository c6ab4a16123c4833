//! Long-term data: certificates and answers that only grow in number. ETSI EN 319 142-1, 5.4.2.

use std::collections::BTreeSet;

use super::super::pdf::value::{Dictionary, Value};
use super::super::reason::Reason;
use super::Class;
use super::step::Step;

/// Nothing of the store may go; every new entry is a stream of its own and nothing else.
pub(super) fn compare(step: &mut Step<'_, '_>, slots: (&Value, &Value), root: u32) {
    let before = (step.changed.len(), step.added.len());
    let outcome = store(step, slots, root);
    let same = slots.0 == slots.1 && before == (step.changed.len(), step.added.len());
    match outcome {
        Ok(()) if same => {}
        Ok(()) => step.allow("catalog /DSS", Reason::EvidenceAdded, Class::Evidence),
        Err(reason) => step.refuse("catalog /DSS", reason),
    }
}

fn store(
    step: &mut Step<'_, '_>,
    (before, now): (&Value, &Value),
    root: u32,
) -> Result<(), Reason> {
    let (old, new) = (step.old.resolve(before), step.new.resolve(now));
    if new.is_null() {
        return Err(Reason::EvidenceRemoved);
    }
    let held = step.descend(before, now, root).ok_or(Reason::EvidenceRemoved)?;
    let old = old.or_empty();
    let new = new.dictionary().ok_or(Reason::EvidenceMalformed)?;
    if !new.only(&["Type", "Certs", "OCSPs", "CRLs", "VRI"]) || !type_stays(old, new, "DSS") {
        return Err(Reason::EvidenceMalformed);
    }
    for key in ["Certs", "OCSPs", "CRLs"] {
        list(step, (old.get(key), new.get(key)), held)?;
    }
    related(step, (old.get("VRI"), new.get("VRI")), held)
}

fn type_stays(old: &Dictionary, new: &Dictionary, name: &str) -> bool {
    let (before, now) = (old.get("Type"), new.get("Type"));
    before == now || (before.is_null() && now.is_name(name))
}

/// An array of streams: every old element is still there.
fn list(step: &mut Step<'_, '_>, (before, now): (&Value, &Value), held: u32) -> Result<(), Reason> {
    let (old, new) = (step.old.resolve(before), step.new.resolve(now));
    if new.is_null() {
        return if old.is_null() { Ok(()) } else { Err(Reason::EvidenceRemoved) };
    }
    step.descend(before, now, held).ok_or(Reason::EvidenceRemoved)?;
    if std::ptr::eq(old, new) {
        return Ok(());
    }
    if old.array().map_or(0, <[Value]>::len) > new.array().map_or(0, <[Value]>::len) {
        return Err(Reason::EvidenceRemoved);
    }
    let references = |value: &Value| -> Option<BTreeSet<_>> {
        value.array().unwrap_or_default().iter().map(Value::reference).collect()
    };
    let old = references(old).ok_or(Reason::EvidenceMalformed)?;
    let array = new.array().ok_or(Reason::EvidenceMalformed)?;
    let new = references(new).ok_or(Reason::EvidenceMalformed)?;
    if !old.is_subset(&new) {
        return Err(Reason::EvidenceRemoved);
    }
    array.iter().try_for_each(|item| stream(step, item))
}

/// A new stream with nothing in its dictionary but how it is packed; or one that was there.
fn stream(step: &mut Step<'_, '_>, item: &Value) -> Result<(), Reason> {
    let object = step.new.referred(item).ok_or(Reason::EvidenceMalformed)?;
    let dictionary = object.value.dictionary().filter(|_| object.stream.is_some());
    let dictionary = dictionary.ok_or(Reason::EvidenceMalformed)?;
    if !step.added.contains(&object.id.number) {
        return Ok(());
    }
    let direct = dictionary.entries().all(|(_, value)| value.reference().is_none());
    // No type: some readers draw on a stream that calls itself one of objects or of references.
    if !direct || !dictionary.only(&["Length", "Filter", "DecodeParms"]) {
        return Err(Reason::EvidenceMalformed);
    }
    step.explain(object.id.number);
    Ok(())
}

/// Data by signature: an entry that is there does not change at all.
fn related(
    step: &mut Step<'_, '_>,
    (before, now): (&Value, &Value),
    held: u32,
) -> Result<(), Reason> {
    let (old, new) = (step.old.resolve(before), step.new.resolve(now));
    if new.is_null() {
        return if old.is_null() { Ok(()) } else { Err(Reason::EvidenceRemoved) };
    }
    step.descend(before, now, held).ok_or(Reason::EvidenceRemoved)?;
    if std::ptr::eq(old, new) {
        return Ok(());
    }
    let old = old.or_empty();
    let new = new.dictionary().ok_or(Reason::EvidenceMalformed)?;
    if old.entries().any(|(key, value)| new.under(key) != Some(value)) {
        return Err(Reason::EvidenceRemoved);
    }
    let fresh = new.entries().filter(|(key, _)| old.under(key).is_none() && *key != b"Type");
    for (key, value) in fresh {
        let digest = key.len() == 40
            && key.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        if !digest {
            return Err(Reason::EvidenceMalformed);
        }
        entry(step, value, held)?;
    }
    Ok(())
}

/// Bytes of a date.
const LONGEST_TIME: usize = 64;

fn entry(step: &mut Step<'_, '_>, value: &Value, held: u32) -> Result<(), Reason> {
    step.descend(&Value::Null, value, held).ok_or(Reason::EvidenceMalformed)?;
    let entry = step.new.resolve(value).dictionary().ok_or(Reason::EvidenceMalformed)?;
    if !entry.only(&["Type", "Cert", "OCSP", "CRL", "TU", "TS"]) {
        return Err(Reason::EvidenceMalformed);
    }
    for key in ["Cert", "OCSP", "CRL"] {
        list(step, (&Value::Null, entry.get(key)), held)?;
    }
    let time = entry.get("TU");
    let told = time.text().is_some_and(|text| text.bytes.len() <= LONGEST_TIME);
    if !time.is_null() && !told {
        return Err(Reason::EvidenceMalformed);
    }
    match entry.get("TS") {
        Value::Null => Ok(()),
        token => stream(step, token),
    }
}
