//! A bound of a measure: a number, or the name of a parameter whose value is it.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::values::NumberUnit;

/// A parameter of the document's header, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"parameter": "minimum_tenure"}))]
pub struct ParameterReference {
    /// The name of the parameter.
    #[schema(min_length = 1, max_length = 100)]
    pub parameter: String,
}

/// A bound, seen the same way whatever its unit, and whether or not there is one.
pub trait Bound {
    /// The unit and name of the parameter that it names.
    fn named(&self) -> Option<(NumberUnit, &str)>;

    /// Puts the parameter's value in the place of its name; nothing when there is none that fits.
    fn settle(&mut self, value: &mut dyn FnMut(&str) -> Option<i64>) -> Option<()>;
}

impl<T: Bound> Bound for Option<T> {
    fn named(&self) -> Option<(NumberUnit, &str)> {
        self.as_ref().and_then(Bound::named)
    }

    fn settle(&mut self, value: &mut dyn FnMut(&str) -> Option<i64>) -> Option<()> {
        self.as_mut().map_or(Some(()), |bound| bound.settle(value))
    }
}

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident($number:ty) = $unit:ident, $schema:literal, $least:expr, $most:expr;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            /// This number.
            Number($number),
            /// The value of a parameter.
            Parameter(ParameterReference),
        }

        impl $name {
            /// The number. Measures are read once their parameters are settled: what still names
            /// one counts as nothing, and is never asked.
            #[must_use]
            pub fn number(&self) -> $number {
                match self {
                    Self::Number(number) => *number,
                    Self::Parameter(_) => <$number>::default(),
                }
            }

            /// The number, where it stands in the text itself.
            #[must_use]
            pub const fn written(&self) -> Option<$number> {
                match self {
                    Self::Number(number) => Some(*number),
                    Self::Parameter(_) => None,
                }
            }
        }

        impl From<$number> for $name {
            fn from(number: $number) -> Self {
                Self::Number(number)
            }
        }

        impl Bound for $name {
            fn named(&self) -> Option<(NumberUnit, &str)> {
                match self {
                    Self::Number(_) => None,
                    Self::Parameter(named) => Some((NumberUnit::$unit, &named.parameter)),
                }
            }

            fn settle(&mut self, value: &mut dyn FnMut(&str) -> Option<i64>) -> Option<()> {
                let found = match self {
                    Self::Number(_) => return Some(()),
                    Self::Parameter(named) => value(&named.parameter)?,
                };
                *self = Self::Number(<$number>::try_from(found).ok()?);
                Some(())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Number(number) => number.serialize(serializer),
                    Self::Parameter(named) => named.serialize(serializer),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Read;
                impl<'de> Visitor<'de> for Read {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "a whole number of {} or a parameter", NumberUnit::$unit)
                    }
                    fn visit_u64<E: Error>(self, number: u64) -> Result<$name, E> {
                        let fitting = <$number>::try_from(number).map($name::Number);
                        fitting.map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
                    }
                    fn visit_i64<E: Error>(self, number: i64) -> Result<$name, E> {
                        let fitting = <$number>::try_from(number).map($name::Number);
                        fitting.map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
                    }
                    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$name, A::Error> {
                        ParameterReference::deserialize(MapAccessDeserializer::new(map)).map($name::Parameter)
                    }
                }
                deserializer.deserialize_any(Read)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let number = ObjectBuilder::new().schema_type(Type::Integer).minimum($least).maximum($most);
                let words = [$($doc),+].join(" ");
                let reference = RefOr::Ref(Ref::from_schema_name("ParameterReference"));
                let one_of = OneOfBuilder::new().item(number.build()).item(reference).description(Some(words.trim()));
                RefOr::T(Schema::OneOf(one_of.build()))
            }
        }

        impl ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $schema.into()
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push((ParameterReference::name().into_owned(), ParameterReference::schema()));
            }
        }
    )+};
}

limits! {
    /// So many months, or a parameter of months.
    MonthsLimit(u16) = Months, "MonthsOrParameter", Some(0), Some(1200);
    /// So many days, or a parameter of days.
    DaysLimit(u16) = Days, "DaysOrParameter", Some(0), Some(36500);
    /// So many years, or a parameter of years.
    YearsLimit(u8) = Years, "YearsOrParameter", Some(1), Some(150);
    /// So much of a fact that the document declares, or a parameter of its unit.
    NumberLimit(i64) = Count, "NumberOrParameter", None::<i64>, None::<i64>;
    /// So often, or a parameter that is a count.
    CountLimit(u8) = Count, "CountOrParameter", Some(0), Some(255);
}

/// In a measure: which of its fields are bounds.
macro_rules! bounds {
    ($($field:ident),+ $(,)?) => {
        fn each_parameter(
            &self,
            visit: &mut dyn FnMut(&'static str, $crate::values::NumberUnit, &str),
        ) {
            use $crate::values::terms::limit::Bound as _;
            $(if let Some((unit, name)) = self.$field.named() {
                visit(concat!("/", stringify!($field)), unit, name);
            })+
        }

        fn settled(
            &self,
            value: &mut dyn FnMut(&str) -> Option<i64>,
        ) -> Option<Box<dyn $crate::measures::Measure>> {
            use $crate::values::terms::limit::Bound as _;
            let mut own = self.clone();
            $(own.$field.settle(value)?;)+
            Some(Box::new(own))
        }
    };
}

pub(crate) use bounds;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bound_is_a_number_or_a_name_and_stays_what_it_is() {
        for written in [json!(36), json!({"parameter": "minimum_tenure"})] {
            let limit: MonthsLimit = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(&limit).unwrap(), written);
        }
        let refused =
            |written| serde_json::from_value::<MonthsLimit>(written).unwrap_err().to_string();
        assert!(refused(json!("36")).starts_with("invalid type"));
        assert!(refused(json!(-1)).starts_with("invalid value"));
        assert!(refused(json!({"parameter": "a", "colour": "red"})).starts_with("unknown field"));
    }

    #[test]
    fn a_value_takes_the_place_of_the_name_where_it_fits() {
        let named =
            || Some(MonthsLimit::Parameter(ParameterReference { parameter: "a".to_owned() }));
        let mut limit = named();
        assert_eq!(
            (limit.settle(&mut |_| Some(24)), limit),
            (Some(()), Some(MonthsLimit::Number(24)))
        );
        assert_eq!(
            (named().settle(&mut |_| Some(-1)), named().settle(&mut |_| None)),
            (None, None)
        );
        assert_eq!(Bound::settle(&mut None::<MonthsLimit>, &mut |_| None), Some(()));
    }
}
