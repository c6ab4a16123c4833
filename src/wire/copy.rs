//! A request for one more document of an order.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::format::PersonRef;
use super::text::PersonName;
use super::word::{CapacityWord, CopyKindWord, LanguageWord};
use crate::domain::draft::{AuthorisedByDraft, CopyDraft};

/// A copy of an order that is asked for. It is made of the latest version.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentRequest {
    /// Which: the order itself (in its own kind) or a copy for another reader or use.
    #[schema(required = true, nullable = false)]
    pub kind: Option<CopyKindWord>,
    /// Absent: as the order.
    #[schema(nullable = false)]
    pub language: Option<LanguageWord>,
    /// 18 point and more.
    #[schema(nullable = false)]
    pub large_print: Option<bool>,
    /// An odd number of pages is filled up with one that says that it is blank.
    #[schema(nullable = false)]
    pub even_pages: Option<bool>,
    /// The respondent's name and address stand where a window envelope shows them: documents for a
    /// respondent who has an address.
    #[schema(nullable = false)]
    pub address_window: Option<bool>,
    /// For which protected person the notice is; needed where the order protects several.
    #[schema(nullable = false)]
    pub person: Option<PersonRef>,
    /// Who certifies: needed for a certified copy.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub certified_by: Option<CertifiedBy>,
}

/// Who certifies a copy for the court.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertifiedBy {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub name: Option<PersonName>,
    #[schema(required = true, nullable = false)]
    pub capacity: Option<CapacityWord>,
}

impl From<DocumentRequest> for CopyDraft {
    fn from(body: DocumentRequest) -> Self {
        Self {
            kind: body.kind.map(|word| word.0),
            language: body.language.map(|word| word.0),
            large_print: body.large_print,
            even_pages: body.even_pages,
            address_window: body.address_window,
            person: body.person.map(|letter| letter.0),
            certified_by: body.certified_by.map(Into::into),
        }
    }
}

impl From<CertifiedBy> for AuthorisedByDraft {
    fn from(body: CertifiedBy) -> Self {
        Self { name: body.name.map(Into::into), capacity: body.capacity.map(|word| word.0) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::copy::CopyKind;
    use crate::domain::order::Language;
    use crate::domain::violation::Rule;

    fn faults(request: &Value) -> Vec<(String, Rule)> {
        let read = DocumentRequest::read(request.to_string().as_bytes()).unwrap();
        read.faults.into_iter().map(|fault| (fault.pointer, fault.rule)).collect()
    }

    #[test]
    fn a_whole_request_is_read_member_by_member() {
        let request = json!({
            "kind": "certified_copy", "language": "bilingual", "large_print": true,
            "even_pages": true, "address_window": false, "person": "B",
            "certified_by": { "name": "Pat Sample", "capacity": "authorised_court_officer" },
        });
        assert_eq!(faults(&request), []);
        let draft = DocumentRequest::read(request.to_string().as_bytes()).unwrap().draft;
        assert_eq!(draft.kind, Some(CopyKind::CertifiedCopy));
        assert_eq!(draft.language, Some(Language::Bilingual));
        let form = [draft.large_print, draft.even_pages, draft.address_window];
        assert_eq!(form, [Some(true), Some(true), Some(false)]);
        assert_eq!(draft.person, Some('B'));
        assert_eq!(draft.certified_by.unwrap().name.as_deref(), Some("Pat Sample"));
    }

    #[test]
    fn every_fault_of_shape_is_named_at_once() {
        let request = json!({
            "kind": "dates_page", "language": "fr", "large_print": "yes", "person": "AB",
            "certified_by": { "name": "" }, "colour": "red",
        });
        let expected = [
            ("/certified_by/capacity", Rule::MissingField),
            ("/certified_by/name", Rule::Empty),
            ("/colour", Rule::UnknownField),
            ("/kind", Rule::NotOneOf),
            ("/language", Rule::NotOneOf),
            ("/large_print", Rule::WrongType),
            ("/person", Rule::BadFormat),
        ];
        assert_eq!(faults(&request), expected.map(|(at, rule)| (at.to_owned(), rule)));
        assert_eq!(faults(&json!({})), [("/kind".to_owned(), Rule::MissingField)]);
        assert!(DocumentRequest::read(b"{").is_err());
    }

    #[test]
    fn a_kind_that_the_service_makes_itself_alone_can_not_be_asked_for() {
        for kind in ["variation_request", "record_of_service", "batch_manifest", ""] {
            let refused = [("/kind".to_owned(), Rule::NotOneOf)];
            assert_eq!(faults(&json!({ "kind": kind })), refused, "{kind}");
        }
    }
}
