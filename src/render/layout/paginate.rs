//! The chain of strips cut into pages.

use super::STYLE;
use super::flow::{Bond, Frame, Strip};
use crate::render::error::RenderError;
use crate::render::pages::{Artifact, Item, Owner, Page, Pages, Panel, Shape};

/// Where content may stand on a page: from the top down to the bottom, in points from the page's
/// foot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body {
    pub(super) top: f32,
    pub(super) bottom: f32,
}

/// Fills pages from the first to the last.
pub(super) struct Paginator<'a> {
    body: Body,
    frames: &'a [Frame],
    pages: Pages,
    page: Page,
    /// Where the next strip's top stands.
    y: f32,
    /// The box of the strip placed last on this page, with its top.
    open: Option<(usize, f32)>,
    begun: bool,
}

impl<'a> Paginator<'a> {
    pub(super) fn new(body: Body, frames: &'a [Frame]) -> Self {
        let (pages, page) = (Pages::default(), Page::default());
        Self { body, frames, pages, page, y: body.top, open: None, begun: false }
    }

    /// Places all strips.
    ///
    /// # Errors
    /// [`RenderError::Overflow`]: a strip is taller than a page.
    pub(super) fn place(mut self, mut strips: Vec<Strip>) -> Result<Pages, RenderError> {
        let mut from = 0;
        while from < strips.len() {
            let to = end_of(&strips, from, Bond::Weak);
            if strips[from].bond == Bond::NewPage && self.begun {
                self.turn();
            }
            self.group(&mut strips[from..to], Bond::Weak)?;
            from = to;
        }
        self.turn();
        Ok(self.pages)
    }

    /// Places strips that hold together on one page; where no page is tall enough, those that hold
    /// together more.
    fn group(&mut self, strips: &mut [Strip], bond: Bond) -> Result<(), RenderError> {
        if self.fits(strips, self.begun) {
            strips.iter_mut().for_each(|strip| self.strip(strip));
            return Ok(());
        }
        if self.begun && self.fits(strips, false) {
            self.turn();
            strips.iter_mut().for_each(|strip| self.strip(strip));
            return Ok(());
        }
        if strips.len() < 2 {
            return Err(overflow(strips));
        }
        let mut from = 0;
        while from < strips.len() {
            let to = match bond {
                Bond::Weak => end_of(strips, from, Bond::Firm),
                _ => from + 1,
            };
            self.group(&mut strips[from..to], Bond::Firm)?;
            from = to;
        }
        Ok(())
    }

    /// Whether the strips fit below what stands on this page, or on an empty one.
    fn fits(&self, strips: &[Strip], begun: bool) -> bool {
        let mut y = if begun { self.y } else { self.body.top };
        let mut open = self.open.map(|(frame, _)| frame).filter(|_| begun);
        let mut begun = begun;
        for strip in strips {
            y -= self.before(strip, open, begun) + strip.height;
            (open, begun) = (strip.frame, true);
            if y - self.pad(strip.frame) < self.body.bottom - SLACK {
                return false;
            }
        }
        true
    }

    /// The blank between the strip before and this one, with the insides of boxes that end and
    /// begin there.
    fn before(&self, strip: &Strip, open: Option<usize>, begun: bool) -> f32 {
        let above = if begun { strip.above } else { 0.0 };
        if open == strip.frame && begun {
            return above;
        }
        above + self.pad(strip.frame) + self.pad(open)
    }

    fn pad(&self, frame: Option<usize>) -> f32 {
        frame.and_then(|frame| self.frames.get(frame)).map_or(0.0, |frame| frame.pad)
    }

    fn strip(&mut self, strip: &mut Strip) {
        let open = self.open.map(|(frame, _)| frame);
        let before = self.before(strip, open, self.begun);
        if open != strip.frame {
            self.close();
        }
        self.y -= before;
        if let Some(frame) = strip.frame.filter(|_| self.open.is_none()) {
            self.open = Some((frame, self.y + self.pad(strip.frame)));
        }
        let top = self.y;
        if let Some(panel) = strip.panel.take() {
            self.pages.panel = Some(Panel {
                page: self.pages.pages.len(),
                x: STYLE.left,
                y: top - strip.height,
                width: STYLE.measure,
                height: strip.height,
                node: panel.node,
                tooltip: panel.tooltip,
            });
        }
        for mut item in strip.items.drain(..) {
            match &mut item {
                Item::Run(run) => run.y += top,
                Item::Shape(shape) => shape.y += top,
            }
            self.page.items.push(item);
        }
        self.y = top - strip.height;
        self.begun = true;
    }

    /// Draws the box that ends with the strip placed last.
    fn close(&mut self) {
        let Some((frame, top)) = self.open.take() else {
            return;
        };
        let Some(Frame { stroke, ink, pad }) = self.frames.get(frame).copied() else {
            return;
        };
        let bottom = self.y - pad;
        self.page.items.push(Item::Shape(Shape {
            owner: Owner::Artifact(Artifact::Layout),
            x: STYLE.left + stroke / 2.0,
            y: bottom + stroke / 2.0,
            width: STYLE.measure - stroke,
            height: top - bottom - stroke,
            stroke: Some(stroke),
            ink,
        }));
    }

    /// Ends this page.
    fn turn(&mut self) {
        self.close();
        self.pages.pages.push(std::mem::take(&mut self.page));
        self.y = self.body.top;
        self.begun = false;
    }
}

/// The end of the strips from `from` that hold together by at least this bond.
fn end_of(strips: &[Strip], from: usize, bond: Bond) -> usize {
    let rest = strips.iter().enumerate().skip(from + 1);
    rest.filter(|(_, strip)| strip.bond < bond)
        .map(|(place, _)| place)
        .next()
        .unwrap_or(strips.len())
}

fn overflow(strips: &[Strip]) -> RenderError {
    let items = strips.iter().flat_map(|strip| &strip.items);
    let mut nodes = items.filter_map(|item| match item {
        Item::Run(run) => match run.owner {
            Owner::Content(node) => Some(node),
            _ => None,
        },
        Item::Shape(_) => None,
    });
    let panel = strips.iter().find_map(|strip| strip.panel.as_ref().map(|panel| panel.node));
    RenderError::Overflow { node: panel.or_else(|| nodes.next()).unwrap_or(super::flow::ROOT) }
}

/// Sums of points are not exact.
const SLACK: f32 = 0.01;
