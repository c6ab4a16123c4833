//! A file within the file. ISO 32000-1, 7.11.3 and 7.11.4; ISO 19005-3, 6.8.

use jiff::Timestamp;

use super::body::{Body, Id, put, text_string};
use crate::render::archive::pdf_date;
use crate::render::attachment::Attachment;

/// Writes the file and what describes it; gives back the description.
pub(super) fn write(body: &mut Body, attachment: &Attachment, created: Timestamp) -> Id {
    let file = body.reserve();
    let subtype = attachment.mime.replace('/', "#2F");
    let mut date = Vec::new();
    text_string(&mut date, &pdf_date(created));
    let entries = format!(
        "/Type/EmbeddedFile/Subtype/{subtype}/Params<</Size {}/ModDate{}>>",
        attachment.bytes.len(),
        String::from_utf8_lossy(&date)
    );
    body.deflated(file, &entries, &attachment.bytes);
    body.add(|out| {
        out.extend_from_slice(b"<</Type/Filespec/F");
        text_string(out, &attachment.name);
        out.extend_from_slice(b"/UF");
        text_string(out, &attachment.name);
        out.extend_from_slice(b"/Desc");
        text_string(out, &attachment.description);
        put(out, format_args!("/AFRelationship/Data/EF<</F {file}/UF {file}>>>>"));
    })
}

/// The catalog's part: by its name, and as associated with the whole document.
pub(super) fn catalog(out: &mut Vec<u8>, attachment: &Attachment, specification: Id) {
    out.extend_from_slice(b"/Names<</EmbeddedFiles<</Names[");
    text_string(out, &attachment.name);
    put(out, format_args!("{specification}]>>>>/AF[{specification}]"));
}
