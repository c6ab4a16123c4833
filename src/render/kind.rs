//! What kinds of documents there are, and for whom each is.
//!
//! To add a kind: a variant here, its view in `view/`, a folder in `templates/orders/`.

pub use crate::domain::audience::Audience;
use crate::domain::order::OrderKind;

/// What a document is, as its folder in `templates/orders/` is called. Contract section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    InterimOrder,
    FullOrder,
    VariationRequest,
    ExplanatorySheet,
    ProtectedPersonNotice,
    PoliceSheet,
    CertifiedCopy,
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::InterimOrder,
        Self::FullOrder,
        Self::VariationRequest,
        Self::ExplanatorySheet,
        Self::ProtectedPersonNotice,
        Self::PoliceSheet,
        Self::CertifiedCopy,
    ];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InterimOrder => "interim_order",
            Self::FullOrder => "full_order",
            Self::VariationRequest => "variation_request",
            Self::ExplanatorySheet => "explanatory_sheet",
            Self::ProtectedPersonNotice => "protected_person_notice",
            Self::PoliceSheet => "police_sheet",
            Self::CertifiedCopy => "certified_copy",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Who reads it.
    pub const fn audience(self) -> Audience {
        match self {
            Self::InterimOrder | Self::FullOrder | Self::ExplanatorySheet => Audience::Respondent,
            Self::VariationRequest => Audience::Court,
            Self::ProtectedPersonNotice => Audience::ProtectedPerson,
            Self::PoliceSheet | Self::CertifiedCopy => Audience::CourtPolice,
        }
    }

    /// The document of an order of this kind.
    pub const fn of(kind: OrderKind) -> Self {
        match kind {
            OrderKind::InterimOrder => Self::InterimOrder,
            OrderKind::FullOrder => Self::FullOrder,
        }
    }
}
