//! Every call of the service on one page: method, path, who may, which query it takes, what it
//! does.
//!
//! To add an endpoint: a variant of [`Operation`], a line in [`ROUTES`]; the compiler then asks for
//! its handler in `http::handle`, and `tests/it/contract.rs` for its place in `openapi.yaml`.

use actix_web::http::Method;

use super::query::{Parameter, Shape};
use crate::issue::Role;

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    pub verb: Verb,
    /// With `{names}` for its parameters.
    pub path: &'static str,
    pub access: Access,
    /// What its query may hold.
    pub query: &'static [Parameter],
    pub operation: Operation,
}

/// The methods that are taken. `HEAD` goes where `GET` goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

impl Verb {
    /// As the request line writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }

    fn takes(self, method: &Method) -> bool {
        match self {
            Self::Get => method == Method::GET || method == Method::HEAD,
            Self::Post => method == Method::POST,
        }
    }
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a key.
    Open,
    /// Any holder of a key.
    AnyCaller,
    /// A holder of a key with this role.
    Role(Role),
}

/// What a call does; its name in snake case is its `operationId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    IssueInterimOrder,
    IssueFullOrder,
    RequestVariation,
    ReadVariationRequest,
    PreviewInterimOrder,
    PreviewFullOrder,
    PreviewVariationRequest,
    ValidateInterimOrder,
    ValidateFullOrder,
    ValidateVariationRequest,
    ListOrders,
    ReadOrder,
    ListOrderVersions,
    ReadOrderVersion,
    ListOrderDocuments,
    MakeOrderDocument,
    ListOrderEvents,
    SearchOrders,
    ReadDocument,
    VerifyFile,
    ListClauses,
    ListCourts,
    ListForces,
    ListEditions,
    ReadMe,
    CheckLive,
    CheckReady,
    CheckSigning,
    ReadMetrics,
    ReadOpenapi,
}

impl Operation {
    /// Whether it makes something that is kept: a repeat needs its `Idempotency-Key`.
    pub const fn creates(self) -> bool {
        matches!(
            self,
            Self::IssueInterimOrder
                | Self::IssueFullOrder
                | Self::RequestVariation
                | Self::MakeOrderDocument
        )
    }

    /// The `operationId`.
    pub fn id(self) -> String {
        let mut id = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_ascii_uppercase() && !id.is_empty() {
                id.push('_');
            }
            id.push(letter.to_ascii_lowercase());
        }
        id
    }
}

impl Route {
    /// The calls at a path template.
    pub fn at(path: &str) -> impl Iterator<Item = &'static Self> {
        ROUTES.iter().filter(move |route| route.path == path)
    }

    /// The call of that method at a path template.
    pub fn find(method: &Method, path: &str) -> Option<&'static Self> {
        Self::at(path).find(|route| route.verb.takes(method))
    }

    /// The value of `Allow` at a path template.
    pub fn allowed(path: &str) -> String {
        let names = Self::at(path).map(|route| match route.verb {
            Verb::Get => "GET, HEAD",
            Verb::Post => "POST",
        });
        names.collect::<Vec<_>>().join(", ")
    }
}

/// All calls.
#[rustfmt::skip]
pub static ROUTES: &[Route] = &[
    post("/v1/interim-orders", Role::Issue, Operation::IssueInterimOrder),
    post("/v1/full-orders", Role::Issue, Operation::IssueFullOrder),
    post("/v1/variation-requests", Role::Request, Operation::RequestVariation),
    get("/v1/variation-requests/{id}", READ, NONE, Operation::ReadVariationRequest),
    post("/v1/previews/interim-orders", Role::Draft, Operation::PreviewInterimOrder),
    post("/v1/previews/full-orders", Role::Draft, Operation::PreviewFullOrder),
    post("/v1/previews/variation-requests", Role::Draft, Operation::PreviewVariationRequest),
    post("/v1/validations/interim-orders", Role::Draft, Operation::ValidateInterimOrder),
    post("/v1/validations/full-orders", Role::Draft, Operation::ValidateFullOrder),
    post("/v1/validations/variation-requests", Role::Draft, Operation::ValidateVariationRequest),
    get("/v1/orders", READ, FILTERS, Operation::ListOrders),
    get("/v1/orders/{id}", READ, NONE, Operation::ReadOrder),
    get("/v1/orders/{id}/versions", READ, NONE, Operation::ListOrderVersions),
    get("/v1/orders/{id}/versions/{n}", READ, NONE, Operation::ReadOrderVersion),
    get("/v1/orders/{id}/documents", READ, NONE, Operation::ListOrderDocuments),
    post("/v1/orders/{id}/documents", Role::Issue, Operation::MakeOrderDocument),
    get("/v1/orders/{id}/events", Access::Role(Role::Audit), NONE, Operation::ListOrderEvents),
    Route { query: PAGE, ..post("/v1/order-searches", Role::Read, Operation::SearchOrders) },
    get("/v1/documents/{id}", READ, NONE, Operation::ReadDocument),
    post("/v1/verifications", Role::Verify, Operation::VerifyFile),
    get("/v1/clauses", READ, NONE, Operation::ListClauses),
    get("/v1/courts", READ, NONE, Operation::ListCourts),
    get("/v1/forces", READ, NONE, Operation::ListForces),
    get("/v1/editions", READ, NONE, Operation::ListEditions),
    get("/v1/me", Access::AnyCaller, NONE, Operation::ReadMe),
    get("/health/live", Access::Open, NONE, Operation::CheckLive),
    get("/health/ready", Access::Open, NONE, Operation::CheckReady),
    get("/health/signing", Access::AnyCaller, NONE, Operation::CheckSigning),
    get("/metrics", Access::AnyCaller, NONE, Operation::ReadMetrics),
    get("/openapi.yaml", Access::AnyCaller, NONE, Operation::ReadOpenapi),
];

const STATUSES: &[&str] = &[
    "in_force",
    "expired",
    "discharged",
    "ended_by_full_order",
    "ended_by_determination",
    "quashed",
];

/// The filters of a list of orders, and its page. No personal data: that goes into the body of a
/// search.
#[rustfmt::skip]
pub const FILTERS: &[Parameter] = &[
    parameter("status", Shape::Word(STATUSES), "Their status today in London."),
    parameter("court", Shape::Code, "Code of the court."),
    parameter("force", Shape::Code, "Code of the applicant's force."),
    parameter("made_from", Shape::Day, "Made on this day or later."),
    parameter("made_to", Shape::Day, "Made on this day or earlier."),
    parameter("ends_before", Shape::Day, "Ending before this day."),
    parameter("edition", Shape::Edition, "Drawn in this edition: `full_order/2026-11`."),
    LIMIT,
    AFTER,
];

const PAGE: &[Parameter] = &[LIMIT, AFTER];
const LIMIT: Parameter = parameter("limit", Shape::Limit, "How many a page holds.");
const AFTER: Parameter =
    parameter("after", Shape::Cursor, "Where the page before ended: take it from its `Link`.");
const NONE: &[Parameter] = &[];
const READ: Access = Access::Role(Role::Read);

const fn parameter(name: &'static str, shape: Shape, description: &'static str) -> Parameter {
    Parameter { name, shape, description }
}

const fn get(
    path: &'static str,
    access: Access,
    query: &'static [Parameter],
    operation: Operation,
) -> Route {
    Route { verb: Verb::Get, path, access, query, operation }
}

const fn post(path: &'static str, role: Role, operation: Operation) -> Route {
    Route { verb: Verb::Post, path, access: Access::Role(role), query: NONE, operation }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_stands_once() {
        let mut calls: Vec<_> = ROUTES.iter().map(|r| (r.path, r.verb.name())).collect();
        let mut ids: Vec<_> = ROUTES.iter().map(|route| route.operation.id()).collect();
        calls.sort_unstable();
        calls.dedup();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((calls.len(), ids.len()), (ROUTES.len(), ROUTES.len()));
    }

    #[test]
    fn only_two_calls_are_open() {
        let open: Vec<_> = ROUTES.iter().filter(|route| route.access == Access::Open).collect();
        assert_eq!(open.len(), 2);
        assert!(open.iter().all(|route| route.path.starts_with("/health/")));
    }

    #[test]
    fn no_path_and_no_query_asks_for_personal_data() {
        for route in ROUTES {
            let names = route.query.iter().map(|one| one.name).chain(route.path.split('/'));
            for name in names {
                let personal = ["name", "birth", "dob", "address", "reference", "phone"];
                assert!(!personal.iter().any(|word| name.contains(word)), "{name}");
            }
        }
    }

    #[test]
    fn an_operation_is_named_in_snake_case() {
        assert_eq!(Operation::IssueInterimOrder.id(), "issue_interim_order");
        assert_eq!(Route::allowed("/v1/orders"), "GET, HEAD");
        assert!(Route::find(&Method::HEAD, "/v1/orders/{id}").is_some());
        assert!(Route::find(&Method::TRACE, "/v1/orders/{id}").is_none());
    }
}
