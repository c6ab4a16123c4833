//! What others say of our files: qpdf, poppler, pyHanko. What is not installed is named as skipped,
//! on the standard error and past the test harness; under `./check --strict` a skip is a failure.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::{CANARIES, Folder, TestApp, full, interim, variation};

/// A document as the service gave it, on disk for the tools.
struct Made {
    name: &'static str,
    request: Value,
    file: PathBuf,
    signed: bool,
}

/// The three signed documents and a preview.
async fn made(folder: &Folder) -> Vec<Made> {
    let app = TestApp::start().await;
    let order = app.post("/v1/full-orders", &full()).key("base").send().await.expect(201);
    let id = order.json()["id"].as_str().unwrap().to_owned();
    let requests = [
        ("interim", "/v1/interim-orders", interim(), true),
        ("full", "/v1/full-orders", full(), true),
        ("variation", "/v1/variation-requests", variation(&id), true),
        ("preview", "/v1/previews/full-orders", full(), false),
    ];
    let mut made = Vec::new();
    for (name, path, request, signed) in requests {
        let reply = app.post(path, &request).key(name).pdf().send().await;
        assert!(reply.status < 300, "{name}: {}", reply.text());
        let file = folder.path().join(format!("{name}.pdf"));
        std::fs::write(&file, &reply.body).unwrap();
        made.push(Made { name, request, file, signed });
    }
    made
}

#[tokio::test]
async fn outside_qpdf_finds_nothing_wrong() {
    let folder = Folder::new();
    for made in made(&folder).await {
        let Some(out) = run("qpdf", &["--check"], &made.file, &[]) else { return };
        assert!(out.status.success(), "{}: {}", made.name, said(&out));
        assert!(!said(&out).contains("WARNING"), "{}: {}", made.name, said(&out));
    }
    let broken = folder.path().join("broken.pdf");
    let mut bytes = std::fs::read(folder.path().join("full.pdf")).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&broken, bytes).unwrap();
    let out = run("qpdf", &["--check"], &broken, &[]).unwrap();
    assert!(!out.status.success(), "half a file passed");
}

#[tokio::test]
async fn outside_pdffonts_finds_every_face_embedded_subset_and_readable() {
    let folder = Folder::new();
    for made in made(&folder).await {
        let Some(out) = run("pdffonts", &[], &made.file, &[]) else { return };
        let said = said(&out);
        let faces: Vec<_> = said.lines().skip(2).collect();
        assert!(faces.len() >= 2, "{}: {said}", made.name);
        for face in faces {
            assert_eq!(face.matches("yes").count(), 3, "{}: {face}", made.name);
        }
    }
}

#[tokio::test]
async fn outside_pdfinfo_reads_the_structure() {
    let folder = Folder::new();
    for made in made(&folder).await {
        let Some(out) = run("pdfinfo", &["-struct-text"], &made.file, &[]) else { return };
        let tree = said(&out);
        for part in ["Document", "H1", "H2", "Table", "TH", "TD", "L ", "LI", "Lbl", "LBody"] {
            // A request to vary has a table where an order has its terms.
            let listed = !["L ", "LI", "Lbl", "LBody"].contains(&part);
            assert!(
                tree.contains(part) || (made.name == "variation" && !listed),
                "{}: no {part}:\n{tree}",
                made.name
            );
        }
        let field = tree.lines().any(|line| line.trim() == "Form");
        assert_eq!(field, made.signed, "{}:\n{tree}", made.name);
        let plain = said(&run("pdfinfo", &[], &made.file, &[]).unwrap());
        assert!(plain.contains("Tagged:          yes"), "{plain}");
        assert!(plain.contains("JavaScript:      no"), "{plain}");
        let personal = ["Ffug", "Wzór", "Placeholder", "Mẫu"];
        assert!(!personal.iter().any(|name| plain.contains(name)), "{plain}");
    }
}

#[tokio::test]
async fn outside_pdftotext_reads_every_word_and_no_confidential_one() {
    let folder = Folder::new();
    for made in made(&folder).await {
        let Some(out) = run("pdftotext", &["-raw"], &made.file, &["-"]) else { return };
        let text = squeezed(&String::from_utf8(out.stdout).unwrap());
        for words in printed(&made.request) {
            assert!(text.contains(&squeezed(&words)), "{}: {words} is not there", made.name);
        }
        for canary in CANARIES {
            assert!(!text.contains(&squeezed(canary)), "{}: {canary}", made.name);
        }
        assert_eq!(text.contains("DRAFT"), !made.signed, "{}", made.name);
        assert!(!text.contains('\u{FFFD}'), "{}", made.name);
    }
}

#[tokio::test]
async fn outside_pdfsig_finds_one_whole_valid_signature() {
    let folder = Folder::new();
    for made in made(&folder).await.iter().filter(|made| made.signed) {
        let Some(out) = run("pdfsig", &["-nocert"], &made.file, &[]) else { return };
        let said = said(&out);
        assert!(said.contains("Signature is Valid"), "{}: {said}", made.name);
        assert!(said.contains("Total document signed"), "{}: {said}", made.name);
        assert!(said.contains("ETSI.CAdES.detached"), "{}: {said}", made.name);
        assert!(!said.contains("Signature #2"), "{}: {said}", made.name);
    }
}

#[tokio::test]
async fn outside_pyhanko_finds_the_signature_whole_and_certifying() {
    let Some(python) = python("pyhanko") else { return };
    let folder = Folder::new();
    for made in made(&folder).await.iter().filter(|made| made.signed) {
        let verdict = pyhanko(&python, &made.file);
        assert_eq!(verdict["intact"], json!(true), "{}: {verdict}", made.name);
        assert_eq!(verdict["valid"], json!(true), "{}: {verdict}", made.name);
        assert_eq!(verdict["coverage"], json!("ENTIRE_FILE"), "{}: {verdict}", made.name);
        assert_eq!(verdict["docmdp"], json!("NO_CHANGES"), "{}: {verdict}", made.name);
        assert_eq!(verdict["signatures"], json!(1), "{}: {verdict}", made.name);
        // The test of the test: one letter of a page turned over.
        let mut bytes = std::fs::read(&made.file).unwrap();
        bytes[2000] ^= 1;
        let altered = folder.path().join("altered.pdf");
        std::fs::write(&altered, bytes).unwrap();
        let verdict = pyhanko(&python, &altered);
        assert_ne!(verdict["intact"], json!(true), "{}: an altered file passed", made.name);
    }
}

pub fn pyhanko(python: &Path, file: &Path) -> Value {
    let script = Path::new("tests/conformance/pyhanko_verdict.py");
    let out = Command::new(python).arg(script).arg(file).output().unwrap();
    serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", said(&out)))
}

/// What the respondent or the court must be able to read, from the request itself.
fn printed(request: &Value) -> Vec<String> {
    let mut words = Vec::new();
    for pointer in [
        "/case/reference",
        "/respondent/given_names",
        "/respondent/family_name",
        "/respondent/aliases/0",
        "/respondent/aliases/1",
        "/hearing/bench",
        "/authorised_by/name",
        "/prohibitions/11/text",
        "/prohibitions/0/values/exceptions",
        "/prohibitions/2/values/boundary",
        "/avoids_conflict/reason",
        "/requirements/0/values/items/0",
        "/grounds",
        "/changes/0/reason",
        "/changes/3/reason",
    ] {
        words.extend(request.pointer(pointer).and_then(Value::as_str).map(str::to_owned));
    }
    assert!(words.len() >= 3, "the request names nothing to look for");
    words
}

pub fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Runs a tool on a file; `None` where it is not installed, which is said.
pub fn run(tool: &str, before: &[&str], file: &Path, after: &[&str]) -> Option<Output> {
    let out = Command::new(tool).args(before).arg(file).args(after).output();
    if out.is_err() {
        skipped(tool);
    }
    out.ok()
}

/// The interpreter that has this module.
pub fn python(module: &str) -> Option<PathBuf> {
    let python = PathBuf::from(std::env::var_os("CHECK_PYTHON").unwrap_or("python3".into()));
    let has = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    if has.is_ok_and(|out| out.status.success()) {
        return Some(python);
    }
    skipped(module);
    None
}

/// What pyHanko's AdES rules say of a file at an instant: valid, or why not; none where pyHanko is
/// not installed, which is then told.
pub fn adesverify(
    root: &Path,
    (file, name): (&Path, &str),
    at: Timestamp,
    with_revocation: bool,
) -> Option<Result<(), String>> {
    let program = python("pyhanko.cli")?.with_file_name("pyhanko");
    let out = Command::new(&program)
        .args(["sign", "adesverify", "--executive-summary", "--validation-time", &at.to_string()])
        .args((!with_revocation).then_some("--no-revocation-check"))
        .args(["--trust-replace", "--trust"])
        .args([root, file])
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&out.stdout).trim().replace('\n', "; ");
    let _ = writeln!(std::io::stderr(), "pyHanko adesverify {name}: {words}");
    let bad = !words.ends_with(":VALID") || words.contains("INVALID") || !out.status.success();
    Some(if bad { Err(format!("{name}: {}", said(&out))) } else { Ok(()) })
}

pub fn skipped(what: &str) {
    assert!(std::env::var_os("CHECK_STRICT").is_none(), "{what} is not installed");
    let _ = writeln!(std::io::stderr(), "skipped: {what} is not installed (./check tools)");
}

pub fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
}
