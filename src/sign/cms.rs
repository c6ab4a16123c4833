//! The signature as CMS: SignedData, detached, with the attributes of CAdES. RFC 5652; ETSI EN 319
//! 122-1.
//!
//! Signed attributes: content type, message digest, signing certificate (v2), algorithm protection.
//! No signing time: ETSI EN 319 142-1, clause 6.3 puts it in `/M`.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier,
    SignerInfo, SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Encode, Sequence};
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::SignError;
use super::certificate::Certificate;

/// What all signatures of a signer have in common, made once.
pub(super) struct Form {
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
        let fixed = fixed_attributes(own).map_err(malformed)?;
        Ok(Self { certificates, signer, fixed })
    }

    /// The attributes to sign for a document with this digest.
    pub(super) fn signed_attributes(&self, digest: &[u8; 32]) -> Result<ToSign, SignError> {
        let digest = OctetString::new(digest.as_slice()).map_err(malformed)?;
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
            digest_alg: algorithm(SHA_256),
            signed_attrs: Some(signed.attributes),
            signature_algorithm: algorithm(ECDSA_WITH_SHA_256),
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let signed_data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA_256)])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
            certificates: Some(self.certificates.clone()),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer_info])?,
        };
        let content = Any::encode_from(&signed_data)?;
        ContentInfo { content_type: SIGNED_DATA, content }.to_der()
    }
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

fn fixed_attributes(own: &Certificate) -> der::Result<[Attribute; 3]> {
    let certificate_hash = OctetString::new(own.sha256().as_slice())?;
    let certificate = SigningCertificateV2 { certificates: vec![EssCertIdV2 { certificate_hash }] };
    Ok([
        attribute(CONTENT_TYPE, &DATA)?,
        attribute(SIGNING_CERTIFICATE_V2, &certificate)?,
        attribute(ALGORITHM_PROTECTION, &protection())?,
    ])
}

/// The algorithms of every signature made here.
pub(super) fn protection() -> AlgorithmProtection {
    AlgorithmProtection {
        digest: algorithm(SHA_256),
        signature: Some(algorithm(ECDSA_WITH_SHA_256)),
    }
}

/// An algorithm without parameters: RFC 5754, section 2 and RFC 5758, section 3.2.
pub(super) const fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
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
pub(super) const SHA_256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
pub(super) const ECDSA_WITH_SHA_256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}
