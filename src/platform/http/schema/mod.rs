//! Schemas of the published document, compiled to validate bodies.
//!
//! Validation takes time linear in the body, whatever the body. The member of a union is found by
//! its discriminator or by the JSON type of the value, so no value is visited twice. A union
//! without this property, and an unknown keyword, fail at compilation.

mod check;
mod compile;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::platform::error::Fault;

/// Maximum number of faults reported for one body.
pub(super) const MOST_FAULTS: usize = 100;

/// Index of a schema in all nodes.
type Id = usize;

/// All named schemas of a document.
#[derive(Debug)]
pub(super) struct Schemas {
    nodes: Vec<Node>,
    names: BTreeMap<String, Id>,
}

/// One schema.
#[derive(Debug)]
enum Node {
    /// A reference to another schema.
    Reference(Id),
    /// A union, discriminated by a text property.
    Tagged { property: String, members: BTreeMap<String, Id> },
    /// A union, discriminated by the JSON type.
    ByType(Vec<(Types, Id)>),
    /// A schema without reference or union.
    Plain(Box<Plain>),
}

/// The constraints of a plain schema.
#[derive(Debug, Default)]
struct Plain {
    /// Allowed types; `None` allows every type.
    types: Option<Types>,
    /// Allowed values, from `enum` or `const`.
    values: Option<Vec<Value>>,
    format: Option<Format>,
    pattern: Option<Pattern>,
    length: Bounds<u64>,
    range: Bounds<i64>,
    items: Option<Id>,
    count: Bounds<u64>,
    members: BTreeMap<String, Id>,
    required: Vec<String>,
    others: Others,
    names: Option<Id>,
}

/// A minimum and a maximum.
#[derive(Debug, Default, Clone, Copy)]
struct Bounds<T> {
    least: Option<T>,
    most: Option<T>,
}

/// Rule for members of an object that its schema does not name.
#[derive(Debug, Default, Clone, Copy)]
enum Others {
    #[default]
    Allowed,
    Refused,
    Each(Id),
}

/// Formats of texts and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Date,
    DateTime,
    Email,
    Int32,
    Int64,
    /// An informative format, which is not checked.
    Told,
}

/// Supported patterns: a number of capital letters, or an identifier's prefix and 32 hexadecimal
/// digits.
#[derive(Debug)]
enum Pattern {
    Capitals(usize),
    Identifier(String),
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Types(u8);

impl Types {
    const NONE: Self = Self(0);
    const NULL: Self = Self(1);
    const BOOLEAN: Self = Self(2);
    const INTEGER: Self = Self(4);
    /// Numbers with and without a fraction.
    const NUMBER: Self = Self(4 | 8);
    const STRING: Self = Self(16);
    const ARRAY: Self = Self(32);
    const OBJECT: Self = Self(64);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has_common(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => return None,
        })
    }

    /// Returns the type of a value. A number without a fraction is an integer, in any notation.
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) => {
                let is_whole =
                    !number.is_f64() || number.as_f64().is_some_and(|number| number.fract() == 0.0);
                if is_whole { Self::INTEGER } else { Self(8) }
            }
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }
}

impl Schemas {
    /// Returns the faults of a value by the schema of this name, at most [`MOST_FAULTS`]; none if
    /// there is no such schema.
    #[must_use]
    pub(super) fn faults(&self, name: &str, value: &Value) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Some(id) = self.names.get(name) {
            check::check(self, *id, value, &mut faults);
        }
        faults
    }

    /// Returns the types that a schema accepts; all if it does not restrict them.
    fn types(&self, id: Id, seen: &mut BTreeSet<Id>) -> Types {
        let all = || Types(u8::MAX);
        if !seen.insert(id) {
            return Types::NONE;
        }
        match self.nodes.get(id) {
            Some(Node::Reference(other)) => self.types(*other, seen),
            Some(Node::Tagged { .. }) => Types::OBJECT,
            Some(Node::ByType(members)) => {
                members.iter().fold(Types::NONE, |all, (types, _)| all.and(*types))
            }
            Some(Node::Plain(plain)) => plain.types.unwrap_or_else(all),
            None => all(),
        }
    }
}

#[cfg(test)]
mod tests;
