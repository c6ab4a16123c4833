//! What was made or stored, as the JSON that callers get. Contract section 3a.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::Caller;
use super::error::IssueError;
use crate::digest::hex;
use crate::domain::identity::{OrderId, VariationId};
use crate::domain::judgement::Acknowledged;
use crate::domain::order::Order;
use crate::domain::variation::VariationRequest;
use crate::store::{Event, StoredDocument, StoredOrder, StoredVariation};
use crate::wire::answer::{
    DocumentAnswer, EventAnswer, List, MadeOrder, MadeVariation, OrderAnswer, OrderSummary,
    SignatureAnswer, VariationAnswer,
};

/// A version of an order with its documents, the respondent's first.
pub(super) struct OrderMade<'a> {
    pub(super) id: OrderId,
    pub(super) version: u32,
    pub(super) order: &'a Order,
    pub(super) acknowledged: &'a Json,
    pub(super) unused: Vec<String>,
    pub(super) issued_at: Timestamp,
    pub(super) edition: &'a str,
    pub(super) documents: &'a [StoredDocument],
    pub(super) today: Date,
    /// When a full order took its place.
    pub(super) replaced_on: Option<Date>,
}

/// A variation request with its documents.
pub(super) struct VariationMade<'a> {
    pub(super) id: VariationId,
    pub(super) request: &'a VariationRequest,
    pub(super) acknowledged: &'a Json,
    pub(super) unused: Vec<String>,
    pub(super) issued_at: Timestamp,
    pub(super) documents: &'a [StoredDocument],
}

impl<'a> OrderMade<'a> {
    /// A stored version as it stands that day.
    pub(super) fn stored(
        stored: &'a StoredOrder,
        documents: &'a [StoredDocument],
        today: Date,
    ) -> Self {
        Self {
            id: stored.id,
            version: stored.version,
            order: &stored.order,
            acknowledged: &stored.acknowledged,
            unused: Vec::new(),
            issued_at: stored.issued_at,
            edition: &stored.edition,
            documents,
            today,
            replaced_on: None,
        }
    }

    /// The order's JSON.
    pub(super) fn json(self) -> Result<Vec<u8>, IssueError> {
        let document = self.documents.first().ok_or(IssueError::Broken)?;
        let mut answer = OrderAnswer::of(MadeOrder {
            id: self.id,
            version: self.version,
            order: self.order,
            edition: self.edition,
            issued_at: self.issued_at,
            acknowledged: self.acknowledged,
            document: document_answer(document),
            documents: self.documents.iter().map(document_answer).collect(),
            today: self.today,
            replaced_on: self.replaced_on,
        });
        answer.unused_acknowledgements = self.unused;
        written(&answer)
    }
}

impl<'a> VariationMade<'a> {
    /// A stored request.
    pub(super) fn stored(stored: &'a StoredVariation, documents: &'a [StoredDocument]) -> Self {
        Self {
            id: stored.id,
            request: &stored.request,
            acknowledged: &stored.acknowledged,
            unused: Vec::new(),
            issued_at: stored.issued_at,
            documents,
        }
    }

    /// The request's JSON.
    pub(super) fn json(self) -> Result<Vec<u8>, IssueError> {
        let document = self.documents.first().ok_or(IssueError::Broken)?;
        let mut answer = VariationAnswer::of(MadeVariation {
            id: self.id,
            request: self.request,
            issued_at: self.issued_at,
            acknowledged: self.acknowledged,
            document: document_answer(document),
            documents: self.documents.iter().map(document_answer).collect(),
        });
        answer.unused_acknowledgements = self.unused;
        written(&answer)
    }
}

/// An order in a list.
pub(super) fn summary(
    stored: &StoredOrder,
    replaced_on: Option<Date>,
    today: Date,
) -> OrderSummary {
    let StoredOrder { id, version, order, edition, issued_at, .. } = stored;
    OrderSummary::of((*id, *version), order, (edition, *issued_at), replaced_on, today)
}

/// What is known of a document.
pub(super) fn document_answer(document: &StoredDocument) -> DocumentAnswer {
    DocumentAnswer {
        id: document.id,
        kind: document.kind.clone(),
        audience: document.audience.clone(),
        language: document.language.clone(),
        person: document.person,
        large_print: document.paper.large_print,
        even_pages: document.paper.even_pages,
        address_window: document.paper.address_window,
        order_id: document.order_id,
        variation_id: document.variation_id,
        version: document.version,
        edition: document.edition.clone(),
        pages: document.pages,
        bytes: document.bytes,
        sha256: hex(&document.sha256),
        content_sha256: hex(&document.content_sha256),
        order_content_sha256: document.order_content_sha256.as_ref().map(|digest| hex(digest)),
        code: document.code.clone(),
        signature: SignatureAnswer {
            level: document.signature_level.clone(),
            signer: document.signer.clone(),
            signed_at: document.signed_at,
            timestamp: document.timestamp,
            pending: document.wanted_level.clone(),
            held: document.held,
        },
        issued_at: document.issued_at,
        supersedes: document.supersedes,
        superseded_by: document.superseded_by,
        _links: DocumentAnswer::links(document.id, document.order_id),
    }
}

/// A line of the audit trail.
pub(super) fn event_answer(event: Event) -> EventAnswer {
    let Event { id, at, what, who, order_id, document_id, request_id, detail } = event;
    EventAnswer { id, at, what, who, order_id, document_id, request_id, detail }
}

/// `{ "items": […] }`.
pub(super) fn list<T: Serialize>(items: Vec<T>) -> Result<Vec<u8>, IssueError> {
    written(&List { items })
}

/// A value of ours as JSON.
pub(super) fn written(answer: &impl Serialize) -> Result<Vec<u8>, IssueError> {
    serde_json::to_vec(answer).map_err(|_| IssueError::Broken)
}

/// What was acknowledged, by whom and why, as the store keeps it.
pub(super) fn acknowledged_json(acknowledged: &[Acknowledged], by: &Caller) -> Json {
    let one = |one: &Acknowledged| {
        json!({
            "rule": one.rule.name(),
            "pointer": one.pointer,
            "reason": &*one.reason,
            "by": by.name,
        })
    };
    acknowledged.iter().map(one).collect()
}
