//! Answers that were judged and are remembered for a while: until half of the time that they
//! themselves give has passed.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::verify::Certificate;
use crate::verify::revocation::Said;

/// How an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ocsp,
    Crl,
}

/// An answer that counts, with what it says of the certificate asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub kind: Kind,
    pub der: Vec<u8>,
    pub said: Said,
}

impl Answer {
    /// Whether what it says covers that instant too, not only the one it was asked for.
    pub fn covers(&self, at: Timestamp) -> bool {
        self.said.revoked.is_some()
            || self.said.this_update >= at
            || self.said.next_update.is_some_and(|next| next >= at)
    }
}

#[derive(Debug)]
struct Held {
    answer: Arc<Answer>,
    since: Timestamp,
    until: Timestamp,
}

/// By the certificate's fingerprint; bounded in number and in bytes.
#[derive(Debug, Default)]
pub struct Kept {
    held: BTreeMap<[u8; 32], Held>,
    bytes: usize,
}

impl Kept {
    /// What is remembered of a certificate at `now`.
    pub fn of(&self, certificate: &Certificate, now: Timestamp) -> Option<Arc<Answer>> {
        let held = self.held.get(&certificate.sha256())?;
        // A clock set back ends what was remembered after it.
        (held.since <= now && now < held.until).then(|| Arc::clone(&held.answer))
    }

    /// All that is remembered at `now`. Only "good" grows old: who was revoked stays so.
    pub fn all(&self, now: Timestamp) -> impl Iterator<Item = &Answer> {
        let counts = move |held: &&Held| {
            let is_young = now < held.until || held.answer.said.revoked.is_some();
            held.since <= now && is_young
        };
        self.held.values().filter(counts).map(|held| &*held.answer)
    }

    /// Remembers an answer that was got at `now`.
    pub fn keep(&mut self, certificate: &Certificate, answer: Arc<Answer>, now: Timestamp) {
        let until = until(&answer.said, now);
        let key = certificate.sha256();
        self.forget(&key);
        if until <= now || answer.der.len() > MOST_BYTES {
            return;
        }
        self.make_room(answer.der.len());
        self.bytes += answer.der.len();
        self.held.insert(key, Held { answer, since: now, until });
    }

    /// Lets go of what ends first until there is room.
    fn make_room(&mut self, bytes: usize) {
        while self.held.len() >= MOST || self.bytes + bytes > MOST_BYTES {
            let first = self.held.iter().min_by_key(|(_, held)| held.until).map(|(key, _)| *key);
            let Some(first) = first else { return };
            self.forget(&first);
        }
    }

    fn forget(&mut self, key: &[u8; 32]) {
        if let Some(held) = self.held.remove(key) {
            self.bytes -= held.answer.der.len();
        }
    }
}

/// Until when an answer is remembered: half of what is left of it, a minute where it does not say.
fn until(said: &Said, now: Timestamp) -> Timestamp {
    let left = said.next_update.map_or(SHORT, |next| next.duration_since(now) / 2);
    now.checked_add(left.min(LONG)).unwrap_or(now)
}

const MOST: usize = 256;
const MOST_BYTES: usize = 64 * 1024 * 1024;
const SHORT: SignedDuration = SignedDuration::from_mins(1);
/// However long a list is to stand: a revocation should be known the same day.
const LONG: SignedDuration = SignedDuration::from_hours(12);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::Authority;
    use crate::verify::revocation::Revoked;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + minute * 60).unwrap()
    }

    fn answer(bytes: usize, next: Option<i64>) -> Arc<Answer> {
        let said =
            Said { this_update: at(0), next_update: next.map(at), revoked: None, responder: None };
        Arc::new(Answer { kind: Kind::Ocsp, der: vec![0; bytes], said })
    }

    fn certificates(count: usize) -> Vec<Certificate> {
        let folder = std::env::temp_dir().join(format!("spo-{}-kept-{count}", std::process::id()));
        let made = (0..count).map(|_| {
            let _ = std::fs::remove_dir_all(&folder);
            let authority = Authority::open(&folder, at(0)).unwrap();
            Certificate::read(authority.signer().der()).unwrap()
        });
        let made = made.collect();
        let _ = std::fs::remove_dir_all(&folder);
        made
    }

    #[test]
    fn an_answer_is_kept_until_half_of_its_time_has_passed() {
        let [one] = &certificates(1)[..] else { panic!("one") };
        let mut kept = Kept::default();
        kept.keep(one, answer(10, Some(60)), at(0));
        assert!(kept.of(one, at(29)).is_some());
        assert!(kept.of(one, at(30)).is_none());
        assert!(kept.of(one, at(-1)).is_none(), "a clock set back");
        kept.keep(one, answer(10, None), at(0));
        assert!(kept.of(one, at(0)).is_some() && kept.of(one, at(1)).is_none());
        kept.keep(one, answer(10, Some(60 * 24 * 90)), at(0));
        assert!(kept.of(one, at(60 * 12)).is_none(), "half a day at most");
        kept.keep(one, answer(10, Some(0)), at(1));
        assert!(kept.of(one, at(1)).is_none(), "what has ended is not kept");
        assert_eq!(kept.bytes, 0);
    }

    #[test]
    fn all_that_is_remembered_is_what_is_young_or_says_revoked() {
        let all = certificates(2);
        let mut kept = Kept::default();
        kept.keep(&all[0], answer(10, Some(60)), at(0));
        let revoked = Some(Revoked { at: at(-5), reason: Some(1) });
        let good = answer(20, Some(60));
        let said = Said { revoked, ..good.said.clone() };
        kept.keep(&all[1], Arc::new(Answer { said, ..Answer::clone(&good) }), at(0));
        let lengths = |minute| {
            let mut all: Vec<_> = kept.all(at(minute)).map(|one| one.der.len()).collect();
            all.sort_unstable();
            all
        };
        assert_eq!(lengths(29), [10, 20]);
        assert_eq!(lengths(30), [20], "only good grows old");
        assert_eq!(lengths(-1), [0; 0], "nothing was known before it was asked");
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_ends_first_goes_first() {
        let all = certificates(3);
        let mut kept = Kept::default();
        kept.keep(&all[0], answer(MOST_BYTES / 2, Some(60)), at(0));
        kept.keep(&all[1], answer(MOST_BYTES / 2, Some(30)), at(0));
        kept.keep(&all[2], answer(MOST_BYTES / 4, Some(90)), at(0));
        let there: Vec<bool> = all.iter().map(|one| kept.of(one, at(1)).is_some()).collect();
        assert_eq!(there, [true, false, true]);
        kept.keep(&all[1], answer(MOST_BYTES + 1, Some(30)), at(0));
        assert!(kept.bytes <= MOST_BYTES && kept.held.len() == 2);
    }
}
