//! A timestamp: who says that some bytes were there, and when. RFC 3161, section 2.4.2; RFC 5816.
//!
//! A token is read from a signature, from a document timestamp, or from a service's answer; it is
//! worth something once [`Token::check`] has found whom it leads to.

use der::asn1::ObjectIdentifier;
use jiff::Timestamp;

use super::algorithm::Hash;
use super::asn1::{self, Malformed};
use super::certificate::{Certificate, extension, oid};
use super::cms::{Binding, SignedData};
use super::path::{self, Path, Purpose};
use super::reason::Reason;

/// A timestamp token.
#[derive(Debug, Clone)]
pub struct Token {
    signed: SignedData,
    /// The instant that the authority gives, to a fraction of a second.
    pub gen_time: Timestamp,
    /// The hash of what was stamped.
    pub imprint: Vec<u8>,
    /// Which hash it is.
    pub imprint_hash: Hash,
    /// The asker's number, as an INTEGER's bytes.
    pub nonce: Option<Vec<u8>>,
    /// The token's own number, as an INTEGER's bytes.
    pub serial: Vec<u8>,
    /// Under which rules the authority made it.
    pub policy: ObjectIdentifier,
}

impl Token {
    /// Reads a TimeStampToken in DER with nothing behind it.
    ///
    /// # Errors
    /// [`Reason::TimestampMalformed`] where it is none; [`Reason::AlgorithmRefused`] where its
    /// hashes do not count.
    pub fn read(der: &[u8]) -> Result<Self, Reason> {
        let signed = SignedData::read(der).map_err(|reason| match reason {
            Reason::AlgorithmRefused => reason,
            _ => Reason::TimestampMalformed,
        })?;
        let content = signed.content.as_deref().ok_or(Reason::TimestampMalformed)?;
        if signed.content_type != TST_INFO {
            return Err(Reason::TimestampMalformed);
        }
        let info = Info::read(content)?;
        Ok(Self {
            gen_time: info.gen_time,
            imprint: info.imprint,
            imprint_hash: info.imprint_hash,
            nonce: info.nonce,
            serial: info.serial,
            policy: info.policy,
            signed,
        })
    }

    /// The certificates that it encloses.
    pub fn certificates(&self) -> &[Certificate] {
        &self.signed.certificates
    }

    /// Revocation lists and answers that it encloses, in DER.
    pub fn answers(&self) -> &[Vec<u8>] {
        &self.signed.answers
    }

    /// The authority's certificate, where it is enclosed. Nothing is checked.
    pub fn authority(&self) -> Option<&Certificate> {
        self.signed.signer().ok()
    }

    /// Whether it is of these bytes, one part after another.
    pub fn is_of(&self, parts: &[&[u8]]) -> bool {
        self.imprint_hash.of(parts) == self.imprint
    }

    /// Whether its authority's key signed it; gives the authority's certificate.
    ///
    /// # Errors
    /// [`Reason::TimestampSignature`] where not; [`Reason::AlgorithmRefused`].
    pub fn signed_by(&self) -> Result<&Certificate, Reason> {
        let refuse = |reason| match reason {
            Reason::AlgorithmRefused => reason,
            _ => Reason::TimestampSignature,
        };
        let authority = self.signed.signer().map_err(refuse)?;
        let checked = self.signed.check(authority).map_err(refuse)?;
        let content = self.signed.content.as_deref().unwrap_or_default();
        let whole = self.signed.digest() == Ok(self.signed.hash().of(&[content]).as_slice());
        if whole && checked.binding != Binding::None {
            Ok(authority)
        } else {
            Err(Reason::TimestampSignature)
        }
    }

    /// Whether it is of these bytes, whole, from an authority whose certificate is for timestamps
    /// alone and leads to one of the anchors at the token's own time; gives the path. `known` are
    /// further certificates that may stand between.
    ///
    /// # Errors
    /// [`Reason::TimestampImprint`], [`Reason::TimestampSignature`], [`Reason::TimestampUsage`],
    /// [`Reason::AlgorithmRefused`]; [`Reason::TimestampUntrusted`] where there is no path then.
    pub fn check(
        &self,
        parts: &[&[u8]],
        known: &[Certificate],
        anchors: &[Certificate],
    ) -> Result<Path, Reason> {
        if !self.is_of(parts) {
            return Err(Reason::TimestampImprint);
        }
        self.signed_by()?;
        self.path(known, anchors)
    }

    /// The path of its authority at the token's own time; the token itself is not checked.
    ///
    /// # Errors
    /// [`Reason::TimestampUsage`], [`Reason::TimestampUntrusted`].
    pub fn path(&self, known: &[Certificate], anchors: &[Certificate]) -> Result<Path, Reason> {
        let authority = self.signed.signer().map_err(|_| Reason::TimestampSignature)?;
        if !is_for_timestamps(authority) {
            return Err(Reason::TimestampUsage);
        }
        let between = [self.certificates(), known].concat();
        path::build(authority, &between, anchors, (self.gen_time, Purpose::Timestamps)).map_err(
            |reason| match reason {
                Reason::WrongUsage => Reason::TimestampUsage,
                _ => Reason::TimestampUntrusted,
            },
        )
    }
}

/// Whether a certificate is for timestamps and says so as it must: extended key usage, critical, of
/// one purpose. RFC 3161, section 2.3.
pub(super) fn is_for_timestamps(certificate: &Certificate) -> bool {
    matches!(
        certificate.extended_usages(),
        Ok(Some((true, usages))) if usages == [path::TIME_STAMPING]
    )
}

/// The TSTInfo, by its parts.
struct Info {
    gen_time: Timestamp,
    imprint: Vec<u8>,
    imprint_hash: Hash,
    nonce: Option<Vec<u8>>,
    serial: Vec<u8>,
    policy: ObjectIdentifier,
}

impl Info {
    fn read(content: &[u8]) -> Result<Self, Reason> {
        asn1::well_formed(content).map_err(malformed)?;
        let mut parts = asn1::sole(content).and_then(|c| c.tagged_sequence()).map_err(malformed)?;
        let (policy, hash, imprint) = head(&mut parts).map_err(malformed)?;
        let imprint_hash = Hash::named(&hash).map_err(|_| Reason::AlgorithmRefused)?;
        if imprint.len() != imprint_hash.of(&[]).len() {
            return Err(Reason::TimestampMalformed);
        }
        let (serial, gen_time, nonce) = tail(parts).map_err(malformed)?;
        Ok(Self { gen_time, imprint, imprint_hash, nonce, serial, policy })
    }
}

type Imprint<'a> = (ObjectIdentifier, asn1::Element<'a>, Vec<u8>);

/// Version, policy and imprint.
fn head<'a>(parts: &mut asn1::Reader<'a>) -> Result<Imprint<'a>, Malformed> {
    if parts.take(asn1::INTEGER)?.number()? != 1 {
        return Err(Malformed);
    }
    let policy = parts.take(asn1::OID)?.oid()?;
    let mut imprint = parts.inside(asn1::SEQUENCE)?;
    let hash = imprint.take(asn1::SEQUENCE)?;
    let bytes = imprint.take(asn1::OCTETS)?.octets()?.to_vec();
    imprint.end()?;
    Ok((policy, hash, bytes))
}

type Tail = (Vec<u8>, Timestamp, Option<Vec<u8>>);

/// Serial number, time, and what may follow: accuracy, order, nonce, name, extensions.
fn tail(mut parts: asn1::Reader<'_>) -> Result<Tail, Malformed> {
    let serial = parts.take(asn1::INTEGER)?.integer()?.to_vec();
    let gen_time = parts.take(asn1::GENERALIZED_TIME)?.time()?;
    parts.optional(asn1::SEQUENCE)?;
    if let Some(ordering) = parts.optional(asn1::BOOLEAN)? {
        ordering.boolean()?;
    }
    let nonce = match parts.optional(asn1::INTEGER)? {
        Some(nonce) => Some(nonce.integer()?.to_vec()),
        None => None,
    };
    parts.optional(asn1::constructed(0))?;
    if let Some(extensions) = parts.optional(asn1::constructed(1))? {
        let mut list = extensions.inside();
        while !list.is_empty() {
            // None is known here, so none may be critical.
            let (_, critical, _) = extension(&list.next()?)?;
            if critical {
                return Err(Malformed);
            }
        }
    }
    parts.end()?;
    Ok((serial, gen_time, nonce))
}

fn malformed(_: Malformed) -> Reason {
    Reason::TimestampMalformed
}

const TST_INFO: ObjectIdentifier = oid("1.2.840.113549.1.9.16.1.4");
