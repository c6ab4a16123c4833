//! The signature's field, widget, appearance and hole. The hole is written last, by itself and not
//! packed: the signing room fills it in place and changes nothing else. PDF 32000-1, 12.7.4.5 and
//! 12.8; certified with no changes allowed (12.8.2.2, P 1).

use jiff::Timestamp;

use super::body::{Body, Id, number, put, text_string};
use crate::render::Slot;
use crate::render::archive::pdf_date;
use crate::render::pages::Panel;

/// What the file says of the signature beside the signature itself.
#[derive(Debug, Clone, Copy)]
pub struct Seal<'a> {
    /// `/Name`: who signs.
    pub signer: &'a str,
    /// `/Reason`.
    pub reason: &'a str,
    /// `/Location`.
    pub location: Option<&'a str>,
    /// `/M`: the time that the signer claims.
    pub signed_at: Timestamp,
    /// Bytes kept free for the DER of the signature; the file takes twice that in hexadecimal.
    pub reserve: usize,
}

/// The numbers of the objects of one signature field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub form: Id,
    pub widget: Id,
    pub appearance: Id,
    pub signature: Id,
}

impl Field {
    pub fn reserve(body: &mut Body) -> Self {
        Self {
            form: body.reserve(),
            widget: body.reserve(),
            appearance: body.reserve(),
            signature: body.reserve(),
        }
    }

    /// The form, the widget on its page and its appearance. `key` is the widget's in the parent
    /// tree.
    pub fn write(
        &self,
        body: &mut Body,
        panel: &Panel,
        (page, key): (Id, usize),
        (resources, content): (Id, &[u8]),
    ) {
        // A frame's outer half must not be clipped away.
        let margin = 1.0;
        let [left, bottom] = [panel.x - margin, panel.y - margin].map(number);
        let [right, top] =
            [panel.x + panel.width + margin, panel.y + panel.height + margin].map(number);
        body.object(self.form, |out| {
            put(out, format_args!("<</Fields[{}]/SigFlags 3>>", self.widget));
        });
        body.object(self.widget, |out| {
            // F 132: printed and locked. PDF 32000-1, table 165.
            put(
                out,
                format_args!(
                    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/P {page}\
                     /Rect[{left} {bottom} {right} {top}]/AP<</N {}>>/V {}/StructParent {key}/TU",
                    self.appearance, self.signature
                ),
            );
            text_string(out, &panel.tooltip);
            out.extend_from_slice(b">>");
        });
        let entries = format!(
            "/Type/XObject/Subtype/Form/BBox[-{margin} -{margin} {} {}]/Resources {resources}\
             /StructParents {}",
            number(right - panel.x),
            number(top - panel.y),
            key + 1
        );
        body.deflated(self.appearance, &entries, content);
    }

    /// The signature dictionary with its hole; the last object of the file.
    pub fn write_signature(&self, body: &mut Body, seal: &Seal<'_>) -> Slot {
        let mut byte_range = 0..0;
        let mut contents = 0..0;
        let start = body.object(self.signature, |out| {
            let start = out.len();
            out.extend_from_slice(
                b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
                  /Reference[<</Type/SigRef/TransformMethod/DocMDP\
                  /TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]/Name",
            );
            text_string(out, seal.signer);
            out.extend_from_slice(b"/Reason");
            text_string(out, seal.reason);
            if let Some(location) = seal.location {
                out.extend_from_slice(b"/Location");
                text_string(out, location);
            }
            out.extend_from_slice(b"/M");
            text_string(out, &pdf_date(seal.signed_at));
            out.extend_from_slice(b"/ByteRange[");
            byte_range.start = out.len() - start;
            put(out, format_args!("{:<BYTE_RANGE_WIDTH$}", "0 0 0 0"));
            byte_range.end = out.len() - start;
            out.extend_from_slice(b"]/Contents");
            contents.start = out.len() - start;
            out.push(b'<');
            out.resize(out.len() + 2 * seal.reserve, b'0');
            out.push(b'>');
            contents.end = out.len() - start;
            out.extend_from_slice(b">>");
        });
        Slot {
            contents: start + contents.start..start + contents.end,
            byte_range: start + byte_range.start..start + byte_range.end,
        }
    }
}

/// Four numbers of ten digits at most, with the blanks between them.
const BYTE_RANGE_WIDTH: usize = 43;
