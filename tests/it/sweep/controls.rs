//! The test of the test: a leak planted on purpose in each channel and in each encoding is found,
//! and a sweep that has found one fails.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use spo::domain::disclosure::Secrets;
use spo::domain::judgement::{Context, Law, judge_order};
use spo::domain::order::{Order, OrderKind};
use spo::domain::people::Confidences;
use spo::domain::sensitive::Sensitive;
use spo::render::{Format, Imprint, RenderError, Renderer};
use spo::wire::OrderRequest;
use unicode_normalization::UnicodeNormalization;

use super::canary::{Canary, value};
use super::paper;
use super::search::Search;
use super::spelling::Encoding;
use super::tally::{Channel, Kept, Reader, Sweep};
use crate::harness::{full, set};

/// A value with letters beyond ASCII that one byte can hold.
const VALUE: &str = "47 Cr\u{e9}mwylio Wynd";

fn canary() -> Canary {
    Canary::new("control", [VALUE.to_owned()])
}

fn kept(canary: Canary) -> Kept {
    let readers = [Reader::Respondent, Reader::ProtectedPerson, Reader::Court, Reader::CourtPolice];
    let readers = readers.map(|reader| (reader, Vec::new())).into();
    Kept { everybody: vec![canary], private: Vec::new(), readers }
}

/// Every way of writing a text of which the search says that it knows it.
fn disguises(text: &str) -> Vec<(Encoding, Vec<u8>)> {
    let each = |way: &dyn Fn(char) -> String| text.chars().map(way).collect::<String>();
    let bytes = |way: &dyn Fn(u8) -> String| text.bytes().map(way).collect::<String>();
    let units = |way: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(way).collect::<Vec<u8>>();
    let (big, little) = (units(u16::to_be_bytes), units(u16::to_le_bytes));
    let backwards: String = text.chars().rev().collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let wide = each(&|c| match u32::from(c) {
        code @ 0x21..=0x7e => char::from_u32(code + 0xfee0).unwrap().to_string(),
        _ => c.to_string(),
    });
    let hex = |bytes: &[u8]| spo::digest::hex(bytes);
    let mut ways: Vec<(Encoding, Vec<u8>)> = vec![
        (Encoding::Plain, text.into()),
        (Encoding::Plain, text.to_uppercase().into()),
        (Encoding::Plain, text.to_lowercase().into()),
        (Encoding::Plain, each(&|c| format!("{c} ")).into()),
        (Encoding::Plain, each(&|c| format!("{c}\n")).into()),
        (Encoding::Plain, each(&|c| format!("{c}.")).into()),
        (Encoding::Plain, text.replace(' ', "").into()),
        (Encoding::Plain, text.replace(' ', "_-").into()),
        (Encoding::Reversed, backwards.clone().into()),
        (Encoding::Reversed, backwards.replace(' ', "").to_uppercase().into()),
        (Encoding::Utf16, big.clone()),
        (Encoding::Utf16, little.clone()),
        (Encoding::Latin1, latin),
        (Encoding::Hex, hex(text.as_bytes()).into()),
        (Encoding::Hex, hex(text.as_bytes()).to_uppercase().into()),
        (Encoding::Hex, bytes(&|byte| format!("{byte:02x} ")).into()),
        (Encoding::Hex, hex(text.to_uppercase().as_bytes()).into()),
        (Encoding::Hex, hex(text.replace(' ', "").as_bytes()).into()),
        (Encoding::HexUtf16, hex(&big).into()),
        (Encoding::HexUtf16, hex(&little).into()),
        (Encoding::Rot13, each(&rot13).into()),
        (Encoding::Escaped, bytes(&|byte| format!("%{byte:02X}")).into()),
        (Encoding::Escaped, text.replace(' ', "%20").replace('C', "%43").into()),
        (Encoding::Escaped, each(&|c| format!("\\u{:04x}", u32::from(c))).into()),
        (Encoding::Escaped, text.replace('m', "\\u006D").into()),
        (Encoding::Escaped, bytes(&|byte| format!("\\x{byte:02x}")).into()),
        (Encoding::Escaped, bytes(&|byte| format!("\\{byte:03o}")).into()),
        (Encoding::Escaped, each(&|c| format!("&#{};", u32::from(c))).into()),
        (Encoding::Escaped, each(&|c| format!("&#x{:X};", u32::from(c))).into()),
        (Encoding::Escaped, text.replace(' ', "&nbsp;").replace('W', "&#87;").into()),
        (Encoding::Escaped, bytes(&|byte| format!("={byte:02X}")).into()),
        (Encoding::Escaped, text.replace('w', "w=\r\n").into()),
        (Encoding::Folded, wide.into()),
        (Encoding::Folded, each(&|c| format!("{c}\u{200b}")).into()),
        (Encoding::Folded, each(&|c| format!("{c}\u{2003}")).into()),
        (Encoding::Folded, text.nfd().collect::<String>().into()),
    ];
    for before in ["", "x", "xy", "xyz"] {
        let whole = format!("{before}{text} and more");
        ways.push((Encoding::Base64, STANDARD.encode(&whole).into()));
        ways.push((Encoding::Base64, URL_SAFE_NO_PAD.encode(&whole).into()));
        let units: Vec<u8> = whole.encode_utf16().flat_map(u16::to_be_bytes).collect();
        ways.push((Encoding::Base64Utf16, STANDARD.encode(units).into()));
    }
    ways
}

fn rot13(c: char) -> String {
    let at = |first: char| u32::from(c) - u32::from(first);
    match c {
        'a'..='m' | 'A'..='M' => char::from_u32(u32::from(c) + 13),
        'n'..='z' => char::from_u32(u32::from('a') + at('n')),
        'N'..='Z' => char::from_u32(u32::from('A') + at('N')),
        _ => Some(c),
    }
    .unwrap()
    .to_string()
}

#[test]
fn each_encoding_of_a_planted_leak_is_found_and_named() {
    let search = Search::of(&[canary()]);
    let mut met = BTreeSet::new();
    for (encoding, disguised) in disguises(VALUE) {
        let said = [b"Before \"it, ".to_vec(), disguised, b" \" and after.".to_vec()].concat();
        let found = search.find(&said);
        let shown = String::from_utf8_lossy(&said).into_owned();
        assert!(!found.is_empty(), "{encoding:?}: {shown}");
        if found.iter().any(|one| one.encoding == encoding) {
            met.insert(encoding);
        }
    }
    assert_eq!(met, Encoding::ALL.into(), "an encoding that no control meets by its name");
    assert!(search.find(b"Before it, 48 Cremwylio Wynd and after.").is_empty());
}

#[test]
fn each_part_of_each_kind_of_value_is_found_alone() {
    let kinds = ["addresses", "postcodes", "phones", "emails", "places", "name", "necessity"];
    for (kind, number) in kinds.into_iter().flat_map(|kind| (0..20).map(move |n| (kind, n))) {
        let (whole, canary) = value(kind, number);
        let search = Search::of([&canary]);
        for part in canary.parts.iter().chain([&whole]) {
            for (encoding, disguised) in disguises(part) {
                // Letters that one byte can't hold are lost in it, and nobody can read them.
                let lost = encoding == Encoding::Latin1 && !part.is_ascii();
                let said = [b"Near (".to_vec(), disguised, b") by night.".to_vec()].concat();
                assert!(lost || !search.find(&said).is_empty(), "{kind} {part} {encoding:?}");
            }
        }
    }
}

#[test]
fn the_figures_of_a_drawing_are_no_phone_number() {
    let (_, phone) = value("phones", 3);
    let digits = phone.parts.iter().find(|part| part.starts_with("700")).unwrap();
    let search = Search::of([&phone]);
    let drawn: String = digits.chars().map(|digit| format!("{digit}] [( ")).collect();
    assert!(search.find(drawn.as_bytes()).is_empty());
    assert!(!search.find(digits.as_bytes()).is_empty());
}

#[test]
fn a_leak_in_each_channel_of_an_answer_or_a_stream_is_found() {
    for channel in Channel::ALL.into_iter().filter(|channel| !channel.is_of_a_document()) {
        let mut sweep = Sweep::of(&kept(canary()));
        sweep.channel(channel, "clean", b"HTTP/1.1 200 OK");
        assert!(sweep.leaks.is_empty());
        let said = format!("spo_answered_total{{path=\"{}\"}} 1", VALUE.to_uppercase());
        sweep.channel(channel, "control", said.as_bytes());
        let leaks: BTreeSet<_> =
            sweep.leaks.iter().map(|leak| (leak.channel, &*leak.what)).collect();
        assert_eq!(leaks, [(channel, "control")].into());
    }
}

#[test]
#[should_panic(expected = "LEAK")]
fn a_sweep_that_has_found_a_leak_fails() {
    let mut sweep = Sweep::of(&kept(canary()));
    sweep.channel(Channel::Log, "control", VALUE.as_bytes());
    super::passes(&sweep, &Channel::ALL);
}

/// A file with one more object, which holds the value in one way.
fn doctored(pdf: &[u8], object: &[u8]) -> Vec<u8> {
    let at = pdf.windows(6).rposition(|window| window == b"\nxref\n").unwrap();
    let object = [b"\n9999 0 obj\n", object, b"\nendobj"].concat();
    [&pdf[..at], &object, &pdf[at..]].concat()
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut packed = vec![0; data.len() * 2 + 100];
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::best());
    let length = compressor.zlib_compress(data, &mut packed).unwrap();
    let head = format!("<<{entries}/Filter/FlateDecode/Length {length}>>\nstream\n");
    [head.as_bytes(), &packed[..length], b"\nendstream"].concat()
}

/// The value as a string of a PDF with its mark.
fn marked(text: &str) -> String {
    let units = text.encode_utf16().map(|unit| format!("{unit:04X}"));
    format!("<FEFF{}>", units.collect::<String>())
}

#[test]
fn a_leak_in_each_channel_of_a_document_is_found() {
    let pdf = drawn(&printing("a bench of three"));
    let search = Search::of(&[canary()]);
    let clean = paper::parts(&pdf).unwrap();
    assert!(clean.iter().all(|part| search.find(&part.bytes).is_empty()));
    let octal: String = VALUE.bytes().map(|byte| format!("\\{byte:03o}")).collect();
    let hex = spo::digest::hex(VALUE.as_bytes());
    let name: String = VALUE.bytes().map(|byte| format!("#{byte:02X}")).collect();
    let shown = glyphs(&pdf, "Cremwylio");
    let planted: Vec<(Channel, Vec<u8>)> = vec![
        (Channel::PdfBytes, format!("% {VALUE}").into()),
        (Channel::PdfStream, stream("", VALUE.as_bytes())),
        (Channel::PdfXmp, stream("/Type/Metadata/Subtype/XML", VALUE.as_bytes())),
        (Channel::PdfAttachment, stream("/Type/EmbeddedFile", VALUE.as_bytes())),
        (Channel::PdfBookmark, format!("<</Title {}>>", marked(VALUE)).into()),
        (Channel::PdfAlternative, format!("<</Alt ({octal})>>").into()),
        (Channel::PdfAlternative, format!("<</TU {}>>", marked(VALUE)).into()),
        (Channel::PdfAlternative, {
            let words = format!("/Span <</ActualText {}>> BDC EMC", marked(VALUE));
            stream("", words.as_bytes())
        }),
        (Channel::PdfSignature, format!("<</Contents <00{hex}ff>>>").into()),
        (Channel::PdfSignature, format!("<</Reason ({VALUE})>>").into()),
        (Channel::PdfString, format!("<</Author {}>>", marked(VALUE)).into()),
        (Channel::PdfString, {
            let objects = format!("1 0 <</Subject {}>>", marked(VALUE));
            stream("/Type/ObjStm/N 1/First 4", objects.as_bytes())
        }),
        (Channel::PdfName, format!("<</FontName/ABCDEF+{name}>>").into()),
        (Channel::PdfText, stream("", shown.as_bytes())),
    ];
    let mut met = BTreeSet::new();
    for (channel, object) in planted {
        let search = match channel {
            Channel::PdfText => Search::of(&[Canary::new("control", ["Cremwylio".to_owned()])]),
            _ => Search::of(&[canary()]),
        };
        let parts = paper::parts(&doctored(&pdf, &object)).unwrap();
        let found = parts.iter().filter(|part| !search.find(&part.bytes).is_empty());
        let channels: BTreeSet<_> = found.map(|part| part.channel).collect();
        assert!(channels.contains(&channel), "{channel:?}: {channels:?}");
        met.insert(channel);
    }
    // What poppler says is checked on a page that is drawn with the value, below.
    met.insert(Channel::PdfPoppler);
    let of_documents = Channel::ALL.into_iter().filter(|channel| channel.is_of_a_document());
    assert_eq!(met, of_documents.collect());
}

/// Operators that show the letters by the codes of the file's first font.
fn glyphs(pdf: &[u8], text: &str) -> String {
    let codes = paper::codes(pdf, "F0").unwrap();
    let by_letter: BTreeMap<&str, &Vec<u8>> =
        codes.iter().map(|(code, letter)| (letter.as_str(), code)).collect();
    let shown = text.chars().map(|letter| {
        let code = by_letter.get(letter.to_string().as_str()).expect("a face with all letters");
        format!("<{}> 7 ", spo::digest::hex(code))
    });
    format!("BT /F0 9 Tf [{}] TJ ET", shown.collect::<String>())
}

#[test]
fn a_stream_that_can_not_be_read_stops_the_sweep() {
    let pdf = drawn(&printing("a bench of three"));
    let strange = b"<</Filter/LZWDecode/Length 3>>\nstream\nabc\nendstream";
    assert!(paper::parts(&doctored(&pdf, strange)).is_err());
    let torn = b"<</Filter/FlateDecode/Length 3>>\nstream\nabc\nendstream";
    assert!(paper::parts(&doctored(&pdf, torn)).is_err());
    assert!(paper::parts(b"%PDF-1.7").is_err());
}

/// An order whose bench is the value, as the law would pass it if nobody had said that it is
/// confidential.
fn printing(bench: &str) -> Order {
    let request = set(full(), "/hearing/bench", bench.into());
    let request = set(request, "/respondent/date_of_birth", json!("1981-07-29"));
    let read = OrderRequest::read(OrderKind::FullOrder, request.to_string().as_bytes()).unwrap();
    let law = Law::builtin();
    let today = "2026-11-20".parse().unwrap();
    let none = BTreeMap::new();
    let context = Context { law: &law, today, production: false, known_orders: &none };
    judge_order(read.draft, &context).outcome.unwrap().order
}

fn imprint() -> Imprint {
    Imprint {
        document_id: "doc_01939d2b-0000-7000-8000-000000000002".parse().unwrap(),
        order_id: "ord_01939d2b-0000-7000-8000-000000000001".parse().unwrap(),
        variation_id: None,
        version: 1,
        code: "7K3QM-2X9TB".to_owned(),
        issued_at: "2026-11-20T10:00:00Z".parse().unwrap(),
        test: true,
        signer: "TEST - NOT A COURT signer".to_owned(),
        reserve: 4096,
        language: spo::domain::order::Language::En,
        format: Format::default(),
    }
}

fn drawn(order: &Order) -> Vec<u8> {
    let renderer = Renderer::new().unwrap();
    let drawn = renderer.order(order, &imprint()).unwrap().finish(None).unwrap();
    drawn.bytes().to_vec()
}

/// The whole road but its gate: the page is drawn with the value, the service's own search refuses
/// it, and where that search is left out the sweep finds it.
#[test]
fn a_page_that_prints_a_confidential_value_is_refused_and_past_the_gate_found() {
    let renderer = Renderer::new().unwrap();
    let order = printing(VALUE);
    let unsigned = renderer.order(&order, &imprint()).unwrap().finish(None).unwrap();
    let person = Confidences {
        reference: 'A',
        addresses: vec![Sensitive::new(VALUE)],
        ..Confidences::default()
    };
    let secrets = Secrets::of(&[person], &[], &|_| false);
    let refused = unsigned.search("full-order-7K3QM.pdf", &secrets);
    assert!(matches!(refused, Err(RenderError::Disclosed(_))), "{refused:?}");
    let mut sweep = Sweep::of(&kept(canary()));
    sweep.document(("full_order", Reader::Respondent), "past the gate", unsigned.bytes());
    let channels: BTreeSet<_> = sweep.leaks.iter().map(|leak| leak.channel).collect();
    assert!(channels.contains(&Channel::PdfText), "{channels:?}");
    if sweep.has_searched(Channel::PdfPoppler) {
        assert!(channels.contains(&Channel::PdfPoppler), "{channels:?}");
    }
}

/// What one reader may see is a leak to another.
#[test]
fn a_document_in_the_hands_of_another_reader_is_a_leak() {
    let born = Canary::new("date of birth", ["29 July 1981".to_owned()]);
    let mut kept = kept(canary());
    kept.readers.insert(Reader::ProtectedPerson, vec![born]);
    let pdf = drawn(&printing("a bench of three"));
    let mut sweep = Sweep::of(&kept);
    sweep.document(("full_order", Reader::Respondent), "right", &pdf);
    assert!(sweep.leaks.is_empty(), "{sweep}");
    sweep.document(("protected_person_notice", Reader::ProtectedPerson), "wrong", &pdf);
    assert!(!sweep.leaks.is_empty());
    assert!(sweep.leaks.iter().all(|leak| leak.what == "wrong"));
}
