//! The drawing of the house, held against the code: arrows, doors, budgets, names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms each room may import. `app`, `main` and `lib` may import everything.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("paper", &["digest"]),
    ("render", &["digest", "domain", "paper"]),
    ("sign", &["digest", "paper", "render", "verify"]),
    ("verify", &["digest"]),
    ("quarantine", &["verify"]),
    ("store", &["digest", "domain"]),
    ("wire", &["domain"]),
    ("clock", &["domain"]),
    ("config", &[]),
    ("digest", &[]),
    (
        "issue",
        &[
            "digest",
            "domain",
            "paper",
            "render",
            "sign",
            "store",
            "clock",
            "wire",
            "verify",
            "quarantine",
        ],
    ),
    ("jobs", &["issue"]),
    ("page", &["digest", "issue", "verify", "wire", "domain"]),
    ("http", &["digest", "issue", "page", "wire", "domain"]),
    ("cli", &["app", "config", "issue", "page", "wire", "http", "paper"]),
];

/// Where a foreign crate may be named.
const DOORS: &[(&str, &[&str])] = &[
    ("printpdf", &["src/render/pdf"]),
    ("lopdf", &["src/render/pdf", "src/render/tags"]),
    ("handlebars", &["src/render/template", "src/page"]),
    ("quick_xml", &["src/render/document"]),
    ("harfrust", &["src/render/font"]),
    ("unicode_bidi", &["src/render/direction"]),
    ("sqlx", &["src/store"]),
    ("actix_web", &["src/http", "src/app"]),
    ("clap", &["src/cli", "src/main"]),
    ("rcgen", &["src/sign"]),
    ("cms", &["src/sign", "src/verify"]),
    ("webpki", &["src/verify"]),
    ("rustls_pki_types", &["src/verify"]),
    ("cryptoki", &["src/sign/key"]),
    ("p12_keystore", &["src/sign/key"]),
    ("reqwest", &["src/sign/outside", "src/cli/doctor"]),
    ("close_fds", &["src/quarantine"]),
    ("landlock", &["src/quarantine"]),
    ("seccompiler", &["src/quarantine"]),
    ("rlimit", &["src/quarantine"]),
    ("rustix", &["src/quarantine"]),
    ("qrcodegen", &["src/paper/symbol"]),
];

/// What only its one place may call.
const ONE_PLACE: &[(&str, &[&str])] = &[
    ("Timestamp::now", &["src/clock"]),
    ("Zoned::now", &[]),
    ("SystemTime::now", &["src/clock"]),
    ("Uuid::now_v7", &["src/clock"]),
    ("Uuid::new_v4", &[]),
    ("env::var", &["src/config", "src/main", "src/cli"]),
    (".reveal()", &["src/domain", "src/store", "src/wire"]),
    ("dbg!(", &[]),
    ("todo!(", &[]),
    ("unimplemented!(", &[]),
];

const LONGEST_FILE: usize = 450;
const LONGEST_FUNCTION: usize = 60;
const LONGEST_LINE: usize = 100;

struct Source {
    path: String,
    /// Without the tests at its foot.
    lines: Vec<String>,
    whole: String,
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    walk(Path::new("src"), &mut found);
    assert!(found.len() > 30, "the walk of src/ found {} files", found.len());
    found
}

fn walk(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let whole = fs::read_to_string(&path).unwrap();
            let is_test = path.file_name().is_some_and(|name| {
                let name = name.to_string_lossy();
                name == "tests.rs" || name.ends_with("_tests.rs")
            }) || path.components().any(|part| part.as_os_str() == "tests");
            let lines = if is_test { Vec::new() } else { before_tests(&whole) };
            found.push(Source { path: path.to_string_lossy().into_owned(), lines, whole });
        }
    }
}

fn before_tests(whole: &str) -> Vec<String> {
    whole.lines().take_while(|line| *line != "#[cfg(test)]").map(str::to_owned).collect()
}

fn room(path: &str) -> String {
    let inside = path.trim_start_matches("src/");
    inside.split('/').next().unwrap().trim_end_matches(".rs").to_owned()
}

fn code(line: &str) -> &str {
    let line = line.trim_start();
    if line.starts_with("//") { "" } else { line }
}

#[test]
fn data_moves_one_way_between_the_rooms() {
    let mut wrong = Vec::new();
    for source in sources() {
        let from = room(&source.path);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == from) else { continue };
        for line in &source.lines {
            let code = code(line);
            for (place, _) in code.match_indices("crate::") {
                let target = code[place + 7..].split(|c: char| !c.is_alphanumeric() && c != '_');
                let target = target.into_iter().next().unwrap_or_default();
                let known = ARROWS.iter().any(|(name, _)| *name == target) || target == "app";
                if known && target != from && !allowed.contains(&target) {
                    wrong.push(format!("{}: {from} -> {target}", source.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that are not in the drawing:\n{}", wrong.join("\n"));
}

#[test]
fn sign_takes_one_name_from_render() {
    for source in sources().iter().filter(|source| room(&source.path) == "sign") {
        for line in source.lines.iter().filter(|line| line.contains("crate::render")) {
            let taken = line.rsplit("crate::render::").next().unwrap().trim_end_matches(';');
            assert!(
                ["UnsignedPdf", "Slot", "{Slot, UnsignedPdf}"].contains(&taken),
                "{}: {line}",
                source.path
            );
        }
    }
}

#[test]
fn foreign_crates_come_in_by_their_doors() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, doors) in DOORS {
            let named = source.lines.iter().any(|line| {
                let code = code(line);
                code.contains(&format!("use {name}::")) || code.contains(&format!(" {name}::"))
            });
            if named && !doors.iter().any(|door| source.path.starts_with(door)) {
                wrong.push(format!("{}: {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "crates named outside their doors:\n{}", wrong.join("\n"));
}

#[test]
fn time_chance_and_environment_are_read_in_one_place() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (call, places) in ONE_PLACE {
            let called = source.lines.iter().any(|line| code(line).contains(call));
            if called && !places.iter().any(|place| source.path.starts_with(place)) {
                wrong.push(format!("{}: {call}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "calls outside their one place:\n{}", wrong.join("\n"));
}

#[test]
fn files_functions_and_lines_keep_their_budgets() {
    let mut wrong = Vec::new();
    for source in sources() {
        if source.lines.len() > LONGEST_FILE {
            wrong.push(format!("{}: {} lines", source.path, source.lines.len()));
        }
        for (number, line) in source.lines.iter().enumerate() {
            if line.chars().count() > LONGEST_LINE {
                wrong.push(format!("{}:{}: a long line", source.path, number + 1));
            }
        }
        for (name, length) in functions(&source.lines) {
            if length > LONGEST_FUNCTION {
                wrong.push(format!("{}: fn {name}: {length} lines", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "over budget:\n{}", wrong.join("\n"));
}

/// Each function with its length, by indentation: rustfmt has run.
fn functions(lines: &[String]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(at) = line.find("fn ") else { continue };
        let before = line[..at].trim();
        if !before.split(' ').all(|word| {
            ["", "pub", "const", "async", "pub(super)", "pub(crate)", "pub(in"].contains(&word)
        }) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let end = lines[start..].iter().position(|later| {
            later.trim_end() == format!("{}}}", " ".repeat(indent)) && !later.is_empty()
        });
        if let Some(end) = end {
            let name = line[at + 3..].split(['(', '<']).next().unwrap_or_default();
            found.push((name.to_owned(), end + 1));
        }
    }
    found
}

#[test]
fn no_room_is_called_after_nothing() {
    for source in sources() {
        for name in ["util", "helper", "manager", "common", "misc"] {
            assert!(
                !source.path.contains(name),
                "{} says nothing of what lives there",
                source.path
            );
        }
        assert!(source.whole.starts_with("//!"), "{} has no module doc", source.path);
    }
}

#[test]
fn every_rule_is_named_by_a_test() {
    let mut tests = String::new();
    for source in sources() {
        for line in source.whole.lines().filter(|line| line.trim_start().starts_with("fn ")) {
            tests.push_str(line);
        }
    }
    for entry in fs::read_dir("tests/it").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            tests.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    let missing: Vec<_> = spo::domain::violation::Rule::ALL
        .iter()
        .map(|rule| rule.name())
        .filter(|name| !tests.contains(name))
        .collect();
    assert!(missing.is_empty(), "rules that no test names: {missing:?}");
}

#[test]
fn every_edition_has_all_its_languages() {
    for kind in fs::read_dir("templates/orders").unwrap() {
        let kind = kind.unwrap().path();
        if !kind.is_dir() || kind.ends_with("partials") {
            continue;
        }
        for edition in fs::read_dir(&kind).unwrap() {
            let edition = edition.unwrap().path();
            for language in ["en.hbs", "cy.hbs", "bilingual.hbs"] {
                assert!(edition.join(language).exists(), "{}/{language}", edition.display());
            }
        }
    }
}

#[test]
fn words_for_people_stand_in_templates_not_in_rust() {
    let phrases = ["You must", "must not", "criminal offence", "imprisonment", "the court orders"];
    let mut wrong = Vec::new();
    for source in sources() {
        for line in source.lines.iter().map(|line| code(line)) {
            if phrases.iter().any(|phrase| line.contains('"') && line.contains(phrase)) {
                wrong.push(format!("{}: {line}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "words for people in Rust:\n{}", wrong.join("\n"));
}

#[test]
fn the_lock_file_holds_no_crate_that_we_refuse() {
    let lock = fs::read_to_string("Cargo.lock").unwrap();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("name = ") {
            let version = lines.next().unwrap().trim_start_matches("version = ");
            versions.entry(name.trim_matches('"')).or_default().push(version.trim_matches('"'));
        }
    }
    assert!(versions.len() > 100, "the lock file could not be read");
    for name in ["rsa", "openssl", "openssl-sys", "native-tls"] {
        assert!(!versions.contains_key(name), "{name} is in the tree");
    }
    let quick_xml = versions.get("quick-xml").cloned().unwrap_or_default();
    assert!(quick_xml.iter().all(|version| minor(version) >= 42), "quick-xml {quick_xml:?}");
}

fn minor(version: &str) -> u32 {
    version.split('.').nth(1).and_then(|part| part.parse().ok()).unwrap_or(0)
}
