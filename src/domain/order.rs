//! An order that the law allows.

use std::ops::Deref;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::identity::OrderId;
use super::people::{
    Address, Applicant, AuthorisedBy, Confidences, ForceName, ProtectedPerson, Respondent,
};
use super::sensitive::Sensitive;
use super::term::{Term, TermNumber};
use super::text::Text;

/// The two orders of the Stalking Protection Act 2019.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// Section 5.
    InterimOrder,
    /// Section 2.
    FullOrder,
}

/// An order which every rule of the law has passed. Only `judge` makes one from a request; the
/// store gives back what it kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Order(OrderFacts);

impl Order {
    /// Seals facts that the rules have passed.
    pub(super) fn seal(facts: OrderFacts) -> Self {
        Self(facts)
    }
}

impl Deref for Order {
    type Target = OrderFacts;

    fn deref(&self) -> &OrderFacts {
        &self.0
    }
}

/// What an order says. It holds no confidential value: those are [`Undisclosed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFacts {
    pub kind: OrderKind,
    pub case: Case,
    pub route: Route,
    pub application: Application,
    pub court: Court,
    pub applicant: Applicant,
    pub respondent: Respondent,
    pub protected_persons: Vec<ProtectedPerson>,
    pub made_on: Date,
    pub hearing: Hearing,
    pub avoids_conflict: AvoidsConflict,
    /// Prohibitions by number, then requirements by number.
    pub terms: Vec<Term>,
    pub duration: Duration,
    pub authorised_by: AuthorisedBy,
    pub language: Language,
    /// Interim orders alone.
    pub next_hearing: Option<NextHearing>,
    /// Full orders alone.
    pub replaces_interim: Option<ReplacedInterim>,
    /// Full orders alone. Stalking Protection Act 2019, s.2(6)-(7).
    pub existing_orders: Vec<ExistingOrder>,
}

/// What is kept with an order and stands in no document and no answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undisclosed {
    pub persons: Vec<Confidences>,
    /// Why each term is needed. Stalking Protection Act 2019, s.2(2).
    pub necessity: Vec<(TermNumber, Sensitive)>,
}

/// References of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub reference: Text,
    pub urn: Option<Text>,
    pub court_reference: Option<Text>,
}

/// The way by which the order came before the court.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    Application,
    Acquittal,
    Conviction,
    Appeal,
}

/// The chief officer's application; for an interim order the pending main application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub reference: Option<Text>,
    pub made_on: Date,
}

/// The court as it sat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Court {
    pub code: Text,
    pub sitting: Sitting,
    pub name: Text,
    pub welsh_name: Option<Text>,
    pub lja_code: Text,
    pub lja_name: Text,
    pub address: Address,
    /// Where the reference data has it.
    #[serde(default)]
    pub welsh_address: Option<Address>,
    /// The police force for the area in which the court sits, where the reference data knows it.
    /// For a person with no home address in England or Wales. Stalking Protection Act 2019,
    /// s.10(2).
    pub police_area: Option<ForceName>,
}

/// As what the court sat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sitting {
    Magistrates,
    Youth,
    Crown,
}

/// The hearing at which the order was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    pub respondent_present: bool,
    pub on_notice: bool,
    pub bench: Text,
    pub welsh_bench: Option<Text>,
    pub legal_adviser: Option<Text>,
}

/// Stalking Protection Act 2019, s.2(3) and s.5(4): what the terms avoid so far as practicable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvoidsConflict {
    pub religious_belief: Practicable,
    pub work: Practicable,
    pub education: Practicable,
    pub reason: Option<Text>,
}

/// Whether a conflict could be avoided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Practicable {
    Yes,
    NotPracticable,
}

/// How long the order has effect. Stalking Protection Act 2019, s.3(1) and s.5(6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Duration {
    /// To the end of `end_date` in London.
    Fixed {
        end_date: Date,
    },
    UntilFurtherOrder,
}

impl Duration {
    /// The last day; none where it lasts until further order.
    pub const fn ends_on(self) -> Option<Date> {
        match self {
            Self::Fixed { end_date } => Some(end_date),
            Self::UntilFurtherOrder => None,
        }
    }
}

/// The language or languages of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    Cy,
    Bilingual,
}

/// The next hearing of an interim order's main application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextHearing {
    At { date: Date, time: Time, court_name: Text, court_welsh_name: Option<Text> },
    ToBeNotified,
}

/// The interim order that a full order takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedInterim {
    pub order_id: Option<OrderId>,
    pub case_reference: Text,
    pub made_on: Date,
}

/// An earlier order on the same person, found compatible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExistingOrder {
    Stored { order_id: OrderId },
    Described { description: Text },
}
