//! The signing keys of this installation: where they stand, opened at the start, watched while it
//! serves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{StartError, shown};
use crate::clock::{Clock, System};
use crate::config::{self, Config, Mode};
use crate::render::DocumentKind;
use crate::sign::authority::folder_in;
use crate::sign::keyring::{Keyring, KeyringError, Known, Place, Refreshed, State, Warning};
use crate::store::Store;

/// Opens the keys, and tells what holds the clock when something was last issued.
pub(super) async fn open(config: &Config, store: &dyn Store) -> Result<Keyring, StartError> {
    let keyring = Keyring::open(place(config), System.now()).await.map_err(refused)?;
    if let Some(at) = store.last_issued().await.map_err(StartError::Register)? {
        keyring.clock().issued(at);
    }
    Ok(keyring)
}

/// Opens the keys to see whether they would; makes and keeps nothing.
pub(super) async fn check(config: &Config) -> Result<(), StartError> {
    place(config).check(System.now()).await.map_err(refused)
}

/// Where the keys of these settings stand, and what a profile may name.
pub(super) fn place(config: &Config) -> Place {
    let (file, named) = config.keyring();
    Place {
        file,
        named,
        authority: folder_in(&config.data_dir),
        certificates: config.data_dir.join("certificates"),
        production: config.mode == Mode::Production,
        known: Known { kinds: DocumentKind::ALL.map(|kind| kind.name().to_owned()).to_vec() },
        variables: Arc::new(config::secret),
    }
}

pub(super) fn refused(error: KeyringError) -> StartError {
    match error {
        KeyringError::TestAuthority => StartError::TestAuthorityInProduction,
        KeyringError::Sign(error) => StartError::Sign(error),
        error => StartError::Keyring(error),
    }
}

/// Looks every few seconds whether the keys have changed, and says once a day which of them end.
pub(super) async fn watch(keyring: Arc<Keyring>) {
    let mut told = BTreeMap::new();
    loop {
        let now = System.now();
        match keyring.refresh(now).await {
            Refreshed::Unchanged => {}
            Refreshed::Taken => {
                tracing::info!(keys = keyring.ring().keys().len(), "the changed keyring signs");
                told.clear();
            }
            Refreshed::Kept(error) => {
                let cause = error.to_string();
                tracing::error!(cause, "the changed keyring is refused; the one before signs on");
            }
        }
        warn(&keyring.state(now), &mut told, now);
        tokio::time::sleep(EVERY).await;
    }
}

/// One line a day for each key that signs, or should, and ends soon; at once where it gets nearer.
fn warn(state: &State, told: &mut BTreeMap<String, (Warning, Timestamp)>, now: Timestamp) {
    for key in &state.keys {
        let Some(warning) = key.warning.filter(|_| !key.profiles.is_empty()) else { continue };
        let recent = told.get(&key.name).is_some_and(|(then, at)| {
            *then == warning && now.duration_since(*at).as_hours() < A_DAY
        });
        if recent {
            continue;
        }
        told.insert(key.name.clone(), (warning, now));
        tracing::warn!(
            key = %key.name,
            warning = warning.name(),
            days_left = key.days_left,
            ends = %key.not_after,
            certificate = %key.ends_first,
            signs = !key.signs.is_empty(),
            "a signing certificate ends"
        );
    }
}

/// Name and facts of the sentence that says what is wrong.
pub(super) fn words(error: &KeyringError) -> (&'static str, Vec<(&'static str, String)>) {
    match error {
        KeyringError::Missing(file) => ("start_keyring_missing", vec![("file", shown(file))]),
        KeyringError::Faults { file, faults } => {
            let all: Vec<_> = faults.iter().map(ToString::to_string).collect();
            let facts = vec![("file", shown(file)), ("faults", all.join("\n  "))];
            ("start_keyring", facts)
        }
        KeyringError::TestAuthority => ("start_test_authority", vec![]),
        KeyringError::Sign(cause) => ("start_key", vec![("cause", cause.to_string())]),
    }
}

const EVERY: Duration = Duration::from_secs(2);
const A_DAY: i64 = 24;
