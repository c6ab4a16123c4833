//! The straight line from a request to a signed, stored order; the one thing that edges and jobs
//! hold.
//!
//! read → judge → identity and time, once → draw → search for confidential values → sign → store →
//! answer. There are three kinds of await on it: the store, the drawing on its own threads, the
//! signer. What never lives here: HTTP, files, configuration, words for people.
//!
//! - [`Issuer::issue_order`] (`issuing`), [`Issuer::make_copy`] (`copying`) and
//!   [`Issuer::request_variation`] (`requesting`): what a creating request does, from its first
//!   byte to the answer. Their stages: `judging`, `commission` and `set` (the documents of an
//!   order), `drawing`, `answering`.
//! - `sealing`: who signs what. `raising`: evidence beside the seal, at once and later. `desk`:
//!   where all heavy work is done. `repeat`: idempotency. `checking`: previews and validations.
//!   `paper`, `verifying`: the check of what pages bear, and of files; `inspecting`: by what a
//!   file is judged; `verdict`: whose it is; `standing`: how what they name stands. `reading`: what
//!   was stored. `keys`: API keys. `error`: what went wrong, and whose fault.
//!
//! To add something that a caller can create: its road beside `issuing`, its answer in `wire`, its
//! method in `store::Store`; then the compiler lists the edges.
//!
//! # Decisions
//! - A refusal is never remembered: only what was stored answers a repeat.
//! - A repeat is looked up before the body is read: the first answer stands, whatever the law says
//!   today.

mod answering;
mod checking;
mod code;
mod commission;
mod copying;
mod desk;
mod drawing;
mod error;
mod gate;
mod glyph;
mod inspecting;
mod issuing;
mod judging;
mod keys;
mod paper;
mod raising;
mod reading;
mod repeat;
mod requesting;
mod sealing;
mod set;
mod standing;
mod verdict;
mod verifying;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Semaphore;

pub use error::{Fault, IssueError, Refusal, Thing, Unsigned};
pub use keys::{COMMAND_LINE, FIRST_START, KeyHolder, NewKey, Role};
pub use paper::{KnownPaper, PaperCheck, Stated, Verdict, check_by_key};
pub use repeat::IdempotencyKey;
pub use standing::Superseded;
pub use verifying::{Confinement, Ended, FileCheck, FileVerdict, Handed, KnownBy, Why};

use crate::clock::{Clock, Ids};
use crate::domain::identity::DocumentId;
use crate::domain::judgement::Law;
use crate::domain::violation::Violation;
use crate::quarantine::Quarantine;
use crate::render::{DocumentKind, Renderer};
use crate::sign::keyring::Keyring;
pub use crate::sign::outside::ServerState;
use crate::sign::paper::PaperKey;
use crate::store::{EvidenceBehind, Store};

pub use crate::domain::order::OrderKind;
pub use crate::render::Edition;
pub use crate::sign::keyring::{KeyState, State as Signing};

/// Whether what is made counts. Contract section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Each page says that it is a test.
    Test,
    Production,
}

/// What an issuer works with.
pub struct Collaborators {
    pub renderer: Arc<Renderer>,
    pub keyring: Arc<Keyring>,
    pub paper: Arc<PaperKey>,
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub quarantine: Arc<Quarantine>,
}

/// Who asks, for the audit trail and for idempotency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Name of the API key, or `command-line`.
    pub name: String,
    /// The request's id.
    pub request_id: String,
}

/// A request to create something.
#[derive(Debug, Clone, Copy)]
pub struct Creating<'a> {
    pub caller: &'a Caller,
    /// None only on the command line, where nothing repeats by itself.
    pub key: Option<&'a IdempotencyKey>,
    /// The request's bytes as they came.
    pub body: &'a [u8],
}

/// What a creating request gives: the same bytes again for a repeat, after a crash too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// 201.
    pub status: u16,
    /// Path of what was made: `/v1/orders/ord_…`.
    pub location: String,
    /// The answer's JSON form.
    pub json: Vec<u8>,
    /// The answer's PDF form: the signed document.
    pub document: SignedDocument,
    /// It was made before, for the same request.
    pub replayed: bool,
}

/// A signed document with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDocument {
    pub id: DocumentId,
    /// Free of personal data.
    pub file_name: String,
    pub sha256: [u8; 32],
    /// It waits for its timestamp: there are no bytes to give out yet.
    pub held: bool,
    pub bytes: Vec<u8>,
    pub issued_at: Timestamp,
}

/// A draft that nobody can sign. Nothing was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    pub bytes: Vec<u8>,
    pub pages: u32,
    /// Free of personal data.
    pub file_name: String,
    /// Warnings that stand, acknowledged or not.
    pub warnings: Vec<Violation>,
}

/// What the checks alone found. Nothing was drawn or stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    pub errors: Vec<Violation>,
    /// Warnings that nobody acknowledged.
    pub warnings: Vec<Violation>,
    /// Pointers of acknowledgements that match nothing.
    pub unused_acknowledgements: Vec<String>,
}

/// Something read, in its JSON form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub json: Vec<u8>,
    /// Quoted, strong: changes when and only when the JSON does.
    pub etag: String,
}

/// One page of a list: `{ "items": […] }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub json: Vec<u8>,
    /// For `?after=`, where there is more.
    pub next: Option<String>,
}

/// An order's status as a caller can ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    InForce,
    Expired,
    Discharged,
    EndedByFullOrder,
    EndedByDetermination,
    Quashed,
}

impl Status {
    /// Every status by its name, in the contract's order.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("in_force", Self::InForce),
        ("expired", Self::Expired),
        ("discharged", Self::Discharged),
        ("ended_by_full_order", Self::EndedByFullOrder),
        ("ended_by_determination", Self::EndedByDetermination),
        ("quashed", Self::Quashed),
    ];

    /// The status of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, status)| *status)
    }

    /// Whether nothing that is recorded so far brings an order there.
    const fn cannot_be_yet(self) -> bool {
        matches!(self, Self::Discharged | Self::EndedByDetermination | Self::Quashed)
    }
}

/// Which orders, how many. A search (`POST /v1/order-searches`) fills the last four; a list never
/// does: personal data stands in no query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderQuery {
    pub status: Option<Status>,
    pub court: Option<String>,
    pub force: Option<String>,
    pub made_from: Option<Date>,
    pub made_to: Option<Date>,
    pub ends_before: Option<Date>,
    pub edition: Option<String>,
    /// As [`Listed::next`] gave it.
    pub after: Option<String>,
    /// 1 to 200.
    pub limit: u32,
    pub case_reference: Option<String>,
    pub family_name: Option<String>,
    pub given_names: Option<String>,
    pub date_of_birth: Option<Date>,
}

/// Whether the issuer can work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    pub store: bool,
    /// Something can be signed now: see [`Issuer::signing`].
    pub signing: bool,
    /// Common name of the certificate that signs in the first profile.
    pub signer: String,
    /// When it, or one above it, ends.
    pub signer_not_after: Timestamp,
    /// Id of the key that marks paper, and its fingerprint in hexadecimal.
    pub paper_key: (String, String),
    /// Signatures whose evidence is behind; none where the store does not say.
    pub evidence: Option<EvidenceBehind>,
    /// The services that timestamps and answers on revocation come from.
    pub services: Vec<ServerState>,
}

/// Issues, checks and reads. Cheap to share behind an [`Arc`]; all its methods take `&self`.
pub struct Issuer {
    with: Collaborators,
    law: Arc<Law>,
    mode: Mode,
    road: repeat::InFlight,
    /// One for each core: reading, judging and drawing are all CPU.
    desks: Arc<Semaphore>,
    /// Who may wait for a desk; whoever finds no chair is told to come back.
    chairs: Arc<Semaphore>,
}

impl Issuer {
    /// An issuer of that law and mode. `cores` bounds how many documents are drawn at once.
    ///
    /// # Errors
    /// [`IssueError::TestAuthorityInProduction`].
    pub fn new(
        with: Collaborators,
        law: Law,
        mode: Mode,
        cores: usize,
    ) -> Result<Self, IssueError> {
        if mode == Mode::Production && with.keyring.ring().has_test_key() {
            return Err(IssueError::TestAuthorityInProduction);
        }
        let cores = cores.max(1);
        Ok(Self {
            with,
            law: Arc::new(law),
            mode,
            road: repeat::InFlight::default(),
            desks: Arc::new(Semaphore::new(cores)),
            chairs: Arc::new(Semaphore::new(cores * desk::CHAIRS_A_CORE)),
        })
    }

    /// The law it judges by: reference data, clause library, dated profile.
    pub fn law(&self) -> &Law {
        &self.law
    }

    /// Whether what it makes counts.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// The instant now and today in London, from its clock.
    pub fn now(&self) -> (Timestamp, Date) {
        let now = self.with.clock.now();
        (now, crate::domain::calendar::london_day(now))
    }

    /// Every edition that it can draw, by name.
    pub fn editions(&self) -> &[Edition] {
        self.with.renderer.editions()
    }

    /// The edition that is drawn today for a kind of document.
    pub fn edition(&self, kind: &str) -> Option<&Edition> {
        self.with.renderer.today(DocumentKind::named(kind)?).ok()
    }

    /// A new id for a request that brought none.
    ///
    /// # Errors
    /// [`IssueError::Randomness`].
    pub fn request_id(&self) -> Result<String, IssueError> {
        Ok(self.with.ids.uuid(self.with.clock.now())?.hyphenated().to_string())
    }

    /// Whether the issuer can work.
    pub async fn health(&self) -> Health {
        let signing = self.signing();
        let first = signing.first();
        let now = self.with.clock.now();
        let ring = self.with.keyring.ring();
        let services = ring.evidence().map(|evidence| evidence.state(now));
        let services = services.map(|state| [state.timestamps, state.revocation].concat());
        let services = services.unwrap_or_default();
        Health {
            store: self.with.store.check().await.is_ok(),
            signing: signing.some(),
            signer: first.map(|key| key.subject.clone()).unwrap_or_default(),
            signer_not_after: first.map_or(Timestamp::MIN, |key| key.not_after),
            paper_key: Health::paper(&self.with.paper),
            evidence: self.with.store.evidence_behind(now).await.ok(),
            services,
        }
    }
}
