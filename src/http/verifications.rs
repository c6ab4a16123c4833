//! Files handed in for a check: any PDF goes in, a verdict comes out, as JSON or as a page.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::accept::{Form, tongue};
use super::edge::Visit;
use super::gate::Class;
use super::respond::{self, Answer};
use super::{Edge, body};
use crate::issue::{Handed, Role};
use crate::page::{self, Told};
use crate::wire::answer::VerificationAnswer;

/// Checks a PDF: is it a document of this service, unaltered, current?
///
/// What can't be checked is `unreadable`, to be treated as not verified. `Accept-Language` chooses
/// English or Welsh for the sentences and the pages.
#[utoipa::path(
    post, path = "/v1/verifications", tag = "verifications",
    request_body(content_type = "application/pdf", description = "The file, at most 32 MiB."),
    responses((status = 200, description = "The verdict, for a programme or for a person.",
        content((VerificationAnswer = "application/json"), ("text/html"), ("text/plain")))),
)]
pub async fn verify_file(
    edge: Data<Edge>,
    visit: Visit,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let form = Form::choose(request.headers(), &[Form::Json, Form::Html, Form::Text])?;
    let tongue = tongue(request.headers());
    // Before the body, which may be large: so many are held in memory and no more.
    let upload = async || edge.uploads.enter(Class::Issue);
    let (file, _place) = body::pdf(&request, payload, &edge.limits, upload).await?;
    let may_read = visit.holder.is_some_and(|holder| holder.roles.contains(&Role::Read));
    let handed = Handed { bytes: &file, as_at: None, may_read };
    let check = edge.issuer.verify_file(&visit.caller, handed).await?;
    let told = Told::of(&check, tongue);
    let language = (header::CONTENT_LANGUAGE, tongue.tag());
    match form {
        Form::Html => Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((header::CONTENT_SECURITY_POLICY, page::policy()))
            .insert_header(language)
            .body(told.html())),
        Form::Text => Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
            .insert_header(language)
            .body(told.text())),
        Form::Json | Form::Pdf | Form::Yaml => {
            let mut answer = respond::json(&told.answer())?;
            answer.headers_mut().insert(language.0, header::HeaderValue::from_static(language.1));
            Ok(answer)
        }
    }
}
