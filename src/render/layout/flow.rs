//! The chain of strips, and the structure tree that grows beside it.

pub(super) use super::chain::{Asked, Bond, Chain, Frame, Head, PanelStrip, Strip};
use super::style::{Style, Type};
use crate::render::document::{Block, Document, Piece, Words};
use crate::render::error::RenderError;
use crate::render::font::{Fonts, MissingGlyph};
use crate::render::pages::{Artifact, Face, Ink, Item, Node, NodeId, Owner, Role, Run, Shape};
use crate::render::paragraph::{self, Column, Line, Stretch};

/// A column of text: where it stands and how it is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Set {
    pub(super) x: f32,
    pub(super) width: f32,
    /// How much further in running text stands.
    pub(super) indent: f32,
    pub(super) kind: Type,
    pub(super) bold: bool,
    pub(super) ink: Ink,
    pub(super) balanced: bool,
}

impl Set {
    /// Plain text over the given width.
    pub(super) const fn body(x: f32, width: f32, kind: Type) -> Self {
        Self { x, width, indent: 0.0, kind, bold: false, ink: Ink::Black, balanced: false }
    }

    /// Where running text stands.
    pub(super) const fn running(self) -> Self {
        self.inset(self.indent)
    }

    /// Further in on the left.
    pub(super) const fn inset(self, by: f32) -> Self {
        Self { x: self.x + by, width: self.width - by, indent: 0.0, ..self }
    }

    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) const fn of(self, kind: Type) -> Self {
        Self { kind, ..self }
    }

    pub(super) const fn balanced(self) -> Self {
        Self { balanced: true, ..self }
    }
}

/// A document being set.
pub(super) struct Flow<'a> {
    pub(super) fonts: &'a Fonts,
    pub(super) style: &'static Style,
    /// Of what is being set, BCP 47.
    pub(super) language: &'static str,
    /// No signature field, no widget.
    pub(super) draft: bool,
    strips: Vec<Strip>,
    frames: Vec<Frame>,
    nodes: Vec<Node>,
    /// The element being set, for faults.
    place: (&'static str, String),
    heads: Vec<Head>,
    asked: Asked,
    pub(super) window: Option<Vec<Item>>,
    /// What an added last page says.
    pub(super) blank: Vec<Words>,
    /// The signature's panel has been set.
    pub(super) signed: bool,
}

impl<'a> Flow<'a> {
    pub(super) fn new(document: &Document, style: &'static Style, fonts: &'a Fonts) -> Self {
        let mut flow = Self {
            fonts,
            style,
            language: document.language,
            draft: document.furniture.draft.is_some(),
            strips: Vec::with_capacity(160),
            frames: Vec::new(),
            nodes: Vec::with_capacity(160),
            place: ("document", String::new()),
            heads: Vec::new(),
            asked: Asked::default(),
            window: None,
            blank: Vec::new(),
            signed: false,
        };
        flow.push_node(Role::Document, None);
        flow
    }

    /// What was set so far, to be cut into pages.
    pub(super) fn chain(&mut self) -> Chain {
        Chain {
            strips: std::mem::take(&mut self.strips),
            frames: std::mem::take(&mut self.frames),
            heads: std::mem::take(&mut self.heads),
            window: self.window.take(),
        }
    }

    /// The structure tree.
    pub(super) fn finish(self) -> Vec<Node> {
        self.nodes
    }

    /// Sets a block at the end of the chain.
    pub(super) fn block(&mut self, block: &Block) -> Result<(), RenderError> {
        let Style { left, measure, indent, body, .. } = *self.style;
        let set = Set { indent, ..Set::body(left, measure, body) };
        self.set_block(block, ROOT, &set)
    }

    /// Names the element being set.
    pub(super) fn at(&mut self, element: &'static str, number: &str) {
        self.place.0 = element;
        self.place.1.clear();
        self.place.1.push_str(number);
    }

    /// A fault of a face, with the element being set.
    pub(super) fn missing(&self, fault: MissingGlyph) -> RenderError {
        let MissingGlyph { character, face } = fault;
        let (element, number) = &self.place;
        let place = format!("{element} {number}").trim_end().to_owned();
        RenderError::MissingGlyph { character, face, place }
    }

    /// Adds a node to the structure tree.
    pub(super) fn node(&mut self, role: Role, parent: NodeId) -> NodeId {
        self.push_node(role, Some(parent))
    }

    pub(super) fn node_mut(&mut self, node: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(node.0 as usize)
    }

    /// Takes back all nodes after this one.
    pub(super) fn cut_below(&mut self, node: NodeId) {
        self.nodes.truncate(node.0 as usize + 1);
    }

    fn push_node(&mut self, role: Role, parent: Option<NodeId>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node {
            role,
            parent,
            language: None,
            alternative: None,
            list_numbering: None,
            bookmark: None,
            column_span: 1,
        });
        id
    }

    /// Sets words as lines of a node that is there.
    pub(super) fn lines(
        &mut self,
        words: &Words,
        node: NodeId,
        set: &Set,
    ) -> Result<Vec<Line>, RenderError> {
        if let Some(language) = words.language {
            let around = self.speak(language, node);
            self.language = around;
        }
        let around = words.language.unwrap_or(self.language);
        let mut stretches = Vec::with_capacity(words.pieces.len());
        for piece in &words.pieces {
            let owner = match piece.language.filter(|language| *language != around) {
                Some(language) => self.span(language, node),
                None => node,
            };
            let face = face(set.bold || piece.strong, piece.emphasis);
            stretches.push(Stretch { text: &piece.text, face, owner: Owner::Content(owner) });
        }
        let mut lines = self.set(&stretches, set)?;
        self.name(&mut lines);
        Ok(lines)
    }

    /// The same, where what stands behind a stroke in another language begins a line of its own.
    pub(super) fn lines_apart(
        &mut self,
        words: &Words,
        node: NodeId,
        set: &Set,
    ) -> Result<Vec<Line>, RenderError> {
        let mut lines = Vec::new();
        let flows = |one: &Piece, next: &Piece| {
            one.language == next.language || !one.text.trim_end().ends_with('/')
        };
        for pieces in words.pieces.chunk_by(flows) {
            let part = Words { pieces: pieces.to_vec(), ..*words };
            lines.append(&mut self.lines(&part, node, set)?);
        }
        Ok(lines)
    }

    /// The same where it all does not fit on one line.
    pub(super) fn lines_parted(
        &mut self,
        words: &Words,
        node: NodeId,
        set: &Set,
    ) -> Result<Vec<Line>, RenderError> {
        match self.natural(&words.text(), set)? > set.width {
            true => self.lines_apart(words, node, set),
            false => self.lines(words, node, set),
        }
    }

    /// Goes over to a language from this node on; gives the one that was spoken.
    pub(super) fn speak(&mut self, language: &'static str, node: NodeId) -> &'static str {
        let around = std::mem::replace(&mut self.language, language);
        if around != language
            && let Some(node) = self.node_mut(node)
        {
            node.language = Some(language);
        }
        around
    }

    pub(super) fn span(&mut self, language: &'static str, parent: NodeId) -> NodeId {
        let span = self.node(Role::Span, parent);
        if let Some(node) = self.node_mut(span) {
            node.language = Some(language);
        }
        span
    }

    /// Sets stretches as lines.
    pub(super) fn set(
        &self,
        stretches: &[Stretch<'_>],
        set: &Set,
    ) -> Result<Vec<Line>, RenderError> {
        let Set { x, width, kind, ink, balanced, .. } = *set;
        let column = Column { x, width, size: kind.size, ink, balanced };
        paragraph::lines(stretches, &column, self.fonts).map_err(|fault| self.missing(fault))
    }

    /// Adds lines as strips: the first with the given blank above and bond, no line alone at a
    /// page's head or foot.
    pub(super) fn push_lines(&mut self, lines: Vec<Line>, kind: Type, above: f32, bond: Bond) {
        let count = lines.len();
        for (place, line) in lines.into_iter().enumerate() {
            let lonely = place == 1 || place + 1 == count;
            let (above, bond) = match place {
                0 => (above, bond),
                _ if lonely => (0.0, Bond::Firm),
                _ => (0.0, Bond::Free),
            };
            let items = self.on_baseline(line, kind, 0.0).map(Item::Run).collect();
            let begins = place == 0;
            let height = kind.leading;
            self.push(Strip { height, above, bond, items, begins, ..Strip::default() });
        }
    }

    /// Adds a strip, held or parted as the one before asks.
    pub(super) fn push(&mut self, mut strip: Strip) {
        let asked = std::mem::take(&mut self.asked);
        if asked.holds {
            strip.bond = Bond::Firm;
        }
        // What must stay together does, also where a layout asks for a page in between.
        if asked.breaks && strip.bond != Bond::Firm {
            strip.bond = Bond::NewPage;
        }
        self.strips.push(strip);
    }

    /// The next strip stays with the last one.
    pub(super) const fn hold_next(&mut self) {
        self.asked.holds = true;
    }

    /// The next strip begins a page.
    pub(super) const fn begin_page(&mut self) {
        self.asked.breaks = true;
    }

    /// Adds a strip as it is.
    pub(super) fn add(&mut self, strip: Strip) {
        self.strips.push(strip);
    }

    /// Takes back the strips set since a mark.
    pub(super) fn take_since(&mut self, mark: usize) -> Vec<Strip> {
        self.strips.split_off(mark)
    }

    pub(super) const fn asked(&self) -> Asked {
        self.asked
    }

    /// Asks of the next strip what was asked before; gives what is asked now.
    pub(super) const fn ask(&mut self, asked: Asked) -> Asked {
        std::mem::replace(&mut self.asked, asked)
    }

    /// Asks of the next strip this too.
    pub(super) const fn ask_also(&mut self, asked: Asked) {
        self.asked.holds |= asked.holds;
        self.asked.breaks |= asked.breaks;
    }

    /// The blank above a block: below a heading less, below a box or a table more, at the
    /// document's head none.
    pub(super) fn above(&self, wanted: f32) -> f32 {
        match self.strips.last() {
            None => 0.0,
            Some(_) if self.asked.holds => wanted.min(self.style.below_heading),
            Some(last) => wanted.max(last.below),
        }
    }

    /// The blank above a box.
    pub(super) fn box_above(&self) -> f32 {
        if self.strips.is_empty() { 0.0 } else { self.style.box_gap }
    }

    /// A rule across the column below the strips set since the mark.
    pub(super) fn rule_below(&mut self, mark: usize, (gap, weight): (f32, f32), set: &Set) {
        let Some(last) = self.since(mark).last_mut() else {
            return;
        };
        last.height += gap + weight;
        let (x, width) = (set.x, set.width);
        let y = -last.height;
        last.items.push(Item::Shape(rule(x, y, width, weight)));
    }

    /// The strips set since a mark that [`Self::mark`] gave.
    pub(super) fn since(&mut self, mark: usize) -> &mut [Strip] {
        self.strips.get_mut(mark..).unwrap_or_default()
    }

    /// At least this much blank below the last strip.
    pub(super) fn leave_below(&mut self, blank: f32) {
        if let Some(last) = self.strips.last_mut() {
            last.below = blank;
        }
    }

    /// The chain's present end.
    pub(super) const fn mark(&self) -> usize {
        self.strips.len()
    }

    /// Adds a box and puts all strips since the mark in it.
    pub(super) fn frame(&mut self, mark: usize, frame: Frame) {
        let place = self.frames.len();
        self.frames.push(frame);
        for strip in self.since(mark) {
            strip.frame = Some(place);
        }
        self.leave_below(self.style.box_gap);
    }

    /// Two boxes stand side by side.
    pub(super) fn box_beside(&mut self, (one, other): (Option<usize>, Option<usize>)) {
        if let Some(frame) = one.and_then(|one| self.frames.get_mut(one)) {
            frame.beside = other;
        }
    }

    /// Keeps column headings for further pages.
    pub(super) fn keep_head(&mut self, head: Head) -> usize {
        self.heads.push(head);
        self.heads.len() - 1
    }

    /// The runs of a line whose box begins `from` points below its strip's top.
    pub(super) fn on_baseline(
        &self,
        line: Line,
        kind: Type,
        from: f32,
    ) -> impl Iterator<Item = Run> + use<> {
        let y = -(from + baseline(self.fonts, kind));
        line.runs.into_iter().map(move |run| Run { y, ..run })
    }
}

/// From the top of a line's box to its baseline.
pub(super) fn baseline(fonts: &Fonts, kind: Type) -> f32 {
    let metrics = fonts.metrics(Face::Regular);
    let scale = kind.size / metrics.units_per_em;
    let (ascent, descent) = (metrics.ascent * scale, -metrics.descent * scale);
    (kind.leading - ascent - descent) / 2.0 + ascent
}

/// A filled line.
pub(super) const fn rule(x: f32, y: f32, width: f32, weight: f32) -> Shape {
    let owner = Owner::Artifact(Artifact::Layout);
    Shape { owner, x, y, width, height: weight, stroke: None, ink: Ink::Black }
}

pub(super) const fn face(bold: bool, italic: bool) -> Face {
    match (bold, italic) {
        (true, _) => Face::Bold,
        (false, true) => Face::Italic,
        (false, false) => Face::Regular,
    }
}

/// The structure tree's root.
pub(super) const ROOT: NodeId = NodeId(0);
