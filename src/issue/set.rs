//! The documents that are made with an order: the order first, then its copies, each of which names
//! it. The copies are drawn at two desks where a second one stands empty, and signed once all are
//! drawn.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::try_join_all;

use super::Issuer;
use super::commission::{Commission, Material};
use super::drawing::{Stopped, explained};
use super::error::IssueError;
use crate::domain::audience::Audience;
use crate::domain::disclosure::Secrets;
use crate::domain::judgement::{Law, OrderJudged};
use crate::render::{Original, RenderError, Renderer, UnsignedPdf};
use crate::sign::SignedPdf;
use crate::sign::paper::PaperKey;

impl Issuer {
    /// Draws an order and its copies, then signs each. The order comes first.
    pub(super) async fn order_set(
        &self,
        judged: Arc<OrderJudged>,
        body: &[u8],
        wanted: Arc<[Commission]>,
    ) -> Result<Vec<SignedPdf>, IssueError> {
        let set = Arc::new(Set {
            renderer: Arc::clone(&self.with.renderer),
            law: Arc::clone(&self.law),
            key: Arc::clone(&self.with.paper),
            judged,
            wanted: Arc::clone(&wanted),
            kept: Mutex::default(),
        });
        let first = Arc::clone(&set);
        let own = self.draw(body, move |_| first.order()).await?;
        let copies = Arc::new(Copies { original: set.original(&own)?, set, work: Work::default() });
        let work = Arc::clone(&copies);
        self.at_desks(move || work.draw()).await?;
        let mut drawn = vec![own];
        for copy in copies.work.taken() {
            drawn.push(copy.map_err(|stopped| explained(stopped, body))?);
        }
        if drawn.len() != wanted.len() {
            return Err(IssueError::Broken);
        }
        // Together: a timestamp takes a journey, and one journey's time is enough.
        let pairs = drawn.into_iter().zip(wanted.iter());
        try_join_all(pairs.map(|(unsigned, wanted)| self.sealed(unsigned, wanted))).await
    }
}

/// What is to be made of an order.
struct Set {
    renderer: Arc<Renderer>,
    law: Arc<Law>,
    key: Arc<PaperKey>,
    judged: Arc<OrderJudged>,
    wanted: Arc<[Commission]>,
    /// What a reader may not see: several documents have one reader.
    kept: Mutex<Vec<(Audience, Arc<Secrets>)>>,
}

impl Set {
    fn order(&self) -> Result<UnsignedPdf, Stopped> {
        self.wanted.first().map_or(Err(RenderError::View.into()), |order| self.drawn(order, None))
    }

    /// The order as its copies name it.
    fn original(&self, own: &UnsignedPdf) -> Result<Original, IssueError> {
        let order = self.wanted.first().ok_or(IssueError::Broken)?;
        let edition = self.renderer.today(order.kind()).map_err(IssueError::Render)?;
        Ok(Original {
            document_id: order.imprint.document_id,
            edition: edition.name.clone(),
            content_sha256: *own.content_sha256(),
            sha256: None,
            pages: Some(own.page_count()),
        })
    }

    fn drawn(
        &self,
        wanted: &Commission,
        original: Option<&Original>,
    ) -> Result<UnsignedPdf, Stopped> {
        let OrderJudged { order, undisclosed } = &*self.judged;
        let (renderer, law, key) = (&*self.renderer, &*self.law, &*self.key);
        let material = Material { renderer, law, key, order, undisclosed };
        let secrets = self.gathered(wanted, material);
        material.searched(wanted, (original, &secrets)).map_err(|stopped| {
            // The request is at hand: it can be said where the words stand.
            Stopped { at: material.terms_that_tell(&secrets), ..stopped }
        })
    }

    /// What this document's reader may not see, gathered once for each reader.
    fn gathered(&self, wanted: &Commission, material: Material<'_>) -> Arc<Secrets> {
        let reader = wanted.kind().audience();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.iter().find(|(known, _)| *known == reader) {
            return Arc::clone(known);
        }
        let secrets = Arc::new(material.secrets(wanted));
        kept.push((reader, Arc::clone(&secrets)));
        secrets
    }
}

/// The copies of a drawn order.
struct Copies {
    set: Arc<Set>,
    original: Original,
    work: Work,
}

impl Copies {
    /// Draws one copy after another that nobody else draws; none more once one was stopped.
    fn draw(&self) {
        let copies = self.set.wanted.get(1..).unwrap_or_default();
        while let Some((place, wanted)) = self.work.next(copies) {
            let drawn = self.set.drawn(wanted, Some(&self.original));
            if drawn.is_err() {
                self.work.next.store(copies.len(), Ordering::Relaxed);
            }
            self.work.done().push((place, drawn));
        }
    }
}

/// Work that is shared out, and what came of it.
#[derive(Default)]
struct Work {
    next: AtomicUsize,
    done: Mutex<Vec<(usize, Result<UnsignedPdf, Stopped>)>>,
}

impl Work {
    fn next<'w>(&self, all: &'w [Commission]) -> Option<(usize, &'w Commission)> {
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        all.get(place).map(|wanted| (place, wanted))
    }

    fn done(&self) -> MutexGuard<'_, Vec<(usize, Result<UnsignedPdf, Stopped>)>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came of it in the order of the work, whoever did it.
    fn taken(&self) -> impl Iterator<Item = Result<UnsignedPdf, Stopped>> {
        let mut done = std::mem::take(&mut *self.done());
        done.sort_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, drawn)| drawn)
    }
}
