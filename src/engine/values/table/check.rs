//! What a table says twice, not at all, or for nothing. Pure: the same table gives the same
//! findings.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compile::{Column, Scale, Span};
use super::sweep::{Region, Side, Sweep};
use super::{Cell, CellBounds, CompiledTable, HitPolicy, RowSet};
use crate::messages::{Said as _, table};
use crate::values::{Literal, Unit, Value};
use crate::words::Words;

crate::codes! {
    /// What a check of a table found.
    pub enum TableFindingCode {
        /// Two rows accept the same, where one alone may.
        Overlap = "overlap",
        /// Two rows apply together and say different things.
        Conflict = "row_conflict",
        /// No row accepts something that can be.
        Gap = "gap",
        /// Rows that go before it leave a row nothing.
        UnreachableRow = "unreachable_row",
        /// A row accepts just what another does.
        DuplicateRow = "duplicate_row",
        /// No row gives a value that the column declares.
        OutputNeverProduced = "output_never_produced",
        /// A cell accepts nothing that can be.
        EmptyCell = "empty_cell",
        /// No row speaks of nothing being known.
        UnknownNotCovered = "unknown_not_covered",
        /// The table is too large to be looked through to its end.
        ChecksIncomplete = "checks_incomplete",
    }
}

crate::codes! {
    /// How heavy a finding on a table is.
    pub enum TableSeverity {
        /// Something to know.
        Notice = "notice",
        /// Something to look at.
        Warning = "warning",
        /// Something to mend.
        Error = "error",
    }
}

/// One side of a box of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TableWitnessCell, example = json!({"input": "away", "cell": {"at_least": 13, "below": 37}}))]
pub struct WitnessCell {
    /// The input.
    pub input: String,
    /// What it is there.
    pub cell: Cell,
}

/// One finding on a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableFinding {
    /// What.
    pub code: TableFindingCode,
    /// How heavy.
    pub severity: TableSeverity,
    /// The rows, by their place from 0 on.
    #[schema(max_items = 2000)]
    pub rows: Vec<usize>,
    /// In words.
    pub message: Words,
    /// A box of cases that shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 15)]
    pub witness: Vec<WitnessCell>,
    /// Rows that mend it, as their cells; what they answer is for the author to say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub repair: Vec<Vec<Cell>>,
}

/// What the checks of a table found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableCheck {
    /// The table.
    pub table: String,
    /// What was found.
    #[schema(max_items = 2000)]
    pub findings: Vec<TableFinding>,
    /// Everything was looked through. Otherwise what was found is right, and there may be more.
    pub complete: bool,
}

/// Most findings of one kind.
const MOST_FINDINGS: usize = 100;
/// How many stretches the checks of a document look at; a table of a thousand rows needs some tens
/// of thousands.
pub const BUDGET: usize = 2_000_000;

impl CompiledTable {
    /// Looks through the table.
    #[must_use]
    pub fn check(&self) -> TableCheck {
        self.check_within(BUDGET)
    }

    /// Looks through the table, at so many stretches at most.
    #[must_use]
    pub fn check_within(&self, budget: usize) -> TableCheck {
        let mut checking = Checking { table: self, findings: Vec::new(), complete: true };
        let empty = checking.empty_cells();
        let duplicates = checking.duplicates(&empty);
        let touching = checking.touching();
        checking.overlaps(&touching, &duplicates);
        let mut sweep = Sweep::new(self, budget);
        let unreachable = checking.unreachable(&mut sweep, &touching, &empty);
        checking.gaps(&mut sweep);
        checking.never_produced(&empty, &unreachable);
        checking.unknowns();
        if sweep.is_cut_short {
            checking.complete = false;
        }
        if !checking.complete {
            checking.add(
                TableFindingCode::ChecksIncomplete,
                TableSeverity::Warning,
                Vec::new(),
                table::NOT_CHECKED_TO_ITS_END,
            );
        }
        TableCheck {
            table: self.id.clone(),
            findings: checking.findings,
            complete: checking.complete,
        }
    }
}

struct Checking<'t> {
    table: &'t CompiledTable,
    findings: Vec<TableFinding>,
    complete: bool,
}

/// Rows by their numbers from 1 on or their ids, as a list.
fn cited(table: &CompiledTable, rows: &[usize]) -> String {
    rows.iter().map(|row| table.cited(*row)).collect::<Vec<_>>().join(", ")
}

impl Checking<'_> {
    fn add(
        &mut self,
        code: TableFindingCode,
        severity: TableSeverity,
        rows: Vec<usize>,
        message: Words,
    ) {
        self.findings.push(TableFinding {
            code,
            severity,
            rows,
            message,
            witness: Vec::new(),
            repair: Vec::new(),
        });
    }

    fn empty_cells(&mut self) -> BTreeSet<usize> {
        let mut empty = BTreeSet::new();
        for column in &self.table.columns {
            for (row, span) in column.spans.iter().enumerate() {
                // What nothing known alone is accepted for is something, even where nothing else
                // speaks of it.
                if column.is_some(span) || span.unknown || !empty.insert(row) {
                    continue;
                }
                let (which, name) = (self.table.cited(row), &column.name);
                self.findings.push(TableFinding {
                    code: TableFindingCode::EmptyCell,
                    severity: TableSeverity::Error,
                    rows: vec![row],
                    message: table::EmptyCell { column: &name, row: &which }.words(),
                    witness: Vec::new(),
                    repair: Vec::new(),
                });
            }
        }
        empty
    }

    /// The rows that say again what an earlier one accepts.
    fn duplicates(&mut self, empty: &BTreeSet<usize>) -> BTreeSet<usize> {
        let table = self.table;
        let mut seen: HashMap<Vec<&Span>, usize> = HashMap::new();
        let mut found = BTreeSet::new();
        for row in (0..table.rows.len()).filter(|row| !empty.contains(row)) {
            let cells: Vec<&Span> =
                table.columns.iter().filter_map(|column| column.spans.get(row)).collect();
            let Some(first) = seen.insert(cells.clone(), row) else { continue };
            seen.insert(cells, first);
            found.insert(row);
            let rows = vec![first, row];
            let severity = if table.policy == HitPolicy::Unique {
                TableSeverity::Error
            } else {
                TableSeverity::Warning
            };
            let words = table::AcceptTheSame { rows: &cited(table, &rows) }.words();
            self.add(TableFindingCode::DuplicateRow, severity, rows, words);
        }
        found
    }

    /// For each row, the rows that share something with it.
    fn touching(&self) -> Vec<RowSet> {
        let table = self.table;
        let mut touching: Vec<RowSet> = vec![RowSet::all(table.rows.len()); table.rows.len()];
        for column in &table.columns {
            let mut known: HashMap<&Span, RowSet> = HashMap::new();
            for (rows, span) in touching.iter_mut().zip(&column.spans) {
                rows.keep(known.entry(span).or_insert_with(|| column.touching(span)));
            }
        }
        touching
    }

    /// Rows that apply together where the policy does not say which goes before.
    fn overlaps(&mut self, touching: &[RowSet], duplicates: &BTreeSet<usize>) {
        let table = self.table;
        let differ = |one: usize, other: usize| {
            table.rows.get(one).map(|row| &row.then) != table.rows.get(other).map(|row| &row.then)
        };
        let ties = |one: usize, other: usize| {
            table.rows.get(one).map(|row| row.priority)
                == table.rows.get(other).map(|row| row.priority)
        };
        let code = match table.policy {
            HitPolicy::Unique => TableFindingCode::Overlap,
            HitPolicy::Any | HitPolicy::Priority => TableFindingCode::Conflict,
            HitPolicy::First
            | HitPolicy::CollectList
            | HitPolicy::CollectSum
            | HitPolicy::CollectMin
            | HitPolicy::CollectMax
            | HitPolicy::CollectCount => return,
        };
        let is_meant = |one: usize, other: usize| match table.policy {
            HitPolicy::Any => !differ(one, other),
            HitPolicy::Priority => !ties(one, other) || !differ(one, other),
            HitPolicy::Unique
            | HitPolicy::First
            | HitPolicy::CollectList
            | HitPolicy::CollectSum
            | HitPolicy::CollectMin
            | HitPolicy::CollectMax
            | HitPolicy::CollectCount => false,
        };
        let mut count = 0;
        for (row, touched) in touching.iter().enumerate() {
            if duplicates.contains(&row) && code == TableFindingCode::Overlap {
                continue;
            }
            let mut earlier = touched.clone();
            earlier.keep_before(row);
            for other in earlier.iter().filter(|other| !is_meant(*other, row)) {
                if duplicates.contains(&other) && code == TableFindingCode::Overlap {
                    continue;
                }
                if count == MOST_FINDINGS {
                    self.complete = false;
                    return;
                }
                count += 1;
                let region: Region =
                    table.columns.iter().map(|column| column.shared(other, row)).collect();
                let both = cited(table, &[other, row]);
                let (rows, witness) = (vec![other, row], self.witness(&region));
                self.findings.push(TableFinding {
                    code,
                    severity: TableSeverity::Error,
                    rows,
                    message: table::BothApply { rows: &both }.words(),
                    witness,
                    repair: Vec::new(),
                });
            }
        }
    }

    /// Rows that those before them leave nothing.
    fn unreachable(
        &mut self,
        sweep: &mut Sweep<'_>,
        touching: &[RowSet],
        empty: &BTreeSet<usize>,
    ) -> BTreeSet<usize> {
        let table = self.table;
        let mut found = BTreeSet::new();
        if !matches!(table.policy, HitPolicy::First | HitPolicy::Priority) {
            return found;
        }
        for (row, touched) in touching.iter().enumerate().filter(|(row, _)| !empty.contains(row)) {
            let mut before = touched.clone();
            if table.policy == HitPolicy::First {
                before.keep_before(row);
            } else {
                let priority = |row: usize| table.rows.get(row).and_then(|row| row.priority);
                touched
                    .iter()
                    .filter(|other| priority(*other) <= priority(row))
                    .for_each(|other| before.remove(other));
            }
            if before.is_empty()
                || !sweep.uncovered(&before, Some(row), 1).is_empty()
                || sweep.is_cut_short
            {
                continue;
            }
            found.insert(row);
            let which = cited(table, &[row]);
            self.add(
                TableFindingCode::UnreachableRow,
                TableSeverity::Warning,
                vec![row],
                table::RowNeverApplies { row: &which }.words(),
            );
        }
        found
    }

    fn gaps(&mut self, sweep: &mut Sweep<'_>) {
        let table = self.table;
        let collects = matches!(
            table.policy,
            HitPolicy::CollectList | HitPolicy::CollectCount | HitPolicy::CollectSum
        );
        let found = sweep.uncovered(&RowSet::all(table.rows.len()), None, MOST_FINDINGS + 1);
        if found.len() > MOST_FINDINGS {
            self.complete = false;
        }
        for region in found.iter().take(MOST_FINDINGS) {
            let is_of_unknown = region.contains(&Side::Unknown);
            let (code, message) = if is_of_unknown {
                (TableFindingCode::UnknownNotCovered, table::UNKNOWN_IS_IN_NO_ROW)
            } else {
                (TableFindingCode::Gap, table::GAP)
            };
            let severity = if is_of_unknown || collects {
                TableSeverity::Notice
            } else {
                TableSeverity::Error
            };
            let witness = self.witness(region);
            let repair = vec![witness.iter().map(|side| side.cell.clone()).collect()];
            self.findings.push(TableFinding {
                code,
                severity,
                rows: Vec::new(),
                message,
                witness,
                repair,
            });
        }
    }

    fn never_produced(&mut self, empty: &BTreeSet<usize>, unreachable: &BTreeSet<usize>) {
        let table = self.table;
        for (index, output) in table.outputs.iter().enumerate() {
            let live = table
                .rows
                .iter()
                .enumerate()
                .filter(|(row, _)| !empty.contains(row) && !unreachable.contains(row));
            let given: BTreeSet<&str> = live
                .filter_map(|(_, row)| match row.then.get(index)? {
                    Value::Text(text) => Some(text.as_str()),
                    Value::Number(_) | Value::Boolean(_) | Value::Date(_) => None,
                })
                .collect();
            for member in output.members.iter().filter(|member| !given.contains(member.as_str())) {
                let words = table::NeverProduced { member: &member, output: &output.label }.words();
                self.add(
                    TableFindingCode::OutputNeverProduced,
                    TableSeverity::Warning,
                    Vec::new(),
                    words,
                );
            }
        }
    }

    /// Columns that no row speaks of when they are not known: the answer waits for them.
    fn unknowns(&mut self) {
        for column in &self.table.columns {
            let is_spoken_of = column.has_unknown || column.spans.iter().all(|span| span.unknown);
            if is_spoken_of {
                continue;
            }
            let name = &column.name;
            self.add(
                TableFindingCode::UnknownNotCovered,
                TableSeverity::Notice,
                Vec::new(),
                table::UnknownNotSpokenOf { column: &name }.words(),
            );
        }
    }

    fn witness(&self, region: &Region) -> Vec<WitnessCell> {
        let sides = self.table.columns.iter().zip(region);
        sides
            .map(|(column, side)| WitnessCell {
                input: column.name.clone(),
                cell: column.cell(*side),
            })
            .collect()
    }
}

impl Column {
    /// A side as the cell that accepts just it.
    fn cell(&self, side: Side) -> Cell {
        let known =
            |known| Cell::Bounds(CellBounds { known: Some(known), ..CellBounds::default() });
        let (from, to) = match side {
            Side::All => return Cell::Any,
            Side::Unknown => return known(false),
            Side::Stretches(from, to) => (from, to),
        };
        let is_outside = |stretch: usize| !self.inside.get(stretch).copied().unwrap_or_default();
        if (0..from).chain(to..self.stretches()).all(is_outside) {
            return if self.has_unknown { known(true) } else { Cell::Any };
        }
        match &self.scale {
            Scale::Booleans => Cell::Equal(Literal::Boolean(from == 1)),
            Scale::Numbers(cuts) => {
                let bound = |place: usize| cuts.get(place).map(|cut| literal(*cut, self.unit));
                let at_least =
                    from.checked_sub(1).filter(|_| !(0..from).all(is_outside)).and_then(bound);
                let below = Some(to)
                    .filter(|to| !(*to..self.stretches()).all(is_outside))
                    .and_then(|to| bound(to.checked_sub(1)?));
                Cell::Bounds(CellBounds { at_least, below, ..CellBounds::default() })
            }
            Scale::Texts(texts) => {
                let text = |text: &String| Literal::Text(text.clone());
                if to > texts.len() {
                    let none_of: Vec<Literal> = texts.iter().take(from).map(text).collect();
                    return Cell::Bounds(CellBounds { none_of, ..CellBounds::default() });
                }
                Cell::In(texts.iter().take(to).skip(from).map(text).collect())
            }
        }
    }
}

fn literal(number: i64, unit: Unit) -> Literal {
    let day = || i32::try_from(number).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
    match unit {
        Unit::Date => day().map_or(Literal::Integer(number), |day| Literal::Text(day.to_string())),
        Unit::Count
        | Unit::Months
        | Unit::Days
        | Unit::Years
        | Unit::Hours
        | Unit::Rate
        | Unit::Money(_)
        | Unit::Text
        | Unit::Boolean => Literal::Integer(number),
    }
}
