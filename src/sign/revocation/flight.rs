//! Questions that are under way: one at a time about each certificate.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Question;
use crate::sign::outside::Failure;

/// Those that somebody waits for.
#[derive(Debug, Default)]
pub struct Flights(Mutex<BTreeMap<Subject, Arc<Flight>>>);

/// The certificate's fingerprint, and whether the answer must be from after its use.
type Subject = ([u8; 32], bool);

/// One question: who holds it asks; it holds what went wrong when it was last asked.
#[derive(Debug, Default)]
pub struct Flight(tokio::sync::Mutex<Option<Vec<Failure>>>);

impl Flights {
    /// The flight of a question; it stands as long as somebody has it.
    pub fn of(&self, question: Question<'_>) -> Arc<Flight> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Others take one under this lock alone, so that nobody's goes.
        all.retain(|_, flight| Arc::strong_count(flight) > 1);
        let key = (question.certificate.sha256(), question.from_after);
        Arc::clone(all.entry(key).or_default())
    }
}

impl Flight {
    /// One's turn to ask, and whether another asked meanwhile. A turn that is dropped is the next
    /// one's.
    pub async fn turn(&self) -> (tokio::sync::MutexGuard<'_, Option<Vec<Failure>>>, bool) {
        match self.0.try_lock() {
            Ok(turn) => (turn, false),
            Err(_) => (self.0.lock().await, true),
        }
    }
}
