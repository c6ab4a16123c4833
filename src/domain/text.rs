//! Text that can be printed: in NFC, of allowed characters, never changed otherwise. Contract
//! section 1.
//!
//! Whether a font holds a glyph for a character is for the fonts to say; here stands what no
//! document may hold whatever the font. To refuse one more kind of character: a
//! [`UnprintableReason`], its place in `refusal`, a test named for it.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

/// Printable text in NFC, not empty. What can't be printed was refused on entry, never stripped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

/// How many combining marks one letter may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Two: names, addresses and every other short field.
    Name,
    /// Four: the words of terms and other running text.
    Term,
}

/// Why a text can't be printed, and the character at fault where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unprintable: {}", .reason.name())]
pub struct Unprintable {
    /// Absent where the text is white space only.
    pub character: Option<char>,
    pub reason: UnprintableReason,
}

/// The kinds of text that are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnprintableReason {
    Control,
    LineBreak,
    /// General category Cf, and letters that show nothing.
    Format,
    SoftHyphen,
    PrivateUse,
    Unassigned,
    Replacement,
    VariationSelector,
    /// A mark that is drawn over or around its letter.
    Overlay,
    TooManyMarks,
    /// A mark at the start of the text or after a space: it would be drawn on what stands before.
    MarkWithoutLetter,
    /// A digit other than 0-9.
    Digit,
    /// A joiner that is not between two letters of a script that needs it.
    Joiner,
    WhiteSpaceOnly,
}

impl Text {
    /// Brings a text to NFC and takes it as it then is.
    ///
    /// # Errors
    /// The first thing in it that may not be printed.
    pub fn parse(text: &str, marks: Marks) -> Result<Self, Unprintable> {
        if text.trim().is_empty() {
            let character = text.chars().find(|c| *c != ' ' && refusal(*c).is_some());
            return Err(match character.and_then(|c| refusal(c).map(|reason| (c, reason))) {
                Some((c, reason)) => Unprintable { character: Some(c), reason },
                None => Unprintable { character: None, reason: UnprintableReason::WhiteSpaceOnly },
            });
        }
        if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Ok(Self(text.to_owned()));
        }
        let text: String = match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => text.to_owned(),
            IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
        };
        check(&text, marks)?;
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Unprintable {
    /// The code point at fault as `U+200B`.
    pub fn code_point(&self) -> Option<String> {
        self.character.map(|c| format!("U+{:04X}", u32::from(c)))
    }
}

impl UnprintableReason {
    /// The name of the reason in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::LineBreak => "line_break",
            Self::Format => "format",
            Self::SoftHyphen => "soft_hyphen",
            Self::PrivateUse => "private_use",
            Self::Unassigned => "unassigned",
            Self::Replacement => "replacement",
            Self::VariationSelector => "variation_selector",
            Self::Overlay => "overlay",
            Self::TooManyMarks => "too_many_marks",
            Self::MarkWithoutLetter => "mark_without_letter",
            Self::Digit => "digit",
            Self::Joiner => "joiner",
            Self::WhiteSpaceOnly => "white_space_only",
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.0
    }
}

impl TryFrom<String> for Text {
    type Error = Unprintable;

    fn try_from(text: String) -> Result<Self, Unprintable> {
        Self::parse(&text, Marks::Term)
    }
}

/// Whether a text still holds a place to be filled in: a brace, a "to be confirmed", an "insert
/// here". Rule `unresolved_placeholder`.
pub fn holds_placeholder(text: &str) -> bool {
    text.contains(['{', '}'])
        || text.to_ascii_lowercase().contains("[insert")
        || text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == "TODO" || word.eq_ignore_ascii_case("TBC"))
}

fn check(text: &str, marks: Marks) -> Result<(), Unprintable> {
    let most = match marks {
        Marks::Name => 2,
        Marks::Term => 4,
    };
    let characters: Vec<char> = text.chars().collect();
    let mut on_letter: Option<usize> = None;
    for (at, &c) in characters.iter().enumerate() {
        let refuse = |reason| Err(Unprintable { character: Some(c), reason });
        if is_joiner(c) {
            if !joins(&characters, at) {
                return refuse(UnprintableReason::Joiner);
            }
            continue;
        }
        if let Some(reason) = refusal(c) {
            return refuse(reason);
        }
        if (' '..='~').contains(&c) {
            on_letter = (c != ' ').then_some(0);
            continue;
        }
        if !is_mark(c) {
            on_letter = (!c.is_whitespace()).then(|| marks_within(c));
            continue;
        }
        let Some(before) = on_letter else {
            return refuse(UnprintableReason::MarkWithoutLetter);
        };
        let now = before + usize::from(is_stacked(c));
        if is_stacked(c) && now > most {
            return refuse(UnprintableReason::TooManyMarks);
        }
        on_letter = Some(now);
    }
    Ok(())
}

/// Why a character may not stand anywhere; joiners and marks are judged by what stands around them.
fn refusal(c: char) -> Option<UnprintableReason> {
    use UnprintableReason as Reason;
    if (' '..='~').contains(&c) || is_joiner(c) {
        return None;
    }
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
            return Some(Reason::LineBreak);
        }
        '\u{ad}' => return Some(Reason::SoftHyphen),
        '\u{fffc}' | '\u{fffd}' => return Some(Reason::Replacement),
        '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}'
        | '\u{180b}'..='\u{180d}'
        | '\u{180f}' => return Some(Reason::VariationSelector),
        // Letters and marks that show nothing: grapheme joiner, fillers of Hangul and Khmer, blank
        // Braille.
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}'
        | '\u{ffa0}' => return Some(Reason::Format),
        _ => {}
    }
    match c.general_category() {
        GeneralCategory::Control => Some(Reason::Control),
        GeneralCategory::Format => Some(Reason::Format),
        GeneralCategory::PrivateUse => Some(Reason::PrivateUse),
        GeneralCategory::Unassigned | GeneralCategory::Surrogate => Some(Reason::Unassigned),
        GeneralCategory::EnclosingMark => Some(Reason::Overlay),
        GeneralCategory::NonspacingMark if canonical_combining_class(c) == 1 => {
            Some(Reason::Overlay)
        }
        GeneralCategory::DecimalNumber => Some(Reason::Digit),
        _ => None,
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn is_mark(c: char) -> bool {
    matches!(
        c.general_category(),
        GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
            | GeneralCategory::EnclosingMark
    )
}

/// Marks that pile up on a letter; spacing marks stand beside it.
fn is_stacked(c: char) -> bool {
    c.general_category() == GeneralCategory::NonspacingMark
}

/// The marks that NFC has folded into one character: they count once a further mark follows.
fn marks_within(c: char) -> usize {
    std::iter::once(c).nfd().skip(1).filter(|part| is_stacked(*part)).count()
}

/// Whether the joiner at `at` has a letter on either side, both of one script that needs joiners.
/// The letter before may carry marks: a joiner follows the virama.
fn joins(characters: &[char], at: usize) -> bool {
    let script = |c: &char| match c.script() {
        Script::Inherited | Script::Common => None,
        script => Some(script),
    };
    let is_part = |c: &char| c.is_alphabetic() || is_mark(*c);
    let before = characters[..at].iter().rev().take_while(|c| is_part(c)).find_map(script);
    let after = characters.get(at + 1).filter(|c| c.is_alphabetic()).and_then(script);
    before.is_some_and(|script| after == Some(script) && NEED_JOINERS.contains(&script))
}

/// Scripts whose spelling uses joiners. Unicode Standard, section 23.2.
const NEED_JOINERS: [Script; 17] = [
    Script::Arabic,
    Script::Bengali,
    Script::Devanagari,
    Script::Gujarati,
    Script::Gurmukhi,
    Script::Kannada,
    Script::Khmer,
    Script::Malayalam,
    Script::Mongolian,
    Script::Myanmar,
    Script::Nko,
    Script::Oriya,
    Script::Sinhala,
    Script::Syriac,
    Script::Tamil,
    Script::Telugu,
    Script::Tibetan,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::UnprintableReason as Reason;
    use super::*;

    fn reason(text: &str) -> Option<Reason> {
        Text::parse(text, Marks::Name).err().map(|fault| fault.reason)
    }

    #[test]
    fn names_of_many_lands_stand_as_they_are() {
        for name in [
            "Siân Placeholder",
            "Gwenllïan Tŷ-Mawr",
            "Przemysław Łukasz Wzór",
            "Nguyễn Thị Mẫu",
            "O’Brien",
            "Ķęstutis Ñandú",
            "Владимир",
            "Ωμέγα ᾧ",
            "محمد",
            "सीता ज़ीं",
            "½ Mile Lane, 10½",
            "A\u{a0}B",
        ] {
            assert_eq!(Text::parse(name, Marks::Name).as_deref(), Ok(name));
        }
    }

    #[test]
    fn text_is_brought_to_nfc_on_entry() {
        assert_eq!(&*Text::parse("Sia\u{302}n", Marks::Name).unwrap(), "Siân");
    }

    #[test]
    fn what_cannot_be_printed_is_refused_by_its_name() {
        for (text, why) in [
            ("a\u{0}b", Reason::Control),
            ("a\tb", Reason::Control),
            ("a\nb", Reason::LineBreak),
            ("a\r\nb", Reason::LineBreak),
            ("a\u{2028}b", Reason::LineBreak),
            ("a\u{85}b", Reason::LineBreak),
            ("a\u{202e}b", Reason::Format),
            ("a\u{2066}b", Reason::Format),
            ("a\u{200b}b", Reason::Format),
            ("a\u{feff}b", Reason::Format),
            ("a\u{e0041}b", Reason::Format),
            ("a\u{3164}b", Reason::Format),
            ("a\u{ad}b", Reason::SoftHyphen),
            ("a\u{e000}b", Reason::PrivateUse),
            ("a\u{378}b", Reason::Unassigned),
            ("a\u{ffff}b", Reason::Unassigned),
            ("a\u{fffd}b", Reason::Replacement),
            ("a\u{fe0f}b", Reason::VariationSelector),
            ("a\u{338}b", Reason::Overlay),
            ("a\u{20dd}b", Reason::Overlay),
            ("٣ Road", Reason::Digit),
            ("３ Road", Reason::Digit),
            ("𝟑 Road", Reason::Digit),
            ("a\u{200d}b", Reason::Joiner),
            ("ab\u{200c}", Reason::Joiner),
            ("\u{301}a", Reason::MarkWithoutLetter),
            ("a \u{301}", Reason::MarkWithoutLetter),
            ("   ", Reason::WhiteSpaceOnly),
            ("\u{a0}\u{3000}", Reason::WhiteSpaceOnly),
            ("", Reason::WhiteSpaceOnly),
            (" \n ", Reason::LineBreak),
            ("\u{200d}", Reason::Joiner),
        ] {
            assert_eq!(reason(text), Some(why), "{text:?}");
        }
    }

    #[test]
    fn the_fault_names_the_code_point() {
        let fault = Text::parse("a\u{200b}", Marks::Name).unwrap_err();
        assert_eq!(fault.code_point().as_deref(), Some("U+200B"));
    }

    #[test]
    fn a_letter_of_a_name_carries_two_marks_and_of_a_term_four() {
        let two = "a\u{301}\u{302}";
        let three = "a\u{301}\u{302}\u{303}";
        let five = "a\u{301}\u{302}\u{303}\u{304}\u{305}";
        assert_eq!(reason(two), None);
        assert_eq!(reason(three), Some(Reason::TooManyMarks));
        assert!(Text::parse(three, Marks::Term).is_ok());
        let fault = Text::parse(five, Marks::Term).unwrap_err();
        assert_eq!(fault.reason, Reason::TooManyMarks);
    }

    #[test]
    fn joiners_stand_only_between_letters_of_scripts_that_need_them() {
        assert_eq!(reason("می\u{200c}خواهم"), None);
        assert_eq!(reason("क्\u{200d}ष"), None);
        assert_eq!(reason("र\u{200d}a"), Some(Reason::Joiner));
        assert_eq!(reason("م\u{200c}\u{200c}خ"), Some(Reason::Joiner));
        assert_eq!(reason("م \u{200c}خ"), Some(Reason::Joiner));
    }

    #[test]
    fn placeholders_are_seen_and_words_that_look_like_them_are_not() {
        for text in ["at {place}", "TODO name", "date TBC", "tbc", "[Insert name]", "a } b"] {
            assert!(holds_placeholder(text), "{text}");
        }
        for text in ["Todorov", "todo el día", "the TBCX building", "insert the card"] {
            assert!(!holds_placeholder(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_stays_the_same_when_taken_again(text in "\\PC{1,30}") {
            if let Ok(first) = Text::parse(&text, Marks::Name) {
                prop_assert_eq!(Text::parse(&first, Marks::Name), Ok(first.clone()));
                prop_assert_eq!(first.nfc().collect::<String>(), text.nfc().collect::<String>());
            }
        }

        #[test]
        fn no_text_makes_the_check_fall(text in any::<String>()) {
            let _ = Text::parse(&text, Marks::Name);
            let _ = Text::parse(&text, Marks::Term);
        }

        #[test]
        fn no_control_or_format_character_gets_in(
            before in "[a-z]{0,5}",
            bad in prop::sample::select(vec!['\u{0}', '\u{7f}', '\u{200e}', '\u{202a}', '\u{2069}',
                '\u{fff9}', '\u{110bd}', '\u{e0001}', '\u{f0000}', '\u{10ffff}']),
            after in "[a-zé]{1,5}",
        ) {
            let text = format!("{before}{bad}{after}");
            prop_assert!(Text::parse(&text, Marks::Term).is_err());
        }
    }
}
