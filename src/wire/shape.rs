//! What a request must look like, compiled once from the very schemas that `openapi.yaml`
//! publishes.
//!
//! So the contract and the check can't drift apart. A schema with a part that is not read here
//! becomes [`Shape::Unread`], which takes nothing; a test holds that no request has one.

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{
    AdditionalProperties, Array, ArrayItems, KnownFormat, Object, OneOf, Schema, SchemaFormat,
    SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};

use super::format::Format;

/// What a JSON value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object with these members and no others.
    Record(Record),
    /// One of several objects.
    Choice(Choice),
    /// An array.
    List(Box<Shape>),
    /// Text, of a format where there is one. Its length is `validator`'s.
    Text(Option<Format>),
    /// One of these words.
    Word(Vec<String>),
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// `true` or `false`, or only the one named.
    Flag(Option<bool>),
    /// An object of values that the clause library judges.
    Values,
    /// The schema says what is not read here.
    Unread,
}

/// The members of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The name of its schema, empty where it has none.
    pub name: String,
    pub members: Vec<Member>,
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub name: String,
    pub required: bool,
    pub shape: Shape,
}

/// Several objects of which a value is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The member that says which, where all have one with a single word each.
    pub tag: Option<String>,
    pub variants: Vec<Record>,
}

impl Shape {
    /// The shape that the schema of `T` tells.
    pub fn of<T: ToSchema>() -> Shape {
        let mut schemas = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut schemas);
        Compiler { schemas: &schemas }.shape("", &T::schema())
    }
}

impl Record {
    /// The member of this name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The one word of this member, where it takes only one.
    pub fn only_word(&self, name: &str) -> Option<&str> {
        match &self.member(name)?.shape {
            Shape::Word(words) => match words.as_slice() {
                [word] => Some(word),
                _ => None,
            },
            _ => None,
        }
    }
}

struct Compiler<'a> {
    schemas: &'a [(String, RefOr<Schema>)],
}

impl Compiler<'_> {
    fn shape(&self, name: &str, schema: &RefOr<Schema>) -> Shape {
        match schema {
            RefOr::Ref(reference) => self.referred(reference),
            RefOr::T(Schema::Object(object)) => self.object(name, object),
            RefOr::T(Schema::Array(array)) => self.array(array),
            RefOr::T(Schema::OneOf(choice)) => self.choice(choice),
            RefOr::T(_) => Shape::Unread,
        }
    }

    fn referred(&self, reference: &Ref) -> Shape {
        let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
        match self.schemas.iter().find(|(known, _)| known == name) {
            Some((_, schema)) => self.shape(name, schema),
            None => Shape::Unread,
        }
    }

    fn array(&self, array: &Array) -> Shape {
        match &array.items {
            ArrayItems::RefOrSchema(item) => Shape::List(Box::new(self.shape("", item))),
            ArrayItems::False => Shape::Unread,
        }
    }

    fn object(&self, name: &str, object: &Object) -> Shape {
        match &object.schema_type {
            SchemaType::Type(Type::Object) => match object.additional_properties.as_deref() {
                Some(AdditionalProperties::FreeForm(false)) => self.record(name, object),
                Some(AdditionalProperties::RefOr(_)) if object.property_names.is_some() => {
                    Shape::Values
                }
                _ => Shape::Unread,
            },
            SchemaType::Type(Type::String) => text(object),
            SchemaType::Type(Type::Integer) => whole(object),
            SchemaType::Type(Type::Boolean) => flag(object),
            _ => Shape::Unread,
        }
    }

    fn record(&self, name: &str, object: &Object) -> Shape {
        let member = |(name, schema): (&String, &RefOr<Schema>)| Member {
            name: name.clone(),
            required: object.required.contains(name),
            shape: self.shape("", schema),
        };
        let members = object.properties.iter().map(member).collect();
        Shape::Record(Record { name: name.to_owned(), members })
    }

    fn choice(&self, choice: &OneOf) -> Shape {
        let mut variants = Vec::new();
        for item in &choice.items {
            match self.shape("", item) {
                Shape::Record(record) => variants.push(record),
                _ => return Shape::Unread,
            }
        }
        let Some(first) = variants.first() else {
            return Shape::Unread;
        };
        let tag = first
            .members
            .iter()
            .map(|member| &member.name)
            .find(|name| variants.iter().all(|variant| variant.only_word(name).is_some()));
        Shape::Choice(Choice { tag: tag.cloned(), variants })
    }
}

fn text(object: &Object) -> Shape {
    if let Some(words) = &object.enum_values {
        let word = |value: &Value| value.as_str().map(str::to_owned);
        return words.iter().map(word).collect::<Option<_>>().map_or(Shape::Unread, Shape::Word);
    }
    match (&object.pattern, &object.format) {
        (Some(pattern), None) => {
            Format::of_pattern(pattern).map_or(Shape::Unread, |format| Shape::Text(Some(format)))
        }
        (None, Some(SchemaFormat::KnownFormat(KnownFormat::Date))) => {
            Shape::Text(Some(Format::Date))
        }
        (None, None) => Shape::Text(None),
        _ => Shape::Unread,
    }
}

fn whole(object: &Object) -> Shape {
    let number = |limit: &Option<utoipa::Number>| match limit {
        Some(utoipa::Number::Int(limit)) => u64::try_from(*limit).ok(),
        Some(utoipa::Number::UInt(limit)) => u64::try_from(*limit).ok(),
        _ => None,
    };
    match (number(&object.minimum), number(&object.maximum)) {
        (Some(least), Some(most)) => Shape::Whole(least, most),
        _ => Shape::Unread,
    }
}

fn flag(object: &Object) -> Shape {
    match object.enum_values.as_deref() {
        None => Shape::Flag(None),
        Some([Value::Bool(only)]) => Shape::Flag(Some(*only)),
        Some(_) => Shape::Unread,
    }
}
