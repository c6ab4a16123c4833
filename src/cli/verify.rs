//! `spo verify`: a PDF or a paper, checked.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{Exit, Global, caller, output, paper};
use crate::issue::{FileVerdict, Handed, Issuer};
use crate::page::{Told, Tongue};

/// What is to be checked.
#[derive(Debug, Args)]
pub struct Asked {
    /// The PDF; `-` is standard input.
    #[arg(required_unless_present = "code", conflicts_with = "code")]
    file: Option<PathBuf>,
    /// Instead of a file: the code or the words of a paper, in quotes; `-` is standard input.
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// File of public paper keys (PEM): check a QR code by these alone, without a register.
    #[arg(long, value_name = "FILE", requires = "code")]
    key: Option<PathBuf>,
    /// Give the verdict as it was at an instant, such as 2026-11-20T12:00:00Z.
    #[arg(long, value_name = "INSTANT", conflicts_with = "code")]
    as_at: Option<String>,
    /// Language of the page.
    #[arg(long, value_enum, default_value = "en")]
    language: Spoken,
}

/// Languages of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Spoken {
    En,
    Cy,
}

/// Checks a file or a paper.
pub fn run(global: &Global, asked: &Asked) -> Exit {
    if let Some(code) = &asked.code {
        return paper::verify(global, code, asked.key.as_deref());
    }
    let Some(file) = &asked.file else {
        return Exit::Usage;
    };
    let bytes = match bytes_of(file) {
        Ok(bytes) => bytes,
        Err(exit) => return exit,
    };
    global.with_issuer(async |issuer: Arc<Issuer>| {
        let as_at = match asked.as_at.as_deref().map(|text| instant(text, issuer.now().0)) {
            Some(Err(exit)) => return Ok(exit),
            Some(Ok(at)) => Some(at),
            None => None,
        };
        let handed = Handed { bytes: &bytes, as_at, may_read: true };
        let check = issuer.verify_file(&caller(&issuer)?, handed).await?;
        let tongue = match asked.language {
            Spoken::En => Tongue::English,
            Spoken::Cy => Tongue::Welsh,
        };
        let told = Told::of(&check, tongue);
        if global.json {
            output::json(&told.answer());
        } else {
            output::result(told.text().trim_end());
        }
        Ok(exit(check.verdict))
    })
}

/// As for paper: what is false or can't be checked is invalid input; what is not known, or no
/// longer stands, is not found or in conflict with the register. Contract section 8.
const fn exit(verdict: FileVerdict) -> Exit {
    match verdict {
        FileVerdict::Current => Exit::Done,
        FileVerdict::Altered | FileVerdict::Unreadable => Exit::Invalid,
        FileVerdict::Superseded | FileVerdict::Ended | FileVerdict::NotOurs => Exit::Missing,
    }
}

fn instant(text: &str, now: Timestamp) -> Result<Timestamp, Exit> {
    let at = text.parse::<Timestamp>().ok().filter(|at| *at <= now);
    at.ok_or_else(|| output::misuse("file_as_at", &[("text", text)]))
}

fn bytes_of(file: &Path) -> Result<Vec<u8>, Exit> {
    let shown = file.display().to_string();
    let unreadable = |_| {
        output::note("unreadable", &[("file", &shown)]);
        Exit::Missing
    };
    let source: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(file).map_err(unreadable)?)
    };
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        output::note("file_too_large", &[("limit", &LARGEST.to_string())]);
        return Err(Exit::Invalid);
    }
    Ok(bytes)
}

/// Contract section 1.
const LARGEST: u64 = 32 << 20;
