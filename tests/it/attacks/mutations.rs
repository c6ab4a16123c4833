//! Changes by chance: no byte of what is covered may change unseen.

use std::io::Write as _;

use spo::digest::{hex, sha256};
use spo::verify::{Integrity, LaterChanges, Report, inspect};

use super::{passes, readers};

/// A stream of numbers from a seed (xorshift), so that every run can be repeated.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end as u64)).unwrap()
    }

    /// A place; half of them among the last bytes, where a file's structure stands.
    fn place(&mut self, file: &[u8]) -> usize {
        let near = file.len().min(12_000);
        if self.below(2) == 0 { self.below(file.len()) } else { file.len() - 1 - self.below(near) }
    }
}

/// One byte, or a block put over, put in, taken out or said twice.
fn mutated(file: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut out = file.to_vec();
    let at = chance.place(file);
    let length = 1 + chance.below(40);
    let end = (at + length).min(out.len());
    let from = chance.place(file);
    let block = file[from..(from + length).min(file.len())].to_vec();
    match chance.below(8) {
        0..=2 => out[at] ^= 1 << chance.below(8),
        3 => out[at] = u8::try_from(chance.below(256)).unwrap(),
        4 => drop(out.splice(at..(at + block.len()).min(file.len()), block)),
        5 => drop(out.splice(at..at, block)),
        6 => drop(out.drain(at..end)),
        _ => out[at..end].fill(u8::try_from(chance.below(256)).unwrap()),
    }
    out
}

/// The signed bytes of a report: what each signature covers.
fn digests(report: &Report) -> Vec<&str> {
    report.signatures.iter().map(|one| one.covered_sha256.as_str()).collect()
}

/// Whether some signature is said to be whole, and nothing to have come after it, though it is of
/// other bytes than any of the file's own.
fn is_fooled(report: &Report, known: &[&str]) -> bool {
    report.signatures.iter().any(|one| {
        one.integrity == Integrity::Intact
            && one.later_changes == LaterChanges::None
            && !known.contains(&one.covered_sha256.as_str())
    })
}

#[tokio::test]
async fn conformance_no_change_by_chance_passes_as_the_signed_file() {
    let count = std::env::var("CHECK_MUTATIONS").ok().and_then(|text| text.parse().ok());
    let count: usize = count.unwrap_or(100);
    let seed = std::env::var("CHECK_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or(0x5eed_0f0a_77ac);
    let (base, good) = super::scene().await;
    let basis = good.basis(base);
    let (mut run, mut unlike, mut unread, mut passed) = (0, 0, 0, 0);
    for (index, (name, file)) in good.files.iter().enumerate() {
        let whole = inspect(file, &basis);
        let known = digests(&whole);
        let mut chance = Chance(seed ^ (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for turn in 0..count {
            let other = mutated(file, &mut chance);
            if other == *file {
                continue;
            }
            let report = inspect(&other, &basis);
            run += 1;
            unread += usize::from(!report.readable);
            unlike += usize::from(report.readable && !passes(&report));
            assert!(!is_fooled(&report, &known), "{name}, seed {seed}, turn {turn}: {report:#?}");
            if passes(&report) {
                passed += 1;
                // A change that is not seen is one of nothing that counts: of a hole's own form.
                assert_eq!(digests(&report), known, "{name}, seed {seed}, turn {turn}");
                let same = hex(&sha256(&other)) != hex(&sha256(file));
                assert!(same, "{name}");
                let otherwise = readers::otherwise(name, &other, &report);
                assert_eq!(otherwise, None, "seed {seed}, turn {turn}");
            }
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "mutations: {run} of {} files with seed {seed}: {unread} not read, {unlike} refused, \
         {passed} of no effect",
        good.files.len()
    );
    assert!(run > 0);
}

#[tokio::test]
async fn a_whole_signature_of_other_bytes_would_be_noticed() {
    let base = super::base::Base::new().await;
    let report = |file: &[u8]| inspect(file, &base.basis());
    let (order, other) = (report(&base.order), report(&base.other));
    assert!(is_fooled(&order, &digests(&other)) && !is_fooled(&order, &digests(&order)));
}
