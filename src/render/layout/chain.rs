//! What is cut into pages: strips, the boxes round them, and what stands again.

use super::flow::Set;
use crate::render::pages::{Ink, Item, NodeId};

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
    /// The columns beside the first, where a run of strips holds several: each is painted after
    /// the one before it has ended.
    pub(super) aside: Vec<Vec<Item>>,
    /// It begins a paragraph or a row.
    pub(super) begins: bool,
    /// It begins a run of strips with several columns.
    pub(super) opens: bool,
    /// White on black, as wide as its box.
    pub(super) dark: bool,
    /// It may stand above the window for the address.
    pub(super) masthead: bool,
    /// The column headings that stand above it at the head of a page, by their place in the list.
    pub(super) head: Option<usize>,
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
    pub(super) x: f32,
    pub(super) width: f32,
}

/// A box round strips, drawn on each page that holds some of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) stroke: f32,
    pub(super) ink: Ink,
    /// Inside, above and below. Points.
    pub(super) pad: f32,
    /// The box that stands beside it and is as high, by its place in the list of frames.
    pub(super) beside: Option<usize>,
}

impl Frame {
    /// Round a column.
    pub(super) const fn over(set: &Set, (stroke, ink): (f32, Ink), pad: f32) -> Self {
        Self { x: set.x, width: set.width, stroke, ink, pad, beside: None }
    }
}

/// Column headings as they stand again on a further page.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) height: f32,
    /// Furniture: the headings are content once.
    pub(super) items: Vec<Item>,
}

/// All that is to be cut into pages.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) strips: Vec<Strip>,
    pub(super) frames: Vec<Frame>,
    pub(super) heads: Vec<Head>,
    /// The address in place on the first page, where it has a window.
    pub(super) window: Option<Vec<Item>>,
}

/// What the next strip is to do.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    /// Stay with the one before: a heading stands there.
    pub(super) holds: bool,
    /// Begin a page.
    pub(super) breaks: bool,
}
