//! Each reader of foreign bytes by its name, run as far as bytes alone can take it: what the fuzz
//! targets (`fuzz/`) and the replay of their corpus (`tests/it/fuzz.rs`) call.

use jiff::Timestamp;

use super::cms::SignedData;
use super::pdf::File;
use super::report::Basis;
use super::revocation::{crl, ocsp};
use super::token::Token;
use super::{inspect, structure};

/// A reader of foreign bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drill {
    Pdf,
    Cms,
    Timestamp,
    Ocsp,
    Crl,
    Inspect,
}

impl Drill {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Pdf, Self::Cms, Self::Timestamp, Self::Ocsp, Self::Crl, Self::Inspect];

    /// The name of its fuzz target and of the folder of its corpus.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Cms => "cms",
            Self::Timestamp => "timestamp",
            Self::Ocsp => "ocsp",
            Self::Crl => "crl",
            Self::Inspect => "inspect",
        }
    }

    /// Reads the bytes: true where they could be read.
    pub fn run(self, bytes: &[u8]) -> bool {
        match self {
            Self::Pdf => File::read(bytes).is_ok_and(|file| {
                let found = structure::signatures(&file);
                for object in file.objects() {
                    let _ = file.data(object, 1 << 20);
                }
                !found.present.is_empty()
            }),
            Self::Cms => SignedData::read(bytes).is_ok_and(|signed| {
                let certificate = signed.signer().ok();
                certificate.is_some_and(|certificate| signed.check(certificate).is_ok())
            }),
            Self::Timestamp => Token::read(bytes).is_ok_and(|token| {
                let _ = token.is_of(&[bytes]);
                token.signed_by().is_ok()
            }),
            Self::Ocsp => ocsp::Answer::read(bytes).is_ok(),
            Self::Crl => crl::List::read(bytes).is_ok(),
            Self::Inspect => inspect(bytes, &nobody()).readable,
        }
    }
}

/// Nobody is trusted, nothing known.
fn nobody() -> Basis {
    Basis {
        now: Timestamp::UNIX_EPOCH,
        signers: Vec::new(),
        timestamps: Vec::new(),
        known: Vec::new(),
        answers: Vec::new(),
    }
}
