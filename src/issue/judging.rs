//! A request's bytes become something that the law allows, or all its faults at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::error::{IssueError, Refusal};
use super::{Issuer, Mode, glyph};
use crate::domain::calendar::london_day;
use crate::domain::copy::{CopyKind, CopyWanted};
use crate::domain::draft::OrderDraft;
use crate::domain::identity::OrderId;
use crate::domain::judgement::{
    Acknowledged, BaseOrder, Context, Judgement, Law, OrderJudged, UnusedAcknowledgement,
    VariationJudged, judge_copy, judge_order, judge_variation,
};
use crate::domain::order::{Order, OrderKind, Undisclosed};
use crate::domain::violation::{Rule, Violation};
use crate::render::Renderer;
use crate::store::StoredOrder;
use crate::wire::json::FAULTS_LIMIT;
use crate::wire::{DocumentRequest, OrderRequest, VariationRequestBody};

/// Something that may be made, with the warnings that were acknowledged for it.
#[derive(Debug)]
pub(super) struct Accepted<T> {
    pub(super) judged: T,
    pub(super) acknowledged: Vec<Acknowledged>,
    pub(super) unused: Vec<UnusedAcknowledgement>,
}

impl<T> Accepted<T> {
    /// The same with what was judged in another form.
    pub(super) fn map<U>(self, into: impl FnOnce(T) -> U) -> Accepted<U> {
        let Self { judged, acknowledged, unused } = self;
        Accepted { judged: into(judged), acknowledged, unused }
    }
}

/// The stored order that a variation request is about.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) stored: StoredOrder,
    pub(super) undisclosed: Undisclosed,
}

type Known = BTreeMap<OrderId, (u32, Order)>;

impl Issuer {
    /// Reads and judges an order's request as of that instant.
    pub(super) async fn judge_order(
        &self,
        kind: OrderKind,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Judgement<OrderJudged>, IssueError> {
        let body: Arc<[u8]> = body.into();
        let source = Arc::clone(&body);
        let mut read = self.at_desk(move || OrderRequest::read(kind, &source)).await??;
        let known = self.known_orders(&read.draft).await?;
        if let Some(id) = read.draft.replaces_interim.as_ref().and_then(|one| one.order_id)
            && let Some((_, order)) = known.get(&id)
        {
            // The store refuses a second one too, where both are made at once.
            read.faults.extend(self.replaced("/replaces_interim/order_id", id, order).await?);
        }
        let judge = self.judge(now);
        self.at_desk(move || {
            let judgement = judge_order(read.draft, &judge.context(&known));
            judge.final_word(judgement, read.faults, &body)
        })
        .await
    }

    /// Reads and judges a variation request as of that instant, with the order that it names.
    pub(super) async fn judge_variation(
        &self,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(Judgement<VariationJudged>, Option<Base>), IssueError> {
        let body: Arc<[u8]> = body.into();
        let source = Arc::clone(&body);
        let mut read = self.at_desk(move || VariationRequestBody::read(&source)).await??;
        let base = match read.draft.order_id {
            Some(id) => self.base(id).await?,
            None => None,
        };
        if let Some(Base { stored, .. }) = &base {
            read.faults.extend(self.replaced("/order_id", stored.id, &stored.order).await?);
        }
        let judge = self.judge(now);
        self.at_desk(move || {
            let order = base.as_ref().map(Base::to_judge);
            let known = Known::new();
            let judgement = judge_variation(read.draft, &judge.context(&known), order.as_ref());
            (judge.final_word(judgement, read.faults, &body), base)
        })
        .await
    }

    /// Reads and judges a request for one more document of that order as of that instant.
    pub(super) async fn judge_copy(
        &self,
        body: &[u8],
        base: Base,
        now: Timestamp,
    ) -> Result<(Judgement<CopyWanted>, Base), IssueError> {
        let body: Arc<[u8]> = body.into();
        let judge = self.judge(now);
        let replaced = self.replaced("/kind", base.stored.id, &base.stored.order).await?;
        let judged = self.at_desk(move || {
            let mut read = DocumentRequest::read(&body)?;
            // They would tell of a last day that the order no longer has.
            if read.draft.kind.is_some_and(CopyKind::tells_what_holds) {
                read.faults.extend(replaced);
            }
            let known = Known::new();
            let judgement = judge_copy(&read.draft, &judge.context(&known), &base.to_judge());
            Ok((judge.final_word(judgement, read.faults, &body), base))
        });
        judged.await?
    }

    /// The latest version of an order and what is kept beside it.
    pub(super) async fn base(&self, id: OrderId) -> Result<Option<Base>, IssueError> {
        let Some(stored) = self.with.store.order(id).await? else {
            return Ok(None);
        };
        let undisclosed = self.with.store.undisclosed(id).await?.unwrap_or_default();
        Ok(Some(Base { stored, undisclosed }))
    }

    /// `order_not_in_force` at this pointer where a full order took this interim order's place.
    async fn replaced(
        &self,
        at: &str,
        id: OrderId,
        order: &Order,
    ) -> Result<Option<Violation>, IssueError> {
        let by = self.replacement(id, order).await?;
        Ok(by.map(|by| Violation::new(at, Rule::OrderNotInForce).with("replaced_by", by)))
    }

    /// The stored orders that the request names.
    async fn known_orders(&self, draft: &OrderDraft) -> Result<Known, IssueError> {
        let replaced = draft.replaces_interim.iter().filter_map(|earlier| earlier.order_id);
        let beside = draft.existing_orders.iter().filter_map(|order| order.order_id);
        let mut known = Known::new();
        for id in replaced.chain(beside) {
            if known.contains_key(&id) {
                continue;
            }
            if let Some(stored) = self.with.store.order(id).await? {
                known.insert(id, (stored.version, stored.order));
            }
        }
        Ok(known)
    }

    fn judge(&self, now: Timestamp) -> Judge {
        Judge {
            law: Arc::clone(&self.law),
            renderer: Arc::clone(&self.with.renderer),
            today: london_day(now),
            production: self.mode == Mode::Production,
        }
    }
}

impl Base {
    const fn to_judge(&self) -> BaseOrder<'_> {
        BaseOrder {
            id: self.stored.id,
            version: self.stored.version,
            order: &self.stored.order,
            undisclosed: &self.undisclosed,
        }
    }
}

/// What goes to the desk where a request is judged.
struct Judge {
    law: Arc<Law>,
    renderer: Arc<Renderer>,
    today: Date,
    production: bool,
}

impl Judge {
    fn context<'a>(&'a self, known_orders: &'a Known) -> Context<'a> {
        let (today, production) = (self.today, self.production);
        Context { law: &self.law, today, production, known_orders }
    }

    /// The judgement with the faults of shape and, where there are none, the characters that no
    /// face draws; no more faults than one answer names.
    fn final_word<T>(
        &self,
        judgement: Judgement<T>,
        shape: Vec<Violation>,
        body: &[u8],
    ) -> Judgement<T> {
        let whole = shape.is_empty();
        let mut judgement = judgement.after(shape);
        if whole {
            let covers = |character| self.renderer.covers(character);
            let mut faults = glyph::undrawable(body, &covers);
            // What the law refuses already is not refused again.
            let said: BTreeSet<&str> =
                judgement.errors.iter().map(|error| error.pointer.as_str()).collect();
            faults.retain(|fault| !said.contains(fault.pointer.as_str()));
            judgement.outcome = judgement.outcome.filter(|_| faults.is_empty());
            judgement.errors.append(&mut faults);
        }
        judgement.errors.truncate(FAULTS_LIMIT);
        judgement.warnings.truncate(FAULTS_LIMIT - judgement.errors.len());
        judgement
    }
}

/// What may be made: no errors, and every warning acknowledged.
///
/// # Errors
/// [`IssueError::Invalid`] with errors first, then warnings.
pub(super) fn accepted<T>(judgement: Judgement<T>) -> Result<Accepted<T>, IssueError> {
    let Judgement { outcome, errors, warnings, acknowledged, unused_acknowledgements, .. } =
        judgement;
    match outcome {
        Some(judged) if warnings.is_empty() && errors.is_empty() => {
            Ok(Accepted { judged, acknowledged, unused: unused_acknowledgements })
        }
        _ => Err(refused(errors.into_iter().chain(warnings), &unused_acknowledgements)),
    }
}

/// What may be drawn as a draft: no errors; warnings are handed on.
///
/// # Errors
/// [`IssueError::Invalid`] with the errors, then warnings.
pub(super) fn drawable<T>(judgement: Judgement<T>) -> Result<(T, Vec<Violation>), IssueError> {
    let Judgement { outcome, errors, warnings, unused_acknowledgements, .. } = judgement;
    match outcome {
        Some(judged) if errors.is_empty() => Ok((judged, warnings)),
        _ => Err(refused(errors.into_iter().chain(warnings), &unused_acknowledgements)),
    }
}

fn refused(
    violations: impl Iterator<Item = Violation>,
    unused: &[UnusedAcknowledgement],
) -> IssueError {
    let violations: Vec<_> = violations.collect();
    if violations.is_empty() {
        return IssueError::Broken; // a judgement without an outcome names a fault
    }
    IssueError::Invalid(Refusal { violations, unused_acknowledgements: pointers(unused) })
}

/// Where in the request the acknowledgements stand that match nothing.
pub(super) fn pointers(unused: &[UnusedAcknowledgement]) -> Vec<String> {
    unused.iter().map(|unused| format!("/acknowledged/{}", unused.index)).collect()
}
