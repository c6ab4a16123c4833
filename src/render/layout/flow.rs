//! The chain of strips, and the structure tree that grows beside it.

use super::{STYLE, Type};
use crate::render::document::{Block, Document, Words};
use crate::render::error::RenderError;
use crate::render::font::{Fonts, MissingGlyph};
use crate::render::pages::{Artifact, Face, Ink, Item, Node, NodeId, Owner, Role, Run, Shape};
use crate::render::paragraph::{self, Column, Line, Stretch};

/// What no page may cut.
#[derive(Debug, Default)]
pub(super) struct Strip {
    /// Points.
    pub(super) height: f32,
    /// Blank above, dropped at the head of a page. Points.
    pub(super) above: f32,
    /// At least this much blank below, dropped at the foot of a page. Points.
    pub(super) below: f32,
    /// How it holds to the strip before.
    pub(super) bond: Bond,
    /// x as on the page; y from the strip's top, downwards negative.
    pub(super) items: Vec<Item>,
    /// The box that it stands in, by its place in the list of frames.
    pub(super) frame: Option<usize>,
    /// It is the signature's panel.
    pub(super) panel: Option<PanelStrip>,
}

/// How a strip holds to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Bond {
    /// It begins a page.
    NewPage,
    /// A page may end between them.
    #[default]
    Free,
    /// A page ends between them only where both would not fit on one.
    Weak,
    /// A page ends between them only where nothing else is possible.
    Firm,
}

/// What the file needs to know of the signature's panel.
#[derive(Debug)]
pub(super) struct PanelStrip {
    pub(super) node: NodeId,
    pub(super) tooltip: String,
}

/// A box round strips, drawn on each page that holds some of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) stroke: f32,
    pub(super) ink: Ink,
    /// Inside, above and below. Points.
    pub(super) pad: f32,
}

/// A column of text: where it stands and how it is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Set {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) kind: Type,
    pub(super) bold: bool,
    pub(super) ink: Ink,
    pub(super) balanced: bool,
}

impl Set {
    /// Body text over the given width.
    pub(super) const fn body(x: f32, width: f32) -> Self {
        Self { x, width, kind: STYLE.body, bold: false, ink: Ink::Black, balanced: false }
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
    /// Of what is being set, BCP 47.
    pub(super) language: &'static str,
    /// No signature field, no widget.
    pub(super) draft: bool,
    strips: Vec<Strip>,
    frames: Vec<Frame>,
    nodes: Vec<Node>,
    /// The element being set, for faults.
    place: (&'static str, String),
    /// The next strip stays with the one before: a heading stands there.
    holds: bool,
    /// The next strip begins a page.
    breaks: bool,
    /// The signature's panel has been set.
    pub(super) signed: bool,
}

impl<'a> Flow<'a> {
    pub(super) fn new(document: &Document, fonts: &'a Fonts) -> Self {
        let mut flow = Self {
            fonts,
            language: document.language,
            draft: document.furniture.draft.is_some(),
            strips: Vec::with_capacity(160),
            frames: Vec::new(),
            nodes: Vec::with_capacity(160),
            place: ("document", String::new()),
            holds: false,
            breaks: false,
            signed: false,
        };
        flow.push_node(Role::Document, None);
        flow
    }

    pub(super) fn finish(self) -> (Vec<Strip>, Vec<Frame>, Vec<Node>) {
        (self.strips, self.frames, self.nodes)
    }

    /// Sets a block at the end of the chain.
    pub(super) fn block(&mut self, block: &Block) -> Result<(), RenderError> {
        self.set_block(block, ROOT, &Set::body(STYLE.left, STYLE.measure))
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
        self.set(&stretches, set)
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

    fn span(&mut self, language: &'static str, parent: NodeId) -> NodeId {
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
            self.push(Strip { height: kind.leading, above, bond, items, ..Strip::default() });
        }
    }

    /// Adds a strip, held or parted as the one before asks.
    pub(super) fn push(&mut self, mut strip: Strip) {
        if std::mem::take(&mut self.holds) {
            strip.bond = Bond::Firm;
        }
        // What must stay together does, also where a layout asks for a page in between.
        if std::mem::take(&mut self.breaks) && strip.bond != Bond::Firm {
            strip.bond = Bond::NewPage;
        }
        self.strips.push(strip);
    }

    /// The next strip stays with the last one.
    pub(super) const fn hold_next(&mut self) {
        self.holds = true;
    }

    /// The next strip begins a page.
    pub(super) const fn begin_page(&mut self) {
        self.breaks = true;
    }

    /// The blank above a block: below a heading less, below a box or a table more, at the
    /// document's head none.
    pub(super) fn above(&self, wanted: f32) -> f32 {
        match self.strips.last() {
            None => 0.0,
            Some(_) if self.holds => wanted.min(STYLE.below_heading),
            Some(last) => wanted.max(last.below),
        }
    }

    /// The blank above a box.
    pub(super) fn box_above(&self) -> f32 {
        if self.strips.is_empty() { 0.0 } else { STYLE.box_gap }
    }

    /// A rule across the column below the strips set since the mark.
    pub(super) fn rule_below(&mut self, mark: usize, gap: f32, weight: f32, width: f32) {
        let Some(last) = self.since(mark).last_mut() else {
            return;
        };
        last.height += gap + weight;
        let y = -last.height;
        last.items.push(Item::Shape(rule(STYLE.left, y, width, weight)));
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
        self.leave_below(STYLE.box_gap);
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
