//! What a caller said, read as far as its shape allowed: the law's input.
//!
//! The fields mirror the request of contract section 3 one to one, so that a rule can point at the
//! field that broke it. `None` means absent **or** refused for its shape (that fault is already
//! named): a rule judges what is there and stays silent on what is not, save where absence itself
//! breaks the law.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use serde_json::Value as Json;

use super::calendar::Weekday;
use super::copy::CopyKind;
use super::identity::OrderId;
use super::order::{Language, OrderKind, Practicable, Route, Sitting};
use super::people::{Capacity, CommitmentKind, Ground};
use super::sensitive::Sensitive;
use super::term::TermKind;
use super::variation::VariationKind;

/// A request for an interim or full order.
#[derive(Debug, Clone, Default)]
pub struct OrderDraft {
    pub kind: Option<OrderKind>,
    pub case: Option<CaseDraft>,
    pub route: Option<Route>,
    pub application: Option<ApplicationDraft>,
    pub court: Option<CourtDraft>,
    pub applicant: Option<ApplicantDraft>,
    pub respondent: Option<RespondentDraft>,
    pub protected_persons: Vec<PersonDraft>,
    pub made_on: Option<Date>,
    pub hearing: Option<HearingDraft>,
    pub findings: Option<FindingsDraft>,
    pub avoids_conflict: Option<AvoidsConflictDraft>,
    pub prohibitions: Vec<TermDraft>,
    pub requirements: Vec<TermDraft>,
    pub duration: Option<DurationDraft>,
    pub authorised_by: Option<AuthorisedByDraft>,
    pub language: Option<Language>,
    pub next_hearing: Option<NextHearingDraft>,
    pub replaces_interim: Option<ReplacesInterimDraft>,
    pub existing_orders: Vec<ExistingOrderDraft>,
    pub acknowledged: Vec<AcknowledgementDraft>,
}

/// `case`.
#[derive(Debug, Clone, Default)]
pub struct CaseDraft {
    pub reference: Option<String>,
    pub urn: Option<String>,
    pub court_reference: Option<String>,
}

/// `application`.
#[derive(Debug, Clone, Default)]
pub struct ApplicationDraft {
    pub reference: Option<String>,
    pub made_on: Option<Date>,
}

/// `court`.
#[derive(Debug, Clone, Default)]
pub struct CourtDraft {
    pub code: Option<String>,
    pub sitting: Option<Sitting>,
    pub name: Option<String>,
    pub welsh_name: Option<String>,
    pub lja_code: Option<String>,
    pub lja_name: Option<String>,
    pub address: Option<AddressDraft>,
}

/// An address.
#[derive(Debug, Clone, Default)]
pub struct AddressDraft {
    pub lines: Vec<String>,
    pub postcode: Option<String>,
}

/// `applicant`.
#[derive(Debug, Clone, Default)]
pub struct ApplicantDraft {
    pub force: Option<String>,
    pub ground: Option<Ground>,
    pub officer: Option<OfficerDraft>,
}

/// `applicant.officer`.
#[derive(Debug, Clone, Default)]
pub struct OfficerDraft {
    pub name: Option<String>,
    pub collar_number: Option<String>,
}

/// `respondent`.
#[derive(Debug, Clone, Default)]
pub struct RespondentDraft {
    pub title: Option<String>,
    pub given_names: Option<String>,
    pub family_name: Option<String>,
    pub aliases: Vec<String>,
    pub date_of_birth: Option<Date>,
    pub address: Option<AddressDraft>,
    /// `no_fixed_abode.found_at`; `Some(None)` where the object stands and its text was refused.
    pub no_fixed_abode: Option<Option<String>>,
    pub police_area: Option<String>,
    pub pnc_id: Option<String>,
    pub guardian: Option<GuardianDraft>,
    pub commitments: Vec<CommitmentDraft>,
    /// `sex_offender_notification`, with its `until` where known.
    pub sex_offender_notification: Option<Option<Date>>,
}

/// `respondent.guardian`.
#[derive(Debug, Clone, Default)]
pub struct GuardianDraft {
    pub name: Option<String>,
    pub relationship: Option<String>,
    pub none_because: Option<String>,
}

/// `respondent.commitments[]`.
#[derive(Debug, Clone, Default)]
pub struct CommitmentDraft {
    pub kind: Option<CommitmentKind>,
    pub days: Vec<Weekday>,
    pub from: Option<Time>,
    pub to: Option<Time>,
}

/// `protected_persons[]`.
#[derive(Debug, Clone, Default)]
pub struct PersonDraft {
    /// `ref`, `A`-`Z`.
    pub reference: Option<char>,
    /// Confidential where `printed_as` stands, so handled as such from the start.
    pub name: Option<Sensitive>,
    pub printed_as: Option<String>,
    pub confidential: ConfidentialDraft,
}

/// `protected_persons[].confidential`.
#[derive(Debug, Clone, Default)]
pub struct ConfidentialDraft {
    pub addresses: Vec<Sensitive>,
    pub postcodes: Vec<Sensitive>,
    pub phones: Vec<Sensitive>,
    pub emails: Vec<Sensitive>,
    pub places: Vec<Sensitive>,
}

/// `hearing`.
#[derive(Debug, Clone, Default)]
pub struct HearingDraft {
    pub respondent_present: Option<bool>,
    pub on_notice: Option<bool>,
    pub bench: Option<String>,
    pub welsh_bench: Option<String>,
    pub legal_adviser: Option<String>,
}

/// `findings`: full orders have the first three, interim orders the last.
#[derive(Debug, Clone, Default)]
pub struct FindingsDraft {
    pub acts_associated_with_stalking: Option<bool>,
    pub poses_risk: Option<bool>,
    pub order_necessary: Option<bool>,
    pub appropriate: Option<bool>,
}

/// `avoids_conflict`.
#[derive(Debug, Clone, Default)]
pub struct AvoidsConflictDraft {
    pub religious_belief: Option<Practicable>,
    pub work: Option<Practicable>,
    pub education: Option<Practicable>,
    pub reason: Option<String>,
}

/// `prohibitions[]`, `requirements[]`, `changes[].term`.
#[derive(Debug, Clone, Default)]
pub struct TermDraft {
    /// Slug or `slug@version`.
    pub clause: Option<String>,
    pub values: BTreeMap<String, Json>,
    pub welsh_values: BTreeMap<String, Json>,
    pub text: Option<String>,
    pub welsh_text: Option<String>,
    pub necessity: Option<Sensitive>,
    pub locality: Option<LocalityDraft>,
    pub until: Option<Date>,
    /// The shape of this term was refused in part, so that its words can't be made: no rule may say
    /// that it is empty.
    pub broken: bool,
}

/// `locality`.
#[derive(Debug, Clone, Default)]
pub struct LocalityDraft {
    pub description: Option<String>,
    pub welsh_description: Option<String>,
}

/// `duration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationDraft {
    /// `None` where `end_date` is absent or was refused.
    Fixed(Option<Date>),
    UntilFurtherOrder,
}

/// A copy of an order that is asked for.
#[derive(Debug, Clone, Default)]
pub struct CopyDraft {
    pub kind: Option<CopyKind>,
    pub language: Option<Language>,
    pub large_print: Option<bool>,
    pub even_pages: Option<bool>,
    pub address_window: Option<bool>,
    /// The letter of a protected person.
    pub person: Option<char>,
    pub certified_by: Option<AuthorisedByDraft>,
}

/// `authorised_by`, `certified_by`.
#[derive(Debug, Clone, Default)]
pub struct AuthorisedByDraft {
    pub name: Option<String>,
    pub capacity: Option<Capacity>,
}

/// `next_hearing`.
#[derive(Debug, Clone, Default)]
pub struct NextHearingDraft {
    pub date: Option<Date>,
    pub time: Option<Time>,
    /// A court's code.
    pub court: Option<String>,
    pub to_be_notified: Option<bool>,
}

/// `replaces_interim`.
#[derive(Debug, Clone, Default)]
pub struct ReplacesInterimDraft {
    pub order_id: Option<OrderId>,
    pub case_reference: Option<String>,
    pub made_on: Option<Date>,
}

/// `existing_orders[]`.
#[derive(Debug, Clone, Default)]
pub struct ExistingOrderDraft {
    pub order_id: Option<OrderId>,
    pub description: Option<String>,
    pub compatible: Option<bool>,
}

/// `acknowledged[]`.
#[derive(Debug, Clone, Default)]
pub struct AcknowledgementDraft {
    pub rule: Option<String>,
    pub pointer: Option<String>,
    pub reason: Option<String>,
}

/// A request to vary, renew or discharge. Contract section 4.
#[derive(Debug, Clone, Default)]
pub struct VariationDraft {
    pub order_id: Option<OrderId>,
    pub expected_version: Option<u32>,
    pub kind: Option<VariationKind>,
    pub applicant: Option<VariationApplicantDraft>,
    pub made_on: Option<Date>,
    pub grounds: Option<String>,
    pub changes: Vec<ChangeDraft>,
    pub consents: Vec<ConsentDraft>,
    pub language: Option<Language>,
    pub acknowledged: Vec<AcknowledgementDraft>,
}

/// `applicant` of a variation request.
#[derive(Debug, Clone, Default)]
pub struct VariationApplicantDraft {
    pub capacity: Option<Party>,
    pub force: Option<String>,
    pub ground: Option<Ground>,
    pub name: Option<String>,
}

/// Who applies or consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    Respondent,
    ChiefOfficer,
}

/// `changes[]`.
#[derive(Debug, Clone)]
pub enum ChangeDraft {
    Add {
        kind: Option<TermKind>,
        term: TermDraft,
        reason: Option<String>,
    },
    /// `number` as sent.
    Amend {
        number: Option<String>,
        term: TermDraft,
        reason: Option<String>,
    },
    Remove {
        number: Option<String>,
        reason: Option<String>,
    },
    SetDuration {
        duration: Option<DurationDraft>,
        reason: Option<String>,
    },
    SetNextHearing {
        next_hearing: NextHearingDraft,
        reason: Option<String>,
    },
    CorrectRespondent {
        respondent: Box<RespondentDraft>,
        reason: Option<String>,
    },
    AddProtectedPerson {
        person: PersonDraft,
        reason: Option<String>,
    },
    CorrectProtectedPerson {
        reference: Option<char>,
        person: PersonDraft,
        reason: Option<String>,
    },
    /// Refused for its shape.
    Broken,
}

/// `consents[]`.
#[derive(Debug, Clone, Default)]
pub struct ConsentDraft {
    pub party: Option<Party>,
    pub force: Option<String>,
    pub given_on: Option<Date>,
}
