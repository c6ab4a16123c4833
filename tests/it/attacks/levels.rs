//! Each level with each kind of key before pyHanko's own AdES rules, by its command line.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::scene;
use crate::harness::{Folder, NOW, Services, now};
use crate::outside::adesverify;

#[tokio::test]
async fn conformance_adesverify_finds_each_level_of_each_key_valid() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let (_, good) = scene().await;
    let folder = Folder::new();
    let (mut asked, mut wrong) = (0, Vec::new());
    for (name, bytes) in good.files.iter().filter(|(name, _)| name.starts_with("level/")) {
        let file: PathBuf = folder.path().join(format!("{asked}.pdf"));
        std::fs::write(&file, bytes).unwrap();
        asked += 1;
        // Nothing in the file says yet whether the signer was revoked, and nothing is fetched.
        let early = name.ends_with("B-B") || name.ends_with("B-T");
        let at = now() + SignedDuration::from_mins(1);
        let root = services.certificate("root");
        let Some(judged) = adesverify(&root, (&file, name), at, !early) else { return };
        wrong.extend(judged.err());
    }
    assert!(asked >= 15 && wrong.is_empty(), "{asked}: {}", wrong.join("\n"));
}
