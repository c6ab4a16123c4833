//! The way from a certificate to one that the operator trusts, at an instant. RFC 5280, section 6,
//! by `webpki`: signatures, names, validity, authorities and their depth, name constraints, unknown
//! critical extensions. Beside it, what that leaves out: key usage and the purposes.

use der::asn1::ObjectIdentifier;
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, aws_lc_rs};

use super::certificate::{Certificate, Usage, oid};
use super::reason::Reason;

/// What the certificate at the beginning is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Documents,
    Timestamps,
}

/// Certificates, each signed by the next; the first is the one that was asked about, the last an
/// anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<Certificate>);

impl Path {
    /// The certificates, never fewer than two.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0
    }

    /// Each certificate but the anchor, with its issuer.
    pub fn links(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        self.0.iter().zip(self.0.iter().skip(1))
    }

    /// The instant behind which a certificate of the path has ended; anchors have no end.
    pub fn end(&self) -> Timestamp {
        let ends = self.links().map(|(one, _)| one.not_after());
        ends.min().unwrap_or(Timestamp::MIN)
    }

    /// The one that the operator trusts.
    pub fn anchor(&self) -> Option<&Certificate> {
        self.0.last()
    }
}

/// The path from a certificate to the first anchor that it leads to, at an instant and for a
/// purpose. Of `between`, 64 different ones count.
///
/// # Errors
/// [`Reason::NoPath`] where it leads to none of them; [`Reason::NotValidThen`] and
/// [`Reason::WrongUsage`] where it would, but not at that instant or not for that purpose.
pub fn build(
    leaf: &Certificate,
    between: &[Certificate],
    anchors: &[Certificate],
    (at, purpose): (Timestamp, Purpose),
) -> Result<Path, Reason> {
    let between = distinct(leaf, between);
    let mut reason = Reason::NoPath;
    for anchor in anchors.iter().take(MOST_ANCHORS) {
        match towards(leaf, &between, anchor, (at, purpose)) {
            Ok(path) => return Ok(path),
            Err(Reason::NoPath) => {}
            // The library says what is wrong with a certificate before it has looked for a path.
            Err(other) if leads_to(leaf, &between, anchor) => reason = other,
            Err(_) => {}
        }
    }
    Err(reason)
}

fn towards(
    leaf: &Certificate,
    between: &[&Certificate],
    anchor: &Certificate,
    (at, purpose): (Timestamp, Purpose),
) -> Result<Path, Reason> {
    check_usage(leaf, purpose)?;
    let anchor_der = CertificateDer::from(anchor.der());
    let trusted = [webpki::anchor_from_trusted_cert(&anchor_der).map_err(|_| Reason::NoPath)?];
    let between_der: Vec<_> = between.iter().map(|one| CertificateDer::from(one.der())).collect();
    let leaf_der = CertificateDer::from(leaf.der());
    let entity = EndEntityCert::try_from(&leaf_der).map_err(reason)?;
    let between_of = climb(&entity, &trusted, &between_der, at)?;
    let mut path = vec![leaf.clone()];
    for der in between_of {
        let one = between.iter().find(|one| one.der() == der).ok_or(Reason::NoPath)?;
        // What `webpki` does not look at. RFC 5280, section 6.1.4 (n).
        if one.allows(Usage::CertificateSigning) == Ok(Some(false)) {
            return Err(Reason::WrongUsage);
        }
        check_purpose(one, purpose)?;
        path.push((*one).clone());
    }
    path.push(anchor.clone());
    Ok(Path(path))
}

/// The certificates between, as the library finds them.
fn climb(
    entity: &EndEntityCert<'_>,
    trusted: &[TrustAnchor<'_>],
    between: &[CertificateDer<'_>],
    at: Timestamp,
) -> Result<Vec<Vec<u8>>, Reason> {
    let seconds = u64::try_from(at.as_second()).map_err(|_| Reason::NotValidThen)?;
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let path = entity
        .verify_for_usage(ACCEPTED, trusted, between, time, AnyPurpose, None, None)
        .map_err(reason)?;
    Ok(path.intermediate_certificates().map(|one| one.der().to_vec()).collect())
}

/// Whether the key usage of the certificate at the beginning fits. RFC 5280, section 4.2.1.3: who
/// signs documents must say so; for timestamps the extended key usage says it.
fn check_usage(leaf: &Certificate, purpose: Purpose) -> Result<(), Reason> {
    let allows = |usage| leaf.allows(usage).map_err(|_| Reason::WrongUsage);
    let (signature, commitment) =
        (allows(Usage::DigitalSignature)?, allows(Usage::NonRepudiation)?);
    let fits = match (signature, commitment) {
        (Some(signature), Some(commitment)) => signature || commitment,
        _ => purpose == Purpose::Timestamps,
    };
    if !fits || leaf.is_authority() {
        return Err(Reason::WrongUsage);
    }
    check_purpose(leaf, purpose)
}

/// The purposes are judged here and not by the library, which calls one certificate at a time.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// Whether a certificate names no purpose, or one that fits.
fn check_purpose(certificate: &Certificate, purpose: Purpose) -> Result<(), Reason> {
    let fitting = match purpose {
        Purpose::Documents => DOCUMENTS,
        Purpose::Timestamps => TIMESTAMPS,
    };
    let usages = certificate.extended_usages().map_err(|_| Reason::WrongUsage)?;
    let fits = usages.is_none_or(|(_, usages)| usages.iter().any(|usage| fitting.contains(usage)));
    if fits { Ok(()) } else { Err(Reason::WrongUsage) }
}

/// Whether signatures lead from a certificate to an anchor, whatever the time and the purpose.
fn leads_to(leaf: &Certificate, between: &[&Certificate], anchor: &Certificate) -> bool {
    let mut reached = vec![leaf];
    let mut next = 0;
    let mut left = MOST_CHECKS;
    while let Some(one) = reached.get(next).copied() {
        next += 1;
        if one.is_signed_by(anchor).is_ok() {
            return true;
        }
        for issuer in between.iter().copied().filter(|issuer| one.issuer() == issuer.subject()) {
            if left == 0 {
                return false;
            }
            left -= 1;
            if !reached.contains(&issuer) && one.is_signed_by(issuer).is_ok() {
                reached.push(issuer);
            }
        }
    }
    false
}

fn distinct<'a>(leaf: &Certificate, between: &'a [Certificate]) -> Vec<&'a Certificate> {
    let mut found: Vec<&Certificate> = Vec::new();
    for one in between {
        if one != leaf && !found.contains(&one) && found.len() < MOST_BETWEEN {
            found.push(one);
        }
    }
    found
}

fn reason(error: Error) -> Reason {
    match error {
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } | Error::InvalidCertValidity => {
            Reason::NotValidThen
        }
        Error::CaUsedAsEndEntity
        | Error::EndEntityUsedAsCa
        | Error::EmptyEkuExtension
        | Error::PathLenConstraintViolated
        | Error::NameConstraintViolation
        | Error::UnsupportedCriticalExtension => Reason::WrongUsage,
        _ => Reason::NoPath,
    }
}

const MOST_BETWEEN: usize = 64;
const MOST_ANCHORS: usize = 64;
/// Signatures that are checked to say why a certificate leads nowhere.
const MOST_CHECKS: usize = 64;

/// The algorithms of certificates' signatures: those of `algorithm`, by the library's names.
const ACCEPTED: &[&dyn SignatureVerificationAlgorithm] = &[
    aws_lc_rs::ECDSA_P256_SHA256,
    aws_lc_rs::ECDSA_P256_SHA384,
    aws_lc_rs::ECDSA_P256_SHA512,
    aws_lc_rs::ECDSA_P384_SHA256,
    aws_lc_rs::ECDSA_P384_SHA384,
    aws_lc_rs::ECDSA_P384_SHA512,
    aws_lc_rs::ECDSA_P521_SHA256,
    aws_lc_rs::ECDSA_P521_SHA384,
    aws_lc_rs::ECDSA_P521_SHA512,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA256,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA384,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA512,
    aws_lc_rs::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    aws_lc_rs::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    aws_lc_rs::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

pub(super) const TIME_STAMPING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.8");
const ANY_PURPOSE: ObjectIdentifier = oid("2.5.29.37.0");
/// Purposes under which documents are signed: RFC 9336; mail (RFC 5280, section 4.2.1.12), which
/// stands in for it in older certificates; those of two makers of readers; any.
const DOCUMENTS: &[ObjectIdentifier] = &[
    oid("1.3.6.1.5.5.7.3.36"),
    oid("1.3.6.1.5.5.7.3.4"),
    oid("1.2.840.113583.1.1.5"),
    oid("1.3.6.1.4.1.311.10.3.12"),
    ANY_PURPOSE,
];
const TIMESTAMPS: &[ObjectIdentifier] = &[TIME_STAMPING, ANY_PURPOSE];
