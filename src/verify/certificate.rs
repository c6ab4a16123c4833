//! A certificate of anybody: the bytes, and what they say. RFC 5280, section 4.1. What it says
//! proves nothing until `path` has found who vouches for it.

use std::ops::Range;

use der::asn1::ObjectIdentifier;
use jiff::Timestamp;

use super::algorithm::{Claim, Strength, Unverified};
use super::asn1::{self, Element, Malformed, Reader};
use super::report::Signer;
use crate::digest;

/// A certificate with the bytes that it was read from.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    parts: Parts,
    not_before: Timestamp,
    not_after: Timestamp,
    extensions: Vec<Extension>,
}

/// Where in the bytes its parts stand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    body: Range<usize>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    key: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Extension {
    oid: ObjectIdentifier,
    critical: bool,
    value: Range<usize>,
}

/// A key usage: the number of its bit. RFC 5280, section 4.2.1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) enum Usage {
    DigitalSignature = 0,
    NonRepudiation = 1,
    CertificateSigning = 5,
    ListSigning = 6,
}

impl Certificate {
    /// Reads one certificate in DER, of 64 KiB at most.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are not one, or hold an extension twice.
    pub fn read(der: &[u8]) -> Result<Self, Malformed> {
        if der.len() > LONGEST {
            return Err(Malformed);
        }
        asn1::well_formed(der)?;
        let within = |part: &[u8]| place(der, part);
        let mut outer = asn1::sole(der)?.tagged_sequence()?;
        let body = outer.take(asn1::SEQUENCE)?;
        let algorithm = outer.take(asn1::SEQUENCE)?;
        let signature = outer.take(asn1::BITS)?.bytes_of_bits()?;
        outer.end()?;
        let mut inner = body.inside();
        inner.optional(asn1::constructed(0))?;
        let serial = inner.take(asn1::INTEGER)?.integer()?;
        // Outside of the body the algorithm is not signed: it must be the same.
        if inner.take(asn1::SEQUENCE)?.whole != algorithm.whole {
            return Err(Malformed);
        }
        let issuer = inner.take(asn1::SEQUENCE)?.whole;
        let mut validity = inner.inside(asn1::SEQUENCE)?;
        let (not_before, not_after) = (validity.next()?.time()?, validity.next()?.time()?);
        validity.end()?;
        let subject = inner.take(asn1::SEQUENCE)?.whole;
        let key = inner.take(asn1::SEQUENCE)?.whole;
        inner.optional(asn1::context(1))?;
        inner.optional(asn1::context(2))?;
        let extensions = extensions(der, inner.optional(asn1::constructed(3))?)?;
        inner.end()?;
        let parts = Parts {
            body: within(body.whole),
            serial: within(serial),
            issuer: within(issuer),
            subject: within(subject),
            key: within(key),
            algorithm: within(algorithm.whole),
            signature: within(signature),
        };
        Ok(Self { der: der.to_vec(), parts, not_before, not_after, extensions })
    }

    /// The bytes as read.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of the bytes.
    pub fn sha256(&self) -> [u8; 32] {
        digest::sha256(&self.der)
    }

    /// The serial number as an INTEGER's bytes.
    pub fn serial(&self) -> &[u8] {
        &self.der[self.parts.serial.clone()]
    }

    /// The issuer's name in DER.
    pub fn issuer(&self) -> &[u8] {
        &self.der[self.parts.issuer.clone()]
    }

    /// The subject's name in DER.
    pub fn subject(&self) -> &[u8] {
        &self.der[self.parts.subject.clone()]
    }

    /// The SubjectPublicKeyInfo in DER.
    pub fn key(&self) -> &[u8] {
        &self.der[self.parts.key.clone()]
    }

    /// The bits of the public key, without the words around them: what key identifiers are hashes
    /// of.
    pub(in crate::verify) fn key_bits(&self) -> Result<&[u8], Malformed> {
        let mut parts = asn1::sole(self.key())?.inside();
        parts.take(asn1::SEQUENCE)?;
        parts.take(asn1::BITS)?.bytes_of_bits()
    }

    /// The first instant of validity.
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The last second of validity.
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether it is valid at an instant; the last second counts whole.
    pub fn valid_at(&self, at: Timestamp) -> bool {
        self.not_before <= at && at.as_second() <= self.not_after.as_second()
    }

    /// Whom it names.
    pub fn signer(&self) -> Signer {
        Signer {
            common_name: named(self.subject(), COMMON_NAME).unwrap_or_default(),
            organisation: named(self.subject(), ORGANISATION).unwrap_or_default(),
            serial: digest::hex(self.serial()),
            sha256: digest::hex(&self.sha256()),
            not_before: self.not_before,
            not_after: self.not_after,
        }
    }

    /// Whether the issuer's key made this certificate's signature, and the names agree.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        self.is_signed_by(issuer).is_ok()
    }

    /// The same, with how much the signature is worth.
    pub(in crate::verify) fn is_signed_by(&self, issuer: &Self) -> Result<Strength, Unverified> {
        if self.issuer() != issuer.subject() {
            return Err(Unverified::Mismatch);
        }
        let identifier = &self.der[self.parts.algorithm.clone()];
        Claim {
            key: issuer.key(),
            identifier: asn1::sole(identifier).map_err(|_| Unverified::Refused)?,
            hash: None,
            message: &self.der[self.parts.body.clone()],
            signature: &self.der[self.parts.signature.clone()],
        }
        .verify()
    }

    /// Whether the key usage is there and allows this; `None` where there is no key usage.
    pub(in crate::verify) fn allows(&self, usage: Usage) -> Result<Option<bool>, Malformed> {
        let Some((_, value)) = self.extension(KEY_USAGE) else { return Ok(None) };
        let bits = asn1::sole(value)?.bits()?;
        Ok(Some(bits & (0x8000 >> usage as u16) != 0))
    }

    /// The extended key usages, and whether the extension is critical; `None` where it is absent.
    pub(in crate::verify) fn extended_usages(
        &self,
    ) -> Result<Option<(bool, Vec<ObjectIdentifier>)>, Malformed> {
        let Some((critical, value)) = self.extension(EXTENDED_KEY_USAGE) else { return Ok(None) };
        let mut list = asn1::sole(value)?.tagged_sequence()?;
        let mut usages = Vec::new();
        while !list.is_empty() {
            usages.push(list.take(asn1::OID)?.oid()?);
        }
        Ok(Some((critical, usages)))
    }

    /// Whether it says that it is an authority's. RFC 5280, section 4.2.1.9.
    pub fn is_authority(&self) -> bool {
        let constraints = self.extension(BASIC_CONSTRAINTS).and_then(|(_, value)| {
            let mut parts = asn1::sole(value).ok()?.inside();
            parts.optional(asn1::BOOLEAN).ok()??.boolean().ok()
        });
        constraints == Some(true)
    }

    /// The subject key identifier.
    pub(in crate::verify) fn key_identifier(&self) -> Option<&[u8]> {
        let (_, value) = self.extension(SUBJECT_KEY_IDENTIFIER)?;
        asn1::sole(value).ok()?.octets().ok()
    }

    /// Whether a responder's certificate says that nobody need ask about itself. RFC 6960, section
    /// 4.2.2.2.1.
    pub(in crate::verify) fn is_exempt_from_revocation(&self) -> bool {
        self.extension(OCSP_NO_CHECK).is_some()
    }

    /// Where an OCSP responder may be asked, as the certificate says. RFC 5280, section 4.2.2.1.
    pub fn responders(&self) -> Vec<String> {
        let Some((_, value)) = self.extension(AUTHORITY_INFORMATION) else { return Vec::new() };
        addresses_of(value, |reader| {
            let mut parts = reader.inside(asn1::SEQUENCE)?;
            let method = parts.take(asn1::OID)?.oid()?;
            let name = parts.next()?;
            Ok(if method == OCSP { vec![name] } else { Vec::new() })
        })
    }

    /// Where lists of revoked certificates lie, as the certificate says. RFC 5280, section
    /// 4.2.1.13.
    pub fn lists(&self) -> Vec<String> {
        let Some((_, value)) = self.extension(LIST_POINTS) else { return Vec::new() };
        addresses_of(value, |reader| {
            let mut point = reader.inside(asn1::SEQUENCE)?;
            let Some(name) = point.optional(asn1::constructed(0))? else { return Ok(Vec::new()) };
            full_names(&name)
        })
    }

    /// Whether nothing in it says who could tell of its revocation.
    pub fn offers_no_revocation(&self) -> bool {
        self.extension(LIST_POINTS).is_none() && self.responders().is_empty()
    }

    /// Whether it holds a critical extension that is not known here.
    pub(in crate::verify) fn has_unknown_condition(&self) -> bool {
        self.extensions.iter().any(|one| one.critical && !KNOWN.contains(&one.oid))
    }

    fn extension(&self, oid: ObjectIdentifier) -> Option<(bool, &[u8])> {
        let extension = self.extensions.iter().find(|one| one.oid == oid)?;
        Some((extension.critical, &self.der[extension.value.clone()]))
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", digest::hex(&self.sha256()))
    }
}

impl<'a> Element<'a> {
    /// The elements of a SEQUENCE.
    pub(crate) fn tagged_sequence(&self) -> Result<Reader<'a>, Malformed> {
        Reader::new(self.whole).inside(asn1::SEQUENCE)
    }
}

/// Where a part, a window on `whole`, stands in it.
fn place(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}

fn extensions(der: &[u8], element: Option<Element<'_>>) -> Result<Vec<Extension>, Malformed> {
    let mut found: Vec<Extension> = Vec::new();
    let Some(element) = element else { return Ok(found) };
    let mut list = element.sole()?.tagged_sequence()?;
    while !list.is_empty() {
        let (oid, critical, value) = extension(&list.next()?)?;
        if found.iter().any(|other| other.oid == oid) {
            return Err(Malformed);
        }
        found.push(Extension { oid, critical, value: place(der, value) });
    }
    Ok(found)
}

/// One extension: which, whether critical, and its value. RFC 5280, section 4.1.
pub(in crate::verify) fn extension<'a>(
    element: &Element<'a>,
) -> Result<(ObjectIdentifier, bool, &'a [u8]), Malformed> {
    let mut parts = element.tagged_sequence()?;
    let oid = parts.take(asn1::OID)?.oid()?;
    let critical = parts.optional(asn1::BOOLEAN)?.map_or(Ok(false), |flag| flag.boolean())?;
    let value = parts.take(asn1::OCTETS)?.octets()?;
    parts.end()?;
    Ok((oid, critical, value))
}

/// The names of a DistributionPointName of the full form; none of the relative one.
pub(in crate::verify) fn full_names<'a>(name: &Element<'a>) -> Result<Vec<Element<'a>>, Malformed> {
    let name = name.sole()?;
    let mut found = Vec::new();
    if name.tag == asn1::constructed(0) {
        let mut names = name.inside();
        while !names.is_empty() {
            found.push(names.next()?);
        }
    }
    Ok(found)
}

/// The addresses among the names that `read` takes from each member of a list; what can't be read
/// ends it.
fn addresses_of<'a>(
    value: &'a [u8],
    read: impl Fn(&mut Reader<'a>) -> Result<Vec<Element<'a>>, Malformed>,
) -> Vec<String> {
    let Ok(mut list) = asn1::sole(value).and_then(|list| list.tagged_sequence()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    while !list.is_empty() && found.len() < MOST_ADDRESSES {
        let Ok(names) = read(&mut list) else { break };
        let addresses = names.iter().filter(|name| name.tag == asn1::context(6));
        found.extend(addresses.filter_map(|name| String::from_utf8(name.content.to_vec()).ok()));
    }
    found
}

/// The first attribute of this type in a name.
fn named(name: &[u8], kind: ObjectIdentifier) -> Option<String> {
    let mut parts = asn1::sole(name).ok()?.inside();
    while let Ok(set) = parts.next() {
        let mut set = set.inside();
        while let Ok(attribute) = set.next() {
            let mut attribute = attribute.inside();
            let this = attribute.next().and_then(|oid| oid.oid()).ok()? == kind;
            if this {
                return Some(attribute.next().ok()?.words());
            }
        }
    }
    None
}

/// Real certificates have one to three thousand bytes.
const LONGEST: usize = 64 << 10;
const MOST_ADDRESSES: usize = 16;

pub(in crate::verify) const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

const COMMON_NAME: ObjectIdentifier = oid("2.5.4.3");
const ORGANISATION: ObjectIdentifier = oid("2.5.4.10");
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = oid("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
const LIST_POINTS: ObjectIdentifier = oid("2.5.29.31");
const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
const AUTHORITY_INFORMATION: ObjectIdentifier = oid("1.3.6.1.5.5.7.1.1");
const OCSP: ObjectIdentifier = oid("1.3.6.1.5.5.7.48.1");
const OCSP_NO_CHECK: ObjectIdentifier = oid("1.3.6.1.5.5.7.48.1.5");
/// What may be critical in a responder's certificate.
const KNOWN: &[ObjectIdentifier] = &[
    SUBJECT_KEY_IDENTIFIER,
    KEY_USAGE,
    BASIC_CONSTRAINTS,
    LIST_POINTS,
    EXTENDED_KEY_USAGE,
    AUTHORITY_INFORMATION,
    OCSP_NO_CHECK,
];
