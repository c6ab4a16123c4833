//! What inspection needs and what it gives; both cross the wall of the child process as JSON.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::reason::Finding;

/// What is known before a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The instant of the check.
    pub now: Timestamp,
    /// Whose signatures on documents are trusted.
    pub signers: Vec<Anchor>,
    /// Whose timestamps are trusted.
    pub timestamps: Vec<Anchor>,
    /// Certificates (DER) that may stand between; every one that this service ever signed with is
    /// among them.
    pub known: Vec<Vec<u8>>,
    /// Answers (DER: OCSP responses, CRLs) that the service holds.
    pub answers: Vec<Vec<u8>>,
}

/// A root that the operator trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The certificate in DER.
    pub der: Vec<u8>,
    /// It belongs to a test authority: nothing under it is of a court.
    pub test: bool,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The file keeps to the strict form; where not, `findings` say why and nothing else is known.
    pub readable: bool,
    /// What is wrong with the file as a whole, and what a reader should know of it.
    pub findings: Vec<Finding>,
    /// Every state in which the file was ever saved, oldest first; the last is the file.
    pub revisions: Vec<Revision>,
    /// In the order of what they cover, smallest first.
    pub signatures: Vec<Signature>,
    /// Signatures of earlier revisions that the file no longer shows.
    pub removed: Vec<Signature>,
    /// The document id that the file's metadata claim; proves nothing.
    pub claimed_document: Option<String>,
}

/// A state in which the file was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The number of bytes from the file's beginning to its end.
    pub end: u64,
    /// SHA-256 of these bytes, hexadecimal.
    pub sha256: String,
}

/// One signature or document timestamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The field's full name.
    pub field: String,
    pub kind: Kind,
    /// Every byte of the file is covered but the signature's own place.
    pub covers_whole_document: bool,
    /// The number of bytes from the file's beginning to the end of what is covered; 0 where the
    /// byte range is broken.
    pub covered: u64,
    /// SHA-256 of the covered bytes without the hole, hexadecimal: the same whatever stands in the
    /// hole. Empty where the byte range is broken.
    pub covered_sha256: String,
    pub integrity: Integrity,
    pub signer: Option<Signer>,
    pub trust: Trust,
    pub revocation: Revocation,
    /// None where the signature does not keep to a baseline level.
    pub level: Option<Level>,
    /// The time that the signer claims.
    pub signed_at: Option<Timestamp>,
    /// The signature's timestamp, or the document timestamp itself.
    pub timestamp: Option<Stamp>,
    pub later_changes: LaterChanges,
    /// What is wrong, and what a reader should know.
    pub findings: Vec<Finding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// ISO 32000-1, 12.8.2.2: it says which later changes are allowed.
    Certification,
    Approval,
    /// ETSI EN 319 142-1, clause 5.4.3.
    DocumentTimestamp,
}

/// Whether the signature is of the bytes that it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    Intact,
    /// The covered bytes or the signed attributes are not those that were signed.
    Broken,
    /// The signature or its byte range is malformed, or of an algorithm that is not accepted.
    Unreadable,
}

/// Whom the certificate names. Proves nothing without [`Trust`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    pub common_name: String,
    pub organisation: String,
    /// Hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

/// Where the certificate's path leads at the best time known: that of a trusted timestamp, else
/// now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    Trusted,
    /// To a test authority: not of a court.
    Test,
    /// To nobody whom the operator trusts.
    Untrusted,
    /// To one who is trusted, but the certificate was not valid, or not for this use.
    Unfit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Revocation {
    /// Every certificate of the path was good at the best time known.
    Good,
    /// One was revoked before the best time known.
    Revoked { at: Timestamp },
    /// Revoked after a time that a trusted timestamp proves: the signature stands.
    RevokedLater { at: Timestamp },
    /// Nothing that can be believed says.
    Unknown,
    /// The path's certificates name no service that could say (the test authority's).
    NotOffered,
}

/// How much proof a signature carries. ETSI EN 319 142-1, clause 6.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Who signed what.
    #[serde(rename = "B-B")]
    BB,
    /// And that it was signed before an instant, by another's word.
    #[serde(rename = "B-T")]
    BT,
    /// And all by which that can be judged when nobody answers any more.
    #[serde(rename = "B-LT")]
    BLt,
    /// And a timestamp over all of it, to be renewed.
    #[serde(rename = "B-LTA")]
    BLta,
}

impl Level {
    /// The name that the standard gives the level.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BB => "B-B",
            Self::BT => "B-T",
            Self::BLt => "B-LT",
            Self::BLta => "B-LTA",
        }
    }
}

/// A timestamp: somebody else's word for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub at: Timestamp,
    pub authority: Option<Signer>,
    pub trust: Trust,
    pub integrity: Integrity,
}

/// What was done to the file after this signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LaterChanges {
    None,
    /// Only what a long-term signature needs, or what the signature itself allows.
    Allowed {
        changes: Vec<Change>,
    },
    /// At least one that nothing explains; `findings` of the signature name each.
    NotAllowed {
        changes: Vec<Change>,
    },
}

/// One object that a later revision added, changed or freed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Index of the revision that made it, into [`Report::revisions`].
    pub revision: usize,
    /// `12 0 R`, or `trailer`.
    pub object: String,
    /// Whether a rule explains it.
    pub allowed: bool,
    pub reason: super::Reason,
}
