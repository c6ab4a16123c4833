//! From markup to checked bytes: what the layout makes is what the writer takes, whatever the
//! words.

use proptest::prelude::*;

use super::outside::Paper;
use super::specimen::{stamp, subsets};
use super::{Written, write};
use crate::render::document::Document;
use crate::render::font::Fonts;
use crate::render::layout::layout;
use crate::render::pages::Pages;
use crate::render::readback::Finished;
use crate::render::rules;

fn fonts() -> &'static Fonts {
    static FONTS: std::sync::LazyLock<Fonts> =
        std::sync::LazyLock::new(|| Fonts::builtin().unwrap());
    &FONTS
}

fn drawn(markup: &str) -> (Pages, Written) {
    let pages = layout(&Document::parse(markup).unwrap(), fonts()).unwrap();
    let written = write(&pages, subsets(), &stamp(pages.panel.is_some())).unwrap();
    (pages, written)
}

/// Every element of the grammar, on several pages.
fn markup(draft: &str, name: &str, terms: usize) -> String {
    let term = |number| {
        format!(
            "<term number=\"P{number}\"><p>contact, directly or indirectly, in writing, by \
             telephone or through another person, {name}, whether or not the contact is \
             answered;</p><note>Everywhere in the United Kingdom.</note></term>"
        )
    };
    let terms: String = (1..=terms).map(term).collect();
    format!(
        "<document lang=\"en\" title=\"Stalking protection order\" header=\"Stalking protection \
         order\" footer=\"Case T1\" page=\"Page {{n}} of {{m}}\" mark=\"TEST\" draft=\"{draft}\">\
         <court>Test Magistrates’ Court</court><title>Stalking protection order</title>\
         <subtitle>Section 2</subtitle>\
         <h2 bookmark=\"Parties\">The parties</h2>\
         <facts><fact><label>Respondent</label><value><line>{name}</line><line>1 Test Street</line>\
         </value></fact><fact><label>Case</label><value>T1</value></fact></facts>\
         <p>The court <strong>orders</strong> that <span lang=\"cy\">Siân</span> \
         <em>what</em> follows.</p>\
         <p lang=\"cy\">Ni chewch gysylltu ag <strong>unrhyw</strong> un.</p>\
         <h2>Prohibitions</h2><terms>{terms}</terms>\
         <h3>Words</h3><list><item>one</item><item>two</item></list>\
         <steps><item>first</item><item>second</item></steps>\
         <definitions><definition><word>contact</word><meaning>any contact</meaning></definition>\
         </definitions>\
         <table><head><cell>Term</cell><cell>Until</cell></head><row><cell header=\"true\">P1\
         </cell><cell>2 May 2028</cell></row></table>\
         <warning title=\"Breach\"><p>A crime.</p></warning><notice>No prescribed form.</notice>\
         <signature tooltip=\"Seal\" alternative=\"Signed by the court\"><line>By order</line>\
         <line>{name}</line></signature></document>"
    )
}

fn breaches(pages: &Pages, written: &Written) -> Vec<rules::Breach> {
    rules::check(&Finished::read(&written.bytes).unwrap(), pages, written.slot.as_ref())
}

#[test]
fn what_the_layout_makes_breaks_no_rule() {
    for draft in ["", "DRAFT"] {
        let (pages, written) = drawn(&markup(draft, "Ann Example", 9));
        assert_eq!(breaches(&pages, &written), []);
        let paper = Paper::new(&format!("journey{draft}"), &written.bytes);
        if let Some(report) = paper.read_by("qpdf", &["--check"], &[]) {
            assert!(report.contains("No syntax or stream encoding errors"), "{report}");
        }
        println!("{} pages, {} bytes", written.page_count, written.bytes.len());
    }
}

#[test]
fn a_long_list_of_terms_stays_one_list_over_its_pages() {
    let (pages, written) = drawn(&markup("", "Ann Example", 60));
    assert!(written.page_count > 5);
    assert_eq!(breaches(&pages, &written), []);
}

/// Each case sets and writes a whole document.
fn few() -> ProptestConfig {
    ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn no_letter_is_lost_on_the_way_to_paper(
        name in "[A-Za-zÀ-žŵŶ́ȘșΑ-Ωα-ωА-яẠ-ỹ’ -]{1,60}[a-z]",
        terms in 1_usize..12,
    ) {
        let markup = markup("", &format!("a {name}"), terms);
        if let Ok(document) = Document::parse(&markup) {
            let pages = layout(&document, fonts());
            prop_assume!(pages.is_ok());
            let pages = pages.unwrap();
            let written = write(&pages, subsets(), &stamp(pages.panel.is_some())).unwrap();
            prop_assert_eq!(breaches(&pages, &written), vec![]);
        }
    }
}
