//! The short code on each page: what a person reads out to find a document.

use crate::clock::{Ids, NoRandomness};

/// Ten characters in two groups, 50 bits of chance: `7K3QM-2X9TB`. Crockford's alphabet has no
/// letters that are taken for others.
///
/// # Errors
/// [`NoRandomness`].
pub(super) fn new(ids: &dyn Ids) -> Result<String, NoRandomness> {
    let mut chance = [0; 8];
    ids.fill(&mut chance)?;
    let mut bits = u64::from_be_bytes(chance);
    let mut code = String::with_capacity(11);
    for place in 0..10 {
        if place == 5 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from((bits & 31) as u8)]));
        bits >>= 5;
    }
    Ok(code)
}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Sequential, System};

    #[test]
    fn a_code_is_two_groups_of_five_without_letters_that_look_like_others() {
        let code = new(&System).unwrap();
        let (one, two) = code.split_once('-').unwrap();
        assert_eq!((one.len(), two.len()), (5, 5));
        assert!(!code.contains(['I', 'L', 'O', 'U']));
    }

    #[test]
    fn codes_differ() {
        let ids = Sequential::default();
        assert_ne!(new(&ids).unwrap(), new(&ids).unwrap());
        assert_ne!(new(&System).unwrap(), new(&System).unwrap());
    }
}
