//! Blocks to pages: A4, ragged right, one column.
//!
//! A document is first set as a chain of strips (`flow`, `blocks`, `table`): a strip is what no
//! page may cut, and each says how it holds to the one before. Then the chain is cut into pages
//! (`paginate`), and head, foot and marks are set round it (`furniture`). The structure tree grows
//! as blocks are set, so that its order is the reading order.
//!
//! Looks are here and nowhere else: sizes, gaps and rules stand in `style`, one set for each size
//! of print. Never here: words.
//!
//! To move something on the page: its number in `style`, or its block's function (`blocks`, `band`,
//! `table`, `questions`, `signature`; side by side: `pair`; on an envelope: `addressee`).

mod addressee;
mod band;
mod blank;
mod blocks;
mod chain;
mod code;
mod flow;
mod furniture;
#[cfg(test)]
mod geometry;
mod name;
mod paginate;
mod pair;
mod questions;
mod signature;
mod style;
mod table;

use crate::paper::Mark;
use crate::render::document::{Body, Document};
use crate::render::error::RenderError;
use crate::render::font::Fonts;
use crate::render::pages::Pages;
use style::Style;

/// Puts a document on pages, each with the mark by which paper is checked, if there is one. The
/// same document and mark give the same pages. Dense print is as large as keeps each part, from one
/// page break to the next, on its page.
///
/// # Errors
/// - [`RenderError::MissingGlyph`]: a face cannot draw a character.
/// - [`RenderError::Overflow`]: something that may not be cut is larger than a page.
pub fn layout(
    document: &Document,
    mark: Option<&Mark>,
    fonts: &Fonts,
) -> Result<Pages, RenderError> {
    let breaks = document.blocks.iter().filter(|block| block.body == Body::PageBreak);
    let parts = 1 + breaks.count();
    for style in Style::roomier(document.print) {
        // Whatever is at fault here is at fault in the last style too.
        match laid_in(document, (mark, style), fonts) {
            Ok((pages, filled)) if filled <= parts => return Ok(pages),
            _ => {}
        }
    }
    Ok(laid_in(document, (mark, Style::of(document.print)), fonts)?.0)
}

/// The pages in one style, and how many hold words.
fn laid_in(
    document: &Document,
    (mark, style): (Option<&Mark>, &'static Style),
    fonts: &Fonts,
) -> Result<(Pages, usize), RenderError> {
    let furniture = furniture::Furnishing::measure((&document.furniture, mark), style, fonts)?;
    let mut flow = flow::Flow::new(document, style, fonts);
    for block in &document.blocks {
        if matches!(block.body, Body::Terms(_)) {
            // What leads to the terms stays with the first.
            flow.hold_next();
        }
        flow.block(block)?;
    }
    let mut pages = paginate::Paginator::place(furniture.body(), flow.chain())?;
    let filled = pages.pages.len();
    pages.pages.extend(flow.blank_page(pages.pages.len())?);
    pages.nodes = flow.finish();
    pages.code = furniture.code().cloned();
    pages.language = document.language;
    pages.title.clone_from(&document.title);
    furniture.furnish(&mut pages.pages, fonts)?;
    Ok((pages, filled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pages::{Artifact, Item, Owner, Role, Run, Scope};

    fn set(attributes: &str, inner: &str) -> Result<Pages, RenderError> {
        let markup = format!(
            "<document lang=\"en\" title=\"T\" {attributes}><title>T</title>{inner}</document>"
        );
        let document = Document::parse(&markup).expect("well formed");
        layout(&document, None, &Fonts::builtin().expect("fonts"))
    }

    fn laid(attributes: &str, inner: &str) -> Pages {
        set(attributes, inner).expect("laid out")
    }

    fn texts(pages: &Pages, owned: impl Fn(Owner) -> bool) -> Vec<Vec<String>> {
        let page = |items: &Vec<Item>| {
            let runs = items.iter().filter_map(|item| match item {
                Item::Run(Run { owner, text, .. }) if owned(*owner) => Some(text.clone()),
                _ => None,
            });
            runs.collect()
        };
        pages.pages.iter().map(|held| page(&held.items)).collect()
    }

    fn roles(pages: &Pages) -> Vec<Role> {
        pages.nodes.iter().map(|node| node.role).collect()
    }

    #[test]
    fn a_missing_glyph_names_the_term() {
        let inner = "<terms><term number=\"P1\"><p>a</p></term>\
                     <term number=\"P2\"><p>b</p><note>\u{1200}</note></term></terms>";
        let refused = set("", inner).expect_err("refused");
        let RenderError::MissingGlyph { character, place, .. } = refused else {
            unreachable!("{refused}");
        };
        assert_eq!((character, place.as_str()), ('\u{1200}', "term P2"));
    }

    #[test]
    fn each_page_has_its_number_of_all_and_the_mark() {
        let attributes = "page=\"Page {n} of {m}\" mark=\"TEST\" footer=\"Case 1\" header=\"H\"";
        let pages = laid(attributes, "<page-break/><p>b</p><page-break/><p>c</p>");
        let feet = texts(&pages, |owner| owner == Owner::Artifact(Artifact::Footer));
        let heads = texts(&pages, |owner| owner == Owner::Artifact(Artifact::Header));
        assert_eq!(feet.len(), 2, "the first break would leave the title alone");
        for (place, (foot, head)) in feet.iter().zip(&heads).enumerate() {
            assert_eq!(foot, &[format!("Page {} of 2", place + 1), "Case 1".into()]);
            assert_eq!(head, &["TEST", "H"]);
        }
    }

    #[test]
    fn sixty_long_terms_are_one_list_across_pages() {
        let term = |number: usize| {
            let text = "You must not go there at any time for any reason at all. ".repeat(12);
            format!("<term number=\"P{number}\"><p>{text}</p><note>Everywhere.</note></term>")
        };
        let terms: String = (1..=60).map(term).collect();
        let pages = laid("", &format!("<h2>H</h2><terms>{terms}</terms>"));
        let count = |role| roles(&pages).into_iter().filter(|held| *held == role).count();
        assert_eq!((count(Role::L), count(Role::Li), count(Role::Lbl)), (1, 60, 60));
        assert!(pages.pages.len() > 8);
        let list = pages.nodes.iter().find(|node| node.role == Role::L).expect("a list");
        assert_eq!(list.list_numbering, Some("Decimal"));
    }

    #[test]
    fn a_draft_has_its_watermark_on_each_page_and_no_field() {
        let panel = "<p>Before.</p><signature tooltip=\"t\" alternative=\"a\"><line>By order</line>\
                     </signature><page-break/><p>After.</p>";
        let draft = laid("draft=\"DRAFT\"", panel);
        let marks = texts(&draft, |owner| owner == Owner::Artifact(Artifact::Watermark));
        assert_eq!(marks, [["DRAFT"], ["DRAFT"]]);
        assert!(draft.panel.is_none() && !roles(&draft).contains(&Role::Form));
        assert!(draft.tags().contains("P: By order"));

        let pages = laid("", panel);
        let held = pages.panel.as_ref().expect("a panel");
        assert_eq!(pages.nodes[held.node.0 as usize].role, Role::Form);
        assert_eq!(pages.nodes[held.node.0 as usize].alternative.as_deref(), Some("a"));
        assert_eq!(texts(&pages, |owner| owner == Owner::Panel)[0], ["By order"]);
    }

    #[test]
    fn a_panel_taller_than_a_page_is_refused() {
        let lines = "<line>l</line>".repeat(60);
        let panel = format!("<signature tooltip=\"t\" alternative=\"a\">{lines}</signature>");
        assert!(matches!(set("", &panel), Err(RenderError::Overflow { .. })));
    }

    #[test]
    fn languages_stand_where_they_change_and_nowhere_else() {
        let pages = laid(
            "",
            "<p lang=\"en\">a</p><p lang=\"cy\">b <span lang=\"en\">c</span></p>\
             <section lang=\"cy\"><p>d <span lang=\"cy\">e</span></p></section><p>f</p>",
        );
        let held = |role: Role| {
            let nodes = pages.nodes.iter().filter(move |node| node.role == role);
            nodes.map(|node| node.language).collect::<Vec<_>>()
        };
        assert_eq!(held(Role::P), [None, Some("cy-GB"), None, None]);
        assert_eq!(held(Role::Span), [Some("en-GB")]);
        assert_eq!(held(Role::Sect), [Some("cy-GB")]);
        assert_eq!(pages.language, "en-GB");
    }

    #[test]
    fn tables_have_headers_in_rows_and_columns() {
        let pages = laid(
            "",
            "<facts><fact><label>l</label><value>v</value></fact></facts><table><head>\
             <cell>a</cell><cell>b</cell></head><row><cell header=\"true\">c</cell><cell>d</cell>\
             </row></table>",
        );
        let (row, column) = (Role::Th(Scope::Row), Role::Th(Scope::Column));
        let facts = [Role::Table, Role::Tr, row, Role::Td];
        let table = [Role::Table, Role::Tr, column, column, Role::Tr, row, Role::Td];
        let expected: Vec<_> = facts.into_iter().chain(table).collect();
        assert_eq!(roles(&pages)[2..], expected);
    }

    #[test]
    fn a_line_that_ends_with_a_colon_stays_with_its_list() {
        let fill = "<p>x</p>";
        for lines in 20..34 {
            let list = "<p>These:</p><list><item>one</item><item>two</item></list>";
            let pages = laid("", &format!("{}{list}", fill.repeat(lines)));
            let held = texts(&pages, |owner| matches!(owner, Owner::Content(_)));
            assert!(held.iter().all(|page| page.last().is_none_or(|last| last != "These:")));
        }
    }

    #[test]
    fn what_leads_to_the_terms_stays_with_the_first_of_them() {
        let inner =
            "<h2>H</h2><p>Their numbers.</p><terms><term number=\"P1\"><p>a</p></term></terms>";
        for lines in 20..34 {
            let pages = laid("", &format!("{}{inner}", "<p>x</p>".repeat(lines)));
            let last = texts(&pages, |_| true).pop().expect("a page");
            assert!(last.ends_with(&["H", "Their numbers.", "P1", "a"].map(str::to_owned)));
        }
    }

    #[test]
    fn dense_print_is_as_large_as_its_page_allows() {
        let size = |terms: usize| {
            let pages = laid("print=\"dense\"", &"<p>x</p>".repeat(terms));
            let sizes = pages.pages.iter().flat_map(|page| &page.items);
            let size = sizes.filter_map(|item| match item {
                Item::Run(run) if run.text == "x" => Some(run.size),
                _ => None,
            });
            (size.fold(0.0, f32::max), pages.pages.len())
        };
        assert_eq!(
            [size(10), size(36), size(48), size(90)].map(|(size, _)| size),
            [13.0, 11.5, 10.0, 10.0]
        );
        assert_eq!([size(10), size(36), size(48), size(90)].map(|(_, pages)| pages), [1, 1, 1, 2]);
    }

    #[test]
    fn a_closing_remark_is_never_alone_on_a_page() {
        let end = "<signature tooltip=\"t\" alternative=\"a\"><line>l</line></signature>\
                   <notice>Not prescribed.</notice>";
        for lines in 20..34 {
            let pages = laid("", &format!("{}{end}", "<p>x</p>".repeat(lines)));
            let last = texts(&pages, |_| true).pop().expect("a page");
            assert_eq!(last[last.len() - 3..], ["x", "l", "Not prescribed."]);
        }
    }

    #[test]
    fn a_warning_is_kept_whole_and_boxed() {
        let warning = "<warning title=\"W\"><p>one</p><p>two</p></warning>";
        for lines in 20..34 {
            let pages = laid("", &format!("{}{warning}", "<p>x</p>".repeat(lines)));
            let held = texts(&pages, |owner| matches!(owner, Owner::Content(_)));
            let whole = held.iter().filter(|page| page.contains(&"W".to_owned()));
            assert!(
                whole.clone().count() == 1
                    && whole.clone().all(|page| page.ends_with(&[
                        "W".into(),
                        "one".into(),
                        "two".into()
                    ]))
            );
            let heavy = pages.pages.iter().flat_map(|page| &page.items).filter(|item| {
                matches!(item, Item::Shape(shape) if shape.stroke.is_some_and(|width| width > 2.0))
            });
            assert_eq!(heavy.count(), 1);
        }
    }
}
