//! The Welsh drafts: no value stands after a word that would mutate it.
//!
//! A translator approves the words; this only holds what a machine can: after a word that mutates,
//! a value begins with a figure, is a name, or is a court ("Llys" keeps its letter after "yn").

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Words after which an initial mutates.
const MUTATING: [&str; 27] = [
    "a", "â", "ag", "am", "ar", "at", "dan", "dros", "drwy", "dwy", "dau", "ei", "fy", "gan",
    "heb", "i", "na", "neu", "o", "pa", "rhwng", "tri", "trwy", "tua", "wrth", "y", "yn",
];

/// Values in the layouts that keep their first letter: figures, names, courts, forces.
const IN_LAYOUTS: [&str; 20] = [
    "court.name.cy",
    "under_part_2_until.cy",
    "application.made_on.cy",
    "certificate.certifier",
    "duration.period.cy",
    "force.cy",
    "given_on.cy",
    "hearing.time.cy",
    "made_on.cy",
    "next_hearing.court.cy",
    "next_hearing.time.cy",
    "notification.suspended_until.cy",
    "number",
    "officer",
    "penalty.indictment_years.cy",
    "replaces.made_on.cy",
    "request.made_on.cy",
    "respondent",
    "respondent.name",
    "until.cy",
];

/// The same in the clauses.
const IN_CLAUSES: [&str; 8] = ["at", "count", "from", "hours", "name", "nights", "pp", "until"];

#[test]
fn no_value_in_a_welsh_layout_stands_after_a_word_that_would_mutate_it() {
    let mut layouts = Vec::new();
    gather(Path::new("templates/orders"), &mut layouts);
    assert!(layouts.len() > 40, "the Welsh layouts were not found");
    let found: BTreeSet<String> = layouts.iter().flat_map(|text| exposed(text, "{{")).collect();
    let unknown: Vec<_> = found.iter().filter(|v| !IN_LAYOUTS.contains(&v.as_str())).collect();
    assert!(found.len() > 10 && unknown.is_empty(), "would mutate: {unknown:?}");
}

#[test]
fn no_value_in_a_welsh_clause_stands_after_a_word_that_would_mutate_it() {
    let clauses = fs::read_to_string("templates/clauses/2026-11.toml").unwrap();
    let mut welsh = false;
    let mut found = BTreeSet::new();
    for line in clauses.lines() {
        if line.starts_with('[') {
            welsh = line.ends_with(".welsh]");
        }
        if welsh {
            found.extend(exposed(line, "{"));
        }
    }
    let unknown: Vec<_> = found.iter().filter(|v| !IN_CLAUSES.contains(&v.as_str())).collect();
    assert!(found.len() > 4 && unknown.is_empty(), "would mutate: {unknown:?}");
}

#[test]
fn a_value_after_a_word_that_mutates_is_found() {
    assert_eq!(exposed("rhwng {{a.cy}} a <strong>{{b.cy}}</strong>", "{{"), ["a.cy", "b.cy"]);
    assert_eq!(exposed("yr orsaf hon: {place}, i {who}", "{"), ["who"]);
}

/// Values that stand right after a word that mutates.
fn exposed(text: &str, open: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(open) {
        let value: String = text[at + open.len()..]
            .chars()
            .take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.'))
            .collect();
        let before = text[..at].trim_end_matches("<strong>");
        let word = before.strip_suffix(' ').and_then(|b| b.rsplit([' ', '>', '“', '(']).next());
        let word = word.unwrap_or_default().to_lowercase();
        if !value.is_empty() && MUTATING.contains(&word.as_str()) {
            found.push(value);
        }
    }
    found
}

/// The Welsh layouts and partials below a folder.
fn gather(folder: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let welsh = path.ends_with("cy.hbs") || path.parent().is_some_and(|p| p.ends_with("cy"));
        if path.is_dir() {
            gather(&path, into);
        } else if welsh {
            into.push(fs::read_to_string(&path).unwrap());
        }
    }
}
