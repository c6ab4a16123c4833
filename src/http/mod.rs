//! The web's edge: bytes of a request in, bytes of an answer out. It takes, calls the [`Issuer`],
//! answers.
//!
//! What never lives here: the law, drawing, signing, storing, configuration, words for people
//! (problems speak out of `templates/messages/problems.toml`).
//!
//! - [`route`]: every call on one page. `edge`: what each request passes. `auth`: who calls.
//! - `body`, `query`, `accept`: what comes in; `respond`, `problem`: what goes out.
//! - `orders`, `drafts`, `documents`, `verifications`, `reference`, `health`: the handlers.
//!   `openapi`: their description.
//!
//! To add an endpoint: see [`route`].
//!
//! # Decisions
//! - Every call but `/health/live` and `/health/ready` needs a key, the unknown path too: nothing
//!   is told to strangers, not even what is not there.
//! - A path, a query and a header are checked before the body is read, the body before a place at
//!   the gate is taken: a slow sender holds nothing. A file to check is the exception, being large:
//!   its place, of a gate of its own, is taken before it is read.
//! - A head that is no HTTP at all is answered by the framework (400, 408 or 431 without a body):
//!   no caller of ours can have sent it.
//! - Locations and links are paths: `Host` is never believed. No header overrides a method.

#![expect(clippy::result_large_err, reason = "an error is an answer: large, and made once a call")]

mod accept;
mod auth;
mod body;
mod documents;
mod drafts;
mod edge;
mod gate;
mod health;
mod metrics;
mod openapi;
mod orders;
mod problem;
mod query;
mod reference;
mod respond;
pub mod route;
mod signing;
mod trace;
mod verifications;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{App, HttpServer, guard};

pub use openapi::{openapi, openapi_yaml};
pub use problem::Kind;

use crate::issue::Issuer;
use route::{Operation, ROUTES, Route, Verb};

/// What bounds a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Bytes of all headers.
    pub head_bytes: usize,
    /// Bytes of path and query.
    pub target_bytes: usize,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// Bytes of a file that is handed in for a check.
    pub file_bytes: usize,
    /// How long such a file may take to arrive.
    pub file_time: Duration,
    /// How many of them may be held at once.
    pub files: usize,
    /// How long a request may take in all; [`WORK_TIME`] more than its body.
    pub request_time: Duration,
    /// How many requests may be under way behind their body.
    pub under_way: usize,
    /// Threads that serve connections.
    pub workers: usize,
    /// Connections that each of them holds.
    pub connections: usize,
    /// How long a stop waits for what is under way.
    pub shutdown_time: Duration,
}

/// How long a request may take once its body is there.
pub const WORK_TIME: Duration = Duration::from_secs(30);

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            head_bytes: 16 << 10,
            target_bytes: 2 << 10,
            body_time: Duration::from_secs(15),
            file_bytes: 32 << 20,
            file_time: Duration::from_secs(30),
            files: 8,
            request_time: Duration::from_secs(15) + WORK_TIME,
            under_way: 64,
            workers: 2,
            connections: 2048,
            shutdown_time: Duration::from_secs(30),
        }
    }
}

/// What the handlers share.
pub struct Edge {
    issuer: Arc<Issuer>,
    limits: Limits,
    gate: gate::Gate,
    uploads: gate::Gate,
    metrics: metrics::Metrics,
    openapi: Bytes,
}

impl Edge {
    /// The edge of an issuer.
    pub fn new(issuer: Arc<Issuer>, limits: Limits) -> Self {
        Self {
            issuer,
            limits,
            gate: gate::Gate::of(limits.under_way),
            uploads: gate::Gate::of(limits.files),
            metrics: metrics::Metrics::default(),
            openapi: openapi_yaml().into(),
        }
    }
}

/// Serves on a listener that is bound already. The caller runs what it gets, and stops it by its
/// handle.
///
/// # Errors
/// Those of the system.
pub fn serve(listener: TcpListener, edge: Edge) -> std::io::Result<Server> {
    let limits = edge.limits;
    let edge = Data::new(edge);
    let app =
        move || App::new().app_data(edge.clone()).wrap(from_fn(edge::admit)).configure(resources);
    let server = HttpServer::new(app)
        .workers(limits.workers.max(1))
        .max_connections(limits.connections)
        .client_request_timeout(Duration::from_secs(5))
        .client_disconnect_timeout(Duration::from_secs(2))
        .keep_alive(Duration::from_secs(65))
        .shutdown_timeout(limits.shutdown_time.as_secs())
        .listen(listener)?;
    Ok(server.run())
}

/// One resource a path of [`ROUTES`].
fn resources(config: &mut ServiceConfig) {
    let paths: BTreeSet<&str> = ROUTES.iter().map(|route| route.path).collect();
    for path in paths {
        let mut resource = web::resource(path);
        for route in Route::at(path) {
            resource = resource.route(handle(taking(route.verb), route.operation));
        }
        config.service(resource);
    }
}

fn taking(verb: Verb) -> actix_web::Route {
    match verb {
        Verb::Get => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
        Verb::Post => web::post(),
    }
}

/// Who does what.
fn handle(route: actix_web::Route, operation: Operation) -> actix_web::Route {
    match operation {
        Operation::IssueInterimOrder => route.to(orders::issue_interim_order),
        Operation::IssueFullOrder => route.to(orders::issue_full_order),
        Operation::RequestVariation => route.to(orders::request_variation),
        Operation::ReadVariationRequest => route.to(orders::read_variation_request),
        Operation::PreviewInterimOrder => route.to(drafts::preview_interim_order),
        Operation::PreviewFullOrder => route.to(drafts::preview_full_order),
        Operation::PreviewVariationRequest => route.to(drafts::preview_variation_request),
        Operation::ValidateInterimOrder => route.to(drafts::validate_interim_order),
        Operation::ValidateFullOrder => route.to(drafts::validate_full_order),
        Operation::ValidateVariationRequest => route.to(drafts::validate_variation_request),
        Operation::ListOrders => route.to(orders::list_orders),
        Operation::ReadOrder => route.to(orders::read_order),
        Operation::ListOrderVersions => route.to(orders::list_order_versions),
        Operation::ReadOrderVersion => route.to(orders::read_order_version),
        Operation::ListOrderDocuments => route.to(documents::list_order_documents),
        Operation::MakeOrderDocument => route.to(documents::make_order_document),
        Operation::ListOrderEvents => route.to(orders::list_order_events),
        Operation::SearchOrders => route.to(orders::search_orders),
        Operation::ReadDocument => route.to(documents::read_document),
        Operation::VerifyFile => route.to(verifications::verify_file),
        Operation::ListClauses => route.to(reference::list_clauses),
        Operation::ListCourts => route.to(reference::list_courts),
        Operation::ListForces => route.to(reference::list_forces),
        Operation::ListEditions => route.to(reference::list_editions),
        Operation::ReadMe => route.to(health::read_me),
        Operation::CheckLive => route.to(health::check_live),
        Operation::CheckReady => route.to(health::check_ready),
        Operation::CheckSigning => route.to(health::check_signing),
        Operation::ReadMetrics => route.to(health::read_metrics),
        Operation::ReadOpenapi => route.to(health::read_openapi),
    }
}
