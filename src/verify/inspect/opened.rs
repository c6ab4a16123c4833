//! A signer's signature, taken out of its hole and held against the bytes that it covers.

use super::super::algorithm::Strength;
use super::super::asn1;
use super::super::certificate::Certificate;
use super::super::cms::{Binding, DATA, SignedData};
use super::super::reason::{Reason, Weight};
use super::super::report::Integrity;
use super::super::structure::Placed;

/// A signature that could be read.
pub(super) struct Opened {
    pub(super) signed: SignedData,
    pub(super) certificate: Certificate,
    pub(super) integrity: Integrity,
    pub(super) findings: Vec<(Reason, Weight)>,
    /// Its form is that of a baseline signature. ETSI EN 319 142-1, clause 6.3.
    pub(super) is_baseline: bool,
}

impl Opened {
    /// Opens a signature that covers these parts.
    ///
    /// # Errors
    /// Why it can't be read, or names nobody.
    pub(super) fn read(placed: &Placed, parts: &[&[u8]]) -> Result<Self, Reason> {
        let etsi = match placed.sub_filter.as_str() {
            CADES => true,
            PKCS7 => false,
            _ => return Err(Reason::AlgorithmRefused),
        };
        let signed = SignedData::read(sole(&placed.contents)?)?;
        if signed.content_type != DATA || signed.content.is_some() {
            return Err(Reason::CmsMalformed);
        }
        let certificate = signed.signer()?.clone();
        let same = signed.digest()? == signed.hash().of(parts);
        let mut findings = Vec::new();
        if !same {
            findings.push((Reason::DigestMismatch, Weight::Fatal));
        }
        let mut binding = Binding::None;
        match signed.check(&certificate) {
            Ok(checked) => {
                binding = checked.binding;
                if checked.strength == Strength::Short {
                    findings.push((Reason::ShortKey, Weight::Note));
                }
            }
            Err(reason @ (Reason::SignatureMismatch | Reason::CertificateMismatch)) => {
                findings.push((reason, Weight::Fatal));
            }
            Err(reason) => return Err(reason),
        }
        let broken = findings.iter().any(|(_, weight)| *weight == Weight::Fatal);
        if !broken && binding != Binding::Strong {
            // Where the form promises the certificate's name under the signature, it must stand
            // there; in older forms its absence is worth a word.
            if etsi && binding == Binding::None {
                return Err(Reason::AttributeMissing);
            }
            findings.push((Reason::AttributeMissing, Weight::Note));
        }
        let is_baseline = etsi
            && binding == Binding::Strong
            && !signed.claims_time()
            && placed.claimed_time.is_some();
        let integrity = if broken { Integrity::Broken } else { Integrity::Intact };
        Ok(Self { signed, certificate, integrity, findings, is_baseline })
    }

    /// Revocation answers that the signature itself holds.
    pub(super) fn answers(&self) -> impl Iterator<Item = &[u8]> {
        self.signed.answers.iter().map(Vec::as_slice)
    }
}

/// The DER at the beginning of a hole, behind which only zeros stand.
pub(super) fn sole(contents: &[u8]) -> Result<&[u8], Reason> {
    let (element, behind) = asn1::first(contents).map_err(|_| Reason::CmsMalformed)?;
    if behind.iter().all(|byte| *byte == 0) {
        Ok(element.whole)
    } else {
        Err(Reason::BytesBehindCms)
    }
}

const CADES: &str = "ETSI.CAdES.detached";
const PKCS7: &str = "adbe.pkcs7.detached";
