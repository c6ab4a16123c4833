//! The mark by which a page of paper is checked: what a camera reads, what a person types, what a
//! person says. Pure; it says nothing of any person.
//!
//! - [`Statement`] and [`Signed`] (`statement`): what the QR code holds, and its text.
//! - `symbol`: that text as a QR code. `spoken`: six words. `code`: the short code.
//! - [`Presented`]: whichever of the three somebody hands in. It is foreign text: strict, bounded,
//!   never a panic.
//!
//! Never here: keys (`sign::paper`), the register (`issue`), points and pages (`render`).
//!
//! To say more in the QR code: a new version of `statement`, beside the old one, which paper in
//! people's hands still has.

mod code;
mod spoken;
mod statement;
pub mod symbol;

use jiff::civil::Date;

pub use statement::{KeyId, SIGNATURE, Signed, Statement};

/// What a paper claims of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The document's UUID.
    pub document: [u8; 16],
    /// Of the document's content stage. Contract section 3a.
    pub content_sha256: [u8; 32],
    /// The order's last day; none where it lasts until further order, or none is due.
    pub ends_on: Option<Date>,
}

/// What is drawn on each page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The text of the QR code: the claim and its signature.
    pub qr: String,
    /// Six words for the radio.
    pub words: String,
}

/// What somebody hands in to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// The text of a QR code.
    Paper(Box<Signed>),
    /// A short code as it is stored: `7K3QM-2X9TB`.
    Code(String),
    /// Six words as they are stored: lower case, one space between.
    Words(String),
}

/// The text is none of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither the text of a QR code nor a short code nor six words")]
pub struct Unreadable;

impl Presented {
    /// Reads what was handed in: the QR code's text to the letter; the short code and the words
    /// whatever their case and spacing.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        if text.len() > LONGEST {
            return Err(Unreadable);
        }
        let text = text.trim_matches(['\r', '\n', '\t']);
        if text.starts_with(statement::PREFIX) {
            return Signed::read(text).map(|signed| Self::Paper(Box::new(signed)));
        }
        let words = || spoken::read(text).map(Self::Words);
        code::read(text).map(Self::Code).or_else(words).ok_or(Unreadable)
    }
}

/// Far more than any of the three has.
const LONGEST: usize = 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_of_the_three_is_known_by_its_form() {
        let code = Presented::Code("7K3QM-2X9TB".into());
        assert_eq!(Presented::read("7K3QM-2X9TB\n"), Ok(code.clone()));
        assert_eq!(Presented::read(" 7k3qm 2x9tb "), Ok(code));
        let words = "almond canal dolphin eagle fennel garlic";
        assert_eq!(
            Presented::read("Almond, canal - dolphin eagle\u{a0}fennel GARLIC"),
            Ok(Presented::Words(words.into()))
        );
        for wrong in ["", "SPO1:", "SPO1:ABC", "7K3QM-2X9T", "almond canal", "ŵ", "SPO2:AAAA"] {
            assert_eq!(Presented::read(wrong), Err(Unreadable), "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn whatever_is_handed_in_is_read_or_refused(text in any::<String>()) {
            let _ = Presented::read(&text);
            let _ = Presented::read(&format!("SPO1:{text}"));
        }

        #[test]
        fn a_text_of_the_right_letters_and_length_is_read_or_refused(
            text in "[0-9A-Z $%*+./:-]{168}"
        ) {
            if let Ok(Presented::Paper(signed)) = Presented::read(&format!("SPO1:{text}")) {
                prop_assert_eq!(signed.text(), format!("SPO1:{text}"));
            }
        }
    }
}
