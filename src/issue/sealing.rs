//! Who signs which document, asked once at the top of the road; and the signing at its end. The
//! keys and their profiles are the keyring's matter; here stands only what each kind is signed as.

use jiff::Timestamp;

use super::Issuer;
use super::error::IssueError;
use crate::render::{DocumentKind, UnsignedPdf};
use crate::sign::keyring::{Choice, Purpose, Ring, Role, State};
use crate::sign::{SignError, SignedPdf};

impl Issuer {
    /// Who signs each of these kinds for a court at an instant, from one state of the keyring: what
    /// is issued together never mixes two.
    pub(super) fn signers(
        &self,
        court: &str,
        kinds: &[DocumentKind],
        at: Timestamp,
    ) -> Result<Vec<Choice>, IssueError> {
        let ring = self.with.keyring.ring();
        let clock = self.with.keyring.clock().allows(at);
        let chosen = clock.and_then(|()| {
            kinds.iter().map(|kind| chosen(&ring, court, *kind, at)).collect::<Result<_, _>>()
        });
        chosen.map_err(|refused| {
            self.with.keyring.refused(refused.name());
            IssueError::Sign(refused)
        })
    }

    /// Who signs one kind.
    pub(super) fn signer(
        &self,
        court: &str,
        kind: DocumentKind,
        at: Timestamp,
    ) -> Result<Choice, IssueError> {
        let mut one = self.signers(court, &[kind], at)?;
        one.pop().ok_or(IssueError::Broken)
    }

    /// Signs a document at its own instant with the key that was chosen before it was drawn, and
    /// puts a timestamp beside the signature where one can be had.
    pub(super) async fn seal(
        &self,
        unsigned: UnsignedPdf,
        choice: &Choice,
        at: Timestamp,
    ) -> Result<SignedPdf, IssueError> {
        let sealed = self.with.keyring.seal(&choice.signer, unsigned, at).await;
        self.stamped(sealed.map_err(IssueError::Sign)?, choice).await
    }

    /// How the keys are now.
    pub fn signing(&self) -> State {
        self.with.keyring.state(self.with.clock.now())
    }

    /// The kinds of documents that no profile is for, at whatever court.
    pub fn without_profile(&self) -> Vec<&'static str> {
        let ring = self.with.keyring.ring();
        let kinds = DocumentKind::ALL.into_iter().filter(|kind| {
            let purpose = purpose("", *kind);
            !ring.profiles().iter().any(|profile| purpose.fits_somewhere(profile))
        });
        kinds.map(DocumentKind::name).collect()
    }
}

fn chosen(
    ring: &Ring,
    court: &str,
    kind: DocumentKind,
    at: Timestamp,
) -> Result<Choice, SignError> {
    ring.choose(&purpose(court, kind), at)
}

const fn purpose(court: &str, kind: DocumentKind) -> Purpose<'_> {
    Purpose { court, kind: kind.name(), role: role(kind) }
}

/// As what a kind of document is signed.
const fn role(kind: DocumentKind) -> Role {
    match kind {
        DocumentKind::InterimOrder
        | DocumentKind::FullOrder
        | DocumentKind::VariationRequest
        | DocumentKind::ExplanatorySheet
        | DocumentKind::ProtectedPersonNotice
        | DocumentKind::PoliceSheet => Role::Seal,
        DocumentKind::CertifiedCopy => Role::Register,
    }
}
