//! The reader held to its word: what it reads, and each reason for which it does not.

use super::specimen::{Maker, Row, Style, certified};
use super::*;
use crate::verify::reason::Weight;

fn reason(bytes: &[u8]) -> Option<Reason> {
    File::read(bytes).err().map(|finding| finding.reason)
}

fn findings(bytes: &[u8]) -> Vec<(Reason, Weight)> {
    let file = File::read(bytes).unwrap();
    file.findings().iter().map(|finding| (finding.reason, finding.weight)).collect()
}

/// The specimen with one thing written otherwise, of the same length or not.
fn altered(style: Style, from: &str, to: &str) -> Vec<u8> {
    replaced(&certified(style, 1).bytes, from, to)
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = memchr::memmem::find(bytes, from.as_bytes()).expect(from);
    let mut out = bytes[..at].to_vec();
    out.extend_from_slice(to.as_bytes());
    out.extend_from_slice(&bytes[at + from.len()..]);
    out
}

const STYLES: [Style; 2] = [Style::Table, Style::Stream];

#[test]
fn both_kinds_of_section_give_the_same_objects() {
    let [table, stream] = STYLES.map(|style| certified(style, 1));
    let (table, stream) = (table.file(), stream.file());
    for number in 1..=12 {
        let [one, other] = [&table, &stream].map(|file| file.last().object(number).unwrap());
        if number != 7 {
            assert_eq!(one.value, other.value);
        }
        assert_eq!(table.stream(one), stream.stream(other));
    }
    assert_eq!(table.findings(), []);
    assert_eq!(stream.findings(), []);
    assert_eq!(table.bytes().len(), table.revisions()[0].end);
}

#[test]
fn every_revision_is_a_state_of_its_own() {
    for style in STYLES {
        let mut maker = certified(style, 1);
        let first = maker.bytes.len();
        maker.revision(&[(8, "(other)"), (50, "[1 2]")]);
        maker.revision(&[(8, ""), (50, "[1 2 3]")]);
        let file = maker.file();
        assert_eq!(file.revisions().len(), 3);
        assert_eq!(file.revisions()[0].end, first);
        assert!(file.at(0).object(8).unwrap().value.dictionary().is_some());
        assert!(file.at(1).object(8).unwrap().value.text().is_some());
        assert!(file.at(2).object(8).is_none(), "freed");
        assert!(file.at(0).object(50).is_none(), "not yet there");
        assert_eq!(file.at(2).object(50).unwrap().value.array().unwrap().len(), 3);
        let section = file.revisions()[1].section.map(|id| id.number);
        let mut touched = vec![8, 50];
        touched.extend(section);
        assert_eq!(file.revisions()[1].touched, touched);
    }
}

#[test]
fn every_prefix_that_was_a_file_is_one() {
    let mut maker = certified(Style::Table, 1);
    maker.revision(&[(8, "(other)")]);
    maker.revision(&[(8, "(third)")]);
    let file = maker.file();
    for (index, revision) in file.revisions().iter().enumerate() {
        let prefix = File::read(&maker.bytes[..revision.end]).unwrap();
        assert_eq!(prefix.revisions().len(), index + 1);
        for object in file.at(index).numbers() {
            assert_eq!(prefix.last().object(object.id.number).unwrap().value, object.value);
        }
        assert!(File::read(&maker.bytes[..revision.mark_end]).is_ok());
        let cut = File::read(&maker.bytes[..revision.mark_end - 1]);
        assert!(cut.is_err() || !cut.unwrap().findings().is_empty());
    }
}

#[test]
fn objects_in_object_streams_are_read_with_their_revision() {
    let mut maker = certified(Style::Stream, 1);
    let rows = maker.packed(60, &[(61, "<</A[1 2]>>"), (62, "(x)")]);
    maker.end(rows);
    let rows = maker.packed(63, &[(62, "(y)")]);
    maker.end(rows);
    let file = maker.file();
    assert_eq!(file.findings(), []);
    let text = |revision: usize| file.at(revision).object(62).unwrap().value.text().unwrap();
    assert_eq!(&*text(1).bytes, b"x");
    assert_eq!(&*text(2).bytes, b"y");
    assert!(text(2).place().is_empty(), "no place in the file");
    assert_eq!(file.revision_of(file.last().object(62).unwrap()), 2);
    assert!(file.last().object(61).is_some());
}

#[test]
fn sections_are_unpacked_with_their_predictor() {
    let mut maker = Maker::new(Style::Stream);
    let at = maker.object(1, "<</Type/Catalog>>");
    let Row::At(at, _) = at.1 else { unreachable!() };
    let start = maker.bytes.len();
    let row = |kind: u8, at: usize| [kind, (at >> 8) as u8, at as u8, 0];
    let rows = [row(0, 0), row(1, at), row(1, start)];
    let mut data = Vec::new();
    let mut above = [0_u8; 4];
    for row in rows {
        data.push(2);
        data.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
        above = row;
    }
    let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut packed = vec![0; packer.zlib_compress_bound(data.len())];
    let length = packer.zlib_compress(&data, &mut packed).unwrap();
    let head = format!(
        "2 0 obj<</Type/XRef/Size 3/W[1 2 1]/Root 1 0 R/Filter/FlateDecode\
         /DecodeParms<</Predictor 12/Columns 4>>/Length {length}>>stream\r\n"
    );
    maker.bytes.extend_from_slice(head.as_bytes());
    maker.bytes.extend_from_slice(&packed[..length]);
    let tail = format!("\nendstream endobj\nstartxref\n{start}\n%%EOF");
    maker.bytes.extend_from_slice(tail.as_bytes());
    assert!(maker.file().last().catalog().get("Type").is_name("Catalog"));
}

#[test]
fn a_length_may_be_an_object_of_its_own() {
    let mut maker = certified(Style::Table, 1);
    maker.revision(&[(70, "<</Length 71 0 R>>stream\nabc\nendstream"), (71, "3")]);
    let file = maker.file();
    let object = file.last().object(70).unwrap();
    assert_eq!(file.stream(object), Some(&b"abc"[..]));
    assert_eq!(file.data(object, 2), Err(Reason::TooLarge));
    let mut maker = certified(Style::Table, 1);
    maker.revision(&[(70, "<</Length 71 0 R>>stream\nabc\nendstream"), (71, "5")]);
    assert_eq!(reason(&maker.bytes), Some(Reason::BrokenObject));
}

#[test]
fn a_linearized_file_is_one_revision() {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let put = |bytes: &mut Vec<u8>, text: &str| {
        let at = bytes.len();
        bytes.extend_from_slice(text.as_bytes());
        at
    };
    let three = put(&mut bytes, "3 0 obj\n<</Linearized 1>>\nendobj\n");
    let first = put(&mut bytes, "");
    let section = |rows: &[usize], from: u32, trailer: &str, named: usize| {
        let mut text = format!("xref\n{from} {}\n", rows.len());
        for at in rows {
            let kind = if *at == 0 { "65535 f" } else { "00000 n" };
            text += &format!("{at:010} {kind} \n");
        }
        text + &format!("trailer\n<</Size 5{trailer}>>\nstartxref\n{named}\n%%EOF\n")
    };
    // The first page's section names the main one, whose place its own length decides.
    let draft = section(&[three, 111], 3, "/Root 1 0 R/Prev 111", 0);
    let four = first + draft.len();
    let one = four + "4 0 obj\n(x)\nendobj\n".len();
    let two = one + "1 0 obj\n<</Pages 2 0 R>>\nendobj\n".len();
    let main = two + "2 0 obj\n<<>>\nendobj\n".len();
    put(&mut bytes, &section(&[three, four], 3, &format!("/Root 1 0 R/Prev {main}"), 0));
    put(&mut bytes, "4 0 obj\n(x)\nendobj\n1 0 obj\n<</Pages 2 0 R>>\nendobj\n");
    put(&mut bytes, "2 0 obj\n<<>>\nendobj\n");
    put(&mut bytes, &section(&[0, one, two], 0, "/Root 1 0 R", first));
    let file = File::read(&bytes).unwrap();
    assert_eq!(file.revisions().len(), 1);
    assert_eq!(file.revisions()[0].end, bytes.len());
    assert_eq!(file.last().numbers().count(), 4);
    let plain = replaced(&bytes, "/Linearized", "/Linearised");
    assert_eq!(reason(&plain), Some(Reason::BrokenReferences));
}

#[test]
fn the_header_comes_first() {
    let bytes = certified(Style::Table, 1).bytes;
    assert_eq!(reason(b""), Some(Reason::NotAPdf));
    assert_eq!(reason(b"hello"), Some(Reason::NotAPdf));
    assert_eq!(reason(&[b"\n".as_slice(), &bytes].concat()), Some(Reason::HeaderNotFirst));
    assert_eq!(reason(&replaced(&bytes, "%PDF-1.7", "%PDF-9.7")), Some(Reason::NotAPdf));
}

#[test]
fn bytes_behind_the_end_are_found() {
    let bytes = certified(Style::Table, 1).bytes;
    let with = |more: &str| [&bytes, more.as_bytes()].concat();
    assert_eq!(findings(&with("\r\n")), []);
    assert_eq!(findings(&with("x")), [(Reason::BytesAfterEnd, Weight::Fatal)]);
    let hidden = findings(&with("\n8 0 obj\n()\nendobj\n"));
    assert_eq!(hidden[0], (Reason::BytesAfterEnd, Weight::Fatal));
    assert_eq!(reason(&with("%%EOF")), Some(Reason::BrokenReferences));
    let cut = &bytes[..bytes.len() - "%%EOF\n".len()];
    assert_eq!(reason(cut), Some(Reason::BrokenReferences));
}

#[test]
fn encrypted_and_hybrid_files_are_refused() {
    for (entry, wanted) in
        [("/Encrypt 8 0 R", Reason::Encrypted), ("/XRefStm 17", Reason::HybridReferences)]
    {
        for style in STYLES {
            let mut maker = certified(style, 1);
            maker.trailer += entry;
            maker.revision(&[(8, "()")]);
            assert_eq!(reason(&maker.bytes), Some(wanted));
        }
    }
}

#[test]
fn sections_that_are_not_in_order_are_refused() {
    for (from, to) in [
        ("startxref\n", "startxref\n1"),
        ("xref\n0 1", "xref\n0 2"),
        ("0000000000 65535 f \n", "0000000000 65535 x \n"),
        ("0000000000 65535 f \n", "000000000 65535 f  \n"),
        ("trailer", "trailen"),
        ("/Size 13", "/Size 12"),
        ("/Root 1 0 R/", "/Root (1)  /"),
        ("xref\n0 1\n0000000000 65535 f \n1 1", "xref\n1 1\n0000000000 65535 f \n1 1"),
        ("%%EOF", "%%EOX"),
    ] {
        let found = reason(&altered(Style::Table, from, to));
        assert_eq!(found, Some(Reason::BrokenReferences), "{from}");
    }
    for (from, to) in [("/W[1 4 2]", "/W[0 0 0]"), ("/W[1 4 2]", "/W[9 4 2]"), ("/XRef", "/XReg")] {
        let found = reason(&altered(Style::Stream, from, to));
        assert_eq!(found, Some(Reason::BrokenReferences), "{from}");
    }
}

#[test]
fn a_chain_that_leads_forward_or_nowhere_is_refused() {
    let mut maker = certified(Style::Table, 1);
    let first = memchr::memmem::find(&maker.bytes, b"xref\n0 1").unwrap();
    maker.revision(&[(8, "()")]);
    let second = memchr::memmem::rfind(&maker.bytes, b"xref\n8 1").unwrap();
    for at in [second, second + 1, 0, first + 1, 99_999_999] {
        let from = format!("/Prev {first}");
        let bytes = replaced(&maker.bytes, &from, &format!("/Prev {at}"));
        assert!(reason(&bytes).is_some(), "{at}");
    }
    let looped = replaced(&maker.bytes, "/Root 1 0 R/", &format!("/Root 1 0 R/Prev {second}/"));
    assert!(reason(&looped).is_some());
}

#[test]
fn an_object_stands_where_its_row_says_or_nowhere() {
    let with = |row: fn(usize) -> Row| {
        let mut maker = certified(Style::Table, 1);
        let at = maker.bytes.len();
        maker.object(80, "<</A (81 0 obj () endobj)>>");
        maker.end(vec![(80, row(at))]);
        reason(&maker.bytes)
    };
    assert_eq!(with(|at| Row::At(at, 0)), None);
    assert_eq!(with(|at| Row::At(at, 1)), Some(Reason::BrokenReferences), "generation");
    assert_eq!(with(|at| Row::At(at - 1, 0)), Some(Reason::OldPlaceNamed));
    assert_eq!(with(|at| Row::At(at + 1, 0)), Some(Reason::BrokenReferences), "another number");
    assert_eq!(with(|at| Row::At(at + 2, 0)), Some(Reason::BrokenObject));
    assert_eq!(with(|_| Row::At(99_999, 0)), Some(Reason::OldPlaceNamed));
}

#[test]
fn objects_may_not_overlap() {
    let mut maker = certified(Style::Table, 1);
    let at = maker.bytes.len();
    maker.object(80, "<</A (81 0 obj () endobj)>>");
    let inner = at + memchr::memmem::find(&maker.bytes[at..], b"81 0 obj").unwrap();
    maker.next = 82;
    maker.end(vec![(80, Row::At(at, 0)), (81, Row::At(inner, 0))]);
    assert_eq!(reason(&maker.bytes), Some(Reason::OverlappingObjects));
}

#[test]
fn a_later_revision_cannot_bring_up_what_an_earlier_one_hid() {
    let mut maker = Maker::new(Style::Stream);
    let mut rows = vec![maker.object(1, "<</Type/Catalog>>")];
    let hidden = maker.object(2, "(hidden)");
    let mut packed = maker.packed(3, &[(4, "1"), (5, "2")]);
    let inside = packed.pop().unwrap();
    rows.append(&mut packed);
    maker.end(rows);
    let notes = [(Reason::UnlistedObject, Weight::Note), (Reason::UnlistedObject, Weight::Note)];
    assert_eq!(findings(&maker.bytes), notes);
    for row in [hidden, inside] {
        let mut later = maker.clone();
        later.end(vec![row]);
        assert_eq!(reason(&later.bytes), Some(Reason::OldPlaceNamed));
    }
    let mut again = maker.clone();
    again.end(vec![(4, Row::Packed(3, 0))]);
    assert_eq!(reason(&again.bytes), None, "what held before may be said again");
}

#[test]
fn an_object_stream_that_is_replaced_is_found() {
    let mut maker = certified(Style::Stream, 1);
    let rows = maker.packed(60, &[(61, "1")]);
    maker.end(rows);
    maker.revision(&[(60, "<</Type/ObjStm/N 1/First 5/Length 7>>stream\n61 0 2 \nendstream")]);
    let found = findings(&maker.bytes);
    assert!(found.contains(&(Reason::ObjectStreamReplaced, Weight::Fatal)), "{found:?}");
}

#[test]
fn bytes_that_belong_to_nothing_are_found_in_later_revisions() {
    let later = |between: &str| {
        let mut maker = certified(Style::Table, 1);
        maker.bytes.extend_from_slice(between.as_bytes());
        maker.revision(&[(8, "()")]);
        findings(&maker.bytes)
    };
    assert_eq!(later("\n \r\n"), []);
    assert_eq!(later("%a maker's mark\n"), []);
    assert_eq!(later("junk\n"), [(Reason::BytesBetweenObjects, Weight::Fatal)]);
    let comment = later("% 8 0 obj () endobj\n");
    assert_eq!(comment[0], (Reason::BytesBetweenObjects, Weight::Fatal));
    assert_eq!(later("90 0 obj\n()\nendobj\n")[0], (Reason::UnlistedObject, Weight::Fatal));
    assert_eq!(later("\0\n"), [(Reason::BytesBetweenObjects, Weight::Fatal)]);
}

#[test]
fn a_revision_that_the_chain_leaves_out_is_found() {
    let mut maker = certified(Style::Table, 1);
    let before = maker.clone();
    maker.revision(&[(8, "(left out)")]);
    let mut after = before;
    after.bytes = maker.bytes.clone();
    after.revision(&[(8, "()")]);
    assert_eq!(findings(&after.bytes)[0], (Reason::UnlistedObject, Weight::Fatal));
}

#[test]
fn values_are_read_as_the_standard_has_them_or_not_at_all() {
    let with = |body: &str| {
        let mut maker = certified(Style::Table, 1);
        maker.revision(&[(90, body)]);
        let read = File::read(&maker.bytes).map(|file| format!("{:?}", value(&file)));
        read.map_err(|finding| finding.reason)
    };
    fn value<'f>(file: &'f File<'_>) -> &'f Value {
        &file.last().object(90).unwrap().value
    }
    for (body, wanted) in [
        ("-12", "Integer(-12)"),
        ("+.5", "Real(0.5)"),
        ("4.", "Real(4.0)"),
        ("[1 0 R 1 0 2]", "[Reference"),
        ("true", "Boolean(true)"),
        ("/A#2F", "Name([65, 47])"),
        ("<4 1 4>", "bytes: [65, 64]"),
        ("(a(b)\\)\\101\\\n\\n\r\nc)", "bytes: [97, 40, 98, 41, 41, 65, 10, 10, 99]"),
        ("null", "Null"),
    ] {
        let read = with(body);
        assert!(read.as_ref().is_ok_and(|read| read.contains(wanted)), "{body}: {read:?}");
    }
    for body in [
        "--1",
        "true %x\n",
        "/A#42",
        "[01 0 R]",
        "[8388608 0 R]",
        "\x0C1",
        "1e5",
        ".",
        "-",
        "1.2.3",
        "1234567890123456789",
        "truely",
        "(a",
        "<4g>",
        "<41",
        "[1",
        "<</A>>",
        "<</A 1",
        "<<1 2>>",
        "/A#4",
        "/A#00",
        ">>",
        "]",
        "{}",
        "1 0 R 2",
        "R",
    ] {
        assert_eq!(with(body).err(), Some(Reason::BrokenObject), "{body}");
    }
    assert_eq!(with("<</A 1/A 2>>").err(), Some(Reason::DuplicateKey));
    assert_eq!(with("<</#C3 1/#C3 2>>").err(), Some(Reason::DuplicateKey));
    let deep = |count: usize| with(&format!("{}{}", "[".repeat(count), "]".repeat(count))).err();
    assert_eq!(deep(64), None);
    assert_eq!(deep(66), Some(Reason::TooDeep));
    assert_eq!(deep(100_000), Some(Reason::TooDeep));
}

#[test]
fn streams_keep_to_their_length() {
    for body in [
        "<</Length 3>>stream\nabcd\nendstream",
        "<</Length 6>>stream\nabcd\nendstream",
        "<</Length -1>>stream\nabcd\nendstream",
        "<<>>stream\nabcd\nendstream",
        "<</Length 4>>stream\rabcd\nendstream",
        "<</Length 4>>stream\nabcd\nendstream x",
        "(x)stream\nabcd\nendstream",
        "<</Length 999999999>>stream\nabcd\nendstream",
    ] {
        let mut maker = certified(Style::Table, 1);
        maker.revision(&[(90, body)]);
        assert_eq!(reason(&maker.bytes), Some(Reason::BrokenObject), "{body}");
    }
}

#[test]
fn limits_hold() {
    let large = vec![b' '; limits::BYTES + 1];
    assert_eq!(reason(&large), Some(Reason::TooLarge));
    let mut maker = certified(Style::Table, 1);
    for _ in 0..512 {
        maker.revision(&[(8, "()")]);
    }
    assert_eq!(reason(&maker.bytes), Some(Reason::TooMany));
}

#[test]
fn what_a_stream_unpacks_to_is_bounded() {
    let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let plain = vec![0; 1 << 20];
    let mut packed = vec![0; packer.zlib_compress_bound(plain.len())];
    let length = packer.zlib_compress(&plain, &mut packed).unwrap();
    let dictionary = |filter: &str| {
        let mut budget = Budget::default();
        let text = format!("<</Filter{filter}>>");
        scanner::Scanner::new(text.as_bytes(), 0, &mut budget).dictionary(0).unwrap()
    };
    let data = |filter: &str, limit: usize| {
        filter::decoded(&dictionary(filter), &packed[..length], limit).map(|data| data.len())
    };
    assert_eq!(data("/FlateDecode", 1 << 20), Ok(1 << 20));
    assert_eq!(data("[/FlateDecode]", (1 << 20) - 1), Err(Reason::TooLarge));
    assert_eq!(data("/LZWDecode", 1 << 20), Err(Reason::BrokenObject));
    assert_eq!(data("[/FlateDecode/FlateDecode]", 1 << 20), Err(Reason::BrokenObject));
    let hex = filter::decoded(&dictionary("/ASCIIHexDecode"), b"41 4>", 9);
    assert_eq!(hex, Ok(b"A@".to_vec()));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        cases: 400, failure_persistence: None, ..Default::default()
    })]

    #[test]
    fn no_change_of_bytes_makes_the_reader_fall(
        style in 0..2_usize,
        at in 0..100_000_usize,
        length in 0..40_usize,
        block in proptest::collection::vec(0..=255_u8, 0..40),
    ) {
        let mut maker = certified(STYLES[style], 2);
        let rows = match STYLES[style] {
            Style::Table => vec![maker.object(61, "<</A[1 2]>>")],
            Style::Stream => maker.packed(60, &[(61, "<</A[1 2]>>"), (62, "(x)")]),
        };
        maker.end(rows);
        let mut bytes = maker.bytes;
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, block);
        if let Ok(file) = File::read(&bytes) {
            proptest::prop_assert!(file.revisions().windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
