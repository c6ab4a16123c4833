//! Orders and requests to vary them: made, read, listed, searched.

use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;
use actix_web::web::{Data, Payload};

use super::accept::Form;
use super::edge::Visit;
use super::gate::Class;
use super::problem::{Kind, Problem};
use super::query::Query;
use super::respond::{self, Answer};
use super::{Edge, body};
use crate::domain::identity::{OrderId, VariationId};
use crate::domain::order::OrderKind;
use crate::issue::{Creating, IdempotencyKey, IssueError, Issued, OrderQuery, Status};
use crate::wire;
use crate::wire::answer::{EventAnswer, List, OrderAnswer, OrderSummary, VariationAnswer};

/// Issues an interim order: checks it against the law, draws, signs and keeps it.
/// Stalking Protection Act 2019, section 5.
#[utoipa::path(
    post, path = "/v1/interim-orders", tag = "orders",
    request_body = wire::InterimOrderRequest,
    responses((status = 201, description = "Issued: the order, or its signed document.",
        content((OrderAnswer = "application/json"), ("application/pdf"))),
        (status = 202, body = OrderAnswer,
         description = "The same; its bytes wait for a timestamp.")),
)]
pub async fn issue_interim_order(
    edge: Data<Edge>,
    visit: Visit,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let issue =
        async |made: Creating<'_>| edge.issuer.issue_order(OrderKind::InterimOrder, made).await;
    create(&edge, &visit, (request, payload), issue).await
}

/// Issues a full order: checks it against the law, draws, signs and keeps it.
/// Stalking Protection Act 2019, section 2.
#[utoipa::path(
    post, path = "/v1/full-orders", tag = "orders",
    request_body = wire::FullOrderRequest,
    responses((status = 201, description = "Issued: the order, or its signed document.",
        content((OrderAnswer = "application/json"), ("application/pdf"))),
        (status = 202, body = OrderAnswer,
         description = "The same; its bytes wait for a timestamp.")),
)]
pub async fn issue_full_order(
    edge: Data<Edge>,
    visit: Visit,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let issue =
        async |made: Creating<'_>| edge.issuer.issue_order(OrderKind::FullOrder, made).await;
    create(&edge, &visit, (request, payload), issue).await
}

/// Records a request to vary, renew or discharge an order, draws, signs and keeps it.
/// Stalking Protection Act 2019, sections 4 and 5(7).
#[utoipa::path(
    post, path = "/v1/variation-requests", tag = "variation requests",
    request_body = wire::VariationRequestBody,
    responses((status = 201, description = "Recorded: the request, or its signed document.",
        content((VariationAnswer = "application/json"), ("application/pdf"))),
        (status = 202, body = VariationAnswer,
         description = "The same; its bytes wait for a timestamp.")),
)]
pub async fn request_variation(
    edge: Data<Edge>,
    visit: Visit,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let issue = async |made: Creating<'_>| edge.issuer.request_variation(made).await;
    create(&edge, &visit, (request, payload), issue).await
}

/// What every creating call does: form, key, body, a place at the gate, then the issuer.
pub(super) async fn create<F>(
    edge: &Edge,
    visit: &Visit,
    (request, payload): (HttpRequest, Payload),
    issue: F,
) -> Answer
where
    F: AsyncFnOnce(Creating<'_>) -> Result<Issued, IssueError>,
{
    let form = Form::choose(request.headers(), &[Form::Json, Form::Pdf])?;
    let mut keys = request.headers().get_all(IDEMPOTENCY_KEY);
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(Problem::new(Kind::IdempotencyKeyMissing));
    };
    let key = IdempotencyKey::read(Some(key.as_bytes()))?;
    let body = body::json(&request, payload, &edge.limits).await?;
    let _place = edge.gate.enter(Class::Issue)?;
    let made = Creating { caller: &visit.caller, key: Some(&key), body: &body };
    respond::issued(issue(made).await?, form)
}

/// Reads a request to vary, renew or discharge.
#[utoipa::path(
    get, path = "/v1/variation-requests/{id}", tag = "variation requests",
    responses((status = 200, description = "The request.", body = VariationAnswer)),
)]
pub async fn read_variation_request(edge: Data<Edge>, request: HttpRequest) -> Answer {
    let id: VariationId = id(&request)?;
    json_only(&request)?;
    respond::read(&request, edge.issuer.variation(id).await?)
}

/// Lists orders, oldest first.
#[utoipa::path(
    get, path = "/v1/orders", tag = "orders",
    responses((status = 200, description = "One page of orders.", body = List<OrderSummary>)),
)]
pub async fn list_orders(edge: Data<Edge>, visit: Visit, request: HttpRequest) -> Answer {
    json_only(&request)?;
    let listed = edge.issuer.orders(&filter(&visit.query)).await?;
    Ok(respond::list(&request, listed))
}

fn filter(query: &Query) -> OrderQuery {
    let text = |name: &str| query.text(name).map(str::to_owned);
    OrderQuery {
        status: query.text("status").and_then(Status::of),
        court: text("court"),
        force: text("force"),
        made_from: query.value("made_from"),
        made_to: query.value("made_to"),
        ends_before: query.value("ends_before"),
        edition: text("edition"),
        after: text("after"),
        limit: query.limit(),
        ..OrderQuery::default()
    }
}

/// Reads the latest version of an order.
#[utoipa::path(
    get, path = "/v1/orders/{id}", tag = "orders",
    responses((status = 200, description = "The order.", body = OrderAnswer)),
)]
pub async fn read_order(edge: Data<Edge>, request: HttpRequest) -> Answer {
    let id: OrderId = id(&request)?;
    json_only(&request)?;
    respond::read(&request, edge.issuer.order(id).await?)
}

/// Lists the versions of an order, oldest first.
#[utoipa::path(
    get, path = "/v1/orders/{id}/versions", tag = "orders",
    responses((status = 200, description = "The versions.", body = List<OrderSummary>)),
)]
pub async fn list_order_versions(edge: Data<Edge>, request: HttpRequest) -> Answer {
    let id: OrderId = id(&request)?;
    json_only(&request)?;
    Ok(respond::list(&request, edge.issuer.versions(id).await?))
}

/// Reads one version of an order.
#[utoipa::path(
    get, path = "/v1/orders/{id}/versions/{n}", tag = "orders",
    responses((status = 200, description = "The version.", body = OrderAnswer)),
)]
pub async fn read_order_version(edge: Data<Edge>, request: HttpRequest) -> Answer {
    let id: OrderId = id(&request)?;
    let text = request.match_info().query("n");
    let version: u32 = text.parse().map_err(|_| Problem::new(Kind::NotFound))?;
    if version.to_string() != text {
        return Err(Problem::new(Kind::NotFound));
    }
    json_only(&request)?;
    respond::read(&request, edge.issuer.version(id, version).await?)
}

/// Reads the audit trail of an order, oldest first.
#[utoipa::path(
    get, path = "/v1/orders/{id}/events", tag = "orders",
    responses((status = 200, description = "The trail.", body = List<EventAnswer>)),
)]
pub async fn list_order_events(edge: Data<Edge>, request: HttpRequest) -> Answer {
    let id: OrderId = id(&request)?;
    json_only(&request)?;
    Ok(respond::list(&request, edge.issuer.events(id).await?))
}

/// Searches orders by what may stand in no address: a case reference, the respondent's name or date
/// of birth.
#[utoipa::path(
    post, path = "/v1/order-searches", tag = "orders",
    request_body = wire::OrderSearch,
    responses((status = 200, description = "One page of them.", body = List<OrderSummary>)),
)]
pub async fn search_orders(
    edge: Data<Edge>,
    visit: Visit,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    json_only(&request)?;
    let (limit, after) = (visit.query.limit(), visit.query.text("after").map(str::to_owned));
    let body = body::json(&request, payload, &edge.limits).await?;
    let _place = edge.gate.enter(Class::Draft)?;
    let listed = edge.issuer.search(&body, limit, after).await?;
    Ok(respond::list(&request, listed))
}

/// The id in the path; a text that is none names nothing.
///
/// # Errors
/// [`Kind::NotFound`].
pub(super) fn id<T: FromStr>(request: &HttpRequest) -> Result<T, Problem> {
    request.match_info().query("id").parse().map_err(|_| Problem::new(Kind::NotFound))
}

/// Refuses a caller who does not take JSON.
///
/// # Errors
/// [`Kind::NotAcceptable`].
pub(super) fn json_only(request: &HttpRequest) -> Result<(), Problem> {
    Form::choose(request.headers(), &[Form::Json]).map(drop)
}

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
