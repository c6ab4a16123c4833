//! What must hold of the paper's form: the window for the address, even pages, two languages side
//! by side, column headings on each page.

use proptest::prelude::*;

use super::{Ink, boxes, content, runs};
use crate::render::document::{Block, Body, Document, Print, Words};
use crate::render::layout::addressee::{
    WINDOW_HEAD, WINDOW_HEIGHT, WINDOW_LEFT, WINDOW_WIDTH, ZONE_BOTTOM, ZONE_TOP,
};
use crate::render::pages::{Artifact, Item, NodeId, Owner, PAGE_HEIGHT, Pages, Role, Run, Scope};

type Held = Result<(), TestCaseError>;

/// The address stands inside the window, and nothing else where a window may show.
pub(super) fn window_is_clear(document: &Document, pages: &Pages) -> Held {
    let Some(Body::Addressee(lines)) = document.blocks.first().map(|block| &block.body) else {
        return Ok(());
    };
    let (right, foot) = (WINDOW_LEFT + WINDOW_WIDTH, PAGE_HEIGHT - WINDOW_HEAD - WINDOW_HEIGHT);
    let first = &pages.pages[0];
    let address = |run: &Run| match run.owner {
        Owner::Content(NodeId(node)) => (1..=lines.len()).contains(&(node as usize)),
        _ => false,
    };
    prop_assert!(runs(first).any(address));
    for run in runs(first) {
        let ink = Ink::of(run);
        if address(run) {
            let across = ink.left > WINDOW_LEFT + 14.0 && ink.right < right - 14.0;
            prop_assert!(across && ink.foot > foot && ink.head < ZONE_TOP, "{}", run.text);
            prop_assert!((6.0..=12.0).contains(&run.size));
        } else {
            let clear = ink.foot >= ZONE_TOP || ink.head <= ZONE_BOTTOM;
            prop_assert!(clear, "in the window: {}", run.text);
        }
    }
    for shape in boxes(first) {
        let clear = shape.y >= ZONE_TOP || shape.y + shape.height <= ZONE_BOTTOM + 0.05;
        prop_assert!(clear, "a line in the window");
    }
    Ok(())
}

/// What the added page says, where there is one.
pub(super) fn blank(document: &Document, pages: &Pages) -> Option<Vec<String>> {
    let Some(Body::BlankPage(lines)) = document.blocks.last().map(|block| &block.body) else {
        return None;
    };
    let words: Vec<_> = lines.iter().map(Words::text).collect();
    let last: Vec<_> = content(pages.pages.last()?).map(|(_, run)| run.text.clone()).collect();
    (last == words).then_some(words)
}

/// An even number where it is asked for; the added page says that it is blank, and is the only one.
pub(super) fn pages_are_even(document: &Document, pages: &Pages) -> Held {
    let asked = matches!(document.blocks.last().map(|block| &block.body), Some(Body::BlankPage(_)));
    prop_assert!(!asked || pages.pages.len().is_multiple_of(2));
    let added = usize::from(blank(document, pages).is_some());
    for page in &pages.pages[..pages.pages.len() - added] {
        let held = runs(page).any(|run| !matches!(run.owner, Owner::Artifact(_)));
        prop_assert!(held, "a page without content");
    }
    Ok(())
}

/// A paragraph's text and where it begins: page, x, y, size.
type Begin = (String, usize, f32, f32, f32);

fn paragraphs(pages: &Pages) -> Vec<Begin> {
    let mut held: Vec<Option<Begin>> = vec![None; pages.nodes.len()];
    for (page, (node, run)) in pages
        .pages
        .iter()
        .enumerate()
        .flat_map(|(page, held)| content(held).map(move |c| (page, c)))
    {
        let place = &mut held[node.0 as usize];
        let begin = place.get_or_insert((String::new(), page, run.x, run.y, run.size));
        begin.0.push_str(&run.text);
    }
    let paragraph = |node: &usize| pages.nodes[*node].role == Role::P;
    let held = held.into_iter().enumerate().filter(|(node, _)| paragraph(node));
    held.filter_map(|(_, begin)| begin).collect()
}

/// Each paragraph of a paired term stands level with its answer, as large and in a column as wide.
pub(super) fn pairs_are_level(document: &Document, pages: &Pages) -> Held {
    let paragraphs = paragraphs(pages);
    let begin = |words: &Words| paragraphs.iter().position(|begin| begin.0 == words.text());
    for term in document.blocks.iter().flat_map(terms).filter(|term| term.paired) {
        for two in term.text.chunks(2).chain(term.notes.chunks(2)) {
            let (Some(one), Some(other)) = (begin(&two[0]), begin(&two[1])) else {
                return Err(TestCaseError::fail("lost"));
            };
            // Short words may come twice; they say nothing of each other.
            if two[0].text().len() < 24 || two[1].text().len() < 24 {
                continue;
            }
            let (left, right) = (&paragraphs[one], &paragraphs[other]);
            // In large print each language is read to its end.
            let between = match document.print {
                Print::Large => (term.text.len() + term.notes.len()) / 2,
                _ => 1,
            };
            prop_assert_eq!(other, one + between, "read one after the other");
            prop_assert_eq!(left.4, right.4, "as large");
            if document.print == Print::Large {
                prop_assert_eq!(left.2, right.2, "one below the other");
            } else {
                prop_assert!(left.1 == right.1 && (left.3 - right.3).abs() < 0.01, "level");
                prop_assert!(left.2 + 100.0 < right.2, "Welsh on the left");
            }
        }
    }
    Ok(())
}

fn terms(block: &Block) -> &[crate::render::document::Term] {
    match &block.body {
        Body::Terms(terms) => terms,
        _ => &[],
    }
}

/// A page that goes on with a table begins it with the table's column headings, as furniture.
pub(super) fn headings_stand_again(pages: &Pages) -> Held {
    let node = |id: NodeId| &pages.nodes[id.0 as usize];
    let table_of = |cell: NodeId| node(cell).parent.and_then(|row| node(row).parent);
    for (place, page) in pages.pages.iter().enumerate().skip(1) {
        let Some((cell, _)) = content(page).next().filter(|(id, _)| node(*id).role == Role::Td)
        else {
            continue;
        };
        let heads: Vec<_> = pages.pages[..place]
            .iter()
            .flat_map(content)
            .filter(|(id, _)| node(*id).role == Role::Th(Scope::Column))
            .filter(|(id, _)| table_of(*id) == table_of(cell))
            .map(|(_, run)| run.text.clone())
            .collect();
        let again: Vec<_> = page
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Run(run) if run.owner == Owner::Artifact(Artifact::Layout) => Some(&run.text),
                _ => None,
            })
            .collect();
        let tall = heads.len() > 8;
        prop_assert!(tall || heads.iter().all(|head| again.contains(&head)), "{heads:?}");
    }
    Ok(())
}
