//! `spo issue`, `preview` and `validate`: what the server does for a POST, without the server.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::file::Request;
use super::{Exit, Global, Input, caller, output};
use crate::issue::{
    Creating, Drafted, Findings, IdempotencyKey, IssueError, Issued, Issuer, OrderKind,
};
use crate::wire::RequestKind;
use crate::wire::answer::{Fault, ValidationAnswer};

/// Makes, signs and keeps it, and writes the PDF and its copies into the folder.
pub fn issue(global: &Global, from: &Input, out: &Path, key: Option<&str>) -> Exit {
    let key = match key.map(|key| IdempotencyKey::read(Some(key.as_bytes()))).transpose() {
        Ok(key) => key,
        Err(error) => return output::fault(&error, global.json),
    };
    let request = match from.read(global) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    if let Err(exit) = folder(out) {
        return exit;
    }
    global.with_issuer(async |issuer: Arc<Issuer>| {
        let caller = caller(&issuer)?;
        let made = Creating { caller: &caller, key: key.as_ref(), body: &request.body };
        let issued = match order_kind(request.kind) {
            Some(kind) => issuer.issue_order(kind, made).await?,
            None => issuer.request_variation(made).await?,
        };
        let exit = show_made(&issued, out, global.json);
        if exit != Exit::Done {
            return Ok(exit);
        }
        write_copies(&issuer, &issued, out, global.json).await
    })
}

/// Draws it marked DRAFT into the folder.
pub fn preview(global: &Global, from: &Input, out: &Path) -> Exit {
    let request = match from.read(global) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    if let Err(exit) = folder(out) {
        return exit;
    }
    global.with_issuer(async |issuer: Arc<Issuer>| {
        let drafted = draw(&issuer, &request).await?;
        Ok(show_draft(&drafted, out, global.json))
    })
}

/// Checks it.
pub fn validate(global: &Global, from: &Input) -> Exit {
    let request = match from.read(global) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    global.with_issuer(async |issuer: Arc<Issuer>| {
        let findings = match order_kind(request.kind) {
            Some(kind) => issuer.validate_order(kind, &request.body).await?,
            None => issuer.validate_variation(&request.body).await?,
        };
        Ok(show_findings(&findings, global.json))
    })
}

/// Draws a draft of either kind.
pub async fn draw(issuer: &Issuer, request: &Request) -> Result<Drafted, IssueError> {
    match order_kind(request.kind) {
        Some(kind) => issuer.preview_order(kind, &request.body).await,
        None => issuer.preview_variation(&request.body).await,
    }
}

/// Writes a draft into the folder and names the file.
pub fn show_draft(drafted: &Drafted, out: &Path, json: bool) -> Exit {
    let path = match write(out, &drafted.file_name, &drafted.bytes) {
        Ok(path) => path,
        Err(exit) => return exit,
    };
    let warnings: Vec<_> = drafted.warnings.iter().map(Fault::of).collect();
    if json {
        let body = serde_json::json!({
            "file": path, "pages": drafted.pages, "warnings": warnings,
        });
        output::json(&body);
    } else {
        output::faults(&warnings, false);
        output::result(&path);
        output::note("drafted", &[("pages", &drafted.pages.to_string())]);
    }
    Exit::Done
}

/// Orders have a kind of their own; the rest is a variation request.
fn order_kind(kind: RequestKind) -> Option<OrderKind> {
    match kind {
        RequestKind::InterimOrder => Some(OrderKind::InterimOrder),
        RequestKind::FullOrder => Some(OrderKind::FullOrder),
        RequestKind::VariationRequest => None,
    }
}

/// Writes the documents that came with an order beside it, and names the files.
async fn write_copies(
    issuer: &Issuer,
    issued: &Issued,
    out: &Path,
    json: bool,
) -> Result<Exit, IssueError> {
    let made: Value = serde_json::from_slice(&issued.json).unwrap_or_default();
    let ids = made["documents"].as_array().into_iter().flatten();
    for id in ids.filter_map(|one| one["id"].as_str()?.parse().ok()) {
        if id == issued.document.id {
            continue;
        }
        let copy = match issuer.document_bytes(id).await {
            // It is kept, and comes with its timestamp.
            Err(IssueError::Held) => continue,
            copy => copy?,
        };
        match write(out, &copy.file_name, &copy.bytes) {
            Ok(path) if !json => output::result(&path),
            Ok(_) => {}
            Err(exit) => return Ok(exit),
        }
    }
    Ok(Exit::Done)
}

/// Writes a document that was made into the folder, names the file and says where it is kept.
pub fn show_made(issued: &Issued, out: &Path, json: bool) -> Exit {
    if issued.document.held {
        output::note("issued_held", &[("location", &issued.location)]);
        return Exit::Later;
    }
    let path = match write(out, &issued.document.file_name, &issued.document.bytes) {
        Ok(path) => path,
        Err(exit) => {
            // It is kept all the same: say where.
            output::note("issued_unwritten", &[("location", &issued.location)]);
            return exit;
        }
    };
    if json {
        output::bytes(&issued.json);
        output::result("");
    } else {
        output::result(&path);
    }
    let form = if issued.replayed { "issued_before" } else { "issued" };
    output::note(form, &[("location", &issued.location), ("path", &path)]);
    Exit::Done
}

fn show_findings(findings: &Findings, json: bool) -> Exit {
    let Findings { errors, warnings, unused_acknowledgements: unused } = findings;
    if json {
        output::json(&ValidationAnswer {
            errors: Fault::all(errors),
            warnings: Fault::all(warnings),
            unused_acknowledgements: unused.clone(),
        });
    } else {
        let all = errors.iter().chain(warnings).map(Fault::of);
        output::faults(&all.collect::<Vec<_>>(), false);
        for pointer in unused {
            output::note("unused_acknowledgement", &[("pointer", pointer)]);
        }
    }
    match (errors.is_empty(), warnings.is_empty()) {
        (false, _) => Exit::Invalid,
        (true, false) => {
            output::note("valid_with_warnings", &[]);
            Exit::Done
        }
        (true, true) => {
            output::note("valid", &[]);
            Exit::Done
        }
    }
}

/// The folder is there before anything is made.
pub fn folder(out: &Path) -> Result<(), Exit> {
    if out.is_dir() {
        return Ok(());
    }
    output::note("no_folder", &[("folder", &out.display().to_string())]);
    Err(Exit::Missing)
}

/// A whole file or none, over the one that is there: for drafts that are drawn again and again.
pub fn replace(out: &Path, name: &str, bytes: &[u8]) -> Result<String, Exit> {
    let path = out.join(name);
    let shown = path.display().to_string();
    let half = out.join(format!(".{name}.part"));
    match std::fs::write(&half, bytes).and_then(|()| std::fs::rename(&half, &path)) {
        Ok(()) => Ok(shown),
        Err(_) => {
            output::note("unwritable", &[("file", &shown)]);
            Err(Exit::Defect)
        }
    }
}

/// A whole file or none: never over one that is there with other bytes.
fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<String, Exit> {
    let path = out.join(name);
    let shown = path.display().to_string();
    if std::fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(shown);
    }
    let half = out.join(format!(".{name}.part"));
    let written = File::create(&half)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::hard_link(&half, &path));
    let _ = std::fs::remove_file(&half);
    match written {
        Ok(()) => Ok(shown),
        Err(_) => {
            output::note("unwritable", &[("file", &shown)]);
            Err(Exit::Defect)
        }
    }
}
