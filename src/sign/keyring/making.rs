//! New keys: with a request for a certificate that an authority answers, or with a certificate of
//! the local test authority.

use std::path::Path;

use jiff::Timestamp;
use rcgen::{CertificateParams, DistinguishedName, DnType};
use zeroize::Zeroizing;

use super::files;
use crate::sign::authority::Authority;
use crate::sign::key::pkcs12;
use crate::sign::key::software::SoftwareKey;
use crate::sign::{Algorithm, Certificate, Secret, SignError};

/// Whom a certificate is to name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub common_name: String,
    pub organisation: Option<String>,
    /// Two letters.
    pub country: String,
}

/// A key with the request for its certificate.
pub struct Made {
    /// PKCS #8 in PEM: for a private file.
    pub key: Zeroizing<String>,
    /// PKCS #10 in PEM: for the authority. RFC 2986.
    pub request: String,
}

/// Makes a key and the request for its certificate.
///
/// # Errors
/// [`SignError::Key`] where the library refuses.
pub fn make(algorithm: Algorithm, subject: &Subject) -> Result<Made, SignError> {
    let key = SoftwareKey::generate(algorithm)?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, subject.country.as_str());
    if let Some(organisation) = &subject.organisation {
        name.push(DnType::OrganizationName, organisation.as_str());
    }
    name.push(DnType::CommonName, subject.common_name.as_str());
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    let request = params.serialize_request(&key).map_err(|_| SignError::Key)?;
    let request = request.pem().map_err(|_| SignError::Key)?.replace("\r\n", "\n");
    Ok(Made { key: key.to_pem()?, request })
}

/// Joins a key (PKCS #8 in PEM) with the certificates that an authority gave for it, its own and
/// those above it in any order (PEM, or one in DER each), in a PKCS #12 file.
///
/// # Errors
/// [`SignError::Unfit`] where a certificate can't be read; [`SignError::Opening`] where the key
/// can't be, or none is the key's.
pub fn joined(
    key: &str,
    certificates: &[Vec<u8>],
    passphrase: &Secret,
) -> Result<Zeroizing<Vec<u8>>, SignError> {
    let mut among: Vec<Certificate> = Vec::new();
    for bytes in certificates {
        let read = match std::str::from_utf8(bytes) {
            Ok(text) => files::certificates(text).filter(|all| !all.is_empty()),
            Err(_) => Certificate::from_der(bytes.clone()).ok().map(|one| vec![one]),
        };
        among.extend(read.ok_or(SignError::Unfit("it can't be read"))?);
    }
    pkcs12::write(key, among, passphrase)
}

/// Makes a key with a certificate of the local test authority, both with the authority's own in one
/// text (PEM).
///
/// # Errors
/// [`SignError::Key`], and those of [`Authority::open`].
pub fn make_test(
    authority: &Path,
    (algorithm, name): (Algorithm, &str),
    now: Timestamp,
) -> Result<Zeroizing<String>, SignError> {
    let authority = Authority::open(authority, now)?;
    let key = SoftwareKey::generate(algorithm)?;
    let certificate = authority.issue(&key, name, now)?;
    let (private, own) = (key.to_pem()?, certificate.to_pem()?);
    let root = authority.root().to_pem()?;
    // At its full size from the start: a text that grew would leave uncleared copies behind.
    let mut text = Zeroizing::new(String::with_capacity(private.len() + own.len() + root.len()));
    for part in [private.as_str(), &own, &root] {
        text.push_str(part);
    }
    Ok(text)
}
