//! Why a file or a signature is not as it should be: one name for each reason.

use serde::{Deserialize, Serialize};

/// One thing that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub reason: Reason,
    pub weight: Weight,
    /// An object (`12 0 R`), a place in the file (`byte 4711`) or an entry (`12 0 R /Contents`);
    /// empty where it is of the whole. Never a word of the document.
    pub place: String,
}

impl Finding {
    /// What stands against the file or the signature.
    pub fn fatal(reason: Reason, place: impl ToString) -> Self {
        Self { reason, weight: Weight::Fatal, place: place.to_string() }
    }

    pub fn is_fatal(&self) -> bool {
        self.weight == Weight::Fatal
    }

    /// What a reader should know.
    pub fn note(reason: Reason, place: impl ToString) -> Self {
        Self { reason, weight: Weight::Note, place: place.to_string() }
    }
}

/// Adds a finding that is not there yet; of each weight a few say enough, and notes never crowd
/// out what counts.
pub(super) fn add(findings: &mut Vec<Finding>, finding: Finding) {
    let alike = findings.iter().filter(|known| known.weight == finding.weight).count();
    if alike < MOST && !findings.contains(&finding) {
        findings.push(finding);
    }
}

/// Findings of one weight in one list.
const MOST: usize = 32;

/// What a finding does to the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// A reader should know it.
    Note,
    /// The signature, or the file, is not to be relied on.
    Fatal,
}

/// The reasons, by the step that finds them. Each has its words in
/// `templates/messages/verification.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    // The file (`pdf`).
    NotAPdf,
    HeaderNotFirst,
    Encrypted,
    HybridReferences,
    BrokenReferences,
    BrokenObject,
    DuplicateKey,
    UnlistedObject,
    BytesBetweenObjects,
    BytesAfterEnd,
    TooLarge,
    TooDeep,
    TooMany,
    /// Two objects, or an object and a cross-reference section, take the same bytes.
    OverlappingObjects,
    /// A later revision names bytes of an earlier one as an object of its own.
    OldPlaceNamed,
    /// A later revision puts another object in the place of an object stream that is still used.
    ObjectStreamReplaced,
    // Fields and byte ranges (`structure`).
    NoSignature,
    SignatureRemoved,
    FieldsMalformed,
    ByteRangeMissing,
    ByteRangeMalformed,
    HoleNotContents,
    ContentsMissing,
    NotInSignedRevision,
    RangesNotNested,
    /// The signature's place is named by two fields.
    SignatureShared,
    /// The certification and the catalog's `/Perms` name different signatures, or the permission
    /// is none of 1, 2 and 3. ISO 32000-1, 12.8.2.2 and 12.8.4.
    CertificationMismatch,
    /// Something with a byte range and a hole that no field ever named.
    SignatureUnplaced,
    /// Scripts, actions that run by themselves, media, optional content, data from outside: what
    /// may look or do otherwise from reader to reader though not a byte changes.
    ActiveContent,
    // The signature itself (`cms`).
    CmsMalformed,
    BytesBehindCms,
    AlgorithmRefused,
    /// RSA of fewer than 3072 bits: accepted, but not for long. ETSI TS 119 312.
    ShortKey,
    DigestMismatch,
    SignatureMismatch,
    AttributesMalformed,
    AttributeMissing,
    CertificateMismatch,
    CertificateMissing,
    // Time (`token`).
    TimestampMalformed,
    TimestampImprint,
    TimestampSignature,
    TimestampUntrusted,
    TimestampUsage,
    /// The timestamp's certificates have ended, and no later timestamp was there before.
    TimestampAged,
    // Trust (`path`).
    NoPath,
    NotValidThen,
    WrongUsage,
    TestAuthority,
    // Revocation.
    Revoked,
    RevokedLater,
    RevocationUnknown,
    // Later changes (`difference`).
    ObjectChanged,
    ObjectFreed,
    ContentChanged,
    PageTreeChanged,
    AnnotationAdded,
    /// An annotation was taken away, or another put in its place.
    AnnotationChanged,
    FieldAdded,
    FieldChanged,
    AppearanceChanged,
    FontChanged,
    CatalogChanged,
    MetadataChanged,
    TrailerChanged,
    EvidenceRemoved,
    EvidenceAdded,
    TimestampAdded,
    FieldFilled,
    SignatureAdded,
    /// A new object that nothing which may come later leads to.
    Unreferenced,
    /// A later revision defines an object that the earlier one named but did not have.
    MissingObjectFilled,
    /// The object is of another type, or of another generation, than before.
    TypeChanged,
    /// An action or a script was added, changed or taken away.
    ActionChanged,
    /// Names, destinations or attached files.
    NamesChanged,
    /// Outlines, structure, marks, labels: what leads a reader through the pages.
    StructureChanged,
    /// The form as a whole: its resources, its defaults, its order.
    FormChanged,
    /// The signature's own dictionary.
    SignatureChanged,
    /// Long-term data that are not as ETSI EN 319 142-1, clause 5.4.2 has them.
    EvidenceMalformed,
    /// The list of the developers' extensions grew.
    ExtensionsAdded,
    /// The information dictionary's date of change and maker.
    InformationUpdated,
}
