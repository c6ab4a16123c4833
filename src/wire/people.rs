//! The people and bodies of a request: applicant, respondent, protected persons, who authorises.
//!
//! None of these types has `Debug`: they hold what a caller says of people.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::choice::choice;
use super::format::{ClockTime, Day, PersonRef};
use super::list::{
    AddressLines, Aliases, Commitments, ConfidentialTexts, ProtectedPersons, Weekdays,
};
use super::text::{
    PersonName, PersonTitle, Phrase, PncText, PostcodeText, ProtectedName, Reason, ShortCode,
};
use super::word::{CapacityWord, CommitmentKindWord, GroundWord};
use crate::domain::draft::{
    AddressDraft, ApplicantDraft, AuthorisedByDraft, CommitmentDraft, ConfidentialDraft,
    GuardianDraft, OfficerDraft, PersonDraft, RespondentDraft,
};
use crate::domain::sensitive::Sensitive;

/// A postal address.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressBody {
    #[serde(default)]
    #[schema(required = true)]
    #[validate(nested)]
    pub lines: AddressLines,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub postcode: Option<PostcodeText>,
}

impl From<AddressBody> for AddressDraft {
    fn from(body: AddressBody) -> Self {
        Self {
            lines: body.lines.0.into_iter().map(Into::into).collect(),
            postcode: body.postcode.map(Into::into),
        }
    }
}

/// The chief officer who applied: Stalking Protection Act 2019, s.1(1).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicantBody {
    /// The code of a police force.
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub force: Option<ShortCode>,
    /// Needed for a territorial force.
    #[schema(nullable = false)]
    pub ground: Option<GroundWord>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub officer: Option<OfficerBody>,
}

impl From<ApplicantBody> for ApplicantDraft {
    fn from(body: ApplicantBody) -> Self {
        Self {
            force: body.force.map(Into::into),
            ground: body.ground.map(|word| word.0),
            officer: body.officer.map(Into::into),
        }
    }
}

/// An officer in the case.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficerBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub name: Option<PersonName>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub collar_number: Option<ShortCode>,
}

impl From<OfficerBody> for OfficerDraft {
    fn from(body: OfficerBody) -> Self {
        Self { name: body.name.map(Into::into), collar_number: body.collar_number.map(Into::into) }
    }
}

/// The person whom the order binds. Either `address` or `no_fixed_abode` is needed.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RespondentBody {
    #[schema(nullable = false)]
    #[validate(nested)]
    pub title: Option<PersonTitle>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub given_names: Option<PersonName>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub family_name: Option<PersonName>,
    #[serde(default)]
    #[validate(nested)]
    pub aliases: Aliases,
    #[schema(required = true, nullable = false)]
    pub date_of_birth: Option<Day>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub address: Option<AddressBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub no_fixed_abode: Option<NoFixedAbodeBody>,
    /// The force to name in the notification paragraph.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub police_area: Option<ShortCode>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub pnc_id: Option<PncText>,
    /// Needed for a respondent under 18.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub guardian: Option<GuardianBody>,
    #[serde(default)]
    #[validate(nested)]
    pub commitments: Commitments,
    /// Present where the respondent notifies under Part 2 of the Sexual Offences Act 2003.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub sex_offender_notification: Option<SexOffenderNotificationBody>,
}

impl From<RespondentBody> for RespondentDraft {
    fn from(body: RespondentBody) -> Self {
        Self {
            title: body.title.map(Into::into),
            given_names: body.given_names.map(Into::into),
            family_name: body.family_name.map(Into::into),
            aliases: body.aliases.0.into_iter().map(Into::into).collect(),
            date_of_birth: body.date_of_birth.map(|day| day.0),
            address: body.address.map(Into::into),
            no_fixed_abode: body.no_fixed_abode.map(|abode| abode.found_at.map(Into::into)),
            police_area: body.police_area.map(Into::into),
            pnc_id: body.pnc_id.map(Into::into),
            guardian: body.guardian.map(Into::into),
            commitments: body.commitments.0.into_iter().map(Into::into).collect(),
            sex_offender_notification: body
                .sex_offender_notification
                .map(|notification| notification.until.map(|day| day.0)),
        }
    }
}

/// Where a person without a fixed abode can regularly be found.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoFixedAbodeBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub found_at: Option<Phrase>,
}

/// Notification under Part 2 of the Sexual Offences Act 2003.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SexOffenderNotificationBody {
    /// Its last day, where there is one.
    #[schema(nullable = false)]
    pub until: Option<Day>,
}

choice! {
    /// The parent or guardian of a young respondent, or why none is named.
    GuardianBody: GuardianNamedBody, NoGuardianBody
}

/// A parent or guardian.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardianNamedBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub name: Option<PersonName>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub relationship: Option<Phrase>,
}

/// Why no parent or guardian is named.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoGuardianBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub none_because: Option<Reason>,
}

impl From<GuardianBody> for GuardianDraft {
    fn from(body: GuardianBody) -> Self {
        match body {
            GuardianBody::GuardianNamedBody(named) => Self {
                name: named.name.map(Into::into),
                relationship: named.relationship.map(Into::into),
                none_because: None,
            },
            GuardianBody::NoGuardianBody(none) => {
                Self { none_because: none.none_because.map(Into::into), ..Self::default() }
            }
            GuardianBody::Unread => Self::default(),
        }
    }
}

/// A time of work, worship or education.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentBody {
    #[schema(required = true, nullable = false)]
    pub kind: Option<CommitmentKindWord>,
    #[serde(default)]
    #[schema(required = true)]
    #[validate(nested)]
    pub days: Weekdays,
    #[schema(required = true, nullable = false)]
    pub from: Option<ClockTime>,
    #[schema(required = true, nullable = false)]
    pub to: Option<ClockTime>,
}

impl From<CommitmentBody> for CommitmentDraft {
    fn from(body: CommitmentBody) -> Self {
        Self {
            kind: body.kind.map(|word| word.0),
            days: body.days.0.into_iter().map(|word| word.0).collect(),
            from: body.from.map(|time| time.0),
            to: body.to.map(|time| time.0),
        }
    }
}

/// A person whom the order protects.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    #[schema(required = true, nullable = false)]
    pub r#ref: Option<PersonRef>,
    /// Printed, unless `printed_as` stands: then confidential.
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub name: Option<ProtectedName>,
    /// What documents print in place of the name.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub printed_as: Option<PersonName>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub confidential: Option<ConfidentialBody>,
}

impl From<PersonBody> for PersonDraft {
    fn from(body: PersonBody) -> Self {
        Self {
            reference: body.r#ref.map(|letter| letter.0),
            name: body.name.map(Into::into),
            printed_as: body.printed_as.map(Into::into),
            confidential: body.confidential.map(Into::into).unwrap_or_default(),
        }
    }
}

/// The drafts of all protected persons.
pub fn persons(list: ProtectedPersons) -> Vec<PersonDraft> {
    list.0.into_iter().map(Into::into).collect()
}

/// What no document for the respondent may show. Every finished document is searched for it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfidentialBody {
    #[serde(default)]
    #[validate(nested)]
    pub addresses: ConfidentialTexts,
    #[serde(default)]
    #[validate(nested)]
    pub postcodes: ConfidentialTexts,
    #[serde(default)]
    #[validate(nested)]
    pub phones: ConfidentialTexts,
    #[serde(default)]
    #[validate(nested)]
    pub emails: ConfidentialTexts,
    #[serde(default)]
    #[validate(nested)]
    pub places: ConfidentialTexts,
}

impl From<ConfidentialBody> for ConfidentialDraft {
    fn from(body: ConfidentialBody) -> Self {
        let sealed = |list: ConfidentialTexts| -> Vec<Sensitive> {
            list.0.into_iter().map(Into::into).collect()
        };
        Self {
            addresses: sealed(body.addresses),
            postcodes: sealed(body.postcodes),
            phones: sealed(body.phones),
            emails: sealed(body.emails),
            places: sealed(body.places),
        }
    }
}

/// Who signs by order of the court.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorisedByBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub name: Option<PersonName>,
    #[schema(required = true, nullable = false)]
    pub capacity: Option<CapacityWord>,
}

impl From<AuthorisedByBody> for AuthorisedByDraft {
    fn from(body: AuthorisedByBody) -> Self {
        Self { name: body.name.map(Into::into), capacity: body.capacity.map(|word| word.0) }
    }
}
