//! EU DSS at work: the program of `tests/conformance/dss`, which `./check tools` builds.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use crate::java::Judge;

/// What EU DSS says of a file: the error that kept it from judging, or its signatures.
pub type Judgement = Result<Vec<Signature>, String>;

/// One signature by ETSI EN 319 102-1, clause 5.
#[derive(Debug, Clone)]
pub struct Signature {
    /// `TOTAL_PASSED`, `INDETERMINATE`, `TOTAL_FAILED`.
    pub indication: String,
    /// `HASH_FAILURE`, `NO_CERTIFICATE_CHAIN_FOUND` …; empty where it passed.
    pub sub: String,
    /// `PAdES-BASELINE-B` …
    pub format: String,
    pub intact: bool,
    /// A later revision changed what a reader sees, or what DSS does not know.
    pub modified: bool,
    pub errors: Vec<String>,
}

impl Signature {
    fn of(said: &Value) -> Self {
        let word = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let errors = said["errors"].as_array().unwrap().iter();
        Self {
            indication: word("indication"),
            sub: word("sub"),
            format: word("format"),
            intact: said["intact"].as_bool().unwrap() && said["valid"].as_bool().unwrap(),
            modified: said["modified"].as_bool().unwrap(),
            errors: errors.map(|error| error.as_str().unwrap_or_default().to_owned()).collect(),
        }
    }
}

/// The judgement on each file at an instant, in order, by these trusted certificates; nothing is
/// fetched. `None` where EU DSS or Java is not there, which is said.
pub fn judge(trusted: &[PathBuf], at: Timestamp, files: &[&Path]) -> Option<Vec<Judgement>> {
    let trusted: Vec<_> = trusted.iter().map(|path| path.display().to_string()).collect();
    let mut asked = trusted.join("\t") + "\n";
    for file in files {
        asked += &format!("{}\t{}\n", at.as_millisecond(), file.display());
    }
    let lines = EU_DSS.answers(&asked)?;
    let judgements: Vec<Judgement> = lines.iter().map(|line| judgement(line)).collect();
    assert_eq!(judgements.len(), files.len(), "{lines:?}");
    Some(judgements)
}

fn judgement(line: &str) -> Judgement {
    let said: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
    match said["error"].as_str() {
        Some(error) => Err(error.to_owned()),
        None => Ok(said["signatures"].as_array().unwrap().iter().map(Signature::of).collect()),
    }
}

const EU_DSS: Judge = Judge {
    called: "EU DSS",
    variable: "CHECK_DSS",
    folder: ".check/dss",
    archive: "judgements-1.jar",
    class: "spo.conformance.Judgements",
};
