//! The request to an OCSP responder. RFC 6960, section 4.1; RFC 9654 for the nonce.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use der::asn1::{Null, OctetString};
use der::{Any, Decode, Encode};
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{CertId, OcspRequest, Request, TbsRequest};

use crate::sign::outside::Wrong;
use crate::verify::Certificate;

/// The request about one certificate, in DER.
///
/// The certificate is named by SHA-1, which every responder knows (RFC 5019, section 2.1.1): a name
/// among the issuer's own certificates, no protection.
///
/// # Errors
/// [`Wrong::Malformed`] where a certificate can't be named.
pub fn ocsp(
    certificate: &Certificate,
    issuer: &Certificate,
    nonce: &[u8; 16],
) -> Result<Vec<u8>, Wrong> {
    write(certificate, issuer, nonce).map_err(|_| Wrong::Malformed)
}

fn write(
    certificate: &Certificate,
    issuer: &Certificate,
    nonce: &[u8; 16],
) -> der::Result<Vec<u8>> {
    let own = x509_cert::Certificate::from_der(certificate.der())?;
    let over = x509_cert::Certificate::from_der(issuer.der())?;
    let key = &over.tbs_certificate.subject_public_key_info.subject_public_key;
    let sha1 = |bytes: &[u8]| OctetString::new(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    let req_cert = CertId {
        hash_algorithm: AlgorithmIdentifierOwned {
            oid: der::asn1::ObjectIdentifier::new_unwrap("1.3.14.3.2.26"),
            parameters: Some(Any::from(Null)),
        },
        issuer_name_hash: sha1(&over.tbs_certificate.subject.to_der()?)?,
        issuer_key_hash: sha1(key.raw_bytes())?,
        serial_number: own.tbs_certificate.serial_number,
    };
    let nonce = Extension {
        extn_id: der::asn1::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2"),
        critical: false,
        extn_value: OctetString::new(OctetString::new(nonce.as_slice())?.to_der()?)?,
    };
    OcspRequest {
        tbs_request: TbsRequest {
            request_list: vec![Request { req_cert, single_request_extensions: None }],
            request_extensions: Some(vec![nonce]),
            ..TbsRequest::default()
        },
        optional_signature: None,
    }
    .to_der()
}

/// Whether the extension's value is our nonce, as the OCTET STRING that it should be.
pub fn same_nonce(value: &[u8], nonce: &[u8; 16]) -> bool {
    value == nonce || value.strip_prefix(&[4, 16]) == Some(nonce)
}

/// The media types of request and answer. RFC 6960, appendix A.
pub const QUERY: &str = "application/ocsp-request";
pub const REPLY: &str = "application/ocsp-response";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::Authority;

    #[test]
    fn a_request_names_one_certificate_and_a_nonce() {
        let folder = std::env::temp_dir().join(format!("spo-{}-ocsp", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let authority = Authority::open(&folder, "2026-11-21T12:00:00Z".parse().unwrap()).unwrap();
        let read = |one: &crate::sign::Certificate| Certificate::read(one.der()).unwrap();
        let (own, issuer) = (read(authority.signer()), read(authority.root()));
        let request = OcspRequest::from_der(&ocsp(&own, &issuer, &[7; 16]).unwrap()).unwrap();
        let [one] = &request.tbs_request.request_list[..] else { panic!("one certificate") };
        assert_eq!(one.req_cert.serial_number.as_bytes(), own.serial());
        let nonce = &request.tbs_request.request_extensions.as_ref().unwrap()[0];
        assert!(same_nonce(nonce.extn_value.as_bytes(), &[7; 16]));
        assert!(!same_nonce(nonce.extn_value.as_bytes(), &[8; 16]));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
