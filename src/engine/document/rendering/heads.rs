//! Parameters and declared facts as they are printed.

use super::formulas::literal;
use crate::facts::names;
use crate::messages::{Said as _, listed, measures, rendered};
use crate::values::Unit;
use crate::values::terms::{DeclaredFact, Parameter};
use crate::words::Words;

/// Returns a parameter with every value that it ever has.
pub(crate) fn parameter(of: &Parameter) -> Words {
    let unit = of.unit();
    let values: Vec<Words> = of
        .values
        .iter()
        .map(|dated| {
            let value = literal(&dated.value, unit);
            dated
                .from
                .map_or(value.clone(), |day| rendered::Since { value: &value, day: &day }.words())
        })
        .collect();
    rendered::Parameter { label: &of.label, values: &listed(&values) }.words()
}

/// Returns a declared fact with what it can be.
pub(crate) fn declared(of: &DeclaredFact) -> Words {
    let DeclaredFact {
        name: _,
        label,
        value_type: _,
        currency: _,
        at_least,
        at_most,
        members,
        confidential,
    } = of;
    let said = |number: &i64| match of.unit() {
        Some(unit @ (Unit::Money(_) | Unit::Months | Unit::Days | Unit::Years | Unit::Hours)) => {
            unit.words((*number).into())
        }
        Some(Unit::Count | Unit::Rate | Unit::Text | Unit::Boolean | Unit::Date) | None => {
            number.words()
        }
    };
    let limits = [
        of.unit().map(Unit::name),
        at_least.as_ref().map(|least| measures::AtLeast { value: &said(least) }.words()),
        at_most.as_ref().map(|most| measures::AtMost { value: &said(most) }.words()),
        (!members.is_empty()).then(|| names::listed_by(members, |_| None)),
        confidential.then_some(rendered::CONFIDENTIAL),
    ];
    let limits: Vec<Words> = limits.into_iter().flatten().collect();
    rendered::DeclaredFact { label, of: &listed(&limits) }.words()
}
