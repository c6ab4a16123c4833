//! The same bytes as different readers take them: with the escapes of an address, of JSON, of HTML,
//! of a PDF string or of a mail undone, and with letters brought to one form.

use std::borrow::Cow;

use super::spelling::{Encoding, folded};

/// Each way of reading the bytes, with the name under which a find in it goes; none where the way
/// has nothing to undo.
pub fn views(bytes: &[u8]) -> Vec<(Encoding, Cow<'_, [u8]>)> {
    let mut views = vec![(Encoding::Plain, Cow::Borrowed(bytes))];
    for (sign, undo) in ESCAPES {
        if bytes.contains(&sign) {
            views.push((Encoding::Escaped, Cow::Owned(undone(bytes, sign, undo))));
        }
    }
    if bytes.iter().any(|byte| *byte >= 0x80) {
        for text in texts(bytes) {
            views.push((Encoding::Folded, Cow::Owned(folded(&text).into_bytes())));
        }
    }
    views
}

/// The bytes as UTF-8 and, where they can be that, as UTF-16.
fn texts(bytes: &[u8]) -> Vec<String> {
    let utf8 = std::str::from_utf8(bytes).ok().map(str::to_owned);
    let units: fn([u8; 2]) -> u16 = match bytes {
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        _ => return utf8.into_iter().collect(),
    };
    let units: Vec<u16> = bytes.chunks_exact(2).map(|two| units([two[0], two[1]])).collect();
    utf8.into_iter().chain([String::from_utf16_lossy(&units)]).collect()
}

/// What an escape at the start of the bytes stands for, and how long it is.
type Undo = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

const ESCAPES: [(u8, Undo); 5] =
    [(b'%', percent), (b'\\', json), (b'\\', octal), (b'&', entity), (b'=', quoted_printable)];

fn undone(bytes: &[u8], sign: u8, undo: Undo) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (*byte == sign).then(|| undo(&bytes[at..])).flatten() {
            Some((meant, length)) => {
                out.extend(meant);
                at += length;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

fn percent(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    Some((vec![u8::try_from(digits(bytes.get(1..3)?, 16)?).ok()?], 3))
}

/// `=41`, and a line that goes on.
fn quoted_printable(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    if bytes.starts_with(b"=\r\n") {
        return Some((Vec::new(), 3));
    }
    percent(bytes)
}

/// `\u0041`, in pairs beyond the first plane, and `\x41`.
fn json(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let unit = |at: usize| {
        let start = bytes.get(at..at + 2)?;
        let digits_of = bytes.get(at + 2..at + 6)?;
        (start == b"\\u").then(|| u16::try_from(digits(digits_of, 16)?).ok())?
    };
    if bytes.starts_with(b"\\x") {
        return Some((vec![u8::try_from(digits(bytes.get(2..4)?, 16)?).ok()?], 4));
    }
    let first = unit(0)?;
    let text = |units: &[u16]| String::from_utf16(units).ok().map(String::into_bytes);
    match text(&[first]) {
        Some(meant) => Some((meant, 6)),
        None => Some((text(&[first, unit(6)?])?, 12)),
    }
}

/// `\101` of a PDF string or a shell.
fn octal(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    Some((vec![u8::try_from(digits(bytes.get(1..4)?, 8)?).ok()?], 4))
}

/// `&#65;`, `&#x41;` and the five names that XML knows, with a space that must not break.
fn entity(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let end = bytes.iter().take(12).position(|byte| *byte == b';')?;
    let name = &bytes[1..end];
    let named =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' ')];
    let meant = match name {
        [b'#', b'x' | b'X', rest @ ..] => char::from_u32(digits(rest, 16)?)?,
        [b'#', rest @ ..] => char::from_u32(digits(rest, 10)?)?,
        name => named.iter().find(|(known, _)| known.as_bytes() == name)?.1,
    };
    Some((meant.to_string().into_bytes(), end + 1))
}

fn digits(text: &[u8], radix: u32) -> Option<u32> {
    let plain = text.iter().all(u8::is_ascii_alphanumeric);
    let text = std::str::from_utf8(text).ok().filter(|_| plain)?;
    u32::from_str_radix(text, radix).ok()
}
