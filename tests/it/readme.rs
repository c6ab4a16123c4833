//! The README's commands, run as they stand there, in an empty folder.

use std::process::Command;

use crate::harness::Folder;

#[test]
fn what_the_readme_shows_without_a_server_works_as_written() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let block = readme.split("```sh\n").find(|block| block.starts_with("spo sample full")).unwrap();
    let lines: Vec<_> = block.split("\n```").next().unwrap().lines().collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    let folder = Folder::new();
    for line in lines {
        run(&folder, line);
    }
    let made = std::fs::read_dir(folder.path()).unwrap();
    let pdfs = made.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().ends_with(".pdf")
    });
    assert_eq!(pdfs.count(), 6, "a draft, an order and its four copies");
}

#[test]
fn what_the_readme_shows_of_api_keys_works_as_written() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let block =
        readme.split("```sh\n").find(|block| block.starts_with("spo api-keys create")).unwrap();
    let folder = Folder::new();
    for line in block.split("\n```").next().unwrap().lines() {
        run(&folder, line);
    }
}

#[test]
fn the_keyring_that_the_readme_shows_reads_without_a_fault() {
    use spo::sign::keyring::{Known, Settings};
    let readme = std::fs::read_to_string("README.md").unwrap();
    let block = readme.split("```toml\n").find(|block| block.starts_with("[[key]]")).unwrap();
    let text = block.split("\n```").next().unwrap();
    let read = Settings::read(text, std::path::Path::new("spo-data"), &Known::default()).unwrap();
    assert_eq!((read.keys.len(), read.profiles.len()), (3, 2));
    assert_eq!(read.profiles[0].level, spo::verify::Level::BT);
}

/// Runs a line by the shell, with our program first on the path.
fn run(folder: &Folder, line: &str) {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_spo"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder.path()).env_clear().env("PATH", path);
    let out = shell.output().unwrap();
    assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
}
