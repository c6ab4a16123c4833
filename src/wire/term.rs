//! A term of a request: from the clause library, or in words of its own.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::choice::choice;
use super::format::Day;
use super::list::Terms;
use super::text::{ClauseName, Necessity, Phrase, TermText};
use super::values::ClauseValues;
use crate::domain::draft::{LocalityDraft, TermDraft};

choice! {
    /// A prohibition or a requirement: exactly one of `clause` and `text`.
    TermBody: LibraryTermBody, FreeTermBody
}

/// A term from the clause library.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LibraryTermBody {
    /// A clause's name, with `@` and its version where one is meant.
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub clause: Option<ClauseName>,
    #[schema(nullable = false)]
    pub values: Option<ClauseValues>,
    /// What differs in Welsh.
    #[schema(nullable = false)]
    pub welsh_values: Option<ClauseValues>,
    /// Needed in a full order: Stalking Protection Act 2019, s.2(2).
    #[schema(nullable = false)]
    #[validate(nested)]
    pub necessity: Option<Necessity>,
    /// Absent: all parts of the United Kingdom.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub locality: Option<LocalityBody>,
    /// The last day of this term, where it ends before the order.
    #[schema(nullable = false)]
    pub until: Option<Day>,
}

/// A term in words of its own.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreeTermBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub text: Option<TermText>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub welsh_text: Option<TermText>,
    /// Needed in a full order: Stalking Protection Act 2019, s.2(2).
    #[schema(nullable = false)]
    #[validate(nested)]
    pub necessity: Option<Necessity>,
    /// Absent: all parts of the United Kingdom.
    #[schema(nullable = false)]
    #[validate(nested)]
    pub locality: Option<LocalityBody>,
    /// The last day of this term, where it ends before the order.
    #[schema(nullable = false)]
    pub until: Option<Day>,
}

/// Where alone a term applies.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalityBody {
    #[schema(required = true, nullable = false)]
    #[validate(nested)]
    pub description: Option<Phrase>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub welsh_description: Option<Phrase>,
}

impl From<TermBody> for TermDraft {
    fn from(body: TermBody) -> Self {
        match body {
            TermBody::LibraryTermBody(term) => (*term).into(),
            TermBody::FreeTermBody(term) => (*term).into(),
            TermBody::Unread => Self { broken: true, ..Self::default() },
        }
    }
}

impl From<LibraryTermBody> for TermDraft {
    fn from(body: LibraryTermBody) -> Self {
        Self {
            broken: body.clause.is_none(),
            clause: body.clause.map(Into::into),
            values: body.values.unwrap_or_default().0,
            welsh_values: body.welsh_values.unwrap_or_default().0,
            necessity: body.necessity.map(Into::into),
            locality: body.locality.map(Into::into),
            until: body.until.map(|day| day.0),
            ..Self::default()
        }
    }
}

impl From<FreeTermBody> for TermDraft {
    fn from(body: FreeTermBody) -> Self {
        Self {
            broken: body.text.is_none(),
            text: body.text.map(Into::into),
            welsh_text: body.welsh_text.map(Into::into),
            necessity: body.necessity.map(Into::into),
            locality: body.locality.map(Into::into),
            until: body.until.map(|day| day.0),
            ..Self::default()
        }
    }
}

impl From<LocalityBody> for LocalityDraft {
    fn from(body: LocalityBody) -> Self {
        Self {
            description: body.description.map(Into::into),
            welsh_description: body.welsh_description.map(Into::into),
        }
    }
}

/// The drafts of all terms of a list.
pub fn terms(list: Terms) -> Vec<TermDraft> {
    list.0.into_iter().map(Into::into).collect()
}
