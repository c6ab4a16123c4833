//! `spo serve` on an empty data folder: the first key, the line to try, a stop that ends well.
//! Contract section 1.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use spo::app::{App, StartError};
use spo::config::Config;

use crate::harness::{Folder, interim};

/// A server that is running, and what it said.
struct Serving {
    child: Child,
    said: String,
    address: String,
}

impl Serving {
    fn start(folder: &Folder) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spo"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_clear()
            .env("SPO_DATA_DIR", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while !said.contains("--data-binary") {
            said += &lines.next().expect("it says where it listens").unwrap();
            said.push('\n');
        }
        // What it says later must not stop it.
        std::thread::spawn(move || lines.count());
        let (_, behind) = said.split_once("http://").unwrap();
        let address = behind.split(". ").next().unwrap().to_owned();
        Self { child, said, address }
    }

    /// Asks it to stop and waits for its exit code.
    fn stop(mut self) -> Option<i32> {
        let kill = format!("kill -TERM {}", self.child.id());
        Command::new("sh").args(["-c", &kill]).status().unwrap();
        let deadline = Instant::now() + Duration::from_secs(40);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_first_start_leaves_a_private_key_that_issues_and_a_second_start_makes_none() {
    let folder = Folder::new();
    let serving = Serving::start(&folder);
    let path = folder.path().join("first-key");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let secret = std::fs::read_to_string(&path).unwrap();
    assert!(!serving.said.contains(secret.trim()), "the log is no place for a key");
    assert!(serving.said.contains("first-key"), "{}", serving.said);

    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .post(format!("http://{}/v1/interim-orders", serving.address))
        .header("Authorization", format!("Bearer {}", secret.trim()))
        .header("Accept", "application/pdf")
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", "first-try")
        .body(interim().to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    assert!(answer.bytes().await.unwrap().starts_with(b"%PDF-"));
    assert_eq!(serving.stop(), Some(0));

    std::fs::remove_file(&path).unwrap();
    let serving = Serving::start(&folder);
    assert!(!path.exists());
    assert_eq!(serving.stop(), Some(0));
}

/// Runs the server under a terminal of its own where `script` is there to make one; its standard
/// error goes to a file, as a supervisor's log does.
#[test]
fn a_first_key_stays_out_of_a_log_though_standard_output_is_a_terminal() {
    let folder = Folder::new();
    let log = folder.path().join("log");
    let line = format!(
        "exec {} serve --listen 127.0.0.1:0 2>{}",
        env!("CARGO_BIN_EXE_spo"),
        log.display()
    );
    let started = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("SPO_DATA_DIR", folder.path().join("data"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn();
    let Ok(mut child) = started else { return };
    let deadline = Instant::now() + Duration::from_secs(30);
    let said = loop {
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        if said.contains("--data-binary") || Instant::now() > deadline {
            break said;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let _ = child.kill();
    let _ = child.wait();
    assert!(said.contains("--data-binary"), "it says where it listens: {said}");
    assert!(!said.contains("Bearer spo_"), "the key is in the log");
    let secret = std::fs::read_to_string(folder.path().join("data/first-key")).unwrap();
    assert!(!said.contains(secret.trim()));
}

#[tokio::test]
async fn a_first_key_that_can_not_be_written_is_not_kept() {
    let folder = Folder::new();
    let data_dir = folder.path().join("data");
    let app = App::build(Config { data_dir: data_dir.clone(), ..Config::default() }).await.unwrap();
    let cause = std::io::ErrorKind::StorageFull.into();
    let refused = app.first_key(|_| Err(StartError::Folder { path: data_dir, cause })).await;
    assert!(refused.is_err());
    assert!(app.issuer().api_keys().await.unwrap().is_empty());
    assert!(app.first_key(|_| Ok(())).await.unwrap().is_some());
    assert!(app.first_key(|_| panic!("there is one")).await.unwrap().is_none());
}
