//! Where the command line writes: results to standard output, everything else to standard error.

use std::io::Write;

use serde::Serialize;

use super::Exit;
use super::words::sentence;
use crate::app::StartError;
use crate::issue::{IssueError, Unsigned};
use crate::wire::answer::Fault;

/// A result: one line, or JSON.
pub fn result(text: &str) {
    // Nothing is left to do for a reader who went away.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Bytes of a result, as they are.
pub fn bytes(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// A result as JSON.
pub fn json(value: &impl Serialize) {
    result(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// A sentence beside the result.
pub fn note(name: &str, facts: &[(&str, &str)]) {
    aside(&sentence(name, facts));
}

/// A sentence that says why not.
pub fn failure(name: &str, facts: &[(&str, &str)]) -> Exit {
    note(name, facts);
    Exit::Defect
}

/// Wrong usage, or the help that was asked for.
pub fn usage(shown: &clap::Error) -> Exit {
    let _ = shown.print();
    if shown.use_stderr() { Exit::Usage } else { Exit::Done }
}

/// Wrong usage that only we can see.
pub fn misuse(name: &str, facts: &[(&str, &str)]) -> Exit {
    note(name, facts);
    Exit::Usage
}

/// Why nothing could start.
pub fn start(error: &StartError) -> Exit {
    let (name, facts) = error.words();
    let facts: Vec<_> = facts.iter().map(|(name, fact)| (*name, fact.as_str())).collect();
    note(name, &facts);
    let exit = Exit::from(error.fault());
    if exit == Exit::Defect {
        tracing::error!(cause = %causes(error), "not started");
    }
    exit
}

/// What went wrong with a request: each fault with its place, its message and its remedy.
pub fn fault(error: &IssueError, json: bool) -> Exit {
    let exit = Exit::from(error.fault());
    match error {
        IssueError::Invalid(refusal) => {
            faults(&refusal.violations.iter().map(Fault::of).collect::<Vec<_>>(), json);
            for pointer in &refusal.unused_acknowledgements {
                note("unused_acknowledgement", &[("pointer", pointer)]);
            }
        }
        IssueError::Malformed(at) => {
            let (line, column) = (at.line.to_string(), at.column.to_string());
            note("malformed", &[("line", &line), ("column", &column)]);
        }
        IssueError::Unknown(_) => note("unknown", &[]),
        IssueError::Conflict | IssueError::StillRunning => note("conflict", &[]),
        IssueError::KeyMissing => note("key_missing", &[]),
        IssueError::KeyReused => note("key_reused", &[]),
        IssueError::StorageFull => note("storage_full", &[]),
        IssueError::Integrity(_) => note("integrity", &[]),
        IssueError::Unconfirmed(_) => note("unconfirmed", &[]),
        other if other.unsigned().is_some() => {
            tracing::error!(cause = %causes(other), "not signed");
            note(unsigned(other), &[]);
        }
        other => {
            tracing::error!(cause = %causes(other), "failed");
            note(if exit == Exit::Later { "later" } else { "defect" }, &[]);
        }
    }
    exit
}

/// The name of the sentence that says why a document was not signed.
fn unsigned(error: &IssueError) -> &'static str {
    match error.unsigned() {
        Some(Unsigned::Certificate) => "certificate_invalid",
        Some(Unsigned::Clock) => "clock",
        Some(Unsigned::Key) | None => "signing_unavailable",
    }
}

/// Faults on standard error: for people, or as JSON.
pub fn faults(faults: &[Fault], json: bool) {
    if json {
        let body = serde_json::json!({ "errors": faults });
        aside(&serde_json::to_string_pretty(&body).unwrap_or_default());
        return;
    }
    for fault in faults {
        let pointer = if fault.pointer.is_empty() { "/" } else { &fault.pointer };
        let basis = fault.basis.as_deref().unwrap_or_default();
        let facts = [
            ("pointer", pointer),
            ("rule", fault.rule.as_str()),
            ("message", fault.message.as_str()),
            ("remedy", fault.remedy.as_str()),
            ("basis", basis),
        ];
        let form = if basis.is_empty() { "fault" } else { "fault_with_basis" };
        note(form, &facts);
    }
}

/// The error and what is behind it, for the log.
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        told.push_str(": ");
        told.push_str(&inner.to_string());
        cause = inner.source();
    }
    told
}

fn aside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
