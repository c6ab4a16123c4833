//! The proof of our own finished file before it leaves: does its signature vouch for all of it?
//!
//! It reads the bytes anew and trusts nothing that the signing side kept but the place of the hole
//! and the certificates. It judges what *we* make; files of others, revisions, revocation and trust
//! are not its matter. The road is ISO 32000-1, 12.8.1 and ETSI EN 319 142-1, clause 6.3, strictly.
//!
//! Here the file around its signature; in `signature` what the signature says. To add a refusal: a
//! [`Breach`], and in `tests` a file or a signature that is wrong in nothing else.

mod signature;
#[cfg(test)]
mod tests;

use std::ops::Range;

use der::{Decode, Encode, Header, SliceReader};

use super::Level;
use super::certificate::Certificate;
use super::dictionary::{self, Dictionary, Value};
use super::pades::digest_around;

/// What is wrong with a file that claims to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// No signature dictionary of our form holds the hole.
    #[error("no signature dictionary of the right form")]
    Dictionary,
    /// The byte range leaves out more or less than the hole.
    #[error("the byte range does not cover the whole file but the signature")]
    ByteRange,
    /// The file allows changes, or does not say that it allows none. ISO 32000-1, 12.8.2.2.
    #[error("the signature does not certify the file with no changes allowed")]
    Certification,
    /// Bytes stand behind the end of the file, or the end is missing.
    #[error("the file does not end where it should")]
    End,
    /// The hole holds no single DER signature with zeros behind it.
    #[error("the signature can't be read")]
    Encoding,
    /// An attribute is missing, repeated or of another value than it must be.
    #[error("the signed attributes are not those of the form")]
    Attributes,
    /// The digest that was signed is not that of the file.
    #[error("the file is not the one that was signed")]
    Digest,
    /// The signature names another certificate.
    #[error("the signature names another certificate")]
    Certificate,
    /// The certificate's key did not make the signature.
    #[error("the signature is not of the certificate's key")]
    Signature,
    /// Beside the signature stands more than its level has, or less.
    #[error("what is added to the signature is not that of its level")]
    Unsigned,
}

/// Checks a finished file whose `/Contents`, with `<` and `>`, stands at `hole`, against the
/// signer's certificates, its own first. `level` says whether a timestamp must stand in it.
///
/// # Errors
/// The first [`Breach`] found.
pub fn check(
    bytes: &[u8],
    hole: &Range<usize>,
    chain: &[Certificate],
    level: Level,
) -> Result<(), Breach> {
    let dictionary = signature_dictionary(bytes, hole).ok_or(Breach::Dictionary)?;
    check_dictionary(&dictionary)?;
    check_byte_range(bytes, hole, &dictionary)?;
    check_certification(&dictionary)?;
    if !bytes.trim_ascii_end().ends_with(b"%%EOF") {
        return Err(Breach::End);
    }
    let cms = contents(bytes, hole).ok_or(Breach::Encoding)?;
    let certificate = chain.first().ok_or(Breach::Certificate)?;
    let algorithm = certificate.algorithm().map_err(|_| Breach::Certificate)?;
    let signature = signature::read(&cms, algorithm)?;
    signature::check_certificates(&signature, chain)?;
    let digest = digest_around(bytes, hole, algorithm.digest());
    let own = (certificate, algorithm);
    let attributes = signature::check_attributes(&signature, digest.as_ref(), own)?;
    signature::check_value(&signature, &attributes, certificate)?;
    signature::check_level(&signature, level)
}

/// The dictionary of the object that holds the hole as its `/Contents`, read from the bytes around
/// it.
fn signature_dictionary(bytes: &[u8], hole: &Range<usize>) -> Option<Dictionary> {
    let before = bytes.get(..hole.start)?;
    // Words of people may hold " obj" too: the first place, going back, from which the hole is
    // reached counts.
    let starts = before.windows(OBJECT.len()).enumerate().rev();
    let starts = starts.filter(|(_, window)| *window == OBJECT).take(FARTHEST);
    for (start, _) in starts {
        let Some((dictionary, end)) = dictionary::read(bytes, start + OBJECT.len()) else {
            continue;
        };
        let closed = bytes[end..].trim_ascii_start().starts_with(b"endobj");
        if closed && dictionary.value("Contents") == Some(&Value::Hexadecimal(hole.clone())) {
            return Some(dictionary);
        }
    }
    None
}

fn check_dictionary(dictionary: &Dictionary) -> Result<(), Breach> {
    let right = dictionary.name("Type") == Some(b"Sig")
        && dictionary.name("Filter") == Some(b"Adobe.PPKLite")
        && dictionary.name("SubFilter") == Some(b"ETSI.CAdES.detached")
        && dictionary.value("Cert").is_none()
        && matches!(dictionary.value("M"), Some(Value::Literal(_)));
    if right { Ok(()) } else { Err(Breach::Dictionary) }
}

fn check_byte_range(
    bytes: &[u8],
    hole: &Range<usize>,
    dictionary: &Dictionary,
) -> Result<(), Breach> {
    let wanted = [0, hole.start, hole.end, bytes.len() - hole.end]
        .map(|number| i64::try_from(number).map(Value::Integer));
    let stands = dictionary.array("ByteRange").ok_or(Breach::ByteRange)?;
    let same = stands.len() == wanted.len()
        && stands.iter().zip(&wanted).all(|(stands, wanted)| Ok(stands) == wanted.as_ref());
    if same { Ok(()) } else { Err(Breach::ByteRange) }
}

/// One reference with the DocMDP transform and P=1. ISO 32000-1, 12.8.2.2 and table 254.
fn check_certification(dictionary: &Dictionary) -> Result<(), Breach> {
    let [Value::Dictionary(reference)] = dictionary.array("Reference").unwrap_or_default() else {
        return Err(Breach::Certification);
    };
    let none_allowed = reference.name("TransformMethod") == Some(b"DocMDP")
        && reference.dictionary("TransformParams").and_then(|params| params.integer("P"))
            == Some(1);
    if none_allowed { Ok(()) } else { Err(Breach::Certification) }
}

/// The DER in the hole, which only zeros may follow.
pub(super) fn contents(bytes: &[u8], hole: &Range<usize>) -> Option<Vec<u8>> {
    let [b'<', digits @ .., b'>'] = bytes.get(hole.clone())? else { return None };
    let head = decoded(digits.get(..LONGEST_HEADER * 2)?)?;
    let header = Header::decode(&mut SliceReader::new(&head).ok()?).ok()?;
    let length = usize::try_from((header.encoded_len().ok()? + header.length).ok()?).ok()?;
    let (der, behind) = digits.split_at_checked(length.checked_mul(2)?)?;
    let only_zeros = digits.len().is_multiple_of(2) && all_zeros(behind);
    if only_zeros { decoded(der) } else { None }
}

/// Whether every digit is a zero; in steps that a processor takes at once.
pub(super) fn all_zeros(digits: &[u8]) -> bool {
    digits.chunks(64).all(|some| some.iter().fold(0, |sum, digit| sum | (digit ^ b'0')) == 0)
}

/// The bytes that pairs of hexadecimal digits spell.
fn decoded(digits: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks_exact(2) {
        let [high, low] = [pair[0], pair[1]].map(|digit| VALUES[usize::from(digit)]);
        // Of no digit the value has bits that none of a digit has.
        if (high | low) >= 16 {
            return None;
        }
        bytes.push(high << 4 | low);
    }
    Some(bytes)
}

/// The value of each hexadecimal digit, 255 of every other byte.
const VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut values = [u8::MAX; 256];
    let mut value = 0;
    while value < 16 {
        let digit = b"0123456789abcdef"[value];
        values[digit as usize] = value as u8;
        values[digit.to_ascii_uppercase() as usize] = value as u8;
        value += 1;
    }
    values
}

/// A tag of one byte and a length of five at most: what the library reads.
const LONGEST_HEADER: usize = 6;
const OBJECT: &[u8] = b" obj";
/// How many places that look like the object's beginning are tried.
const FARTHEST: usize = 64;
