//! Keys that sign, wherever they live: in this process (`software`), in a PKCS#12 file (`pkcs12`),
//! on a token (`pkcs11`), with a remote service (`csc`). A key of this process never leaves this
//! room but into the file of the local authority.
//!
//! A key says how it signs and signs; nothing more. Whether what it gives is good is not its word:
//! each signature is verified with the certificate before it is used (`sign::proof`), and each key
//! when it is opened (`Signer::new`, `Signer::try_out`).
//!
//! To add a kind of key: a file here that implements [`SigningKey`], and a kind in `keyring`.

use std::future::Future;
use std::pin::Pin;

use super::{Algorithm, SignError};

pub mod csc;
mod order;
pub mod pkcs11;
pub mod pkcs12;
pub mod software;
mod values;

pub use self::order::chain_of;
pub use self::software::SoftwareKey;

/// What a key gives back: ECDSA in DER (RFC 3279, section 2.2.3), RSA as long as its modulus (RFC
/// 8017, section 8.2.1).
pub type Signature<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>>;

/// A private key, wherever it lives.
pub trait SigningKey: Send + Sync {
    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// Signs a message, which the key hashes itself with the digest of its algorithm.
    fn sign<'a>(&'a self, message: &'a [u8]) -> Signature<'a>;
}

/// Why a key can't be opened. Nothing of it tells a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum KeyFault {
    /// The file or answer that should hold it is malformed.
    #[error("it can't be read")]
    Unreadable,
    /// The passphrase, PIN or client secret is wrong.
    #[error("its passphrase or PIN is wrong")]
    WrongSecret,
    /// The token refuses every PIN now.
    #[error("its PIN is locked")]
    Locked,
    /// Encrypted with what PKCS#12 files had before PBES2: RC2, triple DES. RFC 8018, section 6.
    #[error("its file is encrypted by an outdated method; write it anew with PBES2 and AES")]
    Outdated,
    /// There is no key of that name, or none at all.
    #[error("there is no key")]
    NoKey,
    /// There are several where one is wanted.
    #[error("there is more than one key")]
    SeveralKeys,
    /// Of a kind or size that we do not sign with.
    #[error("it is none of P-256, P-384 or RSA of 3072 to 8192 bits")]
    Refused,
    /// No certificate names the key.
    #[error("there is no certificate of the key")]
    NoCertificate,
    /// The library of the token can't be used.
    #[error("the PKCS#11 module can't be used")]
    Module,
    /// The token has no mechanism by which its key can sign.
    #[error("the token can't sign with it")]
    Mechanism,
    /// No token, or more than one, bears the label.
    #[error("there is not one token of that label")]
    Token,
    /// The service does not answer, or not in time.
    #[error("the signing service does not answer")]
    Unreachable,
    /// The service answers that it will not.
    #[error("the signing service refuses")]
    Declined,
    /// A setting is missing or not allowed.
    #[error("its settings are wrong: {0}")]
    Settings(&'static str),
}

impl KeyFault {
    /// Whether nobody answered, rather than answered that something is wrong.
    pub const fn is_away(self) -> bool {
        matches!(self, Self::Module | Self::Token | Self::Locked | Self::Unreachable)
    }
}
