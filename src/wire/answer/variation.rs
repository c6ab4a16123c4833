//! A variation request in an answer.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::respondent::clock;
use super::term::TermAnswer;
use super::{
    AcknowledgedAnswer, DocumentAnswer, DurationAnswer, Fault, Links, RespondentAnswer, links,
};
use crate::domain::identity::{OrderId, VariationId};
use crate::domain::order::{Duration, Language, NextHearing};
use crate::domain::people::{Ground, ProtectedPerson};
use crate::domain::term::Term;
use crate::domain::variation::{
    Change, ChangeOp, VariationApplicant, VariationKind, VariationRequest,
};
use crate::wire::word::{GroundWord, LanguageWord, VariationKindWord, answered};

/// A variation request as kept: what its answer is made of.
#[derive(Debug)]
pub struct MadeVariation<'a> {
    pub id: VariationId,
    pub request: &'a VariationRequest,
    pub issued_at: Timestamp,
    /// What the store keeps as acknowledged: a JSON array.
    pub acknowledged: &'a serde_json::Value,
    pub document: DocumentAnswer,
    pub documents: Vec<DocumentAnswer>,
}

/// A request to vary, renew or discharge an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VariationAnswer {
    #[schema(value_type = String)]
    pub id: VariationId,
    #[schema(value_type = String)]
    pub order_id: OrderId,
    pub expected_version: u32,
    #[schema(value_type = VariationStateWord)]
    pub state: &'static str,
    #[schema(value_type = VariationKindWord)]
    pub kind: VariationKind,
    pub applicant: VariationApplicantAnswer,
    #[schema(value_type = String, format = Date)]
    pub made_on: Date,
    pub grounds: String,
    pub changes: Vec<ChangeAnswer>,
    #[schema(value_type = LanguageWord)]
    pub language: Language,
    pub document: DocumentAnswer,
    pub documents: Vec<DocumentAnswer>,
    pub acknowledged: Vec<AcknowledgedAnswer>,
    /// Warnings that stand; none in a request that was made.
    pub warnings: Vec<Fault>,
    /// Pointers of acknowledgements that match no warning; only where the request was just made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unused_acknowledgements: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    #[schema(value_type = BTreeMap<String, super::Link>)]
    pub _links: Links,
}

answered! {
    /// Where a request stands.
    VariationStateWord as "VariationState": "open", "granted", "refused", "withdrawn";
}

impl VariationAnswer {
    /// A request's answer. It is open: no decision can be recorded yet.
    pub fn of(made: MadeVariation<'_>) -> Self {
        let request = made.request;
        Self {
            id: made.id,
            order_id: request.order_id,
            expected_version: request.expected_version,
            state: "open",
            kind: request.kind,
            applicant: VariationApplicantAnswer::of(&request.applicant),
            made_on: request.made_on,
            grounds: request.grounds.to_string(),
            changes: request.changes.iter().map(|c| ChangeAnswer::of(c, request.made_on)).collect(),
            language: request.language,
            document: made.document,
            documents: made.documents,
            acknowledged: AcknowledgedAnswer::all(made.acknowledged),
            warnings: Vec::new(),
            unused_acknowledgements: Vec::new(),
            issued_at: made.issued_at,
            _links: links([
                ("self", format!("/v1/variation-requests/{}", made.id)),
                ("order", format!("/v1/orders/{}", request.order_id)),
            ]),
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct VariationApplicantAnswer {
    /// `respondent` or `chief_officer`.
    pub capacity: String,
    /// The code of the force.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub force: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub force_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = GroundWord, required = false)]
    pub ground: Option<Ground>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
}

impl VariationApplicantAnswer {
    fn of(applicant: &VariationApplicant) -> Self {
        match applicant {
            VariationApplicant::Respondent { name } => Self {
                capacity: "respondent".to_owned(),
                name: name.as_ref().map(ToString::to_string),
                ..Self::default()
            },
            VariationApplicant::ChiefOfficer { force, ground, name } => Self {
                capacity: "chief_officer".to_owned(),
                force: Some(force.code.clone()),
                force_name: Some(force.name.to_string()),
                ground: *ground,
                name: name.as_ref().map(ToString::to_string),
            },
        }
    }
}

/// One change. Beside `op` and `reason` stands what that op has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeAnswer {
    pub op: String,
    /// The number of the term; of an added one the number that it would take.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub number: Option<String>,
    /// The term as it would stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub term: Option<TermAnswer>,
    /// The words of the term now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub was: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub duration: Option<DurationAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_hearing: Option<NextHearingAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub respondent: Option<RespondentAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub person: Option<ChangedPersonAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
}

impl ChangeAnswer {
    fn of(change: &Change, day: Date) -> Self {
        let reason = change.reason.as_ref().map(ToString::to_string);
        Self { reason, ..Self::of_op(&change.op, day) }
    }

    fn of_op(op: &ChangeOp, day: Date) -> Self {
        let is = |op: &str| Self { op: op.to_owned(), ..Self::default() };
        let number = |term: &Term| Some(term.number.to_string());
        let asked = |term| Some(TermAnswer::of(term, Duration::UntilFurtherOrder, None, day));
        match op {
            ChangeOp::Add { term } => Self { number: number(term), term: asked(term), ..is("add") },
            ChangeOp::Amend { was, term } => Self {
                number: number(was),
                term: asked(term),
                was: Some(was.text.to_string()),
                ..is("amend")
            },
            ChangeOp::Remove { number, was } => Self {
                number: Some(number.to_string()),
                was: Some(was.text.to_string()),
                ..is("remove")
            },
            ChangeOp::SetDuration { duration } => {
                Self { duration: Some(DurationAnswer::of(*duration)), ..is("set_duration") }
            }
            ChangeOp::SetNextHearing { next_hearing } => Self {
                next_hearing: Some(NextHearingAnswer::of(next_hearing)),
                ..is("set_next_hearing")
            },
            ChangeOp::CorrectRespondent { respondent } => Self {
                respondent: Some(RespondentAnswer::of(respondent)),
                ..is("correct_respondent")
            },
            ChangeOp::AddProtectedPerson { person } => Self {
                person: Some(ChangedPersonAnswer::of(person.reference, person)),
                ..is("add_protected_person")
            },
            ChangeOp::CorrectProtectedPerson { reference, person } => Self {
                person: Some(ChangedPersonAnswer::of(*reference, person)),
                ..is("correct_protected_person")
            },
        }
    }
}

/// The next hearing of a main application.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextHearingAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, required = false)]
    pub date: Option<Date>,
    /// `10:30`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub court_name: Option<String>,
    pub to_be_notified: bool,
}

impl NextHearingAnswer {
    fn of(hearing: &NextHearing) -> Self {
        match hearing {
            NextHearing::At { date, time, court_name, .. } => Self {
                date: Some(*date),
                time: Some(clock(*time)),
                court_name: Some(court_name.to_string()),
                to_be_notified: false,
            },
            NextHearing::ToBeNotified => Self { to_be_notified: true, ..Self::default() },
        }
    }
}

/// A protected person as documents show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedPersonAnswer {
    /// The letter that the order has for the person.
    pub r#ref: String,
    /// What is printed.
    pub printed: String,
}

impl ChangedPersonAnswer {
    fn of(reference: char, person: &ProtectedPerson) -> Self {
        Self { r#ref: reference.to_string(), printed: person.printed.to_string() }
    }
}
