//! Writes DER, right or wrong.

use der::asn1::ObjectIdentifier;
use jiff::Timestamp;

pub(in crate::verify) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..0x80 => out.push(short as u8),
        middle @ 0x80..0x100 => out.extend([0x81, middle as u8]),
        long @ 0x100..0x1_0000 => out.extend([0x82, (long >> 8) as u8, long as u8]),
        longer => out.extend([0x83, (longer >> 16) as u8, (longer >> 8) as u8, longer as u8]),
    }
    out.extend_from_slice(content);
    out
}

pub(in crate::verify) fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// In the order of DER.
pub(in crate::verify) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = parts.to_vec();
    parts.sort();
    tlv(0x31, &parts.concat())
}

/// `[n]`, constructed.
pub(in crate::verify) fn within(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, content)
}

pub(in crate::verify) fn oid(dotted: &str) -> Vec<u8> {
    tlv(6, ObjectIdentifier::new(dotted).unwrap().as_bytes())
}

pub(in crate::verify) fn int(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
    let mut content = bytes[first..].to_vec();
    if content[0] >= 0x80 {
        content.insert(0, 0);
    }
    tlv(2, &content)
}

pub(in crate::verify) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(4, bytes)
}

pub(in crate::verify) fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], bytes].concat())
}

pub(in crate::verify) fn boolean(value: bool) -> Vec<u8> {
    tlv(1, &[if value { 0xff } else { 0 }])
}

pub(in crate::verify) fn utf8(text: &str) -> Vec<u8> {
    tlv(12, text.as_bytes())
}

pub(in crate::verify) fn time(at: Timestamp) -> Vec<u8> {
    tlv(24, at.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}

/// An AlgorithmIdentifier without parameters.
pub(in crate::verify) fn algorithm(dotted: &str) -> Vec<u8> {
    seq(&[oid(dotted)])
}

pub(in crate::verify) const SHA_1: &str = "1.3.14.3.2.26";
pub(in crate::verify) const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
pub(in crate::verify) const SHA_384: &str = "2.16.840.1.101.3.4.2.2";
pub(in crate::verify) const ECDSA_256: &str = "1.2.840.10045.4.3.2";
