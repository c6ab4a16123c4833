//! What may look or do otherwise from reader to reader, though not a byte is changed.

use super::super::pdf::File;
use super::super::pdf::value::{Dictionary, Value};
use super::super::reason::{Finding, Reason, add};

/// A note for each object, of any revision, that holds such a thing.
pub(super) fn notes(file: &File<'_>, findings: &mut Vec<Finding>) {
    for object in file.objects() {
        let mut found: Option<String> = None;
        object.value.each(&mut |_, value| {
            if let Some(dictionary) = value.dictionary()
                && let Some(what) = what(dictionary)
            {
                found.get_or_insert(what);
            }
        });
        let outside = object.stream.is_some()
            && object.value.dictionary().is_some_and(|dictionary| dictionary.has("F"));
        let found = if outside { Some("F".to_owned()) } else { found };
        if let Some(what) = found {
            let place = format_args!("{} /{what}", object.id);
            add(findings, Finding::note(Reason::ActiveContent, place));
        }
    }
}

/// The key or the action that is active.
fn what(dictionary: &Dictionary) -> Option<String> {
    let key = KEYS.iter().find(|key| dictionary.has(key));
    let action = ACTIONS.iter().find(|action| dictionary.get("S").is_name(action));
    let annotation = ANNOTATIONS.iter().find(|kind| dictionary.get("Subtype").is_name(kind));
    let reference = dictionary.get("Ref");
    let form = dictionary.get("Subtype").is_name("Form") && *reference != Value::Null;
    let form = form.then_some(&"Ref");
    key.or(action).or(annotation).or(form).map(|what| (*what).to_owned())
}

const KEYS: &[&str] =
    &["AA", "JS", "JavaScript", "OCProperties", "OpenAction", "RichMediaContent", "XFA"];

/// ISO 32000-1, table 198: those that run something, send something or change what is shown.
const ACTIONS: &[&str] = &[
    "GoToE",
    "GoToR",
    "Hide",
    "ImportData",
    "JavaScript",
    "Launch",
    "Movie",
    "Rendition",
    "ResetForm",
    "RichMediaExecute",
    "SetOCGState",
    "Sound",
    "SubmitForm",
    "Trans",
];

const ANNOTATIONS: &[&str] = &["3D", "Movie", "RichMedia", "Screen", "Sound"];
