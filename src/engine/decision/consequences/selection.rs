//! What follows from the selection part: the stages, and those that this person is spared.

use super::{joined, where_said};
use crate::facts::FactSet;
use crate::measures::{Case, Truth};
use crate::messages::{Said as _, selection};
use crate::pipeline::Stage;
use crate::regulation::SelectionClause;
use crate::words::Words;

/// A stage that this person is spared, or may be.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"stage": "test", "truth": "met", "text": {"ja": "教養試験を免除する", "en": "The test of general knowledge is waived"}}))]
pub struct StageExemption {
    /// Which.
    pub stage: Stage,
    /// `met`: the person is spared it; `unknown`: that is to be confirmed.
    pub truth: Truth,
    /// The words of the regulation.
    pub text: Words,
    /// It goes by something for the company's eyes only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
}

consequence! {
    /// The stages of selection.
    SelectionConsequence {
        /// As the regulation names them, in order; what of them this person is spared stands in
        /// `exempted`.
        #[schema(max_items = 8)]
        stages: Vec<Stage>,
        /// The text names them; otherwise it leaves them open.
        stages_stated: bool,
        /// It is held only when there is an opening.
        opens_only_if_need: bool,
        /// The same as for everybody hired in mid-career.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        same_bar_as_mid_career: Option<bool>,
        /// The stages that this person is spared, or may be.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 8)]
        exempted: Vec<StageExemption>,
        /// The criteria are published.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        criteria_published: Option<bool>,
        /// Somebody may be rejected by a machine alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        solely_automated_rejection: Option<bool>,
    }
}

pub(super) fn selection(
    case: &Case<'_>,
    clause: &SelectionClause,
    article: Words,
) -> SelectionConsequence {
    let (mut exempted, mut missing) = (Vec::new(), FactSet::NONE);
    for line in &clause.exempted {
        let answer = line.when.as_ref().map(|when| when.answer(case));
        let truth = answer.map_or(Truth::Met, |answer| answer.truth);
        missing = missing.and(answer.map_or(FactSet::NONE, |answer| answer.missing));
        let confidential = line.when.as_ref().is_some_and(|when| when.is_confidential(case));
        match truth {
            Truth::NotMet => {}
            Truth::Met | Truth::Unknown => {
                exempted.push(StageExemption {
                    stage: line.stage,
                    truth,
                    text: line.text.clone(),
                    confidential,
                });
            }
        }
    }
    let stages =
        if clause.stages.is_empty() { vec![Stage::Selection] } else { clause.stages.clone() };
    let mut found = SelectionConsequence {
        clause: clause.id.clone(),
        article,
        text: Words::default(),
        stages,
        stages_stated: !clause.stages.is_empty(),
        opens_only_if_need: clause.opens_only_if_need,
        same_bar_as_mid_career: clause.same_bar_as_mid_career,
        exempted,
        criteria_published: clause.criteria_published,
        solely_automated_rejection: clause.solely_automated_rejection,
        missing: missing.iter().collect(),
    };
    found.text = found.words();
    found
}

const fn how(stages_stated: bool, opens_only_if_need: bool) -> Words {
    match (stages_stated, opens_only_if_need) {
        (false, false) => selection::METHOD_OPEN,
        (false, true) => selection::WHEN_NEEDED,
        (true, false) => selection::BY_STAGES,
        (true, true) => selection::BY_STAGES_WHEN_NEEDED,
    }
}

/// The sentence of a stage that the person is spared, or may be.
fn exemption_words(exempted: &StageExemption) -> Words {
    let text = &exempted.text;
    match exempted.truth {
        Truth::Met => selection::Exempted { text }.words(),
        Truth::Unknown | Truth::NotMet => selection::ExemptedToBeConfirmed { text }.words(),
    }
}

impl SelectionConsequence {
    fn words(&self) -> Words {
        let published = where_said(
            self.criteria_published,
            selection::CRITERIA_PUBLISHED,
            selection::CRITERIA_NOT_PUBLISHED,
        );
        let automated = where_said(
            self.solely_automated_rejection,
            selection::AUTOMATED,
            selection::NOT_AUTOMATED,
        );
        let stages = std::iter::once(how(self.stages_stated, self.opens_only_if_need));
        joined(
            stages
                .chain(self.exempted.iter().map(exemption_words))
                .chain(published)
                .chain(automated),
        )
    }

    /// Takes out what goes by something for the company's eyes only.
    pub(in crate::decision) fn redact(&mut self) {
        self.exempted.retain(|one| !one.confidential);
        self.missing.retain(|fact| !fact.is_confidential());
        self.text = self.words();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::made::{first, left, shown};

    fn selection(when: Value) -> Value {
        json!({"id": "s", "kind": "selection", "stages": ["test", "hr_interview"], "criteria_published": true,
            "exempted": [{"stage": "test", "text": {"ja": "試験を免除する", "en": "The test is waived"}, "when": when}]})
    }

    fn regular() -> Value {
        json!({"kind": "employment_type", "any_of": ["regular"]})
    }

    #[test]
    fn a_stage_that_is_waived_for_the_person_stands_with_the_words_of_the_regulation() {
        let facts =
            |kind: &str| json!({"employment_periods": left(json!({"employment_type": kind}))});
        let waived = first(&[selection(regular())], facts("regular"));
        assert_eq!(
            (&waived["exempted"][0]["stage"], &waived["exempted"][0]["truth"]),
            (&json!("test"), &json!("met"))
        );
        assert_eq!(waived["stages"], json!(["test", "hr_interview"]));
        assert!(first(&[selection(regular())], facts("part_time")).get("exempted").is_none());
    }

    #[test]
    fn a_waiver_that_cannot_be_told_is_to_be_confirmed() {
        let open = first(&[selection(regular())], json!({"employment_periods": left(json!({}))}));
        assert_eq!(
            (&open["exempted"][0]["truth"], &open["missing"]),
            (&json!("unknown"), &json!(["employment_type"]))
        );
        assert!(
            open["text"]["ja"].as_str().unwrap().contains("確認が必要です:「試験を免除する」"),
            "{open}"
        );
    }

    #[test]
    fn the_applicant_reads_of_no_waiver_that_goes_by_something_in_confidence() {
        let standing = json!({"kind": "fact", "fact": "good_standing"});
        let shown = shown(
            selection(standing),
            json!({"employment_periods": left(json!({"left_in_good_standing": true}))}),
        );
        assert!(shown.get("exempted").is_none());
        assert_eq!(
            shown["text"]["en"],
            "Selection by the stages named. The criteria are published."
        );
    }
}
