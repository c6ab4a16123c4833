//! `spo verify --code` (see `verify`) and `spo keys paper`: what stands on a paper, checked; and
//! the key by which others check it.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::words::sentence;
use super::{Exit, Global, output};
use crate::app;
use crate::issue::{Issuer, KnownPaper, PaperCheck, Stated, Verdict};

/// Checks a QR code's text, a short code or six words: by the register of this machine, or by
/// public keys alone.
pub fn verify(global: &Global, code: &str, keys: Option<&Path>) -> Exit {
    let text = match handed_in(code) {
        Ok(text) => text,
        Err(exit) => return exit,
    };
    let Some(path) = keys else {
        return global.with_issuer(async |issuer: Arc<Issuer>| {
            Ok(show(&issuer.check_paper(&text).await?, global.json))
        });
    };
    let file = path.display().to_string();
    let Ok(keys) = std::fs::read_to_string(path) else {
        output::note("unreadable", &[("file", &file)]);
        return Exit::Missing;
    };
    match app::check_paper(&keys, &text) {
        Some(check) => show(&check, global.json),
        None => {
            output::note("paper_no_key", &[("file", &file)]);
            Exit::Invalid
        }
    }
}

/// Prints the public keys, and on standard error the id and the fingerprint of the one in force.
pub fn key(global: &Global) -> Exit {
    global.with_issuer(async |issuer: Arc<Issuer>| {
        let keys = issuer.paper_keys()?;
        let (id, fingerprint) = issuer.health().await.paper_key;
        if global.json {
            output::json(&json!({ "key": id, "sha256": fingerprint, "public_keys": keys }));
        } else {
            output::result(keys.trim_end());
            output::note("paper_key", &[("key", &id), ("fingerprint", &fingerprint)]);
        }
        Ok(Exit::Done)
    })
}

/// The code as given, or from standard input.
fn handed_in(code: &str) -> Result<String, Exit> {
    if code != "-" {
        return Ok(code.to_owned());
    }
    let mut text = String::new();
    let read = std::io::stdin().lock().take(LONGEST).read_to_string(&mut text);
    read.map_err(|_| {
        output::note("unreadable", &[("file", code)]);
        Exit::Missing
    })?;
    Ok(text)
}

fn show(check: &PaperCheck, json: bool) -> Exit {
    let exit = exit(check.verdict);
    if json {
        output::json(&json!({
            "verdict": check.verdict.name(),
            "stated": check.stated.as_ref().map(stated_json),
            "document": check.document.as_ref().map(known_json),
        }));
        return exit;
    }
    output::result(&sentence(said(check.verdict), &[]));
    if let Some(stated) = &check.stated {
        let (document, ends) = (stated.document.to_string(), shown(stated.ends_on));
        let facts = [
            ("document", document.as_str()),
            ("content", &stated.content),
            ("words", &stated.words),
            ("ends", &ends),
            ("key", &stated.key),
        ];
        output::result(&sentence("paper_states", &facts));
    }
    if let Some(known) = &check.document {
        let (document, order) = (known.id.to_string(), known.order.to_string());
        let (version, ends) = (known.version.to_string(), shown(known.ends_on));
        let facts = [
            ("kind", known.kind.as_str()),
            ("document", &document),
            ("order", &order),
            ("version", &version),
            ("issued", &known.issued_at.to_string()),
            ("ends", &ends),
            ("code", &known.code),
            ("words", &known.words),
        ];
        output::result(&sentence("paper_known", &facts));
    }
    exit
}

/// The name of its sentence.
const fn said(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Current => "paper_current",
        Verdict::Genuine => "paper_genuine",
        Verdict::Superseded => "paper_superseded",
        Verdict::Ended => "paper_ended",
        Verdict::NotInRegister => "paper_not_in_register",
        Verdict::NotOurs => "paper_not_ours",
        Verdict::Altered => "paper_altered",
        Verdict::Unreadable => "paper_unreadable",
    }
}

/// Contract section 8: a false or unreadable paper is invalid input; one that is not known, or no
/// longer stands, is not found or in conflict with the register.
const fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Current | Verdict::Genuine => Exit::Done,
        Verdict::Altered | Verdict::Unreadable => Exit::Invalid,
        Verdict::Superseded | Verdict::Ended | Verdict::NotInRegister | Verdict::NotOurs => {
            Exit::Missing
        }
    }
}

fn shown(day: Option<Date>) -> String {
    day.map_or_else(|| sentence("paper_no_end", &[]), |day| day.to_string())
}

fn stated_json(stated: &Stated) -> Json {
    json!({
        "document_id": stated.document,
        "content_sha256_begins": stated.content,
        "ends_on": stated.ends_on,
        "words": stated.words,
        "key": stated.key,
    })
}

fn known_json(known: &KnownPaper) -> Json {
    json!({
        "id": known.id,
        "kind": known.kind,
        "order_id": known.order,
        "version": known.version,
        "issued_at": known.issued_at,
        "ends_on": known.ends_on,
        "code": known.code,
        "words": known.words,
    })
}

/// Far more than a code has.
const LONGEST: u64 = 4096;
