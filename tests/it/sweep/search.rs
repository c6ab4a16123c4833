//! The search: all spellings of all canaries in one pass over the bytes, each way that they can be
//! read.

use std::collections::{BTreeSet, HashMap};

use super::canary::Canary;
use super::spelling::{Encoding, SHORTEST, kept, spellings};
use super::view::views;

/// Canaries, ready to be searched for.
pub struct Search {
    needles: Vec<Needle>,
    /// By their first six bytes.
    starts: HashMap<u64, Vec<usize>>,
    /// One bit for each hash of six bytes with which a needle begins: it lets most places pass.
    filter: Vec<u64>,
    fields: Vec<String>,
}

struct Needle {
    canary: usize,
    encoding: Encoding,
    bytes: Vec<u8>,
    /// A number alone: its digits stand together, or with few signs between two. The figures of a
    /// drawing give any number in the end.
    number: bool,
}

/// A canary that was found, by its field, and how it was written. Never the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub field: String,
    pub encoding: Encoding,
}

impl Search {
    pub fn of<'c>(canaries: impl IntoIterator<Item = &'c Canary>) -> Self {
        let filter = vec![0; 1 << (FILTER_BITS - 6)];
        let mut search =
            Self { needles: Vec::new(), starts: HashMap::new(), filter, fields: Vec::new() };
        for canary in canaries {
            search.fields.push(canary.field.clone());
            for part in &canary.parts {
                search.add(part);
            }
        }
        search
    }

    fn add(&mut self, part: &str) {
        for (encoding, bytes) in spellings(part) {
            let key = bytes.iter().take(SHORTEST).fold(0, |key, byte| next(key, *byte));
            let hash = hash(key);
            self.filter[hash / 64] |= 1 << (hash % 64);
            self.starts.entry(key).or_default().push(self.needles.len());
            let number = bytes.len() <= LONGEST_NUMBER && bytes.iter().all(u8::is_ascii_digit);
            let canary = self.fields.len() - 1;
            self.needles.push(Needle { canary, encoding, bytes, number });
        }
    }

    /// How many spellings are looked for.
    pub fn spellings(&self) -> usize {
        self.needles.len()
    }

    /// All that the bytes give away.
    pub fn find(&self, bytes: &[u8]) -> BTreeSet<Found> {
        let mut found = BTreeSet::new();
        for (as_read, view) in views(bytes) {
            for needle in self.scan(&view) {
                let encoding = match (as_read, needle.encoding) {
                    (Encoding::Plain, encoding) | (_, encoding @ Encoding::Reversed) => encoding,
                    (as_read, _) => as_read,
                };
                found.insert(Found { field: self.fields[needle.canary].clone(), encoding });
            }
        }
        found
    }

    fn scan(&self, bytes: &[u8]) -> Vec<&Needle> {
        let (mut text, mut places) = (Vec::new(), Vec::new());
        for (place, byte) in bytes.iter().enumerate() {
            if let Some(byte) = kept(*byte) {
                text.push(byte);
                places.push(place);
            }
        }
        let mut found = Vec::new();
        let mut key = 0;
        for (at, byte) in text.iter().enumerate() {
            key = next(key, *byte);
            let hash = hash(key);
            if self.filter[hash / 64] & (1 << (hash % 64)) == 0 || at + 1 < SHORTEST {
                continue;
            }
            let start = at + 1 - SHORTEST;
            let here = self.starts.get(&key).into_iter().flatten().map(|n| &self.needles[*n]);
            found.extend(here.filter(|needle| {
                text[start..].starts_with(&needle.bytes)
                    && (!needle.number || is_close(bytes, &places[start..][..needle.bytes.len()]))
            }));
        }
        found
    }
}

/// Whether no more stands between each two digits than what parts groups of digits.
fn is_close(bytes: &[u8], places: &[usize]) -> bool {
    places.windows(2).all(|two| {
        let between = &bytes[two[0] + 1..two[1]];
        between.len() <= 3 && between.iter().all(|byte| b"\0 -./()_\n".contains(byte))
    })
}

/// The key of six bytes, one further on.
const fn next(key: u64, byte: u8) -> u64 {
    ((key << 8) | byte as u64) & 0xffff_ffff_ffff
}

const fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER_BITS)) as usize
}

const FILTER_BITS: u32 = 20;
/// A longer row of digits is no accident.
const LONGEST_NUMBER: usize = 12;
