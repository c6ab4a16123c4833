//! Whatever bytes come, every reader gives an answer; and no change of a signed byte passes.

use proptest::prelude::*;

use super::maker::*;
use crate::verify::algorithm::Hash;
use crate::verify::asn1;
use crate::verify::certificate::Certificate;
use crate::verify::cms::SignedData;
use crate::verify::revocation::crl::List;
use crate::verify::revocation::ocsp::Answer;
use crate::verify::revocation::{Material, Moment, Standing};
use crate::verify::token::Token;

/// One of each kind, with what is needed to check it.
struct Good {
    root: Certificate,
    leaf: Certificate,
    all: [Vec<u8>; 5],
}

fn good() -> Good {
    let root = Person::authority("Root");
    let signer = Person::signer("Signer");
    let leaf = signer.certified_by(&root);
    let stamper = Person::stamper("Stamper");
    let stamping = stamper.certified_by(&root);
    let token = Making::stamp(info(b"x", "20261121120000.5Z", Some(3)), &stamping);
    let entries = vec![entry(&stamping, noon(), &[])];
    Good {
        all: [
            leaf.der().to_vec(),
            Making::new(b"x", &leaf).signed(&signer.key),
            token.signed(&stamper.key),
            Answering::good().by(&root, &[], (&leaf, &root.own())),
            Listing { entries, ..Listing::empty() }.by(&root),
        ],
        root: root.own(),
        leaf,
    }
}

impl Good {
    /// Reads the bytes as everything, and says what of them was believed.
    fn believed(&self, der: &[u8]) -> [bool; 4] {
        let _ = asn1::well_formed(der);
        let moment = Moment { at: noon(), now: noon() };
        let anchors = [self.root.clone()];
        let certificate =
            Certificate::read(der).is_ok_and(|one| one.is_signed_by(&self.root).is_ok());
        let signature = SignedData::read(der).is_ok_and(|signed| {
            signed.check(&self.leaf).is_ok()
                && signed.digest() == Ok(Hash::Sha256.of(&[b"x"]).as_slice())
        });
        let token = Token::read(der).is_ok_and(|one| one.check(&[b"x"], &[], &anchors).is_ok());
        let _ = (Answer::read(der), List::read(der));
        let material = Material::read([der]);
        let standing = material.standing(&self.leaf, &self.root, moment) != Standing::Unknown;
        [certificate, signature, token, standing]
    }
}

#[test]
fn each_is_believed_as_made() {
    let good = good();
    let believed: Vec<_> = good.all.iter().map(|der| good.believed(der)).collect();
    let none = [false; 4];
    let only = |index: usize| {
        let mut one = none;
        one[index] = true;
        one
    };
    assert_eq!(believed, [only(0), only(1), only(2), only(3), only(3)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        thread_local!(static GOOD: Good = good());
        GOOD.with(|good| {
            assert_eq!(good.believed(&bytes), [false; 4]);
        });
    }

    #[test]
    fn changed_bytes_are_read_or_refused(
        which in 0..5_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        thread_local!(static GOOD: Good = good());
        GOOD.with(|good| {
            let mut der = good.all[which].clone();
            for (place, byte) in changes {
                let place = place.index(der.len());
                der[place] = byte;
            }
            if let Some(cut) = cut {
                der.truncate(cut.index(der.len()));
            }
            if der == good.all[which] {
                return;
            }
            let believed = good.believed(&der);
            // The certificate, the list and a direct answer are signed whole. In a CMS there are
            // bytes beside what is signed; what they lead to is the same or nothing.
            if ![1, 2].contains(&which) && !beside(which, &good.all[which], &der) {
                assert_eq!(believed, [false; 4]);
            }
        });
    }
}

/// Whether only bytes differ that no signature covers: those around an answer.
fn beside(which: usize, good: &[u8], changed: &[u8]) -> bool {
    let differ: Vec<_> =
        good.iter().zip(changed).enumerate().filter(|(_, (a, b))| a != b).collect();
    which == 3 && good.len() == changed.len() && differ.iter().all(|(place, _)| *place < 48)
}
