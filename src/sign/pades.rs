//! The slot of a PAdES signature in the bytes of its file: byte range, digest, hole. Nothing else
//! moves.
//!
//! ISO 32000-1, 12.8.1; ETSI EN 319 142-1, clause 5.

use std::ops::Range;

use aws_lc_rs::digest::{Context, SHA256, digest};

use super::certificate::Certificate;
use super::{SignError, SignedPdf, verify};
use crate::render::UnsignedPdf;

/// A file with its byte range closed, its digest taken and its hole still empty.
#[derive(Debug)]
pub struct PreparedPdf {
    bytes: Vec<u8>,
    /// `/Contents` with its `<` and `>`.
    hole: Range<usize>,
    digest: [u8; 32],
    /// The state of the hash at the hole, so that the hash of the whole file need not start anew.
    before_hole: Before,
    page_count: u32,
    content_sha256: [u8; 32],
    words: String,
}

/// A hash half way; it shows nothing of itself.
#[derive(Clone)]
struct Before(Context);

impl std::fmt::Debug for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Before")
    }
}

/// SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    fixed(digest(&SHA256, bytes).as_ref())
}

/// SHA-256 of a file but for its hole.
pub(super) fn sha256_around(bytes: &[u8], hole: &Range<usize>) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(&bytes[..hole.start]);
    context.update(&bytes[hole.end..]);
    fixed(context.finish().as_ref())
}

/// Closes the byte range and takes the digest. See [`super::prepare`].
pub(super) fn prepare(unsigned: UnsignedPdf) -> Result<PreparedPdf, SignError> {
    let (hole, range) = (unsigned.slot().contents.clone(), unsigned.slot().byte_range.clone());
    let (page_count, content_sha256) = (unsigned.page_count(), *unsigned.content_sha256());
    let words = unsigned.words().to_owned();
    let mut bytes = unsigned.into_bytes();
    check_slot(&bytes, &hole, &range)?;
    write_byte_range(&mut bytes, &hole, range)?;
    let mut context = Context::new(&SHA256);
    context.update(&bytes[..hole.start]);
    let before_hole = Before(context.clone());
    context.update(&bytes[hole.end..]);
    let digest = fixed(context.finish().as_ref());
    Ok(PreparedPdf { bytes, hole, digest, before_hole, page_count, content_sha256, words })
}

impl PreparedPdf {
    /// SHA-256 of the file but for the hole: what the signature vouches for.
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Writes a signature into the hole and checks the finished file against the signer's
    /// certificates.
    pub(super) fn embed(
        mut self,
        cms: &[u8],
        chain: &[Certificate],
    ) -> Result<SignedPdf, SignError> {
        let reserved = (self.hole.len() - 2) / 2;
        if cms.len() > reserved {
            return Err(SignError::TooSmall { needed: cms.len(), reserved });
        }
        let inside = self.hole.start + 1..self.hole.end - 1;
        for (pair, byte) in self.bytes[inside].chunks_exact_mut(2).zip(cms) {
            pair[0] = HEXADECIMAL[usize::from(byte >> 4)];
            pair[1] = HEXADECIMAL[usize::from(byte & 15)];
        }
        verify::check(&self.bytes, &self.hole, chain)?;
        let mut context = self.before_hole.0;
        context.update(&self.bytes[self.hole.start..]);
        Ok(SignedPdf {
            sha256: fixed(context.finish().as_ref()),
            bytes: self.bytes,
            page_count: self.page_count,
            content_sha256: self.content_sha256,
            words: self.words,
        })
    }
}

/// The slot must be the empty one of the renderer: a hole of zeros and a byte range of blanks and
/// zeros.
fn check_slot(bytes: &[u8], hole: &Range<usize>, range: &Range<usize>) -> Result<(), SignError> {
    let broken = Err(SignError::Structure("the slot is not as the renderer leaves it"));
    let (Some(contents), Some(byte_range)) = (bytes.get(hole.clone()), bytes.get(range.clone()))
    else {
        return broken;
    };
    let apart = range.end < hole.start || hole.end < range.start;
    let [b'<', zeros @ .., b'>'] = contents else {
        return broken;
    };
    let empty = zeros.iter().all(|byte| *byte == b'0') && zeros.len().is_multiple_of(2);
    let open = byte_range.iter().all(|byte| matches!(byte, b' ' | b'0'));
    let bracketed = range.start > 0
        && bytes[range.start - 1] == b'['
        && bytes.get(range.end).is_some_and(|byte| *byte == b']');
    if apart && empty && open && bracketed { Ok(()) } else { broken }
}

/// Writes the two ranges around the hole, padded with blanks to the width that stands there.
fn write_byte_range(
    bytes: &mut [u8],
    hole: &Range<usize>,
    range: Range<usize>,
) -> Result<(), SignError> {
    let text = format!("0 {} {} {}", hole.start, hole.end, bytes.len() - hole.end);
    let place = &mut bytes[range];
    if text.len() > place.len() {
        return Err(SignError::Structure("the byte range has too little room"));
    }
    place.fill(b' ');
    place[..text.len()].copy_from_slice(text.as_bytes());
    Ok(())
}

/// The 32 bytes of a SHA-256.
fn fixed(digest: &[u8]) -> [u8; 32] {
    let mut fixed = [0; 32];
    fixed.copy_from_slice(digest);
    fixed
}

const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";
