//! The laid-out document: positioned glyph runs and lines on pages, beside the structure tree that
//! they belong to. It knows no painter: the painter reads it and nothing else.
//!
//! Units are points; the origin is the page's lower left corner, y grows upwards, as in PDF.

use crate::paper::symbol::Symbol;

/// A4 in points, rounded as printers do.
pub const PAGE_WIDTH: f32 = 595.28;
/// See [`PAGE_WIDTH`].
pub const PAGE_HEIGHT: f32 = 841.89;

/// One of the embedded faces, in the order of their resource names. The first three draw all but
/// the names in further scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    Regular,
    Bold,
    Italic,
    Arabic,
    ArabicBold,
    Hebrew,
    HebrewBold,
    Bengali,
    BengaliBold,
    Gurmukhi,
    GurmukhiBold,
    Devanagari,
    DevanagariBold,
    Gujarati,
    GujaratiBold,
    Tamil,
    TamilBold,
    Chinese,
}

/// A node of the structure tree by its place in [`Pages::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// To what a painted item belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Real content of this node. PDF 32000-1, 14.7.
    Content(NodeId),
    /// Page furniture: header, footer, rules, draft marks. PDF 32000-1, 14.8.2.2.
    Artifact(Artifact),
    /// Content of the signature panel: drawn in the appearance of the signature's widget, or on the
    /// page where there is no field (previews).
    Panel,
}

/// What kind of furniture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artifact {
    Header,
    Footer,
    Layout,
    Watermark,
}

/// A structure type of PDF 32000-1, 14.8.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Document,
    Sect,
    /// Level 1-6: headings never skip a level.
    Heading(u8),
    P,
    /// A list; `Numbered::Decimal` and so on is in [`Node::list_numbering`].
    L,
    Li,
    Lbl,
    LBody,
    Table,
    Tr,
    /// A header cell with its scope.
    Th(Scope),
    Td,
    Span,
    /// The signature's widget annotation.
    Form,
}

/// PDF 32000-1, table 349.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Row,
    Column,
}

/// A node of the structure tree. Nodes stand in reading order; a child comes after its parent.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub role: Role,
    /// None for the root alone.
    pub parent: Option<NodeId>,
    /// BCP 47, where it differs from the parent's.
    pub language: Option<&'static str>,
    /// Alternative text (the signature field's); of a [`Role::Span`] the text that it reads as,
    /// where its glyphs may not tell.
    pub alternative: Option<String>,
    /// For [`Role::L`]: PDF 32000-1, table 347.
    pub list_numbering: Option<&'static str>,
    /// For [`Role::Heading`]: the bookmark's words.
    pub bookmark: Option<String>,
    /// For [`Role::Th`] and [`Role::Td`]: columns spanned, 1 where nothing is said.
    pub column_span: u8,
}

/// A glyph in its run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Glyph of the whole face, before subsetting.
    pub id: u16,
    /// Points at the run's size.
    pub advance: f32,
    /// Points.
    pub x_offset: f32,
    /// Points.
    pub y_offset: f32,
    /// Where the glyph's text begins in [`Run::text`], in bytes; glyphs of one cluster share it.
    pub cluster: u32,
}

/// One line's stretch of text in one face and size.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub owner: Owner,
    pub face: Face,
    /// Points.
    pub size: f32,
    /// Where the baseline begins.
    pub x: f32,
    pub y: f32,
    /// From left to right.
    pub glyphs: Vec<Glyph>,
    /// The characters which the glyphs draw, in reading order, with the space that ends a line
    /// where the text has one: joined in order, the runs of a node give its text back, also where
    /// they stand on the page in another order.
    pub text: String,
    pub ink: Ink,
    /// Turned counter-clockwise about its beginning, in degrees (draft marks); 0 for text.
    pub turned: f32,
}

/// Shade of a run or line. Grey: courts print in black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Black,
    Grey,
    /// For draft marks behind text.
    Pale,
    White,
}

/// A filled or stroked rectangle.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub owner: Owner,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    /// Filled where `None`; else the line's width.
    pub stroke: Option<f32>,
    pub ink: Ink,
}

/// The QR code at its place, the same on each page: furniture of the foot.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// Lower left corner of its dark square; the quiet zone is outside.
    pub x: f32,
    pub y: f32,
    /// A module's side.
    pub module: f32,
    pub symbol: Symbol,
}

impl Code {
    /// Its side, without the quiet zone.
    pub fn side(&self) -> f32 {
        self.module * f32::from(self.symbol.side)
    }
}

/// One thing painted.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Run(Run),
    Shape(Shape),
}

/// One A4 page in painting order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub items: Vec<Item>,
}

/// Where the signature's widget stands: its appearance is all items of [`Owner::Panel`] on that
/// page.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// From 0.
    pub page: usize,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    /// The [`Role::Form`] node.
    pub node: NodeId,
    /// The field's tooltip (`/TU`), read aloud in its place.
    pub tooltip: String,
}

/// A document in place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pages {
    pub pages: Vec<Page>,
    pub nodes: Vec<Node>,
    /// None in previews.
    pub panel: Option<Panel>,
    /// On every page; none in previews.
    pub code: Option<Code>,
    /// Document language, BCP 47.
    pub language: &'static str,
    /// Display title, free of personal data.
    pub title: String,
}
