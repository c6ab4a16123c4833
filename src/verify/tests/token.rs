//! Timestamps, whole and each wrong in one way.

use super::der::*;
use super::maker::*;
use crate::verify::certificate::Certificate;
use crate::verify::reason::Reason;
use crate::verify::token::Token;

struct Office {
    root: Certificate,
    stamper: Person,
    certificate: Certificate,
}

fn office(stamper: Person) -> Office {
    let root = Person::authority("Stamping root");
    let certificate = stamper.certified_by(&root);
    Office { root: root.own(), stamper, certificate }
}

fn usual() -> Office {
    office(Person::stamper("Stamper"))
}

const AT: &str = "20261121120000.25Z";
const MESSAGE: &[u8] = b"what was there";

impl Office {
    fn making(&self) -> Making {
        Making::stamp(info(MESSAGE, AT, Some(0x8000_0001)), &self.certificate)
    }

    fn verdict(&self, making: &Making) -> Result<(), Reason> {
        let token = Token::read(&making.signed(&self.stamper.key))?;
        token.check(&[b"what ", b"was there"], &[], std::slice::from_ref(&self.root)).map(|_| ())
    }
}

#[test]
fn a_whole_timestamp_gives_its_time_with_fractions_and_its_path() {
    let office = usual();
    let token = Token::read(&office.making().signed(&office.stamper.key)).unwrap();
    assert_eq!(token.gen_time, "2026-11-21T12:00:00.25Z".parse().unwrap());
    assert_eq!(token.nonce.as_deref(), Some(&[0, 0x80, 0, 0, 1][..]));
    assert_eq!(token.serial, [42]);
    let path = token.check(&[MESSAGE], &[], std::slice::from_ref(&office.root)).unwrap();
    assert_eq!(path.certificates(), [office.certificate.clone(), office.root.clone()]);
    assert_eq!(token.authority(), Some(&office.certificate));
}

#[test]
fn a_timestamp_of_other_bytes_is_not_of_these() {
    let office = usual();
    let making = Making::stamp(info(b"another file", AT, None), &office.certificate);
    assert_eq!(office.verdict(&making), Err(Reason::TimestampImprint));
}

#[test]
fn a_timestamp_whose_content_was_changed_after_signing_is_refused() {
    let office = usual();
    let mut making = office.making();
    making.content = Some(info(MESSAGE, "20201121120000Z", Some(0x8000_0001)));
    assert_eq!(office.verdict(&making), Err(Reason::TimestampSignature));
}

#[test]
fn a_timestamp_signed_by_another_key_is_refused() {
    let office = usual();
    let token = Token::read(&office.making().signed(&Key::new())).unwrap();
    assert_eq!(token.signed_by().unwrap_err(), Reason::TimestampSignature);
}

#[test]
fn a_timestamp_that_names_no_certificate_under_its_signature_is_refused() {
    let office = usual();
    let mut making = office.making();
    making.attributes.remove(2);
    assert_eq!(office.verdict(&making), Err(Reason::TimestampSignature));
    let other = usual();
    let mut making = office.making();
    making.attributes[2] = binding(&other.certificate);
    assert_eq!(office.verdict(&making), Err(Reason::TimestampSignature));
}

#[test]
fn an_authority_not_for_timestamps_alone_is_refused() {
    let mail = "1.3.6.1.5.5.7.3.4";
    for usages in [
        vec![key_usage(SIGNS)],
        vec![key_usage(SIGNS), extended(false, &[TIME_STAMPING])],
        vec![key_usage(SIGNS), extended(true, &[TIME_STAMPING, mail])],
        vec![key_usage(SIGNS), extended(true, &[mail])],
        vec![key_usage(0b0010_0000), extended(true, &[TIME_STAMPING])],
    ] {
        let office = office(Person::new("Stamper", usages));
        assert_eq!(office.verdict(&office.making()), Err(Reason::TimestampUsage));
    }
}

#[test]
fn an_authority_whom_nobody_trusts_or_that_had_ended_is_untrusted() {
    let office = usual();
    let token = Token::read(&office.making().signed(&office.stamper.key)).unwrap();
    for anchors in [vec![], vec![usual().root]] {
        let refused = token.check(&[MESSAGE], &[], &anchors).unwrap_err();
        assert_eq!(refused, Reason::TimestampUntrusted);
    }
    for spelt in ["20251121120000Z", "20281121120000Z"] {
        let making = Making::stamp(info(MESSAGE, spelt, None), &office.certificate);
        assert_eq!(office.verdict(&making), Err(Reason::TimestampUntrusted), "{spelt}");
    }
}

#[test]
fn weak_hashes_and_wrong_forms_are_no_timestamp() {
    let office = usual();
    let swapped = |parts: Vec<Vec<u8>>| Making::stamp(seq(&parts), &office.certificate);
    let imprint = |hash: &str, bytes: &[u8]| seq(&[algorithm(hash), octets(bytes)]);
    let parts = |imprint: Vec<u8>, behind: Vec<u8>| {
        let policy = oid("1.3.6.1.4.1.99999.1");
        vec![int(1), policy, imprint, int(9), tlv(24, b"20261121120000Z"), behind]
    };
    let good = || imprint(SHA_256, &[7; 32]);
    let verdict = |parts| office.verdict(&swapped(parts)).unwrap_err();
    assert_eq!(verdict(parts(good(), vec![])), Reason::TimestampImprint);
    assert_eq!(verdict(parts(imprint(SHA_1, &[7; 20]), vec![])), Reason::AlgorithmRefused);
    assert_eq!(verdict(parts(imprint(SHA_256, &[7; 20]), vec![])), Reason::TimestampMalformed);
    assert_eq!(verdict(parts(good(), octets(b"more"))), Reason::TimestampMalformed);
    let condition = |critical| within(1, &extension("1.2.3.4", critical, octets(b"x")));
    assert_eq!(verdict(parts(good(), condition(true))), Reason::TimestampMalformed);
    assert_eq!(verdict(parts(good(), condition(false))), Reason::TimestampImprint);
    for spelt in ["20261121120000", "20261121120000.Z", "20261321120000Z", "20261121120060Z", "x"] {
        let making = Making::stamp(info(MESSAGE, spelt, None), &office.certificate);
        assert_eq!(office.verdict(&making), Err(Reason::TimestampMalformed), "{spelt}");
    }
}

#[test]
fn a_signature_of_something_else_is_no_timestamp() {
    let office = usual();
    let mut making = office.making();
    making.content_type = DATA;
    assert_eq!(office.verdict(&making), Err(Reason::TimestampMalformed));
    let mut making = office.making();
    making.content = None;
    assert_eq!(office.verdict(&making), Err(Reason::TimestampMalformed));
    let mut making = office.making();
    making.signers = 2;
    assert_eq!(office.verdict(&making), Err(Reason::TimestampMalformed));
}
