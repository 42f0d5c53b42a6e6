//! A formula as it is written in a text: `最小（月額 × 12、500,000円）`.

use rust_decimal::Decimal;

use crate::messages::{Joined, Said as _, clauses, formula, listed, measures};
use crate::values::formula::{Clamp, Formula, LookUp, Number, Round, Rounding};
use crate::values::terms::Terms;
use crate::values::{Literal, Unit};
use crate::words::Words;

/// Returns a formula in words, by what the head of its document says.
pub(crate) fn formula(of: &Formula, terms: &Terms) -> Words {
    match of {
        Formula::Number(number) => number_words(number),
        Formula::Parameter(parameter) => {
            let known = terms.parameter(&parameter.name);
            known.map_or_else(|| parameter.name.words(), |known| known.label.clone())
        }
        Formula::Fact(reading) => reading.of.label(Some(terms)),
        Formula::Table(look_up) => {
            let (table, output) = looked_up(look_up, terms);
            clauses::formula::Table { table: &table, output: &output }.words()
        }
        Formula::Add(add) => joined(&add.of, formula::PLUS, terms),
        Formula::Multiply(multiply) => joined(&multiply.of, formula::TIMES, terms),
        Formula::Subtract(subtract) => {
            joined([&*subtract.from, &*subtract.less], formula::MINUS, terms)
        }
        Formula::Divide(divide) => joined([&*divide.of, &*divide.by], formula::DIVIDED_BY, terms),
        Formula::Min(least) => formula::Least { of: &arguments(&least.of, terms) }.words(),
        Formula::Max(most) => formula::Most { of: &arguments(&most.of, terms) }.words(),
        Formula::Clamp(clamp) => clamped(clamp, terms),
        Formula::Round(round) => rounded(round, terms),
    }
}

/// Returns what the table and the output of a look-up are called.
pub(crate) fn looked_up(look_up: &LookUp, terms: &Terms) -> (Words, Words) {
    let table = terms.table(&look_up.table);
    let output =
        table.and_then(|table| Some(table.output_label(table.output(look_up.output.as_deref())?)));
    let title = table.map_or_else(|| look_up.table.words(), |table| table.title().clone());
    (title, output.unwrap_or_else(|| look_up.output.words()))
}

fn number_words(number: &Number) -> Words {
    let currency = number.value.currency();
    let unit = match (number.unit, currency) {
        (Some(unit), currency) => Unit::of(unit.into(), currency),
        (None, Some(currency)) => Some(Unit::Money(currency)),
        (None, None) => Some(Unit::Rate),
    };
    literal(&number.value, unit)
}

/// Returns a value in words; as it is written, where it is none of the unit.
pub(super) fn literal(value: &Literal, unit: Option<Unit>) -> Words {
    let known = unit.and_then(|unit| Some(value.value(unit)?.words(unit)));
    known.unwrap_or_else(|| value.to_string().words())
}

fn joined<'f>(of: impl IntoIterator<Item = &'f Formula>, between: Words, terms: &Terms) -> Words {
    let parts: Vec<Words> = of.into_iter().map(|part| operand(part, terms)).collect();
    Joined { of: &parts, between }.words()
}

/// Returns a formula that stands beside a sign: in brackets, where it has a sign of its own.
fn operand(of: &Formula, terms: &Terms) -> Words {
    let words = formula(of, terms);
    match of {
        Formula::Add(_)
        | Formula::Subtract(_)
        | Formula::Multiply(_)
        | Formula::Divide(_)
        | Formula::Round(_) => clauses::formula::Brackets { of: &words }.words(),
        Formula::Number(_)
        | Formula::Parameter(_)
        | Formula::Fact(_)
        | Formula::Table(_)
        | Formula::Min(_)
        | Formula::Max(_)
        | Formula::Clamp(_) => words,
    }
}

fn arguments(of: &[Formula], terms: &Terms) -> Words {
    let parts: Vec<Words> = of.iter().map(|part| formula(part, terms)).collect();
    Joined { of: &parts, between: formula::BETWEEN_ARGUMENTS }.words()
}

fn clamped(clamp: &Clamp, terms: &Terms) -> Words {
    let bound = |of: &Option<Box<Formula>>| of.as_deref().map(|of| operand(of, terms));
    let least = bound(&clamp.at_least).map(|value| measures::AtLeast { value: &value }.words());
    let most = bound(&clamp.at_most).map(|value| measures::AtMost { value: &value }.words());
    let bounds: Vec<Words> = least.into_iter().chain(most).collect();
    clauses::formula::Bounded { of: &operand(&clamp.of, terms), bounds: &listed(&bounds) }.words()
}

fn rounded(round: &Round, terms: &Terms) -> Words {
    let number = &operand(&round.of, terms);
    let rounded = &match round.mode {
        Rounding::HalfUp => formula::RoundedHalfUp { number }.words(),
        Rounding::HalfEven => formula::RoundedHalfToEven { number }.words(),
        Rounding::Down => formula::RoundedDown { number }.words(),
        Rounding::Up => formula::RoundedUp { number }.words(),
    };
    match (round.digits, 10_i64.checked_pow(u32::from(round.digits.unsigned_abs()))) {
        (0, _) | (_, None) => rounded.clone(),
        (digits @ 1.., _) => {
            clauses::formula::Decimals { rounded, digits: &i32::from(digits) }.words()
        }
        (_, Some(unit)) => clauses::formula::Tens { rounded, unit: &Decimal::from(unit) }.words(),
    }
}
