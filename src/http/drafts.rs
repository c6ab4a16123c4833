//! Previews and validations: the same checks as a creating call, nothing signed, nothing stored.

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Data, Payload};

use super::accept::Form;
use super::gate::{Class, Inside};
use super::orders::json_only;
use super::problem::Problem;
use super::respond::{self, Answer};
use super::{Edge, body};
use crate::domain::order::OrderKind;
use crate::issue::{Drafted, Findings, IssueError};
use crate::wire;
use crate::wire::answer::{Fault, PreviewAnswer, ValidationAnswer};

/// Draws an interim order marked DRAFT: not signed, not stored.
#[utoipa::path(
    post, path = "/v1/previews/interim-orders", tag = "previews",
    request_body = wire::InterimOrderRequest,
    responses((status = 200, description = "The draft, or what is known of it.",
        content(("application/pdf"), (PreviewAnswer = "application/json")))),
)]
pub async fn preview_interim_order(
    edge: Data<Edge>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let draw = async |body: &[u8]| edge.issuer.preview_order(OrderKind::InterimOrder, body).await;
    preview(&edge, request, payload, draw).await
}

/// Draws a full order marked DRAFT: not signed, not stored.
#[utoipa::path(
    post, path = "/v1/previews/full-orders", tag = "previews",
    request_body = wire::FullOrderRequest,
    responses((status = 200, description = "The draft, or what is known of it.",
        content(("application/pdf"), (PreviewAnswer = "application/json")))),
)]
pub async fn preview_full_order(
    edge: Data<Edge>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let draw = async |body: &[u8]| edge.issuer.preview_order(OrderKind::FullOrder, body).await;
    preview(&edge, request, payload, draw).await
}

/// Draws a request to vary, renew or discharge marked DRAFT: not signed, not stored.
#[utoipa::path(
    post, path = "/v1/previews/variation-requests", tag = "previews",
    request_body = wire::VariationRequestBody,
    responses((status = 200, description = "The draft, or what is known of it.",
        content(("application/pdf"), (PreviewAnswer = "application/json")))),
)]
pub async fn preview_variation_request(
    edge: Data<Edge>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let draw = async |body: &[u8]| edge.issuer.preview_variation(body).await;
    preview(&edge, request, payload, draw).await
}

/// Checks an interim order's request: every fault and warning at once.
#[utoipa::path(
    post, path = "/v1/validations/interim-orders", tag = "validations",
    request_body = wire::InterimOrderRequest,
    responses((status = 200, description = "What was found.", body = ValidationAnswer)),
)]
pub async fn validate_interim_order(
    edge: Data<Edge>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let check = async |body: &[u8]| edge.issuer.validate_order(OrderKind::InterimOrder, body).await;
    validate(&edge, request, payload, check).await
}

/// Checks a full order's request: every fault and warning at once.
#[utoipa::path(
    post, path = "/v1/validations/full-orders", tag = "validations",
    request_body = wire::FullOrderRequest,
    responses((status = 200, description = "What was found.", body = ValidationAnswer)),
)]
pub async fn validate_full_order(
    edge: Data<Edge>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let check = async |body: &[u8]| edge.issuer.validate_order(OrderKind::FullOrder, body).await;
    validate(&edge, request, payload, check).await
}

/// Checks a request to vary, renew or discharge: every fault and warning at once.
#[utoipa::path(
    post, path = "/v1/validations/variation-requests", tag = "validations",
    request_body = wire::VariationRequestBody,
    responses((status = 200, description = "What was found.", body = ValidationAnswer)),
)]
pub async fn validate_variation_request(
    edge: Data<Edge>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let check = async |body: &[u8]| edge.issuer.validate_variation(body).await;
    validate(&edge, request, payload, check).await
}

async fn preview<F>(edge: &Edge, request: HttpRequest, payload: Payload, draw: F) -> Answer
where
    F: AsyncFnOnce(&[u8]) -> Result<Drafted, IssueError>,
{
    let form = Form::choose(request.headers(), &[Form::Pdf, Form::Json])?;
    let (body, _place) = taken(edge, &request, payload).await?;
    let drafted = draw(&body).await?;
    match form {
        Form::Pdf => Ok(respond::draft(drafted)),
        Form::Json | Form::Yaml | Form::Text | Form::Html => respond::json(&PreviewAnswer {
            pages: drafted.pages,
            warnings: Fault::all(&drafted.warnings),
        }),
    }
}

async fn validate<F>(edge: &Edge, request: HttpRequest, payload: Payload, check: F) -> Answer
where
    F: AsyncFnOnce(&[u8]) -> Result<Findings, IssueError>,
{
    json_only(&request)?;
    let (body, _place) = taken(edge, &request, payload).await?;
    let found = check(&body).await?;
    respond::json(&ValidationAnswer {
        errors: Fault::all(&found.errors),
        warnings: Fault::all(&found.warnings),
        unused_acknowledgements: found.unused_acknowledgements,
    })
}

/// The body, and a place at the gate.
async fn taken<'a>(
    edge: &'a Edge,
    request: &HttpRequest,
    payload: Payload,
) -> Result<(Bytes, Inside<'a>), Problem> {
    let body = body::json(request, payload, &edge.limits).await?;
    let place = edge.gate.enter(Class::Draft)?;
    Ok((body, place))
}
