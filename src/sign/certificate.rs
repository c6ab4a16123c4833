//! A certificate as the signer needs it: when it holds, what it is for, whom it names. RFC 5280.
//!
//! No path building and no revocation here: the signer knows its own chain.

use aws_lc_rs::signature::ParsedPublicKey;
use der::asn1::{PrintableStringRef, Utf8StringRef};
use der::{Decode, Encode, pem};
use jiff::Timestamp;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Time;

use super::pades::sha256;
use super::{Algorithm, SignError, cms};
use crate::verify::Malformed;
use crate::verify::asn1;

/// The organisation which the certificates of a test authority name, and no other's.
pub const TEST_MARK: &str = "TEST - NOT A COURT";

/// A certificate with the bytes that it was read from, and what every signature asks of it, found
/// out once.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
    sha256: [u8; 32],
    issuer_and_serial: Vec<u8>,
    /// None where the key is of no kind that we sign with, or can't be one.
    key: Option<(Algorithm, ParsedPublicKey)>,
}

impl PartialEq for Certificate {
    /// The rest follows from the bytes.
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads DER.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where the bytes are not one certificate.
    pub fn from_der(der: Vec<u8>) -> Result<Self, SignError> {
        let parsed =
            x509_cert::Certificate::from_der(&der).map_err(|_| SignError::Unfit(UNREAD))?;
        let issuer_and_serial = issuer_and_serial(&der).map_err(|_| SignError::Unfit(UNREAD))?;
        let key = key(&parsed.tbs_certificate.subject_public_key_info);
        Ok(Self { sha256: sha256(&der), der, parsed, issuer_and_serial, key })
    }

    /// Reads one certificate in PEM. RFC 7468, section 5.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where there is none.
    pub fn from_pem(text: &str) -> Result<Self, SignError> {
        match pem::decode_vec(text.as_bytes()) {
            Ok((CERTIFICATE, der)) => Self::from_der(der),
            _ => Err(SignError::Unfit(UNREAD)),
        }
    }

    /// Reads certificates in PEM, one after another; words between them are passed over. RFC 7468,
    /// section 5.2.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where there is none, one can't be read, or there are more than 16.
    pub fn chain_from_pem(text: &str) -> Result<Vec<Self>, SignError> {
        let begin = format!("-----BEGIN {CERTIFICATE}-----");
        let end = format!("-----END {CERTIFICATE}-----");
        let mut chain = Vec::new();
        for section in text.split(&begin).skip(1) {
            let (body, _) = section.split_once(&end).ok_or(SignError::Unfit(UNREAD))?;
            chain.push(Self::from_pem(&format!("{begin}{body}{end}\n"))?);
            if chain.len() > LONGEST_CHAIN {
                return Err(SignError::Unfit("there are too many"));
            }
        }
        if chain.is_empty() { Err(SignError::Unfit("there is none")) } else { Ok(chain) }
    }

    /// The certificate in PEM.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where it can't be written so.
    pub fn to_pem(&self) -> Result<String, SignError> {
        pem::encode_string(CERTIFICATE, pem::LineEnding::LF, &self.der)
            .map_err(|_| SignError::Unfit("it can't be written"))
    }

    /// The bytes as read.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The IssuerAndSerialNumber by which a signature names it, made of its own bytes. RFC 5652,
    /// section 10.2.4.
    pub(super) fn issuer_and_serial(&self) -> &[u8] {
        &self.issuer_and_serial
    }

    /// SHA-256 of the DER: the certificate's fingerprint.
    pub const fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// The first instant of validity.
    pub fn not_before(&self) -> Timestamp {
        instant(self.parsed.tbs_certificate.validity.not_before)
    }

    /// The last instant of validity.
    pub fn not_after(&self) -> Timestamp {
        instant(self.parsed.tbs_certificate.validity.not_after)
    }

    /// Whether the certificate is valid at an instant, both ends included. RFC 5280, section
    /// 4.1.2.5.
    ///
    /// # Errors
    /// [`SignError::Certificate`] where it is not.
    pub fn valid_at(&self, at: Timestamp) -> Result<(), SignError> {
        let (not_before, not_after) = (self.not_before(), self.not_after());
        // The last second counts whole.
        if not_before <= at && at.as_second() <= not_after.as_second() {
            Ok(())
        } else {
            Err(SignError::Certificate { not_before, not_after })
        }
    }

    /// Whether the key may sign documents: key usage digitalSignature or nonRepudiation, no
    /// authority.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where it may not. RFC 5280, sections 4.2.1.3 and 4.2.1.9.
    pub fn allows_signing_documents(&self) -> Result<(), SignError> {
        let unread = |_| SignError::Unfit("its extensions can't be read");
        let body = &self.parsed.tbs_certificate;
        let usage = body.get::<KeyUsage>().map_err(unread)?;
        if !usage.is_some_and(|(_, usage)| usage.digital_signature() || usage.non_repudiation()) {
            return Err(SignError::Usage("it is not for signing documents"));
        }
        let constraints = body.get::<BasicConstraints>().map_err(unread)?;
        if constraints.is_some_and(|(_, constraints)| constraints.ca) {
            return Err(SignError::Usage("it is an authority's"));
        }
        Ok(())
    }

    /// The subject's common name; empty where it has none.
    pub fn common_name(&self) -> String {
        named(&self.parsed.tbs_certificate.subject, COMMON_NAME).unwrap_or_default()
    }

    /// Whether the certificate comes from a test authority: its subject's organisation is
    /// [`TEST_MARK`].
    pub fn is_test(&self) -> bool {
        named(&self.parsed.tbs_certificate.subject, ORGANISATION).as_deref() == Some(TEST_MARK)
    }

    /// The serial number in hexadecimal.
    pub fn serial(&self) -> String {
        let bytes = self.parsed.tbs_certificate.serial_number.as_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The public key as its kind writes it: a point, uncompressed (SEC 1, section 2.3.3), or an
    /// RSAPublicKey (RFC 8017, appendix A.1.1).
    pub fn public_key(&self) -> &[u8] {
        self.parsed.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes()
    }

    /// How the certificate's key signs.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where it is of no kind that we sign with: another curve, or RSA below
    /// 3072 bits.
    pub fn algorithm(&self) -> Result<Algorithm, SignError> {
        self.key.as_ref().map(|(algorithm, _)| *algorithm).ok_or(SignError::Unfit(REFUSED_KEY))
    }

    /// Whether the certificate's key made this signature over this message. False too for kinds of
    /// keys that we do not sign with.
    pub fn confirms(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.as_ref().is_some_and(|(_, key)| key.verify_sig(message, signature).is_ok())
    }

    /// Whether this certificate says that `issuer` issued it. Names only; the signature is not
    /// checked.
    pub fn names_as_issuer(&self, issuer: &Self) -> bool {
        let theirs = issuer.parsed.tbs_certificate.subject.to_der().ok();
        theirs.is_some() && self.parsed.tbs_certificate.issuer.to_der().ok() == theirs
    }
}

/// The key, ready to verify with, where it is of a kind that we sign with.
fn key(info: &SubjectPublicKeyInfoOwned) -> Option<(Algorithm, ParsedPublicKey)> {
    let bits = info.subject_public_key.raw_bytes();
    let algorithm = Algorithm::of(&info.algorithm, bits)?;
    let key = ParsedPublicKey::new(algorithm.verification(), bits).ok()?;
    Some((algorithm, key))
}

/// Issuer and serial number as they stand in a certificate. RFC 5280, section 4.1.
fn issuer_and_serial(der: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut body = asn1::sole(der)?.inside().inside(asn1::SEQUENCE)?;
    body.optional(asn1::constructed(0))?;
    let serial = body.take(asn1::INTEGER)?.whole;
    body.take(asn1::SEQUENCE)?;
    let issuer = body.take(asn1::SEQUENCE)?.whole;
    cms::element(asn1::SEQUENCE, &[issuer, serial]).map_err(|_| Malformed)
}

/// An instant of a certificate; those beyond our calendar are its end.
fn instant(time: Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

/// The first attribute of this type in a name.
fn named(name: &Name, kind: der::asn1::ObjectIdentifier) -> Option<String> {
    name.0.iter().flat_map(|part| part.0.iter()).find(|part| part.oid == kind).and_then(words)
}

/// The words of an attribute in either of the string types in use.
fn words(part: &AttributeTypeAndValue) -> Option<String> {
    let utf8 = part.value.decode_as::<Utf8StringRef<'_>>().map(|text| text.as_str().to_owned());
    utf8.or_else(|_| {
        part.value.decode_as::<PrintableStringRef<'_>>().map(|text| text.as_str().to_owned())
    })
    .ok()
}

const UNREAD: &str = "it can't be read";
/// More than any path that is in use has.
const LONGEST_CHAIN: usize = 16;
const REFUSED_KEY: &str = "its key is none of P-256, P-384 or RSA of 3072 to 8192 bits";
/// The label of a certificate in PEM. RFC 7468, section 5.
pub(super) const CERTIFICATE: &str = "CERTIFICATE";
const COMMON_NAME: der::asn1::ObjectIdentifier = const_oid("2.5.4.3");
const ORGANISATION: der::asn1::ObjectIdentifier = const_oid("2.5.4.10");

const fn const_oid(dotted: &str) -> der::asn1::ObjectIdentifier {
    der::asn1::ObjectIdentifier::new_unwrap(dotted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::Authority;

    fn certificate(name: &str) -> Certificate {
        let folder = std::env::temp_dir().join(format!("spo-{}-read-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let authority = Authority::open(&folder, "2026-11-21T12:00:00Z".parse().unwrap()).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        authority.signer().clone()
    }

    #[test]
    fn a_certificate_written_in_pem_reads_the_same() {
        let certificate = certificate("pem");
        let again = Certificate::from_pem(&certificate.to_pem().unwrap()).unwrap();
        assert_eq!(again, certificate);
        assert_eq!(again.sha256(), sha256(certificate.der()));
        assert_eq!(again.public_key().len(), 65);
    }

    #[test]
    fn what_is_cut_or_longer_is_no_certificate() {
        let der = certificate("cut").der().to_vec();
        let longer = [der.as_slice(), b"x"].concat();
        for bytes in [&der[1..], &der[..der.len() - 1], &longer, b""] {
            assert!(matches!(Certificate::from_der(bytes.to_vec()), Err(SignError::Unfit(_))));
        }
        assert!(matches!(Certificate::from_pem("words"), Err(SignError::Unfit(_))));
    }

    #[test]
    fn validity_ends_with_its_last_second() {
        let certificate = certificate("validity");
        let (first, last) = (certificate.not_before(), certificate.not_after());
        let second = jiff::SignedDuration::from_secs(1);
        let half = jiff::SignedDuration::from_millis(500);
        for at in [first, last, last + half] {
            assert!(certificate.valid_at(at).is_ok(), "{at}");
        }
        for at in [first - half, last + second, Timestamp::MIN, Timestamp::MAX] {
            assert!(certificate.valid_at(at).is_err(), "{at}");
        }
    }
}
