//! What an enemy puts behind a file: a revision, right or wrong in one thing. Files are taken apart
//! as text, for an enemy's tools keep to no reader's rules.

use memchr::memmem;

use super::people::{Making, Person};

/// A revision in the making.
pub struct Update {
    bytes: Vec<u8>,
    previous: usize,
    size: u32,
    rows: Vec<(u32, String, [u64; 3])>,
    /// The entries of the last trailer, without `/Size` and `/Prev`.
    trailer: String,
}

impl Update {
    pub fn to(file: &[u8]) -> Self {
        let dictionary = trailer(file);
        let size = number_behind(dictionary.as_bytes(), "/Size");
        let kept =
            ["/Size", "/Prev"].iter().fold(dictionary.clone(), |kept, key| without(&kept, key));
        let (previous, size) = (start_of_references(file), u32::try_from(size).unwrap());
        let mut bytes = file.to_vec();
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
        Self { bytes, previous, size, rows: Vec::new(), trailer: kept }
    }

    /// The first number that the file does not use.
    pub const fn next(&self) -> u32 {
        self.size
    }

    pub fn object(self, number: u32, body: &str) -> Self {
        self.written(number, 0, body.as_bytes())
    }

    pub fn stream(self, number: u32, entries: &str, data: &[u8]) -> Self {
        self.written(number, 0, &stream(entries, data))
    }

    /// An object of a generation, which its row names too.
    pub fn written(mut self, number: u32, generation: u16, body: &[u8]) -> Self {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
        self.bytes.extend_from_slice(body);
        self.bytes.extend_from_slice(b"\nendobj\n");
        self.at(number, generation, at)
    }

    /// A row that says that an object stands there.
    pub fn at(mut self, number: u32, generation: u16, place: usize) -> Self {
        self.size = self.size.max(number + 1);
        let third = u64::from(generation);
        let row = format!("{place:010} {generation:05} n");
        self.rows.push((number, row, [1, place as u64, third]));
        self
    }

    pub fn freed(mut self, number: u32) -> Self {
        self.rows.push((number, "0000000000 00001 f".to_owned(), [0, 0, 1]));
        self
    }

    /// Objects in an object stream, which only a cross-reference stream can name.
    pub fn packed(mut self, container: u32, objects: &[(u32, &str)]) -> Self {
        let (mut heads, mut data) = (String::new(), String::new());
        for (index, (number, body)) in objects.iter().enumerate() {
            heads += &format!("{number} {} ", data.len());
            data += &format!("{body}\n");
            self.rows.push((*number, String::new(), [2, u64::from(container), index as u64]));
            self.size = self.size.max(number + 1);
        }
        let entries = format!("/Type/ObjStm/N {}/First {}", objects.len(), heads.len());
        self.stream(container, &entries, (heads + &data).as_bytes())
    }

    /// Bytes that no row names.
    pub fn raw(mut self, bytes: &str) -> Self {
        self.bytes.extend_from_slice(bytes.as_bytes());
        self
    }

    /// Another text in the trailer's place.
    pub fn trailer(mut self, from: &str, to: &str) -> Self {
        assert!(self.trailer.contains(from), "the trailer has no {from}: {}", self.trailer);
        self.trailer = self.trailer.replacen(from, to, 1);
        self
    }

    pub fn with_trailer(mut self, more: &str) -> Self {
        self.trailer += more;
        self
    }

    pub const fn place(&self) -> usize {
        self.bytes.len()
    }

    /// Closed with a classic table.
    pub fn done(mut self) -> Vec<u8> {
        let start = self.bytes.len();
        let (table, trailer) = (self.table(), self.dictionary());
        let end = format!("{table}trailer\n<<{trailer}>>\nstartxref\n{start}\n%%EOF\n");
        self.bytes.extend_from_slice(end.as_bytes());
        self.bytes
    }

    /// Closed as told, from the table, the trailer's entries and the table's place.
    pub fn ended(mut self, end: impl Fn(&str, &str, usize) -> String) -> Vec<u8> {
        let start = self.bytes.len();
        let text = end(&self.table(), &self.dictionary(), start);
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes
    }

    /// Closed with a cross-reference stream.
    pub fn done_with_stream(mut self) -> Vec<u8> {
        let (start, own) = (self.bytes.len(), self.size);
        self = self.at(own, 0, start);
        self.rows.sort_by_key(|(number, ..)| *number);
        let index: String = self.rows.iter().map(|(number, ..)| format!("{number} 1 ")).collect();
        let mut data = Vec::new();
        for (.., [kind, second, third]) in &self.rows {
            data.push(u8::try_from(*kind).unwrap());
            data.extend_from_slice(&u32::try_from(*second).unwrap().to_be_bytes());
            data.extend_from_slice(&u16::try_from(*third).unwrap().to_be_bytes());
        }
        let entries = format!("/Type/XRef/W[1 4 2]/Index[{index}]{}", self.dictionary());
        self.bytes.extend_from_slice(format!("{own} 0 obj\n").as_bytes());
        self.bytes.extend_from_slice(&stream(&entries, &data));
        self.bytes.extend_from_slice(format!("\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.bytes
    }

    /// Closed with a signature of that person in a dictionary of that number.
    pub fn signed(self, number: u32, entries: &str, person: &Person) -> Vec<u8> {
        self.signed_by(number, entries, |covered| Making::new(covered, person).made(person))
    }

    pub fn signed_by(
        self,
        number: u32,
        entries: &str,
        make: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Vec<u8> {
        let hole = "0".repeat(HOLE);
        let body = format!("<<{entries}/ByteRange[{:48}]/Contents<{hole}>>>", "");
        let mut file = self.object(number, &body).done();
        let blank = format!("[{:48}]", "");
        let range = memmem::rfind(&file, blank.as_bytes()).unwrap();
        let from = memmem::rfind(&file, format!("<{hole}>").as_bytes()).unwrap();
        let to = from + HOLE + 2;
        let text = format!("{:48}", format!("0 {from} {to} {}", file.len() - to));
        file[range + 1..range + 49].copy_from_slice(text.as_bytes());
        let cms = make(&[&file[..from], &file[to..]].concat());
        filled(&file, &cms)
    }

    fn table(&self) -> String {
        let mut rows = self.rows.clone();
        rows.sort_by_key(|(number, ..)| *number);
        if rows.is_empty() {
            rows.push((0, "0000000000 65535 f".to_owned(), [0, 0, 65535]));
        }
        let rows = rows.iter().map(|(number, row, _)| format!("{number} 1\n{row} \n"));
        format!("xref\n{}", rows.collect::<String>())
    }

    fn dictionary(&self) -> String {
        format!("/Size {}{}/Prev {}", self.size, self.trailer, self.previous)
    }
}

/// Hexadecimal digits of a hole.
const HOLE: usize = 8192;

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>stream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// The last hole of a file: `/Contents` with its angle brackets.
pub fn hole(file: &[u8]) -> std::ops::Range<usize> {
    let from = memmem::rfind(file, b"/Contents<").unwrap() + 9;
    from..from + memchr::memchr(b'>', &file[from..]).unwrap() + 1
}

/// The file without its last hole.
pub fn covered(file: &[u8]) -> Vec<u8> {
    let hole = hole(file);
    [&file[..hole.start], &file[hole.end..]].concat()
}

/// The file with something else in its last hole, zeros behind it.
pub fn filled(file: &[u8], cms: &[u8]) -> Vec<u8> {
    let hole = hole(file);
    let digits: String = cms.iter().map(|byte| format!("{byte:02x}")).collect();
    let width = hole.len() - 2;
    assert!(digits.len() <= width, "{} digits for {width}", digits.len());
    put(file, hole.start + 1, format!("{digits:0<width$}").as_bytes())
}

/// What stands in the last hole, without the zeros behind.
pub fn contents(file: &[u8]) -> Vec<u8> {
    let hole = hole(file);
    let digits = &file[hole.start + 1..hole.end - 1];
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    let bytes: Vec<u8> =
        digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect();
    let length = 4 + usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
    bytes[..length].to_vec()
}

/// Other bytes at a place, as many.
pub fn put(file: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// The last `from` of the file, which becomes `to` and blanks of the same length.
pub fn swapped(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = memmem::rfind(file, from.as_bytes()).unwrap_or_else(|| panic!("no {from}"));
    assert!(to.len() <= from.len(), "{to} is longer than {from}");
    put(file, at, format!("{to:width$}", width = from.len()).as_bytes())
}

/// The last `/ByteRange` of the file as it is written, and its numbers.
pub fn byte_range(file: &[u8]) -> (String, [usize; 4]) {
    let from = memmem::rfind(file, b"/ByteRange").unwrap();
    let to = from + memchr::memchr(b']', &file[from..]).unwrap() + 1;
    let text = String::from_utf8(file[from..to].to_vec()).unwrap();
    let numbers = text.trim_end_matches(']').split('[').nth(1).unwrap();
    let numbers: Vec<usize> = numbers.split_whitespace().map(|n| n.parse().unwrap()).collect();
    (text, numbers.try_into().unwrap())
}

/// The last text of an object, from behind `obj` to before `endobj`, no blank before a bracket.
pub fn body(file: &[u8], number: u32) -> String {
    String::from_utf8_lossy(raw_body(file, number)).replace(" [", "[")
}

pub fn raw_body(file: &[u8], number: u32) -> &[u8] {
    let head = format!("\n{number} 0 obj");
    let at = memmem::rfind(file, head.as_bytes()).unwrap_or_else(|| panic!("no object {number}"));
    let from = at + head.len();
    let end = memmem::find(&file[from..], b"endobj").unwrap();
    file[from..from + end].trim_ascii()
}

/// The text of an object with something else in it.
pub fn changed(file: &[u8], number: u32, from: &str, to: &str) -> String {
    let body = body(file, number);
    assert!(body.contains(from), "object {number} has no {from}: {body}");
    body.replacen(from, to, 1)
}

/// The number of the object that stands behind a key.
pub fn reference(body: &str, key: &str) -> u32 {
    u32::try_from(number_behind(body.as_bytes(), key)).unwrap()
}

fn number_behind(bytes: &[u8], key: &str) -> usize {
    let at = memmem::rfind(bytes, key.as_bytes()).unwrap_or_else(|| panic!("no {key}")) + key.len();
    let digits = bytes[at..].iter().skip_while(|byte| matches!(**byte, b' ' | b'[' | b'\n'));
    let digits: Vec<u8> = digits.take_while(|byte| byte.is_ascii_digit()).copied().collect();
    String::from_utf8(digits).unwrap().parse().unwrap_or_else(|_| panic!("no number behind {key}"))
}

fn start_of_references(file: &[u8]) -> usize {
    number_behind(file, "startxref")
}

fn trailer(file: &[u8]) -> String {
    let from = memmem::rfind(file, b"trailer").unwrap() + 7;
    let to = from + memmem::find(&file[from..], b"startxref").unwrap();
    let text = String::from_utf8(file[from..to].to_vec()).unwrap();
    text.trim().trim_start_matches("<<").trim_end_matches(">>").to_owned()
}

/// A dictionary's text without a number of that key.
fn without(text: &str, key: &str) -> String {
    let Some((before, behind)) = text.split_once(key) else { return text.to_owned() };
    let behind = behind.trim_start().trim_start_matches(|letter: char| letter.is_ascii_digit());
    format!("{before}{behind}")
}
