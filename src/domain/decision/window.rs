//! From when and until when a person could return.
//!
//! Every dated leaf names the days on which its answer may change; between two of them nothing does.
//! So the whole regulation is decided once in each stretch, and the window agrees with deciding day by
//! day, whatever the shape of its conditions.

use chrono::NaiveDate;

use super::{Compiled, Window, WindowSpan};
use crate::codes::Code as _;
use crate::domain::Verdict;
use crate::domain::calendar::day_before;
use crate::domain::condition::{Axis, Case};

impl Compiled {
    pub(super) fn windows(&self, case: &Case<'_>) -> Vec<Window> {
        Axis::ALL.iter().filter_map(|axis| self.window(case, *axis)).collect()
    }

    fn window(&self, case: &Case<'_>, axis: Axis) -> Option<Window> {
        let mut cuts = self.cuts(case, axis);
        cuts.sort_unstable();
        cuts.dedup();
        let mut from = None;
        let mut spans: Vec<WindowSpan> = Vec::new();
        let first = day_before(*cuts.first()?);
        for (day, next) in
            std::iter::once(first).chain(cuts.iter().copied()).zip(cuts.iter().copied().map(Some).chain([None]))
        {
            let verdict = self.evaluate_case(&case.on(axis, day)).verdict;
            let until = next.map(day_before);
            match spans.last_mut() {
                Some(last) if last.verdict == verdict => last.until = until,
                _ => spans.push(WindowSpan { from, until, verdict }),
            }
            from = next;
        }
        let chosen = chosen(&spans, case.day(axis));
        Some(Window { axis, from: chosen.and_then(|span| span.from), until: chosen.and_then(|span| span.until), spans })
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        let mut cuts = Vec::new();
        for compiled in &self.requirements {
            let exceptions = compiled.requirement.exceptions.iter().map(|exception| &exception.when);
            for condition in std::iter::once(&compiled.requirement.condition).chain(exceptions) {
                condition.each_leaf(false, &mut |_, measure, _| cuts.extend(measure.cuts(case, axis)));
            }
        }
        cuts
    }
}

/// The eligible stretch that the day lies in, else the next one, else the last.
fn chosen(spans: &[WindowSpan], day: Option<NaiveDate>) -> Option<&WindowSpan> {
    let mut eligible = spans.iter().filter(|span| span.verdict == Verdict::Eligible);
    let reaches = |span: &&WindowSpan| day.is_none_or(|day| span.until.is_none_or(|until| day <= until));
    eligible.clone().find(reaches).or_else(|| eligible.next_back())
}
