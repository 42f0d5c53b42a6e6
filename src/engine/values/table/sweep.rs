//! Sweeping a table: the space of all its inputs, column by column, in stretches between cut
//! points.

use super::compile::{Column, Span};
use super::{CompiledTable, RowSet};

/// A place in a column: the stretches from one to before another, or nothing known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Stretches(usize, usize),
    Unknown,
    /// All of it, known or not.
    All,
}

/// A box: a side in every column.
pub(super) type Region = Vec<Side>;

/// A sweep with its budget.
pub(super) struct Sweep<'t> {
    table: &'t CompiledTable,
    /// For each column: the rows that accept everything from it on.
    accept_rest: Vec<RowSet>,
    budget: usize,
    /// It ended for want of budget.
    pub(super) is_cut_short: bool,
}

/// What a sweep is after.
struct Search<'s> {
    /// Only within what this row accepts.
    within: Option<usize>,
    most: usize,
    found: &'s mut Vec<Region>,
}

impl<'t> Sweep<'t> {
    pub(super) fn new(table: &'t CompiledTable, budget: usize) -> Self {
        let mut rest = RowSet::all(table.rows.len());
        let mut accept_rest = vec![rest.clone()];
        for column in table.columns.iter().rev() {
            for (row, span) in column.spans.iter().enumerate() {
                if !column.is_all(span) {
                    rest.remove(row);
                }
            }
            accept_rest.push(rest.clone());
        }
        accept_rest.reverse();
        Self { table, accept_rest, budget, is_cut_short: false }
    }

    /// The regions that none of these rows accepts, within what a row accepts or everywhere, up to
    /// so many.
    pub(super) fn uncovered(
        &mut self,
        rows: &RowSet,
        within: Option<usize>,
        most: usize,
    ) -> Vec<Region> {
        let (mut found, mut prefix) = (Vec::new(), Vec::new());
        self.column(0, rows, &mut prefix, &mut Search { within, most, found: &mut found });
        found
    }

    fn column(
        &mut self,
        index: usize,
        active: &RowSet,
        prefix: &mut Region,
        search: &mut Search<'_>,
    ) {
        if search.found.len() >= search.most || self.is_cut_short {
            return;
        }
        let table = self.table;
        if active.is_empty() {
            let rest = table.columns.iter().enumerate().skip(index);
            let sides =
                rest.map(|(_, column)| search.within.map_or(Side::All, |row| column.side_of(row)));
            search.found.push(prefix.iter().copied().chain(sides).collect());
            return;
        }
        let is_covered = search.within.is_none()
            && self.accept_rest.get(index).is_some_and(|rest| rest.meets(active));
        let Some(column) = table.columns.get(index).filter(|_| !is_covered) else { return };
        let span = search.within.and_then(|row| column.spans.get(row));
        let mut group: Option<(usize, usize, RowSet)> = None;
        for (stretch, (accepts, inside)) in column.accepts.iter().zip(&column.inside).enumerate() {
            if !inside || span.is_some_and(|span| !span.holds(stretch)) {
                self.end(index, &mut group, prefix, search);
                continue;
            }
            if self.budget == 0 {
                self.is_cut_short = true;
                return;
            }
            self.budget -= 1;
            let set = accepts.common(active);
            match &mut group {
                Some((_, to, rows)) if *to == stretch && *rows == set => *to = stretch + 1,
                _ => {
                    self.end(index, &mut group, prefix, search);
                    group = Some((stretch, stretch + 1, set));
                }
            }
        }
        self.end(index, &mut group, prefix, search);
        if column.has_unknown && span.is_none_or(|span| span.unknown) {
            prefix.push(Side::Unknown);
            self.column(index + 1, &column.unknown.common(active), prefix, search);
            prefix.pop();
        }
    }

    fn end(
        &mut self,
        index: usize,
        group: &mut Option<(usize, usize, RowSet)>,
        prefix: &mut Region,
        search: &mut Search<'_>,
    ) {
        if let Some((from, to, rows)) = group.take() {
            prefix.push(Side::Stretches(from, to));
            self.column(index + 1, &rows, prefix, search);
            prefix.pop();
        }
    }
}

impl Span {
    pub(super) fn holds(&self, stretch: usize) -> bool {
        self.stretches.iter().any(|(from, to)| (*from..*to).contains(&stretch))
    }
}

impl Column {
    /// A span accepts everything that the source can have.
    pub(super) fn is_all(&self, span: &Span) -> bool {
        if self.has_unknown && !span.unknown {
            return false;
        }
        if span.stretches == [(0, self.stretches())] {
            return true;
        }
        self.inside.iter().enumerate().all(|(stretch, inside)| !inside || span.holds(stretch))
    }

    /// A span accepts something.
    pub(super) fn is_some(&self, span: &Span) -> bool {
        let unknown = self.has_unknown && span.unknown;
        unknown
            || span.stretches.iter().any(|(from, to)| {
                self.inside.get(*from..*to).is_some_and(|some| some.contains(&true))
            })
    }

    /// The first side of what a row accepts.
    fn side_of(&self, row: usize) -> Side {
        match self.spans.get(row).and_then(|span| span.stretches.first()) {
            Some((from, to)) => Side::Stretches(*from, *to),
            None => Side::Unknown,
        }
    }

    /// The rows that share something with a span.
    pub(super) fn touching(&self, span: &Span) -> RowSet {
        let mut rows = RowSet::none(self.spans.len());
        if span.stretches == [(0, self.stretches())] {
            for (row, other) in self.spans.iter().enumerate() {
                if self.is_some(&Span { stretches: other.stretches.clone(), unknown: false }) {
                    rows.insert(row);
                }
            }
        } else {
            for (from, to) in &span.stretches {
                let sets = self.accepts.iter().zip(&self.inside).take(*to).skip(*from);
                sets.filter(|(_, inside)| **inside).for_each(|(set, _)| rows.add(set));
            }
        }
        if self.has_unknown && span.unknown {
            rows.add(&self.unknown);
        }
        rows
    }

    /// A side that two rows share.
    pub(super) fn shared(&self, one: usize, other: usize) -> Side {
        let (Some(one), Some(other)) = (self.spans.get(one), self.spans.get(other)) else {
            return Side::Unknown;
        };
        if self.is_all(one) && self.is_all(other) {
            return Side::All;
        }
        let inside = |stretch: &usize| self.inside.get(*stretch).copied().unwrap_or_default();
        let first = (0..self.stretches())
            .find(|stretch| inside(stretch) && one.holds(*stretch) && other.holds(*stretch));
        let Some(first) = first else { return Side::Unknown };
        let end = (first..self.stretches())
            .find(|stretch| !inside(stretch) || !one.holds(*stretch) || !other.holds(*stretch));
        Side::Stretches(first, end.unwrap_or(self.stretches()))
    }
}
