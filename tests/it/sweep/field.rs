//! The fields of all requests as the published description names them, and which of them are
//! confidential: all below `confidential`, and each whose text is of a type that the code seals.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::Spec;

/// A field as a pointer in which `*` stands for any item: `/prohibitions/*/necessity`.
pub type Field = String;

/// The confidential fields of each operation that takes a body, by path.
pub fn confidential() -> BTreeMap<String, BTreeSet<Field>> {
    let document = Spec::get().document();
    let mut found = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["post", "put", "patch"] {
            let content = &item[method]["requestBody"]["content"]["application/json"]["schema"];
            let mut fields = Vec::new();
            texts(document, content, (String::new(), ""), &mut fields);
            let secret: BTreeSet<Field> = fields
                .into_iter()
                .filter(|(field, named)| {
                    field.contains("/confidential/") || SEALED.contains(&named.as_str())
                })
                .map(|(field, _)| field)
                .collect();
            if !secret.is_empty() {
                found.insert(path.clone(), secret);
            }
        }
    }
    found
}

/// Every text below a schema, with the name of its type.
fn texts(
    document: &Value,
    schema: &Value,
    (at, named): (String, &str),
    found: &mut Vec<(Field, String)>,
) {
    assert!(at.len() < 400, "a schema without end: {at}");
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        let meant = document.pointer(reference.trim_start_matches('#')).unwrap();
        return texts(document, meant, (at, name), found);
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        for one in schema[several].as_array().into_iter().flatten() {
            texts(document, one, (at.clone(), named), found);
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        texts(document, property, (format!("{at}/{name}"), ""), found);
    }
    if schema["items"].is_object() {
        texts(document, &schema["items"], (format!("{at}/*"), ""), found);
    }
    if schema["type"] == "string" {
        found.push((at, named.to_owned()));
    }
}

/// Where in a request one of the values stands, with `*` for each item.
pub fn planted(request: &Value, is_canary: &dyn Fn(&str) -> bool) -> BTreeSet<Field> {
    let mut found = BTreeSet::new();
    walk(request, "", &mut |at, text| {
        if is_canary(text) {
            let parts = at.split('/').map(|part| {
                let index = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
                if index { "*" } else { part }
            });
            found.insert(parts.collect::<Vec<_>>().join("/"));
        }
    });
    found
}

/// Each text of a request with its pointer.
pub fn walk(value: &Value, at: &str, each: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::String(text) => each(at, text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{at}/{index}"), each);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, &format!("{at}/{name}"), each);
            }
        }
        _ => {}
    }
}

/// The types of text that the code seals as soon as they are read.
const SEALED: [&str; 3] = ["ProtectedName", "ConfidentialText", "Necessity"];

#[test]
fn every_type_of_text_that_the_code_seals_is_known_here() {
    let source = include_str!("../../../src/wire/text.rs");
    let block = source.split("\nsealed_texts! {").nth(1).unwrap();
    let lines = block.lines().map(str::trim).filter(|line| !line.starts_with("///"));
    let names: Vec<&str> = lines.filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    assert_eq!(names, SEALED);
}

#[test]
fn the_confidential_fields_of_the_contract_are_among_those_of_the_description() {
    let fields = confidential();
    let lists = ["addresses", "postcodes", "phones", "emails", "places"];
    for path in ["/v1/interim-orders", "/v1/previews/full-orders", "/v1/validations/full-orders"] {
        for list in lists {
            let field = format!("/protected_persons/*/confidential/{list}/*");
            assert!(fields[path].contains(&field), "{path}: {field}");
        }
        assert!(fields[path].contains("/prohibitions/*/necessity"), "{path}");
        assert!(fields[path].contains("/protected_persons/*/name"), "{path}");
    }
    let changes = &fields["/v1/variation-requests"];
    assert!(changes.contains("/changes/*/person/confidential/phones/*"), "{changes:?}");
    assert!(changes.contains("/changes/*/term/necessity"), "{changes:?}");
}
