//! Private files that are whole or not there: written aside, synced, then given their name; mode
//! 0600 in a folder of mode 0700. Only the local authority keeps files in this room.
#![allow(clippy::disallowed_methods, reason = "the local authority keeps its keys in files")]

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use super::SignError;

/// How a file takes its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placing {
    /// Another file of this name stays: false comes back and nothing has changed.
    IfFree,
    /// Another file of this name makes way.
    Replacing,
}

/// Makes a private folder where there is none, with those above it.
pub(super) fn private_folder(path: &Path) -> Result<(), SignError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.and_then(|()| path.parent().map_or(Ok(()), sync_folder)).map_err(at(path))
}

/// The text of a private file, or none where there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<String>>, SignError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(at(path)(cause)),
    }
}

/// Locks a file of that name, made where there is none, until the value is dropped or the process
/// ends; none where another holds it.
pub(super) fn lock(path: &Path) -> Result<Option<File>, SignError> {
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600).open(path);
    let file = file.map_err(at(path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(cause)) => Err(at(path)(cause)),
    }
}

/// Writes a private file whole and durably; tells whether it now stands under its name.
pub(super) fn write(
    path: &Path,
    bytes: impl AsRef<[u8]>,
    placing: Placing,
) -> Result<bool, SignError> {
    // The process makes the name its own, so that two that start at once do not write into one
    // file.
    let aside = path.with_extension(format!("new-{}", std::process::id()));
    let placed = write_aside(&aside, bytes.as_ref()).and_then(|()| place(&aside, path, placing));
    if !matches!(placed, Ok(true)) {
        // A left-over is harmless, and the first error is the one to tell.
        let _ = fs::remove_file(&aside);
    }
    placed.map_err(at(path))
}

fn write_aside(aside: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(aside)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn place(aside: &Path, path: &Path, placing: Placing) -> io::Result<bool> {
    match placing {
        Placing::Replacing => fs::rename(aside, path)?,
        Placing::IfFree => match fs::hard_link(aside, path) {
            Ok(()) => fs::remove_file(aside)?,
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(cause) => return Err(cause),
        },
    }
    path.parent().map_or(Ok(()), sync_folder)?;
    Ok(true)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

fn at(path: &Path) -> impl Fn(io::Error) -> SignError {
    let path = path.to_owned();
    move |cause| SignError::Files { path: path.clone(), cause }
}
