//! veraPDF at work: the program of `tests/conformance/verapdf`, which `./check tools` builds.

use std::path::Path;

use serde_json::Value;

use crate::java::Judge;

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
    let asked: String = questions
        .iter()
        .map(|(flavour, file)| format!("{flavour}\t{}\n", file.display()))
        .collect();
    let lines = VERAPDF.answers(&asked)?;
    let verdicts: Vec<_> = lines.iter().map(|line| Verdict::of(line)).collect();
    assert_eq!(verdicts.len(), questions.len(), "{lines:?}");
    for (verdict, (flavour, _)) in verdicts.iter().zip(questions) {
        assert_eq!(verdict.flavour, *flavour);
    }
    Some(verdicts)
}

const VERAPDF: Judge = Judge {
    called: "veraPDF",
    variable: "CHECK_VERAPDF",
    folder: ".check/verapdf",
    archive: "verdicts-1.jar",
    class: "spo.conformance.Verdicts",
};
