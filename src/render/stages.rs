//! Every stage of a document as text for people: the golden folders, and `spo templates preview`.

use super::composed::{Composed, Drawn};
use super::error::RenderError;
use super::objects::objects_listing;
use crate::digest::{hex, sha256};
use crate::paper::Mark;

/// The stages in the order of the road; each is a text that a reviewer can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stages {
    /// JSON.
    pub view: String,
    pub markup: String,
    pub document: String,
    pub pages: String,
    pub tags: String,
    pub objects: String,
    /// Of the whole unsigned file, in hexadecimal.
    pub unsigned_sha256: String,
}

impl Composed<'_> {
    /// Every stage of this document.
    ///
    /// # Errors
    /// As [`Composed::finish`].
    pub fn stages(&self, mark: Option<&Mark>) -> Result<Stages, RenderError> {
        let Drawn { pages, written, .. } = self.draw(mark)?;
        Ok(Stages {
            view: serde_json::to_string_pretty(&self.view).unwrap_or_default(),
            markup: self.markup.clone(),
            document: self.document.outline(),
            pages: pages.listing(),
            tags: pages.tags(),
            objects: objects_listing(&written.bytes).map_err(|_| RenderError::Unreadable)?,
            unsigned_sha256: hex(&sha256(&written.bytes)),
        })
    }
}
