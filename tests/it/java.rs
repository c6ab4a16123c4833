//! Judges that run on Java, built by `./check tools`. All questions of a test go into one run, for
//! the machine starts slowly.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::outside::skipped;

/// A judge: how people call it, where the check says that it was built, its archive and its class.
pub struct Judge {
    pub called: &'static str,
    pub variable: &'static str,
    pub folder: &'static str,
    pub archive: &'static str,
    pub class: &'static str,
}

impl Judge {
    /// Its answers, a line each; `None` where it or Java is not there, which is said.
    pub fn answers(&self, asked: &str) -> Option<Vec<String>> {
        let built = std::env::var_os(self.variable).map(PathBuf::from);
        let built = built.unwrap_or_else(|| PathBuf::from(self.folder));
        let program = built.join(self.archive);
        if !program.exists() {
            skipped(self.called);
            return None;
        }
        let path = format!("{}:{}", program.display(), built.join("lib/*").display());
        let started = Command::new("java")
            .args(["-XX:+UseSerialGC", "-Xmx512m", "-cp", &path, self.class])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn();
        let Ok(mut java) = started else {
            skipped("java");
            return None;
        };
        // Far less than a pipe holds: nobody waits for the other.
        assert!(asked.len() < 60_000, "too many questions for one run");
        java.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
        let out = java.wait_with_output().unwrap();
        assert!(out.status.success(), "{} ended with {}", self.called, out.status);
        Some(String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect())
    }
}
