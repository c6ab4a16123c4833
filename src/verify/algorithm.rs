//! Which algorithms count: SHA-256, 384 and 512; ECDSA on P-256, P-384 and P-521; RSA, PKCS #1 v1.5
//! and PSS, from 2048 bits. ETSI TS 119 312. Everything else is refused: SHA-1, MD5, DSA, other
//! curves, and what is not known.
//!
//! To accept another: a variant, and a line in [`scheme`].

use aws_lc_rs::digest::{self, Context};
use aws_lc_rs::signature::{
    self as aws, RsaParameters, RsaPssSaltLength, UnparsedPublicKey, VerificationAlgorithm,
};
use der::asn1::ObjectIdentifier;

use super::asn1::{self, Element, Malformed, Reader};

/// A hash function that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash of parts, one after another.
    pub fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = Context::new(match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        });
        parts.iter().for_each(|part| context.update(part));
        context.finish().as_ref().to_vec()
    }

    /// The hash that an AlgorithmIdentifier names; its parameters are absent or NULL. RFC 5754,
    /// section 2.
    pub(in crate::verify) fn named(identifier: &Element<'_>) -> Result<Self, Refused> {
        let identifier = Identifier::read(identifier)?;
        identifier.plain()?;
        Self::of_oid(identifier.oid).ok_or(Refused)
    }

    fn of_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            SHA_256 => Some(Self::Sha256),
            SHA_384 => Some(Self::Sha384),
            SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    const fn bytes(self) -> u32 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// SHA-1, which names a key or a certificate in old forms and never proves anything here.
pub(in crate::verify) fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

/// The hash of bytes by which a certificate or a name is looked up: SHA-1 too.
pub(in crate::verify) fn fingerprint(
    identifier: &Element<'_>,
    bytes: &[u8],
) -> Result<Vec<u8>, Refused> {
    let read = Identifier::read(identifier)?;
    if read.oid == SHA_1 {
        read.plain()?;
        return Ok(sha1(bytes));
    }
    Ok(Hash::named(identifier)?.of(&[bytes]))
}

/// The algorithm is unknown, too weak, or does not go with the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) struct Refused;

impl From<Malformed> for Refused {
    fn from(_: Malformed) -> Self {
        Self
    }
}

/// Why a signature is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) enum Unverified {
    Refused,
    Mismatch,
}

impl From<Refused> for Unverified {
    fn from(_: Refused) -> Self {
        Self::Refused
    }
}

/// How long a key will be strong enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) enum Strength {
    Strong,
    /// RSA below 3072 bits.
    Short,
}

/// What was signed, by what, and how it says so.
pub(in crate::verify) struct Claim<'a> {
    /// The signer's SubjectPublicKeyInfo.
    pub(in crate::verify) key: &'a [u8],
    /// The signature's AlgorithmIdentifier.
    pub(in crate::verify) identifier: Element<'a>,
    /// The hash that goes with it where it is named apart; both must be the same.
    pub(in crate::verify) hash: Option<Hash>,
    pub(in crate::verify) message: &'a [u8],
    pub(in crate::verify) signature: &'a [u8],
}

impl Claim<'_> {
    /// Whether the key made the signature.
    pub(in crate::verify) fn verify(&self) -> Result<Strength, Unverified> {
        let key = Key::read(self.key)?;
        let identifier = Identifier::read(&self.identifier).map_err(Refused::from)?;
        let (padding, hash) = scheme(&identifier, self.hash)?;
        if self.hash.is_some_and(|apart| apart != hash) {
            return Err(Unverified::Refused);
        }
        let algorithm = key.algorithm(padding, hash, &identifier)?;
        UnparsedPublicKey::new(algorithm, key.bytes)
            .verify(self.message, self.signature)
            .map_err(|_| Unverified::Mismatch)?;
        Ok(key.strength())
    }
}

struct Identifier<'a> {
    oid: ObjectIdentifier,
    parameters: Option<Element<'a>>,
}

impl<'a> Identifier<'a> {
    fn read(element: &Element<'a>) -> Result<Self, Malformed> {
        let mut parts = Reader::new(element.whole).inside(asn1::SEQUENCE)?;
        let oid = parts.take(asn1::OID)?.oid()?;
        let parameters = if parts.is_empty() { None } else { Some(parts.next()?) };
        parts.end()?;
        Ok(Self { oid, parameters })
    }

    /// Without parameters, or with NULL for them.
    fn plain(&self) -> Result<(), Refused> {
        match &self.parameters {
            None => Ok(()),
            Some(null) if null.tag == asn1::NULL && null.content.is_empty() => Ok(()),
            Some(_) => Err(Refused),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Padding {
    Pkcs1,
    /// With a salt of so many bytes.
    Pss(u32),
    Ecdsa,
}

/// Padding and hash of a signature algorithm.
fn scheme(identifier: &Identifier<'_>, apart: Option<Hash>) -> Result<(Padding, Hash), Refused> {
    if identifier.oid == RSA_PSS {
        let (hash, salt) = pss_parameters(identifier)?;
        return Ok((Padding::Pss(salt), hash));
    }
    identifier.plain()?;
    let pair = match identifier.oid {
        RSA => (Padding::Pkcs1, apart.ok_or(Refused)?),
        SHA_256_WITH_RSA => (Padding::Pkcs1, Hash::Sha256),
        SHA_384_WITH_RSA => (Padding::Pkcs1, Hash::Sha384),
        SHA_512_WITH_RSA => (Padding::Pkcs1, Hash::Sha512),
        ECDSA_WITH_SHA_256 => (Padding::Ecdsa, Hash::Sha256),
        ECDSA_WITH_SHA_384 => (Padding::Ecdsa, Hash::Sha384),
        ECDSA_WITH_SHA_512 => (Padding::Ecdsa, Hash::Sha512),
        _ => return Err(Refused),
    };
    Ok(pair)
}

/// Hash and length of the salt of RSASSA-PSS parameters, with the same hash in the mask. RFC 4055,
/// section 3.1.
fn pss_parameters(identifier: &Identifier<'_>) -> Result<(Hash, u32), Refused> {
    let parameters = identifier.parameters.ok_or(Refused)?;
    if parameters.tag != asn1::SEQUENCE {
        return Err(Refused);
    }
    let mut parts = parameters.inside();
    // Each default is SHA-1 or its length, so each must stand there.
    let hash = Hash::named(&parts.take(asn1::constructed(0))?.sole()?)?;
    let mask = parts.take(asn1::constructed(1))?.sole()?;
    let mask = Identifier::read(&mask)?;
    let masked = Hash::named(&mask.parameters.ok_or(Refused)?)?;
    let salt = parts.take(asn1::constructed(2))?.sole()?.number()?;
    if let Some(trailer) = parts.optional(asn1::constructed(3))?
        && trailer.sole()?.number()? != 1
    {
        return Err(Refused);
    }
    parts.end()?;
    if mask.oid == MGF_1 && masked == hash { Ok((hash, salt)) } else { Err(Refused) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    /// A key that says that it is for PSS alone; with its parameters, empty where it has none.
    RsaPss,
    P256,
    P384,
    P521,
}

/// A public key of an accepted kind.
struct Key<'a> {
    kind: Kind,
    bytes: &'a [u8],
    parameters: &'a [u8],
    /// Of an RSA modulus; 0 for other keys.
    size: u32,
}

impl<'a> Key<'a> {
    fn read(spki: &'a [u8]) -> Result<Self, Refused> {
        let mut parts = asn1::sole(spki)?.inside();
        let identifier = Identifier::read(&parts.take(asn1::SEQUENCE)?)?;
        let bytes = parts.take(asn1::BITS)?.bytes_of_bits()?;
        parts.end()?;
        let kind = kind(&identifier)?;
        let size = match kind {
            Kind::Rsa | Kind::RsaPss => rsa_size(bytes)?,
            Kind::P256 | Kind::P384 | Kind::P521 => 0,
        };
        let parameters = identifier.parameters.map(|element| element.whole).unwrap_or_default();
        Ok(Self { kind, bytes, parameters, size })
    }

    const fn strength(&self) -> Strength {
        match self.size {
            2048..3072 => Strength::Short,
            _ => Strength::Strong,
        }
    }

    fn algorithm(
        &self,
        padding: Padding,
        hash: Hash,
        identifier: &Identifier<'_>,
    ) -> Result<&'static dyn VerificationAlgorithm, Refused> {
        let own = identifier.parameters.map(|element| element.whole).unwrap_or_default();
        if self.kind == Kind::RsaPss && !self.parameters.is_empty() && self.parameters != own {
            return Err(Refused);
        }
        let algorithm: &'static dyn VerificationAlgorithm = match (self.kind, padding, hash) {
            (Kind::Rsa, Padding::Pkcs1, Hash::Sha256) => &aws::RSA_PKCS1_2048_8192_SHA256,
            (Kind::Rsa, Padding::Pkcs1, Hash::Sha384) => &aws::RSA_PKCS1_2048_8192_SHA384,
            (Kind::Rsa, Padding::Pkcs1, Hash::Sha512) => &aws::RSA_PKCS1_2048_8192_SHA512,
            (Kind::Rsa | Kind::RsaPss, Padding::Pss(salt), hash) => pss(hash, salt, self.size)?,
            (Kind::P256, Padding::Ecdsa, Hash::Sha256) => &aws::ECDSA_P256_SHA256_ASN1,
            (Kind::P256, Padding::Ecdsa, Hash::Sha384) => &aws::ECDSA_P256_SHA384_ASN1,
            (Kind::P256, Padding::Ecdsa, Hash::Sha512) => &aws::ECDSA_P256_SHA512_ASN1,
            (Kind::P384, Padding::Ecdsa, Hash::Sha256) => &aws::ECDSA_P384_SHA256_ASN1,
            (Kind::P384, Padding::Ecdsa, Hash::Sha384) => &aws::ECDSA_P384_SHA384_ASN1,
            (Kind::P384, Padding::Ecdsa, Hash::Sha512) => &aws::ECDSA_P384_SHA512_ASN1,
            (Kind::P521, Padding::Ecdsa, Hash::Sha256) => &aws::ECDSA_P521_SHA256_ASN1,
            (Kind::P521, Padding::Ecdsa, Hash::Sha384) => &aws::ECDSA_P521_SHA384_ASN1,
            (Kind::P521, Padding::Ecdsa, Hash::Sha512) => &aws::ECDSA_P521_SHA512_ASN1,
            _ => return Err(Refused),
        };
        Ok(algorithm)
    }
}

fn kind(identifier: &Identifier<'_>) -> Result<Kind, Refused> {
    match identifier.oid {
        RSA => identifier.plain().map(|()| Kind::Rsa),
        RSA_PSS => Ok(Kind::RsaPss),
        EC => match identifier.parameters.ok_or(Refused)?.oid()? {
            P_256 => Ok(Kind::P256),
            P_384 => Ok(Kind::P384),
            P_521 => Ok(Kind::P521),
            _ => Err(Refused),
        },
        _ => Err(Refused),
    }
}

/// A salt as long as the hash, or as long as the key lets it be: those that are in use. RFC 8017,
/// section 9.1.
fn pss(hash: Hash, salt: u32, size: u32) -> Result<&'static RsaParameters, Refused> {
    let longest = size.div_ceil(8) - hash.bytes() - 2;
    let as_hash = salt == hash.bytes();
    if !as_hash && salt != longest {
        return Err(Refused);
    }
    Ok(match (hash, as_hash) {
        (Hash::Sha256, true) => &aws::RSA_PSS_2048_8192_SHA256,
        (Hash::Sha384, true) => &aws::RSA_PSS_2048_8192_SHA384,
        (Hash::Sha512, true) => &aws::RSA_PSS_2048_8192_SHA512,
        (Hash::Sha256, false) => &LONG_SALT_256,
        (Hash::Sha384, false) => &LONG_SALT_384,
        (Hash::Sha512, false) => &LONG_SALT_512,
    })
}

/// The size of a modulus in bits. RFC 8017, appendix A.1.1.
fn rsa_size(key: &[u8]) -> Result<u32, Refused> {
    let mut parts = asn1::sole(key)?.inside();
    let modulus = parts.take(asn1::INTEGER)?.integer()?;
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let bytes = u32::try_from(modulus.len()).map_err(|_| Refused)?;
    let top = modulus.first().map_or(0, |byte| byte.leading_zeros());
    match bytes.saturating_mul(8).saturating_sub(top) {
        size @ 2048..=8192 => Ok(size),
        _ => Err(Refused),
    }
}

static LONG_SALT_256: RsaParameters =
    aws::RSA_PSS_2048_8192_SHA256.with_pss_salt_length(RsaPssSaltLength::Max);
static LONG_SALT_384: RsaParameters =
    aws::RSA_PSS_2048_8192_SHA384.with_pss_salt_length(RsaPssSaltLength::Max);
static LONG_SALT_512: RsaParameters =
    aws::RSA_PSS_2048_8192_SHA512.with_pss_salt_length(RsaPssSaltLength::Max);

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

const SHA_1: ObjectIdentifier = oid("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
const MGF_1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");
const RSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
const SHA_256_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
const SHA_384_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
const SHA_512_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
const ECDSA_WITH_SHA_256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
const ECDSA_WITH_SHA_384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
const ECDSA_WITH_SHA_512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
const EC: ObjectIdentifier = oid("1.2.840.10045.2.1");
const P_256: ObjectIdentifier = oid("1.2.840.10045.3.1.7");
const P_384: ObjectIdentifier = oid("1.3.132.0.34");
const P_521: ObjectIdentifier = oid("1.3.132.0.35");
