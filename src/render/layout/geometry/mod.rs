//! What must hold of any document on pages, whatever its words: tried on documents made by chance.

mod form;
mod made;

use std::sync::LazyLock;

use proptest::prelude::*;

use super::layout;
use super::style::Style;
use crate::paper::Mark;
use crate::render::document::{Block, Body, Document, Fact, Marker, Print, Question, Term, Words};
use crate::render::font::Fonts;
use crate::render::pages::{
    Artifact, Item, NodeId, Owner, PAGE_HEIGHT, PAGE_WIDTH, Page, Pages, Role, Run, Shape,
};
use made::document;

/// Where a run has ink, in points: left, right, foot, head.
struct Ink {
    left: f32,
    right: f32,
    foot: f32,
    head: f32,
}

impl Ink {
    fn of(run: &Run) -> Self {
        let end = run.text.trim_end().len();
        let inked = run.glyphs.iter().filter(|glyph| (glyph.cluster as usize) < end);
        let width: f32 = inked.map(|glyph| glyph.advance).sum();
        let (foot, head) = (run.y - 0.2 * run.size, run.y + 0.72 * run.size);
        Self { left: run.x, right: run.x + width, foot, head }
    }

    fn meets(&self, other: &Self) -> bool {
        let (across, along) = (
            self.left.max(other.left) + 0.1 < self.right.min(other.right),
            self.foot.max(other.foot) + 0.1 < self.head.min(other.head),
        );
        across && along
    }
}

fn runs(page: &Page) -> impl Iterator<Item = &Run> {
    page.items.iter().filter_map(|item| match item {
        Item::Run(run) if run.turned == 0.0 => Some(run),
        _ => None,
    })
}

fn boxes(page: &Page) -> impl Iterator<Item = &Shape> {
    page.items.iter().filter_map(|item| match item {
        Item::Shape(shape) => Some(shape),
        Item::Run(_) => None,
    })
}

fn content(page: &Page) -> impl Iterator<Item = (NodeId, &Run)> {
    runs(page).filter_map(|run| match run.owner {
        Owner::Content(node) => Some((node, run)),
        _ => None,
    })
}

/// Nothing outside the margins, nothing over anything else, no text through a box's border.
fn in_place(pages: &Pages, margin: f32) -> Result<(), TestCaseError> {
    for page in &pages.pages {
        let inks: Vec<_> = runs(page).map(|run| (Ink::of(run), &run.text)).collect();
        for (place, (ink, text)) in inks.iter().enumerate() {
            prop_assert!(ink.left >= margin - 0.05, "left of the margin: {text}");
            prop_assert!(ink.right <= PAGE_WIDTH - margin + 0.05, "right of the margin: {text}");
            prop_assert!(ink.foot > 28.0 && ink.head < PAGE_HEIGHT - 28.0, "off the page: {text}");
            for (other, over) in &inks[place + 1..] {
                prop_assert!(!ink.meets(other), "{text:?} over {over:?}");
            }
        }
        for shape in boxes(page) {
            let (top, right) = (shape.y + shape.height, shape.x + shape.width);
            prop_assert!(shape.x >= margin - 0.05 && right <= PAGE_WIDTH - margin + 0.05);
            prop_assert!(shape.y > 28.0 && top < PAGE_HEIGHT - 28.0);
            for (ink, text) in &inks {
                let beside = ink.right <= shape.x || ink.left >= right;
                let crosses = |edge: f32| ink.foot < edge && edge < ink.head;
                let crossed = crosses(shape.y) || crosses(top);
                prop_assert!(beside || !crossed, "a line through {text:?}");
            }
        }
    }
    Ok(())
}

/// The QR code stands on clear white: no ink within its quiet zone, all of it on the paper.
fn code_stands_free(pages: &Pages, marked: bool) -> Result<(), TestCaseError> {
    let Some(code) = &pages.code else {
        prop_assert!(!marked, "the code is missing");
        return Ok(());
    };
    let quiet = 4.0 * code.module;
    let far = code.side() + 2.0 * quiet;
    let zone = Ink {
        left: code.x - quiet,
        right: code.x - quiet + far,
        foot: code.y - quiet,
        head: code.y - quiet + far,
    };
    prop_assert!(marked && code.module >= 1.134, "a module is under 0.4 mm");
    prop_assert!(zone.left > 14.0 && zone.foot > 14.0, "off the paper");
    for page in &pages.pages {
        for run in runs(page) {
            prop_assert!(!zone.meets(&Ink::of(run)), "{} in the quiet zone", run.text);
        }
        for shape in boxes(page) {
            let half = shape.stroke.unwrap_or(0.0) / 2.0;
            let ink = Ink {
                left: shape.x - half,
                right: shape.x + shape.width + half,
                foot: shape.y - half,
                head: shape.y + shape.height + half,
            };
            prop_assert!(!zone.meets(&ink), "a line in the quiet zone");
        }
    }
    Ok(())
}

/// Content stays clear of head and foot.
fn clear_of_furniture(pages: &Pages) -> Result<(), TestCaseError> {
    for page in &pages.pages {
        let furniture = |kind: Artifact| {
            let owned = move |run: &&Run| run.owner == Owner::Artifact(kind);
            runs(page).filter(owned).map(Ink::of)
        };
        let head = furniture(Artifact::Header).map(|ink| ink.foot).fold(PAGE_HEIGHT, f32::min);
        let foot = furniture(Artifact::Footer).map(|ink| ink.head).fold(0.0, f32::max);
        for run in runs(page).filter(|run| !matches!(run.owner, Owner::Artifact(_))) {
            let ink = Ink::of(run);
            prop_assert!(ink.head < head - 3.0 && ink.foot > foot + 3.0, "{}", run.text);
        }
    }
    Ok(())
}

/// Headings keep company, numbers stay with their terms, paragraphs leave no line alone, the panel
/// is not alone.
fn kept_together(pages: &Pages) -> Result<(), TestCaseError> {
    let role = |node: NodeId| pages.nodes[node.0 as usize].role;
    let placed: Vec<_> = pages
        .pages
        .iter()
        .enumerate()
        .flat_map(|(page, held)| content(held).map(move |(node, run)| (page, node, run)))
        .collect();
    for pair in placed.windows(2) {
        let [(page, node, run), (next_page, next, next_run)] = pair else {
            continue;
        };
        if matches!(role(*node), Role::Heading(_)) {
            prop_assert_eq!(page, next_page, "{} is last on its page", run.text);
        }
        if role(*node) == Role::Lbl && *node != *next {
            prop_assert_eq!(page, next_page, "{} is parted from its text", run.text);
            let level = (run.y - next_run.y).abs() < 0.01;
            prop_assert!(level || defines(pages, *node), "{} is not level", run.text);
        }
    }
    for (number, node) in pages.nodes.iter().enumerate().filter(|(_, node)| node.role == Role::P) {
        let cell = node.parent.is_some_and(|parent| matches!(role(parent), Role::Td | Role::Th(_)));
        let mut lines = vec![0; pages.pages.len()];
        let mut last = None;
        for (page, owner, run) in &placed {
            if owner.0 as usize == number && last != Some((*page, run.y)) {
                lines[*page] += 1;
                last = Some((*page, run.y));
            }
        }
        let parts: Vec<_> = lines.into_iter().filter(|lines| *lines > 0).collect();
        prop_assert!(cell || parts.len() < 2 || parts.iter().all(|part| *part > 1), "{parts:?}");
    }
    if let Some(panel) = &pages.panel {
        let others = content(&pages.pages[panel.page]).count();
        prop_assert!(others > 0, "the panel is alone on its page");
    }
    Ok(())
}

/// Whether a label is a defined word, which stands above its meaning.
fn defines(pages: &Pages, label: NodeId) -> bool {
    let node = |id: NodeId| &pages.nodes[id.0 as usize];
    let list = node(label).parent.and_then(|item| node(item).parent);
    list.is_some_and(|list| node(list).list_numbering == Some("None"))
}

/// All words of the document in order, as its nodes should hold them.
fn expected(blocks: &[Block], (draft, stacked): (bool, bool), texts: &mut Vec<String>) {
    let several = |texts: &mut Vec<String>, words: &[Words]| {
        texts.extend(words.iter().map(Words::text));
    };
    for block in blocks {
        match &block.body {
            Body::Court(words)
            | Body::Title(words)
            | Body::Subtitle(words)
            | Body::Heading { words, .. }
            | Body::Paragraph(words) => texts.push(words.text()),
            Body::Facts(facts) => expected_facts(facts, texts),
            Body::Terms(terms) => {
                terms.iter().for_each(|term| expected_term(term, stacked, texts));
            }
            Body::List { marker, items } => {
                for (place, item) in items.iter().enumerate() {
                    let number = format!("{}.", place + 1);
                    texts.push(if *marker == Marker::Bullet { "•".into() } else { number });
                    several(texts, &item.text);
                }
            }
            Body::Definitions(definitions) => {
                definitions.iter().for_each(|definition| {
                    several(texts, std::slice::from_ref(&definition.word));
                    several(texts, &definition.meaning);
                });
            }
            Body::Warning { title, blocks } => {
                texts.push(title.clone());
                expected(blocks, (draft, stacked), texts);
            }
            Body::Table { head, rows } => {
                let rows = rows.iter().flat_map(|row| &row.cells);
                head.iter().chain(rows).for_each(|cell| several(texts, &cell.text));
            }
            Body::Notice(lines) => several(texts, lines),
            Body::Signature(signature) if draft => {
                several(texts, &signature.lines);
                texts.extend(signature.seal.clone());
            }
            Body::Section(section) => expected(&section.blocks, (draft, stacked), texts),
            Body::Pair(sections) => {
                sections
                    .iter()
                    .for_each(|section| expected(&section.blocks, (draft, stacked), texts));
            }
            Body::Alert(words) => texts.push(words.text()),
            Body::Addressee(lines) => several(texts, lines),
            Body::Band(facts) => expected_facts(facts, texts),
            Body::Questions { head, answers, rows } => {
                head.iter().for_each(|cell| several(texts, &cell.text));
                rows.iter().for_each(|row| expected_question(row, answers, texts));
            }
            Body::Signature(_) | Body::PageBreak | Body::BlankPage(_) => {}
        }
    }
}

fn expected_term(term: &Term, stacked: bool, texts: &mut Vec<String>) {
    texts.push(term.number.clone());
    let halves = match term.paired && stacked {
        true => [0, 1].map(|half| term.half(half)).to_vec(),
        false => vec![term.clone()],
    };
    for half in halves {
        texts.extend(half.text.iter().chain(&half.notes).map(Words::text));
    }
}

fn expected_facts(facts: &[Fact], texts: &mut Vec<String>) {
    for fact in facts {
        texts.push(fact.label.text());
        texts.extend(fact.value.iter().map(Words::text));
    }
}

fn expected_question(row: &Question, [yes, no]: &[String; 2], texts: &mut Vec<String>) {
    texts.extend([row.number.clone(), row.words.text(), format!("{yes} {no}")]);
    texts.extend(row.ends.clone());
}

/// The runs of each node give its text back, and the nodes stand in reading order.
fn nothing_lost(document: &Document, pages: &Pages) -> Result<(), TestCaseError> {
    let mut held = vec![String::new(); pages.nodes.len()];
    let mut panel = String::new();
    for run in pages.pages.iter().flat_map(runs) {
        match run.owner {
            Owner::Content(node) => held[node.0 as usize].push_str(&run.text),
            Owner::Panel => panel.push_str(&run.text),
            Owner::Artifact(_) => {}
        }
        let starts = |glyph: &crate::render::pages::Glyph| glyph.cluster as usize;
        prop_assert!(run.glyphs.iter().map(starts).all(|at| run.text.is_char_boundary(at)));
    }
    held.retain(|text| !text.is_empty());
    let draft = document.furniture.draft.is_some();
    let mut texts = Vec::new();
    let stacked = document.print == Print::Large;
    expected(&document.blocks, (draft, stacked), &mut texts);
    texts.extend(form::blank(document, pages).into_iter().flatten());
    // A band is read by its labels, or by its rows where it is set as such.
    if document.blocks.iter().any(|block| matches!(block.body, Body::Band(_))) {
        held.sort();
        texts.sort();
    }
    prop_assert_eq!(held, texts);
    let signature = document.blocks.iter().find_map(|block| match &block.body {
        Body::Signature(signature) => Some(signature),
        _ => None,
    });
    let mut lines = String::new();
    if let Some(signature) = signature.filter(|_| !draft) {
        lines.extend(signature.lines.iter().map(Words::text));
        lines.extend(signature.seal.clone());
    }
    prop_assert_eq!(panel, lines);
    prop_assert_eq!(pages.panel.is_some(), signature.is_some() && !draft);
    for (place, node) in pages.nodes.iter().enumerate() {
        let before = node.parent.is_none_or(|parent| (parent.0 as usize) < place);
        prop_assert!(before && (place == 0) == node.parent.is_none());
    }
    Ok(())
}

prop_compose! {
    fn mark()(qr in "SPO1:[0-9A-Z]{168}", words in "[a-z]{4,7}( [a-z]{4,7}){5}") -> Mark {
        Mark { qr, words }
    }
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::builtin().expect("fonts"));

fn tries() -> ProptestConfig {
    ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn whatever_the_words_nothing_overlaps_leaves_the_page_or_is_lost(
        markup in document(), mark in prop::option::of(mark()),
    ) {
        let fonts = &*FONTS;
        let document = Document::parse(&markup).expect("well formed");
        let pages = layout(&document, mark.as_ref(), fonts).expect("laid out");
        code_stands_free(&pages, mark.is_some())?;
        in_place(&pages, Style::of(document.print).left)?;
        clear_of_furniture(&pages)?;
        kept_together(&pages)?;
        nothing_lost(&document, &pages)?;
        form::window_is_clear(&document, &pages)?;
        form::pages_are_even(&document, &pages)?;
        form::pairs_are_level(&document, &pages)?;
        form::headings_stand_again(&pages)?;
        prop_assert_eq!(layout(&document, mark.as_ref(), fonts).expect("laid out"), pages);
    }
}
