//! Nothing is in the file but what we put there: every byte belongs to an object, every object is
//! reached from the catalog, none acts, none is a field, note or file that we do not know.

use super::Breach;
use crate::render::readback::Finished;
use crate::render::scan::{Dictionary, Value};

pub(super) fn check(finished: &Finished<'_>, breaches: &mut Vec<Breach>) {
    let file = &finished.file;
    let mut places: Vec<_> = file.objects.iter().map(|entry| entry.place.clone()).collect();
    places.sort_by_key(|place| place.start);
    let head = places.first().is_some_and(|first| first.start == HEADER);
    let end = places.last().map_or(0, |last| last.end);
    let tail = finished.bytes.get(end..).unwrap_or_default().starts_with(b"xref\n");
    if !head || !tail || places.windows(2).any(|pair| pair[0].end != pair[1].start) {
        breaches.push(Breach::StrayBytes);
    }
    let mut reached = vec![false; file.objects.len() + 1];
    let mut left = Vec::new();
    file.trailer.0.iter().for_each(|(_, value)| references(value, &mut left));
    while let Some(number) = left.pop() {
        let Some(entry) = file.entry(number) else { continue };
        if !std::mem::replace(&mut reached[number as usize], true) {
            references(&entry.value, &mut left);
        }
    }
    for (number, entry) in (1_u32..).zip(&file.objects) {
        if !reached[number as usize] {
            breaches.push(Breach::Unreached(number));
        }
        if surprises(&entry.value) {
            breaches.push(Breach::Surprise(number));
        }
    }
}

fn references(value: &Value<'_>, found: &mut Vec<u32>) {
    match value {
        Value::Reference(number) => found.push(*number),
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Dictionary(Dictionary(entries)) => {
            entries.iter().for_each(|(_, value)| references(value, found));
        }
        _ => {}
    }
}

/// Whether a value or one in it could act, hide or bring in something.
fn surprises(value: &Value<'_>) -> bool {
    match value {
        Value::Array(items) => items.iter().any(surprises),
        Value::Dictionary(Dictionary(entries)) => entries.iter().any(|(key, value)| {
            let is = |names: &[&str]| names.contains(&value.name());
            let strange = match *key {
                b"Type" => value.name() != "StructElem" && !is(&TYPES),
                b"S" => is(&ACTIONS),
                b"Subtype" => is(&OUTSIDE),
                key => ACTING.contains(&key),
            };
            strange || surprises(value)
        }),
        _ => false,
    }
}

/// Bytes before the first object.
const HEADER: usize = 15;

/// All that we write.
const TYPES: [&str; 19] = [
    "Annot",
    "Catalog",
    "EmbeddedFile",
    "Filespec",
    "Font",
    "FontDescriptor",
    "MCR",
    "Metadata",
    "OBJR",
    "Outlines",
    "OutputIntent",
    "Page",
    "Pages",
    "Sig",
    "SigRef",
    "StructElem",
    "StructTreeRoot",
    "TransformParams",
    "XObject",
];

/// PDF 32000-1, table 198.
const ACTIONS: [&str; 18] = [
    "GoTo",
    "GoToR",
    "GoToE",
    "Launch",
    "Thread",
    "URI",
    "Sound",
    "Movie",
    "Hide",
    "Named",
    "SubmitForm",
    "ResetForm",
    "ImportData",
    "JavaScript",
    "SetOCGState",
    "Rendition",
    "Trans",
    "GoTo3DView",
];

/// Annotations and objects that show what is not in the file, or what no page says.
const OUTSIDE: [&str; 9] =
    ["PS", "Link", "FileAttachment", "Text", "Popup", "Movie", "Screen", "RichMedia", "3D"];

/// Keys that act, or that lead to what acts.
const ACTING: [&[u8]; 12] = [
    b"AA",
    b"OpenAction",
    b"JS",
    b"JavaScript",
    b"URI",
    b"Launch",
    b"XFA",
    b"OCProperties",
    b"OC",
    b"Encrypt",
    b"Alternates",
    b"RichMediaContent",
];
