//! Editions: their digests are those on file, words never change under a name that was used, and a
//! folder outside the binary stands in for its layouts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use spo::app::{App, StartError};
use spo::config::Config;
use spo::digest::{hex, sha256};
use spo::domain::order::OrderKind;
use spo::issue::{Caller, Creating};
use spo::render::Renderer;

use crate::harness::{Folder, full};

const LOCK: &str = "templates/editions.lock";

/// What the lock holds: by which fonts and writer documents are made, and the digest of every
/// edition's words.
fn lock() -> String {
    let mut lock = format!(
        "# The digest of every word that an edition can print. It changes with the words: once a\n\
         # document was issued under an edition, a change is a new folder, never a new digest.\n\
         # Written by ./check golden --write.\n\n[made_with]\nwriter = \"spo {}\"\n",
        env!("CARGO_PKG_VERSION")
    );
    let mut fonts: Vec<PathBuf> =
        fs::read_dir("fonts").unwrap().map(|entry| entry.unwrap().path()).collect();
    fonts.sort();
    let is_face = |path: &&PathBuf| {
        path.extension().is_some_and(|ending| ["ttf", "otf", "icc"].iter().any(|e| ending == *e))
    };
    for font in fonts.iter().filter(is_face) {
        let digest = hex(&sha256(&fs::read(font).unwrap()));
        lock += &format!("\"{}\" = \"{digest}\"\n", font.display());
    }
    lock += "\n[editions]\n";
    for edition in Renderer::new().unwrap().editions() {
        lock += &format!("\"{}\" = \"{}\"\n", edition.name, edition.digest());
    }
    lock
}

#[test]
fn golden_lock_of_the_editions_is_as_on_file() {
    let lock = lock();
    if std::env::var_os("CHECK_GOLDEN_WRITE").is_some() {
        fs::write(LOCK, lock).unwrap();
        return;
    }
    let on_file = fs::read_to_string(LOCK).unwrap_or_default();
    assert_eq!(
        on_file, lock,
        "words of an edition changed: make a new folder if it was ever used; else \
         ./check golden --write"
    );
}

/// A copy of the layouts in the binary, to change.
fn copied(to: &Path) -> PathBuf {
    let layouts = to.join("layouts");
    let done = Command::new("cp").args(["-r", "templates/orders"]).arg(&layouts).status().unwrap();
    assert!(done.success());
    layouts
}

fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} does not hold {from:?}", file.display());
    fs::write(file, text.replace(from, to)).unwrap();
}

async fn open(folder: &Folder, layouts: Option<&Path>) -> Result<App, StartError> {
    let config = Config {
        data_dir: folder.path().join("data"),
        templates_dir: layouts.map(Path::to_owned),
        ..Config::default()
    };
    App::build(config).await
}

async fn issue(app: &App) -> String {
    let caller = Caller { name: "command-line".to_owned(), request_id: "r".to_owned() };
    let body = full().to_string();
    let made = Creating { caller: &caller, key: None, body: body.as_bytes() };
    let issued = app.issuer().issue_order(OrderKind::FullOrder, made).await.unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&issued.json).unwrap();
    answer["edition"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn words_change_freely_until_a_document_was_issued_under_them_and_never_after() {
    let folder = Folder::new();
    let layouts = copied(folder.path());
    let partial = layouts.join("partials/en/full_duration.hbs");
    change(&partial, "How long this order lasts", "For how long this order lasts");
    assert!(open(&folder, Some(&layouts)).await.is_ok(), "nothing was issued yet");

    let app = open(&folder, Some(&layouts)).await.unwrap();
    assert_eq!(issue(&app).await, "full_order/2026-11");
    drop(app);
    assert!(open(&folder, Some(&layouts)).await.is_ok(), "the same words");

    change(&partial, "For how long this order lasts", "How long it lasts");
    let refused = open(&folder, Some(&layouts)).await.err().expect("refused");
    let StartError::Editions(names) = refused else { panic!("{refused}") };
    assert!(names.contains(&"full_order/2026-11".to_owned()), "{names:?}");
    assert!(!names.contains(&"variation_request/2026-11".to_owned()), "it was not used");
    let refused = open(&folder, None).await.err().expect("refused: the binary's words differ too");
    assert!(matches!(refused, StartError::Editions(_)), "{refused}");
}

#[tokio::test]
async fn a_change_of_words_is_a_new_folder_and_the_newest_is_drawn() {
    let folder = Folder::new();
    let layouts = copied(folder.path());
    assert_eq!(issue(&open(&folder, Some(&layouts)).await.unwrap()).await, "full_order/2026-11");

    let (old, new) = (layouts.join("full_order/2026-11"), layouts.join("full_order/2027-01"));
    assert!(Command::new("cp").arg("-r").args([&old, &new]).status().unwrap().success());
    for language in ["en", "cy", "bilingual"] {
        change(&new.join(format!("{language}.hbs")), "</document>", "<p>2027</p></document>");
    }
    let app = open(&folder, Some(&layouts)).await.unwrap();
    assert_eq!(issue(&app).await, "full_order/2027-01");
    assert_eq!(app.issuer().edition("full_order").unwrap().name, "full_order/2027-01");
}

#[tokio::test]
async fn the_register_itself_refuses_another_digest_under_a_used_name() {
    let folder = Folder::new();
    let layouts = copied(folder.path());
    let (early, late) = (open(&folder, None).await.unwrap(), {
        change(&layouts.join("partials/en/warning.hbs"), "You can be arrested.", "");
        open(&folder, Some(&layouts)).await.unwrap()
    });
    issue(&early).await;
    let caller = Caller { name: "command-line".to_owned(), request_id: "r".to_owned() };
    let body = full().to_string();
    let made = Creating { caller: &caller, key: None, body: body.as_bytes() };
    assert!(late.issuer().issue_order(OrderKind::FullOrder, made).await.is_err());
}

fn templates(folder: &Folder, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spo"));
    let outside = std::env::vars().filter(|(name, _)| name.starts_with("SPO_"));
    outside.for_each(|(name, _)| {
        command.env_remove(name);
    });
    let output = command.current_dir(folder.path()).arg("templates").args(arguments).output();
    let output = output.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_folder_is_checked_as_the_binary_is_and_a_fault_is_named_with_its_line() {
    let folder = Folder::new();
    let layouts = copied(folder.path());
    let given = ["--templates-dir", layouts.to_str().unwrap()];
    let (code, out, _) = templates(&folder, &[&["check"], &given[..]].concat());
    assert_eq!(code, 0);
    assert!(out.contains("full_order/2026-11\t"), "{out}");

    change(&layouts.join("partials/cy/case.hbs"), "{{case.reference}}", "{{case.referense}}");
    let (code, _, err) = templates(&folder, &[&["check"], &given[..]].concat());
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("partials/cy/case") && err.contains("case.referense"), "{err}");
    assert!(err.contains("line 3"), "{err}");
}

#[test]
fn the_samples_of_an_edition_are_drawn_again_and_again_in_each_language() {
    let folder = Folder::new();
    let preview = ["preview", "full_order/2026-11", "--out", "."];
    for _ in 0..2 {
        let (code, out, err) = templates(&folder, &preview);
        assert_eq!(code, 0, "{err}");
        for language in ["en", "cy", "bilingual"] {
            let name = format!("full_order-2026-11-{language}-1.pdf");
            assert!(out.contains(&name), "{out}");
            assert!(fs::read(folder.path().join(name)).unwrap().starts_with(b"%PDF-"));
        }
    }
    let (code, _, err) = templates(&folder, &["preview", "full_order/1999-01", "--out", "."]);
    assert_eq!(code, 3, "{err}");
    let one = ["preview", "full_order/2026-11", "--language", "cy", "--out", "."];
    assert!(!templates(&folder, &one).1.contains("-en-"));
}
