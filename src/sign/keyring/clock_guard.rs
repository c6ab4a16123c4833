//! Whether the wall clock can be believed: it may not go back behind what was issued, nor differ
//! from what a timestamp service says.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::sign::SignError;

/// Keeps a clock that went wrong from being signed under. Cheap to ask; nothing is read here: the
/// instants are handed in.
#[derive(Debug)]
pub struct ClockGuard(Mutex<Known>);

#[derive(Debug, Clone, Copy)]
struct Known {
    /// The last instant under which something was issued.
    issued: Timestamp,
    /// The wall clock differed from a timestamp's time when the two were last compared.
    apart: bool,
    /// How much they may differ.
    most: SignedDuration,
}

impl ClockGuard {
    /// A guard that allows a difference of so many seconds and knows nothing yet.
    pub fn new(most: u32) -> Self {
        let most = SignedDuration::from_secs(most.into());
        Self(Mutex::new(Known { issued: Timestamp::MIN, apart: false, most }))
    }

    /// Allows a difference of so many seconds from now on.
    pub fn allow(&self, most: u32) {
        self.change(|known| known.most = SignedDuration::from_secs(most.into()));
    }

    /// Takes note that something was issued at an instant of our clock.
    pub fn issued(&self, at: Timestamp) {
        self.change(|known| known.issued = known.issued.max(at));
    }

    /// Takes note of our clock and a timestamp's time, read together. Where they agree, signing is
    /// allowed again, and what was issued later than now was issued under a wrong clock.
    pub fn observed(&self, ours: Timestamp, theirs: Timestamp) {
        self.change(|known| {
            known.apart = ours.duration_since(theirs).abs() > known.most;
            if !known.apart {
                known.issued = known.issued.min(ours);
            }
        });
    }

    /// There is no timestamp service any more to hold the clock against: what one said is
    /// forgotten.
    pub fn unobserved(&self) {
        self.change(|known| known.apart = false);
    }

    /// Whether something may be signed at an instant of our clock.
    ///
    /// # Errors
    /// [`SignError::Clock`].
    pub fn allows(&self, at: Timestamp) -> Result<(), SignError> {
        let known = self.known();
        let back = known.issued.duration_since(at) > known.most;
        if known.apart || back { Err(SignError::Clock) } else { Ok(()) }
    }

    fn known(&self) -> Known {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon(seconds: i64) -> Timestamp {
        let noon: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        noon + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn a_clock_that_went_back_farther_than_allowed_signs_nothing_until_it_is_right_again() {
        let guard = ClockGuard::new(120);
        assert!(guard.allows(noon(0)).is_ok());
        guard.issued(noon(0));
        guard.issued(noon(-60));
        assert!(guard.allows(noon(-120)).is_ok());
        assert!(matches!(guard.allows(noon(-121)), Err(SignError::Clock)));
        assert!(guard.allows(noon(1)).is_ok());
    }

    #[test]
    fn a_difference_from_a_timestamp_stops_signing_and_a_later_agreement_releases_it() {
        let guard = ClockGuard::new(120);
        guard.observed(noon(0), noon(120));
        assert!(guard.allows(noon(0)).is_ok());
        for theirs in [121, -121] {
            guard.observed(noon(0), noon(theirs));
            assert!(matches!(guard.allows(noon(0)), Err(SignError::Clock)), "{theirs}");
        }
        guard.observed(noon(5), noon(4));
        assert!(guard.allows(noon(5)).is_ok());
    }

    #[test]
    fn what_was_issued_under_a_clock_of_next_year_does_not_stop_one_that_a_timestamp_confirms() {
        let guard = ClockGuard::new(120);
        guard.issued(noon(365 * 86_400));
        assert!(guard.allows(noon(0)).is_err());
        guard.observed(noon(0), noon(1));
        assert!(guard.allows(noon(0)).is_ok());
    }

    #[test]
    fn the_allowed_difference_can_change() {
        let guard = ClockGuard::new(120);
        guard.issued(noon(0));
        assert!(guard.allows(noon(-200)).is_err());
        guard.allow(300);
        assert!(guard.allows(noon(-200)).is_ok());
    }
}
