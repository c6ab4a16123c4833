//! From a keyring's file to open keys: everything that it names is read and tried, and every fault
//! is noted before anything is refused.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use super::fault::{Fault, KeyringError, What};
use super::files::{self, Readers, Seen};
use super::kept;
use super::ring::{Anchors, Held, Ring};
use super::settings::{KeyKind, KeySetting, LOCAL, SecretSource, Settings};
use super::{Known, Outside};
use crate::sign::authority::{Authority, CERTIFICATES};
use crate::sign::evidence::{self, Evidence, EvidenceError};
use crate::sign::key::software::{PRIVATE_KEY, SoftwareKey};
use crate::sign::outside::{Allow, Bounds};
use crate::sign::{Certificate, KeyFault, Secret, SignError, Signer, SigningKey, key};
use crate::verify::Anchor;

/// Gives the value of a named variable.
pub type Variables = Arc<dyn Fn(&str) -> Option<Zeroizing<String>> + Send + Sync>;

/// Where a keyring stands, and what is known to those who read it.
#[derive(Clone)]
pub struct Place {
    /// `keyring.toml`.
    pub file: PathBuf,
    /// The settings name the file: it must be there.
    pub named: bool,
    /// Folder of the local test authority.
    pub authority: PathBuf,
    /// Folder of every certificate ever used.
    pub certificates: PathBuf,
    /// No test authority signs.
    pub production: bool,
    pub known: Known,
    pub variables: Variables,
}

/// Opens what stands in a place; beside it, what was read.
pub(super) async fn opened(place: &Place, now: Timestamp) -> (Seen, Result<Ring, KeyringError>) {
    let mut opening = Opening::of(place, now);
    let ring = opening.read_file().await;
    (opening.seen, ring)
}

/// The same for a process that begins: what a token or a service that is away holds does not sign
/// yet, and all else does.
pub(super) async fn begun(place: &Place, now: Timestamp) -> (Seen, Result<Ring, KeyringError>) {
    let mut opening = Opening { away: Some(Vec::new()), ..Opening::of(place, now) };
    let ring = opening.read_file().await;
    (opening.seen, ring)
}

/// Opens what stands in a place and lets it go; makes and keeps nothing.
pub(super) async fn checked(place: &Place, now: Timestamp) -> Result<(), KeyringError> {
    let mut opening = Opening { keeping: false, ..Opening::of(place, now) };
    opening.read_file().await.map(drop)
}

/// Opens a keyring whose text is not yet in its place.
pub(super) async fn proposed(
    place: &Place,
    text: &str,
    now: Timestamp,
) -> Result<Ring, KeyringError> {
    let mut opening = Opening::of(place, now);
    opening.read_text(text).await
}

/// A ring of one signer for everything.
pub(super) fn single(signer: Signer) -> Ring {
    let settings = Settings::local();
    let certificates = signer.chain().to_vec();
    let last = certificates.last().filter(|last| last.is_test());
    let anchors = last.map(anchor).into_iter().collect();
    let signer = Arc::new(signer);
    Ring {
        keys: vec![Held { name: LOCAL.to_owned(), kind: "test", signer, renewed: false }],
        profiles: settings.profiles,
        timestamps: settings.timestamps,
        outside: settings.outside,
        certificates,
        anchors: Anchors { signers: anchors, timestamps: Vec::new() },
        evidence: None,
        away: Vec::new(),
    }
}

/// One opening: what was read, what was wrong.
struct Opening<'p> {
    place: &'p Place,
    now: Timestamp,
    seen: Seen,
    faults: Vec<Fault>,
    /// Certificates are kept, and the local authority is made where there is none.
    keeping: bool,
    /// Keys that do not answer, where they may be away.
    away: Option<Vec<Fault>>,
}

impl<'p> Opening<'p> {
    fn of(place: &'p Place, now: Timestamp) -> Self {
        Self { place, now, seen: Seen::default(), faults: Vec::new(), keeping: true, away: None }
    }

    async fn read_file(&mut self) -> Result<Ring, KeyringError> {
        let file = &self.place.file;
        let text = self.seen.text(file, Readers::Anyone);
        if !files::stands(file) {
            if self.place.named {
                return Err(KeyringError::Missing(file.clone()));
            }
            if self.place.production {
                return Err(KeyringError::TestAuthority);
            }
            return self.ring(Settings::local()).await;
        }
        match text {
            Ok(text) => self.read_text(&text).await,
            Err(what) => Err(self.refused(vec![Fault { line: 1, key: String::new(), what }])),
        }
    }

    async fn read_text(&mut self, text: &str) -> Result<Ring, KeyringError> {
        let folder = self.place.file.parent().unwrap_or(Path::new(""));
        match Settings::read(text, folder, &self.place.known) {
            Ok(settings) => self.ring(settings).await,
            Err(faults) => Err(self.refused(faults)),
        }
    }

    async fn ring(&mut self, settings: Settings) -> Result<Ring, KeyringError> {
        let mut keys = Vec::with_capacity(settings.keys.len());
        for key in &settings.keys {
            let before = self.faults.len();
            if let Some(held) = self.held(key, &settings).await? {
                keys.push(held);
            }
            self.set_aside(before);
        }
        let mut anchors = Anchors {
            signers: self.anchors("trust.signers", settings.trusted_signers.iter()),
            timestamps: self.anchors("trust.timestamps", settings.trusted_timestamps.iter()),
        };
        let servers = settings.timestamps.iter().filter_map(|server| server.anchors.as_ref());
        let of_servers = self.anchors("timestamp.anchors", servers);
        anchors.timestamps.extend(of_servers);
        if !self.faults.is_empty() {
            let faults = std::mem::take(&mut self.faults);
            return Err(self.refused(faults));
        }
        for held in keys.iter().filter(|_| self.keeping) {
            kept::keep(&self.place.certificates, held.signer.chain())?;
        }
        let locals = self.place.authority.join(CERTIFICATES);
        anchors.signers.extend(kept::local_roots(&locals).iter().map(anchor));
        for list in [&mut anchors.signers, &mut anchors.timestamps] {
            each_once(list);
        }
        let certificates = kept::all(&[&self.place.certificates, &locals]);
        let evidence = Some(Arc::new(self.evidence(&settings, (&certificates, &anchors))?));
        Ok(Ring {
            keys,
            profiles: settings.profiles,
            timestamps: settings.timestamps,
            outside: settings.outside,
            certificates,
            anchors,
            evidence,
            away: self.away.take().unwrap_or_default(),
        })
    }

    /// What asks the services outside, by the settings of this keyring.
    fn evidence(
        &self,
        settings: &Settings,
        (certificates, anchors): (&[Certificate], &Anchors),
    ) -> Result<Evidence, KeyringError> {
        let read = |der: &[u8]| crate::verify::Certificate::read(der).ok();
        let all = |list: &[Anchor]| list.iter().filter_map(|one| read(&one.der)).collect();
        let seconds = settings.outside.max_clock_difference.into();
        let made = Evidence::new(evidence::Settings {
            timestamps: settings.timestamps.iter().map(|server| server.url.clone()).collect(),
            timestamp_anchors: all(&anchors.timestamps),
            signer_anchors: all(&anchors.signers),
            known: certificates.iter().filter_map(|one| read(one.der())).collect(),
            allow: allow(settings.outside),
            bounds: Bounds::default(),
            max_clock_difference: SignedDuration::from_secs(seconds),
        });
        made.map_err(|error| {
            let server = match error {
                EvidenceError::Settings(index) => settings.timestamps.get(index),
                _ => None,
            };
            let (line, key) = (server.map_or(1, |server| server.line), "timestamp.url".to_owned());
            self.refused(vec![Fault { line, key, what: What::NotAllowed }])
        })
    }

    /// Faults of a key that only say that it is away do not stop the others.
    fn set_aside(&mut self, before: usize) {
        let Some(away) = &mut self.away else { return };
        let new = self.faults.get(before..).unwrap_or_default();
        if new.iter().all(|fault| matches!(fault.what, What::Key(fault) if fault.is_away())) {
            away.extend(self.faults.drain(before..));
        }
    }

    /// Opens a key and tries it; none, with its faults noted, where it is not as it must be.
    async fn held(
        &mut self,
        key: &KeySetting,
        settings: &Settings,
    ) -> Result<Option<Held>, KeyringError> {
        let renewed = matches!(key.kind, KeyKind::Test { file: None });
        let before = self.faults.len();
        let signer = match &key.kind {
            KeyKind::Test { file: None } if !self.keeping => None,
            KeyKind::Test { file: None } => Some(self.local()?),
            KeyKind::Test { file: Some(file) } => self.test_file(key, file),
            KeyKind::Pkcs12 { file, .. } => self.pkcs12(key, file).await,
            KeyKind::Pkcs11 { .. } => self.pkcs11(key).await,
            KeyKind::Csc { .. } => self.csc(key, settings.outside).await,
        };
        let Some(signer) = signer else { return Ok(None) };
        if signer.try_out().await.is_err() {
            self.fault(key, key.kind.field(), What::Silent);
        }
        let test = signer.certificate().is_test();
        let used = settings.profiles.iter().any(|profile| profile.keys.contains(&key.name));
        if test && self.place.production && used {
            self.fault(key, "kind", What::Test);
        }
        if !test && matches!(key.kind, KeyKind::Test { .. }) {
            self.fault(key, "kind", What::NotTest);
        }
        let whole = self.faults.len() == before;
        let (name, kind, signer) = (key.name.clone(), key.kind.name(), Arc::new(signer));
        Ok(whole.then_some(Held { name, kind, signer, renewed }))
    }

    /// The local authority's own signer, made or renewed where that is needed.
    fn local(&mut self) -> Result<Signer, KeyringError> {
        let folder = &self.place.authority;
        let signer = Authority::open(folder, self.now)?.into_signer()?;
        for name in ["root.pem", "signer.pem"] {
            // Another process may renew it: that is a change to be seen.
            let _ = self.seen.read(&folder.join(name), Readers::Anyone);
        }
        Ok(signer)
    }

    /// A key with its certificates in one file, as `spo keys make --test` writes it.
    fn test_file(&mut self, key: &KeySetting, file: &Path) -> Option<Signer> {
        let text = self.taken(key, "file", file, Readers::Owner)?;
        let text = std::str::from_utf8(&text).ok();
        let private = text.and_then(|text| files::section(text, PRIVATE_KEY));
        let absent = SignError::Opening(KeyFault::NoKey);
        let private = private.ok_or(absent).and_then(|pem| SoftwareKey::from_pkcs8(pem.as_bytes()));
        let private = match private {
            Ok(private) => private,
            Err(error) => {
                self.fault(key, "file", unfit(&error));
                return None;
            }
        };
        let chain = text.and_then(files::certificates).unwrap_or_default();
        self.signer(key, Box::new(private), chain)
    }

    async fn pkcs12(&mut self, key: &KeySetting, file: &Path) -> Option<Signer> {
        let bytes = self.taken(key, "file", file, Readers::Owner);
        let passphrase = self.secret(key);
        let (bytes, passphrase) = (bytes?, passphrase?);
        // Passphrases are made slow to try.
        let opened = spawn_blocking(move || key::pkcs12::open(&bytes, &passphrase)).await;
        self.tried(key, opened.unwrap_or(Err(SignError::Key)))
    }

    async fn pkcs11(&mut self, key: &KeySetting) -> Option<Signer> {
        let KeyKind::Pkcs11 { module, token, object, id, certificates, .. } = &key.kind else {
            return None;
        };
        let text = self.taken(key, "certificates", certificates, Readers::Anyone);
        let pin = self.secret(key);
        let (text, pin) = (text?, pin?);
        let chain = std::str::from_utf8(&text).ok().and_then(files::certificates);
        let chain = chain.unwrap_or_default();
        let settings = key::pkcs11::Pkcs11 {
            module: module.clone(),
            token: token.clone(),
            object: object.clone(),
            id: id.clone(),
        };
        // It waits for the token.
        let opened = spawn_blocking(move || key::pkcs11::open(&settings, &pin)).await;
        let opened = opened.unwrap_or(Err(SignError::Key));
        self.tried(key, opened.map(|private| (private, chain)))
    }

    async fn csc(&mut self, key: &KeySetting, outside: Outside) -> Option<Signer> {
        let KeyKind::Csc { url, credential, client_id, token_url, .. } = &key.kind else {
            return None;
        };
        let secret = self.secret(key)?;
        if !self.keeping {
            return None; // a check asks nobody
        }
        let settings = key::csc::Csc {
            url: url.clone(),
            credential: credential.clone(),
            client: client_id.clone(),
            token_url: token_url.clone(),
            bounds: Bounds::default(),
            allow: allow(outside),
        };
        let opened = key::csc::open(&settings, &secret).await;
        self.tried(key, opened)
    }

    fn tried(&mut self, key: &KeySetting, opened: Opened) -> Option<Signer> {
        match opened {
            Ok((private, chain)) => self.signer(key, private, chain),
            Err(error) => {
                self.fault(key, key.kind.field(), unfit(&error));
                None
            }
        }
    }

    fn signer(
        &mut self,
        key: &KeySetting,
        private: Box<dyn SigningKey>,
        chain: Vec<Certificate>,
    ) -> Option<Signer> {
        if chain.is_empty() {
            self.fault(key, key.kind.chain_field(), What::NoCertificate);
            return None;
        }
        match Signer::new(private, chain) {
            Ok(signer) => Some(signer),
            Err(error) => {
                self.fault(key, key.kind.chain_field(), unfit(&error));
                None
            }
        }
    }

    /// The secret that opens a key.
    fn secret(&mut self, key: &KeySetting) -> Option<Secret> {
        let (source, name) = key.kind.secret()?;
        let (field, read) = match source {
            SecretSource::File(path) => {
                (format!("{name}_file"), self.seen.text(path, Readers::Owner))
            }
            SecretSource::Variable(variable) => {
                let value = (self.place.variables)(variable).ok_or(What::NoVariable);
                (format!("{name}_variable"), value)
            }
        };
        let read = read.and_then(|text| match text.trim_end_matches(['\n', '\r']) {
            "" => Err(What::Empty),
            _ => Ok(Secret::new(text)),
        });
        read.map_err(|what| self.fault(key, &field, what)).ok()
    }

    /// A file of a key.
    fn taken(
        &mut self,
        key: &KeySetting,
        field: &str,
        path: &Path,
        readers: Readers,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let read = self.seen.read(path, readers);
        read.map_err(|what| self.fault(key, field, what)).ok()
    }

    /// The certificates of files, as those whose word is taken.
    fn anchors<'f>(
        &mut self,
        name: &str,
        files: impl Iterator<Item = &'f (PathBuf, usize)>,
    ) -> Vec<Anchor> {
        let mut found = Vec::new();
        for (path, line) in files {
            let read = self.seen.text(path, Readers::Anyone).and_then(|text| {
                let all = files::certificates(&text).filter(|all| !all.is_empty());
                all.ok_or(What::NoCertificate)
            });
            match read {
                Ok(all) => found.extend(all.iter().map(anchor)),
                Err(what) => {
                    self.faults.push(Fault { line: *line, key: name.to_owned(), what });
                }
            }
        }
        found
    }

    fn fault(&mut self, key: &KeySetting, field: &str, what: What) {
        let path = format!("key.{}.{field}", key.name);
        self.faults.push(Fault { line: key.line, key: path, what });
    }

    fn refused(&self, faults: Vec<Fault>) -> KeyringError {
        KeyringError::Faults { file: self.place.file.clone(), faults }
    }
}

/// A key with its certificates, or why not.
type Opened = Result<(Box<dyn SigningKey>, Vec<Certificate>), SignError>;

const fn allow(outside: Outside) -> Allow {
    if outside.allow_private { Allow::Private } else { Allow::Public }
}

const fn unfit(error: &SignError) -> What {
    match error {
        SignError::Unfit(why) | SignError::Usage(why) => What::Unfit(why),
        SignError::Opening(fault) => What::Key(*fault),
        _ => What::Closed,
    }
}

fn anchor(certificate: &Certificate) -> Anchor {
    Anchor { der: certificate.der().to_vec(), test: certificate.is_test() }
}

fn each_once(list: &mut Vec<Anchor>) {
    let mut seen: Vec<Anchor> = Vec::with_capacity(list.len());
    list.retain(|one| {
        let new = !seen.contains(one);
        if new {
            seen.push(one.clone());
        }
        new
    });
}
