//! Every kind of document in every language, as signed, before outside judges: veraPDF for PDF/A-2a
//! and PDF/UA-1, poppler for the structure. What they say is printed, past the test harness.
//!
//! To add a document: a line in [`drafts`]; a copy of an order is there when its layouts are.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use spo::domain::judgement::OrderJudged;
use spo::domain::order::{Language, Order, OrderKind};
use spo::render::{Attachment, Composed, DocumentKind, Format};

use crate::golden::{copies, original};
use crate::harness::{Folder, Press, full, imprint, interim, mark, order_id, set, variation};
use crate::outside::{run, said, squeezed};
use crate::verapdf::{Verdict, judge};

/// A signed document on disk.
pub struct Paper {
    /// Kind, language, form.
    pub name: String,
    kind: DocumentKind,
    language: &'static str,
    plain: bool,
    file: PathBuf,
    pub bytes: Vec<u8>,
    pages: u32,
    /// Number and words of each term that it repeats, in the words of its first language.
    terms: Vec<(String, String)>,
    /// In order, each without the spans in it.
    headings: Vec<String>,
    flavours: [&'static str; 2],
}

/// A document before it is signed, with what is known of it.
struct Draft<'a> {
    kind: DocumentKind,
    language: &'static str,
    /// Empty where it is as usual.
    form: &'static str,
    composed: Composed<'a>,
    order: &'a Order,
}

/// Every document there is, in each language; orders also in large print, with an even number of
/// pages and an address window; one with an attachment.
pub async fn papers(press: &Press, folder: &Folder) -> Vec<Paper> {
    let mut papers = Vec::new();
    for (language, spoken) in LANGUAGES {
        let kinds = [(OrderKind::InterimOrder, interim()), (OrderKind::FullOrder, full())];
        for (kind, request) in kinds {
            let judged = press.judged(kind, &in_language(request, language));
            for draft in drafts(press, &judged, (language, spoken)) {
                papers.push(paper(press, draft, folder).await);
            }
        }
    }
    papers
}

/// All documents of one order in its language.
fn drafts<'a>(
    press: &'a Press,
    judged: &'a OrderJudged,
    (language, spoken): (&'static str, Language),
) -> Vec<Draft<'a>> {
    let (renderer, order) = (&press.renderer, &judged.order);
    let plain = imprint(spoken, Format::default());
    let all = Format { large_print: true, even_pages: true, address_window: true };
    let mut drafts = Vec::new();
    let mut add = |kind, form, composed| {
        drafts.push(Draft { kind, language, form, composed, order });
    };
    let kind = DocumentKind::of(order.kind);
    add(kind, "", renderer.order(order, &plain).unwrap());
    add(kind, "large", renderer.order(order, &imprint(spoken, all)).unwrap());
    if kind == DocumentKind::FullOrder {
        let request = set(variation(&order_id().to_string()), "/language", language.into());
        let request = press.requested(judged, &request);
        let composed = renderer.variation(&request, order, &plain).unwrap();
        add(DocumentKind::VariationRequest, "", composed);
        let composed = renderer.order(order, &plain).unwrap().with_attachment(attachment());
        add(kind, "attached", composed);
    }
    let original = original(order.kind);
    for copy in copies() {
        let composed = renderer.copy(&copy, (order, &original), &plain).unwrap();
        add(copy.kind(), DocumentKind::of(order.kind).name(), composed);
    }
    drafts
}

fn attachment() -> Attachment {
    Attachment {
        name: "order.json".to_owned(),
        mime: "application/json",
        description: "The order as data".to_owned(),
        bytes: json!({ "terms": ["P1"], "name": "Gwenllïan Tŷ-Mawr" }).to_string().into_bytes(),
    }
}

async fn paper(press: &Press, draft: Draft<'_>, folder: &Folder) -> Paper {
    let Draft { kind, language, form, composed, order } = draft;
    let mark = mark(&composed, order);
    let headings = headings(&composed.stages(Some(&mark)).unwrap().tags);
    let unsigned = composed.finish(Some(&mark)).unwrap();
    let pages = unsigned.page_count();
    let bytes = press.signed(unsigned).await;
    let name = format!("{} {language} {form}", kind.name()).trim_end().to_owned();
    let file = folder.path().join(format!("{}.pdf", name.replace(' ', "-")));
    std::fs::write(&file, &bytes).unwrap();
    let repeats = matches!(kind, DocumentKind::InterimOrder | DocumentKind::FullOrder);
    let terms = order.terms.iter().filter(|_| repeats).map(|term| {
        let welsh = term.welsh.as_ref().filter(|_| language != "en").map(|welsh| &welsh.text);
        (term.number.to_string(), welsh.unwrap_or(&term.text).to_string())
    });
    let terms = terms.collect();
    let is_attached = bytes.windows(13).any(|window| window == b"/EmbeddedFile");
    let flavours = [if is_attached { "3a" } else { "2a" }, "ua1"];
    Paper {
        name,
        kind,
        language,
        plain: form.is_empty(),
        file,
        bytes,
        pages,
        terms,
        headings,
        flavours,
    }
}

/// The headings of a listing of tags.
fn headings(tags: &str) -> Vec<String> {
    let lines = tags.lines().map(str::trim_start);
    let headings =
        lines.filter(|line| line.starts_with(['H']) && line[1..].starts_with(['1', '2', '3']));
    headings.map(|line| line.rsplit_once("]: ").unwrap().1.to_owned()).collect()
}

#[tokio::test]
async fn conformance_of_every_document_as_signed_and_of_none_broken_on_purpose() {
    let folder = Folder::new();
    let papers = papers(&Press::new(), &folder).await;
    papers.iter().for_each(read_by_poppler);
    judged_by_verapdf(&papers, &folder);
}

/// Each whole file keeps every rule, and each broken one breaks the one that it was broken for.
fn judged_by_verapdf(papers: &[Paper], folder: &Folder) {
    for kind in DocumentKind::ALL {
        let made = papers.iter().filter(|paper| paper.kind == kind).count();
        assert!(made >= LANGUAGES.len(), "{made} of {}", kind.name());
    }
    for paper in papers.iter().filter(|paper| paper.kind == DocumentKind::PoliceSheet) {
        assert_eq!(paper.flavours[0], "3a", "{} carries no data", paper.name);
    }
    let whole: Vec<_> = papers
        .iter()
        .flat_map(|paper| paper.flavours.map(|flavour| (flavour, &*paper.file)))
        .collect();
    let broken = broken(papers, folder);
    let faulty = broken.iter().map(|(fault, file)| (fault.flavour, file.as_path()));
    let asked: Vec<_> = whole.iter().copied().chain(faulty).collect();
    let Some(verdicts) = judge(&asked) else { return };
    let (good, bad) = verdicts.split_at(whole.len());
    for (paper, verdicts) in papers.iter().zip(good.chunks(2)) {
        report(paper, verdicts);
    }
    for (paper, verdicts) in papers.iter().zip(good.chunks(2)) {
        for verdict in verdicts {
            assert!(verdict.compliant, "{}: {verdict:#?}", paper.name);
            assert!(verdict.failed.is_empty(), "{}: {verdict:#?}", paper.name);
            assert!(verdict.assertions > LEAST, "{}: {}", paper.name, verdict.assertions);
        }
    }
    let mut missed = Vec::new();
    for ((fault, _), verdict) in broken.iter().zip(bad) {
        let Fault { changes, flavour, clause } = fault;
        let (what, why) = (changes[0].0, verdict.failed.join("; "));
        say(&format!("without {what}: {flavour} {} failed: {why:.120}", verdict.failed.len()));
        if verdict.compliant || !verdict.names(clause) {
            missed.push(format!("{what}: {flavour} {clause}: {verdict:#?}"));
        }
    }
    assert!(missed.is_empty(), "not found: {}", missed.join("\n"));
}

/// What an outside judge must find.
struct Fault {
    /// Each in the file once or more: the first is replaced by what is as long.
    changes: Changes,
    flavour: &'static str,
    clause: &'static str,
}

/// Files with one fault each, made of the English full order.
fn broken(papers: &[Paper], folder: &Folder) -> Vec<(Fault, PathBuf)> {
    let paper = |flavour: &str| {
        let name = if flavour == "3a" { "full_order en attached" } else { "full_order en" };
        papers.iter().find(|paper| paper.name == name).unwrap()
    };
    let fault = |(changes, flavour, clause)| Fault { changes, flavour, clause };
    let faults = FAULTS.into_iter().map(fault).enumerate();
    faults
        .map(|(number, fault)| {
            let file = folder.path().join(format!("broken-{number}.pdf"));
            let changes = fault.changes.iter();
            let bytes = changes
                .fold(paper(fault.flavour).bytes.clone(), |b, (what, by)| replaced(b, what, by));
            std::fs::write(&file, bytes).unwrap();
            (fault, file)
        })
        .collect()
}

fn replaced(mut bytes: Vec<u8>, what: &str, by: &str) -> Vec<u8> {
    assert_eq!(what.len(), by.len());
    let at = bytes.windows(what.len()).position(|window| window == what.as_bytes());
    let at = at.unwrap_or_else(|| panic!("{what} is not in the file"));
    bytes[at..at + what.len()].copy_from_slice(by.as_bytes());
    bytes
}

/// The structure says headings and terms in their order; three pages are a small file.
fn read_by_poppler(paper: &Paper) {
    let Some(out) = run("pdfinfo", &["-struct-text"], &paper.file, &[]) else { return };
    let tree = said(&out);
    let found = |kind: &str| kinds(&tree).filter(|found| *found == kind).count();
    say(&format!(
        "{}: {} pages, {} bytes; {} headings, {} lists, {} items, {} tables, {} terms in order",
        paper.name,
        paper.pages,
        paper.bytes.len(),
        found("H1") + found("H2") + found("H3"),
        found("L"),
        found("LI"),
        found("Table"),
        paper.terms.len(),
    ));
    assert_eq!((found("Document"), found("H1")), (1, 1), "{}:\n{tree}", paper.name);
    assert_eq!(found("Form"), 1, "{}:\n{tree}", paper.name);
    // One page for the street has no room for headings.
    let headed = found("H2") >= 3 || paper.kind == DocumentKind::PoliceSheet;
    assert!(headed && found("Table") >= 1, "{}:\n{tree}", paper.name);
    let terms = paper.terms.iter().map(|(number, words)| format!("{number}{words}"));
    for expected in [paper.headings.clone(), terms.collect()] {
        let mut text = &*squeezed(&quoted(&tree));
        for words in expected {
            let words = squeezed(&words);
            let at = text.find(&words);
            let at = at.unwrap_or_else(|| panic!("{}: {words} in order:\n{tree}", paper.name));
            text = &text[at + words.len()..];
        }
    }
    assert!(!paper.headings.is_empty(), "{} has no headings", paper.name);
    if paper.plain && paper.pages <= 3 && paper.language != "bilingual" {
        assert!(paper.bytes.len() < 60_000, "{}: {}", paper.name, paper.bytes.len());
    }
}

/// The types of the elements in the order of the tree.
fn kinds(tree: &str) -> impl Iterator<Item = &str> {
    let lines = tree.lines().map(str::trim_start).filter(|line| !line.starts_with(['"', '/']));
    lines.filter_map(|line| line.split([' ', ':']).next())
}

/// The words of the tree alone.
fn quoted(tree: &str) -> String {
    let lines = tree.lines().map(str::trim).filter_map(|line| line.strip_prefix('"'));
    lines.map(|line| line.strip_suffix('"').unwrap_or(line)).collect()
}

/// The request in that language: what a caller writes has Welsh beside it.
fn in_language(request: Value, language: &str) -> Value {
    let mut request = set(request, "/language", language.into());
    if language == "en" {
        return request;
    }
    for list in ["prohibitions", "requirements"] {
        for term in request[list].as_array_mut().unwrap() {
            translate(term);
        }
    }
    request = set(request, "/hearing/welsh_bench", json!("Mainc enghreifftiol"));
    if request["court"]["name"].is_string() {
        request = set(request, "/court/welsh_name", json!("Llys Ynadon Enghreifftiol"));
    }
    request
}

/// Welsh beside each free text of a term: invented, and the same everywhere.
fn translate(term: &mut Value) {
    if term["text"].is_string() {
        term["welsh_text"] = json!("Rhaid i chi beidio â chadw unrhyw ddelwedd o N.T.M.");
    }
    if term["locality"].is_object() {
        term["locality"]["welsh_description"] = json!("lle enghreifftiol");
    }
    let free = [
        "exceptions",
        "matter",
        "boundary",
        "programme",
        "provider",
        "supervisor",
        "place",
        "police_unit",
        "police_station",
        "service",
        "stop_a",
        "stop_b",
    ];
    let mut welsh = serde_json::Map::new();
    for (name, value) in term["values"].as_object().into_iter().flatten() {
        if free.contains(&name.as_str()) {
            welsh.insert(name.clone(), json!("geiriau enghreifftiol"));
        }
        if let Some(items) = value.as_array().filter(|_| name == "items") {
            welsh.insert(name.clone(), items.iter().map(|_| json!("peth enghreifftiol")).collect());
        }
    }
    if !welsh.is_empty() {
        term["welsh_values"] = Value::Object(welsh);
    }
}

fn report(paper: &Paper, verdicts: &[Verdict]) {
    let said: Vec<_> = verdicts
        .iter()
        .map(|v| format!("{} {} assertions, {} failed", v.flavour, v.assertions, v.failed.len()))
        .collect();
    say(&format!("{}: {}", paper.name, said.join("; ")));
}

/// Past the harness, which keeps what a passing test prints to itself.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

const LANGUAGES: [(&str, Language); 3] =
    [("en", Language::En), ("cy", Language::Cy), ("bilingual", Language::Bilingual)];

/// Fewer would mean that a judge looked at next to nothing.
const LEAST: u64 = 1000;

/// What is put in the place of what.
type Changes = &'static [(&'static str, &'static str)];

/// Changes, and the flavour and clause that then fail.
const FAULTS: [(Changes, &str, &str); 16] = [
    (&[("/StructTreeRoot ", "/StructTreeRoom ")], "2a", "6.7.3.3"),
    (&[("/StructTreeRoot ", "/StructTreeRoom ")], "ua1", "7.1"),
    (&[("/Marked true", "/Marked null")], "2a", "6.7.2.2"),
    (&[("<pdfaid:part>2", "<pdfaid:part>4")], "2a", "6.6.4"),
    (&[("<pdfuaid:part>1", "<pdfuaid:part>7")], "ua1", "5"),
    (&[("/Lang(en-GB)", "/Long(en-GB)")], "ua1", "7.2"),
    (&[("/FontFile2", "/FontFile7")], "2a", "6.2.11.4.1"),
    (&[("/ToUnicode", "/ToUnicade")], "2a", "6.2.11.7.2"),
    (&[("/DisplayDocTitle true", "/DisplayDocTitle null")], "ua1", "7.1"),
    (&[("/Scope/Row", "/Scape/Row")], "ua1", "7.5"),
    (&[("/S/H1", "/S/H3")], "ua1", "7.4.2"),
    (&[("/Tabs/S/Annots", "/Tabs/R/Annots")], "ua1", "7.18.3"),
    (&[("/Alt(", "/Ilt("), ("/TU(", "/TT(")], "ua1", "7.18.1"),
    (&[("/PageMode/UseOutlines", "/AA<</WC<</S/Hide>>>>")], "2a", "6.5.2"),
    (&[("/AFRelationship", "/AFRelationshap")], "3a", "6.8"),
    (&[("<pdfaid:part>3", "<pdfaid:part>2")], "3a", "6.6.4"),
];
