//! Each accepted algorithm is accepted, each other refused.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{self as aws, EcdsaKeyPair, KeyPair, RsaEncoding};

use super::der::*;
use crate::verify::algorithm::{Claim, Hash, Strength, Unverified};
use crate::verify::asn1;

const MESSAGE: &[u8] = b"what is signed";
const RSA: &str = "1.2.840.113549.1.1.1";
const PSS: &str = "1.2.840.113549.1.1.10";
const HASHES: [(&str, Hash, u64); 3] = [
    (SHA_256, Hash::Sha256, 32),
    (SHA_384, Hash::Sha384, 48),
    ("2.16.840.1.101.3.4.2.3", Hash::Sha512, 64),
];

fn verdict(
    key: &[u8],
    identifier: &[u8],
    hash: Option<Hash>,
    signature: &[u8],
) -> Result<Strength, Unverified> {
    let identifier = asn1::sole(identifier).unwrap();
    Claim { key, identifier, hash, message: MESSAGE, signature }.verify()
}

fn ec_key(curve: &str, point: &[u8]) -> Vec<u8> {
    seq(&[seq(&[oid("1.2.840.10045.2.1"), oid(curve)]), bits(point)])
}

fn rsa_key(kind: &[u8], key: &[u8]) -> Vec<u8> {
    seq(&[kind.to_vec(), bits(key)])
}

fn plain_rsa() -> Vec<u8> {
    seq(&[oid(RSA), tlv(5, &[])])
}

fn pss(hash: &str, mask: &str, salt: u64) -> Vec<u8> {
    let mask = seq(&[oid("1.2.840.113549.1.1.8"), algorithm(mask)]);
    let parts = [within(0, &algorithm(hash)), within(1, &mask), within(2, &int(salt))];
    seq(&[oid(PSS), seq(&parts)])
}

#[test]
fn ecdsa_counts_on_three_curves() {
    let curves = [
        ("1.2.840.10045.3.1.7", &aws::ECDSA_P256_SHA256_ASN1_SIGNING, "1.2.840.10045.4.3.2"),
        ("1.3.132.0.34", &aws::ECDSA_P384_SHA384_ASN1_SIGNING, "1.2.840.10045.4.3.3"),
        ("1.3.132.0.35", &aws::ECDSA_P521_SHA512_ASN1_SIGNING, "1.2.840.10045.4.3.4"),
    ];
    for (curve, signing, name) in curves {
        let pair = EcdsaKeyPair::generate(signing).unwrap();
        let signature = pair.sign(&SystemRandom::new(), MESSAGE).unwrap();
        let key = ec_key(curve, pair.public_key().as_ref());
        let signature = signature.as_ref();
        assert_eq!(verdict(&key, &algorithm(name), None, signature), Ok(Strength::Strong));
        let mut changed = signature.to_vec();
        *changed.last_mut().unwrap() ^= 1;
        let mismatch = Err(Unverified::Mismatch);
        assert_eq!(verdict(&key, &algorithm(name), None, &changed), mismatch);
        // The same key said to be on a curve that does not count; SHA-1; RSA's name.
        let refused = Err(Unverified::Refused);
        let strange = ec_key("1.3.132.0.10", pair.public_key().as_ref());
        assert_eq!(verdict(&strange, &algorithm(name), None, signature), refused);
        let old = algorithm("1.2.840.10045.4.1");
        assert_eq!(verdict(&key, &old, None, signature), refused);
        assert_eq!(verdict(&key, &plain_rsa(), Some(Hash::Sha256), signature), refused);
    }
}

#[test]
fn rsa_counts_with_both_paddings_and_short_keys_are_told() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = pair.public_key().as_ref().to_vec();
    let key = rsa_key(&plain_rsa(), &public);
    let sign = |encoding: &'static dyn RsaEncoding| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &SystemRandom::new(), MESSAGE, &mut signature).unwrap();
        signature
    };
    let short = Ok(Strength::Short);
    let pkcs: [&'static dyn RsaEncoding; 3] =
        [&aws::RSA_PKCS1_SHA256, &aws::RSA_PKCS1_SHA384, &aws::RSA_PKCS1_SHA512];
    let masked: [&'static dyn RsaEncoding; 3] =
        [&aws::RSA_PSS_SHA256, &aws::RSA_PSS_SHA384, &aws::RSA_PSS_SHA512];
    for (index, (name, hash, salt)) in HASHES.into_iter().enumerate() {
        let signature = sign(pkcs[index]);
        let own = seq(&[oid(&format!("1.2.840.113549.1.1.{}", 11 + index)), tlv(5, &[])]);
        assert_eq!(verdict(&key, &own, None, &signature), short);
        assert_eq!(verdict(&key, &plain_rsa(), Some(hash), &signature), short);
        let signature = sign(masked[index]);
        let own = pss(name, name, salt);
        assert_eq!(verdict(&key, &own, Some(hash), &signature), short);
        let alone = rsa_key(&algorithm(PSS), &public);
        assert_eq!(verdict(&alone, &own, None, &signature), short);
        let mut long = vec![0; pair.public_modulus_len()];
        let encoding = longest(hash);
        pair.sign(encoding, &SystemRandom::new(), MESSAGE, &mut long).unwrap();
        assert_eq!(verdict(&key, &pss(name, name, 256 - salt - 2), None, &long), short);
        // The salt is as long as is said, and not longer.
        assert_eq!(verdict(&key, &own, None, &long), Err(Unverified::Mismatch));
        for strange in [pss(name, SHA_1, salt), pss(name, name, 20), pss(SHA_1, name, salt)] {
            let refused = verdict(&key, &strange, None, &signature);
            assert_eq!(refused, Err(Unverified::Refused));
        }
        let bare = algorithm(PSS);
        assert_eq!(verdict(&key, &bare, None, &signature), Err(Unverified::Refused));
    }
    let sha1 = seq(&[oid("1.2.840.113549.1.1.5"), tlv(5, &[])]);
    let signature = sign(&aws::RSA_PKCS1_SHA256);
    assert_eq!(verdict(&key, &sha1, None, &signature), Err(Unverified::Refused));
    assert_eq!(verdict(&key, &plain_rsa(), None, &signature), Err(Unverified::Refused));
}

fn longest(hash: Hash) -> &'static dyn RsaEncoding {
    const fn long(encoding: aws::RsaSignatureEncoding) -> aws::RsaSignatureEncoding {
        encoding.with_pss_salt_length(aws::RsaPssSaltLength::Max)
    }
    match hash {
        Hash::Sha256 => &const { long(aws::RSA_PSS_SHA256) },
        Hash::Sha384 => &const { long(aws::RSA_PSS_SHA384) },
        Hash::Sha512 => &const { long(aws::RSA_PSS_SHA512) },
    }
}

#[test]
fn the_hash_beside_and_inside_are_the_same() {
    let pair = EcdsaKeyPair::generate(&aws::ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let signature = pair.sign(&SystemRandom::new(), MESSAGE).unwrap();
    let key = ec_key("1.2.840.10045.3.1.7", pair.public_key().as_ref());
    let name = algorithm(ECDSA_256);
    let verdict = |hash| verdict(&key, &name, Some(hash), signature.as_ref());
    assert_eq!(verdict(Hash::Sha256), Ok(Strength::Strong));
    assert_eq!(verdict(Hash::Sha384), Err(Unverified::Refused));
}

#[test]
fn rsa_keys_below_2048_bits_are_refused_before_they_are_used() {
    let verdict = |bytes: usize, top: u8| {
        let mut modulus = vec![top];
        modulus.resize(bytes, 0xa5);
        if top >= 0x80 {
            modulus.insert(0, 0);
        }
        let key = rsa_key(&plain_rsa(), &seq(&[tlv(2, &modulus), int(65537)]));
        verdict(&key, &plain_rsa(), Some(Hash::Sha256), &vec![1; bytes]).unwrap_err()
    };
    assert_eq!(verdict(128, 0x80), Unverified::Refused);
    assert_eq!(verdict(256, 0x7f), Unverified::Refused);
    assert_eq!(verdict(256, 0x80), Unverified::Mismatch);
    assert_eq!(verdict(2048, 0x80), Unverified::Refused);
}

#[test]
fn elements_are_read_in_one_form_alone() {
    for der in [
        &[0x30, 0x80, 0, 0][..],
        &[0x30, 0x81, 2, 5, 0],
        &[0x30, 0x85, 0, 0, 0, 0, 2, 5, 0],
        &[0x24, 4, 4, 2, 1, 2],
        &[0x1f, 0x81, 1, 0],
        &[1, 1, 1],
        &[2, 2, 0, 1],
        &[2, 0],
        &[0x10, 0],
        &[0x30, 3, 2, 2, 1],
        &[],
    ] {
        assert!(asn1::well_formed(der).is_err(), "{der:02x?}");
    }
    let deep = |count: usize| (0..count).fold(vec![5, 0], |inner, _| tlv(0x30, &inner));
    assert!(asn1::well_formed(&deep(40)).is_ok());
    assert!(asn1::well_formed(&deep(60)).is_err());
    assert!(asn1::well_formed(&deep(200_000)).is_err());
}

#[test]
fn times_are_read_to_the_fraction_and_nothing_else() {
    let read = |tag, text: &str| asn1::sole(&tlv(tag, text.as_bytes())).unwrap().time().ok();
    let at = |text: &str| Some(text.parse::<jiff::Timestamp>().unwrap());
    assert_eq!(read(23, "261121120000Z"), at("2026-11-21T12:00:00Z"));
    assert_eq!(read(23, "501121120000Z"), at("1950-11-21T12:00:00Z"));
    assert_eq!(read(24, "20261121120000.1234567891Z"), at("2026-11-21T12:00:00.123456789Z"));
    assert_eq!(read(24, "99991231235959Z"), Some(jiff::Timestamp::MAX));
    for text in ["2611211200Z", "261121120000+0000", "261121120000.5Z", "26112112000ΩZ"] {
        assert_eq!(read(23, text), None, "{text}");
    }
    for text in ["20261121120000,5Z", "20260230120000Z", "20261121240000Z", "+0261121120000Z"] {
        assert_eq!(read(24, text), None, "{text}");
    }
}

#[test]
fn words_of_every_type_are_read_without_what_steers() {
    let words = |tag, bytes: &[u8]| asn1::sole(&tlv(tag, bytes)).unwrap().words();
    assert_eq!(words(12, "Ŵyn\u{202e}\u{7}".as_bytes()), "Ŵyn");
    assert_eq!(words(30, &[0x01, 0x74, 0, b'y']), "Ŵy");
    assert_eq!(words(20, b"caf\xe9"), "café");
    assert_eq!(words(4, b"bytes"), "");
    assert_eq!(words(12, &[b'x'; 500]).len(), 256);
}
