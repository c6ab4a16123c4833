//! What the tests of this room make for themselves: keys, certificates, signatures, timestamps,
//! answers and lists, each as it should be or with one thing wrong.

pub(in crate::verify) mod der;
pub(in crate::verify) mod file;
pub(in crate::verify) mod maker;

mod algorithm;
mod cms;
mod inspect;
mod mutations;
mod path;
mod revocation;
mod seeds;
mod token;
