//! A finished file of ours, read as far as a further revision needs: where each object stands now,
//! what the catalog, the form and a page say, which signatures there are. ISO 32000-1, 7.5.

use std::collections::BTreeMap;
use std::ops::Range;

use super::LevelError;
use crate::sign::dictionary::{self, Dictionary, Value};

/// The file with the place of each object in its newest revision.
pub(super) struct Base<'a> {
    pub bytes: &'a [u8],
    /// Where the newest cross-reference table stands.
    pub table: usize,
    offsets: BTreeMap<u32, usize>,
    trailer: Dictionary,
}

/// One signature or document timestamp of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// It is a document timestamp: ETSI EN 319 142-1, clause 5.4.3.
    pub is_timestamp: bool,
    /// `/Contents` with its `<` and `>`.
    pub hole: Range<usize>,
    /// The end of the revision that it covers.
    pub end: usize,
}

/// What a signature covers and what stands in its hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The whole hole, the zeros behind the signature included.
    pub padded: Vec<u8>,
    /// The signature in DER.
    pub der: Vec<u8>,
}

impl Placed {
    /// What is in the hole.
    ///
    /// # Errors
    /// [`LevelError::Form`] where it is not hexadecimal or holds no DER.
    pub fn contents(&self, bytes: &[u8]) -> Result<Covered, LevelError> {
        let broken = LevelError::Form("a signature can't be read");
        let Some([b'<', digits @ .., b'>']) = bytes.get(self.hole.clone()) else {
            return Err(broken);
        };
        let padded: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
        let Some(padded) = padded else { return Err(broken) };
        match der_length(&padded).and_then(|length| padded.get(..length)) {
            Some(der) => Ok(Covered { der: der.to_vec(), padded }),
            None => Err(broken),
        }
    }

    /// The bytes that it covers, as the two ranges around the hole.
    pub fn around<'b>(&self, bytes: &'b [u8]) -> [&'b [u8]; 2] {
        let before = bytes.get(..self.hole.start).unwrap_or_default();
        [before, bytes.get(self.hole.end..self.end).unwrap_or_default()]
    }
}

fn byte(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|v| u8::try_from(v).ok());
    Some(value(*high)? << 4 | value(*low)?)
}

/// The length of the one element that begins the bytes, its head included. X.690, 8.1.3.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let first = usize::from(*bytes.get(1)?);
    if first < 0x80 {
        return Some(2 + first);
    }
    let count = first & 0x7f;
    let length = bytes.get(2..2 + count).filter(|_| (1..=3).contains(&count))?;
    let length = length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    Some(2 + count + length)
}

impl<'a> Base<'a> {
    /// Reads the chain of cross-reference tables back from the end.
    pub fn read(bytes: &'a [u8]) -> Result<Self, LevelError> {
        Self::follow(bytes).ok_or(LevelError::Form("its cross-references can't be read"))
    }

    fn follow(bytes: &'a [u8]) -> Option<Self> {
        let tail = bytes.strip_suffix(b"\n%%EOF\n")?;
        let line = tail.iter().rposition(|byte| *byte == b'\n')?;
        let table = number(&tail[line + 1..])?;
        if !tail[..line].ends_with(b"startxref") {
            return None;
        }
        let mut offsets = BTreeMap::new();
        let (newest, mut previous) = section(bytes, table, &mut offsets)?;
        let mut place = table;
        while let Some(before) = previous {
            // Each stands before the one that names it, so the chain ends.
            if before >= place {
                return None;
            }
            place = before;
            (_, previous) = section(bytes, place, &mut offsets)?;
        }
        Some(Self { bytes, table, offsets, trailer: newest })
    }

    /// The number of the next free object.
    pub fn size(&self) -> Result<u32, LevelError> {
        let size = self.trailer.integer("Size").and_then(|size| u32::try_from(size).ok());
        size.filter(|size| *size < MOST_OBJECTS).ok_or(LevelError::Form("its size"))
    }

    /// The number of the catalog.
    pub fn root(&self) -> Result<u32, LevelError> {
        self.trailer.reference("Root").ok_or(LevelError::Form("its catalog"))
    }

    /// The first half of the file's identifier, with `<` and `>`, and what else the trailer says
    /// that stays.
    pub fn identity(&self) -> Result<(&'a [u8], u32), LevelError> {
        let form = LevelError::Form("its identifier");
        let [Value::Hexadecimal(first), _] = self.trailer.array("ID").unwrap_or_default() else {
            return Err(form);
        };
        let info = self.trailer.reference("Info").ok_or(LevelError::Form("its information"))?;
        Ok((&self.bytes[first.clone()], info))
    }

    /// The dictionary of an object that is one.
    pub fn dictionary(&self, object: u32) -> Result<Dictionary, LevelError> {
        let form = LevelError::Form("an object");
        let Some(content) = self.content(object) else { return Err(form) };
        match dictionary::read(self.bytes, content) {
            Some((dictionary, _)) => Ok(dictionary),
            None => Err(form),
        }
    }

    /// The bytes of a stream of ours, which is not packed.
    pub fn stream(&self, object: u32) -> Result<&'a [u8], LevelError> {
        let read = || {
            let (dictionary, end) = dictionary::read(self.bytes, self.content(object)?)?;
            let length = usize::try_from(dictionary.integer("Length")?).ok()?;
            let rest = self.bytes.get(end..)?.strip_prefix(b"stream\n")?;
            dictionary.value("Filter").is_none().then_some(rest.get(..length)?)
        };
        read().ok_or(LevelError::Form("a stream"))
    }

    /// Where the content of an object begins.
    fn content(&self, object: u32) -> Option<usize> {
        let start = *self.offsets.get(&object)?;
        let head = format!("{object} 0 obj\n");
        self.bytes.get(start..)?.starts_with(head.as_bytes()).then_some(start + head.len())
    }

    /// The number of the form. ISO 32000-1, 12.7.2.
    pub fn form(&self) -> Result<u32, LevelError> {
        let catalog = self.dictionary(self.root()?)?;
        catalog.reference("AcroForm").ok_or(LevelError::Form("it has no form"))
    }

    /// The numbers of the fields, all at the first level.
    pub fn fields(&self) -> Result<Vec<u32>, LevelError> {
        let form = self.dictionary(self.form()?)?;
        references(form.array("Fields").unwrap_or_default())
    }

    /// Every signature, in the order of the fields.
    fn signatures(&self) -> Result<Vec<Placed>, LevelError> {
        let mut found = Vec::new();
        for field in self.fields()? {
            let field = self.dictionary(field)?;
            let Some(value) = field.reference("V") else { continue };
            let signature = self.dictionary(value)?;
            found.push(placed(&signature).ok_or(LevelError::Form("a signature"))?);
        }
        Ok(found)
    }
}

/// Every signature of a finished file of ours, oldest first.
///
/// # Errors
/// [`LevelError::Form`] where the file is not of our form.
pub fn signatures(bytes: &[u8]) -> Result<Vec<Placed>, LevelError> {
    let found = Base::read(bytes)?.signatures()?;
    let whole = |placed: &Placed| placed.hole.end <= placed.end && placed.end <= bytes.len();
    if found.iter().all(whole) { Ok(found) } else { Err(LevelError::Form("a byte range")) }
}

fn placed(signature: &Dictionary) -> Option<Placed> {
    let Some(Value::Hexadecimal(hole)) = signature.value("Contents") else { return None };
    let number = |value: &Value| match value {
        Value::Integer(number) => usize::try_from(*number).ok(),
        _ => None,
    };
    let range: Option<Vec<usize>> = signature.array("ByteRange")?.iter().map(number).collect();
    let [0, before, after, length] = range?[..] else { return None };
    let is_timestamp = signature.name("Type") == Some(b"DocTimeStamp");
    let placed = Placed { is_timestamp, hole: hole.clone(), end: after.checked_add(length)? };
    (before == hole.start && after == hole.end).then_some(placed)
}

/// The numbers in an array of references.
pub(super) fn references(values: &[Value]) -> Result<Vec<u32>, LevelError> {
    let number = |value: &Value| match value {
        Value::Reference(number) => Ok(*number),
        _ => Err(LevelError::Form("a list of objects")),
    };
    values.iter().map(number).collect()
}

/// Reads one table and its trailer; what a newer one says already stays. Gives the trailer and the
/// place of the table before.
fn section(
    bytes: &[u8],
    start: usize,
    offsets: &mut BTreeMap<u32, usize>,
) -> Option<(Dictionary, Option<usize>)> {
    let mut at = start + bytes.get(start..)?.strip_prefix(b"xref\n").map(|_| 5)?;
    while !bytes[at..].starts_with(b"trailer") {
        let line = bytes[at..].iter().take(24).position(|byte| *byte == b'\n')?;
        let mut words = bytes[at..at + line].split(|byte| *byte == b' ');
        let (first, count) = (number(words.next()?)?, number(words.next()?)?);
        at += line + 1;
        for index in 0..count {
            let entry = bytes.get(at..at + ENTRY)?;
            if &entry[10..] == b" 00000 n \n" {
                let object = u32::try_from(first.checked_add(index)?).ok()?;
                offsets.entry(object).or_insert(number(&entry[..10])?);
            }
            at += ENTRY;
        }
    }
    let (trailer, _) = dictionary::read(bytes, at + b"trailer".len())?;
    match trailer.value("Prev") {
        None => Some((trailer, None)),
        Some(Value::Integer(before)) => {
            let before = usize::try_from(*before).ok()?;
            Some((trailer, Some(before)))
        }
        Some(_) => None,
    }
}

fn number(digits: &[u8]) -> Option<usize> {
    let plain = (1..=10).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(digits).ok().filter(|_| plain)?;
    text.parse().ok()
}

/// Bytes of one entry of a table. ISO 32000-1, 7.5.4.
const ENTRY: usize = 20;
/// Far more than a document of ours has.
const MOST_OBJECTS: u32 = 1 << 20;
