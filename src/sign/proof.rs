//! The proof of our own finished file before it leaves: does its signature vouch for all of it?
//!
//! It reads the bytes anew and trusts nothing that the signing side kept but the place of the hole
//! and the certificate. It judges what *we* make; files of others, revisions, revocation and trust
//! are not its matter. The road is ISO 32000-1, 12.8.1 and ETSI EN 319 142-1, clause 6.3, strictly.

use std::ops::Range;

use cms::cert::CertificateChoices;
use cms::content_info::CmsVersion;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Header, SliceReader};

use super::certificate::Certificate;
use super::cms as form;
use super::dictionary::{self, Dictionary, Value};
use super::pades::digest_around;
use super::{Algorithm, Level};

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
    let signed_data = form::read(&cms).map_err(|_| Breach::Encoding)?;
    let certificate = chain.first().ok_or(Breach::Certificate)?;
    let algorithm = certificate.algorithm().map_err(|_| Breach::Certificate)?;
    let signer = check_outside(&signed_data, algorithm)?;
    check_certificates(&signed_data, signer, chain)?;
    let digest = digest_around(bytes, hole, algorithm.digest());
    check_attributes(signer, digest.as_ref(), algorithm, certificate)?;
    check_value(signer, certificate)?;
    check_level(signer, level)
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
    let only_zeros = digits.len().is_multiple_of(2) && behind.iter().all(|digit| *digit == b'0');
    if only_zeros { decoded(der) } else { None }
}

/// The bytes that pairs of hexadecimal digits spell.
fn decoded(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|v| u8::try_from(v).ok());
    let pair = |pair: &[u8]| Some(value(pair[0])? << 4 | value(pair[1])?);
    digits.chunks_exact(2).map(pair).collect()
}

/// The form around the one signature, which it gives. RFC 5652, section 5.1.
fn check_outside(signed_data: &SignedData, algorithm: Algorithm) -> Result<&SignerInfo, Breach> {
    let content = &signed_data.encap_content_info;
    let detached = content.econtent_type == form::DATA && content.econtent.is_none();
    let hashed = signed_data.digest_algorithms.as_slice() == [algorithm.digest().identifier()];
    let right = signed_data.version == V1 && detached && hashed && signed_data.crls.is_none();
    match signed_data.signer_infos.0.as_slice() {
        [signer] if right && signer.version == V1 => Ok(signer),
        _ => Err(Breach::Encoding),
    }
}

/// What is not signed: nothing at B-B; at B-T one timestamp and no more. ETSI EN 319 142-1, clause
/// 6.3. Whether the timestamp is good is the matter of those who asked for it.
fn check_level(signer: &SignerInfo, level: Level) -> Result<(), Breach> {
    let added = signer.unsigned_attrs.as_ref().map(|set| set.as_slice());
    let right = match (level, added) {
        (Level::BB, None) => true,
        (Level::BT, Some([one])) => {
            one.oid == form::TIMESTAMP_TOKEN
                && matches!(one.values.as_slice(), [token] if form::is_signed_data(token))
        }
        _ => false,
    };
    if right { Ok(()) } else { Err(Breach::Unsigned) }
}

/// The signature names the signer's certificate and encloses its chain, no more and no less: the
/// enclosed ones are not signed, so that only this comparison vouches for them.
fn check_certificates(
    signed_data: &SignedData,
    signer: &SignerInfo,
    chain: &[Certificate],
) -> Result<(), Breach> {
    let named = chain.first().is_some_and(|own| {
        let body = &own.parsed().tbs_certificate;
        matches!(&signer.sid, SignerIdentifier::IssuerAndSerialNumber(named)
            if named.issuer == body.issuer && named.serial_number == body.serial_number)
    });
    let enclosed = signed_data.certificates.as_ref().map(|set| set.0.as_slice());
    let enclosed = enclosed.unwrap_or_default();
    let of_chain = |choice: &CertificateChoices| {
        chain.iter().any(
            |one| matches!(choice, CertificateChoices::Certificate(this) if this == one.parsed()),
        )
    };
    if named && enclosed.len() == chain.len() && enclosed.iter().all(of_chain) {
        Ok(())
    } else {
        Err(Breach::Certificate)
    }
}

fn check_attributes(
    signer: &SignerInfo,
    digest: &[u8],
    algorithm: Algorithm,
    certificate: &Certificate,
) -> Result<(), Breach> {
    let attributes = signer.signed_attrs.as_ref().ok_or(Breach::Attributes)?;
    let value = |oid| single(signer, oid).ok_or(Breach::Attributes);
    let content_type: ObjectIdentifier = read(value(form::CONTENT_TYPE)?)?;
    let protection: form::AlgorithmProtection = read(value(form::ALGORITHM_PROTECTION)?)?;
    // Four attributes and these four: none is there twice and none besides, so no signing time
    // either.
    let right = attributes.len() == 4
        && content_type == form::DATA
        && protection == form::protection(algorithm)
        && signer.digest_alg == protection.digest
        && Some(&signer.signature_algorithm) == protection.signature.as_ref();
    if !right {
        return Err(Breach::Attributes);
    }
    let named: form::SigningCertificateV2 = read(value(form::SIGNING_CERTIFICATE_V2)?)?;
    let [named] = named.certificates.as_slice() else {
        return Err(Breach::Certificate);
    };
    if named.certificate_hash.as_bytes() != certificate.sha256() {
        return Err(Breach::Certificate);
    }
    let signed: OctetString = read(value(form::MESSAGE_DIGEST)?)?;
    if signed.as_bytes() == digest { Ok(()) } else { Err(Breach::Digest) }
}

/// The value of an attribute that stands once with one value.
fn single(signer: &SignerInfo, oid: ObjectIdentifier) -> Option<&Any> {
    let mut found = signer.signed_attrs.as_ref()?.iter().filter(|one| one.oid == oid);
    match (found.next()?.values.as_slice(), found.next()) {
        ([value], None) => Some(value),
        _ => None,
    }
}

fn read<'a, T: der::Choice<'a> + der::DecodeValue<'a>>(value: &'a Any) -> Result<T, Breach> {
    value.decode_as().map_err(|_| Breach::Attributes)
}

/// The signature over the attributes as the SET OF that they are. RFC 5652, section 5.4. Our reader
/// takes DER alone, so what is encoded here is byte for byte what stands in the file.
fn check_value(signer: &SignerInfo, certificate: &Certificate) -> Result<(), Breach> {
    let attributes = signer.signed_attrs.to_der().map_err(|_| Breach::Encoding)?;
    let right = certificate.confirms(&attributes, signer.signature.as_bytes());
    if right { Ok(()) } else { Err(Breach::Signature) }
}

/// RFC 5652, sections 5.1 and 5.3: version 1 for certificates alone and a signer named by its
/// issuer.
const V1: CmsVersion = CmsVersion::V1;
/// A tag of one byte and a length of five at most: what the library reads.
const LONGEST_HEADER: usize = 6;
const OBJECT: &[u8] = b" obj";
/// How many places that look like the object's beginning are tried.
const FARTHEST: usize = 64;
