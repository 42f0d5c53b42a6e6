//! Units of formulas: what cannot be added is found before anything runs.

use super::{Clamp, DEEPEST, Formula, MOST_NODES, Number};
use crate::messages::{Said as _, document, formula, value};
use crate::values::table::CompiledTable;
use crate::values::terms::{DeclaredFact, Parameter};
use crate::values::{Unit, ValueType, unknown_name};
use crate::words::Fault;

/// What a formula may name.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'d> {
    /// The parameters of the document.
    pub parameters: &'d [Parameter],
    /// The facts that it declares.
    pub declared: &'d [DeclaredFact],
    /// Its tables.
    pub tables: &'d [CompiledTable],
}

/// What a formula gives: its unit, whether it is surely whole, whether it is a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// The unit.
    pub unit: Unit,
    /// It is a whole number, whatever the facts are.
    pub whole: bool,
    /// It is a list of such.
    pub list: bool,
}

impl Measured {
    const fn of(unit: Unit, whole: bool) -> Self {
        Self { unit, whole, list: false }
    }
}

fn mixed(at: String, one: Unit, other: Unit) -> Fault {
    let (one, other) = (one.name(), other.name());
    Fault::new(at, "mixed_units", formula::MixedUnits { one: &one, other: &other }.words())
}

impl Formula {
    /// What it gives.
    ///
    /// # Errors
    /// Everything in it that cannot be meant, at pointers below its own.
    pub fn measured(&self, scope: Scope<'_>) -> Result<Measured, Vec<Fault>> {
        let mut nodes = 0;
        self.each(&mut |_| nodes += 1);
        if nodes > MOST_NODES {
            return Err(vec![Fault::new(
                "",
                "too_many",
                formula::TooManyNodes { most: &MOST_NODES }.words(),
            )]);
        }
        let mut faults = Vec::new();
        let found = typed(self, scope, "", 1, &mut faults);
        match found {
            Some(found) if faults.is_empty() => Ok(found),
            Some(_) | None => Err(faults),
        }
    }

    /// What is wrong with it where a value of some unit is wanted.
    #[must_use]
    pub fn faults_as(&self, wanted: Unit, scope: Scope<'_>) -> Vec<Fault> {
        let found = match self.measured(scope) {
            Ok(found) => found,
            Err(faults) => return faults,
        };
        let plain = wanted.is_plain() && found.unit.is_plain();
        if found.unit != wanted && !plain {
            return vec![mixed(String::new(), wanted, found.unit)];
        }
        if wanted.is_number() && wanted != Unit::Rate && !found.whole {
            return vec![Fault::new("", "not_whole", formula::NOT_WHOLE)];
        }
        Vec::new()
    }
}

fn typed(
    formula: &Formula,
    scope: Scope<'_>,
    at: &str,
    depth: usize,
    faults: &mut Vec<Fault>,
) -> Option<Measured> {
    if depth > DEEPEST {
        faults.push(Fault::new(at, "too_deep", formula::TooDeep { most: &DEEPEST }.words()));
        return None;
    }
    let parts: Vec<(String, Option<Measured>)> = formula
        .parts()
        .into_iter()
        .map(|(place, part)| {
            let at = format!("{at}{place}");
            let found = typed(part, scope, &at, depth + 1, faults);
            let usable = found.filter(|found| found.unit.is_number() && !found.list);
            if let (Some(found), None) = (found, usable) {
                let name = if found.list { value::LIST } else { found.unit.name() };
                faults.push(Fault::new(
                    &at,
                    "not_a_number",
                    formula::NotANumber { unit: &name }.words(),
                ));
            }
            (at, usable)
        })
        .collect();
    match formula {
        Formula::Number(number) => literal(number, at, faults),
        Formula::Parameter(parameter) => {
            let found = scope.parameters.iter().find(|known| known.name == parameter.name);
            let unit = found.and_then(Parameter::unit);
            if unit.is_none() {
                let known = scope.parameters.iter().map(|known| known.name.as_str());
                faults.push(unknown_name(&format!("{at}/name"), &parameter.name, known));
            }
            unit.map(|unit| Measured::of(unit, unit != Unit::Rate))
        }
        Formula::Fact(reading) => match reading.of.unit(scope.declared) {
            Ok(unit) => Some(Measured::of(unit, unit != Unit::Rate)),
            Err(fault) => {
                faults.push(fault.below(&format!("{at}/of")));
                None
            }
        },
        Formula::Table(look_up) => table(look_up, scope, at, faults),
        Formula::Add(_) | Formula::Min(_) | Formula::Max(_) | Formula::Subtract(_) => {
            same(at, &parts, faults)
        }
        Formula::Clamp(clamp) => {
            needs_bound(clamp, at, faults);
            same(at, &parts, faults)
        }
        Formula::Multiply(_) => product(at, &parts, faults),
        Formula::Divide(_) => quotient(&parts, faults),
        Formula::Round(round) => {
            if !(-9..=9).contains(&round.digits) {
                faults.push(Fault::new(
                    format!("{at}/digits"),
                    "out_of_range",
                    formula::DIGITS_OUT_OF_RANGE,
                ));
            }
            let inner = parts.first().and_then(|(_, found)| *found)?;
            Some(Measured::of(inner.unit, inner.whole || round.digits <= 0))
        }
    }
}

fn literal(number: &Number, at: &str, faults: &mut Vec<Fault>) -> Option<Measured> {
    let currency = number.value.currency();
    let value_type = match (number.unit, currency) {
        (Some(unit), _) => unit.into(),
        (None, Some(_)) => ValueType::Money,
        (None, None) => ValueType::Rate,
    };
    let unit = Unit::of(value_type, currency);
    let value = unit.and_then(|unit| number.value.value(unit)?.number());
    let (Some(unit), Some(value)) = (unit, value) else {
        faults.push(Fault::new(format!("{at}/value"), "wrong_unit", formula::WRONG_UNIT));
        return None;
    };
    Some(Measured::of(unit, value.is_integer()))
}

fn table(
    look_up: &super::LookUp,
    scope: Scope<'_>,
    at: &str,
    faults: &mut Vec<Fault>,
) -> Option<Measured> {
    let Some(table) = scope.tables.iter().find(|table| table.id() == look_up.table) else {
        let known = scope.tables.iter().map(CompiledTable::id);
        faults.push(unknown_name(&format!("{at}/table"), &look_up.table, known));
        return None;
    };
    let output = table.output(look_up.output.as_deref());
    let Some(unit) = output.and_then(|output| table.unit(output)) else {
        let known = table.output_names();
        faults.push(unknown_name(
            &format!("{at}/output"),
            look_up.output.as_deref().unwrap_or_default(),
            known,
        ));
        return None;
    };
    Some(Measured { unit, whole: unit != Unit::Rate, list: table.is_list() })
}

fn needs_bound(clamp: &Clamp, at: &str, faults: &mut Vec<Fault>) {
    if clamp.at_least.is_none() && clamp.at_most.is_none() {
        faults.push(Fault::new(format!("{at}/at_least"), "required", formula::NEEDS_A_BOUND));
    }
}

fn none(at: &str, faults: &mut Vec<Fault>) {
    faults.push(Fault::new(format!("{at}/of"), "empty", document::NAME_AT_LEAST_ONE));
}

/// Parts of one unit; plain numbers go together.
fn same(
    at: &str,
    parts: &[(String, Option<Measured>)],
    faults: &mut Vec<Fault>,
) -> Option<Measured> {
    if parts.is_empty() {
        none(at, faults);
    }
    let known = || parts.iter().filter_map(|(at, found)| Some((at, (*found)?)));
    let (_, first) = known().next()?;
    for (at, other) in known().skip(1) {
        if other.unit != first.unit && !(other.unit.is_plain() && first.unit.is_plain()) {
            faults.push(mixed(at.clone(), first.unit, other.unit));
        }
    }
    let whole = known().all(|(_, found)| found.whole);
    let unit = if first.unit.is_plain() && !known().all(|(_, found)| found.unit == Unit::Count) {
        plain(first.unit)
    } else {
        first.unit
    };
    Some(Measured::of(unit, whole))
}

/// Counts and rates together are a plain number.
const fn plain(unit: Unit) -> Unit {
    if unit.is_plain() { Unit::Rate } else { unit }
}

/// At most one factor has a unit, and the product has it.
fn product(
    at: &str,
    parts: &[(String, Option<Measured>)],
    faults: &mut Vec<Fault>,
) -> Option<Measured> {
    if parts.is_empty() {
        none(at, faults);
    }
    let mut unit: Option<Unit> = None;
    let (mut whole, mut counts) = (true, true);
    for (at, found) in parts.iter().filter_map(|(at, found)| Some((at, (*found)?))) {
        whole &= found.whole;
        counts &= found.unit == Unit::Count;
        match unit {
            Some(before) if !found.unit.is_plain() => {
                faults.push(mixed(at.clone(), before, found.unit))
            }
            _ if !found.unit.is_plain() => unit = Some(found.unit),
            _ => {}
        }
    }
    let plain = if counts { Unit::Count } else { Unit::Rate };
    Some(Measured::of(unit.unwrap_or(plain), whole))
}

fn quotient(parts: &[(String, Option<Measured>)], faults: &mut Vec<Fault>) -> Option<Measured> {
    let [(_, Some(of)), (at, Some(by))] = parts else { return None };
    if by.unit.is_plain() {
        return Some(Measured::of(plain(of.unit), false));
    }
    if of.unit == by.unit {
        return Some(Measured::of(Unit::Rate, false));
    }
    faults.push(mixed(at.clone(), of.unit, by.unit));
    None
}
