//! `openapi.yaml`, generated: paths from the handlers, shapes from `wire`, and what is the same for
//! every call added once, from [`ROUTES`].
//!
//! To add a call: its handler's name in `paths(…)` below, then `spo openapi > openapi.yaml`.

use utoipa::openapi::path::{Operation as Described, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, Header, HeaderBuilder, OpenApi as Document, PathItem, Ref, RefOr, Required,
    Response, ResponseBuilder,
};
use utoipa::{Modify, OpenApi};

use super::accept::Form;
use super::problem::{Kind, MEDIA_TYPE};
use super::query::{self, Shape};
use super::route::{Access, Operation, ROUTES, Route, Verb};
use super::{documents, drafts, health, orders, reference, verifications};
use crate::wire::answer::ProblemBody;
use crate::wire::{self, RequestKind};

/// The whole description.
pub fn openapi() -> Document {
    Description::openapi()
}

/// The whole description as `openapi.yaml` holds it.
pub fn openapi_yaml() -> String {
    // Its types have no map with keys that YAML can't write; `contract.rs` reads it back.
    openapi().to_yaml().unwrap_or_default()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Stalking protection orders",
        description = include_str!("../../templates/messages/openapi.md"),
    ),
    paths(
        orders::issue_interim_order,
        orders::issue_full_order,
        orders::request_variation,
        orders::read_variation_request,
        drafts::preview_interim_order,
        drafts::preview_full_order,
        drafts::preview_variation_request,
        drafts::validate_interim_order,
        drafts::validate_full_order,
        drafts::validate_variation_request,
        orders::list_orders,
        orders::read_order,
        orders::list_order_versions,
        orders::read_order_version,
        documents::list_order_documents,
        documents::make_order_document,
        orders::list_order_events,
        orders::search_orders,
        documents::read_document,
        verifications::verify_file,
        reference::list_clauses,
        reference::list_courts,
        reference::list_forces,
        reference::list_editions,
        health::read_me,
        health::check_live,
        health::check_ready,
        health::check_signing,
        health::read_metrics,
        health::read_openapi,
    ),
    components(schemas(ProblemBody)),
    modifiers(&Common),
)]
struct Description;

/// What every call has.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = document.components.get_or_insert_default();
        components.security_schemes.insert(SCHEME.to_owned(), RefOr::T(scheme));
        let problems = Kind::ALL.map(|kind| (kind.name().to_owned(), RefOr::T(problem(kind))));
        components.responses.extend(problems);
        for route in ROUTES {
            let item = document.paths.paths.get_mut(route.path);
            if let Some(operation) = item.and_then(|item| described(item, route.verb)) {
                complete(operation, route);
            }
        }
    }
}

fn described(item: &mut PathItem, verb: Verb) -> Option<&mut Described> {
    match verb {
        Verb::Get => item.get.as_mut(),
        Verb::Post => item.post.as_mut(),
    }
}

fn complete(operation: &mut Described, route: &Route) {
    let needs = match route.access {
        Access::Open => SecurityRequirement::default(),
        Access::AnyCaller => SecurityRequirement::new(SCHEME, [""; 0]),
        Access::Role(role) => SecurityRequirement::new(SCHEME, [role.name()]),
    };
    operation.security = Some(vec![needs]);
    operation.parameters = Some(parameters(route).into_iter().map(RefOr::T).collect());
    let tagged = is_tagged(route.operation);
    if tagged {
        let unchanged = ResponseBuilder::new().description("The caller has it already.").build();
        operation.responses.responses.insert("304".to_owned(), RefOr::T(unchanged));
    }
    if let (Some(kind), Some(RefOr::T(body))) = (sample(route), &mut operation.request_body) {
        for content in body.content.values_mut() {
            if let RefOr::T(content) = content {
                content.example = serde_json::from_str(wire::example(kind)).ok();
            }
        }
    }
    if let (Operation::VerifyFile, Some(RefOr::T(body))) =
        (route.operation, &mut operation.request_body)
    {
        let file = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        let content = ContentBuilder::new().schema(Some(Schema::from(file))).build();
        body.content.insert(Form::Pdf.media_type().to_owned(), content.into());
        body.required = Some(Required::True);
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            success_headers(response, route);
        }
    }
    for kind in problems(route) {
        let status = kind.status().as_u16().to_string();
        let response = Ref::from_response_name(kind.name());
        operation.responses.responses.entry(status).or_insert(response.into());
    }
}

/// The sample of which its body is one.
const fn sample(route: &Route) -> Option<RequestKind> {
    match route.operation {
        Operation::IssueInterimOrder
        | Operation::PreviewInterimOrder
        | Operation::ValidateInterimOrder => Some(RequestKind::InterimOrder),
        Operation::IssueFullOrder | Operation::PreviewFullOrder | Operation::ValidateFullOrder => {
            Some(RequestKind::FullOrder)
        }
        Operation::RequestVariation
        | Operation::PreviewVariationRequest
        | Operation::ValidateVariationRequest => Some(RequestKind::VariationRequest),
        _ => None,
    }
}

/// Whether its answer carries an entity tag.
const fn is_tagged(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::ReadOrder
            | Operation::ReadOrderVersion
            | Operation::ReadVariationRequest
            | Operation::ReadDocument
    )
}

fn parameters(route: &Route) -> Vec<Parameter> {
    let mut all: Vec<Parameter> =
        route.path.split('/').filter_map(|part| named(route, part)).collect();
    all.extend(route.query.iter().map(queried));
    all.push(header(
        "X-Request-Id",
        text(),
        "Comes back with the answer: 1 to 128 of `A-Za-z0-9._-`.",
    ));
    if route.operation.creates() {
        let mut key = header(
            "Idempotency-Key",
            text().pattern(Some("^[!-~]{1,255}$")),
            "Names this request.",
        );
        key.required = Required::True;
        all.push(key);
    }
    if is_tagged(route.operation) {
        all.push(header("If-None-Match", text(), "304 where the answer has one of these tags."));
        all.push(header("If-Match", text(), "412 where the answer has none of these tags."));
    }
    if route.operation == Operation::ReadDocument {
        all.push(header("Range", text(), "One range of bytes of the PDF: `bytes=0-1023`."));
        all.push(header(
            "If-Range",
            text(),
            "The tag that the PDF must have for `Range` to count.",
        ));
    }
    all
}

/// The parameter in a part of a path, where there is one.
fn named(route: &Route, part: &str) -> Option<Parameter> {
    let prefix = match route.path.split('/').nth(2) {
        Some("documents") => "doc",
        Some("variation-requests") => "var",
        _ => "ord",
    };
    let pattern = format!("^{prefix}_[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$");
    let (name, shape) = match part {
        "{id}" => ("id", text().pattern(Some(pattern))),
        "{n}" => ("n", whole_number().minimum(Some(1)).maximum(Some(u32::MAX))),
        _ => return None,
    };
    let built = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
    Some(built.required(Required::True).schema(Some(Schema::from(shape))).build())
}

fn queried(parameter: &query::Parameter) -> Parameter {
    let shape = match parameter.shape {
        Shape::Word(words) => text().enum_values(Some(words.iter().copied())),
        Shape::Day => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
        Shape::Code | Shape::Edition | Shape::Cursor => text().pattern(parameter.shape.pattern()),
        Shape::Limit => whole_number().minimum(Some(1)).maximum(Some(200)).default(Some(50.into())),
    };
    let built = ParameterBuilder::new().name(parameter.name).parameter_in(ParameterIn::Query);
    let built = built.required(Required::False).description(Some(parameter.description));
    built.schema(Some(Schema::from(shape))).build()
}

fn header(name: &str, shape: ObjectBuilder, description: &str) -> Parameter {
    let built = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header);
    let built = built.required(Required::False).description(Some(description));
    built.schema(Some(Schema::from(shape))).build()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from(Type::String))
}

fn whole_number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from(Type::Integer))
}

/// The headers of an answer that is no problem.
fn success_headers(response: &mut Response, route: &Route) {
    let mut names = vec!["X-Request-Id"];
    if is_tagged(route.operation) {
        names.push("ETag");
    }
    if route.operation.creates() {
        names.extend(["Location", "Content-Location", "Idempotent-Replayed"]);
    }
    if response.content.contains_key(Form::Pdf.media_type()) {
        names.extend(["Content-Disposition", "Repr-Digest"]);
    }
    if route.query.iter().any(|one| one.shape == Shape::Cursor) {
        names.push("Link");
    }
    let headers = names.into_iter().map(|name| (name.to_owned(), RefOr::T(text_header())));
    response.headers.extend(headers);
}

fn text_header() -> Header {
    HeaderBuilder::new().schema(Some(Schema::from(text()))).build()
}

/// What a call of that shape can be refused with or fail with; one kind for each status.
fn problems(route: &Route) -> Vec<Kind> {
    let mut kinds = vec![Kind::BadRequest, Kind::NotAcceptable, Kind::AddressTooLong];
    kinds.extend([Kind::HeadTooLarge, Kind::Internal, Kind::Unavailable]);
    if route.access != Access::Open {
        kinds.push(Kind::NotSignedIn);
    }
    if matches!(route.access, Access::Role(_)) {
        kinds.push(Kind::NotAllowed);
    }
    if route.path.contains("{id}") {
        kinds.push(Kind::NotFound);
    }
    if is_tagged(route.operation) {
        kinds.push(Kind::PreconditionFailed);
    }
    if route.operation == Operation::ReadDocument {
        kinds.push(Kind::RangeNotSatisfiable);
    }
    if route.verb == Verb::Post {
        let body = [Kind::RequestTimeout, Kind::TooLarge, Kind::UnsupportedMediaType];
        kinds.extend(body);
        kinds.push(Kind::Invalid);
    }
    if route.operation.creates() {
        kinds.extend([Kind::Conflict, Kind::StorageFull]);
    }
    kinds
}

fn problem(kind: Kind) -> Response {
    let shape = Ref::from_schema_name("ProblemBody");
    let content = ContentBuilder::new().schema(Some(RefOr::<Schema>::Ref(shape))).build();
    ResponseBuilder::new()
        .description(super::problem::title(kind))
        .content(MEDIA_TYPE, content)
        .header("X-Request-Id", text_header())
        .build()
}

/// The name of the one way to sign in.
const SCHEME: &str = "api_key";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_can_be_written() {
        let yaml = openapi_yaml();
        assert!(yaml.starts_with("openapi: 3.1"), "{}", &yaml[..yaml.len().min(200)]);
        assert!(yaml.contains("/v1/interim-orders:"));
    }
}
