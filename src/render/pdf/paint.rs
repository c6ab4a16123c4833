//! Pages as printpdf operations: every run and shape inside marked content that says to which node
//! of the structure tree it belongs, or that it is furniture. Out come content streams and the list
//! of marks.

use std::collections::BTreeMap;

use printpdf::{
    Color, DictItem, FontId, Greyscale, Op, PaintMode, PdfFontHandle, Point, Pt, Rect, TextMatrix,
};

use super::glyphs::{self, Step};
use super::symbol;
use crate::render::face::{is_leftward, position};
use crate::render::pages::{Artifact, Code, Ink, Item, Node, NodeId, Owner, Role, Run, Shape};
use crate::render::subset::Drawing;
use crate::render::tags;

/// One marked-content sequence. PDF 32000-1, 14.7.4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub node: NodeId,
    /// From 0.
    pub page: usize,
    /// Whether it stands in the widget's appearance and not on the page.
    pub in_appearance: bool,
    /// Number within its stream.
    pub mcid: u32,
}

/// Operations of one content stream.
pub(super) struct Painter<'a> {
    faces: &'a Drawing,
    nodes: &'a [Node],
    ops: Vec<Op>,
    marked: Vec<(NodeId, u32)>,
    open: Option<Owner>,
    /// What is open says its text in words.
    told: bool,
    /// Whose content the signature panel's words are.
    words: NodeId,
    /// Number of the first marked sequence.
    first: u32,
    /// What is added to each position, for streams with their own origin.
    shift: (f32, f32),
    in_text: bool,
    /// Where the line began, in hundredths of a point.
    line: (i32, i32),
    font: Option<(usize, f32)>,
    fill: Ink,
    stroke: Ink,
}

impl<'a> Painter<'a> {
    /// An empty stream; the words of the signature panel belong to the node `words`.
    pub fn new(faces: &'a Drawing, nodes: &'a [Node], words: NodeId) -> Self {
        Self {
            faces,
            nodes,
            ops: Vec::new(),
            marked: Vec::new(),
            open: None,
            told: false,
            words,
            first: 0,
            shift: (0.0, 0.0),
            in_text: false,
            line: (0, 0),
            font: None,
            fill: Ink::Black,
            stroke: Ink::Black,
        }
    }

    /// The same with its own origin, and with numbers that go on from those of its page.
    pub fn within(mut self, origin: (f32, f32), first: u32) -> Self {
        self.shift = (-origin.0, -origin.1);
        self.first = first;
        self
    }

    /// Paints one item.
    pub fn item(&mut self, item: &Item) {
        match item {
            Item::Run(run) => self.run(run),
            Item::Shape(shape) => self.shape(shape),
        }
    }

    /// Paints the QR code, as furniture of the foot.
    pub fn code(&mut self, code: &Code) {
        self.enter(Owner::Artifact(Artifact::Footer), false);
        self.end_text();
        self.ops.extend(symbol::paint(code));
    }

    /// The operations, and for each marked sequence its node and number.
    pub fn finish(mut self) -> (Vec<Op>, Vec<(NodeId, u32)>) {
        self.close();
        (self.ops, self.marked)
    }

    fn run(&mut self, run: &Run) {
        let place = position(run.face);
        let Some(face) = self.faces[place].as_deref() else {
            return;
        };
        let told = self.told(run);
        let steps = glyphs::steps(run, face, told);
        if steps.is_empty() {
            return;
        }
        // Each line of the panel is a sequence of its own: it has one node for all of them.
        if run.owner == Owner::Panel {
            self.close();
        }
        self.enter(run.owner, told);
        self.start_text();
        self.set_fill(run.ink);
        if self.font != Some((place, run.size)) {
            self.font = Some((place, run.size));
            let font = PdfFontHandle::External(FontId(format!("F{place}")));
            self.ops.push(Op::SetFont { font, size: Pt(run.size) });
        }
        if run.turned == 0.0 {
            self.move_to(run);
            self.show(steps);
        } else {
            let (sin, cos) = run.turned.to_radians().sin_cos();
            let matrix =
                [cos, sin, -sin, cos, run.x + self.shift.0, run.y + self.shift.1].map(precise);
            self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw(matrix) });
            self.show(steps);
            // The next line starts from a matrix of its own.
            self.end_text();
        }
    }

    /// Whether the run's marked content says its text instead of its glyphs: that of a span which
    /// has one, unless it runs from right to left.
    fn told(&self, run: &Run) -> bool {
        if self.open == Some(run.owner) {
            return self.told;
        }
        let span = match run.owner {
            Owner::Content(node) => self.nodes.get(node.0 as usize),
            _ => None,
        };
        let has_text = |node: &Node| node.role == Role::Span && node.alternative.is_some();
        span.is_some_and(has_text) && !is_leftward(run.face)
    }

    fn move_to(&mut self, run: &Run) {
        let place = (hundredths(run.x + self.shift.0), hundredths(run.y + self.shift.1));
        let (x, y) = (place.0 - self.line.0, place.1 - self.line.1);
        self.line = place;
        let pos = Point { x: points(x), y: points(y) };
        self.ops.push(Op::SetTextCursor { pos });
    }

    fn show(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Show(array) => self.ops.push(Op::Unknown {
                    key: "TJ".to_owned(),
                    value: vec![DictItem::Array(array)],
                }),
                Step::Rise(points) => {
                    self.ops.push(Op::SetLineOffset { multiplier: precise(points) });
                }
                Step::Begin(text) => self.ops.push(begin("Span", [actual_text(&text)])),
                Step::Reversed => {
                    self.ops.push(Op::BeginMarkedContent { tag: "ReversedChars".to_owned() });
                }
                Step::End => self.ops.push(Op::EndMarkedContent),
            }
        }
    }

    fn shape(&mut self, shape: &Shape) {
        // Lines and boxes of the panel carry no text: furniture of its appearance.
        let owner = match shape.owner {
            Owner::Panel => Owner::Artifact(Artifact::Layout),
            owner => owner,
        };
        self.enter(owner, false);
        self.end_text();
        let mode = match shape.stroke {
            None => {
                self.set_fill(shape.ink);
                PaintMode::Fill
            }
            Some(width) => {
                self.set_stroke(shape.ink);
                self.ops.push(Op::SetOutlineThickness { pt: Pt(width) });
                PaintMode::Stroke
            }
        };
        let rectangle = Rect {
            x: Pt(precise(shape.x + self.shift.0)),
            y: Pt(precise(shape.y + self.shift.1)),
            width: Pt(precise(shape.width)),
            height: Pt(precise(shape.height)),
            mode: Some(mode),
            winding_order: None,
        };
        self.ops.push(Op::DrawRectangle { rectangle });
    }

    fn enter(&mut self, owner: Owner, told: bool) {
        if self.open == Some(owner) {
            return;
        }
        self.close();
        self.open = Some(owner);
        self.told = told;
        let op = match owner {
            Owner::Content(node) => self.content(node, told),
            Owner::Panel => self.content(self.words, told),
            Owner::Artifact(kind) => artifact(kind),
        };
        self.ops.push(op);
    }

    fn content(&mut self, node: NodeId, told: bool) -> Op {
        let own = u32::try_from(self.marked.len()).unwrap_or(u32::MAX);
        let mcid = self.first.saturating_add(own);
        self.marked.push((node, mcid));
        let node = self.nodes.get(node.0 as usize);
        let tag = tags::name(node.map_or(Role::P, |node| node.role));
        let mcid = ("MCID", DictItem::Int(i64::from(mcid)));
        match node.and_then(|node| node.alternative.as_deref()).filter(|_| told) {
            Some(text) => begin(tag, [mcid, actual_text(text)]),
            None => begin(tag, [mcid]),
        }
    }

    fn close(&mut self) {
        self.end_text();
        if self.open.take().is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn start_text(&mut self) {
        if !self.in_text {
            self.in_text = true;
            self.line = (0, 0);
            self.ops.push(Op::StartTextSection);
        }
    }

    fn end_text(&mut self) {
        if self.in_text {
            self.in_text = false;
            self.ops.push(Op::EndTextSection);
        }
    }

    fn set_fill(&mut self, ink: Ink) {
        if self.fill != ink {
            self.fill = ink;
            self.ops.push(Op::SetFillColor { col: grey(ink) });
        }
    }

    fn set_stroke(&mut self, ink: Ink) {
        if self.stroke != ink {
            self.stroke = ink;
            self.ops.push(Op::SetOutlineColor { col: grey(ink) });
        }
    }
}

fn begin<const N: usize>(tag: &str, entries: [(&str, DictItem); N]) -> Op {
    let map: BTreeMap<String, DictItem> =
        entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Op::BeginMarkedContentWithProperties { tag: tag.to_owned(), properties: DictItem::Dict { map } }
}

/// PDF 32000-1, 14.9.4.
fn actual_text(text: &str) -> (&'static str, DictItem) {
    ("ActualText", DictItem::String { data: utf16(text), literal: false })
}

/// PDF 32000-1, 14.8.2.2.2.
fn artifact(kind: Artifact) -> Op {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    let pagination = |subtype| [("Type", name("Pagination")), ("Subtype", name(subtype))];
    match kind {
        Artifact::Header => begin("Artifact", pagination("Header")),
        Artifact::Footer => begin("Artifact", pagination("Footer")),
        Artifact::Watermark => begin("Artifact", pagination("Watermark")),
        Artifact::Layout => begin("Artifact", [("Type", name("Layout"))]),
    }
}

fn grey(ink: Ink) -> Color {
    let percent = match ink {
        Ink::Black => 0.0,
        Ink::Grey => 0.28,
        Ink::Pale => 0.88,
        Ink::White => 1.0,
    };
    Color::Greyscale(Greyscale { percent, icc_profile: None })
}

fn utf16(text: &str) -> Vec<u8> {
    [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a page is 84,189 hundredths high")]
fn hundredths(points: f32) -> i32 {
    (points * 100.0).round() as i32
}

#[expect(clippy::cast_precision_loss, reason = "a page is 84,189 hundredths high")]
fn points(hundredths: i32) -> Pt {
    Pt(hundredths as f32 / 100.0)
}

/// To a ten-thousandth: shorter to write, finer than any printer.
fn precise(value: f32) -> f32 {
    (value * 10_000.0).round() / 10_000.0
}
