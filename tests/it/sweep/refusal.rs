//! Everything that a caller can do wrong, with canaries in what is sent: each field of each request
//! spoilt in several ways, each rule broken, each head and path misused.

use serde_json::{Value, json};

use super::drive::{Call, Drive};
use super::field;
use super::request::{PNC, Plants};
use crate::harness::{set, without};

/// What the refusals are tried on.
pub struct Ground {
    pub interim: Value,
    pub full: Value,
    /// The ids of an interim and a full order that are kept.
    pub interim_id: String,
    pub full_id: String,
    /// The secret of a key without a role, where there is one.
    pub roleless: String,
}

/// Drives it all.
pub fn all(drive: &mut Drive, plants: &mut Plants, ground: &Ground) {
    let (_, variation) = plants.variations(&ground.full_id).swap_remove(0);
    let values: Vec<String> = plants.values().to_vec();
    for (kind, request) in [
        ("interim-orders", &ground.interim),
        ("full-orders", &ground.full),
        ("variation-requests", &variation),
    ] {
        spoilt(drive, kind, request, &values);
        torn(drive, kind, request, &values[0]);
    }
    disclosed(drive, &ground.full, &values);
    broken_rules(drive, ground, &variation, &values[0]);
    doubtful(drive, &ground.full, &values[0]);
    copies(drive, ground, &values[0]);
    // One value of each kind.
    for canary in values.iter().step_by(2).take(6) {
        heads(drive, ground, canary);
    }
}

/// Each field in turn holds a canary of a wrong type, in a wrong place, too long, unprintable.
fn spoilt(drive: &mut Drive, kind: &str, request: &Value, values: &[String]) {
    let mut fields = Vec::new();
    field::walk(request, "", &mut |at, _| fields.push(at.to_owned()));
    assert!(fields.len() > 20, "{fields:?}");
    let path = format!("/v1/validations/{kind}");
    for (index, at) in fields.iter().enumerate() {
        let canary = values[index % values.len()].as_str();
        for turn in 0..2 {
            let wrong = match (index + turn * 3) % 6 {
                0 => json!([canary]),
                1 => json!({ canary: canary }),
                2 => format!("{canary}\u{202e}").into(),
                3 => canary.repeat(900).into(),
                4 => canary.into(),
                _ => format!("{{{canary}}}").into(),
            };
            let sent = set(request.clone(), at, wrong);
            drive.call(&Call::post(&path, &sent), None);
        }
        if index % 4 == 0 {
            let beside = at.rsplit_once('/').unwrap().0;
            let parent = request.pointer(beside).is_some_and(Value::is_object);
            let place = if parent { beside } else { "" };
            let mut sent = request.clone();
            sent.pointer_mut(place).unwrap()[canary] = canary.into();
            drive.call(&Call::post(&path, &sent), None);
        }
    }
}

/// JSON that is none, or two, or says a thing twice, around a canary.
fn torn(drive: &mut Drive, kind: &str, request: &Value, canary: &str) {
    let whole = request.to_string();
    let quoted = json!(canary).to_string();
    let deep = format!("{{{quoted}:{}{quoted}{}}}", "[".repeat(200), "]".repeat(200));
    let mut bytes = format!("{{\"case\":\"{canary} ").into_bytes();
    bytes.extend(b"\xff\xfe\"}");
    let bodies: Vec<Vec<u8>> = vec![
        whole[..whole.find("necessity").map_or(whole.len() / 2, |at| at + 30)].into(),
        format!("{{{quoted}").into(),
        format!("{{{quoted}: {canary}}}").into(),
        quoted.clone().into(),
        format!("{whole}{quoted}").into(),
        format!("{{{quoted}:1,{quoted}:2}}").into(),
        format!("{{\"case\":{quoted},\"case\":{quoted}}}").into(),
        format!("{{\"case\":{{{quoted}:\"\\ud800\"}}}}").into(),
        deep.into(),
        bytes,
        format!("<case>{canary}</case>").into(),
    ];
    for body in bodies {
        for path in [format!("/v1/{kind}"), format!("/v1/validations/{kind}")] {
            let call = Call::new("POST", &path).body(body.clone()).key("torn");
            let answer = drive.call(&call.with("Content-Type", "application/json"), None);
            // A validation answers well of what it finds wrong.
            assert!(answer.status != 201 && answer.status < 500, "{path}: {}", answer.status);
        }
    }
}

/// A confidential value in a term, by POST in both forms: refused, and the refusal says no more.
/// A reason of necessity is left out: no rule looks for it in what the caller would print.
fn disclosed(drive: &mut Drive, full: &Value, values: &[String]) {
    let mut own = Vec::new();
    field::walk(&full["protected_persons"], "", &mut |_, text| own.push(text.to_owned()));
    let searched = values.iter().filter(|value| own.contains(value));
    for (index, canary) in searched.enumerate() {
        let text = if index % 2 == 0 { canary.clone() } else { canary.to_uppercase() };
        let term = json!({ "text": format!("Not to go near {text}."), "necessity": "Went." });
        let sent = set(full.clone(), "/prohibitions/99", term);
        let call = Call::post("/v1/full-orders", &sent).key("disclosed");
        let call = if index % 2 == 0 { call } else { call.pdf() };
        drive.call(&call, None).expect(422);
    }
}

/// Each rule of the law broken once, as far as one request can break it.
fn broken_rules(drive: &mut Drive, ground: &Ground, variation: &Value, canary: &str) {
    let mut taken = Vec::new();
    for (kind, changes) in breaches(ground, canary) {
        let request = match kind {
            "interim-orders" => &ground.interim,
            "full-orders" => &ground.full,
            _ => variation,
        };
        let sent = changes.iter().fold(request.clone(), |request, (at, value)| match value {
            Value::Null => without(request, at),
            value => set(request, at, value.clone()),
        });
        drive.call(&Call::post(&format!("/v1/validations/{kind}"), &sent), None).expect(200);
        let call = Call::post(&format!("/v1/{kind}"), &sent).key("breach");
        if drive.call(&call, None).status != 422 {
            taken.push(changes);
        }
    }
    assert!(taken.is_empty(), "these break nothing: {taken:#?}");
}

/// A request's kind and what is changed in it; null takes a field away.
type Breach = (&'static str, Vec<(&'static str, Value)>);

#[expect(clippy::too_many_lines, reason = "a table")]
fn breaches(ground: &Ground, canary: &str) -> Vec<Breach> {
    let far = json!("2039-01-01");
    let fixed = |day: &str| json!({ "type": "fixed", "end_date": day });
    let term = |text: String| json!({ "text": text, "necessity": canary });
    let many: Vec<Value> = (0..16).map(|n| term(format!("Not to do thing {n}."))).collect();
    let (interim, full, vary) = ("interim-orders", "full-orders", "variation-requests");
    let officer = json!({ "capacity": "chief_officer", "force": "cumbria" });
    let twice = json!([{ "op": "set_duration", "duration": fixed("2027-01-01") }]);
    let gone = "ord_019a9b2c-0000-7000-8000-000000000001";
    let dark = format!("{canary}\u{202e}");
    vec![
        (full, vec![("/prohibitions", Value::Null), ("/requirements", Value::Null)]),
        (full, vec![("/made_on", "2030-01-01".into())]),
        (full, vec![("/made_on", "2019-01-01".into())]),
        (full, vec![("/application/made_on", "2026-11-15".into())]),
        (full, vec![("/route", "acquittal".into())]),
        (full, vec![("/applicant/force", canary.into())]),
        (full, vec![("/applicant/ground", Value::Null)]),
        (full, vec![("/court/code", "Q99ZZ00".into())]),
        (full, vec![("/court/name", canary.into())]),
        (full, vec![("/court/sitting", "youth".into())]),
        (full, vec![("/findings/poses_risk", false.into())]),
        (interim, vec![("/application/reference", Value::Null)]),
        (interim, vec![("/duration", json!({ "type": "until_further_order" }))]),
        (interim, vec![("/duration", fixed("2026-01-01"))]),
        (interim, vec![("/next_hearing/date", "2026-01-01".into())]),
        (interim, vec![("/next_hearing/date", "2027-06-01".into())]),
        (interim, vec![("/duration", fixed("2029-01-01"))]),
        (full, vec![("/duration", fixed("2027-01-01"))]),
        (full, vec![("/replaces_interim/made_on", "2026-11-19".into())]),
        (full, vec![("/replaces_interim", json!({ "order_id": ground.full_id }))]),
        (full, vec![("/replaces_interim", json!({ "order_id": gone }))]),
        (full, vec![("/prohibitions/0/until", far.clone())]),
        (full, vec![("/prohibitions/0/until", "2026-12-01".into())]),
        (full, vec![("/requirements/0/values/until", far)]),
        (full, vec![("/prohibitions/0/clause", "no-such-clause".into())]),
        (full, vec![("/prohibitions/0/clause", canary.into())]),
        (full, vec![("/prohibitions/0/clause", "sign-on".into())]),
        (full, vec![("/prohibitions/3/values", json!({}))]),
        (full, vec![("/prohibitions/3/values", json!({ canary: canary, "pp": canary }))]),
        (full, vec![("/prohibitions/3/values/distance", canary.into())]),
        (full, vec![("/prohibitions/3/values/distance", 9_999_999.into())]),
        (full, vec![("/prohibitions/11", term(format!("Not to {{go}} to {canary}.")))]),
        (full, vec![("/prohibitions/11", term(canary.repeat(200)))]),
        (full, vec![("/prohibitions", many.into())]),
        (full, vec![("/prohibitions/0/necessity", Value::Null)]),
        (full, vec![("/prohibitions/0/necessity", dark.clone().into())]),
        (full, vec![("/prohibitions/1", ground.full["prohibitions"][0].clone())]),
        (full, vec![("/prohibitions/0/values/pp", "Q".into())]),
        (full, vec![("/protected_persons", json!([]))]),
        (full, vec![("/protected_persons/1", ground.full["protected_persons"][0].clone())]),
        (full, vec![("/protected_persons/0/name", dark.clone().into())]),
        (full, vec![("/protected_persons/0/name", "Ab".repeat(200).into())]),
        (full, vec![("/protected_persons/0/confidential/phones/0", dark.into())]),
        (full, vec![("/avoids_conflict/reason", Value::Null)]),
        (
            full,
            vec![(
                "/existing_orders",
                json!([
            { "description": "an order of 2025", "compatible": false }]),
            )],
        ),
        (full, vec![("/respondent/date_of_birth", "2039-01-01".into())]),
        (full, vec![("/respondent/date_of_birth", "2010-06-23".into())]),
        (full, vec![("/respondent/address", Value::Null)]),
        (full, vec![("/respondent/pnc_id", canary.into())]),
        (full, vec![("/respondent/pnc_id", "2000/0448754B".into())]),
        (full, vec![("/respondent/given_names", "Abcdefghi ".repeat(5).trim().into())]),
        (full, vec![("/respondent/given_names", canary.into())]),
        (full, vec![("/prohibitions/11", term(format!("You must not quote {PNC}.")))]),
        (full, vec![("/language", "cy".into())]),
        (
            full,
            vec![(
                "/acknowledged",
                json!([
            { "rule": "many_terms", "pointer": "/prohibitions", "reason": canary }]),
            )],
        ),
        (vary, vec![("/order_id", gone.into())]),
        (vary, vec![("/expected_version", 9.into())]),
        (vary, vec![("/applicant", officer)]),
        (vary, vec![("/kind", "renew".into()), ("/changes", json!([]))]),
        (vary, vec![("/made_on", "2020-02-01".into())]),
        (vary, vec![("/changes", twice)]),
        (vary, vec![("/grounds", canary.into())]),
        (vary, vec![("/changes/1/number", "P99".into())]),
        (vary, vec![("/changes/0/term/necessity", Value::Null)]),
        (vary, vec![("/changes/0/reason", canary.into())]),
        (vary, vec![("/order_id", ground.interim_id.clone().into())]),
    ]
}

/// Terms whose words are open to doubt, beside the places and times where they meet: warnings.
fn doubtful(drive: &mut Drive, full: &Value, canary: &str) {
    let commitments = json!([{ "kind": "work", "days": ["monday"], "from": "00:01",
        "to": "23:59" }]);
    let full = set(full.clone(), "/respondent/commitments", commitments);
    for text in [
        "You must not be a nuisance to N.T.M. or behave inappropriately near her home.",
        "You must not contact N.T.M. and you must not enter Barry or post about N.T.M.",
        "You must not come within 100 metres.",
        "You must not enter the road where N.T.M. lives, nor be within 10 metres of her house.",
        "You must not enter Cardiff Bay Police Station.",
        "You must contact N.T.M. each day.",
        "You must keep 100 metres away.",
        "You must not register any device or declare any account.",
        "You must not enter B\u{430}rry.",
    ] {
        let term = json!({ "text": text, "necessity": canary });
        let sent = set(full.clone(), "/prohibitions/99", term);
        drive.call(&Call::post("/v1/validations/full-orders", &sent), None).expect(200);
    }
}

/// Copies that can't be made.
fn copies(drive: &mut Drive, ground: &Ground, canary: &str) {
    let path = format!("/v1/orders/{}/documents", ground.full_id);
    for body in [
        json!({ "kind": canary }),
        json!({ "kind": "police_sheet", canary: canary }),
        json!({ "kind": "certified_copy", "certified_by": { "name": canary } }),
        json!({ "kind": "protected_person_notice", "person": canary }),
        json!({ "kind": "interim_order", "language": canary }),
        json!({ "kind": "interim_order", canary: { canary: canary } }),
        json!({ "kind": "police_sheet", "address_window": true }),
    ] {
        let answer = drive.call(&Call::post(&path, &body).key("copy"), None);
        assert!(answer.status >= 400, "{body}");
    }
    let certified = json!({ "kind": "certified_copy", "certified_by": {
        "name": canary, "capacity": "authorised_court_officer" } });
    let answer = drive.call(&Call::post(&path, &certified).key("copy"), None);
    assert!(answer.status >= 400, "a confidential value certifies");
}

/// A canary in each part of a message's head: it may be refused, it may be ignored, it is not
/// repeated.
#[expect(clippy::too_many_lines, reason = "three tables: paths, names, the rest")]
fn heads(drive: &mut Drive, ground: &Ground, canary: &str) {
    let order = format!("/v1/orders/{}", ground.full_id);
    let document = drive.call(&Call::get(&format!("{order}/documents")), None).json();
    let document = format!("/v1/documents/{}", document["items"][0]["id"].as_str().unwrap());
    let escaped: String = canary.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let plain: String = canary.chars().filter(char::is_ascii_alphanumeric).collect();
    let paths = [
        format!("/{plain}"),
        format!("/v1/{escaped}"),
        format!("/v1/orders/{escaped}"),
        format!("/v1/orders/{plain}"),
        format!("/v1/documents/{plain}"),
        format!("{order}/versions/{plain}"),
        format!("{order}/{plain}"),
        format!("/v1/variation-requests/{escaped}"),
        format!("/v1/orders?{escaped}={escaped}"),
        format!("/v1/orders?court={escaped}"),
        format!("/v1/orders?limit={plain}"),
        format!("/v1/orders?after={escaped}"),
        format!("/v1/orders?court={}", plain.repeat(800)),
        format!("{order}?name={escaped}"),
    ];
    for path in &paths {
        for method in ["GET", "POST", "DELETE"] {
            drive.call(&Call::new(method, path), None);
        }
    }
    let names = [
        "Accept",
        "Accept-Language",
        "Accept-Encoding",
        "Content-Type",
        "If-Match",
        "If-None-Match",
        "Range",
        "If-Range",
        "Cookie",
        "Referer",
        "User-Agent",
        "Origin",
        "Authorization",
        "X-Request-Id",
        "traceparent",
        "tracestate",
        "Idempotency-Key",
        "X-Forwarded-For",
        "Forwarded",
        "Host",
        "X-Canary",
        "Expect",
    ];
    let ascii: String = canary.chars().filter(char::is_ascii).collect();
    for name in names {
        // Spaces keep it from being the id of a request that the answer carries by right.
        let value = format!("{ascii} x");
        for call in [
            Call::get(&order).with(name, &value),
            Call::get(&document).with(name, &value),
            Call::post("/v1/full-orders", &ground.full).key("heads").with(name, &value),
        ] {
            let call = if call.method == "POST" { call.body("{") } else { call };
            let paper = Some(("full_order", super::tally::Reader::Respondent));
            drive.call(&call, paper);
        }
    }
    drive.call(&Call::get(&order).with(&plain, &ascii), None);
    drive.call(&Call::get(&order).with("X-Long", &ascii.repeat(900)), None);
    drive.call(&Call::new("POST", "/v1/full-orders").with("Content-Length", "3000000"), None);
    let form = Call::new("POST", "/v1/full-orders").body(format!("name={escaped}")).key("form");
    drive.call(&form.with("Content-Type", "application/x-www-form-urlencoded"), None);
    let unsigned = Call::post("/v1/full-orders", &ground.full).with("Authorization", "Basic x");
    drive.call(&unsigned, None).expect(401);
    let roleless = Call::post("/v1/full-orders", &ground.full)
        .with("Authorization", &format!("Bearer {}", ground.roleless));
    // Of a service that has no such key it is the key of a stranger.
    assert!([401, 403].contains(&drive.call(&roleless, None).status));
    let search = json!({ "case_reference": canary, canary: canary });
    drive.call(&Call::post("/v1/order-searches", &search), None);
    drive.call(&Call::post("/v1/order-searches", &json!({ "family_name": canary })), None);
}
