//! Each rule is broken once, in the file or in what it is held against, and found.

use proptest::prelude::*;

use super::*;
use crate::render::pages::{Item, Node, NodeId, Owner, Role, Scope};
use crate::render::pdf::specimen::{pages, stamp, subsets, written};
use crate::render::pdf::{Stamp, Written, write};

fn expected(file: &Written) -> Expected<'_> {
    Expected { slot: file.slot.as_ref(), ..Expected::default() }
}

fn breaches_of(file: &Written, pages: &Pages) -> Vec<Breach> {
    check(&Finished::read(&file.bytes).unwrap(), pages, &expected(file))
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

/// The specimen with `what` replaced by as many bytes.
fn broken(what: &str, by: &str) -> Vec<Breach> {
    let (pages, mut file) = written(true);
    assert_eq!(what.len(), by.len());
    let place = file.bytes.windows(what.len()).position(|w| w == what.as_bytes()).unwrap();
    file.bytes[place..place + what.len()].copy_from_slice(by.as_bytes());
    breaches_of(&file, &pages)
}

/// The specimen with its pages changed before it is written.
fn redrawn(change: impl FnOnce(&mut Pages)) -> Vec<Breach> {
    let mut pages = pages(true);
    change(&mut pages);
    breaches_of(&write(&pages, subsets(), &stamp(true)).unwrap(), &pages)
}

#[test]
fn the_specimens_break_nothing() {
    for sealed in [true, false] {
        let (pages, file) = written(sealed);
        assert_eq!(breaches_of(&file, &pages), []);
    }
}

#[test]
fn each_thing_broken_in_the_file_is_found() {
    for (what, by, breach) in [
        ("%PDF-1.7", "%PDF-1.4", Breach::Header),
        ("/PageMode/UseOutlines", "/OpenAction/Outlines1", Breach::Forbidden("OpenAction")),
        ("/Marked true", "/Marked null", Breach::NotMarked),
        ("/Lang(en-GB)", "/Long(en-GB)", Breach::NoLanguage),
        ("/DisplayDocTitle true", "/DisplayDocTitle null", Breach::TitleNotShown),
        ("/Metadata ", "/Metadate ", Breach::NoMetadata),
        ("<pdfaid:part>2", "<pdfaid:part>1", Breach::NotIdentified),
        ("<pdfuaid:part>1", "<pdfuaid:part>2", Breach::NotIdentified),
        ("x-default\">Stalking", "x-default\">Stopping", Breach::MetadataDiffers("Title")),
        ("<xmp:CreateDate>2026", "<xmp:CreateDate>2025", Breach::MetadataDiffers("CreationDate")),
        ("/GTS_PDFA1", "/GTS_PDFX1", Breach::NoOutputIntent),
        ("/Tabs/S", "/Tabs/R", Breach::TabOrder(0)),
        ("/F 132", "/F 130", Breach::Field),
        ("/TU(", "/TT(", Breach::FieldNotDescribed),
        ("/StructParent 2", "/StructParent 9", Breach::FieldWithoutElement),
        ("]/Contents<0000", "]/Cantents<0000", Breach::Slot),
        ("/Type/Sig/", "/Type/Sog/", Breach::Slot),
    ] {
        let found = broken(what, by);
        assert!(found.contains(&breach), "{what}: {found:?}");
    }
}

#[test]
fn a_font_without_its_program_is_found() {
    let found = broken("/FontFile2", "/FontFile7");
    assert!(matches!(found[..], [Breach::FontIncomplete(_)]), "{found:?}");
}

#[test]
fn each_thing_broken_in_the_structure_is_found() {
    type Test = fn(&Breach) -> bool;
    let cases: [(&str, &str, Test); 9] = [
        ("/S/H1", "/S/H2", |b| matches!(b, Breach::SkippedHeading(..))),
        ("/S/H2", "/S/H3", |b| matches!(b, Breach::SkippedHeading(..))),
        ("/S/LI/", "/S/TR/", |b| matches!(b, Breach::ListShape(..))),
        ("/S/TR/", "/S/LI/", |b| matches!(b, Breach::TableShape(..))),
        ("/ListNumbering", "/LastNumbering", |b| matches!(b, Breach::ListNumbering(..))),
        ("/Scope/Row", "/Scape/Row", |b| matches!(b, Breach::HeaderScope(..))),
        ("/S/Span/", "/S/Spam/", |b| matches!(b, Breach::UnknownType(..))),
        ("/K[0 ]", "/K[7 ]", |b| matches!(b, Breach::ContentWithoutElement(..))),
        ("/K[0 ]", "/K[99]", |b| matches!(b, Breach::ElementWithoutContent(..))),
    ];
    for (what, by, is_found) in cases {
        let found = broken(what, by);
        assert!(found.iter().any(is_found), "{what}: {found:?}");
    }
}

#[test]
fn an_element_that_names_another_parent_is_found() {
    let (pages, mut file) = written(true);
    let place = find(&file.bytes, b"/S/H1/P ") + b"/S/H1/P ".len();
    file.bytes[place] ^= 1;
    let found = breaches_of(&file, &pages);
    assert!(matches!(found[0], Breach::Parentage(_)), "{found:?}");
}

#[test]
fn each_fault_of_a_content_stream_is_found() {
    let (pages, file) = written(true);
    let mut finished = Finished::read(&file.bytes).unwrap();
    finished.sheets[0].page.unmarked = 1;
    finished.sheets[0].page.mute = 1;
    finished.sheets[1].page.balanced = false;
    finished.sheets[1].page.sequences[3].mcid = None;
    let found = check(&finished, &pages, &expected(&file));
    for breach in [
        Breach::UnmarkedContent(0),
        Breach::MuteGlyph(0),
        Breach::UnbalancedContent(1),
        Breach::UnmarkedContent(1),
    ] {
        assert!(found.contains(&breach), "{breach:?} in {found:?}");
    }
}

#[test]
fn a_word_that_did_not_reach_the_paper_is_found() {
    let (mut pages, file) = written(true);
    for item in &mut pages.pages[1].items {
        if let Item::Run(run) = item {
            run.text = run.text.replace("any way", "no way");
        }
    }
    let found = breaches_of(&file, &pages);
    assert!(found.contains(&Breach::TextDiffers(1)), "{found:?}");
    assert!(found.iter().any(|b| matches!(b, Breach::WordsDiffer(_))), "{found:?}");
}

#[test]
fn a_lost_page_is_found() {
    let (mut pages, file) = written(true);
    pages.pages.pop();
    assert!(breaches_of(&file, &pages).contains(&Breach::PageCount));
}

#[test]
fn rows_of_different_width_are_found() {
    let found = redrawn(|pages| {
        let cell = pages.nodes.iter_mut().find(|node| node.role == Role::Td).unwrap();
        cell.column_span = 2;
    });
    assert!(matches!(found[..], [Breach::TableShape(..)]), "{found:?}");
}

#[test]
fn a_slot_that_is_said_to_be_elsewhere_is_found() {
    let (pages, mut file) = written(true);
    let slot = file.slot.as_mut().unwrap();
    slot.contents.start += 1;
    assert_eq!(breaches_of(&file, &pages), [Breach::Slot]);
}

#[test]
fn a_preview_with_a_field_is_found() {
    let (pages, mut file) = written(true);
    file.slot = None;
    assert_eq!(breaches_of(&file, &pages), [Breach::UnexpectedField]);
}

/// The file held against other pages than it was made of.
fn held_against(change: impl FnOnce(&mut Pages)) -> Vec<Breach> {
    let (mut pages, file) = written(true);
    change(&mut pages);
    breaches_of(&file, &pages)
}

fn node(pages: &mut Pages, role: Role) -> &mut Node {
    pages.nodes.iter_mut().find(|node| node.role == role).unwrap()
}

#[test]
fn a_title_or_a_language_that_is_not_the_documents_is_found() {
    let found = held_against(|pages| pages.title.push('!'));
    assert_eq!(found, [Breach::TitleDiffers]);
    let found = held_against(|pages| pages.language = "cy-GB");
    assert_eq!(found, [Breach::LanguageDiffers(0)]);
    let found = broken("/Lang(cy)", "/Lang(pl)");
    assert!(matches!(found[..], [Breach::LanguageDiffers(1..)]), "{found:?}");
}

#[test]
fn a_heading_that_is_no_bookmark_is_found() {
    for found in [
        broken("/Title(Prohibitions)", "/Title(Permissions.)"),
        broken("/Dest[", "/Dast["),
        redrawn(|pages| node(pages, Role::Heading(2)).bookmark = None),
        held_against(|pages| node(pages, Role::Heading(2)).role = Role::Heading(1)),
    ] {
        assert!(found.contains(&Breach::BookmarksDiffer), "{found:?}");
    }
}

#[test]
fn an_element_that_is_not_what_it_was_made_of_is_found() {
    type Change = fn(&mut Pages);
    let changes: [Change; 6] = [
        |pages| node(pages, Role::P).role = Role::Span,
        |pages| node(pages, Role::L).list_numbering = Some("Disc"),
        |pages| node(pages, Role::Th(Scope::Row)).role = Role::Th(Scope::Column),
        |pages| node(pages, Role::Td).column_span = 3,
        |pages| node(pages, Role::Form).alternative = Some("other words".to_owned()),
        |pages| node(pages, Role::Span).parent = Some(NodeId(0)),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let found = held_against(change);
        let is_found = found.iter().any(|b| matches!(b, Breach::StructureDiffers(1..)));
        assert!(is_found, "{number}: {found:?}");
    }
    let found = held_against(|pages| {
        let last = pages.nodes.last().unwrap().clone();
        pages.nodes.push(last);
    });
    assert!(found.contains(&Breach::StructureDiffers(0)), "{found:?}");
}

#[test]
fn words_that_another_element_holds_are_found() {
    let found = held_against(|pages| {
        let runs = pages.pages[0].items.iter_mut().filter_map(|item| match item {
            Item::Run(run) if matches!(run.owner, Owner::Content(_)) => Some(run),
            _ => None,
        });
        let mut runs: Vec<_> = runs.collect();
        runs[1].owner = runs[0].owner;
    });
    assert!(matches!(found[..], [Breach::WordsDiffer(_), Breach::WordsDiffer(_)]), "{found:?}");
}

#[test]
fn content_that_is_called_otherwise_than_its_element_is_found() {
    let (pages, file) = written(true);
    let mut finished = Finished::read(&file.bytes).unwrap();
    let marked = finished.sheets[0].page.sequences.iter_mut().find(|s| s.tag == "TD");
    marked.unwrap().tag = "P".to_owned();
    let found = check(&finished, &pages, &expected(&file));
    assert!(matches!(found[..], [Breach::RoleDiffers(_)]), "{found:?}");
}

#[test]
fn a_parent_tree_with_too_much_or_a_key_too_low_is_found() {
    assert_eq!(broken("/ParentTreeNextKey 4", "/ParentTreeNextKey 3"), [Breach::ParentTree]);
    let found = broken("/Nums[0[", "/Noms[0[");
    assert!(found.contains(&Breach::ParentTree), "{found:?}");
}

/// The terms that the specimen says.
fn pronounced() -> Vec<Pronounced> {
    let term = |number: &str, words: &str| {
        let words = format!("{words} in any way; x\u{301}\u{2011}w\u{302}y");
        Pronounced { number: number.parse().unwrap(), words: vec![("en-GB", Some(words))] }
    };
    vec![term("P1", "contact Ann Example"), term("P2", "go to (Market\\Street)")]
}

#[test]
fn terms_that_are_not_those_of_the_order_are_found() {
    let (pages, file) = written(true);
    let finished = Finished::read(&file.bytes).unwrap();
    let held =
        |terms: &[Pronounced]| check(&finished, &pages, &Expected { terms, ..expected(&file) });
    assert_eq!(held(&pronounced()), []);
    type Change = fn(&mut Vec<Pronounced>);
    let changes: [Change; 6] = [
        |terms| terms.truncate(1),
        |terms| terms.swap(0, 1),
        |terms| terms[1].number = "P3".parse().unwrap(),
        |terms| terms[1].words[0].1.as_mut().unwrap().push('.'),
        |terms| terms[0].words[0].0 = "cy-GB",
        |terms| terms.push(terms[0].clone()),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut terms = pronounced();
        change(&mut terms);
        let found = held(&terms);
        assert!(found.contains(&Breach::TermsDiffer), "{number}: {found:?}");
    }
}

#[test]
fn terms_told_in_other_words_keep_their_numbers_and_their_order() {
    let (pages, file) = written(true);
    let finished = Finished::read(&file.bytes).unwrap();
    let mut told = pronounced();
    told.iter_mut().for_each(|term| term.words[0].1 = None);
    let held =
        |terms: &[Pronounced]| check(&finished, &pages, &Expected { terms, ..expected(&file) });
    assert_eq!(held(&told), []);
    told.swap(0, 1);
    assert_eq!(held(&told), [Breach::TermsDiffer]);
    told.truncate(1);
    assert_eq!(held(&told), [Breach::TermsDiffer]);
}

#[test]
fn a_field_that_is_not_described_in_its_words_is_found() {
    let found = broken("/TU(Electronic", "/TU(Elektronik");
    assert_eq!(found, [Breach::FieldNotDescribed]);
    let found = redrawn(|pages| node(pages, Role::Form).alternative = Some(" ".to_owned()));
    assert_eq!(found, [Breach::FieldNotDescribed]);
}

#[test]
fn bytes_that_belong_to_nothing_are_found() {
    let (pages, mut file) = written(true);
    let table = file.bytes.windows(5).rposition(|window| window == b"xref\n").unwrap();
    let table = file.bytes[..table].windows(6).rposition(|w| w == b"\nxref\n").unwrap() + 1;
    file.bytes.splice(table..table, *b"% more\n");
    let tail = format!("startxref\n{table}\n");
    let at = find(&file.bytes, tail.as_bytes());
    let moved = format!("startxref\n{}\n", table + 7);
    file.bytes.splice(at..at + tail.len(), moved.bytes());
    let found = breaches_of(&file, &pages);
    assert_eq!(found, [Breach::StrayBytes]);
}

#[test]
fn an_object_that_nothing_leads_to_is_found() {
    let (pages, mut file) = written(true);
    let at = find(&file.bytes, b"/OutputIntents[");
    let end = at + find(&file.bytes[at..], b"]") + 1;
    file.bytes[at..end].fill(b' ');
    let found = breaches_of(&file, &pages);
    assert!(matches!(found[..], [Breach::NoOutputIntent, Breach::Unreached(_), ..]), "{found:?}");
}

#[test]
fn whatever_acts_or_is_strange_is_found() {
    for (what, by) in [
        ("/PageMode/UseOutlines", "/XY<</S/JavaScript>> "),
        ("/PageMode/UseOutlines", "/XYZ<</JS(1)/Length 1>>".split_at(21).0),
        ("/PageMode/UseOutlines", "/XYZ[<</URI(x)>>]    "),
        ("/Type/SigRef", "/Type/SigRaf"),
        ("/Subtype/Widget", "/Subtype/Screen"),
    ] {
        let (pages, mut file) = written(true);
        let place = find(&file.bytes, what.as_bytes());
        file.bytes[place..place + what.len()].copy_from_slice(by.as_bytes());
        let Ok(finished) = Finished::read(&file.bytes) else { continue };
        let found = check(&finished, &pages, &expected(&file));
        assert!(found.iter().any(|b| matches!(b, Breach::Surprise(_))), "{by}: {found:?}");
    }
}

fn attachment() -> Attachment {
    Attachment {
        name: "specimen.json".to_owned(),
        mime: "application/json",
        description: "The specimen as data".to_owned(),
        bytes: br#"{"terms":["P1"]}"#.to_vec(),
    }
}

#[test]
fn an_attachment_other_than_the_one_meant_is_found() {
    let pages = pages(true);
    let meant = attachment();
    let file =
        write(&pages, subsets(), &Stamp { attachment: Some(&meant), ..stamp(true) }).unwrap();
    let held = |bytes: &[u8], attachment: Option<&Attachment>| {
        check(&Finished::read(bytes).unwrap(), &pages, &Expected { attachment, ..expected(&file) })
    };
    assert_eq!(held(&file.bytes, Some(&meant)), []);
    assert!(held(&file.bytes, None).contains(&Breach::AttachmentDiffers));
    let bare = write(&pages, subsets(), &stamp(true)).unwrap();
    assert!(held(&bare.bytes, Some(&meant)).contains(&Breach::AttachmentDiffers));
    assert!(held(&bare.bytes, Some(&meant)).contains(&Breach::NotIdentified));
    let others = [
        Attachment { bytes: b"{}".to_vec(), ..attachment() },
        Attachment { name: "other.json".to_owned(), ..attachment() },
        Attachment { description: "Other data".to_owned(), ..attachment() },
        Attachment { mime: "text/plain", ..attachment() },
    ];
    for other in others {
        assert_eq!(held(&file.bytes, Some(&other)), [Breach::AttachmentDiffers]);
    }
    for (what, by) in [
        ("/AFRelationship/Data", "/AFRelationship/Date"),
        ("/AF[", "/AX["),
        ("/EmbeddedFiles", "/EmbeddedFalse"),
        ("/UF(", "/UG("),
    ] {
        let mut bytes = file.bytes.clone();
        let place = find(&bytes, what.as_bytes());
        bytes[place..place + what.len()].copy_from_slice(by.as_bytes());
        assert_eq!(held(&bytes, Some(&meant)), [Breach::AttachmentDiffers], "{what}");
    }
}

#[test]
fn every_rule_is_broken_by_a_test() {
    let (rules, tests) = (include_str!("mod.rs"), include_str!("tests.rs"));
    let variants = rules.split("pub enum Breach {").nth(1).unwrap().split("\n}").next().unwrap();
    let lines = variants.lines().map(str::trim).filter(|line| !line.starts_with("///"));
    let names: Vec<_> = lines.filter_map(|line| line.split([',', '(']).next()).collect();
    assert!(names.len() > 40, "{names:?}");
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !name.is_empty() && !tests.contains(&format!("Breach::{name}")))
        .collect();
    assert!(missing.is_empty(), "rules that no test breaks: {missing:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_changed_byte_is_a_breach_or_nothing_but_never_a_panic(
        at in any::<proptest::sample::Index>(),
        by in any::<u8>(),
    ) {
        let (pages, mut file) = written(true);
        let at = at.index(file.bytes.len());
        file.bytes[at] = by;
        if let Ok(finished) = Finished::read(&file.bytes) {
            let _ = check(&finished, &pages, &expected(&file));
            let _ = finished.read_back();
        }
    }
}
