//! Paths: whom a certificate leads to, when, and for what.

use super::maker::*;
use crate::verify::certificate::Certificate;
use crate::verify::path::{Purpose, build};
use crate::verify::reason::Reason;

fn verdict(
    leaf: &Certificate,
    between: &[Certificate],
    anchors: &[Certificate],
) -> Result<usize, Reason> {
    build(leaf, between, anchors, (noon(), Purpose::Documents))
        .map(|path| path.certificates().len())
}

#[test]
fn a_certificate_leads_through_those_between_to_the_anchor() {
    let (root, middle) = (Person::authority("Root"), Person::authority("Middle"));
    let leaf = Person::signer("Signer").certified_by(&middle);
    let between = middle.certified_by(&root);
    let unrelated = Person::authority("Unrelated").own();
    let all = [unrelated.clone(), leaf.clone(), between.clone(), between.clone()];
    assert_eq!(verdict(&leaf, &all, &[unrelated.clone(), root.own()]), Ok(3));
    assert_eq!(verdict(&leaf, &[], &[root.own()]), Err(Reason::NoPath));
    assert_eq!(verdict(&leaf, &all, &[unrelated]), Err(Reason::NoPath));
    assert_eq!(verdict(&leaf, &all, &[]), Err(Reason::NoPath));
    assert_eq!(verdict(&leaf, &[], &[between]), Ok(2));
}

#[test]
fn a_name_alone_leads_nowhere() {
    let leaf = Person::signer("Signer").certified_by(&Person::authority("Root"));
    assert_eq!(verdict(&leaf, &[], &[Person::authority("Root").own()]), Err(Reason::NoPath));
}

#[test]
fn the_time_counts_for_every_certificate_but_the_anchor() {
    let (root, mut middle) = (Person::authority("Root"), Person::authority("Middle"));
    let mut signer = Person::signer("Signer");
    signer.to = noon() - days(1);
    let leaf = signer.certified_by(&middle);
    let between = middle.certified_by(&root);
    let anchors = [root.own()];
    assert_eq!(verdict(&leaf, &[between], &anchors), Err(Reason::NotValidThen));
    signer.to = noon() + days(1);
    let leaf = signer.certified_by(&middle);
    middle.from = noon() + days(1);
    let between = middle.certified_by(&root);
    assert_eq!(verdict(&leaf, &[between], &anchors), Err(Reason::NotValidThen));
    // An ended certificate that leads to nobody is of nobody.
    signer.to = noon() - days(1);
    let leaf = signer.certified_by(&middle);
    assert_eq!(verdict(&leaf, &[], &anchors), Err(Reason::NoPath));
}

#[test]
fn only_a_certificate_for_signing_documents_leads_anywhere() {
    let root = Person::authority("Root");
    let verdict = |extensions| {
        let leaf = Person::new("Signer", extensions).certified_by(&root);
        verdict(&leaf, &[], &[root.own()])
    };
    let (mail, server) = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.1");
    assert_eq!(verdict(vec![key_usage(SIGNS)]), Ok(2));
    assert_eq!(verdict(vec![key_usage(0b1000_0000)]), Ok(2));
    assert_eq!(verdict(vec![key_usage(0b0100_0000)]), Ok(2));
    assert_eq!(verdict(vec![key_usage(SIGNS), extended(false, &[server, mail])]), Ok(2));
    for extensions in [
        vec![],
        vec![key_usage(0b0010_0000)],
        vec![key_usage(SIGNS), extended(false, &[server])],
        vec![key_usage(SIGNS), extended(true, &[TIME_STAMPING])],
        vec![key_usage(SIGNS), extended(true, &[])],
        vec![key_usage(SIGNS), authority_extensions().remove(0)],
        vec![key_usage(SIGNS), extension("1.2.3.4", true, vec![5, 0])],
        authority_extensions(),
    ] {
        assert_eq!(verdict(extensions), Err(Reason::WrongUsage));
    }
}

#[test]
fn who_stands_between_must_be_an_authority_that_may_sign_certificates() {
    let root = Person::authority("Root");
    let certificate_signing = key_usage(0b0000_0100);
    let constraint = authority_extensions().remove(0);
    let server = "1.3.6.1.5.5.7.3.1";
    for (extensions, wanted) in [
        (vec![constraint.clone(), certificate_signing.clone()], Ok(3)),
        (vec![constraint.clone()], Ok(3)),
        (vec![constraint.clone(), key_usage(SIGNS)], Err(Reason::WrongUsage)),
        (vec![certificate_signing.clone()], Err(Reason::WrongUsage)),
        (
            vec![constraint, certificate_signing, extended(false, &[server])],
            Err(Reason::WrongUsage),
        ),
    ] {
        let middle = Person::new("Middle", extensions);
        let leaf = Person::signer("Signer").certified_by(&middle);
        let between = middle.certified_by(&root);
        assert_eq!(verdict(&leaf, &[between], &[root.own()]), wanted);
    }
}

#[test]
fn authorities_in_a_circle_lead_nowhere_and_soon() {
    let people: Vec<_> = (0..12).map(|_| Person::authority("Round")).collect();
    let mut between = Vec::new();
    for one in &people {
        between.extend(people.iter().take(5).map(|other| one.certified_by(other)));
    }
    let leaf = Person::signer("Signer").certified_by(&people[0]);
    let anchors = [Person::authority("Round").own()];
    assert_eq!(verdict(&leaf, &between, &anchors), Err(Reason::NoPath));
}
