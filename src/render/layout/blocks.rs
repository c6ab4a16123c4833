//! Each block to its strips and its nodes.

use super::STYLE;
use super::flow::{Bond, Flow, Frame, Set, face};
use crate::render::document::{Block, Body, Definition, Entry, Marker, Term, Words};
use crate::render::error::RenderError;
use crate::render::pages::{Ink, Item, NodeId, Owner, Role};
use crate::render::paragraph::{Line, Stretch};

type Done = Result<(), RenderError>;

impl Flow<'_> {
    /// Sets a block below a node, in a column.
    pub(super) fn set_block(&mut self, block: &Block, parent: NodeId, set: &Set) -> Done {
        match &block.body {
            Body::Court(words) => self.court(words, parent, set),
            Body::Title(words) => self.heading(1, words, None, (parent, set)),
            Body::Subtitle(words) => self.subtitle(words, parent, set),
            Body::Heading { level, words, bookmark } => {
                self.heading(*level, words, bookmark.as_deref(), (parent, set))
            }
            Body::Paragraph(words) => {
                self.at("p", "");
                self.paragraph(words, parent, set, STYLE.paragraph_gap)?;
                if words.pieces.last().is_some_and(|piece| piece.text.ends_with(':')) {
                    self.hold_next();
                }
                Ok(())
            }
            Body::Facts(facts) => self.facts(facts, parent, set),
            Body::Terms(terms) => self.terms(terms, parent, set),
            Body::List { marker, items } => self.list(*marker, items, parent, set),
            Body::Definitions(definitions) => self.definitions(definitions, parent, set),
            Body::Warning { title, blocks } => self.warning(title, blocks, parent, set),
            Body::Table { head, rows } => self.table(head, rows, parent, set),
            Body::Notice(lines) => self.notice(lines, parent, set),
            Body::Signature(signature) => self.signature(signature, parent, set),
            Body::Section { language, blocks } => self.section(language, blocks, parent, set),
            Body::PageBreak => {
                self.begin_page();
                Ok(())
            }
        }
    }

    fn section(
        &mut self,
        language: &'static str,
        blocks: &[Block],
        parent: NodeId,
        set: &Set,
    ) -> Done {
        let section = self.node(Role::Sect, parent);
        let around = self.speak(language, section);
        for block in blocks {
            self.set_block(block, section, set)?;
        }
        self.language = around;
        Ok(())
    }

    fn court(&mut self, words: &Words, parent: NodeId, set: &Set) -> Done {
        self.at("court", "");
        let node = self.node(Role::P, parent);
        let set = set.of(STYLE.court).bold().balanced();
        let lines = self.lines(words, node, &set)?;
        let mark = self.mark();
        self.push_lines(lines, set.kind, 0.0, Bond::Free);
        self.rule_below(mark, 6.0, 1.6, set.width);
        Ok(())
    }

    fn subtitle(&mut self, words: &Words, parent: NodeId, set: &Set) -> Done {
        self.at("subtitle", "");
        let node = self.node(Role::P, parent);
        let set = set.of(STYLE.subtitle);
        let lines = self.lines(words, node, &set)?;
        self.push_lines(lines, set.kind, 4.0, Bond::Firm);
        Ok(())
    }

    fn heading(
        &mut self,
        level: u8,
        words: &Words,
        bookmark: Option<&str>,
        (parent, set): (NodeId, &Set),
    ) -> Done {
        let (name, kind, above) = match level {
            1 => ("title", STYLE.title, 14.0),
            2 => ("h2", STYLE.h2, STYLE.heading_gap[0]),
            _ => ("h3", STYLE.h3, STYLE.heading_gap[1]),
        };
        self.at(name, "");
        let node = self.node(Role::Heading(level), parent);
        let bookmark = bookmark.map_or_else(|| words.text(), str::to_owned);
        if let Some(node) = self.node_mut(node) {
            node.bookmark = Some(bookmark);
        }
        let set = set.of(kind).bold().balanced();
        let lines = self.lines(words, node, &set)?;
        let above = self.above(above);
        let bond = if level == 1 { Bond::Firm } else { Bond::Free };
        let mark = self.mark();
        self.push_lines(lines, kind, above, bond);
        self.since(mark).iter_mut().skip(1).for_each(|strip| strip.bond = Bond::Firm);
        self.hold_next();
        Ok(())
    }

    /// A paragraph with its own node.
    pub(super) fn paragraph(
        &mut self,
        words: &Words,
        parent: NodeId,
        set: &Set,
        above: f32,
    ) -> Done {
        let node = self.node(Role::P, parent);
        let lines = self.lines(words, node, set)?;
        let above = self.above(above);
        self.push_lines(lines, set.kind, above, Bond::Free);
        Ok(())
    }

    fn terms(&mut self, terms: &[Term], parent: NodeId, set: &Set) -> Done {
        let list = self.list_node("Decimal", parent);
        for term in terms {
            self.at("term", &term.number);
            let item = self.node(Role::Li, list);
            let label = self.node(Role::Lbl, item);
            let body = self.node(Role::LBody, item);
            let inner = inset(set, STYLE.number_width);
            let mark = self.mark();
            for (place, words) in term.text.iter().enumerate() {
                let gap = if place == 0 { STYLE.term_gap } else { STYLE.item_gap };
                self.paragraph(words, body, &inner, gap)?;
            }
            for note in &term.notes {
                let first = self.mark();
                self.paragraph(note, body, &Set { ink: Ink::Grey, ..inner }, 2.0)?;
                self.tie(first);
            }
            self.label(&term.number, label, &set.bold(), mark)?;
            self.keep_short(mark);
        }
        Ok(())
    }

    fn list(&mut self, marker: Marker, items: &[Entry], parent: NodeId, set: &Set) -> Done {
        let numbering = match marker {
            Marker::Bullet => "Disc",
            Marker::Number => "Decimal",
        };
        let list = self.list_node(numbering, parent);
        let whole = self.mark();
        for (place, entry) in items.iter().enumerate() {
            let number = (place + 1).to_string();
            self.at("item", &number);
            let item = self.node(Role::Li, list);
            let label = self.node(Role::Lbl, item);
            let body = self.node(Role::LBody, item);
            let (mark_text, width) = match marker {
                Marker::Bullet => ("•".to_owned(), STYLE.bullet_width),
                Marker::Number => (format!("{number}."), STYLE.bullet_width + 8.0),
            };
            let mark = self.mark();
            self.several(&entry.text, body, &inset(set, width), STYLE.item_gap)?;
            self.label(&mark_text, label, set, mark)?;
            self.keep_short(mark);
        }
        self.keep_short(whole);
        Ok(())
    }

    fn definitions(&mut self, definitions: &[Definition], parent: NodeId, set: &Set) -> Done {
        let list = self.list_node("None", parent);
        for definition in definitions {
            self.at("definition", "");
            let item = self.node(Role::Li, list);
            let label = self.node(Role::Lbl, item);
            let body = self.node(Role::LBody, item);
            let mark = self.mark();
            let lines = self.lines(&definition.word, label, &set.bold())?;
            let above = self.above(STYLE.paragraph_gap);
            self.push_lines(lines, set.kind, above, Bond::Free);
            self.since(mark).iter_mut().skip(1).for_each(|strip| strip.bond = Bond::Firm);
            let first = self.mark();
            self.several(&definition.meaning, body, &inset(set, STYLE.bullet_width), 0.0)?;
            self.tie(first);
            self.keep_short(mark);
        }
        Ok(())
    }

    fn warning(&mut self, title: &str, blocks: &[Block], parent: NodeId, set: &Set) -> Done {
        let section = self.node(Role::Sect, parent);
        let heading = self.node(Role::Heading(2), section);
        if let Some(node) = self.node_mut(heading) {
            node.bookmark = Some(title.to_owned());
        }
        self.at("warning", "");
        let above = self.box_above();
        let mark = self.mark();
        let inner = boxed(set);
        let head = inner.of(STYLE.h2).bold().balanced();
        let lines = self.plain(title, heading, &head)?;
        let title_lines = lines.len();
        self.push_lines(lines, head.kind, above, Bond::Free);
        for block in blocks {
            self.set_block(block, section, &inner)?;
        }
        for (place, strip) in self.since(mark).iter_mut().enumerate().skip(1) {
            let least = if place <= title_lines { Bond::Firm } else { Bond::Weak };
            strip.bond = strip.bond.max(least);
        }
        self.frame(mark, Frame { stroke: 2.4, ink: Ink::Black, pad: STYLE.box_pad });
        Ok(())
    }

    /// A closing remark stays with the signature, so that no page holds it alone.
    fn notice(&mut self, lines: &[Words], parent: NodeId, set: &Set) -> Done {
        self.at("notice", "");
        let above = self.box_above();
        let closing = self.signed;
        let mark = self.mark();
        for (place, words) in lines.iter().enumerate() {
            let node = self.node(Role::P, parent);
            let inner = boxed(set);
            let lines = self.lines(words, node, &inner)?;
            let gap = if place == 0 { above } else { STYLE.item_gap };
            self.push_lines(lines, inner.kind, gap, Bond::Free);
        }
        self.since(mark).iter_mut().skip(1).for_each(|strip| strip.bond = Bond::Firm);
        if let Some(first) = self.since(mark).first_mut().filter(|_| closing) {
            first.bond = first.bond.max(Bond::Weak);
        }
        self.frame(mark, Frame { stroke: 0.6, ink: Ink::Grey, pad: 8.0 });
        Ok(())
    }

    /// Paragraphs of a body: the first line sits level with the body's label.
    fn several(&mut self, words: &[Words], body: NodeId, set: &Set, above: f32) -> Done {
        for (place, words) in words.iter().enumerate() {
            let gap = if place == 0 { above } else { STYLE.item_gap };
            self.paragraph(words, body, set, gap)?;
        }
        Ok(())
    }

    /// A label on the first line of a body that was set since the mark: the two are one strip.
    fn label(&mut self, text: &str, node: NodeId, set: &Set, mark: usize) -> Done {
        let width = STYLE.number_width.min(set.width);
        let lines = self.plain(text, node, &Set { width, ..*set })?;
        let mut runs = Vec::new();
        for line in lines {
            runs.extend(self.on_baseline(line, set.kind, 0.0).map(Item::Run));
        }
        if let Some(first) = self.since(mark).first_mut() {
            runs.append(&mut first.items);
            first.items = runs;
        }
        Ok(())
    }

    pub(super) fn plain(
        &self,
        text: &str,
        node: NodeId,
        set: &Set,
    ) -> Result<Vec<Line>, RenderError> {
        let owner = Owner::Content(node);
        self.set(&[Stretch { text, face: face(set.bold, false), owner }], set)
    }

    fn list_node(&mut self, numbering: &'static str, parent: NodeId) -> NodeId {
        let list = self.node(Role::L, parent);
        if let Some(node) = self.node_mut(list) {
            node.list_numbering = Some(numbering);
        }
        list
    }

    /// Ties the strips since the mark to what stands before them.
    fn tie(&mut self, mark: usize) {
        if let Some(first) = self.since(mark).first_mut() {
            first.bond = Bond::Firm;
        }
    }

    /// Keeps a short run of strips on one page where that is possible.
    fn keep_short(&mut self, mark: usize) {
        let strips = self.since(mark);
        if strips.len() <= STYLE.kept_lines {
            let rest = strips.iter_mut().skip(1);
            rest.for_each(|strip| strip.bond = strip.bond.max(Bond::Weak));
        }
    }
}

/// Inside a box.
pub(super) fn boxed(set: &Set) -> Set {
    let pad = STYLE.box_pad;
    Set { x: set.x + pad, width: set.width - 2.0 * pad, ..*set }
}

/// Further in on the left.
fn inset(set: &Set, by: f32) -> Set {
    Set { x: set.x + by, width: set.width - by, ..*set }
}
