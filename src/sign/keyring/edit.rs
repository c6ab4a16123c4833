//! Changes to `keyring.toml` that leave every other word of it as it stands.

use std::path::Path;

use jiff::Timestamp;
use toml::de::DeTable;
use zeroize::Zeroizing;

use super::fault::KeyringError;
use super::open::{self, Place};
use crate::sign::SignError;
use crate::sign::keeping::{self, Placing};

/// A key to be added.
#[derive(Debug, Clone)]
pub struct Addition<'a> {
    pub name: &'a str,
    /// `test` or `pkcs12`.
    pub kind: &'a str,
    pub file: &'a Path,
    pub passphrase_file: Option<&'a Path>,
}

/// Why a keyring can't be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("the keyring is not TOML")]
    NotToml,
    /// No profile names the old key.
    #[error("no profile names the key")]
    NotInUse,
}

/// The text with a key at its end. Where the keyring was empty, the key signs everything.
pub fn added(text: &str, key: &Addition<'_>) -> String {
    let mut lines = text.trim_end().to_owned();
    let first = lines.is_empty();
    if !first {
        lines.push_str("\n\n");
    }
    let quoted = |path: &Path| toml::Value::from(path.display().to_string()).to_string();
    lines.push_str(&format!("[[key]]\nname = \"{}\"\nkind = \"{}\"\n", key.name, key.kind));
    lines.push_str(&format!("file = {}\n", quoted(key.file)));
    if let Some(path) = key.passphrase_file {
        lines.push_str(&format!("passphrase_file = {}\n", quoted(path)));
    }
    if first {
        lines.push_str(&format!("\n[[profile]]\nname = \"all\"\nkeys = [\"{}\"]\n", key.name));
    }
    lines
}

/// The names of all keys in a text; none where it can't be read.
pub fn names(text: &str) -> Vec<String> {
    let Ok(table) = DeTable::parse(text) else { return Vec::new() };
    let keys = table.get_ref().get("key").and_then(|all| all.get_ref().as_array());
    let keys = keys.into_iter().flat_map(|all| all.iter());
    let names = keys.filter_map(|key| key.get_ref().get("name")?.get_ref().as_str());
    names.map(str::to_owned).collect()
}

/// Writes a private file whole, in a private folder; false where the name is taken.
///
/// # Errors
/// [`SignError::Files`].
pub fn private_file(path: &Path, bytes: &[u8]) -> Result<bool, SignError> {
    if let Some(folder) = path.parent() {
        keeping::private_folder(folder)?;
    }
    keeping::write(path, bytes, Placing::IfFree)
}

/// The text of a private file; none where there is no such file.
///
/// # Errors
/// [`SignError::Files`].
pub fn private_text(path: &Path) -> Result<Option<Zeroizing<String>>, SignError> {
    keeping::read(path)
}

/// The text in which every profile that names `old` names `new`, too; or in its place.
///
/// # Errors
/// [`EditError`].
pub fn rotated(text: &str, (old, new): (&str, &str), beside: bool) -> Result<String, EditError> {
    let table = DeTable::parse(text).map_err(|_| EditError::NotToml)?;
    let profiles = table.get_ref().get("profile").and_then(|all| all.get_ref().as_array());
    let mut changes = Vec::new();
    for profile in profiles.into_iter().flat_map(|all| all.iter()) {
        let Some(list) = profile.get_ref().get("keys") else { continue };
        let names = list.get_ref().as_array().into_iter().flat_map(|all| all.iter());
        let mut names: Vec<_> = names.filter_map(|name| name.get_ref().as_str()).collect();
        names.retain(|name| *name != new);
        let Some(at) = names.iter().position(|name| *name == old) else { continue };
        if beside {
            names.push(new);
        } else {
            names[at] = new;
        }
        let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
        changes.push((list.span(), format!("[{}]", quoted.join(", "))));
    }
    if changes.is_empty() {
        return Err(EditError::NotInUse);
    }
    changes.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut text = text.to_owned();
    for (span, list) in changes {
        text.replace_range(span, &list);
    }
    Ok(text)
}

/// The right to change a keyring. Nobody else has it until this is dropped, or the process ends.
pub struct Editing {
    _file: std::fs::File,
}

impl Place {
    /// The right to change the keyring; none while another has it. Whoever reads the text to write
    /// another in its place takes it first.
    ///
    /// # Errors
    /// [`SignError::Files`] where the file beside the keyring that is locked can't be made.
    pub fn editing(&self) -> Result<Option<Editing>, SignError> {
        let locked = keeping::lock(&self.file.with_extension("lock"))?;
        Ok(locked.map(|file| Editing { _file: file }))
    }

    /// The keyring's text; none where there is none.
    ///
    /// # Errors
    /// [`SignError::Files`] where it can't be read.
    pub fn text(&self) -> Result<Option<String>, SignError> {
        Ok(keeping::read(&self.file)?.map(|text| text.as_str().to_owned()))
    }

    /// Opens what stands here to see whether it would; makes and keeps nothing.
    ///
    /// # Errors
    /// [`KeyringError`].
    pub async fn check(&self, now: Timestamp) -> Result<(), KeyringError> {
        open::checked(self, now).await
    }

    /// Puts another text in the place of the one that was read, whole or not at all, once all that
    /// it names has opened; false where somebody's editor has changed the keyring meanwhile.
    ///
    /// # Errors
    /// [`KeyringError`]; the old text stands then.
    pub async fn put(
        &self,
        (read, text): (Option<&str>, &str),
        now: Timestamp,
    ) -> Result<bool, KeyringError> {
        open::proposed(self, text, now).await?;
        let same = self.text()?.as_deref() == read;
        if same {
            keeping::write(&self.file, text, Placing::Replacing)?;
        }
        Ok(same)
    }
}
