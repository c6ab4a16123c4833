//! What goes wrong, as RFC 9457 says it: `application/problem+json` for every refusal and failure.
//!
//! A problem never shows an inner cause and never echoes a value of the request. Its words stand in
//! `templates/messages/problems.toml`, one table a [`Kind`].
//!
//! To add a problem: a variant of [`Kind`] with its name and status, its words in the TOML file.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Deserialize;

use super::trace::Place;
use crate::issue::{Fault as Blame, IssueError, Unsigned};
use crate::wire::answer::{Fault, ProblemBody};

/// Every problem that a caller can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    MalformedJson,
    BadRequest,
    HeaderInvalid,
    QueryInvalid,
    QueryUnknown,
    IdempotencyKeyMissing,
    NotSignedIn,
    NotAllowed,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    Conflict,
    StillRunning,
    PreconditionFailed,
    TooLarge,
    AddressTooLong,
    UnsupportedMediaType,
    RangeNotSatisfiable,
    Invalid,
    IdempotencyKeyReused,
    HeadTooLarge,
    Internal,
    Integrity,
    Overloaded,
    Unavailable,
    Unconfirmed,
    SigningUnavailable,
    CertificateInvalid,
    Clock,
    TimestampPending,
    StorageFull,
}

impl Kind {
    /// All of them, by status.
    pub const ALL: [Self; 32] = [
        Self::MalformedJson,
        Self::BadRequest,
        Self::HeaderInvalid,
        Self::QueryInvalid,
        Self::QueryUnknown,
        Self::IdempotencyKeyMissing,
        Self::NotSignedIn,
        Self::NotAllowed,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::RequestTimeout,
        Self::Conflict,
        Self::StillRunning,
        Self::PreconditionFailed,
        Self::TooLarge,
        Self::AddressTooLong,
        Self::UnsupportedMediaType,
        Self::RangeNotSatisfiable,
        Self::Invalid,
        Self::IdempotencyKeyReused,
        Self::HeadTooLarge,
        Self::Internal,
        Self::Integrity,
        Self::Overloaded,
        Self::Unavailable,
        Self::Unconfirmed,
        Self::SigningUnavailable,
        Self::CertificateInvalid,
        Self::Clock,
        Self::TimestampPending,
        Self::StorageFull,
    ];

    /// The stable name, last part of the problem's `type`.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The problem that stands for a status of the framework's own.
    fn of_status(status: StatusCode) -> Self {
        let found = Self::ALL.into_iter().find(|kind| kind.status() == status);
        let class = if status.is_client_error() { Self::BadRequest } else { Self::Internal };
        match status {
            StatusCode::BAD_REQUEST => Self::BadRequest,
            _ => found.unwrap_or(class),
        }
    }

    const fn row(self) -> (&'static str, u16) {
        match self {
            Self::MalformedJson => ("malformed_json", 400),
            Self::BadRequest => ("bad_request", 400),
            Self::HeaderInvalid => ("header_invalid", 400),
            Self::QueryInvalid => ("query_invalid", 400),
            Self::QueryUnknown => ("query_unknown", 400),
            Self::IdempotencyKeyMissing => ("idempotency_key_missing", 400),
            Self::NotSignedIn => ("not_signed_in", 401),
            Self::NotAllowed => ("not_allowed", 403),
            Self::NotFound => ("not_found", 404),
            Self::MethodNotAllowed => ("method_not_allowed", 405),
            Self::NotAcceptable => ("not_acceptable", 406),
            Self::RequestTimeout => ("request_timeout", 408),
            Self::Conflict => ("conflict", 409),
            Self::StillRunning => ("still_running", 409),
            Self::PreconditionFailed => ("precondition_failed", 412),
            Self::TooLarge => ("too_large", 413),
            Self::AddressTooLong => ("address_too_long", 414),
            Self::UnsupportedMediaType => ("unsupported_media_type", 415),
            Self::RangeNotSatisfiable => ("range_not_satisfiable", 416),
            Self::Invalid => ("invalid", 422),
            Self::IdempotencyKeyReused => ("idempotency_key_reused", 422),
            Self::HeadTooLarge => ("head_too_large", 431),
            Self::Internal => ("internal", 500),
            Self::Integrity => ("integrity", 500),
            Self::Overloaded => ("overloaded", 503),
            Self::Unavailable => ("unavailable", 503),
            Self::Unconfirmed => ("outcome_unknown", 503),
            Self::SigningUnavailable => ("signing_unavailable", 503),
            Self::CertificateInvalid => ("certificate_invalid", 503),
            Self::Clock => ("clock", 503),
            Self::TimestampPending => ("timestamp_pending", 503),
            Self::StorageFull => ("storage_full", 507),
        }
    }
}

/// One refusal or failure on its way out.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    /// Facts for the placeholders of `detail`: numbers and names of ours, never the caller's words.
    facts: Vec<(&'static str, String)>,
    errors: Vec<Fault>,
    unused_acknowledgements: Vec<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What is logged once, at the edge.
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// Set at the edge.
    place: Option<Place>,
}

impl Problem {
    /// A problem without particulars.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            facts: Vec::new(),
            errors: Vec::new(),
            unused_acknowledgements: Vec::new(),
            headers: Vec::new(),
            cause: None,
            place: None,
        }
    }

    /// Fills `{name}` in the detail. Only for facts of ours: a limit, a header's name.
    pub fn fact(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    /// Adds a header of fixed words.
    pub fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    /// Adds a header where its value can stand in one.
    pub fn header_text(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// Keeps the cause for the log.
    pub fn because(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// Which problem it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What is logged once.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync)> {
        self.cause.as_deref()
    }

    /// The problem that stands for an answer of the framework's own.
    pub(super) fn of_status(status: StatusCode) -> Self {
        Self::new(Kind::of_status(status))
    }

    /// The answer, with the path that it is about and the request's id.
    pub(super) fn answer(&self, place: &Place) -> HttpResponse {
        let mut response = HttpResponse::build(self.kind.status());
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        let body = serde_json::to_vec(&self.body(place)).unwrap_or_default();
        let mut response = response.insert_header((header::CONTENT_TYPE, MEDIA_TYPE)).body(body);
        place.dress(response.headers_mut());
        response
    }

    fn body(&self, place: &Place) -> ProblemBody {
        let words = words(self.kind);
        let mut detail = words.detail.clone();
        for (name, value) in &self.facts {
            detail = detail.replace(&format!("{{{name}}}"), value);
        }
        ProblemBody {
            r#type: format!("{TYPE_PREFIX}{}", self.kind.name()),
            title: words.title.clone(),
            status: self.kind.status().as_u16(),
            detail,
            instance: place.path.clone(),
            request_id: place.request_id.clone(),
            errors: self.errors.clone(),
            unused_acknowledgements: self.unused_acknowledgements.clone(),
        }
    }

    /// Sets path and request id for [`ResponseError`].
    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        self.place.as_ref().map_or_else(|| self.answer(&Place::default()), |at| self.answer(at))
    }
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        let problem = match &error {
            IssueError::Invalid(refusal) => return Self::refused(refusal),
            IssueError::Malformed(place) => {
                Self::new(Kind::MalformedJson).fact("line", place.line).fact("column", place.column)
            }
            IssueError::KeyMissing => Self::new(Kind::IdempotencyKeyMissing),
            IssueError::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            IssueError::StillRunning => {
                Self::new(Kind::StillRunning).header(header::RETRY_AFTER, "1")
            }
            IssueError::Query(name) => Self::new(Kind::QueryInvalid).fact("name", name),
            IssueError::Overloaded => Self::new(Kind::Overloaded).header(header::RETRY_AFTER, "1"),
            IssueError::Unconfirmed(_) => {
                Self::new(Kind::Unconfirmed).header(header::RETRY_AFTER, "5")
            }
            IssueError::Held => Self::new(Kind::TimestampPending).header(header::RETRY_AFTER, "30"),
            IssueError::StorageFull => Self::new(Kind::StorageFull),
            IssueError::Integrity(_) => Self::new(Kind::Integrity),
            IssueError::TestAuthorityInProduction | IssueError::Sign(_) => {
                Self::new(unsigned(&error)).header(header::RETRY_AFTER, "60")
            }
            other => Self::of_blame(other.fault()),
        };
        match error.fault() {
            Blame::Transient | Blame::Defect => problem.because(error),
            Blame::Caller | Blame::Missing | Blame::Conflict => problem,
        }
    }
}

impl Problem {
    fn refused(refusal: &crate::issue::Refusal) -> Self {
        Self {
            errors: Fault::all(&refusal.violations),
            unused_acknowledgements: refusal.unused_acknowledgements.clone(),
            ..Self::new(Kind::Invalid).fact("count", refusal.violations.len())
        }
    }

    fn of_blame(blame: Blame) -> Self {
        match blame {
            Blame::Caller => Self::new(Kind::BadRequest),
            Blame::Missing => Self::new(Kind::NotFound),
            Blame::Conflict => Self::new(Kind::Conflict),
            Blame::Transient => Self::new(Kind::Unavailable).header(header::RETRY_AFTER, "5"),
            Blame::Defect => Self::new(Kind::Internal),
        }
    }
}

/// Why a document was not signed.
fn unsigned(error: &IssueError) -> Kind {
    match error.unsigned() {
        Some(Unsigned::Certificate) => Kind::CertificateInvalid,
        Some(Unsigned::Clock) => Kind::Clock,
        Some(Unsigned::Key) | None => Kind::SigningUnavailable,
    }
}

/// Title and detail of a problem.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    title: String,
    detail: String,
}

/// What a problem is called.
pub(super) fn title(kind: Kind) -> &'static str {
    &words(kind).title
}

fn words(kind: Kind) -> &'static Words {
    static NONE: Words = Words { title: String::new(), detail: String::new() };
    static ALL: OnceLock<BTreeMap<String, Words>> = OnceLock::new();
    // The test below reads the file and names each kind.
    ALL.get_or_init(|| toml::from_str(PROBLEMS).unwrap_or_default())
        .get(kind.name())
        .unwrap_or(&NONE)
}

/// The media type of every problem. RFC 9457, section 3.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// Before the name in `type`.
pub const TYPE_PREFIX: &str = "urn:spo:problem:";

const PROBLEMS: &str = include_str!("../../templates/messages/problems.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_words_and_no_words_are_left_over() {
        let all: BTreeMap<String, Words> = toml::from_str(PROBLEMS).unwrap();
        let mut names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        assert_eq!(all.keys().map(String::as_str).collect::<Vec<_>>(), names);
        assert!(all.values().all(|words| words.title.len() > 5 && words.detail.ends_with('.')));
    }

    fn at() -> Place {
        Place { path: "/v1/x".into(), request_id: "r-1".into(), ..Place::default() }
    }

    #[test]
    fn a_fact_fills_its_place_in_the_detail() {
        let body = Problem::new(Kind::TooLarge).fact("limit", 1_048_576).body(&at());
        assert!(body.detail.contains("1048576"), "{}", body.detail);
        assert!(!body.detail.contains('{'), "{}", body.detail);
        assert_eq!((body.status, body.instance.as_str()), (413, "/v1/x"));
    }

    #[test]
    fn a_status_of_the_framework_becomes_a_named_problem() {
        assert_eq!(Kind::of_status(StatusCode::NOT_FOUND), Kind::NotFound);
        assert_eq!(Kind::of_status(StatusCode::IM_A_TEAPOT), Kind::BadRequest);
        assert_eq!(Kind::of_status(StatusCode::BAD_GATEWAY), Kind::Internal);
        assert_eq!(Kind::of_status(StatusCode::BAD_REQUEST), Kind::BadRequest);
    }
}
