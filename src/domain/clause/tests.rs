//! The library held against its own samples and the words of `clauses.md`.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::fill::names;
use super::*;
use crate::domain::term::{Locality, Source, Term};
use crate::domain::text::{Marks, UnprintableReason};

type Map = BTreeMap<String, Json>;

fn person(letter: char) -> Option<Text> {
    let name = match letter {
        'A' => "N.T.M.",
        'B' => "Gwenllïan Sampl",
        _ => return None,
    };
    Text::parse(name, Marks::Name).ok()
}

fn map(json: Json) -> Map {
    serde_json::from_value(json).unwrap()
}

fn fill_both(slug: &str, values: Json, welsh: Json) -> Result<Filled, Vec<ValueFault>> {
    let clause = Library::builtin().find(slug).unwrap();
    let (values, welsh_values) = (map(values), map(welsh));
    clause.fill(&Values { values: &values, welsh_values: &welsh_values, people: &person })
}

fn fill(slug: &str, values: Json) -> Result<Filled, Vec<ValueFault>> {
    fill_both(slug, values, json!({}))
}

fn text(slug: &str, values: Json) -> String {
    fill(slug, values).unwrap().text.to_string()
}

fn faults(slug: &str, values: Json) -> Vec<(String, Option<usize>, Fault)> {
    let found = fill(slug, values).unwrap_err();
    found.into_iter().map(|f| (f.parameter, f.index, f.fault)).collect()
}

fn fault(slug: &str, values: Json) -> Fault {
    let found = faults(slug, values);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap().2
}

#[test]
fn what_is_forbidden_is_joined_by_or_and_what_is_required_by_and() {
    let said = text("no-anonymising-software", json!({ "software": ["Tor", "a VPN"] }));
    assert_eq!(said, "You must not use Tor or a VPN on any device.");
    let by = "2026-11-18T17:00:00+00:00";
    let values = json!({ "by": by, "police_station": "Otley", "items": ["one tag", "one key"] });
    assert!(text("surrender-items", values).ends_with("one tag and one key."));
}

#[test]
fn every_clause_of_the_first_edition_is_in_the_library() {
    let library = Library::builtin();
    let count = |kind| library.clauses().iter().filter(|c| c.kind == kind).count();
    assert_eq!(library.version(), "2026-11");
    assert_eq!(count(TermKind::Prohibition), 27);
    assert_eq!(count(TermKind::Requirement), 18);
    let mut slugs: Vec<_> = library.clauses().iter().map(|c| &c.slug).collect();
    slugs.sort();
    slugs.dedup();
    assert_eq!(slugs.len(), library.clauses().len());
}

#[test]
fn every_sample_fills_its_clause_in_both_languages() {
    for clause in Library::builtin().clauses() {
        let filled = clause.fill(&Values {
            values: &clause.sample.values,
            welsh_values: &clause.sample.welsh_values,
            people: &person,
        });
        let filled = filled.unwrap_or_else(|faults| panic!("{}: {faults:?}", clause.slug));
        let welsh = filled.welsh.unwrap_or_else(|| panic!("{} lacks Welsh", clause.slug));
        for text in [&filled.text, &welsh.text] {
            assert!(!text.contains(['{', '}']), "{text}");
            assert!(text.ends_with('.') && !text.ends_with(".."), "{text}");
            assert!(!text.contains("  ") && !text.contains(" ."), "{text}");
        }
        assert!(filled.text.starts_with("You must ") || filled.text.contains(" you must "));
        assert!(!welsh.approved, "no translator has approved {}", clause.slug);
    }
}

#[test]
fn words_in_both_languages_hold_exactly_the_parameters() {
    for clause in Library::builtin().clauses() {
        let wanted = clause.parameters.iter().map(|p| p.name.clone()).collect();
        assert_eq!(names(&clause.words), wanted, "{}", clause.slug);
        assert_eq!(names(&clause.welsh.words), wanted, "{}", clause.slug);
    }
}

#[test]
fn plain_words_hold_every_parameter_and_questions_no_other() {
    for clause in Library::builtin().clauses() {
        let wanted: BTreeSet<_> = clause.parameters.iter().map(|p| p.name.clone()).collect();
        assert_eq!(names(&clause.plain), wanted, "{}", clause.slug);
        assert_eq!(names(&clause.welsh.plain), wanted, "{}", clause.slug);
        for question in [&clause.question, &clause.welsh.question] {
            assert!(names(question).is_subset(&wanted), "{question}");
        }
        assert_eq!(names(&clause.question), names(&clause.welsh.question), "{}", clause.slug);
        let person: BTreeSet<_> = names(&clause.words).intersection(&asked()).cloned().collect();
        assert!(person.is_subset(&names(&clause.question)), "{}", clause.question);
    }
}

/// What no question may leave out: of whom, where and when.
fn asked() -> BTreeSet<String> {
    let named = ["pp", "place", "premises", "boundary", "from", "to", "days", "by", "at", "until"];
    named.map(str::to_owned).into()
}

#[test]
fn plain_words_forbid_what_is_forbidden_and_demand_what_is_demanded() {
    let demands = ["Give ", "Go ", "Hand ", "Let ", "Sign ", "Tell ", "Delete "].map(str::to_owned);
    for clause in Library::builtin().clauses() {
        let forbids = clause.plain.starts_with("Do not ");
        // A deadline may come first, so that no place stands between it and what is to be done.
        let late = clause.plain.strip_prefix("By {by}, ").map(|rest| rest.replacen('h', "H", 1));
        let plain = late.as_deref().unwrap_or(&clause.plain);
        let demanded = demands.iter().any(|verb| plain.starts_with(verb));
        let welsh = clause.welsh.plain.starts_with("Peidiwch â ")
            || clause.welsh.plain.starts_with("Peidiwch ag ");
        let right = match clause.kind {
            TermKind::Prohibition => forbids && welsh,
            TermKind::Requirement => demanded && !forbids && !welsh,
        };
        assert!(right, "{}: {}", clause.slug, clause.plain);
        // It goes on from "Has the person": YES is a breach of either kind.
        let failed = clause.question.starts_with("failed to ");
        assert_eq!(failed, clause.kind == TermKind::Requirement, "{}", clause.question);
        let failed = clause.welsh.question.starts_with("methu â ")
            || clause.welsh.question.starts_with("methu ag ");
        assert_eq!(failed, clause.kind == TermKind::Requirement, "{}", clause.welsh.question);
        assert_eq!(clause.question.matches('?').count(), 1, "{}", clause.question);
        assert_eq!(clause.welsh.question.matches('?').count(), 1, "{}", clause.welsh.question);
    }
}

#[test]
fn plain_words_lay_nobody_under_anothers_orders_at_large() {
    // A term tells of one duty; to obey somebody in all that they say is another.
    for clause in Library::builtin().clauses() {
        for (plain, at_large) in [(&clause.plain, "Do as "), (&clause.welsh.plain, "Gwnewch fel ")]
        {
            assert!(!plain.contains(at_large), "{}: {plain}", clause.slug);
        }
    }
}

#[test]
fn plain_words_use_the_defined_words_of_the_term() {
    let library = Library::builtin();
    for clause in library.clauses() {
        let used = |text: &str| -> Vec<String> {
            library.definitions_used([text]).iter().map(|d| d.word.clone()).collect()
        };
        let plain = used(&clause.plain);
        let words = used(&clause.words);
        assert!(plain.iter().all(|word| words.contains(word)), "{}: {plain:?}", clause.slug);
    }
}

#[test]
fn every_sample_is_told_in_both_languages_with_the_same_values() {
    for clause in Library::builtin().clauses() {
        let (values, welsh_values) = (&clause.sample.values, &clause.sample.welsh_values);
        let filled = clause.fill(&Values { values, welsh_values, people: &person }).unwrap();
        let term = Term {
            number: "P1".parse().unwrap(),
            source: Source::Clause {
                clause: clause.reference(),
                values: filled.values.clone(),
                welsh_values: filled.welsh_values.clone(),
            },
            text: filled.text,
            welsh: filled.welsh,
            locality: Locality::UnitedKingdom,
            until: None,
        };
        for telling in [Telling::Plain, Telling::Question] {
            let told = Library::builtin().source(&term).unwrap().told(telling, &person);
            for said in [told.english, told.welsh.unwrap()] {
                assert!(!said.contains(['{', '}']) && !said.contains("  "), "{said}");
                assert!(!said.contains("..") && !said.contains(" ."), "{said}");
                let person = clause.parameters.iter().any(|p| p.kind == ParameterType::Person);
                assert!(!person || said.contains("N.T.M."), "{said}");
            }
        }
    }
}

#[test]
fn a_term_is_told_with_the_form_that_its_number_asks_for() {
    let told = |days: u16| {
        let clause = Library::builtin().find("declare-accounts").unwrap();
        let values = BTreeMap::from([
            ("days".to_owned(), Value::Days(days)),
            ("police_unit".to_owned(), Value::Text(text_of("the Sample Unit"))),
            ("days_change".to_owned(), Value::Days(2)),
        ]);
        let source =
            Source::Clause { clause: clause.reference(), values, welsh_values: BTreeMap::new() };
        let (number, locality) = ("R1".parse().unwrap(), Locality::UnitedKingdom);
        let text = text_of("as it stands");
        let term = Term { number, source, text, welsh: None, locality, until: None };
        Library::builtin().source(&term).unwrap().told(Telling::Plain, &person)
    };
    assert!(told(1).english.contains("within 1 day of being served"));
    assert!(told(2).english.contains("within 2 days of being served"));
    // No Welsh where the caller's own words have none.
    assert_eq!(told(2).welsh, None);
}

#[test]
fn a_free_term_has_no_other_words() {
    let term = Term {
        number: "P1".parse().unwrap(),
        source: Source::Free,
        text: text_of("You must not sing."),
        welsh: None,
        locality: Locality::UnitedKingdom,
        until: None,
    };
    assert!(Library::builtin().source(&term).is_none());
}

fn text_of(words: &str) -> Text {
    Text::parse(words, Marks::Term).unwrap()
}

#[test]
fn what_is_private_and_what_is_a_place_is_marked() {
    let library = Library::builtin();
    for slug in ["mental-health-assessment", "substance-assessment", "substance-programme"] {
        assert!(library.find(slug).unwrap().private, "{slug}");
    }
    assert!(library.clauses().iter().all(|c| !c.private || c.kind == TermKind::Requirement));
    let place = |slug: &str, name: &str| library.find(slug).unwrap().parameter(name).unwrap().place;
    assert!(place("exclusion-area", "boundary") && place("sign-on", "police_station"));
    assert!(!place("mental-health-assessment", "place"), "where a patient is to be found");
}

#[test]
fn the_forms_around_a_number_stand_in_the_words() {
    for clause in Library::builtin().clauses() {
        for parameter in &clause.parameters {
            let counts = matches!(
                parameter.kind,
                ParameterType::Hours | ParameterType::Days | ParameterType::Count
            );
            let english = [&clause.words, &clause.plain].map(|words| (words, &parameter.forms));
            let welsh = [&clause.welsh.words, &clause.welsh.plain];
            let welsh = welsh.map(|words| (words, &parameter.welsh_forms));
            for (words, forms) in english.into_iter().chain(welsh) {
                assert_eq!(forms.is_some(), counts, "{} {}", clause.slug, parameter.name);
                let Some(forms) = forms else { continue };
                assert_eq!(words.matches(forms.other()).count(), 1, "{words}");
                let place = format!("{{{}}}", parameter.name);
                assert!(forms.all().all(|form| form.contains(&place)), "{words}");
            }
        }
    }
}

#[test]
fn clauses_that_cannot_stand_together_say_so_of_each_other() {
    let library = Library::builtin();
    for clause in library.clauses() {
        for other in &clause.cannot_stand_beside {
            let other = library.find(other).unwrap();
            assert!(other.cannot_stand_beside.contains(&clause.slug), "{}", clause.slug);
        }
        assert!(!clause.stalking.is_empty(), "{}", clause.slug);
    }
}

#[test]
fn a_clause_is_found_by_slug_and_by_slug_and_version() {
    let library = Library::builtin();
    assert_eq!(library.find("no-contact").unwrap().reference(), "no-contact@1");
    assert!(library.find("no-contact@1").is_some());
    for unknown in ["no-contact@2", "no-contact@", "no-contact@01", "no-contac", "", "@1"] {
        assert!(library.find(unknown).is_none(), "{unknown}");
    }
}

#[test]
fn a_full_stop_after_a_value_that_ends_in_one_is_not_doubled() {
    assert_eq!(
        text("no-posting", json!({ "pp": "A" })),
        "You must not post, share or store online any words or image that name, show or \
         identify N.T.M."
    );
    assert_eq!(
        text("no-third-party-contact", json!({ "pp": "A", "matter": "Sample Ltd." })),
        "You must not contact N.T.M. through another person, except through a solicitor about \
         Sample Ltd."
    );
}

#[test]
fn an_optional_phrase_falls_away_whole() {
    assert_eq!(
        text("no-contact", json!({ "pp": "B" })),
        "You must not contact Gwenllïan Sampl by any means."
    );
    assert_eq!(
        text("no-contact", json!({ "pp": "B", "exceptions": "This is one." })),
        "You must not contact Gwenllïan Sampl by any means. This is one."
    );
    let at = "You must not go to any place where you know or have reason to believe that \
              Gwenllïan Sampl works";
    assert_eq!(text("no-approach-work", json!({ "pp": "B" })), format!("{at}."));
    assert_eq!(
        text("no-approach-work", json!({ "pp": "B", "exception": "the shop" })),
        format!("{at}, except the shop.")
    );
}

#[test]
fn numbers_of_one_print_in_the_singular() {
    let unit = "the Sample Unit";
    let register = |days: u16, change: u16| {
        text(
            "register-devices",
            json!({ "days": days, "police_unit": unit, "days_change": change }),
        )
    };
    assert!(register(1, 3).starts_with("Within 1 day of being served"));
    assert!(register(1, 3).ends_with("of any change within 3 days."));
    assert!(register(3, 1).starts_with("Within 3 days of being served"));
    assert!(register(3, 1).ends_with("of any change within 1 day."));
    let limit = text("device-limit", json!({ "count": 1, "term": "R1" }));
    assert_eq!(
        limit,
        "You must not use more than 1 mobile phone or SIM card, each of them registered under \
         paragraph R1."
    );
    let visit = |hours: u16| {
        text(
            "home-visit",
            json!({ "officer_role": "an officer", "from": "09:00", "to": "12:00",
                    "hours": hours, "term": "P2" }),
        )
    };
    assert!(visit(1).contains("on 1 hour's notice"));
    assert!(visit(2).contains("between 9am and midday, on 2 hours' notice"));
    assert!(visit(2).ends_with("keeping to paragraph P2."));
    let notice =
        text("notice-before-proceedings", json!({ "pp": "B", "days": 1, "contact": unit }));
    assert!(notice.contains("giving 1 working day's written notice"));
    let travel = text("tell-of-travel", json!({ "police_unit": unit, "days": 1, "nights": 1 }));
    assert!(travel.contains("at least 1 day before") && travel.contains("more than 1 night away"));
}

#[test]
fn a_value_that_looks_like_a_form_is_left_as_it_is() {
    let filled = text(
        "register-devices",
        json!({ "days": 1, "police_unit": "the 7 days unit", "days_change": 1 }),
    );
    assert!(filled.contains("give the 7 days unit the number"));
}

#[test]
fn weekdays_times_and_metres_print_in_words() {
    assert_eq!(
        text(
            "sign-on",
            json!({ "police_station": "Sample Station", "from": "17:00", "to": "19:30",
                    "days": ["monday", "thursday"] })
        ),
        "You must attend Sample Station between 5pm and 7:30pm, every Monday and every Thursday."
    );
    let distance = text("keep-distance", json!({ "distance": 100, "pp": "B" }));
    assert!(distance.starts_with("You must not go within 100 metres of Gwenllïan Sampl"));
}

#[test]
fn instants_print_in_londons_time_and_are_deadlines() {
    let filled = fill(
        "surrender-items",
        json!({ "by": "2026-07-18T16:00:00Z", "police_station": "Sample Station",
                "items": ["a tag", "a phone", "a key"] }),
    );
    let filled = filled.unwrap();
    assert_eq!(
        &*filled.text,
        "By 18 July 2026 at 5pm you must give up at Sample Station: a tag, a phone and a key."
    );
    let day = jiff::civil::date(2026, 7, 18);
    assert_eq!(filled.deadlines, [("by".to_owned(), day)]);
    assert!(filled.terms_referred.is_empty());
}

#[test]
fn terms_referred_to_are_told() {
    let filled = fill("give-access-codes", json!({ "term": "R3" })).unwrap();
    assert_eq!(filled.terms_referred, [("term".to_owned(), "R3".parse().unwrap())]);
}

#[test]
fn missing_and_unknown_values_are_all_told_at_once() {
    assert_eq!(
        faults("keep-distance", json!({ "distanse": 100 })),
        [
            ("distance".to_owned(), None, Fault::Missing),
            ("pp".to_owned(), None, Fault::Missing),
            ("distanse".to_owned(), None, Fault::Unknown),
        ]
    );
}

#[test]
fn values_of_the_wrong_type_are_refused() {
    let distance = |value: Json| fault("keep-distance", json!({ "distance": value, "pp": "A" }));
    for wrong in [json!("100"), json!(10.5), json!(null), json!([100]), json!(1e3)] {
        assert_eq!(distance(wrong), Fault::Type { expected: "metres" });
    }
    for wrong in ["a", "AB", "", "Å", "0"] {
        let found = fault("no-following", json!({ "pp": wrong }));
        assert_eq!(found, Fault::Type { expected: "person" }, "{wrong}");
    }
    for wrong in ["R0", "r1", "R01", "1", "Q1", "R99999"] {
        let found = fault("give-access-codes", json!({ "term": wrong }));
        assert_eq!(found, Fault::Type { expected: "term" }, "{wrong}");
    }
}

#[test]
fn numbers_out_of_range_are_refused_with_the_range() {
    let distance = |value: i64| fill("keep-distance", json!({ "distance": value, "pp": "A" }));
    for inside in [10, 5000] {
        assert!(distance(inside).is_ok());
    }
    for outside in [-5, 0, 9, 5001, 70_000] {
        let found = distance(outside).unwrap_err();
        assert_eq!(found[0].fault, Fault::Range { min: 10, max: 5000 });
    }
    let devices = |count: u16| fill("device-limit", json!({ "count": count, "term": "R1" }));
    assert!(devices(20).is_ok() && devices(0).is_err() && devices(21).is_err());
}

#[test]
fn a_fault_in_a_list_names_its_place() {
    let found = faults("no-anonymising-software", json!({ "software": ["one", "", 3] }));
    assert_eq!(found[0].1, Some(1));
    assert_eq!(found[0].2, Fault::Empty);
    let blank = fault("no-anonymising-software", json!({ "software": [" "] }));
    assert!(matches!(blank, Fault::Unprintable(u)
        if u.reason == UnprintableReason::WhiteSpaceOnly));
    assert_eq!(found[1], ("software".to_owned(), Some(2), Fault::Type { expected: "list" }));
    let empty = fault("no-anonymising-software", json!({ "software": [] }));
    assert_eq!(empty, Fault::Missing);
}

#[test]
fn a_weekday_unknown_or_said_twice_is_refused() {
    let days = |days: Json| {
        faults(
            "sign-on",
            json!({ "police_station": "S", "from": "09:00", "to": "10:00", "days": days }),
        )
    };
    let wrong = |at| ("days".to_owned(), Some(at), Fault::Type { expected: "weekdays" });
    assert_eq!(days(json!(["monday", "funday"])), [wrong(1)]);
    assert_eq!(days(json!(["monday", "tuesday", "monday"])), [wrong(2)]);
}

#[test]
fn a_person_whom_the_order_does_not_name_is_refused() {
    assert_eq!(fault("no-following", json!({ "pp": "C" })), Fault::UnknownPerson('C'));
}

#[test]
fn a_value_that_still_has_a_place_to_fill_in_is_refused() {
    for value in ["{place}", "TBC", "the [insert name] house", "TODO"] {
        let found = fault("no-entry-premises", json!({ "premises": value }));
        assert_eq!(found, Fault::Placeholder, "{value}");
    }
}

#[test]
fn a_value_that_cannot_be_printed_is_refused() {
    let found = fault("no-entry-premises", json!({ "premises": "the shop\u{202e}" }));
    assert!(matches!(found, Fault::Unprintable(u) if u.character == Some('\u{202e}')));
}

#[test]
fn welsh_is_made_where_no_text_of_the_callers_is_lacking() {
    let filled = fill("keep-distance", json!({ "distance": 100, "pp": "B" })).unwrap();
    let welsh = filled.welsh.unwrap();
    assert!(welsh.text.contains("o fewn 100 metr i Gwenllïan Sampl"));
    assert!(!welsh.approved);
    assert!(fill("no-entry-premises", json!({ "premises": "a shop" })).unwrap().welsh.is_none());
    let absent = fill("no-contact", json!({ "pp": "B" })).unwrap();
    assert!(absent.welsh.is_some());
    let given = fill("no-contact", json!({ "pp": "B", "exceptions": "One." })).unwrap();
    assert!(given.welsh.is_none());
}

#[test]
fn welsh_values_stand_only_beside_english_ones_and_only_for_words() {
    let clause = "no-contact";
    let found = fill_both(clause, json!({ "pp": "B" }), json!({ "exceptions": "Un." }));
    let found = found.unwrap_err();
    assert_eq!((found[0].in_welsh, &found[0].fault), (false, &Fault::Missing));
    let found = fill_both(clause, json!({ "pp": "B" }), json!({ "pp": "B" })).unwrap_err();
    assert_eq!((found[0].in_welsh, &found[0].fault), (true, &Fault::Unknown));
}

#[test]
fn defined_words_are_told_once_each_when_a_text_uses_them() {
    let used = |texts: &[&str]| -> Vec<String> {
        let used = Library::builtin().definitions_used(texts.iter().copied());
        used.into_iter().map(|definition| definition.word.clone()).collect()
    };
    assert_eq!(used(&["You must not Contact B.", "Do not contact C."]), ["contact"]);
    assert_eq!(
        used(&["any internet-enabled devices or online account"]),
        ["internet-enabled device", "online account"]
    );
    assert!(used(&["contactless payment", "your account online", "any device"]).is_empty());
}

proptest! {
    #[test]
    fn a_text_value_stands_in_the_term_unchanged(value in "[A-Za-z0-9 ,;:'()&/-]{0,40}[A-Za-z]") {
        let holds = crate::domain::text::holds_placeholder(&value);
        prop_assume!(!holds && !value.trim().is_empty());
        let filled = text("no-entry-premises", json!({ "premises": value }));
        prop_assert_eq!(filled, format!("You must not enter {value}."));
    }

    #[test]
    fn no_value_makes_the_filling_fall(value in any::<String>(), number in any::<i64>()) {
        for slug in ["no-contact", "sign-on", "surrender-items", "device-limit"] {
            for json in [json!(value), json!(number), json!([value, number]), json!({})] {
                let clause = Library::builtin().find(slug).unwrap();
                let values: Map =
                    clause.parameters.iter().map(|p| (p.name.clone(), json.clone())).collect();
                let given = Values { values: &values, welsh_values: &values, people: &person };
                let _ = clause.fill(&given);
            }
        }
    }
}
