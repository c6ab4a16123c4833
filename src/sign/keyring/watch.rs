//! A keyring in a running process: it is read again when one of its files holds something else, or
//! when the local authority has something to renew. The new ring takes the old one's place whole,
//! or not at all.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::fault::KeyringError;
use super::files::Seen;
use super::{Keyring, files, open};

/// What was read last, and when a keyring that failed is tried again though nothing has changed.
#[derive(Default)]
pub(super) struct Watched {
    pub(super) seen: Seen,
    pub(super) retry_at: Option<Timestamp>,
    /// The ring in force stands in a file: were that gone, the local test authority would not do.
    pub(super) from_file: bool,
}

impl Watched {
    /// What was read as the ring in force was opened.
    pub(super) fn of(seen: Seen, file: &Path) -> Self {
        let from_file = seen.held(file);
        Self { seen, retry_at: None, from_file }
    }
}

/// What came of looking.
#[derive(Debug)]
pub enum Refreshed {
    /// Nothing has changed.
    Unchanged,
    /// The new keyring is in force.
    Taken,
    /// The new one has faults: the old one stays in force.
    Kept(KeyringError),
}

impl Keyring {
    /// Looks whether something has changed, and if so opens the keyring anew.
    pub async fn refresh(&self, now: Timestamp) -> Refreshed {
        let Some(place) = &self.place else { return Refreshed::Unchanged };
        let mut watched = self.watched.lock().await;
        // What failed is tried again, but not at each look.
        let waits = watched.retry_at.is_some_and(|at| {
            let left = at.duration_since(now);
            left.is_positive() && left <= RETRY
        });
        let due = watched.retry_at.is_some() || self.ring().is_due(now);
        if !watched.seen.changed() && (waits || !due) {
            return Refreshed::Unchanged;
        }
        let ring = if watched.from_file && !files::stands(&place.file) {
            watched.seen.lost(&place.file);
            Err(KeyringError::Missing(place.file.clone()))
        } else {
            let (seen, ring) = open::opened(place, now).await;
            watched.seen = seen;
            ring
        };
        match ring {
            Ok(ring) => {
                *watched = Watched::of(std::mem::take(&mut watched.seen), &place.file);
                self.clock.allow(ring.outside.max_clock_difference);
                if ring.timestamps.is_empty() {
                    self.clock.unobserved();
                }
                *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
                self.inquiry.forget();
                self.past(|past| {
                    past.refreshed += 1;
                    past.stale = None;
                });
                Refreshed::Taken
            }
            Err(error) => {
                watched.retry_at = now.checked_add(RETRY).ok();
                self.past(|past| {
                    past.kept += 1;
                    let since = past.stale.take().map_or(now, |(since, _)| since);
                    past.stale = Some((since, error.to_string()));
                });
                Refreshed::Kept(error)
            }
        }
    }
}

const RETRY: SignedDuration = SignedDuration::from_secs(60);
