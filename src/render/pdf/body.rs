//! The file as bytes: numbered objects one after another in one buffer, the classic cross-reference
//! table, the trailer. Knows the syntax of PDF 32000-1, 7.2 to 7.5, and nothing of what the objects
//! mean.

use std::cell::RefCell;
use std::io::Write as _;

use libdeflater::{CompressionLvl, Compressor};
use lopdf::{Dictionary, Object};

use crate::digest::{hex, sha256};

/// The number of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id(pub u32);

impl Id {
    /// Writes the reference, as [`std::fmt::Display`] does and in a tenth of its time.
    pub fn write(self, out: &mut Vec<u8>) {
        whole(out, u64::from(self.0));
        out.extend_from_slice(b" 0 R");
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} 0 R", self.0)
    }
}

/// A file in the making.
pub(crate) struct Body {
    bytes: Vec<u8>,
    /// By object number; 0 where the object is not yet written.
    offsets: Vec<usize>,
}

impl Body {
    /// A file with its header, with room for `capacity` bytes.
    pub fn new(capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        // Four bytes above 127 mark the file as binary. PDF 32000-1, 7.5.2; ISO 19005-2, 6.1.2.
        bytes.extend_from_slice(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
        Self { bytes, offsets: vec![0] }
    }

    /// The next free object number.
    pub fn reserve(&mut self) -> Id {
        let id = Id(u32::try_from(self.offsets.len()).unwrap_or(u32::MAX));
        self.offsets.push(0);
        id
    }

    /// Writes the object `id`; gives back where its content begins in the file.
    pub fn object(&mut self, id: Id, content: impl FnOnce(&mut Vec<u8>)) -> usize {
        self.begin(id);
        let start = self.bytes.len();
        content(&mut self.bytes);
        self.bytes.extend_from_slice(b"\nendobj\n");
        start
    }

    /// Writes a new object.
    pub fn add(&mut self, content: impl FnOnce(&mut Vec<u8>)) -> Id {
        let id = self.reserve();
        self.object(id, content);
        id
    }

    /// Writes a stream as it is; `entries` are its dictionary's beside `/Length`.
    pub fn stream(&mut self, id: Id, entries: &str, data: &[u8]) {
        self.begin(id);
        put(&mut self.bytes, format_args!("<<{entries}/Length {}>>stream\n", data.len()));
        self.bytes.extend_from_slice(data);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }

    /// Writes a stream, deflated.
    pub fn deflated(&mut self, id: Id, entries: &str, data: &[u8]) {
        let entries = format!("{entries}/Filter/FlateDecode");
        deflate(data, |packed| self.stream(id, &entries, packed));
    }

    /// Ends the file. `/ID` is made of the content and `seed`, so that two documents never share
    /// one. PDF 32000-1, 14.4.
    pub fn finish(mut self, root: Id, info: Id, seed: &str) -> Vec<u8> {
        let start = self.bytes.len();
        let mut hashed = sha256(&self.bytes).to_vec();
        hashed.extend_from_slice(seed.as_bytes());
        let id = hex(&sha256(&hashed)[..16]);
        let out = &mut self.bytes;
        put(out, format_args!("xref\n0 {}\n0000000000 65535 f \n", self.offsets.len()));
        for &offset in &self.offsets[1..] {
            // Ten digits, with zeros before them.
            let begin = out.len();
            whole(out, TEN_DIGITS + offset as u64);
            out.remove(begin);
            out.extend_from_slice(b" 00000 n \n");
        }
        let size = self.offsets.len();
        put(
            out,
            format_args!(
                "trailer\n<</Size {size}/Root {root}/Info {info}/ID[<{id}><{id}>]>>\n\
                 startxref\n{start}\n%%EOF\n"
            ),
        );
        self.bytes
    }

    fn begin(&mut self, id: Id) {
        if let Some(offset) = self.offsets.get_mut(id.0 as usize) {
            *offset = self.bytes.len();
        }
        whole(&mut self.bytes, u64::from(id.0));
        self.bytes.extend_from_slice(b" 0 obj\n");
    }
}

/// Writes formatted text; a vector takes all.
pub(crate) fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

/// Writes a whole number.
pub(crate) fn whole(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] += u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// A text string: PDFDocEncoding where ASCII suffices, else UTF-16. PDF 32000-1, 7.9.2.2.
pub(crate) fn text_string(out: &mut Vec<u8>, text: &str) {
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        out.extend_from_slice(b"<FEFF");
        for unit in text.encode_utf16() {
            put(out, format_args!("{unit:04X}"));
        }
        out.push(b'>');
        return;
    }
    literal(out, text.as_bytes());
}

/// A number without needless digits, to a hundredth.
pub(crate) fn number(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

/// Writes an object that printpdf made.
pub(crate) fn foreign(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null | Object::Stream(_) => out.extend_from_slice(b"null"),
        Object::Boolean(value) => put(out, format_args!("{value}")),
        Object::Integer(value) => put(out, format_args!("{value}")),
        Object::Real(value) => put(out, format_args!("{value}")),
        Object::Name(name) => put(out, format_args!("/{}", String::from_utf8_lossy(name))),
        Object::String(text, _) => literal(out, text),
        Object::Reference((number, generation)) => {
            put(out, format_args!("{number} {generation} R"))
        }
        Object::Dictionary(dictionary) => foreign_dictionary(out, dictionary),
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                foreign(out, item);
            }
            out.push(b']');
        }
    }
}

fn foreign_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        put(out, format_args!("/{} ", String::from_utf8_lossy(key)));
        foreign(out, value);
    }
    out.extend_from_slice(b">>");
}

fn literal(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'(');
    for &byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b' '..=b'~' => out.push(byte),
            _ => put(out, format_args!("\\{byte:03o}")),
        }
    }
    out.push(b')');
}

/// Deflates data, and lends what came of it.
pub(crate) fn deflate<T>(data: &[u8], take: impl FnOnce(&[u8]) -> T) -> T {
    PRESS.with_borrow_mut(|(compressor, packed)| {
        packed.resize(packed.len().max(compressor.zlib_compress_bound(data.len())), 0);
        // The bound is the library's own, so the room suffices.
        let length = compressor.zlib_compress(data, packed).unwrap_or(0);
        let taken = take(&packed[..length]);
        packed.truncate(ROOM_KEPT);
        packed.shrink_to_fit();
        taken
    })
}

thread_local! {
    // The compressor's tables are larger than what it packs: one a thread serves all documents.
    static PRESS: RefCell<(Compressor, Vec<u8>)> =
        RefCell::new((Compressor::new(CompressionLvl::new(LEVEL).unwrap_or_default()), Vec::new()));
}

/// The least number of eleven digits.
const TEN_DIGITS: u64 = 10_000_000_000;

/// Room for what a usual page packs to.
const ROOM_KEPT: usize = 64 * 1024;

/// Deflate level of what is packed for each document.
const LEVEL: i32 = 6;
