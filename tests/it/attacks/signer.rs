//! Signatures that are whole but for who made them, when, of what, or how. Each stands in the hole
//! of a real order.

use jiff::{SignedDuration, Timestamp};
use spo::digest::sha256;
use spo::verify::Reason::*;

use super::base::Base;
use super::der::{ECDSA_SHA_1, MD5, SHA_1, octets};
use super::people::{
    BINDING, CERTIFIES, DIGEST, MESSAGE_DIGEST, Making, Person, SERVING, Says, attribute, binding,
    sha1,
};
use super::update::{contents, covered, filled, put};
use super::{Attack, attack};
use crate::harness::now;

pub fn attacks(base: &Base) -> Vec<Attack> {
    let mut attacks = certificates(base);
    attacks.extend(forms(base));
    attacks.extend(attributes(base));
    attacks.extend(times(base));
    attacks
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// The order signed by somebody, in a form of their own.
pub fn signed(base: &Base, change: impl FnOnce(&mut Making), by: &Person) -> Vec<u8> {
    let mut making = Making::new(&covered(&base.order), by);
    change(&mut making);
    filled(&base.order, &making.made(by))
}

fn certificates(base: &Base) -> Vec<Attack> {
    let of = |name, says: Says| signed(base, |_| (), &Person::new(name, &base.court, &says));
    let root = Person::root("Court of Fiction");
    let like = Person::new("Clerk", &root, &Says::signer());
    let below = Person::new("Below", &base.clerk, &Says::signer());
    let clerk = base.clerk.certificate.clone();
    let list = |since: Timestamp| base.court.list(&base.clerk, since);
    let stamp = |value: &[u8]| base.stamper.stamp(value, now());
    let revoked = |since, stamped: bool| {
        let mut making = Making::new(&covered(&base.order), &base.clerk);
        making.lists.push(list(since));
        let cms =
            if stamped { making.timestamped(&base.clerk, stamp) } else { making.made(&base.clerk) };
        filled(&base.order, &cms)
    };
    let serving = Says { purpose: Some(SERVING), ..Says::signer() };
    vec![
        attack("signer/wrong-extended-usage", &[WrongUsage], of("Server", serving)),
        attack("signer/a-timestamp-authority", &[WrongUsage], of("Other stamper", Says::stamper())),
        attack("signer/wrong-key-usage", &[WrongUsage], {
            of("Certifier", Says { usage: CERTIFIES, ..Says::signer() })
        }),
        attack("signer/an-authority", &[WrongUsage], {
            of("Office", Says { authority: true, ..Says::signer() })
        }),
        attack(
            "signer/expired",
            &[NotValidThen],
            of("Late", Says { to: now() - days(9), ..Says::signer() }),
        ),
        attack("signer/not-yet-valid", &[NotValidThen], {
            of("Early", Says { from: now() + days(9), ..Says::signer() })
        }),
        attack("signer/a-stranger", &[NoPath], signed(base, |_| (), &base.stranger)),
        attack("signer/of-a-root-of-the-same-name", &[NoPath], {
            signed(base, |making| making.certificates.push(root.certificate.clone()), &like)
        }),
        attack("signer/certified-by-who-is-no-authority", &[NoPath, WrongUsage], {
            signed(base, |making| making.certificates.push(clerk.clone()), &below)
        }),
        attack("signer/revoked", &[Revoked], revoked(now() - days(2), false)),
        attack("signer/revoked-before-the-timestamp", &[Revoked], revoked(now() - days(2), true)),
        attack("signer/none-enclosed", &[CertificateMissing], {
            signed(base, |making| making.certificates.clear(), &base.clerk)
        }),
        attack("signer/other-one-enclosed", &[CertificateMissing], {
            let other = base.judge.certificate.clone();
            signed(base, |making| making.certificates = vec![other], &base.clerk)
        }),
        attack("signer/same-name-and-number", &[CertificateMismatch, SignatureMismatch], {
            let twin = Person::new("Clerk", &base.court, &Says::signer());
            let theirs = base.clerk.certificate.clone();
            signed(base, |making| making.certificates = vec![theirs], &twin)
        }),
        attack("signer/two-of-one-name", &[CertificateMismatch], {
            let twin = Person::new("Clerk", &base.court, &Says::signer());
            let other = twin.certificate.clone();
            signed(base, |making| making.certificates.push(other), &base.clerk)
        }),
    ]
}

fn forms(base: &Base) -> Vec<Attack> {
    let (order, clerk) = (&base.order, &base.clerk);
    let message = covered(order);
    let whole = Making::new(&message, clerk).made(clerk);
    let behind = [whole.clone(), vec![0, 0, 7]].concat();
    let second = |making: &mut Making| making.signers = 2;
    let enclosed = |making: &mut Making| making.content = Some(message.clone()[..99].to_vec());
    let weak = |making: &mut Making| {
        making.digest = SHA_1;
        making.algorithm = ECDSA_SHA_1;
        making.attributes[DIGEST] = attribute(MESSAGE_DIGEST, &octets(&sha1(&message)));
    };
    let weaker = |making: &mut Making| making.digest = MD5;
    let mut longer = whole.clone();
    longer[1] = 0x80;
    vec![
        attack("cms/of-another-order", &[DigestMismatch], filled(order, &contents(&base.other))),
        attack("cms/of-another-order-of-the-same-signer", &[DigestMismatch], {
            filled(order, &Making::new(&covered(&base.other), clerk).made(clerk))
        }),
        attack("cms/sha-1", &[AlgorithmRefused], signed(base, weak, clerk)),
        attack("cms/md5", &[AlgorithmRefused], signed(base, weaker, clerk)),
        attack("cms/two-signers", &[CmsMalformed], signed(base, second, clerk)),
        attack("cms/no-signer", &[CmsMalformed], signed(base, |making| making.signers = 0, clerk)),
        attack("cms/something-behind", &[BytesBehindCms], filled(order, &behind)),
        attack("cms/another-one-behind", &[BytesBehindCms], {
            filled(order, &[contents(order), whole.clone()].concat())
        }),
        attack("cms/content-enclosed", &[CmsMalformed], signed(base, enclosed, clerk)),
        attack(
            "cms/cut",
            &[SignatureMismatch, CmsMalformed],
            filled(order, &whole[..whole.len() - 40]),
        ),
        attack("cms/indefinite-length", &[CmsMalformed], filled(order, &longer)),
        attack("cms/key-of-another", &[SignatureMismatch], {
            filled(order, &Making::new(&message, clerk).made(&base.judge))
        }),
        attack("cms/value-of-zeros", &[SignatureMismatch, CmsMalformed], {
            let cms = contents(order);
            filled(order, &put(&cms, cms.len() - 32, &[0; 32]))
        }),
    ]
}

fn attributes(base: &Base) -> Vec<Attack> {
    let (order, clerk) = (&base.order, &base.clerk);
    let missing: &[_] = &[AttributeMissing];
    let with = |change: &dyn Fn(&mut Making)| signed(base, change, clerk);
    let changed = |change: &dyn Fn(&mut Making)| {
        let making = Making::new(&covered(order), clerk);
        let mut other = Making::new(&covered(order), clerk);
        change(&mut other);
        let kept = making.made(clerk);
        // The value of the first under the attributes of the second.
        let value = kept[kept.len() - 64..].to_vec();
        let mut cms = other.made(clerk);
        let at = cms.len() - 64;
        cms[at..].copy_from_slice(&value);
        filled(order, &cms)
    };
    let malformed: &[_] = &[AttributesMalformed, CmsMalformed];
    let unsigned_flip = {
        let cms = contents(order);
        let digest = sha256(&covered(order));
        let at = memchr::memmem::find(&cms, &digest).unwrap();
        filled(order, &put(&cms, at, &[cms[at] ^ 1]))
    };
    vec![
        attack("attributes/without-the-certificate", missing, {
            with(&|making| drop(making.attributes.remove(BINDING)))
        }),
        attack("attributes/another-certificate", &[CertificateMismatch], {
            with(&|making| making.attributes[BINDING] = binding(&base.judge.certificate))
        }),
        attack("attributes/without-the-digest", missing, {
            with(&|making| drop(making.attributes.remove(DIGEST)))
        }),
        attack("attributes/none", &[AttributeMissing, CmsMalformed, AttributesMalformed], {
            with(&|making| making.attributes.clear())
        }),
        attack("attributes/another-digest", &[DigestMismatch], {
            let other = attribute(MESSAGE_DIGEST, &octets(&sha256(b"another order")));
            with(&move |making| making.attributes[DIGEST] = other.clone())
        }),
        attack("attributes/digest-twice", malformed, {
            with(&|making| making.attributes.push(making.attributes[DIGEST].clone()))
        }),
        attack("attributes/changed-after-the-signature", &[SignatureMismatch, CmsMalformed], {
            let more = attribute("1.2.840.113549.1.9.5", &super::der::short_time(now()));
            changed(&move |making| making.attributes.push(more.clone()))
        }),
        attack("attributes/digest-turned-in-place", &[DigestMismatch], unsigned_flip),
        attack("attributes/of-another-content", &[AttributesMalformed], {
            let other = super::der::oid("1.2.840.113549.1.7.5");
            let other = attribute(super::people::CONTENT_TYPE, &other);
            with(&move |making| making.attributes[0] = other.clone())
        }),
    ]
}

fn times(base: &Base) -> Vec<Attack> {
    let (order, clerk) = (&base.order, &base.clerk);
    let stamped = |stamp: &dyn Fn(&[u8]) -> Vec<u8>| {
        let making = Making::new(&covered(order), clerk);
        filled(order, &making.timestamped(clerk, stamp))
    };
    let liar = Person::new("Liar", &base.stranger, &Says::stamper());
    let unfit = Person::new("Unfit", &base.court, &Says::signer());
    let late = Says { to: now() - days(9), ..Says::signer() };
    let late = Person::new("Late", &base.court, &late);
    let other = Making::new(&covered(&base.other), clerk).made(clerk);
    vec![
        attack("timestamp/of-another-document", &[TimestampImprint], {
            stamped(&|_| base.stamper.stamp(&other, now()))
        }),
        attack("timestamp/by-a-stranger", &[TimestampUntrusted], {
            stamped(&|value| liar.stamp(value, now()))
        }),
        attack("timestamp/by-one-who-may-not", &[TimestampUsage, TimestampUntrusted], {
            stamped(&|value| unfit.stamp(value, now()))
        }),
        attack("timestamp/of-next-year", &[TimestampUntrusted], {
            stamped(&|value| base.stamper.stamp(value, now() + days(300)))
        }),
        attack("timestamp/nonsense", &[TimestampMalformed], stamped(&|_| octets(b"nonsense"))),
        attack("timestamp/changed", &[TimestampSignature, TimestampImprint, TimestampMalformed], {
            stamped(&|value| {
                let mut token = base.stamper.stamp(value, now());
                let last = token.len() - 1;
                token[last] ^= 1;
                token
            })
        }),
        attack("timestamp/does-not-save-the-expired", &[NotValidThen], {
            let making = Making::new(&covered(order), &late);
            filled(order, &making.timestamped(&late, |value| base.stamper.stamp(value, now())))
        }),
    ]
}
