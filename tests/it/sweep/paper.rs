//! A finished file taken apart into all the ways in which it speaks, by a reader of its own: it
//! knows no more of our files than the standard says, and trusts neither their table nor their
//! order.

use std::collections::BTreeMap;

use super::tally::Channel;

/// One way in which a file speaks, and what it says there.
pub struct Part {
    pub channel: Channel,
    pub bytes: Vec<u8>,
}

/// All that a file says. A stream that can't be read is a fault: nobody could search it.
pub fn parts(pdf: &[u8]) -> Result<Vec<Part>, String> {
    let mut parts = vec![part(Channel::PdfBytes, pdf)];
    let objects = objects(pdf)?;
    let maps = Maps::of(&objects);
    let mut outside = pdf.to_vec();
    let mut joined = String::new();
    let mut strings = Strings::default();
    for object in &objects {
        strings.read(&object.head);
        let Some(data) = &object.data else { continue };
        outside[object.place.clone()].fill(b' ');
        parts.push(part(channel_of(&object.head), data));
        if has(&object.head, "/ObjStm") || has(data, "BDC") {
            strings.read(data);
        }
        if has(data, "Tf") && has(data, "BT") {
            joined.push_str(&maps.text(data));
            joined.push('\n');
        }
    }
    // Trailer, comments, and what stands between the objects.
    strings.read(&outside);
    parts.push(part(Channel::PdfText, joined.as_bytes()));
    parts.extend(strings.parts());
    Ok(parts)
}

/// The codes of a font, by the name under which pages call it, with their letters.
pub fn codes(pdf: &[u8], font: &str) -> Option<BTreeMap<Vec<u8>, String>> {
    Maps::of(&objects(pdf).ok()?).0.remove(font)
}

fn part(channel: Channel, bytes: &[u8]) -> Part {
    Part { channel, bytes: bytes.to_vec() }
}

fn channel_of(head: &[u8]) -> Channel {
    match () {
        () if has(head, "/EmbeddedFile") => Channel::PdfAttachment,
        () if has(head, "/XML") => Channel::PdfXmp,
        () => Channel::PdfStream,
    }
}

/// An object: what stands before its stream, and the stream inflated.
struct Object {
    number: u32,
    head: Vec<u8>,
    data: Option<Vec<u8>>,
    /// Of the stream in the file.
    place: std::ops::Range<usize>,
}

fn objects(pdf: &[u8]) -> Result<Vec<Object>, String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(mark) = find(pdf, b" obj", at) {
        let start = mark + b" obj".len();
        let end = find(pdf, b"endobj", start).unwrap_or(pdf.len());
        let stream = find(&pdf[..end], b"stream", start);
        let number = number_before(pdf, mark);
        let Some(stream) = stream else {
            found.push(Object { number, head: pdf[start..end].to_vec(), data: None, place: 0..0 });
            at = end;
            continue;
        };
        let head = pdf[start..stream].to_vec();
        let eol = if pdf[stream + 6..].starts_with(b"\r\n") { 8 } else { 7 };
        let first = stream + eol;
        let end = match direct_length(&head) {
            Some(length) => first + length,
            None => find(pdf, b"endstream", first).unwrap_or(pdf.len()),
        };
        let packed = pdf.get(first..end).ok_or("a stream beyond the end")?;
        let data = inflated(&head, packed).ok_or(format!("object {number} can't be inflated"))?;
        found.push(Object { number, head, data: Some(data), place: first..end });
        at = end;
    }
    if found.is_empty() { Err("no object".to_owned()) } else { Ok(found) }
}

/// The number in `12 0 obj`, from where ` obj` stands.
fn number_before(pdf: &[u8], mark: usize) -> u32 {
    let line = &pdf[mark.saturating_sub(20)..mark];
    let text = String::from_utf8_lossy(line);
    let mut words = text.split_whitespace().rev().skip(1);
    words.next().and_then(|word| word.parse().ok()).unwrap_or(0)
}

fn direct_length(head: &[u8]) -> Option<usize> {
    let at = find(head, b"/Length ", 0)? + b"/Length ".len();
    let text = String::from_utf8_lossy(&head[at..]);
    let mut words =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let length = words.next()?.parse().ok()?;
    let reference = words.next() == Some("0") && words.next() == Some("R");
    (!reference).then_some(length)
}

/// The stream as it was before its filters; none for a filter that is not known here.
fn inflated(head: &[u8], packed: &[u8]) -> Option<Vec<u8>> {
    let filters = find(head, b"/Filter", 0)
        .map(|at| String::from_utf8_lossy(&head[at + b"/Filter".len()..]).trim().to_owned());
    match filters {
        None => Some(packed.to_vec()),
        Some(named) if named.starts_with("/FlateDecode") => inflate(packed),
        Some(named) if named.starts_with("[/FlateDecode]") => inflate(packed),
        Some(_) => None,
    }
}

fn inflate(packed: &[u8]) -> Option<Vec<u8>> {
    let mut room = packed.len() * 8 + 1024;
    while room < 1 << 28 {
        let mut data = vec![0; room];
        match libdeflater::Decompressor::new().zlib_decompress(packed, &mut data) {
            Ok(length) => {
                data.truncate(length);
                return Some(data);
            }
            Err(libdeflater::DecompressionError::InsufficientSpace) => room *= 4,
            Err(_) => return None,
        }
    }
    None
}

/// Every string and every name of the file's dictionaries and operators, gathered by what they are
/// for: a value in pieces is together again.
#[derive(Default)]
struct Strings {
    texts: BTreeMap<Channel, Vec<u8>>,
    /// Strings that are no text: codes of glyphs, a signature.
    codes: Vec<Part>,
}

impl Strings {
    fn read(&mut self, syntax: &[u8]) {
        let mut key = String::new();
        let mut at = 0;
        while at < syntax.len() {
            let rest = &syntax[at..];
            at += match rest {
                [b'/', ..] => {
                    let (name, length) = name(rest);
                    key = String::from_utf8_lossy(&name).into_owned();
                    self.add(Channel::PdfName, name);
                    length
                }
                [b'(', ..] => {
                    let (text, length) = literal(rest);
                    self.add(channel_at(&key), decoded(text));
                    length
                }
                [b'<', b'<', ..] => 2,
                [b'<', ..] => {
                    let (text, length) = hexadecimal(rest);
                    self.add(channel_at(&key), decoded(text));
                    length
                }
                _ => 1,
            };
        }
    }

    fn add(&mut self, channel: Channel, bytes: Vec<u8>) {
        if std::str::from_utf8(&bytes).is_ok() {
            let all = self.texts.entry(channel).or_default();
            all.extend(bytes);
            all.push(b'\n');
        } else {
            self.codes.push(Part { channel, bytes });
        }
    }

    fn parts(self) -> impl Iterator<Item = Part> {
        let texts = self.texts.into_iter().map(|(channel, bytes)| Part { channel, bytes });
        texts.chain(self.codes)
    }
}

/// Where a string stands, by its key.
fn channel_at(key: &str) -> Channel {
    match key {
        "Title" => Channel::PdfBookmark,
        "Alt" | "ActualText" | "TU" | "E" => Channel::PdfAlternative,
        "Contents" | "Name" | "Reason" | "Location" | "ContactInfo" => Channel::PdfSignature,
        _ => Channel::PdfString,
    }
}

/// UTF-16 behind its mark as UTF-8, all else as it is.
fn decoded(bytes: Vec<u8>) -> Vec<u8> {
    match bytes.strip_prefix(b"\xfe\xff") {
        Some(units) => {
            let units = units.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            String::from_utf16_lossy(&units.collect::<Vec<_>>()).into_bytes()
        }
        None => bytes,
    }
}

fn name(rest: &[u8]) -> (Vec<u8>, usize) {
    let mut name = Vec::new();
    let mut at = 1;
    while let Some(byte) = rest.get(at).filter(|byte| !b" /<>[]()\r\n\t".contains(byte)) {
        let escaped = (*byte == b'#').then(|| rest.get(at + 1..at + 3)).flatten();
        let escaped = escaped.and_then(|two| std::str::from_utf8(two).ok());
        match escaped.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(meant) => {
                name.push(meant);
                at += 3;
            }
            None => {
                name.push(*byte);
                at += 1;
            }
        }
    }
    (name, at)
}

fn literal(rest: &[u8]) -> (Vec<u8>, usize) {
    let mut text = Vec::new();
    let (mut depth, mut at) = (1, 1);
    while let Some(byte) = rest.get(at) {
        at += 1;
        match byte {
            b'\\' => at += escaped(&rest[at..], &mut text),
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if *byte != b'\\' {
            text.push(*byte);
        }
    }
    (text, at)
}

/// What stands behind a backslash, and its length. PDF 32000-1, table 3.
fn escaped(rest: &[u8], text: &mut Vec<u8>) -> usize {
    let octal = rest.iter().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    if octal > 0 {
        let value =
            rest[..octal].iter().fold(0_u32, |value, digit| value * 8 + u32::from(digit - b'0'));
        text.push((value & 0xff) as u8);
        return octal;
    }
    match rest.first() {
        Some(b'n') => text.push(b'\n'),
        Some(b'r') => text.push(b'\r'),
        Some(b't') => text.push(b'\t'),
        Some(b'\r' | b'\n') | None => {}
        Some(other) => text.push(*other),
    }
    1
}

fn hexadecimal(rest: &[u8]) -> (Vec<u8>, usize) {
    let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len() - 1);
    let digits: Vec<u8> = rest[1..end]
        .iter()
        .filter_map(|byte| {
            char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let bytes = digits.chunks(2).map(|two| two[0] * 16 + two.get(1).copied().unwrap_or(0));
    (bytes.collect(), end + 1)
}

/// The ToUnicode map of each font, by the name under which pages call it.
struct Maps(BTreeMap<String, BTreeMap<Vec<u8>, String>>);

impl Maps {
    fn of(objects: &[Object]) -> Self {
        let by_number: BTreeMap<u32, &Object> =
            objects.iter().map(|object| (object.number, object)).collect();
        let mut maps = BTreeMap::new();
        for object in objects {
            let head = String::from_utf8_lossy(&object.head).into_owned();
            // `/F0 12 0 R`: a name and what it refers to; fonts are those with a ToUnicode map.
            for piece in head.split('/').skip(1) {
                let mut words = piece.split_whitespace();
                let (Some(name), Some(number)) = (words.next(), words.next()) else { continue };
                let font = number.parse().ok().and_then(|number: u32| by_number.get(&number));
                let map = font.and_then(|font| reference(&font.head, b"/ToUnicode "));
                let map = map.and_then(|number| by_number.get(&number)?.data.as_deref());
                if let Some(map) = map {
                    maps.insert(name.to_owned(), unicode(map));
                }
            }
        }
        Self(maps)
    }

    /// What a stream of operators shows.
    fn text(&self, stream: &[u8]) -> String {
        let none = BTreeMap::new();
        let mut font = &none;
        let (mut key, mut text, mut at) = (String::new(), String::new(), 0);
        while at < stream.len() {
            let rest = &stream[at..];
            at += match rest {
                [b'/', ..] => {
                    let (name, length) = name(rest);
                    key = String::from_utf8_lossy(&name).into_owned();
                    length
                }
                [b'T', b'f', ..] => {
                    font = self.0.get(&key).unwrap_or(&none);
                    2
                }
                [b'<', b'<', ..] => 2,
                [b'<', ..] => {
                    let (codes, length) = hexadecimal(rest);
                    shown(&codes, font, &mut text);
                    length
                }
                [b'(', ..] => {
                    let (codes, length) = literal(rest);
                    shown(&codes, font, &mut text);
                    length
                }
                _ => 1,
            };
        }
        text
    }
}

fn shown(codes: &[u8], font: &BTreeMap<Vec<u8>, String>, text: &mut String) {
    for code in codes.chunks(2) {
        text.push_str(font.get(code).map_or("", String::as_str));
    }
}

fn reference(head: &[u8], key: &[u8]) -> Option<u32> {
    let at = find(head, key, 0)? + key.len();
    let text = String::from_utf8_lossy(&head[at..]).into_owned();
    text.split_whitespace().next()?.parse().ok()
}

/// The pairs of a ToUnicode map. PDF 32000-1, 9.10.3.
fn unicode(map: &[u8]) -> BTreeMap<Vec<u8>, String> {
    let mut codes = BTreeMap::new();
    let mut at = 0;
    while let Some(start) = find(map, b"beginbfchar", at) {
        let end = find(map, b"endbfchar", start).unwrap_or(map.len());
        let mut strings = Vec::new();
        let mut place = start;
        while let Some(open) = find(&map[..end], b"<", place) {
            let (bytes, length) = hexadecimal(&map[open..end]);
            strings.push(bytes);
            place = open + length;
        }
        for two in strings.chunks_exact(2) {
            let units = two[1].chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            let text = String::from_utf16_lossy(&units.collect::<Vec<_>>());
            codes.insert(two[0].clone(), text);
        }
        at = end;
    }
    codes
}

fn has(bytes: &[u8], what: &str) -> bool {
    find(bytes, what.as_bytes(), 0).is_some()
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let first = what[0];
    let mut at = 0;
    while let Some(next) = rest[at..].iter().position(|byte| *byte == first) {
        if rest[at + next..].starts_with(what) {
            return Some(from + at + next);
        }
        at += next + 1;
    }
    None
}
