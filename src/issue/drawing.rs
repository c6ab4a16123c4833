//! The document is drawn on a thread of its own, and searched for confidential values before
//! anything else sees it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::error::{IssueError, Refusal};
use super::{Issuer, Mode, code, glyph};
use crate::domain::disclosure::{Disclosure, Secrets};
use crate::domain::identity::{DocumentId, OrderId, VariationId};
use crate::domain::order::Language;
use crate::domain::violation::{Rule, Violation};
use crate::render::{Composed, Format, Imprint, RenderError, Renderer, UnsignedPdf};
use crate::sign::keyring::Choice;
use crate::sign::paper::PaperKey;

impl Issuer {
    /// Draws at a desk. `body` is the request: a character that can't be drawn is pointed at in it.
    ///
    /// # Errors
    /// [`IssueError::Overloaded`] where too many wait; [`IssueError::Invalid`] where a character
    /// has no glyph or the document says what it may not; [`IssueError::Render`].
    pub(super) async fn draw<T, F>(&self, body: &[u8], job: F) -> Result<T, IssueError>
    where
        T: Send + 'static,
        F: FnOnce(&Renderer) -> Result<T, Stopped> + Send + 'static,
    {
        let renderer = Arc::clone(&self.with.renderer);
        let drawn = self.at_desk(move || job(&renderer)).await?;
        drawn.map_err(|stopped| explained(stopped, body))
    }

    /// What is printed on a document beside its words. A draft is signed by nobody.
    pub(super) fn imprint(
        &self,
        about: About,
        (language, format): (Language, Format),
        signed: Option<&Choice>,
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
            signer: signed.map(|by| by.signer.certificate().common_name()).unwrap_or_default(),
            reserve: signed.map_or(0, Choice::reserve),
            language,
            format,
        })
    }
}

/// The one way from a composed document to the file that is signed: drawn with the mark on each
/// page, and searched for all that its reader may not see.
pub(super) fn finished(
    composed: Composed<'_>,
    (name, secrets): (&str, &Secrets),
    (key, ends_on): (&PaperKey, Option<Date>),
) -> Result<UnsignedPdf, RenderError> {
    // A word that is part of a confidential name gives way to another.
    let mark = key.mark(&composed.claim(ends_on), |words| secrets.in_text(words).is_none());
    composed.finish(Some(&mark))?.searched(name, secrets)
}

/// Why a document was not drawn, and which one of several it was.
#[derive(Debug)]
pub(super) struct Stopped {
    pub(super) cause: RenderError,
    /// Its kind, where it is one of several.
    pub(super) document: Option<&'static str>,
    /// Where the request holds what the document may not say.
    pub(super) at: Vec<String>,
}

impl From<RenderError> for Stopped {
    fn from(cause: RenderError) -> Self {
        Self { cause, document: None, at: Vec::new() }
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
pub(super) fn explained(stopped: Stopped, body: &[u8]) -> IssueError {
    let violations = match stopped.cause {
        RenderError::MissingGlyph { character, .. } => missing(character, body),
        RenderError::Disclosed(leaks) => {
            let found = disclosed(leaks.iter().map(|leak| leak.what));
            placed(found, stopped.document, &stopped.at)
        }
        error => return IssueError::Render(error),
    };
    IssueError::Invalid(Refusal { violations, unused_acknowledgements: Vec::new() })
}

/// What is kept from one reader alone, with the name of this reader's document, at the parts of the
/// request that say it.
fn placed(found: Vec<Violation>, document: Option<&'static str>, at: &[String]) -> Vec<Violation> {
    let mut all = Vec::new();
    for fault in found {
        let Some(document) = document.filter(|_| fault.rule == Rule::NotForThisReader) else {
            all.push(fault);
            continue;
        };
        let fault = fault.with("document", document);
        if at.is_empty() {
            all.push(fault);
            continue;
        }
        all.extend(at.iter().map(|at| Violation { pointer: at.clone(), ..fault.clone() }));
    }
    all
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
        let fault = what.fault("");
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
