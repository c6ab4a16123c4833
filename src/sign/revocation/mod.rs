//! Whether certificates of our own chains still count: asked of their issuers by OCSP, then by
//! lists, and remembered. RFC 6960; RFC 5280, section 5.
//!
//! Addresses come from our own certificates and from those of timestamp authorities that lead to
//! configured anchors; never from a file that somebody sent. Answers are judged by
//! `verify::revocation`, against the issuer, before they are kept or given out.
//!
//! Never here: a verdict on a document.

mod flight;
mod kept;
mod request;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use self::flight::Flights;
use self::kept::Kept;
pub use self::kept::{Answer, Kind};
use super::outside::{Address, Client, Exchange, Failure, Server, ServerState, Wrong, chance};
use crate::verify::Certificate;
use crate::verify::revocation::{Doubt, Moment, Said, crl, ocsp};

/// Who asks, and what is remembered.
#[derive(Debug)]
pub struct Revocations {
    client: Client,
    kept: Mutex<Kept>,
    flights: Flights,
    servers: Mutex<BTreeMap<String, Arc<Server>>>,
}

/// What is asked: whether a certificate of this issuer counts at a moment.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub certificate: &'a Certificate,
    pub issuer: &'a Certificate,
    pub moment: Moment,
    /// The answer must be from after the moment's instant, where one can be had: what is kept for
    /// long proves more so.
    pub from_after: bool,
}

impl Question<'_> {
    /// Whether an answer that covers its instant is as recent as it wants.
    fn is_met_by(&self, answer: &Answer) -> bool {
        !self.from_after || answer.said.this_update >= self.moment.at
    }
}

impl Revocations {
    /// Nothing remembered yet.
    pub fn new(client: Client) -> Self {
        let (kept, servers) = (Mutex::default(), Mutex::default());
        Self { client, kept, flights: Flights::default(), servers }
    }

    /// What an issuer says of a certificate, from memory where that is recent enough. Who asks
    /// while another is asking the same waits for that answer, or failure: many orders at once are
    /// one question.
    ///
    /// # Errors
    /// Each failure where nobody gave an answer that counts; none where the certificate names
    /// nobody to ask.
    pub async fn ask(&self, question: Question<'_>) -> Result<Arc<Answer>, Vec<Failure>> {
        if let Some(answer) = self.covering(question).filter(|one| question.is_met_by(one)) {
            return Ok(answer);
        }
        let flight = self.flights.of(question);
        let (mut last, waited) = flight.turn().await;
        let old = self.covering(question);
        if let Some(answer) = old.as_ref().filter(|one| question.is_met_by(one)) {
            return Ok(Arc::clone(answer));
        }
        if let Some(failures) = last.as_ref().filter(|_| waited) {
            return old.ok_or_else(|| failures.clone());
        }
        *last = None;
        match self.fetch(question).await {
            Ok(answer) => {
                let answer = Arc::new(answer);
                let Question { certificate, moment, .. } = question;
                self.lock().keep(certificate, Arc::clone(&answer), moment.now);
                Ok(answer)
            }
            Err(failures) => {
                *last = Some(failures.clone());
                old.ok_or(failures)
            }
        }
    }

    /// The answers that are remembered at `now`, each once, in DER: the shortest first, until
    /// together they would be too long to be handed on. Each was judged, and is judged anew by who
    /// uses it.
    pub fn remembered(&self, now: Timestamp) -> Vec<Vec<u8>> {
        let mut all: Vec<_> = self.lock().all(now).map(|answer| answer.der.clone()).collect();
        all.sort_unstable_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
        all.dedup();
        let mut left = MOST_HANDED;
        all.retain(|der| match left.checked_sub(der.len()) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        });
        all
    }

    /// What is remembered that covers the question's instant.
    fn covering(&self, question: Question<'_>) -> Option<Arc<Answer>> {
        let Question { certificate, moment, .. } = question;
        self.lock().of(certificate, moment.now).filter(|answer| answer.covers(moment.at))
    }

    /// What is known of each server that was asked, at `now`.
    pub fn state(&self, now: Timestamp) -> Vec<ServerState> {
        let servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        servers.values().map(|server| server.state(now)).collect()
    }

    /// Responders first, in their order, then lists.
    async fn fetch(&self, question: Question<'_>) -> Result<Answer, Vec<Failure>> {
        let mut failures = Vec::new();
        let certificate = question.certificate;
        let responders = certificate.responders().into_iter().map(|url| (Kind::Ocsp, url));
        let lists = certificate.lists().into_iter().map(|url| (Kind::Crl, url));
        let all = responders.take(MOST_ADDRESSES).chain(lists.take(MOST_ADDRESSES));
        for (index, (kind, url)) in all.enumerate() {
            match self.one(kind, &url, question).await {
                Ok(answer) => return Ok(answer),
                Err((host, wrong)) => failures.push(Failure { index, host, wrong }),
            }
        }
        Err(failures)
    }

    async fn one(
        &self,
        kind: Kind,
        url: &str,
        question: Question<'_>,
    ) -> Result<Answer, (String, Wrong)> {
        let address = Address::parse(url, self.client.allow());
        // What can't be read has no host that could be told.
        let address = address.map_err(|wrong| (String::new(), wrong))?;
        let server = self.server(&address);
        let now = question.moment.now;
        let answer = match kind {
            Kind::Ocsp => server.ask(now, self.responder(&address, question)).await,
            Kind::Crl => server.ask(now, self.list(&address, question)).await,
        };
        answer.map_err(|wrong| (address.host(), wrong))
    }

    async fn responder(&self, address: &Address, of: Question<'_>) -> Result<Answer, Wrong> {
        let nonce = chance::nonce()?;
        let body = request::ocsp(of.certificate, of.issuer, &nonce)?;
        let exchange = Exchange {
            body: Some((request::QUERY, &body)),
            answer: request::REPLY,
            strict_type: true,
            longest: LONGEST_ANSWER,
        };
        let der = self.client.ask(address, exchange).await?;
        let answer = ocsp::Answer::read(&der).map_err(wrong)?;
        // Many responders give answers made before and so no nonce; a wrong one is another's.
        if answer.nonce.as_deref().is_some_and(|theirs| !request::same_nonce(theirs, &nonce)) {
            return Err(Wrong::WrongNonce);
        }
        let said = answer.check(of.certificate, of.issuer, of.moment).map_err(wrong)?;
        believable(said).map(|said| Answer { kind: Kind::Ocsp, der, said })
    }

    async fn list(&self, address: &Address, of: Question<'_>) -> Result<Answer, Wrong> {
        let exchange = Exchange {
            body: None,
            answer: "application/pkix-crl",
            strict_type: false,
            longest: LONGEST_LIST,
        };
        let der = self.client.ask(address, exchange).await?;
        let list = crl::List::read(&der).map_err(wrong)?;
        let said = list.check(of.certificate, of.issuer, of.moment).map_err(wrong)?;
        believable(said).map(|said| Answer { kind: Kind::Crl, der, said })
    }

    fn server(&self, address: &Address) -> Arc<Server> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = servers.get(address.as_str()) {
            return Arc::clone(server);
        }
        let server = Arc::new(Server::new(address.clone()));
        if servers.len() < MOST_SERVERS {
            servers.insert(address.as_str().to_owned(), Arc::clone(&server));
        }
        server
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A responder about whom somebody else would have to be asked is not one that we keep proof of;
/// that a certificate is revoked counts from anybody who may answer.
fn believable(said: Said) -> Result<Said, Wrong> {
    if said.responder.is_none() || said.revoked.is_some() {
        Ok(said)
    } else {
        Err(Wrong::Untrusted)
    }
}

const fn wrong(doubt: Doubt) -> Wrong {
    match doubt {
        Doubt::Malformed | Doubt::Unsupported => Wrong::Malformed,
        Doubt::Refused(_) | Doubt::Unknown => Wrong::Denied,
        Doubt::Other => Wrong::WrongImprint,
        Doubt::Signer | Doubt::Signature => Wrong::Untrusted,
        Doubt::Stale | Doubt::Future => Wrong::Stale,
    }
}

/// Of one certificate; more than any names.
const MOST_ADDRESSES: usize = 4;
/// Of all our certificates.
const MOST_SERVERS: usize = 64;
const LONGEST_ANSWER: usize = 64 * 1024;
const LONGEST_LIST: usize = 8 * 1024 * 1024;
/// Of all answers that are handed on at once; the wall of the check lets through eight times this.
const MOST_HANDED: usize = 4 * 1024 * 1024;
