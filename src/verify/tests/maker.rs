//! People, their keys and what they sign.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use jiff::{SignedDuration, Timestamp};

use super::der::*;
use crate::digest::sha256;
use crate::verify::certificate::Certificate;

pub(in crate::verify) struct Key(EcdsaKeyPair);

impl Key {
    pub(in crate::verify) fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    pub(in crate::verify) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    }

    pub(in crate::verify) fn bits(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }

    fn spki(&self) -> Vec<u8> {
        let kind = seq(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]);
        seq(&[kind, bits(&self.bits())])
    }
}

pub(in crate::verify) fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(in crate::verify) fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count * 24)
}

pub(in crate::verify) fn name(text: &str) -> Vec<u8> {
    seq(&[
        set(&[seq(&[oid("2.5.4.10"), utf8("Invented Office")])]),
        set(&[seq(&[oid("2.5.4.3"), utf8(text)])]),
    ])
}

pub(in crate::verify) fn extension(dotted: &str, critical: bool, value: Vec<u8>) -> Vec<u8> {
    let flag = if critical { boolean(true) } else { Vec::new() };
    seq(&[oid(dotted), flag, octets(&value)])
}

pub(in crate::verify) fn key_usage(mask: u8) -> Vec<u8> {
    extension("2.5.29.15", true, tlv(3, &[mask.trailing_zeros() as u8, mask]))
}

pub(in crate::verify) fn extended(critical: bool, usages: &[&str]) -> Vec<u8> {
    let usages: Vec<_> = usages.iter().map(|usage| oid(usage)).collect();
    extension("2.5.29.37", critical, seq(&usages))
}

pub(in crate::verify) fn authority_extensions() -> Vec<Vec<u8>> {
    vec![extension("2.5.29.19", true, seq(&[boolean(true)])), key_usage(0b0000_0110)]
}

pub(in crate::verify) fn list_at(address: &str) -> Vec<u8> {
    let names = within(0, &within(0, &tlv(0x86, address.as_bytes())));
    extension("2.5.29.31", false, seq(&[seq(&[names])]))
}

pub(in crate::verify) const SIGNS: u8 = 0b1100_0000;
pub(in crate::verify) const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
pub(in crate::verify) const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";

/// Whom a certificate is to be for.
pub(in crate::verify) struct Person {
    pub(in crate::verify) name: String,
    pub(in crate::verify) key: Key,
    pub(in crate::verify) serial: u64,
    pub(in crate::verify) from: Timestamp,
    pub(in crate::verify) to: Timestamp,
    pub(in crate::verify) extensions: Vec<Vec<u8>>,
}

impl Person {
    pub(in crate::verify) fn new(name: &str, extensions: Vec<Vec<u8>>) -> Self {
        let serial =
            name.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31) ^ u64::from(byte)) >> 1;
        let (from, to) = (noon() - days(30), noon() + days(335));
        Self { name: name.to_owned(), key: Key::new(), serial, from, to, extensions }
    }

    pub(in crate::verify) fn authority(name: &str) -> Self {
        Self::new(name, authority_extensions())
    }

    /// One who signs documents.
    pub(in crate::verify) fn signer(name: &str) -> Self {
        Self::new(name, vec![key_usage(SIGNS), list_at("http://crl.test/list")])
    }

    pub(in crate::verify) fn stamper(name: &str) -> Self {
        Self::new(name, vec![key_usage(SIGNS), extended(true, &[TIME_STAMPING])])
    }

    pub(in crate::verify) fn certified_by(&self, issuer: &Self) -> Certificate {
        Certificate::read(&self.der_by(issuer)).unwrap()
    }

    pub(in crate::verify) fn der_by(&self, issuer: &Self) -> Vec<u8> {
        let body = seq(&[
            within(0, &int(2)),
            int(self.serial),
            algorithm(ECDSA_256),
            name(&issuer.name),
            seq(&[time(self.from), time(self.to)]),
            name(&self.name),
            self.key.spki(),
            within(3, &seq(&self.extensions)),
        ]);
        signed(body, &issuer.key, &[])
    }

    pub(in crate::verify) fn own(&self) -> Certificate {
        self.certified_by(self)
    }
}

/// A body with algorithm and signature, as certificates, lists and answers are.
pub(in crate::verify) fn signed(body: Vec<u8>, key: &Key, behind: &[u8]) -> Vec<u8> {
    let signature = bits(&key.sign(&body));
    seq(&[body, algorithm(ECDSA_256), signature, behind.to_vec()])
}

pub(in crate::verify) fn attribute(dotted: &str, values: &[Vec<u8>]) -> Vec<u8> {
    seq(&[oid(dotted), set(values)])
}

pub(in crate::verify) fn binding(certificate: &Certificate) -> Vec<u8> {
    let hash = octets(&certificate.sha256());
    attribute(BINDING, &[seq(&[seq(&[seq(&[hash])])])])
}

pub(in crate::verify) fn protection(digest: &str, signature: &str) -> Vec<u8> {
    let signature = within(1, &oid(signature));
    attribute("1.2.840.113549.1.9.52", &[seq(&[algorithm(digest), signature])])
}

pub(in crate::verify) const DATA: &str = "1.2.840.113549.1.7.1";
pub(in crate::verify) const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
pub(in crate::verify) const BINDING: &str = "1.2.840.113549.1.9.16.2.47";
pub(in crate::verify) const STAMP: &str = "1.2.840.113549.1.9.16.2.14";

/// A signature to be made; every part can be made wrong before.
pub(in crate::verify) struct Making {
    pub(in crate::verify) content_type: &'static str,
    /// Enclosed where it is there.
    pub(in crate::verify) content: Option<Vec<u8>>,
    pub(in crate::verify) digest: &'static str,
    pub(in crate::verify) algorithm: &'static str,
    pub(in crate::verify) attributes: Vec<Vec<u8>>,
    pub(in crate::verify) certificates: Vec<Vec<u8>>,
    pub(in crate::verify) lists: Vec<Vec<u8>>,
    pub(in crate::verify) unsigned: Vec<Vec<u8>>,
    pub(in crate::verify) identifier: Vec<u8>,
    pub(in crate::verify) signers: usize,
}

impl Making {
    /// A whole signature of `message`, detached.
    pub(in crate::verify) fn new(message: &[u8], certificate: &Certificate) -> Self {
        Self {
            content_type: DATA,
            content: None,
            digest: SHA_256,
            algorithm: ECDSA_256,
            attributes: vec![
                attribute("1.2.840.113549.1.9.3", &[oid(DATA)]),
                attribute("1.2.840.113549.1.9.4", &[octets(&sha256(message))]),
                binding(certificate),
                protection(SHA_256, ECDSA_256),
            ],
            certificates: vec![certificate.der().to_vec()],
            lists: Vec::new(),
            unsigned: Vec::new(),
            identifier: seq(&[certificate.issuer().to_vec(), tlv(2, certificate.serial())]),
            signers: 1,
        }
    }

    /// A timestamp.
    pub(in crate::verify) fn stamp(info: Vec<u8>, certificate: &Certificate) -> Self {
        let mut making = Self::new(&info, certificate);
        making.content_type = TST_INFO;
        making.content = Some(info);
        making.attributes[0] = attribute("1.2.840.113549.1.9.3", &[oid(TST_INFO)]);
        making
    }

    pub(in crate::verify) fn signed(&self, key: &Key) -> Vec<u8> {
        let signature = key.sign(&set(&self.attributes));
        self.assembled(&signature)
    }

    /// With a signature made before, and an unsigned attribute that may depend on it.
    pub(in crate::verify) fn assembled(&self, signature: &[u8]) -> Vec<u8> {
        let unsigned = if self.unsigned.is_empty() {
            Vec::new()
        } else {
            [&[0xa1][..], &set(&self.unsigned)[1..]].concat()
        };
        let signer = seq(&[
            int(1),
            self.identifier.clone(),
            algorithm(self.digest),
            [&[0xa0][..], &set(&self.attributes)[1..]].concat(),
            algorithm(self.algorithm),
            octets(signature),
            unsigned,
        ]);
        let content = self.content.as_ref().map(|content| within(0, &octets(content)));
        let lists =
            if self.lists.is_empty() { Vec::new() } else { within(1, &self.lists.concat()) };
        let data = seq(&[
            int(3),
            set(&[algorithm(self.digest)]),
            seq(&[oid(self.content_type), content.unwrap_or_default()]),
            within(0, &self.certificates.concat()),
            lists,
            tlv(0x31, &vec![signer; self.signers].concat()),
        ]);
        seq(&[oid("1.2.840.113549.1.7.2"), within(0, &data)])
    }
}

/// What a timestamp says, at a time spelt as given.
pub(in crate::verify) fn info(message: &[u8], spelt: &str, nonce: Option<u64>) -> Vec<u8> {
    seq(&[
        int(1),
        oid("1.3.6.1.4.1.99999.1"),
        seq(&[algorithm(SHA_256), octets(&sha256(message))]),
        int(42),
        tlv(24, spelt.as_bytes()),
        nonce.map(int).unwrap_or_default(),
    ])
}

/// An OCSP answer to be made.
pub(in crate::verify) struct Answering {
    pub(in crate::verify) status: Vec<u8>,
    pub(in crate::verify) this_update: Timestamp,
    pub(in crate::verify) next_update: Option<Timestamp>,
    pub(in crate::verify) hash: &'static str,
    pub(in crate::verify) extensions: Vec<Vec<u8>>,
}

impl Answering {
    pub(in crate::verify) fn good() -> Self {
        Self {
            status: tlv(0x80, &[]),
            this_update: noon(),
            next_update: Some(noon() + days(1)),
            hash: SHA_1,
            extensions: Vec::new(),
        }
    }

    pub(in crate::verify) fn revoked(at: Timestamp, reason: u8) -> Self {
        let reason = within(0, &tlv(10, &[reason]));
        Self { status: tlv(0xa1, &[time(at), reason].concat()), ..Self::good() }
    }

    /// The whole response, signed by one who encloses these certificates.
    pub(in crate::verify) fn by(
        &self,
        responder: &Person,
        enclosed: &[&Certificate],
        (certificate, issuer): (&Certificate, &Certificate),
    ) -> Vec<u8> {
        let hash = |bytes: &[u8]| match self.hash {
            SHA_1 => crate::verify::algorithm::sha1(bytes),
            _ => sha256(bytes).to_vec(),
        };
        let id = seq(&[
            algorithm(self.hash),
            octets(&hash(issuer.subject())),
            octets(&hash(issuer.key_bits().unwrap())),
            tlv(2, certificate.serial()),
        ]);
        let next = self.next_update.map(|next| within(0, &time(next))).unwrap_or_default();
        let single = seq(&[id, self.status.clone(), time(self.this_update), next]);
        let extensions =
            if self.extensions.is_empty() { Vec::new() } else { within(1, &seq(&self.extensions)) };
        let body = seq(&[
            within(1, &name(&responder.name)),
            time(self.this_update),
            seq(&[single]),
            extensions,
        ]);
        let enclosed: Vec<_> = enclosed.iter().map(|one| one.der().to_vec()).collect();
        let behind = if enclosed.is_empty() { Vec::new() } else { within(0, &seq(&enclosed)) };
        let basic = signed(body, &responder.key, &behind);
        let bytes = seq(&[oid("1.3.6.1.5.5.7.48.1.1"), octets(&basic)]);
        seq(&[tlv(10, &[0]), within(0, &bytes)])
    }
}

/// A list to be made.
pub(in crate::verify) struct Listing {
    pub(in crate::verify) this_update: Timestamp,
    pub(in crate::verify) next_update: Option<Timestamp>,
    pub(in crate::verify) entries: Vec<Vec<u8>>,
    pub(in crate::verify) extensions: Vec<Vec<u8>>,
}

impl Listing {
    pub(in crate::verify) fn empty() -> Self {
        Self {
            this_update: noon(),
            next_update: Some(noon() + days(7)),
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub(in crate::verify) fn by(&self, issuer: &Person) -> Vec<u8> {
        let optional = |parts: &[Vec<u8>]| {
            if parts.is_empty() { Vec::new() } else { seq(parts) }
        };
        let extensions = optional(&self.extensions);
        let extensions = if extensions.is_empty() { extensions } else { within(0, &extensions) };
        let body = seq(&[
            int(1),
            algorithm(ECDSA_256),
            name(&issuer.name),
            time(self.this_update),
            self.next_update.map(time).unwrap_or_default(),
            optional(&self.entries),
            extensions,
        ]);
        signed(body, &issuer.key, &[])
    }
}

pub(in crate::verify) fn entry(
    certificate: &Certificate,
    at: Timestamp,
    extensions: &[Vec<u8>],
) -> Vec<u8> {
    let extensions = if extensions.is_empty() { Vec::new() } else { seq(extensions) };
    seq(&[tlv(2, certificate.serial()), time(at), extensions])
}
