//! The command line from outside: exit codes, what stands on which stream, what lies in the folder.
//! Contract section 8.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::harness::{CANARIES, Folder, full, interim, set, variation, without};

/// A run of the program that is over.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The program with a data folder of its own and no setting from outside.
fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spo"));
    let outside = std::env::vars().filter(|(name, _)| name.starts_with("SPO_"));
    for (name, _) in outside {
        command.env_remove(name);
    }
    command.current_dir(folder).env("SPO_DATA_DIR", folder.join("data"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn fed(mut command: Command, input: &str) -> Run {
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap().into()
}

fn spo(folder: &Folder, arguments: &[&str], input: &str) -> Run {
    let mut command = command(folder.path());
    command.args(arguments);
    fed(command, input)
}

fn issued(folder: &Folder, kind: &str, request: &Value) -> Run {
    spo(folder, &["issue", "-", "--kind", kind, "--json"], &request.to_string())
}

#[test]
fn an_order_is_issued_without_a_server_and_its_signed_pdf_is_written() {
    let folder = Folder::new();
    let run = spo(&folder, &["issue", "-", "--kind", "interim_order"], &interim().to_string());
    assert_eq!(run.code, 0, "{}", run.err);
    let written: Vec<_> = run.out.lines().collect();
    let kinds = ["interim-order", "explanatory-sheet", "protected-person-notice", "police-sheet"];
    assert_eq!(written.len(), kinds.len(), "{written:?}");
    for (path, kind) in written.into_iter().zip(kinds) {
        assert!(path.contains(kind), "{path}");
        let bytes = std::fs::read(folder.path().join(path)).unwrap();
        assert!(bytes.starts_with(b"%PDF-"));
        assert!(bytes.windows(10).any(|part| part == b"/ByteRange"));
    }
    assert!(run.err.contains("/v1/orders/ord_"), "{}", run.err);
}

#[test]
fn an_envelope_names_its_kind_and_a_variation_its_order() {
    let folder = Folder::new();
    let run = issued(&folder, "full_order", &full());
    assert_eq!(run.code, 0, "{}", run.err);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let order = answer["id"].as_str().unwrap();
    let envelope = json!({ "kind": "variation_request", "request": variation(order) });
    let run = spo(&folder, &["issue", "-", "--json"], &envelope.to_string());
    assert_eq!(run.code, 0, "{}", run.err);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(answer["order_id"], order);
    assert_eq!(answer["document"]["kind"], "variation_request");
}

#[test]
fn a_further_copy_is_made_without_a_server() {
    let folder = Folder::new();
    let order: Value = serde_json::from_str(&issued(&folder, "full_order", &full()).out).unwrap();
    let order = order["id"].as_str().unwrap();
    let run = spo(&folder, &["copy", order, "--kind", "full_order", "--large-print"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("/v1/documents/doc_"), "{}", run.err);
    assert!(std::fs::read(folder.path().join(run.out.trim())).unwrap().starts_with(b"%PDF-"));
    let certified = ["copy", order, "--kind", "certified_copy", "--json"];
    let run = spo(&folder, &certified, "");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("/certified_by"), "{}", run.err);
    let by = ["--certified-by", "Pat Sample", "--capacity", "authorised_court_officer"];
    let run = spo(&folder, &[&certified[..], &by[..]].concat(), "");
    assert_eq!(run.code, 0, "{}", run.err);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(answer["kind"], "certified_copy");
    let other = "ord_019a9b2c-0000-7000-8000-000000000001";
    for unknown in [other, "ord_1"] {
        assert_eq!(spo(&folder, &["copy", unknown, "--kind", "police_sheet"], "").code, 3);
    }
    assert_eq!(spo(&folder, &["copy", order, "--kind", "dates_page"], "").code, 64);
}

#[test]
fn the_same_key_and_request_give_the_same_answer_and_file() {
    let folder = Folder::new();
    let again = ["issue", "-", "--kind", "interim_order", "--json", "--idempotency-key", "k-1"];
    let first = spo(&folder, &again, &interim().to_string());
    assert_eq!(first.code, 0, "{}", first.err);
    let second = spo(&folder, &again, &interim().to_string());
    assert_eq!((second.code, &second.out), (0, &first.out), "{}", second.err);
    let pdfs = std::fs::read_dir(folder.path()).unwrap();
    let pdfs = pdfs.filter(|entry| {
        entry.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "pdf")
    });
    assert_eq!(pdfs.count(), 4, "the order and its copies, once");
    let other = set(interim(), "/case/reference", "13AB0099999".into());
    assert_eq!(spo(&folder, &again, &other.to_string()).code, 2);
}

#[test]
fn every_fault_stands_on_standard_error_with_its_place_and_remedy() {
    let folder = Folder::new();
    let broken = without(interim(), "/duration/end_date");
    let broken = set(broken, "/made_on", "2019-01-01".into());
    let run = spo(&folder, &["issue", "-", "--kind", "interim_order"], &broken.to_string());
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.contains("/made_on: "), "{}", run.err);
    assert!(run.err.contains("[made_on_before_commencement]"), "{}", run.err);
    assert!(run.err.contains("/duration"), "{}", run.err);
    assert!(run.err.contains("Stalking Protection Act 2019"), "{}", run.err);

    let run = issued(&folder, "interim_order", &broken);
    let faults: Value = serde_json::from_str(&run.err).unwrap();
    let first = &faults["errors"][0];
    for member in ["pointer", "rule", "message", "remedy", "severity"] {
        assert!(first[member].is_string(), "{member}: {first}");
    }
}

#[test]
fn a_validation_tells_good_from_bad_by_its_exit_code() {
    let folder = Folder::new();
    let validate = ["validate", "-", "--kind", "full_order", "--json"];
    let run = spo(&folder, &validate, &full().to_string());
    let findings: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &findings["errors"]), (0, &json!([])), "{findings}");
    let run = spo(&folder, &validate, &without(full(), "/respondent").to_string());
    let findings: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &findings["errors"][0]["rule"]), (2, &json!("missing_field")));
}

#[test]
fn a_preview_is_a_draft_without_a_signature() {
    let folder = Folder::new();
    let run = spo(&folder, &["preview", "-", "--kind", "full_order"], &full().to_string());
    assert_eq!(run.code, 0, "{}", run.err);
    let bytes = std::fs::read(folder.path().join(run.out.trim())).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    assert!(!bytes.windows(10).any(|part| part == b"/ByteRange"));
}

#[test]
fn no_log_at_any_level_holds_a_word_of_the_request() {
    let folder = Folder::new();
    let mut loud = command(folder.path());
    loud.env("SPO_LOG__FILTER", "trace").args(["issue", "-", "--kind", "interim_order"]);
    let run = fed(loud, &interim().to_string());
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("order.id"), "the log is on: {}", run.err);
    let request = interim();
    let names = [&request["respondent"]["family_name"], &request["protected_persons"][0]["name"]];
    let names = names.map(|name| name.as_str().unwrap());
    for word in CANARIES.iter().chain(&names) {
        assert!(!run.err.contains(word), "{word}");
    }
}

#[test]
fn wrong_usage_a_missing_file_and_broken_json_have_codes_of_their_own() {
    let folder = Folder::new();
    assert_eq!(spo(&folder, &["--help"], "").code, 0);
    assert_eq!(spo(&folder, &["--version"], "").code, 0);
    assert_eq!(spo(&folder, &[], "").code, 64);
    assert_eq!(spo(&folder, &["issue"], "").code, 64);
    assert_eq!(spo(&folder, &["issue", "-", "--kind", "decree"], "").code, 64);
    assert_eq!(spo(&folder, &["validate", "nowhere.json"], "").code, 3);
    let run = spo(&folder, &["validate", "-", "--kind", "full_order"], "{\n  \"case\": }");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("line 2"), "{}", run.err);
    assert_eq!(spo(&folder, &["validate", "-"], "{}").code, 2);
    let long = format!("{{\"case\": \"{}\"}}", "x".repeat(2 << 20));
    let run = spo(&folder, &["validate", "-", "--kind", "full_order"], &long);
    assert_eq!((run.code, run.err.contains("1048576 bytes")), (2, true), "{}", run.err);
}

#[test]
fn an_api_key_is_printed_alone_and_once_and_can_be_revoked() {
    let folder = Folder::new();
    let create = ["api-keys", "create", "--name", "desk", "--roles", "issue,read"];
    let made = spo(&folder, &create, "");
    assert_eq!(made.code, 0, "{}", made.err);
    let secret = made.out.trim();
    assert!(secret.starts_with("spo_") && made.out.lines().count() == 1, "{}", made.out);
    let taken = spo(&folder, &create, "");
    assert_eq!(taken.code, 3, "the name is taken");
    assert!(taken.err.contains("desk") && taken.err.contains("already"), "{}", taken.err);
    let ours = ["api-keys", "create", "--name", "command-line", "--roles", "read"];
    assert_eq!(spo(&folder, &ours, "").code, 3, "nobody passes for the command line");
    let listed = spo(&folder, &["api-keys", "list"], "");
    assert!(listed.out.contains("desk\tlive\tissue,read"), "{}", listed.out);
    assert!(!listed.out.contains(secret));
    assert_eq!(spo(&folder, &["api-keys", "revoke", "desk"], "").code, 0);
    assert_eq!(spo(&folder, &["api-keys", "revoke", "--name", "desk"], "").code, 3);
    assert_eq!(spo(&folder, &["api-keys", "revoke"], "").code, 64);
    assert_eq!(spo(&folder, &["api-keys", "revoke", "a", "--name", "b"], "").code, 64);
    let listed = spo(&folder, &["api-keys", "list", "--json"], "");
    let listed: Value = serde_json::from_str(&listed.out).unwrap();
    assert_eq!(listed["items"][0]["state"], "revoked");
    let run = spo(&folder, &["api-keys", "create", "--name", "x", "--roles", "king"], "");
    assert_eq!(run.code, 64);
    assert!(run.err.contains("issue, request, read"), "{}", run.err);
}

#[test]
fn the_test_authority_does_not_start_in_production() {
    let folder = Folder::new();
    let arguments = ["--mode", "production", "issue", "-", "--kind", "interim_order"];
    let run = spo(&folder, &arguments, &interim().to_string());
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.contains("test authority"), "{}", run.err);
}

#[test]
fn a_bind_beyond_this_machine_is_refused_with_what_mends_it() {
    let folder = Folder::new();
    let run = spo(&folder, &["serve", "--listen", "0.0.0.0:0"], "");
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("loopback") && run.err.contains("proxy"), "{}", run.err);
}

#[test]
fn settings_are_checked_by_name_and_shown_without_secrets() {
    let folder = Folder::new();
    let run = spo(&folder, &["config", "check"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("listen = \"127.0.0.1:8080\""), "{}", run.out);
    let mut wrong = command(folder.path());
    wrong.env("SPO_LIMITS__BODY", "1").args(["config", "check"]);
    let run = fed(wrong, "");
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.contains("body"), "{}", run.err);
    let file = folder.path().join("spo.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:9\"\nmode = \"hunter2\"\n").unwrap();
    let run = spo(&folder, &["--config", "spo.toml", "config", "check"], "");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("mode") && !run.err.contains("hunter2"), "{}", run.err);
}

#[test]
fn the_doctor_finds_a_fresh_installation_well_and_no_server() {
    let folder = Folder::new();
    let run = spo(&folder, &["doctor", "--json"], "");
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let parts = report["parts"].as_array().unwrap();
    assert!(parts.len() >= 6 && parts.iter().all(|part| part["good"] == true), "{report}");
    let run = spo(&folder, &["doctor", "--server", "http://127.0.0.1:1"], "");
    assert_eq!(run.code, 4, "{}", run.err);
    assert_eq!(spo(&folder, &["doctor", "--server", "nowhere at all"], "").code, 64);
}

#[test]
fn samples_layouts_and_the_contract_are_printed() {
    let folder = Folder::new();
    let run = spo(&folder, &["sample", "interim"], "");
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), interim());
    let run = spo(&folder, &["sample", "full", "--envelope"], "");
    let envelope: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&envelope["kind"], &envelope["request"]), (&json!("full_order"), &full()));
    let id = "ord_01920000-0000-7000-8000-000000000001";
    let run = spo(&folder, &["sample", "variation", "--order", id], "");
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap()["order_id"], id);
    assert_eq!(spo(&folder, &["sample", "full", "--order", id], "").code, 64);
    let run = spo(&folder, &["templates", "check"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("full_order/2026-11"), "{}", run.out);
    let run = spo(&folder, &["openapi"], "");
    assert!(run.out.starts_with("openapi:"), "{}", &run.out[..80.min(run.out.len())]);
}

#[test]
fn a_file_may_be_as_long_as_the_settings_let_a_body_be() {
    let folder = Folder::new();
    let validated = |limit: &str, request: &str| {
        let mut command = command(folder.path());
        command.args(["validate", "-", "--kind", "interim_order"]);
        command.env("SPO_LIMITS__BODY_BYTES", limit);
        fed(command, request)
    };
    let request = interim().to_string();
    let short = validated("200", &request);
    assert_eq!(short.code, 2, "{}", short.err);
    assert!(short.err.contains("200 bytes"), "{}", short.err);
    let padded = format!("{request}{}", " ".repeat(2 << 20));
    assert_eq!(validated("3000000", &padded).code, 0);
}
