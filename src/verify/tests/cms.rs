//! Signatures, whole and each wrong in one way.

use super::der::*;
use super::maker::*;
use crate::digest::sha256;
use crate::verify::algorithm::Strength;
use crate::verify::certificate::Certificate;
use crate::verify::cms::{Binding, SignedData};
use crate::verify::reason::Reason;

const MESSAGE: &[u8] = b"covered bytes";

struct Scene {
    signer: Person,
    certificate: Certificate,
}

fn scene() -> Scene {
    let signer = Person::signer("Signer");
    Scene { certificate: signer.certified_by(&Person::authority("Root")), signer }
}

impl Scene {
    fn making(&self) -> Making {
        Making::new(MESSAGE, &self.certificate)
    }

    fn verdict(&self, making: &Making) -> Result<Binding, Reason> {
        read(&making.signed(&self.signer.key))
    }
}

fn read(der: &[u8]) -> Result<Binding, Reason> {
    let signed = SignedData::read(der)?;
    let checked = signed.check(signed.signer()?)?;
    assert_eq!(checked.strength, Strength::Strong);
    if signed.digest()? == sha256(MESSAGE) {
        Ok(checked.binding)
    } else {
        Err(Reason::DigestMismatch)
    }
}

#[test]
fn a_whole_signature_holds() {
    let scene = scene();
    assert_eq!(scene.verdict(&scene.making()), Ok(Binding::Strong));
    let mut making = scene.making();
    making.attributes.remove(2);
    assert_eq!(scene.verdict(&making), Ok(Binding::None));
    let hash = octets(&crate::verify::algorithm::sha1(scene.certificate.der()));
    let old = seq(&[seq(&[seq(&[hash])])]);
    making.attributes.push(attribute("1.2.840.113549.1.9.16.2.12", &[old]));
    assert_eq!(scene.verdict(&making), Ok(Binding::Old));
}

#[test]
fn other_bytes_are_a_digest_mismatch() {
    let scene = scene();
    let making = Making::new(b"other bytes", &scene.certificate);
    assert_eq!(scene.verdict(&making), Err(Reason::DigestMismatch));
}

#[test]
fn attributes_changed_after_signing_are_a_signature_mismatch() {
    let scene = scene();
    let making = Making::new(b"other bytes", &scene.certificate);
    let signature = scene.signer.key.sign(&set(&making.attributes));
    let changed = scene.making().assembled(&signature);
    assert_eq!(read(&changed), Err(Reason::SignatureMismatch));
    let stranger = scene.making().signed(&Key::new());
    assert_eq!(read(&stranger), Err(Reason::SignatureMismatch));
}

#[test]
fn a_certificate_put_in_another_s_place_is_found() {
    let scene = scene();
    // The same issuer and serial number, the attacker's key.
    let twin = Person::signer("Signer").certified_by(&Person::authority("Root"));
    let mut making = scene.making();
    making.certificates = vec![twin.der().to_vec()];
    assert_eq!(scene.verdict(&making), Err(Reason::CertificateMismatch));
    making.certificates.push(scene.certificate.der().to_vec());
    assert_eq!(scene.verdict(&making), Err(Reason::CertificateMismatch));
    making.certificates.clear();
    assert_eq!(scene.verdict(&making), Err(Reason::CertificateMissing));
}

#[test]
fn the_name_of_the_certificate_under_the_signature_must_be_its_own() {
    let scene = scene();
    let hash = octets(&scene.certificate.sha256());
    let verdict = |named: Vec<u8>| {
        let mut making = scene.making();
        making.attributes[2] = attribute(BINDING, &[seq(&[seq(&[seq(&[hash.clone(), named])])])]);
        scene.verdict(&making)
    };
    let named = |issuer: &[u8], serial: Vec<u8>| seq(&[seq(&[within(4, issuer)]), serial]);
    let (issuer, serial) = (scene.certificate.issuer(), tlv(2, scene.certificate.serial()));
    assert_eq!(verdict(named(issuer, serial.clone())), Ok(Binding::Strong));
    let mismatch = Err(Reason::CertificateMismatch);
    assert_eq!(verdict(named(issuer, int(1))), mismatch);
    assert_eq!(verdict(named(&name("Other"), serial)), mismatch);
}

#[test]
fn a_signer_may_be_named_by_its_key_identifier() {
    let extensions = vec![key_usage(SIGNS), extension("2.5.29.14", false, octets(&[9; 20]))];
    let signer = Person::new("Signer", extensions);
    let certificate = signer.certified_by(&Person::authority("Root"));
    let mut making = Making::new(MESSAGE, &certificate);
    making.identifier = tlv(0x80, &[9; 20]);
    assert_eq!(read(&making.signed(&signer.key)), Ok(Binding::Strong));
    making.identifier = tlv(0x80, &[8; 20]);
    assert_eq!(read(&making.signed(&signer.key)), Err(Reason::CertificateMissing));
}

#[test]
fn each_attribute_stands_once_with_one_value() {
    let scene = scene();
    for index in 0..4 {
        let mut making = scene.making();
        making.attributes.push(making.attributes[index].clone());
        assert_eq!(scene.verdict(&making), Err(Reason::AttributesMalformed), "{index}");
    }
    let mut making = scene.making();
    making.attributes[1] =
        attribute("1.2.840.113549.1.9.4", &[octets(&sha256(MESSAGE)), octets(&[1; 32])]);
    assert_eq!(scene.verdict(&making), Err(Reason::AttributesMalformed));
    making.attributes[1] = attribute("1.2.840.113549.1.9.4", &[]);
    assert_eq!(scene.verdict(&making), Err(Reason::AttributesMalformed));
    let mut making = scene.making();
    making.unsigned = vec![attribute(STAMP, &[int(1)]), attribute(STAMP, &[int(2)])];
    assert_eq!(scene.verdict(&making), Err(Reason::AttributesMalformed));
}

#[test]
fn attributes_that_must_stand_there_do() {
    let scene = scene();
    for index in [0, 1] {
        let mut making = scene.making();
        making.attributes.remove(index);
        assert_eq!(scene.verdict(&making), Err(Reason::AttributeMissing), "{index}");
    }
    let mut making = scene.making();
    making.attributes[0] = attribute("1.2.840.113549.1.9.3", &[oid(TST_INFO)]);
    assert_eq!(scene.verdict(&making), Err(Reason::AttributesMalformed));
}

#[test]
fn algorithms_beside_and_under_the_signature_are_the_same() {
    let scene = scene();
    for (digest, algorithm) in [(SHA_384, ECDSA_256), (SHA_256, "1.2.840.10045.4.3.3")] {
        let mut making = scene.making();
        making.attributes[3] = protection(digest, algorithm);
        assert_eq!(scene.verdict(&making), Err(Reason::AttributesMalformed));
    }
}

#[test]
fn weak_and_unknown_algorithms_are_refused() {
    let scene = scene();
    let verdict = |digest, algorithm| {
        let mut making = scene.making();
        making.attributes.pop();
        (making.digest, making.algorithm) = (digest, algorithm);
        scene.verdict(&making)
    };
    let refused = Err(Reason::AlgorithmRefused);
    assert_eq!(verdict(SHA_256, ECDSA_256), Ok(Binding::Strong));
    assert_eq!(verdict(SHA_1, ECDSA_256), refused);
    assert_eq!(verdict("1.2.840.113549.2.5", ECDSA_256), refused);
    // ECDSA with SHA-1, with SHA-384 beside SHA-256, DSA, RSA with an EC key, nonsense.
    for algorithm in [
        "1.2.840.10045.4.1",
        "1.2.840.10045.4.3.3",
        "2.16.840.1.101.3.4.3.2",
        "1.2.840.113549.1.1.11",
        "1.2.3.4",
    ] {
        assert_eq!(verdict(SHA_256, algorithm), refused, "{algorithm}");
    }
}

#[test]
fn only_one_signer_in_plain_der_is_read() {
    let scene = scene();
    let mut making = scene.making();
    for signers in [0, 2] {
        making.signers = signers;
        assert_eq!(scene.verdict(&making), Err(Reason::CmsMalformed));
    }
    let der = scene.making().signed(&scene.signer.key);
    let malformed = Err(Reason::CmsMalformed);
    assert_eq!(read(&[&der[..], &[0]].concat()), malformed);
    assert_eq!(read(&der[..der.len() - 1]), malformed);
    // BER: the outermost length not named, and one byte too long.
    let indefinite = [&[0x30, 0x80][..], &der[4..], &[0, 0]].concat();
    assert_eq!(read(&indefinite), malformed);
    let longer = [&[0x30, 0x83, 0][..], &der[2..]].concat();
    assert_eq!(read(&longer), malformed);
    let unsorted = {
        let mut making = scene.making();
        making.attributes.sort();
        making.attributes.reverse();
        let attributes = making.attributes.concat();
        let signature = scene.signer.key.sign(&tlv(0x31, &attributes));
        let der = making.assembled(&signature);
        let sorted = set(&making.attributes)[3..].to_vec();
        let place = der.windows(sorted.len()).position(|window| window == sorted).unwrap();
        let mut changed = der.clone();
        changed[place..place + sorted.len()].copy_from_slice(&attributes);
        changed
    };
    assert_eq!(read(&unsorted), Err(Reason::AttributesMalformed));
}

#[test]
fn enclosed_answers_are_handed_on() {
    let scene = scene();
    let mut making = scene.making();
    let response = within(1, &[oid("1.3.6.1.5.5.7.16.2"), seq(&[int(5)])].concat());
    making.lists = vec![seq(&[int(4)]), response];
    let values = |list: u64, answer: u64| {
        seq(&[within(0, &seq(&[seq(&[int(list)])])), within(1, &seq(&[seq(&[int(answer)])]))])
    };
    making.attributes.push(attribute("1.2.840.113583.1.1.8", &[values(6, 7)]));
    making.unsigned = vec![attribute("1.2.840.113549.1.9.16.2.24", &[values(8, 9)])];
    let signed = SignedData::read(&making.signed(&scene.signer.key)).unwrap();
    let wanted: Vec<_> = (4..=9).map(|number| seq(&[int(number)])).collect();
    assert_eq!(signed.answers, wanted);
}
