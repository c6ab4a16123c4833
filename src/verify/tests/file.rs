//! Small PDF files with signatures, saved as often as wanted.

use super::der::*;
use super::maker::*;
use crate::verify::certificate::Certificate;

/// A file of one page that grows by revisions.
#[derive(Clone)]
pub(in crate::verify) struct Pdf {
    pub(in crate::verify) bytes: Vec<u8>,
    /// The highest object number.
    last: u32,
    table: usize,
    fields: Vec<u32>,
    store: Option<u32>,
}

/// What a signature dictionary says beside its hole.
pub(in crate::verify) const CADES: &str = "/Type/Sig/SubFilter/ETSI.CAdES.detached";
pub(in crate::verify) const PKCS7: &str = "/Type/Sig/SubFilter/adbe.pkcs7.detached";
const STAMPED: &str = "/Type/DocTimeStamp/SubFilter/ETSI.RFC3161";
const ROOM: usize = 6000;

impl Pdf {
    pub(in crate::verify) fn new(words: &str) -> Self {
        let bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut pdf = Self { bytes, last: 5, table: 0, fields: Vec::new(), store: None };
        let content = format!("BT /F1 12 Tf ({words}) Tj ET");
        let packet = "<x:xmpmeta>doc_0195f3a2-0000-7000-8000-0000000000ab</x:xmpmeta>";
        let stream = |text: &str| format!("<</Length {}>>stream\n{text}\nendstream", text.len());
        pdf.save(&[
            (1, pdf.catalog()),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".into()),
            (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>".into()),
            (4, stream(&content)),
            (5, stream(packet)),
        ]);
        pdf
    }

    fn catalog(&self) -> String {
        let fields: Vec<_> = self.fields.iter().map(|field| format!("{field} 0 R")).collect();
        let store = self.store.map(|store| format!("/DSS {store} 0 R")).unwrap_or_default();
        format!(
            "<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R\
             /AcroForm<</Fields[{}]/SigFlags 3>>{store}>>",
            fields.join(" ")
        )
    }

    /// Adds a revision with these objects.
    pub(in crate::verify) fn save(&mut self, objects: &[(u32, String)]) {
        let mut rows = String::new();
        for (number, text) in objects {
            let place = self.bytes.len();
            rows += &format!("{number} 1\n{place:010} 00000 n \n");
            self.bytes.extend(format!("{number} 0 obj\n{text}\nendobj\n").as_bytes());
        }
        let previous = match self.table {
            0 => {
                rows.insert_str(0, "0 1\n0000000000 65535 f \n");
                String::new()
            }
            table => format!("/Prev {table}"),
        };
        self.table = self.bytes.len();
        let (size, table) = (self.last + 1, self.table);
        self.bytes.extend(
            format!(
                "xref\n{rows}trailer\n<</Size {size}/Root 1 0 R{previous}>>\n\
                 startxref\n{table}\n%%EOF\n"
            )
            .as_bytes(),
        );
    }

    /// Adds a signature: `make` gets the covered bytes and gives what goes into the hole.
    pub(in crate::verify) fn sign(&mut self, entries: &str, make: impl FnOnce(&[u8]) -> Vec<u8>) {
        let (field, value) = (self.last + 1, self.last + 2);
        self.last = value;
        self.fields.push(field);
        let start = self.bytes.len();
        let open = format!("{}<{}>", BLANKS, "0".repeat(ROOM * 2));
        self.save(&[
            (1, self.catalog()),
            (
                field,
                format!(
                    "<</Type/Annot/Subtype/Widget/FT/Sig/T(field{field})/F 132/Rect[0 0 0 0]\
                     /P 3 0 R/V {value} 0 R>>"
                ),
            ),
            (
                value,
                format!(
                    "<<{entries}/Filter/Adobe.PPKLite/M(D:20261121120000Z)\
                     /ByteRange{open}>>"
                ),
            ),
        ]);
        let at = |text: &[u8]| {
            let rest = &self.bytes[start..];
            start + rest.windows(text.len()).position(|window| window == text).unwrap()
        };
        let (range, hole) = (at(b"[                "), at(b"<0000000000"));
        let end = hole + ROOM * 2 + 2;
        let text = format!("[0 {hole} {end} {}", self.bytes.len() - end);
        self.bytes[range..range + text.len()].copy_from_slice(text.as_bytes());
        let covered = [&self.bytes[..hole], &self.bytes[end..]].concat();
        let der = make(&covered);
        assert!(der.len() <= ROOM, "{} bytes", der.len());
        let digits = crate::digest::hex(&der);
        self.bytes[hole + 1..hole + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    }

    /// Adds a document timestamp by this authority at a time spelt as given.
    pub(in crate::verify) fn stamp(
        &mut self,
        stamper: &Person,
        certificate: &Certificate,
        spelt: &str,
    ) {
        self.sign(STAMPED, |covered| {
            Making::stamp(info(covered, spelt, None), certificate).signed(&stamper.key)
        });
    }

    /// Adds long-term data: certificates and lists.
    pub(in crate::verify) fn keep(&mut self, certificates: &[&Certificate], lists: &[Vec<u8>]) {
        let certificates = certificates.iter().map(|one| one.der().to_vec());
        let mut objects = Vec::new();
        let mut stream = |der: Vec<u8>| {
            self.last += 1;
            let text = crate::digest::hex(&der);
            let length = text.len() + 1;
            let head = format!("<</Length {length}/Filter/ASCIIHexDecode>>");
            objects.push((self.last, format!("{head}stream\n{text}>\nendstream")));
            format!("{} 0 R", self.last)
        };
        let certificates: Vec<_> = certificates.map(&mut stream).collect();
        let lists: Vec<_> = lists.iter().cloned().map(&mut stream).collect();
        self.last += 1;
        self.store = Some(self.last);
        let store = format!("<</Certs[{}]/CRLs[{}]>>", certificates.join(" "), lists.join(" "));
        objects.push((self.last, store));
        objects.push((1, self.catalog()));
        objects.sort_by_key(|(number, _)| *number);
        self.save(&objects);
    }
}

/// Blanks for a byte range, and the key of the hole.
const BLANKS: &str = "[                                                  ]/Contents";

/// A signature with a timestamp of its value inside.
pub(in crate::verify) fn stamped(
    mut making: Making,
    signer: &Person,
    stamp: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let signature = signer.key.sign(&set(&making.attributes));
    making.unsigned.push(attribute(STAMP, &[stamp(&signature)]));
    making.assembled(&signature)
}
