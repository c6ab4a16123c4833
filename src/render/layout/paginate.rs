//! The chain of strips cut into pages.

use super::addressee::{ZONE_BOTTOM, ZONE_TOP};
use super::flow::{Bond, Chain, Frame, Head, Strip};
use crate::render::error::RenderError;
use crate::render::pages::{Artifact, Ink, Item, Owner, Page, Pages, Panel, Shape};

/// Where content may stand on a page: from the top down to the bottom, in points from the page's
/// foot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body {
    pub(super) top: f32,
    pub(super) bottom: f32,
}

/// Fills pages from the first to the last.
pub(super) struct Paginator {
    body: Body,
    frames: Vec<Frame>,
    heads: Vec<Head>,
    /// The first page has a window for the address.
    window: bool,
    pages: Pages,
    page: Page,
    /// Where the next strip's top stands.
    y: f32,
    /// The box of the strip placed last on this page, with its top.
    open: Option<(usize, f32)>,
    begun: bool,
    /// Further columns of the run of strips being placed.
    aside: Vec<Vec<Item>>,
    /// The black behind the last strips, by its places among the page's items.
    dark: Vec<usize>,
}

impl Paginator {
    /// Places a whole chain.
    ///
    /// # Errors
    /// [`RenderError::Overflow`]: a strip is taller than a page.
    pub(super) fn place(body: Body, chain: Chain) -> Result<Pages, RenderError> {
        let Chain { strips, frames, heads, window } = chain;
        let paginator = Self {
            body,
            frames,
            heads,
            window: window.is_some(),
            pages: Pages::default(),
            page: Page { items: window.unwrap_or_default() },
            y: body.top,
            open: None,
            begun: false,
            aside: Vec::new(),
            dark: Vec::new(),
        };
        paginator.strips(strips)
    }

    fn strips(mut self, mut strips: Vec<Strip>) -> Result<Pages, RenderError> {
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
        let cover = bond == Bond::Firm && self.window_crowds_out(strips);
        if cover || self.begun && self.fits(strips, false) {
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

    /// Whether it is only the address that leaves too little of the empty first page: then it has
    /// that page to itself, as a cover.
    fn window_crowds_out(&self, strips: &[Strip]) -> bool {
        let first = self.window && self.pages.pages.is_empty() && !self.begun;
        first && self.fits_on(strips, false, false)
    }

    /// Whether the strips fit below what stands on this page, or on an empty one.
    fn fits(&self, strips: &[Strip], begun: bool) -> bool {
        self.fits_on(strips, begun, self.pages.pages.is_empty() && begun == self.begun)
    }

    fn fits_on(&self, strips: &[Strip], begun: bool, on_first: bool) -> bool {
        let mut y = if begun { self.y } else { self.body.top };
        let mut open = self.open.map(|(frame, _)| frame).filter(|_| begun);
        let mut begun = begun;
        for strip in strips {
            let above = if begun { 0.0 } else { self.again(strip) };
            y -= above + self.before(strip, open, begun);
            y = self.beyond_window(strip, y, on_first) - strip.height;
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

    /// The height of the column headings that stand above a strip at the head of a page.
    fn again(&self, strip: &Strip) -> f32 {
        strip.head.and_then(|head| self.heads.get(head)).map_or(0.0, |head| head.height)
    }

    /// Where a strip's top stands: below the window, if it would enter it.
    fn beyond_window(&self, strip: &Strip, top: f32, on_first: bool) -> f32 {
        let above = strip.masthead && top - strip.height > ZONE_TOP;
        if !(self.window && on_first) || above {
            return top;
        }
        top.min(ZONE_BOTTOM - self.pad(strip.frame))
    }

    fn strip(&mut self, strip: &mut Strip) {
        if strip.opens || strip.aside.is_empty() {
            self.gather();
        }
        let open = self.open.map(|(frame, _)| frame);
        let before = self.before(strip, open, self.begun);
        if open != strip.frame {
            self.close();
            self.dark.clear();
        }
        if !self.begun {
            self.head_again(strip);
        }
        self.y -= before;
        self.y = self.beyond_window(strip, self.y, self.pages.pages.is_empty());
        if let Some(frame) = strip.frame.filter(|_| self.open.is_none()) {
            self.open = Some((frame, self.y + self.pad(strip.frame)));
        }
        let top = self.y;
        if strip.dark {
            self.darken(strip, top);
        } else {
            self.dark.clear();
        }
        if let Some(panel) = strip.panel.take() {
            self.pages.panel = Some(Panel {
                page: self.pages.pages.len(),
                x: panel.x,
                y: top - strip.height,
                width: panel.width,
                height: strip.height,
                node: panel.node,
                tooltip: panel.tooltip,
            });
        }
        self.page.items.extend(strip.items.drain(..).map(|item| lifted(item, top)));
        for (place, items) in strip.aside.drain(..).enumerate() {
            if self.aside.len() <= place {
                self.aside.push(Vec::new());
            }
            self.aside[place].extend(items.into_iter().map(|item| lifted(item, top)));
        }
        self.y = top - strip.height;
        self.begun = true;
    }

    /// Column headings once more, above the first strip of a page.
    fn head_again(&mut self, strip: &Strip) {
        let Some(head) = strip.head.and_then(|head| self.heads.get(head)) else {
            return;
        };
        let items = head.items.iter().cloned();
        self.page.items.extend(items.map(|item| lifted(item, self.y)));
        self.y -= head.height;
    }

    /// Paints the further columns after the first.
    fn gather(&mut self) {
        self.page.items.extend(self.aside.drain(..).flatten());
    }

    /// The box and the one beside it.
    fn boxes(&self, frame: Option<usize>) -> impl Iterator<Item = Frame> + use<> {
        let frame = frame.and_then(|frame| self.frames.get(frame)).copied();
        let beside = frame.and_then(|frame| frame.beside);
        let beside = beside.and_then(|frame| self.frames.get(frame)).copied();
        frame.into_iter().chain(beside)
    }

    /// Black behind a strip, from the box's head or on from the strip before.
    fn darken(&mut self, strip: &Strip, top: f32) {
        let bottom = top - strip.height - DARK_FOOT;
        if self.dark.is_empty() {
            let head = self.open.map_or(top, |(_, head)| head);
            for Frame { x, width, .. } in self.boxes(strip.frame) {
                self.dark.push(self.page.items.len());
                self.page.items.push(Item::Shape(Shape {
                    owner: Owner::Artifact(Artifact::Layout),
                    x,
                    y: bottom,
                    width,
                    height: head - bottom,
                    stroke: None,
                    ink: Ink::Black,
                }));
            }
        }
        for place in &self.dark {
            if let Some(Item::Shape(shape)) = self.page.items.get_mut(*place) {
                shape.height += shape.y - bottom;
                shape.y = bottom;
            }
        }
    }

    /// Draws the box that ends with the strip placed last.
    fn close(&mut self) {
        let Some((frame, top)) = self.open.take() else {
            return;
        };
        let bottom = self.y - self.pad(Some(frame));
        for Frame { x, width, stroke, ink, .. } in self.boxes(Some(frame)) {
            if stroke == 0.0 {
                continue;
            }
            self.page.items.push(Item::Shape(Shape {
                owner: Owner::Artifact(Artifact::Layout),
                x: x + stroke / 2.0,
                y: bottom + stroke / 2.0,
                width: width - stroke,
                height: top - bottom - stroke,
                stroke: Some(stroke),
                ink,
            }));
        }
    }

    /// Ends this page.
    fn turn(&mut self) {
        self.gather();
        self.close();
        self.dark.clear();
        self.pages.pages.push(std::mem::take(&mut self.page));
        self.y = self.body.top;
        self.begun = false;
    }
}

/// An item at its place on the page.
fn lifted(mut item: Item, top: f32) -> Item {
    match &mut item {
        Item::Run(run) => run.y += top,
        Item::Shape(shape) => shape.y += top,
    }
    item
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

/// How far the black behind white lines reaches below them.
const DARK_FOOT: f32 = 5.0;
/// Sums of points are not exact.
const SLACK: f32 = 0.01;
