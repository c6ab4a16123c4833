//! The check of each finished file before it may be signed: read back from its bytes and held
//! against the pages it was made of and the clauses it must keep. It collects all breaches; one is
//! enough to refuse an original.
//!
//! To add a rule: a variant of [`Breach`] with its clause in [`Breach::clause`], the check in the
//! module of its subject, a test that breaks it.

mod archival;
mod closed;
mod meaning;
mod structure;
mod terms;
mod text;

use super::Slot;
use super::attachment::Attachment;
use super::pages::Pages;
use super::readback::Finished;
use super::tree::Tree;
pub use terms::Pronounced;

/// A rule that a finished file breaks. Pages are numbered from 0, elements as their objects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?} ({})", self.clause())]
pub enum Breach {
    /// The file does not begin as PDF 1.7 with binary content.
    Header,
    /// A key that an archival file may not have, or that would let it change.
    Forbidden(&'static str),
    /// The document does not say that it is tagged.
    NotMarked,
    /// The document has no language.
    NoLanguage,
    /// The title is empty or is not shown in place of the file's name.
    TitleNotShown,
    /// There is no metadata packet.
    NoMetadata,
    /// The packet does not name PDF/A-2a and PDF/UA-1.
    NotIdentified,
    /// Document information and packet differ.
    MetadataDiffers(&'static str),
    /// The title is not the document's.
    TitleDiffers,
    /// A bookmark is not a heading, or a heading no bookmark, in its order and depth.
    BookmarksDiffer,
    /// There is no output intent with a profile.
    NoOutputIntent,
    /// A font is not embedded, or not with widths and Unicode values.
    FontIncomplete(String),
    /// A code is shown that has no Unicode value.
    MuteGlyph(usize),
    /// Something is painted that is neither content nor furniture.
    UnmarkedContent(usize),
    /// Marked content or text begins and does not end.
    UnbalancedContent(usize),
    /// What is read back is not what the page was to say.
    TextDiffers(usize),
    /// The file has other pages than it was made of.
    PageCount,
    /// Marked content, by its page and number, that no element holds or that leads back to another.
    ContentWithoutElement(usize, u32),
    /// An element holds content that is not there.
    ElementWithoutContent(u32),
    /// The tree that leads back from content to elements has more or less than the content.
    ParentTree,
    /// An element does not name the parent that holds it.
    Parentage(u32),
    /// An element is not what its part of the document is, or stands elsewhere; 0 where their
    /// number differs.
    StructureDiffers(u32),
    /// An element, or the document as 0, is in another language than its words.
    LanguageDiffers(u32),
    /// Marked content is called otherwise than the element that holds it.
    RoleDiffers(u32),
    /// An element does not hold the words that it was to hold, in their order.
    WordsDiffer(u32),
    /// The terms that are read are not those that the court pronounced, in order, one list a run.
    TermsDiffer,
    /// A structure type that readers do not know.
    UnknownType(u32),
    /// The first heading is not of level 1, or a level is left out.
    SkippedHeading(u32),
    /// A list is not made of items, or an item not of label and body.
    ListShape(u32),
    /// A labelled list does not say how it is numbered.
    ListNumbering(u32),
    /// A table is not made of rows and cells, or its rows differ in width.
    TableShape(u32),
    /// A header cell does not say whether it heads a row or a column.
    HeaderScope(u32),
    /// A page does not give its fields in the order of the structure.
    TabOrder(usize),
    /// The field is not printed, has no appearance, or is not the one field there may be.
    Field,
    /// The field has no words for those who cannot see it.
    FieldNotDescribed,
    /// The field is not in the structure.
    FieldWithoutElement,
    /// The place for the signature is not where it is said to be, or not the file's last object.
    Slot,
    /// A document without a place for a signature has a field or a permission.
    UnexpectedField,
    /// The file carries another file than it was to carry, or not as it was to carry it.
    AttachmentDiffers,
    /// There are bytes that belong to nothing.
    StrayBytes,
    /// An object that nothing leads to.
    Unreached(u32),
    /// An object that acts, or that we do not write.
    Surprise(u32),
}

impl Breach {
    /// The clause that is broken.
    pub const fn clause(&self) -> &'static str {
        match self {
            Self::Header => "ISO 19005-2, 6.1.2",
            Self::Forbidden(_) => "ISO 19005-2, 6.1.3, 6.5.1 and 6.8",
            Self::NotMarked => "ISO 19005-2, 6.7.2.2; ISO 14289-1, 6.2",
            Self::NoLanguage => "ISO 14289-1, 7.2",
            Self::TitleNotShown | Self::TitleDiffers => "ISO 14289-1, 7.1",
            Self::NoMetadata => "ISO 19005-2, 6.6.2.1",
            Self::NotIdentified => "ISO 19005-2, 6.6.4; ISO 14289-1, 5",
            Self::MetadataDiffers(_) => "ISO 19005-2, 6.6.3",
            Self::BookmarksDiffer => "ISO 14289-1, 7.17",
            Self::NoOutputIntent => "ISO 19005-2, 6.2.3",
            Self::FontIncomplete(_) => "ISO 19005-2, 6.2.11.4 and 6.2.11.5",
            Self::MuteGlyph(..) => "ISO 19005-2, 6.2.11.7.2",
            Self::UnmarkedContent(..) => "ISO 14289-1, 7.1",
            Self::UnbalancedContent(..) => "ISO 32000-1, 14.6.1",
            Self::TextDiffers(..) | Self::PageCount => "the paper says what the pages say",
            Self::ContentWithoutElement(..)
            | Self::ElementWithoutContent(..)
            | Self::ParentTree => "ISO 32000-1, 14.7.4.4",
            Self::StructureDiffers(_) | Self::RoleDiffers(_) | Self::WordsDiffer(_) => {
                "ISO 14289-1, 7.1: the structure says what the document means"
            }
            Self::LanguageDiffers(_) => "ISO 14289-1, 7.2; ISO 19005-2, 6.7.4",
            Self::TermsDiffer => "the paper says what the court pronounced",
            Self::Parentage(..) => "ISO 32000-1, 14.7.2",
            Self::UnknownType(..) => "ISO 14289-1, 7.1; ISO 32000-1, 14.8.4",
            Self::SkippedHeading(..) => "ISO 14289-1, 7.4.2",
            Self::ListShape(..) | Self::ListNumbering(..) => "ISO 14289-1, 7.6",
            Self::TableShape(..) | Self::HeaderScope(..) => "ISO 14289-1, 7.5",
            Self::TabOrder(..) => "ISO 14289-1, 7.18.3",
            Self::Field => "ISO 19005-2, 6.3.2 and 6.3.3",
            Self::FieldNotDescribed | Self::FieldWithoutElement => "ISO 14289-1, 7.18.1 and 7.18.4",
            Self::Slot => "ISO 32000-1, 12.8.1",
            Self::UnexpectedField => "a preview cannot be signed",
            Self::AttachmentDiffers => "ISO 19005-3, 6.8; ISO 14289-1, 7.11",
            Self::StrayBytes | Self::Unreached(_) | Self::Surprise(_) => {
                "ISO 19005-2, 6.5.1 and 6.1.13: nothing hides, nothing acts"
            }
        }
    }
}

/// What a finished file must say and hold, beside its pages.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected<'a> {
    /// Where its signature is to go; none in previews.
    pub slot: Option<&'a Slot>,
    pub attachment: Option<&'a Attachment>,
    /// The terms that it repeats; empty where it repeats none.
    pub terms: &'a [Pronounced],
}

/// All breaches of a finished file: `pages` is what it was made of.
pub fn check(finished: &Finished<'_>, pages: &Pages, expected: &Expected<'_>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    archival::check(finished, expected, &mut breaches);
    closed::check(finished, &mut breaches);
    structure::check(finished, &mut breaches);
    text::check(finished, pages, &mut breaches);
    let tree = Tree::of(finished);
    meaning::check(finished, &tree, pages, &mut breaches);
    terms::check(&tree, pages.language, expected.terms, &mut breaches);
    breaches
}

#[cfg(test)]
mod tests;
