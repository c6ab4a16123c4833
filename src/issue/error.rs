//! Why the issuer did not do it, and whose fault that is.

use crate::clock::NoRandomness;
use crate::domain::violation::Violation;
use crate::render::RenderError;
use crate::sign::SignError;
use crate::store::StoreError;
use crate::wire::Malformed;

/// Why the issuer did not do it. Nothing was stored, save where [`IssueError::Unconfirmed`] says
/// that it is not known.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The request breaks rules: all of them, errors first, then warnings that nobody acknowledged.
    /// Never empty.
    #[error("the request breaks {} rules", .0.violations.len())]
    Invalid(Refusal),
    /// The body is not JSON at all.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// There is no such thing.
    #[error("no such {0:?}")]
    Unknown(Thing),
    /// Another writer was first.
    #[error("another writer was first")]
    Conflict,
    /// A creating request without a usable `Idempotency-Key`.
    #[error("no usable idempotency key")]
    KeyMissing,
    /// The key stands for another request of this caller.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The first request with this key is not answered yet.
    #[error("the first request with this key is still running")]
    StillRunning,
    /// Too much is being drawn already.
    #[error("too much is waiting")]
    Overloaded,
    /// The store did not say whether it kept what was made: the same key may be sent again.
    #[error("the store did not confirm")]
    Unconfirmed(#[source] StoreError),
    /// A test authority can't sign in production. Contract section 5.
    #[error("the test authority does not sign in production")]
    TestAuthorityInProduction,
    /// A query that can't be read.
    #[error("the query's {0} can't be read")]
    Query(&'static str),
    /// The document could not be made.
    #[error("the document could not be made")]
    Render(#[source] RenderError),
    /// The document could not be signed.
    #[error("the document could not be signed")]
    Sign(#[source] SignError),
    /// The document is kept and signed, and not given out before its timestamp stands.
    #[error("the document waits for its timestamp")]
    Held,
    /// The disk is full. Nothing was kept.
    #[error("the disk is full")]
    StorageFull,
    /// What is stored fails its own check and is not given out.
    #[error("what is stored fails its check")]
    Integrity(#[source] StoreError),
    /// The store could not do it.
    #[error("the store could not do it")]
    Store(#[source] StoreError),
    /// The machine gave no randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// An answer of ours could not be written as JSON, or a task of ours ended early.
    #[error("a step of ours ended early")]
    Broken,
}

/// What a refusal names, at most [`crate::wire::json::FAULTS_LIMIT`] violations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Errors first, then warnings that nobody acknowledged.
    pub violations: Vec<Violation>,
    /// Pointers of acknowledgements that match nothing.
    pub unused_acknowledgements: Vec<String>,
}

/// Kinds of things that an id can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Order,
    Version,
    Document,
    Variation,
    ApiKey,
}

/// Whose fault a failure is. Each edge is one small table over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The caller's: the same request fails again.
    Caller,
    /// What the caller names is not there.
    Missing,
    /// It clashes with what is there.
    Conflict,
    /// It may work later; nothing was done.
    Transient,
    /// Ours.
    Defect,
}

/// Why a document was not signed, as far as a caller learns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsigned {
    /// No key is for it, or the key does not answer.
    Key,
    /// The certificate is expired, revoked or of another use.
    Certificate,
    /// The clock can't be believed.
    Clock,
}

impl IssueError {
    /// Why a document was not signed, where that is what went wrong and nothing of ours is broken.
    pub const fn unsigned(&self) -> Option<Unsigned> {
        let Self::Sign(cause) = self else { return None };
        match cause {
            SignError::Key | SignError::Opening(_) | SignError::NoProfile => Some(Unsigned::Key),
            SignError::Certificate { .. }
            | SignError::Unfit(_)
            | SignError::Usage(_)
            | SignError::Revoked => Some(Unsigned::Certificate),
            SignError::Clock => Some(Unsigned::Clock),
            SignError::TooSmall { .. }
            | SignError::Structure(_)
            | SignError::Breach(_)
            | SignError::Files { .. } => None,
        }
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Invalid(_)
            | Self::Malformed(_)
            | Self::KeyMissing
            | Self::KeyReused
            | Self::Query(_) => Fault::Caller,
            Self::Unknown(_) => Fault::Missing,
            Self::Conflict | Self::StillRunning => Fault::Conflict,
            Self::Overloaded
            | Self::Unconfirmed(_)
            | Self::StorageFull
            | Self::Held
            | Self::Store(StoreError::Unavailable | StoreError::Full) => Fault::Transient,
            Self::Sign(_) if self.unsigned().is_some() => Fault::Transient,
            Self::TestAuthorityInProduction
            | Self::Render(_)
            | Self::Integrity(_)
            | Self::Store(_)
            | Self::Sign(_)
            | Self::Randomness(_)
            | Self::Broken => Fault::Defect,
        }
    }
}

impl From<StoreError> for IssueError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            StoreError::Full => Self::StorageFull,
            StoreError::Corrupt { .. } => Self::Integrity(error),
            StoreError::Unconfirmed(_) => Self::Unconfirmed(error),
            StoreError::Unavailable | StoreError::Driver(_) => Self::Store(error),
        }
    }
}
