//! The document is drawn on a thread of its own, and searched for confidential values before
//! anything else sees it.

use std::sync::Arc;

use jiff::Timestamp;

use super::error::{IssueError, Refusal};
use super::{Issuer, Mode, code, glyph};
use crate::domain::disclosure::Disclosure;
use crate::domain::identity::{DocumentId, OrderId, VariationId};
use crate::domain::violation::{Rule, Violation};
use crate::render::{Imprint, RenderError, Renderer};

impl Issuer {
    /// Draws at a desk. `body` is the request: a character that can't be drawn is pointed at in it.
    ///
    /// # Errors
    /// [`IssueError::Overloaded`] where too many wait; [`IssueError::Invalid`] where a character
    /// has no glyph or a confidential value stands in the document; [`IssueError::Render`].
    pub(super) async fn draw<T, F>(&self, body: &[u8], job: F) -> Result<T, IssueError>
    where
        T: Send + 'static,
        F: FnOnce(&Renderer) -> Result<T, RenderError> + Send + 'static,
    {
        let renderer = Arc::clone(&self.with.renderer);
        let drawn = self.at_desk(move || job(&renderer)).await?;
        drawn.map_err(|error| explained(error, body))
    }

    /// What is printed on a document beside its words.
    pub(super) fn imprint(
        &self,
        about: About,
        issued_at: Timestamp,
    ) -> Result<Imprint, IssueError> {
        let ids = &*self.with.ids;
        Ok(Imprint {
            document_id: ids.document(issued_at)?,
            order_id: about.order_id,
            variation_id: about.variation_id,
            version: about.version,
            code: code::new(ids)?,
            issued_at,
            test: self.mode == Mode::Test,
            signer: self.with.signer.certificate().common_name(),
        })
    }
}

/// What a document is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) order_id: OrderId,
    pub(super) variation_id: Option<VariationId>,
    pub(super) version: u32,
}

/// The file name of a document: its kind and its code, nothing of the people.
pub(super) fn file_name(kind: &str, code: &str) -> String {
    format!("{}-{code}.pdf", kind.replace('_', "-"))
}

/// The file name of a draft.
pub(super) fn draft_name(kind: &str, document: DocumentId) -> String {
    format!("draft-{}-{}.pdf", kind.replace('_', "-"), document.uuid().simple())
}

/// What the caller can mend is theirs; the rest is ours.
fn explained(error: RenderError, body: &[u8]) -> IssueError {
    let violations = match error {
        RenderError::MissingGlyph { character, .. } => missing(character, body),
        RenderError::Disclosed(leaks) => disclosed(leaks.iter().map(|leak| leak.what)),
        error => return IssueError::Render(error),
    };
    IssueError::Invalid(Refusal { violations, unused_acknowledgements: Vec::new() })
}

/// Where a character stands which no face draws; the whole request where it stands in no field.
fn missing(character: char, body: &[u8]) -> Vec<Violation> {
    let found = glyph::undrawable(body, &|drawn| drawn != character);
    if found.is_empty() { vec![glyph::fault(String::new(), character)] } else { found }
}

/// One fault a person and kind of value: the whole request, for the value came together on the
/// page or in the answer.
pub(super) fn disclosed(leaks: impl Iterator<Item = Disclosure>) -> Vec<Violation> {
    let mut found: Vec<Violation> = Vec::new();
    for what in leaks {
        let fault = Violation::new("", Rule::ConfidentialValueDisclosed)
            .with("person", what.person)
            .with("kind", what.what.name());
        if !found.contains(&fault) {
            found.push(fault);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_says_kind_and_code_alone() {
        assert_eq!(file_name("interim_order", "7K3QM-2X9TB"), "interim-order-7K3QM-2X9TB.pdf");
    }
}
