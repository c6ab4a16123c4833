//! The check of each finished file before it may be signed: read back from its bytes and held
//! against the pages it was made of and the clauses it must keep. It collects all breaches; one is
//! enough to refuse an original.
//!
//! To add a rule: a variant of [`Breach`] with its clause in [`Breach::clause`], the check in the
//! module of its subject, a test that breaks it.

mod archival;
mod structure;
mod text;

use super::Slot;
use super::pages::Pages;
use super::readback::Finished;

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
    /// An element does not name the parent that holds it.
    Parentage(u32),
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
}

impl Breach {
    /// The clause that is broken.
    pub const fn clause(&self) -> &'static str {
        match self {
            Self::Header => "ISO 19005-2, 6.1.2",
            Self::Forbidden(_) => "ISO 19005-2, 6.1.3, 6.5.1 and 6.8",
            Self::NotMarked => "ISO 19005-2, 6.7.2.2; ISO 14289-1, 6.2",
            Self::NoLanguage => "ISO 14289-1, 7.2",
            Self::TitleNotShown => "ISO 14289-1, 7.1",
            Self::NoMetadata => "ISO 19005-2, 6.6.2.1",
            Self::NotIdentified => "ISO 19005-2, 6.6.4; ISO 14289-1, 5",
            Self::MetadataDiffers(_) => "ISO 19005-2, 6.6.3",
            Self::NoOutputIntent => "ISO 19005-2, 6.2.3",
            Self::FontIncomplete(_) => "ISO 19005-2, 6.2.11.4 and 6.2.11.5",
            Self::MuteGlyph(..) => "ISO 19005-2, 6.2.11.7.2",
            Self::UnmarkedContent(..) => "ISO 14289-1, 7.1",
            Self::UnbalancedContent(..) => "ISO 32000-1, 14.6.1",
            Self::TextDiffers(..) | Self::PageCount => "the paper says what the pages say",
            Self::ContentWithoutElement(..) | Self::ElementWithoutContent(..) => {
                "ISO 32000-1, 14.7.4.4"
            }
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
        }
    }
}

/// All breaches of a finished file: `pages` is what it was made of, `slot` where its signature is
/// to go.
pub fn check(finished: &Finished<'_>, pages: &Pages, slot: Option<&Slot>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    archival::check(finished, slot, &mut breaches);
    structure::check(finished, &mut breaches);
    text::check(finished, pages, &mut breaches);
    breaches
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::pages::Item;
    use crate::render::pdf::specimen::{pages, stamp, subsets, written};
    use crate::render::pdf::{Written, write};

    fn breaches_of(file: &Written, pages: &Pages) -> Vec<Breach> {
        check(&Finished::read(&file.bytes).unwrap(), pages, file.slot.as_ref())
    }

    fn find(bytes: &[u8], what: &[u8]) -> usize {
        bytes.windows(what.len()).position(|window| window == what).unwrap()
    }

    /// The specimen with `what` replaced by as many bytes.
    fn broken(what: &str, by: &str) -> Vec<Breach> {
        let (pages, mut file) = written(true);
        assert_eq!(what.len(), by.len());
        let place = file.bytes.windows(what.len()).position(|w| w == what.as_bytes()).unwrap();
        file.bytes[place..place + what.len()].copy_from_slice(by.as_bytes());
        breaches_of(&file, &pages)
    }

    /// The specimen with its pages changed before it is written.
    fn redrawn(change: impl FnOnce(&mut Pages)) -> Vec<Breach> {
        let mut pages = pages(true);
        change(&mut pages);
        breaches_of(&write(&pages, subsets(), &stamp(true)).unwrap(), &pages)
    }

    #[test]
    fn the_specimens_break_nothing() {
        for sealed in [true, false] {
            let (pages, file) = written(sealed);
            assert_eq!(breaches_of(&file, &pages), []);
        }
    }

    #[test]
    fn each_thing_broken_in_the_file_is_found() {
        for (what, by, breach) in [
            ("%PDF-1.7", "%PDF-1.4", Breach::Header),
            ("/PageMode/UseOutlines", "/OpenAction/Outlines1", Breach::Forbidden("OpenAction")),
            ("/Marked true", "/Marked null", Breach::NotMarked),
            ("/Lang(en-GB)", "/Long(en-GB)", Breach::NoLanguage),
            ("/DisplayDocTitle true", "/DisplayDocTitle null", Breach::TitleNotShown),
            ("/Metadata ", "/Metadate ", Breach::NoMetadata),
            ("<pdfaid:part>2", "<pdfaid:part>1", Breach::NotIdentified),
            ("<pdfuaid:part>1", "<pdfuaid:part>2", Breach::NotIdentified),
            ("x-default\">Stalking", "x-default\">Stopping", Breach::MetadataDiffers("Title")),
            (
                "<xmp:CreateDate>2026",
                "<xmp:CreateDate>2025",
                Breach::MetadataDiffers("CreationDate"),
            ),
            ("/GTS_PDFA1", "/GTS_PDFX1", Breach::NoOutputIntent),
            ("/Tabs/S", "/Tabs/R", Breach::TabOrder(0)),
            ("/F 132", "/F 130", Breach::Field),
            ("/TU(", "/TT(", Breach::FieldNotDescribed),
            ("/StructParent 2", "/StructParent 9", Breach::FieldWithoutElement),
            ("]/Contents<0000", "]/Cantents<0000", Breach::Slot),
            ("/Type/Sig/", "/Type/Sog/", Breach::Slot),
        ] {
            let found = broken(what, by);
            assert!(found.contains(&breach), "{what}: {found:?}");
        }
    }

    #[test]
    fn a_font_without_its_program_is_found() {
        let found = broken("/FontFile2", "/FontFile7");
        assert!(matches!(found[..], [Breach::FontIncomplete(_)]), "{found:?}");
    }

    #[test]
    fn each_thing_broken_in_the_structure_is_found() {
        type Test = fn(&Breach) -> bool;
        let cases: [(&str, &str, Test); 9] = [
            ("/S/H1", "/S/H2", |b| matches!(b, Breach::SkippedHeading(..))),
            ("/S/H2", "/S/H3", |b| matches!(b, Breach::SkippedHeading(..))),
            ("/S/LI/", "/S/TR/", |b| matches!(b, Breach::ListShape(..))),
            ("/S/TR/", "/S/LI/", |b| matches!(b, Breach::TableShape(..))),
            ("/ListNumbering", "/LastNumbering", |b| matches!(b, Breach::ListNumbering(..))),
            ("/Scope/Row", "/Scape/Row", |b| matches!(b, Breach::HeaderScope(..))),
            ("/S/Span/", "/S/Spam/", |b| matches!(b, Breach::UnknownType(..))),
            ("/K[0 ]", "/K[7 ]", |b| matches!(b, Breach::ContentWithoutElement(..))),
            ("/K[0 ]", "/K[99]", |b| matches!(b, Breach::ElementWithoutContent(..))),
        ];
        for (what, by, is_found) in cases {
            let found = broken(what, by);
            assert!(found.iter().any(is_found), "{what}: {found:?}");
        }
    }

    #[test]
    fn an_element_that_names_another_parent_is_found() {
        let (pages, mut file) = written(true);
        let place = find(&file.bytes, b"/S/H1/P ") + b"/S/H1/P ".len();
        file.bytes[place] ^= 1;
        let found = breaches_of(&file, &pages);
        assert!(matches!(found[0], Breach::Parentage(_)), "{found:?}");
    }

    #[test]
    fn each_fault_of_a_content_stream_is_found() {
        let (pages, file) = written(true);
        let mut finished = Finished::read(&file.bytes).unwrap();
        finished.sheets[0].page.unmarked = 1;
        finished.sheets[0].page.mute = 1;
        finished.sheets[1].page.balanced = false;
        finished.sheets[1].page.sequences[3].mcid = None;
        let found = check(&finished, &pages, file.slot.as_ref());
        for breach in [
            Breach::UnmarkedContent(0),
            Breach::MuteGlyph(0),
            Breach::UnbalancedContent(1),
            Breach::UnmarkedContent(1),
        ] {
            assert!(found.contains(&breach), "{breach:?} in {found:?}");
        }
    }

    #[test]
    fn a_word_that_did_not_reach_the_paper_is_found() {
        let (mut pages, file) = written(true);
        for item in &mut pages.pages[1].items {
            if let Item::Run(run) = item {
                run.text = run.text.replace("any way", "no way");
            }
        }
        assert_eq!(breaches_of(&file, &pages), [Breach::TextDiffers(1)]);
    }

    #[test]
    fn a_lost_page_is_found() {
        let (mut pages, file) = written(true);
        pages.pages.pop();
        assert!(breaches_of(&file, &pages).contains(&Breach::PageCount));
    }

    #[test]
    fn rows_of_different_width_are_found() {
        use crate::render::pages::Role;
        let found = redrawn(|pages| {
            let cell = pages.nodes.iter_mut().find(|node| node.role == Role::Td).unwrap();
            cell.column_span = 2;
        });
        assert!(matches!(found[..], [Breach::TableShape(..)]), "{found:?}");
    }

    #[test]
    fn a_slot_that_is_said_to_be_elsewhere_is_found() {
        let (pages, mut file) = written(true);
        let slot = file.slot.as_mut().unwrap();
        slot.contents.start += 1;
        assert_eq!(breaches_of(&file, &pages), [Breach::Slot]);
    }

    #[test]
    fn a_preview_with_a_field_is_found() {
        let (pages, mut file) = written(true);
        file.slot = None;
        assert_eq!(breaches_of(&file, &pages), [Breach::UnexpectedField]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn a_changed_byte_is_a_breach_or_nothing_but_never_a_panic(
            at in any::<proptest::sample::Index>(),
            by in any::<u8>(),
        ) {
            let (pages, mut file) = written(true);
            let at = at.index(file.bytes.len());
            file.bytes[at] = by;
            if let Ok(finished) = Finished::read(&file.bytes) {
                let _ = check(&finished, &pages, file.slot.as_ref());
                let _ = finished.read_back();
            }
        }
    }
}
