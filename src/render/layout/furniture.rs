//! What stands round the content on each page: mark, head, foot with page numbers, watermark. All
//! artifacts.

use super::paginate::Body;
use super::{STYLE, Type};
use crate::render::document::Furniture;
use crate::render::error::RenderError;
use crate::render::font::{Fonts, MissingGlyph};
use crate::render::layout::flow::{baseline, rule};
use crate::render::pages::{
    Artifact, Face, Ink, Item, Owner, PAGE_HEIGHT, PAGE_WIDTH, Page, Run, Shape,
};
use crate::render::paragraph::{self, Column, Line, Stretch};

/// The furniture with the room that it takes.
pub(super) struct Furnishing<'a> {
    words: &'a Furniture,
    body: Body,
}

impl<'a> Furnishing<'a> {
    /// Measures how much of the page is left for the content.
    ///
    /// # Errors
    /// [`RenderError::MissingGlyph`].
    pub(super) fn measure(words: &'a Furniture, fonts: &Fonts) -> Result<Self, RenderError> {
        let body = Body { top: 0.0, bottom: 0.0 };
        let furnishing = Self { words, body };
        let mut page = Page::default();
        let top = furnishing.head(&mut page, fonts)? - BELOW_HEAD;
        let bottom = furnishing.foot(&mut page, (888, 888), fonts)? + ABOVE_FOOT;
        let body =
            Body { top: top.min(PAGE_HEIGHT - LEAST_MARGIN), bottom: bottom.max(LEAST_MARGIN) };
        Ok(Self { words, body })
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
            self.head(&mut whole, fonts)?;
            whole.items.append(&mut page.items);
            self.foot(&mut whole, (place + 1, count), fonts)?;
            *page = whole;
        }
        Ok(())
    }

    /// Draws the head; gives its lower edge.
    fn head(&self, page: &mut Page, fonts: &Fonts) -> Result<f32, RenderError> {
        let mut y = PAGE_HEIGHT - EDGE;
        if let Some(mark) = &self.words.mark {
            y = mark_box(mark, y, page, fonts)?;
        }
        if let Some(header) = &self.words.header {
            let text =
                Text { text: header, face: Face::Regular, kind: STYLE.small, balanced: false };
            let lines = text.lines(STYLE.measure, Artifact::Header, fonts)?;
            for line in lines {
                place(line, (STYLE.left, y), STYLE.small, page, fonts);
                y -= STYLE.small.leading;
            }
        }
        Ok(y)
    }

    /// Draws the foot; gives its upper edge.
    fn foot(
        &self,
        page: &mut Page,
        (number, count): (usize, usize),
        fonts: &Fonts,
    ) -> Result<f32, RenderError> {
        let pattern = self.words.page.as_deref().unwrap_or_default();
        let counted =
            pattern.replace("{n}", &number.to_string()).replace("{m}", &count.to_string());
        let mut taken = 0.0;
        let mut lowest = EDGE;
        let kind = STYLE.small;
        if !counted.is_empty() {
            let text = Text { text: &counted, face: Face::Bold, kind, balanced: false };
            for line in text.lines(STYLE.measure * 0.45, Artifact::Footer, fonts)? {
                taken = line.width + STYLE.gutter;
                let x = STYLE.left + STYLE.measure - line.width;
                place(line, (x, EDGE + kind.leading), kind, page, fonts);
                lowest = EDGE + kind.leading;
            }
        }
        if let Some(footer) = &self.words.footer {
            let text = Text { text: footer, face: Face::Regular, kind, balanced: false };
            let lines = text.lines(STYLE.measure - taken, Artifact::Footer, fonts)?;
            let count = lines.len() as f32;
            lowest = lowest.max(EDGE + kind.leading * count);
            for (at, line) in lines.into_iter().enumerate() {
                let y = EDGE + kind.leading * (count - at as f32);
                place(line, (STYLE.left, y), kind, page, fonts);
            }
        }
        let top = lowest + FOOT_PAD;
        if lowest > EDGE {
            let hairline = rule(STYLE.left, top, STYLE.measure, 0.5);
            page.items.push(Item::Shape(Shape { ink: Ink::Grey, ..hairline }));
        }
        Ok(top)
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

/// The test mark: bold, centred, in a box across the page. Gives its lower edge with a gap.
fn mark_box(mark: &str, top: f32, page: &mut Page, fonts: &Fonts) -> Result<f32, RenderError> {
    let kind = Type { size: 10.0, leading: 13.5 };
    let text = Text { text: mark, face: Face::Bold, kind, balanced: true };
    let pad = 3.0;
    let lines = text.lines(STYLE.measure - 4.0 * pad, Artifact::Header, fonts)?;
    let height = kind.leading * lines.len() as f32 + 2.0 * pad;
    page.items.push(Item::Shape(Shape {
        owner: Owner::Artifact(Artifact::Header),
        x: STYLE.left + 0.5,
        y: top - height + 0.5,
        width: STYLE.measure - 1.0,
        height: height - 1.0,
        stroke: Some(1.0),
        ink: Ink::Black,
    }));
    let mut y = top - pad;
    for line in lines {
        let x = STYLE.left + (STYLE.measure - line.width) / 2.0;
        place(line, (x, y), kind, page, fonts);
        y -= kind.leading;
    }
    Ok(top - height - 5.0)
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

/// From the paper's edge to the furniture.
const EDGE: f32 = 31.0;
const BELOW_HEAD: f32 = 14.0;
const ABOVE_FOOT: f32 = 12.0;
const FOOT_PAD: f32 = 4.0;
/// Content keeps this far from the edge where there is no furniture.
const LEAST_MARGIN: f32 = 62.0;
/// Length of a watermark along the page's diagonal.
const DIAGONAL: f32 = 560.0;
