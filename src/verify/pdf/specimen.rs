//! Files for tests: written part by part, so that a test can put one thing wrong.

use std::fmt::Write as _;

use super::File;

/// How sections are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) enum Style {
    Table,
    Stream,
}

/// A file in the making.
#[derive(Debug, Clone)]
pub(in crate::verify) struct Maker {
    pub bytes: Vec<u8>,
    pub style: Style,
    /// More entries of the next trailers.
    pub trailer: String,
    /// The first number that was never used.
    pub next: u32,
    previous: Option<usize>,
}

/// One row of a section.
#[derive(Debug, Clone, Copy)]
pub(in crate::verify) enum Row {
    Free,
    At(usize, u16),
    Packed(u32, usize),
}

impl Maker {
    pub fn new(style: Style) -> Self {
        let bytes = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        Self { bytes, style, trailer: String::new(), next: 1, previous: None }
    }

    /// Writes an object and gives its row.
    pub fn object(&mut self, number: u32, body: &str) -> (u32, Row) {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        self.next = self.next.max(number + 1);
        (number, Row::At(at, 0))
    }

    /// Writes an object stream with these objects and gives all rows.
    pub fn packed(&mut self, container: u32, objects: &[(u32, &str)]) -> Vec<(u32, Row)> {
        let (mut heads, mut data) = (String::new(), String::new());
        for (number, body) in objects {
            let _ = write!(heads, "{number} {} ", data.len());
            let _ = writeln!(data, "{body}");
            self.next = self.next.max(number + 1);
        }
        let body = format!(
            "<</Type/ObjStm/N {}/First {}/Length {}>>stream\n{heads}{data}\nendstream",
            objects.len(),
            heads.len(),
            heads.len() + data.len()
        );
        let mut rows = vec![self.object(container, &body)];
        let inside = objects.iter().enumerate();
        rows.extend(inside.map(|(index, (number, _))| (*number, Row::Packed(container, index))));
        rows
    }

    /// Writes the section, the trailer and the end.
    pub fn end(&mut self, mut rows: Vec<(u32, Row)>) {
        let start = self.bytes.len();
        let first = self.previous.is_none();
        if first {
            rows.push((0, Row::Free));
        }
        if self.style == Style::Stream {
            rows.push((self.next, Row::At(start, 0)));
            self.next += 1;
        }
        rows.sort_by_key(|(number, _)| *number);
        let previous = self.previous.map_or(String::new(), |at| format!("/Prev {at}"));
        let trailer = format!("/Size {}/Root 1 0 R{previous}{}", self.next, self.trailer);
        match self.style {
            Style::Table => self.table(&rows, &trailer),
            Style::Stream => self.stream(&rows, &trailer),
        }
        self.bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        self.previous = Some(start);
    }

    fn table(&mut self, rows: &[(u32, Row)], trailer: &str) {
        let mut text = "xref\n".to_owned();
        if rows.is_empty() {
            text += "0 1\n0000000000 65535 f \n";
        }
        for (number, row) in rows {
            let row = match row {
                Row::At(at, generation) => format!("{at:010} {generation:05} n"),
                _ => "0000000000 65535 f".to_owned(),
            };
            let _ = write!(text, "{number} 1\n{row} \n");
        }
        let _ = write!(text, "trailer\n<<{trailer}>>\n");
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn stream(&mut self, rows: &[(u32, Row)], trailer: &str) {
        let (mut index, mut data) = (String::new(), Vec::new());
        for (number, row) in rows {
            let (kind, second, third) = match *row {
                Row::Free => (0, 0, 0),
                Row::At(at, generation) => (1, at, generation),
                Row::Packed(container, place) => {
                    (2, usize::try_from(container).unwrap(), u16::try_from(place).unwrap())
                }
            };
            let _ = write!(index, "{number} 1 ");
            data.push(kind);
            data.extend_from_slice(&u32::try_from(second).unwrap().to_be_bytes());
            data.extend_from_slice(&third.to_be_bytes());
        }
        let head = format!(
            "{} 0 obj\n<</Type/XRef/W[1 4 2]/Index[{index}]/Length {}{trailer}>>stream\n",
            self.next - 1,
            data.len()
        );
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(&data);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }

    /// A revision of these objects; an empty body frees the number.
    pub fn revision(&mut self, objects: &[(u32, &str)]) {
        let rows = objects.iter().map(|(number, body)| match *body {
            "" => (*number, Row::Free),
            body => self.object(*number, body),
        });
        let rows = rows.collect();
        self.end(rows);
    }

    /// A revision whose signature, of this number and with these entries, covers all of it.
    pub fn signed(&mut self, objects: &[(u32, &str)], number: u32, entries: &str) {
        let mut rows: Vec<(u32, Row)> = Vec::new();
        for (number, body) in objects {
            rows.push(self.object(*number, body));
        }
        let open = format!("<<{entries}/ByteRange[{:40}]/Contents<30{}>>>", " ", "00".repeat(20));
        let from = self.bytes.len();
        rows.push(self.object(number, &open));
        self.end(rows);
        let place = |what: &[u8]| from + memchr::memmem::find(&self.bytes[from..], what).unwrap();
        let hole = place(b"/Contents<") + 9;
        let behind = hole + 44;
        let range = format!("0 {hole} {behind} {}", self.bytes.len() - behind);
        let at = place(b"/ByteRange[") + 11;
        self.bytes[at..at + range.len()].copy_from_slice(range.as_bytes());
    }

    pub fn file(&self) -> File<'_> {
        File::read(&self.bytes).unwrap()
    }
}

/// A page of a certified document as it is signed: 1 catalog, 2 page tree, 3 page, 4 its content,
/// 5 form, 6 field, 7 signature, 8 font, 9 information, 10 metadata.
pub(in crate::verify) fn certified(style: Style, permission: u8) -> Maker {
    let reference = format!(
        "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20260401093000Z)\
         /Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P {permission}>>>>]"
    );
    document(style, "/Perms<</DocMDP 7 0 R>>", &reference)
}

/// The same with an approval signature.
pub(in crate::verify) fn approved(style: Style) -> Maker {
    document(style, "", "/Type/Sig/SubFilter/ETSI.CAdES.detached")
}

fn document(style: Style, catalog: &str, signature: &str) -> Maker {
    let mut maker = Maker::new(style);
    maker.trailer = "/Info 9 0 R/ID[<01><02>]".to_owned();
    let catalog = format!(
        "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Metadata 10 0 R/Lang(en-GB){catalog}>>"
    );
    let objects = [
        (1, catalog.as_str()),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, PAGE),
        (4, "<</Length 5>>stream\nBT ET\nendstream"),
        (5, "<</Fields[6 0 R 11 0 R 12 0 R]/SigFlags 3>>"),
        (6, FIELD),
        (8, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        (9, "<</Title(An order)/Producer(one)>>"),
        (10, "<</Type/Metadata/Length 3>>stream\nxmp\nendstream"),
        (11, EMPTY),
        (12, TEXT),
    ];
    maker.signed(&objects, 7, signature);
    maker
}

/// The page as it is signed.
pub(in crate::verify) const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]\
     /Contents 4 0 R/Resources<</Font<</F 8 0 R>>>>/Annots[6 0 R 11 0 R 12 0 R]>>";
const FIELD: &str =
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/P 3 0 R/Rect[1 1 9 9]/V 7 0 R>>";
/// A signature field made before, not signed yet.
pub(in crate::verify) const EMPTY: &str =
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Officer)/F 132/P 3 0 R/Rect[1 1 5 5]>>";
/// A field for text.
pub(in crate::verify) const TEXT: &str =
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(Served)/F 4/P 3 0 R/Rect[1 1 5 5]>>";
