//! The wall around the reading of foreign files: a child process from which memory, time, files,
//! network and other programs are taken before it reads its first byte.
//!
//! The parent ([`Quarantine`]) starts this program again as `spo inspect`, hands it a
//! [`Basis`](crate::verify::Basis) and the file by its standard input, and takes a
//! [`Report`](crate::verify::Report) from its standard output; nothing else is open, and the
//! environment is empty. The child (`child`) goes through two gates: it sets its limits and starts
//! itself once more, so that the allocator too begins under them; then it shuts itself in
//! (`confine`) and only then reads. `probe`: a child that tries what it must not be able to do; by
//! it `spo doctor` and the tests know that the wall stands on this machine.
//!
//! Never here: what a file means; the register; words for people.
//!
//! To let the child do more: `filter.json`, with a reason that outweighs the risk.
//!
//! # Decisions
//! - What the filter does not name ends the child: a parser that was taken over learns nothing by
//!   trying.
//! - Landlock is missing on older kernels and told where it is; the filter alone already refuses
//!   every way to open a file or a socket. Without the filter or the limits nothing is read.
//! - A child that dies says nothing of the file but that it could not be checked.

mod child;
mod confine;
mod parent;
mod probe;

use serde::{Deserialize, Serialize};

pub use child::{Gate, run};
pub use parent::{Failure, Quarantine, Wall};
pub use probe::Probe;

use crate::verify::{Basis, Report};

/// What the child is told to do: the first frame on its standard input.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// To read the file that follows, up to the end of the input.
    Inspect(Box<Basis>),
    /// To try what it must not be able to do.
    Probe(Probe),
}

/// What the child answers: all of its standard output.
#[derive(Debug, Serialize, Deserialize)]
struct Reply {
    /// Whether the kernel also holds it by landlock.
    landlock: bool,
    said: Said,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Report(Box<Report>),
    /// The deed was refused, and the child lived.
    Refused,
    /// The deed was done: there is no wall.
    Done,
}

/// Bytes of a file. Contract section 1.
pub const LARGEST_FILE: usize = 32 << 20;
/// Bytes of an order: a basis with its certificates and answers.
const LARGEST_ORDER: u64 = 32 << 20;
/// Bytes of a reply.
const LARGEST_REPLY: u64 = 8 << 20;
/// Bytes of address space of the child.
const MEMORY: u64 = 512 << 20;
/// Seconds of processor time of the child.
const CPU_SECONDS: u64 = 5;
