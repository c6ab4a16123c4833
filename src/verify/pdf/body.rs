//! Indirect objects at their places, streams held to their lengths. ISO 32000-1, 7.3.8 and
//! 7.3.10.

use std::ops::Range;

use super::limits::Budget;
use super::scanner::{Hand, Read, Scanner};
use super::value::{Id, Value};

/// An object as it stands in the file.
#[derive(Debug)]
pub(super) struct Found {
    pub id: Id,
    pub value: Value,
    /// The stream's data as they stand in the file.
    pub stream: Option<Range<usize>>,
    /// From its number to behind `endobj`.
    pub place: Range<usize>,
}

/// Reads the object that begins exactly here; `lengths` knows the whole number that another
/// object is.
pub(super) fn object(
    scanner: &mut Scanner<'_, '_>,
    lengths: &dyn Fn(Id) -> Option<usize>,
) -> Read<Found> {
    let start = scanner.at;
    let id = scanner.id().ok_or_else(|| scanner.broken())?;
    scanner.keyword(b"obj")?;
    let head = &scanner.bytes[start..scanner.at];
    if scanner.hand != Hand::Free && head != head_of(id).as_bytes() {
        return Err(scanner.broken());
    }
    let value = scanner.value(0)?;
    scanner.blanks();
    let stream =
        if scanner.passes(b"stream") { Some(data(scanner, &value, lengths)?) } else { None };
    scanner.blanks();
    scanner.keyword(b"endobj")?;
    Ok(Found { id, value, stream, place: start..scanner.at })
}

/// An object's first words, as nearly everybody writes them.
fn head_of(id: Id) -> String {
    format!("{} {} obj", id.number, id.generation)
}

/// Where the words stand that hold an object of a plain hand together: `obj`, `stream`,
/// `endstream`, `endobj`.
pub(super) fn words(
    bytes: &[u8],
    id: Id,
    place: &Range<usize>,
    stream: Option<&Range<usize>>,
) -> impl Iterator<Item = usize> + use<> {
    let frame = [place.start + head_of(id).len() - b"obj".len(), place.end - b"endobj".len()];
    let data = stream.map(|data| {
        let behind = bytes.get(data.end..).unwrap_or_default();
        let line = behind.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begin = bytes[..data.start].iter().rposition(|byte| *byte == b'm').unwrap_or(0);
        [(begin + 1).saturating_sub(b"stream".len()), data.end + line]
    });
    frame.into_iter().chain(data.into_iter().flatten())
}

/// The bytes between `stream` and `endstream`, as many as `/Length` says.
fn data(
    scanner: &mut Scanner<'_, '_>,
    value: &Value,
    lengths: &dyn Fn(Id) -> Option<usize>,
) -> Read<Range<usize>> {
    let length = value.dictionary().and_then(|dictionary| match dictionary.get("Length") {
        Value::Reference(id) => lengths(*id),
        number => number.index(),
    });
    let length = length.ok_or_else(|| scanner.broken())?;
    // A carriage return alone does not begin the data: 7.3.8.1.
    let begin = match scanner.rest() {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => return Err(scanner.broken()),
    };
    let start = scanner.at + begin;
    let end = start.checked_add(length).filter(|end| *end <= scanner.bytes.len());
    scanner.at = end.ok_or_else(|| scanner.broken())?;
    let place = start..scanner.at;
    scanner.line_end();
    scanner.keyword(b"endstream")?;
    Ok(place)
}

/// The whole number that the object at `at` is, where it is one.
pub(super) fn length(bytes: &[u8], at: usize, id: Id) -> Option<usize> {
    let window = bytes.get(at..bytes.len().min(at.saturating_add(LENGTH_OBJECT)))?;
    let mut budget = Budget::default();
    let mut scanner = Scanner::new(window, 0, &mut budget);
    let found = scanner.id().filter(|found| *found == id);
    scanner.passes(b"obj").then_some(())?;
    scanner.blanks();
    let number = scanner.unsigned()?;
    scanner.blanks();
    (found.is_some() && scanner.passes(b"endobj")).then_some(number)
}

/// Bytes that an object of one number takes at most.
const LENGTH_OBJECT: usize = 96;
