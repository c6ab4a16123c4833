//! Paper: what somebody hands in, checked. The mark itself is put on in `drawing`.
//!
//! A QR code is believed by its signature alone and is then held against the register; a short code
//! and six words are only looked up. What comes back names no person.

use jiff::Timestamp;
use jiff::civil::Date;

use super::error::IssueError;
use super::standing::Standing;
use super::{Health, Issuer};
use crate::digest::hex;
use crate::domain::calendar::london_day;
use crate::domain::identity::{DocumentId, OrderId};
use crate::paper::{Presented, Signed, Statement};
use crate::sign::paper::{Doubt, PaperKey, PaperKeys};
use crate::store::StoredDocument;

/// What a check of paper came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperCheck {
    pub verdict: Verdict,
    /// What the QR code says, where its signature is good.
    pub stated: Option<Stated>,
    /// The document in the register.
    pub document: Option<KnownPaper>,
}

/// The names are those of contract section 7, and three more for paper alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// In the register, and the latest.
    Current,
    /// Rightly signed; nobody asked a register.
    Genuine,
    /// Another document or version took its place.
    Superseded,
    /// Its last day is over.
    Ended,
    /// Rightly signed, but the register at hand does not hold it.
    NotInRegister,
    /// No such code or words, or another's key.
    NotOurs,
    /// It does not say what was signed.
    Altered,
    /// Neither a QR code's text nor a code nor six words.
    Unreadable,
}

/// What a QR code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    pub document: DocumentId,
    /// The beginning of the content's SHA-256, in hexadecimal.
    pub content: String,
    pub ends_on: Option<Date>,
    /// The six words that its pages bear.
    pub words: String,
    /// Which key says so.
    pub key: String,
}

/// A document that the register holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPaper {
    pub id: DocumentId,
    pub kind: String,
    pub order: OrderId,
    pub version: u32,
    /// The order's last day, as its latest version has it.
    pub ends_on: Option<Date>,
    pub issued_at: Timestamp,
    pub code: String,
    pub words: String,
}

impl Verdict {
    /// Its name for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Genuine => "genuine",
            Self::Superseded => "superseded",
            Self::Ended => "ended",
            Self::NotInRegister => "not_in_register",
            Self::NotOurs => "not_ours",
            Self::Altered => "altered",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Checks a QR code's text by public keys alone, on a day. A short code and words say nothing
/// without the register.
///
/// `keys`: public keys in PEM; none comes back where it holds none.
pub fn check_by_key(keys: &str, text: &str, now: Timestamp) -> Option<PaperCheck> {
    let keys = PaperKeys::read(keys).ok()?;
    Some(match Presented::read(text) {
        Ok(Presented::Paper(signed)) => match keys.check(&signed) {
            Ok(()) => {
                let stated = Stated::of(&signed.statement);
                let over = stated.ends_on.is_some_and(|day| day < london_day(now));
                let verdict = if over { Verdict::Ended } else { Verdict::Genuine };
                PaperCheck { verdict, stated: Some(stated), document: None }
            }
            Err(doubt) => doubt.into(),
        },
        Ok(Presented::Code(_) | Presented::Words(_)) => Verdict::NotInRegister.into(),
        Err(_) => Verdict::Unreadable.into(),
    })
}

impl Issuer {
    /// Checks what stands on a paper against the key and the register: a QR code's text, a short
    /// code, or six words.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn check_paper(&self, text: &str) -> Result<PaperCheck, IssueError> {
        match Presented::read(text) {
            Ok(Presented::Paper(signed)) => self.check_signed(&signed).await,
            Ok(Presented::Code(text) | Presented::Words(text)) => {
                let found = self.with.store.documents_marked(&text).await?;
                // Two documents with the same six words: neither is known by them.
                match found.as_slice() {
                    [one] => self.standing(one, None).await,
                    _ => Ok(Verdict::NotOurs.into()),
                }
            }
            Err(_) => Ok(Verdict::Unreadable.into()),
        }
    }

    /// The public keys by which paper of this installation is checked, in PEM.
    ///
    /// # Errors
    /// [`IssueError::Broken`].
    pub fn paper_keys(&self) -> Result<String, IssueError> {
        self.with.paper.public().pem().map_err(|_| IssueError::Broken)
    }

    async fn check_signed(&self, signed: &Signed) -> Result<PaperCheck, IssueError> {
        if let Err(doubt) = self.with.paper.public().check(signed) {
            return Ok(doubt.into());
        }
        let stated = Stated::of(&signed.statement);
        match self.with.store.document(stated.document).await? {
            Some(document) => {
                let held = hex(&document.content_sha256).starts_with(&stated.content);
                let check = self.standing(&document, Some(stated)).await?;
                Ok(if held { check } else { PaperCheck { verdict: Verdict::Altered, ..check } })
            }
            None => {
                let verdict = Verdict::NotInRegister;
                Ok(PaperCheck { stated: Some(stated), ..verdict.into() })
            }
        }
    }

    /// How a document of the register stands today.
    async fn standing(
        &self,
        document: &StoredDocument,
        stated: Option<Stated>,
    ) -> Result<PaperCheck, IssueError> {
        let order = self.with.store.order(document.order_id).await?.ok_or(IssueError::Broken)?;
        let replaced_on = self.replaced_on(order.id, &order.order).await?;
        let ends_on = order.order.duration.ends_on();
        let verdict = match self.standing_of(document, self.now().0).await? {
            Standing::Current => Verdict::Current,
            Standing::Superseded(_) => Verdict::Superseded,
            Standing::Ended(_) => Verdict::Ended,
        };
        let known = KnownPaper {
            id: document.id,
            kind: document.kind.clone(),
            order: document.order_id,
            version: document.version,
            ends_on: replaced_on.or(ends_on),
            issued_at: document.issued_at,
            code: document.code.clone(),
            words: document.words.clone(),
        };
        Ok(PaperCheck { verdict, stated, document: Some(known) })
    }
}

impl Health {
    /// The paper key in force: its id and its fingerprint.
    pub(super) fn paper(key: &PaperKey) -> (String, String) {
        (key.id().to_string(), hex(&key.fingerprint()))
    }
}

impl Stated {
    fn of(statement: &Statement) -> Self {
        Self {
            document: DocumentId::of(uuid::Uuid::from_bytes(statement.document)),
            content: hex(&statement.content),
            ends_on: statement.ends_on,
            words: statement.words(),
            key: statement.key.to_string(),
        }
    }
}

impl From<Verdict> for PaperCheck {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, stated: None, document: None }
    }
}

impl From<Doubt> for PaperCheck {
    fn from(doubt: Doubt) -> Self {
        match doubt {
            Doubt::UnknownKey => Verdict::NotOurs.into(),
            Doubt::False => Verdict::Altered.into(),
        }
    }
}
