//! The check on paper: pages drawn as pictures, their codes read by a decoder that knows nothing of
//! us, and what was read checked by key, by register and from the command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use spo::issue::{Caller, Creating, Issued, OrderKind, Verdict, check_by_key};
use spo::paper::{Presented, Signed};

use crate::harness::{Folder, TestApp, full, interim, now, paper_key, said, set, variation};
use crate::outside::skipped;

/// A page as a camera or a copier sees it.
struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Picture {
    /// Reads the binary form of netpbm's grey pictures.
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let mut at = 0;
        let mut field = || {
            let start = at;
            at += bytes[start..].iter().position(u8::is_ascii_whitespace).unwrap() + 1;
            String::from_utf8(bytes[start..at - 1].to_vec()).unwrap()
        };
        let head = [field(), field(), field(), field()];
        assert_eq!((head[0].as_str(), head[3].as_str()), ("P5", "255"));
        let [width, height] = [&head[1], &head[2]].map(|number| number.parse().unwrap());
        let grey = bytes[at..].to_vec();
        assert_eq!(grey.len(), width * height);
        Self { width, height, grey }
    }

    fn at(&self, x: usize, y: usize) -> u8 {
        self.grey.get(y * self.width + x).copied().filter(|_| x < self.width).unwrap_or(255)
    }

    /// As a worn copier gives it: each point smeared over its neighbours, speckled, and made black
    /// or white.
    fn copied(&self, round: u32) -> Self {
        let mut chance = round.wrapping_mul(2_654_435_761).wrapping_add(12_345);
        let mut grey = Vec::with_capacity(self.grey.len());
        for y in 0..self.height {
            for x in 0..self.width {
                let near = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (1, 2)];
                let sum: u32 = near.iter().map(|(dx, dy)| u32::from(self.at(x + dx, y + dy))).sum();
                chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = (chance >> 24) / 4;
                let mean = sum / 6 + noise;
                grey.push(if mean > 150 { 255 } else { 0 });
            }
        }
        Self { grey, ..*self }
    }

    /// Turned by some degrees about its middle, as paper lies under a camera.
    fn turned(&self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (half_x, half_y) = (self.width as f64 / 2.0, self.height as f64 / 2.0);
        let mut grey = Vec::with_capacity(self.grey.len());
        for y in 0..self.height {
            for x in 0..self.width {
                let (dx, dy) = (x as f64 - half_x, y as f64 - half_y);
                let (sx, sy) = (half_x + dx * cos - dy * sin, half_y + dx * sin + dy * cos);
                let inside = sx >= 0.0 && sy >= 0.0;
                grey.push(if inside { self.at(sx as usize, sy as usize) } else { 255 });
            }
        }
        Self { grey, ..*self }
    }

    /// Twice as large each way, smoothed, as a scanning program does with a coarse picture.
    fn enlarged(&self) -> Self {
        let (width, height) = (self.width * 2, self.height * 2);
        let mut grey = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (here_x, here_y) = (x / 2, y / 2);
                let beside_x = if x % 2 == 0 { here_x.saturating_sub(1) } else { here_x + 1 };
                let beside_y = if y % 2 == 0 { here_y.saturating_sub(1) } else { here_y + 1 };
                let weighed = [
                    (9, here_x, here_y),
                    (3, beside_x, here_y),
                    (3, here_x, beside_y),
                    (1, beside_x, beside_y),
                ];
                let sum: u32 = weighed.iter().map(|(w, x, y)| w * u32::from(self.at(*x, *y))).sum();
                grey.push(u8::try_from(sum / 16).unwrap());
            }
        }
        Self { width, height, grey }
    }

    /// The texts of all codes that a decoder finds, at this size or enlarged.
    fn codes(&self) -> Vec<String> {
        let found = self.decoded();
        if found.is_empty() { self.enlarged().decoded() } else { found }
    }

    fn decoded(&self) -> Vec<String> {
        let grey = |x, y| self.grey[y * self.width + x];
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, grey);
        let grids = image.detect_grids();
        grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
    }
}

/// The pages of a file, or none where poppler is not installed.
fn pictures(folder: &Folder, pdf: &[u8], dpi: u32) -> Option<Vec<Picture>> {
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, pdf).unwrap();
    let root = folder.path().join(format!("page-{dpi}"));
    let out = Command::new("pdftoppm")
        .args(["-gray", "-r", &dpi.to_string()])
        .args([&file, &root])
        .output();
    let Ok(out) = out else {
        skipped("pdftoppm");
        return None;
    };
    assert!(out.status.success(), "{out:?}");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().starts_with(&*root.to_string_lossy()))
        .collect();
    files.sort();
    Some(files.iter().map(|file| Picture::read(file)).collect())
}

async fn issue(app: &TestApp, kind: OrderKind, request: &Value) -> Issued {
    try_issue(app, kind, request).await.unwrap()
}

async fn try_issue(app: &TestApp, kind: OrderKind, request: &Value) -> Option<Issued> {
    let caller = Caller { name: "test".into(), request_id: "test".into() };
    let body = request.to_string();
    let made = Creating { caller: &caller, key: None, body: body.as_bytes() };
    app.issuer.issue_order(kind, made).await.ok()
}

async fn ask(app: &TestApp, order: &str) -> Issued {
    let caller = Caller { name: "test".into(), request_id: "test".into() };
    let body = variation(order).to_string();
    let made = Creating { caller: &caller, key: None, body: body.as_bytes() };
    app.issuer.request_variation(made).await.unwrap()
}

fn answer(issued: &Issued) -> Value {
    serde_json::from_slice(&issued.json).unwrap()
}

fn read(text: &str) -> Signed {
    let Ok(Presented::Paper(signed)) = Presented::read(text) else { panic!("{text}") };
    *signed
}

/// The code of a document's first page; none where no tool draws it.
fn code_of(pdf: &[u8]) -> Option<String> {
    let folder = Folder::new();
    let pages = pictures(&folder, pdf, 300)?;
    Some(pages[0].codes().pop().expect("a code on the first page"))
}

#[tokio::test]
async fn a_decoder_reads_the_code_of_every_page_and_it_says_what_was_signed() {
    let app = TestApp::start().await;
    let order = issue(&app, OrderKind::FullOrder, &full()).await;
    let order_id = answer(&order)["id"].as_str().unwrap().to_owned();
    let interim_order = issue(&app, OrderKind::InterimOrder, &interim()).await;
    let made = [order, interim_order, ask(&app, &order_id).await];
    for issued in &made {
        let document = answer(issued)["document"].clone();
        let text = said(&issued.document.bytes);
        for dpi in [200, 300] {
            let folder = Folder::new();
            let Some(pages) = pictures(&folder, &issued.document.bytes, dpi) else { return };
            assert_eq!(pages.len() as u64, document["pages"].as_u64().unwrap());
            for (number, page) in pages.iter().enumerate() {
                let place = format!("{} page {} at {dpi} dpi", document["kind"], number + 1);
                let codes = page.codes();
                let [code] = codes.as_slice() else { panic!("{place}: {codes:?}") };
                let signed = read(code);
                assert_eq!(paper_key().public().check(&signed), Ok(()), "{place}");
                let check = app.issuer.check_paper(code).await.unwrap();
                let stated = check.stated.unwrap();
                assert_eq!(check.verdict, Verdict::Current, "{place}");
                assert_eq!(stated.document.to_string(), document["id"].as_str().unwrap());
                let digest = document["content_sha256"].as_str().unwrap();
                assert!(digest.starts_with(&stated.content) && stated.content.len() == 46);
                assert_eq!(json!(stated.ends_on), ends_on(&answer(issued)), "{place}");
                assert!(squeezed(&text.pages[number]).contains(&squeezed(&stated.words)));
            }
        }
    }
}

/// A request ends nothing.
fn ends_on(answer: &Value) -> Value {
    answer.get("ends_on").cloned().unwrap_or(Value::Null)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

#[tokio::test]
async fn copied_or_askew_the_code_is_still_read() {
    let app = TestApp::start().await;
    let issued = issue(&app, OrderKind::InterimOrder, &interim()).await;
    for dpi in [200, 300] {
        let folder = Folder::new();
        let Some(pages) = pictures(&folder, &issued.document.bytes, dpi) else { return };
        let page = &pages[0];
        let clean = page.codes();
        assert_eq!(clean.len(), 1, "at {dpi}");
        let copy = page.copied(1);
        assert!(copy.grey != page.grey);
        assert_eq!(copy.codes(), clean, "copied at {dpi}");
        if dpi == 300 {
            assert_eq!(page.turned(7.0).codes(), clean, "askew");
            assert_eq!(copy.copied(2).codes(), clean, "copied twice");
            assert_eq!(copy.turned(-4.0).codes(), clean, "copied and askew");
        }
    }
}

#[tokio::test]
async fn code_and_words_find_the_document_whatever_their_case_and_spacing() {
    let app = TestApp::start().await;
    let issued = issue(&app, OrderKind::InterimOrder, &interim()).await;
    let id = answer(&issued)["document"]["id"].clone();
    let name = &issued.document.file_name;
    let code = &name[name.len() - 15..name.len() - 4];
    let known = app.issuer.check_paper(code).await.unwrap().document.expect("by its code");
    assert_eq!(json!(known.id), id);
    let spoken = known.words.to_uppercase().replace(' ', ", ");
    for text in [code.to_lowercase(), code.replace('-', " "), known.words.clone(), spoken] {
        let check = app.issuer.check_paper(&text).await.unwrap();
        assert_eq!(check.verdict, Verdict::Current, "{text}");
        assert_eq!(json!(check.document.unwrap().id), id, "{text}");
    }
    for (text, verdict) in [
        ("ZZZZZ-ZZZZZ", Verdict::NotOurs),
        ("almond canal dolphin eagle fennel garlic", Verdict::NotOurs),
        ("almond canal dolphin", Verdict::Unreadable),
        ("SPO1:", Verdict::Unreadable),
        ("", Verdict::Unreadable),
    ] {
        assert_eq!(app.issuer.check_paper(text).await.unwrap().verdict, verdict, "{text}");
    }
}

#[tokio::test]
async fn a_paper_whose_last_day_is_over_is_told_apart() {
    let app = TestApp::start().await;
    let issued = issue(&app, OrderKind::InterimOrder, &interim()).await;
    let name = &issued.document.file_name;
    let code = &name[name.len() - 15..name.len() - 4];
    app.clock.advance(jiff::SignedDuration::from_hours(24 * 400));
    assert_eq!(app.issuer.check_paper(code).await.unwrap().verdict, Verdict::Ended);
    let Some(text) = code_of(&issued.document.bytes) else { return };
    assert_eq!(app.issuer.check_paper(&text).await.unwrap().verdict, Verdict::Ended);
    let keys = paper_key().public().pem().unwrap();
    let check = |now| check_by_key(&keys, &text, now).unwrap().verdict;
    assert_eq!(check(now()), Verdict::Genuine);
    assert_eq!(check(now() + jiff::SignedDuration::from_hours(24 * 400)), Verdict::Ended);
}

#[tokio::test]
async fn a_register_that_was_changed_or_is_another_s_confirms_nothing() {
    let app = TestApp::start().await;
    let issued = issue(&app, OrderKind::InterimOrder, &interim()).await;
    let Some(text) = code_of(&issued.document.bytes) else { return };
    let other = TestApp::start().await;
    let check = other.issuer.check_paper(&text).await.unwrap();
    assert_eq!((check.verdict, check.document), (Verdict::NotInRegister, None));
    let mut forged = text.clone().into_bytes();
    forged[60] = if forged[60] == b'0' { b'1' } else { b'0' };
    let forged = String::from_utf8(forged).unwrap();
    assert_eq!(app.issuer.check_paper(&forged).await.unwrap().verdict, Verdict::Altered);
    app.tamper(
        "DROP TRIGGER document_stays;
         UPDATE document SET content_sha256 = zeroblob(32);",
    )
    .await;
    assert_eq!(app.issuer.check_paper(&text).await.unwrap().verdict, Verdict::Altered);
}

#[tokio::test]
async fn words_that_are_part_of_a_hidden_name_are_never_printed() {
    let app = TestApp::start().await;
    let first = issue(&app, OrderKind::InterimOrder, &interim()).await;
    let name = &first.document.file_name;
    let code = &name[name.len() - 15..name.len() - 4];
    let words = app.issuer.check_paper(code).await.unwrap().document.unwrap().words;
    let mut tried = 0;
    for word in words.split(' ') {
        // The same ids, the same content: the first words would be the same again.
        let again = TestApp::start().await;
        let named = set(interim(), "/protected_persons/0/name", json!(format!("Zzsample {word}")));
        let named = set(named, "/protected_persons/0/printed_as", json!("Person A"));
        // A word that a layout holds too is refused in these tests, whose law knows no layouts.
        let Some(issued) = try_issue(&again, OrderKind::InterimOrder, &named).await else {
            continue;
        };
        tried += 1;
        let name = &issued.document.file_name;
        let code = &name[name.len() - 15..name.len() - 4];
        let others = again.issuer.check_paper(code).await.unwrap().document.unwrap().words;
        assert!(!others.split(' ').any(|other| other == word), "{word} in {others}");
        let pages = said(&issued.document.bytes).pages.join(" ");
        assert!(squeezed(&pages).contains(&squeezed(&others)));
    }
    assert!(tried > 0, "{words}");
}

fn spo(arguments: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_spo");
    Command::new(binary).args(arguments).env_remove("SPO_CONFIG").output().unwrap()
}

#[test]
fn the_command_line_checks_paper_by_the_register_and_by_the_key_alone() {
    let folder = Folder::new();
    let file = folder.path().join("request.json");
    std::fs::write(&file, json!({ "kind": "interim_order", "request": interim() }).to_string())
        .unwrap();
    let data = folder.path().join("data").display().to_string();
    let out = folder.path().display().to_string();
    let made = spo(&["--data-dir", &data, "issue", "--out", &out, file.to_str().unwrap()]);
    assert!(made.status.success(), "{made:?}");
    let pdf = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with("interim-order-") && name.ends_with(".pdf")
        })
        .unwrap();
    let name = pdf.file_stem().unwrap().to_string_lossy().into_owned();
    let code = name[name.len() - 11..].to_lowercase();
    let verify = |rest: &[&str]| {
        let out = spo(&[&["--data-dir", &data, "--json", "verify", "--code"], rest].concat());
        let said: Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
        (out.status.code(), said["verdict"].as_str().unwrap_or_default().to_owned(), said)
    };
    let by_code = verify(&[&code]);
    assert_eq!((by_code.0, by_code.1.as_str()), (Some(0), "current"));
    let words = by_code.2["document"]["words"].as_str().unwrap().to_owned();
    assert_eq!(verify(&[&words]).1, "current");
    assert_eq!(verify(&["ZZZZZ-ZZZZZ"]).0, Some(3));
    assert_eq!(verify(&["nonsense"]).0, Some(2));

    let keys = spo(&["--data-dir", &data, "keys", "paper"]);
    let told = format!("{keys:?}");
    let public = String::from_utf8(keys.stdout).unwrap();
    assert!(public.starts_with("-----BEGIN PUBLIC KEY-----"), "{told}");
    assert!(!public.contains("PRIVATE"));
    let key = folder.path().join("paper-public.pem");
    std::fs::write(&key, public).unwrap();
    let key = key.to_str().unwrap();
    assert_eq!(verify(&[&code, "--key", key]).0, Some(3), "a short code needs the register");
    assert_eq!(verify(&[&code, "--key", file.to_str().unwrap()]).0, Some(2), "no key");
    assert_eq!(verify(&[&code, "--key", "nowhere.pem"]).0, Some(3));

    let Some(text) = code_of(&std::fs::read(&pdf).unwrap()) else { return };
    let alone = folder.path().join("another-machine").display().to_string();
    let out = spo(&["--data-dir", &alone, "--json", "verify", "--code", &text, "--key", key]);
    let said: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((out.status.code(), &said["verdict"]), (Some(0), &json!("genuine")), "{out:?}");
    assert_eq!(said["stated"]["words"].as_str(), Some(words.as_str()));
    assert_eq!(said["stated"]["document_id"], by_code.2["document"]["id"]);
    assert!(!Path::new(&alone).exists(), "a check by key alone makes nothing");
    assert_eq!(verify(&[&text]).1, "current");
    let forged = text.replacen(&text[100..103], "000", 1);
    assert_eq!(verify(&[&forged, "--key", key]).0, Some(2));
    let people = spo(&["--data-dir", &data, "verify", "--code", &text]);
    let said = String::from_utf8(people.stdout).unwrap();
    assert!(said.starts_with("Good") && said.contains(&words), "{said}");
}
