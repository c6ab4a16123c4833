//! Answers and lists: which count, and what they say.

use jiff::SignedDuration;

use super::der::*;
use super::maker::*;
use crate::verify::certificate::Certificate;
use crate::verify::revocation::crl::List;
use crate::verify::revocation::ocsp::Answer;
use crate::verify::revocation::{Doubt, Material, Moment, Revoked, Said, Standing};

struct Scene {
    root: Person,
    issuer: Certificate,
    certificate: Certificate,
}

fn scene() -> Scene {
    let root = Person::authority("Root");
    let certificate = Person::signer("Signer").certified_by(&root);
    Scene { issuer: root.own(), root, certificate }
}

fn at(later: SignedDuration) -> Moment {
    Moment { at: noon() + later, now: noon() + later.max(days(1)) }
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

impl Scene {
    fn answer(&self, answering: &Answering) -> Vec<u8> {
        answering.by(&self.root, &[], (&self.certificate, &self.issuer))
    }

    fn said(&self, der: &[u8], moment: Moment) -> Result<Said, Doubt> {
        Answer::read(der)?.check(&self.certificate, &self.issuer, moment)
    }

    fn listed(&self, listing: &Listing, moment: Moment) -> Result<Said, Doubt> {
        List::read(&listing.by(&self.root))?.check(&self.certificate, &self.issuer, moment)
    }

    fn delegate(&self, extensions: Vec<Vec<u8>>) -> (Person, Certificate) {
        let person = Person::new("Responder", extensions);
        let certificate = person.certified_by(&self.root);
        (person, certificate)
    }
}

fn exempt() -> Vec<u8> {
    extension("1.3.6.1.5.5.7.48.1.5", false, tlv(5, &[]))
}

#[test]
fn an_answer_of_the_issuer_says_good_for_its_time() {
    let scene = scene();
    for hash in [SHA_1, SHA_256] {
        let der = scene.answer(&Answering { hash, ..Answering::good() });
        let said = scene.said(&der, at(hours(1))).unwrap();
        assert_eq!((said.revoked, said.responder), (None, None));
        assert_eq!(said.this_update, noon());
        // For what was before it, too; but not for what came when it was to be renewed.
        assert!(scene.said(&der, at(hours(-240))).is_ok());
        assert_eq!(scene.said(&der, at(hours(25))), Err(Doubt::Stale));
    }
}

#[test]
fn an_answer_from_the_future_or_of_after_the_certificate_s_end_does_not_count() {
    let scene = scene();
    let der = scene.answer(&Answering::good());
    let before = noon() - hours(1);
    let early = Moment { at: before, now: before };
    assert_eq!(scene.said(&der, early), Err(Doubt::Future));
    let late =
        Answering { this_update: noon() + days(400), next_update: None, ..Answering::good() };
    let moment = Moment { at: noon(), now: noon() + days(401) };
    assert_eq!(scene.said(&scene.answer(&late), moment), Err(Doubt::Stale));
}

#[test]
fn an_answer_that_names_no_next_one_counts_for_the_past_alone() {
    let scene = scene();
    let der = scene.answer(&Answering { next_update: None, ..Answering::good() });
    assert!(scene.said(&der, at(hours(-1))).is_ok());
    assert_eq!(scene.said(&der, at(hours(1))), Err(Doubt::Stale));
}

#[test]
fn a_revoked_certificate_stays_revoked_with_its_date_and_reason() {
    let scene = scene();
    let when = noon() - days(3);
    let der = scene.answer(&Answering::revoked(when, 1));
    for moment in [at(hours(0)), at(days(90))] {
        let said = scene.said(&der, moment).unwrap();
        assert_eq!(said.revoked, Some(Revoked { at: when, reason: Some(1) }));
    }
    let superseded = Revoked { at: when, reason: Some(4) };
    assert!(superseded.leaves_the_past());
    assert!(!Revoked { at: when, reason: Some(1) }.leaves_the_past());
    assert!(!Revoked { at: when, reason: None }.leaves_the_past());
}

#[test]
fn answers_of_other_certificates_or_issuers_do_not_count() {
    let scene = scene();
    let other = Person::signer("Other").certified_by(&scene.root);
    let der = Answering::good().by(&scene.root, &[], (&other, &scene.issuer));
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Other));
    let stranger = Person::authority("Root");
    let der = Answering::good().by(&stranger, &[], (&scene.certificate, &stranger.own()));
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Other));
    let der = Answering::good().by(&stranger, &[], (&scene.certificate, &scene.issuer));
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Signer));
}

#[test]
fn a_responder_answers_only_where_the_issuer_lets_it() {
    let scene = scene();
    let pair = (&scene.certificate, &scene.issuer);
    let (person, own) =
        scene.delegate(vec![key_usage(SIGNS), extended(false, &[OCSP_SIGNING]), exempt()]);
    let der = Answering::good().by(&person, &[&own], pair);
    assert_eq!(scene.said(&der, at(hours(0))).unwrap().responder, None);
    // Not enclosed; not for answering; of another issuer; ended before; with an unknown condition.
    let der = Answering::good().by(&person, &[], pair);
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Signer));
    let (person, own) = scene.delegate(vec![key_usage(SIGNS), exempt()]);
    let der = Answering::good().by(&person, &[&own], pair);
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Signer));
    let mut person = Person::new("Responder", vec![extended(false, &[OCSP_SIGNING]), exempt()]);
    let foreign = person.certified_by(&Person::authority("Root"));
    let der = Answering::good().by(&person, &[&foreign], pair);
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Signer));
    person.to = noon() - days(1);
    let ended = person.certified_by(&scene.root);
    let der = Answering::good().by(&person, &[&ended], pair);
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Signer));
    let condition = extension("1.2.3.4", true, tlv(5, &[]));
    let (person, own) = scene.delegate(vec![extended(false, &[OCSP_SIGNING]), exempt(), condition]);
    let der = Answering::good().by(&person, &[&own], pair);
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Signer));
}

#[test]
fn a_responder_who_may_be_revoked_needs_the_issuer_s_word() {
    let scene = scene();
    let (person, own) = scene.delegate(vec![extended(false, &[OCSP_SIGNING])]);
    let der = Answering::good().by(&person, &[&own], (&scene.certificate, &scene.issuer));
    assert_eq!(scene.said(&der, at(hours(0))).unwrap().responder.as_ref(), Some(&own));
    let standing = |also: &[Vec<u8>]| {
        let all = std::iter::once(&der).chain(also).map(Vec::as_slice);
        Material::read(all).standing(&scene.certificate, &scene.issuer, at(hours(1)))
    };
    assert_eq!(standing(&[]), Standing::Unknown);
    // Only of the responder, so that it says nothing of the signer.
    let list = |entries| Listing { entries, ..Listing::empty() };
    let word = Answering::good().by(&scene.root, &[], (&own, &scene.issuer));
    assert_eq!(standing(&[word]), Standing::Good);
    let revoked = list(vec![entry(&own, noon() - days(1), &[])]).by(&scene.root);
    assert!(matches!(
        Material::read([der.as_slice()]).standing(&own, &scene.issuer, at(hours(1))),
        Standing::Unknown
    ));
    // The list itself says that the signer is good.
    assert_eq!(standing(&[revoked]), Standing::Good);
}

#[test]
fn a_changed_answer_and_an_unknown_condition_do_not_count() {
    let scene = scene();
    let der = scene.answer(&Answering::good());
    let time = der.windows(15).position(|window| window == b"20261122120000Z").unwrap();
    let mut changed = der.clone();
    changed[time + 3] = b'9';
    assert_eq!(scene.said(&changed, at(hours(0))), Err(Doubt::Signer));
    let condition = vec![extension("1.2.3.4", true, tlv(5, &[]))];
    let der = scene.answer(&Answering { extensions: condition, ..Answering::good() });
    assert_eq!(scene.said(&der, at(hours(0))), Err(Doubt::Unsupported));
    let nonce = vec![extension("1.3.6.1.5.5.7.48.1.2", false, octets(&[1, 2, 3]))];
    let der = scene.answer(&Answering { extensions: nonce, ..Answering::good() });
    assert_eq!(Answer::read(&der).unwrap().nonce.as_deref(), Some(&octets(&[1, 2, 3])[..]));
}

#[test]
fn a_responder_that_declines_says_how() {
    for status in [1, 2, 3, 5, 6] {
        let declined = seq(&[tlv(10, &[status])]);
        assert_eq!(Answer::read(&declined).unwrap_err(), Doubt::Refused(u32::from(status)));
    }
    let scene = scene();
    let unknown = Answering { status: tlv(0x82, &[]), ..Answering::good() };
    assert_eq!(scene.said(&scene.answer(&unknown), at(hours(0))), Err(Doubt::Unknown));
}

#[test]
fn a_list_of_the_issuer_says_good_or_revoked() {
    let scene = scene();
    assert_eq!(scene.listed(&Listing::empty(), at(hours(1))).unwrap().revoked, None);
    assert_eq!(scene.listed(&Listing::empty(), at(days(8))), Err(Doubt::Stale));
    let when = noon() - days(2);
    let reason = extension("2.5.29.21", false, tlv(10, &[4]));
    let entries =
        vec![entry(&scene.issuer, noon(), &[]), entry(&scene.certificate, when, &[reason])];
    let said = scene.listed(&Listing { entries, ..Listing::empty() }, at(days(80))).unwrap();
    assert_eq!(said.revoked, Some(Revoked { at: when, reason: Some(4) }));
}

#[test]
fn the_key_s_doubtful_days_count_as_revoked() {
    let scene = scene();
    let doubted = extension("2.5.29.24", false, time(noon() - days(9)));
    let entries = vec![entry(&scene.certificate, noon() - days(2), &[doubted])];
    let said = scene.listed(&Listing { entries, ..Listing::empty() }, at(hours(0))).unwrap();
    assert_eq!(said.revoked.unwrap().at, noon() - days(9));
}

#[test]
fn lists_that_are_partial_indirect_or_changed_are_not_judged() {
    let scene = scene();
    let verdict = |extensions: Vec<Vec<u8>>| {
        scene.listed(&Listing { extensions, ..Listing::empty() }, at(hours(0)))
    };
    let point = |parts: &[Vec<u8>]| vec![extension("2.5.29.28", true, seq(parts))];
    let names = |address: &str| within(0, &within(0, &tlv(0x86, address.as_bytes())));
    assert_eq!(verdict(vec![extension("2.5.29.27", true, int(1))]), Err(Doubt::Unsupported));
    assert_eq!(verdict(vec![extension("1.2.3.4", true, int(1))]), Err(Doubt::Unsupported));
    assert_eq!(verdict(point(&[tlv(0x84, &[0xff])])), Err(Doubt::Unsupported));
    assert_eq!(verdict(point(&[tlv(0x83, &[0, 1])])), Err(Doubt::Unsupported));
    assert_eq!(verdict(point(&[tlv(0x82, &[0xff])])), Err(Doubt::Other));
    assert_eq!(verdict(point(&[names("http://crl.test/another")])), Err(Doubt::Other));
    assert!(verdict(point(&[names("http://crl.test/list")])).is_ok());
    assert!(verdict(point(&[tlv(0x81, &[0xff])])).is_ok());
    let condition = extension("2.5.29.29", true, seq(&[]));
    let entries = vec![entry(&scene.issuer, noon(), &[condition])];
    let indirect = Listing { entries, ..Listing::empty() };
    assert_eq!(scene.listed(&indirect, at(hours(0))), Err(Doubt::Unsupported));
    let removed = extension("2.5.29.21", false, tlv(10, &[8]));
    let entries = vec![entry(&scene.certificate, noon(), &[removed])];
    let taken_off = Listing { entries, ..Listing::empty() };
    assert_eq!(scene.listed(&taken_off, at(hours(0))), Err(Doubt::Unsupported));
    let stranger = List::read(&Listing::empty().by(&Person::authority("Root"))).unwrap();
    let said = stranger.check(&scene.certificate, &scene.issuer, at(hours(0)));
    assert_eq!(said, Err(Doubt::Signature));
}

#[test]
fn an_issuer_that_may_not_sign_lists_is_not_believed() {
    let mut root = Person::authority("Root");
    root.extensions[1] = key_usage(0b0000_0100);
    let certificate = Person::signer("Signer").certified_by(&root);
    let list = List::read(&Listing::empty().by(&root)).unwrap();
    let said = list.check(&certificate, &root.own(), at(hours(0)));
    assert_eq!(said, Err(Doubt::Signer));
}

#[test]
fn of_all_that_is_at_hand_the_worst_counts() {
    let scene = scene();
    let good = scene.answer(&Answering::good());
    let when = noon() - days(2);
    let listing =
        Listing { entries: vec![entry(&scene.certificate, when, &[])], ..Listing::empty() };
    let list = listing.by(&scene.root);
    let standing = |all: &[&[u8]]| {
        let material = Material::read(all.iter().copied());
        material.standing(&scene.certificate, &scene.issuer, at(hours(1)))
    };
    let revoked = Standing::Revoked(Revoked { at: when, reason: None });
    assert_eq!(standing(&[&good, b"rubbish"]), Standing::Good);
    assert_eq!(standing(&[&good, &list]), revoked);
    assert_eq!(standing(&[&list, &good]), revoked);
    assert_eq!(standing(&[b"rubbish", b""]), Standing::Unknown);
}
