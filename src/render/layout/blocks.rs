//! Each block to its strips and its nodes.

use super::flow::{Bond, Flow, Frame, Set, Strip, face};
use super::style::Type;
use crate::render::document::{Block, Body, Definition, Entry, Marker, Section, Term, Words};
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
                let gap = self.style.paragraph_gap;
                self.paragraph(words, parent, &set.running(), gap)?;
                if words.pieces.last().is_some_and(|piece| piece.text.ends_with(':')) {
                    self.hold_next();
                }
                Ok(())
            }
            Body::Addressee(lines) => self.addressee(lines),
            Body::Alert(words) => self.alert(words, parent, set),
            Body::Band(facts) => self.band(facts, parent, set),
            Body::Facts(facts) => self.facts(facts, parent, set),
            Body::Terms(terms) => self.terms(terms, parent, set),
            Body::List { marker, items } => self.list(*marker, items, parent, &set.running()),
            Body::Definitions(definitions) => self.definitions(definitions, parent, &set.running()),
            Body::Warning { title, blocks } => self.warning(title, blocks, parent, set),
            Body::Table { head, rows } => self.table(head, rows, parent, set),
            Body::Questions { head, answers, rows } => {
                self.questions((head, answers, rows), parent, set)
            }
            Body::Notice(lines) => self.notice(lines, parent, set),
            Body::Signature(signature) => self.signature(signature, parent, set),
            Body::Section(section) => self.section(section, parent, set),
            Body::Pair(sections) => self.pair(sections, parent, set),
            Body::BlankPage(lines) => {
                self.blank.clone_from(lines);
                Ok(())
            }
            Body::PageBreak => {
                self.begin_page();
                Ok(())
            }
        }
    }

    pub(super) fn section(&mut self, section: &Section, parent: NodeId, set: &Set) -> Done {
        let node = self.node(Role::Sect, parent);
        let around = self.speak(section.language, node);
        for block in &section.blocks {
            self.set_block(block, node, set)?;
        }
        self.language = around;
        Ok(())
    }

    fn court(&mut self, words: &Words, parent: NodeId, set: &Set) -> Done {
        self.at("court", "");
        let node = self.node(Role::P, parent);
        let set = set.of(self.style.court).bold().balanced();
        let lines = self.lines_apart(words, node, &set)?;
        let (mut items, mut height) = (Vec::new(), 0.0);
        for line in lines {
            items.extend(self.on_baseline(line, set.kind, height).map(Item::Run));
            height += set.kind.leading;
        }
        let mark = self.mark();
        let masthead = true;
        self.push(Strip { height, items, masthead, begins: true, ..Strip::default() });
        self.rule_below(mark, (6.0, 2.4), &set);
        Ok(())
    }

    fn subtitle(&mut self, words: &Words, parent: NodeId, set: &Set) -> Done {
        self.at("subtitle", "");
        let node = self.node(Role::P, parent);
        let set = set.of(self.style.subtitle);
        let lines = self.lines_apart(words, node, &set)?;
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
            1 => ("title", self.style.title, self.style.heading_gap[0]),
            2 => ("h2", self.style.h2, self.style.heading_gap[1]),
            _ => ("h3", self.style.h3, self.style.heading_gap[2]),
        };
        self.at(name, "");
        let node = self.node(Role::Heading(level), parent);
        let bookmark = bookmark.map_or_else(|| words.text(), str::to_owned);
        if let Some(node) = self.node_mut(node) {
            node.bookmark = Some(bookmark);
        }
        let set = set.of(kind).bold().balanced();
        let lines = match level {
            1 if self.style.title_apart => self.lines_apart(words, node, &set)?,
            _ => self.lines_parted(words, node, &set)?,
        };
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
            let inner = set.inset(self.style.number_width);
            let mark = self.mark();
            if term.paired && self.style.stacked {
                // Each language to its end: a note belongs to the words above it.
                let [one, other] = [0, 1].map(|half| term.half(half));
                self.term(&one, body, &inner, self.style.term_gap)?;
                self.term(&other, body, &inner, self.style.paragraph_gap)?;
            } else {
                self.term(term, body, &inner, self.style.term_gap)?;
            }
            let width = self.style.number_width;
            let figure = Set { width, kind: self.style.figure, ..set.bold() };
            self.label(&term.number, label, (&figure, set.kind), mark)?;
            self.keep_short(mark);
        }
        Ok(())
    }

    /// The words of a term and its notes.
    fn term(&mut self, term: &Term, body: NodeId, set: &Set, above: f32) -> Done {
        for (place, words) in each(&term.text, term.paired).enumerate() {
            let gap = if place == 0 { above } else { self.style.item_gap };
            self.one_or_two(words, body, set, gap)?;
        }
        for notes in each(&term.notes, term.paired) {
            let first = self.mark();
            // What limits a term is as black as the term; what only completes it stands back.
            let strong = notes.iter().flat_map(|note| &note.pieces).all(|piece| piece.strong);
            let ink = if strong { set.ink } else { Ink::Grey };
            self.one_or_two(notes, body, &Set { ink, ..*set }, 2.0)?;
            self.tie(first);
        }
        Ok(())
    }

    /// A paragraph, or two side by side.
    fn one_or_two(&mut self, words: &[Words], body: NodeId, set: &Set, above: f32) -> Done {
        let [one, other] = words else {
            return words.iter().try_for_each(|words| self.paragraph(words, body, set, above));
        };
        self.beside(
            set,
            |flow, set| flow.paragraph(one, body, set, above),
            |flow, set| flow.paragraph(other, body, set, above),
        )
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
                Marker::Bullet => ("•".to_owned(), self.style.bullet_width),
                Marker::Number => {
                    (format!("{number}."), self.style.bullet_width + self.style.item_gap * 2.0)
                }
            };
            let mark = self.mark();
            let gap = self.style.item_gap;
            self.several(&entry.text, body, &set.inset(width), gap)?;
            self.label(&mark_text, label, (&Set { width, ..*set }, set.kind), mark)?;
            self.keep_short(mark);
        }
        if self.mark() - whole <= SHORT_LIST {
            self.keep_short(whole);
        }
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
            let above = self.above(self.style.paragraph_gap);
            self.push_lines(lines, set.kind, above, Bond::Free);
            self.since(mark).iter_mut().skip(1).for_each(|strip| strip.bond = Bond::Firm);
            let first = self.mark();
            let inner = set.inset(self.style.bullet_width);
            self.several(&definition.meaning, body, &inner, 0.0)?;
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
        let inner = boxed(set, self.style.box_pad);
        let head = Set { ink: Ink::White, ..inner.of(self.style.h2).bold().balanced() };
        let lines = self.plain(title, heading, &head)?;
        let title_lines = lines.len();
        self.push_lines(lines, head.kind, above, Bond::Free);
        self.since(mark).iter_mut().for_each(|strip| strip.dark = true);
        let first = self.mark();
        for block in blocks {
            self.set_block(block, section, &inner)?;
        }
        if let Some(strip) = self.since(first).first_mut() {
            strip.above = strip.above.max(BELOW_DARK);
        }
        for (place, strip) in self.since(mark).iter_mut().enumerate().skip(1) {
            let least = if place <= title_lines { Bond::Firm } else { Bond::Weak };
            strip.bond = strip.bond.max(least);
        }
        let pad = self.style.box_pad * 0.75;
        self.frame(mark, Frame::over(set, (2.4, Ink::Black), pad));
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
            let inner = boxed(set, self.style.box_pad);
            let lines = self.lines(words, node, &inner)?;
            let gap = if place == 0 { above } else { self.style.item_gap };
            self.push_lines(lines, inner.kind, gap, Bond::Free);
        }
        self.since(mark).iter_mut().skip(1).for_each(|strip| strip.bond = Bond::Firm);
        if let Some(first) = self.since(mark).first_mut().filter(|_| closing) {
            first.bond = first.bond.max(Bond::Weak);
        }
        self.frame(mark, Frame::over(set, (0.6, Ink::Grey), 8.0));
        Ok(())
    }

    /// Paragraphs of a body: the first line sits level with the body's label.
    fn several(&mut self, words: &[Words], body: NodeId, set: &Set, above: f32) -> Done {
        for (place, words) in words.iter().enumerate() {
            let gap = if place == 0 { above } else { self.style.item_gap };
            self.paragraph(words, body, set, gap)?;
        }
        Ok(())
    }

    /// A label on the first line of a body that was set since the mark: the two are one strip.
    fn label(
        &mut self,
        text: &str,
        node: NodeId,
        (set, beside): (&Set, Type),
        mark: usize,
    ) -> Done {
        let lines = self.plain(text, node, set)?;
        let mut runs = Vec::new();
        for line in lines {
            runs.extend(self.on_baseline(line, beside, 0.0).map(Item::Run));
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
        let kept = self.style.kept_lines;
        let strips = self.since(mark);
        if strips.len() <= kept {
            let rest = strips.iter_mut().skip(1);
            rest.for_each(|strip| strip.bond = strip.bond.max(Bond::Weak));
        }
    }
}

/// Inside a box.
pub(super) const fn boxed(set: &Set, pad: f32) -> Set {
    Set { x: set.x + pad, width: set.width - 2.0 * pad, indent: 0.0, ..*set }
}

/// Words one by one, or two by two.
fn each(words: &[Words], paired: bool) -> impl Iterator<Item = &[Words]> {
    words.chunks(if paired { 2 } else { 1 })
}

/// Lines up to which a list is kept on one page.
const SHORT_LIST: usize = 5;
/// Below the black of a box's title.
const BELOW_DARK: f32 = 15.0;
