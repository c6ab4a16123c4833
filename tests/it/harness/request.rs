//! A call and its answer.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::samples::CANARIES;
use super::{Spec, TestApp};

/// A call that is not sent yet.
pub struct Call<'a> {
    app: &'a TestApp,
    method: String,
    path: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl<'a> Call<'a> {
    pub(super) fn new(app: &'a TestApp, method: &str, path: &str) -> Self {
        let call = Self {
            app,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: None,
        };
        call.signed_in(&app.secret)
    }

    pub fn json(self, body: &Value) -> Self {
        self.bytes(serde_json::to_vec(body).unwrap()).header("content-type", "application/json")
    }

    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn accept(self, accept: &str) -> Self {
        self.header("accept", accept)
    }

    pub fn pdf(self) -> Self {
        self.accept("application/pdf")
    }

    pub fn signed_in(self, secret: &str) -> Self {
        self.header("authorization", &format!("Bearer {secret}"))
    }

    pub fn anonymous(self) -> Self {
        self.without("authorization")
    }

    /// Sends it, and holds the answer against the contract.
    pub async fn send(self) -> Reply {
        let reply = self.send_unchecked().await;
        assert!(reply.status < 500, "{} {}: {}", reply.method, reply.path, reply.text());
        reply
    }

    /// As [`Call::send`], where a failure is what the test is about.
    pub async fn send_unchecked(self) -> Reply {
        let url = format!("http://{}{}", self.app.address, self.path);
        let method = reqwest::Method::from_bytes(self.method.as_bytes()).unwrap();
        let mut request = self.app.client.request(method, url).headers(self.headers);
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let reply = Reply {
            method: self.method,
            path: self.path,
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        };
        reply.check_headers();
        reply.check_canaries();
        Spec::get().check(&reply);
        reply
    }
}

/// An answer, held against the contract.
#[derive(Debug, Clone)]
pub struct Reply {
    pub method: String,
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// The answer, which must have that status.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} {}: {}", self.method, self.path, self.text());
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        text.chars().take(3000).collect()
    }

    fn check_headers(&self) {
        let has = |name: &str, part: &str| {
            let value = self.header(name).unwrap_or_default();
            assert!(value.contains(part), "{} {}: {name}: {value}", self.method, self.path);
        };
        has("cache-control", "no-store");
        has("x-content-type-options", "nosniff");
        has("content-security-policy", "default-src 'none'");
        assert!(self.header("x-request-id").is_some_and(|id| !id.is_empty()));
        assert_eq!(self.header("server"), None);
    }

    /// No confidential value of a sample is in any answer, head or body.
    fn check_canaries(&self) {
        // The description shows the samples themselves.
        if self.path == "/openapi.yaml" {
            return;
        }
        let body = String::from_utf8_lossy(&self.body);
        let head = format!("{:?}", self.headers);
        for canary in CANARIES {
            let found = body.contains(canary) || head.contains(canary);
            assert!(!found, "{} {} tells {canary}", self.method, self.path);
        }
    }
}

/// The rules that a refusal names, with their pointers, sorted.
pub fn rules(reply: &Reply) -> Vec<(String, String)> {
    let json = reply.json();
    let errors = json["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    let mut rules: Vec<_> =
        errors.iter().map(|error| (text(error, "rule"), text(error, "pointer"))).collect();
    rules.sort();
    rules
}

/// The last part of a problem's `type`.
pub fn problem_names(reply: &Reply) -> String {
    let json = reply.json();
    let kind = json["type"].as_str().unwrap_or_default();
    kind.rsplit(':').next().unwrap_or_default().to_owned()
}
