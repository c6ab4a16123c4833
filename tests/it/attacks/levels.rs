//! Each level with each kind of key before pyHanko's own AdES rules, by its command line.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use jiff::SignedDuration;

use super::scene;
use crate::harness::{Folder, NOW, Services, now};
use crate::outside::{python, said};

#[tokio::test]
async fn conformance_adesverify_finds_each_level_of_each_key_valid() {
    let Some(python) = python("pyhanko.cli") else { return };
    let Some(services) = Services::at(Some(NOW)) else { return };
    let (_, good) = scene().await;
    let program = python.with_file_name("pyhanko");
    let folder = Folder::new();
    let at = (now() + SignedDuration::from_mins(1)).to_string();
    let (mut asked, mut wrong) = (0, Vec::new());
    for (name, bytes) in good.files.iter().filter(|(name, _)| name.starts_with("level/")) {
        let file: PathBuf = folder.path().join(format!("{asked}.pdf"));
        std::fs::write(&file, bytes).unwrap();
        asked += 1;
        // Nothing in the file says yet whether the signer was revoked, and nothing is fetched.
        let early = name.ends_with("B-B") || name.ends_with("B-T");
        let out = Command::new(&program)
            .args(["sign", "adesverify", "--executive-summary", "--validation-time", &at])
            .args(early.then_some("--no-revocation-check"))
            .args(["--trust-replace", "--trust"])
            .arg(services.certificate("root"))
            .arg(&file)
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&out.stdout).trim().replace('\n', "; ");
        let _ = writeln!(std::io::stderr(), "pyHanko adesverify {name}: {words}");
        if !words.ends_with(":VALID") || words.contains("INVALID") || !out.status.success() {
            wrong.push(format!("{name}: {}", said(&out)));
        }
    }
    assert!(asked >= 15 && wrong.is_empty(), "{asked}: {}", wrong.join("\n"));
}
