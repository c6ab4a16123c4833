//! The attributes of a signer: what stands beside the digest under the signature, and beside the
//! signature. RFC 5652, sections 5.3 and 11; RFC 5035.

use der::asn1::ObjectIdentifier;

use crate::verify::algorithm::{Hash, sha1};
use crate::verify::asn1::{self, Element, Malformed, Reader};
use crate::verify::certificate::Certificate;
use crate::verify::reason::Reason;

#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) oid: ObjectIdentifier,
    pub(super) values: Vec<Vec<u8>>,
}

/// How the signed attributes name the signer's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) enum Binding {
    /// By a hash that counts. RFC 5035.
    Strong,
    /// By SHA-1 alone. RFC 2634.
    Old,
    /// Not at all.
    None,
}

/// Attributes of which none stands twice.
pub(super) fn read(set: &Element<'_>) -> Result<Vec<Attribute>, Reason> {
    let mut found: Vec<Attribute> = Vec::new();
    let mut list = set.inside();
    while !list.is_empty() {
        let attribute = attribute(&mut list).map_err(|_| Reason::AttributesMalformed)?;
        let twice = found.iter().any(|other| other.oid == attribute.oid);
        if twice || found.len() >= MOST_ATTRIBUTES {
            return Err(Reason::AttributesMalformed);
        }
        found.push(attribute);
    }
    Ok(found)
}

fn attribute(list: &mut Reader<'_>) -> Result<Attribute, Malformed> {
    let mut parts = list.inside(asn1::SEQUENCE)?;
    let oid = parts.take(asn1::OID)?.oid()?;
    let mut set = parts.inside(asn1::SET)?;
    parts.end()?;
    let mut values = Vec::new();
    while !set.is_empty() {
        values.push(set.next()?.whole.to_vec());
    }
    if values.is_empty() { Err(Malformed) } else { Ok(Attribute { oid, values }) }
}

/// Whether the members stand in the order of their bytes: signed attributes must be DER. RFC 5652,
/// section 5.3.
pub(super) fn is_sorted(set: &Element<'_>) -> bool {
    let (mut list, mut last) = (set.inside(), &[][..]);
    while let Ok(element) = list.next() {
        if element.whole < last {
            return false;
        }
        last = element.whole;
    }
    true
}

/// How the attributes name the certificate; each that is there must name it.
pub(super) fn binding(
    (new, old): (Option<&[u8]>, Option<&[u8]>),
    certificate: &Certificate,
) -> Result<Binding, Reason> {
    if let Some(value) = old {
        let hash = |_: Option<Element<'_>>| Ok(sha1(certificate.der()));
        check_binding(value, certificate, hash)?;
    }
    if let Some(value) = new {
        let hash = |named: Option<Element<'_>>| match named {
            Some(named) => {
                let hash = Hash::named(&named).map_err(|_| Reason::AlgorithmRefused)?;
                Ok(hash.of(&[certificate.der()]))
            }
            None => Ok(certificate.sha256().to_vec()),
        };
        check_binding(value, certificate, hash)?;
    }
    Ok(match (new, old) {
        (Some(_), _) => Binding::Strong,
        (None, Some(_)) => Binding::Old,
        (None, None) => Binding::None,
    })
}

/// Whether the first certificate of a signing-certificate attribute is this one. `hash` gives the
/// certificate's hash by the algorithm that is named, if one is. RFC 5035, sections 4 and 5.
fn check_binding(
    value: &[u8],
    certificate: &Certificate,
    hash: impl Fn(Option<Element<'_>>) -> Result<Vec<u8>, Reason>,
) -> Result<(), Reason> {
    let read = || -> Result<_, Malformed> {
        let mut own = asn1::sole(value)?.tagged_sequence()?.inside(asn1::SEQUENCE)?;
        let mut own = own.inside(asn1::SEQUENCE)?;
        let algorithm = own.optional(asn1::SEQUENCE)?;
        let fingerprint = own.take(asn1::OCTETS)?.octets()?;
        let named = own.optional(asn1::SEQUENCE)?;
        own.end()?;
        Ok((algorithm, fingerprint, named))
    };
    let (algorithm, fingerprint, named) = read().map_err(|_| Reason::AttributesMalformed)?;
    let same_name = match named {
        Some(named) => {
            is_issuer_and_serial(&named, certificate).map_err(|_| Reason::AttributesMalformed)?
        }
        None => true,
    };
    if same_name && hash(algorithm)? == fingerprint {
        Ok(())
    } else {
        Err(Reason::CertificateMismatch)
    }
}

fn is_issuer_and_serial(named: &Element<'_>, certificate: &Certificate) -> Result<bool, Malformed> {
    let mut parts = named.inside();
    let mut names = parts.inside(asn1::SEQUENCE)?;
    let serial = parts.take(asn1::INTEGER)?.integer()?;
    parts.end()?;
    let mut same = false;
    while !names.is_empty() {
        let name = names.next()?;
        same |= name.tag == asn1::constructed(4) && name.content == certificate.issuer();
    }
    Ok(same && serial == certificate.serial())
}

/// Lists `[0]` and responses `[1]` of either of the two attributes that hold them: ISO 32000-1,
/// 12.8.3.3.2; ETSI EN 319 122-1, annex A.1.5.2.
pub(super) fn revocation_values(value: &[u8]) -> Result<Vec<Vec<u8>>, Malformed> {
    let mut parts = asn1::sole(value)?.tagged_sequence()?;
    let mut found = Vec::new();
    for number in [0, 1] {
        let Some(list) = parts.optional(asn1::constructed(number))? else { continue };
        let mut list = list.sole()?.tagged_sequence()?;
        while !list.is_empty() {
            found.push(list.next()?.whole.to_vec());
        }
    }
    Ok(found)
}

const MOST_ATTRIBUTES: usize = 64;
