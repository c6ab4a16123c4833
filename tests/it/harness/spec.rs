//! `openapi.yaml` as a judge of answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Reply;

/// The description, as JSON.
pub struct Spec {
    document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Spec {
    /// The one that the code generates; `contract.rs` holds it against the file.
    pub fn get() -> &'static Self {
        static ONCE: OnceLock<Spec> = OnceLock::new();
        ONCE.get_or_init(|| Self {
            document: serde_json::to_value(spo::http::openapi()).unwrap(),
            validators: Mutex::default(),
        })
    }

    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The template of a path: that with the fewest parameters among those that fit.
    pub fn template(&self, path: &str) -> Option<&str> {
        let path = path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &&String| {
            let own: Vec<&str> = template.split('/').collect();
            // A parameter is never empty.
            let same = |(own, part): (&&str, &&str)| {
                own == part || own.starts_with('{') && !part.is_empty()
            };
            own.len() == parts.len() && own.iter().zip(&parts).all(same)
        };
        let paths = self.document["paths"].as_object().unwrap();
        let found = paths.keys().filter(fits).min_by_key(|template| template.matches('{').count());
        found.map(String::as_str)
    }

    /// Holds an answer against its operation: status, content type and body are as described.
    pub fn check(&self, reply: &Reply) {
        let method = match reply.method.as_str() {
            "HEAD" => "get".to_owned(),
            other => other.to_lowercase(),
        };
        let operation = self.template(&reply.path).and_then(|template| {
            let operation = &self.document["paths"][template][&method];
            operation.is_object().then_some(operation)
        });
        let Some(operation) = operation else { return self.check_problem(reply) };
        let status = reply.status.to_string();
        let described = self.resolved(&operation["responses"][&status]);
        let name = format!("{} {} {status}", reply.method, reply.path);
        assert!(described.is_object(), "{name} is not described");
        if reply.body.is_empty() {
            let silent = reply.method == "HEAD" || reply.status == 304;
            assert!(silent || described["content"].is_null(), "{} has no body", reply.path);
            return;
        }
        let kind = content_type(reply);
        let content = &described["content"][kind];
        assert!(content.is_object(), "{} {}: {kind} is not described", reply.path, reply.status);
        if kind.ends_with("json") {
            let name = format!("{method} {} {status} {kind}", reply.path);
            self.check_body(&name, &content["schema"], reply);
        }
        if reply.status >= 400 {
            self.check_problem(reply);
        }
    }

    /// What a reference stands for.
    fn resolved<'a>(&'a self, part: &'a Value) -> &'a Value {
        match part["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => part,
        }
    }

    fn check_problem(&self, reply: &Reply) {
        assert!((400..600).contains(&reply.status), "{} {}", reply.path, reply.status);
        if reply.method == "HEAD" {
            return;
        }
        assert_eq!(content_type(reply), "application/problem+json", "{}", reply.path);
        let schema = json!({ "$ref": "#/components/schemas/ProblemBody" });
        self.check_body("problem", &schema, reply);
        let body = reply.json();
        assert_eq!(body["status"], reply.status);
        assert_eq!(body["request_id"].as_str(), reply.header("x-request-id"));
        let path = reply.path.split('?').next().unwrap_or_default();
        assert_eq!(body["instance"].as_str(), Some(&*self.told(path)), "{path}");
    }

    /// A path as an answer repeats it: a parameter that is no id and no number is a hyphen, a path
    /// that nobody described its root.
    fn told(&self, path: &str) -> String {
        let Some(template) = self.template(path) else { return "/".to_owned() };
        let ours = |part: &str| part.contains("_0") || part.parse::<u16>().is_ok();
        let parts = template.split('/').zip(path.split('/'));
        let parts = parts.map(|(own, part)| match own.starts_with('{') && !ours(part) {
            true => "-",
            false => part,
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn check_body(&self, name: &str, schema: &Value, reply: &Reply) {
        let validator = self.validator(schema);
        let body = reply.json();
        let faults: Vec<String> = validator
            .iter_errors(&body)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}\n{}", reply.text());
    }

    /// A judge of a schema of the description.
    pub fn validator(&self, schema: &Value) -> Arc<Validator> {
        let name = schema.to_string();
        let mut all = self.validators.lock().unwrap_or_else(|poison| poison.into_inner());
        let made = all.entry(name).or_insert_with(|| {
            let whole = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "components": self.document["components"],
                "allOf": [schema],
            });
            Arc::new(jsonschema::options().should_validate_formats(true).build(&whole).unwrap())
        });
        Arc::clone(made)
    }
}

fn content_type(reply: &Reply) -> &str {
    reply.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default()
}
