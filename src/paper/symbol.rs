//! The QR code as a drawing: its dark modules as bars. ISO/IEC 18004. The `qrcodegen` crate is
//! named here and nowhere else.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// A square of modules; the quiet zone is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Symbol {
    /// Modules a side.
    pub side: u8,
    /// Its dark modules, none twice.
    pub bars: Vec<Bar>,
}

/// Dark modules side by side, in modules from the lower left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub x: u8,
    pub y: u8,
    pub width: u8,
    pub height: u8,
}

/// The text is longer than the largest code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLong;

/// Light modules that must stand on every side. ISO/IEC 18004, 6.3.8.
pub const QUIET: u8 = 4;

impl Symbol {
    /// The smallest code of error correction level M (15 % of it may be lost) that holds the text.
    ///
    /// The mask is always the first. ISO/IEC 18004 weighs all eight to break up patterns that a
    /// text may hold; ours is a signature, as even as chance, and the weighing takes longer than
    /// the rest of the page.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn of(text: &str) -> Result<Self, TooLong> {
        let segments = QrSegment::make_segments(text);
        let range = (Version::MIN, Version::MAX);
        let code = QrCode::encode_segments_advanced(
            &segments,
            QrCodeEcc::Medium,
            range.0,
            range.1,
            Some(Mask::new(0)),
            false,
        );
        let code = code.map_err(|_| TooLong)?;
        let side = u8::try_from(code.size()).map_err(|_| TooLong)?;
        Ok(Self { side, bars: bars(&code, side) })
    }

    /// Whether the module is dark, counted from the lower left corner.
    pub fn dark(&self, x: u8, y: u8) -> bool {
        let within = |from: u8, long: u8, at: u8| from <= at && at < from + long;
        self.bars.iter().any(|bar| within(bar.x, bar.width, x) && within(bar.y, bar.height, y))
    }
}

/// Runs of each row; a run that stands on another of its place and width makes that one taller.
fn bars(code: &QrCode, side: u8) -> Vec<Bar> {
    let dark = |x: u8, y: u8| code.get_module(i32::from(x), i32::from(side - 1 - y));
    let mut bars: Vec<Bar> = Vec::new();
    // The bars that end where the row begins stand from here on: older ones never grow.
    let mut grown = 0;
    for y in 0..side {
        grown += bars[grown..].iter().take_while(|bar| bar.y + bar.height < y).count();
        let mut x = 0;
        while x < side {
            let width = (x..side).take_while(|x| dark(*x, y)).count();
            let width = u8::try_from(width).unwrap_or(u8::MAX);
            if width == 0 {
                x += 1;
                continue;
            }
            let below = bars[grown..]
                .iter_mut()
                .find(|bar| bar.x == x && bar.width == width && bar.y + bar.height == y);
            match below {
                Some(bar) => bar.height += 1,
                None => bars.push(Bar { x, y, width, height: 1 }),
            }
            x += width;
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_takes_45_modules_a_side() {
        let text = format!("SPO1:{}", "A".repeat(168));
        assert_eq!(Symbol::of(&text).unwrap().side, 45);
        assert_eq!(Symbol::of(&format!("{text}ABCDEF")).unwrap().side, 49);
    }

    #[test]
    fn bars_are_the_dark_modules_and_none_twice() {
        let text = "SPO1:BARS AND MODULES";
        let symbol = Symbol::of(text).unwrap();
        let code = QrCode::encode_segments_advanced(
            &QrSegment::make_segments(text),
            QrCodeEcc::Medium,
            Version::MIN,
            Version::MAX,
            Some(Mask::new(0)),
            false,
        )
        .unwrap();
        let mut modules = 0;
        for y in 0..symbol.side {
            for x in 0..symbol.side {
                let dark = code.get_module(i32::from(x), i32::from(symbol.side - 1 - y));
                assert_eq!(symbol.dark(x, y), dark, "{x} {y}");
                modules += usize::from(dark);
            }
        }
        let area = |bar: &Bar| usize::from(bar.width) * usize::from(bar.height);
        assert_eq!(symbol.bars.iter().map(area).sum::<usize>(), modules);
        assert!(symbol.bars.len() * 2 < modules);
    }

    #[test]
    fn a_text_that_no_code_holds_is_refused() {
        assert_eq!(Symbol::of(&"A".repeat(5000)), Err(TooLong));
    }
}
