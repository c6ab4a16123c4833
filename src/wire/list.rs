//! Arrays with their limits: one list, from which the contract, the check and the reading come.

use serde::Deserialize;
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidateLength, ValidationErrors};

use super::acknowledgement::Acknowledgement;
use super::fault;
use super::order::ExistingOrderBody;
use super::people::{CommitmentBody, PersonBody};
use super::term::TermBody;
use super::text::{AddressLine, ConfidentialText, PersonName};
use super::variation::{ChangeBody, ConsentBody};
use super::word::WeekdayWord;

/// Arrays of a caller. Each is one line of the list: its name in the contract, its item, least and
/// most items.
macro_rules! lists {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: [$item:ident; $least:literal..=$most:literal];
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Default, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Vec<$item>);

        impl Validate for $name {
            /// The items are looked at only where they are not too many.
            fn validate(&self) -> Result<(), ValidationErrors> {
                fault::length(&self.0, $least, $most)?;
                self.0.validate()
            }
        }

        impl ValidateLength<u64> for $name {
            fn length(&self) -> Option<u64> {
                self.0.length()
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ArrayBuilder::new()
                    .description(Some(concat!($($doc),+).trim()))
                    .items(Ref::from_schema_name(<$item as ToSchema>::name()))
                    .min_items((0 < $least).then_some($least))
                    .max_items(Some($most))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                fault::add_schema::<$item>(schemas);
            }
        }
    )+};
}

lists! {
    /// The lines of an address.
    AddressLines: [AddressLine; 1..=5];
    /// Other names that a person goes by.
    Aliases: [PersonName; 0..=50];
    /// Times of work, worship and education.
    Commitments: [CommitmentBody; 0..=50];
    /// Days of the week.
    Weekdays: [WeekdayWord; 1..=7];
    /// Confidential values of one kind.
    ConfidentialTexts: [ConfidentialText; 0..=50];
    /// The persons whom the order protects.
    ProtectedPersons: [PersonBody; 0..=26];
    /// Prohibitions or requirements in the order in which they are numbered.
    Terms: [TermBody; 0..=200];
    /// Earlier orders on the same person.
    ExistingOrders: [ExistingOrderBody; 0..=50];
    /// What is to change.
    Changes: [ChangeBody; 0..=200];
    /// Consents to an early discharge.
    Consents: [ConsentBody; 0..=20];
    /// Warnings that the caller has weighed.
    Acknowledgements: [Acknowledgement; 0..=200];
}
