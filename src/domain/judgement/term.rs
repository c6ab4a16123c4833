//! One prohibition or requirement: its words, its place, its days.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::clause::{Clause, Fault, Filled, Parameter, Value, ValueFault, Values};
use crate::domain::draft::{LocalityDraft, TermDraft};
use crate::domain::order::OrderKind;
use crate::domain::sensitive::Sensitive;
use crate::domain::term::{Locality, Source, Term, TermKind, TermNumber, WelshText};
use crate::domain::text::{Marks, Text};
use crate::domain::violation::{Rule, Severity, Violation};

use super::Context;
use super::duration::{Window, day};
use super::faults::{Faults, step};
use super::people::Persons;

/// What each term of one request is held against.
#[derive(Clone, Copy)]
pub(super) struct TermRules<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) kind: OrderKind,
    pub(super) persons: &'a Persons,
    pub(super) window: Window,
    /// In a full order the last day of its minimum period. Stalking Protection Act 2019,
    /// s.3(2)-(3).
    pub(super) earliest_until: Option<Date>,
    /// Whether a Welsh document is asked for.
    pub(super) welsh: bool,
}

/// Where a term stands and which number it will carry.
pub(super) struct Slot {
    pub(super) at: String,
    pub(super) number: TermNumber,
    /// Whether it comes new into the order: in a full one it must then be necessary.
    pub(super) added: bool,
}

/// A term as far as it could be read.
pub(super) struct Judged {
    /// Its pointer.
    pub(super) at: String,
    pub(super) number: TermNumber,
    pub(super) term: Option<Term>,
    /// Terms to which its words refer, each with the pointer of the value that does.
    pub(super) refers: Vec<(String, TermNumber)>,
    pub(super) necessity: Option<Sensitive>,
}

/// The words of a term and what is known of them.
struct Words {
    source: Source,
    text: Text,
    welsh: Option<WelshText>,
    refers: Vec<(String, TermNumber)>,
    deadlines: Vec<(String, Date)>,
}

impl TermRules<'_> {
    /// Reads the term of this slot.
    pub(super) fn judge(&self, slot: Slot, draft: &TermDraft, faults: &mut Faults) -> Judged {
        let Slot { at, number, added } = slot;
        let words = self.words(&at, number.kind, draft, faults);
        let at_locality = step(&at, "locality");
        let locality = match &draft.locality {
            None => Some(Locality::UnitedKingdom),
            Some(locality) => self.locality(&at_locality, locality, faults),
        };
        self.until(&at, draft.until, faults);
        let necessity = self.necessity(&at, added, draft, faults);
        let mut judged = Judged { at, number, term: None, refers: Vec::new(), necessity };
        let Some(words) = words else { return judged };
        self.too_long(&judged.at, &words, faults);
        // What ends sooner asks for nothing after its own end.
        let to = draft.until.into_iter().chain(self.window.to).min();
        for (at, deadline) in words.deadlines {
            Window { to, ..self.window }.holds(deadline, &at, Rule::DeadlineOutsideOrder, faults);
        }
        judged.refers = words.refers;
        judged.term = locality.map(|locality| Term {
            number,
            source: words.source,
            text: words.text,
            welsh: words.welsh,
            locality,
            until: draft.until,
        });
        judged
    }

    /// The words come from a clause or are free, never both.
    fn words(
        &self,
        at: &str,
        kind: TermKind,
        draft: &TermDraft,
        faults: &mut Faults,
    ) -> Option<Words> {
        let Some(name) = draft.clause.as_deref() else {
            if draft.text.is_none() && !draft.broken {
                faults.needed::<()>(&step(at, "clause"), None);
            }
            return self.free(at, draft, faults);
        };
        for (field, stands) in
            [("text", draft.text.is_some()), ("welsh_text", draft.welsh_text.is_some())]
        {
            if stands {
                faults.add(step(at, field), Rule::UnknownField);
            }
        }
        let at_clause = step(at, "clause");
        let Some(clause) = self.context.law.library.find(name) else {
            faults.add(at_clause, Rule::UnknownClause);
            return None;
        };
        if clause.kind != kind {
            let fault = Violation::new(at_clause, Rule::ClauseInWrongList);
            faults.push(fault.with("kind", kind_name(clause.kind)));
        }
        self.filled(at, clause, draft, faults)
    }

    /// Fills the clause: the value rules.
    fn filled(
        &self,
        at: &str,
        clause: &Clause,
        draft: &TermDraft,
        faults: &mut Faults,
    ) -> Option<Words> {
        let people = |letter| self.persons.printed_as(letter);
        let values =
            Values { values: &draft.values, welsh_values: &draft.welsh_values, people: &people };
        let filled = match clause.fill(&values) {
            Ok(filled) => filled,
            Err(found) => {
                let missing = |one: &&ValueFault| draft.broken && one.fault == Fault::Missing;
                for one in found.iter().filter(|one| !missing(one)) {
                    self.value_fault(at, clause, one, faults);
                }
                return None;
            }
        };
        self.welsh_of_clause(at, clause, &filled, faults);
        let at_values = step(at, "values");
        print_values(&at_values, &filled.values, faults);
        print_values(&step(at, "welsh_values"), &filled.welsh_values, faults);
        faults.prints_whole(at, filled.text.clone());
        if let Some(welsh) = &filled.welsh {
            faults.prints_whole(at, welsh.text.clone());
        }
        let place = |parameter: String| step(&at_values, parameter);
        Some(Words {
            source: Source::Clause {
                clause: clause.reference(),
                values: filled.values,
                welsh_values: filled.welsh_values,
            },
            text: filled.text,
            welsh: filled.welsh,
            refers: filled.terms_referred.into_iter().map(|(p, n)| (place(p), n)).collect(),
            deadlines: filled.deadlines.into_iter().map(|(p, d)| (place(p), d)).collect(),
        })
    }

    /// `welsh_text_missing`, `welsh_text_unapproved` of a clause: each text of the caller's own
    /// needs its Welsh.
    fn welsh_of_clause(&self, at: &str, clause: &Clause, filled: &Filled, faults: &mut Faults) {
        let Some(welsh) = filled.welsh.as_ref().filter(|_| self.welsh) else {
            if self.welsh {
                let alone = |p: &&Parameter| {
                    p.is_worded()
                        && filled.values.contains_key(&p.name)
                        && !filled.welsh_values.contains_key(&p.name)
                };
                for parameter in clause.parameters.iter().filter(alone) {
                    let at = step(&step(at, "welsh_values"), &parameter.name);
                    faults.add(at, Rule::WelshTextMissing);
                }
            }
            return;
        };
        if self.context.production && !welsh.approved {
            faults.add(step(at, "clause"), Rule::WelshTextUnapproved);
        }
    }

    /// Free text. Its Welsh words are the court's own, so they count as approved.
    fn free(&self, at: &str, draft: &TermDraft, faults: &mut Faults) -> Option<Words> {
        let read = |field: &str, value: Option<&str>, faults: &mut Faults| {
            let at = step(at, field);
            let text = faults.prose(&at, value);
            if text.as_deref().is_some_and(has_placeholder) {
                faults.add(at, Rule::UnresolvedPlaceholder);
            }
            text
        };
        for (field, values) in [("values", &draft.values), ("welsh_values", &draft.welsh_values)] {
            if !values.is_empty() && !draft.broken {
                faults.add(step(at, field), Rule::UnknownField);
            }
        }
        let text = read("text", draft.text.as_deref(), faults);
        let welsh = read("welsh_text", draft.welsh_text.as_deref(), faults);
        if self.welsh && draft.welsh_text.is_none() && !draft.broken {
            faults.add(step(at, "welsh_text"), Rule::WelshTextMissing);
        }
        Some(Words {
            source: Source::Free,
            text: text?,
            welsh: welsh.map(|text| WelshText { text, approved: true }),
            refers: Vec::new(),
            deadlines: Vec::new(),
        })
    }

    fn value_fault(&self, at: &str, clause: &Clause, found: &ValueFault, faults: &mut Faults) {
        let list = if found.in_welsh { "welsh_values" } else { "values" };
        let mut at = step(&step(at, list), &found.parameter);
        if let Some(index) = found.index {
            at = step(&at, index);
        }
        let fault = |rule| Violation::new(at.clone(), rule);
        match &found.fault {
            // A person of the request whose name could not be read, or no person at all: that is
            // named there.
            Fault::UnknownPerson(letter) if self.persons.has(*letter) => {}
            Fault::UnknownPerson(_) if self.persons.is_empty() => {}
            Fault::Missing => {
                let expected = clause.parameter(&found.parameter).map(|p| p.kind.name());
                faults.push(match expected {
                    Some(expected) => fault(Rule::MissingValue).with("expected", expected),
                    None => fault(Rule::MissingValue),
                });
            }
            Fault::Unknown => {
                let names: Vec<_> = clause.parameters.iter().map(|p| p.name.as_str()).collect();
                let fault = fault(Rule::UnknownValue);
                let none = names.is_empty();
                faults.push(if none { fault } else { fault.with("allowed", names.join(", ")) });
            }
            Fault::Type { expected } => {
                faults.push(fault(Rule::ValueType).with("expected", expected));
            }
            Fault::Range { min, max } => {
                faults.push(fault(Rule::ValueOutOfRange).with("min", min).with("max", max));
            }
            Fault::Empty => faults.push(fault(Rule::Empty)),
            Fault::SameTime => {
                faults.push(fault(Rule::ValueOutOfRange).with("limit", "same_time"));
            }
            Fault::Midnight => {
                faults.push(fault(Rule::ValueOutOfRange).with("limit", "midnight"));
            }
            Fault::Unprintable(why) => faults.unprintable(at, why),
            Fault::UnknownPerson(_) => faults.push(fault(Rule::UnknownProtectedPerson)),
            Fault::Placeholder => faults.push(fault(Rule::UnresolvedPlaceholder)),
        }
    }

    /// `term_too_long`, for each language.
    fn too_long(&self, at: &str, words: &Words, faults: &mut Faults) {
        let max = self.context.law.profile.term_longest();
        let free = matches!(words.source, Source::Free);
        let welsh = words.welsh.as_ref().map(|welsh| &welsh.text);
        for (field, text) in [("text", Some(&words.text)), ("welsh_text", welsh)] {
            let length = text.map_or(0, |text| text.chars().count());
            if length > max {
                let at = if free { step(at, field) } else { at.to_owned() };
                let fault = Violation::new(at, Rule::TermTooLong);
                faults.push(fault.with("length", length).with("max", max));
            }
        }
    }

    /// `term_period_outside_order`, `term_minimum_period`.
    fn until(&self, at: &str, until: Option<Date>, faults: &mut Faults) {
        let Some(until) = until else { return };
        let at = step(at, "until");
        self.window.holds(until, &at, Rule::TermPeriodOutsideOrder, faults);
        let Some(earliest) = self.earliest_until.filter(|earliest| until < *earliest) else {
            return;
        };
        let mut fault = Violation::new(at, Rule::TermMinimumPeriod);
        if self.context.law.profile.term_minimum().confirmed {
            fault.severity = Severity::Error;
        }
        faults.push(fault.with("earliest", day(earliest)));
    }

    fn locality(&self, at: &str, draft: &LocalityDraft, faults: &mut Faults) -> Option<Locality> {
        let at_welsh = step(at, "welsh_description");
        let description =
            faults.needed_text(&step(at, "description"), draft.description.as_deref());
        let welsh_description = faults.text(&at_welsh, draft.welsh_description.as_deref());
        if self.welsh && draft.welsh_description.is_none() {
            faults.add(at_welsh, Rule::WelshTextMissing);
        }
        Some(Locality::Limited { description: description?, welsh_description })
    }

    /// `necessity_required`. Stalking Protection Act 2019, s.2(2) and s.4(4)(a); s.5(3) asks no
    /// such thing of an interim order.
    fn necessity(
        &self,
        at: &str,
        added: bool,
        draft: &TermDraft,
        faults: &mut Faults,
    ) -> Option<Sensitive> {
        let given = draft.necessity.as_ref().filter(|why| !why.reveal().trim().is_empty());
        let required = added && self.kind == OrderKind::FullOrder && !draft.broken;
        if given.is_none() && required {
            faults.add(step(at, "necessity"), Rule::NecessityRequired);
        } else if let Some(why) = &draft.necessity {
            faults.kept(&step(at, "necessity"), why, Marks::Term);
        }
        given.cloned()
    }
}

/// The texts among the values, each at its own pointer.
fn print_values(at: &str, values: &BTreeMap<String, Value>, faults: &mut Faults) {
    for (parameter, value) in values {
        let at = step(at, parameter);
        match value {
            Value::Text(text) => faults.prints(at, text.clone()),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    faults.prints(step(&at, index), item.clone());
                }
            }
            _ => {}
        }
    }
}

/// Braces, blanks and notes to oneself: what a court pronounces has none.
fn has_placeholder(text: &str) -> bool {
    let note = |word: &str| ["TODO", "TBC", "TBA", "XXX"].contains(&word);
    text.contains(['{', '}'])
        || text.contains("___")
        || text.to_lowercase().contains("[insert")
        || text.split(|c: char| !c.is_alphanumeric()).any(note)
}

const fn kind_name(kind: TermKind) -> &'static str {
    match kind {
        TermKind::Prohibition => "prohibition",
        TermKind::Requirement => "requirement",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::super::sample::{Case, clause, free, full, interim};
    use crate::domain::draft::DurationDraft;
    use crate::domain::order::Language;
    use crate::domain::term::Source;
    use crate::domain::violation::Rule;

    /// An interim order with one more prohibition, its fifth.
    fn with(slug: &str, values: serde_json::Value) -> Case {
        let mut case = interim();
        case.draft.prohibitions.push(clause(slug, values));
        case
    }

    fn with_text(words: &str) -> Case {
        let mut case = interim();
        case.draft.prohibitions.push(free(words));
        case
    }

    #[test]
    fn unknown_clause_by_name_or_version_is_refused() {
        for slug in ["no-such-clause", "no-contact@99"] {
            let case = with(slug, json!({ "pp": "A" }));
            case.refused("/prohibitions/4/clause", Rule::UnknownClause);
        }
        with("no-watching@1", json!({ "pp": "A" })).passes();
    }

    #[test]
    fn a_term_keeps_the_version_of_its_clause() {
        let order = interim().passes();
        let Source::Clause { clause, .. } = &order.terms[0].source else { panic!() };
        assert!(clause.starts_with("no-contact@"));
    }

    #[test]
    fn clause_in_wrong_list_is_refused() {
        let case = with("tell-of-whereabouts", json!({ "officer_role": "an officer" }));
        let fault = case.refused("/prohibitions/4/clause", Rule::ClauseInWrongList);
        assert!(fault.explain().message.contains("requirement"));
    }

    #[test]
    fn missing_value_is_refused_at_its_place() {
        let case = with("keep-distance", json!({ "pp": "A" }));
        case.refused("/prohibitions/4/values/distance", Rule::MissingValue);
    }

    #[test]
    fn unknown_value_is_refused_at_its_place() {
        let case = with("no-watching", json!({ "pp": "A", "from/to": 3 }));
        case.refused("/prohibitions/4/values/from~1to", Rule::UnknownValue);
    }

    #[test]
    fn value_type_of_another_kind_is_refused() {
        let case = with("keep-distance", json!({ "pp": "A", "distance": "far" }));
        case.refused("/prohibitions/4/values/distance", Rule::ValueType);
    }

    #[test]
    fn value_out_of_range_is_refused_with_its_limits() {
        let case = with("keep-distance", json!({ "pp": "A", "distance": 9 }));
        let fault = case.refused("/prohibitions/4/values/distance", Rule::ValueOutOfRange);
        let message = fault.explain().message;
        assert!(message.contains("10") && message.contains("5000"), "{message}");
    }

    #[test]
    fn unresolved_placeholder_in_a_value_or_free_text_is_refused() {
        let case = with("no-entry-premises", json!({ "premises": "{premises}" }));
        case.refused("/prohibitions/4/values/premises", Rule::UnresolvedPlaceholder);
        for words in [
            "You must not enter {place}.",
            "You must not enter TODO.",
            "You must not enter ____.",
            "You must not enter [insert place].",
        ] {
            with_text(words).refused("/prohibitions/4/text", Rule::UnresolvedPlaceholder);
        }
        with_text("You must not enter Mastodon Street.").passes();
    }

    #[test]
    fn unknown_protected_person_in_a_value_is_refused() {
        let case = with("no-watching", json!({ "pp": "C" }));
        case.refused("/prohibitions/4/values/pp", Rule::UnknownProtectedPerson);
    }

    #[test]
    fn unprintable_character_in_a_value_is_refused_at_its_place() {
        let mut case = interim();
        let items = json!(["one tag", "a\u{feff}phone"]);
        case.draft.requirements[0].values.insert("items".to_owned(), items);
        case.refused("/requirements/0/values/items/1", Rule::UnprintableCharacter);
    }

    #[test]
    fn term_too_long_over_2500_characters_is_refused() {
        with_text(&"ŵ".repeat(2_500)).passes();
        let fault =
            with_text(&"ŵ".repeat(2_501)).refused("/prohibitions/4/text", Rule::TermTooLong);
        assert!(fault.explain().message.contains("2501"));
        let case = with("no-entry-premises", json!({ "premises": "x".repeat(2_500) }));
        case.refused("/prohibitions/4", Rule::TermTooLong);
    }

    #[test]
    fn necessity_required_in_a_full_order_alone() {
        let mut case = full();
        case.draft.requirements[1].necessity = None;
        case.refused("/requirements/1/necessity", Rule::NecessityRequired);
        let mut case = interim();
        case.draft.prohibitions[0].necessity = None;
        case.passes();
    }

    #[test]
    fn term_period_outside_order_is_refused_on_either_side() {
        let pointer = "/requirements/2/until";
        for (until, fits) in [
            (date(2026, 11, 1), false),
            (date(2026, 11, 2), true),
            (date(2029, 11, 1), true),
            (date(2029, 11, 2), false),
        ] {
            let mut case = full();
            case.draft.requirements[2].until = Some(until);
            assert_eq!(!case.breaks(pointer, Rule::TermPeriodOutsideOrder), fits, "{until}");
        }
        let mut case = full();
        case.draft.duration = Some(DurationDraft::UntilFurtherOrder);
        case.draft.requirements[2].until = Some(date(2050, 1, 1));
        case.passes();
    }

    #[test]
    fn term_minimum_period_is_a_warning_while_its_reading_is_unconfirmed() {
        let mut case = full();
        case.draft.requirements[2].until = Some(date(2028, 10, 31));
        case.warned("/requirements/2/until", Rule::TermMinimumPeriod);
        let mut case = interim();
        case.draft.requirements[0].until = Some(date(2026, 12, 1));
        case.silent_on("/requirements/0/until", Rule::TermMinimumPeriod);
    }

    #[test]
    fn term_minimum_period_is_refused_once_its_reading_is_confirmed() {
        let facts = include_str!("../data/law-england-wales.toml");
        let (before, after) = facts.split_once("[term_minimum]").unwrap();
        let confirmed = after.replacen("confirmed = false", "confirmed = true", 1);
        let facts = format!("{before}[term_minimum]{confirmed}");
        let mut case = full();
        case.law.profile = Box::leak(Box::new(toml::from_str(&facts).unwrap()));
        case.draft.requirements[2].until = Some(date(2028, 10, 31));
        case.refused("/requirements/2/until", Rule::TermMinimumPeriod);
    }

    #[test]
    fn value_out_of_range_where_a_time_ends_when_it_begins() {
        let pointer = "/prohibitions/10/values/to";
        let until = |to: &str| {
            let mut case = full();
            case.draft.prohibitions[10].values.insert("to".to_owned(), json!(to));
            case
        };
        until("07:30").refused(pointer, Rule::ValueOutOfRange);
        // Through the night.
        until("07:29").silent_on(pointer, Rule::ValueOutOfRange);
    }

    #[test]
    fn a_value_of_no_characters_is_empty() {
        let case = with("no-entry-premises", json!({ "premises": "" }));
        case.refused("/prohibitions/4/values/premises", Rule::Empty);
    }

    #[test]
    fn value_out_of_range_where_midnight_leaves_the_day_open() {
        let pointer = "/requirements/0/values/by";
        for (by, fits) in [
            ("2026-11-23T00:00:00+00:00", false),
            ("2026-11-23T01:00:00+01:00", false),
            ("2026-11-23T00:01:00+00:00", true),
            ("2026-11-22T23:59:00+00:00", true),
        ] {
            let mut case = interim();
            case.draft.requirements[0].values.insert("by".to_owned(), json!(by));
            assert_eq!(!case.breaks(pointer, Rule::ValueOutOfRange), fits, "{by}");
        }
    }

    #[test]
    fn deadline_outside_order_where_it_falls_after_the_end_of_its_own_term() {
        let pointer = "/requirements/0/values/by";
        let mut case = interim();
        case.draft.requirements[0].until = Some(date(2026, 11, 17));
        let fault = case.refused(pointer, Rule::DeadlineOutsideOrder);
        assert!(fault.explain().message.contains("17 November 2026"));
        case.draft.requirements[0].until = Some(date(2026, 11, 18));
        case.silent_on(pointer, Rule::DeadlineOutsideOrder);
    }

    #[test]
    fn deadline_outside_order_is_refused_on_either_side() {
        let pointer = "/requirements/0/values/by";
        for (by, fits) in [
            ("2026-11-15T17:00:00+00:00", false),
            ("2026-11-16T17:00:00+00:00", true),
            ("2027-01-15T23:00:00+00:00", true),
            ("2027-01-16T00:01:00+00:00", false),
        ] {
            let mut case = interim();
            case.draft.requirements[0].values.insert("by".to_owned(), json!(by));
            assert_eq!(!case.breaks(pointer, Rule::DeadlineOutsideOrder), fits, "{by}");
        }
    }

    #[test]
    fn welsh_text_missing_wherever_the_request_brings_words() {
        let mut case = full();
        case.draft.language = Some(Language::Cy);
        for pointer in [
            "/prohibitions/2/welsh_values/matter",
            "/prohibitions/10/welsh_values/stop_a",
            "/prohibitions/11/welsh_text",
            "/prohibitions/10/locality/welsh_description",
            "/hearing/welsh_bench",
        ] {
            case.refused(pointer, Rule::WelshTextMissing);
        }
        case.draft.language = Some(Language::En);
        case.passes();
    }

    #[test]
    fn welsh_text_unapproved_is_refused_in_production_and_let_stand_in_test() {
        let mut case = interim();
        case.only_free_terms();
        case.draft.prohibitions[0] = clause("no-following", json!({ "pp": "A" }));
        case.draft.language = Some(Language::Bilingual);
        case.draft.hearing.as_mut().unwrap().welsh_bench = Some("Dau ynad heddwch".to_owned());
        case.passes();
        case.production = true;
        case.law.welsh_layouts_approved = true;
        case.refused("/prohibitions/0/clause", Rule::WelshTextUnapproved);
        case.silent_on("/language", Rule::WelshTextUnapproved);
    }

    #[test]
    fn a_term_of_both_a_clause_and_free_text_is_refused() {
        let mut case = interim();
        case.draft.prohibitions[1].text = Some("You must not follow.".to_owned());
        case.refused("/prohibitions/1/text", Rule::UnknownField);
    }

    #[test]
    fn a_term_broken_in_its_shape_is_not_called_empty() {
        let mut case = full();
        case.draft.prohibitions[0] =
            crate::domain::draft::TermDraft { broken: true, ..Default::default() };
        let judgement = case.judge();
        assert!(judgement.outcome.is_none());
        assert_eq!(judgement.errors, []);
    }
}
