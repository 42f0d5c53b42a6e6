//! Selection (選考): the stages, and those that a person is spared.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::checks::{contradictory, locate_around, when_in_each};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, in_each};
use crate::document::Part;
use crate::document::rendering::condition;
use crate::facts::{FactSet, Labelled as _, listed};
use crate::measures::{Case, Condition, Truth};
use crate::messages::{InEnglish, Said as _, clauses, document, selection};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined, where_said};
use crate::workflow::pipeline::{PipelinePlan, PlanFault, Stage};

crate::codes! {
    /// What is looked at.
    pub enum SelectionInput {
        /// Appraisals before leaving.
        PastAppraisals = "past_appraisals",
        /// Attendance before leaving.
        Attendance = "attendance",
        /// Career since leaving.
        PostExitCareer = "post_exit_career",
        /// Skills as they are now.
        SkillsNow = "skills_now",
        /// Why the person comes back.
        Motive = "motive",
        /// Health, as far as the work needs it.
        HealthAbilityToWork = "health_ability_to_work",
    }
}

/// A stage that people who come back are spared (免除).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"stage": "test", "text": {"ja": "教養試験を免除する", "en": "The test of general knowledge is waived"}}))]
pub struct ExemptedStage {
    /// Which.
    pub stage: Stage,
    /// The words of the regulation.
    pub text: Words,
    /// For whom; for everybody under the scheme, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// How people are selected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "selection", "kind": "selection", "stages": ["document_screening", "hr_interview"], "opens_only_if_need": false}))]
pub struct SelectionClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// The stages in order. Where the text says only "by selection", none is named here, and the
    /// pipeline has the one stage `selection`: stages are not invented.
    #[schema(max_items = 8)]
    pub stages: Vec<Stage>,
    /// It is held only when there is an opening.
    #[serde(default)]
    pub opens_only_if_need: bool,
    /// The same as for everybody hired in mid-career.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_bar_as_mid_career: Option<bool>,
    /// What is looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 6)]
    pub inputs: Vec<SelectionInput>,
    /// Who decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deciding_authority: Option<Words>,
    /// Stages that are waived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 8)]
    pub exempted: Vec<ExemptedStage>,
    /// The criteria are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criteria_published: Option<bool>,
    /// Somebody may be rejected by a machine alone; the laws of the EU and the UK forbid it (GDPR
    /// art. 22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solely_automated_rejection: Option<bool>,
}

impl Located for SelectionClause {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, &when_in_each(json, "exempted"), faults);
    }
}

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

impl SelectionClause {
    /// The pipeline of this selection.
    ///
    /// # Errors
    /// A stage that is no selection stage, or is named twice.
    pub fn plan(&self) -> Result<PipelinePlan, PlanFault> {
        let stages =
            if self.stages.is_empty() { &[Stage::Selection] } else { self.stages.as_slice() };
        PipelinePlan::new(stages, self.opens_only_if_need)
    }
}

impl ClauseKind for SelectionClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Selection]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        in_each("exempted", self.exempted.iter().map(|exempted| exempted.when.as_ref())).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Err(fault) = self.plan() {
            let words =
                document::NotSelectionStages { said: &InEnglish(fault.to_string()) }.words();
            faults.push(Fault::new("/stages", "not_a_selection", words));
        }
        for (index, exempted) in self.exempted.iter().enumerate() {
            let at = format!("/exempted/{index}/stage");
            let is_named = self.stages.contains(&exempted.stage);
            if !exempted.stage.is_selection() {
                faults.push(Fault::new(at, "not_a_selection", document::NOT_A_SELECTION_STAGE));
            } else if exempted.when.is_none() && is_named {
                faults.push(contradictory(at, document::WAIVED_AND_NAMED));
            } else if exempted.when.is_some() && !is_named && !self.stages.is_empty() {
                faults.push(contradictory(at, document::WAIVED_FOR_SOME_AND_NOT_NAMED));
            }
        }
        faults
    }

    fn in_words(&self, terms: &Terms) -> Words {
        let need = self.opens_only_if_need.then_some(clauses::selection::WHEN_NEEDED);
        let stages = if self.stages.is_empty() {
            clauses::selection::BY_SELECTION
        } else {
            clauses::selection::InOrder { stages: &listed(&self.stages) }.words()
        };
        let inputs = (!self.inputs.is_empty())
            .then(|| clauses::selection::Inputs { inputs: &listed(&self.inputs) }.words());
        let bar = where_said(
            self.same_bar_as_mid_career,
            clauses::selection::SAME_BAR,
            clauses::selection::OTHER_BAR,
        );
        let exempted = self.exempted.iter().map(|exempted| {
            let when = exempted.when.as_ref().map(|when| condition(when, terms));
            let when = when.as_ref().map(|when| clauses::selection::Where { when });
            clauses::selection::Waived {
                when: &when,
                stage: &exempted.stage.label(),
                text: &exempted.text,
            }
            .words()
        });
        let authority = self.deciding_authority.as_ref();
        let authority =
            authority.map(|authority| clauses::selection::DecidedBy { authority }.words());
        let criteria = where_said(
            self.criteria_published,
            clauses::selection::CRITERIA_PUBLISHED,
            clauses::selection::CRITERIA_NOT_PUBLISHED,
        );
        let automated = where_said(
            self.solely_automated_rejection,
            clauses::selection::AUTOMATED,
            clauses::selection::NOT_AUTOMATED,
        );
        let first = [need, Some(stages), inputs, bar].into_iter().flatten();
        joined(first.chain(exempted).chain([authority, criteria, automated].into_iter().flatten()))
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Selection(selection(of.case, self, of.article.citation())))
    }
}

fn selection(case: &Case<'_>, clause: &SelectionClause, article: Words) -> SelectionConsequence {
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
}

impl ConsequenceKind for SelectionConsequence {
    fn redact(&mut self) {
        self.exempted.retain(|one| !one.confidential);
        self.text = self.words();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::{first, left, shown};

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
