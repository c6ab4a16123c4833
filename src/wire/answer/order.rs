//! An order in an answer.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AddressAnswer, DocumentAnswer, Fault, Links, RespondentAnswer, TermAnswer};
use crate::domain::identity::OrderId;
use crate::domain::order::{Case, Court, Duration, Language, Order, OrderKind, Sitting};
use crate::domain::people::{Applicant, Ground};
use crate::wire::word::{GroundWord, LanguageWord, OrderKindWord, SittingWord, answered};

/// A version of an order as kept: what its answer is made of.
#[derive(Debug)]
pub struct MadeOrder<'a> {
    pub id: OrderId,
    pub version: u32,
    pub order: &'a Order,
    pub edition: &'a str,
    pub issued_at: Timestamp,
    /// What the store keeps as acknowledged: a JSON array.
    pub acknowledged: &'a serde_json::Value,
    /// The respondent's order.
    pub document: DocumentAnswer,
    /// Every document of the order, that one with them.
    pub documents: Vec<DocumentAnswer>,
    /// Today in London, for `status` and the terms' `state`.
    pub today: Date,
    /// The day on which a full order took its place.
    pub replaced_on: Option<Date>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderAnswer {
    #[schema(value_type = String)]
    pub id: OrderId,
    #[schema(value_type = OrderKindWord)]
    pub kind: OrderKind,
    pub version: u32,
    #[schema(value_type = StatusWord)]
    pub status: &'static str,
    #[schema(value_type = ServedWord)]
    pub served: &'static str,
    pub case: CaseAnswer,
    pub court: CourtAnswerOfOrder,
    pub applicant: ApplicantAnswer,
    pub respondent: RespondentAnswer,
    #[schema(value_type = String, format = Date)]
    pub made_on: Date,
    pub duration: DurationAnswer,
    /// The last day, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, required = false)]
    pub ends_on: Option<Date>,
    pub terms: Vec<TermAnswer>,
    #[schema(value_type = LanguageWord)]
    pub language: Language,
    pub edition: String,
    /// The respondent's order.
    pub document: DocumentAnswer,
    pub documents: Vec<DocumentAnswer>,
    pub acknowledged: Vec<AcknowledgedAnswer>,
    /// Warnings that stand; none in an order that was made.
    pub warnings: Vec<Fault>,
    /// Pointers of acknowledgements that match no warning; only where the order was just made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unused_acknowledgements: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    #[schema(value_type = BTreeMap<String, super::Link>)]
    pub _links: Links,
}

impl OrderAnswer {
    /// An order's answer.
    pub fn of(made: MadeOrder<'_>) -> Self {
        let order = made.order;
        let replaced_on = made.replaced_on;
        let term = |term| TermAnswer::of(term, order.duration, replaced_on, made.today);
        Self {
            id: made.id,
            kind: order.kind,
            version: made.version,
            status: status(order, replaced_on, made.today),
            served: NOT_SERVED,
            case: CaseAnswer::of(&order.case),
            court: CourtAnswerOfOrder::of(&order.court),
            applicant: ApplicantAnswer::of(&order.applicant),
            respondent: RespondentAnswer::of(&order.respondent),
            made_on: order.made_on,
            duration: DurationAnswer::of(order.duration),
            ends_on: replaced_on.or(ends_on(order.duration)),
            terms: order.terms.iter().map(term).collect(),
            language: order.language,
            edition: made.edition.to_owned(),
            document: made.document,
            documents: made.documents,
            acknowledged: AcknowledgedAnswer::all(made.acknowledged),
            warnings: Vec::new(),
            unused_acknowledgements: Vec::new(),
            issued_at: made.issued_at,
            _links: order_links(made.id),
        }
    }
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderSummary {
    #[schema(value_type = String)]
    pub id: OrderId,
    #[schema(value_type = OrderKindWord)]
    pub kind: OrderKind,
    pub version: u32,
    #[schema(value_type = StatusWord)]
    pub status: &'static str,
    #[schema(value_type = ServedWord)]
    pub served: &'static str,
    pub case: CaseAnswer,
    pub court: CourtAnswerOfOrder,
    pub applicant: ApplicantAnswer,
    pub respondent: RespondentAnswer,
    #[schema(value_type = String, format = Date)]
    pub made_on: Date,
    pub duration: DurationAnswer,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, required = false)]
    pub ends_on: Option<Date>,
    #[schema(value_type = LanguageWord)]
    pub language: Language,
    pub edition: String,
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    #[schema(value_type = BTreeMap<String, super::Link>)]
    pub _links: Links,
}

impl OrderSummary {
    /// A version of an order, on this day in London.
    pub fn of(
        (id, version): (OrderId, u32),
        order: &Order,
        (edition, issued_at): (&str, Timestamp),
        replaced_on: Option<Date>,
        today: Date,
    ) -> Self {
        Self {
            id,
            kind: order.kind,
            version,
            status: status(order, replaced_on, today),
            served: NOT_SERVED,
            case: CaseAnswer::of(&order.case),
            court: CourtAnswerOfOrder::of(&order.court),
            applicant: ApplicantAnswer::of(&order.applicant),
            respondent: RespondentAnswer::of(&order.respondent),
            made_on: order.made_on,
            duration: DurationAnswer::of(order.duration),
            ends_on: replaced_on.or(ends_on(order.duration)),
            language: order.language,
            edition: edition.to_owned(),
            issued_at,
            _links: order_links(id),
        }
    }
}

answered! {
    /// Where an order stands.
    StatusWord as "OrderStatus":
        "in_force", "expired", "discharged", "ended_by_full_order", "ended_by_determination",
        "quashed";
    /// Whether the order has been served on the respondent; it binds when made.
    ServedWord as "Served": "no", "attempted", "yes";
}

/// No service can be recorded yet.
const NOT_SERVED: &str = "no";

/// Where an order's first version stands on this day in London: `in_force`, or `expired` after its
/// last day; `ended_by_full_order` where one took its place while it ran.
fn status(order: &Order, replaced_on: Option<Date>, today: Date) -> &'static str {
    if replaced_on.is_some() {
        return "ended_by_full_order";
    }
    match ends_on(order.duration) {
        Some(last) if last < today => "expired",
        _ => "in_force",
    }
}

fn ends_on(duration: Duration) -> Option<Date> {
    match duration {
        Duration::Fixed { end_date } => Some(end_date),
        Duration::UntilFurtherOrder => None,
    }
}

fn order_links(id: OrderId) -> Links {
    super::links([
        ("self", format!("/v1/orders/{id}")),
        ("versions", format!("/v1/orders/{id}/versions")),
        ("documents", format!("/v1/orders/{id}/documents")),
        ("events", format!("/v1/orders/{id}/events")),
    ])
}

/// References of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseAnswer {
    pub reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub urn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub court_reference: Option<String>,
}

impl CaseAnswer {
    fn of(case: &Case) -> Self {
        Self {
            reference: case.reference.to_string(),
            urn: case.urn.as_ref().map(ToString::to_string),
            court_reference: case.court_reference.as_ref().map(ToString::to_string),
        }
    }
}

/// The court as it sat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CourtAnswerOfOrder {
    pub code: String,
    #[schema(value_type = SittingWord)]
    pub sitting: Sitting,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub welsh_name: Option<String>,
    pub lja_code: String,
    pub lja_name: String,
    pub address: AddressAnswer,
}

impl CourtAnswerOfOrder {
    fn of(court: &Court) -> Self {
        Self {
            code: court.code.to_string(),
            sitting: court.sitting,
            name: court.name.to_string(),
            welsh_name: court.welsh_name.as_ref().map(ToString::to_string),
            lja_code: court.lja_code.to_string(),
            lja_name: court.lja_name.to_string(),
            address: AddressAnswer::of(&court.address),
        }
    }
}

/// The chief officer who applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApplicantAnswer {
    /// The code of the force.
    pub force: String,
    pub force_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = GroundWord, required = false)]
    pub ground: Option<Ground>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub officer: Option<OfficerAnswer>,
}

impl ApplicantAnswer {
    fn of(applicant: &Applicant) -> Self {
        Self {
            force: applicant.force.code.clone(),
            force_name: applicant.force.name.to_string(),
            ground: applicant.ground,
            officer: applicant.officer.as_ref().map(|officer| OfficerAnswer {
                name: officer.name.to_string(),
                collar_number: officer.collar_number.as_ref().map(ToString::to_string),
            }),
        }
    }
}

/// An officer in the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficerAnswer {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub collar_number: Option<String>,
}

/// How long the order has effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DurationAnswer {
    /// `fixed` or `until_further_order`.
    pub r#type: String,
    /// The last day of a fixed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, required = false)]
    pub end_date: Option<Date>,
}

impl DurationAnswer {
    /// A duration of the domain.
    pub fn of(duration: Duration) -> Self {
        match duration {
            Duration::Fixed { end_date } => {
                Self { r#type: "fixed".to_owned(), end_date: Some(end_date) }
            }
            Duration::UntilFurtherOrder => {
                Self { r#type: "until_further_order".to_owned(), end_date: None }
            }
        }
    }
}

/// A warning that was weighed, by whom and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AcknowledgedAnswer {
    #[serde(default)]
    pub rule: String,
    #[serde(default)]
    pub pointer: String,
    #[serde(default)]
    pub reason: String,
    /// The name of the API key, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by: Option<String>,
}

impl AcknowledgedAnswer {
    /// What the store keeps; an item of another form falls away.
    pub fn all(kept: &serde_json::Value) -> Vec<Self> {
        let items = kept.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(|item| Self::deserialize(item).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::answer::tests::{day, document, order};

    #[test]
    fn an_order_is_in_force_through_its_last_day_and_expired_after_it() {
        let order = order();
        assert_eq!(status(&order, None, day("2026-11-02")), "in_force");
        assert_eq!(status(&order, None, day("2029-11-01")), "in_force");
        assert_eq!(status(&order, None, day("2029-11-02")), "expired");
    }

    #[test]
    fn an_order_whose_place_a_full_one_took_has_ended_that_day_with_its_terms() {
        let order = order();
        let answer = OrderAnswer::of(MadeOrder {
            id: "ord_01990000-0000-7000-8000-000000000000".parse().unwrap(),
            version: 1,
            order: &order,
            edition: "full_order/2026-11",
            issued_at: "2026-11-02T10:00:00Z".parse().unwrap(),
            acknowledged: &serde_json::Value::Null,
            document: document(),
            documents: vec![document()],
            today: day("2026-12-01"),
            replaced_on: Some(day("2026-11-21")),
        });
        let json = serde_json::to_value(&answer).unwrap();
        assert_eq!(json["status"], "ended_by_full_order");
        assert_eq!(json["ends_on"], "2026-11-21");
        assert_eq!(json["terms"][0]["state"], "ended");
        assert_eq!(json["terms"][1]["state"], "expired", "it had run out before");
    }

    #[test]
    fn an_order_answers_with_the_fields_of_the_contract() {
        let order = order();
        let answer = OrderAnswer::of(MadeOrder {
            id: "ord_01990000-0000-7000-8000-000000000000".parse().unwrap(),
            version: 1,
            order: &order,
            edition: "full_order/2026-11",
            issued_at: "2026-11-02T10:00:00Z".parse().unwrap(),
            acknowledged: &serde_json::json!([
                { "rule": "many_terms", "pointer": "", "reason": "x" }, 7
            ]),
            document: document(),
            documents: vec![document()],
            today: day("2026-11-21"),
            replaced_on: None,
        });
        let json = serde_json::to_value(&answer).unwrap();
        let fields: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            fields.join(" "),
            "_links acknowledged applicant case court document documents duration edition ends_on id \
             issued_at kind language made_on respondent served status terms version warnings"
        );
        assert_eq!(
            json["duration"],
            serde_json::json!({ "type": "fixed", "end_date": "2029-11-01" })
        );
        assert_eq!(json["served"], "no");
        assert_eq!(json["terms"][0]["state"], "in_force");
        assert_eq!(json["terms"][1]["state"], "expired");
        assert_eq!(json["terms"][0]["locality"], serde_json::json!({ "limited": false }));
        assert_eq!(json["acknowledged"].as_array().unwrap().len(), 1);
        assert_eq!(json["respondent"]["commitments"][0]["from"], "09:05");
    }

    #[test]
    fn a_listed_order_is_the_order_without_its_terms_and_documents() {
        let order = order();
        let id = "ord_01990000-0000-7000-8000-000000000000".parse().unwrap();
        let at = "2026-11-02T10:00:00Z".parse().unwrap();
        let listed =
            OrderSummary::of((id, 1), &order, ("full_order/2026-11", at), None, day("2030-01-01"));
        let json = serde_json::to_value(&listed).unwrap();
        assert_eq!(json["status"], "expired");
        assert_eq!(json["court"]["lja_code"], "9999");
        assert!(json.get("terms").is_none());
    }
}
