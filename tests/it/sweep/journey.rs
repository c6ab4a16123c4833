//! Everything that a caller can do well, with a canary in every confidential field: each kind of
//! order, request and copy, in each language, drawn, kept, read and repeated.

use serde_json::{Value, json};

use super::drive::{Answer, Call, Drive};
use super::request::Plants;
use super::tally::Reader;
use crate::harness::{Spec, set};

const LANGUAGES: [&str; 3] = ["en", "cy", "bilingual"];

/// Drives it all; gives the ids of an interim and a full order that are kept.
pub fn all(drive: &mut Drive, plants: &mut Plants) -> (String, String) {
    let (mut interim, mut full) = (None, None);
    for (number, (kind, name, request)) in plants.orders().into_iter().enumerate() {
        // Each language meets each kind; the rare kinds of respondent meet one each.
        let first = (kind == "interim-orders" && interim.is_none())
            || (kind == "full-orders" && full.is_none());
        let languages = if first { &LANGUAGES[..] } else { &LANGUAGES[number % 3..][..1] };
        for language in languages {
            let request = spoken(drive, kind, &request, language);
            let id = order(drive, kind, &format!("{name}, {language}"), &request);
            let kept = if kind == "full-orders" { &mut full } else { &mut interim };
            kept.get_or_insert(id);
        }
    }
    let (interim, full) = (interim.unwrap(), full.unwrap());
    for (name, request) in plants.variations(&full) {
        for language in if name.starts_with("everything") { &LANGUAGES[..] } else { &["en"] } {
            let request = spoken(drive, "variation-requests", &request, language);
            variation(drive, &format!("{name}, {language}"), &request);
        }
    }
    variation(drive, "of an interim order", &plants.interim_variation(&interim));
    for id in [&interim, &full] {
        read(drive, id);
        copies(drive, id);
    }
    lists(drive);
    (interim, full)
}

/// An interim and a full order alone, for a service whose clock goes on; gives their ids.
pub fn first_two(drive: &mut Drive, plants: &mut Plants) -> (String, String) {
    let orders = plants.orders();
    let ids = ["interim-orders", "full-orders"].map(|kind| {
        let (_, name, request) = orders.iter().find(|(one, ..)| *one == kind).unwrap();
        let id = order(drive, kind, name, request);
        read(drive, &id);
        copies(drive, &id);
        id
    });
    let [interim, full] = ids;
    (interim, full)
}

/// The request in that language: where a check asks for Welsh words, there are some.
fn spoken(drive: &mut Drive, kind: &str, request: &Value, language: &str) -> Value {
    let mut request = set(request.clone(), "/language", language.into());
    for _ in 0..3 {
        let call = Call::post(&format!("/v1/validations/{kind}"), &request);
        let errors = drive.call(&call, None).expect(200).json()["errors"].clone();
        let errors = errors.as_array().unwrap();
        if errors.is_empty() {
            return request;
        }
        for error in errors {
            assert_eq!(error["rule"], "welsh_text_missing", "{error}");
            in_welsh(&mut request, error["pointer"].as_str().unwrap());
        }
    }
    panic!("it can't be said in {language}: {request:#}");
}

/// Puts Welsh words where they are asked for: a text for a text, a list for a list.
fn in_welsh(request: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let beside = pointer.replace("/welsh_", "/");
    let words = match request.pointer(&beside) {
        Some(Value::Array(items)) => vec!["geiriau Cymraeg"; items.len()].into(),
        _ => json!("Geiriau Cymraeg"),
    };
    if request.pointer(parent).is_none() {
        *request = set(std::mem::take(request), parent, json!({}));
    }
    *request = set(std::mem::take(request), &format!("{parent}/{name}"), words);
}

/// Looks at a draft, makes the order, repeats it in both forms; gives its id.
fn order(drive: &mut Drive, kind: &str, name: &str, request: &Value) -> String {
    let preview = Call::post(&format!("/v1/previews/{kind}"), request).pdf();
    let paper = kind.trim_end_matches('s').replace('-', "_");
    drive.call(&preview, Some((&paper, Reader::Respondent))).expect(200);
    let path = format!("/v1/{kind}");
    let made = made(drive, (&path, &paper, Reader::Respondent), name, request);
    made.json()["id"].as_str().unwrap().to_owned()
}

fn variation(drive: &mut Drive, name: &str, request: &Value) {
    let paper = ("variation_request", Reader::Court);
    let preview = Call::post("/v1/previews/variation-requests", request).pdf();
    drive.call(&preview, Some(paper)).expect(200);
    let validation = Call::post("/v1/validations/variation-requests", request);
    drive.call(&validation, None).expect(200);
    let made = made(drive, ("/v1/variation-requests", paper.0, paper.1), name, request);
    let path = format!("/v1/variation-requests/{}", made.json()["id"].as_str().unwrap());
    drive.call(&Call::get(&path), None).expect(200);
}

/// Makes it, and repeats it in both forms; then reads each document that the answer names.
fn made(
    drive: &mut Drive,
    (path, kind, reader): (&str, &str, Reader),
    name: &str,
    request: &Value,
) -> Answer {
    let key = name.replace(' ', "-");
    let call = Call::post(path, request).key(&key);
    let first = drive.call(&call, None).expect(201);
    let again = drive.call(&call, None).expect(201);
    assert_eq!(first.body, again.body, "{name}");
    let as_pdf = drive.call(&call.clone().pdf(), Some((kind, reader))).expect(201);
    assert!(as_pdf.header("content-disposition").is_some(), "{name}: no file name");
    let other = set(request.clone(), "/made_on", "2026-11-03".into());
    drive.call(&Call::post(path, &other).key(&key), None).expect(422);
    documents(drive, &first.json());
    first
}

/// Reads each document of an answer, as JSON and as PDF.
fn documents(drive: &mut Drive, answer: &Value) {
    let listed = answer["documents"].as_array().cloned().unwrap_or_default();
    assert!(!listed.is_empty(), "no documents: {answer}");
    listed.iter().for_each(|document| paper(drive, document));
}

fn paper(drive: &mut Drive, document: &Value) {
    let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
    let kind = document["kind"].as_str().unwrap();
    let reader = Reader::of(document["audience"].as_str().unwrap());
    drive.call(&Call::get(&path), None).expect(200);
    let whole = drive.call(&Call::get(&path).pdf(), Some((kind, reader))).expect(200);
    let tag = whole.header("etag").unwrap();
    let unchanged = Call::get(&path).pdf().with("If-None-Match", &tag);
    drive.call(&unchanged, None).expect(304);
    drive.call(&Call::new("HEAD", &path), None).expect(200);
    checked(drive, &whole.body);
}

/// Hands the document in for a check: as it is, for a programme and for a person, and with
/// something added.
fn checked(drive: &mut Drive, pdf: &[u8]) {
    let call = Call::new("POST", "/v1/verifications").with("Content-Type", "application/pdf");
    let whole = drive.call(&call.clone().body(pdf), None).expect(200);
    assert_eq!(whole.json()["verdict"], "current", "{}", whole.json());
    let page = call.clone().body(pdf).with("Accept", "text/html").with("Accept-Language", "cy");
    drive.call(&page, None).expect(200);
    let altered = [pdf, b"1 0 obj\n<<>>\nendobj\n%%EOF\n"].concat();
    let page = call.with("Accept", "text/plain").body(altered);
    drive.call(&page, None).expect(200);
}

/// All that can be read of an order.
fn read(drive: &mut Drive, id: &str) {
    for part in ["", "/versions", "/versions/1", "/documents", "/events"] {
        drive.call(&Call::get(&format!("/v1/orders/{id}{part}")), None).expect(200);
    }
}

/// A copy of each kind that the description names, in each language.
fn copies(drive: &mut Drive, id: &str) {
    let path = format!("/v1/orders/{id}/documents");
    let body = &Spec::get().document()["paths"]["/v1/orders/{id}/documents"]["post"];
    let schema = resolved(&body["requestBody"]["content"]["application/json"]["schema"]);
    let kinds = resolved(&schema["properties"]["kind"])["enum"].as_array().cloned();
    for (number, kind) in kinds.unwrap_or_default().iter().enumerate() {
        for (turn, language) in LANGUAGES.into_iter().enumerate() {
            let mut request = json!({ "kind": kind, "language": language });
            request["large_print"] = (turn == 1).into();
            let kind = kind.as_str().unwrap();
            if kind == "certified_copy" {
                request["certified_by"] =
                    json!({ "name": "Pat Sample", "capacity": "authorised_court_officer" });
            }
            if kind == "protected_person_notice" {
                request["person"] = "A".into();
            }
            copy(drive, &path, &format!("copy-{id}-{number}-{turn}"), &request);
        }
    }
}

/// Asks for a copy. One that this order does not have is refused, and the refusal searched.
fn copy(drive: &mut Drive, path: &str, key: &str, request: &Value) {
    let answer = drive.call(&Call::post(path, request).key(key), None);
    if answer.status == 422 {
        return;
    }
    let document = answer.expect(201).json();
    let document = if document["audience"].is_string() { &document } else { &document["document"] };
    paper(drive, document);
}

fn resolved(schema: &Value) -> Value {
    match schema["$ref"].as_str() {
        Some(name) => resolved(Spec::get().document().pointer(&name[1..]).unwrap()),
        None => schema.clone(),
    }
}

/// Lists, searches, what is known of the caller and of the service.
pub fn lists(drive: &mut Drive) {
    for path in [
        "/v1/orders",
        "/v1/orders?limit=1&status=in_force&court=B62DC00&force=south-wales",
        "/v1/clauses",
        "/v1/courts",
        "/v1/forces",
        "/v1/editions",
        "/v1/me",
        "/health/live",
        "/health/ready",
        "/health/signing",
        "/openapi.yaml",
        "/metrics",
    ] {
        drive.call(&Call::get(path), None).expect(200);
    }
    let searches = [
        json!({ "case_reference": "62CY0007726" }),
        json!({ "respondent": { "date_of_birth": "1981-07-29" } }),
        json!({ "date_of_birth": "1981-07-29" }),
    ];
    for search in searches {
        drive.call(&Call::post("/v1/order-searches", &search), None);
    }
}
