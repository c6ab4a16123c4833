//! A new signature as the value of a field. ISO 32000-1, table 252.

use super::super::pdf::value::Value;
use super::super::reason::Reason;
use super::Class;
use super::step::Step;

/// What a new signature dictionary is: a timestamp, where it takes no room, or a signature. It
/// must be new, plain and lead to nothing that acts.
pub(super) fn signature(
    step: &mut Step<'_, '_>,
    value: &Value,
    visible: bool,
) -> Option<(Reason, Class)> {
    let object = step.new.referred(value).filter(|object| object.stream.is_none())?;
    let dictionary = object.value.dictionary()?;
    let form = step.added.contains(&object.id.number)
        && dictionary.has("ByteRange")
        && dictionary.has("Contents")
        && dictionary.only(KEYS);
    if !form {
        return None;
    }
    step.explain(object.id.number);
    step.explain_below(object).then_some(())?;
    let stamp = dictionary.get("Type").is_name("DocTimeStamp")
        && dictionary.get("SubFilter").is_name("ETSI.RFC3161");
    Some(match stamp && !visible {
        true => (Reason::TimestampAdded, Class::Evidence),
        false => (Reason::SignatureAdded, Class::Signing),
    })
}

const KEYS: &[&str] = &[
    "ByteRange",
    "Cert",
    "Changes",
    "ContactInfo",
    "Contents",
    "Filter",
    "Location",
    "M",
    "Name",
    "Prop_AuthTime",
    "Prop_AuthType",
    "Prop_Build",
    "R",
    "Reason",
    "Reference",
    "SubFilter",
    "Type",
    "V",
];
