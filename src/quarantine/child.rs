//! The child: two gates, then one order, then its end.

use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::confine::{self, NotConfined};
use super::{LARGEST_FILE, LARGEST_ORDER, Order, Reply, Said};
use crate::verify::inspect;

/// Where the child stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// It is to set its limits and to start itself once more.
    Outer,
    /// It began under its limits: it is to shut itself in and to read.
    Inner,
}

/// Why the child ends without a reply. The parent learns no more than its exit code.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error(transparent)]
    NotConfined(#[from] NotConfined),
    #[error("standard input or output failed")]
    Pipe(#[from] io::Error),
    #[error("the order can't be read")]
    Order(#[from] serde_json::Error),
}

/// Runs the child; the exit code is for the parent. Nothing of the environment is read, no setting
/// and no file.
pub fn run(gate: Gate) -> u8 {
    let ended = match gate {
        Gate::Outer => begin_again(),
        Gate::Inner => obey(),
    };
    match ended {
        Ok(()) => 0,
        Err(Ended::NotConfined(_)) => NOT_CONFINED,
        Err(Ended::Pipe(_) | Ended::Order(_)) => NO_ORDER,
    }
}

/// Does not return where it succeeds.
fn begin_again() -> Result<(), Ended> {
    confine::limit()?;
    confine::keep_only_pipes();
    Err(Command::new(THIS_PROGRAM).args(INNER).env_clear().exec().into())
}

fn obey() -> Result<(), Ended> {
    if !confine::is_limited() || confine::has_more_than_pipes() {
        return Err(NotConfined.into());
    }
    let landlock = confine::shut()?;
    let mut input = io::stdin().lock();
    let said = match order(&mut input)? {
        Order::Inspect(basis) => {
            let mut file = Vec::new();
            input.take(LARGEST_FILE as u64 + 1).read_to_end(&mut file)?;
            Said::Report(Box::new(inspect(&file, &basis)))
        }
        Order::Probe(probe) => probe.tried(),
    };
    let reply = serde_json::to_vec(&Reply { landlock, said })?;
    let mut output = io::stdout().lock();
    output.write_all(&reply)?;
    output.flush()?;
    Ok(())
}

/// The first frame: eight bytes of length, then JSON. Nothing is reserved by that number.
fn order(input: &mut impl Read) -> Result<Order, Ended> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_be_bytes(length);
    if length > LARGEST_ORDER {
        return Err(io::Error::from(io::ErrorKind::InvalidData).into());
    }
    let mut json = Vec::new();
    input.take(length).read_to_end(&mut json)?;
    Ok(serde_json::from_slice(&json)?)
}

/// The same program, whatever stands at its path by now.
pub(super) const THIS_PROGRAM: &str = "/proc/self/exe";
/// The arguments of a child at its outer and at its inner gate.
pub(super) const OUTER: [&str; 1] = ["inspect"];
const INNER: [&str; 2] = ["inspect", "--limited"];
/// Exit codes.
pub(super) const NOT_CONFINED: u8 = 70;
const NO_ORDER: u8 = 65;
