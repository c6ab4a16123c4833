//! A document of an order on its way: which it is, for whom, what is stamped on it; drawn alone or
//! with the others of its order, searched for what its reader may not see, signed.

use std::sync::Arc;

use super::Issuer;
use super::drawing::{Stopped, file_name, finished};
use super::error::IssueError;
use crate::domain::audience::Audience;
use crate::domain::disclosure::Secrets;
use crate::domain::judgement::{Law, OrderJudged};
use crate::domain::order::{Order, OrderKind, Undisclosed};
use crate::domain::term::{Term, TermKind};
use crate::render::{
    Composed, Copy, DocumentKind, Imprint, Original, RenderError, Renderer, UnsignedPdf,
};
use crate::sign::SignedPdf;
use crate::sign::paper::PaperKey;

/// A document that is to be made.
#[derive(Debug, Clone)]
pub(super) struct Commission {
    pub(super) piece: Piece,
    pub(super) imprint: Imprint,
}

/// Which document of an order.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// The order itself.
    Order(OrderKind),
    Copy(Copy),
}

impl Piece {
    /// The protected person for whom it is.
    pub(super) const fn person(&self) -> Option<char> {
        match self {
            Self::Copy(Copy::ProtectedPersonNotice { person }) => Some(*person),
            Self::Order(_) | Self::Copy(_) => None,
        }
    }
}

impl Issuer {
    /// Draws an order and its copies at one desk, then signs each. The order comes first.
    pub(super) async fn order_set(
        &self,
        judged: Arc<OrderJudged>,
        body: &[u8],
        wanted: Arc<[Commission]>,
    ) -> Result<Vec<SignedPdf>, IssueError> {
        let (law, all) = (Arc::clone(&self.law), Arc::clone(&wanted));
        let key = Arc::clone(&self.with.paper);
        let drawn = self.draw(body, move |renderer| {
            let OrderJudged { order, undisclosed } = &*judged;
            let material = Material { renderer, law: &law, key: &key, order, undisclosed };
            material.set(&all)
        });
        let mut signed = Vec::with_capacity(wanted.len());
        for (unsigned, wanted) in drawn.await?.into_iter().zip(wanted.iter()) {
            signed.push(self.sealed(unsigned, wanted).await?);
        }
        Ok(signed)
    }

    /// Signs a document at its own instant.
    pub(super) async fn sealed(
        &self,
        unsigned: UnsignedPdf,
        wanted: &Commission,
    ) -> Result<SignedPdf, IssueError> {
        let at = wanted.imprint.issued_at;
        self.with.signer.seal(unsigned, at).await.map_err(IssueError::Sign)
    }
}

/// What documents of an order are drawn from.
#[derive(Clone, Copy)]
pub(super) struct Material<'a> {
    pub(super) renderer: &'a Renderer,
    pub(super) law: &'a Law,
    pub(super) key: &'a PaperKey,
    pub(super) order: &'a Order,
    pub(super) undisclosed: &'a Undisclosed,
}

impl Material<'_> {
    /// The order, then its copies, each of which names it.
    fn set(self, wanted: &[Commission]) -> Result<Vec<UnsignedPdf>, Stopped> {
        let mut drawn: Vec<UnsignedPdf> = Vec::with_capacity(wanted.len());
        let mut original = None;
        // Several documents have one reader.
        let mut kept: Vec<(Audience, Secrets)> = Vec::new();
        for commission in wanted {
            let secrets = self.gathered(commission, &mut kept);
            let from = (original.as_ref(), secrets);
            let unsigned = self.searched(commission, from).map_err(|stopped| {
                // The request is at hand: it can be said where the words stand.
                Stopped { at: self.terms_that_tell(secrets), ..stopped }
            })?;
            if original.is_none() {
                original = Some(Original {
                    document_id: commission.imprint.document_id,
                    edition: self.renderer.today(commission.kind())?.name.clone(),
                    content_sha256: *unsigned.content_sha256(),
                    sha256: None,
                    pages: Some(unsigned.page_count()),
                });
            }
            drawn.push(unsigned);
        }
        Ok(drawn)
    }

    /// One document. A copy names the order that it is made from.
    pub(super) fn one(
        self,
        wanted: &Commission,
        original: Option<&Original>,
    ) -> Result<UnsignedPdf, Stopped> {
        self.searched(wanted, (original, &self.secrets(wanted)))
    }

    fn searched(
        self,
        wanted: &Commission,
        (original, secrets): (Option<&Original>, &Secrets),
    ) -> Result<UnsignedPdf, Stopped> {
        let document = Some(wanted.kind().name());
        let stopped = |cause| Stopped { cause, document, at: Vec::new() };
        let composed = wanted.composed(self, original).map_err(stopped)?;
        let mark = (self.key, self.order.duration.ends_on());
        finished(composed, (&wanted.file_name(), secrets), mark).map_err(stopped)
    }

    /// What this document's reader may not see, gathered once for each reader.
    fn gathered<'k>(
        self,
        wanted: &Commission,
        kept: &'k mut Vec<(Audience, Secrets)>,
    ) -> &'k Secrets {
        let reader = wanted.kind().audience();
        let at = kept.iter().position(|(known, _)| *known == reader).unwrap_or_else(|| {
            kept.push((reader, self.secrets(wanted)));
            kept.len() - 1
        });
        &kept[at].1
    }

    fn secrets(self, wanted: &Commission) -> Secrets {
        self.law.secrets_for(wanted.kind().audience(), self.order, self.undisclosed)
    }

    /// The terms of the request whose words this reader may not see.
    fn terms_that_tell(self, secrets: &Secrets) -> Vec<String> {
        let tells = |term: &&Term| {
            let welsh = term.welsh.as_ref().map(|welsh| welsh.text.as_str());
            let mut texts = [Some(term.text.as_str()), welsh].into_iter().flatten();
            texts.any(|text| secrets.in_text(text).is_some())
        };
        self.order.terms.iter().filter(tells).map(pointer).collect()
    }
}

/// Where a term stands in the request that made it: numbers are given in its order, from 1.
fn pointer(term: &Term) -> String {
    let list = match term.number.kind {
        TermKind::Prohibition => "prohibitions",
        TermKind::Requirement => "requirements",
    };
    format!("/{list}/{}", term.number.ordinal.saturating_sub(1))
}

impl Commission {
    pub(super) const fn kind(&self) -> DocumentKind {
        match &self.piece {
            Piece::Order(kind) => DocumentKind::of(*kind),
            Piece::Copy(copy) => copy.kind(),
        }
    }

    fn file_name(&self) -> String {
        file_name(self.kind().name(), &self.imprint.code)
    }

    fn composed<'r>(
        &self,
        from: Material<'r>,
        original: Option<&Original>,
    ) -> Result<Composed<'r>, RenderError> {
        match (&self.piece, original) {
            (Piece::Copy(copy), Some(original)) => {
                from.renderer.copy(copy, (from.order, original), &self.imprint)
            }
            (Piece::Copy(_), None) => Err(RenderError::View),
            (Piece::Order(_), _) => from.renderer.order(from.order, &self.imprint),
        }
    }
}
