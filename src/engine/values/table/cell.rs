//! Cells, as short as they are read: `null` for any, a value for itself, a list for one of several,
//! an object for a range.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::values::Literal;

/// What a row wants of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Anything, known or not.
    Any,
    /// This value.
    Equal(Literal),
    /// One of these values.
    In(Vec<Literal>),
    /// Bounds, or what is known at all.
    Bounds(CellBounds),
}

/// A range, every value but some, or whether anything is known. `at_least` and `below` together are
/// half-open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = TableCellBounds, example = json!({"at_least": 13, "below": 37}))]
pub struct CellBounds {
    /// This or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Literal>,
    /// More than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<Literal>,
    /// This or less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Literal>,
    /// Less than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<Literal>,
    /// Any text but these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub none_of: Vec<Literal>,
    /// Something is known, whatever it is; or nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<bool>,
}

/// Most values of one cell.
const MOST_VALUES: usize = 1000;

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => serializer.serialize_unit(),
            Self::Equal(value) => value.serialize(serializer),
            Self::In(values) => values.serialize(serializer),
            Self::Bounds(bounds) => bounds.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a value, a list of values, or bounds")
    }

    fn visit_unit<E: Error>(self) -> Result<Cell, E> {
        Ok(Cell::Any)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Cell, E> {
        Ok(Cell::Equal(Literal::Boolean(yes)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Equal(Literal::Integer(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Cell, E> {
        let number = i64::try_from(number).map_err(|_| E::custom("the number is too large"))?;
        Ok(Cell::Equal(Literal::Integer(number)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Equal(Literal::Text(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Cell, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element::<Literal>()? {
            if values.len() == MOST_VALUES {
                return Err(A::Error::custom("a cell names at most 1000 values"));
            }
            values.push(value);
        }
        Ok(Cell::In(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Cell, A::Error> {
        CellBounds::deserialize(MapAccessDeserializer::new(map)).map(Cell::Bounds)
    }
}

impl PartialSchema for Cell {
    fn schema() -> RefOr<Schema> {
        let plain =
            |of: Type| RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(of).build()));
        let types = [Type::Boolean, Type::Integer, Type::String];
        let one = || types.iter().cloned().map(plain).fold(OneOfBuilder::new(), OneOfBuilder::item);
        let list = ArrayBuilder::new()
            .items(RefOr::T(Schema::OneOf(one().build())))
            .max_items(Some(MOST_VALUES))
            .build();
        let whole = one()
            .item(plain(Type::Null))
            .item(RefOr::T(Schema::Array(list)))
            .item(RefOr::Ref(Ref::from_schema_name("TableCellBounds")))
            .description(Some(
                "`null` for anything, a value for itself, a list for one of several, or bounds.",
            ));
        RefOr::T(Schema::OneOf(whole.build()))
    }
}

impl ToSchema for Cell {
    fn name() -> std::borrow::Cow<'static, str> {
        "TableCell".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((CellBounds::name().into_owned(), CellBounds::schema()));
        <CellBounds as ToSchema>::schemas(schemas);
    }
}
