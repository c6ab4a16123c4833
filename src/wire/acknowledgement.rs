//! A warning which the caller has weighed.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::list::Acknowledgements;
use super::text::{PointerText, Reason, RuleName};
use crate::domain::draft::AcknowledgementDraft;

/// A warning that the caller has weighed, with the reason why the order stands as it is.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub rule: Option<RuleName>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub pointer: Option<PointerText>,
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub reason: Option<Reason>,
}

impl From<Acknowledgement> for AcknowledgementDraft {
    fn from(body: Acknowledgement) -> Self {
        Self {
            rule: body.rule.map(Into::into),
            pointer: body.pointer.map(Into::into),
            reason: body.reason.map(Into::into),
        }
    }
}

/// The drafts of all acknowledgements.
pub fn drafts(list: Acknowledgements) -> Vec<AcknowledgementDraft> {
    list.0.into_iter().map(Into::into).collect()
}
