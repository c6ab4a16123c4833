//! What the signature in a finished file must say, part by part. Whatever is not the signature's
//! value or a timestamp has one right encoding here, and the bytes in the file are held to it.

use der::Encode;

use super::Breach;
use crate::sign::certificate::Certificate;
use crate::sign::cms::{self as form, Parts};
use crate::sign::{Algorithm, Level};
use crate::verify::asn1::{self, Element};

/// The one signature, where the form around it is right. RFC 5652, section 5.1.
pub(super) fn read(der: &[u8], algorithm: Algorithm) -> Result<Parts<'_>, Breach> {
    let parts = Parts::read(der).map_err(|_| Breach::Encoding)?;
    let digest = algorithm.digest().identifier().to_der().map_err(|_| Breach::Encoding)?;
    let detached = form::content().is_ok_and(|content| parts.content == content);
    let right = parts.version == form::V1
        && parts.signer.version == form::V1
        && detached
        && parts.digest_algorithms == digest
        && !parts.has_lists;
    if right { Ok(parts) } else { Err(Breach::Encoding) }
}

/// The signature names the signer's certificate and encloses its chain, no more and no less: the
/// enclosed ones are not signed, so that only this comparison vouches for them.
pub(super) fn check_certificates(parts: &Parts<'_>, chain: &[Certificate]) -> Result<(), Breach> {
    let named = chain.first().is_some_and(|own| own.issuer_and_serial() == parts.signer.name);
    // Each is another than the one before, so as many as the chain has are all of it.
    let enclosed = form::ascending(parts.certificates, chain.len());
    let enclosed = enclosed.map_err(|_| Breach::Certificate)?;
    let of_chain = |element: &Element<'_>| chain.iter().any(|one| one.der() == element.whole);
    if named && enclosed.len() == chain.len() && enclosed.iter().all(of_chain) {
        Ok(())
    } else {
        Err(Breach::Certificate)
    }
}

/// The signed attributes, where they are the four of the form and say what is so; given as the SET
/// OF that was signed, made of the very bytes in the file. RFC 5652, section 5.4.
pub(super) fn check_attributes(
    parts: &Parts<'_>,
    digest: &[u8],
    (certificate, algorithm): (&Certificate, Algorithm),
) -> Result<Vec<u8>, Breach> {
    let set = parts.signer.signed.ok_or(Breach::Attributes)?;
    // At most four attributes, and these four: none is there twice and none besides, so no signing
    // time either.
    let all = form::attributes(&set, 4).map_err(|_| Breach::Attributes)?;
    let value = |wanted| {
        let found = all.iter().find(|(kind, _)| *kind == wanted);
        found.map(|(_, value)| *value).ok_or(Breach::Attributes)
    };
    let content_type = value(form::CONTENT_TYPE)? == encoded(&form::DATA)?;
    let protected = value(form::ALGORITHM_PROTECTION)? == encoded(&form::protection(algorithm))?
        && parts.signer.digest_algorithm == encoded(&algorithm.digest().identifier())?
        && parts.signer.signature_algorithm == encoded(&algorithm.identifier())?;
    if !(content_type && protected) {
        return Err(Breach::Attributes);
    }
    let named = form::naming(certificate).map_err(|_| Breach::Attributes)?;
    if value(form::SIGNING_CERTIFICATE_V2)? != encoded(&named)? {
        return Err(Breach::Certificate);
    }
    let signed = asn1::sole(value(form::MESSAGE_DIGEST)?).and_then(|signed| signed.octets());
    if signed.map_err(|_| Breach::Attributes)? != digest {
        return Err(Breach::Digest);
    }
    let mut signed = set.whole.to_vec();
    // In the file an implicit tag stands for that of the set.
    signed[0] = asn1::SET;
    Ok(signed)
}

fn encoded(part: &impl Encode) -> Result<Vec<u8>, Breach> {
    part.to_der().map_err(|_| Breach::Attributes)
}

/// The certificate's key signed the attributes.
pub(super) fn check_value(
    parts: &Parts<'_>,
    attributes: &[u8],
    certificate: &Certificate,
) -> Result<(), Breach> {
    let right = certificate.confirms(attributes, parts.signer.value);
    if right { Ok(()) } else { Err(Breach::Signature) }
}

/// What is not signed: nothing at B-B; at B-T one timestamp and no more. ETSI EN 319 142-1, clause
/// 6.3. Whether the timestamp is good is the matter of those who asked for it.
pub(super) fn check_level(parts: &Parts<'_>, level: Level) -> Result<(), Breach> {
    let right = match (level, &parts.signer.unsigned) {
        (Level::BB, None) => true,
        (Level::BT, Some(set)) => {
            let added = form::attributes(set, 1).map_err(|_| Breach::Unsigned)?;
            matches!(added.as_slice(), [(form::TIMESTAMP_TOKEN, token)] if is_token(token))
        }
        _ => false,
    };
    if right { Ok(()) } else { Err(Breach::Unsigned) }
}

fn is_token(token: &[u8]) -> bool {
    asn1::sole(token).and_then(|token| form::signed_data(&token)).is_ok()
}
