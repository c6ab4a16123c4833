//! A term in an answer.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::order::Duration;
use crate::domain::term::{Locality, Source, Term, TermKind};
use crate::wire::word::{TermKindWord, answered};

/// A prohibition or a requirement with its words as pronounced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TermAnswer {
    /// `P1`, `R1`: never moved, never given again.
    pub number: String,
    #[schema(value_type = TermKindWord)]
    pub r#type: TermKind,
    /// The clause with its version, where the words are the library's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clause: Option<String>,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub welsh_text: Option<String>,
    pub locality: LocalityAnswer,
    /// The last day of this term, where it ends before the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, required = false)]
    pub until: Option<Date>,
    #[schema(value_type = TermStateWord)]
    pub state: &'static str,
}

answered! {
    /// Whether a term binds: it does when made, until its own end or the order's.
    TermStateWord as "TermState": "in_force", "ended", "expired";
}

impl TermAnswer {
    /// A term of an order of this duration, on this day in London; `replaced_on` where a full order
    /// took the order's place.
    pub fn of(term: &Term, duration: Duration, replaced_on: Option<Date>, today: Date) -> Self {
        let clause = match &term.source {
            Source::Clause { clause, .. } => Some(clause.clone()),
            Source::Free => None,
        };
        Self {
            number: term.number.to_string(),
            r#type: term.number.kind,
            clause,
            text: term.text.to_string(),
            welsh_text: term.welsh.as_ref().map(|welsh| welsh.text.to_string()),
            locality: LocalityAnswer::of(&term.locality),
            until: term.until,
            state: state(term, duration, replaced_on, today),
        }
    }
}

/// `in_force`, or `expired` from the day after the last day of the term or of its order; `ended`
/// with an order that a full one replaced, where it ran until then.
fn state(term: &Term, duration: Duration, replaced_on: Option<Date>, today: Date) -> &'static str {
    if let Some(day) = replaced_on {
        return if term.until.is_some_and(|until| until < day) { "expired" } else { "ended" };
    }
    let ends_on = match duration {
        Duration::Fixed { end_date } => Some(end_date),
        Duration::UntilFurtherOrder => None,
    };
    let past = |last: Option<Date>| last.is_some_and(|last| last < today);
    if past(term.until) || past(ends_on) { "expired" } else { "in_force" }
}

/// Where a term applies. Stalking Protection Act 2019, s.2(4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LocalityAnswer {
    /// Whether it applies in a part of the United Kingdom only.
    pub limited: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub welsh_description: Option<String>,
}

impl LocalityAnswer {
    fn of(locality: &Locality) -> Self {
        match locality {
            Locality::UnitedKingdom => {
                Self { limited: false, description: None, welsh_description: None }
            }
            Locality::Limited { description, welsh_description } => Self {
                limited: true,
                description: Some(description.to_string()),
                welsh_description: welsh_description.as_ref().map(ToString::to_string),
            },
        }
    }
}
