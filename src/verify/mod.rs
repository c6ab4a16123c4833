//! The check of any PDF: which signatures stand in it, whom they name, what they cover, and what
//! was done to the file after them. Pure: foreign bytes and a [`Basis`] go in, a [`Report`] comes
//! out. It knows nothing of orders or of the register; `issue` makes a verdict of the report.
//!
//! Foreign bytes are read here and nowhere else, and only inside the limited child process
//! (`quarantine`); answers of timestamp and revocation services, which configuration names, are
//! read with the same readers by `sign`.
//!
//! The road: `pdf` (a strict reader that repairs nothing) → `structure` (fields, byte ranges,
//! revisions) → `cms` (is the signature whole) → `token` (is its timestamp) → `path` (to whom does
//! it lead) → `revocation` → `difference` (what came later, object by object) → [`Report`].
//!
//! Never here: the clock, a network, a file, a repair, a guess. What is not explained is refused.
//!
//! To add a reason: a variant of [`Reason`], its words in `templates/messages/verification.toml`,
//! an attack file in `tests/it/attacks` that is flagged with it.

pub mod algorithm;
pub(crate) mod asn1;
pub mod certificate;
mod cms;
pub mod difference;
mod drill;
mod inspect;
pub mod path;
pub mod pdf;
mod reason;
mod report;
pub mod revocation;
pub mod structure;
pub mod token;
mod trust;

pub use asn1::Malformed;
pub use certificate::Certificate;
pub use drill::Drill;
pub use inspect::inspect;
pub use reason::{Finding, Reason, Weight};
pub use report::{
    Anchor, Basis, Change, Integrity, Kind, LaterChanges, Level, Report, Revision, Revocation,
    Signature, Signer, Stamp, Trust,
};

#[cfg(test)]
mod tests;
