//! Answers: entity tags, ranges, digests, names for files. RFC 9110, RFC 9530, RFC 6266.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::accept::Form;
use super::problem::{Kind, Problem};
use crate::issue::{Drafted, Issued, Listed, Read, SignedDocument};

/// What a handler gives.
pub type Answer = Result<HttpResponse, Problem>;

/// What was created: 201 the first time and each time after, in the form asked for. Where the bytes
/// are asked for and wait for their timestamp, 202 with the JSON form: it is made and kept, and a
/// second try under another key would make it twice.
pub fn issued(issued: Issued, form: Form) -> Answer {
    let waits = form == Form::Pdf && issued.document.held;
    let status = StatusCode::from_u16(issued.status).unwrap_or(StatusCode::CREATED);
    let status = if waits { StatusCode::ACCEPTED } else { status };
    let mut response = HttpResponse::build(status);
    response.insert_header((header::LOCATION, issued.location));
    if issued.replayed {
        response.insert_header((IDEMPOTENT_REPLAYED, "true"));
    }
    if waits {
        response.insert_header((header::RETRY_AFTER, "30"));
    }
    match form {
        Form::Pdf if !waits => {
            let document = issued.document;
            response.insert_header((header::CONTENT_LOCATION, document_path(&document)));
            describe(&mut response, &document);
            Ok(response.body(document.bytes))
        }
        _ => Ok(json_body(&mut response, issued.json)),
    }
}

/// Something read, or 304 where the caller has it already.
///
/// # Errors
/// [`Kind::PreconditionFailed`].
pub fn read(request: &HttpRequest, read: Read) -> Answer {
    if is_known(request, &read.etag)? {
        return Ok(not_modified(read.etag));
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, read.etag));
    Ok(json_body(&mut response, read.json))
}

/// The caller has it already. No body: it would be taken for the next answer. RFC 9110, 15.4.5.
fn not_modified(etag: String) -> HttpResponse {
    HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish()
}

/// One page of a list, with a `Link` to the next. RFC 8288.
pub fn list(request: &HttpRequest, listed: Listed) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(next) = listed.next {
        let link = format!("<{}>; rel=\"next\"", next_page(request, &next));
        response.insert_header((header::LINK, link));
    }
    json_body(&mut response, listed.json)
}

/// The same path and query, after that cursor.
fn next_page(request: &HttpRequest, after: &str) -> String {
    let kept = request.query_string().split('&');
    let kept = kept.filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let mut query: Vec<String> = kept.map(str::to_owned).collect();
    query.push(format!("after={after}"));
    format!("{}?{}", request.path(), query.join("&"))
}

/// A value of ours as JSON.
pub fn json(value: &impl serde::Serialize) -> Answer {
    let body =
        serde_json::to_vec(value).map_err(|error| Problem::new(Kind::Internal).because(error))?;
    Ok(json_body(&mut HttpResponse::Ok(), body))
}

fn json_body(response: &mut HttpResponseBuilder, json: Vec<u8>) -> HttpResponse {
    response.insert_header((header::CONTENT_TYPE, Form::Json.media_type())).body(json)
}

/// A draft. It has no digest and no tag: nothing of it is kept.
pub fn draft(drafted: Drafted) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, Form::Pdf.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, disposition(&drafted.file_name)))
        .body(drafted.bytes)
}

/// The signed document: whole, a part of it, or 304.
///
/// # Errors
/// [`Kind::PreconditionFailed`], [`Kind::RangeNotSatisfiable`].
pub fn document(request: &HttpRequest, document: SignedDocument) -> Answer {
    let etag = etag(&document);
    if is_known(request, &etag)? {
        return Ok(not_modified(etag));
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, etag.clone()));
    response.insert_header((header::ACCEPT_RANGES, "bytes"));
    describe(&mut response, &document);
    let length = document.bytes.len();
    match part(request, &etag, length) {
        Part::Whole => Ok(response.body(document.bytes)),
        Part::Bytes(first, last) => {
            response.status(StatusCode::PARTIAL_CONTENT);
            let range = format!("bytes {first}-{last}/{length}");
            response.insert_header((header::CONTENT_RANGE, range));
            Ok(response.body(document.bytes[first..=last].to_vec()))
        }
        Part::None => Err(Problem::new(Kind::RangeNotSatisfiable)
            .header_text(header::CONTENT_RANGE, &format!("bytes */{length}"))),
    }
}

fn describe(response: &mut HttpResponseBuilder, document: &SignedDocument) {
    response.insert_header((header::CONTENT_TYPE, Form::Pdf.media_type()));
    response.insert_header((header::CONTENT_DISPOSITION, disposition(&document.file_name)));
    let digest = format!("sha-256=:{}:", BASE64.encode(document.sha256));
    response.insert_header((REPR_DIGEST, digest));
}

/// `attachment` with a name in which nothing can break the header, whatever it was made of.
fn disposition(file_name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = file_name.chars().filter(|c| plain(*c)).collect();
    format!("attachment; filename=\"{name}\"")
}

fn document_path(document: &SignedDocument) -> String {
    format!("/v1/documents/{}", document.id)
}

/// The document's digest: it can't change.
fn etag(document: &SignedDocument) -> String {
    let digits = document.sha256.iter().map(|byte| format!("{byte:02x}"));
    format!("\"{}\"", digits.collect::<String>())
}

/// Whether `If-None-Match` names the tag. RFC 9110, section 13.2.2.
///
/// # Errors
/// [`Kind::PreconditionFailed`] where `If-Match` does not name it.
fn is_known(request: &HttpRequest, etag: &str) -> Result<bool, Problem> {
    let headers = request.headers();
    if headers.contains_key(header::IF_MATCH) && !names(headers, header::IF_MATCH, etag, false) {
        return Err(Problem::new(Kind::PreconditionFailed));
    }
    Ok(names(headers, header::IF_NONE_MATCH, etag, true))
}

/// Whether the header's list holds the tag or `*`; `weak` takes `W/` off first.
fn names(headers: &HeaderMap, header: HeaderName, etag: &str, weak: bool) -> bool {
    let texts = headers.get_all(header).filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::trim).any(|tag| {
        let tag = if weak { tag.strip_prefix("W/").unwrap_or(tag) } else { tag };
        tag == "*" || tag == etag
    })
}

/// Which part of a document is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// First and last byte, from 0.
    Bytes(usize, usize),
    /// Beyond the end.
    None,
}

/// The part that `Range` asks for; the whole where it is absent, malformed or of several parts, or
/// where `If-Range` names another tag. RFC 9110, sections 13.1.5 and 14.2.
fn part(request: &HttpRequest, etag: &str, length: usize) -> Part {
    let headers = request.headers();
    let same = |value: &HeaderValue| value.as_bytes() == etag.as_bytes();
    if request.method() == Method::HEAD || !headers.get(header::IF_RANGE).is_none_or(same) {
        return Part::Whole;
    }
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    range.and_then(|range| part_of(range, length)).unwrap_or(Part::Whole)
}

fn part_of(range: &str, length: usize) -> Option<Part> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number too large for the machine lies beyond every end.
        digits.then(|| text.parse::<usize>().unwrap_or(usize::MAX))
    };
    if first.is_empty() {
        let count = number(last)?.min(length);
        return Some(if count == 0 { Part::None } else { Part::Bytes(length - count, length - 1) });
    }
    let first = number(first)?;
    let last = if last.is_empty() { usize::MAX } else { number(last)? };
    match () {
        () if last < first => None,
        () if first >= length => Some(Part::None),
        () => Some(Part::Bytes(first, last.min(length - 1))),
    }
}

const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_is_read_as_the_standard_says() {
        assert_eq!(part_of("bytes=0-4", 10), Some(Part::Bytes(0, 4)));
        assert_eq!(part_of("bytes=5-", 10), Some(Part::Bytes(5, 9)));
        assert_eq!(part_of("bytes=-3", 10), Some(Part::Bytes(7, 9)));
        assert_eq!(part_of("bytes=-99", 10), Some(Part::Bytes(0, 9)));
        assert_eq!(part_of("bytes=8-99", 10), Some(Part::Bytes(8, 9)));
        for beyond in ["bytes=10-", "bytes=-0", "bytes=99999999999999999999-"] {
            assert_eq!(part_of(beyond, 10), Some(Part::None), "{beyond}");
        }
        for ignored in
            ["bytes=4-2", "bytes=0-1,3-4", "lines=0-1", "bytes=", "bytes=-", "bytes=+1-2"]
        {
            assert_eq!(part_of(ignored, 10), None, "{ignored}");
        }
    }

    #[test]
    fn a_file_name_can_not_break_its_header() {
        let hostile = "order\"; filename=evil\r\nX-Evil: 1.pdf";
        assert_eq!(disposition(hostile), "attachment; filename=\"orderfilenameevilX-Evil1.pdf\"");
    }

    proptest! {
        #[test]
        fn a_part_lies_within_the_document(
            range in "bytes=[0-9]{0,3}-[0-9]{0,3}",
            length in 1..500_usize,
        ) {
            if let Some(Part::Bytes(first, last)) = part_of(&range, length) {
                prop_assert!(first <= last && last < length);
            }
        }
    }
}
