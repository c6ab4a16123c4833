//! Streams unpacked: Flate and ASCIIHex, with predictors. ISO 32000-1, 7.4. Nothing grows past
//! its limit, and no room is taken because a file says so.

use libdeflater::{DecompressionError, Decompressor};

use super::super::reason::Reason;
use super::limits::FILTERS;
use super::scanner::is_blank;
use super::value::{Dictionary, Value};

/// The stream's data, at most `limit` bytes of it at any stage.
///
/// # Errors
/// A filter that is not known, data that it can't read, or more of them than the limit.
pub(super) fn decoded(
    dictionary: &Dictionary,
    packed: &[u8],
    limit: usize,
) -> Result<Vec<u8>, Reason> {
    let filters = list(dictionary.get("Filter"))?;
    let settings = list(dictionary.get("DecodeParms"))?;
    if filters.len() > FILTERS || settings.len() > filters.len().max(1) {
        return Err(Reason::BrokenObject);
    }
    let mut data: Option<Vec<u8>> = None;
    for (index, filter) in filters.iter().enumerate() {
        let input = data.as_deref().unwrap_or(packed);
        let output = match filter.name() {
            Some(b"FlateDecode" | b"Fl") => inflated(input, limit)?,
            Some(b"ASCIIHexDecode" | b"AHx") => from_hexadecimal(input)?,
            _ => return Err(Reason::BrokenObject),
        };
        data = Some(predicted(settings.get(index).copied(), output)?);
    }
    match data {
        Some(data) => Ok(data),
        None if packed.len() <= limit => Ok(packed.to_vec()),
        None => Err(Reason::TooLarge),
    }
}

/// One value or an array of them, as a list; nothing is an empty one.
fn list(value: &Value) -> Result<Vec<&Value>, Reason> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) if items.len() <= FILTERS => Ok(items.iter().collect()),
        Value::Array(_) | Value::Reference(_) => Err(Reason::BrokenObject),
        one => Ok(vec![one]),
    }
}

fn inflated(packed: &[u8], limit: usize) -> Result<Vec<u8>, Reason> {
    let mut decompressor = Decompressor::new();
    let mut room = packed.len().saturating_mul(4).max(1024).min(limit);
    loop {
        let mut out = vec![0; room];
        match decompressor.zlib_decompress(packed, &mut out) {
            Ok(length) => {
                out.truncate(length);
                return Ok(out);
            }
            Err(DecompressionError::InsufficientSpace) if room < limit => {
                room = room.saturating_mul(2).min(limit);
            }
            Err(DecompressionError::InsufficientSpace) => return Err(Reason::TooLarge),
            Err(DecompressionError::BadData) => return Err(Reason::BrokenObject),
        }
    }
}

fn from_hexadecimal(input: &[u8]) -> Result<Vec<u8>, Reason> {
    let end = input.iter().position(|byte| *byte == b'>').ok_or(Reason::BrokenObject)?;
    let digits = input[..end].iter().filter(|byte| !is_blank(**byte));
    let digits = digits.map(|byte| char::from(*byte).to_digit(16).map(|d| d.to_le_bytes()[0]));
    let digits: Vec<u8> = digits.collect::<Option<_>>().ok_or(Reason::BrokenObject)?;
    let pair = |pair: &[u8]| pair[0] << 4 | pair.get(1).copied().unwrap_or(0);
    Ok(digits.chunks(2).map(pair).collect())
}

/// ISO 32000-1, 7.4.4.4: none, or one of the PNG predictors over rows of bytes.
fn predicted(settings: Option<&Value>, data: Vec<u8>) -> Result<Vec<u8>, Reason> {
    let settings = match settings {
        None | Some(Value::Null) => return Ok(data),
        Some(value) => value.dictionary().ok_or(Reason::BrokenObject)?,
    };
    let number = |key: &str, absent: usize| match settings.get(key) {
        Value::Null => Some(absent),
        value => value.index(),
    };
    match number("Predictor", 1) {
        Some(1) => return Ok(data),
        Some(10..=15) => {}
        _ => return Err(Reason::BrokenObject),
    }
    let columns = number("Columns", 1).ok_or(Reason::BrokenObject)?;
    let plain = number("Colors", 1) == Some(1) && number("BitsPerComponent", 8) == Some(8);
    let row = columns.checked_add(1).ok_or(Reason::BrokenObject)?;
    if !plain || columns == 0 || !data.len().is_multiple_of(row) {
        return Err(Reason::BrokenObject);
    }
    rows(&data, row)
}

/// Rows of one byte for the kind and the differences; one byte a pixel.
fn rows(data: &[u8], length: usize) -> Result<Vec<u8>, Reason> {
    let mut out: Vec<u8> = Vec::new();
    for row in data.chunks_exact(length) {
        let above = out.len().checked_sub(length - 1);
        let start = out.len();
        for (index, byte) in row[1..].iter().enumerate() {
            let left = if index > 0 { out[start + index - 1] } else { 0 };
            let up = above.map_or(0, |above| out[above + index]);
            let corner = match above {
                Some(above) if index > 0 => out[above + index - 1],
                _ => 0,
            };
            let guess = match row[0] {
                0 => 0,
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => return Err(Reason::BrokenObject),
            };
            out.push(byte.wrapping_add(guess));
        }
    }
    Ok(out)
}

/// The neighbour nearest to left + up - corner. PNG, 9.4.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |byte: u8| (estimate - i16::from(byte)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}
