//! What was stored, read back: orders, versions, requests, documents, the audit trail.

use jiff::civil::Date;

use super::answering::{
    OrderMade, VariationMade, document_answer, event_answer, list, summary, written,
};
use super::copying::original_of;
use super::drawing::file_name;
use super::error::{IssueError, Refusal, Thing};
use super::{Issuer, Listed, OrderQuery, Read, SignedDocument, Status};
use crate::digest::{hex, sha256};
use crate::domain::identity::{DocumentId, OrderId, VariationId};
use crate::domain::order::{Duration, Order, OrderKind};
use crate::domain::violation::{Rule, Violation};
use crate::store::{OrderFilter, StoredDocument, StoredOrder};
use crate::wire::json::FAULTS_LIMIT;
use crate::wire::{OrderSearch, Search};

impl Issuer {
    /// The latest version of an order.
    ///
    /// # Errors
    /// [`IssueError::Unknown`], and those of the store.
    pub async fn order(&self, id: OrderId) -> Result<Read, IssueError> {
        let stored = self.with.store.order(id).await?;
        self.shown(stored, Thing::Order).await
    }

    /// One version of an order, from 1.
    ///
    /// # Errors
    /// As [`Issuer::order`].
    pub async fn version(&self, id: OrderId, version: u32) -> Result<Read, IssueError> {
        let stored = self.with.store.order_version(id, version).await?;
        self.shown(stored, Thing::Version).await
    }

    /// All versions of an order, oldest first.
    ///
    /// # Errors
    /// As [`Issuer::order`].
    pub async fn versions(&self, id: OrderId) -> Result<Listed, IssueError> {
        let latest = self.with.store.order(id).await?;
        let latest = latest.ok_or(IssueError::Unknown(Thing::Order))?;
        let mut versions = Vec::new();
        for version in 1..latest.version {
            let stored = self.with.store.order_version(id, version).await?;
            versions.push(stored.ok_or(IssueError::Broken)?);
        }
        versions.push(latest);
        Ok(Listed { json: self.summaries(&versions).await?, next: None })
    }

    /// Orders of a list or a search, oldest first.
    ///
    /// # Errors
    /// [`IssueError::Query`], and those of the store.
    pub async fn orders(&self, query: &OrderQuery) -> Result<Listed, IssueError> {
        let after = query.after.as_deref().map(str::parse).transpose();
        let after = after.map_err(|_| IssueError::Query("after"))?;
        if !(1..=200).contains(&query.limit) {
            return Err(IssueError::Query("limit"));
        }
        if query.status.is_some_and(Status::cannot_be_yet) {
            return Ok(Listed { json: self.summaries(&[]).await?, next: None });
        }
        let filter = self.filter(query);
        // One more than asked for tells whether there are more.
        let mut found = self.with.store.orders(&filter, after, query.limit + 1).await?;
        let more = found.len() > query.limit as usize;
        found.truncate(query.limit as usize);
        let next = found.last().filter(|_| more).map(|last| last.id.to_string());
        Ok(Listed { json: self.summaries(&found).await?, next })
    }

    /// Orders by what may stand in no address: the body of a search.
    ///
    /// # Errors
    /// [`IssueError::Malformed`] and [`IssueError::Invalid`] for the body; else as
    /// [`Issuer::orders`].
    pub async fn search(
        &self,
        body: &[u8],
        limit: u32,
        after: Option<String>,
    ) -> Result<Listed, IssueError> {
        let body = body.to_vec();
        let mut read = self.at_desk(move || OrderSearch::read(&body)).await??;
        // To search for nothing would be to list everything.
        if read.faults.is_empty() && is_nothing(&read.search) {
            read.faults.push(Violation::new("", Rule::Empty));
        }
        if !read.faults.is_empty() {
            read.faults.truncate(FAULTS_LIMIT);
            return Err(IssueError::Invalid(Refusal {
                violations: read.faults,
                unused_acknowledgements: Vec::new(),
            }));
        }
        let query = OrderQuery {
            after,
            limit,
            case_reference: read.search.case_reference,
            family_name: read.search.family_name,
            given_names: read.search.given_names,
            date_of_birth: read.search.date_of_birth,
            ..OrderQuery::default()
        };
        self.orders(&query).await
    }

    /// A request to vary, renew or discharge.
    ///
    /// # Errors
    /// As [`Issuer::order`].
    pub async fn variation(&self, id: VariationId) -> Result<Read, IssueError> {
        let stored = self.with.store.variation(id).await?;
        let stored = stored.ok_or(IssueError::Unknown(Thing::Variation))?;
        let documents = self.with.store.documents(stored.request.order_id).await?;
        let own: Vec<_> =
            documents.into_iter().filter(|document| document.variation_id == Some(id)).collect();
        Ok(tagged(VariationMade::stored(&stored, &own).json()?))
    }

    /// The documents of an order, of all its versions and requests, oldest first.
    ///
    /// # Errors
    /// As [`Issuer::order`].
    pub async fn documents(&self, id: OrderId) -> Result<Listed, IssueError> {
        self.with.store.order(id).await?.ok_or(IssueError::Unknown(Thing::Order))?;
        let documents = self.with.store.documents(id).await?;
        let items = documents.iter().map(document_answer).collect();
        Ok(Listed { json: list(items)?, next: None })
    }

    /// What is known of a document.
    ///
    /// # Errors
    /// As [`Issuer::order`].
    pub async fn document(&self, id: DocumentId) -> Result<Read, IssueError> {
        Ok(tagged(written(&document_answer(&self.stored(id).await?))?))
    }

    /// The document itself, as it was signed, with all evidence added since.
    ///
    /// # Errors
    /// As [`Issuer::order`]; [`IssueError::Held`] where it waits for its timestamp;
    /// [`IssueError::Integrity`] for bytes that fail their check: they are
    /// never given out.
    pub async fn document_bytes(&self, id: DocumentId) -> Result<SignedDocument, IssueError> {
        let document = self.stored(id).await?;
        if document.held {
            return Err(IssueError::Held);
        }
        let bytes = self.with.store.document_bytes(id).await?;
        let bytes = bytes.ok_or(IssueError::Unknown(Thing::Document))?;
        Ok(signed_document(&document, bytes))
    }

    /// The document as it was first given out: what a repeat of its request gets. One that is held
    /// has no bytes yet.
    pub(super) async fn first_given(&self, id: DocumentId) -> Result<SignedDocument, IssueError> {
        let document = self.stored(id).await?;
        if document.held {
            return Ok(signed_document(&document, Vec::new()));
        }
        let bytes = self.with.store.first_bytes(id).await?;
        let bytes = bytes.ok_or(IssueError::Unknown(Thing::Document))?;
        Ok(SignedDocument { sha256: sha256(&bytes), ..signed_document(&document, bytes) })
    }

    /// The audit trail of an order, oldest first.
    ///
    /// # Errors
    /// As [`Issuer::order`].
    pub async fn events(&self, id: OrderId) -> Result<Listed, IssueError> {
        self.with.store.order(id).await?.ok_or(IssueError::Unknown(Thing::Order))?;
        let events = self.with.store.events(id).await?;
        Ok(Listed { json: list(events.into_iter().map(event_answer).collect())?, next: None })
    }

    async fn stored(&self, id: DocumentId) -> Result<StoredDocument, IssueError> {
        self.with.store.document(id).await?.ok_or(IssueError::Unknown(Thing::Document))
    }

    async fn shown(&self, stored: Option<StoredOrder>, thing: Thing) -> Result<Read, IssueError> {
        let stored = stored.ok_or(IssueError::Unknown(thing))?;
        let documents = self.with.store.documents(stored.id).await?;
        let mut own: Vec<_> = documents
            .into_iter()
            .filter(|one| one.variation_id.is_none() && one.version == stored.version)
            .collect();
        // The order comes first, whatever the ids say.
        let original = original_of(&stored, &own).map(|original| original.id);
        own.sort_by_key(|one| Some(one.id) != original);
        let mut made = OrderMade::stored(&stored, &own, self.now().1);
        made.replaced_on = self.replaced_on(stored.id, &stored.order).await?;
        Ok(tagged(made.json()?))
    }

    async fn summaries(&self, orders: &[StoredOrder]) -> Result<Vec<u8>, IssueError> {
        let (_, today) = self.now();
        let mut items = Vec::with_capacity(orders.len());
        for stored in orders {
            let replaced = self.replaced_on(stored.id, &stored.order).await?;
            items.push(summary(stored, replaced, today));
        }
        list(items)
    }

    /// The full order that took this interim order's place. Stalking Protection Act 2019, s.5(6).
    pub(super) async fn replacement(
        &self,
        id: OrderId,
        order: &Order,
    ) -> Result<Option<OrderId>, IssueError> {
        Ok(match order.kind {
            OrderKind::InterimOrder => self.with.store.replaced_by(id).await?,
            OrderKind::FullOrder => None,
        })
    }

    /// The day on which a full order took this interim order's place, while that still ran.
    pub(super) async fn replaced_on(
        &self,
        id: OrderId,
        order: &Order,
    ) -> Result<Option<Date>, IssueError> {
        if order.kind == OrderKind::FullOrder {
            return Ok(None);
        }
        let Some(full) = self.with.store.replaced_by(id).await? else {
            return Ok(None);
        };
        let full = self.with.store.order(full).await?.ok_or(IssueError::Broken)?;
        let day = full.order.made_on;
        Ok(match order.duration {
            Duration::Fixed { end_date } if end_date < day => None,
            _ => Some(day),
        })
    }

    fn filter(&self, query: &OrderQuery) -> OrderFilter {
        let (_, today) = self.now();
        let (in_force_on, replaced) = match query.status {
            Some(Status::InForce) => (Some((today, true)), None),
            Some(Status::Expired) => (Some((today, false)), Some(false)),
            Some(Status::EndedByFullOrder) => (None, Some(true)),
            _ => (None, None),
        };
        OrderFilter {
            kind: None,
            in_force_on,
            replaced,
            court: query.court.clone(),
            force: query.force.clone(),
            made_from: query.made_from,
            made_to: query.made_to,
            ends_before: query.ends_before,
            edition: query.edition.clone(),
            case_reference: query.case_reference.clone(),
            respondent_family_name: query.family_name.clone(),
            respondent_given_names: query.given_names.clone(),
            respondent_date_of_birth: query.date_of_birth,
        }
    }
}

fn is_nothing(search: &Search) -> bool {
    let Search { case_reference, family_name, given_names, date_of_birth } = search;
    let texts = [case_reference, family_name, given_names];
    texts.iter().all(|text| text.is_none()) && date_of_birth.is_none()
}

/// A document with its bytes, as callers get it.
pub(super) fn signed_document(document: &StoredDocument, bytes: Vec<u8>) -> SignedDocument {
    SignedDocument {
        id: document.id,
        file_name: file_name(&document.kind, &document.code),
        sha256: document.sha256,
        held: document.held,
        bytes: if document.held { Vec::new() } else { bytes },
        issued_at: document.issued_at,
    }
}

/// The tag is the digest of what is sent: it changes when a day changes an order's status, too.
fn tagged(json: Vec<u8>) -> Read {
    let etag = format!("\"{}\"", hex(&sha256(&json)[..16]));
    Read { json, etag }
}
