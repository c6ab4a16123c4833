//! The mark by which paper is checked, at the foot of each page: the QR code on the left, in line
//! with the text, its quiet zone in the margin and the gutter around it.

use super::style::Style;
use crate::paper::Mark;
use crate::paper::symbol::{QUIET, Symbol};
use crate::render::error::RenderError;
use crate::render::pages::Code;

/// The code where it stands, its lower edge at `bottom`.
///
/// # Errors
/// [`RenderError::Mark`] where no QR code holds the text.
pub(super) fn placed(mark: &Mark, style: &Style, bottom: f32) -> Result<Code, RenderError> {
    let symbol = Symbol::of(&mark.qr).map_err(|_| RenderError::Mark)?;
    Ok(Code { x: style.left, y: bottom, module: MODULE, symbol })
}

/// The least blank around the code, in points.
pub(super) fn quiet(code: &Code) -> f32 {
    f32::from(QUIET) * code.module
}

/// A module's side in points: 0.42 mm, ten dots of a printer of 600 a inch, so that all come out
/// alike. 45 of them take 19.1 mm, and 22.4 mm with the quiet zone.
const MODULE: f32 = 1.2;
