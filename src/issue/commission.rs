//! A document of an order on its way: which it is, for whom, what is stamped on it; drawn, searched
//! for what its reader may not see, signed. All that are made with an order: `set`.

use super::Issuer;
use super::drawing::{Stopped, file_name, finished};
use super::error::IssueError;
use crate::domain::disclosure::Secrets;
use crate::domain::judgement::Law;
use crate::domain::order::{Order, OrderKind, Undisclosed};
use crate::domain::term::{Term, TermKind};
use crate::render::{
    Composed, Copy, DocumentKind, Imprint, Original, RenderError, Renderer, UnsignedPdf,
};
use crate::sign::SignedPdf;
use crate::sign::keyring::Choice;
use crate::sign::paper::PaperKey;

/// A document that is to be made.
#[derive(Clone)]
pub(super) struct Commission {
    pub(super) piece: Piece,
    pub(super) imprint: Imprint,
    /// Whose name stands on it.
    pub(super) signed: Choice,
}

/// Which document of an order.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// The order itself.
    Order(OrderKind),
    Copy(Copy),
}

impl Piece {
    pub(super) const fn kind(&self) -> DocumentKind {
        match self {
            Self::Order(kind) => DocumentKind::of(*kind),
            Self::Copy(copy) => copy.kind(),
        }
    }

    /// The protected person for whom it is.
    pub(super) const fn person(&self) -> Option<char> {
        match self {
            Self::Copy(Copy::ProtectedPersonNotice { person }) => Some(*person),
            Self::Order(_) | Self::Copy(_) => None,
        }
    }
}

impl Issuer {
    /// Signs a document at its own instant.
    pub(super) async fn sealed(
        &self,
        unsigned: UnsignedPdf,
        wanted: &Commission,
    ) -> Result<SignedPdf, IssueError> {
        self.seal(unsigned, &wanted.signed, wanted.imprint.issued_at).await
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
    /// One document. A copy names the order that it is made from.
    pub(super) fn one(
        self,
        wanted: &Commission,
        original: Option<&Original>,
    ) -> Result<UnsignedPdf, Stopped> {
        self.searched(wanted, (original, &self.secrets(wanted)))
    }

    /// The same, searched for what was gathered.
    pub(super) fn searched(
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

    /// What this document's reader may not see.
    pub(super) fn secrets(self, wanted: &Commission) -> Secrets {
        self.law.secrets_for(wanted.kind().audience(), self.order, self.undisclosed)
    }

    /// The terms of the request whose words this reader may not see.
    pub(super) fn terms_that_tell(self, secrets: &Secrets) -> Vec<String> {
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
        self.piece.kind()
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
