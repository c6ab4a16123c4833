//! How the service is, what it counted, how it is described, and who the caller is.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Edge;
use super::accept::Form;
use super::edge::Visit;
use super::orders::json_only;
use super::problem::{Kind, Problem};
use super::respond::{self, Answer};
use super::signing;
use crate::issue::Mode;
use crate::wire::answer::{HealthAnswer, MeAnswer};

/// Says that the process runs.
#[utoipa::path(
    get, path = "/health/live", tag = "operations",
    responses((status = 200, description = "It runs.", body = HealthAnswer)),
)]
pub async fn check_live(request: HttpRequest) -> Answer {
    json_only(&request)?;
    respond::json(&HealthAnswer::plain(OK))
}

/// Says whether orders can be stored and signed now.
#[utoipa::path(
    get, path = "/health/ready", tag = "operations",
    responses((status = 200, description = "Ready.", body = HealthAnswer)),
)]
pub async fn check_ready(edge: Data<Edge>, request: HttpRequest) -> Answer {
    json_only(&request)?;
    let health = edge.issuer.health().await;
    if health.store && health.signing {
        return respond::json(&HealthAnswer::plain(OK));
    }
    Err(Problem::new(Kind::Unavailable).header(header::RETRY_AFTER, "5"))
}

/// Says with which keys documents are signed, until when, and what is wrong with them.
#[utoipa::path(
    get, path = "/health/signing", tag = "operations",
    responses((status = 200, description = "The signing keys.", body = HealthAnswer)),
)]
pub async fn check_signing(edge: Data<Edge>, request: HttpRequest) -> Answer {
    json_only(&request)?;
    let health = edge.issuer.health().await;
    let confinement = edge.issuer.confinement().await.name();
    respond::json(&signing::answer(health, &edge.issuer.signing(), confinement))
}

/// Says who the caller is and what they may do.
#[utoipa::path(
    get, path = "/v1/me", tag = "operations",
    responses((status = 200, description = "The caller.", body = MeAnswer)),
)]
pub async fn read_me(edge: Data<Edge>, visit: Visit, request: HttpRequest) -> Answer {
    json_only(&request)?;
    let holder = visit.holder.ok_or_else(|| Problem::new(Kind::NotSignedIn))?;
    let mode = match edge.issuer.mode() {
        Mode::Test => "test",
        Mode::Production => "production",
    };
    respond::json(&MeAnswer {
        name: holder.name,
        roles: holder.roles.iter().map(|role| role.name().to_owned()).collect(),
        expires_at: holder.expires_at,
        mode: mode.to_owned(),
    })
}

/// Counts and durations by route template, for Prometheus.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "The figures.", body = String,
        content_type = "text/plain")),
)]
pub async fn read_metrics(edge: Data<Edge>, request: HttpRequest) -> Answer {
    Form::choose(request.headers(), &[Form::Text])?;
    let mut text = edge.metrics.text(edge.gate.taken(), &edge.issuer.inspections());
    text += &signing::figures(&edge.issuer.signing());
    text += &signing::evidence_figures(&edge.issuer.health().await);
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, kind)).body(text))
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.yaml", tag = "operations",
    responses((status = 200, description = "The description.", content(("application/yaml")))),
)]
pub async fn read_openapi(edge: Data<Edge>, request: HttpRequest) -> Answer {
    let form = Form::choose(request.headers(), &[Form::Yaml])?;
    let kind = (header::CONTENT_TYPE, form.media_type());
    Ok(HttpResponse::Ok().insert_header(kind).body(edge.openapi.clone()))
}

const OK: &str = "ok";
