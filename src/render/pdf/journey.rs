//! From markup to checked bytes: what the layout makes is what the writer takes, whatever the
//! words.

use proptest::prelude::*;

use super::outside::Paper;
use super::specimen::{stamp, subsets};
use super::{Written, write};
use crate::render::document::Document;
use crate::render::font::Fonts;
use crate::render::layout::layout;
use crate::render::pages::{Pages, Role};
use crate::render::readback::Finished;
use crate::render::rules;

fn fonts() -> &'static Fonts {
    static FONTS: std::sync::LazyLock<Fonts> =
        std::sync::LazyLock::new(|| Fonts::builtin().unwrap());
    &FONTS
}

fn drawn(markup: &str) -> (Pages, Written) {
    let pages = layout(&Document::parse(markup).unwrap(), None, fonts()).unwrap();
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
    let expected = rules::Expected { slot: written.slot.as_ref(), ..Default::default() };
    rules::check(&Finished::read(&written.bytes).unwrap(), pages, &expected)
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

#[test]
fn a_run_of_terms_that_is_cut_into_two_lists_is_found() {
    let markup = markup("", "Ann Example", 3);
    let second = "<term number=\"P2\">";
    let cut = markup.replacen(second, &format!("</terms><terms>{second}"), 1);
    let words = "contact, directly or indirectly, in writing, by telephone or through another \
                 person, Ann Example, whether or not the contact is answered;";
    let terms: Vec<_> = ["P1", "P2", "P3"]
        .map(|number| rules::Pronounced {
            number: number.parse().unwrap(),
            words: vec![("en-GB", Some(words.to_owned()))],
        })
        .into();
    for (markup, found) in [(markup, vec![]), (cut, vec![rules::Breach::TermsDiffer])] {
        let (pages, written) = drawn(&markup);
        let slot = written.slot.as_ref();
        let expected = rules::Expected { slot, terms: &terms, ..Default::default() };
        let finished = Finished::read(&written.bytes).unwrap();
        assert_eq!(rules::check(&finished, &pages, &expected), found);
    }
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
            let pages = layout(&document, None, fonts());
            prop_assume!(pages.is_ok());
            let pages = pages.unwrap();
            let written = write(&pages, subsets(), &stamp(pages.panel.is_some())).unwrap();
            prop_assert_eq!(breaches(&pages, &written), vec![]);
        }
    }
}

/// A name in each script that has faces of its own, and its language.
const NAMES: [(&str, Option<&str>); 12] = [
    ("محمد علي خان", Some("ar")),
    ("ڈاکٹر فاطمہ گلزار", Some("ur")),
    ("مُحَمَّد", Some("ar")),
    ("דוד בן-גוריון", Some("he")),
    ("רחל ג'ורג'", Some("he")),
    ("রবীন্দ্রনাথ শ্রীকৃষ্ণ", Some("bn")),
    ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", Some("pa")),
    ("श्रीमती क्षत्रिय", Some("und-Deva")),
    ("ગુજરાતી શ્રી", Some("gu")),
    ("தமிழ்ச்செல்வி", Some("ta")),
    ("王小明 陳大文𠮷", Some("zh")),
    ("Gwenllïan Tŷ-Mawr", None),
];

const DAMMA: char = '\u{64f}';

#[test]
fn a_name_in_any_script_is_a_span_that_says_its_language_and_its_text() {
    for (name, language) in NAMES {
        let inner = format!("<title>T</title><p>Name {name} (born 1 May 1990), N.T.M.</p>");
        let markup = format!("<document lang=\"en\" title=\"T\" draft=\"x\">{inner}</document>");
        let (pages, written) = drawn(&markup);
        let spans: Vec<_> = pages.nodes.iter().filter(|node| node.role == Role::Span).collect();
        let said: Vec<_> = spans.iter().filter_map(|span| span.language).collect();
        assert_eq!(said, language.into_iter().collect::<Vec<_>>(), "{name}");
        let read = Finished::read(&written.bytes).unwrap();
        assert_eq!(rules::check(&read, &pages, &rules::Expected::default()), [], "{name}");
        let content = read.read_back().unwrap().content.replace('\n', "");
        assert!(content.contains(&format!("Name {name} (born 1 May 1990), N.T.M.")), "{content}");
        let Some(text) = spans.first().and_then(|span| span.alternative.as_deref()) else {
            continue;
        };
        let bytes = &written.bytes;
        let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let says = format!("/ActualText<FEFF{units}>");
        assert!(bytes.windows(says.len()).any(|part| part == says.as_bytes()), "{name}");
    }
}

#[test]
fn poppler_reads_the_words_of_names_in_every_script() {
    // Poppler sets Arabic vowel signs beside their letters: names are written without.
    let names = || NAMES.iter().map(|(name, _)| *name).filter(|name| !name.contains(DAMMA));
    let list: String = names().map(|name| format!("<item>{name}</item>")).collect();
    let inner = format!("<title>T</title><list>{list}</list>");
    let markup = format!("<document lang=\"en\" title=\"T\" draft=\"x\">{inner}</document>");
    let paper = Paper::new("names", &drawn(&markup).1.bytes);
    let Some(text) = paper.read_by("pdftotext", &["-layout"], &["-"]) else {
        return;
    };
    for word in names().flat_map(|name| name.split([' ', '-', '\''])) {
        assert!(text.contains(word), "{word} in {text}");
    }
}
