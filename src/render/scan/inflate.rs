//! Deflated streams, inflated within a bound. Nothing here knows what they hold.

use std::cell::RefCell;

use libdeflater::{DecompressionError, Decompressor};

/// Inflates at one place of the thread's own: most of the work for a short stream was the room.
pub(super) fn inflate(packed: &[u8]) -> Option<Vec<u8>> {
    ROOM.with_borrow_mut(|(decompressor, room)| {
        let mut length = packed.len().saturating_mul(6).clamp(ROOM_KEPT, INFLATED_MAX);
        room.resize(room.len().max(length), 0);
        let out = loop {
            match decompressor.zlib_decompress(packed, room) {
                Ok(length) => break Some(room[..length].to_vec()),
                Err(DecompressionError::InsufficientSpace) if length < INFLATED_MAX => {
                    length = (room.len() * 2).min(INFLATED_MAX);
                    room.resize(length, 0);
                }
                Err(_) => break None,
            }
        };
        room.truncate(ROOM_KEPT);
        room.shrink_to_fit();
        out
    })
}

thread_local! {
    static ROOM: RefCell<(Decompressor, Vec<u8>)> =
        RefCell::new((Decompressor::new(), Vec::new()));
}

/// Most streams inflate to less.
const ROOM_KEPT: usize = 256 * 1024;

/// No stream of ours is larger.
const INFLATED_MAX: usize = 64 * 1024 * 1024;
