//! A breaker: a server that fails is left alone for a while, then tried with one call.
//!
//! Opens after three failures in a row; lets one call through after 30 seconds; each further
//! failure doubles the rest, up to ten minutes. Instants are handed in, so is what spreads them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::Wrong;

/// Whether a server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is asked.
    Closed,
    /// It is not asked before that instant.
    Open { until: Timestamp },
    /// It may be asked, once: the answer decides.
    HalfOpen,
}

/// The memory of one server's failures.
#[derive(Debug, Default)]
pub struct Breaker {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Inner {
    /// In a row.
    failures: u32,
    rest: Option<Rest>,
    /// One call is on its way after a rest.
    trying: bool,
    last_success: Option<Timestamp>,
    last_failure: Option<(Timestamp, Wrong)>,
}

#[derive(Debug, Clone, Copy)]
struct Rest {
    since: Timestamp,
    until: Timestamp,
}

/// Leave to make one call; its outcome is reported through it. Dropped without a report, as when
/// the caller went away, it counts as no call.
#[derive(Debug)]
pub struct Pass<'a> {
    breaker: &'a Breaker,
    /// It is the one try of a server that rested.
    after_rest: bool,
}

impl Breaker {
    /// Leave for one call at `now`, or none while the server rests.
    pub fn pass(&self, now: Timestamp) -> Option<Pass<'_>> {
        let mut inner = self.lock();
        let after_rest = match inner.state(now) {
            State::Open { .. } => return None,
            State::HalfOpen if inner.trying => return None,
            State::HalfOpen => true,
            State::Closed => false,
        };
        inner.trying |= after_rest;
        Some(Pass { breaker: self, after_rest })
    }

    /// Whether the server is asked at `now`.
    pub fn state(&self, now: Timestamp) -> State {
        self.lock().state(now)
    }

    /// When it last gave what it was asked for.
    pub fn last_success(&self) -> Option<Timestamp> {
        self.lock().last_success
    }

    /// When and how it last failed.
    pub fn last_failure(&self) -> Option<(Timestamp, Wrong)> {
        self.lock().last_failure
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn state(&self, now: Timestamp) -> State {
        match self.rest {
            None => State::Closed,
            // A clock set back must not keep a server from its next try.
            Some(rest) if rest.since <= now && now < rest.until => {
                State::Open { until: rest.until }
            }
            Some(_) => State::HalfOpen,
        }
    }
}

impl Pass<'_> {
    /// The server gave what it was asked for.
    pub fn succeeded(self, now: Timestamp) {
        let mut inner = self.breaker.lock();
        inner.failures = 0;
        inner.rest = None;
        inner.last_success = Some(now);
    }

    /// It did not; `jitter` lengthens the rest by up to a quarter.
    pub fn failed(self, now: Timestamp, wrong: Wrong, jitter: u8) {
        let mut inner = self.breaker.lock();
        inner.last_failure = Some((now, wrong));
        // Calls that were under way when it began to rest tell nothing new.
        if inner.rest.is_some() && !self.after_rest {
            return;
        }
        inner.failures = inner.failures.saturating_add(1);
        if inner.failures >= IN_A_ROW {
            let until = now.checked_add(rest(inner.failures - IN_A_ROW, jitter)).ok();
            inner.rest = until.map(|until| Rest { since: now, until });
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.after_rest {
            self.breaker.lock().trying = false;
        }
    }
}

fn rest(times: u32, jitter: u8) -> SignedDuration {
    let plain = FIRST_REST_MS.saturating_mul(1 << times.min(16));
    let spread = plain.min(LONGEST_REST_MS) * i64::from(jitter) / 1024;
    SignedDuration::from_millis((plain + spread).min(LONGEST_REST_MS))
}

const IN_A_ROW: u32 = 3;
const FIRST_REST_MS: i64 = 30_000;
const LONGEST_REST_MS: i64 = 600_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn fail(breaker: &Breaker, second: i64) {
        breaker.pass(at(second)).unwrap().failed(at(second), Wrong::TimedOut, 0);
    }

    #[test]
    fn it_opens_after_three_failures_in_a_row_and_not_before() {
        let breaker = Breaker::default();
        fail(&breaker, 0);
        fail(&breaker, 1);
        breaker.pass(at(2)).unwrap().succeeded(at(2));
        fail(&breaker, 3);
        fail(&breaker, 4);
        assert_eq!(breaker.state(at(4)), State::Closed);
        fail(&breaker, 5);
        assert_eq!(breaker.state(at(5)), State::Open { until: at(35) });
        assert!(breaker.pass(at(34)).is_none());
        assert_eq!(breaker.last_success(), Some(at(2)));
        assert_eq!(breaker.last_failure(), Some((at(5), Wrong::TimedOut)));
    }

    #[test]
    fn one_call_is_let_through_after_the_rest_and_its_answer_decides() {
        let breaker = Breaker::default();
        (0..3).for_each(|second| fail(&breaker, second));
        let pass = breaker.pass(at(32)).unwrap();
        assert!(breaker.pass(at(32)).is_none(), "a second call beside the first");
        pass.failed(at(32), Wrong::Unreachable, 0);
        assert_eq!(breaker.state(at(33)), State::Open { until: at(92) });
        breaker.pass(at(92)).unwrap().succeeded(at(93));
        assert_eq!(breaker.state(at(93)), State::Closed);
        fail(&breaker, 94);
        assert_eq!(breaker.state(at(94)), State::Closed, "the count begins anew");
    }

    #[test]
    fn a_call_that_nobody_waited_for_does_not_shut_the_door() {
        let breaker = Breaker::default();
        (0..3).for_each(|second| fail(&breaker, second));
        drop(breaker.pass(at(40)).unwrap());
        assert!(breaker.pass(at(40)).is_some());
    }

    #[test]
    fn calls_that_were_under_way_together_count_as_one_opening() {
        let breaker = Breaker::default();
        let passes: Vec<_> = (0..9).map(|_| breaker.pass(at(0)).unwrap()).collect();
        for pass in passes {
            pass.failed(at(0), Wrong::TimedOut, 0);
        }
        assert_eq!(breaker.state(at(1)), State::Open { until: at(30) });
        let pass = breaker.pass(at(30)).unwrap();
        pass.failed(at(30), Wrong::TimedOut, 0);
        assert_eq!(breaker.state(at(31)), State::Open { until: at(90) });
    }

    #[test]
    fn a_clock_set_back_ends_the_rest() {
        let breaker = Breaker::default();
        (0..3).for_each(|second| fail(&breaker, second));
        assert!(breaker.pass(at(-3600)).is_some());
    }

    proptest! {
        #[test]
        fn a_rest_is_between_half_a_minute_and_ten(times: u32, jitter: u8) {
            let rest = rest(times, jitter).as_millis();
            prop_assert!((30_000..=600_000).contains(&rest));
        }
    }
}
