//! Every stage of a document as text for people: the golden folders, and `spo templates preview`.

use super::objects::objects_listing;
use super::{Drawn, Imprint, RenderError, Renderer, Rendition, Subject};
use crate::digest::{hex, sha256};
use crate::domain::order::Order;
use crate::domain::variation::VariationRequest;

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

impl Renderer {
    /// Every stage of an order's document.
    ///
    /// # Errors
    /// As [`Renderer::order`].
    pub fn order_stages(&self, order: &Order, imprint: &Imprint) -> Result<Stages, RenderError> {
        self.stages(Subject::Order(order), imprint)
    }

    /// Every stage of a request's document.
    ///
    /// # Errors
    /// As [`Renderer::order`].
    pub fn variation_stages(
        &self,
        request: &VariationRequest,
        order: &Order,
        imprint: &Imprint,
    ) -> Result<Stages, RenderError> {
        self.stages(Subject::Variation(request, order), imprint)
    }

    fn stages(&self, subject: Subject<'_>, imprint: &Imprint) -> Result<Stages, RenderError> {
        let Drawn { view, markup, document, pages, written, .. } =
            self.draw(subject, imprint, Rendition::Original)?;
        Ok(Stages {
            view: serde_json::to_string_pretty(&view).unwrap_or_default(),
            markup,
            document: document.outline(),
            pages: pages.listing(),
            tags: pages.tags(),
            objects: objects_listing(&written.bytes).map_err(|_| RenderError::Unreadable)?,
            unsigned_sha256: hex(&sha256(&written.bytes)),
        })
    }
}
