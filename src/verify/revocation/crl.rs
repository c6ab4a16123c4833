//! A list of revoked certificates. RFC 5280, section 5: signed by the issuer itself, whole (no
//! delta), for all reasons.

use std::ops::Range;

use der::asn1::ObjectIdentifier;
use jiff::Timestamp;

use super::ocsp::value_of;
use super::{Doubt, Moment, Revoked, Said, fresh};
use crate::verify::algorithm::Claim;
use crate::verify::asn1::{self, Element, Malformed, Reader};
use crate::verify::certificate::{Certificate, Usage, extension, full_names, oid};

/// A list with the bytes that it was read from; its entries are read when asked.
#[derive(Debug, Clone)]
pub struct List {
    /// When it was known to be so.
    pub this_update: Timestamp,
    /// When a newer list will be there.
    pub next_update: Option<Timestamp>,
    der: Vec<u8>,
    body: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    issuer: Range<usize>,
    entries: Range<usize>,
    scope: Scope,
}

/// Of which certificates a list speaks. RFC 5280, section 5.2.5.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Scope {
    /// The addresses at which it lies, where it is part of a whole.
    points: Option<Vec<String>>,
    users_only: bool,
    authorities_only: bool,
}

impl List {
    /// Reads a CertificateList in DER with nothing behind it.
    ///
    /// # Errors
    /// [`Doubt::Malformed`]; [`Doubt::Unsupported`] where it is a delta, indirect, of some reasons
    /// only, or has an unknown critical extension.
    pub fn read(der: &[u8]) -> Result<Self, Doubt> {
        asn1::well_formed(der).map_err(malformed)?;
        let parts = Parts::read(der).map_err(malformed)?;
        let scope = match parts.extensions {
            Some(list) => scope(&list)?,
            None => Scope::default(),
        };
        let place = |part: &[u8]| {
            let start = part.as_ptr().addr() - der.as_ptr().addr();
            start..start + part.len()
        };
        Ok(Self {
            this_update: parts.this_update,
            next_update: parts.next_update,
            body: place(parts.body),
            algorithm: place(parts.algorithm),
            signature: place(parts.signature),
            issuer: place(parts.issuer),
            entries: parts.entries.map_or(0..0, place),
            der: der.to_vec(),
            scope,
        })
    }

    /// What it says of a certificate of this issuer at a moment. RFC 5280, section 6.3.3.
    ///
    /// # Errors
    /// Each [`Doubt`] with its cause.
    pub fn check(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        moment: Moment,
    ) -> Result<Said, Doubt> {
        let named = &self.der[self.issuer.clone()];
        let same = named == issuer.subject() && named == certificate.issuer();
        if !same || !self.scope.holds(certificate) {
            return Err(Doubt::Other);
        }
        if !matches!(issuer.allows(Usage::ListSigning), Ok(None | Some(true))) {
            return Err(Doubt::Signer);
        }
        self.check_signature(issuer)?;
        let revoked = self.entry(certificate.serial())?;
        // Who was revoked stays so: only silence grows old.
        if revoked.is_none() {
            fresh((self.this_update, self.next_update), certificate, moment)?;
        }
        let (this_update, next_update) = (self.this_update, self.next_update);
        Ok(Said { this_update, next_update, revoked, responder: None })
    }

    fn check_signature(&self, issuer: &Certificate) -> Result<(), Doubt> {
        let claim = Claim {
            key: issuer.key(),
            identifier: asn1::sole(&self.der[self.algorithm.clone()]).map_err(malformed)?,
            hash: None,
            message: &self.der[self.body.clone()],
            signature: &self.der[self.signature.clone()],
        };
        claim.verify().map(|_| ()).map_err(|_| Doubt::Signature)
    }

    /// The entry of a certificate. Every entry is read: a condition in one changes what the next
    /// ones mean.
    fn entry(&self, serial: &[u8]) -> Result<Option<Revoked>, Doubt> {
        let mut entries = Reader::new(&self.der[self.entries.clone()]);
        let mut found = None;
        while !entries.is_empty() {
            let entry = entries.next().map_err(malformed)?;
            let (this, revoked) = revoked(&entry)?;
            if this == serial && found.is_none() {
                found = Some(revoked);
            }
        }
        match found {
            // In a whole list nothing can be taken off a list. RFC 5280, section 5.3.1.
            Some(Revoked { reason: Some(REMOVED), .. }) => Err(Doubt::Unsupported),
            found => Ok(found),
        }
    }
}

impl Scope {
    fn holds(&self, certificate: &Certificate) -> bool {
        let kind =
            if certificate.is_authority() { !self.users_only } else { !self.authorities_only };
        let place = self.points.as_ref().is_none_or(|points| {
            let named = certificate.lists();
            points.iter().any(|point| named.contains(point))
        });
        kind && place
    }
}

struct Parts<'a> {
    body: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
    issuer: &'a [u8],
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    entries: Option<&'a [u8]>,
    extensions: Option<Element<'a>>,
}

impl<'a> Parts<'a> {
    fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let mut outer = asn1::sole(der)?.tagged_sequence()?;
        let body = outer.take(asn1::SEQUENCE)?;
        let algorithm = outer.take(asn1::SEQUENCE)?.whole;
        let signature = outer.take(asn1::BITS)?.bytes_of_bits()?;
        outer.end()?;
        let mut parts = body.inside();
        parts.optional(asn1::INTEGER)?;
        if parts.take(asn1::SEQUENCE)?.whole != algorithm {
            return Err(Malformed);
        }
        let issuer = parts.take(asn1::SEQUENCE)?.whole;
        let this_update = parts.next()?.time()?;
        let next = match parts.optional(asn1::UTC_TIME)? {
            Some(next) => Some(next),
            None => parts.optional(asn1::GENERALIZED_TIME)?,
        };
        let next_update = next.map(|next| next.time()).transpose()?;
        let entries = parts.optional(asn1::SEQUENCE)?.map(|list| list.content);
        let extensions = parts.optional(asn1::constructed(0))?;
        parts.end()?;
        let body = body.whole;
        Ok(Self {
            body,
            algorithm,
            signature,
            issuer,
            this_update,
            next_update,
            entries,
            extensions,
        })
    }
}

fn scope(list: &Element<'_>) -> Result<Scope, Doubt> {
    // A delta's indicator is critical and not the one asked for, so that it is refused here.
    match value_of(ISSUING_POINT, list)? {
        Some(value) => point(value).map_err(malformed)?.ok_or(Doubt::Unsupported),
        None => Ok(Scope::default()),
    }
}

/// An issuing distribution point; `None` where it is of a kind that is not judged.
fn point(value: &[u8]) -> Result<Option<Scope>, Malformed> {
    let mut parts = asn1::sole(value)?.tagged_sequence()?;
    let mut scope = Scope::default();
    while !parts.is_empty() {
        let part = parts.next()?;
        let set = part.content == [0xff];
        match part.tag {
            POINT => {
                let names = full_names(&part)?;
                let addresses = names.iter().filter(|name| name.tag == asn1::context(6));
                let text = |name: &Element<'_>| String::from_utf8(name.content.to_vec()).ok();
                scope.points = Some(addresses.filter_map(text).collect());
            }
            USERS if set => scope.users_only = true,
            AUTHORITIES if set => scope.authorities_only = true,
            _ => return Ok(None),
        }
    }
    Ok(Some(scope))
}

/// An entry: the serial number, and the revocation. RFC 5280, section 5.3.
fn revoked<'a>(entry: &Element<'a>) -> Result<(&'a [u8], Revoked), Doubt> {
    let mut parts = entry.tagged_sequence().map_err(malformed)?;
    let head = |parts: &mut Reader<'a>| -> Result<_, Malformed> {
        Ok((parts.take(asn1::INTEGER)?.integer()?, parts.next()?.time()?))
    };
    let (serial, mut at) = head(&mut parts).map_err(malformed)?;
    let mut reason = None;
    if let Some(list) = parts.optional(asn1::SEQUENCE).map_err(malformed)? {
        let mut list = list.inside();
        while !list.is_empty() {
            let (oid, critical, value) =
                list.next().and_then(|one| extension(&one)).map_err(malformed)?;
            let value = asn1::sole(value).map_err(malformed)?;
            match oid {
                REASON => reason = Some(value.enumerated().map_err(malformed)?),
                INVALIDITY_DATE => at = at.min(value.time().map_err(malformed)?),
                _ if critical => return Err(Doubt::Unsupported),
                _ => {}
            }
        }
    }
    parts.end().map_err(malformed)?;
    Ok((serial, Revoked { at, reason }))
}

fn malformed(_: Malformed) -> Doubt {
    Doubt::Malformed
}

const POINT: u8 = asn1::constructed(0);
const USERS: u8 = asn1::context(1);
const AUTHORITIES: u8 = asn1::context(2);
const REMOVED: u32 = 8;

const REASON: ObjectIdentifier = oid("2.5.29.21");
const INVALIDITY_DATE: ObjectIdentifier = oid("2.5.29.24");
const ISSUING_POINT: ObjectIdentifier = oid("2.5.29.28");
