//! Our own files read back: the few forms that `pdf` writes and nothing else. It serves the checks
//! of what we made (`readback`, `rules`, `leak`, `listing`) and must never be handed a file from
//! outside.

mod inflate;
mod lexical;

use std::borrow::Cow;
use std::cell::OnceCell;

use memchr::memchr3;

use inflate::inflate;
use lexical::{DIGITS, ENDS, decimal, unescape};

/// A file that is not as we write them, by the place of the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the finished file cannot be read back at byte {0}")]
pub struct Unreadable(pub usize);

/// A value. PDF 32000-1, 7.3.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Boolean(bool),
    Number(f64),
    Name(&'a [u8]),
    Text(Cow<'a, [u8]>),
    Array(Vec<Value<'a>>),
    Dictionary(Dictionary<'a>),
    Reference(u32),
}

/// A dictionary in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dictionary<'a>(pub Vec<(&'a [u8], Value<'a>)>);

/// An indirect object.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub value: Value<'a>,
    /// As it stands in the file.
    pub stream: Option<&'a [u8]>,
    /// Where the object begins and ends in the file.
    pub place: std::ops::Range<usize>,
    /// The stream's data, once it was asked for.
    pub inflated: OnceCell<Option<Cow<'a, [u8]>>>,
}

/// A file, parsed whole.
#[derive(Debug)]
pub(crate) struct File<'a> {
    /// By number, from 1.
    pub objects: Vec<Entry<'a>>,
    pub trailer: Dictionary<'a>,
}

impl<'a> File<'a> {
    /// Reads a finished file. Each byte of it belongs to the header, an object, the table or the
    /// trailer.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let tail = bytes.len().saturating_sub(TAIL);
        let mark = find_last(&bytes[tail..], b"startxref\n").ok_or(Unreadable(tail))? + tail;
        let mut scanner = Scanner { bytes, at: mark + b"startxref\n".len() };
        let start = scanner.integer()?;
        scanner.at = start;
        scanner.expect(b"xref\n0 ")?;
        let size = scanner.integer()?;
        scanner.expect(b"\n")?;
        let table = scanner.at;
        let mut objects = Vec::with_capacity(size.min(bytes.len() / ROW));
        for number in 1..size {
            scanner.at = table + ROW * number;
            let offset = scanner.digits(10)?;
            objects.push(Scanner { bytes, at: offset }.object(number)?);
        }
        scanner.at = table + ROW * size;
        scanner.expect(b"trailer\n")?;
        let Value::Dictionary(trailer) = scanner.value()? else {
            return Err(scanner.fault());
        };
        Ok(Self { objects, trailer })
    }

    pub fn entry(&self, number: u32) -> Option<&Entry<'a>> {
        self.objects.get((number as usize).checked_sub(1)?)
    }

    /// The value itself, or what it refers to.
    pub fn resolve<'v>(&'v self, value: &'v Value<'a>) -> &'v Value<'a> {
        match value {
            Value::Reference(number) => self.entry(*number).map_or(&Value::Null, |e| &e.value),
            value => value,
        }
    }

    /// What stands under the key, followed if it is a reference.
    pub fn follow<'v>(&'v self, dictionary: &'v Dictionary<'a>, key: &str) -> &'v Value<'a> {
        self.resolve(dictionary.get(key))
    }

    /// The document catalog.
    pub fn catalog(&self) -> &Dictionary<'a> {
        self.follow(&self.trailer, "Root").dictionary()
    }

    /// The pages in their order.
    pub fn pages(&self) -> Vec<u32> {
        let tree = self.follow(self.catalog(), "Pages").dictionary();
        tree.get("Kids").array().iter().filter_map(Value::reference).collect()
    }
}

impl<'a> Entry<'a> {
    /// The stream's data, inflated where it is packed.
    pub fn data(&self) -> Option<&[u8]> {
        self.inflated.get_or_init(|| self.unpacked()).as_deref()
    }

    /// The same for good.
    pub fn into_data(mut self) -> Option<Vec<u8>> {
        self.inflated.take().unwrap_or_else(|| self.unpacked()).map(Cow::into_owned)
    }

    fn unpacked(&self) -> Option<Cow<'a, [u8]>> {
        let stream = self.stream?;
        match self.value.dictionary().get("Filter") {
            Value::Null => Some(Cow::Borrowed(stream)),
            _ => inflate(stream).map(Cow::Owned),
        }
    }
}

impl<'a> Dictionary<'a> {
    /// What stands under the key; null where nothing does.
    pub fn get(&self, key: &str) -> &Value<'a> {
        let found = self.0.iter().find(|(name, _)| *name == key.as_bytes());
        found.map_or(&Value::Null, |(_, value)| value)
    }
}

impl<'a> Value<'a> {
    pub fn dictionary(&self) -> &Dictionary<'a> {
        match self {
            Self::Dictionary(dictionary) => dictionary,
            _ => const { &Dictionary(Vec::new()) },
        }
    }

    pub fn array(&self) -> &[Value<'a>] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    pub const fn reference(&self) -> Option<u32> {
        match self {
            Self::Reference(number) => Some(*number),
            _ => None,
        }
    }

    pub fn name(&self) -> &'a str {
        match self {
            Self::Name(name) => std::str::from_utf8(name).unwrap_or_default(),
            _ => "",
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    pub fn index(&self) -> Option<usize> {
        match self {
            Self::Number(number) if *number >= 0.0 => Some(*number as usize),
            _ => None,
        }
    }

    /// A text string as text. PDF 32000-1, 7.9.2.2; of PDFDocEncoding only ASCII, as we write it.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(bytes) => Some(decode_text(bytes)),
            _ => None,
        }
    }
}

/// UTF-16 behind its mark, else ASCII.
pub(crate) fn decode_text(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xFE\xFF") {
        Some(units) => {
            let units = units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        None if bytes.is_ascii() => String::from_utf8_lossy(bytes).into_owned(),
        None => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// Reads values one after another; also the operands and operators of content streams.
pub(crate) struct Scanner<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

/// What stands next in a content stream.
pub(crate) enum Token<'a> {
    Operand(Value<'a>),
    Operator(&'a [u8]),
}

impl<'a> Scanner<'a> {
    /// The next operand or operator; `None` at the end.
    pub fn token(&mut self) -> Result<Option<Token<'a>>, Unreadable> {
        self.blanks();
        match self.peek() {
            None => Ok(None),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'\'' || byte == b'"' => {
                Ok(Some(Token::Operator(self.word())))
            }
            Some(_) => self.value().map(|value| Some(Token::Operand(value))),
        }
    }

    pub fn value(&mut self) -> Result<Value<'a>, Unreadable> {
        self.blanks();
        match self.peek() {
            Some(b'/') => {
                self.at += 1;
                Ok(Value::Name(self.word()))
            }
            Some(b'(') => self.literal(),
            Some(b'<') if self.bytes.get(self.at + 1) == Some(&b'<') => self.dictionary(),
            Some(b'<') => self.hexadecimal(),
            Some(b'[') => self.array(),
            Some(byte) if byte.is_ascii_digit() || matches!(byte, b'-' | b'.') => self.number(),
            Some(_) => match self.word() {
                b"null" => Ok(Value::Null),
                b"true" => Ok(Value::Boolean(true)),
                b"false" => Ok(Value::Boolean(false)),
                _ => Err(self.fault()),
            },
            None => Err(self.fault()),
        }
    }

    fn object(mut self, number: usize) -> Result<Entry<'a>, Unreadable> {
        let start = self.at;
        if self.integer()? != number {
            return Err(self.fault());
        }
        self.expect(b" 0 obj\n")?;
        let value = self.value()?;
        let mut stream = None;
        if self.bytes[self.at..].starts_with(b"stream\n") {
            self.at += b"stream\n".len();
            let length = value.dictionary().get("Length").index().unwrap_or(0);
            let end = self.at.saturating_add(length);
            stream = Some(self.bytes.get(self.at..end).ok_or(self.fault())?);
            self.at = end;
            self.expect(b"\nendstream")?;
        }
        self.expect(b"\nendobj\n")?;
        Ok(Entry { value, stream, place: start..self.at, inflated: OnceCell::new() })
    }

    fn array(&mut self) -> Result<Value<'a>, Unreadable> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::Array(items));
            }
            items.push(self.value()?);
        }
    }

    fn dictionary(&mut self) -> Result<Value<'a>, Unreadable> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            self.blanks();
            if self.bytes[self.at..].starts_with(b">>") {
                self.at += 2;
                return Ok(Value::Dictionary(Dictionary(entries)));
            }
            let Value::Name(key) = self.value()? else {
                return Err(self.fault());
            };
            entries.push((key, self.value()?));
        }
    }

    /// A number, or the reference that it begins.
    fn number(&mut self) -> Result<Value<'a>, Unreadable> {
        let word = self.word();
        if word.iter().all(u8::is_ascii_digit) && self.bytes[self.at..].starts_with(b" 0 R") {
            self.at += 4;
            return Ok(Value::Reference(parse(word).ok_or(self.fault())?));
        }
        decimal(word).or_else(|| parse(word)).map(Value::Number).ok_or(self.fault())
    }

    fn literal(&mut self) -> Result<Value<'a>, Unreadable> {
        self.at += 1;
        let start = self.at;
        let mut depth = 1;
        let mut plain = true;
        while depth > 0 {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let next = memchr3(b'\\', b'(', b')', rest).ok_or(self.fault())?;
            self.at += next + 1;
            match rest[next] {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {
                    plain = false;
                    self.at += 1;
                }
            }
        }
        let inside = self.bytes.get(start..self.at - 1).ok_or(self.fault())?;
        Ok(Value::Text(if plain { Cow::Borrowed(inside) } else { Cow::Owned(unescape(inside)) }))
    }

    fn hexadecimal(&mut self) -> Result<Value<'a>, Unreadable> {
        let length = memchr::memchr(b'>', &self.bytes[self.at..]);
        let end = self.at + length.ok_or(self.fault())?;
        let inside = &self.bytes[self.at + 1..end];
        self.at = end + 1;
        let digit = |byte: u8| DIGITS[usize::from(byte)];
        let mut strange = 0;
        let bytes = inside.chunks(2).map(|pair| {
            let (high, low) = (digit(pair[0]), pair.get(1).map_or(0, |&low| digit(low)));
            strange |= high | low;
            (high << 4) | (low & 15)
        });
        let bytes: Vec<u8> = bytes.collect();
        // Each digit is below 16.
        if strange > 15 {
            return Err(self.fault());
        }
        Ok(Value::Text(Cow::Owned(bytes)))
    }

    fn integer(&mut self) -> Result<usize, Unreadable> {
        let digits = self.bytes.get(self.at..).unwrap_or_default();
        let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.digits(length)
    }

    fn digits(&mut self, length: usize) -> Result<usize, Unreadable> {
        let digits = self.bytes.get(self.at..self.at + length).ok_or(self.fault())?;
        self.at += length;
        parse(digits).ok_or(self.fault())
    }

    fn expect(&mut self, words: &[u8]) -> Result<(), Unreadable> {
        if !self.bytes.get(self.at..).unwrap_or_default().starts_with(words) {
            return Err(self.fault());
        }
        self.at += words.len();
        Ok(())
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn word(&mut self) -> &'a [u8] {
        let start = self.at;
        let rest = &self.bytes[start..];
        self.at += rest.iter().position(|&byte| ENDS[usize::from(byte)]).unwrap_or(rest.len());
        &self.bytes[start..self.at]
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    const fn fault(&self) -> Unreadable {
        Unreadable(self.at)
    }
}

fn parse<T: std::str::FromStr>(word: &[u8]) -> Option<T> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

fn find_last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

/// Where `startxref` must stand, from the end.
const TAIL: usize = 64;

/// A row of the cross-reference table. PDF 32000-1, 7.5.4.
const ROW: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pdf::specimen::written;

    #[test]
    fn every_byte_belongs_to_something() {
        let (_, file) = written(true);
        let read = File::read(&file.bytes).unwrap();
        let mut places: Vec<_> = read.objects.iter().map(|entry| entry.place.clone()).collect();
        places.sort_by_key(|place| place.start);
        assert_eq!(places[0].start, b"%PDF-1.7\n%abcd\n".len());
        assert!(places.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(file.bytes[places[places.len() - 1].end..].starts_with(b"xref\n"));
    }

    #[test]
    fn a_cut_file_is_unreadable_and_never_a_panic() {
        let (_, file) = written(true);
        for length in (0..file.bytes.len()).step_by(97) {
            assert!(File::read(&file.bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn strings_are_read_as_they_were_written() {
        let mut scanner = Scanner { bytes: br"(a\(b\)\\\012(c)) <FEFF0175> 12 0 R -1.5", at: 0 };
        assert_eq!(scanner.value().unwrap().text().unwrap(), "a(b)\\\n(c)");
        assert_eq!(scanner.value().unwrap().text().unwrap(), "\u{175}");
        assert_eq!(scanner.value().unwrap(), Value::Reference(12));
        assert_eq!(scanner.value().unwrap(), Value::Number(-1.5));
    }
}
