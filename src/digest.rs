//! SHA-256 and its spelling: a leaf that every room but `domain` may use. What is signed is hashed
//! in `sign`.

use std::fmt::Write;

/// SHA-256 of the bytes. FIPS 180-4.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    let mut sum = [0; 32];
    sum.copy_from_slice(digest.as_ref());
    sum
}

/// SHA-256 of each beginning of the bytes that ends there, the bytes read once. `ends` ascend and
/// lie within.
pub fn prefixes(bytes: &[u8], ends: &[usize]) -> Vec<[u8; 32]> {
    let mut hashed = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    let mut at = 0;
    let mut all = Vec::with_capacity(ends.len());
    for &end in ends {
        hashed.update(bytes.get(at..end).unwrap_or_default());
        at = end;
        let mut sum = [0; 32];
        sum.copy_from_slice(hashed.clone().finish().as_ref());
        all.push(sum);
    }
    all
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a string can't fail
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_abc_is_the_standard_s() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256(b"abc")), abc);
    }

    #[test]
    fn each_beginning_has_the_digest_that_it_would_have_alone() {
        let bytes = b"one two three";
        let ends = [0, 3, 7, 13];
        let alone: Vec<_> = ends.iter().map(|end| sha256(&bytes[..*end])).collect();
        assert_eq!(prefixes(bytes, &ends), alone);
    }
}
