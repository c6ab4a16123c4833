//! Idempotency: the same request again gives the first answer again. Contract section 1.
//!
//! Two guards stand behind each other: a set in memory of what is running in this process, and the
//! unique row that is written with the order itself. The row decides; the set only spares work and
//! says "still running".

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::error::IssueError;
use super::{Caller, Creating, Issued, Issuer};
use crate::digest::sha256;
use crate::domain::identity::DocumentId;
use crate::store::{RememberedAnswer, StoreError};

/// An `Idempotency-Key`: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads the header's value.
    ///
    /// # Errors
    /// [`IssueError::KeyMissing`] where it is absent or of another shape.
    pub fn read(header: Option<&[u8]>) -> Result<Self, IssueError> {
        let bytes = header.ok_or(IssueError::KeyMissing)?;
        if bytes.is_empty() || bytes.len() > 255 || !bytes.iter().all(u8::is_ascii_graphic) {
            return Err(IssueError::KeyMissing);
        }
        let key = String::from_utf8(bytes.to_vec()).map_err(|_| IssueError::KeyMissing)?;
        Ok(Self(key))
    }

    /// As sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What makes two requests the same: caller, key, path and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint {
    caller: String,
    key: String,
    path: String,
    body_sha256: [u8; 32],
}

impl Fingerprint {
    fn of(caller: &Caller, key: &IdempotencyKey, path: &str, body: &[u8]) -> Self {
        let (caller, key) = (caller.name.clone(), key.0.clone());
        Self { caller, key, path: path.to_owned(), body_sha256: sha256(body) }
    }

    /// The answer to remember for it.
    pub(super) fn answered(
        self,
        location: &str,
        json: &[u8],
        document: DocumentId,
    ) -> RememberedAnswer {
        RememberedAnswer {
            caller: self.caller,
            key: self.key,
            path: self.path,
            body_sha256: self.body_sha256,
            status: CREATED,
            location: location.to_owned(),
            json: json.to_vec(),
            document,
        }
    }
}

impl Issuer {
    /// Makes it once: whoever sends the same request again gets the first answer.
    pub(super) async fn once<F>(
        &self,
        path: &str,
        made: Creating<'_>,
        make: impl FnOnce(Option<Fingerprint>) -> F,
    ) -> Result<Issued, IssueError>
    where
        F: Future<Output = Result<Issued, IssueError>>,
    {
        let Some(key) = made.key else {
            return make(None).await;
        };
        let request = Fingerprint::of(made.caller, key, path, made.body);
        let _running = self.road.enter(&request.caller, &request.key)?;
        if let Some(first) = self.first_answer(&request).await? {
            return Ok(first);
        }
        match make(Some(request.clone())).await {
            // Another process was first: its answer is the answer.
            Err(IssueError::Conflict) => {
                self.first_answer(&request).await?.ok_or(IssueError::Conflict)
            }
            Err(
                IssueError::Store(cause @ StoreError::Driver(_)) | IssueError::Unconfirmed(cause),
            ) => self.settled(&request, cause).await,
            other => other,
        }
    }

    /// What became of a request whose writing failed without saying whether it was written.
    async fn settled(
        &self,
        request: &Fingerprint,
        cause: StoreError,
    ) -> Result<Issued, IssueError> {
        match self.first_answer(request).await {
            Ok(Some(first)) => Ok(first),
            // After a failed commit the database may show less than the disk holds.
            Ok(None) => Err(cause.into()),
            Err(_) => Err(IssueError::Unconfirmed(cause)),
        }
    }

    async fn first_answer(&self, request: &Fingerprint) -> Result<Option<Issued>, IssueError> {
        let Some(first) = self.with.store.answer(&request.caller, &request.key).await? else {
            return Ok(None);
        };
        if first.path != request.path || first.body_sha256 != request.body_sha256 {
            return Err(IssueError::KeyReused);
        }
        let document = match self.first_given(first.document).await {
            // They were written together: something took the document away.
            Err(IssueError::Unknown(_)) => return Err(IssueError::Integrity(orphan(&first))),
            other => other?,
        };
        Ok(Some(Issued {
            status: first.status,
            location: first.location,
            json: first.json,
            document,
            replayed: true,
        }))
    }
}

fn orphan(answer: &RememberedAnswer) -> StoreError {
    StoreError::Corrupt { table: "answer", column: "document_id", id: answer.document.to_string() }
}

/// HTTP status of what was made.
pub(super) const CREATED: u16 = 201;

/// What is running now, by caller and key.
#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<HashSet<(String, String)>>);

impl InFlight {
    /// Takes the place of this caller's key until the guard is dropped.
    ///
    /// # Errors
    /// [`IssueError::StillRunning`] where it is taken.
    pub(super) fn enter(&self, caller: &str, key: &str) -> Result<Running<'_>, IssueError> {
        let place = (caller.to_owned(), key.to_owned());
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !taken.insert(place.clone()) {
            return Err(IssueError::StillRunning);
        }
        Ok(Running { road: self, place })
    }
}

/// A request that is running: its place is free again when this is dropped, also where its caller
/// went away.
#[derive(Debug)]
pub(super) struct Running<'a> {
    road: &'a InFlight,
    place: (String, String),
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut taken = self.road.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.remove(&self.place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_another_shape_is_missing() {
        let long = [b'k'; 256];
        for bad in [&b""[..], b"a b", b"\x7f", "\u{e9}".as_bytes(), &long] {
            assert!(matches!(IdempotencyKey::read(Some(bad)), Err(IssueError::KeyMissing)));
        }
        assert!(IdempotencyKey::read(None).is_err());
        assert_eq!(IdempotencyKey::read(Some(&long[..255])).unwrap().as_str().len(), 255);
    }

    #[test]
    fn a_place_is_taken_until_its_guard_is_dropped() {
        let road = InFlight::default();
        let first = road.enter("a", "k").unwrap();
        assert!(matches!(road.enter("a", "k"), Err(IssueError::StillRunning)));
        assert!(road.enter("b", "k").is_ok());
        drop(first);
        assert!(road.enter("a", "k").is_ok());
    }
}
