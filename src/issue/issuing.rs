//! An order: from the request's bytes to the signed, stored documents. With the order come its
//! copies for other readers (contract section 5): drawn in one go, tied to it by the digest of what
//! it says, kept in one transaction or not at all.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::answering::{OrderMade, acknowledged_json};
use super::commission::{Commission, Piece};
use super::drawing::About;
use super::error::IssueError;
use super::judging::{Accepted, accepted, pointers};
use super::raising::{Wanted, first_due};
use super::reading::signed_document;
use super::repeat::{CREATED, Fingerprint};
use super::{Caller, Creating, Issued, Issuer, gate};
use crate::digest::hex;
use crate::domain::calendar::london_day;
use crate::domain::judgement::OrderJudged;
use crate::domain::order::{Language, Order, OrderKind};
use crate::render::{Copy, DocumentKind, Format, Imprint};
use crate::sign::SignedPdf;
use crate::sign::keyring::Choice;
use crate::store::{Event, NewDocument, NewOrder, Paper, StoredDocument};

impl Issuer {
    /// Makes, signs and keeps an order: version 1, with its copies.
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
        let wanted: Arc<[_]> = self.with_the_order(&accepted.judged.order, about, now)?.into();
        let judged = Arc::clone(&accepted.judged);
        let signed = self.order_set(judged, made.body, Arc::clone(&wanted)).await?;
        let order_content = signed.first().map(|order| *order.content_sha256());
        let documents = wanted.iter().zip(signed).map(|(wanted, signed)| {
            let kept = Kept::of(wanted, order_content);
            Ok((self.stored_document(&kept, &wanted.imprint, &signed)?, signed))
        });
        let documents = documents.collect::<Result<_, IssueError>>()?;
        self.keep_order(made.caller, repeat, accepted, documents).await
    }

    /// What is made with an order, in its language: the order first, by rising ids. Contract
    /// section 5.
    pub(super) fn with_the_order(
        &self,
        order: &Order,
        about: About,
        now: Timestamp,
    ) -> Result<Vec<Commission>, IssueError> {
        let persons = order.protected_persons.iter().map(|person| person.reference);
        let notices = persons.map(|person| Copy::ProtectedPersonNotice { person });
        let copies = [Copy::ExplanatorySheet].into_iter().chain(notices).chain([Copy::PoliceSheet]);
        let pieces = [Piece::Order(order.kind)].into_iter().chain(copies.map(Piece::Copy));
        let pieces: Vec<_> = pieces.collect();
        let kinds: Vec<_> = pieces.iter().map(Piece::kind).collect();
        let signers = self.signers(order.court.code.as_str(), &kinds, now)?;
        let form = (order.language, Format::default());
        let one = |(piece, signed)| {
            let imprint = self.imprint(about, form, Some(&signed), now)?;
            Ok(Commission { piece, imprint, signed })
        };
        let pairs = pieces.into_iter().zip(signers);
        let mut all = pairs.map(one).collect::<Result<Vec<_>, IssueError>>()?;
        // Lists run by id: within one instant chance alone would order them.
        let mut ids: Vec<_> = all.iter().map(|one| one.imprint.document_id).collect();
        ids.sort_unstable();
        all.iter_mut().zip(ids).for_each(|(one, id)| one.imprint.document_id = id);
        Ok(all)
    }

    /// Keeps order, documents, answer and event at once, then answers.
    async fn keep_order(
        &self,
        caller: &Caller,
        repeat: Option<Fingerprint>,
        accepted: Accepted<Arc<OrderJudged>>,
        made: Vec<(StoredDocument, SignedPdf)>,
    ) -> Result<Issued, IssueError> {
        let OrderJudged { order, undisclosed } = &*accepted.judged;
        let (documents, mut signed): (Vec<_>, Vec<_>) = made.into_iter().unzip();
        let (document, copies) = documents.split_first().ok_or(IssueError::Broken)?;
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
            documents: &documents,
            today: london_day(issued_at),
            replaced_on: None,
        }
        .json()?;
        gate::search(&json, &self.law.secrets_of_order(order, undisclosed))?;
        let location = format!("/v1/orders/{id}");
        let made: Vec<_> = documents.iter().zip(&signed).collect();
        let new = NewOrder {
            id,
            order,
            undisclosed,
            acknowledged: &acknowledged,
            issued_at,
            edition: &document.edition,
            documents: self.new_documents(made.iter().copied())?,
            answer: repeat.map(|repeat| repeat.answered(&location, &json, document.id)),
            event: self.made_event(caller, "order.issued", &made)?,
        };
        self.with.store.save_order(new).await?;
        copies.iter().for_each(|copy| self.log_made(copy));
        Ok(self.made(location, json, document, signed.swap_remove(0)))
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

    /// What is kept of a signed document beside its bytes.
    pub(super) fn stored_document(
        &self,
        kept: &Kept,
        imprint: &Imprint,
        signed: &SignedPdf,
    ) -> Result<StoredDocument, IssueError> {
        let edition = self.edition(kept.kind.name()).ok_or(IssueError::Broken)?;
        let Format { large_print, even_pages, address_window } = imprint.format;
        let wanted = Wanted::of(&kept.signed, signed);
        Ok(StoredDocument {
            id: imprint.document_id,
            kind: kept.kind.name().to_owned(),
            audience: kept.kind.audience().name().to_owned(),
            language: language_of(imprint.language).to_owned(),
            person: kept.person,
            paper: Paper { large_print, even_pages, address_window },
            order_id: imprint.order_id,
            variation_id: imprint.variation_id,
            version: imprint.version,
            edition: edition.name.clone(),
            pages: signed.page_count(),
            bytes: signed.bytes().len() as u64,
            sha256: *signed.sha256(),
            signed_sha256: Some(*signed.covered_sha256()),
            content_sha256: *signed.content_sha256(),
            order_content_sha256: kept.order_content,
            signature_level: signed.level().name().to_owned(),
            timestamp: signed.timestamp(),
            revision: 0,
            wanted_level: wanted.level.map(|level| level.name().to_owned()),
            held: wanted.held,
            signer: imprint.signer.clone(),
            signed_at: imprint.issued_at,
            issued_at: imprint.issued_at,
            code: imprint.code.clone(),
            words: signed.words().to_owned(),
            supersedes: None,
            superseded_by: None,
        })
    }

    fn new_documents<'a>(
        &self,
        made: impl Iterator<Item = (&'a StoredDocument, &'a SignedPdf)>,
    ) -> Result<Vec<NewDocument<'a>>, IssueError> {
        made.map(|(document, signed)| self.new_document(document, signed)).collect()
    }

    /// A document as the store takes it.
    pub(super) fn new_document<'a>(
        &self,
        document: &StoredDocument,
        signed: &'a SignedPdf,
    ) -> Result<NewDocument<'a>, IssueError> {
        let edition = self.edition(&document.kind).ok_or(IssueError::Broken)?;
        let (document, bytes) = (document.clone(), signed.bytes());
        Ok(NewDocument {
            due: first_due(&document),
            document,
            edition_sha256: edition.sha256,
            bytes,
        })
    }

    /// The line of the audit trail for what was made, the document first, then what came with it:
    /// digests, counts, and which certificate signed.
    pub(super) fn made_event(
        &self,
        caller: &Caller,
        what: &str,
        made: &[(&StoredDocument, &SignedPdf)],
    ) -> Result<Event, IssueError> {
        let ((document, signed), copies) = made.split_first().ok_or(IssueError::Broken)?;
        let mut detail = json!({
            "kind": document.kind,
            "version": document.version,
            "edition": document.edition,
            "pages": document.pages,
            "sha256": hex(&document.sha256),
            "content_sha256": hex(&document.content_sha256),
            "certificate": certificate_of(signed)?,
        });
        if !copies.is_empty() {
            let one = |(copy, signed): &(&StoredDocument, &SignedPdf)| {
                Ok(json!({
                    "id": copy.id.to_string(),
                    "kind": copy.kind,
                    "sha256": hex(&copy.sha256),
                    "certificate": certificate_of(signed)?,
                }))
            };
            let all: Result<Vec<_>, IssueError> = copies.iter().map(one).collect();
            detail["copies"] = all?.into();
        }
        Ok(Event {
            id: self.with.ids.event(document.issued_at)?,
            at: document.issued_at,
            what: what.to_owned(),
            who: caller.name.clone(),
            order_id: Some(document.order_id),
            document_id: Some(document.id),
            request_id: caller.request_id.clone(),
            detail,
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

/// What is kept of a document beside its imprint and its bytes.
pub(super) struct Kept {
    pub(super) kind: DocumentKind,
    pub(super) person: Option<char>,
    /// What the order says: see [`StoredDocument::order_content_sha256`].
    pub(super) order_content: Option<[u8; 32]>,
    /// Who signed it, and what is made of the signature.
    pub(super) signed: Choice,
}

impl Kept {
    /// Of a document that was made as wanted.
    pub(super) fn of(wanted: &Commission, order_content: Option<[u8; 32]>) -> Self {
        let (kind, person) = (wanted.kind(), wanted.piece.person());
        Self { kind, person, order_content, signed: wanted.signed.clone() }
    }
}

/// Which certificate signed a file: its serial number, and its fingerprint, which is no other's.
fn certificate_of(signed: &SignedPdf) -> Result<serde_json::Value, IssueError> {
    let own = signed.chain().first().ok_or(IssueError::Broken)?;
    Ok(json!({ "serial": own.serial(), "sha256": hex(&own.sha256()) }))
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
