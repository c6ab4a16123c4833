//! A reader of DER for bytes of others: ITU-T X.690, clause 10, strictly, but for the times, in
//! which services of others write fractions of a second.
//!
//! An element is a window on the bytes that it was read from, so what is hashed is what stands
//! there and never an encoding made anew. No recursion, no allocation by a length that was read.

use der::asn1::ObjectIdentifier;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The bytes are not the DER that should stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not the DER that should stand there")]
pub struct Malformed;

/// One element: its tag, its content, and both together with the length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// Elements one after another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next element, whatever it is.
    pub(crate) fn next(&mut self) -> Result<Element<'a>, Malformed> {
        let (element, rest) = first(self.rest)?;
        self.rest = rest;
        Ok(element)
    }

    /// The next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Result<Element<'a>, Malformed> {
        self.optional(tag)?.ok_or(Malformed)
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Malformed> {
        if self.rest.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// The elements of the next one, which must have this tag.
    pub(crate) fn inside(&mut self, tag: u8) -> Result<Self, Malformed> {
        Ok(Self::new(self.take(tag)?.content))
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may be left.
    pub(crate) const fn end(self) -> Result<(), Malformed> {
        if self.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

impl<'a> Element<'a> {
    /// The elements in it.
    pub(crate) const fn inside(&self) -> Reader<'a> {
        Reader::new(self.content)
    }

    /// The element that an explicit tag encloses, alone.
    pub(crate) fn sole(&self) -> Result<Self, Malformed> {
        sole(self.content)
    }

    pub(crate) fn oid(&self) -> Result<ObjectIdentifier, Malformed> {
        self.tagged(OID)?;
        ObjectIdentifier::from_bytes(self.content).map_err(|_| Malformed)
    }

    pub(crate) fn boolean(&self) -> Result<bool, Malformed> {
        self.tagged(BOOLEAN)?;
        match self.content {
            [0] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(Malformed),
        }
    }

    /// The bytes of an INTEGER, two's complement, most significant first.
    pub(crate) fn integer(&self) -> Result<&'a [u8], Malformed> {
        self.tagged(INTEGER)?;
        if minimal(self.content) { Ok(self.content) } else { Err(Malformed) }
    }

    /// A small number that is not negative.
    pub(crate) fn number(&self) -> Result<u32, Malformed> {
        let bytes = self.integer()?;
        let small = bytes.len() <= 4 && bytes[0] < 0x80;
        if !small {
            return Err(Malformed);
        }
        Ok(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// The number of an ENUMERATED value.
    pub(crate) fn enumerated(&self) -> Result<u32, Malformed> {
        match (self.tag, self.content) {
            (ENUMERATED, [value @ 0..0x80]) => Ok(u32::from(*value)),
            _ => Err(Malformed),
        }
    }

    pub(crate) fn octets(&self) -> Result<&'a [u8], Malformed> {
        self.tagged(OCTETS)?;
        Ok(self.content)
    }

    /// The bytes of a BIT STRING of whole bytes.
    pub(crate) fn bytes_of_bits(&self) -> Result<&'a [u8], Malformed> {
        self.tagged(BITS)?;
        match self.content {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(Malformed),
        }
    }

    /// The first 16 bits of a BIT STRING, bit 0 the most significant.
    pub(crate) fn bits(&self) -> Result<u16, Malformed> {
        self.tagged(BITS)?;
        let [unused, bytes @ ..] = self.content else { return Err(Malformed) };
        if *unused > 7 || (bytes.is_empty() && *unused > 0) {
            return Err(Malformed);
        }
        let byte = |index| u16::from(bytes.get(index).copied().unwrap_or_default());
        Ok(byte(0) << 8 | byte(1))
    }

    /// An instant, in either of the types that certificates use. RFC 5280, section 4.1.2.5; with
    /// fractions of a second, RFC 3161, section 2.4.2.
    pub(crate) fn time(&self) -> Result<Timestamp, Malformed> {
        match self.tag {
            UTC_TIME => {
                let year: i16 = digits(self.content.get(..2).ok_or(Malformed)?)?;
                // RFC 5280, section 4.1.2.5.1.
                let century = if year < 50 { 2000 } else { 1900 };
                instant(century + year, &self.content[2..], Fractions::None)
            }
            GENERALIZED_TIME => {
                let year = digits(self.content.get(..4).ok_or(Malformed)?)?;
                instant(year, &self.content[4..], Fractions::Lenient)
            }
            _ => Err(Malformed),
        }
    }

    /// Words in any of the usual string types, at most 256 characters, none that steers a screen;
    /// empty where they can't be read.
    pub(crate) fn words(&self) -> String {
        let text = match self.tag {
            UTF8_STRING | PRINTABLE_STRING | IA5_STRING | NUMERIC_STRING => {
                String::from_utf8_lossy(self.content).into_owned()
            }
            TELETEX_STRING => self.content.iter().copied().map(char::from).collect(),
            BMP_STRING => {
                let pairs = self.content.chunks_exact(2);
                let units: Vec<_> =
                    pairs.map(|pair| u16::from(pair[0]) << 8 | u16::from(pair[1])).collect();
                String::from_utf16_lossy(&units)
            }
            _ => String::new(),
        };
        text.chars().filter(|letter| !steers(*letter)).take(LONGEST_WORDS).collect()
    }

    fn tagged(&self, tag: u8) -> Result<(), Malformed> {
        if self.tag == tag { Ok(()) } else { Err(Malformed) }
    }
}

/// The element at the beginning, and what stands behind it.
pub(crate) fn first(bytes: &[u8]) -> Result<(Element<'_>, &[u8]), Malformed> {
    let (tag, head, length) = header(bytes)?;
    let end = head.checked_add(length).ok_or(Malformed)?;
    let (whole, rest) = bytes.split_at_checked(end).ok_or(Malformed)?;
    Ok((Element { tag, content: &whole[head..], whole }, rest))
}

/// The one element that the bytes are.
pub(crate) fn sole(bytes: &[u8]) -> Result<Element<'_>, Malformed> {
    let (element, rest) = first(bytes)?;
    if rest.is_empty() { Ok(element) } else { Err(Malformed) }
}

/// Whether the bytes are one element and every element within is DER as far as that shows without
/// knowing what it means.
pub(crate) fn well_formed(bytes: &[u8]) -> Result<(), Malformed> {
    // The elements still to be read at each depth; a window each, so nothing grows with a number
    // read.
    let mut open = vec![Reader::new(sole(bytes)?.whole)];
    while let Some(reader) = open.last_mut() {
        if reader.is_empty() {
            open.pop();
            continue;
        }
        let element = reader.next()?;
        check_primitive(&element)?;
        if element.tag & CONSTRUCTED != 0 {
            if open.len() >= DEEPEST {
                return Err(Malformed);
            }
            open.push(element.inside());
        }
    }
    Ok(())
}

fn check_primitive(element: &Element<'_>) -> Result<(), Malformed> {
    let class = element.tag & CLASS;
    let constructed = element.tag & CONSTRUCTED != 0;
    let number = element.tag & !(CLASS | CONSTRUCTED);
    let right = match (class, number) {
        (0, 0) => false,
        (0, 1) => matches!(element.content, [0 | 0xff]),
        (0, 2 | 10) => minimal(element.content),
        // EXTERNAL, EMBEDDED PDV, SEQUENCE and SET are constructed, the rest are not.
        (0, 8 | 11 | 16 | 17) => constructed,
        (0, _) => !constructed,
        _ => true,
    };
    if right { Ok(()) } else { Err(Malformed) }
}

/// Tag, bytes of tag and length, bytes of content. Tags of one byte, lengths of four at most.
fn header(bytes: &[u8]) -> Result<(u8, usize, usize), Malformed> {
    let [tag, length, rest @ ..] = bytes else { return Err(Malformed) };
    if tag & LONG_TAG == LONG_TAG {
        return Err(Malformed);
    }
    if *length < 0x80 {
        return Ok((*tag, 2, usize::from(*length)));
    }
    let count = usize::from(length & 0x7f);
    if !(1..=4).contains(&count) {
        return Err(Malformed);
    }
    let digits = rest.get(..count).ok_or(Malformed)?;
    let value = digits.iter().fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
    // The shortest form and no other. X.690, clause 10.1.
    if digits[0] == 0 || value < 0x80 {
        return Err(Malformed);
    }
    Ok((*tag, 2 + count, value))
}

/// Whether an INTEGER has no byte too many. X.690, clause 8.3.2.
fn minimal(content: &[u8]) -> bool {
    match content {
        [] => false,
        [0, next, ..] => *next >= 0x80,
        [0xff, next, ..] => *next < 0x80,
        _ => true,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fractions {
    None,
    Lenient,
}

/// `MMDDHHMMSS[.f…]Z`.
fn instant(year: i16, rest: &[u8], fractions: Fractions) -> Result<Timestamp, Malformed> {
    let [body @ .., b'Z'] = rest else { return Err(Malformed) };
    let (body, fraction) = body.split_at_checked(10).ok_or(Malformed)?;
    let nanoseconds = match fraction {
        [] => 0,
        [b'.', digits @ ..] if fractions == Fractions::Lenient => nanoseconds(digits)?,
        _ => return Err(Malformed),
    };
    let part = |index: usize| digits::<i8>(&body[index * 2..index * 2 + 2]);
    let civil = DateTime::new(year, part(0)?, part(1)?, part(2)?, part(3)?, part(4)?, nanoseconds);
    let civil = civil.map_err(|_| Malformed)?;
    // Our calendar ends a day before 9999 does, which certificates without an end name.
    Ok(TimeZone::UTC.to_timestamp(civil).unwrap_or(Timestamp::MAX))
}

fn nanoseconds(fraction: &[u8]) -> Result<i32, Malformed> {
    if fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return Err(Malformed);
    }
    let padded = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(9);
    Ok(padded.fold(0, |value, digit| value * 10 + i32::from(digit - b'0')))
}

fn digits<T: std::str::FromStr>(text: &[u8]) -> Result<T, Malformed> {
    if !text.iter().all(u8::is_ascii_digit) {
        return Err(Malformed);
    }
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or(Malformed)
}

/// Letters that are not seen but change what is: controls and directions of writing.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BITS: u8 = 0x03;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const NUMERIC_STRING: u8 = 0x12;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const TELETEX_STRING: u8 = 0x14;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// A primitive element of a context, `[n] IMPLICIT`.
pub(crate) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// A constructed element of a context, `[n]`.
pub(crate) const fn constructed(number: u8) -> u8 {
    0xa0 | number
}

const CLASS: u8 = 0xc0;
const CONSTRUCTED: u8 = 0x20;
const LONG_TAG: u8 = 0x1f;
const DEEPEST: usize = 48;
const LONGEST_WORDS: usize = 256;
