//! A key in the memory of this process: read from PKCS#8, or made here. aws-lc computes in constant
//! time and clears its memory when a key is dropped.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair,
    RSA_PKCS1_SHA256, RsaKeyPair,
};
use der::{Decode, Header, SliceReader, pem};
use x509_cert::spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};
use zeroize::Zeroizing;

use super::{KeyFault, Signature, SigningKey};
use crate::sign::algorithm::{RSA_BITS, RSA_ENCRYPTION};
use crate::sign::{Algorithm, SignError};

/// A key in this process.
pub struct SoftwareKey {
    pair: Pair,
}

enum Pair {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl SoftwareKey {
    /// A new key from the system's randomness; RSA of 3072 bits.
    ///
    /// # Errors
    /// [`SignError::Key`] where the system gives none.
    pub fn generate(algorithm: Algorithm) -> Result<Self, SignError> {
        let pair = match algorithm {
            Algorithm::EcdsaP256 => {
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map(Pair::P256)
            }
            Algorithm::EcdsaP384 => {
                EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).map(Pair::P384)
            }
            Algorithm::Rsa => RsaKeyPair::generate(KeySize::Rsa3072).map(Pair::Rsa),
        };
        Ok(Self { pair: pair.map_err(|_| SignError::Key)? })
    }

    /// Reads PKCS#8 in PEM or DER, not encrypted. RFC 5958. Clearing `bytes` is the caller's part.
    ///
    /// # Errors
    /// [`SignError::Opening`]: [`KeyFault::Unreadable`] where they hold no key,
    /// [`KeyFault::Refused`] where it is of a kind that we do not sign with.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self, SignError> {
        if !bytes.starts_with(b"-----BEGIN ") {
            return Self::from_der(bytes);
        }
        let unread = SignError::Opening(KeyFault::Unreadable);
        let Ok((label, der)) = pem::decode_vec(bytes) else { return Err(unread) };
        let der = Zeroizing::new(der);
        if label == PRIVATE_KEY { Self::from_der(&der) } else { Err(unread) }
    }

    /// The key as PKCS#8 in PEM, to be kept in a private file.
    ///
    /// # Errors
    /// [`SignError::Key`] where the library refuses.
    pub(in crate::sign) fn to_pem(&self) -> Result<Zeroizing<String>, SignError> {
        let refused = |_| SignError::Key;
        match &self.pair {
            Pair::P256(pair) | Pair::P384(pair) => {
                armoured(pair.to_pkcs8v1().map_err(refused)?.as_ref())
            }
            Pair::Rsa(pair) => {
                let document: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| SignError::Key)?;
                armoured(document.as_ref())
            }
        }
    }

    /// The public key as a certificate holds it: a point, uncompressed (SEC 1, section 2.3.3), or
    /// an RSAPublicKey (RFC 8017, appendix A.1.1).
    pub fn public_key(&self) -> &[u8] {
        match &self.pair {
            Pair::P256(pair) | Pair::P384(pair) => pair.public_key().as_ref(),
            Pair::Rsa(pair) => pair.public_key().as_ref(),
        }
    }

    /// How it signs; the trait's way is this one.
    pub(in crate::sign) const fn kind(&self) -> Algorithm {
        match &self.pair {
            Pair::P256(_) => Algorithm::EcdsaP256,
            Pair::P384(_) => Algorithm::EcdsaP384,
            Pair::Rsa(_) => Algorithm::Rsa,
        }
    }

    /// Signs at once; the trait's way wraps this one.
    pub(in crate::sign) fn sign_now(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::P256(pair) | Pair::P384(pair) => {
                let signature = pair.sign(&random, message).map_err(|_| SignError::Key)?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| SignError::Key)?;
                Ok(signature)
            }
        }
    }

    fn from_der(der: &[u8]) -> Result<Self, SignError> {
        let identifier = identifier(der).ok_or(SignError::Opening(KeyFault::Unreadable))?;
        let unread = |_| SignError::Opening(KeyFault::Unreadable);
        let refused = SignError::Opening(KeyFault::Refused);
        if identifier.oid == RSA_ENCRYPTION {
            let pair = RsaKeyPair::from_pkcs8(der).map_err(unread)?;
            let fit = RSA_BITS.contains(&(pair.public_modulus_len() * 8));
            return if fit { Ok(Self { pair: Pair::Rsa(pair) }) } else { Err(refused) };
        }
        // A curve is a kind by its identifier alone; the key's bits play no part.
        let (signing, kind): (_, fn(EcdsaKeyPair) -> Pair) = match Algorithm::of(&identifier, &[]) {
            Some(Algorithm::EcdsaP256) => (&ECDSA_P256_SHA256_ASN1_SIGNING, Pair::P256),
            Some(Algorithm::EcdsaP384) => (&ECDSA_P384_SHA384_ASN1_SIGNING, Pair::P384),
            _ => return Err(refused),
        };
        let pair = EcdsaKeyPair::from_pkcs8(signing, der).map_err(unread)?;
        Ok(Self { pair: kind(pair) })
    }
}

fn armoured(der: &[u8]) -> Result<Zeroizing<String>, SignError> {
    let text = pem::encode_string(PRIVATE_KEY, pem::LineEnding::LF, der);
    text.map(Zeroizing::new).map_err(|_| SignError::Key)
}

/// The kind of key that PKCS#8 says it holds: the second member. RFC 5958, section 2.
fn identifier(der: &[u8]) -> Option<AlgorithmIdentifierOwned> {
    let mut reader = SliceReader::new(der).ok()?;
    Header::decode(&mut reader).ok()?;
    u8::decode(&mut reader).ok()?;
    let identifier = AlgorithmIdentifierRef::decode(&mut reader).ok()?;
    let parameters = identifier.parameters.map(Into::into);
    Some(AlgorithmIdentifierOwned { oid: identifier.oid, parameters })
}

impl SigningKey for SoftwareKey {
    fn algorithm(&self) -> Algorithm {
        self.kind()
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> Signature<'a> {
        Box::pin(std::future::ready(self.sign_now(message)))
    }
}

/// The label of PKCS#8 in PEM. RFC 7468, section 10.
pub(in crate::sign) const PRIVATE_KEY: &str = "PRIVATE KEY";

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::UnparsedPublicKey;

    use super::*;

    const KINDS: [Algorithm; 3] = [Algorithm::EcdsaP256, Algorithm::EcdsaP384, Algorithm::Rsa];

    #[test]
    fn a_key_written_and_read_again_makes_signatures_that_its_public_key_confirms() {
        for kind in KINDS {
            let key = SoftwareKey::generate(kind).unwrap();
            let again = SoftwareKey::from_pkcs8(key.to_pem().unwrap().as_bytes()).unwrap();
            assert_eq!((again.kind(), again.public_key()), (kind, key.public_key()));
            let signature = again.sign_now(b"words").unwrap();
            assert!(signature.len() <= kind.longest_value(key.public_key()));
            let public = UnparsedPublicKey::new(kind.verification(), key.public_key());
            assert!(public.verify(b"words", &signature).is_ok());
            assert!(public.verify(b"other words", &signature).is_err());
        }
    }

    #[test]
    fn der_is_read_as_pem_is() {
        let key = SoftwareKey::generate(Algorithm::EcdsaP384).unwrap();
        let (_, der) = pem::decode_vec(key.to_pem().unwrap().as_bytes()).unwrap();
        let again = SoftwareKey::from_pkcs8(&der).unwrap();
        assert_eq!(again.public_key(), key.public_key());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let certificate = pem::encode_string("CERTIFICATE", pem::LineEnding::LF, b"x").unwrap();
        for bytes in [b"".as_slice(), b"-----BEGIN ", b"0\x03\x02\x01\x00", certificate.as_bytes()]
        {
            let read = SoftwareKey::from_pkcs8(bytes);
            assert!(matches!(read, Err(SignError::Opening(KeyFault::Unreadable))));
        }
    }

    #[test]
    fn kinds_and_sizes_that_we_do_not_sign_with_are_refused_by_name() {
        use aws_lc_rs::signature::{ECDSA_P521_SHA512_ASN1_SIGNING, Ed25519KeyPair};
        let small = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let small: Pkcs8V1Der<'_> = small.as_der().unwrap();
        let other = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_ASN1_SIGNING).unwrap();
        let other = other.to_pkcs8v1().unwrap();
        let edwards = Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap();
        for der in [small.as_ref(), other.as_ref(), edwards.as_ref()] {
            let read = SoftwareKey::from_pkcs8(der);
            assert!(matches!(read, Err(SignError::Opening(KeyFault::Refused))));
        }
    }
}
