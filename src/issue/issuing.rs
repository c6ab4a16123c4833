//! An order: from the request's bytes to the signed, stored document.

use std::sync::Arc;

use serde_json::json;

use super::answering::{OrderMade, acknowledged_json};
use super::drawing::{About, file_name};
use super::error::IssueError;
use super::judging::{Accepted, accepted, pointers};
use super::reading::signed_document;
use super::repeat::{CREATED, Fingerprint};
use super::{Caller, Creating, Issued, Issuer, gate};
use crate::digest::hex;
use crate::domain::calendar::london_day;
use crate::domain::judgement::OrderJudged;
use crate::domain::order::{Language, OrderKind};
use crate::render::{DocumentKind, Imprint};
use crate::sign::SignedPdf;
use crate::store::{Event, NewDocument, NewOrder, StoredDocument};

impl Issuer {
    /// Makes, signs and keeps an order: version 1.
    ///
    /// # Errors
    /// [`IssueError`]; nothing is kept then, save perhaps under [`IssueError::Unconfirmed`].
    pub async fn issue_order(
        &self,
        kind: OrderKind,
        made: Creating<'_>,
    ) -> Result<Issued, IssueError> {
        self.once(path_of(kind), made, |repeat| self.make_order(kind, made, repeat)).await
    }

    async fn make_order(
        &self,
        kind: OrderKind,
        made: Creating<'_>,
        repeat: Option<Fingerprint>,
    ) -> Result<Issued, IssueError> {
        // Time and identity enter here, once; everything below receives them.
        let now = self.with.clock.now();
        let judgement = self.judge_order(kind, made.body, now).await?;
        let accepted = accepted(judgement)?.map(Arc::new);
        let order_id = self.with.ids.order(now)?;
        let about = About { order_id, variation_id: None, version: FIRST_VERSION };
        let imprint = self.imprint(about, now)?;
        let kind = DocumentKind::of(kind).name();
        let name = file_name(kind, &imprint.code);
        let judged = Arc::clone(&accepted.judged);
        let signed = self.order_pdf(judged, made.body, (&imprint, &name)).await?;
        let language = accepted.judged.order.language;
        let document = self.stored_document((kind, AUDIENCE), language, &imprint, &signed)?;
        self.keep_order(made.caller, repeat, accepted, (document, signed)).await
    }

    /// Keeps order, document, answer and event at once, then answers.
    async fn keep_order(
        &self,
        caller: &Caller,
        repeat: Option<Fingerprint>,
        accepted: Accepted<Arc<OrderJudged>>,
        (document, signed): (StoredDocument, SignedPdf),
    ) -> Result<Issued, IssueError> {
        let OrderJudged { order, undisclosed } = &*accepted.judged;
        let (id, issued_at) = (document.order_id, document.issued_at);
        let acknowledged = acknowledged_json(&accepted.acknowledged, caller);
        let json = OrderMade {
            id,
            version: document.version,
            order,
            acknowledged: &acknowledged,
            unused: pointers(&accepted.unused),
            issued_at,
            edition: &document.edition,
            documents: std::slice::from_ref(&document),
            today: london_day(issued_at),
            replaced_on: None,
        }
        .json()?;
        gate::search(&json, &self.law.secrets_of_order(order, undisclosed))?;
        let location = format!("/v1/orders/{id}");
        let new = NewOrder {
            id,
            order,
            undisclosed,
            acknowledged: &acknowledged,
            issued_at,
            edition: &document.edition,
            documents: vec![NewDocument { document: document.clone(), bytes: signed.bytes() }],
            answer: repeat.map(|repeat| repeat.answered(&location, &json, document.id)),
            event: self.made_event(caller, "order.issued", &document)?,
        };
        self.with.store.save_order(new).await?;
        Ok(self.made(location, json, &document, signed))
    }

    /// The answer to what has just been kept.
    pub(super) fn made(
        &self,
        location: String,
        json: Vec<u8>,
        document: &StoredDocument,
        signed: SignedPdf,
    ) -> Issued {
        self.log_made(document);
        let document = signed_document(document, signed.into_bytes());
        Issued { status: CREATED, location, json, document, replayed: false }
    }

    /// Draws, searches and signs.
    pub(super) async fn order_pdf(
        &self,
        judged: Arc<OrderJudged>,
        body: &[u8],
        (imprint, name): (&Imprint, &str),
    ) -> Result<SignedPdf, IssueError> {
        let secrets = self.law.secrets_of_order(&judged.order, &judged.undisclosed);
        let (printed, name) = (imprint.clone(), name.to_owned());
        let unsigned = self
            .draw(body, move |renderer| {
                let unsigned = renderer.order(&judged.order, &printed)?;
                unsigned.search(&name, &secrets)?;
                Ok(unsigned)
            })
            .await?;
        self.with.signer.seal(unsigned, imprint.issued_at).await.map_err(IssueError::Sign)
    }

    /// What is kept of a signed document beside its bytes.
    pub(super) fn stored_document(
        &self,
        (kind, audience): (&str, &str),
        language: Language,
        imprint: &Imprint,
        signed: &SignedPdf,
    ) -> Result<StoredDocument, IssueError> {
        let signer = &self.with.signer;
        let edition = self.edition(kind).ok_or(IssueError::Broken)?;
        Ok(StoredDocument {
            id: imprint.document_id,
            kind: kind.to_owned(),
            audience: audience.to_owned(),
            language: language_of(language).to_owned(),
            order_id: imprint.order_id,
            variation_id: imprint.variation_id,
            version: imprint.version,
            edition: edition.to_owned(),
            pages: signed.page_count(),
            bytes: signed.bytes().len() as u64,
            sha256: *signed.sha256(),
            content_sha256: *signed.content_sha256(),
            signature_level: signer.level().name().to_owned(),
            signer: signer.certificate().common_name(),
            signed_at: imprint.issued_at,
            issued_at: imprint.issued_at,
            code: imprint.code.clone(),
            supersedes: None,
            superseded_by: None,
        })
    }

    /// The line of the audit trail for what was made: digests and counts alone.
    pub(super) fn made_event(
        &self,
        caller: &Caller,
        what: &str,
        document: &StoredDocument,
    ) -> Result<Event, IssueError> {
        Ok(Event {
            id: self.with.ids.event(document.issued_at)?,
            at: document.issued_at,
            what: what.to_owned(),
            who: caller.name.clone(),
            order_id: Some(document.order_id),
            document_id: Some(document.id),
            request_id: caller.request_id.clone(),
            detail: json!({
                "kind": document.kind,
                "version": document.version,
                "edition": document.edition,
                "pages": document.pages,
                "sha256": hex(&document.sha256),
                "content_sha256": hex(&document.content_sha256),
            }),
        })
    }

    fn log_made(&self, document: &StoredDocument) {
        let took = self.with.clock.now().duration_since(document.issued_at);
        tracing::info!(
            order.id = %document.order_id,
            document.id = %document.id,
            document.kind = %document.kind,
            pages = document.pages,
            bytes = document.bytes,
            duration_ms = took.as_millis() as i64,
            "made"
        );
    }
}

const fn language_of(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Cy => "cy",
        Language::Bilingual => "bilingual",
    }
}

/// The path whose POST makes an order of this kind.
const fn path_of(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::InterimOrder => "/v1/interim-orders",
        OrderKind::FullOrder => "/v1/full-orders",
    }
}

const FIRST_VERSION: u32 = 1;
const AUDIENCE: &str = "respondent";
