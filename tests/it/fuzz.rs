//! The corpus of the fuzz targets, read again by the same readers: no panic, nothing slow.
//! `fuzz/run` fuzzes on; what once broke a reader lies in the corpus for good.

use std::path::Path;
use std::time::{Duration, Instant};

use spo::verify::Drill;

#[test]
fn every_file_of_the_corpus_is_read_or_refused_at_once() {
    let (mut files, mut slowest) = (0, Duration::ZERO);
    for drill in Drill::ALL {
        let folder = Path::new("fuzz/corpus").join(drill.name());
        let before = files;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            assert!(bytes.len() <= 65_536, "{} is too large", path.display());
            let begun = Instant::now();
            drill.run(&bytes);
            let took = begun.elapsed();
            assert!(took < Duration::from_secs(1), "{}: {took:?}", path.display());
            slowest = slowest.max(took);
            files += 1;
        }
        assert!(files > before, "no corpus for {}", drill.name());
    }
    println!("fuzz corpus: {files} files, the slowest {slowest:?}");
}

#[test]
fn every_target_has_its_corpus_and_its_file() {
    let mut names: Vec<_> = Drill::ALL.iter().map(|drill| format!("{}.rs", drill.name())).collect();
    names.sort();
    let mut found: Vec<_> = std::fs::read_dir("fuzz/targets")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    assert_eq!(found, names);
}
