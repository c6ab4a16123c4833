//! Each kind of later change: what is allowed, to whom, and what every other one is called.

use super::*;
use crate::verify::pdf::specimen::{EMPTY, Maker, PAGE, Style, TEXT, approved, certified};
use crate::verify::reason::Reason;
use crate::verify::structure::signatures;

const STYLES: [Style; 2] = [Style::Table, Style::Stream];

fn after_first(bytes: &[u8]) -> Difference {
    let file = File::read(bytes).unwrap();
    let signatures = signatures(&file);
    let first = signatures.present.iter().chain(&signatures.removed).next().unwrap();
    Steps::of(&file, &signatures).after(first)
}

fn reasons(difference: &Difference) -> Vec<Reason> {
    difference.findings.iter().map(|finding| finding.reason).collect()
}

fn changes(difference: &Difference) -> Vec<Reason> {
    match &difference.later {
        LaterChanges::None => Vec::new(),
        LaterChanges::Allowed { changes } | LaterChanges::NotAllowed { changes } => {
            changes.iter().map(|change| change.reason).collect()
        }
    }
}

/// What is wrong after one revision of these objects behind a certification that allows nothing.
fn refused(objects: &[(u32, &str)]) -> Vec<Reason> {
    let all = STYLES.map(|style| {
        let mut maker = certified(style, 1);
        maker.revision(objects);
        let difference = after_first(&maker.bytes);
        let refused = matches!(difference.later, LaterChanges::NotAllowed { .. });
        assert_eq!(refused, !difference.findings.is_empty());
        reasons(&difference)
    });
    assert_eq!(all[0], all[1], "{objects:?}");
    all[0].clone()
}

/// The catalog with more entries.
fn catalog(more: &str) -> String {
    format!(
        "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Metadata 10 0 R/Lang(en-GB)\
         /Perms<</DocMDP 7 0 R>>{more}>>"
    )
}

const STORE: &str = "<</Type/DSS/Certs[41 0 R]/OCSPs[42 0 R]\
     /VRI<</0123456789ABCDEF0123456789ABCDEF01234567<</Cert[41 0 R]>>>>>>";
const DER: &str = "<</Length 2>>stream\n0\0\nendstream";
const FORM: &str = "<</Fields[6 0 R 11 0 R 12 0 R 51 0 R]/SigFlags 3>>";
const STAMPED: &str =
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Stamp)/F 132/P 3 0 R/Rect[0 0 0 0]/V 52 0 R>>";
const STAMP: &str = "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161";

fn page_with(annotation: &str) -> String {
    PAGE.replace("12 0 R]>>", &format!("12 0 R {annotation}]>>"))
}

/// Long-term data in a revision of their own.
fn with_store(maker: &mut Maker) {
    let extensions = "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>";
    let root = catalog(&format!("/DSS 40 0 R{extensions}"));
    maker.revision(&[(1, &root), (40, STORE), (41, DER), (42, DER)]);
}

fn with_stamp(maker: &mut Maker) {
    maker.signed(&[(3, &page_with("51 0 R")), (5, FORM), (51, STAMPED)], 52, STAMP);
}

#[test]
fn nothing_after_the_signature_is_none() {
    for style in STYLES {
        assert_eq!(after_first(&certified(style, 1).bytes).later, LaterChanges::None);
    }
}

#[test]
fn long_term_data_and_timestamps_are_allowed_to_everybody() {
    for style in STYLES {
        let mut maker = certified(style, 1);
        with_store(&mut maker);
        with_stamp(&mut maker);
        let more = "<</Type/DSS/Certs[41 0 R 143 0 R]/OCSPs[42 0 R]/CRLs[143 0 R]\
             /VRI<</0123456789ABCDEF0123456789ABCDEF01234567<</Cert[41 0 R]>>>>>>";
        maker.revision(&[(40, more), (143, DER)]);
        let difference = after_first(&maker.bytes);
        assert_eq!(reasons(&difference), []);
        assert!(matches!(difference.later, LaterChanges::Allowed { .. }));
        let wanted = [
            Reason::EvidenceAdded,
            Reason::ExtensionsAdded,
            Reason::TimestampAdded,
            Reason::EvidenceAdded,
        ];
        assert_eq!(changes(&difference), wanted);
        let file = maker.file();
        let signatures = signatures(&file);
        let stamp = Steps::of(&file, &signatures).after(&signatures.present[1]);
        assert_eq!(changes(&stamp), [Reason::EvidenceAdded]);
    }
}

#[test]
fn objects_said_again_are_no_change() {
    for style in STYLES {
        let mut maker = certified(style, 1);
        maker.revision(&[(3, PAGE), (12, TEXT)]);
        let difference = after_first(&maker.bytes);
        assert_eq!(difference.later, LaterChanges::Allowed { changes: Vec::new() });
    }
}

#[test]
fn long_term_data_only_grow() {
    for (objects, wanted) in [
        ([(1, catalog(""))].as_slice(), Reason::EvidenceRemoved),
        (&[(40, "<</Type/DSS>>".into())], Reason::EvidenceRemoved),
        (&[(40, STORE.replace("[42 0 R]", "[41 0 R]"))], Reason::EvidenceRemoved),
        (&[(40, STORE.replace("<</Cert[41 0 R]>>", "<</Cert[42 0 R]>>"))], Reason::EvidenceRemoved),
        (&[(40, STORE.replace("/Certs", "/Cents"))], Reason::EvidenceMalformed),
        (&[(40, "(x)".into())], Reason::EvidenceMalformed),
        (&[(40, STORE.replace("[42 0 R]", "[42 0 R 8 0 R]"))], Reason::EvidenceMalformed),
        (&[(40, STORE.replace("/VRI<<", "/VRI<</short<<>>"))], Reason::EvidenceMalformed),
        (
            &[
                (40, STORE.replace("[42 0 R]", "[42 0 R 44 0 R]")),
                (44, "<</Length 1/A 3 0 R>>stream\n0\nendstream".into()),
            ],
            Reason::EvidenceMalformed,
        ),
        (&[(1, catalog("/DSS 45 0 R")), (45, STORE.into())], Reason::EvidenceRemoved),
    ] {
        let mut maker = certified(Style::Table, 1);
        with_store(&mut maker);
        let objects: Vec<_> = objects.iter().map(|(number, body)| (*number, &**body)).collect();
        maker.revision(&objects);
        let found = reasons(&after_first(&maker.bytes));
        assert!(found.contains(&wanted), "{objects:?}: {found:?}");
    }
    let mut maker = certified(Style::Table, 1);
    with_store(&mut maker);
    maker.revision(&[(41, "<</Length 2>>stream\n0\u{1}\nendstream")]);
    assert!(!reasons(&after_first(&maker.bytes)).is_empty(), "a certificate was exchanged");
}

#[test]
fn every_other_change_has_its_name() {
    let other = |from: &str, to: &str| PAGE.replace(from, to);
    for (objects, wanted) in [
        (
            [(4, "<</Length 3>>stream\nfoo\nendstream".to_owned())].as_slice(),
            Reason::ContentChanged,
        ),
        (&[(3, other("/Contents 4 0 R", "/Contents 10 0 R"))], Reason::ContentChanged),
        (&[(3, other("[0 0 9 9]", "[0 0 9 8]"))], Reason::PageTreeChanged),
        (&[(3, other(">>/Annots", ">>/AA<<>>/Annots"))], Reason::ActionChanged),
        (&[(3, page_with("60 0 R")), (60, "<</Subtype/Stamp>>".into())], Reason::AnnotationAdded),
        (&[(3, page_with("<</Subtype/Stamp>>"))], Reason::AnnotationAdded),
        (&[(3, other("6 0 R 11 0 R", "11 0 R 6 0 R"))], Reason::AnnotationAdded),
        (&[(2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>".into())], Reason::PageTreeChanged),
        (
            &[(1, catalog("").replace("2 0 R", "61 0 R")), (61, "()".into())],
            Reason::PageTreeChanged,
        ),
        (&[(1, catalog("/OpenAction<</S/JavaScript/JS(x)>>"))], Reason::ActionChanged),
        (&[(1, catalog("/Names<<>>"))], Reason::NamesChanged),
        (&[(1, catalog("/Outlines 8 0 R"))], Reason::StructureChanged),
        (&[(1, catalog("/OCProperties<<>>"))], Reason::CatalogChanged),
        (&[(1, catalog("").replace("7 0 R", "8 0 R"))], Reason::SignatureChanged),
        (&[(1, catalog("").replace("10 0 R", "4 0 R"))], Reason::MetadataChanged),
        (&[(1, catalog("/Extensions<</ESIC 8 0 R>>"))], Reason::CatalogChanged),
        (&[(1, catalog("/DSS<</Certs 41 0 R>>")), (41, DER.into())], Reason::EvidenceRemoved),
        (&[(8, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>".into())], Reason::FontChanged),
        (&[(8, "[]".into())], Reason::TypeChanged),
        (&[(8, "<</Type/Page>>".into())], Reason::TypeChanged),
        (&[(9, "<</Title(Another order)/Producer(one)>>".into())], Reason::MetadataChanged),
        (
            &[(10, "<</Type/Metadata/Length 3>>stream\nXMP\nendstream".into())],
            Reason::MetadataChanged,
        ),
        (&[(11, EMPTY.replace("[1 1 5 5]", "[1 1 9 9]"))], Reason::FieldChanged),
        (&[(6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)>>".into())], Reason::FieldChanged),
        (&[(12, TEXT.replace(">>", "/AP<</N 8 0 R>>>>"))], Reason::AppearanceChanged),
        (&[(12, TEXT.replace(">>", "/V(never)>>"))], Reason::FieldFilled),
        (&[(5, "<</Fields[6 0 R 11 0 R]/SigFlags 3>>".into())], Reason::FieldChanged),
        (&[(5, "<</Fields[6 0 R 11 0 R 12 0 R]/SigFlags 1>>".into())], Reason::FormChanged),
        (&[(5, FORM.replace("51 0 R", "").replace("3>>", "3/DR<<>>>>"))], Reason::FormChanged),
        (&[(4, String::new())], Reason::ObjectFreed),
        (&[(62, "(orphan)".into())], Reason::Unreferenced),
    ] {
        let objects: Vec<_> = objects.iter().map(|(number, body)| (*number, &**body)).collect();
        let found = refused(&objects);
        assert_eq!(found.first(), Some(&wanted), "{objects:?}: {found:?}");
    }
}

#[test]
fn information_may_name_another_maker_and_date() {
    for style in STYLES {
        let mut maker = certified(style, 1);
        maker.revision(&[(9, "<</Title(An order)/Producer(two)/ModDate(D:2026)>>")]);
        let difference = after_first(&maker.bytes);
        assert_eq!(reasons(&difference), []);
        assert_eq!(changes(&difference), [Reason::InformationUpdated]);
    }
}

#[test]
fn the_trailer_stays() {
    for (trailer, wanted) in [
        ("/Info 9 0 R/ID[<01><03>]", None),
        ("/Info 9 0 R/ID[<03><02>]", Some(Reason::TrailerChanged)),
        ("/Info 9 0 R", Some(Reason::TrailerChanged)),
        ("/Info 8 0 R/ID[<01><02>]", Some(Reason::MetadataChanged)),
        ("/Info 9 0 R/ID[<01><02>]/More 1", Some(Reason::TrailerChanged)),
    ] {
        for style in STYLES {
            let mut maker = certified(style, 1);
            maker.trailer = trailer.to_owned();
            maker.revision(&[]);
            assert_eq!(reasons(&after_first(&maker.bytes)).first().copied(), wanted, "{trailer}");
        }
    }
    let mut maker = certified(Style::Table, 1);
    maker.revision(&[(70, &catalog(""))]);
    let at = memchr::memmem::rfind(&maker.bytes, b"/Root 1 0 R").unwrap();
    maker.bytes.splice(at..at + 11, *b"/Root 70 0 R");
    assert_eq!(reasons(&after_first(&maker.bytes))[0], Reason::TrailerChanged);
}

#[test]
fn an_object_that_was_named_but_missing_may_not_come() {
    let mut maker = certified(Style::Table, 1);
    let content = b"/Contents 4 0 R";
    let at = memchr::memmem::find(&maker.bytes, content).unwrap();
    maker.bytes[at..at + content.len()].copy_from_slice(b"/Contents 8 1 R");
    assert_eq!(after_first(&maker.bytes).later, LaterChanges::None);
    let mut maker = certified(Style::Table, 1);
    let root = catalog("").replace("/Lang(en-GB)", "/Outlines 80 0 R");
    maker.signed(&[(1, &root)], 90, "/Type/Sig");
    maker.revision(&[(80, "<<>>")]);
    assert!(reasons(&after_first(&maker.bytes)).contains(&Reason::MissingObjectFilled));
}

#[test]
fn a_number_does_not_come_back_as_another() {
    let mut maker = certified(Style::Table, 1);
    maker.revision(&[(8, "")]);
    maker.revision(&[(8, "<</Type/Font>>")]);
    let found = reasons(&after_first(&maker.bytes));
    assert_eq!(found, [Reason::ObjectFreed, Reason::MissingObjectFilled]);
}

#[test]
fn a_change_that_a_later_revision_takes_back_is_told() {
    let mut maker = certified(Style::Table, 1);
    maker.revision(&[(4, "<</Length 3>>stream\nfoo\nendstream")]);
    maker.revision(&[(4, "<</Length 5>>stream\nBT ET\nendstream")]);
    let difference = after_first(&maker.bytes);
    assert_eq!(changes(&difference), [Reason::ContentChanged, Reason::ContentChanged]);
    assert!(matches!(difference.later, LaterChanges::NotAllowed { .. }));
}

#[test]
fn new_fields_take_no_room_and_do_nothing() {
    for (from, to) in [
        ("[0 0 0 0]", "[0 0 1 1]"),
        ("/F 132", "/AP<<>>"),
        ("/F 132", "/A<<>>"),
        ("/F 132", "/Kids[]"),
        ("/FT/Sig", "/FT/Tx"),
        ("(Stamp)", "(Signature)"),
        ("(Stamp)", "(A.B)"),
        ("/P 3 0 R", "/P 8 0 R"),
        ("52 0 R", "7 0 R"),
        ("/Subtype/Widget", "/Subtype/Stamp"),
    ] {
        let mut maker = certified(Style::Table, 1);
        let field = STAMPED.replace(from, to);
        maker.signed(&[(3, &page_with("51 0 R")), (5, FORM), (51, &field)], 52, STAMP);
        assert_eq!(reasons(&after_first(&maker.bytes))[0], Reason::FieldAdded, "{to}");
    }
    let mut twice = certified(Style::Table, 1);
    twice.signed(&[(3, &page_with("51 0 R 51 0 R")), (5, FORM), (51, STAMPED)], 52, STAMP);
    assert_eq!(reasons(&after_first(&twice.bytes)), [Reason::AnnotationAdded]);
    let mut extra = certified(Style::Table, 1);
    extra.signed(&[(5, FORM), (51, STAMPED)], 52, &format!("{STAMP}/AA<<>>"));
    assert_eq!(reasons(&after_first(&extra.bytes)), [Reason::FieldAdded]);
}

#[test]
fn who_may_sign_and_fill_depends_on_the_certification() {
    let sign = |maker: &mut Maker| {
        let field = EMPTY.replace(">>", "/V 52 0 R/AP<</N 53 0 R>>>>");
        let drawn = "<</Subtype/Form/Resources<</Font<</F 8 0 R>>>>/Length 0>>stream\n\nendstream";
        maker.signed(&[(11, &field), (53, drawn)], 52, "/Type/Sig/SubFilter/ETSI.CAdES.detached");
    };
    let fill = |maker: &mut Maker| {
        let drawn = "<</Subtype/Form/Length 0>>stream\n\nendstream";
        let field = TEXT.replace(">>", "/V(today)/AP<</N 54 0 R>>>>");
        maker.revision(&[(12, &field), (54, drawn)]);
    };
    let act = |maker: &mut Maker| {
        let field = TEXT.replace(">>", "/V(today)/AP<</N 54 0 R>>>>");
        let drawn = "<</Subtype/Form/Resources 55 0 R/Length 0>>stream\n\nendstream";
        maker.revision(&[(12, &field), (54, drawn), (55, "<</JS(x)>>")]);
    };
    let judged = |maker: &Maker, change: &dyn Fn(&mut Maker)| {
        let mut maker = maker.clone();
        change(&mut maker);
        reasons(&after_first(&maker.bytes))
    };
    for style in STYLES {
        let [one, two, none] = [certified(style, 1), certified(style, 2), approved(style)];
        assert_eq!(judged(&one, &sign), [Reason::SignatureAdded]);
        assert_eq!(judged(&two, &sign), []);
        assert_eq!(judged(&none, &sign), []);
        assert_eq!(judged(&one, &fill), [Reason::FieldFilled]);
        assert_eq!(judged(&two, &fill), []);
        assert_eq!(judged(&none, &fill), [Reason::FieldFilled]);
        assert_eq!(judged(&two, &act), [Reason::AppearanceChanged]);
    }
}

#[test]
fn a_permission_outlives_the_signature_that_gave_it() {
    let mut maker = approved(Style::Table);
    let locking = "/Type/Sig/SubFilter/ETSI.CAdES.detached\
         /Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]";
    let field = EMPTY.replace(">>", "/V 52 0 R>>");
    maker.signed(&[(11, &field)], 52, locking);
    let new = STAMPED.replace("52 0 R", "56 0 R");
    maker.signed(&[(5, FORM), (51, &new)], 56, "/Type/Sig/SubFilter/ETSI.CAdES.detached");
    assert_eq!(reasons(&after_first(&maker.bytes)), [Reason::SignatureAdded]);
}

#[test]
fn shared_arrays_are_no_place_for_annotations() {
    let mut maker = approved(Style::Table);
    let shared = PAGE.replace("[6 0 R 11 0 R 12 0 R]", " 80 0 R");
    let list = "[6 0 R 11 0 R 12 0 R]";
    let form = (5, "<</Fields 80 0 R/SigFlags 3>>");
    let field = EMPTY.replace(">>", "/V 52 0 R>>");
    let more = "/Type/Sig/SubFilter/ETSI.CAdES.detached";
    maker.signed(&[(3, &shared), form, (80, list), (11, &field)], 52, more);
    let grown = "[6 0 R 11 0 R 12 0 R 51 0 R]";
    let stamped = STAMPED.replace("52 0 R", "57 0 R");
    maker.signed(&[(80, grown), (51, &stamped)], 57, STAMP);
    let file = maker.file();
    let signatures = signatures(&file);
    let difference = Steps::of(&file, &signatures).after(&signatures.present[1]);
    assert!(matches!(difference.later, LaterChanges::NotAllowed { .. }), "{difference:?}");
}

#[test]
fn faults_of_the_file_leave_no_signature_untouched() {
    let mut maker = certified(Style::Table, 1);
    maker.bytes.extend_from_slice(b"8 0 obj\n()\nendobj\n");
    let refused = LaterChanges::NotAllowed { changes: Vec::new() };
    assert_eq!(after_first(&maker.bytes).later, refused);
}

#[test]
fn a_broken_byte_range_has_no_after() {
    let mut maker = certified(Style::Table, 1);
    let at = memchr::memmem::find(&maker.bytes, b"/ByteRange").unwrap();
    maker.bytes[at + 1] = b'b';
    let refused = LaterChanges::NotAllowed { changes: Vec::new() };
    assert_eq!(after_first(&maker.bytes).later, refused);
}

/// An order as the renderer writes it, its hole filled with something.
fn order() -> Vec<u8> {
    let (_, written) = crate::render::pdf::specimen::written(true);
    let (slot, mut bytes) = (written.slot.unwrap(), written.bytes);
    let hole = slot.contents;
    let range = format!("0 {} {} {}", hole.start, hole.end, bytes.len() - hole.end);
    let at = slot.byte_range.start;
    bytes[at..at + range.len()].copy_from_slice(range.as_bytes());
    bytes[hole.start + 1] = b'3';
    bytes
}

#[test]
fn an_order_of_ours_is_read_and_nothing_came_after_it() {
    let bytes = order();
    let file = File::read(&bytes).unwrap();
    assert_eq!(file.findings(), []);
    let found = signatures(&file);
    assert_eq!(found.findings, []);
    assert_eq!(found.present[0].findings, []);
    assert_eq!(found.present[0].permission, Some(1));
    assert_eq!(Steps::of(&file, &found).after(&found.present[0]).later, LaterChanges::None);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        cases: 300, failure_persistence: None, ..Default::default()
    })]

    #[test]
    fn a_changed_revision_is_never_taken_for_the_signed_one(
        number in 1..13_u32,
        body in "(<</[A-Z]{1,3} [0-9]{1,2}>>|\\[[0-9 ]{0,6}\\]|\\([a-z]{0,4}\\)|[0-9]{1,3})",
        style in 0..2_usize,
    ) {
        let mut maker = certified(STYLES[style], 1);
        maker.revision(&[(number, &body)]);
        let later = after_first(&maker.bytes).later;
        let refused = matches!(later, LaterChanges::NotAllowed { .. });
        proptest::prop_assert!(refused, "{:?}", later);
    }

    #[test]
    fn no_change_of_bytes_makes_the_comparison_fall(
        at in 0..100_000_usize,
        length in 0..30_usize,
        block in proptest::collection::vec(0..=255_u8, 0..30),
    ) {
        let mut maker = certified(Style::Table, 2);
        with_store(&mut maker);
        with_stamp(&mut maker);
        let end = maker.bytes.len();
        let at = at % end;
        maker.bytes.splice(at..(at + length).min(end), block);
        if let Ok(file) = File::read(&maker.bytes) {
            let signatures = signatures(&file);
            let steps = Steps::of(&file, &signatures);
            for placed in signatures.present.iter().chain(&signatures.removed) {
                steps.after(placed);
            }
        }
    }

    #[test]
    fn no_other_file_passes_for_the_one_that_was_signed(
        at in 0..10_000_000_usize,
        length in 0..20_usize,
        block in proptest::collection::vec(0..=255_u8, 0..20),
    ) {
        static ORDER: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(order);
        let (mut bytes, at) = (ORDER.clone(), at % ORDER.len());
        bytes.splice(at..(at + length).min(ORDER.len()), block);
        if let Ok(file) = File::read(&bytes) {
            let signatures = signatures(&file);
            let steps = Steps::of(&file, &signatures);
            let (true_file, other) = (File::read(&ORDER).unwrap(), ORDER.len() != bytes.len());
            let signed = &super::super::structure::signatures(&true_file).present[0];
            let hole = signed.hole.clone();
            let outside = other || bytes[..hole.start] != ORDER[..hole.start]
                || bytes[hole.end..] != ORDER[hole.end..];
            for placed in &signatures.present {
                let untouched = steps.after(placed).later == LaterChanges::None
                    && placed.findings.is_empty()
                    && signatures.findings.is_empty();
                let same = placed.covered(&file) == signed.covered(&true_file);
                proptest::prop_assert!(!(outside && untouched && same));
            }
        }
    }
}
