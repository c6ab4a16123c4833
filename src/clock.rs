//! Time and chance: the only place where either is read.
//!
//! [`System`] reads the machine; [`Fixed`] and [`Sequential`] stand in for it in tests and golden
//! runs. Nothing here knows London: days come from `domain::calendar`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::domain::identity::{DocumentId, EventId, OrderId, VariationId};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant now, UTC.
    fn now(&self) -> Timestamp;
}

/// The machine gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the machine gave no randomness")]
pub struct NoRandomness;

/// Makes new names and secrets.
pub trait Ids: Send + Sync {
    /// Fills the buffer with bytes that nobody can guess.
    ///
    /// # Errors
    /// [`NoRandomness`] where the machine has none.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;

    /// A new UUIDv7 of that instant. RFC 9562, 5.7.
    ///
    /// # Errors
    /// [`NoRandomness`] where the machine has none.
    fn uuid(&self, at: Timestamp) -> Result<Uuid, NoRandomness> {
        let mut chance = [0; 10];
        self.fill(&mut chance)?;
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid())
    }

    /// A new order's id.
    ///
    /// # Errors
    /// As [`Ids::uuid`].
    fn order(&self, at: Timestamp) -> Result<OrderId, NoRandomness> {
        self.uuid(at).map(OrderId::of)
    }

    /// A new document's id.
    ///
    /// # Errors
    /// As [`Ids::uuid`].
    fn document(&self, at: Timestamp) -> Result<DocumentId, NoRandomness> {
        self.uuid(at).map(DocumentId::of)
    }

    /// A new variation request's id.
    ///
    /// # Errors
    /// As [`Ids::uuid`].
    fn variation(&self, at: Timestamp) -> Result<VariationId, NoRandomness> {
        self.uuid(at).map(VariationId::of)
    }

    /// A new id in the audit trail.
    ///
    /// # Errors
    /// As [`Ids::uuid`].
    fn event(&self, at: Timestamp) -> Result<EventId, NoRandomness> {
        self.uuid(at).map(EventId::of)
    }

    /// 256 bits for a key.
    ///
    /// # Errors
    /// [`NoRandomness`] where the machine has none.
    fn secret(&self) -> Result<[u8; 32], NoRandomness> {
        let mut secret = [0; 32];
        self.fill(&mut secret)?;
        Ok(secret)
    }
}

/// The machine's own clock and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Ids for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        aws_lc_rs::rand::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// A clock that stands still until it is moved. For tests and golden runs.
#[derive(Debug)]
pub struct Fixed(Mutex<Timestamp>);

impl Fixed {
    /// Stands at that instant.
    pub fn at(instant: Timestamp) -> Self {
        Self(Mutex::new(instant))
    }

    /// Moves to that instant.
    pub fn set(&self, instant: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = instant;
    }

    /// Moves on, or back where the duration is negative; stops at the ends of time.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(*now);
    }
}

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Ids that count up from one, the same in every run. For tests and golden runs: its secrets are
/// none.
#[derive(Debug, Default)]
pub struct Sequential(AtomicU64);

impl Ids for Sequential {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let count = (self.0.fetch_add(1, Ordering::Relaxed) + 1).to_be_bytes();
        bytes.fill(0);
        let shared = bytes.len().min(count.len());
        let start = bytes.len() - shared;
        bytes[start..].copy_from_slice(&count[count.len() - shared..]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        "2026-11-02T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn an_id_is_a_uuid_of_version_seven_that_carries_its_instant() {
        let id = System.order(noon()).unwrap();
        assert_eq!(id.uuid().get_version_num(), 7);
        let (seconds, _) = id.uuid().get_timestamp().unwrap().to_unix();
        assert_eq!(i64::try_from(seconds).unwrap(), noon().as_second());
        assert!(id.to_string().starts_with("ord_"));
    }

    #[test]
    fn ids_of_one_instant_differ() {
        assert_ne!(System.document(noon()).unwrap(), System.document(noon()).unwrap());
        assert_ne!(System.secret().unwrap(), System.secret().unwrap());
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = Fixed::at(noon());
        assert_eq!(clock.now(), clock.now());
        clock.advance(SignedDuration::from_hours(-1));
        assert_eq!(clock.now().to_string(), "2026-11-02T11:00:00Z");
    }

    #[test]
    fn sequential_ids_are_the_same_in_every_run_and_rise() {
        let (one, other) = (Sequential::default(), Sequential::default());
        let first = one.order(noon()).unwrap();
        assert_eq!(first, other.order(noon()).unwrap());
        assert!(one.order(noon()).unwrap() > first);
    }
}
