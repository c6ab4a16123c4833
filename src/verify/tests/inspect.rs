//! Whole files: what is told of each signature, and why.

use jiff::Timestamp;

use super::der::*;
use super::file::*;
use super::maker::*;
use crate::verify::certificate::Certificate;
use crate::verify::{
    Anchor, Basis, Integrity, Kind, Level, Reason, Report, Revocation, Signature, Trust, inspect,
};

/// People, their certificates, and what is trusted.
struct Scene {
    root: Person,
    signer: Person,
    own: Certificate,
    office: Person,
    stamper: Person,
    stamping: Certificate,
    basis: Basis,
}

fn anchor(certificate: &Certificate, test: bool) -> Anchor {
    Anchor { der: certificate.der().to_vec(), test }
}

fn scene_of(signer: Person) -> Scene {
    let (root, office) = (Person::authority("Root"), Person::authority("Office"));
    let mut stamper = Person::stamper("Stamper");
    stamper.extensions.push(list_at("http://crl.test/office"));
    let basis = Basis {
        now: noon() + days(2),
        signers: vec![anchor(&root.own(), false)],
        timestamps: vec![anchor(&office.own(), false)],
        known: Vec::new(),
        answers: Vec::new(),
    };
    Scene {
        own: signer.certified_by(&root),
        stamping: stamper.certified_by(&office),
        root,
        signer,
        office,
        stamper,
        basis,
    }
}

/// The signer's certificate ends before the others do.
fn scene() -> Scene {
    let mut signer = Person::signer("Signer");
    signer.to = noon() + days(200);
    scene_of(signer)
}

const AT: &str = "20261121120000Z";

impl Scene {
    fn token(&self, message: &[u8], spelt: &str) -> Vec<u8> {
        let making = Making::stamp(info(message, spelt, None), &self.stamping);
        making.signed(&self.stamper.key)
    }

    /// Signed, with a timestamp at noon.
    fn stamped(&self) -> Pdf {
        let mut pdf = Pdf::new("Words");
        pdf.sign(CADES, |covered| {
            let making = Making::new(covered, &self.own);
            stamped(making, &self.signer, |signature| self.token(signature, AT))
        });
        pdf
    }

    /// Signed, without.
    fn plain(&self) -> Pdf {
        let mut pdf = Pdf::new("Words");
        pdf.sign(CADES, |covered| Making::new(covered, &self.own).signed(&self.signer.key));
        pdf
    }

    fn lists(&self) -> Vec<Vec<u8>> {
        vec![Listing::empty().by(&self.root), Listing::empty().by(&self.office)]
    }

    fn report(&self, pdf: &Pdf) -> Report {
        inspect(&pdf.bytes, &self.basis)
    }

    fn first(&self, pdf: &Pdf) -> Signature {
        let report = self.report(pdf);
        assert!(report.readable, "{:?}", report.findings);
        report.signatures.into_iter().next().expect("a signature")
    }
}

fn fatal(signature: &Signature) -> Vec<Reason> {
    let fatal = signature.findings.iter().filter(|finding| finding.is_fatal());
    fatal.map(|finding| finding.reason).collect()
}

fn noted(signature: &Signature) -> Vec<Reason> {
    let notes = signature.findings.iter().filter(|finding| !finding.is_fatal());
    notes.map(|finding| finding.reason).collect()
}

#[test]
fn a_plain_signature_is_whole_trusted_and_of_the_first_level() {
    let scene = scene();
    let report = scene.report(&scene.plain());
    assert_eq!(report.findings, []);
    let signature = &report.signatures[0];
    assert_eq!(fatal(signature), []);
    assert_eq!(noted(signature), [Reason::RevocationUnknown]);
    assert_eq!(signature.integrity, Integrity::Intact);
    assert_eq!((signature.kind, signature.trust), (Kind::Approval, Trust::Trusted));
    assert_eq!(signature.level, Some(Level::BB));
    assert_eq!(signature.revocation, Revocation::Unknown);
    assert_eq!(signature.signed_at, Some(noon()));
    assert!(signature.covers_whole_document && signature.timestamp.is_none());
    let named = signature.signer.as_ref().unwrap();
    assert_eq!((named.common_name.as_str(), named.organisation.as_str()), NAMED);
    assert_eq!(report.revisions.len(), 2);
    let claimed = report.claimed_document.as_deref();
    assert_eq!(claimed, Some("doc_0195f3a2-0000-7000-8000-0000000000ab"));
}

const NAMED: (&str, &str) = ("Signer", "Invented Office");

#[test]
fn each_level_is_told_as_made() {
    let scene = scene();
    let level = |pdf: &Pdf| {
        let signature = scene.first(pdf);
        assert_eq!(fatal(&signature), []);
        signature.level.unwrap()
    };
    let mut pdf = scene.stamped();
    assert_eq!(level(&pdf), Level::BT);
    pdf.keep(&[&scene.own], &scene.lists());
    assert_eq!(level(&pdf), Level::BLt);
    let kept = pdf.clone();
    pdf.stamp(&scene.stamper, &scene.stamping, "20261122120000Z");
    assert_eq!(level(&pdf), Level::BLta);
    let report = scene.report(&pdf);
    let stamp = &report.signatures[1];
    assert_eq!((stamp.kind, stamp.trust), (Kind::DocumentTimestamp, Trust::Trusted));
    assert_eq!((stamp.integrity, stamp.level), (Integrity::Intact, None));
    assert!(stamp.covers_whole_document && !report.signatures[0].covers_whole_document);
    // A timestamp that covers no long-term data keeps none.
    let mut early = scene.stamped();
    early.stamp(&scene.stamper, &scene.stamping, "20261122120000Z");
    assert_eq!(level(&early), Level::BT);
    assert_eq!(scene.first(&kept).revocation, Revocation::Good);
}

#[test]
fn long_term_data_that_say_too_little_do_not_lift_a_signature() {
    let scene = scene();
    let level = |lists: &[Vec<u8>], kept: &[&Certificate]| {
        let mut pdf = scene.stamped();
        pdf.keep(kept, lists);
        scene.first(&pdf).level
    };
    let [signers, stampers] = <[_; 2]>::try_from(scene.lists()).unwrap();
    assert_eq!(level(std::slice::from_ref(&signers), &[]), Some(Level::BT));
    assert_eq!(level(std::slice::from_ref(&stampers), &[]), Some(Level::BT));
    assert_eq!(level(&[signers, stampers.clone()], &[]), Some(Level::BLt));
    let strange = Listing::empty().by(&Person::authority("Root"));
    assert_eq!(level(&[strange, stampers.clone()], &[]), Some(Level::BT));
    let old = Listing {
        this_update: noon() - days(9),
        next_update: Some(noon() - days(2)),
        ..Listing::empty()
    };
    assert_eq!(level(&[old.by(&scene.root), stampers], &[]), Some(Level::BT));
}

#[test]
fn answers_that_only_the_service_holds_count_for_revocation_but_not_for_the_level() {
    let mut scene = scene();
    scene.basis.answers = scene.lists();
    let signature = scene.first(&scene.stamped());
    assert_eq!((signature.revocation, signature.level), (Revocation::Good, Some(Level::BT)));
}

#[test]
fn changed_bytes_break_a_signature() {
    let scene = scene();
    let mut pdf = scene.stamped();
    let place = pdf.bytes.windows(5).position(|window| window == b"Words").unwrap();
    pdf.bytes[place] = b'S';
    let signature = scene.first(&pdf);
    assert_eq!(signature.integrity, Integrity::Broken);
    assert_eq!(fatal(&signature), [Reason::DigestMismatch]);
    assert_eq!(signature.level, None);
}

#[test]
fn each_fault_of_the_signature_is_told_by_its_name() {
    let scene = scene();
    let verdict = |entries: &str, make: &dyn Fn(&[u8]) -> Vec<u8>| {
        let mut pdf = Pdf::new("Words");
        pdf.sign(entries, make);
        let signature = scene.first(&pdf);
        (signature.integrity, fatal(&signature))
    };
    let made = |covered: &[u8]| Making::new(covered, &scene.own);
    let signed = |making: &Making| making.signed(&scene.signer.key);
    let whole = |covered: &[u8]| signed(&made(covered));
    let unreadable = |reason| (Integrity::Unreadable, vec![reason]);
    let broken = |reason| (Integrity::Broken, vec![reason]);
    assert_eq!(verdict(CADES, &whole), (Integrity::Intact, vec![]));
    assert_eq!(verdict(PKCS7, &whole), (Integrity::Intact, vec![]));
    let old = "/Type/Sig/SubFilter/adbe.pkcs7.sha1";
    assert_eq!(verdict(old, &whole), unreadable(Reason::AlgorithmRefused));
    let behind = |covered: &[u8]| [whole(covered), vec![0, 0, 7]].concat();
    assert_eq!(verdict(CADES, &behind), unreadable(Reason::BytesBehindCms));
    assert_eq!(verdict(CADES, &|_| b"nonsense".to_vec()), unreadable(Reason::CmsMalformed));
    let stranger = |covered: &[u8]| made(covered).signed(&Key::new());
    assert_eq!(verdict(CADES, &stranger), broken(Reason::SignatureMismatch));
    let weak = |covered: &[u8]| signed(&Making { digest: SHA_1, ..made(covered) });
    assert_eq!(verdict(CADES, &weak), unreadable(Reason::AlgorithmRefused));
    let two = |covered: &[u8]| signed(&Making { signers: 2, ..made(covered) });
    assert_eq!(verdict(CADES, &two), unreadable(Reason::CmsMalformed));
    let nobody = |covered: &[u8]| signed(&Making { certificates: vec![], ..made(covered) });
    assert_eq!(verdict(CADES, &nobody), unreadable(Reason::CertificateMissing));
    let unnamed = |covered: &[u8]| {
        let mut making = made(covered);
        making.attributes.remove(2);
        signed(&making)
    };
    assert_eq!(verdict(CADES, &unnamed), unreadable(Reason::AttributeMissing));
    assert_eq!(verdict(PKCS7, &unnamed), (Integrity::Intact, vec![]));
    let twin = Person::signer("Signer").certified_by(&scene.root);
    let other = |covered: &[u8]| {
        let mut making = made(covered);
        making.attributes[2] = binding(&twin);
        signed(&making)
    };
    assert_eq!(verdict(CADES, &other), broken(Reason::CertificateMismatch));
    let content = |_: &[u8]| signed(&Making { content: Some(b"x".to_vec()), ..made(b"x") });
    assert_eq!(verdict(CADES, &content), unreadable(Reason::CmsMalformed));
}

#[test]
fn a_signing_time_under_the_signature_keeps_it_from_a_baseline_level() {
    let scene = scene();
    let mut pdf = Pdf::new("Words");
    pdf.sign(CADES, |covered| {
        let mut making = Making::new(covered, &scene.own);
        making.attributes.push(attribute("1.2.840.113549.1.9.5", &[time(noon())]));
        making.signed(&scene.signer.key)
    });
    let signature = scene.first(&pdf);
    assert_eq!((signature.integrity, signature.level), (Integrity::Intact, None));
}

#[test]
fn who_signs_is_trusted_tested_untrusted_or_unfit() {
    let mut scene = scene();
    let pdf = scene.plain();
    let root = scene.root.own();
    let verdict = |basis: &Basis| {
        let signature = inspect(&pdf.bytes, basis).signatures.remove(0);
        (signature.trust, fatal(&signature))
    };
    assert_eq!(verdict(&scene.basis), (Trust::Trusted, vec![]));
    scene.basis.signers = vec![anchor(&root, true)];
    assert_eq!(verdict(&scene.basis), (Trust::Test, vec![]));
    scene.basis.signers = vec![];
    assert_eq!(verdict(&scene.basis), (Trust::Untrusted, vec![Reason::NoPath]));
    scene.basis.signers = scene.basis.timestamps.clone();
    assert_eq!(verdict(&scene.basis), (Trust::Untrusted, vec![Reason::NoPath]));
    scene.basis.signers = vec![anchor(&root, false)];
    scene.basis.now = noon() + days(900);
    assert_eq!(verdict(&scene.basis), (Trust::Unfit, vec![Reason::NotValidThen]));
}

#[test]
fn a_certificate_for_something_else_is_unfit() {
    let server = extended(false, &["1.3.6.1.5.5.7.3.1"]);
    let scene = scene_of(Person::new("Signer", vec![key_usage(SIGNS), server]));
    let signature = scene.first(&scene.plain());
    assert_eq!((signature.trust, fatal(&signature)), (Trust::Unfit, vec![Reason::WrongUsage]));
}

#[test]
fn a_timestamp_keeps_a_signature_after_its_certificate_has_ended() {
    let mut scene = scene();
    scene.basis.now = noon() + days(300);
    let pdf = scene.stamped();
    let signature = scene.first(&pdf);
    assert_eq!((signature.trust, signature.level), (Trust::Trusted, Some(Level::BT)));
    let stamp = signature.timestamp.unwrap();
    assert_eq!(
        (stamp.at, stamp.trust, stamp.integrity),
        (noon(), Trust::Trusted, Integrity::Intact)
    );
}

#[test]
fn a_timestamp_ages_with_its_own_certificates_unless_a_later_one_keeps_it() {
    let mut scene = scene();
    let mut later = Person::stamper("Later");
    later.to = noon() + days(1200);
    let certificate = later.certified_by(&scene.office);
    let mut pdf = scene.stamped();
    scene.basis.now = noon() + days(334);
    assert_eq!(fatal(&scene.first(&pdf)), []);
    scene.basis.now = noon() + days(336);
    let aged = scene.first(&pdf);
    assert_eq!(fatal(&aged), [Reason::TimestampAged, Reason::NotValidThen]);
    assert_eq!((aged.trust, aged.level), (Trust::Unfit, None));
    pdf.stamp(&later, &certificate, "20270901120000Z");
    let kept = scene.first(&pdf);
    assert_eq!((fatal(&kept), kept.level), (vec![], Some(Level::BT)));
    let mut late = scene.stamped();
    late.stamp(&later, &certificate, "20271101120000Z");
    scene.basis.now = noon() + days(400);
    // The later one still proves a time, but one at which the signer's certificate had ended.
    assert_eq!(fatal(&scene.first(&late)), [Reason::TimestampAged, Reason::NotValidThen]);
}

#[test]
fn a_document_timestamp_proves_the_time_of_a_signature_without_its_own() {
    let mut scene = scene();
    let mut pdf = scene.plain();
    pdf.stamp(&scene.stamper, &scene.stamping, AT);
    scene.basis.now = noon() + days(300);
    let signature = scene.first(&pdf);
    assert_eq!((signature.trust, signature.level), (Trust::Trusted, Some(Level::BT)));
    assert_eq!(signature.timestamp, None);
}

#[test]
fn a_timestamp_of_another_signature_proves_nothing() {
    let scene = scene();
    let mut pdf = Pdf::new("Words");
    let other = scene.token(b"another signature", AT);
    pdf.sign(CADES, |covered| stamped(Making::new(covered, &scene.own), &scene.signer, |_| other));
    let signature = scene.first(&pdf);
    assert_eq!(fatal(&signature), [Reason::TimestampImprint]);
    assert_eq!(signature.level, Some(Level::BB));
    assert_eq!(signature.timestamp.unwrap().integrity, Integrity::Broken);
}

#[test]
fn a_timestamp_that_is_not_believed_proves_nothing() {
    let verdict = |change: &dyn Fn(&mut Scene), spelt: &str| {
        let mut scene = scene();
        change(&mut scene);
        scene.basis.now = noon() + days(2);
        let mut pdf = Pdf::new("Words");
        pdf.sign(CADES, |covered| {
            let making = Making::new(covered, &scene.own);
            stamped(making, &scene.signer, |signature| scene.token(signature, spelt))
        });
        let signature = scene.first(&pdf);
        (signature.level, fatal(&signature))
    };
    let only = |reason| (Some(Level::BB), vec![reason]);
    assert_eq!(verdict(&|_| (), AT), (Some(Level::BT), vec![]));
    let strange = |scene: &mut Scene| scene.basis.timestamps.clear();
    assert_eq!(verdict(&strange, AT), only(Reason::TimestampUntrusted));
    assert_eq!(verdict(&|_| (), "20270101120000Z"), only(Reason::TimestampUntrusted));
    assert_eq!(verdict(&|_| (), "20250101120000Z"), only(Reason::TimestampUntrusted));
    let unfit = |scene: &mut Scene| {
        scene.stamper = Person::new("Stamper", vec![key_usage(SIGNS)]);
        scene.stamping = scene.stamper.certified_by(&scene.office);
    };
    assert_eq!(verdict(&unfit, AT), only(Reason::TimestampUsage));
    let forged = |scene: &mut Scene| scene.stamper.key = Key::new();
    assert_eq!(verdict(&forged, AT), only(Reason::TimestampSignature));
    let test = |scene: &mut Scene| scene.basis.timestamps[0].test = true;
    assert_eq!(verdict(&test, AT), (Some(Level::BT), vec![]));
    assert_eq!(verdict(&|_| (), "nonsense"), only(Reason::TimestampMalformed));
}

fn revoking(certificate: &Certificate, at: Timestamp, reason: u8) -> Listing {
    let reason = extension("2.5.29.21", false, tlv(10, &[reason]));
    let entries = vec![entry(certificate, at, &[reason])];
    Listing { this_update: noon() + days(1), entries, ..Listing::empty() }
}

#[test]
fn a_revocation_counts_unless_a_timestamp_proves_that_it_came_later() {
    let mut scene = scene();
    let verdict = |scene: &Scene, pdf: &Pdf| {
        let signature = scene.first(pdf);
        (signature.revocation, fatal(&signature), noted(&signature))
    };
    let (before, after) = (noon() - days(1), noon() + SECOND * 3600);
    let unknown = Reason::RevocationUnknown;
    scene.basis.answers = vec![revoking(&scene.own, before, 1).by(&scene.root)];
    for pdf in [scene.plain(), scene.stamped()] {
        let (revocation, fatal, _) = verdict(&scene, &pdf);
        assert_eq!(revocation, Revocation::Revoked { at: before });
        assert_eq!(fatal, [Reason::Revoked]);
    }
    scene.basis.answers = vec![revoking(&scene.own, after, 1).by(&scene.root)];
    let (revocation, fatal, _) = verdict(&scene, &scene.plain());
    assert_eq!((revocation, fatal), (Revocation::Revoked { at: after }, vec![Reason::Revoked]));
    // The timestamp's own authority names a list that nobody has.
    let later = Revocation::RevokedLater { at: after };
    let wanted = (later, vec![], vec![unknown, Reason::RevokedLater]);
    assert_eq!(verdict(&scene, &scene.stamped()), wanted);
}

const SECOND: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);

#[test]
fn a_revoked_timestamp_authority_is_believed_only_where_its_key_was_safe_or_another_proves_it() {
    let mut scene = scene();
    let after = noon() + days(1);
    scene.basis.now = noon() + days(4);
    let believed = |scene: &Scene, pdf: &Pdf| {
        let signature = scene.first(pdf);
        (signature.level, fatal(&signature))
    };
    let revoke = |scene: &mut Scene, at, reason| {
        scene.basis.answers = vec![revoking(&scene.stamping, at, reason).by(&scene.office)];
    };
    let refused = (Some(Level::BB), vec![Reason::Revoked]);
    revoke(&mut scene, after, 4);
    assert_eq!(believed(&scene, &scene.stamped()), (Some(Level::BT), vec![]));
    revoke(&mut scene, after, 1);
    assert_eq!(believed(&scene, &scene.stamped()), refused);
    revoke(&mut scene, noon() - days(1), 4);
    assert_eq!(believed(&scene, &scene.stamped()), refused);
    // Another authority proves that the timestamp was there before.
    let other = Person::stamper("Other");
    let proving = other.certified_by(&scene.office);
    let mut pdf = scene.stamped();
    pdf.stamp(&other, &proving, "20261121180000Z");
    revoke(&mut scene, after, 1);
    assert_eq!(believed(&scene, &pdf), (Some(Level::BT), vec![]));
    let mut late = scene.stamped();
    late.stamp(&other, &proving, "20261123180000Z");
    let (level, reasons) = believed(&scene, &late);
    // The document timestamp itself still proves the signature's time.
    assert_eq!((level, reasons), (Some(Level::BT), vec![Reason::Revoked]));
}

#[test]
fn a_document_timestamp_of_other_bytes_is_broken() {
    let scene = scene();
    let mut pdf = scene.plain();
    pdf.stamp(&scene.stamper, &scene.stamping, AT);
    let place = pdf.bytes.windows(5).position(|window| window == b"Words").unwrap();
    pdf.bytes[place] = b'S';
    let report = scene.report(&pdf);
    let [signature, stamp] = report.signatures.as_slice() else { panic!("two") };
    assert_eq!(fatal(signature), [Reason::DigestMismatch]);
    assert_eq!(stamp.integrity, Integrity::Broken);
    assert_eq!(fatal(stamp), [Reason::TimestampImprint]);
    assert_eq!(signature.level, None);
}

#[test]
fn the_test_authority_offers_no_revocation_and_that_is_said() {
    let scene = scene_of(Person::new("Signer", vec![key_usage(SIGNS)]));
    let signature = scene.first(&scene.plain());
    assert_eq!(signature.revocation, Revocation::NotOffered);
    assert_eq!(signature.findings, []);
}

#[test]
fn what_is_no_pdf_is_unreadable_and_what_has_no_signature_says_so() {
    let scene = scene();
    let report = inspect(b"words", &scene.basis);
    assert!(!report.readable && report.findings[0].is_fatal());
    let report = scene.report(&Pdf::new("Words"));
    assert!(report.readable);
    assert_eq!(report.findings[0].reason, Reason::NoSignature);
}
