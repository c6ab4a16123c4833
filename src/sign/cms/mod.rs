//! The signature as CMS: SignedData, detached, with the attributes of CAdES. RFC 5652; ETSI EN 319
//! 122-1.
//!
//! Signed attributes: content type, message digest, signing certificate (v2), algorithm protection.
//! No signing time: ETSI EN 319 142-1, clause 6.3 puts it in `/M`. Unsigned: nothing, or one
//! timestamp, which is added later to the very same signature.

mod parts;

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Encode, Length, Sequence};
use x509_cert::spki::AlgorithmIdentifierOwned;

pub(super) use self::parts::{Parts, ascending, attributes, signed_data};
use super::certificate::Certificate;
use super::{Algorithm, SignError};
use crate::verify::Malformed;
use crate::verify::asn1::{self, OCTETS, SEQUENCE, SET, constructed};

/// What all signatures of a signer have in common, encoded once.
pub(super) struct Form {
    algorithm: Algorithm,
    /// Of the SignedData everything before its signer: the certificates are the most of it.
    data: Vec<u8>,
    /// Of the SignerInfo everything before its attributes.
    signer: Vec<u8>,
    signature_algorithm: Vec<u8>,
    /// Every signed attribute but the message digest.
    fixed: [Vec<u8>; 3],
}

/// Signed attributes as the bytes which are signed.
pub(super) struct ToSign(Vec<u8>);

impl ToSign {
    /// The DER of the SET OF, which is what the key signs. RFC 5652, section 5.4.
    pub(super) fn der(&self) -> &[u8] {
        &self.0
    }
}

impl Form {
    /// The form of a signer with these certificates, its own first.
    pub(super) fn new(chain: &[Certificate]) -> Result<Self, SignError> {
        let Some(own) = chain.first() else {
            return Err(SignError::Unfit("there is none"));
        };
        let mut certificates: Vec<&[u8]> = chain.iter().map(Certificate::der).collect();
        certificates.sort_unstable();
        if certificates.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(SignError::Unfit("a certificate stands twice"));
        }
        Self::encoded(own, own.algorithm()?, &certificates).map_err(malformed)
    }

    fn encoded(
        own: &Certificate,
        algorithm: Algorithm,
        certificates: &[&[u8]],
    ) -> der::Result<Self> {
        let version = V1.to_der()?;
        let digest = algorithm.digest().identifier().to_der()?;
        let data = [
            version.as_slice(),
            &element(SET, &[&digest])?,
            &content()?,
            &element(constructed(0), certificates)?,
        ];
        Ok(Self {
            algorithm,
            data: data.concat(),
            signer: [version.as_slice(), own.issuer_and_serial(), &digest].concat(),
            signature_algorithm: algorithm.identifier().to_der()?,
            fixed: fixed_attributes(own, algorithm)?,
        })
    }

    /// How many bytes the whole takes at most: the only part whose length is not the same for each
    /// document is the value.
    pub(super) fn longest(&self, value: usize) -> Result<usize, SignError> {
        let digest = vec![0; self.algorithm.digest().length()];
        Ok(self.assemble(&self.signed_attributes(&digest)?, &vec![0; value])?.len())
    }

    /// The attributes to sign for a document with this digest.
    pub(super) fn signed_attributes(&self, digest: &[u8]) -> Result<ToSign, SignError> {
        let digest = element(OCTETS, &[digest]).map_err(malformed)?;
        let digest = attribute(MESSAGE_DIGEST, &digest).map_err(malformed)?;
        let [first, second, third] = &self.fixed;
        let mut all = [first, second, third, &digest].map(Vec::as_slice);
        // In DER the members of a set stand in the order of their bytes. X.690, clause 11.6.
        all.sort_unstable();
        element(SET, &all).map(ToSign).map_err(malformed)
    }

    /// The whole ContentInfo in DER.
    pub(super) fn assemble(&self, signed: &ToSign, value: &[u8]) -> Result<Vec<u8>, SignError> {
        self.content_info(signed, value).map_err(malformed)
    }

    fn content_info(&self, signed: &ToSign, value: &[u8]) -> der::Result<Vec<u8>> {
        let mut attributes = signed.der().to_vec();
        // In the file an implicit tag stands for that of the set.
        attributes[0] = constructed(0);
        let value = element(OCTETS, &[value])?;
        let signer = [self.signer.as_slice(), &attributes, &self.signature_algorithm, &value];
        enclosed(&self.data, &signer)
    }
}

/// A ContentInfo of the parts of a SignedData before its signer, and of those of its one signer.
fn enclosed(data: &[u8], signer: &[&[u8]]) -> der::Result<Vec<u8>> {
    let signers = element(SET, &[&element(SEQUENCE, signer)?])?;
    let data = element(SEQUENCE, &[data, &signers])?;
    element(SEQUENCE, &[&SIGNED_DATA.to_der()?, &element(constructed(0), &[&data])?])
}

/// An element with this content. X.690, clause 8.1.
pub(super) fn element(tag: u8, content: &[&[u8]]) -> der::Result<Vec<u8>> {
    let length = content.iter().map(|part| part.len()).sum::<usize>();
    let mut whole = Vec::with_capacity(length + LONGEST_HEADER);
    whole.push(tag);
    Length::try_from(length)?.encode_to_vec(&mut whole)?;
    content.iter().for_each(|part| whole.extend_from_slice(part));
    Ok(whole)
}

/// The EncapsulatedContentInfo of a detached signature: the type and no content. RFC 5652, section
/// 5.2.
pub(super) fn content() -> der::Result<Vec<u8>> {
    element(SEQUENCE, &[&DATA.to_der()?])
}

/// The SignedData of a ContentInfo. RFC 5652, section 3.
pub(super) fn read(cms: &[u8]) -> der::Result<SignedData> {
    let outer = ContentInfo::from_der(cms)?;
    if outer.content_type != SIGNED_DATA {
        return Err(der::ErrorKind::OidUnknown { oid: outer.content_type }.into());
    }
    outer.content.decode_as()
}

/// The value of the one signature: what a timestamp is asked for. ETSI EN 319 122-1, clause 5.3.
///
/// # Errors
/// [`SignError::Structure`] where there is not one.
pub(super) fn signature_value(cms: &[u8]) -> Result<Vec<u8>, SignError> {
    Ok(Parts::read(cms).map_err(unread)?.signer.value.to_vec())
}

/// The certificates that stand in it, the one that the signature names first.
///
/// # Errors
/// [`SignError::Structure`] where they can't be read or the signer's is not among them.
pub(super) fn chain(cms: &[u8]) -> Result<Vec<Certificate>, SignError> {
    let parts = Parts::read(cms).map_err(unread)?;
    let own = |one: &Certificate| one.issuer_and_serial() == parts.signer.name;
    let mut chain = Vec::new();
    for element in ascending(parts.certificates, LONGEST_CHAIN).map_err(unread)? {
        let one = Certificate::from_der(element.whole.to_vec())?;
        chain.insert(if own(&one) { 0 } else { chain.len() }, one);
    }
    match chain.first() {
        Some(first) if own(first) => Ok(chain),
        _ => Err(SignError::Structure("the signer's certificate is missing")),
    }
}

/// The same signature with a timestamp beside it, which is not signed and so changes nothing that
/// is. RFC 3161, appendix A; ETSI EN 319 122-1, clause 5.3.
///
/// The token is taken as it is: whoever asked for it has checked it.
///
/// # Errors
/// [`SignError::Structure`] where `cms` is not a signature of ours without a timestamp, or `token`
/// is no CMS.
pub fn with_timestamp(cms: &[u8], token: &[u8]) -> Result<Vec<u8>, SignError> {
    let parts = Parts::read(cms).map_err(unread)?;
    if asn1::sole(token).and_then(|token| signed_data(&token)).is_err() {
        return Err(SignError::Structure("the timestamp is none"));
    }
    if parts.signer.unsigned.is_some() {
        return Err(SignError::Structure("the signature has a timestamp already"));
    }
    let unsigned = attribute(TIMESTAMP_TOKEN, token)
        .and_then(|stamp| element(constructed(1), &[&stamp]))
        .map_err(malformed)?;
    enclosed(parts.head, &[parts.signer.head, &unsigned]).map_err(malformed)
}

/// One certificate by its hash, which binds the signature to it. RFC 5035, section 4: with SHA-256
/// the hash algorithm is the default and so left out in DER.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(super) struct EssCertIdV2 {
    pub(super) certificate_hash: OctetString,
}

/// RFC 5035, section 3.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(super) struct SigningCertificateV2 {
    pub(super) certificates: Vec<EssCertIdV2>,
}

/// The algorithms again, under the signature. RFC 6211, section 2.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(super) struct AlgorithmProtection {
    pub(super) digest: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    pub(super) signature: Option<AlgorithmIdentifierOwned>,
}

fn fixed_attributes(own: &Certificate, algorithm: Algorithm) -> der::Result<[Vec<u8>; 3]> {
    Ok([
        attribute(CONTENT_TYPE, &DATA.to_der()?)?,
        attribute(SIGNING_CERTIFICATE_V2, &naming(own)?.to_der()?)?,
        attribute(ALGORITHM_PROTECTION, &protection(algorithm).to_der()?)?,
    ])
}

/// A SigningCertificateV2 of one certificate.
pub(super) fn naming(own: &Certificate) -> der::Result<SigningCertificateV2> {
    let certificate_hash = OctetString::new(own.sha256().as_slice())?;
    Ok(SigningCertificateV2 { certificates: vec![EssCertIdV2 { certificate_hash }] })
}

/// The algorithms of the signatures of one kind of key.
pub(super) fn protection(algorithm: Algorithm) -> AlgorithmProtection {
    AlgorithmProtection {
        digest: algorithm.digest().identifier(),
        signature: Some(algorithm.identifier()),
    }
}

/// An attribute with one value. RFC 5652, section 5.3.
fn attribute(kind: ObjectIdentifier, value: &[u8]) -> der::Result<Vec<u8>> {
    element(SEQUENCE, &[&kind.to_der()?, &element(SET, &[value])?])
}

fn malformed(_: der::Error) -> SignError {
    SignError::Structure("the signature can't be encoded")
}

fn unread(_: Malformed) -> SignError {
    SignError::Structure("the signature can't be read")
}

/// RFC 5652, sections 5.1 and 5.3: version 1 for certificates alone and a signer named by its
/// issuer.
pub(super) const V1: u32 = 1;
/// A tag and the longest length that the library writes.
const LONGEST_HEADER: usize = 6;
/// More than any path that is in use has.
const LONGEST_CHAIN: usize = 16;
pub(super) const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
pub(super) const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
pub(super) const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
pub(super) const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
pub(super) const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
pub(super) const ALGORITHM_PROTECTION: ObjectIdentifier = oid("1.2.840.113549.1.9.52");
/// id-aa-timeStampToken. RFC 3161, appendix A.
pub(super) const TIMESTAMP_TOKEN: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::proof::contents;
    use crate::sign::tests::{authority, noon, now, unsigned};

    #[test]
    fn what_is_written_here_is_the_der_that_another_encoder_writes() {
        let signer = authority("encoded").into_signer().unwrap();
        let open = unsigned(4096);
        let hole = open.slot().contents.clone();
        let signed = now(signer.seal(open, noon())).unwrap();
        let written = contents(signed.bytes(), &hole).unwrap();
        let content = der::Any::encode_from(&read(&written).unwrap()).unwrap();
        let again = ContentInfo { content_type: SIGNED_DATA, content }.to_der().unwrap();
        assert_eq!(written, again);
    }

    #[test]
    fn an_element_has_the_shortest_length() {
        for (length, head) in [
            (0, [4, 0].as_slice()),
            (127, &[4, 127]),
            (128, &[4, 0x81, 128]),
            (256, &[4, 0x82, 1, 0]),
        ] {
            let whole = element(OCTETS, &[&vec![9; length]]).unwrap();
            assert_eq!(&whole[..head.len()], head);
            assert_eq!(whole.len(), head.len() + length);
            assert!(asn1::sole(&whole).is_ok());
        }
    }
}
