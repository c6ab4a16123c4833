//! The people and bodies that an order names.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::calendar::Weekday;
use super::sensitive::Sensitive;
use super::text::Text;

/// A postal address as printed: one to five lines and a postcode where it has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub lines: Vec<Text>,
    pub postcode: Option<Text>,
}

/// Where the respondent can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Abode {
    Address(Address),
    /// No fixed abode: a place where the person can regularly be found. Stalking Protection Act
    /// 2019, s.14.
    NoFixedAbode {
        found_at: Text,
    },
}

/// The parent or guardian of a respondent under 18, or why none is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guardian {
    Named { name: Text, relationship: Text },
    NoneBecause { reason: Text },
}

/// A time of work, worship or education that terms should not cut into. Stalking Protection Act
/// 2019, s.2(3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    pub kind: CommitmentKind,
    pub days: Vec<Weekday>,
    pub from: Time,
    pub to: Time,
}

/// What a [`Commitment`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitmentKind {
    Work,
    Worship,
    Education,
}

/// The person bound by the order: the Act's defendant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Respondent {
    pub title: Option<Text>,
    pub given_names: Text,
    pub family_name: Text,
    pub aliases: Vec<Text>,
    pub date_of_birth: Date,
    pub abode: Abode,
    /// Code of the force named in the notification paragraph; absent: "the police area where you
    /// live".
    pub police_area: Option<ForceName>,
    /// For court and police copies alone.
    pub pnc_id: Option<Text>,
    pub guardian: Option<Guardian>,
    pub commitments: Vec<Commitment>,
    /// Present where the person is under Part 2 of the Sexual Offences Act 2003. Stalking
    /// Protection Act 2019, s.9(5).
    pub sex_offender_notification: Option<SexOffenderNotification>,
}

/// Notification under Part 2 of the Sexual Offences Act 2003, with its last day where known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SexOffenderNotification {
    pub until: Option<Date>,
}

/// A police force as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForceName {
    pub code: String,
    pub name: Text,
    pub welsh_name: Text,
    /// "The Chief Constable of South Wales Police", "The Commissioner of …".
    pub chief_officer: Text,
    pub welsh_chief_officer: Text,
}

/// The chief officer who applied, and the link to the force's area. Stalking Protection Act 2019,
/// s.1(3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    pub force: ForceName,
    /// Absent only for a force without a territorial limit.
    pub ground: Option<Ground>,
    pub officer: Option<Officer>,
}

/// Why this force may apply. Stalking Protection Act 2019, s.1(3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    ResidesInArea,
    BelievedInArea,
    IntendsToCome,
}

/// An officer named in the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    pub name: Text,
    pub collar_number: Option<Text>,
}

/// A protected person as documents show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectedPerson {
    /// `A` to `Z`.
    pub reference: char,
    /// What is printed: `printed_as` where it stands, else the name.
    pub printed: Text,
}

/// What the court keeps of a protected person and no document prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confidences {
    /// `A` to `Z`.
    pub reference: char,
    /// The name, where another is printed in its place.
    pub hidden_name: Option<Sensitive>,
    pub addresses: Vec<Sensitive>,
    pub postcodes: Vec<Sensitive>,
    pub phones: Vec<Sensitive>,
    pub emails: Vec<Sensitive>,
    pub places: Vec<Sensitive>,
}

/// Who signs by order of the court.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorisedBy {
    pub name: Text,
    pub capacity: Capacity,
}

/// In what capacity a person authorises an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    JusticesLegalAdviser,
    AuthorisedCourtOfficer,
    DistrictJudge,
    JusticeOfThePeace,
}
