//! The seeds of the fuzz targets: one small thing of each kind. `CHECK_GOLDEN_WRITE=1 cargo test
//! --lib seeds` writes them to `fuzz/corpus` anew.

use std::path::Path;

use super::file::*;
use super::maker::*;
use crate::verify::Drill;

/// The target, the name of the file, its bytes.
fn seeds() -> Vec<(Drill, &'static str, Vec<u8>)> {
    let root = Person::authority("Root");
    let signer = Person::signer("Signer");
    let leaf = signer.certified_by(&root);
    let stamper = Person::stamper("Stamper");
    let stamping = stamper.certified_by(&root);
    let token = |message: &[u8]| {
        let info = info(message, "20261121120000.5Z", Some(3));
        Making::stamp(info, &stamping).signed(&stamper.key)
    };
    let plain = |pdf: &mut Pdf| {
        pdf.sign(CADES, |covered| Making::new(covered, &leaf).signed(&signer.key));
    };
    let (mut once, mut twice) = (Pdf::new("Words"), Pdf::new("Words"));
    plain(&mut once);
    plain(&mut twice);
    plain(&mut twice);
    let mut stamped_once = Pdf::new("Words");
    stamped_once.sign(CADES, |covered| stamped(Making::new(covered, &leaf), &signer, token));
    let entries = vec![entry(&stamping, noon(), &[])];
    let list = Listing { entries, ..Listing::empty() }.by(&root);
    let answer = Answering::good().by(&root, &[], (&leaf, &root.own()));
    let mut all = vec![
        (Drill::Cms, "signature", Making::new(b"x", &leaf).signed(&signer.key)),
        (Drill::Cms, "timestamp", token(b"x")),
        (Drill::Timestamp, "timestamp", token(b"x")),
        (Drill::Ocsp, "answer", answer),
        (Drill::Crl, "list", list),
        (Drill::Crl, "empty", Listing::empty().by(&root)),
    ];
    for drill in [Drill::Pdf, Drill::Inspect] {
        all.push((drill, "unsigned", Pdf::new("Words").bytes));
        all.push((drill, "signed", once.bytes.clone()));
        all.push((drill, "signed-twice", twice.bytes.clone()));
        all.push((drill, "stamped", stamped_once.bytes.clone()));
    }
    all
}

#[test]
fn seeds_are_small_and_can_be_read() {
    let write = std::env::vars().any(|(name, _)| name == "CHECK_GOLDEN_WRITE");
    for (drill, name, bytes) in seeds() {
        let read = drill.run(&bytes);
        assert!(read || name == "unsigned", "{} {name}", drill.name());
        assert!(bytes.len() < 65_536, "{name}");
        if write {
            let folder = Path::new("fuzz/corpus").join(drill.name());
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name), bytes).unwrap();
        }
    }
}
