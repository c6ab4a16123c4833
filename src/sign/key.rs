//! Keys that sign. A key never leaves this file but into the file of the local authority.
//!
//! To add a kind of key (token, remote service): a file beside this one that implements
//! [`SigningKey`].

use std::future::Future;
use std::pin::Pin;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use der::pem;
use zeroize::Zeroizing;

use super::SignError;

/// What a key gives back: an ECDSA signature in DER. RFC 3279, section 2.2.3.
pub type Signature<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>>;

/// A private key on P-256 that signs with ECDSA and SHA-256, wherever it lives.
pub trait SigningKey: Send + Sync {
    /// Signs a message, which the key hashes itself.
    fn sign<'a>(&'a self, message: &'a [u8]) -> Signature<'a>;
}

/// A key in this process. aws-lc clears its memory when it is dropped.
pub struct SoftwareKey {
    pair: EcdsaKeyPair,
}

impl SoftwareKey {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`SignError::Key`] where the system gives none.
    pub fn generate() -> Result<Self, SignError> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING);
        Ok(Self { pair: pair.map_err(|_| SignError::Key)? })
    }

    /// Reads PKCS#8 in PEM or DER. RFC 5958. Clearing `bytes` is the caller's part.
    ///
    /// # Errors
    /// [`SignError::Key`] where they hold no P-256 key.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self, SignError> {
        if !bytes.starts_with(b"-----BEGIN ") {
            return Self::from_der(bytes);
        }
        let (label, der) = pem::decode_vec(bytes).map_err(|_| SignError::Key)?;
        let der = Zeroizing::new(der);
        if label != PRIVATE_KEY {
            return Err(SignError::Key);
        }
        Self::from_der(&der)
    }

    /// The key as PKCS#8 in PEM, to be kept in a private file.
    ///
    /// # Errors
    /// [`SignError::Key`] where the library refuses.
    pub(super) fn to_pem(&self) -> Result<Zeroizing<String>, SignError> {
        let document = self.pair.to_pkcs8v1().map_err(|_| SignError::Key)?;
        pem::encode_string(PRIVATE_KEY, pem::LineEnding::LF, document.as_ref())
            .map(Zeroizing::new)
            .map_err(|_| SignError::Key)
    }

    /// The public point, uncompressed. SEC 1, section 2.3.3.
    pub fn public_point(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// Signs at once; the trait's way wraps this one.
    pub(super) fn sign_now(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        Ok(signature.map_err(|_| SignError::Key)?.as_ref().to_vec())
    }

    fn from_der(der: &[u8]) -> Result<Self, SignError> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der);
        Ok(Self { pair: pair.map_err(|_| SignError::Key)? })
    }
}

impl SigningKey for SoftwareKey {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Signature<'a> {
        Box::pin(std::future::ready(self.sign_now(message)))
    }
}

/// The label of PKCS#8 in PEM. RFC 7468, section 10.
pub(super) const PRIVATE_KEY: &str = "PRIVATE KEY";

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

    use super::*;

    #[test]
    fn a_key_written_and_read_again_makes_signatures_that_its_point_confirms() {
        let key = SoftwareKey::generate().unwrap();
        let again = SoftwareKey::from_pkcs8(key.to_pem().unwrap().as_bytes()).unwrap();
        let signature = again.sign_now(b"words").unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.public_point());
        assert!(public.verify(b"words", &signature).is_ok());
        assert!(public.verify(b"other words", &signature).is_err());
    }

    #[test]
    fn der_is_read_as_pem_is() {
        let key = SoftwareKey::generate().unwrap();
        let der = key.pair.to_pkcs8v1().unwrap();
        let again = SoftwareKey::from_pkcs8(der.as_ref()).unwrap();
        assert_eq!(again.public_point(), key.public_point());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let certificate = pem::encode_string("CERTIFICATE", pem::LineEnding::LF, b"x").unwrap();
        for bytes in [b"".as_slice(), b"-----BEGIN ", b"0\x03\x02\x01\x00", certificate.as_bytes()]
        {
            assert!(matches!(SoftwareKey::from_pkcs8(bytes), Err(SignError::Key)));
        }
    }
}
