//! What a finished file says, from its bytes alone: text through the fonts' ToUnicode maps in
//! content order, metadata, bookmarks, alternative texts, every stream inflated. For our own files
//! only; it judges nothing.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::scan::{Dictionary, Entry, File, Scanner, Token, Unreadable, Value, decode_text};
use super::tree::Tree;

/// All that a finished file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadBack {
    /// One a page, with the appearance of a signature on it; a line for each marked sequence.
    pub pages: Vec<String>,
    /// The same without page furniture, all pages joined: what stands on both sides of a page's end
    /// is together.
    pub content: String,
    /// The words of each element on a line with the spans in it, in the order of the structure: as
    /// they are read aloud.
    pub structure: String,
    /// Every string of every object: document information, bookmarks, alternative texts, tooltips,
    /// names of signer and reason; and the XMP packet.
    pub strings: Vec<String>,
    /// Every stream, inflated.
    pub streams: Vec<Vec<u8>>,
    /// Each file within the file as text, and each text in it where it is JSON.
    pub attached: Vec<String>,
}

/// A finished file, parsed once for all that is asked of it.
#[derive(Debug)]
pub struct Finished<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) file: File<'a>,
    pub(crate) sheets: Vec<Sheet>,
}

impl<'a> Finished<'a> {
    /// Reads a finished file.
    ///
    /// # Errors
    /// [`Unreadable`] where the file is not as we write them.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let file = File::read(bytes)?;
        let sheets = sheets(&file)?;
        Ok(Self { bytes, file, sheets })
    }

    /// All that it says.
    ///
    /// # Errors
    /// [`Unreadable`] where a stream can't be inflated within the bound: nobody could search it.
    pub fn read_back(self) -> Result<ReadBack, Unreadable> {
        let mut out = ReadBack::default();
        for sheet in &self.sheets {
            let lines: Vec<&str> = sheet.sequences().map(|s| s.text.as_str()).collect();
            out.pages.push(lines.join("\n"));
        }
        for sequence in self.sheets.iter().flat_map(Sheet::sequences) {
            if !sequence.artifact {
                out.content.push_str(&sequence.text);
                out.content.push('\n');
            }
        }
        let tree = Tree::of(&self);
        for words in (0..tree.elements.len()).filter_map(|place| tree.line(place)) {
            out.structure.push_str(&words);
            out.structure.push('\n');
        }
        for entry in self.file.objects {
            gather(&entry.value, &mut out.strings);
            if entry.stream.is_some() {
                let data = entry.data().ok_or(Unreadable(entry.place.start))?;
                if entry.value.dictionary().get("Subtype").name() == "XML" {
                    out.strings.push(String::from_utf8_lossy(data).into_owned());
                }
                if entry.value.dictionary().get("Type").name() == "EmbeddedFile" {
                    attached(data, &mut out.attached);
                }
                out.streams.extend(entry.into_data());
            }
        }
        Ok(out)
    }
}

/// One page with the appearance of the widget on it.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// Of the page's object.
    pub number: u32,
    pub page: Content,
    /// With the number of its object.
    pub appearance: Option<(u32, Content)>,
}

impl Sheet {
    pub fn sequences(&self) -> impl Iterator<Item = &Sequence> {
        let page = self.page.sequences.iter();
        page.chain(self.appearance.iter().flat_map(|(_, content)| &content.sequences))
    }
}

/// One content stream.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub sequences: Vec<Sequence>,
    /// Painting operators outside marked content.
    pub unmarked: usize,
    /// Codes without a Unicode value.
    pub mute: usize,
    /// Whether each beginning has its end.
    pub balanced: bool,
}

/// One marked-content sequence of the outermost level.
#[derive(Debug, Default)]
pub(crate) struct Sequence {
    pub mcid: Option<u32>,
    pub artifact: bool,
    /// What its beginning calls it.
    pub tag: String,
    pub text: String,
}

fn sheets(file: &File<'_>) -> Result<Vec<Sheet>, Unreadable> {
    let fonts = Fonts::of(file)?;
    let mut sheets = Vec::new();
    for number in file.pages() {
        let page = file.entry(number).ok_or(Unreadable(0))?.value.dictionary();
        let content = stream(file, page.get("Contents"));
        let appearance = page.get("Annots").array().iter().find_map(|annotation| {
            let widget = file.resolve(annotation).dictionary();
            widget.get("AP").dictionary().get("N").reference()
        });
        let drawn = appearance.map(|number| read(file.entry(number), &fonts)).transpose()?;
        sheets.push(Sheet {
            number,
            page: read(content, &fonts)?,
            appearance: appearance.zip(drawn),
        });
    }
    Ok(sheets)
}

/// The ToUnicode maps by resource name.
#[derive(Debug, Default)]
pub(crate) struct Fonts(BTreeMap<Vec<u8>, Codes>);

/// What each code of a font says aloud.
#[derive(Debug, Default)]
struct Codes {
    /// What all say, one after another.
    text: String,
    /// By code, where its part begins and ends; an empty one says nothing.
    places: Vec<(usize, usize)>,
}

impl Codes {
    fn add(&mut self, code: u16, characters: impl Iterator<Item = char>) {
        let begin = self.text.len();
        self.text.extend(characters);
        if !is_speakable(&self.text[begin..]) {
            self.text.truncate(begin);
        }
        let code = usize::from(code);
        if self.places.len() <= code {
            self.places.resize(code + 1, (0, 0));
        }
        self.places[code] = (begin, self.text.len());
    }

    /// The characters of a code that has some; 0 is no glyph of any font.
    fn said(&self, code: u16) -> Option<&str> {
        let (begin, end) = *self.places.get(usize::from(code)).filter(|_| code != 0)?;
        Some(&self.text[begin..end]).filter(|characters| !characters.is_empty())
    }
}

impl Fonts {
    fn of(file: &File<'_>) -> Result<Self, Unreadable> {
        let mut fonts = Self::default();
        for number in file.pages() {
            let page = file.entry(number).map_or(&Value::Null, |entry| &entry.value);
            let resources = file.follow(page.dictionary(), "Resources").dictionary();
            for (name, font) in &resources.get("Font").dictionary().0 {
                if fonts.0.contains_key(*name) {
                    continue;
                }
                let font = file.resolve(font).dictionary();
                let map = stream(file, font.get("ToUnicode")).and_then(Entry::data);
                fonts.0.insert(name.to_vec(), unicode(map.unwrap_or_default())?);
            }
        }
        Ok(fonts)
    }
}

/// The codes of a ToUnicode map: pairs of strings between `beginbfchar` and `endbfchar`. PDF
/// 32000-1, 9.10.3.
fn unicode(map: &[u8]) -> Result<Codes, Unreadable> {
    let mut codes = Codes::default();
    let mut rest = map;
    while let Some(start) = find(rest, b"beginbfchar") {
        let end = find(rest, b"endbfchar").filter(|end| *end > start).ok_or(Unreadable(start))?;
        let mut scanner = Scanner { bytes: &rest[start + b"beginbfchar".len()..end], at: 0 };
        while let Some(Token::Operand(Value::Text(code))) = scanner.token()? {
            let Value::Text(text) = scanner.value()? else {
                return Err(Unreadable(scanner.at));
            };
            let units = text.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            let text = char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}'));
            codes.add(number(&code), text);
        }
        rest = &rest[end + b"endbfchar".len()..];
    }
    Ok(codes)
}

fn stream<'f, 'a>(file: &'f File<'a>, value: &Value<'a>) -> Option<&'f Entry<'a>> {
    value.reference().and_then(|number| file.entry(number)).filter(|e| e.stream.is_some())
}

/// Reads one content stream.
fn read(entry: Option<&Entry<'_>>, fonts: &Fonts) -> Result<Content, Unreadable> {
    let data = entry.and_then(Entry::data).ok_or(Unreadable(0))?;
    let mut scanner = Scanner { bytes: data, at: 0 };
    let mut reader = Reader::default();
    let mut operands = Vec::new();
    while let Some(token) = scanner.token()? {
        match token {
            Token::Operand(value) => operands.push(value),
            Token::Operator(operator) => {
                reader.operator(operator, &operands, fonts);
                operands.clear();
            }
        }
    }
    reader.content.balanced = reader.depth == 0 && !reader.in_text;
    Ok(reader.content)
}

/// A content stream as far as it is read.
#[derive(Default)]
struct Reader<'f> {
    content: Content,
    depth: usize,
    /// Depth at which ActualText stands for what is shown.
    replaced_at: Option<usize>,
    /// Depth at which each string stands in the reverse order of its reading. PDF 32000-1,
    /// 14.8.2.3.3.
    reversed_at: Option<usize>,
    font: Option<&'f Codes>,
    in_text: bool,
}

impl<'f> Reader<'f> {
    fn operator(&mut self, operator: &[u8], operands: &[Value<'_>], fonts: &'f Fonts) {
        match operator {
            b"BDC" | b"BMC" => self.begin(operands),
            b"EMC" => self.end(),
            b"BT" => self.in_text = true,
            b"ET" => self.in_text = false,
            b"Tf" => {
                if let Some(Value::Name(name)) = operands.first() {
                    self.font = fonts.0.get(*name);
                }
            }
            b"TJ" | b"Tj" => self.show(operands),
            // Paths, shadings and objects that leave a mark. PDF 32000-1, tables 60, 77 and 87.
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"sh" | b"Do"
                if self.depth == 0 =>
            {
                self.content.unmarked += 1;
            }
            _ => {}
        }
    }

    fn begin(&mut self, operands: &[Value<'_>]) {
        let properties = operands.get(1).map_or(&Value::Null, |value| value).dictionary();
        if self.depth == 0 {
            let tag = operands.first().map_or("", Value::name).to_owned();
            let artifact = tag == "Artifact";
            let mcid = properties.get("MCID").index().and_then(|id| u32::try_from(id).ok());
            self.content.sequences.push(Sequence { mcid, artifact, tag, text: String::new() });
        }
        self.depth += 1;
        if let (Value::Text(text), None) = (properties.get("ActualText"), self.replaced_at) {
            self.replaced_at = Some(self.depth);
            self.say(&decode_text(text));
        }
        if operands.first().is_some_and(|tag| tag.name() == "ReversedChars") {
            self.reversed_at.get_or_insert(self.depth);
        }
    }

    fn end(&mut self) {
        if self.replaced_at == Some(self.depth) {
            self.replaced_at = None;
        }
        if self.reversed_at == Some(self.depth) {
            self.reversed_at = None;
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn show(&mut self, operands: &[Value<'_>]) {
        if self.depth == 0 {
            self.content.unmarked += 1;
        }
        let Some(font) = self.font else {
            self.content.mute += 1;
            return;
        };
        let mut said = Vec::with_capacity(100);
        for operand in operands {
            let strings = match operand {
                Value::Array(items) => &items[..],
                single => std::slice::from_ref(single),
            };
            for string in strings {
                let Value::Text(codes) = string else { continue };
                for code in codes.chunks(2) {
                    match font.said(number(code)) {
                        Some(characters) => said.push(characters),
                        None => self.content.mute += 1,
                    }
                }
            }
        }
        if self.replaced_at.is_some() {
            return;
        }
        match self.reversed_at {
            Some(_) => said.into_iter().rev().for_each(|text| self.say(text)),
            None => said.into_iter().for_each(|text| self.say(text)),
        }
    }

    fn say(&mut self, text: &str) {
        if let Some(sequence) = self.content.sequences.last_mut() {
            sequence.text.push_str(text);
        }
    }
}

/// Whether a glyph's characters can be read aloud. ISO 14289-1, 7.21.7; ISO 19005-2, 6.2.11.7.3.
fn is_speakable(characters: &str) -> bool {
    let mute =
        |c| matches!(c, '\0' | '\u{FEFF}' | '\u{FFFD}' | '\u{FFFE}' | '\u{E000}'..='\u{F8FF}');
    !characters.is_empty() && !characters.contains(mute)
}

/// A file within the file as text: whole, and where it is JSON each text in it by itself, without
/// its escapes.
fn attached(data: &[u8], found: &mut Vec<String>) {
    fn texts(json: Json, found: &mut Vec<String>) {
        match json {
            Json::String(text) => found.push(text),
            Json::Array(items) => items.into_iter().for_each(|item| texts(item, found)),
            Json::Object(fields) => fields.into_iter().for_each(|(name, field)| {
                found.push(name);
                texts(field, found);
            }),
            _ => {}
        }
    }
    found.push(String::from_utf8_lossy(data).into_owned());
    if let Ok(json) = serde_json::from_slice(data) {
        texts(json, found);
    }
}

fn number(code: &[u8]) -> u16 {
    code.iter().fold(0, |number, &byte| (number << 8) | u16::from(byte))
}

fn gather(value: &Value<'_>, strings: &mut Vec<String>) {
    match value {
        // The signature's own bytes are no text, and a file id says nothing.
        Value::Dictionary(Dictionary(entries)) => entries
            .iter()
            .filter(|(key, _)| *key != b"Contents")
            .for_each(|(_, value)| gather(value, strings)),
        Value::Array(items) => items.iter().for_each(|item| gather(item, strings)),
        Value::Text(text) => strings.push(decode_text(text)),
        _ => {}
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

#[cfg(test)]
mod tests {
    use std::cell::OnceCell;

    use super::*;
    use crate::render::pdf::specimen::written;

    fn back(bytes: &[u8]) -> ReadBack {
        Finished::read(bytes).unwrap().read_back().unwrap()
    }

    #[test]
    fn the_words_of_a_page_come_back_from_its_bytes() {
        let read = back(&written(true).1.bytes);
        assert_eq!(read.pages.len(), 2);
        for words in ["Siân Ŵyn-Łukasz (née O’Brien) — Đặng Θεός Жук of no", "T 2026/0417"]
        {
            assert!(read.pages[0].contains(words), "{}", read.pages[0]);
        }
        for words in
            ["x\u{301}\u{2011}w\u{302}y", "(Market\\Street)", "A. N. Officer", "Page 2 of 2"]
        {
            assert!(read.pages[1].contains(words), "{}", read.pages[1]);
        }
    }

    #[test]
    fn content_runs_on_over_the_page_without_furniture() {
        let read = back(&written(true).1.bytes);
        assert!(read.content.contains("contact Ann Example \nin any way"), "{}", read.content);
        assert!(!read.content.contains("Page 1 of 2"));
    }

    #[test]
    fn strings_outside_the_pages_come_back_too() {
        let read = back(&written(true).1.bytes);
        let all = read.strings.join("\n");
        for words in [
            "Prohibitions",
            "Signature of the court",
            "Electronic signature of the court",
            "Signed electronically A. N. Officer, Test Court",
            "Test Signer",
            "<dc:title>",
            "Stalking protection order (specimen)",
        ] {
            assert!(all.contains(words), "{words} in {all}");
        }
    }

    #[test]
    fn a_stream_that_can_not_be_inflated_makes_the_file_unreadable() {
        let bytes = written(true).1.bytes;
        let finished = Finished::read(&bytes).unwrap();
        let packed = finished.file.objects.iter().filter(|entry| {
            entry.stream.is_some() && *entry.value.dictionary().get("Filter") != Value::Null
        });
        let places: Vec<_> = packed.map(|entry| entry.place.clone()).collect();
        assert!(places.len() > 3, "{places:?}");
        for place in places {
            let mut broken = bytes.clone();
            let data = place.start + find(&bytes[place.clone()], b"stream\n").unwrap() + 7;
            broken[data..data + 2].copy_from_slice(b"no");
            let read = Finished::read(&broken).and_then(|finished| finished.read_back());
            assert!(read.is_err(), "the object at {place:?}");
        }
    }

    fn content(stream: &[u8]) -> Content {
        read_with(stream, &[(1, "a"), (2, "b")])
    }

    fn read_with(stream: &[u8], codes: &[(u16, &str)]) -> Content {
        let mut font = Codes::default();
        codes.iter().for_each(|(code, text)| font.add(*code, text.chars()));
        let (value, inflated) = (Value::Null, OnceCell::new());
        let entry = Entry { value, stream: Some(stream), place: 0..0, inflated };
        read(Some(&entry), &Fonts(BTreeMap::from([(b"F0".to_vec(), font)]))).unwrap()
    }

    #[test]
    fn what_is_painted_outside_marked_content_is_counted() {
        let read = content(b"0 0 1 1 re f BT /F0 9 Tf [<0001>] TJ ET /P <</MCID 0>> BDC S EMC");
        assert_eq!((read.unmarked, read.mute, read.balanced), (2, 0, true));
    }

    #[test]
    fn codes_and_fonts_without_characters_are_counted() {
        let read = content(b"/P BMC BT [<0001>] TJ /F0 9 Tf [<0002> 12 <0003>] TJ ET EMC");
        assert_eq!((read.mute, read.sequences[0].text.as_str()), (2, "b"));
    }

    #[test]
    fn codes_without_a_glyph_or_a_character_that_can_be_said_are_counted() {
        let stream = b"/P BMC BT /F0 9 Tf [<00000001000200030004>] TJ ET EMC";
        let codes = [(0, "o"), (1, "a"), (2, "\u{E001}"), (3, "\u{FEFF}"), (4, "")];
        let read = read_with(stream, &codes);
        assert_eq!((read.mute, read.sequences[0].text.as_str()), (4, "a"));
    }

    #[test]
    fn an_attached_file_is_read_without_the_escapes_of_its_json() {
        let mut found = Vec::new();
        attached(br#"{"a":["\u0053i\u00e2n",1]}"#, &mut found);
        assert_eq!(found[1..], ["a", "Si\u{e2}n"]);
        attached(b"no json", &mut found);
        assert_eq!(found[3..], ["no json"]);
    }

    #[test]
    fn what_does_not_end_is_not_balanced() {
        assert!(!content(b"/P BMC").balanced);
        assert!(!content(b"BT").balanced);
        assert!(content(b"/P BMC BT ET EMC").balanced);
    }

    #[test]
    fn strings_that_stand_reversed_are_read_in_their_order() {
        let read = content(
            b"/P BMC BT /F0 9 Tf [<0001><0002>] TJ /ReversedChars BMC [<0001> 5 <0002>] TJ \
              /Span <</ActualText <FEFF00780079>>> BDC [<0001>] TJ EMC EMC [<0001><0002>] TJ ET EMC",
        );
        assert_eq!(read.sequences[0].text, "abbaxyab");
    }

    #[test]
    fn actual_text_stands_for_what_it_covers_and_no_further() {
        let read = content(
            b"/P BMC BT /F0 9 Tf /Span <</ActualText <FEFF0175>>> BDC [<0001>] TJ EMC \
              [<0002>] TJ ET EMC",
        );
        assert_eq!(read.sequences[0].text, "\u{175}b");
    }
}
