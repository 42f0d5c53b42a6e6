//! From a table as it is written to one that runs: every cell in the type of its column.

use chrono::{Datelike as _, NaiveDate};

use super::{
    Cell, CellBounds, DecisionTable, HitPolicy, MOST_COLUMNS, MOST_ROWS, RowSet, TableInput,
    TableOutput,
};
use crate::messages::{InEnglish, Said as _, document, table};
use crate::values::source::Domain;
use crate::values::terms::parameter::{too_many, twice};
use crate::values::terms::{DeclaredFact, declared::currency_fault};
use crate::values::{Literal, Source, Unit, Value};
use crate::words::{Fault, Words};

/// The stretches of a column between which nothing changes.
#[derive(Debug)]
pub(super) enum Scale {
    /// Numbers or days: stretch 0 ends before the first of these, each other begins with one.
    Numbers(Vec<i64>),
    /// Each of these texts, in order, and after them every other text.
    Texts(Vec<String>),
    /// No, then yes.
    Booleans,
}

/// What a cell accepts: stretches from one to before another, and whether nothing need be known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Span {
    pub(super) stretches: Vec<(usize, usize)>,
    pub(super) unknown: bool,
}

/// A column that is looked at.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) unit: Unit,
    pub(super) scale: Scale,
    /// Stretches that the source can have values in.
    pub(super) inside: Vec<bool>,
    /// Which rows accept each stretch.
    pub(super) accepts: Vec<RowSet>,
    /// Which rows accept it when nothing is known.
    pub(super) unknown: RowSet,
    /// Some cell speaks of nothing being known: it is a case of its own then, and stands for no
    /// value.
    pub(super) has_unknown: bool,
    /// What each row accepts.
    pub(super) spans: Vec<Span>,
}

/// A column that is answered.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) label: Words,
    pub(super) unit: Unit,
    pub(super) members: Vec<String>,
}

/// A row's answers.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) id: Option<String>,
    pub(super) priority: Option<u16>,
    pub(super) then: Vec<Value>,
}

/// A table that runs.
#[derive(Debug)]
pub struct CompiledTable {
    pub(super) id: String,
    pub(super) title: Words,
    pub(super) policy: HitPolicy,
    pub(super) columns: Vec<Column>,
    pub(super) outputs: Vec<Output>,
    pub(super) rows: Vec<Answers>,
}

impl CompiledTable {
    /// Prepares a table among the facts that its document declares.
    ///
    /// # Errors
    /// Everything in it that cannot be meant, at pointers below its own.
    pub fn new(table: &DecisionTable, declared: &[DeclaredFact]) -> Result<Self, Vec<Fault>> {
        let mut faults = shape_faults(table);
        if !faults.is_empty() {
            return Err(faults);
        }
        let count = table.rows.len();
        let mut columns = Vec::new();
        for (index, input) in table.inputs.iter().enumerate() {
            let cells: Vec<&Cell> =
                table.rows.iter().filter_map(|row| row.when.get(index)).collect();
            match column(input, index, &cells, declared) {
                Ok(column) => columns.push(column),
                Err(found) => faults.extend(found),
            }
        }
        let outputs: Vec<Option<Output>> = table
            .outputs
            .iter()
            .enumerate()
            .map(|(index, one)| output(one, index, table.hit_policy, &mut faults))
            .collect();
        let mut rows = Vec::with_capacity(count);
        for (index, row) in table.rows.iter().enumerate() {
            let then = row.then.iter().zip(&outputs).enumerate().filter_map(
                |(place, (literal, output))| {
                    let output = output.as_ref()?;
                    let value = literal
                        .value(output.unit)
                        .filter(|value| is_member(value, &output.members));
                    if value.is_none() {
                        faults.push(wrong_unit(format!("/rows/{index}/then/{place}"), output.unit));
                    }
                    value
                },
            );
            rows.push(Answers { id: row.id.clone(), priority: row.priority, then: then.collect() });
            if row.priority.is_some() && table.hit_policy != HitPolicy::Priority {
                faults.push(Fault::new(
                    format!("/rows/{index}/priority"),
                    "contradictory",
                    table::NO_PRIORITIES,
                ));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let outputs = outputs.into_iter().flatten().collect();
        Ok(Self {
            id: table.id.clone(),
            title: table.title.clone(),
            policy: table.hit_policy,
            columns,
            outputs,
            rows,
        })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is called.
    #[must_use]
    pub const fn title(&self) -> &Words {
        &self.title
    }

    /// Where an output stands; the only one, when none is named.
    #[must_use]
    pub fn output(&self, name: Option<&str>) -> Option<usize> {
        match name {
            Some(name) => self.outputs.iter().position(|output| output.name == name),
            None => (self.outputs.len() == 1).then_some(0),
        }
    }

    /// The names of its outputs.
    pub fn output_names(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|output| output.name.as_str())
    }

    /// What an output is called.
    #[must_use]
    pub fn output_label(&self, output: usize) -> Words {
        self.outputs.get(output).map(|output| output.label.clone()).unwrap_or_default()
    }

    /// The unit of an output, as it is answered.
    #[must_use]
    pub fn unit(&self, output: usize) -> Option<Unit> {
        let unit = self.outputs.get(output)?.unit;
        Some(if self.policy == HitPolicy::CollectCount { Unit::Count } else { unit })
    }

    /// Its answer is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.policy == HitPolicy::CollectList
    }

    /// What it reads.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.columns.iter().map(|column| &column.source)
    }

    /// The id of a row, where it has one.
    #[must_use]
    pub fn row_id(&self, row: usize) -> Option<String> {
        self.rows.get(row).and_then(|row| row.id.clone())
    }

    /// How a row is cited: its id, or its number from 1 on.
    #[must_use]
    pub fn cited(&self, row: usize) -> String {
        self.row_id(row).unwrap_or_else(|| (row + 1).to_string())
    }
}

impl Column {
    /// How many stretches there are.
    pub(super) const fn stretches(&self) -> usize {
        self.accepts.len()
    }

    /// The stretch that a value lies in.
    pub(super) fn stretch(&self, value: &Value) -> Option<usize> {
        match (&self.scale, value) {
            (Scale::Numbers(cuts), Value::Number(number)) => {
                let number = i64::try_from(*number).ok()?;
                Some(cuts.partition_point(|cut| *cut <= number))
            }
            (Scale::Numbers(cuts), Value::Date(day)) => {
                Some(cuts.partition_point(|cut| *cut <= days(*day)))
            }
            (Scale::Texts(known), Value::Text(text)) => {
                Some(known.binary_search_by(|one| one.as_str().cmp(text)).unwrap_or(known.len()))
            }
            (Scale::Booleans, Value::Boolean(yes)) => Some(usize::from(*yes)),
            (Scale::Numbers(_) | Scale::Texts(_) | Scale::Booleans, _) => None,
        }
    }
}

/// A day as a number.
pub(super) fn days(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

fn is_member(value: &Value, members: &[String]) -> bool {
    match value {
        Value::Text(text) => members.is_empty() || members.contains(text),
        Value::Number(_) | Value::Boolean(_) | Value::Date(_) => true,
    }
}

fn wrong_unit(at: String, unit: Unit) -> Fault {
    let name = unit.name();
    Fault::new(at, "wrong_unit", table::ColumnType { wanted: &name }.words())
}

/// What is wrong before any cell is looked at.
fn shape_faults(table: &DecisionTable) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (is_empty, at) in [
        (table.inputs.is_empty(), "/inputs"),
        (table.outputs.is_empty(), "/outputs"),
        (table.rows.is_empty(), "/rows"),
        (table.id.trim().is_empty(), "/id"),
    ] {
        faults.extend(is_empty.then(|| Fault::new(at, "empty", document::NAME_AT_LEAST_ONE)));
    }
    if table.rows.len() > MOST_ROWS {
        faults.push(too_many("/rows", MOST_ROWS));
    }
    if table.inputs.len() + table.outputs.len() > MOST_COLUMNS {
        faults.push(too_many("/inputs", MOST_COLUMNS));
    }
    faults.extend(twice(table.inputs.iter().map(|input| input.name.as_str()), "/inputs", "name"));
    faults.extend(twice(
        table.outputs.iter().map(|output| output.name.as_str()),
        "/outputs",
        "name",
    ));
    for (index, row) in table.rows.iter().enumerate().take(MOST_ROWS) {
        for (found, wanted, list) in [
            (row.when.len(), table.inputs.len(), "when"),
            (row.then.len(), table.outputs.len(), "then"),
        ] {
            let words = || table::WrongLength { found: &InEnglish(found), wanted: &wanted }.words();
            faults.extend(
                (found != wanted)
                    .then(|| Fault::new(format!("/rows/{index}/{list}"), "wrong_length", words())),
            );
        }
    }
    faults
}

fn output(
    output: &TableOutput,
    index: usize,
    policy: HitPolicy,
    faults: &mut Vec<Fault>,
) -> Option<Output> {
    let Some(unit) = Unit::of(output.value_type, output.currency) else {
        faults.push(currency_fault(&format!("/outputs/{index}/currency"), output.value_type));
        return None;
    };
    let needs_number =
        matches!(policy, HitPolicy::CollectSum | HitPolicy::CollectMin | HitPolicy::CollectMax);
    if needs_number && !unit.is_number() {
        faults.push(Fault::new(
            format!("/outputs/{index}/type"),
            "contradictory",
            table::ONLY_NUMBERS_ARE_COLLECTED,
        ));
    }
    if !output.members.is_empty() && unit != Unit::Text {
        faults.push(Fault::new(
            format!("/outputs/{index}/members"),
            "contradictory",
            document::NOT_OF_THIS_TYPE,
        ));
    }
    Some(Output {
        name: output.name.clone(),
        label: output.label.clone(),
        unit,
        members: output.members.clone(),
    })
}

fn column(
    input: &TableInput,
    index: usize,
    cells: &[&Cell],
    declared: &[DeclaredFact],
) -> Result<Column, Vec<Fault>> {
    let at = format!("/inputs/{index}");
    let unit = input.of.unit(declared).map_err(|fault| vec![fault.below(&format!("{at}/of"))])?;
    if unit == Unit::Rate {
        return Err(vec![Fault::new(format!("{at}/of"), "not_a_column", table::NO_DECIMALS)]);
    }
    let mut faults = Vec::new();
    let mut wanted = Vec::with_capacity(cells.len());
    for (row, cell) in cells.iter().enumerate() {
        match Wanted::of(cell, unit) {
            Ok(one) => wanted.push(one),
            Err((code, words)) => {
                faults.push(Fault::new(format!("/rows/{row}/when/{index}"), code, words))
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let domain = input.of.domain(unit, declared);
    let (scale, inside) = scale(&wanted, &domain);
    let spans: Vec<Span> = wanted.iter().map(|one| one.span(&scale, inside.len())).collect();
    let (accepts, unknown) = accepted(&spans, inside.len());
    let has_unknown = wanted.iter().any(|one| matches!(one, Wanted::Known(false)));
    let (name, source) = (input.name.clone(), input.of.clone());
    Ok(Column { name, source, unit, scale, inside, accepts, unknown, has_unknown, spans })
}

/// A cell in the type of its column.
enum Wanted {
    Any,
    Known(bool),
    /// From the first to before the last.
    Range(i64, i64),
    Numbers(Vec<i64>),
    Texts(Vec<String>),
    NoneOf(Vec<String>),
    Booleans(Vec<bool>),
}

type Mistake = (&'static str, Words);

fn mistaken(unit: Unit) -> Mistake {
    let fault = wrong_unit(String::new(), unit);
    ("wrong_unit", fault.message)
}

impl Wanted {
    fn of(cell: &Cell, unit: Unit) -> Result<Self, Mistake> {
        match cell {
            Cell::Any => Ok(Self::Any),
            Cell::Equal(value) => Self::several(std::slice::from_ref(value), unit),
            Cell::In(values) => Self::several(values, unit),
            Cell::Bounds(bounds) => Self::bounds(bounds, unit),
        }
    }

    fn several(values: &[Literal], unit: Unit) -> Result<Self, Mistake> {
        let typed: Option<Vec<Value>> = values.iter().map(|value| value.value(unit)).collect();
        let typed = typed.ok_or_else(|| mistaken(unit))?;
        Ok(match unit {
            Unit::Text => Self::Texts(typed.into_iter().filter_map(text).collect()),
            Unit::Boolean => Self::Booleans(typed.iter().filter_map(yes).collect()),
            Unit::Count
            | Unit::Months
            | Unit::Days
            | Unit::Years
            | Unit::Hours
            | Unit::Rate
            | Unit::Money(_)
            | Unit::Date => {
                let numbers: Option<Vec<i64>> = typed.iter().map(number).collect();
                Self::Numbers(numbers.ok_or_else(|| mistaken(unit))?)
            }
        })
    }

    fn bounds(bounds: &CellBounds, unit: Unit) -> Result<Self, Mistake> {
        let CellBounds { at_least, above, at_most, below, none_of, known } = bounds;
        let ends = [at_least, above, at_most, below].into_iter().flatten().count();
        let is_twice =
            at_least.is_some() && above.is_some() || at_most.is_some() && below.is_some();
        let kinds =
            usize::from(ends > 0) + usize::from(!none_of.is_empty()) + usize::from(known.is_some());
        if is_twice || kinds != 1 {
            return Err(("contradictory", table::ONE_KIND_OF_BOUND));
        }
        if let Some(known) = known {
            return Ok(Self::Known(*known));
        }
        if !none_of.is_empty() {
            let texts: Option<Vec<String>> = none_of
                .iter()
                .map(|value| value.value(unit).filter(|_| unit == Unit::Text).and_then(text))
                .collect();
            return texts.map(Self::NoneOf).ok_or_else(|| mistaken(unit));
        }
        let end = |literal: &Option<Literal>, beyond: i64| match literal {
            None => Ok(None),
            Some(literal) => {
                let found =
                    literal.value(unit).as_ref().and_then(number).ok_or_else(|| mistaken(unit))?;
                Ok(Some(found.saturating_add(beyond)))
            }
        };
        let from = end(at_least, 0)?.or(end(above, 1)?).unwrap_or(i64::MIN);
        let to = end(below, 0)?.or(end(at_most, 1)?).unwrap_or(i64::MAX);
        Ok(Self::Range(from, to))
    }

    fn span(&self, scale: &Scale, stretches: usize) -> Span {
        let of = |stretches: Vec<(usize, usize)>, unknown| Span { stretches, unknown };
        match (self, scale) {
            (Self::Any, _) => of(vec![(0, stretches)], true),
            (Self::Known(true), _) => of(vec![(0, stretches)], false),
            (Self::Known(false), _) => of(Vec::new(), true),
            (Self::Range(from, to), Scale::Numbers(cuts)) => {
                let place = |number: i64| cuts.partition_point(|cut| *cut <= number);
                // The last stretch has no end; what ends nowhere holds it.
                let end = if *to == i64::MAX { stretches } else { place(*to) };
                let begin = if *from == i64::MIN { 0 } else { place(*from) };
                of(merged(vec![(begin, end)]), false)
            }
            (Self::Numbers(numbers), Scale::Numbers(cuts)) => {
                let single = |number: &i64| cuts.partition_point(|cut| cut <= number);
                of(
                    merged(
                        numbers.iter().map(|number| (single(number), single(number) + 1)).collect(),
                    ),
                    false,
                )
            }
            (Self::Texts(texts), Scale::Texts(known)) => {
                let places = texts.iter().filter_map(|text| known.binary_search(text).ok());
                of(merged(places.map(|place| (place, place + 1)).collect()), false)
            }
            (Self::NoneOf(texts), Scale::Texts(known)) => {
                let left = (0..stretches)
                    .filter(|place| known.get(*place).is_none_or(|text| !texts.contains(text)));
                of(merged(left.map(|place| (place, place + 1)).collect()), false)
            }
            (Self::Booleans(values), Scale::Booleans) => of(
                merged(
                    values.iter().map(|yes| (usize::from(*yes), usize::from(*yes) + 1)).collect(),
                ),
                false,
            ),
            (
                Self::Range(..)
                | Self::Numbers(_)
                | Self::Texts(_)
                | Self::NoneOf(_)
                | Self::Booleans(_),
                Scale::Numbers(_) | Scale::Texts(_) | Scale::Booleans,
            ) => Span::default(),
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        Value::Number(_) | Value::Boolean(_) | Value::Date(_) => None,
    }
}

const fn yes(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(yes) => Some(*yes),
        Value::Number(_) | Value::Text(_) | Value::Date(_) => None,
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => i64::try_from(*number).ok(),
        Value::Date(day) => Some(days(*day)),
        Value::Text(_) | Value::Boolean(_) => None,
    }
}

/// Stretches in order, those that touch as one; empty ones left out.
fn merged(mut stretches: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    stretches.retain(|(from, to)| from < to);
    stretches.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (from, to) in stretches {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// The stretches of a column, and in which of them its source can have values.
fn scale(wanted: &[Wanted], domain: &Domain) -> (Scale, Vec<bool>) {
    match domain {
        Domain::Booleans => (Scale::Booleans, vec![true; 2]),
        Domain::Range(least, most) => {
            let mut cuts: Vec<i64> = Vec::new();
            for one in wanted {
                match one {
                    Wanted::Range(from, to) => cuts.extend([*from, *to]),
                    Wanted::Numbers(numbers) => {
                        cuts.extend(numbers.iter().flat_map(|one| [*one, one.saturating_add(1)]))
                    }
                    Wanted::Any
                    | Wanted::Known(_)
                    | Wanted::Texts(_)
                    | Wanted::NoneOf(_)
                    | Wanted::Booleans(_) => {}
                }
            }
            cuts.extend([*least, most.saturating_add(1)]);
            cuts.retain(|cut| !matches!(*cut, i64::MIN | i64::MAX));
            cuts.sort_unstable();
            cuts.dedup();
            let begins = std::iter::once(i64::MIN).chain(cuts.iter().copied());
            let inside = begins.map(|begin| *least <= begin && begin <= *most).collect();
            (Scale::Numbers(cuts), inside)
        }
        Domain::Members(_) | Domain::Texts => {
            let members: &[String] =
                if let Domain::Members(members) = domain { members } else { &[] };
            let mut known: Vec<String> = members.to_vec();
            for one in wanted {
                match one {
                    Wanted::Texts(texts) | Wanted::NoneOf(texts) => {
                        known.extend(texts.iter().cloned())
                    }
                    Wanted::Any
                    | Wanted::Known(_)
                    | Wanted::Range(..)
                    | Wanted::Numbers(_)
                    | Wanted::Booleans(_) => {}
                }
            }
            known.sort_unstable();
            known.dedup();
            let is_open = *domain == Domain::Texts;
            let inside = known
                .iter()
                .map(|text| is_open || members.contains(text))
                .chain([is_open])
                .collect();
            (Scale::Texts(known), inside)
        }
    }
}

/// Which rows accept each stretch, and which accept it when nothing is known.
fn accepted(spans: &[Span], stretches: usize) -> (Vec<RowSet>, RowSet) {
    let (mut begins, mut ends) = (vec![Vec::new(); stretches], vec![Vec::new(); stretches + 1]);
    let mut unknown = RowSet::none(spans.len());
    for (row, span) in spans.iter().enumerate() {
        for (from, to) in &span.stretches {
            if let (Some(begin), Some(end)) = (begins.get_mut(*from), ends.get_mut(*to)) {
                begin.push(row);
                end.push(row);
            }
        }
        if span.unknown {
            unknown.insert(row);
        }
    }
    let mut open = RowSet::none(spans.len());
    let sets = begins.iter().zip(&ends).map(|(begin, end)| {
        end.iter().for_each(|row| open.remove(*row));
        begin.iter().for_each(|row| open.insert(*row));
        open.clone()
    });
    (sets.collect(), unknown)
}
