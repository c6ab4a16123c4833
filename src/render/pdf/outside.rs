//! What other programs make of our files. A program that is not installed is named as skipped.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use super::specimen::{pages, stamp, subsets, written};
use super::{Unwritable, write};
use crate::render::subset::Subsets;

/// A file for other programs to read, gone when it is dropped.
pub(super) struct Paper(PathBuf);

impl Paper {
    pub(super) fn new(name: &str, bytes: &[u8]) -> Self {
        let path =
            std::env::temp_dir().join(format!("spo-paper-{}-{name}.pdf", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }

    /// What the program prints; `None` where it is not installed.
    pub(super) fn read_by(&self, program: &str, before: &[&str], after: &[&str]) -> Option<String> {
        let run = Command::new(program).args(before).arg(&self.0).args(after).output();
        match run {
            Ok(output) => {
                let errors = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{program}: {errors}");
                assert!(errors.is_empty(), "{program}: {errors}");
                Some(String::from_utf8_lossy(&output.stdout).into_owned())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("skipped: {program} not installed");
                None
            }
            Err(error) => panic!("{program}: {error}"),
        }
    }
}

impl Drop for Paper {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn qpdf_finds_no_fault() {
    for sealed in [true, false] {
        let paper = Paper::new(&format!("qpdf-{sealed}"), &written(sealed).1.bytes);
        if let Some(report) = paper.read_by("qpdf", &["--check"], &[]) {
            assert!(report.contains("No syntax or stream encoding errors"), "{report}");
        }
    }
}

#[test]
fn every_font_is_embedded_as_a_subset_with_its_characters() {
    let paper = Paper::new("fonts", &written(true).1.bytes);
    let Some(report) = paper.read_by("pdffonts", &[], &[]) else {
        return;
    };
    let fonts: Vec<&str> = report.lines().skip(2).collect();
    assert_eq!(fonts.len(), 3, "{report}");
    for font in fonts {
        assert!(font.contains("CID TrueType"), "{font}");
        assert!(font.contains("Identity-H       yes yes yes"), "{font}");
    }
}

#[test]
fn other_programs_read_the_words_back() {
    let paper = Paper::new("text", &written(true).1.bytes);
    let Some(text) = paper.read_by("pdftotext", &["-layout"], &["-"]) else {
        return;
    };
    for words in [
        "Siân Ŵyn-Łukasz (née O’Brien) — Đặng Θεός Жук",
        "Gorchymyn diogelu rhag stelcio",
        "(Market\\Street)",
        "x\u{301}\u{2011}w\u{302}y",
        "Signed electronically",
        "Page 2 of 2",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

#[test]
fn other_programs_see_the_structure() {
    let paper = Paper::new("tags", &written(true).1.bytes);
    let Some(tree) = paper.read_by("pdfinfo", &["-struct-text"], &[]) else {
        return;
    };
    assert_eq!(tree.matches("\n    L ").count() + tree.matches("\n  L ").count(), 1, "{tree}");
    assert!(tree.contains("H1"), "{tree}");
    assert!(!tree.contains("Page 1 of 2"), "{tree}");
}

#[test]
fn the_same_pages_give_the_same_bytes() {
    let own = Subsets::new().unwrap();
    let (pages, shared) = written(true);
    assert_eq!(write(&pages, &own, &stamp(true)).unwrap().bytes, shared.bytes);
}

#[test]
fn another_id_gives_another_file_id_and_nothing_else() {
    let (pages, first) = written(true);
    let stamp = super::Stamp { document: "02-specimen", ..stamp(true) };
    let second = write(&pages, subsets(), &stamp).unwrap();
    let differing = first.bytes.iter().zip(&second.bytes).filter(|(a, b)| a != b).count();
    assert!(differing > 0 && differing <= 64, "{differing}");
}

#[test]
fn the_slot_is_a_hexadecimal_string_of_zeros_and_a_padded_range() {
    let (_, file) = written(true);
    let slot = file.slot.unwrap();
    let hole = &file.bytes[slot.contents.clone()];
    assert_eq!(hole.len(), 2 * 4096 + 2);
    assert_eq!((hole[0], hole[hole.len() - 1]), (b'<', b'>'));
    assert!(hole[1..hole.len() - 1].iter().all(|&byte| byte == b'0'));
    let range = std::str::from_utf8(&file.bytes[slot.byte_range.clone()]).unwrap();
    assert_eq!(range.trim_end(), "0 0 0 0");
    assert!(range.len() >= "0 0000000000 0000000000 0000000000".len());
    assert!(file.bytes[..slot.byte_range.start].ends_with(b"/ByteRange["));
    assert!(file.bytes[..slot.contents.start].ends_with(b"]/Contents"));
}

#[test]
fn a_preview_has_no_field_and_no_permission() {
    let (_, file) = written(false);
    assert_eq!(file.slot, None);
    for key in [&b"/AcroForm"[..], b"/Perms", b"/Widget", b"/Sig"] {
        assert!(!file.bytes.windows(key.len()).any(|window| window == key));
    }
}

#[test]
fn a_panel_without_a_seal_is_refused() {
    assert_eq!(write(&pages(true), subsets(), &stamp(false)), Err(Unwritable::Seal));
    assert_eq!(write(&pages(false), subsets(), &stamp(true)), Err(Unwritable::Seal));
}
