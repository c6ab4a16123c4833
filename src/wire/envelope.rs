//! The envelope of the command line: `{ "kind": "interim_order", "request": { … } }`, or the
//! request alone.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::json::{self, Malformed};
use crate::domain::violation::{Rule, Violation};

/// The kinds of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestKind {
    InterimOrder,
    FullOrder,
    VariationRequest,
}

impl RequestKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::InterimOrder, Self::FullOrder, Self::VariationRequest];

    /// The name in an envelope, which is the kind of the document too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InterimOrder => "interim_order",
            Self::FullOrder => "full_order",
            Self::VariationRequest => "variation_request",
        }
    }

    /// The kind of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A request out of its envelope. Faults found in it point into the request, not into the envelope.
#[derive(Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    pub kind: RequestKind,
    /// The request's bytes as they stand in the file.
    pub request: &'a [u8],
}

/// The envelope can't be opened.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Faults of the envelope, with pointers into it.
    #[error("the envelope has faults")]
    Faults(Vec<Violation>),
}

/// Opens an envelope, or takes the request alone where `kind` is given.
///
/// # Errors
/// [`EnvelopeError::Malformed`] where the bytes are not JSON; [`EnvelopeError::Faults`] where no
/// kind is told, or another than `kind`, or beside `kind` and `request` another member stands.
pub fn open(bytes: &[u8], kind: Option<RequestKind>) -> Result<Envelope<'_>, EnvelopeError> {
    let value = json::read(bytes)?.value;
    let Value::Object(members) = &value else {
        let fault = Violation::new("", Rule::WrongType).with("expected", "object");
        return Err(EnvelopeError::Faults(vec![fault]));
    };
    let Some(request) = member(bytes, "request") else {
        let missing = if members.contains_key("kind") { "/request" } else { "/kind" };
        let alone = kind.map(|kind| Envelope { kind, request: bytes });
        let fault = Violation::new(missing, Rule::MissingField).with("field", &missing[1..]);
        return alone.ok_or_else(|| EnvelopeError::Faults(vec![fault]));
    };
    let mut faults = Vec::new();
    for _ in members.keys().filter(|name| *name != "kind" && *name != "request") {
        faults.push(Violation::new("", Rule::UnknownField).with("allowed", "kind, request"));
    }
    match told(members.get("kind"), kind) {
        Ok(kind) if faults.is_empty() => return Ok(Envelope { kind, request }),
        Ok(_) => {}
        Err(fault) => faults.push(fault),
    }
    Err(EnvelopeError::Faults(faults))
}

/// The kind that the envelope or the caller tells, where they don't differ.
fn told(value: Option<&Value>, given: Option<RequestKind>) -> Result<RequestKind, Violation> {
    let allowed = || match given {
        Some(kind) => kind.name().to_owned(),
        None => RequestKind::ALL.map(RequestKind::name).join(", "),
    };
    match (value, given) {
        (None, Some(kind)) => Ok(kind),
        (None, None) => Err(Violation::new("/kind", Rule::MissingField).with("field", "kind")),
        (Some(Value::String(name)), given) => RequestKind::of_name(name)
            .filter(|kind| given.is_none_or(|given| given == *kind))
            .ok_or_else(|| Violation::new("/kind", Rule::NotOneOf).with("allowed", allowed())),
        (Some(_), _) => Err(Violation::new("/kind", Rule::WrongType).with("expected", "string")),
    }
}

/// The bytes of a member of the outermost object, which is known to be JSON.
fn member<'a>(bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut at = next(bytes, 0)? + 1;
    loop {
        let key_start = next(bytes, at)?;
        let (key, colon) = value::<String>(bytes, key_start)?;
        let start = next(bytes, next(bytes, colon)? + 1)?;
        let (IgnoredAny, end) = value::<IgnoredAny>(bytes, start)?;
        if key == name {
            return bytes.get(start..end);
        }
        at = next(bytes, end)? + 1;
    }
}

/// Where the next byte that is no white space stands.
fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().position(|byte| !byte.is_ascii_whitespace()).map(|offset| from + offset)
}

/// The value that begins here, and where it ends; `None` where none does.
fn value<'a, T: Deserialize<'a>>(bytes: &'a [u8], start: usize) -> Option<(T, usize)> {
    let mut values = serde_json::Deserializer::from_slice(bytes.get(start..)?).into_iter::<T>();
    let value = values.next()?.ok()?;
    Some((value, start + values.byte_offset()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules(text: &str, kind: Option<RequestKind>) -> Vec<(Rule, String)> {
        match open(text.as_bytes(), kind) {
            Err(EnvelopeError::Faults(faults)) => {
                faults.into_iter().map(|fault| (fault.rule, fault.pointer)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_envelope_gives_its_request_byte_for_byte() {
        let text = r#" {"kind" : "full_order", "request" :  {"a": "}\"", "b":[1, 2]}  } "#;
        let opened = open(text.as_bytes(), None).unwrap();
        assert_eq!(opened.kind, RequestKind::FullOrder);
        assert_eq!(opened.request, br#"{"a": "}\"", "b":[1, 2]}"#);
        let turned = r#"{"request":7,"kind":"interim_order"}"#;
        assert_eq!(open(turned.as_bytes(), None).unwrap().request, b"7");
    }

    #[test]
    fn a_request_alone_needs_its_kind_given() {
        let kind = RequestKind::VariationRequest;
        let text = r#"{"kind":"vary"}"#;
        let opened = open(text.as_bytes(), Some(kind)).unwrap();
        assert_eq!(opened, Envelope { kind, request: text.as_bytes() });
        assert_eq!(rules("{}", None), [(Rule::MissingField, "/kind".into())]);
        assert_eq!(rules(text, None), [(Rule::MissingField, "/request".into())]);
        assert_eq!(rules("[]", Some(kind)), [(Rule::WrongType, String::new())]);
    }

    #[test]
    fn an_envelope_of_another_kind_or_with_more_in_it_is_refused() {
        let full = r#"{"kind":"full_order","request":{}}"#;
        assert!(open(full.as_bytes(), Some(RequestKind::FullOrder)).is_ok());
        let other = Some(RequestKind::InterimOrder);
        assert_eq!(rules(full, other), [(Rule::NotOneOf, "/kind".into())]);
        let more = r#"{"kind":5,"request":{},"Hidden Haven":1}"#;
        assert_eq!(
            rules(more, None),
            [(Rule::UnknownField, String::new()), (Rule::WrongType, "/kind".into())]
        );
        let given = open(br#"{"request":{}}"#, Some(RequestKind::FullOrder)).unwrap();
        assert_eq!(given.request, b"{}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_opened_or_refused(text in ".{0,80}", tail in any::<Vec<u8>>()) {
            let _ = open(text.as_bytes(), Some(RequestKind::FullOrder));
            let _ = open(&tail, None);
            let filled = format!(r#"{{"request":{text}}}"#);
            let _ = open(filled.as_bytes(), None);
        }
    }
}
