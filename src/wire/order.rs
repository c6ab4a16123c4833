//! Requests for an interim order and a full order. Contract section 3.
//!
//! To add a field: here, in `domain::draft`, in the samples; then `openapi.yaml` differs until
//! written anew.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::acknowledgement;
use super::choice::choice;
use super::court::{
    ApplicationBody, AvoidsConflictBody, CaseBody, CourtBody, FullFindingsBody, HearingBody,
    InterimFindingsBody,
};
use super::format::{ClockTime, Day, OrderIdText};
use super::list::{Acknowledgements, ExistingOrders, ProtectedPersons, Terms};
use super::people::{self, ApplicantBody, AuthorisedByBody, RespondentBody};
use super::term;
use super::text::{CaseReference, Phrase, ShortCode};
use super::word::{FixedWord, LanguageWord, OnlyTrue, RouteWord, UntilFurtherOrderWord};
use crate::domain::draft::{
    DurationDraft, ExistingOrderDraft, NextHearingDraft, OrderDraft, ReplacesInterimDraft,
};
use crate::domain::order::OrderKind;

/// A request for an interim order: Stalking Protection Act 2019, s.5.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InterimOrderRequest {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub case: Option<CaseBody>,
    /// `application` where absent.
    #[schema(nullable = false)]
    pub route: Option<RouteWord>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub application: Option<ApplicationBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub court: Option<CourtBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub applicant: Option<ApplicantBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub respondent: Option<RespondentBody>,
    #[serde(default)]
    #[schema(required = true)]
    #[validate(nested)]
    pub protected_persons: ProtectedPersons,
    /// The day on which the order is made.
    #[schema(required = true, nullable = false)]
    pub made_on: Option<Day>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub hearing: Option<HearingBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub next_hearing: Option<NextHearingBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub findings: Option<InterimFindingsBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub avoids_conflict: Option<AvoidsConflictBody>,
    /// At least one prohibition or requirement is needed.
    #[serde(default)]
    #[validate(nested)]
    pub prohibitions: Terms,
    #[serde(default)]
    #[validate(nested)]
    pub requirements: Terms,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub duration: Option<DurationBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub authorised_by: Option<AuthorisedByBody>,
    /// `en` where absent.
    #[schema(nullable = false)]
    pub language: Option<LanguageWord>,
    #[serde(default)]
    #[validate(nested)]
    pub acknowledged: Acknowledgements,
}

impl From<InterimOrderRequest> for OrderDraft {
    fn from(body: InterimOrderRequest) -> Self {
        Self {
            kind: Some(OrderKind::InterimOrder),
            case: body.case.map(Into::into),
            route: body.route.map(|word| word.0),
            application: body.application.map(Into::into),
            court: body.court.map(Into::into),
            applicant: body.applicant.map(Into::into),
            respondent: body.respondent.map(Into::into),
            protected_persons: people::persons(body.protected_persons),
            made_on: body.made_on.map(|day| day.0),
            hearing: body.hearing.map(Into::into),
            findings: body.findings.map(Into::into),
            avoids_conflict: body.avoids_conflict.map(Into::into),
            prohibitions: term::terms(body.prohibitions),
            requirements: term::terms(body.requirements),
            duration: body.duration.and_then(DurationBody::draft),
            authorised_by: body.authorised_by.map(Into::into),
            language: body.language.map(|word| word.0),
            next_hearing: body.next_hearing.map(Into::into),
            replaces_interim: None,
            existing_orders: Vec::new(),
            acknowledged: acknowledgement::drafts(body.acknowledged),
        }
    }
}

/// A request for a full order: Stalking Protection Act 2019, s.2.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FullOrderRequest {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub case: Option<CaseBody>,
    /// `application` where absent.
    #[schema(nullable = false)]
    pub route: Option<RouteWord>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub application: Option<ApplicationBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub court: Option<CourtBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub applicant: Option<ApplicantBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub respondent: Option<RespondentBody>,
    #[serde(default)]
    #[schema(required = true)]
    #[validate(nested)]
    pub protected_persons: ProtectedPersons,
    /// The day on which the order is made.
    #[schema(required = true, nullable = false)]
    pub made_on: Option<Day>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub hearing: Option<HearingBody>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub replaces_interim: Option<ReplacesInterimBody>,
    /// Earlier orders on the same person: Stalking Protection Act 2019, s.2(6)-(7).
    #[serde(default)]
    #[validate(nested)]
    pub existing_orders: ExistingOrders,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub findings: Option<FullFindingsBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub avoids_conflict: Option<AvoidsConflictBody>,
    /// At least one prohibition or requirement is needed.
    #[serde(default)]
    #[validate(nested)]
    pub prohibitions: Terms,
    #[serde(default)]
    #[validate(nested)]
    pub requirements: Terms,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub duration: Option<DurationBody>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub authorised_by: Option<AuthorisedByBody>,
    /// `en` where absent.
    #[schema(nullable = false)]
    pub language: Option<LanguageWord>,
    #[serde(default)]
    #[validate(nested)]
    pub acknowledged: Acknowledgements,
}

impl From<FullOrderRequest> for OrderDraft {
    fn from(body: FullOrderRequest) -> Self {
        Self {
            kind: Some(OrderKind::FullOrder),
            case: body.case.map(Into::into),
            route: body.route.map(|word| word.0),
            application: body.application.map(Into::into),
            court: body.court.map(Into::into),
            applicant: body.applicant.map(Into::into),
            respondent: body.respondent.map(Into::into),
            protected_persons: people::persons(body.protected_persons),
            made_on: body.made_on.map(|day| day.0),
            hearing: body.hearing.map(Into::into),
            findings: body.findings.map(Into::into),
            avoids_conflict: body.avoids_conflict.map(Into::into),
            prohibitions: term::terms(body.prohibitions),
            requirements: term::terms(body.requirements),
            duration: body.duration.and_then(DurationBody::draft),
            authorised_by: body.authorised_by.map(Into::into),
            language: body.language.map(|word| word.0),
            next_hearing: None,
            replaces_interim: body.replaces_interim.map(Into::into),
            existing_orders: body.existing_orders.0.into_iter().map(Into::into).collect(),
            acknowledged: acknowledgement::drafts(body.acknowledged),
        }
    }
}

choice! {
    /// How long the order has effect.
    DurationBody: FixedDurationBody, UntilFurtherOrderBody
}

/// To the end of a day.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedDurationBody {
    #[schema(required = true, nullable = false)]
    pub r#type: Option<FixedWord>,
    /// The last day.
    #[schema(required = true, nullable = false)]
    pub end_date: Option<Day>,
}

/// Until further order; not for an interim order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UntilFurtherOrderBody {
    #[schema(required = true, nullable = false)]
    pub r#type: Option<UntilFurtherOrderWord>,
}

impl DurationBody {
    /// The draft of a duration; `None` where it can't be told what kind of duration was meant.
    pub fn draft(self) -> Option<DurationDraft> {
        match self {
            Self::FixedDurationBody(fixed) => {
                Some(DurationDraft::Fixed(fixed.end_date.map(|day| day.0)))
            }
            Self::UntilFurtherOrderBody(_) => Some(DurationDraft::UntilFurtherOrder),
            Self::Unread => None,
        }
    }
}

choice! {
    /// The next hearing of the main application.
    NextHearingBody: NextHearingAtBody, NextHearingToBeNotifiedBody
}

/// A hearing whose time is known.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NextHearingAtBody {
    #[schema(required = true, nullable = false)]
    pub date: Option<Day>,
    #[schema(required = true, nullable = false)]
    pub time: Option<ClockTime>,
    /// The code of a court, where it is another.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub court: Option<ShortCode>,
}

/// A hearing of which notice will be given.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NextHearingToBeNotifiedBody {
    #[schema(required = true, nullable = false)]
    pub to_be_notified: Option<OnlyTrue>,
}

impl From<NextHearingBody> for NextHearingDraft {
    fn from(body: NextHearingBody) -> Self {
        match body {
            NextHearingBody::NextHearingAtBody(at) => Self {
                date: at.date.map(|day| day.0),
                time: at.time.map(|time| time.0),
                court: at.court.map(Into::into),
                to_be_notified: None,
            },
            NextHearingBody::NextHearingToBeNotifiedBody(hearing) => Self {
                to_be_notified: hearing.to_be_notified.map(|only| only.0),
                ..Self::default()
            },
            NextHearingBody::Unread => Self::default(),
        }
    }
}

choice! {
    /// The interim order that this order takes the place of.
    ReplacesInterimBody: StoredInterimBody, DescribedInterimBody
}

/// An interim order made here.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoredInterimBody {
    #[schema(required = true, nullable = false)]
    pub order_id: Option<OrderIdText>,
}

/// An interim order made elsewhere.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DescribedInterimBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub case_reference: Option<CaseReference>,
    #[schema(required = true, nullable = false)]
    pub made_on: Option<Day>,
}

impl From<ReplacesInterimBody> for ReplacesInterimDraft {
    fn from(body: ReplacesInterimBody) -> Self {
        match body {
            ReplacesInterimBody::StoredInterimBody(stored) => {
                Self { order_id: stored.order_id.map(|id| id.0), ..Self::default() }
            }
            ReplacesInterimBody::DescribedInterimBody(described) => Self {
                order_id: None,
                case_reference: described.case_reference.map(Into::into),
                made_on: described.made_on.map(|day| day.0),
            },
            ReplacesInterimBody::Unread => Self::default(),
        }
    }
}

choice! {
    /// An earlier order on the same person, and whether this one is compatible with it.
    ExistingOrderBody: StoredExistingOrderBody, DescribedExistingOrderBody
}

/// An order made here.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoredExistingOrderBody {
    #[schema(required = true, nullable = false)]
    pub order_id: Option<OrderIdText>,
    #[schema(required = true, nullable = false)]
    pub compatible: Option<bool>,
}

/// An order made elsewhere.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DescribedExistingOrderBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub description: Option<Phrase>,
    #[schema(required = true, nullable = false)]
    pub compatible: Option<bool>,
}

impl From<ExistingOrderBody> for ExistingOrderDraft {
    fn from(body: ExistingOrderBody) -> Self {
        match body {
            ExistingOrderBody::StoredExistingOrderBody(stored) => Self {
                order_id: stored.order_id.map(|id| id.0),
                description: None,
                compatible: stored.compatible,
            },
            ExistingOrderBody::DescribedExistingOrderBody(described) => Self {
                order_id: None,
                description: described.description.map(Into::into),
                compatible: described.compatible,
            },
            ExistingOrderBody::Unread => Self::default(),
        }
    }
}
