//! The respondent in an answer.

use jiff::civil::{Date, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::AddressAnswer;
use crate::domain::calendar::Weekday;
use crate::domain::people::{Abode, Commitment, CommitmentKind, Guardian, Respondent};
use crate::domain::text::Text;
use crate::wire::word::{CommitmentKindWord, WeekdayWord};

/// The person whom the order binds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RespondentAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<String>,
    pub given_names: String,
    pub family_name: String,
    pub aliases: Vec<String>,
    #[schema(value_type = String, format = Date)]
    pub date_of_birth: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address: Option<AddressAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub no_fixed_abode: Option<NoFixedAbodeAnswer>,
    /// The code of a force.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub police_area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pnc_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub guardian: Option<GuardianAnswer>,
    pub commitments: Vec<CommitmentAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sex_offender_notification: Option<SexOffenderNotificationAnswer>,
}

impl RespondentAnswer {
    /// A respondent of the domain.
    pub fn of(respondent: &Respondent) -> Self {
        let (address, no_fixed_abode) = match &respondent.abode {
            Abode::Address(address) => (Some(AddressAnswer::of(address)), None),
            Abode::NoFixedAbode { found_at } => {
                (None, Some(NoFixedAbodeAnswer { found_at: found_at.to_string() }))
            }
        };
        Self {
            title: respondent.title.as_ref().map(Text::to_string),
            given_names: respondent.given_names.to_string(),
            family_name: respondent.family_name.to_string(),
            aliases: respondent.aliases.iter().map(Text::to_string).collect(),
            date_of_birth: respondent.date_of_birth,
            address,
            no_fixed_abode,
            police_area: respondent.police_area.as_ref().map(|force| force.code.clone()),
            pnc_id: respondent.pnc_id.as_ref().map(Text::to_string),
            guardian: respondent.guardian.as_ref().map(GuardianAnswer::of),
            commitments: respondent.commitments.iter().map(CommitmentAnswer::of).collect(),
            sex_offender_notification: respondent
                .sex_offender_notification
                .as_ref()
                .map(|notification| SexOffenderNotificationAnswer { until: notification.until }),
        }
    }
}

/// Where a person without a fixed abode can regularly be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoFixedAbodeAnswer {
    pub found_at: String,
}

/// The parent or guardian, or why none is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct GuardianAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub relationship: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub none_because: Option<String>,
}

impl GuardianAnswer {
    fn of(guardian: &Guardian) -> Self {
        match guardian {
            Guardian::Named { name, relationship } => Self {
                name: Some(name.to_string()),
                relationship: Some(relationship.to_string()),
                none_because: None,
            },
            Guardian::NoneBecause { reason } => {
                Self { none_because: Some(reason.to_string()), ..Self::default() }
            }
        }
    }
}

/// A time of work, worship or education.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommitmentAnswer {
    #[schema(value_type = CommitmentKindWord)]
    pub kind: CommitmentKind,
    #[schema(value_type = Vec<WeekdayWord>)]
    pub days: Vec<Weekday>,
    /// `09:30`.
    pub from: String,
    pub to: String,
}

impl CommitmentAnswer {
    fn of(commitment: &Commitment) -> Self {
        Self {
            kind: commitment.kind,
            days: commitment.days.clone(),
            from: clock(commitment.from),
            to: clock(commitment.to),
        }
    }
}

/// A time of day as requests have it: `09:30`.
pub(super) fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Notification under Part 2 of the Sexual Offences Act 2003.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SexOffenderNotificationAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, required = false)]
    pub until: Option<Date>,
}
