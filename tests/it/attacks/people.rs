//! People with keys and certificates, and signatures of theirs that are right but for one thing.
//! RFC 5280, RFC 5652, RFC 3161.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use jiff::{SignedDuration, Timestamp};
use spo::digest::sha256;

use super::der::*;
use crate::harness::now;

/// Somebody who may sign, stamp or certify.
pub struct Person {
    pub name: &'static str,
    key: EcdsaKeyPair,
    /// Of the certificate that the court's root gave.
    pub certificate: Vec<u8>,
    issuer: Vec<u8>,
    serial: u64,
}

/// What a certificate says.
pub struct Says {
    pub usage: u8,
    pub purpose: Option<&'static str>,
    pub authority: bool,
    pub from: Timestamp,
    pub to: Timestamp,
}

pub const SIGNS: u8 = 0b1100_0000;
pub const CERTIFIES: u8 = 0b0000_0110;
pub const STAMPING: &str = "1.3.6.1.5.5.7.3.8";
pub const SERVING: &str = "1.3.6.1.5.5.7.3.1";

impl Says {
    /// One who signs documents, from last year to next.
    pub fn signer() -> Self {
        let year = SignedDuration::from_hours(365 * 24);
        let (from, to) = (now() - year, now() + year);
        Self { usage: SIGNS, purpose: None, authority: false, from, to }
    }

    pub fn stamper() -> Self {
        Self { purpose: Some(STAMPING), ..Self::signer() }
    }

    fn root() -> Self {
        Self { usage: CERTIFIES, authority: true, ..Self::signer() }
    }

    fn extensions(&self) -> Vec<u8> {
        let unused = u8::try_from(self.usage.trailing_zeros()).unwrap();
        let mut all = vec![extension("2.5.29.15", true, &tlv(3, &[unused, self.usage]))];
        if self.authority {
            all.push(extension("2.5.29.19", true, &seq(&[boolean(true)])));
        }
        if let Some(purpose) = self.purpose {
            all.push(extension("2.5.29.37", purpose == STAMPING, &seq(&[oid(purpose)])));
        }
        seq(&all)
    }
}

impl Person {
    /// A root that says of itself that it is one.
    pub fn root(name: &'static str) -> Self {
        let mut person = Self::unknown(name);
        person.certificate = person.certified(&person, &Says::root());
        person
    }

    /// Somebody whom that issuer certifies.
    pub fn new(name: &'static str, issuer: &Self, says: &Says) -> Self {
        let mut person = Self::unknown(name);
        person.certificate = person.certified(issuer, says);
        person.issuer = subject(issuer.name);
        person
    }

    fn unknown(name: &'static str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref());
        let serial = name.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31) ^ u64::from(byte));
        let (key, issuer) = (key.unwrap(), subject(name));
        Self { name, key, certificate: Vec::new(), issuer, serial: serial >> 1 }
    }

    /// A certificate of this person by that issuer.
    pub fn certified(&self, issuer: &Self, says: &Says) -> Vec<u8> {
        let kind = seq(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]);
        let body = seq(&[
            within(0, &int(2)),
            int(self.serial),
            algorithm(ECDSA_256),
            subject(issuer.name),
            seq(&[short_time(says.from), short_time(says.to)]),
            subject(self.name),
            seq(&[kind, bits(self.key.public_key().as_ref())]),
            within(3, &says.extensions()),
        ]);
        issuer.signed(&body)
    }

    /// A list that says since when that person is revoked.
    pub fn list(&self, revoked: &Self, since: Timestamp) -> Vec<u8> {
        let body = seq(&[
            int(1),
            algorithm(ECDSA_256),
            subject(self.name),
            short_time(now() - SignedDuration::from_hours(1)),
            short_time(now() + SignedDuration::from_hours(100)),
            seq(&[seq(&[int(revoked.serial), short_time(since)])]),
        ]);
        self.signed(&body)
    }

    fn signed(&self, body: &[u8]) -> Vec<u8> {
        seq(&[body.to_vec(), algorithm(ECDSA_256), bits(&self.sign(body))])
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    }

    /// A timestamp of a message.
    pub fn stamp(&self, message: &[u8], at: Timestamp) -> Vec<u8> {
        let info = seq(&[
            int(1),
            oid("1.3.6.1.4.1.99999.1"),
            seq(&[algorithm(SHA_256), octets(&sha256(message))]),
            int(42),
            time(at),
        ]);
        let mut making = Making::new(&info, self);
        making.content_type = TST_INFO;
        making.content = Some(info);
        making.attributes[0] = attribute(CONTENT_TYPE, &oid(TST_INFO));
        making.made(self)
    }
}

fn subject(text: &str) -> Vec<u8> {
    seq(&[
        set(&[seq(&[oid("2.5.4.10"), utf8("Invented Office")])]),
        set(&[seq(&[oid("2.5.4.3"), utf8(text)])]),
    ])
}

fn extension(dotted: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag = if critical { boolean(true) } else { Vec::new() };
    seq(&[oid(dotted), flag, octets(value)])
}

/// A signature before it is made; each part can be made wrong.
pub struct Making {
    pub content_type: &'static str,
    pub content: Option<Vec<u8>>,
    pub digest: &'static str,
    pub algorithm: &'static str,
    pub attributes: Vec<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    pub lists: Vec<Vec<u8>>,
    pub unsigned: Vec<Vec<u8>>,
    pub signers: usize,
    identifier: Vec<u8>,
}

/// What stands at which place among the attributes.
pub const DIGEST: usize = 1;
pub const BINDING: usize = 2;

impl Making {
    /// All as it should be.
    pub fn new(message: &[u8], signer: &Person) -> Self {
        Self {
            content_type: DATA,
            content: None,
            digest: SHA_256,
            algorithm: ECDSA_256,
            attributes: vec![
                attribute(CONTENT_TYPE, &oid(DATA)),
                attribute(MESSAGE_DIGEST, &octets(&sha256(message))),
                binding(&signer.certificate),
            ],
            certificates: vec![signer.certificate.clone()],
            lists: Vec::new(),
            unsigned: Vec::new(),
            signers: 1,
            identifier: seq(&[signer.issuer.clone(), int(signer.serial)]),
        }
    }

    /// The signature with that person's key.
    pub fn made(&self, key: &Person) -> Vec<u8> {
        self.assembled(&key.sign(&set(&self.attributes)))
    }

    /// With a timestamp of what `stamped` says of the signature's value.
    pub fn timestamped(mut self, key: &Person, stamped: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let value = key.sign(&set(&self.attributes));
        self.unsigned.push(attribute(TIMESTAMP, &stamped(&value)));
        self.assembled(&value)
    }

    fn assembled(&self, value: &[u8]) -> Vec<u8> {
        let marked = |tag: u8, parts: &[Vec<u8>]| match parts {
            [] => Vec::new(),
            parts => [&[tag][..], &set(parts)[1..]].concat(),
        };
        let signer = seq(&[
            int(1),
            self.identifier.clone(),
            algorithm(self.digest),
            marked(0xa0, &self.attributes),
            algorithm(self.algorithm),
            octets(value),
            marked(0xa1, &self.unsigned),
        ]);
        let content = self.content.as_ref().map(|content| within(0, &octets(content)));
        let optional = |number, parts: &[Vec<u8>]| match parts {
            [] => Vec::new(),
            parts => within(number, &parts.concat()),
        };
        let data = seq(&[
            int(if self.content.is_some() { 3 } else { 1 }),
            set(&[algorithm(self.digest)]),
            seq(&[oid(self.content_type), content.unwrap_or_default()]),
            optional(0, &self.certificates),
            optional(1, &self.lists),
            tlv(0x31, &vec![signer; self.signers].concat()),
        ]);
        seq(&[oid("1.2.840.113549.1.7.2"), within(0, &data)])
    }
}

/// The signer's certificate by its hash. RFC 5035, section 3.
pub fn binding(certificate: &[u8]) -> Vec<u8> {
    let named = seq(&[octets(&sha256(certificate))]);
    attribute("1.2.840.113549.1.9.16.2.47", &seq(&[seq(&[named])]))
}

pub fn attribute(dotted: &str, value: &[u8]) -> Vec<u8> {
    seq(&[oid(dotted), set(&[value.to_vec()])])
}

pub fn sha1(message: &[u8]) -> Vec<u8> {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, message).as_ref().to_vec()
}

const DATA: &str = "1.2.840.113549.1.7.1";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
pub const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const TIMESTAMP: &str = "1.2.840.113549.1.9.16.2.14";
