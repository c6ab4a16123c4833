//! `spo doctor`: this installation part by part, each with what mends it; or a running server,
//! asked.

use std::sync::Arc;
use std::time::Duration;

use super::{Exit, Global, in_runtime, output};
use crate::app::App;
use crate::issue::{Issuer, OrderKind};
use crate::wire::{self, RequestKind};

/// Checks every part, the later ones only where the earlier stand.
pub fn check(global: &Global) -> Exit {
    let config = match global.settings(None) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let mut report = Report { json: global.json, lines: Vec::new() };
    report.good("settings", "doctor_settings", &[]);
    let exit = in_runtime(async {
        let app = match App::build(config).await {
            Ok(app) => app,
            Err(error) => return output::start(&error),
        };
        examine(&app.issuer(), &mut report).await
    });
    report.print();
    exit
}

/// Asks a running server whether it is ready.
pub fn ask(global: &Global, url: &str) -> Exit {
    let address = format!("{}/health/ready", url.trim_end_matches('/'));
    in_runtime(async {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        let Ok(client) = client else {
            return output::failure("no_runtime", &[]);
        };
        let (status, exit) = match client.get(&address).send().await {
            Ok(answer) if answer.status().is_success() => ("ready", Exit::Done),
            Ok(_) => ("not_ready", Exit::Later),
            Err(error) if error.is_builder() => {
                return output::misuse("server_address", &[("url", url)]);
            }
            Err(_) => ("unreachable", Exit::Later),
        };
        if global.json {
            output::json(&serde_json::json!({ "server": url, "status": status }));
        } else {
            output::note(&format!("server_{status}"), &[("url", url)]);
        }
        exit
    })
}

/// What was found, in the order of finding.
struct Report {
    json: bool,
    lines: Vec<(&'static str, bool)>,
}

impl Report {
    fn good(&mut self, part: &'static str, words: &str, facts: &[(&str, &str)]) {
        self.line(part, true, words, facts);
    }

    fn line(&mut self, part: &'static str, good: bool, words: &str, facts: &[(&str, &str)]) {
        self.lines.push((part, good));
        if !self.json {
            output::note(words, facts);
        }
    }

    fn print(&self) {
        if !self.json {
            return;
        }
        let line = |(part, good): &(&str, bool)| serde_json::json!({ "part": part, "good": good });
        let parts: Vec<_> = self.lines.iter().map(line).collect();
        output::json(&serde_json::json!({ "parts": parts }));
    }
}

async fn examine(issuer: &Arc<Issuer>, report: &mut Report) -> Exit {
    // An issuer that stands has read its fonts, filled its layouts and opened its store.
    let editions = issuer.editions().len().to_string();
    report.good("layouts", "doctor_layouts", &[("count", &editions)]);
    let health = issuer.health().await;
    let store = if health.store { "doctor_store" } else { "doctor_store_bad" };
    report.line("store", health.store, store, &[]);
    let until = health.signer_not_after.to_string();
    let key = if health.signing { "doctor_key" } else { "doctor_key_bad" };
    report.line("key", health.signing, key, &[("signer", &health.signer), ("until", &until)]);
    let (paper, fingerprint) = &health.paper_key;
    report.good("paper", "doctor_paper", &[("key", paper), ("fingerprint", fingerprint)]);
    let (now, today) = issuer.now();
    let sane = today >= MADE;
    let clock = if sane { "doctor_clock" } else { "doctor_clock_bad" };
    report.line("clock", sane, clock, &[("now", &now.to_string()), ("today", &today.to_string())]);
    let sample = wire::example(RequestKind::InterimOrder);
    let drawn = issuer.rehearse(OrderKind::InterimOrder, sample.as_bytes()).await;
    match &drawn {
        Ok(pages) => report.good("sample", "doctor_sample", &[("pages", &pages.to_string())]),
        Err(error) => {
            report.line("sample", false, "doctor_sample_bad", &[("cause", &error.to_string())]);
        }
    }
    match (report.lines.iter().all(|(_, good)| *good), drawn) {
        (true, _) => Exit::Done,
        (false, Err(error)) => error.fault().into(),
        (false, Ok(_)) => Exit::Later,
    }
}

/// No clock is right that says an earlier day than that of the first release.
const MADE: jiff::civil::Date = jiff::civil::date(2026, 11, 1);
