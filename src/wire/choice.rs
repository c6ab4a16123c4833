//! Objects of which one of several forms is meant.
//!
//! The walk chooses the form, by its tag or by its members, and writes the choice down; what is
//! read here is that choice. `Unread` is what it left where nothing could be chosen.

/// An enum of several objects, published as `oneOf`.
macro_rules! choice {
    ($(#[doc = $doc:literal])+ $name:ident: $($variant:ident),+) => {
        $(#[doc = $doc])+
        #[derive(serde::Deserialize)]
        pub enum $name {
            $(
                #[doc = concat!("[`", stringify!($variant), "`]")]
                $variant(Box<$variant>),
            )+
            /// Refused for its shape.
            Unread,
        }

        impl validator::Validate for $name {
            fn validate(&self) -> Result<(), validator::ValidationErrors> {
                match self {
                    $(Self::$variant(body) => body.validate(),)+
                    Self::Unread => Ok(()),
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use utoipa::ToSchema;
                utoipa::openapi::schema::OneOfBuilder::new()
                    .description(Some(concat!($($doc),+).trim()))
                    $(.item(utoipa::openapi::Ref::from_schema_name(<$variant>::name())))+
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(
                schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
            ) {
                $(crate::wire::fault::add_schema::<$variant>(schemas);)+
            }
        }
    };
}

pub(super) use choice;
