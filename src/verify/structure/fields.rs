//! The walk of the form's fields. ISO 32000-1, 12.7.2 and 12.7.3.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::pdf::limits::DEEPEST;
use super::super::pdf::value::{Dictionary, Value};
use super::super::pdf::{Object, State};
use super::super::reason::{Finding, Reason, add};

/// How many fields all walks of a file together may pass.
pub(super) const STEPS: usize = 1_000_000;

/// A signature field with a signature.
#[derive(Debug, Clone)]
pub(super) struct Signed<'f> {
    pub name: String,
    pub object: &'f Object,
    /// The signature's value as it stands in the field.
    pub value: &'f Value,
}

/// Fields beside each other, and what they inherit.
struct Frame<'f> {
    kids: std::slice::Iter<'f, Value>,
    parent: Option<u32>,
    name: Rc<str>,
    signs: bool,
}

/// Every signed signature field of a state, in the order of the form.
pub(super) fn walk<'f>(
    state: State<'f, '_>,
    steps: &mut usize,
    findings: &mut Vec<Finding>,
) -> Vec<Signed<'f>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut frames = vec![root(state, findings)];
    while let Some(frame) = frames.last_mut() {
        let Some(value) = frame.kids.next() else {
            frames.pop();
            continue;
        };
        if *steps == 0 {
            add(findings, Finding::fatal(Reason::TooMany, "fields"));
            return found;
        }
        *steps -= 1;
        match visit(state, value, frame, &mut seen) {
            Ok((below, signed)) => {
                *steps = steps.saturating_sub(signed.iter().len() * COST);
                found.extend(signed);
                frames.push(below);
            }
            Err(fault) => add(findings, fault),
        }
        if frames.len() > DEEPEST {
            add(findings, Finding::fatal(Reason::TooDeep, "fields"));
            frames.pop();
        }
    }
    found
}

/// The elements of the form's `/Fields`.
fn root<'f>(state: State<'f, '_>, findings: &mut Vec<Finding>) -> Frame<'f> {
    let form = state.follow(state.catalog(), "AcroForm");
    let fields = form.dictionary().map(|form| state.follow(form, "Fields"));
    let fields = fields.and_then(Value::array);
    if fields.is_none() && !form.is_null() {
        add(findings, Finding::fatal(Reason::FieldsMalformed, "/AcroForm"));
    }
    let kids = fields.unwrap_or_default().iter();
    Frame { kids, parent: None, name: Rc::from(""), signs: false }
}

/// One field: its own signature, where it has one, and its kids.
fn visit<'f>(
    state: State<'f, '_>,
    value: &'f Value,
    above: &Frame<'f>,
    seen: &mut BTreeSet<u32>,
) -> Result<(Frame<'f>, Option<Signed<'f>>), Finding> {
    let fault = |place: String| Finding::fatal(Reason::FieldsMalformed, place);
    let object = state.referred(value).ok_or_else(|| fault("/AcroForm /Fields".into()))?;
    let place = || fault(object.id.to_string());
    let field = object.value.dictionary().filter(|_| object.stream.is_none()).ok_or_else(place)?;
    let parent = field.get("Parent").reference().map(|id| id.number);
    if !seen.insert(object.id.number) || parent != above.parent {
        return Err(place());
    }
    let name = full_name(&above.name, field).ok_or_else(place)?;
    let signs = match state.follow(field, "FT") {
        Value::Null => above.signs,
        kind => kind.is_name("Sig"),
    };
    let kids = match state.follow(field, "Kids") {
        Value::Null => [].iter(),
        Value::Array(kids) => kids.iter(),
        _ => return Err(place()),
    };
    let value = field.get("V");
    let is_signed = signs && !state.resolve(value).is_null();
    let signed = is_signed.then(|| Signed { name: name.to_string(), object, value });
    Ok((Frame { kids, parent: Some(object.id.number), name, signs }, signed))
}

/// The parent's name, a full stop and the own one. ISO 32000-1, 12.7.3.2. Names grow with the
/// depth, so there is an end to them.
fn full_name(above: &Rc<str>, field: &Dictionary) -> Option<Rc<str>> {
    let own = match field.get("T") {
        Value::Null => return Some(Rc::clone(above)),
        own => plain(&own.text()?.bytes),
    };
    let full = if above.is_empty() { own } else { format!("{above}.{own}") };
    (full.len() <= LONGEST).then(|| Rc::from(full))
}

/// A text string for people: UTF-16 behind its mark, else each byte as its character.
pub(super) fn plain(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xFE\xFF") {
        Some(units) => {
            let units = units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Bytes of a field's full name.
const LONGEST: usize = 1024;

/// What a signed field costs of the steps: it keeps its name.
const COST: usize = 100;
