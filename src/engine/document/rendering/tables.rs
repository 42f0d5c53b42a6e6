//! Decision tables as they are printed: what each row wants, and what it gives.

use super::formulas::literal;
use crate::facts::{Labelled as _, names};
use crate::messages::{Said as _, cells, differences, listed, measures};
use crate::values::table::{Cell, CellBounds, DecisionTable, Row, TableInput, TableOutput};
use crate::values::terms::Terms;
use crate::values::{Literal, Unit};
use crate::words::Words;

/// Returns what a table is, its rows aside.
pub(crate) fn head(table: &DecisionTable, terms: &Terms) -> Words {
    let columns = columns(table, terms);
    let (inputs, outputs) = columns.split_at_checked(table.inputs.len()).unwrap_or((&columns, &[]));
    let (title, policy) = (&table.title, &table.hit_policy.label());
    differences::TableWords { title, policy, inputs: &listed(inputs), outputs: &listed(outputs) }
        .words()
}

/// Returns a row of a table as one phrase.
pub(crate) fn row(table: &DecisionTable, row: &Row, terms: &Terms) -> Words {
    let named = named(table, row, terms);
    phrase(named.split_at_checked(table.inputs.len()).unwrap_or((&named, &[])))
}

/// Returns the cells of a row with their columns in which it differs from one of another version of
/// its table, as one phrase for each; none where the columns are others, or all are the same.
pub(crate) fn differing(
    (table, row): (&DecisionTable, &Row),
    (other_table, other_row): (&DecisionTable, &Row),
    (terms, other_terms): (&Terms, &Terms),
) -> Option<(Words, Words)> {
    let (one, other) = (named(table, row, terms), named(other_table, other_row, other_terms));
    let inputs = table.inputs.len();
    if one.len() != other.len() || inputs != other_table.inputs.len() {
        return None;
    }
    let (mut when, mut then) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
    for (index, (one, other)) in
        one.into_iter().zip(other).enumerate().filter(|(_, (one, other))| one != other)
    {
        let side = if index < inputs { &mut when } else { &mut then };
        side.0.push(one);
        side.1.push(other);
    }
    let differs = !when.0.is_empty() || !then.0.is_empty();
    differs.then(|| (phrase((&when.0, &then.0)), phrase((&when.1, &then.1))))
}

/// Returns what cells want and give as one phrase.
fn phrase((when, then): (&[Words], &[Words])) -> Words {
    match (when.is_empty(), then.is_empty()) {
        (true, _) => listed(then).words(),
        (false, true) => listed(when).words(),
        (false, false) => {
            differences::RowWords { when: &listed(when), then: &listed(then) }.words()
        }
    }
}

/// Returns the cells of a row, each with what its column is called.
fn named(table: &DecisionTable, row: &Row, terms: &Terms) -> Vec<Words> {
    let named = columns(table, terms).into_iter().zip(cells(table, row, terms));
    named.map(|(column, cell)| cells::Column { column: &column, cell: &cell }.words()).collect()
}

/// Returns what the columns of a table are called, inputs first.
pub(crate) fn columns(table: &DecisionTable, terms: &Terms) -> Vec<Words> {
    let inputs = table.inputs.iter().map(|input| input.of.label(Some(terms)));
    inputs.chain(table.outputs.iter().map(|output| output.label.clone())).collect()
}

/// Returns what stands in the cells of a row.
pub(crate) fn cells(table: &DecisionTable, row: &Row, terms: &Terms) -> Vec<Words> {
    let when = table.inputs.iter().zip(&row.when).map(|(input, cell)| wanted(input, cell, terms));
    when.chain(table.outputs.iter().zip(&row.then).map(|(output, value)| given(output, value)))
        .collect()
}

/// Returns what a cell wants.
fn wanted(input: &TableInput, cell: &Cell, terms: &Terms) -> Words {
    let unit = input.of.unit(terms.declared_facts()).ok();
    let said = |value: &Literal| {
        let known = unit.and_then(|unit| Some(input.of.words(&value.value(unit)?, unit)));
        known.unwrap_or_else(|| value.to_string().words())
    };
    let several = |values: &[Literal]| listed(&values.iter().map(said).collect::<Vec<_>>()).words();
    match cell {
        Cell::Any => cells::ANY,
        Cell::Equal(value) => said(value),
        Cell::In(values) => several(values),
        Cell::Bounds(CellBounds { at_least, above, at_most, below, none_of, known }) => {
            let bounds = [
                at_least.as_ref().map(|value| measures::AtLeast { value: &said(value) }.words()),
                above.as_ref().map(|value| cells::Above { value: &said(value) }.words()),
                at_most.as_ref().map(|value| measures::AtMost { value: &said(value) }.words()),
                below.as_ref().map(|value| cells::Below { value: &said(value) }.words()),
                (!none_of.is_empty()).then(|| cells::NoneOf { values: &several(none_of) }.words()),
                known.map(|known| if known { cells::KNOWN } else { cells::UNKNOWN }),
            ];
            listed(&bounds.into_iter().flatten().collect::<Vec<_>>()).words()
        }
    }
}

/// Returns what a row gives.
fn given(output: &TableOutput, value: &Literal) -> Words {
    match (Unit::of(output.value_type, output.currency), value) {
        (Some(Unit::Text), Literal::Text(code)) => names::called(code, |_| None),
        (unit, value) => literal(value, unit),
    }
}
