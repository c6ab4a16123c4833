//! What `spo keys` does: keys are made, joined with their certificates, taken in, listed, tried and
//! put in each other's place. A running server sees the changed keyring by itself.
//!
//! Whoever changes the keyring holds its lock from reading the text to writing the new one: two at
//! once wait for each other, and what an editor wrote meanwhile is not lost either.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::keyring::{place, refused};
use super::{StartError, shown};
use crate::clock::{Clock, Ids, NoRandomness, System};
use crate::config::Config;
use crate::digest::hex;
use crate::issue::{Fault, Signing};
use crate::sign::keyring::{
    self, Addition, EditError, Editing, Keyring, KeyringError, Place, Ring, Subject, is_name,
};
use crate::sign::{Algorithm, Secret, SignError};

/// The keyring of an installation, from the command line.
pub struct Keys {
    place: Place,
    /// Folder of the keys that are made or taken in here.
    folder: PathBuf,
}

/// A key that was made.
pub struct Made {
    /// File of the private key.
    pub key: PathBuf,
    /// Request for its certificate (PEM); none where the test authority gave it one.
    pub request: Option<String>,
}

/// How a trial went.
pub struct Trial {
    pub algorithm: &'static str,
    /// Common name of the certificate.
    pub subject: String,
    pub milliseconds: f64,
}

/// Why it was not done. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The keyring has faults, or would have.
    #[error(transparent)]
    Start(StartError),
    /// It can't be a name.
    #[error("not a name: {0}")]
    Name(String),
    /// There is no such algorithm.
    #[error("no such algorithm: {0}")]
    Algorithm(String),
    /// A key has the name, or a file has its place.
    #[error("{0} is taken")]
    Taken(String),
    /// No key has the name.
    #[error("there is no key {0}")]
    Unknown(String),
    /// There is no keyring.
    #[error("there is no keyring at {}", .0.display())]
    NoKeyring(PathBuf),
    /// No profile names the key.
    #[error("no profile names {0}")]
    NotInUse(String),
    /// A file can't be read.
    #[error("{} can't be read", .0.display())]
    Unreadable(PathBuf),
    /// No key of that name waits for its certificate.
    #[error("no key {0} waits for its certificate")]
    NotMade(String),
    /// The certificates can't be read, or are none of the key's.
    #[error("the certificates do not go with the key {name}")]
    Certificates {
        name: String,
        #[source]
        cause: SignError,
    },
    /// Another command is changing the keyring.
    #[error("the keyring at {} is being changed", .0.display())]
    Busy(PathBuf),
    /// The keyring was changed while this was done.
    #[error("the keyring at {} has changed", .0.display())]
    Changed(PathBuf),
    /// The machine gave no randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The key did not sign, or another's certificate stands beside it.
    #[error("the key does not sign")]
    Silent(#[source] SignError),
}

impl Keys {
    /// The keyring that the settings name.
    pub fn of(config: &Config) -> Self {
        Self { place: place(config), folder: config.data_dir.join("keys") }
    }

    /// How the keys are.
    ///
    /// # Errors
    /// [`KeysError::Start`].
    pub async fn list(&self) -> Result<Signing, KeysError> {
        let now = System.now();
        let keyring = Keyring::open(self.place.clone(), now).await;
        Ok(keyring.map_err(|error| KeysError::Start(refused(error)))?.state(now))
    }

    /// Makes a key and the request for its certificate. The keyring stays as it is.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn make(&self, name: &str, algorithm: &str, subject: &Subject) -> Result<Made, KeysError> {
        let algorithm = known(algorithm)?;
        let path = self.free(name, "pem")?;
        let made = keyring::make(algorithm, subject).map_err(sign)?;
        self.write(&path, made.key.as_bytes(), name)?;
        let request = self.folder.join(format!("{name}.csr"));
        keyring::private_file(&request, made.request.as_bytes()).map_err(sign)?;
        Ok(Made { key: path, request: Some(made.request) })
    }

    /// Makes a key with a certificate of the local test authority, and adds it to the keyring.
    ///
    /// # Errors
    /// [`KeysError`].
    pub async fn make_test(&self, name: &str, algorithm: &str) -> Result<Made, KeysError> {
        let algorithm = known(algorithm)?;
        let _editing = self.editing().await?;
        let path = self.free(name, "pem")?;
        let text = keyring::make_test(&self.place.authority, (algorithm, name), System.now());
        self.write(&path, text.map_err(sign)?.as_bytes(), name)?;
        let file = self.named(&path);
        self.add(&path, Addition { name, kind: "test", file: &file, passphrase_file: None })
            .await?;
        Ok(Made { key: path, request: None })
    }

    /// Takes a PKCS #12 file in: copies it and adds its key to the keyring. Gives where it stands.
    ///
    /// # Errors
    /// [`KeysError`].
    pub async fn import(
        &self,
        name: &str,
        file: &Path,
        passphrase_file: &Path,
    ) -> Result<PathBuf, KeysError> {
        let _editing = self.editing().await?;
        let path = self.free(name, "p12")?;
        let bytes = read(file)?;
        self.take_in((name, &path), &bytes, passphrase_file).await?;
        Ok(path)
    }

    /// Joins a key that [`Keys::make`] made with the certificates that its authority issued, in a
    /// PKCS #12 file, and adds it to the keyring. Where there is no file of its passphrase, one is
    /// made. The key alone and the request go. Gives where the file stands.
    ///
    /// # Errors
    /// [`KeysError`]; the key stands as it was made then.
    pub async fn certify(
        &self,
        name: &str,
        certificates: &[PathBuf],
        passphrase_file: &Path,
    ) -> Result<PathBuf, KeysError> {
        let _editing = self.editing().await?;
        let path = self.free(name, "p12")?;
        let made = self.folder.join(format!("{name}.pem"));
        let not_made = || KeysError::NotMade(name.to_owned());
        let key = keyring::private_text(&made).map_err(sign)?.ok_or_else(not_made)?;
        let all = certificates.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
        let (passphrase, fresh) = self.passphrase(passphrase_file)?;
        let done = match keyring::joined(&key, &all, &passphrase) {
            Ok(bytes) => self.take_in((name, &path), &bytes, passphrase_file).await,
            Err(cause) => Err(KeysError::Certificates { name: name.to_owned(), cause }),
        };
        let left = match &done {
            Ok(()) => vec![made, self.folder.join(format!("{name}.csr"))],
            Err(_) if fresh => vec![passphrase_file.to_owned()],
            Err(_) => vec![],
        };
        for file in left {
            let _ = std::fs::remove_file(file);
        }
        done.map(|()| path)
    }

    /// Signs a few bytes that are no document with a key and verifies them with its certificate.
    ///
    /// # Errors
    /// [`KeysError`].
    pub async fn test(&self, name: &str) -> Result<Trial, KeysError> {
        let keyring = Keyring::open(self.place.clone(), System.now()).await;
        let ring = keyring.map_err(|error| KeysError::Start(refused(error)))?.ring();
        let held = held(&ring, name)?;
        let signer = Arc::clone(&held.signer);
        let started = Instant::now();
        signer.try_out().await.map_err(KeysError::Silent)?;
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        let subject = signer.certificate().common_name();
        Ok(Trial { algorithm: signer.algorithm().name(), subject, milliseconds })
    }

    /// Puts one key into the profiles of another: beside it where its certificate is the newer, and
    /// so signs from its first day; otherwise in its place. Gives whether the old one stays.
    ///
    /// # Errors
    /// [`KeysError`].
    pub async fn rotate(&self, old: &str, new: &str) -> Result<bool, KeysError> {
        let now = System.now();
        let no_keyring = || KeysError::NoKeyring(self.place.file.clone());
        self.place.text().map_err(sign)?.ok_or_else(no_keyring)?;
        let _editing = self.editing().await?;
        let read = self.place.text().map_err(sign)?.ok_or_else(no_keyring)?;
        let keyring = Keyring::open(self.place.clone(), now).await;
        let ring = keyring.map_err(|error| KeysError::Start(refused(error)))?.ring();
        let begins = |name| held(&ring, name).map(|held| held.signer.certificate().not_before());
        let beside = begins(old)? < begins(new)?;
        let text = keyring::rotated(&read, (old, new), beside).map_err(|error| match error {
            EditError::NotInUse => KeysError::NotInUse(old.to_owned()),
            EditError::NotToml => no_keyring(),
        })?;
        self.put(Some(&read), &text).await?;
        Ok(beside)
    }

    /// The keyring's file.
    pub fn file(&self) -> String {
        shown(&self.place.file)
    }

    /// Adds a key; where the keyring would have faults with it, its file goes.
    async fn add(&self, path: &Path, key: Addition<'_>) -> Result<(), KeysError> {
        let read = self.place.text().map_err(sign)?;
        let text = keyring::added(read.as_deref().unwrap_or_default(), &key);
        let put = self.put(read.as_deref(), &text).await;
        if put.is_err() {
            let _ = std::fs::remove_file(path);
        }
        put
    }

    /// Puts a text in the place of the one that was read.
    async fn put(&self, read: Option<&str>, text: &str) -> Result<(), KeysError> {
        let put = self.place.put((read, text), System.now()).await;
        match put.map_err(|error| KeysError::Start(refused(error)))? {
            true => Ok(()),
            false => Err(KeysError::Changed(self.place.file.clone())),
        }
    }

    /// Writes a PKCS #12 file and adds its key.
    async fn take_in(
        &self,
        (name, path): (&str, &Path),
        bytes: &[u8],
        passphrase_file: &Path,
    ) -> Result<(), KeysError> {
        let unread = |_| KeysError::Unreadable(passphrase_file.to_owned());
        let passphrase = std::path::absolute(passphrase_file).map_err(unread)?;
        self.write(path, bytes, name)?;
        let file = self.named(path);
        let passphrase_file = Some(passphrase.as_path());
        self.add(path, Addition { name, kind: "pkcs12", file: &file, passphrase_file }).await
    }

    /// The passphrase in a file, and whether the file was made for it.
    fn passphrase(&self, file: &Path) -> Result<(Secret, bool), KeysError> {
        if let Some(text) = keyring::private_text(file).map_err(sign)? {
            return Ok((Secret::new(text), false));
        }
        let text = Zeroizing::new(hex(&*Zeroizing::new(System.secret()?)));
        keyring::private_file(file, text.as_bytes()).map_err(sign)?;
        Ok((Secret::new(text), true))
    }

    /// The right to change the keyring, once whoever has it is done.
    async fn editing(&self) -> Result<Editing, KeysError> {
        let begun = Instant::now();
        loop {
            if let Some(editing) = self.place.editing().map_err(sign)? {
                return Ok(editing);
            }
            if begun.elapsed() > PATIENCE {
                return Err(KeysError::Busy(self.place.file.clone()));
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Where a new key's file goes; none may have the name yet.
    fn free(&self, name: &str, ending: &str) -> Result<PathBuf, KeysError> {
        if !is_name(name) {
            return Err(KeysError::Name(name.to_owned()));
        }
        let text = self.place.text().map_err(sign)?.unwrap_or_default();
        if keyring::names(&text).iter().any(|known| known == name) {
            return Err(KeysError::Taken(name.to_owned()));
        }
        Ok(self.folder.join(format!("{name}.{ending}")))
    }

    fn write(&self, path: &Path, bytes: &[u8], name: &str) -> Result<(), KeysError> {
        let written = keyring::private_file(path, bytes).map_err(sign)?;
        if written { Ok(()) } else { Err(KeysError::Taken(name.to_owned())) }
    }

    /// The path as the keyring says it: relative to its folder where that holds it.
    fn named(&self, path: &Path) -> PathBuf {
        let folder = self.place.file.parent().unwrap_or(Path::new(""));
        match path.strip_prefix(folder) {
            Ok(inside) => inside.to_owned(),
            Err(_) => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
        }
    }
}

impl KeysError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Start(error) => error.fault(),
            Self::Name(_) | Self::Algorithm(_) | Self::Certificates { .. } => Fault::Caller,
            Self::Taken(_) | Self::Changed(_) => Fault::Conflict,
            Self::Unknown(_)
            | Self::NoKeyring(_)
            | Self::NotInUse(_)
            | Self::NotMade(_)
            | Self::Unreadable(_) => Fault::Missing,
            Self::Silent(_) | Self::Busy(_) => Fault::Transient,
            Self::Randomness(_) => Fault::Defect,
        }
    }
}

fn held<'r>(ring: &'r Ring, name: &str) -> Result<&'r keyring::Held, KeysError> {
    let found = ring.keys().iter().find(|held| held.name == name);
    found.ok_or_else(|| KeysError::Unknown(name.to_owned()))
}

fn sign(error: SignError) -> KeysError {
    KeysError::Start(refused(KeyringError::Sign(error)))
}

fn read(file: &Path) -> Result<Vec<u8>, KeysError> {
    std::fs::read(file).map_err(|_| KeysError::Unreadable(file.to_owned()))
}

fn known(name: &str) -> Result<Algorithm, KeysError> {
    let found = Algorithm::ALL.into_iter().find(|algorithm| algorithm.name() == name);
    found.ok_or_else(|| KeysError::Algorithm(name.to_owned()))
}

/// How long a command waits for another: a key that is tried may be a slow one.
const PATIENCE: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_millis(50);
