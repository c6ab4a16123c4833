//! The files of a keyring: read within bounds, each remembered by its digest, so that a change is
//! seen; and texts in PEM.
#![allow(clippy::disallowed_methods, reason = "a keyring is a file and names files")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use der::pem;
use zeroize::Zeroizing;

use super::fault::What;
use crate::digest::sha256;
use crate::sign::certificate::{CERTIFICATE, Certificate};

/// The files that a keyring was read from; none where a file was not there.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Seen(BTreeMap<PathBuf, Option<[u8; 32]>>);

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    Anyone,
    /// Neither its group nor the world: it holds a key or a secret.
    Owner,
}

impl Seen {
    /// Reads a file and remembers what it held.
    pub(super) fn read(
        &mut self,
        path: &Path,
        readers: Readers,
    ) -> Result<Zeroizing<Vec<u8>>, What> {
        let read = read(path);
        let digest = read.as_ref().ok().map(|(bytes, _)| sha256(bytes));
        self.0.insert(path.to_owned(), digest);
        let (bytes, mode) = read?;
        let open = readers == Readers::Owner && mode & 0o077 != 0;
        if open { Err(What::Open) } else { Ok(bytes) }
    }

    /// Reads a text.
    pub(super) fn text(
        &mut self,
        path: &Path,
        readers: Readers,
    ) -> Result<Zeroizing<String>, What> {
        let bytes = self.read(path, readers)?;
        std::str::from_utf8(&bytes)
            .map(|text| Zeroizing::new(text.to_owned()))
            .map_err(|_| What::Unreadable)
    }

    /// Whether this one was there.
    pub(super) fn held(&self, path: &Path) -> bool {
        self.0.get(path).is_some_and(Option::is_some)
    }

    /// Remembers that this one is not there.
    pub(super) fn lost(&mut self, path: &Path) {
        self.0.insert(path.to_owned(), None);
    }

    /// Whether any of them holds something else now, is gone or has come.
    pub(super) fn changed(&self) -> bool {
        let now = |path: &Path| read(path).ok().map(|(bytes, _)| sha256(&bytes));
        self.0.iter().any(|(path, then)| now(path) != *then)
    }
}

/// The bytes and the mode of a file.
fn read(path: &Path) -> Result<(Zeroizing<Vec<u8>>, u32), What> {
    let unreadable = |_| What::Unreadable;
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if !about.is_file() {
        return Err(What::Unreadable);
    }
    if about.len() > LONGEST {
        return Err(What::TooLong);
    }
    // At full size from the start: a buffer that grew would leave uncleared copies behind.
    let size = usize::try_from(about.len()).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok((bytes, about.mode()))
}

/// Whether the file is there.
pub(super) fn stands(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

/// Every certificate in the files of a folder that end in `.pem`, by name; what is no certificate
/// is left out. The folder may be missing.
pub(super) fn certificates_of(folder: &Path) -> Vec<(String, Certificate)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "pem"));
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let Ok((bytes, _)) = read(&path) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let all = certificates(&text).unwrap_or_default();
        found.extend(all.into_iter().map(|one| (name.clone().unwrap_or_default(), one)));
    }
    found
}

/// The certificates of a text in PEM, in its order; none where a section can't be read.
pub(super) fn certificates(text: &str) -> Option<Vec<Certificate>> {
    let labelled = sections(text).into_iter().filter(|section| is(section, CERTIFICATE));
    labelled.map(|section| Certificate::from_pem(section).ok()).collect()
}

/// The first section of that label.
pub(super) fn section<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    sections(text).into_iter().find(|section| is(section, label))
}

fn is(section: &str, label: &str) -> bool {
    pem::decode_label(section.as_bytes()).is_ok_and(|found| found == label)
}

/// The sections of a text, words between them left out. RFC 7468, section 2.
fn sections(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("-----BEGIN ") {
        let from = &rest[start..];
        let Some(close) = from.find("-----END ") else { break };
        let end = from[close..].find('\n').map_or(from.len(), |line| close + line + 1);
        found.push(&from[..end]);
        rest = &from[end..];
    }
    found
}

/// Far more than a key with its certificates has.
const LONGEST: u64 = 1 << 20;
