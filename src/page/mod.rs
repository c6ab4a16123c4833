//! Answers as people read them: a sentence, a page for a browser, a page of plain text; in English
//! and in Welsh.
//!
//! What comes in is what `issue` found; what goes out is the JSON of the answer with its sentences
//! ([`Told::answer`]) and the same as pages ([`Told::html`], [`Told::text`]). The words stand in
//! `templates/messages/verification.toml`, the pages in `templates/pages`. Names that stand in a
//! foreign file are shown without what could steer a terminal or turn a line round
//! (`foreign::shown`); in a page they are escaped by the engine.
//!
//! Never here: HTTP, a verdict, a script.
//!
//! To say something new: its words in the TOML file in both languages, its line in `lines`; what
//! must stand beside the verdict itself in `cautions`.

mod cautions;
mod foreign;
mod found;
mod lines;
mod sheet;
mod words;

pub use found::Told;
pub use words::filled;

use crate::domain::words::Words as Calendar;

/// The languages of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tongue {
    #[default]
    English,
    Welsh,
}

impl Tongue {
    /// Its tag. BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Welsh => "cy",
        }
    }

    fn calendar(self) -> &'static Calendar {
        match self {
            Self::English => Calendar::english(),
            Self::Welsh => Calendar::welsh(),
        }
    }
}

/// The policy for the page alone: its one style by its digest, nothing else.
pub fn policy() -> &'static str {
    sheet::policy()
}
