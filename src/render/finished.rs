//! A document at the end of the renderer's road: for its signature, or for looking at.

use std::ops::Range;

use crate::domain::disclosure::Secrets;

use super::error::RenderError;
use super::leak;
use super::readback::ReadBack;

/// A finished, tagged PDF with an empty signature field: deterministic bytes that only
/// `sign::prepare` takes. Made by this room alone; all its checks have passed.
#[derive(Debug)]
pub struct UnsignedPdf {
    pub(super) bytes: Vec<u8>,
    /// What the bytes say: read back once, for the checks and the search; none once it was searched
    /// for all, so that documents which wait for the others of their order are no larger than
    /// their bytes.
    pub(super) read: Option<ReadBack>,
    pub(super) slot: Slot,
    pub(super) page_count: u32,
    pub(super) content_sha256: [u8; 32],
    pub(super) words: String,
}

/// Where the signature goes: byte ranges into the file. PDF 32000-1, 12.8.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The hexadecimal string of `/Contents` with its `<` and `>`, filled with zeros.
    pub contents: Range<usize>,
    /// The inside of the `/ByteRange` array between its brackets: fixed width, filled with blanks
    /// and zeros.
    pub byte_range: Range<usize>,
}

impl UnsignedPdf {
    /// Searches the whole file, and the name that it is given, for confidential values. Contract
    /// section 3.
    ///
    /// # Errors
    /// [`RenderError::Disclosed`] with every leak found.
    /// [`RenderError::Unreadable`] where [`UnsignedPdf::searched`] has let go of what it says.
    pub fn search(&self, file_name: &str, secrets: &Secrets) -> Result<(), RenderError> {
        let read = self.read.as_ref().ok_or(RenderError::Unreadable)?;
        search((&self.bytes, read), file_name, secrets)
    }

    /// The same for the last time.
    ///
    /// # Errors
    /// As [`UnsignedPdf::search`].
    pub fn searched(mut self, file_name: &str, secrets: &Secrets) -> Result<Self, RenderError> {
        self.search(file_name, secrets)?;
        self.read = None;
        Ok(self)
    }

    /// The whole file with the slot open.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the signature goes.
    pub const fn slot(&self) -> &Slot {
        &self.slot
    }

    /// Number of pages.
    pub const fn page_count(&self) -> u32 {
        self.page_count
    }

    /// SHA-256 of the content stage without ids, instants, codes and page stamps. Contract section
    /// 3a.
    pub const fn content_sha256(&self) -> &[u8; 32] {
        &self.content_sha256
    }

    /// The six words of the mark on its pages; empty where it has none.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// A file from elsewhere, so that the signer's tests need no renderer.
    #[cfg(test)]
    pub(crate) fn for_tests(bytes: Vec<u8>, slot: Slot, page_count: u32) -> Self {
        let (read, content_sha256) = (Some(ReadBack::default()), [7; 32]);
        Self { bytes, read, slot, page_count, content_sha256, words: String::new() }
    }

    /// Gives the bytes away to the next stage.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A draft: DRAFT on each page, no signature field. No function signs one.
#[derive(Debug)]
pub struct Preview {
    pub(super) bytes: Vec<u8>,
    pub(super) read: ReadBack,
    pub(super) page_count: u32,
}

impl Preview {
    /// Searches the whole file, and the name that it is given, for confidential values. Contract
    /// section 3.
    ///
    /// # Errors
    /// [`RenderError::Disclosed`] with every leak found.
    pub fn search(&self, file_name: &str, secrets: &Secrets) -> Result<(), RenderError> {
        search((&self.bytes, &self.read), file_name, secrets)
    }

    /// The whole file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of pages.
    pub const fn page_count(&self) -> u32 {
        self.page_count
    }
}

/// Searches a finished file, read back from its bytes, and the name that it is given.
fn search(
    (bytes, read): (&[u8], &ReadBack),
    file_name: &str,
    secrets: &Secrets,
) -> Result<(), RenderError> {
    let in_text = |text: &str| secrets.in_text(text);
    let in_raw = |raw: &[u8]| secrets.in_raw(raw);
    leak::search((bytes, read), file_name, in_text, in_raw).map_err(RenderError::Disclosed)
}
