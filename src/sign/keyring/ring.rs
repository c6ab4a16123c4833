//! A keyring that is open, at one instant: it never changes, so that what one request takes from it
//! fits together.

use std::sync::Arc;

use jiff::Timestamp;

use super::fault::Fault;
use super::settings::{Outside, Profile, TimestampServer};
use super::{Purpose, WithoutTimestamp};
use crate::sign::authority::Authority;
use crate::sign::evidence::Evidence;
use crate::sign::{Certificate, SignError, Signer};
use crate::verify::{Anchor, Level};

/// Keys that are open, with the profiles that say which signs what.
pub struct Ring {
    pub(super) keys: Vec<Held>,
    pub(super) profiles: Vec<Profile>,
    pub(super) timestamps: Vec<TimestampServer>,
    pub(super) outside: Outside,
    /// Every certificate ever used here.
    pub(super) certificates: Vec<Certificate>,
    pub(super) anchors: Anchors,
    pub(super) evidence: Option<Arc<Evidence>>,
    /// Why keys of the file are not among those that are open: nobody answers for them.
    pub(super) away: Vec<Fault>,
}

/// One open key.
pub struct Held {
    pub name: String,
    /// As the file calls it.
    pub kind: &'static str,
    pub signer: Arc<Signer>,
    /// The local authority renews it by itself.
    pub(super) renewed: bool,
}

/// What a purpose is given: which key signs, and how much proof is wanted.
#[derive(Clone)]
pub struct Choice {
    pub signer: Arc<Signer>,
    /// Name of the key.
    pub key: String,
    /// Name of the profile.
    pub profile: String,
    /// What is wanted when the document is handed over.
    pub level: Level,
    /// What is made of it afterwards.
    pub long_term: Level,
    pub without_timestamp: WithoutTimestamp,
}

/// Whose word is taken: by the check of files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors {
    pub signers: Vec<Anchor>,
    pub timestamps: Vec<Anchor>,
}

impl Choice {
    /// Bytes of DER to keep free for its signature, with a timestamp where one may come.
    pub fn reserve(&self) -> usize {
        self.signer.reserve(self.level.max(self.long_term) > Level::BB)
    }
}

impl Ring {
    /// What a purpose is given at an instant: the first profile that matches, and in it the newest
    /// certificate that is valid then.
    ///
    /// # Errors
    /// [`SignError::NoProfile`] where none matches; [`SignError::Certificate`] where none of its
    /// certificates is valid then.
    pub fn choose(&self, purpose: &Purpose<'_>, at: Timestamp) -> Result<Choice, SignError> {
        let profile = self.profiles.iter().find(|profile| purpose.fits(profile));
        let profile = profile.ok_or(SignError::NoProfile)?;
        let held = self.signing(profile, at)?;
        Ok(Choice {
            signer: Arc::clone(&held.signer),
            key: held.name.clone(),
            profile: profile.name.clone(),
            level: profile.level,
            long_term: profile.long_term,
            without_timestamp: profile.without_timestamp,
        })
    }

    /// The signer alone.
    ///
    /// # Errors
    /// As [`Ring::choose`].
    pub fn signer_for(
        &self,
        purpose: &Purpose<'_>,
        at: Timestamp,
    ) -> Result<Arc<Signer>, SignError> {
        self.choose(purpose, at).map(|choice| choice.signer)
    }

    /// The key of a profile that signs at an instant: of those valid then, the one whose validity
    /// began last.
    pub(super) fn signing(&self, profile: &Profile, at: Timestamp) -> Result<&Held, SignError> {
        let mut newest: Option<&Held> = None;
        // A key that is away is not missing: it may answer later.
        let mut refused = if self.away.is_empty() { SignError::NoProfile } else { SignError::Key };
        for held in self.keys.iter().filter(|held| profile.keys.contains(&held.name)) {
            match held.signer.ready_at(at) {
                Ok(()) => {
                    let begun = |held: &Held| held.signer.certificate().not_before();
                    if newest.is_none_or(|other| begun(other) < begun(held)) {
                        newest = Some(held);
                    }
                }
                Err(error) => refused = error,
            }
        }
        newest.ok_or(refused)
    }

    /// Its keys, in the order of the file.
    pub fn keys(&self) -> &[Held] {
        &self.keys
    }

    /// Its profiles, in the order of the file.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The timestamp services, in the order in which they are asked.
    pub fn timestamps(&self) -> &[TimestampServer] {
        &self.timestamps
    }

    /// How services outside are asked.
    pub const fn outside(&self) -> Outside {
        self.outside
    }

    /// What asks services outside: for timestamps, and whether certificates stand. None where the
    /// ring was handed in whole.
    pub const fn evidence(&self) -> Option<&Arc<Evidence>> {
        self.evidence.as_ref()
    }

    /// Whether a test authority's key may sign something.
    pub fn has_test_key(&self) -> bool {
        let used = |held: &&Held| self.profiles.iter().any(|p| p.keys.contains(&held.name));
        self.keys.iter().filter(used).any(Held::is_test)
    }

    /// Whether the local authority has something to renew.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let near = |held: &Held| Authority::is_due(held.signer.certificate(), now);
        self.keys.iter().any(|held| held.renewed && near(held))
    }
}

impl Held {
    /// Whether its certificate comes from a test authority.
    pub fn is_test(&self) -> bool {
        self.signer.certificate().is_test()
    }
}
