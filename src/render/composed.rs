//! A document whose content is fixed: what stands on it is known, and the digest of that; where it
//! stands comes next. The mark by which paper is checked holds the digest, so it comes in between.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::digest::sha256;
use crate::domain::order::Language;
use crate::paper::{Claim, Mark};

use super::attachment::Attachment;
use super::document::Document;
use super::error::RenderError;
use super::finished::{Preview, UnsignedPdf};
use super::imprint::{Copy, Imprint};
use super::kind::DocumentKind;
use super::pages::Pages;
use super::pdf::{self, Seal, Stamp, Written};
use super::readback::{Finished, ReadBack};
use super::rules::{Expected, Pronounced};
use super::view::{CopyView, Facts, OrderView, VariationView, police_data};
use super::{Renderer, Subject, layout, rules};

/// As what a document is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rendition {
    /// To be signed.
    Original,
    /// For looking at.
    Draft,
}

/// A document's content, before it has pages. Made by [`Renderer`] alone.
pub struct Composed<'r> {
    renderer: &'r Renderer,
    imprint: Imprint,
    pub(super) view: Json,
    pub(super) markup: String,
    pub(super) document: Document,
    content_sha256: [u8; 32],
    /// The terms that it must be found to say.
    terms: Vec<Pronounced>,
    attachment: Option<Attachment>,
}

/// A document on pages and in bytes.
pub(super) struct Drawn {
    pub(super) pages: Pages,
    pub(super) written: Written,
    read: ReadBack,
}

impl<'r> Composed<'r> {
    pub(super) fn of(
        renderer: &'r Renderer,
        subject: Subject<'_>,
        imprint: &Imprint,
        rendition: Rendition,
    ) -> Result<Self, RenderError> {
        let kind = subject.kind();
        let edition = renderer.today(kind)?;
        let (edition, language) = (edition.name.as_str(), language(imprint.language));
        let view =
            subject.view(Facts { imprint, edition, draft: rendition == Rendition::Draft })?;
        let markup = renderer.layouts.render(&format!("{edition}/{language}"), &view)?;
        let document = Document::parse(&markup)?;
        let content_sha256 = content_sha256(&document, edition, language);
        let imprint = imprint.clone();
        let terms = subject.terms(imprint.language);
        let data = document.furniture.data.as_deref();
        let attachment = data.map(|words| subject.data(&imprint, words)).transpose()?;
        Ok(Self { renderer, imprint, view, markup, document, content_sha256, terms, attachment })
    }

    /// SHA-256 of the content stage without ids, instants, codes and page stamps. Contract section
    /// 3a.
    pub const fn content_sha256(&self) -> &[u8; 32] {
        &self.content_sha256
    }

    /// What is stamped on it.
    pub const fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// What its paper claims of itself; `ends_on` is the order's last day.
    pub fn claim(&self, ends_on: Option<Date>) -> Claim {
        let document = *self.imprint.document_id.uuid().as_bytes();
        Claim { document, content_sha256: self.content_sha256, ends_on }
    }

    /// Puts a file into it, in the place of any other. Its content stays the same, and so does the
    /// digest of that.
    #[must_use]
    pub fn with_attachment(self, attachment: Attachment) -> Self {
        Self { attachment: Some(attachment), ..self }
    }

    /// Draws it for its signature, with the mark by which the paper is checked on each page.
    ///
    /// # Errors
    /// [`RenderError`]: nothing is drawn in part.
    pub fn finish(self, mark: Option<&Mark>) -> Result<UnsignedPdf, RenderError> {
        let Drawn { written, read, .. } = self.draw(mark)?;
        let slot = written.slot.ok_or(RenderError::NoSlot)?;
        Ok(UnsignedPdf {
            bytes: written.bytes,
            read: Some(read),
            slot,
            page_count: written.page_count,
            content_sha256: self.content_sha256,
            words: mark.map(|mark| mark.words.clone()).unwrap_or_default(),
        })
    }

    /// Draws it as the draft that it was composed as.
    pub(super) fn preview(self) -> Result<Preview, RenderError> {
        let Drawn { written, read, .. } = self.draw(None)?;
        Ok(Preview { bytes: written.bytes, read, page_count: written.page_count })
    }

    /// From content to bytes that keep every rule.
    pub(super) fn draw(&self, mark: Option<&Mark>) -> Result<Drawn, RenderError> {
        let id = self.imprint.document_id.to_string();
        let pages = layout::layout(&self.document, mark, &self.renderer.fonts)?;
        let stamp =
            Stamp { attachment: self.attachment.as_ref(), ..stamp(&pages, &id, &self.imprint) };
        let (written, read) = written(self.renderer, (&pages, &self.terms), &stamp)?;
        Ok(Drawn { pages, written, read })
    }
}

/// Draws a sample view of an edition, which says that it is a draft.
pub(super) fn sample(
    renderer: &Renderer,
    (edition, language): (&str, &str),
    view: &Json,
) -> Result<Preview, RenderError> {
    let markup = renderer.layouts.render(&format!("{edition}/{language}"), view)?;
    let document = Document::parse(&markup)?;
    let pages = layout::layout(&document, None, &renderer.fonts)?;
    let stamp =
        Stamp { document: edition, created: Timestamp::UNIX_EPOCH, seal: None, attachment: None };
    let (written, read) = written(renderer, (&pages, &[]), &stamp)?;
    Ok(Preview { bytes: written.bytes, read, page_count: written.page_count })
}

/// Pages as bytes that keep every rule, and what they say when read back.
fn written(
    renderer: &Renderer,
    (pages, terms): (&Pages, &[Pronounced]),
    stamp: &Stamp<'_>,
) -> Result<(Written, ReadBack), RenderError> {
    let written = pdf::write(pages, &renderer.subsets, stamp)?;
    let finished = Finished::read(&written.bytes).map_err(|_| RenderError::Unreadable)?;
    let expected = Expected { slot: written.slot.as_ref(), attachment: stamp.attachment, terms };
    let breaches = rules::check(&finished, pages, &expected);
    if !breaches.is_empty() {
        return Err(RenderError::Breaches(breaches));
    }
    let read = finished.read_back().map_err(|_| RenderError::Unreadable)?;
    Ok((written, read))
}

impl Subject<'_> {
    fn kind(self) -> DocumentKind {
        match self {
            Self::Order(order) => DocumentKind::of(order.kind),
            Self::Variation(..) => DocumentKind::VariationRequest,
            Self::Copy(copy, ..) => copy.kind(),
        }
    }

    /// The terms that its layout repeats: word for word, or told in words of its own.
    fn terms(self, language: Language) -> Vec<Pronounced> {
        match self {
            Self::Order(order) | Self::Copy(Copy::CertifiedCopy { .. }, order, _) => {
                Pronounced::of(order, language)
            }
            Self::Copy(Copy::ExplanatorySheet | Copy::PoliceSheet, order, _) => {
                Pronounced::told(order, language)
            }
            Self::Variation(..) | Self::Copy(Copy::ProtectedPersonNotice { .. }, ..) => Vec::new(),
        }
    }

    /// What the document says as data, described in the words of its layout.
    fn data(self, imprint: &Imprint, description: &str) -> Result<Attachment, RenderError> {
        let Self::Copy(Copy::PoliceSheet, order, original) = self else {
            return Err(RenderError::NoData);
        };
        let data = police_data((order, original), imprint);
        Ok(Attachment {
            name: "order.json".to_owned(),
            mime: "application/json",
            description: description.to_owned(),
            bytes: serde_json::to_vec_pretty(&data).map_err(|_| RenderError::View)?,
        })
    }

    fn view(self, facts: Facts<'_>) -> Result<Json, RenderError> {
        match self {
            Self::Order(order) => serde_json::to_value(OrderView::of(order, facts)),
            Self::Variation(request, order) => {
                serde_json::to_value(VariationView::of(request, order, facts))
            }
            Self::Copy(copy, order, original) => {
                let view = CopyView::of(copy, (order, original), facts);
                serde_json::to_value(view.ok_or(RenderError::View)?)
            }
        }
        .map_err(|_| RenderError::View)
    }
}

impl Copy {
    /// The kind of document that it is.
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Self::ExplanatorySheet => DocumentKind::ExplanatorySheet,
            Self::ProtectedPersonNotice { .. } => DocumentKind::ProtectedPersonNotice,
            Self::PoliceSheet => DocumentKind::PoliceSheet,
            Self::CertifiedCopy { .. } => DocumentKind::CertifiedCopy,
        }
    }
}

/// The layout's name.
const fn language(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Cy => "cy",
        Language::Bilingual => "bilingual",
    }
}

/// The content stage's digest with edition and language; ids, instants and codes are no part of it.
/// Contract section 3a.
fn content_sha256(document: &Document, edition: &str, language: &str) -> [u8; 32] {
    let mut hashed = format!("{edition}\0{language}\0").into_bytes();
    hashed.extend_from_slice(&document.canonical());
    sha256(&hashed)
}

fn stamp<'a>(pages: &'a Pages, document: &'a str, imprint: &'a Imprint) -> Stamp<'a> {
    let seal = pages.panel.as_ref().map(|_| Seal {
        signer: &imprint.signer,
        reason: &pages.title,
        location: None,
        signed_at: imprint.issued_at,
        reserve: imprint.reserve,
    });
    Stamp { document, created: imprint.issued_at, seal, attachment: None }
}
