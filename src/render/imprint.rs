//! What is stamped on one document, given once at the top of the road: ids, instants, the form that
//! was asked for, and from what a copy was made.

use jiff::Timestamp;

use crate::domain::identity::{DocumentId, OrderId, VariationId};
use crate::domain::order::Language;
use crate::domain::people::Capacity;

/// What is stamped on one document, given once at the top of the road.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    pub document_id: DocumentId,
    pub order_id: OrderId,
    pub variation_id: Option<VariationId>,
    /// The version of the order, from 1.
    pub version: u32,
    /// The short code printed on each page.
    pub code: String,
    pub issued_at: Timestamp,
    /// Signed with the test authority.
    pub test: bool,
    /// Common name of the signing certificate.
    pub signer: String,
    /// Bytes of DER to keep free for the signature; its signer knows how many.
    pub reserve: usize,
    /// In which it is drawn: a further copy may be in another than the order.
    pub language: Language,
    pub format: Format,
}

/// In which form the paper is wanted. None of it changes a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Format {
    /// 18 point and more.
    pub large_print: bool,
    /// An odd number of pages is filled up with one that says that it is blank.
    pub even_pages: bool,
    /// The respondent's name and address stand where a window envelope shows them.
    pub address_window: bool,
}

/// The respondent's order from which a copy is made: what ties the two together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    pub document_id: DocumentId,
    /// In which it was drawn.
    pub edition: String,
    /// Common to the order and every copy of it.
    pub content_sha256: [u8; 32],
    /// Of the signed file; none while it is not yet signed.
    pub sha256: Option<[u8; 32]>,
    pub pages: Option<u32>,
}

/// Which copy for another reader or use. Contract section 5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copy {
    /// The order in plain words, for the respondent.
    ExplanatorySheet,
    /// For one protected person, by reference.
    ProtectedPersonNotice { person: char },
    /// One page for the street.
    PoliceSheet,
    /// The whole order with the court's certificate. Stalking Protection Act 2019, s.8(5).
    CertifiedCopy { certifier: String, capacity: Capacity },
}
