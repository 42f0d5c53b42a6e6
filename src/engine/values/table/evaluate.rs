//! Looking up: every row that applies, and what the policy makes of them.
//!
//! An unknown input stands for every value that it could have. The answer is given only if it would
//! be the same for all of them. Where a column has a cell for *nothing known* (`known: false`),
//! being unknown is a case of its own in that column, as the author wrote it.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::compile::Column;
use super::{CompiledTable, HitPolicy, RowSet};
use crate::facts::FactSet;
use crate::measures::Case;
use crate::messages::{Joined, Said as _, common, table};
use crate::values::{Lack, Value};
use crate::words::Words;

/// Most combinations of unknown values that are looked at.
const MOST_COMPLETIONS: usize = 4096;

/// Most rows that a sentence names.
const MOST_CITED: usize = 20;

/// Where the value of an input lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// In this stretch of its column.
    In(usize),
    /// It is not known.
    Unknown,
}

/// What a table answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// A value.
    Value(Value),
    /// Several, in the order of their rows.
    List(Vec<Value>),
    /// No row applies.
    NoRow,
    /// Rows apply that contradict one another.
    Conflict,
    /// The sum is too large to be told.
    TooLarge,
    /// It depends on what is not known.
    Unknown,
}

/// An answer with the rows that it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableAnswer {
    /// The answer.
    pub answered: Answered,
    /// The rows that apply; where something is unknown, those that may.
    pub rows: RowSet,
    /// The facts that are missing for it.
    pub missing: FactSet,
    /// Why there is no value, as a sentence.
    pub why: Option<Words>,
}

impl CompiledTable {
    /// The key of a value in a column; unknown when it is of another type.
    #[must_use]
    pub fn key(&self, column: usize, value: &Value) -> Key {
        let stretch = self.columns.get(column).and_then(|column| column.stretch(value));
        stretch.map_or(Key::Unknown, Key::In)
    }

    /// The rows that accept these keys, one for each input; a row accepts an unknown one only where
    /// it asks nothing of it.
    pub fn hits(&self, keys: &[Key], rows: &mut RowSet) {
        let mut sets = self.columns.iter().zip(keys).map(|(column, key)| column.accepting(*key));
        let Some(first) = sets.next() else { return };
        match sets.next() {
            Some(second) => rows.set_common(first, second),
            None => rows.set_common(first, first),
        }
        for set in sets {
            rows.keep(set);
        }
    }

    /// What the table says of a case in one of its outputs.
    #[must_use]
    pub fn answer(&self, case: &Case<'_>, output: usize) -> TableAnswer {
        let mut lacks: Vec<Lack> = Vec::new();
        let keys: Vec<Key> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| match column.source.read(case) {
                Ok(value) => self.key(index, &value),
                Err(lack) => {
                    lacks.push(lack);
                    Key::Unknown
                }
            })
            .collect();
        let (answered, rows) =
            self.look_up_within(&keys, output, &|rows| case.take(rows.div_ceil(8)));
        let is_unknown = answered == Answered::Unknown;
        let missing = if is_unknown {
            lacks.iter().fold(FactSet::NONE, |all, lack| all.and(lack.missing))
        } else {
            FactSet::NONE
        };
        let why = self.why(&answered, &rows, &lacks);
        TableAnswer { answered, rows, missing, why }
    }

    fn why(&self, answered: &Answered, rows: &RowSet, lacks: &[Lack]) -> Option<Words> {
        let title = &self.title;
        Some(match answered {
            Answered::Value(_) | Answered::List(_) => return None,
            Answered::NoRow => table::NoRowApplies { table: &title }.words(),
            Answered::Conflict => {
                table::RowsDoNotAgree { rows: &self.cited_rows(rows), table: &title }.words()
            }
            Answered::TooLarge => table::SumTooLarge { table: &title }.words(),
            Answered::Unknown => {
                let why: Vec<&Words> = lacks.iter().map(|lack| &lack.why).collect();
                Joined { of: &why, between: common::BETWEEN_SENTENCES }.words()
            }
        })
    }

    /// What the table says of keys, and by which rows.
    #[must_use]
    pub fn look_up(&self, keys: &[Key], output: usize) -> (Answered, RowSet) {
        self.look_up_within(keys, output, &|_| true)
    }

    /// The same, as far as `take` gives the rows that are looked at; what is not looked at is not
    /// known.
    fn look_up_within(
        &self,
        keys: &[Key],
        output: usize,
        take: &dyn Fn(u64) -> bool,
    ) -> (Answered, RowSet) {
        let rows = u64::try_from(self.rows.len()).unwrap_or(u64::MAX);
        if !take(rows) {
            return (Answered::Unknown, RowSet::none(self.rows.len()));
        }
        let mut base = RowSet::all(self.rows.len());
        let mut open: Vec<&Column> = Vec::new();
        let mut is_silent = false;
        for (column, key) in self.columns.iter().zip(keys) {
            match key {
                Key::In(_) => base.keep(column.accepting(*key)),
                Key::Unknown if column.has_unknown => {
                    is_silent = true;
                    base.keep(&column.unknown);
                }
                Key::Unknown => open.push(column),
            }
        }
        let (answered, rows) = if open.is_empty() {
            (self.resolve(&base, output), base)
        } else {
            self.complete(base, &open, output, take)
        };
        // Where nothing known is a case of its own and no row speaks of it, the value is asked for.
        if is_silent && answered == Answered::NoRow {
            (Answered::Unknown, rows)
        } else {
            (answered, rows)
        }
    }

    /// The answer that every completion of what is unknown would have.
    fn complete(
        &self,
        base: RowSet,
        open: &[&Column],
        output: usize,
        take: &dyn Fn(u64) -> bool,
    ) -> (Answered, RowSet) {
        let mut choices: Vec<Vec<RowSet>> = Vec::new();
        let mut combinations = 1_usize;
        for column in open {
            let (mut distinct, mut seen): (Vec<RowSet>, HashSet<RowSet>) =
                (Vec::new(), HashSet::new());
            let stretches =
                column.accepts.iter().zip(&column.inside).filter(|(_, inside)| **inside);
            for set in stretches.map(|(set, _)| set.common(&base)) {
                if seen.insert(set.clone()) {
                    distinct.push(set);
                }
            }
            combinations = combinations.saturating_mul(distinct.len());
            choices.push(distinct);
        }
        let cost = combinations.saturating_mul(base.count().max(1));
        if combinations > MOST_COMPLETIONS || !take(u64::try_from(cost).unwrap_or(u64::MAX)) {
            return (Answered::Unknown, base);
        }
        let (mut agreed, mut rows): (Option<Answered>, RowSet) =
            (None, RowSet::none(self.rows.len()));
        for index in 0..combinations {
            let (mut set, mut rest) = (base.clone(), index);
            for choice in &choices {
                if let Some(chosen) = choice.get(rest % choice.len().max(1)) {
                    set.keep(chosen);
                }
                rest /= choice.len().max(1);
            }
            let found = self.resolve(&set, output);
            rows.add(&set);
            match &agreed {
                Some(before) if *before != found => return (Answered::Unknown, base),
                Some(_) => {}
                None => agreed = Some(found),
            }
        }
        (agreed.unwrap_or(Answered::Unknown), rows)
    }

    /// These rows by their numbers from 1 on or their ids, as a list that stays readable.
    #[must_use]
    pub fn cited_rows(&self, rows: &RowSet) -> Words {
        let cited: Vec<String> = rows.iter().take(MOST_CITED).map(|row| self.cited(row)).collect();
        let list = cited.join(", ");
        match rows.count().saturating_sub(MOST_CITED) {
            0 => list.words(),
            more => table::AndMoreRows { rows: &list, more: &more }.words(),
        }
    }

    /// What the policy makes of rows that apply together.
    fn resolve(&self, rows: &RowSet, output: usize) -> Answered {
        let value = |row: usize| self.rows.get(row).and_then(|row| row.then.get(output)).cloned();
        let values = || rows.iter().filter_map(value);
        match self.policy {
            HitPolicy::Unique if rows.count() > 1 => Answered::Conflict,
            HitPolicy::Unique | HitPolicy::First => told(values().next()),
            HitPolicy::Any => agreed(values()),
            HitPolicy::Priority => {
                let priority = |row: usize| self.rows.get(row).and_then(|row| row.priority);
                let highest = rows.iter().map(priority).max();
                agreed(rows.iter().filter(|row| Some(priority(*row)) == highest).filter_map(value))
            }
            HitPolicy::CollectList => Answered::List(values().collect()),
            HitPolicy::CollectCount => {
                Answered::Value(Value::whole(i64::try_from(rows.count()).unwrap_or(i64::MAX)))
            }
            HitPolicy::CollectMin => {
                told(values().filter_map(|value| value.number()).min().map(Value::Number))
            }
            HitPolicy::CollectMax => {
                told(values().filter_map(|value| value.number()).max().map(Value::Number))
            }
            HitPolicy::CollectSum => {
                if rows.is_empty() {
                    return Answered::NoRow;
                }
                let mut numbers = values().filter_map(|value| value.number());
                let sum = numbers.try_fold(Decimal::ZERO, |sum, number| sum.checked_add(number));
                sum.map_or(Answered::TooLarge, |sum| Answered::Value(Value::Number(sum)))
            }
        }
    }
}

fn told(value: Option<Value>) -> Answered {
    value.map_or(Answered::NoRow, Answered::Value)
}

/// What all of them say, if they say the same.
fn agreed(mut values: impl Iterator<Item = Value>) -> Answered {
    let Some(first) = values.next() else { return Answered::NoRow };
    if values.all(|value| value == first) { Answered::Value(first) } else { Answered::Conflict }
}

impl Column {
    /// The rows that accept a key.
    fn accepting(&self, key: Key) -> &RowSet {
        match key {
            Key::In(stretch) => self.accepts.get(stretch).unwrap_or(&self.unknown),
            Key::Unknown => &self.unknown,
        }
    }
}
