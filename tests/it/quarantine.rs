//! The process that reads foreign files: what is taken from it is tried, each deed by a process of
//! its own, behind the very wall that stands before a file is read.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use spo::quarantine::{Failure, Gate, Probe, Quarantine};
use spo::verify::Basis;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::harness::now;

fn quarantine() -> Quarantine {
    Quarantine::of(env!("CARGO_BIN_EXE_spo").into())
}

fn basis() -> Basis {
    let none = Vec::new;
    Basis { now: now(), signers: vec![], timestamps: vec![], known: none(), answers: none() }
}

#[tokio::test]
async fn a_confined_process_lives_and_answers() {
    let wall = quarantine().wall().await;
    assert!(wall.stands);
    println!("landlock: {}", wall.landlock);
    let report = quarantine().inspect(b"no pdf", basis()).await.unwrap();
    assert!(!report.readable);
}

/// What the service was given when it was started, or a library opened, is shut to the child.
#[tokio::test]
async fn what_is_open_beside_the_pipes_is_closed_before_the_child_begins() {
    let folder = crate::harness::Folder::new();
    let script = folder.path().join("with-more-open");
    let program = env!("CARGO_BIN_EXE_spo");
    let text = format!("#!/bin/sh\nexec 7</dev/null 9<>/dev/null\nexec '{program}' \"$@\"\n");
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    let quarantine = Quarantine::of(script);
    assert!(!quarantine.inspect(b"no pdf", basis()).await.unwrap().readable);
    for probe in Probe::QUICK {
        assert!(quarantine.holds(probe).await.unwrap(), "{}", probe.name());
    }
}

#[tokio::test]
async fn a_confined_process_opens_no_file_and_no_socket_and_starts_nothing() {
    let quarantine = quarantine();
    for probe in Probe::QUICK {
        let held = quarantine.holds(probe).await.unwrap();
        assert!(held, "{} was done", probe.name());
    }
    assert!(!std::path::Path::new("/tmp/spo-probe").exists());
}

#[tokio::test]
async fn a_confined_process_works_no_longer_than_it_may() {
    let begun = Instant::now();
    assert!(quarantine().holds(Probe::TakeTime).await.unwrap());
    let took = begun.elapsed();
    assert!(took >= Duration::from_secs(4) && took < Duration::from_secs(12), "{took:?}");
}

/// Without the wall each of the deeds is done: the tests above can fail.
#[tokio::test]
async fn an_unconfined_process_can_do_what_the_probes_try() {
    assert!(std::fs::File::open("/").is_ok());
    assert!(std::net::UdpSocket::bind("127.0.0.1:0").is_ok());
    assert!(std::thread::spawn(|| ()).join().is_ok());
}

#[tokio::test]
async fn a_process_that_did_not_begin_under_its_limits_reads_nothing() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spo"))
        .args(["inspect", "--limited"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let order = br#"{"probe":"nothing"}"#;
    let mut input = child.stdin.take().unwrap();
    let frame = [&(order.len() as u64).to_be_bytes()[..], order].concat();
    let _ = input.write_all(&frame).await;
    drop(input);
    let ended = child.wait_with_output().await.unwrap();
    assert_eq!(ended.status.code(), Some(70));
    assert!(ended.stdout.is_empty());
    // Nor does one whose gate is called from a program without limits.
    assert_eq!(spo::quarantine::run(Gate::Inner), 70);
}

#[tokio::test]
async fn what_is_no_order_ends_the_process_without_an_answer() {
    for input in [&b""[..], b"short", &[0xff; 64], &[&[0; 7][..], &[2], b"{}"].concat()] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spo"))
            .arg("inspect")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input).await;
        let ended = child.wait_with_output().await.unwrap();
        assert_eq!(ended.status.code(), Some(65), "{input:?}");
        assert!(ended.stdout.is_empty());
    }
}

#[tokio::test]
async fn a_file_over_the_limit_starts_nothing() {
    let quarantine = Quarantine::of("/nowhere/spo".into());
    let large = vec![b' '; (32 << 20) + 1];
    assert!(matches!(quarantine.inspect(&large, basis()).await, Err(Failure::TooLarge)));
    let none = quarantine.inspect(b"small", basis()).await;
    assert!(matches!(none, Err(Failure::NotStarted(Some(_)))));
    let counts = quarantine.counts();
    assert_eq!(counts, [("reported", 0), ("died", 1), ("timed_out", 0), ("refused", 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_refused_early_and_nobody_is_left_behind() {
    let quarantine = Arc::new(quarantine());
    let asked: Vec<_> = (0..40)
        .map(|_| {
            let quarantine = Arc::clone(&quarantine);
            tokio::spawn(async move { quarantine.inspect(b"%PDF-1.7", basis()).await })
        })
        .collect();
    let (mut answered, mut busy) = (0, 0);
    for one in asked {
        match one.await.unwrap() {
            Ok(_) => answered += 1,
            Err(Failure::Busy) => busy += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(answered >= 8 && busy > 0 && answered + busy == 40, "{answered} {busy}");
    // All places are free again.
    assert!(quarantine.inspect(b"%PDF-1.7", basis()).await.is_ok());
}
