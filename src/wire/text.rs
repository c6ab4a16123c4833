//! Free texts with their limits: one list, from which the contract, the check and the reading come.
//!
//! The limits here are those of a shape. Limits of the law (a term over 2,500 characters, a name
//! over 100) are the domain's, so a text may pass here and be refused there by a rule that explains
//! itself better.

use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidateLength, ValidationErrors};

use super::fault;
use crate::domain::sensitive::Sensitive;

/// Texts of a caller. Each is one line of the list: its name in the contract, its least and most
/// characters.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident: $least:literal..=$most:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        limited!($name, $least..=$most, concat!($($doc),+), |text: &$name| text.0.chars().count());
    )+};
}

/// Texts which no answer, log or document for the respondent may show: sealed as soon as they are
/// read.
macro_rules! sealed_texts {
    ($($(#[doc = $doc:literal])+ $name:ident: $least:literal..=$most:literal;)+) => {$(
        $(#[doc = $doc])+
        pub struct $name {
            value: Sensitive,
            characters: usize,
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                let text = String::deserialize(source)?;
                Ok(Self { characters: text.chars().count(), value: Sensitive::new(text) })
            }
        }

        impl From<$name> for Sensitive {
            fn from(text: $name) -> Sensitive {
                text.value
            }
        }

        limited!($name, $least..=$most, concat!($($doc),+), |text: &$name| text.characters);
    )+};
}

/// The published and the enforced length of a text, from one number.
macro_rules! limited {
    ($name:ident, $least:literal..=$most:literal, $doc:expr, $count:expr) => {
        impl ValidateLength<u64> for $name {
            fn length(&self) -> Option<u64> {
                let count: fn(&$name) -> usize = $count;
                u64::try_from(count(self)).ok()
            }
        }

        impl Validate for $name {
            fn validate(&self) -> Result<(), ValidationErrors> {
                fault::length(self, $least, $most)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some($doc.trim()))
                    .min_length((0 < $least).then_some($least))
                    .max_length(Some($most))
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

texts! {
    /// A reference of a case or an application.
    CaseReference: 1..=50;
    /// A title, as in "Ms".
    PersonTitle: 1..=50;
    /// A person's name or part of one.
    PersonName: 1..=1000;
    /// A code of the reference data, or a collar number.
    ShortCode: 1..=50;
    /// The name of a clause of the library, with its version where one is meant.
    ClauseName: 1..=100;
    /// The name of a court or an area.
    PlaceName: 1..=200;
    /// One line of an address.
    AddressLine: 1..=200;
    /// A postcode.
    PostcodeText: 1..=20;
    /// An identifier of the Police National Computer.
    PncText: 1..=30;
    /// A few words.
    Phrase: 1..=500;
    /// A sentence or two that give a reason.
    Reason: 1..=2000;
    /// Why an order should be varied, renewed or discharged.
    Grounds: 1..=5000;
    /// The words of a term.
    TermText: 1..=10000;
    /// The name of a rule.
    RuleName: 1..=60;
    /// A JSON Pointer into the request.
    PointerText: 0..=200;
}

sealed_texts! {
    /// A protected person's name.
    ProtectedName: 1..=1000;
    /// One confidential value of a protected person.
    ConfidentialText: 1..=500;
    /// Why a term is needed. It is kept and never printed.
    Necessity: 1..=5000;
}
