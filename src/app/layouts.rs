//! The layouts of an installation: those in the binary, or those of a folder that replaces them
//! whole. The folder is read once, at the start.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::StartError;
use crate::config::Config;
use crate::render::{Edition, LayoutFiles, Renderer};
use crate::store::Store;

/// The layouts that the settings name.
///
/// # Errors
/// [`StartError::Folder`] where the folder can't be read.
pub(super) fn files(config: &Config) -> Result<LayoutFiles, StartError> {
    let Some(folder) = &config.templates_dir else {
        return Ok(LayoutFiles::builtin());
    };
    let mut files = BTreeMap::new();
    read(folder, &PathBuf::new(), &mut files)
        .map_err(|cause| StartError::Folder { path: folder.clone(), cause })?;
    Ok(LayoutFiles::new(files))
}

/// Every layout and sample below a folder, by its path within; other files are left alone.
fn read(folder: &Path, within: &Path, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    if within.components().count() > DEEPEST {
        return Ok(());
    }
    for entry in fs::read_dir(folder.join(within))? {
        let entry = entry?;
        let path = within.join(entry.file_name());
        let kept = entry.file_name().to_str().is_some_and(|name| !name.starts_with('.'));
        if entry.metadata()?.is_dir() && kept {
            read(folder, &path, files)?;
        } else if kept
            && ENDINGS.iter().any(|ending| path.extension().is_some_and(|e| e == *ending))
        {
            let name = path.to_str().ok_or(std::io::ErrorKind::InvalidData)?.to_owned();
            if entry.metadata()?.len() > LONGEST || files.len() >= MOST {
                return Err(std::io::ErrorKind::InvalidData.into());
            }
            files.insert(name, fs::read_to_string(folder.join(&path))?);
        }
    }
    Ok(())
}

/// Refuses layouts that say other words under the name of an edition in which a document was
/// issued.
///
/// # Errors
/// [`StartError::Editions`] with their names; [`StartError::Register`].
pub(super) async fn held(store: &dyn Store, renderer: &Renderer) -> Result<(), StartError> {
    let used = store.editions().await.map_err(StartError::Register)?;
    let changed = |edition: &&Edition| {
        used.iter().any(|(name, sha256)| *name == edition.name && *sha256 != edition.sha256)
    };
    let changed: Vec<_> =
        renderer.editions().iter().filter(changed).map(|edition| edition.name.clone()).collect();
    if changed.is_empty() { Ok(()) } else { Err(StartError::Editions(changed)) }
}

const ENDINGS: [&str; 2] = ["hbs", "json"];
/// Folders within folders.
const DEEPEST: usize = 4;
/// Bytes of one file.
const LONGEST: u64 = 4 << 20;
/// Files in all.
const MOST: usize = 2_000;
