//! A value as documents and decisions write it: JSON's own form wherever there is one.

use std::fmt;
use std::str::FromStr as _;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::{Unit, Value};
use crate::money::{Currency, Money};

/// A number, a text (codes, days and decimals), yes or no, an amount of money, or a list of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// Yes or no.
    Boolean(bool),
    /// A whole number; money of a stated currency in minor units.
    Integer(i64),
    /// A code, a day, or a decimal number.
    Text(String),
    /// An amount of money.
    Money(Money),
    /// Several.
    List(Vec<Literal>),
}

impl Literal {
    /// What it says in a unit; nothing when it is of another.
    #[must_use]
    pub fn value(&self, unit: Unit) -> Option<Value> {
        match (self, unit) {
            (Self::Boolean(yes), Unit::Boolean) => Some(Value::Boolean(*yes)),
            (Self::Text(text), Unit::Text) => Some(Value::Text(text.clone())),
            (Self::Text(text), Unit::Date) => NaiveDate::from_str(text).ok().map(Value::Date),
            (Self::Text(text), Unit::Rate) => Decimal::from_str_exact(text).ok().map(Value::Number),
            (Self::Money(money), Unit::Money(currency)) => {
                (money.currency == currency).then(|| Value::whole(money.amount))
            }
            (Self::Integer(number), unit) if unit.is_number() => Some(Value::whole(*number)),
            (
                Self::Boolean(_)
                | Self::Integer(_)
                | Self::Text(_)
                | Self::Money(_)
                | Self::List(_),
                _,
            ) => None,
        }
    }

    /// The currency that it names.
    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        match self {
            Self::Money(money) => Some(money.currency),
            Self::Boolean(_) | Self::Integer(_) | Self::Text(_) | Self::List(_) => None,
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(yes) => write!(f, "{yes}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Money(money) => write!(f, "{money}"),
            Self::List(list) => {
                for (index, one) in list.iter().enumerate() {
                    write!(f, "{}{one}", if index == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Boolean(yes) => serializer.serialize_bool(*yes),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Money(money) => money.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

/// Most members of a list.
const MOST_MEMBERS: usize = 2000;

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Literal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, a text, true or false, an amount of money, or a list of these")
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Literal, E> {
        Ok(Literal::Boolean(yes))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Literal, E> {
        Ok(Literal::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Literal, E> {
        i64::try_from(number)
            .map(Literal::Integer)
            .map_err(|_| E::custom("the number is too large"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Literal, E> {
        Ok(Literal::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Literal, A::Error> {
        let mut list = Vec::new();
        while let Some(one) = seq.next_element::<Literal>()? {
            if matches!(one, Literal::List(_)) || list.len() == MOST_MEMBERS {
                return Err(A::Error::custom("a list holds at most 2000 values, and no list"));
            }
            list.push(one);
        }
        Ok(Literal::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Literal, A::Error> {
        Money::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(Literal::Money)
    }
}

/// One value that is no list.
fn single() -> [RefOr<Schema>; 4] {
    let plain = |of: Type| RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(of).build()));
    let money = RefOr::Ref(Ref::from_schema_name("Money"));
    [plain(Type::Boolean), plain(Type::Integer), plain(Type::String), money]
}

impl Literal {
    /// A reference to its schema.
    #[must_use]
    pub fn reference() -> RefOr<Schema> {
        RefOr::Ref(Ref::from_schema_name("PlainValue"))
    }
}

impl PartialSchema for Literal {
    fn schema() -> RefOr<Schema> {
        let one_of = |items: Vec<RefOr<Schema>>| {
            items.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item)
        };
        let list = ArrayBuilder::new()
            .items(RefOr::T(Schema::OneOf(one_of(single().to_vec()).build())))
            .max_items(Some(2000));
        let mut items = single().to_vec();
        items.push(RefOr::T(Schema::Array(list.build())));
        let words = "A whole number, a text (codes, days, and decimal numbers such as \"0.8\"), yes or no, an amount of money, or a list of these.";
        RefOr::T(Schema::OneOf(one_of(items).description(Some(words)).build()))
    }
}

impl ToSchema for Literal {
    fn name() -> std::borrow::Cow<'static, str> {
        "PlainValue".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Money::name().into_owned(), Money::schema()));
        <Money as ToSchema>::schemas(schemas);
    }
}
