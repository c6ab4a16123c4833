//! Name and address where a window envelope shows them: A4 folded in three in a DL envelope (110 by
//! 220 mm) whose window is 35 by 90 mm, 20 mm from the left and 18 mm from the foot.
//!
//! The folded paper is 99 mm high: lying at the envelope's foot it shows from 46 to 81 mm below its
//! head, pushed up against the envelope's head from 57 to 92 mm. The address keeps 5 mm clear in
//! the first; nothing else stands where either shows, so that no word of the order is read through
//! the envelope.

use super::flow::{Flow, Set};
use super::style::Type;
use crate::render::document::Words;
use crate::render::error::RenderError;
use crate::render::pages::{Item, PAGE_HEIGHT, Role};

impl Flow<'_> {
    /// Sets the lines as large as they fit, down to the size at which the post still reads them.
    pub(super) fn addressee(&mut self, lines: &[Words]) -> Result<(), RenderError> {
        self.at("addressee", "");
        let mut size = None;
        for (kind, clear) in FITS {
            let mut count = 0;
            for words in lines {
                count += self.plain(&words.text(), super::flow::ROOT, &column(kind))?.len();
            }
            let height = kind.leading * count as f32;
            if height <= WINDOW_HEIGHT - 2.0 * clear * MM {
                size =
                    Some((kind, PAGE_HEIGHT - WINDOW_HEAD - WINDOW_HEIGHT + clear * MM + height));
                break;
            }
        }
        let Some((kind, mut top)) = size else {
            return Err(RenderError::Overflow { node: super::flow::ROOT });
        };
        let mut items = Vec::new();
        for words in lines {
            let node = self.node(Role::P, super::flow::ROOT);
            for line in self.lines(words, node, &column(kind))? {
                let runs = self.on_baseline(line, kind, 0.0);
                items.extend(runs.map(|mut run| {
                    run.y += top;
                    Item::Run(run)
                }));
                top -= kind.leading;
            }
        }
        self.window = Some(items);
        Ok(())
    }
}

fn column(kind: Type) -> Set {
    Set::body(WINDOW_LEFT + CLEAR * MM, WINDOW_WIDTH - 2.0 * CLEAR * MM, kind)
}

const fn fit(size: f32, leading: f32, clear: f32) -> (Type, f32) {
    (Type { size, leading }, clear)
}

/// Sizes, with what stays clear above and below in millimetres.
const FITS: [(Type, f32); 9] = [
    fit(12.0, 14.1, CLEAR),
    fit(11.0, 12.9, CLEAR),
    fit(10.0, 11.7, CLEAR),
    fit(9.0, 10.1, CLEAR),
    fit(9.0, 10.1, 2.0),
    fit(8.0, 9.1, 2.0),
    fit(7.0, 8.0, 2.0),
    fit(6.0, 6.9, 2.0),
    fit(6.0, 6.9, BELOW_TIGHT),
];

/// Points to a millimetre.
const MM: f32 = 72.0 / 25.4;
/// What the lowest line's tails need: lines set as tight as the smallest have a box that ends above
/// them (0.19 of the size below the baseline, while a tail reaches 0.24). Fourteen lines still fit.
const BELOW_TIGHT: f32 = 0.3;
/// Kept clear inside the window, in millimetres.
const CLEAR: f32 = 5.0;
/// The window on the paper, in points: from the paper's left, from its head.
pub(super) const WINDOW_LEFT: f32 = 20.0 * MM;
pub(super) const WINDOW_HEAD: f32 = 45.0 * MM;
pub(super) const WINDOW_WIDTH: f32 = 90.0 * MM;
pub(super) const WINDOW_HEIGHT: f32 = 35.0 * MM;
/// What no other content may enter, in points from the page's foot: as far as the window may show.
pub(super) const ZONE_TOP: f32 = PAGE_HEIGHT - WINDOW_HEAD;
pub(super) const ZONE_BOTTOM: f32 = PAGE_HEIGHT - 92.0 * MM;
