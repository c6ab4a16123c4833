//! How the keys are at an instant: for health, metrics, the log and whoever asks `spo keys list`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ring::{Held, Ring};
use super::{Keyring, Past};

/// How a keyring is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// In the order of the file.
    pub keys: Vec<KeyState>,
    /// How many profiles there are, and how many of them have a key that may sign now.
    pub profiles: (usize, usize),
    /// The clock is believed.
    pub clock: bool,
    /// Why the newest keyring is not in force, and since when.
    pub stale: Option<(Timestamp, String)>,
    /// How often a changed keyring was taken.
    pub refreshed: u64,
    /// How often one was not.
    pub kept: u64,
    /// How often signing was refused, by the name of the reason.
    pub refusals: BTreeMap<&'static str, u64>,
}

/// How a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    pub name: String,
    /// `test`, `pkcs12`, `pkcs11` or `csc`.
    pub kind: &'static str,
    pub algorithm: &'static str,
    /// Common name of its certificate.
    pub subject: String,
    pub not_before: Timestamp,
    /// The end of that certificate of its chain which ends first.
    pub not_after: Timestamp,
    /// Common name of that one.
    pub ends_first: String,
    /// Whole days until then; below 0 once it is over.
    pub days_left: i64,
    pub warning: Option<Warning>,
    /// The profiles that name it.
    pub profiles: Vec<String>,
    /// Those in which it signs now.
    pub signs: Vec<String>,
    /// Its certificate comes from a test authority.
    pub test: bool,
    /// Why it did not sign when it was last asked.
    pub failure: Option<Failure>,
}

/// Why a key did not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    pub at: Timestamp,
    /// Name of the reason.
    pub what: &'static str,
}

/// How near its end a certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    Days90,
    Days30,
    Days7,
    NotYet,
    Ended,
}

impl Warning {
    /// Whether nothing can be signed with it now.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::NotYet)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Days90 => "90_days",
            Self::Days30 => "30_days",
            Self::Days7 => "7_days",
            Self::NotYet => "not_yet_valid",
            Self::Ended => "ended",
        }
    }
}

impl Keyring {
    /// How its keys are at an instant.
    pub fn state(&self, now: Timestamp) -> State {
        let ring = self.ring();
        let past = self.past(|past| past.clone());
        let able = ring.profiles.iter().filter(|one| ring.signing(one, now).is_ok()).count();
        State {
            keys: ring.keys.iter().map(|held| ring.key_state(held, &past, now)).collect(),
            profiles: (ring.profiles.len(), able),
            clock: self.clock.allows(now).is_ok(),
            stale: past.stale,
            refreshed: past.refreshed,
            kept: past.kept,
            refusals: past.refusals,
        }
    }
}

impl State {
    /// Whether anything can be signed now.
    pub const fn some(&self) -> bool {
        self.clock && self.profiles.1 > 0
    }

    /// Whether every profile can sign now, and the newest keyring is in force.
    pub fn all(&self) -> bool {
        self.clock && self.profiles.0 == self.profiles.1 && self.stale.is_none()
    }

    /// The key that signs in the first profile, or the first key.
    pub fn first(&self) -> Option<&KeyState> {
        self.keys.iter().find(|key| !key.signs.is_empty()).or_else(|| self.keys.first())
    }
}

impl Ring {
    fn key_state(&self, held: &Held, past: &Past, now: Timestamp) -> KeyState {
        let own = held.signer.certificate();
        let chain = held.signer.chain().iter();
        let ending = chain.min_by_key(|one| one.not_after()).unwrap_or(own);
        let not_after = ending.not_after();
        let seconds = not_after.as_second() - now.as_second();
        let signs_in = |profile: &&super::Profile| {
            self.signing(profile, now).is_ok_and(|signing| std::ptr::eq(signing, held))
        };
        let named = self.profiles.iter().filter(|profile| profile.keys.contains(&held.name));
        KeyState {
            name: held.name.clone(),
            kind: held.kind,
            algorithm: held.signer.algorithm().name(),
            subject: own.common_name(),
            not_before: own.not_before(),
            not_after,
            ends_first: ending.common_name(),
            days_left: seconds.div_euclid(DAY),
            warning: warning(held, (own.not_before(), seconds), now),
            profiles: named.clone().map(|profile| profile.name.clone()).collect(),
            signs: named.filter(signs_in).map(|profile| profile.name.clone()).collect(),
            test: held.is_test(),
            failure: past.failures.get(&own.sha256()).copied(),
        }
    }
}

/// How near the end is. What the local authority renews by itself is worth a word only where it did
/// not.
fn warning(held: &Held, (begins, seconds): (Timestamp, i64), now: Timestamp) -> Option<Warning> {
    let within = |days: i64| seconds <= days * DAY;
    match () {
        () if seconds < 0 => Some(Warning::Ended),
        () if now < begins => Some(Warning::NotYet),
        () if within(7) => Some(Warning::Days7),
        () if held.renewed => None,
        () if within(30) => Some(Warning::Days30),
        () if within(90) => Some(Warning::Days90),
        () => None,
    }
}

const DAY: i64 = 86_400;
