//! Texts of a fixed form: days, times, ids. One list, from which the contract, the check and the
//! reading come.
//!
//! To add a form: a variant of [`Format`] with its pattern and its test, and a type in `formats!`.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::identity::OrderId;
use crate::domain::term::TermNumber;

/// A form that a text must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A day of the calendar, `2026-11-16`: `full-date` of RFC 3339.
    Date,
    /// A time of day, `09:30`.
    Time,
    /// The id of an order.
    OrderId,
    /// The letter of a protected person.
    PersonRef,
    /// The number of a term, `P1`.
    TermNumber,
}

impl Format {
    const ALL: [Self; 5] =
        [Self::Date, Self::Time, Self::OrderId, Self::PersonRef, Self::TermNumber];

    /// The form with this pattern.
    pub fn of_pattern(pattern: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.pattern() == Some(pattern))
    }

    /// The regular expression that the contract shows; a day has a format in its place.
    pub fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Date => None,
            Self::Time => Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"),
            Self::OrderId => {
                Some("^ord_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
            }
            Self::PersonRef => Some("^[A-Z]$"),
            Self::TermNumber => Some("^[PR][1-9][0-9]{0,3}$"),
        }
    }

    /// The form in a few signs, for the answer to a caller who missed it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Date => "YYYY-MM-DD",
            Self::Time => "HH:MM",
            Self::OrderId => "ord_xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            Self::PersonRef => "A-Z",
            Self::TermNumber => "P1, R1",
        }
    }

    /// Whether the text has this form.
    pub fn takes(self, text: &str) -> bool {
        match self {
            Self::Date => is_like(text, "0000-00-00") && text.parse::<Date>().is_ok(),
            Self::Time => is_like(text, "00:00") && text.parse::<Time>().is_ok(),
            Self::OrderId => text.parse::<OrderId>().is_ok(),
            Self::PersonRef => matches!(text.as_bytes(), [b'A'..=b'Z']),
            Self::TermNumber => text.len() <= 5 && text.parse::<TermNumber>().is_ok(),
        }
    }

    fn schema(self, description: &str) -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
        let text = match self.pattern() {
            Some(pattern) => text.pattern(Some(pattern)),
            None => text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
        };
        text.into()
    }
}

/// Whether a text has a digit where the sample has one, and the sample's other signs.
fn is_like(text: &str, sample: &str) -> bool {
    text.len() == sample.len()
        && text.bytes().zip(sample.bytes()).all(|(byte, like)| match like {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

/// Types of one form: read from text that has it, published with its pattern.
macro_rules! formats {
    ($($(#[doc = $doc:literal])+ $name:ident($inner:ty): $format:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                Format::$format.schema(concat!($($doc),+).trim())
            }
        }

        impl ToSchema for $name {}
    )+};
}

formats! {
    /// A day, as in 2026-11-16.
    Day(Date): Date;
    /// A time of day in London, as in 09:30.
    ClockTime(Time): Time;
    /// The id of an order.
    OrderIdText(OrderId): OrderId;
    /// The letter by which an order names a protected person.
    PersonRef(char): PersonRef;
    /// The number of a term: P1, R12.
    TermNumberText(String): TermNumber;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_takes_its_own_spelling_and_no_other() {
        let id = "ord_01938f5e-7b1a-7c00-8000-0123456789ab";
        let upper = id.to_uppercase();
        let cases = [
            (Format::Date, "2024-02-29", true),
            (Format::Date, "2023-02-29", false),
            (Format::Date, "2026-1-01", false),
            (Format::Date, "20261116", false),
            (Format::Date, "2026-11-16T00:00", false),
            (Format::Date, "−026-11-16", false),
            (Format::Time, "23:59", true),
            (Format::Time, "24:00", false),
            (Format::Time, "9:30", false),
            (Format::Time, "09:30:00", false),
            (Format::OrderId, id, true),
            (Format::OrderId, &id[4..], false),
            (Format::OrderId, &upper, false),
            (Format::OrderId, "ord_", false),
            (Format::PersonRef, "A", true),
            (Format::PersonRef, "a", false),
            (Format::PersonRef, "AB", false),
            (Format::PersonRef, "", false),
            (Format::TermNumber, "P1", true),
            (Format::TermNumber, "R9999", true),
            (Format::TermNumber, "P01", false),
            (Format::TermNumber, "P10000", false),
            (Format::TermNumber, "Q1", false),
        ];
        for (format, text, taken) in cases {
            assert_eq!(format.takes(text), taken, "{format:?} {text}");
        }
    }
}
