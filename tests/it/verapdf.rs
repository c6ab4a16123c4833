//! veraPDF at work: the program of `tests/conformance/verapdf`, which `./check tools` builds. All
//! questions of a test go into one run, for the machine starts slowly.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::outside::skipped;

/// Whether a file is of a flavour, and why not.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub flavour: String,
    pub compliant: bool,
    /// How many times a rule was held against a part of the file.
    pub assertions: u64,
    /// `clause-test`, how often and why, one a rule.
    pub failed: Vec<String>,
}

impl Verdict {
    fn of(line: &str) -> Self {
        let said: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert_eq!(said.get("error"), None, "veraPDF could not judge: {line}");
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rule = |rule: &Value| {
            let (clause, why) = (word(&rule["clause"]), word(&rule["message"]));
            format!("{clause}-{} ({}x): {why}", rule["test"], rule["times"])
        };
        Self {
            flavour: word(&said["flavour"]),
            compliant: said["compliant"].as_bool().unwrap(),
            assertions: said["assertions"].as_u64().unwrap(),
            failed: said["failed"].as_array().unwrap().iter().map(rule).collect(),
        }
    }

    /// Whether that clause is among the failed.
    pub fn names(&self, clause: &str) -> bool {
        self.failed.iter().any(|rule| rule.starts_with(&format!("{clause}-")))
    }
}

/// The verdict on each file in its flavour, in order; `None` where veraPDF or Java is not there,
/// which is said.
pub fn judge(questions: &[(&str, &Path)]) -> Option<Vec<Verdict>> {
    let built = std::env::var_os("CHECK_VERAPDF").map(PathBuf::from);
    let built = built.unwrap_or_else(|| PathBuf::from(".check/verapdf"));
    let program = built.join("verdicts-1.jar");
    if !program.exists() {
        skipped("veraPDF");
        return None;
    }
    let path = format!("{}:{}", program.display(), built.join("lib/*").display());
    let started = Command::new("java")
        .args(["-XX:+UseSerialGC", "-Xmx512m", "-cp", &path, "spo.conformance.Verdicts"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn();
    let Ok(mut java) = started else {
        skipped("java");
        return None;
    };
    let asked: String = questions
        .iter()
        .map(|(flavour, file)| format!("{flavour}\t{}\n", file.display()))
        .collect();
    // Far less than a pipe holds: nobody waits for the other.
    assert!(asked.len() < 60_000, "too many questions for one run");
    java.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let out = java.wait_with_output().unwrap();
    assert!(out.status.success(), "veraPDF ended with {}", out.status);
    let lines = String::from_utf8(out.stdout).unwrap();
    let verdicts: Vec<_> = lines.lines().map(Verdict::of).collect();
    assert_eq!(verdicts.len(), questions.len(), "{lines}");
    for (verdict, (flavour, _)) in verdicts.iter().zip(questions) {
        assert_eq!(verdict.flavour, *flavour);
    }
    Some(verdicts)
}
