//! Each refusal, broken by a file that is wrong in nothing else: the signatures here are made by
//! the right key over what they say, however wrong that is.

use std::ops::Range;

use der::Encode;

use super::*;
use crate::sign::cms::{self as form, Parts, element};
use crate::sign::tests::{authority, noon, now, unsigned};
use crate::sign::{Algorithm, Digest, Signer};
use crate::verify::asn1::{INTEGER, OCTETS, OID, SEQUENCE, SET, constructed};

/// What is wrong with a signature, and how it is made so.
type Wrong<'a> = (&'a str, &'a dyn Fn(&mut Draft));

/// A signature in parts that can be put together wrongly.
#[derive(Clone)]
struct Draft {
    version: u8,
    digests: Vec<Vec<u8>>,
    content: Vec<u8>,
    certificates: Vec<Vec<u8>>,
    /// Whatever stands between the certificates and the signers.
    lists: Vec<u8>,
    signer_version: u8,
    name: Vec<u8>,
    digest: Vec<u8>,
    attributes: Vec<Vec<u8>>,
    algorithm: Vec<u8>,
    /// Whatever stands behind the value.
    behind: Vec<u8>,
    signers: usize,
}

struct Stage {
    signer: Signer,
    bytes: Vec<u8>,
    hole: Range<usize>,
    right: Draft,
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    element(tag, &[content]).unwrap()
}

fn attribute(kind: der::asn1::ObjectIdentifier, values: &[u8]) -> Vec<u8> {
    tlv(SEQUENCE, &[kind.to_der().unwrap(), tlv(SET, values)].concat())
}

impl Draft {
    fn of(cms: &[u8]) -> Self {
        let parts = Parts::read(cms).unwrap();
        let certificates = form::ascending(parts.certificates, 9).unwrap();
        let attributes = form::ascending(parts.signer.signed.unwrap().inside(), 9).unwrap();
        Self {
            version: 1,
            digests: vec![parts.digest_algorithms.to_vec()],
            content: parts.content.to_vec(),
            certificates: certificates.iter().map(|one| one.whole.to_vec()).collect(),
            lists: Vec::new(),
            signer_version: 1,
            name: parts.signer.name.to_vec(),
            digest: parts.signer.digest_algorithm.to_vec(),
            attributes: attributes.iter().map(|one| one.whole.to_vec()).collect(),
            algorithm: parts.signer.signature_algorithm.to_vec(),
            behind: Vec::new(),
            signers: 1,
        }
    }

    /// Signed as it stands.
    fn signed_by(&self, signer: &Signer) -> Vec<u8> {
        let set = tlv(SET, &self.attributes.concat());
        let value = now(signer.key.sign(&set)).unwrap();
        let info = [
            tlv(INTEGER, &[self.signer_version]),
            self.name.clone(),
            self.digest.clone(),
            tlv(constructed(0), &self.attributes.concat()),
            self.algorithm.clone(),
            tlv(OCTETS, &value),
            self.behind.clone(),
        ];
        let infos = tlv(SEQUENCE, &info.concat()).repeat(self.signers);
        let data = [
            tlv(INTEGER, &[self.version]),
            tlv(SET, &self.digests.concat()),
            self.content.clone(),
            tlv(constructed(0), &self.certificates.concat()),
            self.lists.clone(),
            tlv(SET, &infos),
        ];
        let content = tlv(constructed(0), &tlv(SEQUENCE, &data.concat()));
        tlv(SEQUENCE, &[form::SIGNED_DATA.to_der().unwrap(), content].concat())
    }

    /// Puts an attribute in the place of the one of its kind, or beside the others; all in order.
    fn put(&mut self, kind: der::asn1::ObjectIdentifier, values: &[u8]) {
        self.without(kind);
        self.attributes.push(attribute(kind, values));
        self.attributes.sort_unstable();
    }

    fn without(&mut self, kind: der::asn1::ObjectIdentifier) {
        let named = kind.to_der().unwrap();
        self.attributes.retain(|one| !one[2..].starts_with(&named));
    }
}

impl Stage {
    fn new(name: &str) -> Self {
        let signer = authority(name).into_signer().unwrap();
        let unsigned = unsigned(4096);
        let hole = unsigned.slot().contents.clone();
        let bytes = now(signer.seal(unsigned, noon())).unwrap().into_bytes();
        let right = Draft::of(&contents(&bytes, &hole).unwrap());
        Self { signer, bytes, hole, right }
    }

    /// What the proof says of the same file with this in its hole.
    fn with(&self, cms: &[u8]) -> Result<(), Breach> {
        let mut bytes = self.bytes.clone();
        let inside = self.hole.start + 1..self.hole.end - 1;
        bytes[inside.clone()].fill(b'0');
        let text = crate::digest::hex(cms);
        bytes[inside][..text.len()].copy_from_slice(text.as_bytes());
        check(&bytes, &self.hole, self.signer.chain(), Level::BB)
    }

    fn changed(&self, change: impl Fn(&mut Draft)) -> Result<(), Breach> {
        let mut draft = self.right.clone();
        change(&mut draft);
        self.with(&draft.signed_by(&self.signer))
    }
}

fn sha384() -> Vec<u8> {
    Digest::Sha384.identifier().to_der().unwrap()
}

#[test]
fn a_draft_put_together_rightly_passes() {
    assert_eq!(Stage::new("proof-right").changed(|_| ()), Ok(()));
}

#[test]
fn another_frame_is_refused() {
    let stage = Stage::new("proof-frame");
    let data = form::DATA.to_der().unwrap();
    let other = tlv(SEQUENCE, &form::SIGNED_DATA.to_der().unwrap());
    let enclosed = tlv(SEQUENCE, &[data, tlv(constructed(0), &tlv(OCTETS, b"x"))].concat());
    let lists = tlv(constructed(1), &tlv(SEQUENCE, b""));
    let wrong: [Wrong<'_>; 10] = [
        ("version", &|draft| draft.version = 3),
        ("signer's version", &|draft| draft.signer_version = 3),
        ("another digest", &|draft| draft.digests = vec![sha384()]),
        ("one digest more", &|draft| draft.digests.push(sha384())),
        ("no digest", &|draft| draft.digests.clear()),
        ("another content", &|draft| draft.content = other.clone()),
        ("the content enclosed", &|draft| draft.content = enclosed.clone()),
        ("revocation lists", &|draft| draft.lists = lists.clone()),
        ("two signers", &|draft| draft.signers = 2),
        ("no signer", &|draft| draft.signers = 0),
    ];
    for (name, change) in wrong {
        assert_eq!(stage.changed(change), Err(Breach::Encoding), "{name}");
    }
    let cms = stage.right.signed_by(&stage.signer);
    assert_eq!(stage.with(&tlv(OID, b"x")), Err(Breach::Encoding));
    let kind = form::SIGNED_DATA.to_der().unwrap();
    let at = cms.windows(kind.len()).position(|some| some == kind).unwrap();
    let mut another = cms;
    another[at + kind.len() - 1] ^= 1;
    assert_eq!(stage.with(&another), Err(Breach::Encoding));
}

#[test]
fn other_certificates_than_the_signer_s_are_refused() {
    let stage = Stage::new("proof-chain");
    let other = authority("proof-chain-other").into_signer().unwrap();
    let foreign = other.chain()[1].der().to_vec();
    let wrong: [Wrong<'_>; 7] = [
        ("none", &|draft| draft.certificates.clear()),
        ("one fewer", &|draft| draft.certificates.truncate(1)),
        ("one twice", &|draft| draft.certificates[1] = draft.certificates[0].clone()),
        ("another", &|draft| {
            draft.certificates[1] = foreign.clone();
            draft.certificates.sort_unstable();
        }),
        ("one more", &|draft| {
            draft.certificates.push(foreign.clone());
            draft.certificates.sort_unstable();
        }),
        ("not in order", &|draft| draft.certificates.reverse()),
        ("another name", &|draft| {
            draft.name = other.certificate().issuer_and_serial().to_vec();
        }),
    ];
    for (name, change) in wrong {
        assert_eq!(stage.changed(change), Err(Breach::Certificate), "{name}");
    }
}

#[test]
fn other_attributes_than_the_four_are_refused() {
    let stage = Stage::new("proof-attributes");
    let (data, signed_data) = (form::DATA.to_der().unwrap(), form::SIGNED_DATA.to_der().unwrap());
    let kinds = [
        form::CONTENT_TYPE,
        form::MESSAGE_DIGEST,
        form::SIGNING_CERTIFICATE_V2,
        form::ALGORITHM_PROTECTION,
    ];
    for kind in kinds {
        let missing = stage.changed(|draft| draft.without(kind));
        assert_eq!(missing, Err(Breach::Attributes), "without {kind}");
    }
    let protection = form::protection(Algorithm::EcdsaP384).to_der().unwrap();
    let time = der::asn1::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
    let p384 = || Algorithm::EcdsaP384.identifier().to_der().unwrap();
    let wrong: [Wrong<'_>; 9] = [
        ("none", &|draft| draft.attributes.clear()),
        ("a signing time", &|draft| draft.put(time, &tlv(0x17, b"261121120000Z"))),
        ("not in order", &|draft| draft.attributes.reverse()),
        ("another content", &|draft| draft.put(form::CONTENT_TYPE, &signed_data)),
        ("two contents", &|draft| {
            draft.put(form::CONTENT_TYPE, &[data.clone(), signed_data.clone()].concat());
        }),
        ("another protection", &|draft| draft.put(form::ALGORITHM_PROTECTION, &protection)),
        ("another digest algorithm", &|draft| draft.digest = sha384()),
        ("another algorithm", &|draft| draft.algorithm = p384()),
        ("a digest that is none", &|draft| draft.put(form::MESSAGE_DIGEST, &data)),
    ];
    for (name, change) in wrong {
        assert_eq!(stage.changed(change), Err(Breach::Attributes), "{name}");
    }
}

#[test]
fn another_certificate_or_digest_under_the_signature_is_refused() {
    let stage = Stage::new("proof-bound");
    let naming = |one: &Certificate| form::naming(one).unwrap().to_der().unwrap();
    let [own, root] = stage.signer.chain() else { panic!("two certificates") };
    let (own, root) = (naming(own), naming(root));
    // The elements of the inner list: one, and the other.
    let both = tlv(SEQUENCE, &tlv(SEQUENCE, &[&own[4..], &root[4..]].concat()));
    for wrong in [root, both] {
        let refused = stage.changed(|draft| draft.put(form::SIGNING_CERTIFICATE_V2, &wrong));
        assert_eq!(refused, Err(Breach::Certificate));
    }
    for wrong in [vec![7; 32], vec![7; 31], Vec::new()] {
        let wrong = tlv(OCTETS, &wrong);
        let refused = stage.changed(|draft| draft.put(form::MESSAGE_DIGEST, &wrong));
        assert_eq!(refused, Err(Breach::Digest));
    }
}

#[test]
fn the_value_of_another_key_is_refused() {
    let stage = Stage::new("proof-value");
    let other = authority("proof-value-other").into_signer().unwrap();
    assert_eq!(stage.with(&stage.right.signed_by(&other)), Err(Breach::Signature));
}

#[test]
fn whatever_is_added_at_the_lowest_level_is_refused() {
    let stage = Stage::new("proof-added");
    let unsigned = tlv(constructed(1), &attribute(form::TIMESTAMP_TOKEN, &tlv(OCTETS, b"x")));
    let refused = stage.changed(|draft| draft.behind = unsigned.clone());
    assert_eq!(refused, Err(Breach::Unsigned));
    // What is no set of attributes is no part of a signature at all.
    let refused = stage.changed(|draft| draft.behind = tlv(OCTETS, b"x"));
    assert_eq!(refused, Err(Breach::Encoding));
}

#[test]
fn digits_are_read_in_either_case_and_nothing_else_is_one() {
    assert_eq!(decoded(b"00fFAa19"), Some(vec![0, 0xff, 0xaa, 0x19]));
    for byte in (0..=u8::MAX).filter(|byte| !byte.is_ascii_hexdigit()) {
        assert_eq!(decoded(&[b'0', byte]), None, "{byte}");
        assert_eq!(decoded(&[byte, b'f']), None, "{byte}");
    }
}

#[test]
fn one_digit_among_zeros_is_found_wherever_it_stands() {
    assert!(all_zeros(&[]) && all_zeros(&[b'0'; 200]));
    for place in 0..200 {
        let mut digits = [b'0'; 200];
        digits[place] = b'1';
        assert!(!all_zeros(&digits), "{place}");
    }
}
