//! A signature in CMS, as PDF files and timestamps hold it: SignedData with one signer. RFC 5652,
//! section 5; ETSI EN 319 122-1.
//!
//! What is hashed is always the raw bytes. Whether the signer's certificate leads to anybody is
//! `path`'s to say.

mod attributes;

use der::asn1::ObjectIdentifier;

use self::attributes::Attribute;
pub(super) use self::attributes::Binding;
use super::algorithm::{Claim, Hash, Strength, Unverified};
use super::asn1::{self, Element, Malformed, Reader};
use super::certificate::{Certificate, oid};
use super::reason::Reason;

/// A SignedData with its one signer.
#[derive(Debug, Clone)]
pub(super) struct SignedData {
    pub(super) content_type: ObjectIdentifier,
    /// What is signed, where it is enclosed.
    pub(super) content: Option<Vec<u8>>,
    pub(super) certificates: Vec<Certificate>,
    /// Revocation lists and answers that it encloses (DER), signed or not.
    pub(super) answers: Vec<Vec<u8>>,
    signer: SignerInfo,
}

#[derive(Debug, Clone)]
struct SignerInfo {
    identifier: Identifier,
    hash: Hash,
    /// The AlgorithmIdentifiers, raw.
    digest_algorithm: Vec<u8>,
    signature_algorithm: Vec<u8>,
    /// The signed attributes as the SET OF that was signed.
    signed: Vec<u8>,
    attributes: Vec<Attribute>,
    signature: Vec<u8>,
    unsigned: Vec<Attribute>,
}

/// How the signer's certificate is named. RFC 5652, section 5.3.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Identifier {
    IssuerAndSerial { issuer: Vec<u8>, serial: Vec<u8> },
    KeyIdentifier(Vec<u8>),
}

/// What a check of the signature found beside that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) strength: Strength,
    pub(super) binding: Binding,
}

impl SignedData {
    /// Reads a ContentInfo in DER with nothing behind it.
    ///
    /// # Errors
    /// [`Reason::CmsMalformed`], [`Reason::AlgorithmRefused`], [`Reason::AttributesMalformed`],
    /// [`Reason::AttributeMissing`].
    pub(super) fn read(der: &[u8]) -> Result<Self, Reason> {
        asn1::well_formed(der).map_err(malformed)?;
        let body = content_info(der).map_err(malformed)?;
        let mut parts = body.tagged_sequence().map_err(malformed)?;
        let head = Head::read(&mut parts).map_err(malformed)?;
        let mut signers = parts.inside(asn1::SET).map_err(malformed)?;
        let one = signers.take(asn1::SEQUENCE).map_err(malformed)?;
        if !signers.is_empty() || !parts.is_empty() {
            return Err(Reason::CmsMalformed);
        }
        let signer = SignerInfo::read(&one)?;
        let mut answers = head.answers;
        answers.extend(signer.enclosed_answers());
        Ok(Self {
            content_type: head.content_type,
            content: head.content,
            certificates: head.certificates,
            answers,
            signer,
        })
    }

    /// The hash that the signer used.
    pub(super) const fn hash(&self) -> Hash {
        self.signer.hash
    }

    /// The signature's value: what a timestamp of it is of.
    pub(super) fn signature(&self) -> &[u8] {
        &self.signer.signature
    }

    /// The timestamp of the signature, raw. ETSI EN 319 122-1, clause 5.3.
    pub(super) fn timestamp(&self) -> Option<&[u8]> {
        self.signer.unsigned_value(SIGNATURE_TIMESTAMP)
    }

    /// Whether the signer signed a time; PAdES has it elsewhere.
    pub(super) fn claims_time(&self) -> bool {
        self.signer.attributes.iter().any(|attribute| attribute.oid == SIGNING_TIME)
    }

    /// The enclosed certificate that the signer names.
    ///
    /// # Errors
    /// [`Reason::CertificateMissing`] where there is none; [`Reason::CertificateMismatch`] where
    /// different ones fit.
    pub(super) fn signer(&self) -> Result<&Certificate, Reason> {
        let mut fitting = self.certificates.iter().filter(|one| self.signer.identifier.names(one));
        let first = fitting.next().ok_or(Reason::CertificateMissing)?;
        if fitting.all(|other| other == first) {
            Ok(first)
        } else {
            Err(Reason::CertificateMismatch)
        }
    }

    /// Whether the signature holds: the attributes are of the form and name this certificate, and
    /// its key signed them; the digest of the content is the caller's to compare with
    /// [`Self::digest`].
    ///
    /// # Errors
    /// [`Reason::AttributeMissing`], [`Reason::AttributesMalformed`],
    /// [`Reason::CertificateMismatch`], [`Reason::AlgorithmRefused`],
    /// [`Reason::SignatureMismatch`].
    pub(super) fn check(&self, certificate: &Certificate) -> Result<Checked, Reason> {
        let signer = &self.signer;
        let content_type = signer.value(CONTENT_TYPE)?.ok_or(Reason::AttributeMissing)?;
        if asn1::sole(content_type).and_then(|oid| oid.oid()) != Ok(self.content_type) {
            return Err(Reason::AttributesMalformed);
        }
        signer.check_protection()?;
        let binding = signer.binding(certificate)?;
        let claim = Claim {
            key: certificate.key(),
            identifier: asn1::sole(&signer.signature_algorithm).map_err(malformed)?,
            hash: Some(signer.hash),
            message: &signer.signed,
            signature: &signer.signature,
        };
        match claim.verify() {
            Ok(strength) => Ok(Checked { strength, binding }),
            Err(Unverified::Refused) => Err(Reason::AlgorithmRefused),
            Err(Unverified::Mismatch) => Err(Reason::SignatureMismatch),
        }
    }

    /// The digest of the content that was signed.
    ///
    /// # Errors
    /// [`Reason::AttributeMissing`], [`Reason::AttributesMalformed`].
    pub(super) fn digest(&self) -> Result<&[u8], Reason> {
        let digest = self.signer.value(MESSAGE_DIGEST)?.ok_or(Reason::AttributeMissing)?;
        let digest = asn1::sole(digest).and_then(|octets| octets.octets());
        digest.map_err(|_| Reason::AttributesMalformed)
    }
}

/// The parts of a SignedData before its signers.
struct Head {
    content_type: ObjectIdentifier,
    content: Option<Vec<u8>>,
    certificates: Vec<Certificate>,
    answers: Vec<Vec<u8>>,
}

impl Head {
    fn read(parts: &mut Reader<'_>) -> Result<Self, Malformed> {
        parts.take(asn1::INTEGER)?.number()?;
        parts.take(asn1::SET)?;
        let mut enclosed = parts.inside(asn1::SEQUENCE)?;
        let content_type = enclosed.take(asn1::OID)?.oid()?;
        let content = match enclosed.optional(asn1::constructed(0))? {
            Some(content) => Some(content.sole()?.octets()?.to_vec()),
            None => None,
        };
        enclosed.end()?;
        let certificates = match parts.optional(asn1::constructed(0))? {
            Some(set) => certificates(set.inside())?,
            None => Vec::new(),
        };
        let answers = match parts.optional(asn1::constructed(1))? {
            Some(set) => answers(set.inside())?,
            None => Vec::new(),
        };
        Ok(Self { content_type, content, certificates, answers })
    }
}

impl SignerInfo {
    fn read(element: &Element<'_>) -> Result<Self, Reason> {
        let mut parts = element.inside();
        parts.take(asn1::INTEGER).and_then(|version| version.number()).map_err(malformed)?;
        let identifier = Identifier::read(&mut parts).map_err(malformed)?;
        let digest_algorithm = parts.take(asn1::SEQUENCE).map_err(malformed)?;
        let hash = Hash::named(&digest_algorithm).map_err(|_| Reason::AlgorithmRefused)?;
        let signed = parts.optional(asn1::constructed(0)).map_err(malformed)?;
        let signed = signed.ok_or(Reason::AttributeMissing)?;
        let attributes = attributes::read(&signed)?;
        let signature_algorithm = parts.take(asn1::SEQUENCE).map_err(malformed)?;
        let signature =
            parts.take(asn1::OCTETS).and_then(|value| value.octets()).map_err(malformed)?;
        let unsigned = match parts.optional(asn1::constructed(1)).map_err(malformed)? {
            Some(unsigned) => attributes::read(&unsigned)?,
            None => Vec::new(),
        };
        parts.end().map_err(malformed)?;
        if !attributes::is_sorted(&signed) {
            return Err(Reason::AttributesMalformed);
        }
        // What was signed is the SET OF; in the file an implicit tag stands for its own. RFC 5652,
        // section 5.4.
        let mut set = signed.whole.to_vec();
        set[0] = asn1::SET;
        Ok(Self {
            identifier,
            hash,
            digest_algorithm: digest_algorithm.whole.to_vec(),
            signature_algorithm: signature_algorithm.whole.to_vec(),
            signed: set,
            attributes,
            signature: signature.to_vec(),
            unsigned,
        })
    }

    /// The one value of a signed attribute.
    fn value(&self, oid: ObjectIdentifier) -> Result<Option<&[u8]>, Reason> {
        let Some(attribute) = self.attributes.iter().find(|one| one.oid == oid) else {
            return Ok(None);
        };
        match attribute.values.as_slice() {
            [value] => Ok(Some(value)),
            _ => Err(Reason::AttributesMalformed),
        }
    }

    fn unsigned_value(&self, oid: ObjectIdentifier) -> Option<&[u8]> {
        let attribute = self.unsigned.iter().find(|one| one.oid == oid)?;
        attribute.values.first().map(Vec::as_slice)
    }

    /// The algorithms under the signature, where they stand there, are those beside it. RFC 6211.
    fn check_protection(&self) -> Result<(), Reason> {
        let Some(value) = self.value(ALGORITHM_PROTECTION)? else { return Ok(()) };
        let same = || -> Result<bool, Malformed> {
            let mut parts = asn1::sole(value)?.tagged_sequence()?;
            let digest = parts.take(asn1::SEQUENCE)?;
            let signature = parts.take(asn1::constructed(1))?;
            parts.end()?;
            let beside = asn1::sole(&self.signature_algorithm)?;
            Ok(digest.whole == self.digest_algorithm && signature.content == beside.content)
        };
        if same() == Ok(true) { Ok(()) } else { Err(Reason::AttributesMalformed) }
    }

    fn binding(&self, certificate: &Certificate) -> Result<Binding, Reason> {
        let new = self.value(SIGNING_CERTIFICATE_V2)?;
        attributes::binding((new, self.value(SIGNING_CERTIFICATE)?), certificate)
    }

    /// Revocation material among the attributes.
    fn enclosed_answers(&self) -> Vec<Vec<u8>> {
        let signed = self.attributes.iter().filter(|one| one.oid == ADOBE_REVOCATION);
        let unsigned = self.unsigned.iter().filter(|one| one.oid == REVOCATION_VALUES);
        let values = signed.chain(unsigned).flat_map(|attribute| &attribute.values);
        values.flat_map(|value| attributes::revocation_values(value).unwrap_or_default()).collect()
    }
}

impl Identifier {
    fn read(parts: &mut Reader<'_>) -> Result<Self, Malformed> {
        if let Some(key) = parts.optional(asn1::context(0))? {
            return Ok(Self::KeyIdentifier(key.content.to_vec()));
        }
        let mut named = parts.inside(asn1::SEQUENCE)?;
        let issuer = named.take(asn1::SEQUENCE)?.whole.to_vec();
        let serial = named.take(asn1::INTEGER)?.integer()?.to_vec();
        named.end()?;
        Ok(Self::IssuerAndSerial { issuer, serial })
    }

    fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                certificate.issuer() == issuer && certificate.serial() == serial
            }
            Self::KeyIdentifier(key) => certificate.key_identifier() == Some(key),
        }
    }
}

/// The SignedData in a ContentInfo.
fn content_info(der: &[u8]) -> Result<Element<'_>, Malformed> {
    let mut outer = asn1::sole(der)?.tagged_sequence()?;
    let kind = outer.take(asn1::OID)?.oid()?;
    let content = outer.take(asn1::constructed(0))?.sole()?;
    outer.end()?;
    if kind == SIGNED_DATA { Ok(content) } else { Err(Malformed) }
}

fn certificates(mut set: Reader<'_>) -> Result<Vec<Certificate>, Malformed> {
    let mut found = Vec::new();
    while !set.is_empty() {
        let element = set.next()?;
        // Other kinds (attribute certificates) say nothing that is asked here.
        if element.tag == asn1::SEQUENCE {
            found.push(Certificate::read(element.whole)?);
        }
        if found.len() > MOST_CERTIFICATES {
            return Err(Malformed);
        }
    }
    Ok(found)
}

/// RFC 5652, section 10.2.1; RFC 5940, section 2.1.
fn answers(mut set: Reader<'_>) -> Result<Vec<Vec<u8>>, Malformed> {
    let mut found = Vec::new();
    while !set.is_empty() {
        let element = set.next()?;
        if element.tag == asn1::SEQUENCE {
            found.push(element.whole.to_vec());
            continue;
        }
        let mut other = element.inside();
        if element.tag == asn1::constructed(1) && other.next()?.oid()? == OCSP_RESPONSE {
            found.push(other.next()?.whole.to_vec());
        }
    }
    Ok(found)
}

fn malformed(_: Malformed) -> Reason {
    Reason::CmsMalformed
}

const MOST_CERTIFICATES: usize = 64;

pub(super) const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = oid("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
const SIGNATURE_TIMESTAMP: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");
const REVOCATION_VALUES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.24");
const ALGORITHM_PROTECTION: ObjectIdentifier = oid("1.2.840.113549.1.9.52");
const ADOBE_REVOCATION: ObjectIdentifier = oid("1.2.840.113583.1.1.8");
const OCSP_RESPONSE: ObjectIdentifier = oid("1.3.6.1.5.5.7.16.2");
