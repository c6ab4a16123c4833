//! Who reads a document: it shows only what this reader may see. Contract section 5.

/// The readers of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Respondent,
    Court,
    CourtPolice,
    ProtectedPerson,
}

impl Audience {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Respondent, Self::Court, Self::CourtPolice, Self::ProtectedPerson];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Respondent => "respondent",
            Self::Court => "court",
            Self::CourtPolice => "court_police",
            Self::ProtectedPerson => "protected_person",
        }
    }
}
