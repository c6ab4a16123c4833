//! Documents: what is known of them, and the signed bytes themselves.

use actix_web::HttpRequest;
use actix_web::web::{Data, Payload};

use super::Edge;
use super::accept::Form;
use super::edge::Visit;
use super::orders::{create, id, json_only};
use super::respond::{self, Answer};
use crate::domain::identity::{DocumentId, OrderId};
use crate::issue::Creating;
use crate::wire;
use crate::wire::answer::{DocumentAnswer, List};

/// Lists the documents of an order, of all its versions and requests.
#[utoipa::path(
    get, path = "/v1/orders/{id}/documents", tag = "documents",
    responses((status = 200, description = "The documents.", body = List<DocumentAnswer>)),
)]
pub async fn list_order_documents(edge: Data<Edge>, request: HttpRequest) -> Answer {
    let id: OrderId = id(&request)?;
    json_only(&request)?;
    Ok(respond::list(&request, edge.issuer.documents(id).await?))
}

/// Makes one more document of an order: the order itself in another form or language, or a copy for
/// another reader. It is of the latest version and supersedes nothing.
#[utoipa::path(
    post, path = "/v1/orders/{id}/documents", tag = "documents",
    request_body = wire::DocumentRequest,
    responses((status = 201, description = "Made: what is known of it, or the signed document.",
        content((DocumentAnswer = "application/json"), ("application/pdf"))),
        (status = 202, body = DocumentAnswer,
         description = "The same; its bytes wait for a timestamp.")),
)]
pub async fn make_order_document(
    edge: Data<Edge>,
    visit: Visit,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let order: OrderId = id(&request)?;
    let make = async |made: Creating<'_>| edge.issuer.make_copy(order, made).await;
    create(&edge, &visit, (request, payload), make).await
}

/// Reads a document: what is known of it as JSON, or the signed PDF byte for byte.
#[utoipa::path(
    get, path = "/v1/documents/{id}", tag = "documents",
    responses(
        (status = 200, description = "The document.",
            content((DocumentAnswer = "application/json"), ("application/pdf"))),
        (status = 206, description = "The part of the PDF that `Range` asks for.",
            content(("application/pdf"))),
    ),
)]
pub async fn read_document(edge: Data<Edge>, request: HttpRequest) -> Answer {
    let id: DocumentId = id(&request)?;
    match Form::choose(request.headers(), &[Form::Json, Form::Pdf])? {
        Form::Pdf => respond::document(&request, edge.issuer.document_bytes(id).await?),
        Form::Json | Form::Yaml | Form::Text | Form::Html => {
            respond::read(&request, edge.issuer.document(id).await?)
        }
    }
}
