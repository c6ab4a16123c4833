//! Names of things: UUIDv7 with a prefix of their kind, as contract section 1 has them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not an id of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct NotAnId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix with its underscore.
            pub const PREFIX: &'static str = concat!($prefix, "_");

            /// The id that carries this UUID.
            pub const fn of(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID without its prefix.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", Self::PREFIX, self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            /// Reads only the one spelling that [`fmt::Display`] writes.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let uuid = text.strip_prefix(Self::PREFIX).ok_or(NotAnId)?;
                let id = Self(Uuid::try_parse(uuid).map_err(|_| NotAnId)?);
                if id.to_string() == text { Ok(id) } else { Err(NotAnId) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    };
}

id!(
    /// An order through all its versions.
    OrderId, "ord"
);
id!(
    /// One signed document.
    DocumentId, "doc"
);
id!(
    /// A request to vary, renew or discharge.
    VariationId, "var"
);
id!(
    /// One line of the audit trail.
    EventId, "evt"
);
