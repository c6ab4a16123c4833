//! The real programme from outside: what the command line writes on either stream and into the
//! folder, and what a server at its loudest says in its log.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::request::Plants;
use super::tally::{Channel, Reader, Sweep};
use crate::harness::{Folder, set, without};

/// Runs every command that reads a request, well and badly.
pub fn commands(sweep: &mut Sweep, plants: &mut Plants) {
    let folder = Folder::new();
    let orders = plants.orders();
    let canary = plants.values()[0].clone();
    let mut kept = None;
    // An interim order, and a full one.
    for (index, (kind, name, request)) in orders.iter().enumerate().step_by(2).take(2) {
        let kind = kind.trim_end_matches('s').replace('-', "_");
        let json = index == 2;
        for command in ["validate", "preview", "issue"] {
            let run = run(&folder, command, (&kind, json), &request.to_string());
            assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
            heard(sweep, &format!("spo {command}, {name}"), &run);
            let answer: Value = serde_json::from_slice(&run.stdout).unwrap_or_default();
            if kind == "full_order" && answer["id"].is_string() {
                kept = answer["id"].as_str().map(str::to_owned);
            }
        }
        for (turn, wrong) in wrong(request, &canary).into_iter().enumerate() {
            let command = ["validate", "preview", "issue"][turn % 3];
            let run = run(&folder, command, (&kind, json), &wrong);
            assert!(!run.status.success(), "spo {command} took {wrong}");
            heard(sweep, &format!("spo {command} of a wrong request"), &run);
        }
    }
    let kept = kept.unwrap();
    for (name, request) in plants.variations(&kept).into_iter().take(1) {
        let run = run(&folder, "issue", ("variation_request", true), &request.to_string());
        assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        heard(sweep, &format!("spo issue, {name}"), &run);
    }
    for arguments in [
        &["validate", "-", "--kind", canary.as_str()][..],
        &["issue", canary.as_str()],
        &["sample", canary.as_str()],
        &["sample", "full", "--order", canary.as_str()],
        &["api-keys", "revoke", canary.as_str()],
        &[canary.as_str()],
        &["sample", "interim"],
        &["doctor"],
        &["config", "check"],
        &["api-keys", "list"],
    ] {
        let run = spo(folder.path(), arguments, "");
        // A person at a terminal reads there what she typed there.
        if !arguments.contains(&canary.as_str()) {
            heard(sweep, &arguments.join(" "), &run);
        }
    }
    written(sweep, folder.path());
}

/// What no command takes, with canaries in it.
fn wrong(request: &Value, canary: &str) -> Vec<String> {
    let whole = request.to_string();
    let far = set(request.clone(), "/made_on", "2030-01-01".into());
    let near = json!({ "text": format!("Not to go to {canary}."), "necessity": "Went." });
    vec![
        whole[..whole.len() / 2].to_owned(),
        json!({ "kind": canary, "request": request, canary: canary }).to_string(),
        without(far, "/respondent").to_string(),
        set(request.clone(), "/prohibitions/99", near).to_string(),
        set(request.clone(), "/protected_persons/0/confidential/phones", canary.into()).to_string(),
        format!("{{\"{canary}\":1,\"{canary}\":2}}"),
    ]
}

fn run(folder: &Folder, command: &str, (kind, json): (&str, bool), input: &str) -> Output {
    let mut arguments = vec![command, "-", "--kind", kind];
    if json {
        arguments.push("--json");
    }
    if command != "validate" {
        arguments.extend(["--out", "out"]);
    }
    std::fs::create_dir_all(folder.path().join("out")).unwrap();
    spo(folder.path(), &arguments, input)
}

fn spo(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spo"))
        .args(arguments)
        .env_clear()
        .env("SPO_DATA_DIR", folder.join("data"))
        .env("SPO_LOG__FILTER", "trace")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A programme that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn heard(sweep: &mut Sweep, what: &str, run: &Output) {
    sweep.channel(Channel::Stdout, what, &run.stdout);
    sweep.channel(Channel::Stderr, what, &run.stderr);
}

/// Each file name below the folder; and each PDF in it.
fn written(sweep: &mut Sweep, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        sweep.channel(Channel::FileName, "a file of the data folder", name.as_bytes());
        if path.is_dir() {
            written(sweep, &path);
        } else if name.ends_with(".pdf") {
            let words: Vec<&str> = name.trim_start_matches("draft-").split('-').collect();
            let length = if words[0] == "protected" { 3 } else { 2 };
            let kind = words[..length].join("_");
            sweep.document((&kind, reader_of(&kind)), &name, &std::fs::read(&path).unwrap());
        }
    }
}

fn reader_of(kind: &str) -> Reader {
    match kind {
        "protected_person_notice" => Reader::ProtectedPerson,
        "variation_request" => Reader::Court,
        "police_sheet" | "certified_copy" => Reader::CourtPolice,
        _ => Reader::Respondent,
    }
}

/// The real server at its loudest.
pub struct Server {
    child: Child,
    folder: Folder,
    pub address: std::net::SocketAddr,
    pub secret: String,
}

impl Server {
    pub fn start() -> Self {
        let folder = Folder::new();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_spo"))
            .arg("serve")
            .env_clear()
            .env("SPO_DATA_DIR", folder.path().join("data"))
            .env("SPO_LISTEN", "127.0.0.1:0")
            .env("SPO_LOG__FILTER", "trace")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let none = ([127, 0, 0, 1], 0).into();
        let mut server = Self { child, folder, address: none, secret: String::new() };
        let until = Instant::now() + Duration::from_secs(60);
        while server.secret.is_empty() {
            assert!(Instant::now() < until, "no server: {}", server.log());
            std::thread::sleep(Duration::from_millis(30));
            let key = server.folder.path().join("data/first-key");
            let Ok(secret) = std::fs::read_to_string(key) else { continue };
            let Some(address) = address_in(&server.log()) else { continue };
            server.address = address;
            server.secret = secret.trim().to_owned();
        }
        server
    }

    /// All that it has said.
    pub fn log(&self) -> String {
        let log = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Ends it, and searches its log and its folder.
    pub fn end(mut self, sweep: &mut Sweep) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let log = self.log();
        assert!(log.contains("/v1/full-orders"), "the log is on: {}", log.len());
        assert!(log.lines().any(|line| line.contains("TRACE")), "and loud");
        for lines in log.split_inclusive('\n').collect::<Vec<_>>().chunks(500) {
            sweep.channel(Channel::Log, "spo serve", lines.concat().as_bytes());
        }
        written(sweep, &self.folder.path().join("data"));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address that the programme says it serves on.
fn address_in(log: &str) -> Option<std::net::SocketAddr> {
    log.split("http://").skip(1).find_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && !".:".contains(c))?;
        rest[..end]
            .trim_end_matches('.')
            .parse()
            .ok()
            .filter(|a: &std::net::SocketAddr| a.port() > 0)
    })
}
