//! One signature dictionary, held against the file around it. ISO 32000-1, 12.8.1 and 12.8.2.

use super::super::pdf::value::{Dictionary, Value};
use super::super::pdf::{File, Object, Place, State};
use super::super::reason::{Finding, Reason};
use super::super::report::Kind;
use super::fields::{self, Signed};
use super::{Placed, date};

/// Reads what a field names as its signature, as `revision` has it; `walks` are the signed fields
/// of each revision.
pub(super) fn read(
    file: &File<'_>,
    field: &Signed<'_>,
    (revision, walks): (usize, &[Vec<Signed<'_>>]),
) -> Placed {
    let state = file.at(revision);
    let mut placed = Placed {
        field: field.name.clone(),
        field_object: field.object.id.number,
        object: 0,
        kind: Kind::Approval,
        permission: None,
        locks_fields: false,
        visible: is_visible(state, field.object),
        byte_range: None,
        hole: 0..0,
        contents: Vec::new(),
        covered_end: 0,
        signed_revision: None,
        claimed_time: None,
        sub_filter: String::new(),
        findings: Vec::new(),
    };
    let object = state.referred(field.value).filter(|object| object.stream.is_none());
    let found = object.and_then(|object| Some((object, object.value.dictionary()?)));
    let Some((object, dictionary)) = found else {
        let place = format_args!("{} /V", field.object.id);
        placed.findings.push(Finding::fatal(Reason::FieldsMalformed, place));
        return placed;
    };
    placed.object = object.id.number;
    claims(&mut placed, state, dictionary);
    match cover(file, object, dictionary, &mut placed) {
        Ok(()) => stands(file, walks, (field, object), &mut placed),
        Err(reason) => placed.findings.push(Finding::fatal(reason, object.id)),
    }
    kind(file, &mut placed, state, dictionary);
    placed
}

/// What the dictionary says of itself.
fn claims(placed: &mut Placed, state: State<'_, '_>, dictionary: &Dictionary) {
    let time = state.follow(dictionary, "M").text();
    placed.claimed_time = time.and_then(|text| date::instant(&text.bytes));
    let name = state.follow(dictionary, "SubFilter").name().unwrap_or_default();
    placed.sub_filter = fields::plain(name);
}

/// The byte range and the hole in it.
fn cover(
    file: &File<'_>,
    object: &Object,
    dictionary: &Dictionary,
    placed: &mut Placed,
) -> Result<(), Reason> {
    let range = match dictionary.get("ByteRange") {
        Value::Null => return Err(Reason::ByteRangeMissing),
        value => value.array().ok_or(Reason::ByteRangeMalformed)?,
    };
    let range: Option<Vec<usize>> = range.iter().map(Value::index).collect();
    let range = range.and_then(|range| <[usize; 4]>::try_from(range).ok());
    let range = range.ok_or(Reason::ByteRangeMalformed)?;
    placed.byte_range = Some(range);
    let [start, length, behind, last] = range;
    let end = behind.checked_add(last).filter(|end| *end <= file.bytes().len());
    let end = end.ok_or(Reason::ByteRangeMalformed)?;
    if start != 0 || behind <= length || last == 0 {
        return Err(Reason::ByteRangeMalformed);
    }
    let contents = dictionary.get("Contents").text().ok_or(Reason::ContentsMissing)?;
    let hole = contents.place();
    let own = matches!(&object.place, Place::File(place)
        if place.start <= hole.start && hole.end <= place.end);
    if hole != (length..behind) || !own || !is_hole(&file.bytes()[hole.clone()]) {
        return Err(Reason::HoleNotContents);
    }
    if contents.bytes.iter().all(|byte| *byte == 0) {
        return Err(Reason::ContentsMissing);
    }
    let revision = file
        .revisions()
        .iter()
        .position(|revision| (revision.mark_end..=revision.end).contains(&end));
    placed.hole = hole;
    placed.contents = contents.bytes.to_vec();
    placed.covered_end = end;
    placed.signed_revision = Some(revision.ok_or(Reason::ByteRangeMalformed)?);
    Ok(())
}

/// One hexadecimal string: whole bytes, nothing between the digits.
fn is_hole(written: &[u8]) -> bool {
    let [b'<', digits @ .., b'>'] = written else { return false };
    digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit)
}

/// The same signature must stand in the file as it was signed, in the same field, and be written
/// in the last revision that it covers.
fn stands(
    file: &File<'_>,
    walks: &[Vec<Signed<'_>>],
    (field, object): (&Signed<'_>, &Object),
    placed: &mut Placed,
) {
    let Some(revision) = placed.signed_revision else { return };
    let then = file.at(revision);
    let same = then.object(object.id.number).is_some_and(|known| std::ptr::eq(known, object));
    let named = walks.get(revision).into_iter().flatten().any(|known| {
        known.object.id == field.object.id
            && known.name == field.name
            && known.value.reference() == Some(object.id)
    });
    if !same || !named || file.revision_of(object) != revision {
        placed.findings.push(Finding::fatal(Reason::NotInSignedRevision, object.id));
    }
}

/// Certification, approval or timestamp; what it allows, and whether the catalog agrees.
fn kind(file: &File<'_>, placed: &mut Placed, state: State<'_, '_>, dictionary: &Dictionary) {
    let stamp = state.follow(dictionary, "Type").is_name("DocTimeStamp");
    let token = placed.sub_filter == "ETSI.RFC3161";
    let mismatch =
        Finding::fatal(Reason::CertificationMismatch, format_args!("{} 0 R", placed.object));
    let then = placed.signed_revision.map_or(state, |revision| file.at(revision));
    let certified = state.follow(then.catalog(), "Perms").dictionary();
    let certified = certified.and_then(|perms| perms.get("DocMDP").reference());
    let named = certified.is_some_and(|id| id.number == placed.object);
    match references(placed, state, dictionary) {
        Err(()) => placed.findings.push(mismatch.clone()),
        Ok(()) if named && placed.permission.is_none() => placed.findings.push(mismatch.clone()),
        Ok(()) => {}
    }
    if stamp != token || (stamp && placed.permission.is_some()) {
        placed.findings.push(mismatch);
    }
    placed.kind = match (stamp, named) {
        (true, _) => Kind::DocumentTimestamp,
        (false, true) => Kind::Certification,
        (false, false) => Kind::Approval,
    };
}

/// The signature's references: ISO 32000-1, tables 253 to 256.
fn references(
    placed: &mut Placed,
    state: State<'_, '_>,
    dictionary: &Dictionary,
) -> Result<(), ()> {
    let references = match state.follow(dictionary, "Reference") {
        Value::Null => return Ok(()),
        value => value.array().filter(|list| list.len() <= REFERENCES).ok_or(())?,
    };
    for reference in references {
        let reference = state.resolve(reference).dictionary().ok_or(())?;
        let params = state.follow(reference, "TransformParams");
        let method = state.follow(reference, "TransformMethod");
        placed.locks_fields |= method.is_name("FieldMDP");
        if !method.is_name("DocMDP") {
            continue;
        }
        let permission = match params.dictionary().map(|params| state.follow(params, "P")) {
            None | Some(Value::Null) => 2,
            Some(value) => value.index().and_then(|p| u8::try_from(p).ok()).ok_or(())?,
        };
        if !(1..=3).contains(&permission) || placed.permission.is_some() {
            return Err(());
        }
        placed.permission = Some(permission);
    }
    Ok(())
}

/// Whether the field's widget, or one of its kids', takes room on a page.
fn is_visible(state: State<'_, '_>, field: &Object) -> bool {
    let Some(field) = field.value.dictionary() else { return true };
    let kids = state.follow(field, "Kids").array().unwrap_or_default();
    if kids.len() > REFERENCES {
        return true;
    }
    let kids = kids.iter().filter_map(|kid| state.resolve(kid).dictionary());
    std::iter::once(field).chain(kids).any(|widget| takes_room(state, widget))
}

/// Whether a widget's rectangle has an area. Flags that hide it don't count: another revision, or
/// another reader, may not heed them.
pub(in crate::verify) fn takes_room(state: State<'_, '_>, widget: &Dictionary) -> bool {
    let Some(rectangle) = state.follow(widget, "Rect").array() else {
        return widget.has("Rect");
    };
    let numbers: Vec<f64> = rectangle.iter().filter_map(|n| state.resolve(n).number()).collect();
    match numbers.as_slice() {
        [left, bottom, right, top] => (right - left) != 0.0 && (top - bottom) != 0.0,
        _ => true,
    }
}

/// References of a signature, and widgets of its field, that are looked at.
const REFERENCES: usize = 16;
