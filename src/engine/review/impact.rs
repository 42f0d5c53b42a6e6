//! What a draft would change: each case decided by two versions, and counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Verdict;
use crate::decide::{Compiled, Evaluation, Weight};
use crate::facts::Facts;

/// How many cases went from one verdict to another, or stayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImpactVerdicts, example = json!({"before": "eligible", "after": "ineligible", "count": 12}))]
pub struct VerdictCount {
    /// The verdict by the version that it is compared with; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<Verdict>,
    /// The verdict by the draft.
    pub after: Verdict,
    /// How many.
    pub count: u64,
}

/// How many of the changed cases a clause had a hand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImpactClause, example = json!({"clause": "tenure", "changed": 12, "against_now": 12, "against_before": 0, "review_now": 0, "review_before": 0}))]
pub struct ClauseCount {
    /// The clause, by its stable id.
    pub clause: String,
    /// Cases whose verdict changed, and on which this clause weighs differently.
    pub changed: u64,
    /// Of these, those against which it stands in the draft.
    pub against_now: u64,
    /// Of these, those against which it stood before.
    pub against_before: u64,
    /// Of these, those that it makes wait for a person in the draft.
    pub review_now: u64,
    /// Of these, those that it made wait before.
    pub review_before: u64,
}

/// What a draft changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImpactReport, example = json!({
    "considered": 500, "changed": 12, "verdicts": [{"before": "eligible", "after": "eligible", "count": 300},
        {"before": "eligible", "after": "ineligible", "count": 12}, {"before": "ineligible", "after": "ineligible", "count": 188}],
    "clauses": [{"clause": "tenure", "changed": 12, "against_now": 12, "against_before": 0, "review_now": 0, "review_before": 0}]
}))]
pub struct Report {
    /// How many cases were decided.
    pub considered: u64,
    /// How many come out otherwise.
    pub changed: u64,
    /// By verdict before and after.
    #[schema(max_items = 12)]
    pub verdicts: Vec<VerdictCount>,
    /// By clause, the one with most changes first.
    #[schema(max_items = 1000)]
    pub clauses: Vec<ClauseCount>,
}

/// A case that comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The verdict before.
    pub before: Verdict,
    /// The verdict by the draft.
    pub after: Verdict,
    /// The clauses that weigh differently.
    pub clauses: Vec<String>,
}

/// A draft beside the version that it is compared with, and what was counted so far. It holds no
/// case.
#[derive(Debug)]
pub struct Comparison {
    draft: Arc<Compiled>,
    before: Option<Arc<Compiled>>,
    /// The places of each clause in both versions.
    places: Vec<(String, Option<usize>, Option<usize>)>,
    counts: BTreeMap<(Option<Verdict>, Verdict), u64>,
    clauses: Vec<[u64; 5]>,
    /// The last case by either, kept for its room.
    last: (Option<Evaluation>, Evaluation),
}

impl Comparison {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(draft: Arc<Compiled>, before: Option<Arc<Compiled>>) -> Self {
        let ids = |of: &Compiled| -> BTreeMap<String, usize> {
            of.requirement_ids().enumerate().map(|(place, id)| (id.to_owned(), place)).collect()
        };
        let mut old = before.as_deref().map(ids).unwrap_or_default();
        let mut places: Vec<_> = ids(&draft)
            .into_iter()
            .map(|(id, new)| {
                let old = old.remove(&id);
                (id, old, Some(new))
            })
            .collect();
        places.extend(old.into_iter().map(|(id, place)| (id, Some(place), None)));
        let clauses = vec![[0; 5]; places.len()];
        let last = (before.as_ref().map(|_| Evaluation::default()), Evaluation::default());
        Self { draft, before, places, counts: BTreeMap::new(), clauses, last }
    }

    /// Decides one case by both; the answer is there when it changed.
    pub fn add(&mut self, facts: &Facts) -> Option<Changed> {
        let (before, after) = &mut self.last;
        self.draft.evaluate_into(facts, after);
        if let Some((compiled, before)) = self.before.as_ref().zip(before.as_mut()) {
            compiled.evaluate_into(facts, before);
        }
        let verdict = before.as_ref().map(|before| before.verdict);
        *self.counts.entry((verdict, after.verdict)).or_default() += 1;
        (verdict? != after.verdict).then(|| self.changed())
    }

    /// The last case, which changed.
    fn changed(&mut self) -> Changed {
        let (before, after) = (self.last.0.clone().unwrap_or_default(), &self.last.1);
        let weight = |of: &Evaluation, place: Option<usize>| {
            place
                .and_then(|place| of.judged.get(place))
                .map_or(Weight::None, |judged| judged.weight)
        };
        let mut clauses = Vec::new();
        for ((id, old, new), counts) in self.places.iter().zip(&mut self.clauses) {
            let (was, is) = (weight(&before, *old), weight(after, *new));
            if was == is {
                continue;
            }
            clauses.push(id.clone());
            let hits = [
                true,
                is == Weight::Against,
                was == Weight::Against,
                is == Weight::Review,
                was == Weight::Review,
            ];
            for (count, hit) in counts.iter_mut().zip(hits) {
                *count += u64::from(hit);
            }
        }
        Changed { before: before.verdict, after: after.verdict, clauses }
    }

    /// What was counted.
    #[must_use]
    pub fn report(&self) -> Report {
        let verdicts: Vec<VerdictCount> = self
            .counts
            .iter()
            .map(|((before, after), count)| VerdictCount {
                before: *before,
                after: *after,
                count: *count,
            })
            .collect();
        let mut clauses: Vec<ClauseCount> = self
            .places
            .iter()
            .zip(&self.clauses)
            .filter(|(_, [changed, ..])| *changed > 0)
            .map(
                |(
                    (id, _, _),
                    [changed, against_now, against_before, review_now, review_before],
                )| ClauseCount {
                    clause: id.clone(),
                    changed: *changed,
                    against_now: *against_now,
                    against_before: *against_before,
                    review_now: *review_now,
                    review_before: *review_before,
                },
            )
            .collect();
        clauses.sort_by(|one, other| {
            other.changed.cmp(&one.changed).then_with(|| one.clause.cmp(&other.clause))
        });
        let is_change =
            |count: &&VerdictCount| count.before.is_some_and(|before| before != count.after);
        Report {
            considered: verdicts.iter().map(|count| count.count).sum(),
            changed: verdicts.iter().filter(is_change).map(|count| count.count).sum(),
            verdicts,
            clauses,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::library;

    fn regulation(months: u16) -> Arc<Compiled> {
        let text = library::find("R01").unwrap().text;
        let text =
            text.replace("\"at_least_months\": 36", &format!("\"at_least_months\": {months}"));
        Arc::new(
            Compiled::new(Document::parse(&serde_json::from_str(&text).unwrap()).unwrap()).unwrap(),
        )
    }

    fn cases() -> Vec<Facts> {
        regulation(36).document().cases.iter().map(|case| case.facts.clone()).collect()
    }

    #[test]
    fn the_same_rules_change_nothing() {
        let mut comparison = Comparison::new(regulation(36), Some(regulation(36)));
        assert!(cases().iter().all(|facts| comparison.add(facts).is_none()));
        let report = comparison.report();
        assert_eq!(
            (report.considered, report.changed, report.clauses),
            (cases().len() as u64, 0, vec![])
        );
    }

    #[test]
    fn who_loses_is_counted_by_the_clause_that_stands_against_them() {
        let mut comparison = Comparison::new(regulation(600), Some(regulation(36)));
        let changed: Vec<Changed> =
            cases().iter().filter_map(|facts| comparison.add(facts)).collect();
        assert!(!changed.is_empty());
        assert!(
            changed.iter().all(|one| one.after == Verdict::Ineligible && one.clauses == ["tenure"])
        );
        let report = comparison.report();
        let [clause] = report.clauses.as_slice() else { panic!("{report:?}") };
        assert_eq!(
            (clause.clause.as_str(), clause.against_now, clause.against_before),
            ("tenure", report.changed, 0)
        );
    }

    #[test]
    fn without_a_version_before_only_verdicts_are_counted() {
        let mut comparison = Comparison::new(regulation(36), None);
        assert!(cases().iter().all(|facts| comparison.add(facts).is_none()));
        assert!(comparison.report().verdicts.iter().all(|count| count.before.is_none()));
    }
}
