//! How a key signs: three kinds, each with the digest that goes with it.
//!
//! To add one: a variant, and the compiler lists the rest.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA256,
    VerificationAlgorithm,
};
use der::asn1::{Any, Null, ObjectIdentifier, UintRef};
use der::{Decode, Sequence};
use x509_cert::spki::AlgorithmIdentifierOwned;

/// A kind of key with its digest. ETSI TS 119 312, clauses 5 and 6; no RSA below 3072 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256; the signature is DER. RFC 5758, section 3.2.
    EcdsaP256,
    /// ECDSA on P-384 with SHA-384; the signature is DER.
    EcdsaP384,
    /// RSA of 3072 bits or more, PKCS #1 v1.5, with SHA-256. RFC 8017, section 8.2.
    Rsa,
}

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Digest {
    Sha256,
    Sha384,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EcdsaP256, Self::EcdsaP384, Self::Rsa];

    /// The digest of the document and of the signed attributes: one for both.
    pub const fn digest(self) -> Digest {
        match self {
            Self::EcdsaP256 | Self::Rsa => Digest::Sha256,
            Self::EcdsaP384 => Digest::Sha384,
        }
    }

    /// The kind of a public key from its identifier and its bits; none where we do not sign with
    /// it. RFC 5480, section 2; RFC 3279, section 2.3.1.
    pub(super) fn of(identifier: &AlgorithmIdentifierOwned, key: &[u8]) -> Option<Self> {
        if identifier.oid == RSA_ENCRYPTION {
            let bits = modulus(key)?.checked_mul(8)?;
            return (RSA_BITS.contains(&bits)).then_some(Self::Rsa);
        }
        if identifier.oid != EC_PUBLIC_KEY {
            return None;
        }
        match identifier.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok()? {
            P_256 => Some(Self::EcdsaP256),
            P_384 => Some(Self::EcdsaP384),
            _ => None,
        }
    }

    /// What verifies it.
    pub(super) fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::EcdsaP256 => &ECDSA_P256_SHA256_ASN1,
            Self::EcdsaP384 => &ECDSA_P384_SHA384_ASN1,
            Self::Rsa => &RSA_PKCS1_2048_8192_SHA256,
        }
    }

    /// How many bytes a signature of this public key has at most. RFC 3279, section 2.2.3; RFC
    /// 8017, section 8.2.1.
    pub(super) fn longest_value(self, key: &[u8]) -> usize {
        match self {
            Self::EcdsaP256 => 72,
            Self::EcdsaP384 => 104,
            Self::Rsa => modulus(key).unwrap_or(RSA_BITS.end() / 8),
        }
    }

    /// Its name in configuration and lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "ecdsa-p256",
            Self::EcdsaP384 => "ecdsa-p384",
            Self::Rsa => "rsa",
        }
    }

    /// As a signature names it. RFC 5754, section 3; RFC 5758, section 3.2.
    pub(super) fn identifier(self) -> AlgorithmIdentifierOwned {
        let (oid, parameters) = match self {
            Self::EcdsaP256 => ("1.2.840.10045.4.3.2", None),
            Self::EcdsaP384 => ("1.2.840.10045.4.3.3", None),
            Self::Rsa => ("1.2.840.113549.1.1.11", Some(Any::from(Null))),
        };
        AlgorithmIdentifierOwned { oid: ObjectIdentifier::new_unwrap(oid), parameters }
    }
}

impl Digest {
    /// The hash of some bytes.
    pub fn of(self, bytes: &[u8]) -> aws_lc_rs::digest::Digest {
        aws_lc_rs::digest::digest(self.function(), bytes)
    }

    /// How many bytes it has.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }

    /// In the library that computes it.
    pub(super) const fn function(self) -> &'static aws_lc_rs::digest::Algorithm {
        match self {
            Self::Sha256 => &aws_lc_rs::digest::SHA256,
            Self::Sha384 => &aws_lc_rs::digest::SHA384,
        }
    }

    /// As a signature names it: without parameters. RFC 5754, section 2.
    pub(super) const fn identifier(self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
        };
        AlgorithmIdentifierOwned { oid: ObjectIdentifier::new_unwrap(oid), parameters: None }
    }
}

/// RFC 8017, appendix A.1.1.
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

/// The length of an RSA modulus in bytes, whose highest bit must be set.
fn modulus(key: &[u8]) -> Option<usize> {
    let key = RsaPublicKey::from_der(key).ok()?;
    let bytes = key.modulus.as_bytes();
    bytes.first().is_some_and(|first| *first >= 0x80).then_some(bytes.len())
}

/// What RSA may have, in bits.
pub(super) const RSA_BITS: std::ops::RangeInclusive<usize> = 3072..=8192;
pub(super) const RSA_ENCRYPTION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const EC_PUBLIC_KEY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(super) const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
