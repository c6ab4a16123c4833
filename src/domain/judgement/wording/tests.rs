//! The labelled terms of `tests/wording/`, with the figures of each warning, and where each points.
//!
//! `cargo test --lib labelled -- --nocapture` prints the figures. What the checks get wrong in the
//! half by which they are set is printed too; of the other half only the figures are, unless
//! `held_out_faults` is asked for by name.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use jiff::civil::Time;
use serde::Deserialize;
use serde_json::Value as Json;

use super::super::sample::{Case, Request, add, amend, clause, free, full};
use crate::domain::calendar::Weekday;
use crate::domain::draft::{CommitmentDraft, LocalityDraft, TermDraft};
use crate::domain::order::Practicable;
use crate::domain::people::CommitmentKind;
use crate::domain::term::TermKind;
use crate::domain::violation::Rule;

/// The warnings that one term gives by itself.
const ALONE: [&str; 5] = [
    "vague_term",
    "compound_term",
    "zone_discloses_home",
    "distance_without_point",
    "mixed_script",
];

/// Those that it gives beside something else.
const BESIDE: [&str; 4] =
    ["place_inside_zone", "time_conflict", "contradicting_terms", "duplicate_term"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    terms: Vec<Labelled>,
}

/// A term and, where it stands alone, its warnings.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Labelled {
    kind: Option<String>,
    text: Option<String>,
    welsh: Option<String>,
    clause: Option<String>,
    values: BTreeMap<String, Json>,
    locality: Option<String>,
    expect: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Orders {
    order: Vec<WholeOrder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeOrder {
    half: String,
    #[serde(default)]
    prohibitions: Vec<Labelled>,
    #[serde(default)]
    requirements: Vec<Labelled>,
    #[serde(default)]
    commitments: Vec<Declared>,
    #[serde(default)]
    not_practicable: Vec<String>,
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    kind: String,
    days: Vec<String>,
    from: String,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: String,
    at: String,
}

impl Labelled {
    fn draft(&self) -> TermDraft {
        let plain = match self.kind.as_deref() {
            Some("R") => "You must attend Example House on 1 December 2026 at 10:00.",
            _ => "You must not enter Mill Lane.",
        };
        let mut draft = match &self.clause {
            Some(slug) => clause(slug, serde_json::to_value(&self.values).unwrap()),
            None => free(self.text.as_deref().unwrap_or(plain)),
        };
        draft.welsh_text = self.welsh.clone();
        let place = |place: &String| LocalityDraft {
            description: Some(place.clone()),
            welsh_description: None,
        };
        draft.locality = self.locality.as_ref().map(place);
        draft
    }

    fn is_requirement(&self) -> bool {
        let requirement = ["surrender-items", "attend-programme"];
        self.kind.as_deref() == Some("R")
            || self.clause.as_deref().is_some_and(|slug| requirement.contains(&slug))
    }

    fn said(&self) -> String {
        let values = self.values.values().map(Json::to_string).collect::<Vec<_>>().join(" ");
        [self.text.as_deref(), self.welsh.as_deref(), self.locality.as_deref(), Some(&values)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" | ")
    }
}

/// Right, wrong and missed, by rule.
#[derive(Default)]
struct Tally(BTreeMap<String, [u32; 3]>);

impl Tally {
    fn count(&mut self, rule: &str, expected: bool, found: bool) {
        let cells = self.0.entry(rule.to_owned()).or_default();
        match (expected, found) {
            (true, true) => cells[0] += 1,
            (false, true) => cells[1] += 1,
            (true, false) => cells[2] += 1,
            (false, false) => {}
        }
    }

    /// Prints each rule; fails where one is below the floors.
    fn floors(&self, half: &str, precision: f64, recall: f64) {
        self.floor_of_all(half, precision, recall);
        for (rule, cells) in &self.0 {
            let (p, r) = figures(*cells);
            assert!(p >= precision && r >= recall, "{half} {rule}: {p:.2} {r:.2}");
        }
    }

    /// Prints each rule; fails where all together are below the floors.
    fn floor_of_all(&self, half: &str, precision: f64, recall: f64) {
        let mut all = [0; 3];
        for (rule, cells) in &self.0 {
            print(half, rule, *cells);
            all.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += cell);
        }
        print(half, "all", all);
        let (p, r) = figures(all);
        assert!(p >= precision && r >= recall, "{half}: {p:.2} {r:.2}");
    }
}

fn figures([right, wrong, missed]: [u32; 3]) -> (f64, f64) {
    let part = |of: u32| if of == 0 { 1.0 } else { f64::from(right) / f64::from(of) };
    (part(right + wrong), part(right + missed))
}

fn print(half: &str, rule: &str, cells: [u32; 3]) {
    let (precision, recall) = figures(cells);
    let [right, wrong, missed] = cells;
    // Past the harness, which keeps what a passing test prints to itself.
    let _ = writeln!(
        std::io::stderr(),
        "{half:9} {rule:24} precision {precision:.2} recall {recall:.2} \
         (right {right}, wrong {wrong}, missed {missed})"
    );
}

/// The warnings of one term by itself.
fn alone(term: &Labelled) -> BTreeSet<String> {
    let mut case = full();
    case.draft.prohibitions.clear();
    case.draft.requirements.clear();
    match term.is_requirement() {
        true => case.draft.requirements.push(term.draft()),
        false => case.draft.prohibitions.push(term.draft()),
    }
    let judgement = case.judge();
    assert_eq!(judgement.errors, [], "{}", term.said());
    let found = judgement.warnings.iter().map(|warning| warning.rule.name().to_owned());
    found.filter(|rule| ALONE.contains(&rule.as_str())).collect()
}

fn tally(source: &str) -> (Tally, Vec<String>, usize) {
    let labelled: Terms = toml::from_str(source).unwrap();
    let mut tally = Tally::default();
    let mut faults = Vec::new();
    for term in &labelled.terms {
        let found = alone(term);
        let expected: BTreeSet<_> = term.expect.iter().cloned().collect();
        for rule in ALONE {
            tally.count(rule, expected.contains(rule), found.contains(rule));
        }
        if found != expected {
            faults.push(format!("{}\n  expected {expected:?}, found {found:?}", term.said()));
        }
    }
    (tally, faults, labelled.terms.len())
}

const TUNE: &str = include_str!("../../../../tests/wording/tune.toml");
const HELD_OUT: &str = include_str!("../../../../tests/wording/held_out.toml");
const TUNE_2: &str = include_str!("../../../../tests/wording/tune_2.toml");
const FRESH: &str = include_str!("../../../../tests/wording/fresh.toml");
const FRESH_ORDERS: &str = include_str!("../../../../tests/wording/fresh_orders.toml");
const ORDERS: &str = include_str!("../../../../tests/wording/orders.toml");

#[test]
fn labelled_terms_of_the_tuning_half_are_told_apart() {
    let (tally, faults, count) = tally(TUNE);
    assert!(count >= 100);
    show(&faults);
    tally.floors("tune", 0.9, 0.85);
}

#[test]
fn labelled_terms_of_the_held_out_half_are_told_apart() {
    let (tally, _, count) = tally(HELD_OUT);
    assert!(count >= 100);
    tally.floors("held out", 0.9, 0.85);
}

#[test]
fn labelled_terms_of_the_second_tuning_set_are_told_apart() {
    let (tally, faults, _) = tally(TUNE_2);
    show(&faults);
    tally.floors("tune 2", 0.9, 0.85);
}

#[test]
fn labelled_terms_written_after_the_checks_are_told_apart() {
    let (tally, _, count) = tally(FRESH);
    assert!(count >= 60);
    // As met at the first run; of some rules it holds too few terms for a floor of their own.
    tally.floor_of_all("fresh", 0.9, 0.85);
}

#[test]
#[ignore = "shows what the checks must not be set by"]
fn held_out_faults() {
    show(&tally(HELD_OUT).1);
    show(&tally(FRESH).1);
}

fn show(faults: &[String]) {
    faults.iter().for_each(|fault| println!("{fault}"));
}

impl WholeOrder {
    fn case(&self) -> Case {
        let mut case = full();
        case.draft.prohibitions = self.prohibitions.iter().map(Labelled::draft).collect();
        case.draft.requirements = self.requirements.iter().map(Labelled::draft).collect();
        case.respondent().commitments = self.commitments.iter().map(Declared::draft).collect();
        let conflict = case.draft.avoids_conflict.as_mut().unwrap();
        conflict.reason = Some("The only hours that the provider has.".to_owned());
        for kind in &self.not_practicable {
            let answer = match kind.as_str() {
                "work" => &mut conflict.work,
                "education" => &mut conflict.education,
                _ => &mut conflict.religious_belief,
            };
            *answer = Some(Practicable::NotPracticable);
        }
        case
    }

    fn found(&self) -> BTreeSet<(String, String)> {
        let judgement = self.case().judge();
        let of = |rule: Rule| BESIDE.contains(&rule.name());
        let found = judgement.errors.iter().chain(&judgement.warnings).filter(|f| of(f.rule));
        found.map(|fault| (fault.rule.name().to_owned(), fault.pointer.clone())).collect()
    }
}

impl Declared {
    fn draft(&self) -> CommitmentDraft {
        let kind = match self.kind.as_str() {
            "work" => CommitmentKind::Work,
            "worship" => CommitmentKind::Worship,
            _ => CommitmentKind::Education,
        };
        let time = |text: &str| text.parse::<Time>().ok();
        CommitmentDraft {
            kind: Some(kind),
            days: self.days.iter().map(|day| Weekday::named(day).unwrap()).collect(),
            from: time(&self.from),
            to: time(&self.to),
        }
    }
}

fn whole_orders(source: &str, half: &str) -> (Tally, Vec<String>) {
    let orders: Orders = toml::from_str(source).unwrap();
    let mut tally = Tally::default();
    let mut faults = Vec::new();
    for (index, order) in orders.order.iter().enumerate().filter(|(_, one)| one.half == half) {
        let found = order.found();
        let expected = order.expect.iter().map(|one| (one.rule.clone(), one.at.clone()));
        let expected: BTreeSet<_> = expected.collect();
        for one in found.union(&expected) {
            tally.count(&one.0, expected.contains(one), found.contains(one));
        }
        if found != expected {
            faults.push(format!("order {index}: expected {expected:?}, found {found:?}"));
        }
    }
    (tally, faults)
}

#[test]
fn labelled_orders_of_the_tuning_half_are_told_apart() {
    let (tally, faults) = whole_orders(ORDERS, "tune");
    show(&faults);
    tally.floors("tune", 0.9, 0.85);
}

#[test]
fn labelled_orders_of_the_held_out_half_are_told_apart() {
    whole_orders(ORDERS, "held_out").0.floors("held out", 0.9, 0.85);
}

#[test]
fn labelled_orders_written_after_the_checks_are_told_apart() {
    let (tally, faults) = whole_orders(FRESH_ORDERS, "fresh");
    show(&faults);
    tally.floors("fresh", 0.9, 0.85);
}

fn pushed(kind: TermKind, terms: &[TermDraft]) -> Case {
    let mut case = full();
    let list = match kind {
        TermKind::Prohibition => &mut case.draft.prohibitions,
        TermKind::Requirement => &mut case.draft.requirements,
    };
    list.extend_from_slice(terms);
    case
}

#[test]
fn vague_term_is_warned_of_where_it_stands_and_named() {
    let mut term = free("You must not annoy N.T.M.");
    term.welsh_text = Some("Rhaid i chi beidio â chysylltu â N.T.M. ac ati.".to_owned());
    let case = pushed(TermKind::Prohibition, &[term]);
    let fault = case.warned("/prohibitions/12/text", Rule::VagueTerm);
    assert!(fault.explain().message.contains("annoy"));
    let fault = case.warned("/prohibitions/12/welsh_text", Rule::VagueTerm);
    assert!(fault.explain().message.contains("ac ati"));
}

#[test]
fn the_words_of_the_library_are_never_warned_of() {
    for clause in crate::domain::clause::Library::builtin().clauses() {
        let mut draft = clause_draft(clause);
        let kind = clause.kind;
        // Only the library's own words stand in it.
        draft.locality = None;
        if clause.parameters.iter().any(|parameter| parameter.is_worded()) {
            continue;
        }
        let case = pushed(kind, &[draft]);
        let judgement = case.judge();
        let found = judgement.warnings.iter().filter(|one| ALONE.contains(&one.rule.name()));
        assert_eq!(found.count(), 0, "{}", clause.slug);
    }
}

#[test]
fn no_sample_of_the_library_is_warned_of() {
    for clause in crate::domain::clause::Library::builtin().clauses() {
        let case = pushed(clause.kind, &[clause_draft(clause)]);
        let judgement = case.judge();
        let found: Vec<_> =
            judgement.warnings.iter().filter(|one| ALONE.contains(&one.rule.name())).collect();
        assert!(found.is_empty(), "{}: {found:?}", clause.slug);
    }
}

fn clause_draft(clause: &crate::domain::clause::Clause) -> TermDraft {
    let sample = &clause.sample;
    let mut draft = super::super::sample::clause(&clause.slug, Json::Object(Default::default()));
    draft.values = sample.values.clone();
    draft.welsh_values = sample.welsh_values.clone();
    draft
}

#[test]
fn a_warning_of_a_list_points_at_its_item() {
    let software = serde_json::json!({ "software": ["any camera app", "similar programs"] });
    let case = pushed(TermKind::Prohibition, &[clause("no-anonymising-software", software)]);
    case.warned("/prohibitions/12/values/software/1", Rule::VagueTerm);
    case.silent_on("/prohibitions/12/values/software/0", Rule::VagueTerm);
}

#[test]
fn zone_discloses_home_does_not_mind_the_home_of_the_respondent() {
    let mut case = full();
    let mut term = free("You must not leave 99 Specimen Row between 21:00 and 06:00.");
    term.locality = None;
    case.draft.prohibitions.push(term);
    case.warned("/prohibitions/12/text", Rule::ZoneDisclosesHome);
    case.respondent().no_fixed_abode = None;
    case.respondent().address = Some(crate::domain::draft::AddressDraft {
        lines: vec!["99 Specimen Row".to_owned(), "Leeds".to_owned()],
        postcode: None,
    });
    case.silent_on("/prohibitions/12/text", Rule::ZoneDisclosesHome);
}

#[test]
fn mixed_script_of_a_name_is_warned_of_also_where_it_is_not_printed() {
    let mut case = full();
    case.respondent().family_name = Some("Wz\u{f3}\u{440}".to_owned());
    case.draft.protected_persons[0].name =
        Some(crate::domain::sensitive::Sensitive::new("\u{410}nna Sampl"));
    case.warned("/respondent/family_name", Rule::MixedScript);
    case.warned("/protected_persons/0/name", Rule::MixedScript);
    case.silent_on("/protected_persons/1/name", Rule::MixedScript);
}

#[test]
fn compound_term_is_acknowledged_by_its_pointer() {
    let term = free("You must not enter Mill Lane and you must not follow N.T.M.");
    let mut case = pushed(TermKind::Prohibition, &[term]);
    let pointer = "/prohibitions/12/text";
    case.warned(pointer, Rule::CompoundTerm);
    case.draft.acknowledged.push(crate::domain::draft::AcknowledgementDraft {
        rule: Some("compound_term".to_owned()),
        pointer: Some(pointer.to_owned()),
        reason: Some("The court heard both together.".to_owned()),
    });
    case.silent_on(pointer, Rule::CompoundTerm);
    let judgement = case.judge();
    assert!(judgement.unused_acknowledgements.is_empty());
    assert_eq!(judgement.acknowledged.len(), 1);
}

fn vary(changes: Vec<crate::domain::draft::ChangeDraft>) -> Request {
    let mut request = Request::of(full());
    request.draft.changes = changes;
    request
}

#[test]
fn distance_without_point_of_an_amended_term_is_warned_of_in_its_change() {
    let term = free("You must keep 100 metres away.");
    let request = vary(vec![amend("P4", term.clone())]);
    request.warned("/changes/0/term/text", Rule::DistanceWithoutPoint);
    let request = vary(vec![add(TermKind::Prohibition, term)]);
    request.warned("/changes/0/term/text", Rule::DistanceWithoutPoint);
}

#[test]
fn place_inside_zone_of_a_variation_points_at_what_is_new() {
    let zone = free("You must not enter Cardiff Bay Police Station.");
    let request = vary(vec![add(TermKind::Prohibition, zone)]);
    let fault = request.warned("/changes/0/term", Rule::PlaceInsideZone);
    assert!(fault.explain().message.contains("R3"));
    let assessment = serde_json::json!({
        "provider": "the health board",
        "place": "Example House, Cardiff",
        "at": "2026-11-24T09:30:00+00:00",
    });
    let mut base = full();
    base.draft.prohibitions.push(free("You must not enter Example House."));
    base.draft.requirements.clear();
    let mut request = Request::of(base);
    let added = clause("substance-assessment", assessment);
    request.draft.changes = vec![add(TermKind::Requirement, added)];
    request.warned("/changes/0/term/values/place", Rule::PlaceInsideZone);
}

#[test]
fn contradicting_terms_of_a_variation_and_those_that_stay_are_warned_of() {
    let nearer = clause("keep-distance", serde_json::json!({ "distance": 50, "pp": "A" }));
    let request = vary(vec![add(TermKind::Prohibition, nearer.clone())]);
    let fault = request.warned("/changes/0/term", Rule::ContradictingTerms);
    assert!(fault.explain().message.contains("P4"));
    vary(vec![amend("P4", nearer)]).silent_on("/changes/0/term", Rule::ContradictingTerms);
}

#[test]
fn contradicting_terms_are_those_that_the_library_keeps_apart() {
    let history = clause("keep-browsing-history", serde_json::json!({}));
    let delete = serde_json::json!({ "by": "2026-11-30", "items": ["the page called Specimen"] });
    let mut case = full();
    case.draft.prohibitions.push(history);
    case.draft.requirements.push(clause("delete-material", delete));
    case.warned("/requirements/3", Rule::ContradictingTerms);
}

#[test]
fn time_conflict_of_corrected_commitments_is_warned_of_beside_a_term_that_stays() {
    let mut respondent = full().draft.respondent.unwrap();
    let days = vec![Weekday::Monday];
    respondent.commitments = vec![CommitmentDraft {
        kind: Some(CommitmentKind::Work),
        days,
        from: "16:00".parse().ok(),
        to: "20:00".parse().ok(),
    }];
    let respondent = Box::new(respondent);
    let change = crate::domain::draft::ChangeDraft::CorrectRespondent { respondent, reason: None };
    let request = vary(vec![change]);
    let fault = request.warned("/changes/0/respondent/commitments/0", Rule::TimeConflict);
    assert!(fault.explain().message.contains("work"));
}

#[test]
fn duplicate_term_is_found_in_whatever_order_its_list_stands() {
    let sign_on = |days: [&str; 2]| {
        let values = serde_json::json!({
            "police_station": "Example House",
            "from": "10:00",
            "to": "11:00",
            "days": days,
        });
        clause("sign-on", values)
    };
    let (one, other) = (sign_on(["monday", "friday"]), sign_on(["friday", "monday"]));
    let case = pushed(TermKind::Requirement, &[one.clone(), other.clone()]);
    case.refused("/requirements/4", Rule::DuplicateTerm);
    let mut request = Request::of(pushed(TermKind::Requirement, &[one]));
    request.draft.changes = vec![add(TermKind::Requirement, other)];
    request.refused("/changes/0/term", Rule::DuplicateTerm);
}

#[test]
fn a_term_that_keeps_the_respondent_at_home_and_one_that_sends_them_out_are_contradicting_terms() {
    let curfew = free("You must not leave your home between 16:00 and 20:00.");
    let case = pushed(TermKind::Prohibition, &[curfew]);
    let fault = case.warned("/requirements/2", Rule::ContradictingTerms);
    assert!(fault.explain().message.contains("P13"));
    let later = free("You must not leave your home between 21:00 and 06:00.");
    let case = pushed(TermKind::Prohibition, &[later]);
    case.silent_on("/requirements/2", Rule::ContradictingTerms);
}
