//! The reasons for which nothing is signed, by name: for health, metrics and the log.

use super::SignError;

impl SignError {
    /// The reason's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Key | Self::Opening(_) => "key",
            Self::Certificate { .. } => "certificate",
            Self::Unfit(_) => "certificate_unfit",
            Self::Usage(_) => "certificate_usage",
            Self::Revoked => "certificate_revoked",
            Self::Clock => "clock",
            Self::NoProfile => "no_profile",
            Self::TooSmall { .. } | Self::Structure(_) => "structure",
            Self::Breach(_) => "own_check",
            Self::Files { .. } => "files",
        }
    }
}
