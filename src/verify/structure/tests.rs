//! Each reason that a signature's place can give, and the places that are right.

use super::*;
use crate::verify::pdf::specimen::{Maker, Style, approved, certified};
use crate::verify::reason::Weight;

const STYLES: [Style; 2] = [Style::Table, Style::Stream];

fn found(bytes: &[u8]) -> Signatures {
    signatures(&File::read(bytes).unwrap())
}

fn reasons(findings: &[Finding]) -> Vec<Reason> {
    findings.iter().map(|finding| finding.reason).collect()
}

/// What the first signature's findings name.
fn of_first(bytes: &[u8]) -> Vec<Reason> {
    reasons(&found(bytes).present[0].findings)
}

/// The specimen with bytes of the same number written over others, at their last place.
fn over(maker: &Maker, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "{to}");
    let mut bytes = maker.bytes.clone();
    let at = memchr::memmem::rfind(&bytes, from.as_bytes()).expect(from);
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    bytes
}

/// The byte range as it stands in the file.
fn range(maker: &Maker) -> String {
    let at = memchr::memmem::rfind(&maker.bytes, b"/ByteRange[").unwrap() + 11;
    String::from_utf8(maker.bytes[at..at + 40].to_vec()).unwrap()
}

#[test]
fn a_certification_is_read_in_its_place() {
    for style in STYLES {
        let maker = certified(style, 1);
        let found = found(&maker.bytes);
        assert_eq!(found.findings, []);
        let [placed] = found.present.as_slice() else { panic!("one signature") };
        assert_eq!(placed.findings, []);
        assert_eq!((placed.object, placed.field_object), (7, 6));
        assert_eq!(placed.field, "Signature");
        assert_eq!((placed.kind, placed.permission), (Kind::Certification, Some(1)));
        assert_eq!(placed.covered_end, maker.bytes.len());
        assert_eq!(placed.signed_revision, Some(0));
        assert_eq!(placed.claimed_time.unwrap().to_string(), "2026-04-01T09:30:00Z");
        assert_eq!(placed.sub_filter, "ETSI.CAdES.detached");
        assert!(placed.visible);
        assert_eq!(placed.contents.len(), 21);
        let [before, behind] = placed.covered(&maker.file()).unwrap();
        assert!(before.ends_with(b"/Contents") && behind.starts_with(b">>"));
    }
}

#[test]
fn a_later_signature_covers_the_one_before_it() {
    let mut maker = approved(Style::Table);
    let stamp = "/Type/DocTimeStamp/SubFilter/ETSI.RFC3161";
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Stamp)/Rect[0 0 0 0]/V 20 0 R>>";
    let form = (5, "<</Fields[6 0 R 11 0 R 12 0 R 21 0 R]/SigFlags 3>>");
    maker.signed(&[form, (21, field)], 20, stamp);
    let found = found(&maker.bytes);
    let kinds: Vec<_> = found.present.iter().map(|placed| (placed.kind, placed.visible)).collect();
    assert_eq!(kinds, [(Kind::Approval, true), (Kind::DocumentTimestamp, false)]);
    assert!(found.present.iter().all(|placed| placed.findings.is_empty()));
    assert_eq!(found.present[1].signed_revision, Some(1));
    assert!(found.removed.is_empty());
}

#[test]
fn byte_ranges_that_are_none_are_named() {
    let maker = certified(Style::Table, 1);
    let whole = range(&maker);
    let numbers: Vec<usize> =
        whole.split_ascii_whitespace().map(|number| number.parse().unwrap()).collect();
    let [start, length, behind, last] = numbers.as_slice() else { panic!("four") };
    let with = |text: String| of_first(&over(&maker, &whole, &format!("{text:40}")));
    for (text, wanted) in [
        (format!("{start} {length} {behind}"), Reason::ByteRangeMalformed),
        (format!("{start} {length} {behind} {last} 0"), Reason::ByteRangeMalformed),
        (format!("1 {length} {behind} {last}"), Reason::ByteRangeMalformed),
        (format!("0 -1 {behind} {last}"), Reason::ByteRangeMalformed),
        (format!("0 {length} {behind} (1)"), Reason::ByteRangeMalformed),
        (format!("0 {length} {behind} {}.0", last), Reason::ByteRangeMalformed),
        (format!("0 {behind} {length} {last}"), Reason::ByteRangeMalformed),
        (format!("0 {length} {behind} {}", last + 1), Reason::ByteRangeMalformed),
        (format!("0 {length} {behind} {}", last - 20), Reason::ByteRangeMalformed),
        (format!("0 {length} {behind} {}", i64::MAX / 10), Reason::ByteRangeMalformed),
        (format!("0 {} {behind} {last}", length - 1), Reason::HoleNotContents),
        (format!("0 {length} {} {}", behind + 1, last - 1), Reason::HoleNotContents),
    ] {
        let found = with(text.clone());
        assert_eq!(found.first(), Some(&wanted), "{text}");
    }
    let missing = over(&maker, "/ByteRange", "/ByteRangX");
    assert_eq!(of_first(&missing)[0], Reason::ByteRangeMissing);
}

#[test]
fn a_hole_is_one_hexadecimal_string_with_something_in_it() {
    let maker = certified(Style::Table, 1);
    let missing = over(&maker, "/Contents<", "/Contentz<");
    assert_eq!(of_first(&missing)[0], Reason::ContentsMissing);
    let empty = over(&maker, "/Contents<30", "/Contents<00");
    assert_eq!(of_first(&empty)[0], Reason::ContentsMissing);
    let spaced = over(&maker, "/Contents<3000", "/Contents<30  ");
    assert_eq!(of_first(&spaced)[0], Reason::HoleNotContents);
    let literal = over(&maker, &format!("<30{}>", "00".repeat(20)), &format!("({:42})", "30"));
    assert_eq!(of_first(&literal)[0], Reason::HoleNotContents);
}

#[test]
fn a_signature_moved_into_a_later_revision_is_found() {
    let mut maker = certified(Style::Table, 1);
    let at = memchr::memmem::find(&maker.bytes, b"7 0 obj").unwrap();
    let end = at + memchr::memmem::find(&maker.bytes[at..], b"endobj").unwrap();
    let body = String::from_utf8(maker.bytes[at + 8..end].to_vec()).unwrap();
    maker.revision(&[(7, body.trim())]);
    let found = found(&maker.bytes);
    assert_eq!(reasons(&found.present[0].findings), [Reason::HoleNotContents]);
    assert_eq!(found.removed.len(), 1, "the one that was there");
}

#[test]
fn a_byte_range_over_a_later_revision_is_not_of_the_signed_one() {
    let mut maker = certified(Style::Table, 1);
    let whole = range(&maker);
    let first = maker.bytes.len();
    maker.revision(&[(8, "()")]);
    let numbers: Vec<&str> = whole.split_ascii_whitespace().collect();
    let last = numbers[3].parse::<usize>().unwrap() + maker.bytes.len() - first;
    let wide = format!("0 {} {} {last}", numbers[1], numbers[2]);
    let bytes = over(&maker, &whole, &format!("{wide:40}"));
    assert_eq!(of_first(&bytes), [Reason::NotInSignedRevision]);
}

#[test]
fn a_field_renamed_later_does_not_take_the_signature_along() {
    let mut maker = certified(Style::Table, 1);
    maker.revision(&[(6, "<</FT/Sig/T(Other)/Rect[1 1 9 9]/V 7 0 R>>")]);
    assert_eq!(of_first(&maker.bytes), [Reason::NotInSignedRevision]);
}

#[test]
fn a_signature_that_was_taken_away_is_told() {
    for style in STYLES {
        for revision in [
            [(5, "<</Fields[]/SigFlags 3>>")].as_slice(),
            &[(6, "<</FT/Sig/T(Signature)>>")],
            &[(1, "<</Type/Catalog/Pages 2 0 R>>")],
            &[(6, "<</FT/Tx/T(Signature)/V 7 0 R>>")],
        ] {
            let mut maker = certified(style, 1);
            maker.revision(revision);
            let found = found(&maker.bytes);
            assert!(found.present.is_empty());
            assert_eq!(found.removed.len(), 1);
            assert_eq!(found.removed[0].signed_revision, Some(0));
            assert_eq!(reasons(&found.findings), [Reason::SignatureRemoved]);
        }
    }
}

#[test]
fn the_walk_ends_and_keeps_to_the_form() {
    for (objects, wanted) in [
        ([(6, "<</FT/Sig/T(S)/Kids[6 0 R]/V 7 0 R>>")].as_slice(), true),
        (&[(6, "<</FT/Sig/T(S)/Kids[13 0 R]>>"), (13, "<</Parent 6 0 R/Kids[6 0 R]>>")], true),
        (&[(6, "<</FT/Sig/T(S)/Kids[13 0 R]>>"), (13, "<</Parent 8 0 R/V 7 0 R>>")], true),
        (&[(6, "<</FT/Sig/T(S)/Kids[13 0 R]>>"), (13, "<</Parent 6 0 R/T(k)/V 7 0 R>>")], false),
        (&[(5, "<</Fields 8 0 R>>")], true),
        (&[(5, "[]")], true),
        (&[(5, "<</Fields[<</FT/Sig/V 7 0 R>>]>>")], true),
    ] {
        let mut maker = certified(Style::Table, 1);
        maker.revision(objects);
        let found = found(&maker.bytes);
        let malformed = reasons(&found.findings).contains(&Reason::FieldsMalformed);
        assert_eq!(malformed, wanted, "{objects:?}");
        if !wanted {
            assert_eq!(found.present[0].field, "S.k");
        }
    }
}

#[test]
fn one_signature_in_two_fields_is_shared() {
    let mut maker = certified(Style::Table, 1);
    maker.revision(&[(11, "<</FT/Sig/T(Officer)/V 7 0 R>>")]);
    let found = found(&maker.bytes);
    assert_eq!(found.present.len(), 2);
    for placed in &found.present {
        assert!(reasons(&placed.findings).contains(&Reason::SignatureShared));
    }
}

#[test]
fn a_value_that_is_no_object_of_its_own_is_malformed() {
    let mut maker = approved(Style::Table);
    maker.revision(&[(11, "<</FT/Sig/T(Officer)/V<</ByteRange[0 1 2 3]/Contents<30>>>>>")]);
    let found = found(&maker.bytes);
    assert_eq!(reasons(&found.present[0].findings), [Reason::FieldsMalformed]);
}

#[test]
fn a_certification_agrees_with_the_catalog() {
    let maker = certified(Style::Table, 1);
    for (from, to) in [
        ("/P 1>>", "/P 4>>"),
        ("/P 1>>", "/P()>>"),
        ("/TransformMethod/DocMDP", "/TransformMethod/DocMDQ"),
        ("/Type/Sig/F", "/Type/Doc/F"),
    ] {
        let found = of_first(&over(&maker, from, to));
        let wanted =
            if to.contains("/Doc/") { vec![] } else { vec![Reason::CertificationMismatch] };
        assert_eq!(found, wanted, "{to}");
    }
    let unnamed = over(&maker, "/DocMDP 7 0 R", "/DocMDP 8 0 R");
    let found = found(&unnamed);
    assert_eq!((found.present[0].kind, found.present[0].permission), (Kind::Approval, Some(1)));
}

#[test]
fn a_timestamp_says_so_twice() {
    let maker = approved(Style::Table);
    let half = over(&maker, "/SubFilter/ETSI.CAdES.detached", "/SubFilter/ETSI.RFC3161       ");
    assert_eq!(of_first(&half), [Reason::CertificationMismatch]);
}

#[test]
fn a_second_certification_is_a_mismatch() {
    let mut maker = approved(Style::Table);
    let entries = "/Type/Sig/SubFilter/ETSI.CAdES.detached\
         /Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]";
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Perms<</DocMDP 20 0 R>>>>";
    let field = "<</FT/Sig/T(Officer)/V 20 0 R>>";
    maker.signed(&[(1, catalog), (11, field)], 20, entries);
    let found = found(&maker.bytes);
    assert_eq!(reasons(&found.present[1].findings), [Reason::CertificationMismatch]);
}

#[test]
fn a_signature_that_no_field_names_is_told() {
    let mut maker = approved(Style::Table);
    maker.revision(&[(30, "<</ByteRange[0 1 2 3]/Contents<30>>>")]);
    assert_eq!(reasons(&found(&maker.bytes).findings), [Reason::SignatureUnplaced]);
}

#[test]
fn active_things_are_a_note() {
    for body in [
        "<</S/JavaScript/JS(x)>>",
        "<</A<</S/Launch/F(x)>>>>",
        "<</Subtype/RichMedia>>",
        "<</OpenAction 3 0 R>>",
        "<</F(outside)/Length 0>>stream\n\nendstream",
        "<</AcroForm<</XFA[]>>>>",
        "[[<</AA<<>>>>]]",
    ] {
        let mut maker = approved(Style::Table);
        maker.revision(&[(30, body)]);
        let [note] = found(&maker.bytes).findings.try_into().unwrap();
        assert_eq!((note.reason, note.weight), (Reason::ActiveContent, Weight::Note), "{body}");
        assert!(note.place.starts_with("30 0 R /"));
    }
}

#[test]
fn a_signature_that_leaves_out_part_of_the_one_before_is_not_nested() {
    let mut maker = approved(Style::Table);
    let field = "<</FT/Sig/T(Officer)/V 20 0 R>>";
    maker.signed(&[(11, field)], 20, "/Type/Sig/SubFilter/ETSI.CAdES.detached");
    let mut present = found(&maker.bytes).present;
    together::check(&mut present);
    assert!(present.iter().all(|placed| placed.findings.is_empty()));
    present[1].hole.start = present[0].covered_end - 1;
    together::check(&mut present);
    assert_eq!(reasons(&present[1].findings), [Reason::RangesNotNested]);
}
