//! Words of a closed list. The domain has the words; here they get their place in the contract.

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidationErrors};

use crate::domain::calendar::Weekday;
use crate::domain::copy::CopyKind;
use crate::domain::order::{Language, OrderKind, Practicable, Route, Sitting};
use crate::domain::people::{Capacity, CommitmentKind, Ground};
use crate::domain::term::TermKind;
use crate::domain::variation::VariationKind;

/// A domain's enum in the contract: its name there, its words as the domain spells them.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident as $public:literal for $inner:ident:
        $($variant:ident)|+;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl $name {
            /// Every value; the compiler holds the list complete.
            pub const ALL: &'static [$inner] = {
                const fn _complete(value: $inner) {
                    match value {
                        $($inner::$variant)|+ => (),
                    }
                }
                &[$($inner::$variant),+]
            };
        }

        impl Validate for $name {
            fn validate(&self) -> Result<(), ValidationErrors> {
                Ok(())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(concat!($($doc),+).trim()))
                    .enum_values(Some(Self::ALL.iter().map(spelling)))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $public.into()
            }
        }
    )+};
}

words! {
    /// Interim (section 5) or full (section 2).
    OrderKindWord as "OrderKind" for OrderKind: InterimOrder | FullOrder;
    /// The way by which an order came before the court.
    RouteWord as "Route" for Route: Application | Acquittal | Conviction | Appeal;
    /// As what the court sat.
    SittingWord as "Sitting" for Sitting: Magistrates | Youth | Crown;
    /// Why this force may apply: Stalking Protection Act 2019, s.1(3).
    GroundWord as "Ground" for Ground: ResidesInArea | BelievedInArea | IntendsToCome;
    /// In what capacity a person authorises an order.
    CapacityWord as "Capacity" for Capacity:
        JusticesLegalAdviser | AuthorisedCourtOfficer | DistrictJudge | JusticeOfThePeace;
    /// What a commitment is for.
    CommitmentKindWord as "CommitmentKind" for CommitmentKind: Work | Worship | Education;
    /// A day of the week.
    WeekdayWord as "Weekday" for Weekday:
        Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday;
    /// Whether a conflict is avoided.
    PracticableWord as "Practicable" for Practicable: Yes | NotPracticable;
    /// The language or languages of the documents.
    LanguageWord as "Language" for Language: En | Cy | Bilingual;
    /// The kinds of document that can be asked for.
    CopyKindWord as "CopyKind" for CopyKind:
        InterimOrder | FullOrder | ExplanatorySheet | ProtectedPersonNotice | PoliceSheet
        | CertifiedCopy;
    /// Whether a term forbids or demands.
    TermKindWord as "TermKind" for TermKind: Prohibition | Requirement;
    /// What is asked for.
    VariationKindWord as "VariationKind" for VariationKind: Vary | Renew | Discharge;
}

/// The word of a value of a plain enum, as serde spells it; null, which no caller can send, for any
/// other value.
pub fn spelling<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// One word that says which of several objects this is.
macro_rules! tags {
    ($($name:ident = $word:literal;)+) => {$(
        #[doc = concat!("The word `", $word, "`.")]
        #[derive(Debug, Clone, Copy, Deserialize)]
        pub enum $name {
            #[doc = concat!("`", $word, "`")]
            #[serde(rename = $word)]
            Word,
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some([$word]))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

tags! {
    FixedWord = "fixed";
    UntilFurtherOrderWord = "until_further_order";
    RespondentWord = "respondent";
    ChiefOfficerWord = "chief_officer";
    AddWord = "add";
    AmendWord = "amend";
    RemoveWord = "remove";
    SetDurationWord = "set_duration";
    SetNextHearingWord = "set_next_hearing";
    CorrectRespondentWord = "correct_respondent";
    AddProtectedPersonWord = "add_protected_person";
    CorrectProtectedPersonWord = "correct_protected_person";
}

/// `true`, where nothing else may stand.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(transparent)]
pub struct OnlyTrue(pub bool);

impl PartialSchema for OnlyTrue {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true])).into()
    }
}

impl ToSchema for OnlyTrue {}

/// The number of an order's version, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionNumber(pub u32);

impl VersionNumber {
    const MOST: usize = 1_000_000;
}

impl PartialSchema for VersionNumber {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1_usize))
            .maximum(Some(Self::MOST))
            .into()
    }
}

impl ToSchema for VersionNumber {}

/// Words of an answer: their name and list in the contract.
macro_rules! answered {
    ($($(#[doc = $doc:literal])+ $name:ident as $public:literal: $($word:literal),+;)+) => {$(
        $(#[doc = $doc])+
        pub enum $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(concat!($($doc),+).trim()))
                    .enum_values(Some([$($word),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $public.into()
            }
        }
    )+};
}

pub(crate) use answered;
