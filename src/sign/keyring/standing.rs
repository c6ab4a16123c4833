//! Whether a certificate still stands, asked before each signature: who can say it, and the answers
//! of the last minute.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::sign::evidence::{self, Evidence, EvidenceError};
use crate::sign::{Certificate, SignError};

/// An answer on its way.
pub type Asked<'a> = Pin<Box<dyn Future<Output = Stands> + Send + 'a>>;

/// Says whether certificates were revoked: from its cache or from a service.
pub trait Standing: Send + Sync {
    /// Whether the certificates of a signer, its own first, stand at an instant.
    fn good<'a>(&'a self, chain: &'a [Certificate], at: Timestamp) -> Asked<'a>;
}

/// What is known of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Good,
    /// Nobody says: no service is named, or none answers. Signing goes on.
    Unknown,
    /// One of them was revoked.
    Revoked,
}

impl Standing for Evidence {
    fn good<'a>(&'a self, chain: &'a [Certificate], at: Timestamp) -> Asked<'a> {
        Box::pin(async move {
            match self.good(chain, at).await {
                Ok(evidence::Standing::Good | evidence::Standing::NotOffered) => Stands::Good,
                Ok(evidence::Standing::Unknown) => Stands::Unknown,
                Err(EvidenceError::Revoked { .. }) => Stands::Revoked,
                Err(_) => Stands::Unknown,
            }
        })
    }
}

/// Asks, and remembers for a minute.
#[derive(Default)]
pub(super) struct Inquiry {
    /// Asked in the place of whom the keyring names.
    pub(super) instead: Option<Arc<dyn Standing>>,
    /// By the digest of the signer's certificate.
    known: Mutex<BTreeMap<[u8; 32], (Timestamp, Stands)>>,
}

impl Inquiry {
    /// Refuses a signer one of whose certificates was revoked.
    pub(super) async fn allows(
        &self,
        evidence: Option<&dyn Standing>,
        chain: &[Certificate],
        at: Timestamp,
    ) -> Result<(), SignError> {
        let standing = self.instead.as_deref().or(evidence);
        let (Some(standing), Some(own)) = (standing, chain.first()) else {
            return Ok(());
        };
        let digest = own.sha256();
        let stands = match self.remembered(&digest, at) {
            Some(stands) => stands,
            None => {
                let stands = standing.good(chain, at).await;
                self.lock().insert(digest, (at, stands));
                stands
            }
        };
        match stands {
            Stands::Good | Stands::Unknown => Ok(()),
            Stands::Revoked => Err(SignError::Revoked),
        }
    }

    /// Forgets all answers: the keys have changed.
    pub(super) fn forget(&self) {
        self.lock().clear();
    }

    fn remembered(&self, digest: &[u8; 32], at: Timestamp) -> Option<Stands> {
        let (then, stands) = *self.lock().get(digest)?;
        let kept = if stands == Stands::Unknown { UNKNOWN_KEPT } else { KEPT };
        (at.duration_since(then).abs() <= kept).then_some(stands)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<[u8; 32], (Timestamp, Stands)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const KEPT: SignedDuration = SignedDuration::from_secs(60);
/// A service that came back is soon believed.
const UNKNOWN_KEPT: SignedDuration = SignedDuration::from_secs(10);
