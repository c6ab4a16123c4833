//! A search for orders by what may stand in no path and no query.

use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::format::Day;
use super::text::{CaseReference, PersonName};

/// A search by case reference, the respondent's name or date of birth; an order is found that
/// matches all given.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderSearch {
    #[schema(nullable = false)]
    #[validate(nested)]
    pub case_reference: Option<CaseReference>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub family_name: Option<PersonName>,
    #[schema(nullable = false)]
    #[validate(nested)]
    pub given_names: Option<PersonName>,
    #[schema(nullable = false)]
    pub date_of_birth: Option<Day>,
}

/// What to search for. It has no `Debug`: it names people.
#[derive(Default, PartialEq, Eq)]
pub struct Search {
    pub case_reference: Option<String>,
    pub family_name: Option<String>,
    pub given_names: Option<String>,
    pub date_of_birth: Option<Date>,
}

impl From<OrderSearch> for Search {
    fn from(body: OrderSearch) -> Self {
        Self {
            case_reference: body.case_reference.map(Into::into),
            family_name: body.family_name.map(Into::into),
            given_names: body.given_names.map(Into::into),
            date_of_birth: body.date_of_birth.map(|day| day.0),
        }
    }
}
