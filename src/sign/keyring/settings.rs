//! What a keyring says, as types: keys, profiles, services. `tables` reads them.
//!
//! To add a setting: its field here, then its line in `tables`.

use std::path::PathBuf;

use super::Role;
use crate::verify::Level;

/// A keyring as its file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub keys: Vec<KeySetting>,
    pub profiles: Vec<Profile>,
    pub timestamps: Vec<TimestampServer>,
    /// Certificates (PEM) under which signers of documents are trusted.
    pub trusted_signers: Vec<(PathBuf, usize)>,
    /// Certificates (PEM) under which timestamp services are trusted.
    pub trusted_timestamps: Vec<(PathBuf, usize)>,
    pub outside: Outside,
}

/// A key as its table says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySetting {
    pub name: String,
    /// Where its table stands, from 1.
    pub line: usize,
    pub kind: KeyKind,
}

/// Where a key lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyKind {
    /// The local test authority's own signer, or a key with its certificates in one file (PEM) that
    /// it issued.
    Test {
        file: Option<PathBuf>,
    },
    Pkcs12 {
        file: PathBuf,
        passphrase: SecretSource,
    },
    /// A token: PKCS #11. Label of the token; label or id of the key; its certificates in a file.
    Pkcs11 {
        module: PathBuf,
        token: String,
        object: Option<String>,
        id: Option<Vec<u8>>,
        certificates: PathBuf,
        pin: SecretSource,
    },
    /// A remote service: CSC API v2.
    Csc {
        url: String,
        credential: String,
        client_id: String,
        secret: SecretSource,
        token_url: Option<String>,
    },
}

impl KeyKind {
    /// Its name in the file.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Test { .. } => "test",
            Self::Pkcs12 { .. } => "pkcs12",
            Self::Pkcs11 { .. } => "pkcs11",
            Self::Csc { .. } => "csc",
        }
    }

    /// The one secret that opens it, and what its source is called.
    pub const fn secret(&self) -> Option<(&SecretSource, &'static str)> {
        match self {
            Self::Test { .. } => None,
            Self::Pkcs12 { passphrase, .. } => Some((passphrase, "passphrase")),
            Self::Pkcs11 { pin, .. } => Some((pin, "pin")),
            Self::Csc { secret, .. } => Some((secret, "secret")),
        }
    }

    /// Where it is said which key it is.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Test { .. } | Self::Pkcs12 { .. } => "file",
            Self::Pkcs11 { .. } => "token",
            Self::Csc { .. } => "url",
        }
    }

    /// Where it is said which certificates it has.
    pub const fn chain_field(&self) -> &'static str {
        match self {
            Self::Pkcs11 { .. } => "certificates",
            Self::Test { .. } | Self::Pkcs12 { .. } | Self::Csc { .. } => self.field(),
        }
    }
}

/// Where a secret comes from: never the file itself, never a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// Readable by its owner alone.
    File(PathBuf),
    /// Of the environment.
    Variable(String),
}

/// Which key signs what. The first that matches counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    /// Codes; none: all.
    pub courts: Option<Vec<String>>,
    /// Kinds of documents; none: all.
    pub kinds: Option<Vec<String>>,
    /// None: all.
    pub roles: Option<Vec<Role>>,
    /// Names of keys; the newest valid one signs.
    pub keys: Vec<String>,
    /// What is wanted when a document is handed over.
    pub level: Level,
    /// What is made of it afterwards.
    pub long_term: Level,
    pub without_timestamp: WithoutTimestamp,
}

/// What is done with a document while no timestamp can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutTimestamp {
    /// It is handed over, and the timestamp added later.
    Deliver,
    /// It waits.
    Hold,
}

/// A timestamp service. RFC 3161.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampServer {
    pub url: String,
    /// Where its address stands, from 1.
    pub line: usize,
    /// Certificates (PEM) under which its answers are trusted.
    pub anchors: Option<(PathBuf, usize)>,
}

/// How services outside are asked, and how far clocks may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside {
    /// Whether private and loopback addresses may be asked.
    pub allow_private: bool,
    /// Seconds.
    pub max_clock_difference: u32,
}

impl Default for Outside {
    fn default() -> Self {
        Self { allow_private: false, max_clock_difference: 120 }
    }
}

impl Settings {
    /// What stands where there is no file: the local test authority signs everything.
    pub fn local() -> Self {
        let name = LOCAL.to_owned();
        Self {
            profiles: vec![Profile {
                name: name.clone(),
                courts: None,
                kinds: None,
                roles: None,
                keys: vec![name.clone()],
                level: Level::BB,
                long_term: Level::BB,
                without_timestamp: WithoutTimestamp::Deliver,
            }],
            keys: vec![KeySetting { name, line: 1, kind: KeyKind::Test { file: None } }],
            timestamps: Vec::new(),
            trusted_signers: Vec::new(),
            trusted_timestamps: Vec::new(),
            outside: Outside::default(),
        }
    }
}

/// The name of the local test authority's key and of its profile.
pub const LOCAL: &str = "local-test";
