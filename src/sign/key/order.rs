//! A key's certificates brought into the order that a signature encloses them in: its own first,
//! then who issued it, up to where the file, token or service ends.

use super::KeyFault;
use crate::sign::certificate::Certificate;
use crate::sign::{Algorithm, SignError};

/// The chain of a public key among these certificates, its own first; what is not on the way is
/// left out.
///
/// # Errors
/// [`KeyFault::NoCertificate`] where none names the key.
pub fn chain_of(key: &[u8], mut among: Vec<Certificate>) -> Result<Vec<Certificate>, SignError> {
    let own = among.iter().position(|one| one.public_key() == key);
    let own = own.ok_or(SignError::Opening(KeyFault::NoCertificate))?;
    let mut chain = vec![among.swap_remove(own)];
    while let Some(last) = chain.last() {
        // Each step takes one out, so that two that name each other come to an end too.
        let issuer = among.iter().position(|one| last.names_as_issuer(one) && one != last);
        match issuer {
            Some(place) if !last.names_as_issuer(last) => chain.push(among.swap_remove(place)),
            _ => break,
        }
    }
    Ok(chain)
}

/// The chain of the certificates that stand first, as a service or a file that orders them gives
/// it.
///
/// # Errors
/// [`KeyFault::NoCertificate`] where there is none; [`KeyFault::Refused`] where its key is of no
/// kind that we sign with.
pub(super) fn led_by_own(
    among: Vec<Certificate>,
) -> Result<(Algorithm, Vec<Certificate>), SignError> {
    let Some(own) = among.first() else {
        return Err(SignError::Opening(KeyFault::NoCertificate));
    };
    let algorithm = own.algorithm().map_err(|_| SignError::Opening(KeyFault::Refused))?;
    let key = own.public_key().to_vec();
    Ok((algorithm, chain_of(&key, among)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::Authority;

    fn pair(name: &str) -> (Certificate, Certificate) {
        let folder = std::env::temp_dir().join(format!("spo-{}-order-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let authority = Authority::open(&folder, "2026-11-21T12:00:00Z".parse().unwrap()).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        (authority.signer().clone(), authority.root().clone())
    }

    #[test]
    fn the_own_stands_first_whatever_the_order_and_strangers_are_left_out() {
        let ((own, root), (stranger, other)) = (pair("first"), pair("second"));
        for among in [
            vec![own.clone(), root.clone(), stranger.clone(), other.clone()],
            vec![other.clone(), root.clone(), stranger.clone(), own.clone()],
            vec![root.clone(), own.clone(), root.clone(), own.clone()],
        ] {
            let chain = chain_of(own.public_key(), among).unwrap();
            assert_eq!(chain, [own.clone(), root.clone()]);
        }
        assert_eq!(chain_of(own.public_key(), vec![own.clone()]).unwrap().len(), 1);
        let none = chain_of(own.public_key(), vec![root, stranger]);
        assert!(matches!(none, Err(SignError::Opening(KeyFault::NoCertificate))));
        assert!(led_by_own(Vec::new()).is_err());
    }
}
