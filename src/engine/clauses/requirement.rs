//! Requirements of scope, eligibility and procedure: what the verdict rests on.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::checks::{locate_around, when_in_each};
use super::{ClauseKind, Consequence, Deciding, authority, in_each};
use crate::document::Part;
use crate::document::rendering::{condition, lowered};
use crate::facts::Labelled as _;
use crate::measures::Condition;
use crate::messages::clauses::{self, requirement};
use crate::messages::{Said as _, document};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined};

crate::codes! {
    /// What a requirement does to the verdict.
    pub enum RequirementRole {
        /// Its condition must hold.
        Required = "required",
        /// Its condition must not hold.
        Disqualifying = "disqualifying",
        /// A person judges where its condition holds (「会社が認めた場合」).
        NeedsJudgement = "needs_judgement",
        /// It is shown, and changes nothing.
        Advisory = "advisory",
    }
}

crate::codes! {
    /// What is done when the answer cannot be told.
    pub enum OnUnknown {
        /// A person looks at it.
        Refer = "refer",
        /// The case waits until the fact is there.
        Hold = "hold",
        /// It counts as failed: only where the text itself puts the proof on the applicant.
        TreatAsFailed = "treat_as_failed",
    }
}

crate::codes! {
    /// What is done when a fact does not apply to the person.
    pub enum NotApplicable {
        /// A person looks at it.
        Refer = "refer",
        /// The requirement does not apply.
        DoesNotApply = "does_not_apply",
    }
}

crate::codes! {
    /// What an exception or a ruling makes of a requirement.
    pub enum Ruled {
        /// It counts as met.
        Met = "met",
        /// It counts as not met.
        NotMet = "not_met",
        /// It does not apply.
        DoesNotApply = "does_not_apply",
    }
}

/// An exception (ただし書き): where its condition holds, the requirement comes out as it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequirementException)]
pub struct Exception {
    /// Its stable id within the requirement.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// Where it applies.
    pub when: Condition,
    /// What it makes of the requirement.
    pub then: Ruled,
    /// Its text.
    pub text: Words,
}

/// Who may rule on a requirement against its condition (例外承認), or judge it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequirementOverride, example = json!({"by_role": "hr_director", "text": {"ja": "その他会社が認めた理由", "en": "Another reason that the company accepts"}}))]
pub struct Override {
    /// The role of who may, by the organization's codes.
    #[schema(min_length = 1, max_length = 100)]
    pub by_role: String,
    /// The words of the regulation that allow it.
    pub text: Words,
}

/// A requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequirementClause, example = json!({
    "id": "tenure", "kind": "requirement", "title": {"ja": "勤続", "en": "Service"}, "role": "required",
    "condition": {"kind": "tenure", "at_least_months": 36, "counting": ["full_time_only"]}, "when_unknown": "refer"
}))]
pub struct Requirement {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// What it is about.
    pub title: Words,
    /// What it does to the verdict.
    pub role: RequirementRole,
    /// What has to hold; for a judgement, where one is needed.
    pub condition: Condition,
    /// What is done when that cannot be told: stated, never implied.
    pub when_unknown: OnUnknown,
    /// What is done when a fact does not apply to the person.
    #[serde(default = "refer")]
    pub when_not_applicable: NotApplicable,
    /// Exceptions; the first whose condition holds decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub exceptions: Vec<Exception>,
    /// Who may rule on it.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overridable: Option<Override>,
}

const fn refer() -> NotApplicable {
    NotApplicable::Refer
}

impl Located for Requirement {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        let mut places = vec!["/condition".to_owned()];
        places.extend(when_in_each(json, "exceptions"));
        locate_around::<Self>(json, at, &places, faults);
    }
}

impl ClauseKind for Requirement {
    fn parts(&self) -> &'static [Part] {
        &[Part::Scope, Part::Eligibility, Part::Procedure]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        let whens = self.exceptions.iter().map(|exception| Some(&exception.when));
        let own = std::iter::once(("/condition".to_owned(), &self.condition));
        own.chain(in_each("exceptions", whens)).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        if self.role == RequirementRole::NeedsJudgement && self.overridable.is_none() {
            return vec![Fault::new("/override", "required", document::SAY_WHO_JUDGES)];
        }
        Vec::new()
    }

    fn in_words(&self, terms: &Terms) -> Words {
        let (title, mut wanted) = (&self.title, condition(&self.condition, terms));
        // Titles often name the very thing that is compared.
        let named =
            clauses::condition::Leaf { subject: &lowered(title.clone()), wanted: &"" }.words();
        wanted.ja = wanted.ja.strip_prefix(&*named.ja).unwrap_or(&wanted.ja).to_owned().into();
        wanted.en = wanted.en.strip_prefix(&*named.en).unwrap_or(&wanted.en).to_owned().into();
        let wanted = &wanted;
        let role = match self.role {
            RequirementRole::Required => requirement::Required { title, wanted }.words(),
            RequirementRole::Disqualifying => requirement::Disqualifying { title, wanted }.words(),
            RequirementRole::NeedsJudgement => {
                requirement::NeedsJudgement { title, wanted }.words()
            }
            RequirementRole::Advisory => requirement::Advisory { title, wanted }.words(),
        };
        let exceptions = self.exceptions.iter().map(|exception| {
            let (when, then, text) =
                (&condition(&exception.when, terms), &exception.then.label(), &exception.text);
            requirement::Exception { when, then, text }.words()
        });
        let overridable = self.overridable.as_ref();
        let overridable = overridable.map(|allowed| {
            requirement::Overridable { role: &authority(&allowed.by_role), text: &allowed.text }
                .words()
        });
        joined(
            [role]
                .into_iter()
                .chain(exceptions)
                .chain(overridable)
                .chain([self.when_unknown.label()]),
        )
    }

    fn consequence(&self, _of: &Deciding<'_>) -> Option<Consequence> {
        None
    }
}
