//! Services outside this house over HTTP: timestamp, OCSP and CRL. Here live the bounds of one
//! exchange and the order of several servers; what is said to them lives beside this room
//! (`timestamp`, `revocation`).
//!
//! An exchange is bounded in time (connecting and whole), in size while it streams, in where it may
//! go ([`reach`]), and in what it may do: no redirect, no proxy of the environment, no
//! decompression, no second try. Each server has a [`Breaker`]; several are asked in their order.
//!
//! Never here: an address out of an uploaded file, a clock (the instant comes with each call and
//! only dates what is remembered; waiting is measured by the runtime's monotonic time), an inner
//! cause shown to a caller.
//!
//! To add a service: a future that asks by [`Client::ask`] and judges the answer, handed to
//! [`Server::ask`].

pub mod address;
pub mod breaker;
pub mod chance;
pub mod client;
pub mod reach;
pub mod server;

use std::time::Duration;

pub use self::address::Address;
pub use self::breaker::{Breaker, State};
pub use self::client::{Client, Exchange};
pub use self::reach::Allow;
pub use self::server::{Server, ServerState, Servers};

/// How long one exchange may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Until the connection stands.
    pub connect: Duration,
    /// From the first step to the last byte of the answer.
    pub exchange: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), exchange: Duration::from_secs(10) }
    }
}

/// What went wrong with one server. Never more than this leaves the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// No connection, or one that broke off.
    #[error("it can't be reached")]
    Unreachable,
    /// No whole answer within the bounds.
    #[error("it took too long")]
    TimedOut,
    /// The answer is larger than its kind may be.
    #[error("its answer is too large")]
    TooLarge,
    /// Another status than 200, a redirect among them.
    #[error("it answered with status {0}")]
    Refused(u16),
    /// The answer is not of the form that was asked for.
    #[error("its answer can't be read")]
    Malformed,
    /// The service says that it grants no answer. RFC 3161, section 2.4.2; RFC 6960, section 2.3.
    #[error("it would not answer")]
    Denied,
    /// The answer belongs to another question. RFC 3161, section 2.4.2; RFC 9654.
    #[error("its answer is to another request")]
    WrongNonce,
    /// The answer is of another document or another certificate.
    #[error("its answer is about something else")]
    WrongImprint,
    /// Whoever signed the answer is not one whom configuration trusts, or it was signed wrongly.
    #[error("its answer is not of one who is trusted")]
    Untrusted,
    /// A timestamp names a time far from ours.
    #[error("its clock is not ours")]
    WrongTime,
    /// The answer is older than it may be.
    #[error("its answer is out of date")]
    Stale,
    /// The address leads where this service may not go.
    #[error("its address is not allowed")]
    ForbiddenAddress,
    /// It failed several times in a row and was not asked.
    #[error("it failed before and rests")]
    Resting,
}

impl Wrong {
    /// Its name in logs and figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "too_large",
            Self::Refused(_) => "refused",
            Self::Malformed => "malformed",
            Self::Denied => "denied",
            Self::WrongNonce => "wrong_nonce",
            Self::WrongImprint => "wrong_imprint",
            Self::Untrusted => "untrusted",
            Self::WrongTime => "wrong_time",
            Self::Stale => "stale",
            Self::ForbiddenAddress => "forbidden_address",
            Self::Resting => "resting",
        }
    }

    /// The answer looks made to deceive, or by mistake for another: worth an alarm, where the
    /// others are the network's everyday.
    pub const fn is_alarming(self) -> bool {
        matches!(
            self,
            Self::TooLarge
                | Self::WrongNonce
                | Self::WrongImprint
                | Self::Untrusted
                | Self::ForbiddenAddress
        )
    }
}

/// One server that did not give what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its place in the order asked, from 0.
    pub index: usize,
    /// Its host alone: an address may hold a secret in its path.
    pub host: String,
    pub wrong: Wrong,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.host, self.wrong)
    }
}
