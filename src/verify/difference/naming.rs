//! What a change that nothing explains is called.

use super::super::pdf::Object;
use super::super::pdf::value::{Dictionary, NULL, Value};
use super::super::reason::Reason;
use super::step::Step;
use super::usage::Key;

/// By what the object is, else by what names it.
pub(super) fn reason(step: &Step<'_, '_>, old: &Object, new: &Object) -> Reason {
    let kinds = [old, new].map(|object| kind(&object.value));
    let shapes = [old, new].map(|object| std::mem::discriminant(&object.value));
    if kinds[0] != kinds[1]
        || shapes[0] != shapes[1]
        || old.stream.is_some() != new.stream.is_some()
    {
        return Reason::TypeChanged;
    }
    let by_shape =
        old.value.dictionary().and_then(|dictionary| by_type(dictionary, new.value.or_empty()));
    if let Some(reason) = by_shape {
        return reason;
    }
    let keys: Vec<Key> = step.usage.keys(old.id.number, step.old.revision).collect();
    BY_KEY
        .iter()
        .find(|(key, _)| keys.contains(key))
        .map_or(Reason::ObjectChanged, |(_, reason)| *reason)
}

fn kind(value: &Value) -> &Value {
    value.dictionary().map_or(NULL, |dictionary| dictionary.get("Type"))
}

fn by_type(old: &Dictionary, new: &Dictionary) -> Option<Reason> {
    if old.has("ByteRange") || new.has("ByteRange") {
        return Some(Reason::SignatureChanged);
    }
    if old.has("FT") || old.get("Subtype").is_name("Widget") {
        let appearance = old.get("AP") != new.get("AP");
        return Some(if appearance { Reason::AppearanceChanged } else { Reason::FieldChanged });
    }
    match old.get("Type").name() {
        Some(b"Page") => Some(page(old, new)),
        Some(b"Pages") => Some(Reason::PageTreeChanged),
        Some(b"Font" | b"FontDescriptor" | b"Encoding" | b"CMap") => Some(Reason::FontChanged),
        Some(b"Annot") => Some(Reason::AnnotationChanged),
        Some(b"Metadata") => Some(Reason::MetadataChanged),
        Some(b"Catalog") => Some(Reason::CatalogChanged),
        Some(b"Action") => Some(Reason::ActionChanged),
        Some(b"ObjStm") => Some(Reason::ObjectStreamReplaced),
        Some(b"StructElem" | b"StructTreeRoot" | b"Outlines") => Some(Reason::StructureChanged),
        Some(b"Filespec" | b"EmbeddedFile") => Some(Reason::NamesChanged),
        Some(b"Sig" | b"DocTimeStamp") => Some(Reason::SignatureChanged),
        _ if old.has("T") && old.has("Kids") => Some(Reason::FieldChanged),
        _ => None,
    }
}

/// What of a page is not as it was.
fn page(old: &Dictionary, new: &Dictionary) -> Reason {
    let differs = |key: &str| old.get(key) != new.get(key);
    if differs("Contents") || differs("Resources") {
        Reason::ContentChanged
    } else if differs("AA") {
        Reason::ActionChanged
    } else if differs("Annots") {
        Reason::AnnotationAdded
    } else {
        Reason::PageTreeChanged
    }
}

/// The reason for an entry of the catalog.
pub(super) fn catalog(key: &[u8]) -> Reason {
    match key {
        b"Pages" => Reason::PageTreeChanged,
        b"Metadata" => Reason::MetadataChanged,
        b"Names" | b"Dests" | b"AF" => Reason::NamesChanged,
        b"OpenAction" | b"AA" => Reason::ActionChanged,
        b"Outlines" | b"StructTreeRoot" | b"MarkInfo" | b"PageLabels" | b"Lang" => {
            Reason::StructureChanged
        }
        b"Perms" => Reason::SignatureChanged,
        _ => Reason::CatalogChanged,
    }
}

/// Whether something in the value runs, opens or plays by itself.
pub(super) fn acts(value: &Value) -> bool {
    let mut acts = false;
    value.each(&mut |_, value| {
        acts |= value.dictionary().is_some_and(|dictionary| {
            ACTING.iter().any(|key| dictionary.has(key))
                || dictionary.get("S").is_name("JavaScript")
        });
    });
    acts
}

const ACTING: &[&str] = &["A", "AA", "JS", "OpenAction", "Ref", "OC", "XFA"];

/// The first that fits counts.
const BY_KEY: &[(Key, Reason)] = &[
    (Key::Font, Reason::FontChanged),
    (Key::Content, Reason::ContentChanged),
    (Key::Pages, Reason::PageTreeChanged),
    (Key::Annotations, Reason::AnnotationAdded),
    (Key::Appearance, Reason::AppearanceChanged),
    (Key::Form, Reason::FormChanged),
    (Key::Names, Reason::NamesChanged),
    (Key::Structure, Reason::StructureChanged),
    (Key::Information, Reason::MetadataChanged),
];
