//! A request to vary, renew or discharge an order. Contract section 4.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::acknowledgement;
use super::choice::choice;
use super::format::{Day, OrderIdText, PersonRef, TermNumberText};
use super::list::{Acknowledgements, Changes, Consents};
use super::order::{DurationBody, NextHearingBody};
use super::people::{PersonBody, RespondentBody};
use super::term::TermBody;
use super::text::{Grounds, PersonName, Reason, ShortCode};
use super::word::{
    AddProtectedPersonWord, AddWord, AmendWord, ChiefOfficerWord, CorrectProtectedPersonWord,
    CorrectRespondentWord, GroundWord, LanguageWord, RemoveWord, RespondentWord, SetDurationWord,
    SetNextHearingWord, TermKindWord, VariationKindWord, VersionNumber,
};
use crate::domain::draft::{
    ChangeDraft, ConsentDraft, Party, TermDraft, VariationApplicantDraft, VariationDraft,
};

/// A request to vary, renew or discharge an order: Stalking Protection Act 2019, s.4 and s.5(7).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VariationRequestBody {
    #[schema(required = true, nullable = false)]
    pub order_id: Option<OrderIdText>,
    /// The version that the request was written against.
    #[schema(required = true, nullable = false)]
    pub expected_version: Option<VersionNumber>,
    #[schema(required = true, nullable = false)]
    pub kind: Option<VariationKindWord>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub applicant: Option<VariationApplicantBody>,
    #[schema(required = true, nullable = false)]
    pub made_on: Option<Day>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub grounds: Option<Grounds>,
    #[serde(default)]
    #[validate(nested)]
    pub changes: Changes,
    #[serde(default)]
    #[validate(nested)]
    pub consents: Consents,
    /// `en` where absent.
    #[schema(nullable = false)]
    pub language: Option<LanguageWord>,
    #[serde(default)]
    #[validate(nested)]
    pub acknowledged: Acknowledgements,
}

impl From<VariationRequestBody> for VariationDraft {
    fn from(body: VariationRequestBody) -> Self {
        Self {
            order_id: body.order_id.map(|id| id.0),
            expected_version: body.expected_version.map(|version| version.0),
            kind: body.kind.map(|word| word.0),
            applicant: body.applicant.map(Into::into),
            made_on: body.made_on.map(|day| day.0),
            grounds: body.grounds.map(Into::into),
            changes: body.changes.0.into_iter().map(Into::into).collect(),
            consents: body.consents.0.into_iter().map(Into::into).collect(),
            language: body.language.map(|word| word.0),
            acknowledged: acknowledgement::drafts(body.acknowledged),
        }
    }
}

choice! {
    /// Who asks.
    VariationApplicantBody: RespondentApplicantBody, ChiefOfficerApplicantBody
}

/// The respondent asks.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RespondentApplicantBody {
    #[schema(required = true, nullable = false)]
    pub capacity: Option<RespondentWord>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub name: Option<PersonName>,
}

/// A chief officer of police asks.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChiefOfficerApplicantBody {
    #[schema(required = true, nullable = false)]
    pub capacity: Option<ChiefOfficerWord>,
    /// The code of a police force.
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub force: Option<ShortCode>,
    #[schema(nullable = false)]
    pub ground: Option<GroundWord>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub name: Option<PersonName>,
}

impl From<VariationApplicantBody> for VariationApplicantDraft {
    fn from(body: VariationApplicantBody) -> Self {
        match body {
            VariationApplicantBody::RespondentApplicantBody(respondent) => Self {
                capacity: Some(Party::Respondent),
                name: respondent.name.map(Into::into),
                ..Self::default()
            },
            VariationApplicantBody::ChiefOfficerApplicantBody(officer) => Self {
                capacity: Some(Party::ChiefOfficer),
                force: officer.force.map(Into::into),
                ground: officer.ground.map(|word| word.0),
                name: officer.name.map(Into::into),
            },
            VariationApplicantBody::Unread => Self::default(),
        }
    }
}

choice! {
    /// A consent to an early discharge: Stalking Protection Act 2019, s.4(4)(b).
    ConsentBody: RespondentConsentBody, ChiefOfficerConsentBody
}

/// The respondent consents.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RespondentConsentBody {
    #[schema(required = true, nullable = false)]
    pub party: Option<RespondentWord>,
    #[schema(required = true, nullable = false)]
    pub given_on: Option<Day>,
}

/// A chief officer of police consents.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChiefOfficerConsentBody {
    #[schema(required = true, nullable = false)]
    pub party: Option<ChiefOfficerWord>,
    /// The code of a police force.
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub force: Option<ShortCode>,
    #[schema(required = true, nullable = false)]
    pub given_on: Option<Day>,
}

impl From<ConsentBody> for ConsentDraft {
    fn from(body: ConsentBody) -> Self {
        match body {
            ConsentBody::RespondentConsentBody(consent) => Self {
                party: Some(Party::Respondent),
                force: None,
                given_on: consent.given_on.map(|day| day.0),
            },
            ConsentBody::ChiefOfficerConsentBody(consent) => Self {
                party: Some(Party::ChiefOfficer),
                force: consent.force.map(Into::into),
                given_on: consent.given_on.map(|day| day.0),
            },
            ConsentBody::Unread => Self::default(),
        }
    }
}

choice! {
    /// One change.
    ChangeBody:
        AddTermBody, AmendTermBody, RemoveTermBody, SetDurationBody, SetNextHearingBody,
        CorrectRespondentBody, AddProtectedPersonBody, CorrectProtectedPersonBody
}

/// A new term.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTermBody {
    #[schema(required = true, nullable = false)]
    pub op: Option<AddWord>,
    #[schema(required = true, nullable = false)]
    pub r#type: Option<TermKindWord>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub term: Option<TermBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

/// New words for a term, which keeps its number.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendTermBody {
    #[schema(required = true, nullable = false)]
    pub op: Option<AmendWord>,
    #[schema(required = true, nullable = false)]
    pub number: Option<TermNumberText>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub term: Option<TermBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

/// The end of a term.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveTermBody {
    #[schema(required = true, nullable = false)]
    pub op: Option<RemoveWord>,
    #[schema(required = true, nullable = false)]
    pub number: Option<TermNumberText>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

/// Another duration.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDurationBody {
    #[schema(required = true, nullable = false)]
    pub op: Option<SetDurationWord>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub duration: Option<DurationBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

/// Another next hearing, of an interim order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetNextHearingBody {
    #[schema(required = true, nullable = false)]
    pub op: Option<SetNextHearingWord>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub next_hearing: Option<NextHearingBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

/// The respondent's particulars, corrected.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectRespondentBody {
    #[schema(required = true, nullable = false)]
    pub op: Option<CorrectRespondentWord>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub respondent: Option<RespondentBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

/// One more protected person.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddProtectedPersonBody {
    #[schema(required = true, nullable = false)]
    pub op: Option<AddProtectedPersonWord>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub person: Option<PersonBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

/// A protected person's particulars, corrected.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectProtectedPersonBody {
    #[schema(required = true, nullable = false)]
    pub op: Option<CorrectProtectedPersonWord>,
    /// The letter that the order has for the person.
    #[schema(required = true, nullable = false)]
    pub r#ref: Option<PersonRef>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub person: Option<PersonBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

impl From<ChangeBody> for ChangeDraft {
    fn from(body: ChangeBody) -> Self {
        match body {
            ChangeBody::AddTermBody(add) => Self::Add {
                kind: add.r#type.map(|word| word.0),
                term: term(add.term),
                reason: add.reason.map(Into::into),
            },
            ChangeBody::AmendTermBody(amend) => Self::Amend {
                number: amend.number.map(|number| number.0),
                term: term(amend.term),
                reason: amend.reason.map(Into::into),
            },
            ChangeBody::RemoveTermBody(remove) => Self::Remove {
                number: remove.number.map(|number| number.0),
                reason: remove.reason.map(Into::into),
            },
            ChangeBody::SetDurationBody(set) => Self::SetDuration {
                duration: set.duration.and_then(DurationBody::draft),
                reason: set.reason.map(Into::into),
            },
            ChangeBody::SetNextHearingBody(set) => Self::SetNextHearing {
                next_hearing: set.next_hearing.map(Into::into).unwrap_or_default(),
                reason: set.reason.map(Into::into),
            },
            ChangeBody::CorrectRespondentBody(correct) => Self::CorrectRespondent {
                respondent: Box::new(correct.respondent.map(Into::into).unwrap_or_default()),
                reason: correct.reason.map(Into::into),
            },
            ChangeBody::AddProtectedPersonBody(add) => Self::AddProtectedPerson {
                person: add.person.map(Into::into).unwrap_or_default(),
                reason: add.reason.map(Into::into),
            },
            ChangeBody::CorrectProtectedPersonBody(correct) => Self::CorrectProtectedPerson {
                reference: correct.r#ref.map(|letter| letter.0),
                person: correct.person.map(Into::into).unwrap_or_default(),
                reason: correct.reason.map(Into::into),
            },
            ChangeBody::Unread => Self::Broken,
        }
    }
}

/// The term of a change; one that is absent is as broken as one that can't be read.
fn term(body: Option<TermBody>) -> TermDraft {
    body.unwrap_or(TermBody::Unread).into()
}
