//! The signature as CMS: SignedData, detached, with the attributes of CAdES. RFC 5652; ETSI EN 319
//! 122-1.
//!
//! Signed attributes: content type, message digest, signing certificate (v2), algorithm protection.
//! No signing time: ETSI EN 319 142-1, clause 6.3 puts it in `/M`. Unsigned: nothing, or one
//! timestamp, which is added later to the very same signature.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier,
    SignerInfo, SignerInfos, UnsignedAttributes,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::certificate::Certificate;
use super::{Algorithm, SignError};

/// What all signatures of a signer have in common, made once.
pub(super) struct Form {
    algorithm: Algorithm,
    certificates: CertificateSet,
    signer: SignerIdentifier,
    /// Every signed attribute but the message digest.
    fixed: [Attribute; 3],
}

/// Signed attributes, as parts and as the bytes which are signed.
pub(super) struct ToSign {
    attributes: SignedAttributes,
    der: Vec<u8>,
}

impl ToSign {
    /// The DER of the SET OF, which is what the key signs. RFC 5652, section 5.4.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }
}

impl Form {
    /// The form of a signer with these certificates, its own first.
    pub(super) fn new(chain: &[Certificate]) -> Result<Self, SignError> {
        let Some(own) = chain.first() else {
            return Err(SignError::Unfit("there is none"));
        };
        let choices: Vec<_> = chain
            .iter()
            .map(|certificate| CertificateChoices::Certificate(certificate.parsed().clone()))
            .collect();
        let certificates = CertificateSet::try_from(choices)
            .map_err(|_| SignError::Unfit("a certificate stands twice"))?;
        let body = &own.parsed().tbs_certificate;
        let signer = SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: body.issuer.clone(),
            serial_number: body.serial_number.clone(),
        });
        let algorithm = own.algorithm()?;
        let fixed = fixed_attributes(own, algorithm).map_err(malformed)?;
        Ok(Self { algorithm, certificates, signer, fixed })
    }

    /// How many bytes the whole takes at most: the only part whose length is not the same for each
    /// document is the value.
    pub(super) fn longest(&self, value: usize) -> Result<usize, SignError> {
        let digest = vec![0; self.algorithm.digest().length()];
        Ok(self.assemble(self.signed_attributes(&digest)?, &vec![0; value])?.len())
    }

    /// The attributes to sign for a document with this digest.
    pub(super) fn signed_attributes(&self, digest: &[u8]) -> Result<ToSign, SignError> {
        let digest = OctetString::new(digest).map_err(malformed)?;
        let mut all = self.fixed.to_vec();
        all.push(attribute(MESSAGE_DIGEST, &digest).map_err(malformed)?);
        // In DER the members of a set stand in the order of their bytes; the conversion sorts them
        // so.
        let attributes = SignedAttributes::try_from(all).map_err(malformed)?;
        let der = attributes.to_der().map_err(malformed)?;
        Ok(ToSign { attributes, der })
    }

    /// The whole ContentInfo in DER.
    pub(super) fn assemble(&self, signed: ToSign, signature: &[u8]) -> Result<Vec<u8>, SignError> {
        self.content_info(signed, signature).map_err(malformed)
    }

    fn content_info(&self, signed: ToSign, signature: &[u8]) -> der::Result<Vec<u8>> {
        let signer_info = SignerInfo {
            version: CmsVersion::V1,
            sid: self.signer.clone(),
            digest_alg: self.algorithm.digest().identifier(),
            signed_attrs: Some(signed.attributes),
            signature_algorithm: self.algorithm.identifier(),
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let signed_data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![self.algorithm.digest().identifier()])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
            certificates: Some(self.certificates.clone()),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer_info])?,
        };
        write(&signed_data)
    }
}

/// The SignedData of a ContentInfo. RFC 5652, section 3.
pub(super) fn read(cms: &[u8]) -> der::Result<SignedData> {
    let outer = ContentInfo::from_der(cms)?;
    if outer.content_type != SIGNED_DATA {
        return Err(der::ErrorKind::OidUnknown { oid: outer.content_type }.into());
    }
    outer.content.decode_as()
}

fn write(signed_data: &SignedData) -> der::Result<Vec<u8>> {
    let content = Any::encode_from(signed_data)?;
    ContentInfo { content_type: SIGNED_DATA, content }.to_der()
}

/// The value of the one signature: what a timestamp is asked for. ETSI EN 319 122-1, clause 5.3.
///
/// # Errors
/// [`SignError::Structure`] where there is not one.
pub(super) fn signature_value(cms: &[u8]) -> Result<Vec<u8>, SignError> {
    let signed_data = read(cms).map_err(malformed)?;
    match signed_data.signer_infos.0.as_slice() {
        [signer] => Ok(signer.signature.as_bytes().to_vec()),
        _ => Err(SignError::Structure("there is not one signature")),
    }
}

/// The certificates that stand in it, the one that the signature names first.
///
/// # Errors
/// [`SignError::Structure`] where they can't be read or the signer's is not among them.
pub(super) fn chain(cms: &[u8]) -> Result<Vec<Certificate>, SignError> {
    let signed_data = read(cms).map_err(malformed)?;
    let [SignerInfo { sid: SignerIdentifier::IssuerAndSerialNumber(named), .. }] =
        signed_data.signer_infos.0.as_slice()
    else {
        return Err(SignError::Structure("there is not one signature"));
    };
    let own = |one: &Certificate| {
        let body = &one.parsed().tbs_certificate;
        named.issuer == body.issuer && named.serial_number == body.serial_number
    };
    let set = signed_data.certificates.as_ref().map(|set| set.0.as_slice()).unwrap_or_default();
    let mut chain = Vec::with_capacity(set.len());
    for choice in set {
        let one = Certificate::from_der(choice.to_der().map_err(malformed)?)?;
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
    let mut signed_data = read(cms).map_err(malformed)?;
    let token = Any::from_der(token).map_err(malformed)?;
    if !is_signed_data(&token) {
        return Err(SignError::Structure("the timestamp is none"));
    }
    let mut signers = signed_data.signer_infos.0.into_vec();
    let [signer] = signers.as_mut_slice() else {
        return Err(SignError::Structure("there is not one signature"));
    };
    if signer.unsigned_attrs.is_some() {
        return Err(SignError::Structure("the signature has a timestamp already"));
    }
    signer.unsigned_attrs = Some(one_attribute(token).map_err(malformed)?);
    signed_data.signer_infos = SignerInfos::try_from(signers).map_err(malformed)?;
    write(&signed_data).map_err(malformed)
}

fn one_attribute(token: Any) -> der::Result<UnsignedAttributes> {
    let values = SetOfVec::try_from(vec![token])?;
    UnsignedAttributes::try_from(vec![Attribute { oid: TIMESTAMP_TOKEN, values }])
}

/// Whether a value is a ContentInfo that holds signed data; no more of it is read.
pub(super) fn is_signed_data(value: &Any) -> bool {
    value.decode_as::<ContentInfo>().is_ok_and(|outer| outer.content_type == SIGNED_DATA)
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

fn fixed_attributes(own: &Certificate, algorithm: Algorithm) -> der::Result<[Attribute; 3]> {
    let certificate_hash = OctetString::new(own.sha256().as_slice())?;
    let certificate = SigningCertificateV2 { certificates: vec![EssCertIdV2 { certificate_hash }] };
    Ok([
        attribute(CONTENT_TYPE, &DATA)?,
        attribute(SIGNING_CERTIFICATE_V2, &certificate)?,
        attribute(ALGORITHM_PROTECTION, &protection(algorithm))?,
    ])
}

/// The algorithms of the signatures of one kind of key.
pub(super) fn protection(algorithm: Algorithm) -> AlgorithmProtection {
    AlgorithmProtection {
        digest: algorithm.digest().identifier(),
        signature: Some(algorithm.identifier()),
    }
}

fn attribute<T>(oid: ObjectIdentifier, value: &T) -> der::Result<Attribute>
where
    T: der::EncodeValue + der::Tagged,
{
    let values = SetOfVec::try_from(vec![Any::encode_from(value)?])?;
    Ok(Attribute { oid, values })
}

fn malformed(_: der::Error) -> SignError {
    SignError::Structure("the signature can't be encoded")
}

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
