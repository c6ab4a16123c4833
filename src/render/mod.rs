//! domain -> UnsignedPdf or Preview; pure, sync, deterministic.
//!
//! ```text
//! Order | VariationRequest | a copy of an order
//!    | view         the facts, as strings for people          1-view.json
//!    | template     the words of the layout around them       2-markup.txt
//!    | document     a tree with meaning                        3-document.txt
//! Composed         its content is fixed here, and its digest known
//!    | layout       runs in place, each with its node          4-pages.txt, 5-tags.txt
//!    | pdf          bytes with the signature's slot open       6-objects.txt
//!    | rules        the finished bytes, held against the standards and the pages
//! UnsignedPdf | Preview
//! ```
//!
//! The same order, edition and imprint give the same bytes. Words live in `templates/`; looks live
//! in `layout`.
//!
//! To add a kind of document: a line in [`DocumentKind`], a view in `view/`, a folder in
//! `templates/orders/`.

mod archive;
mod attachment;
mod composed;
mod direction;
pub mod document;
pub mod error;
mod face;
mod finished;
pub mod font;
mod imprint;
mod kind;
pub mod layout;
pub mod leak;
mod listing;
mod objects;
pub mod pages;
mod paragraph;
pub mod pdf;
pub mod readback;
pub mod rules;
mod scan;
mod stages;
pub mod subset;
mod tags;
pub mod template;
mod tree;
pub mod view;
mod writing;

use crate::domain::order::Order;
use crate::domain::variation::VariationRequest;

pub use attachment::Attachment;
pub use composed::Composed;
pub use error::RenderError;
pub use finished::{Preview, Slot, UnsignedPdf};
pub use imprint::{Copy, Format, Imprint, Original};
pub use kind::{Audience, DocumentKind};
pub use leak::{Leak, Place};
pub use stages::Stages;

use composed::Rendition;
use font::Fonts;
use subset::Subsets;
use template::Layouts;
pub use template::{Edition, LayoutFiles};

/// Layouts and faces, loaded once; draws documents. Share it behind an `Arc`.
pub struct Renderer {
    layouts: Layouts,
    fonts: Fonts,
    subsets: Subsets,
}

/// What is to be drawn.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Order(&'a Order),
    Variation(&'a VariationRequest, &'a Order),
    Copy(&'a Copy, &'a Order, &'a Original),
}

impl Renderer {
    /// Loads the faces, and the layouts in the binary.
    ///
    /// # Errors
    /// [`RenderError::Layouts`] and [`RenderError::Font`]: faults of the build.
    pub fn new() -> Result<Self, RenderError> {
        Self::with_layouts(&LayoutFiles::builtin())
    }

    /// Loads the faces, compiles these layouts and proves each against its samples.
    ///
    /// # Errors
    /// [`RenderError::Layouts`] with every fault of the layouts; [`RenderError::Font`].
    pub fn with_layouts(files: &LayoutFiles) -> Result<Self, RenderError> {
        let fonts = Fonts::builtin()?;
        let subsets = Subsets::new().map_err(pdf::Unwritable::from)?;
        let layouts = Layouts::load(files).map_err(RenderError::Layouts)?;
        Ok(Self { layouts, fonts, subsets })
    }

    /// Every edition that can be drawn, by name.
    pub fn editions(&self) -> &[Edition] {
        self.layouts.editions()
    }

    /// The edition in which a kind of document is drawn today.
    ///
    /// # Errors
    /// [`RenderError::NoEdition`]: no layouts that loaded lack one.
    pub fn today(&self, kind: DocumentKind) -> Result<&Edition, RenderError> {
        self.layouts.today(kind).ok_or(RenderError::NoEdition(kind))
    }

    /// Draws the sample views of an edition, marked DRAFT, in one language: `en`, `cy`,
    /// `bilingual`.
    ///
    /// # Errors
    /// [`RenderError::Template`] where there is no such layout; else as [`Renderer::order`].
    pub fn samples(&self, edition: &str, language: &str) -> Result<Vec<Preview>, RenderError> {
        let views = self.layouts.samples(edition);
        views.iter().map(|view| composed::sample(self, (edition, language), view)).collect()
    }

    /// Whether the faces have a glyph for this character, wherever it stands.
    pub fn covers(&self, character: char) -> bool {
        self.fonts.covers(character)
    }

    /// Composes an order for its signature.
    ///
    /// # Errors
    /// [`RenderError`]: nothing is drawn in part.
    pub fn order(&self, order: &Order, imprint: &Imprint) -> Result<Composed<'_>, RenderError> {
        Composed::of(self, Subject::Order(order), imprint, Rendition::Original)
    }

    /// Composes a request to vary, renew or discharge for its signature. `order` is the version
    /// that it names.
    ///
    /// # Errors
    /// As [`Renderer::order`].
    pub fn variation(
        &self,
        request: &VariationRequest,
        order: &Order,
        imprint: &Imprint,
    ) -> Result<Composed<'_>, RenderError> {
        Composed::of(self, Subject::Variation(request, order), imprint, Rendition::Original)
    }

    /// Composes a copy of an order for another reader or use.
    ///
    /// # Errors
    /// As [`Renderer::order`].
    pub fn copy(
        &self,
        copy: &Copy,
        (order, original): (&Order, &Original),
        imprint: &Imprint,
    ) -> Result<Composed<'_>, RenderError> {
        let subject = Subject::Copy(copy, order, original);
        Composed::of(self, subject, imprint, Rendition::Original)
    }

    /// Draws an order as a draft.
    ///
    /// # Errors
    /// As [`Renderer::order`].
    pub fn order_preview(&self, order: &Order, imprint: &Imprint) -> Result<Preview, RenderError> {
        Composed::of(self, Subject::Order(order), imprint, Rendition::Draft)?.preview()
    }

    /// Draws a request as a draft.
    ///
    /// # Errors
    /// As [`Renderer::order`].
    pub fn variation_preview(
        &self,
        request: &VariationRequest,
        order: &Order,
        imprint: &Imprint,
    ) -> Result<Preview, RenderError> {
        let subject = Subject::Variation(request, order);
        Composed::of(self, subject, imprint, Rendition::Draft)?.preview()
    }
}
