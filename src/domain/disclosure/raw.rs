//! The search of raw bytes: streams, metadata and strings of a finished file, in whichever
//! encoding.
//!
//! Bytes are compared without ASCII spaces, punctuation and controls, in lower case; the zero bytes
//! of UTF-16 fall away with them. A window of six bytes finds the places worth a look, so the cost
//! is one pass over the bytes whatever the number of values.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::fold::Fit;

/// Values of fewer characters are not searched for in raw bytes.
pub(super) const SHORTEST: usize = 6;

/// Needles by the first six bytes of their encoded forms.
pub(super) struct RawNeedles {
    needles: Vec<RawNeedle>,
    /// One bit for each hash of six bytes with which a needle begins.
    starts: Vec<u64>,
}

struct RawNeedle {
    bytes: Zeroizing<Vec<u8>>,
    fit: Fit,
    /// The index of the value from which it comes.
    source: usize,
}

impl RawNeedles {
    pub(super) fn new() -> Self {
        Self { needles: Vec::new(), starts: vec![0; 1024] }
    }

    /// Adds the encoded forms of a value as it was sent.
    pub(super) fn add(&mut self, value: &str, fit: Fit, source: usize) {
        for bytes in forms(value) {
            let Some(key) = first_key(&bytes) else { continue };
            if self.needles.iter().any(|needle| *needle.bytes == *bytes) {
                continue;
            }
            let hash = hash(key);
            self.starts[hash / 64] |= 1 << (hash % 64);
            self.needles.push(RawNeedle { bytes, fit, source });
        }
    }

    /// The source of the first needle that the bytes hold.
    pub(super) fn find(&self, raw: &[u8]) -> Option<usize> {
        if self.needles.is_empty() {
            return None;
        }
        let mut key = 0;
        for (at, byte) in raw.iter().enumerate() {
            let kept = KEPT[usize::from(*byte)];
            if kept == 0 {
                continue;
            }
            key = next_key(key, kept);
            let hash = hash(key);
            if self.starts[hash / 64] & (1 << (hash % 64)) == 0 {
                continue;
            }
            let Some(start) = start(&raw[..=at]) else { continue };
            if let Some(needle) = self.needles.iter().find(|needle| needle.stands(raw, start)) {
                return Some(needle.source);
            }
        }
        None
    }
}

impl RawNeedle {
    /// Whether it stands in the raw bytes from a place on, as it has to. The digits of a phone are
    /// not gathered from the figures of a drawing: at most one space, hyphen or zero byte parts
    /// them.
    fn stands(&self, raw: &[u8], start: usize) -> bool {
        let mut at = start;
        let mut last = start;
        for wanted in self.bytes.iter() {
            while raw.get(at).is_some_and(|byte| KEPT[usize::from(*byte)] == 0) {
                at += 1;
            }
            if raw.get(at).map(|byte| KEPT[usize::from(*byte)]) != Some(*wanted) {
                return false;
            }
            if self.fit == Fit::Digits && !is_close(raw, last, at) {
                return false;
            }
            last = at;
            at += 1;
        }
        self.has_edges(raw, start, last)
    }

    fn has_edges(&self, raw: &[u8], first: usize, last: usize) -> bool {
        let before = first.checked_sub(1).and_then(|at| raw.get(at));
        let after = raw.get(last + 1);
        let wordy = |b: Option<&u8>| b.is_some_and(|b| KEPT[usize::from(*b)] != 0);
        let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
        match self.fit {
            Fit::Digits => true,
            Fit::Bounded | Fit::Word => !wordy(before) && !wordy(after),
            Fit::Anywhere => {
                let runs_in = digit(before) && digit(raw.get(first));
                let runs_on = digit(after) && digit(raw.get(last));
                !runs_in && !runs_on
            }
        }
    }
}

/// Where the last six bytes begin that are compared.
fn start(raw: &[u8]) -> Option<usize> {
    let kept = raw.iter().enumerate().rev().filter(|(_, byte)| KEPT[usize::from(**byte)] != 0);
    kept.map(|(at, _)| at).nth(SHORTEST - 1)
}

/// Whether two digits stand side by side or with one byte between them that parts groups of digits.
fn is_close(raw: &[u8], one: usize, next: usize) -> bool {
    match next - one {
        0 | 1 => true,
        2 => matches!(raw[one + 1], 0 | b' ' | b'-'),
        _ => false,
    }
}

/// A value as UTF-8, UTF-16 with its greater byte first, and Latin-1, each as given and in either
/// case.
fn forms(value: &str) -> Vec<Zeroizing<Vec<u8>>> {
    if value.is_ascii() {
        return vec![squeezed(value.as_bytes().to_vec())];
    }
    let value: Zeroizing<String> = Zeroizing::new(value.nfc().collect());
    let cases = [value.to_string(), value.to_lowercase(), value.to_uppercase()];
    let mut forms = Vec::new();
    for case in cases.map(Zeroizing::new) {
        forms.push(squeezed(case.as_bytes().to_vec()));
        if case.is_ascii() {
            continue;
        }
        forms.push(squeezed(case.encode_utf16().flat_map(u16::to_be_bytes).collect()));
        let latin: Option<Vec<u8>> =
            case.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        forms.extend(latin.map(squeezed));
    }
    forms
}

fn squeezed(bytes: Vec<u8>) -> Zeroizing<Vec<u8>> {
    let bytes = Zeroizing::new(bytes);
    let kept = bytes.iter().map(|byte| KEPT[usize::from(*byte)]).filter(|byte| *byte != 0);
    Zeroizing::new(kept.collect())
}

/// The key of the first six bytes.
fn first_key(bytes: &[u8]) -> Option<u64> {
    let first = bytes.get(..SHORTEST)?;
    Some(first.iter().fold(0, |key, byte| next_key(key, *byte)))
}

/// The key of six bytes, one further on.
fn next_key(key: u64, byte: u8) -> u64 {
    ((key << 8) | u64::from(byte)) & 0xffff_ffff_ffff
}

/// A number below 65,536 for a key.
fn hash(key: u64) -> usize {
    usize::try_from(key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48).unwrap_or(0)
}

/// Each byte as it is compared: letters in lower case, digits and bytes beyond ASCII as they are,
/// all else nothing.
static KEPT: [u8; 256] = kept();

const fn kept() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        if byte.is_ascii_alphanumeric() || byte >= 0x80 {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}
