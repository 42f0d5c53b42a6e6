//! Formulas: a small tree of sums over numbers, parameters, facts and tables, typed with units.
//!
//! Decimal and bounded: no loops, no calls, no text to parse. What is missing leaves the result
//! unknown and is named; a division by zero or a number that is too large does so with a sentence.

mod evaluate;
mod typing;

pub use evaluate::{Calculation, MatchedRow};
pub use typing::{Measured, Scope};

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use crate::tagged::{Located, locate_plain, put};
use crate::values::{Literal, NumberUnit, Source};
use crate::words::Fault;

/// Most nodes of a formula.
pub const MOST_NODES: usize = 256;
/// Deepest formula.
pub const DEEPEST: usize = 16;

crate::codes! {
    /// How a number is rounded.
    pub enum Rounding {
        /// To the nearest, a half away from zero (四捨五入).
        HalfUp = "half_up",
        /// To the nearest, a half to the even side.
        HalfEven = "half_even",
        /// Towards zero (切捨て).
        Down = "down",
        /// Away from zero (切上げ).
        Up = "up",
    }
}

/// What stands in the place of a formula while what is around it is looked at.
fn stand_in() -> Json {
    json!({"kind": "number", "value": 0})
}

/// Finds the faults of a node: those of the formulas in these places, and of what is around them.
fn locate_around<T: serde::de::DeserializeOwned>(
    json: &Json,
    at: &str,
    single: &[&str],
    list: Option<&str>,
    faults: &mut Vec<Fault>,
) {
    let mut shell = json.clone();
    for place in single {
        if let Some(inner) = json.get(*place).filter(|inner| !inner.is_null()) {
            Formula::locate(inner, &format!("{at}/{place}"), faults);
            put(&mut shell, &format!("/{place}"), stand_in());
        }
    }
    if let Some((list, items)) = list.and_then(|list| Some((list, json.get(list)?.as_array()?))) {
        for (index, item) in items.iter().enumerate() {
            Formula::locate(item, &format!("{at}/{list}/{index}"), faults);
        }
        put(&mut shell, &format!("/{list}"), Json::Array(Vec::new()));
    }
    locate_plain::<T>(&shell, at, faults);
}

macro_rules! several {
    ($(#[doc = $doc:literal] $name:ident, $schema:ident, $kind:literal;)+) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(as = $schema, example = json!({"kind": $kind, "of": [{"kind": "number", "value": 1}, {"kind": "number", "value": 2}]}))]
        pub struct $name {
            /// What is reckoned with.
            #[schema(no_recursion, min_items = 1, max_items = 256)]
            pub of: Vec<Formula>,
        }

        impl Located for $name {
            fn locate(json: &Json, at: &str, faults: &mut Vec<Fault>) {
                locate_around::<Self>(json, at, &[], Some("of"), faults);
            }
        }
    )+};
}

several! {
    /// The sum, all of one unit.
    Add, FormulaAdd, "add";
    /// The product; at most one of them has a unit.
    Multiply, FormulaMultiply, "multiply";
    /// The least of these, all of one unit.
    Least, FormulaMin, "min";
    /// The most of these, all of one unit.
    Most, FormulaMax, "max";
}

macro_rules! nodes {
    ($($(#[$meta:meta])* $name:ident($schema:ident, $example:tt, [$($place:literal),*]) { $($(#[$field_meta:meta])* $field:ident: $ty:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(as = $schema, example = json!($example))]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),* }

        impl Located for $name {
            fn locate(json: &Json, at: &str, faults: &mut Vec<Fault>) {
                locate_around::<Self>(json, at, &[$($place),*], None, faults);
            }
        }
    )+};
}

nodes! {
    /// A number: whole, a decimal as a text, or an amount of money.
    Number(FormulaNumber, {"kind": "number", "value": 12, "unit": "months"}, []) {
        /// The number.
        value: Literal,
        /// Its unit; a plain number, when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<NumberUnit>,
    }
    /// The value of a dated parameter.
    ParameterOf(FormulaParameter, {"kind": "parameter", "name": "steps_per_year"}, []) {
        /// Its name.
        #[schema(min_length = 1, max_length = 100)]
        name: String,
    }
    /// What a table answers.
    LookUp(FormulaTable, {"kind": "table", "table": "training_hours"}, []) {
        /// The table, by its id.
        #[schema(min_length = 1, max_length = 100)]
        table: String,
        /// Which output; the only one, when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(min_length = 1, max_length = 100)]
        output: Option<String>,
    }
    /// The difference, both of one unit.
    Subtract(FormulaSubtract, {"kind": "subtract", "from": {"kind": "number", "value": 3}, "less": {"kind": "number", "value": 1}}, ["from", "less"]) {
        /// From what.
        #[schema(no_recursion)]
        from: Box<Formula>,
        /// How much less.
        #[schema(no_recursion)]
        less: Box<Formula>,
    }
    /// The quotient: by a plain number, or by the same unit, which gives a plain number.
    Divide(FormulaDivide, {"kind": "divide", "of": {"kind": "number", "value": 3}, "by": {"kind": "number", "value": 2}}, ["of", "by"]) {
        /// What is divided.
        #[schema(no_recursion)]
        of: Box<Formula>,
        /// By what.
        #[schema(no_recursion)]
        by: Box<Formula>,
    }
    /// Kept between two bounds, all of one unit.
    Clamp(FormulaClamp, {"kind": "clamp", "of": {"kind": "number", "value": 3}, "at_most": {"kind": "number", "value": 2}}, ["of", "at_least", "at_most"]) {
        /// What is kept.
        #[schema(no_recursion)]
        of: Box<Formula>,
        /// No less than this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(no_recursion)]
        at_least: Option<Box<Formula>>,
        /// No more than this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(no_recursion)]
        at_most: Option<Box<Formula>>,
    }
    /// Rounded.
    Round(FormulaRound, {"kind": "round", "of": {"kind": "number", "value": "2.5"}, "mode": "down", "digits": 0}, ["of"]) {
        /// What is rounded.
        #[schema(no_recursion)]
        of: Box<Formula>,
        /// How.
        mode: Rounding,
        /// How many decimal digits are kept; below zero, tens and hundreds (of money, of minor
        /// units).
        #[schema(minimum = -9, maximum = 9)]
        digits: i8,
    }
}

/// Something of the case: a measure or a fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FormulaFact, example = json!({"kind": "fact", "of": {"kind": "record", "of": "step"}}))]
pub struct Reading {
    /// What is read.
    pub of: Source,
}

impl Located for Reading {
    fn locate(json: &Json, at: &str, faults: &mut Vec<Fault>) {
        let mut shell = json.clone();
        if let Some(of) = json.get("of") {
            Source::locate(of, &format!("{at}/of"), faults);
            put(&mut shell, "/of", json!({"kind": "former_rehires"}));
        }
        locate_plain::<Self>(&shell, at, faults);
    }
}

crate::tagged! {
    /// A formula: a number, or one reckoned from others.
    pub enum Formula {
        /// A number.
        Number(Number) = "number",
        /// A dated parameter.
        Parameter(ParameterOf) = "parameter",
        /// A measure or fact of the case.
        Fact(Reading) = "fact",
        /// What a table answers.
        Table(LookUp) = "table",
        /// The sum.
        Add(Add) = "add",
        /// The difference.
        Subtract(Subtract) = "subtract",
        /// The product.
        Multiply(Multiply) = "multiply",
        /// The quotient.
        Divide(Divide) = "divide",
        /// The least.
        Min(Least) = "min",
        /// The most.
        Max(Most) = "max",
        /// Kept between bounds.
        Clamp(Clamp) = "clamp",
        /// Rounded.
        Round(Round) = "round",
    }
}

fn listed(of: &[Formula]) -> Vec<(String, &Formula)> {
    of.iter().enumerate().map(|(index, one)| (format!("/of/{index}"), one)).collect()
}

impl Formula {
    /// The formulas right below it, each with its place.
    #[must_use]
    pub fn parts(&self) -> Vec<(String, &Self)> {
        match self {
            Self::Number(_) | Self::Parameter(_) | Self::Fact(_) | Self::Table(_) => Vec::new(),
            Self::Add(add) => listed(&add.of),
            Self::Multiply(multiply) => listed(&multiply.of),
            Self::Min(least) => listed(&least.of),
            Self::Max(most) => listed(&most.of),
            Self::Subtract(subtract) => {
                vec![("/from".to_owned(), &*subtract.from), ("/less".to_owned(), &*subtract.less)]
            }
            Self::Divide(divide) => {
                vec![("/of".to_owned(), &*divide.of), ("/by".to_owned(), &*divide.by)]
            }
            Self::Round(round) => vec![("/of".to_owned(), &*round.of)],
            Self::Clamp(clamp) => {
                let bounds = [("/at_least", &clamp.at_least), ("/at_most", &clamp.at_most)];
                let bounds = bounds
                    .into_iter()
                    .filter_map(|(name, bound)| Some((name.to_owned(), bound.as_deref()?)));
                std::iter::once(("/of".to_owned(), &*clamp.of)).chain(bounds).collect()
            }
        }
    }

    /// Calls `visit` with every node.
    pub fn each(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        self.parts().into_iter().for_each(|(_, part)| part.each(visit));
    }
}
