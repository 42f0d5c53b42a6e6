//! Former returns under the scheme (利用回数).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::found_to_be;
use crate::codes::Code as _;
use crate::facts::{EmploymentPeriod, ExitReason, FactKey, FactSet, Facts, Labelled as _};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::measures::{self, former_rehires};
use crate::messages::{Said as _, boundary};
use crate::review::boundary::{At, Bound, Person, Stand, last, later};
use crate::review::check::{Form, Shape, Unit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{CountLimit, Terms};

crate::codes! {
    /// What gives a new chance after the scheme was used.
    pub enum RehireAgain {
        /// Nothing: so many times, and no more.
        Never = "never",
        /// Another reason of leaving than that before.
        DifferentReason = "different_reason",
    }
}

/// The person has returned under the scheme at most so many times (利用回数).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FormerRehiresCondition, example = json!({"kind": "former_rehires", "at_most": 0, "again": "never"}))]
pub struct FormerRehires {
    /// How often it may have been.
    pub at_most: CountLimit,
    /// What gives a new chance beyond that.
    #[serde(default = "never")]
    pub again: RehireAgain,
}

const fn never() -> RehireAgain {
    RehireAgain::Never
}

/// How often the person surely, and at most, returned under the scheme.
pub(crate) fn rehires(case: &Case<'_>) -> (usize, usize) {
    let began = |wanted: Option<bool>| {
        case.facts
            .employment_periods
            .iter()
            .filter(move |period| period.began_under_rehire_scheme == wanted)
    };
    // The first employment of somebody is no return, whether or not anybody wrote it down.
    let first_unknown = case.facts.employment_periods.iter().min_by_key(|period| period.start);
    let is_first = first_unknown.is_some_and(|period| period.began_under_rehire_scheme.is_none());
    let (sure, unknown) = (began(Some(true)).count(), began(None).count() - usize::from(is_first));
    (sure, sure + unknown)
}

/// The reason for which an employment ended: a verified proof goes before the record, and "personal
/// circumstances" (一身上の都合) on the record is none yet.
fn reason(period: &EmploymentPeriod) -> Option<ExitReason> {
    let mut proofs =
        period.exit_reason_evidence.iter().flatten().filter(|proof| proof.verified == Some(true));
    let proved = proofs.next().map(|proof| proof.proves);
    proved.or(period.exit_reason_recorded.filter(|recorded| *recorded != ExitReason::Personal))
}

fn times(of: usize) -> Figure<'static> {
    Figure::Times(i64::try_from(of).unwrap_or(i64::MAX))
}

fn times_between(least: usize, most: usize) -> Figure<'static> {
    let [least, most] = [least, most].map(|of| i64::try_from(of).unwrap_or(i64::MAX));
    Figure::TimesBetween(least, most)
}

/// The reasons for which the last two employments ended, where both are known.
fn last_reasons(case: &Case<'_>) -> Option<(ExitReason, ExitReason)> {
    let mut periods: Vec<_> = case.facts.employment_periods.iter().collect();
    periods.sort_unstable_by_key(|period| period.start);
    let [.., before, last] = periods.as_slice() else { return None };
    reason(before).zip(reason(last))
}

/// How long each former employment lasted, and the time before the next.
const DAYS_EMPLOYED: i64 = 180;
const DAYS_BETWEEN: i64 = 180;

/// The person after so many returns under the scheme, each from an employment that ended for this
/// reason.
fn returned(person: &Person, times: i64, reason: Option<ExitReason>) -> Facts {
    person.with(|facts| {
        let Some(newest) = last(facts).cloned() else { return };
        facts.employment_periods = former(&newest, times, reason);
        facts
            .employment_periods
            .push(EmploymentPeriod { began_under_rehire_scheme: Some(times > 0), ..newest });
    })
}

fn former(
    newest: &EmploymentPeriod,
    times: i64,
    reason: Option<ExitReason>,
) -> Vec<EmploymentPeriod> {
    let period = |number: i64| {
        let start = later(newest.start, -(times - number) * (DAYS_EMPLOYED + DAYS_BETWEEN));
        EmploymentPeriod {
            start,
            last_day: Some(later(start, DAYS_EMPLOYED - 1)),
            leaves: newest.leaves.as_ref().map(|_| Vec::new()),
            discipline: newest.discipline.as_ref().map(|_| Vec::new()),
            exit_reason_recorded: reason.or(newest.exit_reason_recorded),
            exit_reason_evidence: Some(Vec::new()),
            began_under_rehire_scheme: Some(number > 0),
            ..newest.clone()
        }
    };
    (0..times).map(period).collect()
}

impl Measure for FormerRehires {
    bounds! { at_most }

    fn reads(&self) -> FactSet {
        let reason = if self.again == RehireAgain::DifferentReason {
            FactSet::of(&[FactKey::ExitReason, FactKey::ExitReasonEvidence])
        } else {
            FactSet::NONE
        };
        FactSet::of(&[FactKey::FormerRehires, FactKey::EmploymentPeriods]).and(reason)
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        if case.facts.employment_periods.is_empty() {
            return Answer::lacks(FactKey::EmploymentPeriods);
        }
        let (sure, most) = rehires(case);
        let limit = usize::from(self.at_most.number());
        if most <= limit {
            return Answer::known(Truth::Met);
        }
        match self.again {
            RehireAgain::Never if sure > limit => Answer::known(Truth::NotMet),
            RehireAgain::Never => Answer::lacks(FactKey::FormerRehires),
            RehireAgain::DifferentReason => match last_reasons(case) {
                Some((before, last)) if before != last => Answer::known(Truth::Met),
                Some(_) if sure > limit => Answer::known(Truth::NotMet),
                Some(_) => Answer::lacks(FactKey::FormerRehires),
                None => Answer::lacks(FactKey::ExitReason),
            },
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let ((sure, most), truth) = (rehires(case), self.read(case).truth);
        let counted = if sure == most {
            Some(times(sure))
        } else {
            (truth != Truth::Unknown).then(|| times_between(sure, most))
        };
        Reading::found(truth, counted)
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let ([times, ..], count) = (&reading.figures, &self.at_most.number());
        let required = match self.again {
            RehireAgain::Never => former_rehires::Required { count }.words(),
            RehireAgain::DifferentReason => former_rehires::RequiredOrOtherReason { count }.words(),
        };
        found_to_be(&former_rehires::SUBJECT, required, times.words(), reading.how, stance)
    }

    fn shape(&self) -> Shape {
        let form = Form::between(0, None, Some(i64::from(self.at_most.number()) + 1), Unit::Times);
        Shape::of(format!("former_rehires {}", self.again), FactKey::FormerRehires.label(), form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let most = i64::from(self.at_most.number());
        let times = |count: i64| measures::former_rehires::Times { count: &count }.words();
        // Whether it is another reason than before can be told of a reason alone that is known.
        let known = |reason: &ExitReason| *reason != ExitReason::Personal;
        let reason = person.period().and_then(|period| period.exit_reason_recorded).filter(known);
        let reason = reason.unwrap_or(ExitReason::Childcare);
        let person = match self.again {
            RehireAgain::Never => person.clone(),
            RehireAgain::DifferentReason => {
                let facts = person.with_last(|period| {
                    (period.exit_reason_recorded, period.exit_reason_evidence) =
                        (Some(reason), Some(Vec::new()));
                });
                Person { facts, ..*person }
            }
        };
        let bound = Bound::Most(times(most));
        let places = [(At::Below, most - 1), (At::Threshold, most), (At::Above, most + 1)];
        let mut stands: Vec<Stand> = places
            .into_iter()
            .filter(|(_, count)| *count >= 0)
            .map(|(at, count)| {
                let facts = returned(&person, count, None);
                Stand::on_line(at, &bound, &times(1), count, times(count), facts)
            })
            .collect();
        if self.again == RehireAgain::DifferentReason {
            let other =
                ExitReason::ALL.iter().copied().find(|other| *other != reason && known(other));
            let facts = returned(&person, most + 1, other);
            let value = boundary::WithOtherReason { times: &times(most + 1) }.words();
            stands.push(Stand::accepted(true, value, facts));
        }
        stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(json: serde_json::Value) -> Facts {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn once_only_is_once_only_and_another_reason_may_give_a_new_chance() {
        let twice = |last: &str| {
            facts(serde_json::json!({"employment_periods": [
                {"start": "2010-04-01", "last_day": "2015-03-31", "exit_reason_recorded": "care"},
                {"start": "2021-04-01", "last_day": "2024-03-31", "exit_reason_recorded": last, "began_under_rehire_scheme": true}
            ]}))
        };
        let once = |again| FormerRehires { at_most: 0.into(), again };
        assert_eq!(
            once(RehireAgain::Never).read(&Case::new(&twice("care"))),
            Answer::known(Truth::NotMet)
        );
        assert_eq!(
            once(RehireAgain::DifferentReason).read(&Case::new(&twice("care"))),
            Answer::known(Truth::NotMet)
        );
        assert_eq!(
            once(RehireAgain::DifferentReason).read(&Case::new(&twice("childcare"))),
            Answer::known(Truth::Met)
        );
    }

    #[test]
    fn another_reason_is_told_from_proofs_and_not_from_personal_circumstances() {
        let again = FormerRehires { at_most: 0.into(), again: RehireAgain::DifferentReason };
        let read = |proof: serde_json::Value| {
            let of = facts(serde_json::json!({"employment_periods": [
                {"start": "2010-04-01", "last_day": "2015-03-31", "exit_reason_recorded": "care"},
                {"start": "2021-04-01", "last_day": "2024-03-31", "exit_reason_recorded": "personal",
                 "exit_reason_evidence": proof, "began_under_rehire_scheme": true}
            ]}));
            again.read(&Case::new(&of))
        };
        let proof = |proves: &str, verified: bool| serde_json::json!([{"proves": proves, "kind": "reason_proof", "verified": verified}]);
        assert_eq!(read(serde_json::json!([])), Answer::lacks(FactKey::ExitReason));
        assert_eq!(read(proof("childcare", false)), Answer::lacks(FactKey::ExitReason));
        assert_eq!(read(proof("childcare", true)), Answer::known(Truth::Met));
        assert_eq!(read(proof("care", true)), Answer::known(Truth::NotMet));
    }

    #[test]
    fn one_period_alone_is_no_return_and_a_second_unmarked_one_may_be() {
        let one = facts(
            serde_json::json!({"employment_periods": [{"start": "2010-04-01", "last_day": "2015-03-31"}]}),
        );
        let two = facts(serde_json::json!({"employment_periods": [
            {"start": "2010-04-01", "last_day": "2015-03-31"}, {"start": "2016-04-01", "last_day": "2018-03-31"}
        ]}));
        let once = FormerRehires { at_most: 0.into(), again: RehireAgain::Never };
        assert_eq!(once.read(&Case::new(&one)), Answer::known(Truth::Met));
        assert_eq!(once.read(&Case::new(&two)), Answer::lacks(FactKey::FormerRehires));
    }

    #[test]
    fn a_count_within_the_limit_is_told_by_its_bounds_where_it_is_not_known_exactly() {
        let two = facts(serde_json::json!({"employment_periods": [
            {"start": "2010-04-01", "last_day": "2015-03-31"}, {"start": "2016-04-01", "last_day": "2018-03-31"}
        ]}));
        let at_most_once = FormerRehires { at_most: 1.into(), again: RehireAgain::Never };
        let explained = at_most_once.explain(&Case::new(&two), Stance::Required);
        assert_eq!(explained.actual.en, "between 0 and 1 time");
        assert_eq!(explained.actual.ja, "0回以上1回以下");
        assert_eq!(
            explained.sentence.en,
            "Former use of the scheme: between 0 and 1 time, which meets the requirement (used at most 1 time)."
        );
    }
}
