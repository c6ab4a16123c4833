//! The caller of a sweep: it writes on the wire itself, so that it sees the whole of each answer,
//! and hands each to the search.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use super::field;
use super::tally::{Channel, Reader, Sweep};
use crate::harness::Spec;

/// A service to drive, and what came of it.
pub struct Drive {
    pub address: SocketAddr,
    pub secret: String,
    pub sweep: Sweep,
    /// Every confidential value as it is sent.
    pub values: BTreeSet<String>,
    /// The confidential fields that were sent filled, by path of the description.
    pub sent: BTreeMap<String, BTreeSet<field::Field>>,
    /// Method and path of each call that was answered well.
    pub answered: BTreeSet<(String, String)>,
}

/// An answer as it came.
pub struct Answer {
    pub status: u16,
    /// Status line and headers.
    pub head: Vec<u8>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(&self.head).into_owned();
        let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let (_, value) = lines.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value.trim().to_owned())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The answer, which must have that status.
    pub fn expect(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        let short: String = body.chars().take(3000).collect();
        assert_eq!(self.status, status, "{short}");
        self
    }
}

/// A call with the key of every role.
#[derive(Clone)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn new(method: &str, path: &str) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        Self { method, path, headers: Vec::new(), body: Vec::new() }
    }

    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: &str, body: &Value) -> Self {
        Self::new("POST", path).with("Content-Type", "application/json").body(body.to_string())
    }

    /// Sets a header, in place of one of that name.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.with("Idempotency-Key", key)
    }

    pub fn pdf(self) -> Self {
        self.with("Accept", "application/pdf")
    }
}

impl Drive {
    pub fn new(address: SocketAddr, secret: &str, sweep: Sweep, values: &[String]) -> Self {
        Self {
            address,
            secret: secret.to_owned(),
            sweep,
            values: values.iter().cloned().collect(),
            sent: BTreeMap::new(),
            answered: BTreeSet::new(),
        }
    }

    /// Calls, and searches the answer; of a document, `paper` tells kind and reader.
    pub fn call(&mut self, call: &Call, paper: Option<(&str, Reader)>) -> Answer {
        let answer = exchange(self.address, &self.message(call));
        let what = format!("{} {} {}", answer.status, call.method, call.path);
        *self.sweep.statuses.entry(answer.status).or_default() += 1;
        self.note(call, &answer);
        self.sweep.channel(Channel::Head, &what, &answer.head);
        if let Some(name) = answer.header("content-disposition") {
            self.sweep.channel(Channel::FileName, &what, name.as_bytes());
        }
        let kind = answer.header("content-type").unwrap_or_default();
        match kind.as_str() {
            "application/pdf" => {
                let paper = paper.unwrap_or_else(|| panic!("{what}: for which reader?"));
                self.sweep.document(paper, &what, &answer.body);
            }
            "application/problem+json" => {
                self.sweep.channel(Channel::Problem, &what, &answer.body);
            }
            _ if call.path == "/metrics" => {
                self.sweep.channel(Channel::Metrics, &what, &answer.body);
            }
            _ => self.sweep.channel(Channel::Body, &what, &answer.body),
        }
        answer
    }

    /// What was sent, and which rules refused it.
    fn note(&mut self, call: &Call, answer: &Answer) {
        let template = Spec::get().template(&call.path).map(str::to_owned);
        let said = answer.json();
        for list in ["errors", "warnings"] {
            let faults = said[list].as_array().into_iter().flatten();
            let rules = faults.filter_map(|fault| fault["rule"].as_str());
            self.sweep.rules.extend(rules.map(str::to_owned));
        }
        let Some(template) = template else { return };
        if let Ok(request) = serde_json::from_slice(&call.body) {
            let values = &self.values;
            let fields = field::planted(&request, &|text| values.contains(text));
            self.sent.entry(template.clone()).or_default().extend(fields);
        }
        if answer.status < 400 {
            self.answered.insert((call.method.clone(), template));
        }
    }

    fn message(&self, call: &Call) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", call.method, call.path);
        let own = [
            ("Host", "127.0.0.1".to_owned()),
            ("Connection", "close".to_owned()),
            ("Authorization", format!("Bearer {}", self.secret)),
            ("Content-Length", call.body.len().to_string()),
        ];
        for (name, value) in own {
            if !call.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        for (name, value) in &call.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        [head.as_bytes(), b"\r\n", &call.body].concat()
    }
}

/// Writes a message and reads until the other side closes.
fn exchange(address: SocketAddr, message: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // The other side may close while we still write: that is an answer too.
    let _ = stream.write_all(message);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(&bytes)));
    let body = bytes.split_off(end + 4);
    let status = String::from_utf8_lossy(&bytes[9..12]).parse().unwrap();
    let chunked = String::from_utf8_lossy(&bytes).to_lowercase().contains("chunked");
    assert!(!chunked, "an answer in chunks: its parts have to be put together first");
    Answer { status, head: bytes, body }
}
