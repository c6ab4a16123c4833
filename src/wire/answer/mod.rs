//! What callers get back. Contract sections 1 and 3a.
//!
//! Each type has the contract's names and is filled from facts that documents show anyway. None can
//! hold a confidential value or a necessity: [`Sensitive`](crate::domain::sensitive::Sensitive) has
//! no `Serialize`.
//!
//! To add a field: its line in the type and where it is filled; then `openapi.yaml` differs until
//! written anew.

mod clause;
mod document;
mod order;
mod problem;
mod reference;
mod respondent;
mod system;
mod term;
mod variation;
mod verification;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;
use utoipa::ToSchema;

pub use clause::{ClauseAnswer, ParameterAnswer};
pub use document::{DocumentAnswer, SignatureAnswer};
pub use order::{
    AcknowledgedAnswer, ApplicantAnswer, CaseAnswer, CourtAnswerOfOrder, DurationAnswer, MadeOrder,
    OfficerAnswer, OrderAnswer, OrderSummary, ServedWord, StatusWord,
};
pub use problem::{Fault, ProblemBody, SeverityWord, ValidationAnswer};
pub use reference::{AddressAnswer, CourtAnswer, EditionAnswer, ForceAnswer};
pub use respondent::{
    CommitmentAnswer, GuardianAnswer, NoFixedAbodeAnswer, RespondentAnswer,
    SexOffenderNotificationAnswer,
};
pub use system::{
    EventAnswer, EvidenceAnswer, HealthAnswer, KeyAnswer, KeyFailure, MeAnswer, PreviewAnswer,
    ServiceAnswer,
};
pub use term::{LocalityAnswer, TermAnswer, TermStateWord};
pub use variation::{
    ChangeAnswer, ChangedPersonAnswer, MadeVariation, NextHearingAnswer, VariationAnswer,
    VariationApplicantAnswer, VariationStateWord,
};
pub use verification::{
    ChangeFound, EndedAnswer, FindingAnswer, LaterChangesFound, RevisionAnswer, RevocationFound,
    SignatureFound, SignerFound, SupersededAnswer, TimestampFound, VerdictWord, VerificationAnswer,
    WhyWord,
};

/// A list: `{ "items": […] }`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
}

/// A link to something else, by its path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Link {
    pub href: String,
}

/// Links by their relation.
pub type Links = BTreeMap<&'static str, Link>;

/// Links of these relations and paths.
pub(crate) fn links(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Links {
    pairs.into_iter().map(|(relation, href)| (relation, Link { href })).collect()
}

/// A digest in lower-case hexadecimal, as every answer has it.
pub fn hex(digest: &[u8]) -> String {
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::civil::Date;
    use serde_json::json;

    use super::{DocumentAnswer, SignatureAnswer};
    use crate::domain::order::Order;

    /// A day of the calendar.
    pub fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// An order as the store gives it back.
    pub fn order() -> Order {
        let force = json!({
            "code": "west-yorkshire", "name": "West Yorkshire Police", "welsh_name": "W",
            "chief_officer": "The Chief Constable", "welsh_chief_officer": "P"
        });
        let term = |number: &str, until: Option<&str>| {
            json!({
                "number": number, "source": "free", "text": "You must not.", "welsh": null,
                "locality": "united_kingdom", "until": until
            })
        };
        let order = json!({
            "kind": "full_order",
            "case": { "reference": "1", "urn": null, "court_reference": null },
            "route": "application", "application": { "reference": null, "made_on": "2026-09-01" },
            "court": {
                "code": "B99ZZ00", "sitting": "magistrates", "name": "Kirkgate (specimen)",
                "welsh_name": null, "lja_code": "9999", "lja_name": "Specimen",
                "address": { "lines": ["1 Sample Square"], "postcode": null }, "police_area": null
            },
            "applicant": { "force": force, "ground": "resides_in_area", "officer": null },
            "respondent": {
                "title": null, "given_names": "Rhodri", "family_name": "Ffug-Example",
                "aliases": [], "date_of_birth": "1987-03-14",
                "abode": { "no_fixed_abode": { "found_at": "1 Example Quay" } },
                "police_area": null, "pnc_id": null, "guardian": null,
                "commitments": [{
                    "kind": "work", "days": ["monday"], "from": "09:05:00", "to": "17:00:00"
                }],
                "sex_offender_notification": null
            },
            "protected_persons": [{ "reference": "A", "printed": "Siân Placeholder" }],
            "made_on": "2026-11-02",
            "hearing": {
                "respondent_present": true, "on_notice": true, "bench": "Two justices",
                "welsh_bench": null, "legal_adviser": null
            },
            "avoids_conflict": {
                "religious_belief": "yes", "work": "yes", "education": "yes", "reason": null
            },
            "terms": [term("P1", None), term("P2", Some("2026-11-20"))],
            "duration": { "type": "fixed", "end_date": "2029-11-01" },
            "authorised_by": { "name": "Ceri Sampl", "capacity": "district_judge" },
            "language": "en", "next_hearing": null, "replaces_interim": null, "existing_orders": []
        });
        serde_json::from_value(order).unwrap()
    }

    /// A document of that order.
    pub fn document() -> DocumentAnswer {
        let order = "ord_01990000-0000-7000-8000-000000000000".parse().unwrap();
        let id = "doc_01990000-0000-7000-8000-000000000001".parse().unwrap();
        let at = "2026-11-02T10:00:00Z".parse().unwrap();
        DocumentAnswer {
            id,
            kind: "full_order".to_owned(),
            audience: "respondent".to_owned(),
            language: "en".to_owned(),
            person: None,
            large_print: false,
            even_pages: false,
            address_window: false,
            order_id: order,
            variation_id: None,
            version: 1,
            edition: "full_order/2026-11".to_owned(),
            pages: 3,
            bytes: 50_000,
            sha256: super::hex(&[0xab; 32]),
            content_sha256: super::hex(&[1; 32]),
            order_content_sha256: None,
            code: "AAAA-BBBB".to_owned(),
            signature: SignatureAnswer {
                level: "B-B".to_owned(),
                signer: "Specimen".to_owned(),
                signed_at: at,
                timestamp: None,
                pending: None,
                held: false,
            },
            issued_at: at,
            supersedes: None,
            superseded_by: None,
            _links: DocumentAnswer::links(id, order),
        }
    }

    #[test]
    fn a_digest_is_written_in_lower_case_hexadecimal() {
        assert_eq!(super::hex(&[0, 0x1f, 0xff]), "001fff");
    }
}
