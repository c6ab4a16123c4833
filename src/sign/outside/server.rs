//! Servers of one service in their order, each with its breaker.

use jiff::Timestamp;

use super::breaker::{Breaker, State};
use super::{Address, Wrong, chance};

/// One server.
#[derive(Debug)]
pub struct Server {
    address: Address,
    breaker: Breaker,
}

/// What is known of a server, for health pages and figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerState {
    pub host: String,
    /// Its port, where it is not that of the scheme.
    pub port: Option<u16>,
    pub breaker: State,
    pub last_success: Option<Timestamp>,
    pub last_failure: Option<(Timestamp, Wrong)>,
}

impl ServerState {
    /// Whether it failed so often that it is not asked for a while.
    pub const fn resting(&self) -> bool {
        matches!(self.breaker, State::Open { .. })
    }
}

/// Several servers for the same, the first preferred.
#[derive(Debug, Default)]
pub struct Servers {
    each: Vec<Server>,
}

impl Server {
    /// A server that was never asked.
    pub fn new(address: Address) -> Self {
        Self { address, breaker: Breaker::default() }
    }

    /// Where it is.
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// What is known of it at `now`.
    pub fn state(&self, now: Timestamp) -> ServerState {
        ServerState {
            host: self.address.host(),
            port: self.address.port(),
            breaker: self.breaker.state(now),
            last_success: self.breaker.last_success(),
            last_failure: self.breaker.last_failure(),
        }
    }

    /// Asks it, if its breaker allows, and remembers how it went. `ask` talks and judges: an answer
    /// that can't be believed is a failure like any other.
    ///
    /// # Errors
    /// What `ask` says, or [`Wrong::Resting`].
    pub async fn ask<T>(
        &self,
        now: Timestamp,
        ask: impl Future<Output = Result<T, Wrong>>,
    ) -> Result<T, Wrong> {
        let pass = self.breaker.pass(now).ok_or(Wrong::Resting)?;
        let answer = ask.await;
        match &answer {
            Ok(_) => pass.succeeded(now),
            Err(wrong) => {
                tracing::warn!(
                    server.host = self.address.host(),
                    server.wrong = wrong.name(),
                    security = wrong.is_alarming(),
                    "an outside service failed"
                );
                pass.failed(now, *wrong, chance::jitter());
            }
        }
        answer
    }
}

impl Servers {
    /// Servers in their order.
    pub fn new(addresses: impl IntoIterator<Item = Address>) -> Self {
        Self { each: addresses.into_iter().map(Server::new).collect() }
    }

    /// Each in its order.
    pub fn iter(&self) -> impl Iterator<Item = &Server> {
        self.each.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// What is known of each at `now`.
    pub fn state(&self, now: Timestamp) -> Vec<ServerState> {
        self.each.iter().map(|server| server.state(now)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::reach::Allow;
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn servers() -> Servers {
        let of = |text| Address::parse(text, Allow::Public).unwrap();
        Servers::new([of("http://first.example/secret"), of("http://second.example/")])
    }

    #[tokio::test]
    async fn one_that_failed_three_times_is_not_asked_and_says_so() {
        let servers = servers();
        let first = servers.iter().next().unwrap();
        for second in 0..3 {
            let answer = first.ask(at(second), async { Err::<(), _>(Wrong::TimedOut) });
            assert_eq!(answer.await, Err(Wrong::TimedOut));
        }
        let answer = first.ask(at(3), async { panic!("asked") });
        assert_eq!(answer.await.map(|()| 0), Err(Wrong::Resting));
        let state = servers.state(at(4));
        assert!(matches!(state[0].breaker, State::Open { .. }));
        assert_eq!(state[0].last_failure, Some((at(2), Wrong::TimedOut)));
        assert_eq!((state[0].host.as_str(), state[0].port), ("first.example", None));
        assert_eq!((state[1].breaker, state[1].last_failure), (State::Closed, None));
        let later = first.ask(at(120), async { Ok(7) });
        assert_eq!(later.await, Ok(7));
        assert_eq!(servers.state(at(121))[0].breaker, State::Closed);
    }
}
