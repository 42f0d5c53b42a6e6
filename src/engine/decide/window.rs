//! From when and until when a person could return.
//!
//! Every dated leaf names the days on which its answer may change; between two of them nothing
//! does. So the whole regulation is decided once in each stretch, and the window agrees with
//! deciding day by day, whatever the shape of its conditions.

use chrono::NaiveDate;

use super::{Compiled, Window, WindowSpan};
use crate::Verdict;
use crate::calendar::day_before;
use crate::codes::Code as _;
use crate::measures::{self, Axis, Case, Measure};

impl Compiled {
    pub(super) fn windows(&self, case: &Case<'_>) -> Vec<Window> {
        Axis::ALL.iter().filter_map(|axis| self.window(case, *axis)).collect()
    }

    fn window(&self, case: &Case<'_>, axis: Axis) -> Option<Window> {
        let extent = self.extent(case, axis);
        let mut cuts = self.cuts(case, axis);
        if let Some((first, last)) = extent {
            cuts.retain(|cut| first < *cut && *cut <= last);
            // The first stretch begins where the cuts do.
            cuts.extend((first <= last).then_some(first));
        }
        if !case.pay(cuts.len()) {
            return None;
        }
        cuts.sort_unstable();
        cuts.dedup();
        let before = cuts.first().copied().filter(|_| extent.is_none()).map(day_before);
        let days = before.into_iter().chain(cuts.iter().copied());
        let nexts =
            cuts.iter().copied().skip(usize::from(extent.is_some())).map(Some).chain([None]);
        let mut from = extent.map(|(first, _)| first);
        let mut spans: Vec<WindowSpan> = Vec::new();
        for (day, next) in days.zip(nexts).take_while(|_| !case.is_spent()) {
            let verdict = self.evaluate_case(&case.on(axis, day)).verdict;
            let until = next.map(day_before).or(extent.map(|(_, last)| last));
            match spans.last_mut() {
                Some(last) if last.verdict == verdict => last.until = until,
                _ => spans.push(WindowSpan { from, until, verdict }),
            }
            from = next;
        }
        let chosen = chosen(&spans, case.day(axis));
        let (from, until) = (chosen.and_then(|span| span.from), chosen.and_then(|span| span.until));
        (!spans.is_empty()).then_some(Window { axis, from, until, spans })
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        let mut cuts = Vec::new();
        self.each_measure(case, |measure| {
            if case.take(1) {
                cuts.extend(measures::cuts(measure, case, axis));
            }
        });
        cuts
    }

    /// The days for which every measure has all its cuts.
    fn extent(&self, case: &Case<'_>, axis: Axis) -> Option<(NaiveDate, NaiveDate)> {
        let mut extents = Vec::new();
        self.each_measure(case, |measure| extents.extend(measure.extent(case, axis)));
        extents.into_iter().reduce(|(first, last), (other_first, other_last)| {
            (first.max(other_first), last.min(other_last))
        })
    }

    /// Every leaf that the verdict may rest on.
    fn each_measure(&self, case: &Case<'_>, mut visit: impl FnMut(&dyn Measure)) {
        let counting = self
            .requirements
            .iter()
            .filter(|one| !(case.is_for_applicant() && one.is_confidential));
        for compiled in counting {
            let exceptions =
                compiled.requirement.exceptions.iter().map(|exception| &exception.when);
            for condition in std::iter::once(&compiled.requirement.condition).chain(exceptions) {
                condition.each_leaf(false, &mut |_, measure, _| visit(measure));
            }
        }
    }
}

/// The eligible stretch that the day lies in, else the next one, else the last.
fn chosen(spans: &[WindowSpan], day: Option<NaiveDate>) -> Option<&WindowSpan> {
    let mut eligible = spans.iter().filter(|span| span.verdict == Verdict::Eligible);
    let reaches =
        |span: &&WindowSpan| day.is_none_or(|day| span.until.is_none_or(|until| day <= until));
    eligible.clone().find(reaches).or_else(|| eligible.next_back())
}
