//! What is wrong with a keyring: each fault with its line and its key, never a value.

use std::path::{Path, PathBuf};

use crate::sign::{KeyFault, SignError};

/// Why a keyring can't be used; nothing of it is.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// Every fault of the file and of what it names. Never empty.
    #[error("{}: {}", file.display(), told(faults))]
    Faults { file: PathBuf, faults: Vec<Fault> },
    /// The settings name a keyring that is not there.
    #[error("{} is not there", .0.display())]
    Missing(PathBuf),
    /// Production has no key but a test authority's.
    #[error("the test authority does not sign in production")]
    TestAuthority,
    /// The test authority, or the folder of certificates, can't be used.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl KeyringError {
    /// What is told of keys that do not answer, where there are any.
    pub(super) fn away(file: &Path, faults: &[Fault]) -> Option<Self> {
        let (file, faults) = (file.to_owned(), faults.to_vec());
        (!faults.is_empty()).then_some(Self::Faults { file, faults })
    }
}

/// One fault of a keyring.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {key}: {what}")]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// As `key.seal.file` or `outside.allow_private`.
    pub key: String,
    pub what: What,
}

/// What is wrong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum What {
    #[error("not TOML")]
    NotToml,
    #[error("there is no such key")]
    Unknown,
    #[error("missing")]
    Missing,
    #[error("wanted {0}")]
    Wanted(&'static str),
    #[error("the name is taken")]
    Taken,
    #[error("no [[key]] has this name")]
    NoSuchKey,
    #[error("there is no such kind of document")]
    NoSuchKind,
    #[error("needs a [[timestamp]]")]
    NoTimestamp,
    #[error("the file can't be read")]
    Unreadable,
    #[error("others may read the file: take their right away (chmod 600)")]
    Open,
    #[error("the file is too long")]
    TooLong,
    #[error("it holds nothing")]
    Empty,
    #[error("there is no such variable")]
    NoVariable,
    #[error("it holds no certificate")]
    NoCertificate,
    #[error("the key does not open: {0}")]
    Key(KeyFault),
    #[error("the key does not open")]
    Closed,
    #[error("the address may not be asked (outside.allow_private), or is no HTTPS address")]
    NotAllowed,
    #[error("the key can't sign, or its certificate is another key's")]
    Silent,
    #[error("the certificate is unfit: {0}")]
    Unfit(&'static str),
    #[error("it is a test authority's, which does not sign in production")]
    Test,
    #[error("it is of no test authority: of kind test are only its keys")]
    NotTest,
}

fn told(faults: &[Fault]) -> String {
    let all: Vec<_> = faults.iter().map(ToString::to_string).collect();
    all.join("; ")
}
