//! What a check of a file came to. Contract section 7.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DocumentAnswer;
use crate::domain::identity::DocumentId;

/// Whether a file is a document of this service, unaltered and current; and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VerificationAnswer {
    #[schema(value_type = VerdictWord)]
    pub verdict: &'static str,
    /// The verdict in one sentence, in the language of the answer.
    pub headline: String,
    /// What to do.
    pub advice: String,
    /// What a person must know beside it, in sentences: that it is only a test, that a certificate
    /// was withdrawn since, that the file merely says which document it is.
    pub cautions: Vec<String>,
    /// Why it is altered, not ours or unreadable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = WhyWord, required = false)]
    pub why: Option<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    pub checked_at: Timestamp,
    /// The instant for which the verdict is given, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub as_at: Option<Timestamp>,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// The size of the file.
    pub bytes: u64,
    /// The document, where it is ours and the caller may read it. A file that was altered is not
    /// that document: it is the one that it was made of, or that it claims to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub document: Option<DocumentAnswer>,
    /// What leads to that document; there where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = KnownByWord, required = false)]
    pub known_by: Option<&'static str>,
    /// The id that the file's metadata (`dc:identifier`) name, whether or not there is such a
    /// document. Anybody can write it there: it proves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub claimed_document: Option<DocumentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub superseded: Option<SupersededAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended: Option<EndedAnswer>,
    /// What was found of the file as a whole.
    pub findings: Vec<FindingAnswer>,
    /// Every state in which the file was saved, oldest first.
    pub revisions: Vec<RevisionAnswer>,
    /// By what they cover, smallest first.
    pub signatures: Vec<SignatureFound>,
    /// Signatures of earlier states that the file no longer shows.
    pub removed: Vec<SignatureFound>,
}

/// The six verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictWord {
    Current,
    Superseded,
    Ended,
    Altered,
    NotOurs,
    Unreadable,
}

/// Why a file is altered, not ours or unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyWord {
    /// It begins with what was issued; something was added that nothing allows.
    ChangedAfterIssue,
    /// It is what was issued, but for what stands in the place of its signature.
    SignatureReplaced,
    /// One of our certificates signed something else than what stands there now.
    ChangedAfterSigning,
    /// It claims to be a document of ours, which it is not.
    ClaimsOurs,
    /// It has no signature.
    NoSignature,
    /// Others signed it.
    SignedByOthers,
    /// One of our certificates signed it; the register does not hold it.
    NotInRegister,
    /// It was issued later than the instant asked for.
    NotYetIssued,
    /// It is no PDF, or does not keep to the form that can be checked.
    NotReadable,
    /// The check did not end in time.
    CheckTimedOut,
    /// The check broke off.
    CheckDied,
}

/// What leads from a file to a document of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KnownByWord {
    /// The file is that document, byte for byte.
    WholeFile,
    /// It begins with it.
    Beginning,
    /// A seal in it covers what the document's seal covers.
    Seal,
    /// Its own words alone, which prove nothing.
    Claim,
}

/// What took a document's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SupersededAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub by_document: Option<DocumentId>,
    /// A later version of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by_version: Option<u32>,
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// How an order ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EndedAnswer {
    /// `expired`, `ended_by_full_order`.
    pub cause: String,
    /// The last day on which it ran; for `ended_by_full_order` the day of the full order.
    #[schema(value_type = String, format = Date)]
    pub ran_until: Date,
}

/// Something that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FindingAnswer {
    /// Its stable name.
    pub reason: String,
    /// `note` or `fatal`.
    pub weight: String,
    /// An object or a byte of the file; empty for the whole.
    pub place: String,
    pub message: String,
}

/// A state in which the file was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RevisionAnswer {
    /// Bytes from the file's beginning.
    pub end: u64,
    /// SHA-256 of these bytes, hexadecimal.
    pub sha256: String,
    /// The register holds a document of just these bytes.
    pub held: bool,
}

/// One signature or document timestamp. ETSI EN 319 142-1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignatureFound {
    /// The field's name.
    pub field: String,
    /// `certification`, `approval`, `document_timestamp`.
    pub kind: String,
    pub covers_whole_document: bool,
    /// Bytes from the file's beginning that it covers.
    pub covered: u64,
    /// `intact`, `broken`, `unreadable`.
    pub integrity: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub signer: Option<SignerFound>,
    /// The certificate is one of this service's.
    pub ours: bool,
    /// `trusted`, `test`, `untrusted`, `unfit`.
    pub trust: String,
    pub revocation: RevocationFound,
    /// `B-B`, `B-T`, `B-LT`, `B-LTA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub level: Option<String>,
    /// What the signer claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub signed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub timestamp: Option<TimestampFound>,
    pub later_changes: LaterChangesFound,
    pub findings: Vec<FindingAnswer>,
}

/// Whom a certificate names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignerFound {
    pub common_name: String,
    pub organisation: String,
    /// Hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
    #[schema(value_type = String, format = DateTime)]
    pub not_before: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub not_after: Timestamp,
}

/// Whether a certificate was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RevocationFound {
    /// `good`, `revoked`, `revoked_later`, `unknown`, `not_offered`.
    pub state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub at: Option<Timestamp>,
}

/// Somebody else's word for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimestampFound {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub authority: Option<SignerFound>,
    /// As of a signature.
    pub trust: String,
    /// As of a signature.
    pub integrity: String,
}

/// What was done to the file after a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LaterChangesFound {
    /// `none`, `allowed`, `not_allowed`.
    pub state: String,
    pub changes: Vec<ChangeFound>,
}

/// One object that was added, changed or freed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeFound {
    /// Index of the state that made it, into `revisions`.
    pub revision: usize,
    pub object: String,
    pub allowed: bool,
    pub reason: String,
    pub message: String,
}
