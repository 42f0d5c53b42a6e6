//! Where the person is placed (配置).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::twice;
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, told};
use crate::document::Part;
use crate::facts::{FactKey, labels, listed};
use crate::measures::{Case, Condition, Truth};
use crate::messages::{Said as _, clauses, placement};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined, where_said};

crate::codes! {
    /// Where the person is placed.
    pub enum PlacementRule {
        /// In the job family left from.
        SameJobFamily = "same_job_family",
        /// In principle in the job and rank left from.
        SameJobAndRankInPrinciple = "same_job_and_rank_in_principle",
        /// An effort is made to keep site, class, job and grade.
        EffortSameSiteClassJobGrade = "effort_same_site_class_job_grade",
        /// Where there is a vacancy.
        ByVacancy = "by_vacancy",
        /// Anywhere.
        Any = "any",
    }
}

crate::codes! {
    /// Where the person is not placed.
    pub enum PlacementRestriction {
        /// Not in the team left from.
        NotFormerTeam = "not_former_team",
        /// Not under the manager left from.
        NotUnderSameManager = "not_under_same_manager",
        /// Not in a post of management.
        NotManagement = "not_management",
    }
}

labels! { PlacementRestriction = placement_restriction:
    NotFormerTeam = NOT_FORMER_TEAM;
    NotUnderSameManager = NOT_UNDER_SAME_MANAGER;
    NotManagement = NOT_MANAGEMENT;
}

/// Where the person is placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "placement", "kind": "placement", "rule": "by_vacancy", "wish_considered": true, "restrictions": ["not_former_team"]}))]
pub struct PlacementClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: PlacementRule,
    /// The person's wish is considered; absent where the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish_considered: Option<bool>,
    /// Where the person is not placed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 3)]
    pub restrictions: Vec<PlacementRestriction>,
    /// It is looked at whether the cause of leaving is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_cause_resolved: Option<bool>,
    /// Later posting, promotion and raises weigh results before leaving and experience since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_term_treatment: Option<bool>,
}

impl Located for PlacementClause {}

consequence! {
    /// Where the person is placed.
    PlacementConsequence {
        /// By which rule.
        rule: PlacementRule,
        /// The person's wish is considered; absent where the text does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        wish_considered: Option<bool>,
        /// Where the person is not placed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 3)]
        restrictions: Vec<PlacementRestriction>,
        /// Whether the cause of leaving is gone, where the regulation looks at it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        exit_cause_resolved: Option<Truth>,
        /// Later posting, promotion and raises weigh results before leaving and experience since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        long_term_treatment: Option<bool>,
    }
}

impl ClauseKind for PlacementClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Placement]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        twice(&self.restrictions, "/restrictions")
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        let wish = where_said(
            self.wish_considered,
            clauses::placement::WISH_CONSIDERED,
            clauses::placement::WISH_NOT_CONSIDERED,
        );
        let restricted = (!self.restrictions.is_empty())
            .then(|| placement::Restrictions { names: &listed(&self.restrictions) }.words());
        let cause = where_said(
            self.exit_cause_resolved,
            clauses::placement::CAUSE_LOOKED_AT,
            clauses::placement::CAUSE_NOT_LOOKED_AT,
        );
        let long_term = where_said(
            self.long_term_treatment,
            clauses::placement::LONG_TERM,
            clauses::placement::NO_LONG_TERM,
        );
        joined(
            [Some(rule_words(self.rule)), wish, restricted, cause, long_term].into_iter().flatten(),
        )
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Placement(placement(of.case, self, of.article.citation())))
    }
}

fn placement(case: &Case<'_>, clause: &PlacementClause, article: Words) -> PlacementConsequence {
    let resolved =
        told(case, FactKey::ExitCauseResolved, case.facts.application.exit_cause_resolved);
    let looked_at = clause.exit_cause_resolved == Some(true);
    let cause = looked_at.then(|| resolved.map_or(Truth::Unknown, Truth::of));
    let wish = where_said(
        clause.wish_considered,
        placement::WISH_CONSIDERED,
        placement::WISH_NOT_CONSIDERED,
    );
    let restricted = (!clause.restrictions.is_empty())
        .then(|| placement::Restrictions { names: &listed(&clause.restrictions) }.words());
    let long_term =
        where_said(clause.long_term_treatment, placement::LONG_TERM, placement::NO_LONG_TERM);
    let sentences =
        [Some(rule_words(clause.rule)), wish, restricted, cause.map(cause_words), long_term];
    PlacementConsequence {
        clause: clause.id.clone(),
        article,
        text: joined(sentences.into_iter().flatten()),
        rule: clause.rule,
        wish_considered: clause.wish_considered,
        restrictions: clause.restrictions.clone(),
        exit_cause_resolved: cause,
        long_term_treatment: clause.long_term_treatment,
        missing: resolved.err().filter(|_| looked_at).into_iter().collect(),
    }
}

const fn rule_words(rule: PlacementRule) -> Words {
    match rule {
        PlacementRule::SameJobFamily => placement::rule::SAME_JOB_FAMILY,
        PlacementRule::SameJobAndRankInPrinciple => placement::rule::SAME_JOB_AND_RANK_IN_PRINCIPLE,
        PlacementRule::EffortSameSiteClassJobGrade => {
            placement::rule::EFFORT_SAME_SITE_CLASS_JOB_GRADE
        }
        PlacementRule::ByVacancy => placement::rule::BY_VACANCY,
        PlacementRule::Any => placement::rule::ANY,
    }
}

const fn cause_words(resolved: Truth) -> Words {
    match resolved {
        Truth::Met => placement::CAUSE_GONE,
        Truth::NotMet => placement::CAUSE_NOT_GONE,
        Truth::Unknown => placement::CAUSE_TO_BE_CONFIRMED,
    }
}

impl ConsequenceKind for PlacementConsequence {
    fn redact(&mut self) {}
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::first;

    fn placed(resolved: Value) -> Value {
        let clause = json!({"id": "p", "kind": "placement", "rule": "by_vacancy", "exit_cause_resolved": true,
            "restrictions": ["not_former_team", "not_management"], "long_term_treatment": true});
        first(&[clause], json!({"application": {"exit_cause_resolved": resolved}}))
    }

    #[test]
    fn restrictions_are_named_and_a_wish_of_which_the_text_is_silent_is_not() {
        let found = placed(json!(true));
        assert_eq!(found["restrictions"], json!(["not_former_team", "not_management"]));
        assert!(
            found["text"]["ja"]
                .as_str()
                .unwrap()
                .contains("配置の制限: 元の部署を除く・管理職を除く。"),
            "{found}"
        );
        assert!(found.get("wish_considered").is_none());
    }

    #[test]
    fn whether_the_cause_of_leaving_is_gone_is_looked_at() {
        assert_eq!(placed(json!(true))["exit_cause_resolved"], "met");
        assert_eq!(placed(json!(false))["exit_cause_resolved"], "not_met");
        let open = placed(Value::Null);
        assert_eq!(
            (&open["exit_cause_resolved"], &open["missing"]),
            (&json!("unknown"), &json!(["exit_cause_resolved"]))
        );
    }
}
