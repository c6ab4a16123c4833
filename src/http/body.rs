//! The body of a request: its type checked first, then read under a limit and a deadline.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, Payload};

use super::Limits;
use super::problem::{Kind, Problem};

/// The whole body of a request in JSON.
///
/// # Errors
/// [`Kind::UnsupportedMediaType`], [`Kind::TooLarge`] (while reading, before the rest arrives),
/// [`Kind::RequestTimeout`], [`Kind::BadRequest`] where the connection broke off.
pub async fn json(
    request: &HttpRequest,
    payload: Payload,
    limits: &Limits,
) -> Result<Bytes, Problem> {
    let headers = request.headers();
    if !is_json(headers) || is_encoded(headers) {
        return Err(
            Problem::new(Kind::UnsupportedMediaType).header(ACCEPT_POST, "application/json")
        );
    }
    read(headers, payload, limits.body_bytes, limits.body_time).await
}

/// The whole body of a request in PDF, with the place that it takes: what `enter` gives, once the
/// head is found good.
///
/// # Errors
/// As [`json`], and those of `enter`.
pub async fn pdf<T>(
    request: &HttpRequest,
    payload: Payload,
    limits: &Limits,
    enter: impl AsyncFnOnce() -> Result<T, Problem>,
) -> Result<(Bytes, T), Problem> {
    let headers = request.headers();
    if !is_pdf(headers) || is_encoded(headers) {
        return Err(Problem::new(Kind::UnsupportedMediaType).header(ACCEPT_POST, "application/pdf"));
    }
    let place = enter().await?;
    let file = read(headers, payload, limits.file_bytes, limits.file_time).await?;
    Ok((file, place))
}

async fn read(
    headers: &HeaderMap,
    payload: Payload,
    most: usize,
    time: Duration,
) -> Result<Bytes, Problem> {
    if declared_length(headers).is_some_and(|length| length > most as u64) {
        return Err(too_large(most));
    }
    match tokio::time::timeout(time, payload.to_bytes_limited(most)).await {
        Err(_) => Err(too_slow(time)),
        Ok(Err(_)) => Err(too_large(most)),
        Ok(Ok(Err(_))) => Err(Problem::new(Kind::BadRequest)),
        Ok(Ok(Ok(bytes))) => Ok(bytes),
    }
}

fn too_large(most: usize) -> Problem {
    Problem::new(Kind::TooLarge).fact("limit", most)
}

fn too_slow(time: Duration) -> Problem {
    Problem::new(Kind::RequestTimeout)
        .fact("seconds", time.as_secs())
        .header(header::CONNECTION, "close")
}

/// `application/json`, with no parameter or `charset=utf-8`.
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE);
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let mut parts = value.to_str().unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let utf8 = |part: &str| {
        part.split_once('=').is_some_and(|(name, value)| {
            let value = value.trim_matches('"');
            name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8")
        })
    };
    essence.eq_ignore_ascii_case("application/json") && parts.all(utf8)
}

/// `application/pdf`; its parameters change nothing.
fn is_pdf(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE);
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/pdf")
}

/// A coding could unfold into far more than the limit; none is taken.
fn is_encoded(headers: &HeaderMap) -> bool {
    let identity = |value: &header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    headers.get_all(header::CONTENT_ENCODING).any(|value| !identity(value))
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

const ACCEPT_POST: header::HeaderName = header::HeaderName::from_static("accept-post");

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(content_type: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        is_json(&headers)
    }

    #[test]
    fn json_in_utf8_is_taken_and_nothing_else() {
        for good in ["application/json", "Application/JSON; charset=UTF-8"] {
            assert!(taken(good), "{good}");
        }
        for bad in [
            "text/json",
            "application/json; charset=utf-16",
            "application/json; boundary=x",
            "application/jsonx",
            "application/pdf",
            "",
        ] {
            assert!(!taken(bad), "{bad}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
