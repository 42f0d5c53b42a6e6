//! Reckoning a formula for a case, with each step in words.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Formula, LookUp, Rounding};
use crate::facts::FactSet;
use crate::measures::{Case, Reference, no_value};
use crate::messages::{Joined, Said as _, common, formula, listed};
use crate::values::table::Answered;
use crate::values::terms::{AppliedParameter, NoValue, Terms};
use crate::values::{Lack, Literal, Unit, Value};
use crate::words::Words;

/// A row of a table that a figure goes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatchedTableRow, example = json!({"table": "training_hours", "row": 1}))]
pub struct MatchedRow {
    /// The table.
    pub table: String,
    /// The row, by its place from 0 on.
    pub row: usize,
    /// Its id, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// What a formula comes to in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calculation {
    /// The value as decisions write it, and in words; or why there is none.
    pub result: Result<(Literal, Words), Lack>,
    /// The steps, in order.
    pub steps: Vec<Words>,
    /// The rows of tables that it goes by.
    pub rows: Vec<MatchedRow>,
    /// The dated values that it rests on.
    pub parameters: Vec<AppliedParameter>,
}

/// Most rows that one calculation names.
const MOST_MATCHED: usize = 200;

/// A value in its unit.
type Figure = (Value, Unit);

struct Reckoning<'c, 'f> {
    case: &'c Case<'f>,
    terms: &'f Terms,
    steps: Vec<Words>,
    rows: Vec<MatchedRow>,
    parameters: Vec<AppliedParameter>,
    /// What tables said before, by table and output.
    known: BTreeMap<(String, Option<String>), (Answered, Unit)>,
    /// The rows that are noted.
    matched: BTreeSet<(String, usize)>,
}

impl Formula {
    /// Reckons it for a case.
    #[must_use]
    pub fn reckon(&self, case: &Case<'_>, terms: &Terms) -> Calculation {
        let mut reckoning = Reckoning {
            case,
            terms,
            steps: Vec::new(),
            rows: Vec::new(),
            parameters: Vec::new(),
            known: BTreeMap::new(),
            matched: BTreeSet::new(),
        };
        let result = match self {
            Self::Table(look_up) => reckoning.look_up(look_up),
            Self::Number(_)
            | Self::Parameter(_)
            | Self::Fact(_)
            | Self::Add(_)
            | Self::Subtract(_)
            | Self::Multiply(_)
            | Self::Divide(_)
            | Self::Min(_)
            | Self::Max(_)
            | Self::Clamp(_)
            | Self::Round(_) => {
                reckoning.figure(self).map(|(value, unit)| (value.literal(unit), value.words(unit)))
            }
        };
        let Reckoning { steps, rows, parameters, .. } = reckoning;
        Calculation { result, steps, rows, parameters }
    }

    /// It reads something that is for the company's eyes only.
    #[must_use]
    pub fn is_confidential(&self, terms: &Terms) -> bool {
        let mut found = false;
        self.each(&mut |node| match node {
            Self::Fact(reading) => found |= reading.of.is_confidential(terms),
            Self::Table(look_up) => {
                let table = terms.table(&look_up.table);
                found |= table.is_some_and(|table| {
                    table.sources().any(|source| source.is_confidential(terms))
                });
            }
            Self::Number(_)
            | Self::Parameter(_)
            | Self::Add(_)
            | Self::Subtract(_)
            | Self::Multiply(_)
            | Self::Divide(_)
            | Self::Min(_)
            | Self::Max(_)
            | Self::Clamp(_)
            | Self::Round(_) => {}
        });
        found
    }
}

fn too_large() -> Lack {
    Lack::open(formula::TOO_LARGE)
}

fn not_a_number() -> Lack {
    Lack::open(formula::WHAT_IS_NO_NUMBER)
}

/// Both reasons, each once.
fn both(one: Lack, other: Lack) -> Lack {
    let why = if one.why == other.why {
        one.why
    } else {
        Joined { of: &[one.why, other.why], between: common::BETWEEN_SENTENCES }.words()
    };
    Lack { missing: one.missing.and(other.missing), why }
}

/// A number in words; on the way it is shown to six decimal digits.
fn shown(number: Decimal, unit: Unit) -> Words {
    let short = number.round_dp(6);
    let words = unit.words(short.normalize());
    if short == number { words } else { formula::About { number: &words }.words() }
}

/// Numbers joined by a sign.
fn joined(parts: &[(Decimal, Unit)], between: Words) -> Words {
    let of: Vec<Words> = parts.iter().map(|(number, unit)| shown(*number, *unit)).collect();
    Joined { of: &of, between }.words()
}

/// The unit of numbers of one unit; counts and rates together are plain.
fn common(parts: &[(Decimal, Unit)]) -> Unit {
    let first = parts.first().map_or(Unit::Rate, |(_, unit)| *unit);
    let counts = parts.iter().all(|(_, unit)| *unit == Unit::Count);
    if first.is_plain() && !counts { Unit::Rate } else { first }
}

impl Reckoning<'_, '_> {
    fn figure(&mut self, formula: &Formula) -> Result<Figure, Lack> {
        if !self.case.take(1) {
            return Err(not_a_number());
        }
        match formula {
            Formula::Number(number) => {
                let currency = number.value.currency();
                let unit = match (number.unit, currency) {
                    (Some(unit), _) => Unit::of(unit.into(), currency),
                    (None, Some(currency)) => Some(Unit::Money(currency)),
                    (None, None) => Some(Unit::Rate),
                };
                let found = unit.and_then(|unit| Some((number.value.value(unit)?, unit)));
                found.ok_or_else(not_a_number)
            }
            Formula::Parameter(parameter) => self.parameter(&parameter.name),
            Formula::Fact(reading) => {
                let value = reading.of.read(self.case)?;
                let unit = reading
                    .of
                    .unit(self.terms.declared_facts())
                    .map_err(|fault| Lack::open(fault.message))?;
                self.read(&reading.of.label(Some(self.terms)), &reading.of.words(&value, unit));
                Ok((value, unit))
            }
            Formula::Table(look_up) => self.one_from_table(look_up),
            Formula::Add(_)
            | Formula::Subtract(_)
            | Formula::Multiply(_)
            | Formula::Divide(_)
            | Formula::Min(_)
            | Formula::Max(_)
            | Formula::Clamp(_)
            | Formula::Round(_) => {
                let parts = self.parts(formula)?;
                let (number, unit, words) = combined(formula, &parts)?;
                let outcome = shown(number, unit);
                self.steps.push(formula::Equals { of: &words, outcome: &outcome }.words());
                Ok((Value::Number(number), unit))
            }
        }
    }

    /// The numbers of the formulas right below one; everything that is missing for them is named.
    fn parts(&mut self, formula: &Formula) -> Result<Vec<(Decimal, Unit)>, Lack> {
        let (mut found, mut lack): (_, Option<Lack>) = (Vec::new(), None);
        for (_, part) in formula.parts() {
            let one = self
                .figure(part)
                .and_then(|(value, unit)| Ok((value.number().ok_or_else(not_a_number)?, unit)));
            match one {
                Ok(one) => found.push(one),
                Err(next) => {
                    lack = Some(match lack.take() {
                        Some(before) => both(before, next),
                        None => next,
                    });
                }
            }
        }
        lack.map_or(Ok(found), Err)
    }

    /// Notes a value that was read, once.
    fn read(&mut self, label: &Words, value: &Words) {
        let step = formula::Read { value: &value, what: &label }.words();
        if !self.steps.contains(&step) {
            self.steps.push(step);
        }
    }

    fn parameter(&mut self, name: &str) -> Result<Figure, Lack> {
        let basis = Reference::from(self.terms.basis());
        let marked = self.case.disputed(basis.fact()).and(self.case.not_applicable(basis.fact()));
        let day = match marked.iter().next() {
            Some(fact) => Err(fact),
            None => self.case.reference(basis),
        };
        let found = self.terms.value(name, day).map_err(|why| {
            let label = self.terms.parameter(name).map(|parameter| parameter.label.clone());
            let label = label.unwrap_or_else(|| name.words());
            let missing = match why {
                NoValue::NoDay(fact) => FactSet::of(&[fact]),
                NoValue::NoneOn(_) | NoValue::NoParameter => FactSet::NONE,
            };
            Lack { missing, why: no_value(&label, why) }
        })?;
        let applied = AppliedParameter {
            name: name.to_owned(),
            label: found.parameter.label.clone(),
            value: found.value.literal(found.unit),
            from: found.from,
        };
        let value = found.value.words(found.unit);
        let told = match &found.from {
            Some(day) => formula::ValueSince { value: &value, day }.words(),
            None => value,
        };
        self.read(&found.parameter.label, &told);
        if !self.parameters.contains(&applied) {
            self.parameters.push(applied);
        }
        Ok((found.value, found.unit))
    }

    fn one_from_table(&mut self, look_up: &LookUp) -> Result<Figure, Lack> {
        let (answered, unit) = self.answered(look_up)?;
        match answered {
            Answered::Value(value) => Ok((value, unit)),
            Answered::List(_)
            | Answered::NoRow
            | Answered::Conflict
            | Answered::TooLarge
            | Answered::Unknown => Err(not_a_number()),
        }
    }

    fn look_up(&mut self, look_up: &LookUp) -> Result<(Literal, Words), Lack> {
        let (answered, unit) = self.answered(look_up)?;
        match answered {
            Answered::Value(value) => Ok((value.literal(unit), value.words(unit))),
            Answered::List(values) => {
                let words: Vec<Words> = values.iter().map(|value| value.words(unit)).collect();
                let list = values.iter().map(|value| value.literal(unit)).collect();
                Ok((Literal::List(list), listed(&words).words()))
            }
            Answered::NoRow | Answered::Conflict | Answered::TooLarge | Answered::Unknown => {
                Err(not_a_number())
            }
        }
    }

    /// What a table says, noted with its rows; what it cannot say is told with its reason.
    fn answered(&mut self, look_up: &LookUp) -> Result<(Answered, Unit), Lack> {
        // A table says the same however often it is asked.
        let key = (look_up.table.clone(), look_up.output.clone());
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let missing = || Lack::open(formula::NO_SUCH_TABLE);
        let table = self.terms.table(&look_up.table).ok_or_else(missing)?;
        let output = table.output(look_up.output.as_deref()).ok_or_else(missing)?;
        let unit = table.unit(output).ok_or_else(missing)?;
        let answer = table.answer(self.case, output);
        if let Some(why) = answer.why {
            return Err(Lack { missing: answer.missing, why });
        }
        let told = match &answer.answered {
            Answered::Value(value) => value.words(unit),
            Answered::List(_)
            | Answered::NoRow
            | Answered::Conflict
            | Answered::TooLarge
            | Answered::Unknown => Words::default(),
        };
        let (title, output) = (table.title(), table.output_label(output));
        self.read(
            &formula::RowOfTable {
                table: title,
                rows: &table.cited_rows(&answer.rows),
                output: &output,
            }
            .words(),
            &told,
        );
        let matched =
            |row: usize| MatchedRow { table: table.id().to_owned(), row, id: table.row_id(row) };
        for row in answer.rows.iter().take(MOST_MATCHED) {
            if self.matched.insert((look_up.table.clone(), row)) && self.rows.len() < MOST_MATCHED {
                self.rows.push(matched(row));
            }
        }
        self.known.insert(key, (answer.answered.clone(), unit));
        Ok((answer.answered, unit))
    }
}

/// The number that a node makes of those below it, with what it did in words.
fn combined(formula: &Formula, parts: &[(Decimal, Unit)]) -> Result<(Decimal, Unit, Words), Lack> {
    let numbers = || parts.iter().map(|(number, _)| *number);
    let (first, unit) =
        parts.first().map(|(number, _)| (*number, common(parts))).ok_or_else(not_a_number)?;
    let rest = || numbers().skip(1);
    let arguments = || joined(parts, formula::BETWEEN_ARGUMENTS);
    Ok(match formula {
        Formula::Add(_) => {
            let sum = rest().try_fold(first, Decimal::checked_add).ok_or_else(too_large)?;
            (sum, unit, joined(parts, formula::PLUS))
        }
        Formula::Subtract(_) => {
            let difference = rest().try_fold(first, Decimal::checked_sub).ok_or_else(too_large)?;
            (difference, unit, joined(parts, formula::MINUS))
        }
        Formula::Multiply(_) => {
            let product = rest().try_fold(first, Decimal::checked_mul).ok_or_else(too_large)?;
            let measured = parts.iter().map(|(_, unit)| *unit).find(|unit| !unit.is_plain());
            (product, measured.unwrap_or(unit), joined(parts, formula::TIMES))
        }
        Formula::Divide(_) => quotient(parts)?,
        Formula::Min(_) => {
            (rest().fold(first, Decimal::min), unit, formula::Least { of: &arguments() }.words())
        }
        Formula::Max(_) => {
            (rest().fold(first, Decimal::max), unit, formula::Most { of: &arguments() }.words())
        }
        Formula::Clamp(clamp) => {
            let mut bounds = rest();
            let least = clamp.at_least.as_ref().and_then(|_| bounds.next());
            let most = clamp.at_most.as_ref().and_then(|_| bounds.next());
            let kept = least.map_or(first, |least| first.max(least));
            (
                most.map_or(kept, |most| kept.min(most)),
                unit,
                formula::Within { of: &arguments() }.words(),
            )
        }
        Formula::Round(round) => {
            let rounded = rounded(first, round.mode, round.digits).ok_or_else(too_large)?;
            (rounded, unit, rounding_words(first, unit, round.mode))
        }
        Formula::Number(_) | Formula::Parameter(_) | Formula::Fact(_) | Formula::Table(_) => {
            return Err(not_a_number());
        }
    })
}

fn quotient(parts: &[(Decimal, Unit)]) -> Result<(Decimal, Unit, Words), Lack> {
    let [(of, unit), (by, other)] = parts else { return Err(not_a_number()) };
    if by.is_zero() {
        return Err(Lack::open(
            formula::DividesByZero { quotient: &joined(parts, formula::DIVIDED_BY) }.words(),
        ));
    }
    let quotient = of.checked_div(*by).ok_or_else(too_large)?;
    let unit = if unit.is_plain() || !other.is_plain() { Unit::Rate } else { *unit };
    Ok((quotient, unit, joined(parts, formula::DIVIDED_BY)))
}

fn rounded(number: Decimal, mode: Rounding, digits: i8) -> Option<Decimal> {
    let strategy = match mode {
        Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
        Rounding::Down => RoundingStrategy::ToZero,
        Rounding::Up => RoundingStrategy::AwayFromZero,
    };
    if let Ok(digits) = u32::try_from(digits) {
        return Some(number.round_dp_with_strategy(digits, strategy));
    }
    let unit = Decimal::from(10_i64.checked_pow(u32::from(digits.unsigned_abs()))?);
    number.checked_div(unit)?.round_dp_with_strategy(0, strategy).checked_mul(unit)
}

fn rounding_words(number: Decimal, unit: Unit, mode: Rounding) -> Words {
    let number = &shown(number, unit);
    match mode {
        Rounding::HalfUp => formula::RoundedHalfUp { number }.words(),
        Rounding::HalfEven => formula::RoundedHalfToEven { number }.words(),
        Rounding::Down => formula::RoundedDown { number }.words(),
        Rounding::Up => formula::RoundedUp { number }.words(),
    }
}
