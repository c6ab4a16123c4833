//! An OCSP response: what a responder says of single certificates. RFC 6960, section 4.2.

use der::asn1::ObjectIdentifier;
use jiff::Timestamp;

use super::{Doubt, Moment, Revoked, Said, fresh};
use crate::verify::algorithm::{Claim, fingerprint, sha1};
use crate::verify::asn1::{self, Element, Malformed, Reader};
use crate::verify::certificate::{Certificate, Usage, extension, oid};

/// A response of status "successful", read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// When the responder signed it.
    pub produced_at: Timestamp,
    /// The asker's number, as the extension holds it, where there is one.
    pub nonce: Option<Vec<u8>>,
    responder: Responder,
    singles: Vec<Single>,
    certificates: Vec<Certificate>,
    /// What is signed, how, and the signature.
    body: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

/// Who answers. RFC 6960, section 4.2.1.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Responder {
    Name(Vec<u8>),
    /// SHA-1 of the key.
    Key(Vec<u8>),
}

#[derive(Debug, Clone)]
struct Single {
    /// The AlgorithmIdentifier by which the next two are hashes.
    hash: Vec<u8>,
    issuer_name: Vec<u8>,
    issuer_key: Vec<u8>,
    serial: Vec<u8>,
    status: Status,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
enum Status {
    Good,
    Revoked(Revoked),
    Unknown,
}

impl Answer {
    /// Reads an OCSPResponse, or the BasicOCSPResponse alone, in DER with nothing behind it.
    ///
    /// # Errors
    /// [`Doubt::Malformed`]; [`Doubt::Refused`] where the responder did not answer;
    /// [`Doubt::Unsupported`] where it is of another type or has an unknown critical extension.
    pub fn read(der: &[u8]) -> Result<Self, Doubt> {
        asn1::well_formed(der).map_err(malformed)?;
        let mut outer = asn1::sole(der).and_then(|one| one.tagged_sequence()).map_err(malformed)?;
        let Some(status) = outer.optional(asn1::ENUMERATED).map_err(malformed)? else {
            return Self::basic(der);
        };
        if status.content != [0] {
            return Err(Doubt::Refused(u32::from(*status.content.first().unwrap_or(&0xff))));
        }
        let basic = response_bytes(outer).map_err(malformed)?.ok_or(Doubt::Unsupported)?;
        asn1::well_formed(basic).map_err(malformed)?;
        Self::basic(basic)
    }

    fn basic(der: &[u8]) -> Result<Self, Doubt> {
        let signed = Signed::read(der).map_err(malformed)?;
        let mut parts = signed.body.inside();
        if let Some(version) = parts.optional(asn1::constructed(0)).map_err(malformed)?
            && version.sole().and_then(|number| number.number()) != Ok(0)
        {
            return Err(Doubt::Unsupported);
        }
        let responder = Responder::read(&mut parts).map_err(malformed)?;
        let produced_at = time(&mut parts).map_err(malformed)?;
        let singles = singles(parts.inside(asn1::SEQUENCE).map_err(malformed)?)?;
        let extensions = parts.optional(asn1::constructed(1)).map_err(malformed)?;
        let nonce = match extensions {
            Some(list) => value_of(NONCE, &list)?,
            None => None,
        };
        parts.end().map_err(malformed)?;
        Ok(Self {
            produced_at,
            nonce: nonce.map(<[u8]>::to_vec),
            responder,
            singles,
            certificates: signed.certificates,
            body: signed.body.whole.to_vec(),
            algorithm: signed.algorithm.to_vec(),
            signature: signed.signature.to_vec(),
        })
    }

    /// What it says of a certificate of this issuer at a moment, where it is signed by the issuer
    /// or by one whom the issuer let answer. RFC 6960, sections 3.2 and 4.2.2.2.
    ///
    /// # Errors
    /// Each [`Doubt`] with its cause.
    pub fn check(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        moment: Moment,
    ) -> Result<Said, Doubt> {
        let named: Vec<_> =
            self.singles.iter().filter(|single| single.is_of(certificate, issuer)).collect();
        if named.is_empty() {
            return Err(Doubt::Other);
        }
        let responder = self.signed_by(issuer)?;
        let mut said = Err(Doubt::Unknown);
        for single in named {
            let one = single.at(certificate, moment).map(|revoked| Said {
                this_update: single.this_update,
                next_update: single.next_update,
                revoked,
                responder: responder.clone(),
            });
            said = worse(said, one);
        }
        said
    }

    /// The responder, where its word needs another's; `None` where the issuer itself signed, or one
    /// whom nobody need ask about.
    fn signed_by(&self, issuer: &Certificate) -> Result<Option<Certificate>, Doubt> {
        if self.responder.is(issuer) && self.is_signed_with(issuer)? {
            return Ok(None);
        }
        let delegates = self.certificates.iter().filter(|one| self.responder.is(one));
        let mut doubt = Doubt::Signer;
        for delegate in delegates.filter(|one| one.is_signed_by(issuer).is_ok()) {
            if !may_answer(delegate) || !delegate.valid_at(self.produced_at) {
                continue;
            }
            if self.is_signed_with(delegate)? {
                let exempt = delegate.is_exempt_from_revocation();
                return Ok(if exempt { None } else { Some(delegate.clone()) });
            }
            doubt = Doubt::Signature;
        }
        Err(doubt)
    }

    fn is_signed_with(&self, signer: &Certificate) -> Result<bool, Doubt> {
        let claim = Claim {
            key: signer.key(),
            identifier: asn1::sole(&self.algorithm).map_err(malformed)?,
            hash: None,
            message: &self.body,
            signature: &self.signature,
        };
        Ok(claim.verify().is_ok())
    }
}

/// Of two statements the one that says more ill; of one and a doubt, the statement.
fn worse(one: Result<Said, Doubt>, other: Result<Said, Doubt>) -> Result<Said, Doubt> {
    match (one, other) {
        (Ok(one), _) if one.revoked.is_some() => Ok(one),
        (_, Ok(other)) if other.revoked.is_some() => Ok(other),
        (Ok(one), _) => Ok(one),
        (_, other) => other,
    }
}

/// Whether the issuer let this certificate's holder answer. RFC 6960, section 4.2.2.2.
fn may_answer(delegate: &Certificate) -> bool {
    let purpose = delegate.extended_usages();
    let named = matches!(purpose, Ok(Some((_, usages))) if usages.contains(&OCSP_SIGNING));
    let signs = delegate.allows(Usage::DigitalSignature);
    named && matches!(signs, Ok(None | Some(true))) && !delegate.has_unknown_condition()
}

impl Responder {
    fn read(parts: &mut Reader<'_>) -> Result<Self, Malformed> {
        if let Some(name) = parts.optional(asn1::constructed(1))? {
            return Ok(Self::Name(name.sole()?.whole.to_vec()));
        }
        let key = parts.take(asn1::constructed(2))?;
        Ok(Self::Key(key.sole()?.octets()?.to_vec()))
    }

    fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => certificate.subject() == name,
            Self::Key(key) => certificate.key_bits().is_ok_and(|bits| sha1(bits) == *key),
        }
    }
}

impl Single {
    fn read(element: &Element<'_>) -> Result<Self, Doubt> {
        let mut parts = element.tagged_sequence().map_err(malformed)?;
        let mut single = Self::head(&mut parts).map_err(malformed)?;
        if let Some(next) = parts.optional(asn1::constructed(0)).map_err(malformed)? {
            single.next_update = Some(next.sole().and_then(|next| next.time()).map_err(malformed)?);
        }
        if let Some(list) = parts.optional(asn1::constructed(1)).map_err(malformed)?
            && let Some(date) = value_of(INVALIDITY_DATE, &list)?
            && let Status::Revoked(revoked) = &mut single.status
        {
            let date = asn1::sole(date).and_then(|date| date.time()).map_err(malformed)?;
            revoked.at = revoked.at.min(date);
        }
        parts.end().map_err(malformed)?;
        Ok(single)
    }

    fn head(parts: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut id = parts.inside(asn1::SEQUENCE)?;
        let hash = id.take(asn1::SEQUENCE)?.whole.to_vec();
        let issuer_name = id.take(asn1::OCTETS)?.octets()?.to_vec();
        let issuer_key = id.take(asn1::OCTETS)?.octets()?.to_vec();
        let serial = id.take(asn1::INTEGER)?.integer()?.to_vec();
        id.end()?;
        let status = Status::read(&parts.next()?)?;
        let this_update = time(parts)?;
        let next_update = None;
        Ok(Self { hash, issuer_name, issuer_key, serial, status, this_update, next_update })
    }

    fn is_of(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let same = |bytes: &[u8], hash: &[u8]| {
            let named = asn1::sole(&self.hash).ok();
            named.and_then(|named| fingerprint(&named, bytes).ok()).as_deref() == Some(hash)
        };
        certificate.issuer() == issuer.subject()
            && self.serial == certificate.serial()
            && same(issuer.subject(), &self.issuer_name)
            && issuer.key_bits().is_ok_and(|bits| same(bits, &self.issuer_key))
    }

    /// The revocation, or `None` for good. Who was revoked stays so: only "good" grows old.
    fn at(&self, certificate: &Certificate, moment: Moment) -> Result<Option<Revoked>, Doubt> {
        match self.status {
            Status::Unknown => Err(Doubt::Unknown),
            Status::Revoked(revoked) => Ok(Some(revoked)),
            Status::Good => {
                fresh((self.this_update, self.next_update), certificate, moment)?;
                Ok(None)
            }
        }
    }
}

impl Status {
    fn read(element: &Element<'_>) -> Result<Self, Malformed> {
        match element.tag {
            GOOD if element.content.is_empty() => Ok(Self::Good),
            UNKNOWN if element.content.is_empty() => Ok(Self::Unknown),
            REVOKED => {
                let mut parts = element.inside();
                let at = time(&mut parts)?;
                let reason = match parts.optional(asn1::constructed(0))? {
                    Some(reason) => Some(reason.sole()?.enumerated()?),
                    None => None,
                };
                parts.end()?;
                Ok(Self::Revoked(Revoked { at, reason }))
            }
            _ => Err(Malformed),
        }
    }
}

/// What is signed, how, the signature, and certificates beside it.
struct Signed<'a> {
    body: Element<'a>,
    algorithm: &'a [u8],
    signature: &'a [u8],
    certificates: Vec<Certificate>,
}

impl<'a> Signed<'a> {
    fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let mut parts = asn1::sole(der)?.tagged_sequence()?;
        let body = parts.take(asn1::SEQUENCE)?;
        let algorithm = parts.take(asn1::SEQUENCE)?.whole;
        let signature = parts.take(asn1::BITS)?.bytes_of_bits()?;
        let mut certificates = Vec::new();
        if let Some(list) = parts.optional(asn1::constructed(0))? {
            let mut list = list.sole()?.tagged_sequence()?;
            while !list.is_empty() && certificates.len() < MOST_CERTIFICATES {
                certificates.push(Certificate::read(list.next()?.whole)?);
            }
        }
        parts.end()?;
        Ok(Self { body, algorithm, signature, certificates })
    }
}

/// The BasicOCSPResponse in ResponseBytes; `None` where it is another type.
fn response_bytes(mut outer: Reader<'_>) -> Result<Option<&[u8]>, Malformed> {
    let mut bytes = outer.take(asn1::constructed(0))?.sole()?.tagged_sequence()?;
    let kind = bytes.take(asn1::OID)?.oid()?;
    let basic = bytes.take(asn1::OCTETS)?.octets()?;
    bytes.end()?;
    outer.end()?;
    Ok((kind == BASIC).then_some(basic))
}

fn singles(mut list: Reader<'_>) -> Result<Vec<Single>, Doubt> {
    let mut found = Vec::new();
    while !list.is_empty() {
        if found.len() >= MOST_SINGLES {
            return Err(Doubt::Unsupported);
        }
        found.push(Single::read(&list.next().map_err(malformed)?)?);
    }
    Ok(found)
}

/// The value of one extension of a list, in which no other may be critical.
pub(super) fn value_of<'a>(
    wanted: ObjectIdentifier,
    list: &Element<'a>,
) -> Result<Option<&'a [u8]>, Doubt> {
    let mut list = list.sole().and_then(|list| list.tagged_sequence()).map_err(malformed)?;
    let mut found = None;
    while !list.is_empty() {
        let (oid, critical, value) =
            list.next().and_then(|one| extension(&one)).map_err(malformed)?;
        if oid == wanted {
            if found.is_some() {
                return Err(Doubt::Malformed);
            }
            found = Some(value);
        } else if critical {
            return Err(Doubt::Unsupported);
        }
    }
    Ok(found)
}

fn time(parts: &mut Reader<'_>) -> Result<Timestamp, Malformed> {
    parts.take(asn1::GENERALIZED_TIME)?.time()
}

fn malformed(_: Malformed) -> Doubt {
    Doubt::Malformed
}

const GOOD: u8 = asn1::context(0);
const REVOKED: u8 = asn1::constructed(1);
const UNKNOWN: u8 = asn1::context(2);
const MOST_CERTIFICATES: usize = 16;
const MOST_SINGLES: usize = 256;

const BASIC: ObjectIdentifier = oid("1.3.6.1.5.5.7.48.1.1");
const NONCE: ObjectIdentifier = oid("1.3.6.1.5.5.7.48.1.2");
const OCSP_SIGNING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.9");
const INVALIDITY_DATE: ObjectIdentifier = oid("2.5.29.24");
