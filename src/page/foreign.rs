//! Text that stands in a foreign file, made fit to be shown.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The text without what could steer a terminal, turn a line round or hide; at most 200 characters.
pub(super) fn shown(text: &str) -> String {
    let mut kept: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        kept.push('…');
    }
    kept
}

fn visible(c: char) -> char {
    use GeneralCategory as Category;
    match c.general_category() {
        Category::Control
        | Category::Format
        | Category::PrivateUse
        | Category::Surrogate
        | Category::Unassigned
        | Category::LineSeparator
        | Category::ParagraphSeparator => '\u{fffd}',
        _ => c,
    }
}

const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_or_turn_a_line_is_shown_as_unknown() {
        assert_eq!(shown("Llys\u{1b}[2J\u{202e}x\n"), "Llys\u{fffd}[2J\u{fffd}x\u{fffd}");
        assert_eq!(shown("Siân Ŵ-Ŷ"), "Siân Ŵ-Ŷ");
        assert_eq!(shown(&"a".repeat(201)).chars().count(), 201);
    }
}
