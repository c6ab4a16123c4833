//! The keys of this installation: which there are, and which of them signs what. A request never
//! names a key; its court, kind and role choose a profile, and the profile's newest valid
//! certificate signs.
//!
//! `keyring.toml` is read and checked (`tables`, by `reader`; what is wrong is a [`Fault`]), its
//! keys are opened (`open`) into a [`Ring`] that never changes; [`Keyring`] holds the ring in force
//! and puts another in its place when a file has changed and all is well (`watch`). Before each
//! signature it asks whether the clock can be believed ([`ClockGuard`]) and whether the certificate
//! stands ([`Standing`]). `state` says how each key is, `kept` keeps every certificate ever used,
//! `making` makes keys and requests for certificates, `edit` changes the file.
//!
//! Never here: a clock, the environment, a network. Secrets come from private files, or by a
//! function that is handed in.
//!
//! To add a kind of key: its variant in [`KeyKind`], its table in `tables`, its opening in `open`.
//!
//! # Decisions
//! - All or nothing: a keyring with one fault is not used. At the start that stops the service; in
//!   a running one the old ring goes on, and health, log and metrics say so.
//! - No key stands in for another: where the newest valid one fails, the document is refused.

mod clock_guard;
mod edit;
mod fault;
mod files;
mod kept;
mod making;
mod open;
mod reader;
mod ring;
mod settings;
mod standing;
mod state;
mod tables;
mod watch;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;

pub use self::clock_guard::ClockGuard;
pub use self::edit::{
    Addition, EditError, Editing, added, names, private_file, private_text, rotated,
};
pub use self::fault::{Fault, KeyringError, What};
pub use self::making::{Made, Subject, joined, make, make_test};
pub use self::open::{Place, Variables};
pub use self::reader::is_name;
pub use self::ring::{Anchors, Choice, Held, Ring};
pub use self::settings::{
    KeyKind, KeySetting, LOCAL, Outside, Profile, SecretSource, Settings, TimestampServer,
    WithoutTimestamp,
};
pub use self::standing::{Asked, Standing, Stands};
pub use self::state::{Failure, KeyState, State, Warning};
pub use self::watch::Refreshed;

use super::{Certificate, SignError, SignedPdf, Signer};
use crate::render::UnsignedPdf;

/// As what a document is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Orders, notices, sheets: the court's seal.
    Seal,
    /// Certified copies and manifests: the register.
    Register,
    /// Records of service: who served.
    Service,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Seal, Self::Register, Self::Service];

    /// Its name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Register => "register",
            Self::Service => "service",
        }
    }
}

/// What a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose<'a> {
    /// The court's code.
    pub court: &'a str,
    /// The document's kind, as the contract calls it.
    pub kind: &'a str,
    pub role: Role,
}

impl Purpose<'_> {
    /// Whether a profile is for it.
    pub fn fits(&self, profile: &Profile) -> bool {
        among(profile.courts.as_ref(), self.court) && self.fits_somewhere(profile)
    }

    /// Whether a profile is for its kind and role, at whatever court.
    pub fn fits_somewhere(&self, profile: &Profile) -> bool {
        let role = profile.roles.as_ref().is_none_or(|roles| roles.contains(&self.role));
        among(profile.kinds.as_ref(), self.kind) && role
    }
}

/// Whether a list names it; no list names all.
fn among(all: Option<&Vec<String>>, one: &str) -> bool {
    all.is_none_or(|all| all.iter().any(|known| known == one))
}

/// What a profile may name: a name that nothing has is a slip of the pen. Courts may be others than
/// those of the reference data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Kinds of documents; none: any is taken.
    pub kinds: Vec<String>,
}

impl Known {
    fn is_kind(&self, name: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|known| known == name)
    }
}

/// The keys of an installation. Cheap to share behind an [`Arc`]; all its methods take `&self`.
pub struct Keyring {
    /// Where it is read from; none where it was handed in whole.
    place: Option<Place>,
    ring: RwLock<Arc<Ring>>,
    past: Mutex<Past>,
    /// One refreshing at a time, with what it saw last.
    watched: tokio::sync::Mutex<watch::Watched>,
    clock: ClockGuard,
    inquiry: standing::Inquiry,
}

/// What happened so far.
#[derive(Debug, Default, Clone)]
struct Past {
    /// By the digest of the certificate; a success clears it.
    failures: BTreeMap<[u8; 32], Failure>,
    /// How often signing was refused, by the name of the reason.
    refusals: BTreeMap<&'static str, u64>,
    refreshed: u64,
    /// How often a changed keyring was not taken.
    kept: u64,
    /// Why the newest keyring is not in force, and since when.
    stale: Option<(Timestamp, String)>,
}

impl Keyring {
    /// Opens the keyring that stands in a place; where there is none, the local test authority's.
    ///
    /// # Errors
    /// [`KeyringError`]; a keyring with one fault is not opened.
    pub async fn open(place: Place, now: Timestamp) -> Result<Self, KeyringError> {
        let (seen, ring) = open::begun(&place, now).await;
        let ring = ring?;
        let away = KeyringError::away(&place.file, &ring.away);
        let keyring = Self::with(ring);
        let watched = watch::Watched::of(seen, &place.file);
        *keyring.watched.lock().await = watched;
        if let Some(error) = away {
            keyring.past(|past| past.stale = Some((now, error.to_string())));
            keyring.watched.lock().await.retry_at = Some(now);
        }
        Ok(Self { place: Some(place), ..keyring })
    }

    /// One signer for everything, never renewed.
    pub fn of(signer: Signer) -> Self {
        Self::with(open::single(signer))
    }

    fn with(ring: Ring) -> Self {
        Self {
            place: None,
            clock: ClockGuard::new(ring.outside.max_clock_difference),
            ring: RwLock::new(Arc::new(ring)),
            past: Mutex::default(),
            watched: tokio::sync::Mutex::default(),
            inquiry: standing::Inquiry::default(),
        }
    }

    /// The same, asking another than the services that it names whether its certificates stand.
    #[must_use]
    pub fn asking(mut self, standing: Arc<dyn Standing>) -> Self {
        self.inquiry.instead = Some(standing);
        self
    }

    /// The ring in force. What belongs together is chosen from one.
    pub fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Who signs for a purpose at an instant.
    ///
    /// # Errors
    /// As [`Ring::choose`].
    pub fn signer_for(
        &self,
        purpose: &Purpose<'_>,
        at: Timestamp,
    ) -> Result<Arc<Signer>, SignError> {
        self.ring().signer_for(purpose, at)
    }

    /// Whether a signer may sign at an instant: the clock is believed and the certificates are
    /// valid and stand.
    ///
    /// # Errors
    /// [`SignError::Clock`], [`SignError::Certificate`], [`SignError::Revoked`].
    pub async fn allows(&self, signer: &Signer, at: Timestamp) -> Result<(), SignError> {
        self.clock.allows(at)?;
        signer.ready_at(at)?;
        let ring = self.ring();
        let evidence = ring.evidence().map(|evidence| &**evidence as &dyn Standing);
        self.inquiry.allows(evidence, signer.chain(), at).await
    }

    /// Seals a file at an instant with a signer of this keyring, after asking whether it may.
    ///
    /// # Errors
    /// As [`Keyring::allows`] and [`Signer::seal`]; there is no signed file then.
    pub async fn seal(
        &self,
        signer: &Signer,
        unsigned: UnsignedPdf,
        at: Timestamp,
    ) -> Result<SignedPdf, SignError> {
        let sealed = match self.allows(signer, at).await {
            Ok(()) => signer.seal(unsigned, at).await,
            Err(refused) => Err(refused),
        };
        match &sealed {
            Ok(_) => self.clock.issued(at),
            Err(error) => self.refused(error.name()),
        }
        let digest = signer.certificate().sha256();
        self.past(|past| match &sealed {
            Ok(_) => past.failures.remove(&digest),
            Err(error) => past.failures.insert(digest, Failure { at, what: error.name() }),
        });
        sealed
    }

    /// Counts a refusal to sign, by the name of its reason.
    pub fn refused(&self, reason: &'static str) {
        self.past(|past| *past.refusals.entry(reason).or_default() += 1);
    }

    /// What holds the clock against what was issued.
    pub const fn clock(&self) -> &ClockGuard {
        &self.clock
    }

    /// Every certificate ever used here: those of signers, of authorities between, and of the local
    /// test authority.
    pub fn certificates(&self) -> Vec<Certificate> {
        self.ring().certificates.clone()
    }

    /// Under which certificates signatures and timestamps are trusted.
    pub fn anchors(&self) -> Anchors {
        self.ring().anchors.clone()
    }

    fn past<T>(&self, change: impl FnOnce(&mut Past) -> T) -> T {
        change(&mut self.past.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
