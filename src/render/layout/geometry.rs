//! What must hold of any document on pages, whatever its words: tried on documents made by chance.

use std::fmt::Write;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::{MARGIN, layout};
use crate::render::document::{Block, Body, Document, Marker, Words};
use crate::render::font::Fonts;
use crate::render::pages::{
    Artifact, Item, NodeId, Owner, PAGE_HEIGHT, PAGE_WIDTH, Page, Pages, Role, Run, Shape,
};

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
fn in_place(pages: &Pages) -> Result<(), TestCaseError> {
    for page in &pages.pages {
        let inks: Vec<_> = runs(page).map(|run| (Ink::of(run), &run.text)).collect();
        for (place, (ink, text)) in inks.iter().enumerate() {
            prop_assert!(ink.left >= MARGIN - 0.05, "left of the margin: {text}");
            prop_assert!(ink.right <= PAGE_WIDTH - MARGIN + 0.05, "right of the margin: {text}");
            prop_assert!(ink.foot > 28.0 && ink.head < PAGE_HEIGHT - 28.0, "off the page: {text}");
            for (other, over) in &inks[place + 1..] {
                prop_assert!(!ink.meets(other), "{text:?} over {over:?}");
            }
        }
        for shape in boxes(page) {
            let (top, right) = (shape.y + shape.height, shape.x + shape.width);
            prop_assert!(shape.x >= MARGIN - 0.05 && right <= PAGE_WIDTH - MARGIN + 0.05);
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
fn expected(blocks: &[Block], draft: bool, texts: &mut Vec<String>) {
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
            Body::Facts(facts) => {
                for fact in facts {
                    texts.push(fact.label.text());
                    several(texts, &fact.value);
                }
            }
            Body::Terms(terms) => {
                for term in terms {
                    texts.push(term.number.clone());
                    several(texts, &term.text);
                    several(texts, &term.notes);
                }
            }
            Body::List { marker, items } => {
                for (place, item) in items.iter().enumerate() {
                    let number = format!("{}.", place + 1);
                    texts.push(if *marker == Marker::Bullet { "•".into() } else { number });
                    several(texts, &item.text);
                }
            }
            Body::Definitions(definitions) => {
                for definition in definitions {
                    texts.push(definition.word.text());
                    several(texts, &definition.meaning);
                }
            }
            Body::Warning { title, blocks } => {
                texts.push(title.clone());
                expected(blocks, draft, texts);
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
            Body::Section { blocks, .. } => expected(blocks, draft, texts),
            Body::Signature(_) | Body::PageBreak => {}
        }
    }
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
    expected(&document.blocks, draft, &mut texts);
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

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zA-Zŵŷłąễ]{1,11}[.,;:]?",
        1 => "[0-9]{1,4}",
        1 => "[A-Za-z]{100}",
    ]
}

fn words(longest: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 1..longest).prop_map(|words| words.join(" "))
}

/// A heading's words, with a very long one now and then.
fn heading() -> impl Strategy<Value = String> {
    let long = prop_oneof![5 => Just(String::new()), 1 => "[A-Za-z]{100}"];
    ("[A-ZŴ][a-zŵŷ]{1,11}( [a-z]{1,11}){0,9}", long).prop_map(|(words, long)| words + &long)
}

fn joined(parts: Vec<String>) -> String {
    parts.concat()
}

fn several(part: impl Strategy<Value = String>, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(part, 1..most).prop_map(joined)
}

fn element(
    name: &'static str,
    inner: impl Strategy<Value = String> + 'static,
) -> BoxedStrategy<String> {
    inner.prop_map(move |inner| format!("<{name}>{inner}</{name}>")).boxed()
}

fn terms() -> impl Strategy<Value = String> {
    let term = (several(element("p", words(90)), 3), several(element("note", words(12)), 3));
    prop::collection::vec(term, 1..20).prop_map(|terms| {
        let mut markup = "<terms>".to_owned();
        for (place, (text, notes)) in terms.iter().enumerate() {
            let _ = write!(markup, "<term number=\"P{}\">{text}{notes}</term>", place + 1);
        }
        markup + "</terms>"
    })
}

fn block() -> impl Strategy<Value = String> {
    let fact = (element("label", words(6)), element("value", words(30)));
    let fact = fact.prop_map(|(label, value)| format!("<fact>{label}{value}</fact>"));
    let lines = several(element("line", words(9)), 25);
    let tall =
        lines.prop_map(|value| format!("<fact><label>l</label><value>{value}</value></fact>"));
    let definition = (element("word", words(3)), element("meaning", words(40)));
    let definition =
        definition.prop_map(|(word, said)| format!("<definition>{word}{said}</definition>"));
    let list = element("list", several(element("item", words(40)), 8)).boxed();
    let box_held = prop_oneof![element("p", words(80)), list.clone()];
    let warning = (heading(), several(box_held, 9))
        .prop_map(|(title, held)| format!("<warning title=\"{title}\">{held}</warning>"));
    let row = prop::collection::vec(element("cell", words(15)), 3);
    let table = prop::collection::vec(row, 1..12).prop_map(|rows| {
        let rows: Vec<_> = rows.into_iter().map(joined).collect();
        let (head, rest) = rows.split_first().expect("at least one");
        let rest: String = rest.iter().map(|row| format!("<row>{row}</row>")).collect();
        format!("<table><head>{head}</head>{rest}</table>")
    });
    prop_oneof![
        3 => (element("h2", heading()), element("p", words(120))).prop_map(|(h, p)| h + &p),
        3 => element("p", words(120)),
        2 => element("facts", several(prop_oneof![fact, tall], 12)),
        2 => terms(),
        1 => list,
        1 => element("steps", several(element("item", words(40)), 14)),
        1 => element("definitions", several(definition, 6)),
        1 => warning,
        1 => table,
        1 => element("notice", words(30)),
        1 => Just("<page-break/>".to_owned()),
    ]
}

prop_compose! {
    fn document()(
        blocks in prop::collection::vec(block(), 0..12),
        title in heading(),
        court in heading(),
        (header, footer, mark) in (heading(), heading(), heading()),
        lines in several(element("line", words(8)), 8),
        furnished in any::<bool>(),
        draft in any::<bool>(),
        signed in any::<bool>(),
    ) -> String {
        let mut markup = "<document lang=\"en\" title=\"T\"".to_owned();
        if furnished {
            let _ = write!(markup, " header=\"{header}\" footer=\"{footer}\" mark=\"{mark}\"");
            markup.push_str(" page=\"Page {n} of {m}\"");
        }
        markup.push_str(if draft { " draft=\"DRAFT\">" } else { ">" });
        let _ = write!(markup, "<court>{court}</court><title>{title}</title>");
        markup.push_str(&blocks.concat());
        if signed {
            markup.push_str("<p>Before it.</p><signature tooltip=\"t\" alternative=\"a\"");
            markup.push_str(if draft { " seal=\"The seal of a court\">" } else { ">" });
            markup.push_str(&lines);
            markup.push_str("</signature>");
        }
        markup + "<p>The end.</p></document>"
    }
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::builtin().expect("fonts"));

fn tries() -> ProptestConfig {
    ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn whatever_the_words_nothing_overlaps_leaves_the_page_or_is_lost(markup in document()) {
        let fonts = &*FONTS;
        let document = Document::parse(&markup).expect("well formed");
        let pages = layout(&document, fonts).expect("laid out");
        in_place(&pages)?;
        clear_of_furniture(&pages)?;
        kept_together(&pages)?;
        nothing_lost(&document, &pages)?;
        prop_assert_eq!(layout(&document, fonts).expect("laid out"), pages);
    }
}
