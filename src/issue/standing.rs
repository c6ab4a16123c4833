//! How a document of the register stands at an instant: current, superseded, or of an order that
//! has ended. Shared by the check of paper and the check of files.

use jiff::Timestamp;

use super::Issuer;
use super::error::IssueError;
use super::verifying::Ended;
use crate::domain::calendar::london_day;
use crate::domain::identity::DocumentId;
use crate::domain::order::Order;
use crate::store::StoredDocument;

/// How a document stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    Current,
    Superseded(Superseded),
    Ended(Ended),
}

/// What took a document's place, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superseded {
    pub by_document: Option<DocumentId>,
    /// A later version of the order.
    pub by_version: Option<u32>,
    pub since: Timestamp,
}

impl Standing {
    pub(super) fn superseded(&self) -> Option<Superseded> {
        match self {
            Self::Superseded(by) => Some(by.clone()),
            Self::Current | Self::Ended(_) => None,
        }
    }

    pub(super) fn ended(&self) -> Option<Ended> {
        match self {
            Self::Ended(how) => Some(how.clone()),
            Self::Current | Self::Superseded(_) => None,
        }
    }
}

impl Issuer {
    /// How a document stood at an instant, not before it was issued.
    pub(super) async fn standing_of(
        &self,
        document: &StoredDocument,
        at: Timestamp,
    ) -> Result<Standing, IssueError> {
        if let Some(by) = self.replacement_of(document, at).await? {
            return Ok(Standing::Superseded(by));
        }
        // A request asks; it does not run.
        if document.variation_id.is_some() {
            return Ok(Standing::Current);
        }
        let version = self.with.store.order_version(document.order_id, document.version).await?;
        let order = version.ok_or(IssueError::Broken)?.order;
        Ok(match self.end_of(document, &order, at).await? {
            Some(ended) => Standing::Ended(ended),
            None => Standing::Current,
        })
    }

    async fn replacement_of(
        &self,
        document: &StoredDocument,
        at: Timestamp,
    ) -> Result<Option<Superseded>, IssueError> {
        if let Some(id) = document.superseded_by {
            let by = self.with.store.document(id).await?.ok_or(IssueError::Broken)?;
            if by.issued_at <= at {
                return Ok(Some(Superseded {
                    by_document: Some(id),
                    by_version: Some(by.version).filter(|version| *version > document.version),
                    since: by.issued_at,
                }));
            }
        }
        if document.variation_id.is_some() {
            return Ok(None);
        }
        let next = document.version + 1;
        let next = self.with.store.order_version(document.order_id, next).await?;
        let next = next.filter(|next| next.issued_at <= at);
        Ok(next.map(|next| Superseded {
            by_document: None,
            by_version: Some(next.version),
            since: next.issued_at,
        }))
    }

    async fn end_of(
        &self,
        document: &StoredDocument,
        order: &Order,
        at: Timestamp,
    ) -> Result<Option<Ended>, IssueError> {
        let day = london_day(at);
        let replaced = self.replaced_on(document.order_id, order).await?;
        if let Some(ran_until) = replaced.filter(|replaced| *replaced <= day) {
            return Ok(Some(Ended { cause: "ended_by_full_order", ran_until }));
        }
        let last = order.duration.ends_on().filter(|last| *last < day);
        Ok(last.map(|ran_until| Ended { cause: "expired", ran_until }))
    }
}
