//! One more document of an order, on request: the order in another form or language, or a copy for
//! another reader. It is of the latest version and supersedes nothing.

use std::sync::Arc;

use super::answering::{document_answer, written};
use super::commission::{Commission, Material, Piece};
use super::drawing::About;
use super::error::{IssueError, Thing};
use super::issuing::Kept;
use super::judging::{Base, accepted};
use super::repeat::Fingerprint;
use super::{Caller, Creating, Issued, Issuer};
use crate::digest::sha256;
use crate::domain::copy::{CopyWanted, Wanted};
use crate::domain::identity::OrderId;
use crate::render::{Copy, DocumentKind, Format, Original};
use crate::sign::SignedPdf;
use crate::store::{NewCopy, StoredDocument, StoredOrder};

impl Issuer {
    /// Makes, signs and keeps one more document of an order.
    ///
    /// # Errors
    /// As [`Issuer::issue_order`]; [`IssueError::Unknown`] where there is no such order.
    pub async fn make_copy(&self, of: OrderId, made: Creating<'_>) -> Result<Issued, IssueError> {
        let path = format!("/v1/orders/{of}/documents");
        self.once(&path, made, |repeat| self.copied(of, made, repeat)).await
    }

    async fn copied(
        &self,
        of: OrderId,
        made: Creating<'_>,
        repeat: Option<Fingerprint>,
    ) -> Result<Issued, IssueError> {
        let now = self.with.clock.now();
        let base = self.base(of).await?.ok_or(IssueError::Unknown(Thing::Order))?;
        let original = self.original(&base.stored).await?;
        let (judgement, base) = self.judge_copy(made.body, base, now).await?;
        let wanted = accepted(judgement)?.judged;
        let format = Format {
            large_print: wanted.large_print,
            even_pages: wanted.even_pages,
            address_window: wanted.address_window,
        };
        let about = About { order_id: of, variation_id: None, version: base.stored.version };
        let language = wanted.language;
        let piece = piece(&base.stored, wanted);
        let court = base.stored.order.court.code.as_str();
        let signed = self.signer(court, piece.kind(), now)?;
        let imprint = self.imprint(about, (language, format), Some(&signed), now)?;
        let commission = Commission { piece, imprint, signed };
        let order_content = Some(original.content_sha256);
        let signed = self.copy_pdf(base, made.body, (&commission, original)).await?;
        let kept = Kept::of(&commission, order_content);
        let document = self.stored_document(&kept, &commission.imprint, &signed)?;
        self.keep_copy(made.caller, repeat, (document, signed)).await
    }

    /// Keeps document, answer and event at once, then answers.
    async fn keep_copy(
        &self,
        caller: &Caller,
        repeat: Option<Fingerprint>,
        (document, signed): (StoredDocument, SignedPdf),
    ) -> Result<Issued, IssueError> {
        // No word of the request comes back: there is nothing to search in it.
        let json = written(&document_answer(&document))?;
        let location = format!("/v1/documents/{}", document.id);
        let new = NewCopy {
            document: self.new_document(&document, &signed)?,
            answer: repeat.map(|repeat| repeat.answered(&location, &json, document.id)),
            event: self.made_event(caller, "document.made", &[(&document, &signed)])?,
        };
        self.with.store.save_document(new).await?;
        Ok(self.made(location, json, &document, signed))
    }

    async fn copy_pdf(
        &self,
        base: Base,
        body: &[u8],
        (wanted, original): (&Commission, Original),
    ) -> Result<SignedPdf, IssueError> {
        let (law, one) = (Arc::clone(&self.law), wanted.clone());
        let key = Arc::clone(&self.with.paper);
        let unsigned = self.draw(body, move |renderer| {
            let (order, undisclosed) = (&base.stored.order, &base.undisclosed);
            Material { renderer, law: &law, key: &key, order, undisclosed }
                .one(&one, Some(&original))
        });
        self.sealed(unsigned.await?, wanted).await
    }

    /// The respondent's order of that version, as it was issued.
    async fn original(&self, stored: &StoredOrder) -> Result<Original, IssueError> {
        let documents = self.with.store.documents(stored.id).await?;
        let document = original_of(stored, &documents).ok_or(IssueError::Broken)?;
        if document.held {
            return Err(IssueError::Held);
        }
        // Later revisions hold more evidence: the file that was given out is named.
        let first = self.with.store.first_bytes(document.id).await?.ok_or(IssueError::Broken)?;
        Ok(Original {
            document_id: document.id,
            edition: document.edition.clone(),
            content_sha256: document.content_sha256,
            sha256: Some(sha256(&first)),
            pages: Some(document.pages),
        })
    }
}

/// The first document of a version that is the order itself: later ones are further copies.
pub(super) fn original_of<'a>(
    stored: &StoredOrder,
    documents: &'a [StoredDocument],
) -> Option<&'a StoredDocument> {
    let kind = DocumentKind::of(stored.order.kind).name();
    documents
        .iter()
        .find(|one| one.version == stored.version && one.variation_id.is_none() && one.kind == kind)
}

fn piece(stored: &StoredOrder, wanted: CopyWanted) -> Piece {
    Piece::Copy(match wanted.what {
        Wanted::Order => return Piece::Order(stored.order.kind),
        Wanted::ExplanatorySheet => Copy::ExplanatorySheet,
        Wanted::ProtectedPersonNotice { person } => Copy::ProtectedPersonNotice { person },
        Wanted::PoliceSheet => Copy::PoliceSheet,
        Wanted::CertifiedCopy { certified_by } => Copy::CertifiedCopy {
            certifier: certified_by.name.to_string(),
            capacity: certified_by.capacity,
        },
    })
}
