//! What stands round the content on each page: mark, head, foot with page numbers, watermark. All
//! artifacts.

use super::code;
use super::paginate::Body;
use super::style::{Style, Type};
use crate::paper::Mark;
use crate::render::document::Furniture;
use crate::render::error::RenderError;
use crate::render::font::{Fonts, MissingGlyph};
use crate::render::layout::flow::{baseline, rule};
use crate::render::pages::{
    Artifact, Code, Face, Ink, Item, Owner, PAGE_HEIGHT, PAGE_WIDTH, Page, Run, Shape,
};
use crate::render::paragraph::{self, Column, Line, Stretch};

/// The furniture with the room that it takes.
pub(super) struct Furnishing<'a> {
    words: &'a Furniture,
    style: &'static Style,
    /// By which paper is checked.
    mark: Option<(&'a Mark, Code)>,
    body: Body,
    /// The same on each page.
    head: Vec<Item>,
}

impl<'a> Furnishing<'a> {
    /// Measures how much of the page is left for the content.
    ///
    /// # Errors
    /// [`RenderError::MissingGlyph`] and [`RenderError::Mark`].
    pub(super) fn measure(
        (words, mark): (&'a Furniture, Option<&'a Mark>),
        style: &'static Style,
        fonts: &Fonts,
    ) -> Result<Self, RenderError> {
        let placed = |mark| code::placed(mark, style, EDGE).map(|code| (mark, code));
        let mark = mark.map(placed).transpose()?;
        let body = Body { top: 0.0, bottom: 0.0 };
        let furnishing = Self { words, style, mark, body, head: Vec::new() };
        let (mut head, mut foot) = (Page::default(), Page::default());
        let top = furnishing.head(&mut head, fonts)? - BELOW_HEAD;
        let bottom = furnishing.foot(&mut foot, (888, 888), fonts)? + ABOVE_FOOT;
        let body =
            Body { top: top.min(PAGE_HEIGHT - LEAST_MARGIN), bottom: bottom.max(LEAST_MARGIN) };
        Ok(Self { body, head: head.items, ..furnishing })
    }

    /// The QR code that stands on each page.
    pub(super) fn code(&self) -> Option<&Code> {
        self.mark.as_ref().map(|(_, code)| code)
    }

    /// Where content may stand.
    pub(super) const fn body(&self) -> Body {
        self.body
    }

    /// Adds the furniture to all pages.
    ///
    /// # Errors
    /// [`RenderError::MissingGlyph`].
    pub(super) fn furnish(&self, pages: &mut [Page], fonts: &Fonts) -> Result<(), RenderError> {
        let count = pages.len();
        for (place, page) in pages.iter_mut().enumerate() {
            let mut whole = Page::default();
            if let Some(draft) = &self.words.draft {
                whole.items.push(Item::Run(watermark(draft, fonts)?));
            }
            whole.items.extend_from_slice(&self.head);
            whole.items.append(&mut page.items);
            self.foot(&mut whole, (place + 1, count), fonts)?;
            *page = whole;
        }
        Ok(())
    }

    /// Draws the head: the document's name on the left, the mark in a box on the right where both
    /// fit on one line, else above it; a hairline below. Gives its lower edge.
    fn head(&self, page: &mut Page, fonts: &Fonts) -> Result<f32, RenderError> {
        let Style { left, measure, small, .. } = *self.style;
        let mut y = PAGE_HEIGHT - EDGE;
        let mut beside = measure;
        if let Some(mark) = &self.words.mark {
            let (bottom, taken) = self.mark_box(mark, y, page, fonts)?;
            beside = measure - taken - self.style.gutter;
            y = bottom - MARK_PAD;
        }
        if let Some(header) = &self.words.header {
            let text = Text { text: header, face: Face::Regular, kind: small, balanced: false };
            let wide =
                paragraph::width(header, Face::Regular, small.size, fonts).map_err(missing)?;
            let level = wide <= beside && self.words.mark.is_some();
            let mut top = if level { PAGE_HEIGHT - EDGE - MARK_PAD } else { y };
            for line in text.lines(measure, Artifact::Header, fonts)? {
                place(line, (left, top), small, page, fonts);
                top -= small.leading;
            }
            y = y.min(top);
        }
        if y < PAGE_HEIGHT - EDGE {
            y -= FOOT_PAD;
            let hairline = rule(left, y, measure, 0.5);
            page.items.push(Item::Shape(Shape { ink: Ink::Grey, ..hairline }));
        }
        Ok(y)
    }

    /// The test mark, bold in a box as wide as it needs, at the right. Gives its lower edge and
    /// its width.
    fn mark_box(
        &self,
        mark: &str,
        top: f32,
        page: &mut Page,
        fonts: &Fonts,
    ) -> Result<(f32, f32), RenderError> {
        let Style { left, measure, small: kind, .. } = *self.style;
        let text = Text { text: mark, face: Face::Bold, kind, balanced: true };
        let side = 2.0 * MARK_PAD;
        let lines = text.lines(measure - 2.0 * side, Artifact::Header, fonts)?;
        let width = lines.iter().map(|line| line.width).fold(0.0, f32::max) + 2.0 * side;
        let height = kind.leading * lines.len() as f32 + 2.0 * MARK_PAD;
        let x = left + measure - width;
        page.items.push(Item::Shape(Shape {
            owner: Owner::Artifact(Artifact::Header),
            x: x + 0.5,
            y: top - height + 0.5,
            width: width - 1.0,
            height: height - 1.0,
            stroke: Some(1.0),
            ink: Ink::Black,
        }));
        let mut y = top - MARK_PAD;
        for line in lines {
            let centred = (width - line.width) / 2.0;
            place(line, (x + centred, y), kind, page, fonts);
            y -= kind.leading;
        }
        Ok((top - height, width))
    }

    /// Draws the foot; gives its upper edge. Beside the code the words stand from its upper edge
    /// down.
    fn foot(
        &self,
        page: &mut Page,
        (number, count): (usize, usize),
        fonts: &Fonts,
    ) -> Result<f32, RenderError> {
        let pattern = self.words.page.as_deref().unwrap_or_default();
        let counted =
            pattern.replace("{n}", &number.to_string()).replace("{m}", &count.to_string());
        let Style { left, measure, small: kind, gutter, .. } = *self.style;
        let beside = self.code().map_or(0.0, |code| code.side() + gutter);
        let text = Text { text: &counted, face: Face::Bold, kind, balanced: false };
        let counted = text.lines(measure * 0.45, Artifact::Footer, fonts)?;
        let taken = counted.iter().map(|line| line.width + gutter).fold(0.0, f32::max);
        let footer = self.words.footer.as_deref().unwrap_or_default();
        let text = Text { text: footer, face: Face::Regular, kind, balanced: false };
        let mut lines = text.lines(measure - beside - taken, Artifact::Footer, fonts)?;
        if let Some((mark, _)) = &self.mark {
            lines.resize_with(lines.len().max(counted.len()), Line::default);
            lines.extend(self.spoken(&mark.words, measure - beside, fonts)?);
        }
        let rows = lines.len().max(counted.len()) as f32;
        let code = self.code().map_or(0.0, Code::side);
        let upper = EDGE + (kind.leading * rows).max(code);
        let at = |row: usize| upper - kind.leading * row as f32;
        for (row, line) in counted.into_iter().enumerate() {
            let x = left + measure - line.width;
            place(line, (x, at(row)), kind, page, fonts);
        }
        for (row, line) in lines.into_iter().enumerate() {
            place(line, (left + beside, at(row)), kind, page, fonts);
        }
        let top = upper + self.code().map_or(FOOT_PAD, code::quiet).max(FOOT_PAD);
        if upper > EDGE {
            let hairline = rule(left, top, measure, 0.5);
            page.items.push(Item::Shape(Shape { ink: Ink::Grey, ..hairline }));
        }
        Ok(top)
    }

    /// The six words, heavy, in what the layout says around them.
    fn spoken(&self, words: &str, width: f32, fonts: &Fonts) -> Result<Vec<Line>, RenderError> {
        let pattern = self.words.spoken.as_deref().unwrap_or(WORDS);
        let (before, after) = pattern.split_once(WORDS).unwrap_or((pattern, ""));
        let owner = Owner::Artifact(Artifact::Footer);
        let stretch = |text, face| Stretch { text, face, owner };
        let stretches = [
            stretch(before, Face::Regular),
            stretch(words, Face::Bold),
            stretch(after, Face::Regular),
        ];
        let size = self.style.small.size;
        let column = Column { x: 0.0, width, size, ink: Ink::Black, balanced: true };
        paragraph::lines(&stretches, &column, fonts).map_err(missing)
    }
}

/// Furniture's text.
struct Text<'a> {
    text: &'a str,
    face: Face,
    kind: Type,
    balanced: bool,
}

impl Text<'_> {
    fn lines(
        &self,
        width: f32,
        artifact: Artifact,
        fonts: &Fonts,
    ) -> Result<Vec<Line>, RenderError> {
        let owner = Owner::Artifact(artifact);
        let stretch = Stretch { text: self.text, face: self.face, owner };
        let size = self.kind.size;
        let balanced = self.balanced;
        let column = Column { x: 0.0, width, size, ink: Ink::Black, balanced };
        paragraph::lines(&[stretch], &column, fonts).map_err(missing)
    }
}

/// Puts a line with its box's left upper corner at a point.
fn place(line: Line, (x, top): (f32, f32), kind: Type, page: &mut Page, fonts: &Fonts) {
    let y = top - baseline(fonts, kind);
    let runs = line.runs.into_iter();
    page.items.extend(runs.map(|run| Item::Run(Run { x: run.x + x, y, ..run })));
}

/// Large and pale from the lower left to the upper right, behind the text.
fn watermark(text: &str, fonts: &Fonts) -> Result<Run, RenderError> {
    let unit = paragraph::width(text, Face::Bold, 1.0, fonts).map_err(missing)?;
    let size = (DIAGONAL / unit.max(0.1)).min(150.0);
    let glyphs = fonts.shape(text, Face::Bold, size).map_err(missing)?;
    let metrics = fonts.metrics(Face::Bold);
    let height = metrics.cap_height * size / metrics.units_per_em;
    let width = unit * size;
    let turn = std::f32::consts::FRAC_1_SQRT_2;
    Ok(Run {
        owner: Owner::Artifact(Artifact::Watermark),
        face: Face::Bold,
        size,
        x: (PAGE_WIDTH - (width - height) * turn) / 2.0,
        y: (PAGE_HEIGHT - (width + height) * turn) / 2.0,
        glyphs,
        text: text.to_owned(),
        ink: Ink::Pale,
        turned: 45.0,
    })
}

fn missing(MissingGlyph { character, face }: MissingGlyph) -> RenderError {
    RenderError::MissingGlyph { character, face, place: "document".into() }
}

/// What stands for the six words.
const WORDS: &str = "{words}";
/// From the paper's edge to the furniture.
const EDGE: f32 = 31.0;
const BELOW_HEAD: f32 = 12.0;
const ABOVE_FOOT: f32 = 8.0;
const FOOT_PAD: f32 = 4.0;
/// Inside the test mark's box, above and below.
const MARK_PAD: f32 = 2.5;
/// Content keeps this far from the edge where there is no furniture.
const LEAST_MARGIN: f32 = 62.0;
/// Length of a watermark along the page's diagonal.
const DIAGONAL: f32 = 560.0;
