//! Revisions, one upon another.

use proptest::prelude::*;

use super::*;
use crate::digest::hex;

/// A small finished file of our form: a seal on its second page.
pub(in crate::sign) fn finished() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let seal = format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[{:<43}]/Contents<{}>>>",
        "",
        hex(&[&[0x30, 0x82, 0x01, 0x00][..], &[7; 256], &[0; 40]].concat()),
    );
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/Lang(en-GB)/AcroForm 5 0 R/Perms<</DocMDP 8 0 R>>>>",
        "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Tabs/S/Annots[6 0 R]>>",
        "<</Fields[6 0 R]/SigFlags 3>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/F 132/P 4 0 R/Rect[1 1 9 9]/V 8 0 R>>",
        "<</Title(A title)>>",
        &seal,
    ];
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let table = bytes.len();
    bytes.extend(b"xref\n0 9\n0000000000 65535 f \n");
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").as_bytes());
    }
    bytes.extend(
        format!(
            "trailer\n<</Size 9/Root 1 0 R/Info 7 0 R/ID[<{0}><{0}>]>>\nstartxref\n{table}\n%%EOF\n",
            "ab".repeat(16)
        )
        .as_bytes(),
    );
    let find = |what: &[u8]| bytes.windows(what.len()).position(|w| w == what).unwrap();
    let (range, start) = (find(b"/ByteRange[") + 11, find(b"/Contents<") + 9);
    let end = start + 602;
    let text = format!("0 {start} {end} {}", bytes.len() - end);
    bytes[range..range + text.len()].copy_from_slice(text.as_bytes());
    bytes
}

/// Something that begins as DER does.
fn der(seed: u8, length: usize) -> Vec<u8> {
    let [high, low] = u16::try_from(length).unwrap().to_be_bytes();
    [vec![0x30, 0x82, high, low], vec![seed; length]].concat()
}

fn material(seed: u8) -> Material {
    Material {
        certificates: vec![der(seed, 300), der(200, 301)],
        ocsps: vec![der(seed, 400)],
        crls: vec![der(seed, 500)],
    }
}

fn with_store(bytes: &[u8], seed: u8) -> Vec<u8> {
    let placed = signatures(bytes).unwrap();
    let each: Vec<_> = placed.into_iter().map(|placed| (placed, material(seed))).collect();
    grown(bytes, &each).unwrap().unwrap()
}

fn stamped(bytes: &[u8]) -> Vec<u8> {
    Archive::open(bytes, 1000).unwrap().close(&der(9, 900)).unwrap()
}

fn count(bytes: &[u8], what: &str) -> usize {
    memchr::memmem::find_iter(bytes, what).count()
}

#[test]
fn the_seal_is_found_with_what_is_in_its_hole() {
    let bytes = finished();
    let [seal] = &signatures(&bytes).unwrap()[..] else { panic!("one signature") };
    assert!(!seal.is_timestamp);
    assert_eq!(seal.end, bytes.len());
    let contents = seal.contents(&bytes).unwrap();
    assert_eq!((contents.der.len(), contents.padded.len()), (260, 300));
    assert_eq!(seal.around(&bytes).concat().len() + seal.hole.len(), bytes.len());
}

#[test]
fn each_revision_leaves_every_byte_before_it() {
    let base = finished();
    let longer = with_store(&base, 1);
    let archived = stamped(&longer);
    let again = with_store(&archived, 2);
    let renewed = stamped(&again);
    for (before, after) in
        [(&base, &longer), (&longer, &archived), (&archived, &again), (&again, &renewed)]
    {
        assert!(after.starts_with(before));
        assert_eq!(prove(before, after).ok(), Some(()));
    }
    let all = signatures(&renewed).unwrap();
    let kinds: Vec<bool> = all.iter().map(|placed| placed.is_timestamp).collect();
    assert_eq!(kinds, [false, true, true]);
    let ends: Vec<usize> = all.iter().map(|placed| placed.end).collect();
    assert_eq!(ends, [base.len(), archived.len(), renewed.len()]);
    assert_eq!(all[1].contents(&renewed).unwrap().der, der(9, 900));
    assert_eq!(count(&renewed, "/T(Timestamp1)"), 1);
    assert_eq!(count(&renewed, "/T(Timestamp2)"), 1);
}

#[test]
fn a_store_only_grows_and_an_entry_for_a_signature_is_never_written_again() {
    let first = with_store(&finished(), 1);
    assert_eq!(count(&first, "/Type/VRI"), 1);
    let again = with_store(&first, 2);
    assert_eq!(count(&again, "/Type/VRI"), 1, "the seal has its entry");
    assert_eq!(count(&again, "/Type/Catalog"), 2, "the catalog changes once");
    let base = base::Base::read(&again).unwrap();
    let catalog = base.dictionary(base.root().unwrap()).unwrap();
    let store = base.dictionary(catalog.reference("DSS").unwrap()).unwrap();
    let lengths = ["Certs", "OCSPs", "CRLs"].map(|key| store.array(key).unwrap().len());
    assert_eq!(lengths, [3, 2, 2], "what stands already is not written twice");
    assert_eq!(catalog.reference("AcroForm"), Some(5));
    let same = signatures(&again).unwrap().into_iter().map(|placed| (placed, material(2)));
    assert_eq!(grown(&again, &same.collect::<Vec<_>>()).unwrap(), None);
}

#[test]
fn a_timestamp_that_does_not_fit_leaves_no_file() {
    let open = Archive::open(&finished(), 1000).unwrap();
    assert_eq!(open.reserve(), 1000);
    let refused = open.close(&der(9, 1000));
    assert!(matches!(refused, Err(LevelError::TooSmall { needed: 1004, reserved: 1000 })));
}

#[test]
fn what_is_not_of_our_form_gets_no_revision() {
    let bytes = finished();
    let longer = [bytes.clone(), b"%\n".to_vec()].concat();
    let looped = {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let table = text.rsplit_once("startxref\n").unwrap().1.split('\n').next().unwrap();
        let text = replaced(&bytes, b"/Root 1 0 R", format!("/Prev {table}/Root 1 0 R"));
        assert!(base::Base::read(&text).is_err());
        text
    };
    for wrong in [&b""[..], b"%PDF-1.7\n%%EOF\n", &bytes[..bytes.len() - 1], &longer, &looped] {
        assert!(matches!(signatures(wrong), Err(LevelError::Form(_))));
        assert!(matches!(Archive::open(wrong, 1000), Err(LevelError::Form(_))));
        assert!(matches!(grown(wrong, &[]), Err(LevelError::Form(_))));
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: String) -> Vec<u8> {
    let at = memchr::memmem::find(bytes, from).unwrap();
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

#[test]
fn a_proof_finds_a_byte_that_moved() {
    let before = finished();
    let after = stamped(&before);
    for place in [0, 20, before.len() - 1] {
        let mut changed = after.clone();
        changed[place] ^= 1;
        assert!(matches!(prove(&before, &changed), Err(LevelError::Proof(_))), "{place}");
    }
    assert!(matches!(prove(&before, &before), Err(LevelError::Proof(_))));
    let tail = [after, b"x".to_vec()].concat();
    assert!(matches!(prove(&before, &tail), Err(LevelError::Proof(_))));
}

proptest! {
    #[test]
    fn no_change_of_a_byte_makes_the_reader_fall(place in 0usize..2000, with: u8) {
        let mut bytes = stamped(&with_store(&finished(), 1));
        let at = bytes.len() - 1 - place % bytes.len();
        bytes[at] = with;
        if let Ok(all) = signatures(&bytes) {
            for placed in all {
                let _ = placed.contents(&bytes);
                prop_assert!(placed.end <= bytes.len());
            }
        }
        let _ = Archive::open(&bytes, 10);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        prop_assert!(signatures(&bytes).is_err());
    }
}
