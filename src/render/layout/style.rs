//! How documents look: every size, gap and rule. Points.

use crate::render::document::Print;
use crate::render::pages::PAGE_WIDTH;

/// A size with its distance from line to line, in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f32,
    pub(super) leading: f32,
}

/// How documents look. Points.
pub(super) struct Style {
    pub(super) left: f32,
    pub(super) measure: f32,
    /// From the margin to running text: figures and headings hang to its left.
    pub(super) indent: f32,
    /// What says the same in two languages stands one below the other.
    pub(super) stacked: bool,
    /// A title in two languages has a line for each.
    pub(super) title_apart: bool,
    pub(super) title: Type,
    pub(super) court: Type,
    pub(super) subtitle: Type,
    pub(super) h2: Type,
    pub(super) h3: Type,
    pub(super) body: Type,
    /// A term's figure.
    pub(super) figure: Type,
    /// The values of a band.
    pub(super) band: Type,
    /// Furniture.
    pub(super) small: Type,
    /// Between paragraphs.
    pub(super) paragraph_gap: f32,
    /// Between terms, and between items that hold several paragraphs.
    pub(super) term_gap: f32,
    /// Between items of a list.
    pub(super) item_gap: f32,
    /// Above the title, a heading of level 2, of level 3.
    pub(super) heading_gap: [f32; 3],
    /// Below a heading.
    pub(super) below_heading: f32,
    /// From the margin to a term's text.
    pub(super) number_width: f32,
    /// From the margin to an item's text.
    pub(super) bullet_width: f32,
    /// Above and below the text of a row.
    pub(super) row_pad: f32,
    /// The labels' part of the measure: alike in all tables of a document, so that their values
    /// line up.
    pub(super) label_part: f32,
    /// Below a table.
    pub(super) table_gap: f32,
    /// Between columns.
    pub(super) gutter: f32,
    /// Inside a box.
    pub(super) box_pad: f32,
    /// Round a box.
    pub(super) box_gap: f32,
    /// Lines up to which a term is kept on one page.
    pub(super) kept_lines: usize,
}

impl Style {
    /// How a document is set; where it has few words and must stand on few pages, roomier.
    pub(super) const fn of(print: Print) -> &'static Self {
        match print {
            Print::Standard => &STANDARD,
            Print::Large => &LARGE,
            Print::Dense => &DENSE,
        }
    }

    /// What is tried before, the roomiest first.
    pub(super) const fn roomier(print: Print) -> &'static [Self] {
        match print {
            Print::Standard | Print::Large => &[],
            Print::Dense => &[ROOMY, CLOSE],
        }
    }
}

/// On both sides of a page.
const MARGIN: f32 = 62.36;

/// The same of a dense page, which is carried and not filed.
const DENSE_MARGIN: f32 = 36.85;

const STANDARD: Style = Style {
    left: MARGIN,
    measure: PAGE_WIDTH - 2.0 * MARGIN,
    indent: 38.0,
    stacked: false,
    title_apart: true,
    title: Type { size: 26.0, leading: 31.0 },
    court: Type { size: 14.0, leading: 18.5 },
    subtitle: Type { size: 12.0, leading: 16.0 },
    h2: Type { size: 15.5, leading: 20.0 },
    h3: Type { size: 12.5, leading: 17.0 },
    body: Type { size: 12.0, leading: 15.5 },
    figure: Type { size: 15.0, leading: 15.5 },
    band: Type { size: 13.5, leading: 17.5 },
    small: Type { size: 9.5, leading: 12.5 },
    paragraph_gap: 6.0,
    term_gap: 8.5,
    item_gap: 4.0,
    heading_gap: [12.0, 16.0, 12.0],
    below_heading: 5.0,
    number_width: 38.0,
    bullet_width: 18.0,
    row_pad: 3.75,
    label_part: 0.33,
    table_gap: 12.0,
    gutter: 16.0,
    box_pad: 11.0,
    box_gap: 13.0,
    kept_lines: 12,
};

const LARGE: Style = Style {
    indent: 0.0,
    stacked: true,
    title: Type { size: 32.0, leading: 39.0 },
    court: Type { size: 20.0, leading: 26.0 },
    subtitle: Type { size: 18.0, leading: 24.0 },
    h2: Type { size: 23.0, leading: 29.0 },
    h3: Type { size: 20.0, leading: 26.0 },
    body: Type { size: 18.0, leading: 25.0 },
    figure: Type { size: 22.0, leading: 25.0 },
    band: Type { size: 20.0, leading: 26.0 },
    small: Type { size: 12.0, leading: 15.5 },
    paragraph_gap: 11.0,
    term_gap: 17.0,
    item_gap: 7.0,
    heading_gap: [18.0, 28.0, 19.0],
    below_heading: 9.0,
    number_width: 62.0,
    bullet_width: 26.0,
    row_pad: 6.5,
    label_part: 0.36,
    table_gap: 18.0,
    box_pad: 15.0,
    box_gap: 21.0,
    ..STANDARD
};

/// A page that is carried, with few terms: read at arm's length, by torch, off a photocopy.
const ROOMY: Style = Style {
    title: Type { size: 20.0, leading: 24.0 },
    h2: Type { size: 15.5, leading: 20.0 },
    h3: Type { size: 14.0, leading: 18.0 },
    body: Type { size: 13.0, leading: 17.0 },
    figure: Type { size: 15.0, leading: 17.0 },
    band: Type { size: 15.0, leading: 19.0 },
    paragraph_gap: 7.0,
    term_gap: 9.0,
    item_gap: 4.0,
    number_width: 40.0,
    row_pad: 4.5,
    table_gap: 12.0,
    gutter: 14.0,
    box_pad: 9.0,
    box_gap: 11.0,
    ..DENSE
};

/// Between the two.
const CLOSE: Style = Style {
    title: Type { size: 18.0, leading: 22.0 },
    body: Type { size: 11.5, leading: 14.25 },
    figure: Type { size: 13.5, leading: 15.0 },
    band: Type { size: 13.5, leading: 17.0 },
    paragraph_gap: 4.0,
    term_gap: 7.0,
    item_gap: 3.0,
    number_width: 36.0,
    row_pad: 2.5,
    table_gap: 8.0,
    gutter: 12.0,
    box_pad: 7.0,
    box_gap: 8.0,
    ..DENSE
};

const DENSE: Style = Style {
    left: DENSE_MARGIN,
    measure: PAGE_WIDTH - 2.0 * DENSE_MARGIN,
    indent: 0.0,
    title_apart: false,
    title: Type { size: 17.0, leading: 20.0 },
    court: Type { size: 12.0, leading: 15.5 },
    subtitle: Type { size: 10.5, leading: 13.0 },
    h2: Type { size: 13.0, leading: 16.5 },
    h3: Type { size: 11.5, leading: 15.0 },
    body: Type { size: 10.0, leading: 12.0 },
    figure: Type { size: 12.5, leading: 14.0 },
    band: Type { size: 12.0, leading: 15.0 },
    paragraph_gap: 2.0,
    term_gap: 6.0,
    item_gap: 2.5,
    heading_gap: [4.0, 11.0, 8.0],
    below_heading: 4.0,
    number_width: 32.0,
    bullet_width: 14.0,
    row_pad: 1.25,
    label_part: 0.28,
    table_gap: 5.0,
    gutter: 10.0,
    box_pad: 5.0,
    box_gap: 5.0,
    ..STANDARD
};
