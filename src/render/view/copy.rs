//! What the views of copies for other readers share. Each kind has a view type of its own, in its
//! own file, that has no member for what its reader may not see: a layout can't print what it is
//! not handed.
//!
//! To let a reader see more: a member in that reader's view, with the reason; the golden folders.

use serde::Serialize;

use crate::digest::hex;
use crate::domain::clause::{Library, Telling};
use crate::domain::order::{Court, Order, Sitting};
use crate::domain::term::Term;
use crate::render::imprint::{Copy, Original};

use super::certified::CertifiedView;
use super::explanatory::ExplanatoryView;
use super::notice::NoticeView;
use super::police::PoliceView;
use super::{Facts, Phrase};

/// The facts of a copy for its layout: of exactly one reader.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum CopyView {
    Explanatory(Box<ExplanatoryView>),
    Notice(Box<NoticeView>),
    Police(Box<PoliceView>),
    Certified(Box<CertifiedView>),
}

impl CopyView {
    /// The facts of this copy for its layout; nothing where it is for a protected person whom the
    /// order does not name.
    pub fn of(copy: &Copy, from: (&Order, &Original), facts: Facts<'_>) -> Option<Self> {
        Some(match copy {
            Copy::ExplanatorySheet => Self::Explanatory(Box::new(ExplanatoryView::of(from, facts))),
            Copy::ProtectedPersonNotice { person } => {
                Self::Notice(Box::new(NoticeView::of(*person, from, facts)?))
            }
            Copy::PoliceSheet => Self::Police(Box::new(PoliceView::of(from, facts))),
            Copy::CertifiedCopy { certifier, capacity } => {
                let by = (certifier.as_str(), *capacity);
                Self::Certified(Box::new(CertifiedView::of(by, from, facts)))
            }
        })
    }
}

/// What ties a copy to the order.
#[derive(Debug, Clone, Serialize)]
pub(super) struct OriginalView {
    document_id: String,
    /// The digest common to the order and all its copies, in groups.
    digest: String,
    /// Its beginning, enough to tell two orders apart.
    digest_short: String,
}

impl OriginalView {
    pub(super) fn of(original: &Original) -> Self {
        let digest = hex(&original.content_sha256);
        Self {
            document_id: original.document_id.to_string(),
            digest: grouped(&digest, 8),
            digest_short: grouped(&digest[..SHORT], 4),
        }
    }
}

/// Digits in groups that an eye can follow.
pub(super) fn grouped(digits: &str, size: usize) -> String {
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % size == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// The court by name alone.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CourtNameView {
    name: Phrase,
    has_welsh_name: bool,
    youth: bool,
}

impl CourtNameView {
    pub(super) fn of(court: &Court) -> Self {
        Self {
            name: Phrase::pair(&court.name, court.welsh_name.as_deref()),
            has_welsh_name: court.welsh_name.is_some(),
            youth: court.sitting == Sitting::Youth,
        }
    }
}

/// A term in other words of its clause; nothing for one whose own words are the only ones.
pub(super) fn told(term: &Term, order: &Order, telling: Telling) -> Option<Phrase> {
    let people = |letter: char| {
        let mut persons = order.protected_persons.iter();
        persons.find(|person| person.reference == letter).map(|person| person.printed.clone())
    };
    let told = Library::builtin().source(term)?.told(telling, &people);
    Some(Phrase::pair(&told.english, told.welsh.as_deref()))
}

/// Of 64 digits.
const SHORT: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups() {
        assert_eq!(grouped("0123456789ab", 4), "0123 4567 89ab");
        assert_eq!(grouped("", 4), "");
    }
}
