//! The view of the certified copy: the order as it was made, and the court's certificate. Stalking
//! Protection Act 2019, s.8(5).

use serde::Serialize;

use crate::digest::hex;
use crate::domain::calendar::london_day;
use crate::domain::order::Order;
use crate::domain::people::Capacity;
use crate::render::imprint::{Imprint, Original};

use super::copy::grouped;
use super::order::capacity_flags;
use super::{Facts, Flags, OrderView, Phrase};

/// What a layout of the copy may name: all that the order says, and the certificate.
#[derive(Debug, Clone, Serialize)]
pub struct CertifiedView {
    /// Under the order's own id and edition: they are part of what is copied.
    #[serde(flatten)]
    order: OrderView,
    certificate: CertificateView,
}

impl CertifiedView {
    pub(super) fn of(
        certifier: (&str, Capacity),
        (order, original): (&Order, &Original),
        facts: Facts<'_>,
    ) -> Self {
        let copied = Imprint { document_id: original.document_id, ..facts.imprint.clone() };
        let edition = original.edition.as_str();
        Self {
            order: OrderView::of(order, Facts { imprint: &copied, edition, ..facts }),
            certificate: CertificateView::of(certifier, original, facts),
        }
    }
}

/// What the certifier certifies, and when.
#[derive(Debug, Clone, Serialize)]
struct CertificateView {
    certifier: String,
    #[serde(flatten)]
    capacity: Flags,
    /// The day of the certificate, in London.
    on: Phrase,
    /// Of this copy.
    document_id: String,
    edition: String,
    /// The digest common to the order and all its copies.
    digest: String,
    /// Of the signed file of the order, where there is one.
    sha256: Option<String>,
    pages: Option<u32>,
}

impl CertificateView {
    fn of((certifier, capacity): (&str, Capacity), original: &Original, facts: Facts<'_>) -> Self {
        Self {
            certifier: certifier.to_owned(),
            capacity: capacity_flags(capacity),
            on: Phrase::date(london_day(facts.imprint.issued_at)),
            document_id: facts.imprint.document_id.to_string(),
            edition: facts.edition.to_owned(),
            digest: grouped(&hex(&original.content_sha256), 8),
            sha256: original.sha256.as_ref().map(|digest| grouped(&hex(digest), 8)),
            pages: original.pages,
        }
    }
}
