//! The parts of a signature of our form, as windows on its own bytes: what is compared, hashed or
//! kept is what stands there and never an encoding made anew.
//!
//! Only the frame is read; what each part must be is for the caller to compare.

use der::asn1::ObjectIdentifier;

use super::SIGNED_DATA;
use crate::verify::Malformed;
use crate::verify::asn1::{self, Element, Reader};

/// A SignedData with one signer. RFC 5652, section 5.1.
#[derive(Debug, Clone, Copy)]
pub(in crate::sign) struct Parts<'a> {
    /// Everything before the signers.
    pub(in crate::sign) head: &'a [u8],
    pub(in crate::sign) version: u32,
    /// The elements of the set.
    pub(in crate::sign) digest_algorithms: &'a [u8],
    pub(in crate::sign) content: &'a [u8],
    /// The certificates one after another; nothing where there are none.
    pub(in crate::sign) certificates: Reader<'a>,
    pub(in crate::sign) has_lists: bool,
    pub(in crate::sign) signer: SignerParts<'a>,
}

/// RFC 5652, section 5.3.
#[derive(Debug, Clone, Copy)]
pub(in crate::sign) struct SignerParts<'a> {
    /// Everything up to the value of the signature, with it.
    pub(in crate::sign) head: &'a [u8],
    pub(in crate::sign) version: u32,
    /// How the signer's certificate is named.
    pub(in crate::sign) name: &'a [u8],
    pub(in crate::sign) digest_algorithm: &'a [u8],
    pub(in crate::sign) signed: Option<Element<'a>>,
    pub(in crate::sign) signature_algorithm: &'a [u8],
    pub(in crate::sign) value: &'a [u8],
    pub(in crate::sign) unsigned: Option<Element<'a>>,
}

impl<'a> Parts<'a> {
    /// Reads a ContentInfo in DER with nothing behind it.
    pub(in crate::sign) fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let data = signed_data(&asn1::sole(der)?)?;
        let mut parts = data.tagged_sequence()?;
        let version = parts.take(asn1::INTEGER)?.number()?;
        let digest_algorithms = parts.take(asn1::SET)?.content;
        let content = parts.take(asn1::SEQUENCE)?.whole;
        let certificates = parts.optional(asn1::constructed(0))?;
        let has_lists = parts.optional(asn1::constructed(1))?.is_some();
        let signers = parts.take(asn1::SET)?;
        parts.end()?;
        let head = &data.content[..data.content.len() - signers.whole.len()];
        let signer = SignerParts::read(&signers.sole()?)?;
        let certificates = Reader::new(certificates.map_or(&[], |set| set.content));
        Ok(Self { head, version, digest_algorithms, content, certificates, has_lists, signer })
    }
}

impl<'a> SignerParts<'a> {
    fn read(element: &Element<'a>) -> Result<Self, Malformed> {
        let mut parts = element.tagged_sequence()?;
        let version = parts.take(asn1::INTEGER)?.number()?;
        let name = parts.next()?.whole;
        let digest_algorithm = parts.take(asn1::SEQUENCE)?.whole;
        let signed = parts.optional(asn1::constructed(0))?;
        let signature_algorithm = parts.take(asn1::SEQUENCE)?.whole;
        let value = parts.take(asn1::OCTETS)?.content;
        let unsigned = parts.optional(asn1::constructed(1))?;
        parts.end()?;
        let behind = unsigned.map_or(0, |set| set.whole.len());
        let head = &element.content[..element.content.len() - behind];
        Ok(Self {
            head,
            version,
            name,
            digest_algorithm,
            signed,
            signature_algorithm,
            value,
            unsigned,
        })
    }
}

/// What a ContentInfo holds, which must say that it is signed data. RFC 5652, section 3.
pub(in crate::sign) fn signed_data<'a>(outer: &Element<'a>) -> Result<Element<'a>, Malformed> {
    let mut parts = outer.tagged_sequence()?;
    let kind = parts.take(asn1::OID)?.oid()?;
    let content = parts.take(asn1::constructed(0))?.sole()?;
    parts.end()?;
    if kind == SIGNED_DATA { Ok(content) } else { Err(Malformed) }
}

/// Attributes, each with its one value (whole): not more than `most`, and in the order of DER,
/// which lets none stand twice as a whole. X.690, clause 11.6.
pub(in crate::sign) fn attributes<'a>(
    set: &Element<'a>,
    most: usize,
) -> Result<Vec<(ObjectIdentifier, &'a [u8])>, Malformed> {
    let mut found = Vec::with_capacity(most);
    for element in ascending(set.inside(), most)? {
        let mut parts = element.tagged_sequence()?;
        let kind = parts.take(asn1::OID)?.oid()?;
        let value = parts.take(asn1::SET)?.sole()?.whole;
        parts.end()?;
        found.push((kind, value));
    }
    Ok(found)
}

/// The members of a set, not more than `most`, each before the next in the order of bytes.
pub(in crate::sign) fn ascending(
    mut list: Reader<'_>,
    most: usize,
) -> Result<Vec<Element<'_>>, Malformed> {
    let mut found: Vec<Element<'_>> = Vec::with_capacity(most);
    while !list.is_empty() {
        let element = list.next()?;
        let follows = found.last().is_none_or(|last| last.whole < element.whole);
        if !follows || found.len() >= most {
            return Err(Malformed);
        }
        found.push(element);
    }
    Ok(found)
}
