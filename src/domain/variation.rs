//! A request to vary, renew or discharge an order. Stalking Protection Act 2019, s.4 and s.5(7).

use std::ops::Deref;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::identity::OrderId;
use super::order::{Duration, Language, NextHearing};
use super::people::{ForceName, Ground, ProtectedPerson, Respondent};
use super::term::{Term, TermNumber};
use super::text::Text;

/// A request that every rule has passed, held against the version of the order that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VariationRequest(VariationFacts);

impl VariationRequest {
    /// Seals facts that the rules have passed.
    pub(super) fn seal(facts: VariationFacts) -> Self {
        Self(facts)
    }
}

impl Deref for VariationRequest {
    type Target = VariationFacts;

    fn deref(&self) -> &VariationFacts {
        &self.0
    }
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariationFacts {
    pub order_id: OrderId,
    pub expected_version: u32,
    pub kind: VariationKind,
    pub applicant: VariationApplicant,
    pub made_on: Date,
    pub grounds: Text,
    pub changes: Vec<Change>,
    pub consents: Vec<Consent>,
    pub language: Language,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariationKind {
    Vary,
    Renew,
    Discharge,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "capacity", rename_all = "snake_case")]
pub enum VariationApplicant {
    Respondent { name: Option<Text> },
    ChiefOfficer { force: ForceName, ground: Option<Ground>, name: Option<Text> },
}

/// One change with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub op: ChangeOp,
    pub reason: Option<Text>,
}

/// What a change does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ChangeOp {
    /// The number is the one that the term would take.
    Add {
        term: Term,
    },
    /// The term keeps its number; `was` is its words now.
    Amend {
        was: Term,
        term: Term,
    },
    Remove {
        number: TermNumber,
        was: Term,
    },
    SetDuration {
        duration: Duration,
    },
    SetNextHearing {
        next_hearing: NextHearing,
    },
    CorrectRespondent {
        respondent: Box<Respondent>,
    },
    AddProtectedPerson {
        person: ProtectedPerson,
    },
    CorrectProtectedPerson {
        reference: char,
        person: ProtectedPerson,
    },
}

/// A consent to an early discharge. Stalking Protection Act 2019, s.4(4)(b).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub party: ConsentParty,
    pub given_on: Date,
}

/// Who consents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "party", rename_all = "snake_case")]
pub enum ConsentParty {
    Respondent,
    ChiefOfficer { force: ForceName },
}
