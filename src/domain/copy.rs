//! A copy of an order that somebody asks for: which, for whom, in which language and form.
//!
//! To add a kind that can be asked for: a variant of [`CopyKind`] and of [`Wanted`], what it needs
//! in `judgement::copy`; the compiler leads on.

use serde::{Deserialize, Serialize};

use super::order::{Language, OrderKind};
use super::people::AuthorisedBy;

/// The kinds of document that can be asked for. Contract section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyKind {
    InterimOrder,
    FullOrder,
    ExplanatorySheet,
    ProtectedPersonNotice,
    PoliceSheet,
    CertifiedCopy,
}

impl CopyKind {
    /// The order of this kind itself.
    pub const fn of(kind: OrderKind) -> Self {
        match kind {
            OrderKind::InterimOrder => Self::InterimOrder,
            OrderKind::FullOrder => Self::FullOrder,
        }
    }

    /// Whether the respondent is its reader.
    pub const fn is_for_the_respondent(self) -> bool {
        matches!(self, Self::InterimOrder | Self::FullOrder | Self::ExplanatorySheet)
    }

    /// Whether its reader goes by it today: a sheet or a notice. The order itself and a certified
    /// copy prove what the court once made.
    pub const fn tells_what_holds(self) -> bool {
        matches!(self, Self::ExplanatorySheet | Self::ProtectedPersonNotice | Self::PoliceSheet)
    }
}

/// A copy that may be made. Only [`judge_copy`](super::judgement::judge_copy) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyWanted {
    pub what: Wanted,
    pub language: Language,
    /// 18 point and more.
    pub large_print: bool,
    /// Filled up to an even number of pages.
    pub even_pages: bool,
    /// The respondent's address where a window envelope shows it.
    pub address_window: bool,
}

/// What is wanted, with all that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The order itself once more, in another form or language.
    Order,
    ExplanatorySheet,
    /// For the protected person of this letter.
    ProtectedPersonNotice {
        person: char,
    },
    PoliceSheet,
    /// Certified by that person. Stalking Protection Act 2019, s.8(5).
    CertifiedCopy {
        certified_by: AuthorisedBy,
    },
}
