//! Why the person left (退職事由): the recorded reason may differ from the proved one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{empty_list, found, unknown};
use crate::codes::Code as _;
use crate::facts::{EmploymentPeriod, ExitReason, FactKey, FactSet, Labelled as _, listed};
use crate::measures::{
    Answer, Case, Explained, Figure, How, Measure, Reading, Remedy, Stance, Truth,
};
use crate::messages::boundary;
use crate::review::boundary::{At, Person, Stand};
use crate::review::check::{Form, Shape};
use crate::values::terms::Terms;
use crate::words::Fault;

crate::codes! {
    /// Whether the reason of leaving must be proved (事由の証明).
    pub enum ReasonProof {
        /// What is recorded, or stated where the record says only "personal circumstances", is
        /// believed.
        NotRequired = "not_required",
        /// A reason that is not on the record must be proved.
        Required = "required",
    }
}

/// The person left for one of these reasons. A verified proof goes before the record, and the
/// record before what the person states; "personal circumstances" (一身上の都合) on the record is no
/// reason yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExitReasonCondition, example = json!({"kind": "exit_reason", "any_of": ["childcare", "care", "spouse_transfer"]}))]
pub struct ExitReasonIs {
    /// The reasons.
    #[schema(min_items = 1, max_items = 16)]
    pub any_of: Vec<ExitReason>,
    /// Whether a reason that is not on the record must be proved.
    #[serde(default = "believed")]
    pub proof: ReasonProof,
}

const fn believed() -> ReasonProof {
    ReasonProof::NotRequired
}

impl ExitReasonIs {
    /// The reason, or the fact that is missing to tell it.
    fn reason(&self, period: &EmploymentPeriod) -> Result<ExitReason, FactKey> {
        let proofs = period
            .exit_reason_evidence
            .iter()
            .flatten()
            .filter(|proof| proof.verified == Some(true));
        // One proof of an accepted reason is enough.
        let proved = proofs
            .clone()
            .find(|proof| self.any_of.contains(&proof.proves))
            .or_else(|| proofs.clone().next());
        if let Some(proof) = proved {
            return Ok(proof.proves);
        }
        match period.exit_reason_recorded {
            Some(recorded)
                if recorded != ExitReason::Personal
                    || self.any_of.contains(&ExitReason::Personal) =>
            {
                Ok(recorded)
            }
            Some(_) | None => match (self.proof, period.exit_reason_stated) {
                (ReasonProof::NotRequired, Some(stated)) if stated != ExitReason::Personal => {
                    Ok(stated)
                }
                (ReasonProof::NotRequired, Some(_) | None) => Err(FactKey::ExitReason),
                (ReasonProof::Required, _) => Err(FactKey::ExitReasonEvidence),
            },
        }
    }

    /// The reason, or the fact that is missing to tell it.
    ///
    /// # Errors
    /// The missing fact.
    pub(crate) fn found(&self, case: &Case<'_>) -> Result<ExitReason, FactKey> {
        case.last.ok_or(FactKey::ExitReason).and_then(|period| self.reason(period))
    }
}

impl Measure for ExitReasonIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::ExitReason, FactKey::ExitReasonEvidence])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match self.found(case) {
            Ok(reason) => Answer::known(Truth::of(self.any_of.contains(&reason))),
            Err(fact) => Answer::lacks(fact),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        match self.found(case) {
            Ok(reason) => Reading::found(self.read(case).truth, Some(Figure::from(reason.label()))),
            // What is asked for is the reason, or its proof.
            Err(fact) => Reading::lacks(fact),
        }
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let [figure, ..] = &reading.figures;
        let explained = found(&FactKey::ExitReason.label(), listed(&self.any_of), reading, stance);
        match reading.how {
            How::NotKnown => Explained { sentence: unknown(figure), ..explained },
            How::Met
            | How::NotMet
            | How::Open
            | How::NotLeftYet
            | How::TooEarly
            | How::TooLate
            | How::Nothing => explained,
        }
    }

    fn remedy(&self, _case: &Case<'_>) -> Option<Remedy> {
        Some(Remedy::ProveReason)
    }

    fn faults(&self) -> Vec<Fault> {
        empty_list(self.any_of.is_empty())
    }

    fn shape(&self) -> Shape {
        // Several reasons can be proved at once, so two lists without a reason in common may both be
        // met; a wider list is met wherever a narrower one is.
        let values = self.any_of.iter().map(ToString::to_string).collect();
        let mut shape = Shape::of(
            format!("exit_reason {}", self.proof),
            FactKey::ExitReason.label(),
            Form::Family { values, more_is_wider: true },
        );
        shape.shown = crate::facts::listed(&self.any_of);
        shape
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let recorded = |reason: ExitReason| {
            person.with_last(|period| {
                period.exit_reason_recorded = Some(reason);
                period.exit_reason_evidence = Some(Vec::new());
            })
        };
        let found = person.period().and_then(|period| period.exit_reason_recorded);
        let named = found
            .filter(|reason| self.any_of.contains(reason))
            .or_else(|| self.any_of.first().copied());
        // "Personal circumstances" is no other reason, but none yet.
        let is_other =
            |reason: &ExitReason| !self.any_of.contains(reason) && *reason != ExitReason::Personal;
        let other =
            found.filter(is_other).or_else(|| ExitReason::ALL.iter().copied().find(is_other));
        let stand =
            |reason: ExitReason, yes| Stand::accepted(yes, reason.label(), recorded(reason));
        let mut stands: Vec<Stand> = named.map(|reason| stand(reason, true)).into_iter().collect();
        stands.extend(other.map(|reason| stand(reason, false)));
        let stated = self.any_of.iter().copied().find(|reason| *reason != ExitReason::Personal);
        // A reason that is only stated needs proof where the rule asks for it, unless the record is
        // enough.
        if let (ReasonProof::Required, Some(stated), false) =
            (self.proof, stated, self.any_of.contains(&ExitReason::Personal))
        {
            let facts = person.with_last(|period| {
                period.exit_reason_recorded = Some(ExitReason::Personal);
                period.exit_reason_stated = Some(stated);
                period.exit_reason_evidence = Some(Vec::new());
            });
            let value = stated.label();
            stands.push(Stand::answering(
                At::Unknown,
                Truth::Unknown,
                value,
                boundary::NOT_PROVED,
                facts,
            ));
        }
        stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;

    fn read(proof: &str, period: serde_json::Value) -> Answer {
        let measure: ExitReasonIs =
            serde_json::from_value(serde_json::json!({"any_of": ["care"], "proof": proof}))
                .unwrap();
        let mut periods = serde_json::json!([{"start": "2010-04-01", "last_day": "2020-03-31"}]);
        periods[0].as_object_mut().unwrap().extend(period.as_object().unwrap().clone());
        let facts: Facts =
            serde_json::from_value(serde_json::json!({"employment_periods": periods})).unwrap();
        measure.read(&Case::new(&facts))
    }

    #[test]
    fn personal_circumstances_are_no_reason_until_one_is_stated_or_proved() {
        let stated = || serde_json::json!({"exit_reason_recorded": "personal", "exit_reason_stated": "care"});
        assert_eq!(
            read("not_required", serde_json::json!({"exit_reason_recorded": "personal"})),
            Answer::lacks(FactKey::ExitReason)
        );
        assert_eq!(read("not_required", stated()), Answer::known(Truth::Met));
        assert_eq!(read("required", stated()), Answer::lacks(FactKey::ExitReasonEvidence));
    }

    #[test]
    fn a_verified_proof_goes_before_the_record_and_an_unverified_one_does_not() {
        let proof = |verified: bool| {
            serde_json::json!({"exit_reason_recorded": "job_change",
                "exit_reason_evidence": [{"proves": "care", "kind": "reason_proof", "verified": verified}]})
        };
        assert_eq!(read("required", proof(true)), Answer::known(Truth::Met));
        assert_eq!(read("required", proof(false)), Answer::known(Truth::NotMet));
    }
}
