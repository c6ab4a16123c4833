//! domain -> UnsignedPdf or Preview; pure, sync, deterministic.
//!
//! ```text
//! Order | VariationRequest
//!    | view         the facts, as strings for people          1-view.json
//!    | template     the words of the layout around them       2-markup.txt
//!    | document     a tree with meaning                        3-document.txt
//!    | layout       runs in place, each with its node          4-pages.txt, 5-tags.txt
//!    | pdf          bytes with the signature's slot open       6-objects.txt
//!    | rules        the finished bytes, held against the standards and the pages
//! UnsignedPdf | Preview
//! ```
//!
//! The same order, edition and imprint give the same bytes. Words live in `templates/`; looks live
//! in `layout`.
//!
//! To add a kind of document: a view in `view/`, a line in [`DocumentKind`], a folder in
//! `templates/orders/`.

mod archive;
pub mod document;
pub mod error;
pub mod font;
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
pub mod view;

use std::ops::Range;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::digest::sha256;
use crate::domain::disclosure::Secrets;
use crate::domain::identity::{DocumentId, OrderId, VariationId};
use crate::domain::order::{Language, Order, OrderKind};
use crate::domain::variation::VariationRequest;

pub use error::RenderError;
pub use leak::{Leak, Place};
pub use stages::Stages;

use document::Document;
use font::Fonts;
use pages::Pages;
use pdf::{Seal, Stamp, Written};
use readback::{Finished, ReadBack};
use subset::Subsets;
use template::Layouts;
use view::{Facts, OrderView, VariationView};

/// What a document is, as its folder in `templates/orders/` is called. Contract section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    InterimOrder,
    FullOrder,
    VariationRequest,
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::InterimOrder, Self::FullOrder, Self::VariationRequest];

    /// The name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InterimOrder => "interim_order",
            Self::FullOrder => "full_order",
            Self::VariationRequest => "variation_request",
        }
    }

    /// The edition that is drawn today: the folder's path.
    pub const fn edition(self) -> &'static str {
        match self {
            Self::InterimOrder => "interim_order/2026-11",
            Self::FullOrder => "full_order/2026-11",
            Self::VariationRequest => "variation_request/2026-11",
        }
    }

    /// The document of an order of this kind.
    pub const fn of(kind: OrderKind) -> Self {
        match kind {
            OrderKind::InterimOrder => Self::InterimOrder,
            OrderKind::FullOrder => Self::FullOrder,
        }
    }
}

/// Kinds of documents with the edition that is drawn today.
pub fn editions() -> Vec<(&'static str, &'static str)> {
    DocumentKind::ALL.iter().map(|kind| (kind.name(), kind.edition())).collect()
}

/// What is stamped on one document, given once at the top of the road.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    pub document_id: DocumentId,
    pub order_id: OrderId,
    pub variation_id: Option<VariationId>,
    /// The version of the order, from 1.
    pub version: u32,
    /// The short code printed on each page.
    pub code: String,
    pub issued_at: Timestamp,
    /// Signed with the test authority.
    pub test: bool,
    /// Common name of the signing certificate.
    pub signer: String,
}

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
}

/// As what it is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rendition {
    /// To be signed.
    Original,
    /// For looking at.
    Draft,
}

/// A document at the end of this room, with the stages that it came by.
struct Drawn {
    view: Json,
    markup: String,
    document: Document,
    pages: Pages,
    written: Written,
    read: ReadBack,
    content_sha256: [u8; 32],
}

impl Renderer {
    /// Loads the faces, compiles the layouts and proves each against its samples.
    ///
    /// # Errors
    /// [`RenderError::Template`] and [`RenderError::Font`]: faults of the build.
    pub fn new() -> Result<Self, RenderError> {
        let fonts = Fonts::builtin()?;
        let subsets = Subsets::new(|face| fonts.data(face)).map_err(pdf::Unwritable::from)?;
        let layouts = Layouts::builtin()?;
        if let Err(faults) = layouts.prove() {
            return Err(RenderError::Layouts(faults));
        }
        Ok(Self { layouts, fonts, subsets })
    }

    /// Whether every face has a glyph for this character.
    pub fn covers(&self, character: char) -> bool {
        self.fonts.covers(character)
    }

    /// Draws an order for its signature.
    ///
    /// # Errors
    /// [`RenderError`]: nothing is drawn in part.
    pub fn order(&self, order: &Order, imprint: &Imprint) -> Result<UnsignedPdf, RenderError> {
        self.original(Subject::Order(order), imprint)
    }

    /// Draws a request to vary, renew or discharge for its signature. `order` is the version that
    /// it names.
    ///
    /// # Errors
    /// As [`Renderer::order`].
    pub fn variation(
        &self,
        request: &VariationRequest,
        order: &Order,
        imprint: &Imprint,
    ) -> Result<UnsignedPdf, RenderError> {
        self.original(Subject::Variation(request, order), imprint)
    }

    /// Draws an order as a draft.
    ///
    /// # Errors
    /// As [`Renderer::order`].
    pub fn order_preview(&self, order: &Order, imprint: &Imprint) -> Result<Preview, RenderError> {
        self.preview(Subject::Order(order), imprint)
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
        self.preview(Subject::Variation(request, order), imprint)
    }

    fn original(
        &self,
        subject: Subject<'_>,
        imprint: &Imprint,
    ) -> Result<UnsignedPdf, RenderError> {
        let drawn = self.draw(subject, imprint, Rendition::Original)?;
        let slot = drawn.written.slot.ok_or(RenderError::NoSlot)?;
        Ok(UnsignedPdf {
            bytes: drawn.written.bytes,
            read: drawn.read,
            slot,
            page_count: drawn.written.page_count,
            content_sha256: drawn.content_sha256,
        })
    }

    fn preview(&self, subject: Subject<'_>, imprint: &Imprint) -> Result<Preview, RenderError> {
        let Drawn { written, read, .. } = self.draw(subject, imprint, Rendition::Draft)?;
        Ok(Preview { bytes: written.bytes, read, page_count: written.page_count })
    }

    /// The road through this room.
    fn draw(
        &self,
        subject: Subject<'_>,
        imprint: &Imprint,
        rendition: Rendition,
    ) -> Result<Drawn, RenderError> {
        let (edition, language) = (subject.kind().edition(), subject.language());
        let view =
            subject.view(Facts { imprint, edition, draft: rendition == Rendition::Draft })?;
        let markup = self.layouts.render(&format!("{edition}/{language}"), &view)?;
        let document = Document::parse(&markup)?;
        let content_sha256 = content_sha256(&document, edition, language);
        let pages = layout::layout(&document, &self.fonts)?;
        let id = imprint.document_id.to_string();
        let written = pdf::write(&pages, &self.subsets, &stamp(&pages, &id, imprint))?;
        let finished = Finished::read(&written.bytes).map_err(|_| RenderError::Unreadable)?;
        let breaches = rules::check(&finished, &pages, written.slot.as_ref());
        if !breaches.is_empty() {
            return Err(RenderError::Breaches(breaches));
        }
        let read = finished.read_back().map_err(|_| RenderError::Unreadable)?;
        Ok(Drawn { view, markup, document, pages, written, read, content_sha256 })
    }
}

impl Subject<'_> {
    fn kind(self) -> DocumentKind {
        match self {
            Self::Order(order) => DocumentKind::of(order.kind),
            Self::Variation(..) => DocumentKind::VariationRequest,
        }
    }

    fn language(self) -> &'static str {
        let language = match self {
            Self::Order(order) => order.language,
            Self::Variation(request, _) => request.language,
        };
        match language {
            Language::En => "en",
            Language::Cy => "cy",
            Language::Bilingual => "bilingual",
        }
    }

    fn view(self, facts: Facts<'_>) -> Result<Json, RenderError> {
        match self {
            Self::Order(order) => serde_json::to_value(OrderView::of(order, facts)),
            Self::Variation(request, order) => {
                serde_json::to_value(VariationView::of(request, order, facts))
            }
        }
        .map_err(|_| RenderError::View)
    }
}

/// The content stage's digest with edition and language; ids, instants and codes are no part of it.
/// Contract section 3a.
fn content_sha256(document: &Document, edition: &str, language: &str) -> [u8; 32] {
    let mut hashed = format!("{edition}\0{language}\0").into_bytes();
    hashed.extend_from_slice(&document.canonical());
    sha256(&hashed)
}

/// Searches a finished file, read back from its bytes, and the name that it is given.
fn search(
    (bytes, read): (&[u8], &ReadBack),
    file_name: &str,
    secrets: &Secrets,
) -> Result<(), RenderError> {
    let in_text = |text: &str| secrets.in_text(text);
    let in_raw = |raw: &[u8]| secrets.in_raw(raw);
    leak::search((bytes, read), file_name, in_text, in_raw).map_err(RenderError::Disclosed)
}

/// Bytes kept for the DER of a B-B signature with P-256 and its two certificates: under 3 KiB as
/// measured.
const RESERVE: usize = 4096;

fn stamp<'a>(pages: &'a Pages, document: &'a str, imprint: &'a Imprint) -> Stamp<'a> {
    let seal = pages.panel.as_ref().map(|_| Seal {
        signer: &imprint.signer,
        reason: &pages.title,
        location: None,
        signed_at: imprint.issued_at,
        reserve: RESERVE,
    });
    Stamp { document, created: imprint.issued_at, seal }
}

/// A finished, tagged PDF with an empty signature field: deterministic bytes that only
/// `sign::prepare` takes. Made by this room alone; all its checks have passed.
#[derive(Debug)]
pub struct UnsignedPdf {
    bytes: Vec<u8>,
    /// What the bytes say: read back once, for the checks and the search.
    read: ReadBack,
    slot: Slot,
    page_count: u32,
    content_sha256: [u8; 32],
}

/// Where the signature goes: byte ranges into the file. PDF 32000-1, 12.8.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The hexadecimal string of `/Contents` with its `<` and `>`, filled with zeros.
    pub contents: Range<usize>,
    /// The inside of the `/ByteRange` array between its brackets: fixed width, filled with blanks
    /// and zeros.
    pub byte_range: Range<usize>,
}

impl UnsignedPdf {
    /// Searches the whole file, and the name that it is given, for confidential values. Contract
    /// section 3.
    ///
    /// # Errors
    /// [`RenderError::Disclosed`] with every leak found.
    pub fn search(&self, file_name: &str, secrets: &Secrets) -> Result<(), RenderError> {
        search((&self.bytes, &self.read), file_name, secrets)
    }

    /// The whole file with the slot open.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the signature goes.
    pub const fn slot(&self) -> &Slot {
        &self.slot
    }

    /// Number of pages.
    pub const fn page_count(&self) -> u32 {
        self.page_count
    }

    /// SHA-256 of the content stage without ids, instants, codes and page stamps. Contract section
    /// 3a.
    pub const fn content_sha256(&self) -> &[u8; 32] {
        &self.content_sha256
    }

    /// A file from elsewhere, so that the signer's tests need no renderer.
    #[cfg(test)]
    pub(crate) fn for_tests(bytes: Vec<u8>, slot: Slot, page_count: u32) -> Self {
        Self { bytes, read: ReadBack::default(), slot, page_count, content_sha256: [7; 32] }
    }

    /// Gives the bytes away to the next stage.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A draft: DRAFT on each page, no signature field. No function signs one.
#[derive(Debug)]
pub struct Preview {
    bytes: Vec<u8>,
    read: ReadBack,
    page_count: u32,
}

impl Preview {
    /// Searches the whole file, and the name that it is given, for confidential values. Contract
    /// section 3.
    ///
    /// # Errors
    /// [`RenderError::Disclosed`] with every leak found.
    pub fn search(&self, file_name: &str, secrets: &Secrets) -> Result<(), RenderError> {
        search((&self.bytes, &self.read), file_name, secrets)
    }

    /// The whole file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of pages.
    pub const fn page_count(&self) -> u32 {
        self.page_count
    }
}
