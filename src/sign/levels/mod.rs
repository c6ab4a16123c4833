//! Revisions that raise the level of our own finished file: material that proves for years
//! ([`grown`]), and a timestamp over all of it ([`Archive`]). Pure: bytes and material go in, bytes
//! come out. A timestamp beside the signature itself is the matter of `pades::stamped`.
//!
//! Each revision is appended: of what stood before, no byte changes. It changes as few objects as
//! it can: the catalog once (`/DSS`, `/Extensions`), then the security store alone; a timestamp
//! changes the form and the page of its widget. Every product is read back and proven before it is
//! given out ([`prove`]).
//!
//! It reads and writes the form that our renderer writes, a classic cross-reference table and all,
//! and no other; files of others are the matter of `verify::pdf`.
//!
//! Never here: a network, a clock, a certificate that is judged.
//!
//! To add a kind of material: a list in [`Material`], its key in `store`.
//!
//! # Decisions
//! - The widget of a document timestamp stands on the page of the seal, with no size and outside
//!   the page: ISO 32000-1, 12.7.4.5 wants no size where nothing is to be seen; ISO 19005-2, 6.3.2
//!   forbids hiding it; ISO 14289-1, 7.18 leaves out of the structure what is outside the page.
//! - `/VRI` is written although readers may ignore it: some still look there first. An entry is
//!   never written again: a later signature's reader would call that a change.
//! - Nothing is packed: DER does not shrink, and what is not packed is read without tools.

mod archive;
mod base;
mod revision;
mod store;

pub use self::archive::Archive;
pub use self::base::{Covered, Placed, signatures};
pub use self::store::{Material, grown, held};

use super::SignError;

/// Why no revision was made.
#[derive(Debug, thiserror::Error)]
pub enum LevelError {
    /// The file is not of the form that we write.
    #[error("the file is not of our form: {0}")]
    Form(&'static str),
    /// The timestamp does not fit the space kept for it; both in bytes of DER.
    #[error("the timestamp needs {needed} bytes and {reserved} are reserved")]
    TooSmall { needed: usize, reserved: usize },
    /// What was made fails its own proof.
    #[error("the revision fails its own proof: {0}")]
    Proof(&'static str),
    /// The seal in it is broken or can't be changed.
    #[error(transparent)]
    Seal(#[from] SignError),
}

/// Proves a revision against what stood before: not a byte of that has moved, the new end can be
/// read, every signature of before is there and where it was, and each covers a revision from the
/// file's beginning to that revision's end.
///
/// # Errors
/// [`LevelError::Proof`] with what fails.
pub fn prove(before: &[u8], after: &[u8]) -> Result<(), LevelError> {
    if after.len() <= before.len() || !after.starts_with(before) {
        return Err(LevelError::Proof("bytes that stood before have changed"));
    }
    if !after.ends_with(b"%%EOF\n") {
        return Err(LevelError::Proof("it does not end"));
    }
    let (old, new) = (signatures(before)?, signatures(after)?);
    if !new.starts_with(&old) || new.len() > old.len() + 1 {
        return Err(LevelError::Proof("a signature that stood before has changed"));
    }
    let ends_whole = |placed: &Placed| after[..placed.end].ends_with(b"%%EOF\n");
    if new.iter().all(ends_whole) { Ok(()) } else { Err(LevelError::Proof("a signature's end")) }
}

#[cfg(test)]
mod tests;
