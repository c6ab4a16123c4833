//! `openapi.yaml`, the routes and the code name the same things.

use std::collections::BTreeSet;

use serde_json::Value;
use spo::http::route::{Access, ROUTES};

use crate::harness::{Spec, full, interim, variation};

#[test]
fn the_committed_description_is_the_one_that_the_code_generates() {
    let committed = include_str!("../../openapi.yaml");
    let generated = spo::http::openapi_yaml();
    let differ = committed.lines().zip(generated.lines()).position(|(one, other)| one != other);
    assert!(
        committed == generated,
        "openapi.yaml differs from line {:?}; write it anew: spo openapi > openapi.yaml",
        differ.map(|line| line + 1)
    );
}

#[test]
fn every_route_is_described_and_every_description_has_a_route() {
    let document = Spec::get().document();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            described.insert((path.clone(), method.to_uppercase(), id));
        }
    }
    let routed: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| (route.path.to_owned(), route.verb.name().to_owned(), route.operation.id()))
        .collect();
    assert_eq!(described, routed);
}

#[test]
fn every_route_says_who_may_call_it() {
    let document = Spec::get().document();
    for route in ROUTES {
        let method = route.verb.name().to_lowercase();
        let needs = &document["paths"][route.path][&method]["security"][0];
        match route.access {
            Access::Open => assert_eq!(needs, &serde_json::json!({}), "{}", route.path),
            Access::AnyCaller => assert_eq!(needs["api_key"], serde_json::json!([])),
            Access::Role(role) => assert_eq!(needs["api_key"][0], role.name(), "{}", route.path),
        }
    }
}

#[test]
fn every_query_name_of_a_route_is_described() {
    let document = Spec::get().document();
    for route in ROUTES {
        let operation = &document["paths"][route.path][route.verb.name().to_lowercase()];
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let described: BTreeSet<&str> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(described, route.query.iter().map(|one| one.name).collect(), "{}", route.path);
    }
}

#[test]
fn every_sample_fits_the_schema_that_is_published_for_it() {
    let cases = [
        ("/v1/interim-orders", interim()),
        ("/v1/full-orders", full()),
        ("/v1/variation-requests", variation("ord_019a9b2c-0000-7000-8000-000000000001")),
    ];
    for (path, sample) in cases {
        let content = body_of(path);
        let faults: Vec<String> = Spec::get()
            .validator(&content["schema"])
            .iter_errors(&sample)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{path}: {faults:#?}");
        assert!(content["example"].is_object() || content["examples"].is_object(), "{path}");
    }
}

#[test]
fn an_object_of_a_request_takes_no_unknown_field() {
    let faulty = crate::harness::set(interim(), "/case/colour", "red".into());
    let content = body_of("/v1/interim-orders");
    assert!(!Spec::get().validator(&content["schema"]).is_valid(&faulty));
}

fn body_of(path: &str) -> &'static Value {
    &Spec::get().document()["paths"][path]["post"]["requestBody"]["content"]["application/json"]
}
