//! A timestamp over the whole file, as a signature field of its own that nobody sees. ETSI EN 319
//! 142-1, clause 5.4.3.

use std::ops::Range;

use super::base::{Base, references};
use super::revision::{Revision, array};
use super::{LevelError, prove};
use crate::sign::dictionary::Value;

/// A file with the field of a document timestamp, its hole still empty.
#[derive(Debug, Clone)]
pub struct Archive {
    bytes: Vec<u8>,
    /// The length of what stood before.
    before: usize,
    /// `/Contents` with its `<` and `>`.
    hole: Range<usize>,
}

impl Archive {
    /// Appends the field with room for `reserve` bytes of DER.
    ///
    /// # Errors
    /// [`LevelError::Form`] where the file is not of our form.
    pub fn open(bytes: &[u8], reserve: usize) -> Result<Self, LevelError> {
        let base = Base::read(bytes)?;
        let mut fields = base.fields()?;
        let seal = fields.first().ok_or(LevelError::Form("it has no field"))?;
        let page = base.dictionary(*seal)?.reference("P");
        let page = page.ok_or(LevelError::Form("the seal has no page"))?;
        let mut revision = Revision::of(&base)?;
        let (widget, stamp) = (revision.reserve(), revision.reserve());
        write_widget(&base, &mut revision, page, (widget, stamp, fields.len()))?;
        fields.push(widget);
        let form = revision.with(&base.dictionary(base.form()?)?, &[("Fields", array(&fields))]);
        revision.object(base.form()?, &form);
        let (content, range, contents) = stamp_dictionary(reserve);
        let place = revision.object(stamp, &content);
        let mut bytes = revision.finish()?;
        let hole = place.start + contents.start..place.start + contents.end;
        let range = place.start + range.start..place.start + range.end;
        let text = format!("0 {} {} {}", hole.start, hole.end, bytes.len() - hole.end);
        // Four numbers of ten digits fit.
        bytes[range][..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes, before: base.bytes.len(), hole })
    }

    /// What the timestamp is of: all bytes but the hole, as two ranges.
    pub fn around(&self) -> [&[u8]; 2] {
        [&self.bytes[..self.hole.start], &self.bytes[self.hole.end..]]
    }

    /// Bytes of DER that fit.
    pub const fn reserve(&self) -> usize {
        (self.hole.end - self.hole.start - 2) / 2
    }

    /// Puts the token in its place. That it is of these bytes is the caller's to check first.
    ///
    /// # Errors
    /// [`LevelError::TooSmall`] where it does not fit; [`LevelError::Proof`] where the product
    /// fails its proof.
    pub fn close(mut self, token: &[u8]) -> Result<Vec<u8>, LevelError> {
        let reserved = self.reserve();
        if token.len() > reserved {
            return Err(LevelError::TooSmall { needed: token.len(), reserved });
        }
        let start = self.hole.start + 1;
        let digits = crate::digest::hex(token);
        self.bytes[start..start + digits.len()].copy_from_slice(digits.as_bytes());
        prove(&self.bytes[..self.before], &self.bytes)?;
        Ok(self.bytes)
    }
}

/// The widget, without size and outside the page, and the page with it behind those that it has.
/// `named` says the numbers of the widget and of the timestamp, and how many fields there are.
fn write_widget(
    base: &Base<'_>,
    revision: &mut Revision<'_>,
    page: u32,
    (widget, stamp, named): (u32, u32, usize),
) -> Result<(), LevelError> {
    // F 132: printed and locked. ISO 32000-1, table 165; ISO 19005-2, 6.3.2.
    let content = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Timestamp{named})/F 132/P {page} 0 R\
         /Rect[-9999 -9999 -9999 -9999]/V {stamp} 0 R>>"
    );
    revision.object(widget, content.as_bytes());
    let dictionary = base.dictionary(page)?;
    let mut annotations = match dictionary.value("Annots") {
        Some(Value::Array(standing)) => references(standing)?,
        _ => return Err(LevelError::Form("the page of the seal has no annotations")),
    };
    annotations.push(widget);
    let content = revision.with(&dictionary, &[("Annots", array(&annotations))]);
    revision.object(page, &content);
    Ok(())
}

/// The dictionary, the place of its byte range (without brackets) and of its contents in it.
fn stamp_dictionary(reserve: usize) -> (Vec<u8>, Range<usize>, Range<usize>) {
    let mut out =
        b"<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/ByteRange[".to_vec();
    let range = out.len()..out.len() + BYTE_RANGE_WIDTH;
    out.resize(range.end, b' ');
    out.extend_from_slice(b"]/Contents");
    let contents = out.len()..out.len() + reserve * 2 + 2;
    out.push(b'<');
    out.resize(contents.end - 1, b'0');
    out.extend_from_slice(b">>>");
    (out, range, contents)
}

/// Four numbers of ten digits at most, with the blanks between them.
const BYTE_RANGE_WIDTH: usize = 43;
