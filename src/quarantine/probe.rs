//! What a child must not be able to do, tried by a child.

use std::hint::black_box;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::Said;

/// One deed. Each is tried behind the wall; where the wall stands, the child dies of it or is
/// refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// Nothing at all: it must live.
    Nothing,
    OpenFile,
    MakeFile,
    MakeSocket,
    StartProgram,
    StartThread,
    /// To take more memory than it may.
    TakeMemory,
    /// To work longer than it may: it takes these seconds.
    TakeTime,
}

impl Probe {
    /// Those that take no time.
    pub const QUICK: [Self; 6] = [
        Self::OpenFile,
        Self::MakeFile,
        Self::MakeSocket,
        Self::StartProgram,
        Self::StartThread,
        Self::TakeMemory,
    ];

    /// Its name for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::OpenFile => "open_file",
            Self::MakeFile => "make_file",
            Self::MakeSocket => "make_socket",
            Self::StartProgram => "start_program",
            Self::StartThread => "start_thread",
            Self::TakeMemory => "take_memory",
            Self::TakeTime => "take_time",
        }
    }

    /// Tries it, here and now.
    pub(super) fn tried(self) -> Said {
        let done = match self {
            Self::Nothing => false,
            Self::OpenFile => std::fs::File::open("/").is_ok(),
            Self::MakeFile => std::fs::File::create("/tmp/spo-probe").is_ok(),
            Self::MakeSocket => std::net::UdpSocket::bind("127.0.0.1:0").is_ok(),
            Self::StartProgram => {
                let program = &mut Command::new(super::child::THIS_PROGRAM);
                program.arg("--version").stdout(Stdio::null()).status().is_ok()
            }
            Self::StartThread => std::thread::Builder::new().spawn(|| ()).is_ok(),
            Self::TakeMemory => memory() >= super::MEMORY,
            Self::TakeTime => time(),
        };
        if done { Said::Done } else { Said::Refused }
    }
}

/// Takes memory until there is none, or more than there may be: the bytes that were had.
fn memory() -> u64 {
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    for _ in 0..=super::MEMORY / PIECE as u64 {
        let mut piece = Vec::new();
        if piece.try_reserve_exact(PIECE).is_err() {
            break;
        }
        piece.resize(PIECE, 1);
        pieces.push(black_box(piece));
    }
    pieces.iter().map(|piece| piece.len() as u64).sum()
}

/// Works far longer than the limit.
fn time() -> bool {
    for round in 0..u64::MAX / 2 {
        if black_box(round) == u64::MAX {
            return false;
        }
    }
    true
}

const PIECE: usize = 4 << 20;
