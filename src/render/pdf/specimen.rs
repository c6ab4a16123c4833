//! Documents made by hand for the tests of this room: every structure type, two pages, letters
//! beyond the base.

use jiff::Timestamp;

use super::{Seal, Stamp, Written, write};
use crate::render::pages::{
    Artifact, Face, Glyph, Ink, Item, Node, NodeId, Owner, Page, Pages, Panel, Role, Run, Scope,
    Shape,
};
use crate::render::subset::Subsets;

/// Cut once for all tests.
pub(crate) fn subsets() -> &'static Subsets {
    static SUBSETS: std::sync::LazyLock<Subsets> =
        std::sync::LazyLock::new(|| Subsets::new().unwrap());
    &SUBSETS
}

/// A stamp, with a seal where asked for.
pub(crate) fn stamp(sealed: bool) -> Stamp<'static> {
    let created = Timestamp::from_second(1_795_000_000).unwrap();
    let seal = Seal {
        signer: "Test Signer",
        reason: "Made by the court (test)",
        location: None,
        signed_at: created,
        reserve: 4096,
    };
    Stamp { document: "01-specimen", created, seal: sealed.then_some(seal), attachment: None }
}

/// The specimen, written.
pub(crate) fn written(sealed: bool) -> (Pages, Written) {
    let pages = pages(sealed);
    let written = write(&pages, subsets(), &stamp(sealed)).unwrap();
    (pages, written)
}

/// Two pages with every structure type.
pub(crate) fn pages(sealed: bool) -> Pages {
    let mut draft = Draft { pages: Pages::default(), y: 780.0 };
    draft.pages.language = "en-GB";
    draft.pages.title = "Stalking protection order (specimen)".to_owned();
    draft.pages.pages.push(Page::default());
    let root = draft.node(Role::Document, None);
    draft.furniture("Specimen", 1);
    let title = draft.node(Role::Heading(1), Some(root));
    draft.pages.nodes[title.0 as usize].bookmark = Some("Order".to_owned());
    draft.line(title, "Stalking protection order", Face::Bold);
    let person = draft.node(Role::P, Some(root));
    draft.line(person, "Siân Ŵyn-Łukasz (née O’Brien) — Đặng Θεός Жук ", Face::Regular);
    draft.line(person, "of no fixed address ", Face::Regular);
    let welsh = draft.node(Role::Span, Some(person));
    draft.pages.nodes[welsh.0 as usize].language = Some("cy");
    draft.line(welsh, "Gorchymyn diogelu rhag stelcio", Face::Italic);
    draft.line(person, " (that is all).", Face::Regular);
    draft.facts(root);
    let heading = draft.node(Role::Heading(2), Some(root));
    draft.pages.nodes[heading.0 as usize].bookmark = Some("Prohibitions".to_owned());
    draft.line(heading, "Forbidden", Face::Bold);
    draft.terms(root);
    if sealed {
        draft.panel(root);
    } else {
        let mark = draft.run(Owner::Artifact(Artifact::Watermark), "DRAFT", Face::Bold);
        let turned = Run { turned: 45.0, size: 96.0, ink: Ink::Pale, ..mark };
        draft.pages.pages[1].items.insert(0, Item::Run(turned));
        let run = draft.run(Owner::Panel, "Here the court’s officer would sign", Face::Regular);
        draft.pages.pages[1].items.push(Item::Run(run));
    }
    draft.pages
}

struct Draft {
    pages: Pages,
    y: f32,
}

impl Draft {
    fn node(&mut self, role: Role, parent: Option<NodeId>) -> NodeId {
        self.pages.nodes.push(Node {
            role,
            parent,
            language: None,
            alternative: None,
            list_numbering: None,
            bookmark: None,
            column_span: 1,
        });
        NodeId(u32::try_from(self.pages.nodes.len() - 1).unwrap())
    }

    fn run(&mut self, owner: Owner, text: &str, face: Face) -> Run {
        let size = 12.0;
        let mut glyphs = Vec::new();
        let mut characters = text.char_indices().peekable();
        while let Some((cluster, character)) = characters.next() {
            // Two characters that one glyph draws, as shaping makes them.
            let composed =
                character == 'w' && characters.next_if(|(_, next)| *next == '\u{302}').is_some();
            let character = if composed { '\u{175}' } else { character };
            let (id, width) = subsets().glyph_of(face, character).unwrap_or((0, 600));
            let kern = if character == 'T' { -0.24 } else { 0.0 };
            glyphs.push(Glyph {
                id,
                advance: width as f32 * size / 1000.0 + kern,
                x_offset: 0.0,
                y_offset: 0.0,
                cluster: u32::try_from(cluster).unwrap(),
            });
        }
        // A space that ends a line has no glyph.
        if text.ends_with(' ') {
            glyphs.pop();
        }
        Run {
            owner,
            face,
            size,
            x: 72.0,
            y: self.y,
            glyphs,
            text: text.to_owned(),
            ink: Ink::Black,
            turned: 0.0,
        }
    }

    fn line(&mut self, node: NodeId, text: &str, face: Face) {
        let run = self.run(Owner::Content(node), text, face);
        self.y -= 18.0;
        self.items().push(Item::Run(run));
    }

    fn items(&mut self) -> &mut Vec<Item> {
        &mut self.pages.pages.last_mut().unwrap().items
    }

    fn furniture(&mut self, header: &str, number: u8) {
        let top = self.run(Owner::Artifact(Artifact::Header), header, Face::Regular);
        let text = format!("Page {number} of 2");
        let foot = self.run(Owner::Artifact(Artifact::Footer), &text, Face::Regular);
        self.items().push(Item::Run(Run { y: 810.0, ink: Ink::Grey, ..top }));
        self.items().push(Item::Run(Run { y: 30.0, ..foot }));
        let rule = Shape {
            owner: Owner::Artifact(Artifact::Layout),
            x: 72.0,
            y: 800.0,
            width: 451.28,
            height: 0.0,
            stroke: Some(0.5),
            ink: Ink::Grey,
        };
        self.items().push(Item::Shape(rule));
    }

    fn facts(&mut self, root: NodeId) {
        let table = self.node(Role::Table, Some(root));
        for (label, value) in [("Case", "T 2026/0417"), ("Court", "Ynys Môn (test)")] {
            let row = self.node(Role::Tr, Some(table));
            let head = self.node(Role::Th(Scope::Row), Some(row));
            self.line(head, label, Face::Bold);
            let cell = self.node(Role::Td, Some(row));
            self.line(cell, value, Face::Regular);
        }
    }

    /// One list that goes on over the page.
    fn terms(&mut self, root: NodeId) {
        let list = self.node(Role::L, Some(root));
        self.pages.nodes[list.0 as usize].list_numbering = Some("Decimal");
        for (number, term) in [("P1", "contact Ann Example "), ("P2", "go to (Market\\Street) ")] {
            let item = self.node(Role::Li, Some(list));
            let label = self.node(Role::Lbl, Some(item));
            self.line(label, number, Face::Bold);
            let words = self.node(Role::LBody, Some(item));
            self.line(words, term, Face::Regular);
            if number == "P1" {
                self.pages.pages.push(Page::default());
                self.y = 780.0;
                self.furniture("Specimen", 2);
            }
            self.line(words, "in any way; x\u{301}\u{2011}w\u{302}y", Face::Regular);
        }
    }

    fn panel(&mut self, root: NodeId) {
        let node = self.node(Role::Form, Some(root));
        self.pages.nodes[node.0 as usize].alternative = Some("Signature of the court".to_owned());
        let (x, y, width, height) = (72.0, self.y - 60.0, 300.0, 60.0);
        let page = self.pages.pages.len() - 1;
        let tooltip = "Electronic signature of the court".to_owned();
        self.pages.panel = Some(Panel { page, x, y, width, height, node, tooltip });
        let frame =
            Shape { owner: Owner::Panel, x, y, width, height, stroke: Some(1.0), ink: Ink::Black };
        self.items().push(Item::Shape(frame));
        for (line, text) in
            ["Signed electronically", "A. N. Officer, Test Court"].iter().enumerate()
        {
            let run = self.run(Owner::Panel, text, Face::Regular);
            let y = y + 40.0 - 18.0 * line as f32;
            self.items().push(Item::Run(Run { x: x + 8.0, y, ..run }));
        }
    }
}
