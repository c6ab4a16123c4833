//! What others say that makes a signature last: timestamps, and whether certificates still count.
//! Joins `outside`, `timestamp`, `revocation` and `levels` into what a caller wants done.
//!
//! Before signing, [`Evidence::good`]. At once or later, [`Evidence::stamp`]: the same signature
//! with a timestamp, B-T. In the background [`Evidence::long_term`] and [`Evidence::archive`]: B-LT
//! and B-LTA, and `archive` again before what [`Revised::evidence_until`] says. Each gives the
//! whole new file or an error and nothing.
//!
//! Never here: what to do about an error (hold, deliver, try again): that is the caller's road.
//!
//! # Decisions
//! - Nobody answering is not "revoked": an order must be made at night too. [`Standing::Unknown`]
//!   lets it pass and says so; revoked is final. Nor does an order wait for more than one exchange
//!   may last: the asking goes on behind it, for the next.
//! - A file of ours becomes B-LT only when every certificate of every path has an answer that
//!   counts, and has them from after the timestamps where they can be had.

mod asking;
mod gather;
mod proven;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::certificate::Certificate as Own;
use super::levels::{self, Archive, LevelError};
use super::outside::{Address, Allow, Bounds, Client, Failure, ServerState, Servers};
use super::revocation::{Question, Revocations};
use super::timestamp::{Granted, Trusted};
use super::{Digest, SignError, SignedPdf};
use crate::digest::sha256;
use crate::verify::algorithm::Hash;
use crate::verify::revocation::Moment;
use crate::verify::{Certificate, Level};

/// What evidence is asked of, and whom it trusts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Addresses of timestamp services in their order; none: no file gets past B-B.
    pub timestamps: Vec<String>,
    /// Whose timestamps count.
    pub timestamp_anchors: Vec<Certificate>,
    /// To whom our own signers lead.
    pub signer_anchors: Vec<Certificate>,
    /// Certificates that may stand between.
    pub known: Vec<Certificate>,
    pub allow: Allow,
    pub bounds: Bounds,
    /// Between our clock and a timestamp's.
    pub max_clock_difference: SignedDuration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timestamps: Vec::new(),
            timestamp_anchors: Vec::new(),
            signer_anchors: Vec::new(),
            known: Vec::new(),
            allow: Allow::Public,
            bounds: Bounds::default(),
            max_clock_difference: SignedDuration::from_secs(120),
        }
    }
}

/// What was not got, or not done; there is no new file then.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The settings name an address that is not allowed, by its place in the list; or nothing can
    /// be asked at all.
    #[error("the timestamp service {0} can't be used")]
    Settings(usize),
    /// No timestamp service stands in the settings.
    #[error("no timestamp service is configured")]
    NotConfigured,
    /// None of them gave a timestamp that counts.
    #[error("no timestamp service gave a timestamp that counts")]
    Timestamps(Vec<Failure>),
    /// Timestamps that count name another time than ours: nothing should be signed by this clock.
    #[error("the clocks differ: ours says {ours}, the timestamp service's {theirs}")]
    Clock { ours: Timestamp, theirs: Timestamp },
    /// Final.
    #[error("the certificate {serial} was revoked on {at}")]
    Revoked { serial: String, at: Timestamp },
    /// Nobody who was asked gave an answer that counts.
    #[error("nobody says whether the certificate {serial} counts")]
    Unknown { serial: String, failures: Vec<Failure> },
    /// A certificate of a path names nobody to ask: the file can't get past B-T.
    #[error("the certificate {serial} names nobody who says whether it counts")]
    NotOffered { serial: String },
    /// The signature has no timestamp yet.
    #[error("the signature has no timestamp")]
    NotStamped,
    /// A signature or timestamp in the file does not hold or leads to no anchor.
    #[error("a signature in the file does not hold: {0}")]
    Broken(&'static str),
    #[error(transparent)]
    Level(#[from] LevelError),
}

impl EvidenceError {
    /// Its name where it is counted or kept.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Settings(_) => "settings",
            Self::NotConfigured => "not_configured",
            Self::Timestamps(_) => "no_timestamp",
            Self::Clock { .. } => "clock",
            Self::Revoked { .. } => "certificate_revoked",
            Self::Unknown { .. } => "revocation_unknown",
            Self::NotOffered { .. } => "revocation_not_offered",
            Self::NotStamped => "not_stamped",
            Self::Broken(_) => "broken",
            Self::Level(_) => "level",
        }
    }
}

impl From<SignError> for EvidenceError {
    fn from(error: SignError) -> Self {
        Self::Level(LevelError::Seal(error))
    }
}

/// Whether our certificates count, as far as anybody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Every one that names somebody to ask was found good.
    Good,
    /// At least one could not be asked about.
    Unknown,
    /// None names anybody to ask: the local test authority's.
    NotOffered,
}

/// A file of ours at a higher level, proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised {
    pub bytes: Vec<u8>,
    /// Of the whole file.
    pub sha256: [u8; 32],
    pub level: Level,
    /// The time of the timestamp that came with this revision, where one did.
    pub timestamp: Option<Timestamp>,
    /// Until when its newest timestamp proves by itself: the first end of a certificate on its
    /// path, or a year where a key on it is short. Renew before.
    pub evidence_until: Timestamp,
}

/// What is known of the services, for health and figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceState {
    /// In the order in which they are asked.
    pub timestamps: Vec<ServerState>,
    /// Those that were ever asked.
    pub revocation: Vec<ServerState>,
}

/// The services with what is known of them.
#[derive(Debug)]
pub struct Evidence {
    client: Client,
    timestamps: Servers,
    trusted: Trusted,
    signer_anchors: Vec<Certificate>,
    revocations: Arc<Revocations>,
    /// How long an order waits for all that is said of its signer: one exchange.
    patience: Duration,
}

impl Evidence {
    /// Evidence by these settings; nothing is asked yet.
    ///
    /// # Errors
    /// [`EvidenceError::Settings`].
    pub fn new(settings: Settings) -> Result<Self, EvidenceError> {
        let client = Client::new(settings.bounds, settings.allow);
        let client = client.map_err(|_| EvidenceError::Settings(0))?;
        let mut addresses = Vec::new();
        for (index, url) in settings.timestamps.iter().enumerate() {
            let address = Address::parse(url, settings.allow);
            addresses.push(address.map_err(|_| EvidenceError::Settings(index))?);
        }
        Ok(Self {
            revocations: Arc::new(Revocations::new(client.clone())),
            client,
            timestamps: Servers::new(addresses),
            trusted: Trusted {
                anchors: settings.timestamp_anchors,
                known: settings.known,
                max_clock_difference: settings.max_clock_difference,
            },
            signer_anchors: settings.signer_anchors,
            patience: settings.bounds.exchange,
        })
    }

    /// Whether timestamps can be had at all.
    pub fn offers_timestamps(&self) -> bool {
        !self.timestamps.is_empty()
    }

    /// What is known of each service at `now`.
    pub fn state(&self, now: Timestamp) -> EvidenceState {
        EvidenceState {
            timestamps: self.timestamps.state(now),
            revocation: self.revocations.state(now),
        }
    }

    /// Whether a signer's certificates, its own first, count at `now`: to be asked before each
    /// signature, at every level.
    ///
    /// # Errors
    /// [`EvidenceError::Revoked`], which is final; [`EvidenceError::Broken`] where a certificate
    /// can't be read.
    pub async fn good(&self, chain: &[Own], now: Timestamp) -> Result<Standing, EvidenceError> {
        let read = |own: &Own| Certificate::read(own.der());
        let chain: Result<Vec<_>, _> = chain.iter().map(read).collect();
        let chain = chain.map_err(|_| EvidenceError::Broken("a certificate can't be read"))?;
        let until = Instant::now() + self.patience;
        let mut asked = Vec::new();
        for certificate in chain.iter().filter(|one| !one.offers_no_revocation()) {
            let mut issuers = chain.iter().chain(&self.signer_anchors).chain(&self.trusted.known);
            // An authority that took a new key keeps its name: the signature tells which it was.
            let issuer = issuers.find(|one| certificate.is_issued_by(one));
            asked.push((certificate, issuer.map(|issuer| self.asking(certificate, issuer, now))));
        }
        let mut standing = Standing::NotOffered;
        for (certificate, asking) in asked {
            let answer = match asking {
                Some(asking) => timeout_at(until, asking).await.ok().and_then(Result::ok).flatten(),
                None => None,
            };
            standing = match (answer, standing) {
                (Some(Some(at)), _) => return Err(revoked_error(certificate, at)),
                (Some(None), Standing::NotOffered | Standing::Good) => Standing::Good,
                _ => Standing::Unknown,
            };
        }
        Ok(standing)
    }

    /// Asks about a certificate, on after the asker has gone: what is learnt of the services and
    /// their answers is kept. Gives the instant of a revocation, or none for good; nothing where
    /// nobody says.
    fn asking(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        now: Timestamp,
    ) -> JoinHandle<Option<Option<Timestamp>>> {
        let revocations = Arc::clone(&self.revocations);
        let (certificate, issuer) = (certificate.clone(), issuer.clone());
        tokio::spawn(async move {
            let moment = Moment { at: now, now };
            let (certificate, issuer) = (&certificate, &issuer);
            let question = Question { certificate, issuer, moment, from_after: false };
            let answer = revocations.ask(question).await.ok()?;
            Some(answer.said.revoked.map(|revoked| revoked.at))
        })
    }

    /// The same signature with a timestamp beside it: B-T.
    ///
    /// # Errors
    /// [`EvidenceError::NotConfigured`], [`EvidenceError::Timestamps`], [`EvidenceError::Clock`];
    /// [`EvidenceError::Level`] where the timestamp does not fit or the file fails its proof.
    pub async fn stamp(
        &self,
        signed: SignedPdf,
        now: Timestamp,
    ) -> Result<SignedPdf, EvidenceError> {
        let value = signed.signature_value()?;
        let granted = self.token(&[&value], hash_of(signed.chain())?, now).await?;
        let timestamp = Some(granted.token.gen_time);
        Ok(SignedPdf { timestamp, ..signed.stamped(&granted.der)? })
    }

    /// What time it is by the timestamp services.
    ///
    /// # Errors
    /// As [`Self::stamp`].
    pub async fn time(&self, now: Timestamp) -> Result<Timestamp, EvidenceError> {
        let granted = self.token(&[b"what time is it"], Hash::Sha256, now).await?;
        Ok(granted.token.gen_time)
    }

    /// The same for a file that waited in the store without its timestamp.
    ///
    /// # Errors
    /// As [`Self::stamp`].
    pub async fn stamp_stored(
        &self,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<Revised, EvidenceError> {
        let sealed = super::Sealed::read(&bytes)?;
        let (value, hash) = (sealed.value()?, hash_of(&sealed.chain()?)?);
        let granted = self.token(&[&value], hash, now).await?;
        let bytes = super::stamped(bytes, &granted.der)?;
        Ok(revised(bytes, Level::BT, &granted))
    }

    /// The file with everything in it by which it can be judged when nobody answers any more: B-LT.
    /// A file that holds all of it already comes back as it was.
    ///
    /// # Errors
    /// [`EvidenceError::NotStamped`], [`EvidenceError::Revoked`], [`EvidenceError::Unknown`],
    /// [`EvidenceError::NotOffered`], [`EvidenceError::Broken`], [`EvidenceError::Level`].
    pub async fn long_term(
        &self,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<Revised, EvidenceError> {
        let gathered = self.gather(&bytes, now).await?;
        let is_archived = gathered.material.iter().any(|(placed, _)| placed.is_timestamp);
        let level = if is_archived { Level::BLta } else { Level::BLt };
        let bytes = match levels::grown(&bytes, &gathered.material)? {
            // What is appended behind a document timestamp awaits the next one.
            Some(grown) => {
                self.prove(&grown, Level::BLt, now)?;
                grown
            }
            None => bytes,
        };
        let evidence_until = gathered.until;
        Ok(Revised { sha256: sha256(&bytes), bytes, level, timestamp: None, evidence_until })
    }

    /// The file with a timestamp over all of it: B-LTA; again, renewed. What the earlier ones need
    /// is put into it first.
    ///
    /// # Errors
    /// As [`Self::long_term`] and [`Self::stamp`].
    pub async fn archive(&self, bytes: Vec<u8>, now: Timestamp) -> Result<Revised, EvidenceError> {
        let gathered = self.gather(&bytes, now).await?;
        let bytes = levels::grown(&bytes, &gathered.material)?.unwrap_or(bytes);
        // As the timestamps before it were; where this service's are larger, one more is asked for.
        let reserve = gathered.longest_token + ARCHIVE_MARGIN;
        let (open, granted) = self.over(&bytes, reserve, now).await?;
        let (open, granted) = match granted.der.len() {
            needed if needed > reserve => self.over(&bytes, needed + ARCHIVE_MARGIN, now).await?,
            _ => (open, granted),
        };
        let bytes = open.close(&granted.der)?;
        self.prove(&bytes, Level::BLta, now)?;
        Ok(revised(bytes, Level::BLta, &granted))
    }

    /// The field of a document timestamp with this room, and the timestamp for it.
    async fn over(
        &self,
        bytes: &[u8],
        reserve: usize,
        now: Timestamp,
    ) -> Result<(Archive, Granted), EvidenceError> {
        let open = Archive::open(bytes, reserve)?;
        let granted = self.token(&open.around(), Hash::Sha256, now).await?;
        Ok((open, granted))
    }
}

fn revised(bytes: Vec<u8>, level: Level, granted: &Granted) -> Revised {
    let evidence_until = gather::end_of(&granted.path, granted.token.gen_time);
    let timestamp = Some(granted.token.gen_time);
    Revised { sha256: sha256(&bytes), bytes, level, timestamp, evidence_until }
}

fn revoked_error(certificate: &Certificate, at: Timestamp) -> EvidenceError {
    EvidenceError::Revoked { serial: crate::digest::hex(certificate.serial()), at }
}

/// The hash that goes with the signer's key.
fn hash_of(chain: &[Own]) -> Result<Hash, EvidenceError> {
    let own = chain.first().ok_or(EvidenceError::Broken("no certificate"))?;
    Ok(match own.algorithm()?.digest() {
        Digest::Sha256 => Hash::Sha256,
        Digest::Sha384 => Hash::Sha384,
    })
}

/// What two tokens may differ by in bytes of DER, without asking again: longer numbers, or a
/// certificate of the same service made anew.
const ARCHIVE_MARGIN: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::Authority;

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn an_address_that_is_not_allowed_is_named_by_its_place() {
        let of = |urls: &[&str]| {
            let timestamps = urls.iter().map(|url| (*url).to_owned()).collect();
            Evidence::new(Settings { timestamps, ..Settings::default() })
        };
        assert!(of(&["http://tsa.example/"]).unwrap().offers_timestamps());
        for wrong in ["http://127.0.0.1/", "http://user@tsa.example/", "ftp://tsa.example/"] {
            let refused = of(&["http://tsa.example/", wrong]);
            assert!(matches!(refused, Err(EvidenceError::Settings(1))), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_certificate_that_names_nobody_to_ask_is_told_as_such() {
        let folder = std::env::temp_dir().join(format!("spo-{}-evidence", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let signer = Authority::open(&folder, noon()).unwrap().into_signer().unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let evidence = Evidence::new(Settings::default()).unwrap();
        let standing = evidence.good(signer.chain(), noon()).await.unwrap();
        assert_eq!(standing, Standing::NotOffered);
        assert!(evidence.state(noon()).revocation.is_empty());
    }

    #[test]
    fn what_is_asked_may_be_asked_from_any_thread() {
        fn sends<T: Send>(_: T) {}
        let evidence = Evidence::new(Settings::default()).unwrap();
        sends(evidence.stamp_stored(Vec::new(), noon()));
        sends(evidence.long_term(Vec::new(), noon()));
        sends(evidence.archive(Vec::new(), noon()));
        sends(evidence.good(&[], noon()));
    }
}
