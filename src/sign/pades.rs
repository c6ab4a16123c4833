//! The slot of a PAdES signature in the bytes of its file: byte range, digest, hole. Nothing else
//! moves.
//!
//! ISO 32000-1, 12.8.1; ETSI EN 319 142-1, clause 5.

use std::ops::Range;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, Digest as Hash, SHA256, digest};

use super::certificate::Certificate;
use super::{Digest, Level, SignError, SignedPdf, cms, proof};
use crate::render::UnsignedPdf;

/// A file with its byte range closed, its digest taken and its hole still empty.
#[derive(Debug)]
pub struct PreparedPdf {
    bytes: Vec<u8>,
    /// `/Contents` with its `<` and `>`.
    hole: Range<usize>,
    digest: Hash,
    /// SHA-256 of the same, whatever the digest is.
    covered_sha256: [u8; 32],
    /// The state of SHA-256 at the hole, so that the hash of the whole file need not start anew.
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

/// The digest of a file but for its hole.
pub(super) fn digest_around(bytes: &[u8], hole: &Range<usize>, kind: Digest) -> Hash {
    let mut context = Context::new(kind.function());
    context.update(&bytes[..hole.start]);
    context.update(&bytes[hole.end..]);
    context.finish()
}

/// Closes the byte range and takes the digest. See [`super::prepare`].
pub(super) fn prepare(unsigned: UnsignedPdf, kind: Digest) -> Result<PreparedPdf, SignError> {
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
    let covered = context.finish();
    let digest = match kind {
        Digest::Sha256 => covered,
        other => digest_around(&bytes, &hole, other),
    };
    Ok(PreparedPdf {
        bytes,
        hole,
        digest,
        covered_sha256: fixed(covered.as_ref()),
        before_hole,
        page_count,
        content_sha256,
        words,
    })
}

impl PreparedPdf {
    /// The digest of the file but for the hole: what the signature vouches for.
    pub fn digest(&self) -> &[u8] {
        self.digest.as_ref()
    }

    /// Writes a signature into the hole and checks the finished file against the signer's
    /// certificates.
    pub(super) fn embed(
        mut self,
        cms: &[u8],
        chain: &Arc<[Certificate]>,
    ) -> Result<SignedPdf, SignError> {
        fill(&mut self.bytes, &self.hole, cms)?;
        proof::check(&self.bytes, &self.hole, chain, Level::BB)?;
        let mut context = self.before_hole.0;
        context.update(&self.bytes[self.hole.start..]);
        Ok(SignedPdf {
            sha256: fixed(context.finish().as_ref()),
            covered_sha256: self.covered_sha256,
            bytes: self.bytes,
            hole: self.hole,
            chain: Arc::clone(chain),
            level: Level::BB,
            timestamp: None,
            page_count: self.page_count,
            content_sha256: self.content_sha256,
            words: self.words,
        })
    }
}

/// Writes a signature into its hole, zeros behind it.
fn fill(bytes: &mut [u8], hole: &Range<usize>, cms: &[u8]) -> Result<(), SignError> {
    let reserved = (hole.len() - 2) / 2;
    if cms.len() > reserved {
        return Err(SignError::TooSmall { needed: cms.len(), reserved });
    }
    let (digits, behind) = bytes[hole.start + 1..hole.end - 1].split_at_mut(cms.len() * 2);
    for (pair, byte) in digits.chunks_exact_mut(2).zip(cms) {
        pair[0] = HEXADECIMAL[usize::from(byte >> 4)];
        pair[1] = HEXADECIMAL[usize::from(byte & 15)];
    }
    behind.fill(b'0');
    Ok(())
}

/// A sealed file, read back from its bytes: ours, at level B-B or B-T, with nothing behind it.
#[derive(Debug)]
pub struct Sealed {
    hole: Range<usize>,
    cms: Vec<u8>,
}

impl Sealed {
    /// Finds the one signature. That the file is whole is proven when it is changed, not here.
    ///
    /// # Errors
    /// [`SignError::Structure`] where no hole stands at the end as we leave it.
    pub fn read(bytes: &[u8]) -> Result<Self, SignError> {
        let broken = SignError::Structure("there is no signature at its end");
        let Some(hole) = hole_of(bytes) else { return Err(broken) };
        let cms = proof::contents(bytes, &hole).ok_or(broken)?;
        Ok(Self { hole, cms })
    }

    /// The value of the signature: what a timestamp is asked for.
    ///
    /// # Errors
    /// [`SignError::Structure`] where it can't be read.
    pub fn value(&self) -> Result<Vec<u8>, SignError> {
        cms::signature_value(&self.cms)
    }

    /// The certificates that stand in it, the signer's own first.
    ///
    /// # Errors
    /// [`SignError::Structure`] where they can't be read.
    pub fn chain(&self) -> Result<Vec<Certificate>, SignError> {
        cms::chain(&self.cms)
    }
}

/// A sealed file with a timestamp put beside its signature, in the same hole: level B-T. The value
/// of the signature and every byte outside the hole stay; the whole is proven again against the
/// certificates that stand in it.
///
/// # Errors
/// [`SignError::TooSmall`] where the hole has no room for the token; [`SignError::Structure`] where
/// the file is not one of ours at level B-B, or the token is no CMS; [`SignError::Breach`] where
/// the file fails the proof.
pub fn stamped(bytes: Vec<u8>, token: &[u8]) -> Result<Vec<u8>, SignError> {
    let sealed = Sealed::read(&bytes)?;
    let (hole, chain) = (sealed.hole.clone(), sealed.chain()?);
    let cms = cms::with_timestamp(&sealed.cms, token)?;
    restamped(bytes, &hole, &cms, &chain)
}

/// The same for a file that has not left this process, held to its signer's certificates.
pub(super) fn stamp(signed: SignedPdf, token: &[u8]) -> Result<SignedPdf, SignError> {
    let broken = SignError::Structure("there is no signature in the hole");
    let cms = proof::contents(&signed.bytes, &signed.hole).ok_or(broken)?;
    let cms = cms::with_timestamp(&cms, token)?;
    let bytes = restamped(signed.bytes, &signed.hole, &cms, &signed.chain)?;
    Ok(SignedPdf { sha256: sha256(&bytes), bytes, level: Level::BT, ..signed })
}

fn restamped(
    mut bytes: Vec<u8>,
    hole: &Range<usize>,
    cms: &[u8],
    chain: &[Certificate],
) -> Result<Vec<u8>, SignError> {
    fill(&mut bytes, hole, cms)?;
    proof::check(&bytes, hole, chain, Level::BT)?;
    Ok(bytes)
}

/// The hole that the last byte range of the file leaves out. The proof says whether it is the one
/// of the signature.
fn hole_of(bytes: &[u8]) -> Option<Range<usize>> {
    let start = memchr::memmem::rfind(bytes, BYTE_RANGE)? + BYTE_RANGE.len();
    let numbers = bytes[start..].get(..LONGEST_RANGE)?.split(|byte| *byte == b']').next()?;
    let mut numbers = std::str::from_utf8(numbers).ok()?.split_ascii_whitespace();
    let mut next = || numbers.next()?.parse::<usize>().ok();
    let (zero, hole, length) = (next()?, next()?..next()?, next()?);
    let whole = zero == 0 && hole.end.checked_add(length)? == bytes.len();
    (whole && hole.len() >= 2 && next().is_none()).then_some(hole)
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
    let empty = proof::all_zeros(zeros) && zeros.len().is_multiple_of(2);
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

const BYTE_RANGE: &[u8] = b"/ByteRange[";
/// More than the renderer leaves for the four numbers.
const LONGEST_RANGE: usize = 64;
const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";
