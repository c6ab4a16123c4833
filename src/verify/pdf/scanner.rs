//! Bytes to values, one after another. ISO 32000-1, 7.2 and 7.3. What is not written as the
//! standard has it is a fault; nothing is guessed.

use std::ops::Range;

use super::super::reason::{Finding, Reason};
use super::limits::{Budget, DEEPEST, LONGEST_NAME, LONGEST_NUMBER};
use super::value::{Dictionary, Id, Text, Value};

/// Most faults are of this form: the first that is found ends the reading.
pub(super) type Read<T> = Result<T, Finding>;

/// Whose bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    File,
    /// The data of an object stream.
    Container(Id),
}

/// How narrow the reading is. Readers differ in what they make of what the standard leaves free,
/// so where somebody may have written behind a signature no more than one spelling is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hand {
    /// Whatever the standard knows: objects of the first revision.
    Free,
    /// No comments, no odd blanks, no names or references spelt in a roundabout way.
    Plain,
    /// Nor a whole number spelt so: cross-reference sections, from `xref` to `%%EOF`.
    Exact,
}

pub(super) struct Scanner<'a, 'b> {
    pub bytes: &'a [u8],
    pub at: usize,
    pub origin: Origin,
    pub hand: Hand,
    pub budget: &'b mut Budget,
}

impl<'a, 'b> Scanner<'a, 'b> {
    pub fn new(bytes: &'a [u8], at: usize, budget: &'b mut Budget) -> Self {
        Self { bytes, at, origin: Origin::File, hand: Hand::Free, budget }
    }

    /// The same, reading more narrowly.
    pub const fn by(mut self, hand: Hand) -> Self {
        self.hand = hand;
        self
    }

    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub fn fault(&self, reason: Reason) -> Finding {
        match self.origin {
            Origin::File => Finding::fatal(reason, format_args!("byte {}", self.at)),
            Origin::Container(id) => Finding::fatal(reason, id),
        }
    }

    pub fn broken(&self) -> Finding {
        self.fault(Reason::BrokenObject)
    }

    /// White space and, for a free hand, comments.
    pub fn blanks(&mut self) {
        loop {
            self.at += self.rest().iter().take_while(|byte| self.is_blank(**byte)).count();
            if self.hand != Hand::Free {
                return;
            }
            let [b'%', comment @ ..] = self.rest() else { return };
            let length = comment.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
            self.at += 1 + length;
        }
    }

    fn is_blank(&self, byte: u8) -> bool {
        if self.hand == Hand::Free { is_blank(byte) } else { is_plain_blank(byte) }
    }

    /// The run of regular characters that begins here.
    pub fn word(&self) -> &'a [u8] {
        let rest = self.rest();
        &rest[..rest.iter().take_while(|byte| is_regular(**byte)).count()]
    }

    pub fn keyword(&mut self, word: &[u8]) -> Read<()> {
        if self.word() != word {
            return Err(self.broken());
        }
        self.at += word.len();
        Ok(())
    }

    /// Whether the word stands here; it is passed where it does.
    pub fn passes(&mut self, word: &[u8]) -> bool {
        let here = self.word() == word;
        self.at += if here { word.len() } else { 0 };
        here
    }

    /// Digits and nothing else; no zeros before them but for a free hand.
    pub fn unsigned(&mut self) -> Option<usize> {
        let word = self.word();
        let round = self.hand != Hand::Free && word.len() > 1 && word.starts_with(b"0");
        let number = digits(word).filter(|_| !round)?;
        self.at += word.len();
        Some(number)
    }

    /// One end of a line; passed where it stands.
    pub fn line_end(&mut self) -> bool {
        let length = match self.rest() {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        self.at += length;
        length > 0
    }

    /// `12 0` as it stands before `obj`; no comment between.
    pub fn id(&mut self) -> Option<Id> {
        let number = u32::try_from(self.unsigned()?).ok()?;
        if self.hand != Hand::Free && number > HIGHEST_NUMBER {
            return None;
        }
        self.spaces()?;
        let generation = u16::try_from(self.unsigned()?).ok()?;
        self.spaces()?;
        Some(Id { number, generation })
    }

    /// At least one blank.
    fn spaces(&mut self) -> Option<()> {
        let length = self.rest().iter().take_while(|byte| self.is_blank(**byte)).count();
        self.at += length;
        (length > 0).then_some(())
    }

    pub fn value(&mut self, depth: usize) -> Read<Value> {
        if depth > DEEPEST {
            return Err(self.fault(Reason::TooDeep));
        }
        if !self.budget.value() {
            return Err(self.fault(Reason::TooMany));
        }
        self.blanks();
        match self.rest() {
            [b'<', b'<', ..] => self.dictionary(depth).map(Value::Dictionary),
            [b'<', ..] => self.hexadecimal(),
            [b'(', ..] => self.literal(),
            [b'[', ..] => self.array(depth),
            [b'/', ..] => self.name().map(Value::Name),
            [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => self.number(),
            _ => self.constant(),
        }
    }

    fn constant(&mut self) -> Read<Value> {
        let word = self.word();
        let value = match word {
            b"null" => Value::Null,
            b"true" => Value::Boolean(true),
            b"false" => Value::Boolean(false),
            _ => return Err(self.broken()),
        };
        self.at += word.len();
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            if self.rest().first() == Some(&b']') {
                self.at += 1;
                items.shrink_to_fit();
                return Ok(Value::Array(items));
            }
            items.push(self.value(depth + 1)?);
        }
    }

    pub fn dictionary(&mut self, depth: usize) -> Read<Dictionary> {
        let start = self.at;
        if !self.rest().starts_with(b"<<") {
            return Err(self.broken());
        }
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            self.blanks();
            if self.rest().starts_with(b">>") {
                self.at += 2;
                entries.shrink_to_fit();
                return Dictionary::new(entries).ok_or_else(|| {
                    self.at = start;
                    self.fault(Reason::DuplicateKey)
                });
            }
            let key = self.name()?;
            entries.push((key, self.value(depth + 1)?));
        }
    }

    fn name(&mut self) -> Read<Box<[u8]>> {
        if self.rest().first() != Some(&b'/') {
            return Err(self.broken());
        }
        self.at += 1;
        let word = self.word();
        if word.len() > LONGEST_NAME {
            return Err(self.fault(Reason::TooLarge));
        }
        let name = if word.contains(&b'#') { unescaped(word) } else { Some(word.to_vec()) };
        let name = name.ok_or_else(|| self.broken())?;
        if self.hand != Hand::Free && is_roundabout(word) {
            return Err(self.broken());
        }
        self.at += word.len();
        Ok(name.into_boxed_slice())
    }

    fn hexadecimal(&mut self) -> Read<Value> {
        let start = self.at;
        self.at += 1;
        let mut bytes = Vec::new();
        let mut half = None;
        for byte in self.rest() {
            self.at += 1;
            match (hex(*byte), half) {
                (Some(digit), None) => half = Some(digit << 4),
                (Some(digit), Some(high)) => {
                    bytes.push(high | digit);
                    half = None;
                }
                (None, _) if *byte == b'>' => {
                    bytes.extend(half);
                    return Ok(self.text(bytes, start..self.at));
                }
                (None, _) if is_blank(*byte) => {}
                (None, _) => break,
            }
        }
        Err(self.broken())
    }

    fn literal(&mut self) -> Read<Value> {
        let start = self.at;
        let mut bytes = Vec::new();
        let mut open = 0_usize;
        while let [byte, behind @ ..] = self.rest() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' if open == 1 => return Ok(self.text(bytes, start..self.at)),
                b')' => open -= 1,
                _ => {}
            }
            match byte {
                b'\\' => self.escape(&mut bytes),
                b'(' if open == 1 => {}
                // An end of a line is one line feed, however it is written: 7.3.4.2.
                b'\r' => {
                    self.at += usize::from(behind.first() == Some(&b'\n'));
                    bytes.push(b'\n');
                }
                _ => bytes.push(*byte),
            }
        }
        Err(self.broken())
    }

    /// What follows a backslash. ISO 32000-1, table 3.
    fn escape(&mut self, bytes: &mut Vec<u8>) {
        let rest = self.rest();
        let octal = rest.iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
        if octal > 0 {
            let value = rest[..octal].iter().fold(0_u32, |sum, b| sum * 8 + u32::from(b - b'0'));
            bytes.push(u8::try_from(value & 255).unwrap_or_default());
            self.at += octal;
            return;
        }
        if self.line_end() {
            return;
        }
        let Some(byte) = rest.first() else { return };
        self.at += 1;
        bytes.push(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            other => *other,
        });
    }

    fn text(&self, bytes: Vec<u8>, place: Range<usize>) -> Value {
        let place = if self.origin == Origin::File { place } else { 0..0 };
        Value::Text(Text::new(bytes, place))
    }

    /// A number, or the reference that begins with one.
    fn number(&mut self) -> Read<Value> {
        let word = self.word();
        if word.len() > LONGEST_NUMBER {
            return Err(self.broken());
        }
        let value = numeric(word).ok_or_else(|| self.broken())?;
        if digits(word).is_some()
            && let Some(id) = self.reference()
        {
            return Ok(Value::Reference(id));
        }
        // The number must be spelt as it would be written again.
        if self.hand == Hand::Exact
            && let Value::Integer(number) = value
            && number.to_string().as_bytes() != word
        {
            return Err(self.broken());
        }
        self.at += word.len();
        Ok(value)
    }

    /// `12 0 R`; passed where it stands.
    fn reference(&mut self) -> Option<Id> {
        let start = self.at;
        let id = self.id();
        if id.is_some() && self.passes(b"R") {
            return id;
        }
        self.at = start;
        None
    }
}

fn numeric(word: &[u8]) -> Option<Value> {
    let unsigned = match word {
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    let dots = unsigned.iter().filter(|byte| **byte == b'.').count();
    let plain = unsigned.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if !plain || dots > 1 || unsigned.len() == dots {
        return None;
    }
    let text = std::str::from_utf8(word).ok()?;
    match dots {
        0 => text.parse().ok().map(Value::Integer),
        _ => text.parse().ok().map(Value::Real),
    }
}

/// The number that digits spell; `None` where another character is among them.
pub(super) fn digits(word: &[u8]) -> Option<usize> {
    let plain = (1..=LONGEST_NUMBER).contains(&word.len()) && word.iter().all(u8::is_ascii_digit);
    if plain { std::str::from_utf8(word).ok()?.parse().ok() } else { None }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A name with its `#xx` resolved; `#00` and half an escape are no name. ISO 32000-1, 7.3.5.
fn unescaped(word: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut bytes = word.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'#' {
            out.push(*byte);
            continue;
        }
        let (high, low) = (hex(*bytes.next()?)?, hex(*bytes.next()?)?);
        out.push(high << 4 | low);
    }
    (!out.contains(&0)).then_some(out)
}

/// Whether a name spells with `#` what needs no such spelling.
fn is_roundabout(word: &[u8]) -> bool {
    word.windows(3).any(|part| match (part[0], hex(part[1]), hex(part[2])) {
        (b'#', Some(high), Some(low)) => {
            let byte = high << 4 | low;
            byte.is_ascii_graphic() && is_regular(byte) && byte != b'#'
        }
        _ => false,
    })
}

/// The blanks that every reader knows.
pub(super) const fn is_plain_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' ')
}

/// ISO 32000-1, annex C.
const HIGHEST_NUMBER: u32 = 8_388_607;

/// ISO 32000-1, table 1.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// Neither white space nor a delimiter.
const fn is_regular(byte: u8) -> bool {
    let delimiter =
        matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%');
    !is_blank(byte) && !delimiter
}
