//! What pyHanko and EU DSS say of the same files, and the table of all verdicts.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::SignedDuration;
use serde_json::Value;
use spo::verify::Reason;

use crate::dss::{self, Judgement};
use crate::harness::{Folder, now};
use crate::outside::{python, run, said};

/// The verdicts on a file.
#[derive(Default)]
pub struct Row {
    pub name: String,
    pub passes: bool,
    pub flags: BTreeSet<Reason>,
    pub pyhanko: Option<Said>,
    pub dss: Option<Said>,
}

/// What another judge says.
pub struct Said {
    pub bad: bool,
    pub words: String,
}

/// Asks each judge once about all files; one that is not installed says nothing.
pub fn ask(rows: &mut [Row], files: &[&[u8]], anchors: &[(String, Vec<u8>)]) {
    let folder = Folder::new();
    let put = |name: String, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let anchors: Vec<PathBuf> =
        anchors.iter().map(|(name, der)| put(format!("{name}.cer"), der)).collect();
    let files = files.iter().enumerate();
    let files: Vec<PathBuf> = files.map(|(n, bytes)| put(format!("{n}.pdf"), bytes)).collect();
    for (row, said) in rows.iter_mut().zip(pyhanko(&anchors, &files).unwrap_or_default()) {
        row.pyhanko = Some(said);
    }
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let at = now() + SignedDuration::from_mins(1);
    for (row, said) in rows.iter_mut().zip(dss::judge(&anchors, at, &files).unwrap_or_default()) {
        row.dss = Some(by_dss(&said));
    }
}

fn pyhanko(anchors: &[PathBuf], files: &[PathBuf]) -> Option<Vec<Said>> {
    let python = python("pyhanko")?;
    let mut process = Command::new(python)
        .arg("tests/conformance/pyhanko_table.py")
        .arg((now() + SignedDuration::from_mins(1)).to_string())
        .args(anchors)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let asked: String = files.iter().map(|file| format!("{}\n", file.display())).collect();
    // The program reads all questions before it answers one.
    process.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let out = process.wait_with_output().unwrap();
    assert!(out.status.success(), "pyHanko ended with {}", out.status);
    let lines = String::from_utf8(out.stdout).unwrap();
    let said: Vec<Said> = lines.lines().map(by_pyhanko).collect();
    assert_eq!(said.len(), files.len(), "{lines}");
    Some(said)
}

fn by_pyhanko(line: &str) -> Said {
    let said: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
    let words = said["words"].as_str().unwrap().to_owned();
    Said { bad: said["bad"].as_bool().unwrap(), words }
}

/// Nothing is fetched, so a file that holds no answers is in doubt for that alone; any other doubt
/// counts.
fn by_dss(said: &Judgement) -> Said {
    let signatures = match said {
        Err(error) => return Said { bad: true, words: error.chars().take(60).collect() },
        Ok(none) if none.is_empty() => {
            return Said { bad: true, words: "no signature".to_owned() };
        }
        Ok(signatures) => signatures,
    };
    let lacking = ["TRY_LATER", "CERTIFICATE_CHAIN_GENERAL_FAILURE"];
    let bad = |one: &dss::Signature| {
        let doubt = one.indication == "INDETERMINATE" && !lacking.contains(&one.sub.as_str());
        !one.intact || one.modified || one.indication == "TOTAL_FAILED" || doubt
    };
    let word = |one: &dss::Signature| {
        let changed = if one.modified { " modified" } else { "" };
        let failed = one.indication == "TOTAL_FAILED";
        let why = one.errors.first().filter(|_| failed && one.sub.is_empty());
        let why = why.map(|why| format!(" {why}")).unwrap_or_default();
        let sub = one.sub.replace("null", "");
        format!("{} {sub}{changed}{why}", one.indication.replace("TOTAL_", "")).trim().to_owned()
    };
    let words: Vec<String> = signatures.iter().map(word).collect();
    Said { bad: signatures.iter().any(bad), words: words.join("; ") }
}

type IsBad = fn(&Row) -> bool;

fn refused(said: &Option<Said>) -> bool {
    said.as_ref().is_some_and(|said| said.bad)
}

/// The table on the standard error and in the build's folder.
pub fn tell(rows: &[Row], attacks: usize) {
    let other = |said: &Option<Said>| {
        said.as_ref().map_or("not asked".to_owned(), |said| {
            format!("{} ({})", if said.bad { "bad" } else { "good" }, said.words)
        })
    };
    let mut table = "file | ours | pyHanko | EU DSS\n".to_owned();
    for row in rows {
        let flags: Vec<_> = row.flags.iter().map(|flag| format!("{flag:?}")).collect();
        let ours = if row.passes { "good" } else { "bad" };
        let (pyhanko, dss) = (other(&row.pyhanko), other(&row.dss));
        let _ = writeln!(table, "{} | {ours} {} | {pyhanko} | {dss}", row.name, flags.join(" "));
    }
    let count = |rows: &[Row], bad: IsBad| rows.iter().filter(|row| bad(row)).count();
    let judges: [(&str, IsBad); 3] = [
        ("ours", |row| !row.passes),
        ("pyHanko", |row| refused(&row.pyhanko)),
        ("EU DSS", |row| refused(&row.dss)),
    ];
    for (name, bad) in judges {
        let (attacks, good) = (&rows[..attacks], &rows[attacks..]);
        let (caught, wrong) = (count(attacks, bad), count(good, bad));
        let (all, fine) = (attacks.len(), good.len());
        let _ = writeln!(table, "{name}: {caught} of {all} attacks, {wrong} of {fine} good files");
    }
    let _ = std::io::stderr().write_all(table.as_bytes());
    let _ = std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("verdicts.txt"), &table);
}

/// Files that both others refuse and we do not.
pub fn kinder(rows: &[Row]) -> Vec<String> {
    let both = rows.iter().filter(|row| row.passes && refused(&row.pyhanko) && refused(&row.dss));
    both.map(|row| format!("{}: kinder than both others", row.name)).collect()
}

/// Good files that one of the others refuses. EU DSS calls every later signature a modification,
/// also where it is allowed, and fails none of them for it.
pub fn harsher(good: &[Row]) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in good {
        let pyhanko = row.pyhanko.iter().filter(|said| said.bad);
        let dss = row.dss.iter().filter(|said| said.bad && !said.words.contains("modified"));
        for said in pyhanko.chain(dss) {
            wrong.push(format!("{}: {}", row.name, said.words));
        }
    }
    wrong
}

/// Good files whose bytes pdfsig finds changed; it is asked for nothing else.
pub fn broken(good: &[(String, Vec<u8>)]) -> Vec<String> {
    let folder = Folder::new();
    let file = folder.path().join("one.pdf");
    let mut wrong = Vec::new();
    for (name, bytes) in good {
        std::fs::write(&file, bytes).unwrap();
        let Some(out) = run("pdfsig", &["-nocert"], &file, &[]) else { return wrong };
        let words = said(&out);
        if !words.contains("Signature is Valid") || words.contains("Invalid") {
            wrong.push(format!("{name}: pdfsig: {words}"));
        }
    }
    wrong
}
