//! How a timestamp is asked for: the services in their order, each for its share of the time.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use super::{Evidence, EvidenceError, Failure};
use crate::sign::outside::{Address, Exchange, Wrong, chance};
use crate::sign::timestamp::{self, Asked, Granted, Refusal};
use crate::verify::algorithm::Hash;

impl Evidence {
    /// How long one service may take, so that a caller who waits hears of each before it goes.
    fn share(&self) -> Duration {
        let servers = u32::try_from(self.timestamps.iter().count()).unwrap_or(u32::MAX);
        (ALL_TIMESTAMPS / servers.max(1)).min(self.patience)
    }

    /// A timestamp of bytes from the first service that gives one that counts.
    pub(super) async fn token(
        &self,
        parts: &[&[u8]],
        hash: Hash,
        now: Timestamp,
    ) -> Result<Granted, EvidenceError> {
        if self.timestamps.is_empty() {
            return Err(EvidenceError::NotConfigured);
        }
        let imprint = hash.of(parts);
        let (mut failures, mut other_time) = (Vec::new(), None);
        for (index, server) in self.timestamps.iter().enumerate() {
            let ask = async {
                let granted = self.granted(server.address(), (&imprint, hash), now);
                let granted = timeout(self.share(), granted).await;
                let granted = granted.map_err(|_| Wrong::TimedOut)?;
                granted.map_err(|refusal| match refusal {
                    Refusal::Wrong(wrong) => wrong,
                    Refusal::Clock { theirs } => {
                        other_time = Some(theirs);
                        Wrong::WrongTime
                    }
                })
            };
            match server.ask(now, ask).await {
                Ok(granted) => return Ok(granted),
                Err(wrong) => {
                    failures.push(Failure { index, host: server.address().host(), wrong });
                }
            }
        }
        match other_time {
            Some(theirs) => Err(EvidenceError::Clock { ours: now, theirs }),
            None => Err(EvidenceError::Timestamps(failures)),
        }
    }

    async fn granted(
        &self,
        address: &Address,
        (imprint, hash): (&[u8], Hash),
        now: Timestamp,
    ) -> Result<Granted, Refusal> {
        let nonce = chance::nonce().map_err(Refusal::Wrong)?;
        let asked = Asked::of_imprint(imprint.to_vec(), hash, nonce);
        let request = asked.to_der().map_err(Refusal::Wrong)?;
        let answer = self.exchange(address, &request).await.map_err(Refusal::Wrong)?;
        asked.judge(&answer, &self.trusted, now)
    }

    async fn exchange(&self, address: &Address, request: &[u8]) -> Result<Vec<u8>, Wrong> {
        let exchange = Exchange {
            body: Some((timestamp::QUERY, request)),
            answer: timestamp::REPLY,
            strict_type: true,
            longest: timestamp::LONGEST_REPLY,
        };
        self.client.ask(address, exchange).await
    }
}

/// How long all timestamp services together may take; an order waits a little longer.
const ALL_TIMESTAMPS: Duration = Duration::from_millis(7_500);
