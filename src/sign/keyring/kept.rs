//! Every certificate ever used, kept for the check of old signatures: one file each, named by its
//! digest, and never removed.

use std::path::Path;

use super::files::certificates_of;
use crate::digest::hex;
use crate::sign::keeping::{self, Placing};
use crate::sign::{Certificate, SignError};

/// Keeps certificates in a folder, each once.
pub(super) fn keep(folder: &Path, chain: &[Certificate]) -> Result<(), SignError> {
    keeping::private_folder(folder)?;
    for certificate in chain {
        let path = folder.join(format!("{}.pem", hex(&certificate.sha256())));
        if keeping::read(&path)?.is_none() {
            keeping::write(&path, &certificate.to_pem()?, Placing::IfFree)?;
        }
    }
    Ok(())
}

/// All that are kept in these folders, each once.
pub(super) fn all(folders: &[&Path]) -> Vec<Certificate> {
    let mut found: Vec<Certificate> = Vec::new();
    for (_, certificate) in folders.iter().flat_map(|folder| certificates_of(folder)) {
        if !found.contains(&certificate) {
            found.push(certificate);
        }
    }
    found
}

/// The roots that the local test authority ever had.
pub(super) fn local_roots(folder: &Path) -> Vec<Certificate> {
    let all = certificates_of(folder).into_iter();
    all.filter(|(name, _)| name.starts_with("root-")).map(|(_, certificate)| certificate).collect()
}
