//! The system's randomness for requests: nonces, and what spreads second tries. The one place of
//! the exchanges that reads it.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

use super::Wrong;

/// Sixteen bytes that nobody can guess, the first of them neither zero nor with its highest bit:
/// so they are the same as an INTEGER of DER.
///
/// # Errors
/// [`Wrong::Unreachable`] where the system gives none; then nothing is asked.
pub fn nonce() -> Result<[u8; 16], Wrong> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Wrong::Unreachable)?;
    bytes[0] = bytes[0] & 0x3f | 0x40;
    Ok(bytes)
}

/// One byte to spread waiting by; 0 where the system gives none.
pub fn jitter() -> u8 {
    nonce().map_or(0, |bytes| bytes[15])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_a_positive_number_of_sixteen_bytes_and_none_comes_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..1000 {
            let nonce = nonce().unwrap();
            assert!((0x40..0x80).contains(&nonce[0]));
            assert!(seen.insert(nonce));
        }
    }
}
