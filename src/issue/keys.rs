//! API keys: made, found by their hash, listed, revoked. The secret itself is kept nowhere.

use jiff::{SignedDuration, Timestamp};

use super::error::{IssueError, Thing};
use super::{Caller, Issuer};
use crate::digest::{hex, sha256};
use crate::store::{ApiKey, Event};

/// What a caller may do. Contract section 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Issue,
    Request,
    Read,
    Draft,
    Approve,
    Serve,
    Audit,
    Batch,
    Verify,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 9] = [
        Self::Issue,
        Self::Request,
        Self::Read,
        Self::Draft,
        Self::Approve,
        Self::Serve,
        Self::Audit,
        Self::Batch,
        Self::Verify,
    ];

    /// As the contract writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Request => "request",
            Self::Read => "read",
            Self::Draft => "draft",
            Self::Approve => "approve",
            Self::Serve => "serve",
            Self::Audit => "audit",
            Self::Batch => "batch",
            Self::Verify => "verify",
        }
    }

    /// The role of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Who the command line is in the audit trail. No key has this name.
pub const COMMAND_LINE: &str = "command-line";
/// Who makes the first key. No key has this name.
pub const FIRST_START: &str = "first-start";
const OURS: [&str; 2] = [COMMAND_LINE, FIRST_START];

/// Who holds an API key that is valid now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHolder {
    pub name: String,
    pub roles: Vec<Role>,
    pub expires_at: Timestamp,
}

/// A new API key. The secret is shown once and has no other home.
#[derive(Debug)]
pub struct NewKey {
    /// What goes behind `Bearer`.
    pub secret: String,
    pub holder: KeyHolder,
    created_at: Timestamp,
}

impl Issuer {
    /// Who holds this secret, where it is a key that is neither expired nor revoked; its use is
    /// noted to the minute, where the store can.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn key_holder(&self, secret: &str) -> Result<Option<KeyHolder>, IssueError> {
        let now = self.with.clock.now();
        let hash = sha256(secret.as_bytes());
        let Some(key) = self.with.store.api_key(&hash).await? else {
            return Ok(None);
        };
        if key.revoked_at.is_some() || key.expires_at <= now {
            return Ok(None);
        }
        if let Err(error) = self.with.store.touch_api_key(&hash, now).await {
            // A full disk must not keep callers from reading.
            tracing::warn!(%error, "the use of a key was not noted");
        }
        Ok(Some(holder(&key)))
    }

    /// Makes an API key that lasts so many days.
    ///
    /// # Errors
    /// As [`Issuer::new_key`] and [`Issuer::keep_key`].
    pub async fn create_key(
        &self,
        caller: &Caller,
        name: &str,
        roles: &[Role],
        days: u16,
    ) -> Result<NewKey, IssueError> {
        let key = self.new_key(name, roles, days)?;
        self.keep_key(caller, &key).await?;
        Ok(key)
    }

    /// An API key that nothing knows yet: it opens nothing before [`Issuer::keep_key`].
    ///
    /// # Errors
    /// [`IssueError::Query`] for a life beyond all calendars; [`IssueError::Randomness`].
    pub fn new_key(&self, name: &str, roles: &[Role], days: u16) -> Result<NewKey, IssueError> {
        let created_at = self.with.clock.now();
        let life = SignedDuration::from_hours(24 * i64::from(days));
        let expires_at = created_at.checked_add(life).map_err(|_| IssueError::Query("days"))?;
        let secret = format!("spo_{}", hex(&self.with.ids.secret()?));
        let holder = KeyHolder { name: name.to_owned(), roles: roles.to_vec(), expires_at };
        Ok(NewKey { secret, holder, created_at })
    }

    /// Keeps a new API key, with its line of the audit trail.
    ///
    /// # Errors
    /// [`IssueError::Conflict`] where a live key has the name; those of the store.
    pub async fn keep_key(&self, caller: &Caller, made: &NewKey) -> Result<(), IssueError> {
        let name = made.holder.name.as_str();
        let live = |key: &ApiKey| key.name == name && key.revoked_at.is_none();
        if OURS.contains(&name) || self.api_keys().await?.iter().any(live) {
            return Err(IssueError::Conflict);
        }
        let key = ApiKey {
            name: name.to_owned(),
            sha256: sha256(made.secret.as_bytes()),
            roles: made.holder.roles.iter().map(|role| role.name().to_owned()).collect(),
            created_at: made.created_at,
            expires_at: made.holder.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        let event = self.key_event(caller, "api_key.created", name)?;
        Ok(self.with.store.add_api_key(&key, &event).await?)
    }

    /// All API keys, the revoked and expired ones too.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, IssueError> {
        Ok(self.with.store.api_keys().await?)
    }

    /// Revokes the live key of that name.
    ///
    /// # Errors
    /// [`IssueError::Unknown`]; those of the store.
    pub async fn revoke_key(&self, caller: &Caller, name: &str) -> Result<(), IssueError> {
        let event = self.key_event(caller, "api_key.revoked", name)?;
        if !self.with.store.revoke_api_key(name, &event).await? {
            return Err(IssueError::Unknown(Thing::ApiKey));
        }
        Ok(())
    }

    fn key_event(&self, caller: &Caller, what: &str, name: &str) -> Result<Event, IssueError> {
        let at = self.with.clock.now();
        Ok(Event {
            id: self.with.ids.event(at)?,
            at,
            what: what.to_owned(),
            who: caller.name.clone(),
            order_id: None,
            document_id: None,
            request_id: caller.request_id.clone(),
            detail: serde_json::json!({ "name": name }),
        })
    }
}

fn holder(key: &ApiKey) -> KeyHolder {
    KeyHolder {
        name: key.name.clone(),
        roles: key.roles.iter().filter_map(|name| Role::of(name)).collect(),
        expires_at: key.expires_at,
    }
}
