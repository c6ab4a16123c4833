//! Copies for other readers: each shows what its reader may see, the same as the order, and nothing
//! else.

use std::sync::LazyLock;

use serde_json::{Value, json};
use spo::domain::order::{Language, Order, OrderKind};
use spo::domain::people::Capacity;
use spo::render::{Copy, Original, Renderer, Stages, view};

use crate::golden::{copies, imprint, in_welsh, judged, original, withheld};
use crate::harness::{full, interim, set, without};

static RENDERER: LazyLock<Renderer> = LazyLock::new(|| Renderer::new().unwrap());
const NOTICE: Copy = Copy::ProtectedPersonNotice { person: 'A' };
const LANGUAGES: [Language; 3] = [Language::En, Language::Cy, Language::Bilingual];

fn order(request: &Value) -> Order {
    judged(OrderKind::FullOrder, request).0
}

fn drawn(copy: &Copy, order: &Order, language: Language) -> Stages {
    drawn_from(copy, (order, &original(order.kind)), language)
}

fn drawn_from(copy: &Copy, from: (&Order, &Original), language: Language) -> Stages {
    RENDERER.copy(copy, from, &imprint(language)).and_then(|made| made.stages(None)).unwrap()
}

/// View, markup, pages and tags: everything but the bytes.
fn all_of(stages: &Stages) -> String {
    [&stages.view, &stages.markup, &stages.document, &stages.pages, &stages.tags]
        .map(String::as_str)
        .join("\n")
}

/// The numbers of the terms in a markup, with their words.
fn terms(markup: &str) -> Vec<(String, String)> {
    let parts = markup.split("<term number=\"").skip(1);
    parts
        .map(|part| {
            let (number, rest) = part.split_once('"').unwrap();
            let words = rest.split_once("</term>").unwrap().0;
            (number.to_owned(), words.trim_start_matches('>').to_owned())
        })
        .collect()
}

fn numbers(markup: &str) -> Vec<String> {
    terms(markup).into_iter().map(|(number, _)| number).collect()
}

#[test]
fn no_copy_but_the_certified_one_holds_what_its_reader_may_not_see() {
    let request = withheld();
    let address = json!({ "lines": ["99 Specimen Row", "Otley"], "postcode": "ZZ99 3VZ" });
    let housed =
        set(without(request.clone(), "/respondent/no_fixed_abode"), "/respondent/address", address);
    let everywhere = ["99 Specimen Row", "ZZ99 3VZ", "the hostel at"];
    let private = ["28 February 1979", "28 Chwefror 1979", "1979-02-28", "2000/0448754A"];
    for (order, language) in
        [order(&request), order(&housed)].iter().flat_map(|o| LANGUAGES.map(|l| (o, l)))
    {
        for copy in copies() {
            let all = all_of(&drawn(&copy, order, language));
            let holds = |values: &[&str]| values.iter().any(|value| all.contains(value));
            match copy {
                Copy::CertifiedCopy { .. } => assert!(holds(&everywhere)),
                Copy::PoliceSheet => {
                    assert!(!holds(&everywhere), "{copy:?}");
                    assert!(all.contains("2000/0448754A"));
                }
                _ => assert!(!holds(&everywhere) && !holds(&private), "{copy:?}"),
            }
        }
    }
}

#[test]
fn the_notice_shows_the_terms_that_concern_its_reader() {
    let order = order(&withheld());
    let markup = drawn(&NOTICE, &order, Language::En).markup;
    let shown = numbers(&markup);
    // P2 is about another person; R1 and R2 are the respondent's treatment.
    assert!(!shown.contains(&"P2".to_owned()) && !markup.contains("Gwenllïan"), "{shown:?}");
    assert!(!shown.contains(&"R1".to_owned()) && !shown.contains(&"R2".to_owned()));
    assert!(shown.contains(&"P1".to_owned()) && shown.contains(&"R3".to_owned()));
    assert!(!markup.contains("mental health") && !markup.contains("programme"));
    assert!(markup.contains("There are also things that"));
    let other = Copy::ProtectedPersonNotice { person: 'B' };
    let markup = drawn(&other, &order, Language::En).markup;
    assert!(!markup.contains("N.T.M."), "{markup}");
    assert_eq!(numbers(&markup)[..2], ["P2", "P11"]);
}

#[test]
fn a_term_that_would_tell_where_the_respondent_lives_is_shown_by_its_number_alone() {
    let order = order(&withheld());
    for language in LANGUAGES {
        let stages = drawn(&NOTICE, &order, language);
        assert!(!all_of(&stages).contains("1 Example Quay"));
        let shown = terms(&stages.markup);
        let (_, words) = shown.iter().find(|(number, _)| number == "P13").unwrap();
        assert!(words.contains("P13") && !words.contains("picture"), "{words}");
    }
    // Also by the place to which it is limited.
    let place = json!({ "description": "1 Example Quay, Cardiff" });
    let order = self::order(&set(full(), "/prohibitions/0/locality", place));
    let stages = drawn(&NOTICE, &order, Language::En);
    assert!(!all_of(&stages).contains("Example Quay"));
    assert_eq!(numbers(&stages.markup)[0], "P1");
}

#[test]
fn a_term_that_names_two_protected_persons_is_shown_by_its_number_alone() {
    let both = json!({ "text": "You must not speak of N.T.M. to Gwenllïan Tŷ-Mawr.",
                       "necessity": "A sample." });
    let order = order(&set(full(), "/prohibitions/12", both));
    for (person, other) in [('A', "Gwenllïan Tŷ-Mawr"), ('B', "N.T.M.")] {
        let markup = drawn(&Copy::ProtectedPersonNotice { person }, &order, Language::En).markup;
        assert!(numbers(&markup).contains(&"P13".to_owned()));
        assert!(!markup.contains(other), "{person}");
    }
}

#[test]
fn the_court_s_own_words_that_name_nobody_are_shown_by_their_number_alone() {
    let curfew = json!({ "text": "You must not leave 12 Elsewhere Grove between 9pm and 6am.",
                         "necessity": "A sample." });
    let order = order(&set(full(), "/prohibitions/12", curfew));
    let markup = drawn(&NOTICE, &order, Language::En).markup;
    assert!(numbers(&markup).contains(&"P13".to_owned()));
    assert!(!markup.contains("Elsewhere Grove"));
}

#[test]
fn a_notice_to_nobody_is_not_made() {
    let order = order(&full());
    let copy = Copy::ProtectedPersonNotice { person: 'Z' };
    assert!(RENDERER.copy(&copy, (&order, &original(order.kind)), &imprint(Language::En)).is_err());
}

#[test]
fn the_sheet_has_each_term_once_under_its_number_in_each_language() {
    let order = judged(OrderKind::InterimOrder, &in_welsh(interim(), "bilingual")).0;
    let wanted: Vec<_> = order.terms.iter().map(|term| term.number.to_string()).collect();
    for language in LANGUAGES {
        let markup = drawn(&Copy::ExplanatorySheet, &order, language).markup;
        assert_eq!(numbers(&markup), wanted, "{language:?}");
    }
}

#[test]
fn a_free_term_stands_in_the_sheet_in_its_own_words() {
    let order = order(&full());
    let free = &order.terms[11];
    let markup = drawn(&Copy::ExplanatorySheet, &order, Language::En).markup;
    let (_, words) = terms(&markup).into_iter().nth(11).unwrap();
    assert!(words.contains(&*free.text) && words.contains("the words of the order"), "{words}");
}

#[test]
fn the_certified_copy_holds_the_order_s_own_terms_and_what_it_was_made_from() {
    for (kind, request) in [
        (OrderKind::FullOrder, full()),
        (OrderKind::InterimOrder, in_welsh(interim(), "bilingual")),
    ] {
        let order = judged(kind, &request).0;
        let copy = Copy::CertifiedCopy {
            certifier: "Ceri Sampl".to_owned(),
            capacity: Capacity::JusticesLegalAdviser,
        };
        for language in LANGUAGES {
            let made = RENDERER.order(&order, &imprint(language)).unwrap().stages(None).unwrap();
            let copied = drawn(&copy, &order, language).markup;
            assert_eq!(terms(&copied), terms(&made.markup), "{language:?}");
            assert!(copied.contains("c3c3c3c3") && copied.contains("5a5a5a5a"));
            assert!(copied.contains("doc_01939d2b-0000-7000-8000-000000000003"));
        }
    }
}

#[test]
fn every_copy_is_tied_to_the_order_by_the_common_digest() {
    let order = order(&full());
    let digest = |copy: &Copy, from: &Original, imprint: &spo::render::Imprint| {
        *RENDERER.copy(copy, (&order, from), imprint).unwrap().content_sha256()
    };
    let (one, other) =
        (original(order.kind), Original { content_sha256: [7; 32], ..original(order.kind) });
    let resealed = Original { sha256: Some([9; 32]), ..original(order.kind) };
    let again = spo::render::Imprint {
        document_id: "doc_01939d2b-0000-7000-8000-000000000009".parse().unwrap(),
        code: "AAAAA-AAAAA".to_owned(),
        issued_at: "2027-01-01T10:00:00Z".parse().unwrap(),
        ..imprint(Language::En)
    };
    for copy in copies() {
        let first = digest(&copy, &one, &imprint(Language::En));
        assert_eq!(first, digest(&copy, &one, &again), "{copy:?}: ids are no content");
        assert_eq!(first, digest(&copy, &resealed, &again), "{copy:?}: a seal is no content");
        assert_ne!(first, digest(&copy, &other, &again), "{copy:?}: another order is");
    }
}

#[test]
fn the_police_data_say_each_term_in_code_and_nothing_that_the_sheet_does_not() {
    let order = order(&withheld());
    let data = view::police_data((&order, &original(order.kind)), &imprint(Language::En));
    let terms = data["terms"].as_array().unwrap();
    assert_eq!(terms.len(), order.terms.len());
    assert_eq!(terms[0]["clause"], "no-contact@1");
    assert_eq!(terms[0]["values"]["pp"]["value"], "A");
    assert_eq!(terms[11]["clause"], Value::Null);
    assert_eq!(terms[10]["places"], json!(["Barry Interchange", "Cardiff Central"]));
    let last = terms.iter().find(|term| term["number"] == "R5").unwrap();
    assert_eq!(
        (&last["ends_on"], &terms[0]["ends_on"]),
        (&json!("2028-11-01"), &json!("2029-11-01"))
    );
    assert_eq!(data["offences"], json!([{ "code": "ST19001", "section": "8" }]));
    assert_eq!(data["order"]["content_sha256"], "5a".repeat(32));
    let text = data.to_string();
    for hidden in ["the hostel at", "Contact by nine routes", "Secret Court"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}

#[test]
fn a_question_is_asked_of_every_term() {
    let order = order(&withheld());
    let markup = drawn(&Copy::PoliceSheet, &order, Language::En).markup;
    for term in &order.terms {
        let number = format!("\"{}\"", term.number);
        assert!(markup.contains(&number), "{number}");
    }
    assert!(markup.contains("Has the person"));
    assert!(markup.contains("done what P12 forbids?"));
    assert!(markup.contains("failed to do what R6 demands?"));
}

#[test]
fn the_police_sheet_of_seventeen_terms_is_one_page() {
    let order = order(&full());
    assert_eq!(order.terms.len(), 17);
    let made =
        RENDERER.copy(&Copy::PoliceSheet, (&order, &original(order.kind)), &imprint(Language::En));
    assert_eq!(made.unwrap().finish(None).unwrap().page_count(), 1);
}

#[test]
fn more_terms_than_a_page_holds_run_on_and_none_is_cut() {
    let term = |place: usize| {
        json!({ "text": format!("You must not sing song number {place}."),
        "necessity": "A sample." })
    };
    let mut request = full();
    let terms = request["prohibitions"].as_array_mut().unwrap();
    terms.extend((0..40).map(term));
    let order = order(&request);
    let made =
        RENDERER.copy(&Copy::PoliceSheet, (&order, &original(order.kind)), &imprint(Language::En));
    assert!(made.unwrap().finish(None).unwrap().page_count() > 1);
    let pages = drawn(&Copy::PoliceSheet, &order, Language::En).document;
    assert!((0..40).all(|place| pages.contains(&format!("song number {place}."))));
}
