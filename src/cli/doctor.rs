//! `spo doctor`: this installation part by part, each with what mends it; or a running server,
//! asked.

use std::sync::Arc;
use std::time::Duration;

use super::{Exit, Global, in_runtime, output};
use crate::app::App;
use crate::issue::{Confinement, IssueError, Issuer, OrderKind};
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

    /// Something to mind that is no fault.
    fn note(&self, words: &str, facts: &[(&str, &str)]) {
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
    keys(issuer, report);
    let (paper, fingerprint) = &health.paper_key;
    report.good("paper", "doctor_paper", &[("key", paper), ("fingerprint", fingerprint)]);
    match confined(issuer, report).await {
        Ok(()) => {}
        Err(error) => return error.fault().into(),
    }
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

/// What ends soon, and what no key signs.
fn keys(issuer: &Issuer, report: &mut Report) {
    for key in issuer.signing().keys {
        let Some(warning) = key.warning else { continue };
        let words = if warning.is_over() { "doctor_key_ended" } else { "doctor_key_warning" };
        let (since, until) = (key.not_before.to_string(), key.not_after.to_string());
        let facts = [
            ("key", key.name.as_str()),
            ("subject", &key.ends_first),
            ("since", &since),
            ("until", &until),
            ("days", &key.days_left.to_string()),
        ];
        report.note(words, &facts);
    }
    let unsigned = issuer.without_profile();
    if !unsigned.is_empty() {
        report.line("profiles", false, "doctor_no_profile", &[("kinds", &unsigned.join(", "))]);
    }
}

/// How foreign files are read here: a process tries what it must not be able to do.
async fn confined(issuer: &Issuer, report: &mut Report) -> Result<(), IssueError> {
    let confinement = issuer.confinement().await;
    if confinement == Confinement::Missing {
        report.line("inspection", false, "doctor_wall_bad", &[]);
        return Ok(());
    }
    let breaches = issuer.breaches().await?;
    if !breaches.is_empty() {
        report.line("inspection", false, "doctor_wall_breach", &[("does", &breaches.join(", "))]);
        return Ok(());
    }
    let words = match confinement {
        Confinement::Whole => "doctor_wall",
        Confinement::WithoutLandlock | Confinement::Missing => "doctor_wall_no_landlock",
    };
    report.good("inspection", words, &[]);
    Ok(())
}

/// No clock is right that says an earlier day than that of the first release.
const MADE: jiff::civil::Date = jiff::civil::date(2026, 11, 1);
