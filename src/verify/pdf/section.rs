//! Cross-reference sections: classic tables and streams, each with its trailer. ISO 32000-1,
//! 7.5.4, 7.5.5 and 7.5.8.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::reason::{Finding, Reason};
use super::body::{self, Found};
use super::filter;
use super::limits::{Budget, ROWS};
use super::scanner::{Hand, Read, Scanner, digits};
use super::tiles;
use super::value::{Dictionary, Id, Value};

/// Where an object is, as a section says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Free,
    Offset { at: usize, generation: u16 },
    Packed { container: u32, index: usize },
}

/// One cross-reference section with what follows it.
#[derive(Debug)]
pub(super) struct Section {
    pub start: usize,
    /// The bytes that it takes, to its end mark; two places in a linearized file.
    pub parts: Vec<Range<usize>>,
    /// Behind its end mark and the end of that line.
    pub end: usize,
    /// Behind `%%EOF`.
    pub mark_end: usize,
    /// What `startxref` behind it names.
    pub named: usize,
    pub rows: BTreeMap<u32, Spot>,
    pub trailer: Dictionary,
    /// The object that it is, where it is a stream.
    pub object: Option<Id>,
    /// Where the words stand that hold it together.
    pub words: Vec<usize>,
}

impl Section {
    /// Reads the section at `at`, which must end before `limit`; `rows` is how many there were.
    pub fn read(bytes: &[u8], at: usize, rows: &mut usize, budget: &mut Budget) -> Read<Self> {
        let mut scanner = Scanner::new(bytes, at, budget).by(Hand::Exact);
        let Listed { rows, trailer, object, mut words } = match scanner.rest() {
            [b'x', ..] => table(&mut scanner, rows)?,
            [b'0'..=b'9', ..] => stream(&mut scanner, rows)?,
            _ => return Err(broken(&scanner)),
        };
        check_trailer(&trailer, &rows, object)
            .map_err(|reason| Finding::fatal(reason, format_args!("byte {at}")))?;
        let named = end_marks(&mut scanner, &mut words)?;
        let mark_end = scanner.at;
        scanner.line_end();
        let end = scanner.at;
        let parts = std::iter::once(at..end).collect();
        Ok(Self { start: at, parts, end, mark_end, named, rows, trailer, object, words })
    }

    /// What its trailer says that the numbers end before.
    pub fn size(&self) -> usize {
        self.trailer.get("Size").index().unwrap_or_default()
    }

    /// Where the section before this one begins.
    pub fn previous(&self) -> Read<Option<usize>> {
        match self.trailer.get("Prev") {
            Value::Null => Ok(None),
            Value::Integer(at) if *at >= 0 => Ok(usize::try_from(*at).ok()),
            _ => Err(Finding::fatal(Reason::BrokenReferences, "trailer /Prev")),
        }
    }
}

fn broken(scanner: &Scanner<'_, '_>) -> Finding {
    scanner.fault(Reason::BrokenReferences)
}

/// `startxref`, the number, the mark of the end, each on a line of its own and nothing beside: what
/// else might stand there makes some readers give up and put the file together by guessing. Gives
/// the number.
fn end_marks(scanner: &mut Scanner<'_, '_>, words: &mut Vec<usize>) -> Read<usize> {
    scanner.blanks();
    signed_by_maker(scanner);
    let own_line = matches!(scanner.bytes[..scanner.at], [.., b'\r' | b'\n']);
    words.push(scanner.at);
    if !own_line || !scanner.passes(b"startxref") || !scanner.line_end() {
        return Err(broken(scanner));
    }
    let named = scanner.unsigned().ok_or_else(|| broken(scanner))?;
    if !scanner.line_end() || !scanner.rest().starts_with(END) {
        return Err(broken(scanner));
    }
    words.push(scanner.at);
    scanner.at += END.len();
    Ok(named)
}

/// One widespread maker puts a line with its name behind each trailer. No reader looks there: the
/// trailer ends before, and `startxref` is sought from the file's end.
fn signed_by_maker(scanner: &mut Scanner<'_, '_>) {
    let rest = scanner.rest();
    let length = rest.iter().take_while(|byte| matches!(byte, b' '..=b'~')).count();
    let (line, behind) = rest.split_at(length);
    let ended = matches!(behind, [b'\r' | b'\n', ..]);
    if line.starts_with(b"%") && ended && tiles::is_harmless(line) {
        scanner.at += length;
        scanner.line_end();
    }
}

/// What every trailer must and must not hold.
fn check_trailer(
    trailer: &Dictionary,
    rows: &BTreeMap<u32, Spot>,
    object: Option<Id>,
) -> Result<(), Reason> {
    if trailer.has("Encrypt") {
        return Err(Reason::Encrypted);
    }
    if trailer.has("XRefStm") {
        return Err(Reason::HybridReferences);
    }
    let size = trailer.get("Size").index().ok_or(Reason::BrokenReferences)?;
    // A later table is no stream and says nothing of how one is written.
    let later_table = object.is_none() && trailer.has("Prev");
    let mixed = later_table && OF_A_STREAM.iter().any(|key| trailer.has(key));
    let inside = rows.last_key_value().is_some_and(|(last, _)| (*last as usize) < size);
    let rooted = trailer.get("Root").reference().is_some();
    let right = inside && rooted && !mixed && size <= MOST_NUMBERS;
    if right { Ok(()) } else { Err(Reason::BrokenReferences) }
}

/// One more row; a number may stand once, and number 0 is always free.
fn list(
    scanner: &Scanner<'_, '_>,
    listed: &mut BTreeMap<u32, Spot>,
    (number, spot): (usize, Spot),
    rows: &mut usize,
) -> Read<()> {
    *rows += 1;
    if *rows > ROWS {
        return Err(scanner.fault(Reason::TooMany));
    }
    let number = u32::try_from(number).ok().filter(|n| *n > 0 || spot == Spot::Free);
    let number = number.ok_or_else(|| broken(scanner))?;
    match listed.insert(number, spot) {
        None => Ok(()),
        Some(_) => Err(broken(scanner)),
    }
}

/// What a section lists, its trailer, and the object that it is.
struct Listed {
    rows: BTreeMap<u32, Spot>,
    trailer: Dictionary,
    object: Option<Id>,
    words: Vec<usize>,
}

fn table(scanner: &mut Scanner<'_, '_>, rows: &mut usize) -> Read<Listed> {
    let mut listed = BTreeMap::new();
    let mut words = vec![scanner.at];
    if !scanner.passes(b"xref") || !line_ends(scanner) {
        return Err(broken(scanner));
    }
    while !scanner.rest().starts_with(b"trailer") {
        let (first, count) = run(scanner).ok_or_else(|| broken(scanner))?;
        for index in 0..count {
            let row = row(scanner.rest()).ok_or_else(|| broken(scanner))?;
            list(scanner, &mut listed, (first.saturating_add(index), row), rows)?;
            scanner.at += ROW;
        }
    }
    words.push(scanner.at);
    scanner.keyword(b"trailer")?;
    scanner.blanks();
    let trailer = scanner.dictionary(0)?;
    Ok(Listed { rows: listed, trailer, object: None, words })
}

/// The first number of a run and how many there are, at least one.
fn run(scanner: &mut Scanner<'_, '_>) -> Option<(usize, usize)> {
    let first = scanner.unsigned()?;
    scanner.at += scanner.rest().starts_with(b" ").then_some(1)?;
    let count = scanner.unsigned().filter(|count| *count > 0)?;
    line_ends(scanner).then_some((first, count))
}

/// Spaces and the end of the line.
fn line_ends(scanner: &mut Scanner<'_, '_>) -> bool {
    scanner.at += scanner.rest().iter().take_while(|byte| **byte == b' ').count();
    scanner.line_end()
}

/// `0000000017 00000 n` and two characters that end the line. ISO 32000-1, 7.5.4.
fn row(bytes: &[u8]) -> Option<Spot> {
    let row = bytes.get(..ROW)?;
    let (at, generation) = (digits(&row[..10])?, digits(&row[11..16])?);
    let ended = matches!(&row[18..], b" \r" | b" \n" | b"\r\n");
    if row[10] != b' ' || row[16] != b' ' || !ended {
        return None;
    }
    let generation = u16::try_from(generation).ok()?;
    match row[17] {
        b'f' => Some(Spot::Free),
        b'n' => Some(Spot::Offset { at, generation }),
        _ => None,
    }
}

fn stream(scanner: &mut Scanner<'_, '_>, rows: &mut usize) -> Read<Listed> {
    let fault = broken(scanner);
    let Found { id, value, stream, place } = body::object(scanner, &|_| None)?;
    let (Value::Dictionary(trailer), Some(data)) = (value, stream) else { return Err(fault) };
    if !trailer.get("Type").is_name("XRef") {
        return Err(fault);
    }
    let words = body::words(scanner.bytes, id, &place, Some(&data)).collect();
    let packed = scanner.bytes.get(data).unwrap_or_default();
    let data = filter::decoded(&trailer, packed, scanner.budget.stream())
        .map_err(|reason| Finding::fatal(reason, id))?;
    scanner.budget.took(data.len());
    let Some((widths, index)) = form(&trailer) else { return Err(fault) };
    let width: usize = widths.iter().sum();
    let mut listed = BTreeMap::new();
    let mut data_rows = data.chunks_exact(width);
    for (first, count) in index {
        for offset in 0..count {
            let row = data_rows.next().and_then(|row| fields(row, widths));
            let Some(row) = row else { return Err(fault) };
            let spot = spot(row).ok_or_else(|| broken(scanner))?;
            list(scanner, &mut listed, (first.saturating_add(offset), spot), rows)?;
        }
    }
    if data_rows.next().is_some() || !data_rows.remainder().is_empty() {
        return Err(fault);
    }
    Ok(Listed { rows: listed, trailer, object: Some(id), words })
}

/// The widths of a row's fields, and the runs of numbers: first and count.
type Form = ([usize; 3], Vec<(usize, usize)>);

/// `/W`, each field of at most eight bytes and not all empty, and `/Index`. Behind a signature the
/// kind and the last field have at most four; makers give eight to offsets.
fn form(trailer: &Dictionary) -> Option<Form> {
    let widths: Vec<usize> = trailer.get("W").array()?.iter().filter_map(Value::index).collect();
    let widths: [usize; 3] = widths.try_into().ok()?;
    let widest = if trailer.has("Prev") { [4, 8, 4] } else { [8; 3] };
    let fits = widths.iter().zip(widest).all(|(width, widest)| *width <= widest)
        && widths.iter().any(|width| *width > 0);
    let index = match trailer.get("Index") {
        Value::Null => vec![(0, trailer.get("Size").index()?)],
        Value::Array(items) if items.len().is_multiple_of(2) => items
            .chunks_exact(2)
            .map(|pair| Some((pair[0].index()?, pair[1].index().filter(|count| *count > 0)?)))
            .collect::<Option<_>>()?,
        _ => return None,
    };
    fits.then_some((widths, index))
}

/// The three fields of a row; a first one that is not there is 1. ISO 32000-1, table 17.
fn fields(row: &[u8], widths: [usize; 3]) -> Option<[u64; 3]> {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let (first, rest) = row.split_at_checked(widths[0])?;
    let (second, third) = rest.split_at_checked(widths[1])?;
    let kind = if widths[0] == 0 { 1 } else { number(first) };
    Some([kind, number(second), number(third)])
}

/// ISO 32000-1, table 18.
fn spot([kind, second, third]: [u64; 3]) -> Option<Spot> {
    match kind {
        0 => Some(Spot::Free),
        1 => {
            let at = usize::try_from(second).ok()?;
            Some(Spot::Offset { at, generation: u16::try_from(third).ok()? })
        }
        2 => {
            let container = u32::try_from(second).ok()?;
            Some(Spot::Packed { container, index: usize::try_from(third).ok()? })
        }
        _ => None,
    }
}

/// Bytes of a row of a table.
const ROW: usize = 20;

/// What only the dictionary of a stream says.
const OF_A_STREAM: &[&str] = &["DecodeParms", "Filter", "Index", "Length", "Type", "W"];

/// Numbers that a file may have. ISO 32000-1, annex C.
const MOST_NUMBERS: usize = 8_388_608;

/// ISO 32000-1, 7.5.5.
pub(super) const END: &[u8] = b"%%EOF";
