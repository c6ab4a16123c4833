//! The names by which a request is found again: `X-Request-Id` and W3C `traceparent`; and the
//! headers that every answer carries.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Where a request came in, for its answer and for the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// As [`told`] tells it: without the query.
    pub path: String,
    pub request_id: String,
    pub trace: Option<Trace>,
    /// Name of the API key; empty until it is known.
    pub caller: String,
}

impl Place {
    /// Puts the headers of every answer on this one.
    pub fn dress(&self, headers: &mut HeaderMap) {
        let trace = self.trace.as_ref().map(|trace| (TRACEPARENT, trace.header()));
        for (name, text) in
            [Some((REQUEST_ID, self.request_id.clone())), trace].into_iter().flatten()
        {
            // Both were checked when they were read.
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
        for (name, value) in FIXED {
            // A page names its own style in a policy that allows nothing else either.
            if name == header::CONTENT_SECURITY_POLICY && headers.contains_key(&name) {
                continue;
            }
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// Nothing of ours is kept by a cache, guessed to be another type, framed, or let run anything.
const FIXED: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "private, no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::VARY, "Accept, Accept-Language, Authorization"),
];

/// The path as an answer may repeat it: words of ours and ids. Whatever else a caller wrote there
/// is a hyphen, and a path that is none of ours is its root: it may hold a confidential value.
pub fn told(template: Option<&str>, path: &str) -> String {
    let Some(template) = template else { return "/".to_owned() };
    let segments = template.split('/').zip(path.split('/')).map(|(own, sent)| match own {
        own if !own.starts_with('{') => own,
        _ if is_id(sent) => sent,
        _ => "-",
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The shape of an id of ours, or of the number of a version.
fn is_id(segment: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match segment.split_once('_') {
        Some((kind, id)) => {
            let lengths = id.split('-').map(str::len);
            let sign =
                |byte: u8| byte == b'-' || byte.is_ascii_digit() || byte.is_ascii_lowercase();
            kind.len() == 3
                && kind.bytes().all(|byte| byte.is_ascii_lowercase())
                && lengths.eq([8, 4, 4, 4, 12])
                && id.bytes().all(|byte| sign(byte) && !(b'g'..=b'z').contains(&byte))
        }
        None => (1..=5).contains(&segment.len()) && digits(segment),
    }
}

/// The caller's own id where it is one that a line of a log can hold.
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(&REQUEST_ID)?.to_str().ok()?;
    is_request_id(id).then(|| id.to_owned())
}

/// 1 to 128 of `A-Z a-z 0-9 . _ -`: nothing that could break a header or a line of a log.
fn is_request_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=128).contains(&id.len()) && id.bytes().all(allowed)
}

/// A trace that began elsewhere. W3C Trace Context, section 3.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits: the caller's span.
    pub parent_id: String,
    flags: String,
}

impl Trace {
    /// Reads `traceparent`; one that is malformed is no trace, and the request goes on without.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(&TRACEPARENT);
        let (text, None) = (values.next()?.to_str().ok()?, values.next()) else {
            return None;
        };
        let mut parts = text.split('-');
        let version = hex_digits(parts.next()?, 2)?;
        let trace_id = hex_digits(parts.next()?, 32)?;
        let parent_id = hex_digits(parts.next()?, 16)?;
        let flags = hex_digits(parts.next()?, 2)?;
        let zero = |id: &str| id.bytes().all(|byte| byte == b'0');
        let more = parts.next().is_some() && version == "00";
        if version == "ff" || more || zero(trace_id) || zero(parent_id) {
            return None;
        }
        let owned = |text: &str| text.to_owned();
        Some(Self { trace_id: owned(trace_id), parent_id: owned(parent_id), flags: owned(flags) })
    }

    /// The same trace as the answer carries it.
    pub fn header(&self) -> String {
        format!("00-{}-{}-{}", self.trace_id, self.parent_id, self.flags)
    }
}

fn hex_digits(text: &str, length: usize) -> Option<&str> {
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == length && text.bytes().all(lower)).then_some(text)
}

/// The header that names a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header that names a trace.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        headers
    }

    #[test]
    fn a_path_is_repeated_as_far_as_it_is_ours() {
        let order = "/v1/orders/ord_01938f5e-7b1a-7c00-8000-0123456789ab";
        assert_eq!(told(Some("/v1/orders/{id}"), order), order);
        let version = format!("{order}/versions/12");
        assert_eq!(told(Some("/v1/orders/{id}/versions/{n}"), &version), version);
        for strange in ["ZZ997WZ", "%5AZ99", "ord_1", "07700900123", "ord_01938f5e-sian"] {
            let path = format!("/v1/orders/{strange}");
            assert_eq!(told(Some("/v1/orders/{id}"), &path), "/v1/orders/-", "{strange}");
            assert_eq!(told(None, &path), "/");
        }
        let named = order.replace("8000", "mary");
        assert_eq!(told(Some("/v1/orders/{id}"), &named), "/v1/orders/-");
    }

    #[test]
    fn an_id_that_could_break_a_log_is_replaced() {
        assert_eq!(request_id(&with(REQUEST_ID, "court-7.A_1")).unwrap(), "court-7.A_1");
        for bad in ["", "a b", "a\"b", "é", &"x".repeat(129)] {
            assert_eq!(request_id(&with(REQUEST_ID, bad)), None, "{bad}");
        }
    }

    #[test]
    fn a_traceparent_is_read_as_the_standard_says() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let trace = Trace::of(&with(TRACEPARENT, good)).unwrap();
        assert_eq!(trace.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(trace.header(), good);
        for bad in [
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "nonsense",
        ] {
            assert_eq!(Trace::of(&with(TRACEPARENT, bad)), None, "{bad}");
        }
    }
}
