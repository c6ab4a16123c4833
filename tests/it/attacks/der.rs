//! Writes DER.

use der::asn1::ObjectIdentifier;
use jiff::Timestamp;

pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let first = length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1);
    let length = &length[first..];
    let mut out = vec![tag];
    if content.len() >= 0x80 {
        out.push(0x80 | u8::try_from(length.len()).unwrap());
    }
    out.extend_from_slice(length);
    out.extend_from_slice(content);
    out
}

pub fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// In the order of DER.
pub fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = parts.to_vec();
    parts.sort();
    tlv(0x31, &parts.concat())
}

/// `[n]`, constructed.
pub fn within(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, content)
}

pub fn oid(dotted: &str) -> Vec<u8> {
    tlv(6, ObjectIdentifier::new(dotted).unwrap().as_bytes())
}

pub fn int(number: u64) -> Vec<u8> {
    let bytes = [&[0][..], &number.to_be_bytes()].concat();
    let first = bytes.windows(2).position(|pair| pair[0] != 0 || pair[1] >= 0x80);
    tlv(2, &bytes[first.unwrap_or(bytes.len() - 1)..])
}

pub fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(4, bytes)
}

pub fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], bytes].concat())
}

pub fn boolean(value: bool) -> Vec<u8> {
    tlv(1, &[if value { 0xff } else { 0 }])
}

pub fn utf8(text: &str) -> Vec<u8> {
    tlv(12, text.as_bytes())
}

pub fn time(at: Timestamp) -> Vec<u8> {
    tlv(24, at.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}

/// Universal time, as certificates have it until 2049.
pub fn short_time(at: Timestamp) -> Vec<u8> {
    tlv(23, at.strftime("%y%m%d%H%M%SZ").to_string().as_bytes())
}

pub fn algorithm(dotted: &str) -> Vec<u8> {
    seq(&[oid(dotted)])
}

pub const MD5: &str = "1.2.840.113549.2.5";
pub const SHA_1: &str = "1.3.14.3.2.26";
pub const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
pub const ECDSA_SHA_1: &str = "1.2.840.10045.4.1";
pub const ECDSA_256: &str = "1.2.840.10045.4.3.2";
