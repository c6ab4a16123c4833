//! What every request passes on its way in and out, once, in this order: its name, its size, its
//! caller, its route, its query; then the handler under a deadline, its panics caught; then
//! headers, counts and one line of log.

use std::any::Any;
use std::future::{Future, Ready, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};

use super::problem::{Kind, MEDIA_TYPE, Problem};
use super::query::Query;
use super::route::{Access, Operation, Route};
use super::trace::{Place, Trace, request_id, told};
use super::{Edge, WORK_TIME, auth};
use crate::issue::{Caller, KeyHolder};

/// One request past the edge: its caller and its query.
#[derive(Debug)]
pub struct Visit {
    /// For the audit trail.
    pub caller: Caller,
    /// The key's holder; none on an open route.
    pub holder: Option<KeyHolder>,
    pub query: Query,
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visit = request.extensions_mut().remove::<Self>();
        ready(visit.ok_or_else(|| Problem::new(Kind::Internal)))
    }
}

/// The one middleware.
///
/// # Errors
/// A [`Problem`] that carries its whole answer, where the handler panicked or ran out of time.
pub async fn admit(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(edge) = request.app_data::<Data<Edge>>().cloned() else {
        return Err(Problem::new(Kind::Internal).into());
    };
    let started = Instant::now();
    let mut place = place_of(&edge, &request);
    let route = request.match_pattern().and_then(|path| Route::find(request.method(), &path));
    let answered = match enter(&edge, &request, route, &place).await {
        Ok(visit) => {
            place.caller.clone_from(&visit.caller.name);
            request.extensions_mut().insert(visit);
            run(&edge, next, request, route).await
        }
        Err(problem) => {
            let (request, _) = request.into_parts();
            let response = problem.answer(&place);
            log_cause(&place, &problem);
            Ok(ServiceResponse::new(request, response))
        }
    };
    let answered = answered.map(|response| finish(response, &place)).map_err(|problem| {
        log_cause(&place, &problem);
        problem.at(place.clone())
    });
    let status = match &answered {
        Ok(response) => response.status(),
        Err(problem) => problem.kind().status(),
    };
    note(&edge, route, status, started, &place);
    answered.map_err(Error::from)
}

fn place_of(edge: &Edge, request: &ServiceRequest) -> Place {
    Place {
        path: told(request.match_pattern().as_deref(), request.path()),
        request_id: request_id(request.headers())
            .or_else(|| edge.issuer.request_id().ok())
            .unwrap_or_else(|| "none".to_owned()),
        trace: Trace::of(request.headers()),
        caller: String::new(),
    }
}

/// Everything that is checked before the handler sees the request.
async fn enter(
    edge: &Edge,
    request: &ServiceRequest,
    route: Option<&'static Route>,
    place: &Place,
) -> Result<Visit, Problem> {
    check_head(edge, request)?;
    let access = route.map_or(Access::AnyCaller, |route| route.access);
    let holder = auth::admit(&edge.issuer, request.headers(), access).await?;
    let Some(route) = route else {
        return Err(not_here(request));
    };
    let query = Query::read(request.query_string(), route.query)?;
    let name = holder.as_ref().map(|holder| holder.name.clone()).unwrap_or_default();
    let caller = Caller { name, request_id: place.request_id.clone() };
    Ok(Visit { caller, holder, query })
}

fn check_head(edge: &Edge, request: &ServiceRequest) -> Result<(), Problem> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > edge.limits.target_bytes {
        return Err(Problem::new(Kind::AddressTooLong).fact("limit", edge.limits.target_bytes));
    }
    let sizes = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    if sizes.sum::<usize>() > edge.limits.head_bytes {
        return Err(Problem::new(Kind::HeadTooLarge).fact("limit", edge.limits.head_bytes));
    }
    Ok(())
}

/// 405 where the path is one of ours, 404 where it is not.
fn not_here(request: &ServiceRequest) -> Problem {
    let path = request.match_pattern().filter(|path| Route::at(path).next().is_some());
    match path {
        Some(path) => {
            Problem::new(Kind::MethodNotAllowed).header_text(header::ALLOW, &Route::allowed(&path))
        }
        None => Problem::new(Kind::NotFound),
    }
}

/// Runs the handler: its panic is a fault of ours; its lateness an outcome that nobody knows where
/// it makes something, and else no more than a wait.
async fn run(
    edge: &Edge,
    next: Next<BoxBody>,
    request: ServiceRequest,
    route: Option<&'static Route>,
) -> Result<ServiceResponse<BoxBody>, Problem> {
    let creates = route.is_some_and(|route| route.operation.creates());
    let kind = if creates { Kind::Unconfirmed } else { Kind::Unavailable };
    let late = || Problem::new(kind).header(header::RETRY_AFTER, "5");
    let files = route.is_some_and(|route| route.operation == Operation::VerifyFile);
    let time = match files {
        true => edge.limits.file_time + WORK_TIME,
        false => edge.limits.request_time,
    };
    match tokio::time::timeout(time, unpanicked(next.call(request))).await {
        Err(_) => Err(late()),
        Ok(Err(_)) => Err(Problem::new(Kind::Internal).because(Panicked)),
        Ok(Ok(Err(error))) => Err(Problem::of_status(error.as_response_error().status_code())),
        Ok(Ok(Ok(response))) => Ok(response),
    }
}

/// The handler panicked. The hook that the program sets logs the place; the panic's own words,
/// which may hold a request's, are said nowhere.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked")]
struct Panicked;

async fn unpanicked<F: Future>(work: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut work = Box::pin(work);
    std::future::poll_fn(move |context| {
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}

/// Gives a problem its place, turns what the framework refused into a problem, and dresses the
/// answer.
fn finish(mut response: ServiceResponse<BoxBody>, place: &Place) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let ours = response.response().error().and_then(|error| error.as_error::<Problem>());
        let is_problem = response.headers().get(header::CONTENT_TYPE);
        let is_problem = is_problem.is_some_and(|kind| kind.as_bytes() == MEDIA_TYPE.as_bytes());
        let answer = match ours {
            Some(problem) => {
                log_cause(place, problem);
                Some(problem.answer(place))
            }
            None if is_problem => None,
            None => Some(Problem::of_status(status).answer(place)),
        };
        if let Some(answer) = answer {
            response = response.into_response(answer);
        }
    }
    place.dress(response.headers_mut());
    response
}

/// The one place where a cause is logged.
fn log_cause(place: &Place, problem: &Problem) {
    let Some(cause) = problem.cause() else { return };
    let mut chain = cause.to_string();
    let mut source = cause.source();
    while let Some(error) = source {
        chain.push_str(": ");
        chain.push_str(&error.to_string());
        source = error.source();
    }
    tracing::error!(
        request.id = place.request_id.as_str(),
        problem = problem.kind().name(),
        cause = chain.as_str(),
        "request failed"
    );
}

/// Counts the answer and writes its line: the template of the path, never the path's or the query's
/// own words.
fn note(
    edge: &Edge,
    route: Option<&'static Route>,
    status: StatusCode,
    started: Instant,
    place: &Place,
) {
    let took = started.elapsed();
    let (verb, path) = route.map_or(("-", "-"), |route| (route.verb.name(), route.path));
    edge.metrics.count(verb, path, status.as_u16(), took);
    tracing::info!(
        request.id = place.request_id.as_str(),
        trace.id = place.trace.as_ref().map(|trace| trace.trace_id.as_str()),
        caller = place.caller.as_str(),
        route = path,
        method = verb,
        status = status.as_u16(),
        duration_ms = took.as_secs_f64() * 1000.0,
        "answered"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_caught_before_and_after_a_wait() {
        let early = unpanicked(async { panic!("early") }).await;
        let late = unpanicked(async {
            tokio::task::yield_now().await;
            if started_before() {
                panic!("late")
            }
        });
        let (early, late): (Result<(), _>, _) = (early, late.await);
        assert!(early.is_err() && late.is_err());
        assert_eq!(unpanicked(async { 7 }).await.ok(), Some(7));
    }

    fn started_before() -> bool {
        Instant::now().elapsed().as_secs() < 60
    }
}
