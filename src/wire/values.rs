//! The values of a clause: a map whose members the clause library judges, so only its size is
//! looked at here.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, ObjectBuilder, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Most values of one clause.
pub const MEMBERS: usize = 40;

/// Most items of one value.
pub const ITEMS: usize = 50;

/// Most characters of one text.
pub const CHARACTERS: usize = 5000;

/// Form of a parameter's name.
const NAME: &str = "^[a-z][a-z0-9_]{0,39}$";

/// Values by the name of the clause's parameter.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub struct ClauseValues(pub BTreeMap<String, Value>);

/// Whether this can be the name of a parameter.
pub fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

impl PartialSchema for ClauseValues {
    fn schema() -> RefOr<Schema> {
        let plain = || {
            ObjectBuilder::new()
                .schema_type(SchemaType::from_iter([Type::String, Type::Number, Type::Boolean]))
                .max_length(Some(CHARACTERS))
        };
        let list = ArrayBuilder::new().items(plain()).max_items(Some(ITEMS));
        let value = AnyOfBuilder::new().item(plain()).item(list);
        ObjectBuilder::new()
            .description(Some("Values by the name of the clause's parameter."))
            .property_names(Some(
                ObjectBuilder::new().schema_type(Type::String).pattern(Some(NAME)),
            ))
            .additional_properties(Some(AdditionalProperties::from(RefOr::T(Schema::from(value)))))
            .max_properties(Some(MEMBERS))
            .into()
    }
}

impl ToSchema for ClauseValues {}
