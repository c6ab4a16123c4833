//! The court of a request: its case, application, sitting, hearing, findings.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::format::Day;
use super::people::AddressBody;
use super::text::{CaseReference, Phrase, PlaceName, Reason, ShortCode};
use super::word::{PracticableWord, SittingWord};
use crate::domain::draft::{
    ApplicationDraft, AvoidsConflictDraft, CaseDraft, CourtDraft, FindingsDraft, HearingDraft,
};

/// References of the case.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub reference: Option<CaseReference>,
    /// The police's unique reference number.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub urn: Option<CaseReference>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub court_reference: Option<CaseReference>,
}

impl From<CaseBody> for CaseDraft {
    fn from(body: CaseBody) -> Self {
        Self {
            reference: body.reference.map(Into::into),
            urn: body.urn.map(Into::into),
            court_reference: body.court_reference.map(Into::into),
        }
    }
}

/// The chief officer's application; for an interim order the pending main application.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationBody {
    /// Needed for an interim order.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reference: Option<CaseReference>,
    #[schema(required = true, nullable = false)]
    pub made_on: Option<Day>,
}

impl From<ApplicationBody> for ApplicationDraft {
    fn from(body: ApplicationBody) -> Self {
        Self { reference: body.reference.map(Into::into), made_on: body.made_on.map(|day| day.0) }
    }
}

/// The court. All but `code` and `sitting` is for a court that the reference data does not know;
/// beside a known code it must agree with the reference data.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CourtBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub code: Option<ShortCode>,
    #[schema(required = true, nullable = false)]
    pub sitting: Option<SittingWord>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub name: Option<PlaceName>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub welsh_name: Option<PlaceName>,
    /// Code of the local justice area.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub lja_code: Option<ShortCode>,
    /// Name of the local justice area.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub lja_name: Option<PlaceName>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub address: Option<AddressBody>,
}

impl From<CourtBody> for CourtDraft {
    fn from(body: CourtBody) -> Self {
        Self {
            code: body.code.map(Into::into),
            sitting: body.sitting.map(|word| word.0),
            name: body.name.map(Into::into),
            welsh_name: body.welsh_name.map(Into::into),
            lja_code: body.lja_code.map(Into::into),
            lja_name: body.lja_name.map(Into::into),
            address: body.address.map(Into::into),
        }
    }
}

/// The hearing at which the order was made.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HearingBody {
    #[schema(required = true, nullable = false)]
    pub respondent_present: Option<bool>,
    #[schema(required = true, nullable = false)]
    pub on_notice: Option<bool>,
    /// Who sat.
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub bench: Option<Phrase>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub welsh_bench: Option<Phrase>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub legal_adviser: Option<Phrase>,
}

impl From<HearingBody> for HearingDraft {
    fn from(body: HearingBody) -> Self {
        Self {
            respondent_present: body.respondent_present,
            on_notice: body.on_notice,
            bench: body.bench.map(Into::into),
            welsh_bench: body.welsh_bench.map(Into::into),
            legal_adviser: body.legal_adviser.map(Into::into),
        }
    }
}

/// What the court found: Stalking Protection Act 2019, s.2(1).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FullFindingsBody {
    #[schema(required = true, nullable = false)]
    pub acts_associated_with_stalking: Option<bool>,
    #[schema(required = true, nullable = false)]
    pub poses_risk: Option<bool>,
    #[schema(required = true, nullable = false)]
    pub order_necessary: Option<bool>,
}

impl From<FullFindingsBody> for FindingsDraft {
    fn from(body: FullFindingsBody) -> Self {
        Self {
            acts_associated_with_stalking: body.acts_associated_with_stalking,
            poses_risk: body.poses_risk,
            order_necessary: body.order_necessary,
            appropriate: None,
        }
    }
}

/// What the court found: Stalking Protection Act 2019, s.5(3).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InterimFindingsBody {
    #[schema(required = true, nullable = false)]
    pub appropriate: Option<bool>,
}

impl From<InterimFindingsBody> for FindingsDraft {
    fn from(body: InterimFindingsBody) -> Self {
        Self { appropriate: body.appropriate, ..Self::default() }
    }
}

/// Whether the terms avoid conflict so far as practicable: Stalking Protection Act 2019, s.2(3).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AvoidsConflictBody {
    #[schema(required = true, nullable = false)]
    pub religious_belief: Option<PracticableWord>,
    #[schema(required = true, nullable = false)]
    pub work: Option<PracticableWord>,
    #[schema(required = true, nullable = false)]
    pub education: Option<PracticableWord>,
    /// Needed where one is not practicable.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

impl From<AvoidsConflictBody> for AvoidsConflictDraft {
    fn from(body: AvoidsConflictBody) -> Self {
        Self {
            religious_belief: body.religious_belief.map(|word| word.0),
            work: body.work.map(|word| word.0),
            education: body.education.map(|word| word.0),
            reason: body.reason.map(Into::into),
        }
    }
}
