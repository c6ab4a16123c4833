//! Files handed in for a check: the six verdicts, who sees what of them, what is refused, and what a
//! person is told. What stands in a file is judged elsewhere (`src/verify`, `attacks`).

use std::process::{Command, Stdio};

use jiff::SignedDuration;
use serde_json::{Value, json};
use spo::issue::Role;

use crate::harness::{Call, Folder, Reply, TestApp, full, interim, problem_names, set, without};

fn handed<'a>(app: &'a TestApp, pdf: &[u8]) -> Call<'a> {
    app.call("POST", "/v1/verifications").bytes(pdf).header("content-type", "application/pdf")
}

async fn verdict(app: &TestApp, pdf: &[u8]) -> Value {
    handed(app, pdf).send().await.expect(200).json()
}

/// Issues an order; gives its answer and the respondent's document.
async fn issued(app: &TestApp, kind: &str, request: &Value, key: &str) -> (Value, Vec<u8>) {
    let path = format!("/v1/{kind}");
    let made = app.post(&path, request).key(key).send().await.expect(201).json();
    let document = format!("/v1/documents/{}", made["document"]["id"].as_str().unwrap());
    let pdf = app.get(&document).pdf().send().await.expect(200).body;
    (made, pdf)
}

#[tokio::test]
async fn a_document_as_it_was_issued_is_current_and_told() {
    let app = TestApp::start().await;
    let (made, pdf) = issued(&app, "interim-orders", &interim(), "k").await;
    let answer = verdict(&app, &pdf).await;
    assert_eq!(answer["verdict"], "current", "{answer}");
    assert_eq!(answer["document"]["id"], made["document"]["id"]);
    assert_eq!(answer["sha256"], made["document"]["sha256"]);
    let signatures = answer["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 1, "{answer}");
    assert_eq!(signatures[0]["integrity"], "intact");
    assert_eq!(signatures[0]["covers_whole_document"], true);
    assert!(answer["why"].is_null() && answer["superseded"].is_null());
    let cautions = answer["cautions"].as_array().unwrap();
    assert!(cautions.len() == 1 && cautions[0].as_str().unwrap().starts_with("This is a test"));
    assert!(answer["advice"].as_str().unwrap().starts_with("Do not act on it"), "{answer}");
    let held = answer["revisions"].as_array().unwrap().last().unwrap()["held"].clone();
    assert_eq!(held, true);
}

#[tokio::test]
async fn every_copy_of_an_order_is_current_too() {
    let app = TestApp::start().await;
    let (made, _) = issued(&app, "full-orders", &full(), "k").await;
    let documents = made["documents"].as_array().unwrap();
    assert!(documents.len() >= 3, "{documents:?}");
    for document in documents {
        let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
        let pdf = app.get(&path).pdf().send().await.expect(200).body;
        let answer = verdict(&app, &pdf).await;
        assert_eq!(answer["verdict"], "current", "{}: {answer}", document["kind"]);
        assert_eq!(answer["document"]["kind"], document["kind"]);
        assert_eq!(answer["known_by"], "whole_file");
        assert_eq!(answer["claimed_document"], document["id"], "{}", document["kind"]);
    }
}

#[tokio::test]
async fn a_document_whose_place_was_taken_is_superseded_since_then() {
    let app = TestApp::start().await;
    let (first, pdf) = issued(&app, "interim-orders", &interim(), "k1").await;
    let (second, _) = issued(&app, "interim-orders", &interim(), "k2").await;
    app.tamper("DROP TRIGGER document_stays").await;
    app.tamper(
        "UPDATE document SET supersedes = (SELECT min(id) FROM document WHERE kind = 'interim_order')
        WHERE id = (SELECT max(id) FROM document WHERE kind = 'interim_order')",
    )
    .await;
    let answer = verdict(&app, &pdf).await;
    assert_eq!(answer["verdict"], "superseded", "{answer}");
    assert_eq!(answer["document"]["id"], first["document"]["id"]);
    assert_eq!(answer["superseded"]["by_document"], second["document"]["id"]);
    assert_eq!(answer["superseded"]["since"], second["document"]["issued_at"]);
    let page = handed(&app, &pdf).accept("text/plain").send().await.expect(200).text();
    assert!(page.contains(second["document"]["id"].as_str().unwrap()), "{page}");
}

#[tokio::test]
async fn a_document_of_an_order_that_is_over_has_ended() {
    let app = TestApp::start().await;
    let (made, pdf) = issued(&app, "interim-orders", &interim(), "k").await;
    app.clock.advance(SignedDuration::from_hours(24 * 360));
    let secret = app.key("later", &Role::ALL).await;
    let answer = handed(&app, &pdf).signed_in(&secret).send().await.expect(200).json();
    assert_eq!(answer["verdict"], "ended", "{answer}");
    let ended = json!({ "cause": "expired", "ran_until": made["ends_on"] });
    assert_eq!(answer["ended"], ended);
}

#[tokio::test]
async fn an_interim_order_ends_with_the_full_order_that_takes_its_place() {
    let app = TestApp::start().await;
    let (made, pdf) = issued(&app, "interim-orders", &interim(), "k1").await;
    let replaces = json!({ "order_id": made["id"] });
    let full = without(full(), "/requirements/4/until");
    let mut replacing = set(full, "/replaces_interim", replaces);
    for part in ["respondent", "applicant", "made_on"] {
        replacing[part] = interim()[part].clone();
    }
    let (_, later) = issued(&app, "full-orders", &replacing, "k2").await;
    let answer = verdict(&app, &pdf).await;
    assert_eq!(answer["verdict"], "ended", "{answer}");
    assert_eq!(answer["ended"]["cause"], "ended_by_full_order");
    assert_eq!(verdict(&app, &later).await["verdict"], "current");
}

#[tokio::test]
async fn what_was_added_to_a_document_makes_it_altered() {
    let app = TestApp::start().await;
    let (made, pdf) = issued(&app, "interim-orders", &interim(), "k").await;
    let update = b"9999 0 obj\n<< /Type /Annot >>\nendobj\n%%EOF\n";
    for added in [&update[..], b"%%EOF", b"garbage"] {
        let answer = verdict(&app, &[&pdf, added].concat()).await;
        assert_eq!(answer["verdict"], "altered", "{answer}");
        assert_eq!(answer["why"], "changed_after_issue");
        assert_eq!(answer["document"]["id"], made["document"]["id"]);
    }
    // A mail program's line end behind the end says nothing, to no reader.
    let answer = verdict(&app, &[&pdf[..], b"\n"].concat()).await;
    assert_eq!(answer["verdict"], "current", "{answer}");
}

/// The file with one run of bytes in the place of another of the same length.
fn exchanged(pdf: &[u8], old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let found = memchr::memmem::find(pdf, old.as_bytes());
    let at = found.unwrap_or_else(|| panic!("no {old}"));
    [&pdf[..at], new.as_bytes(), &pdf[at + old.len()..]].concat()
}

#[tokio::test]
async fn an_altered_file_still_says_which_document_to_ask_for() {
    let app = TestApp::start().await;
    let (made, pdf) = issued(&app, "interim-orders", &interim(), "k").await;
    let id = made["document"]["id"].as_str().unwrap();
    let altered = exchanged(&pdf, "<xmp:CreateDate>2026", "<xmp:CreateDate>2025");
    let answer = verdict(&app, &altered).await;
    assert_eq!((&answer["verdict"], &answer["known_by"]), (&json!("altered"), &json!("claim")));
    assert_eq!(answer["why"], "changed_after_signing", "{answer}");
    assert_eq!((&answer["document"]["id"], &answer["claimed_document"]), (&id.into(), &id.into()));
    let cautions = answer["cautions"].as_array().unwrap();
    assert!(cautions.len() == 1 && cautions[0].as_str().unwrap().contains(id), "{answer}");
    let page = handed(&app, &altered).accept("text/html").send().await.expect(200).text();
    assert!(!page.contains("Nothing was changed"), "{page}");
    let headings = ["The document that it says it is", "Interim stalking protection order"];
    for said in headings.into_iter().chain([id]) {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Who may not read is told what stands in the file, and nothing of the register.
    let verifier = app.key("verifier", &[Role::Verify]).await;
    let answer = handed(&app, &altered).signed_in(&verifier).send().await.expect(200).json();
    assert!(answer["document"].is_null() && answer["known_by"].is_null(), "{answer}");
    assert_eq!(
        (&answer["claimed_document"], answer["cautions"].as_array().unwrap().len()),
        (&id.into(), 1)
    );
}

#[tokio::test]
async fn a_file_that_names_a_document_of_ours_is_not_that_document() {
    let app = TestApp::start().await;
    let (made, _) = issued(&app, "interim-orders", &interim(), "k").await;
    let draft = app.post("/v1/previews/interim-orders", &interim()).pdf().send().await;
    let draft = draft.expect(200).body;
    let unnamed = verdict(&app, &draft).await;
    assert!(unnamed["claimed_document"].is_null(), "a draft names nothing: {unnamed}");
    // In the packet alone, which tools that know no PDF read.
    let title = |title: &str| format!("x-default\">{title}</rdf:li>");
    let drafted = title("DRAFT: Interim stalking protection order");
    let unknown = "doc_01990000-0000-7000-8000-00000000ffff";
    for (id, verdict_is) in
        [(made["document"]["id"].as_str().unwrap(), "altered"), (unknown, "not_ours")]
    {
        let answer = verdict(&app, &exchanged(&draft, &drafted, &title(id))).await;
        assert_eq!(
            (&answer["verdict"], &answer["claimed_document"]),
            (&verdict_is.into(), &id.into())
        );
        assert!(answer["cautions"][0].as_str().unwrap().contains(id), "{answer}");
        let is_known = verdict_is == "altered";
        assert_eq!(answer["why"], if is_known { "claims_ours" } else { "no_signature" });
        assert_eq!(answer["document"]["id"] == id, is_known);
    }
}

#[tokio::test]
async fn what_is_no_pdf_or_of_nobody_is_said_so() {
    let app = TestApp::start().await;
    for bytes in [&b""[..], b"hello", b"\0\0\0\0", &[0xff; 1000]] {
        let answer = verdict(&app, bytes).await;
        assert_eq!(answer["verdict"], "unreadable", "{answer}");
        assert_eq!(answer["why"], "not_readable");
        assert!(answer["document"].is_null());
        assert_eq!(answer["findings"][0]["weight"], "fatal", "{answer}");
        assert!(!answer["findings"][0]["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_draft_is_not_ours() {
    let app = TestApp::start().await;
    let draft = app.post("/v1/previews/interim-orders", &interim()).pdf().send().await;
    let answer = verdict(&app, &draft.expect(200).body).await;
    assert_eq!((&answer["verdict"], &answer["why"]), (&json!("not_ours"), &json!("no_signature")));
}

#[tokio::test]
async fn only_who_may_read_is_told_of_the_document() {
    let app = TestApp::start().await;
    let (_, pdf) = issued(&app, "interim-orders", &interim(), "k").await;
    let verifier = app.key("verifier", &[Role::Verify]).await;
    let answer = handed(&app, &pdf).signed_in(&verifier).send().await.expect(200).json();
    assert_eq!(answer["verdict"], "current");
    assert!(answer["document"].is_null(), "{answer}");
    let reader = app.key("reader", &[Role::Read]).await;
    handed(&app, &pdf).signed_in(&reader).send().await.expect(403);
}

#[tokio::test]
async fn each_check_is_in_the_audit_trail_without_a_word_of_the_file() {
    let app = TestApp::start().await;
    let (made, pdf) = issued(&app, "interim-orders", &interim(), "k").await;
    verdict(&app, &pdf).await;
    let path = format!("/v1/orders/{}/events", made["id"].as_str().unwrap());
    let events = app.get(&path).send().await.expect(200).json();
    let event = events["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(event["what"], "file.verified");
    assert_eq!(event["who"], "all");
    assert_eq!(event["document_id"], made["document"]["id"]);
    let detail = event["detail"].as_object().unwrap();
    let names: Vec<_> = detail.keys().map(String::as_str).collect();
    assert_eq!(names, ["bytes", "sha256", "signatures", "verdict", "why"]);
    assert_eq!(detail["verdict"], "current");
}

#[tokio::test]
async fn what_is_sent_wrongly_is_refused_by_its_name() {
    let app = TestApp::start().await;
    let refused = async |call: Call<'_>, status: u16, name: &str| {
        let reply = call.send().await.expect(status);
        assert_eq!(problem_names(&reply), name);
    };
    let plain = handed(&app, b"%PDF-").header("content-type", "text/plain");
    refused(plain, 415, "unsupported_media_type").await;
    let packed = handed(&app, b"%PDF-").header("content-encoding", "gzip");
    refused(packed, 415, "unsupported_media_type").await;
    let form = handed(&app, b"%PDF-").accept("application/pdf");
    refused(form, 406, "not_acceptable").await;
    let large = vec![b' '; (32 << 20) + 1];
    refused(handed(&app, &large), 413, "too_large").await;
}

#[tokio::test]
async fn a_file_of_the_largest_size_is_answered() {
    let app = TestApp::start().await;
    let mut large = b"%PDF-1.7\n".to_vec();
    large.resize(32 << 20, b' ');
    let answer = verdict(&app, &large).await;
    assert_ne!(answer["verdict"], "current");
    assert_eq!(answer["bytes"], 32 << 20);
}

#[tokio::test]
async fn a_person_reads_a_page_without_scripts_in_either_language() {
    let app = TestApp::start().await;
    let (_, pdf) = issued(&app, "interim-orders", &interim(), "k").await;
    let page =
        |language: &str| handed(&app, &pdf).accept("text/html").header("accept-language", language);
    let english = page("en-GB, cy;q=0.5").send().await.expect(200);
    let welsh = page("cy").send().await.expect(200);
    for (reply, tag) in [(&english, "en"), (&welsh, "cy")] {
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(reply.header("content-language"), Some(tag));
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
        let text = String::from_utf8(reply.body.clone()).unwrap();
        assert!(text.contains(&format!("<html lang=\"{tag}\">")), "{text}");
        assert!(!text.contains("<script") && !text.contains("{{"), "{text}");
    }
    assert!(english.text().contains("This is a document of this court service."));
    assert!(english.text().contains("Interim stalking protection order"));
    assert!(welsh.text().contains("Gorchymyn amddiffyn rhag stelcio interim"));
    assert!(welsh.text().contains("Dogfen y gwasanaeth llys hwn yw hon."));
    let text = handed(&app, &pdf).accept("text/plain").send().await.expect(200);
    assert!(text.text().starts_with("This is a document"), "{}", text.text());
}

#[tokio::test]
async fn how_foreign_files_are_read_is_told_to_the_operator() {
    let app = TestApp::start().await;
    let health = app.get("/health/signing").send().await.expect(200).json();
    let told = health["inspection"].as_str().unwrap();
    assert!(["confined", "confined_without_landlock"].contains(&told), "{told}");
    verdict(&app, b"nothing").await;
    let metrics = app.get("/metrics").accept("text/plain").send().await.expect(200).text();
    assert!(metrics.contains("spo_inspections_total{ended=\"reported\"} 1"), "{metrics}");
}

#[test]
fn the_command_line_checks_a_file_and_says_how_it_stands_by_its_exit_code() {
    let folder = Folder::new();
    let run = |arguments: &[&str], input: &[u8]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spo"));
        command.args(arguments).env_clear().current_dir(folder.path());
        command.env("SPO_DATA_DIR", folder.path().join("data"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input);
        let output = child.wait_with_output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), out, err)
    };
    let request = interim().to_string();
    let issue = ["issue", "-", "--kind", "interim_order", "--json"];
    let (code, out, err) = run(&issue, request.as_bytes());
    assert_eq!(code, 0, "{out}{err}");
    let made: Value = serde_json::from_str(&out).unwrap();
    let path = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "pdf"))
        .unwrap_or_else(|| panic!("no file: {made}"));
    let pdf = std::fs::read(&path).unwrap();
    let file = path.to_str().unwrap();
    let (code, out, err) = run(&["verify", file], b"");
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("This is a document of this court service."), "{out}");
    let (code, out, _) = run(&["verify", file, "--language", "cy"], b"");
    assert!(code == 0 && out.starts_with("Dogfen"), "{out}");
    let (code, out, _) = run(&["verify", "-", "--json"], &[&pdf[..], b"more"].concat());
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &answer["verdict"]), (2, &json!("altered")));
    let (code, ..) = run(&["verify", "-"], b"no pdf");
    assert_eq!(code, 2);
    let before = run(&["verify", file, "--as-at", "2026-01-01T00:00:00Z", "--json"], b"");
    let answer: Value = serde_json::from_str(&before.1).unwrap();
    assert_eq!((before.0, &answer["why"]), (3, &json!("not_yet_issued")));
    assert_eq!(run(&["verify", file, "--as-at", "9999-01-01T00:00:00Z"], b"").0, 64);
    assert_eq!(run(&["verify", "missing.pdf"], b"").0, 3);
    assert_eq!(run(&["verify"], b"").0, 64);
}

/// Whether a reply is what a call beyond the places gets.
fn is_busy(reply: &Reply) -> bool {
    reply.status == 503 && problem_names(reply) == "overloaded"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_files_is_told_to_come_back() {
    let app = TestApp::start().await;
    let calls = (0..40).map(|_| handed(&app, b"%PDF-1.7").send_unchecked());
    let replies = futures_util::future::join_all(calls).await;
    let busy = replies.iter().filter(|reply| is_busy(reply)).count();
    let answered = replies.iter().filter(|reply| reply.status == 200).count();
    assert!(answered >= 8 && answered + busy == 40, "{answered} {busy}");
    for reply in replies.iter().filter(|reply| is_busy(reply)) {
        assert!(reply.header("retry-after").is_some());
    }
}
