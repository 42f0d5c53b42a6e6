//! What an application holds beside its columns, pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{Principal, Reach};
use crate::domain::facts::{Activity, ApplicationFacts, CompanyFacts, DeclaredValue, Facts, Mark, PersonFacts, Ruling};
use crate::domain::pipeline::MoveKind;
use crate::error::Fault;
use crate::messages::applications;

crate::codes! {
    /// How an application came.
    pub enum Channel {
        /// By the applicant themselves.
        Direct = "direct",
        /// In answer to a notice of a vacancy (求人案内).
        Notice = "notice",
        /// By an invitation.
        Invitation = "invitation",
        /// By somebody's recommendation.
        Referral = "referral",
        /// From another system.
        Integration = "integration",
    }
}

/// Facts that come with the application itself. Employment periods, registrations, documents and
/// dates are added from their own records when it is decided.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"application": {"competitor_work_declared": true, "former_employment_declared": true}}))]
pub struct SuppliedFacts {
    /// Of the person.
    pub person: PersonFacts,
    /// Of the application; dates and documents here give way to those on record.
    pub application: ApplicationFacts,
    /// Of the company.
    pub company: CompanyFacts,
    /// Facts that the organization declared for itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub declared: BTreeMap<String, DeclaredValue>,
    /// Facts that are disputed or do not apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub marks: Vec<Mark>,
}

impl SuppliedFacts {
    /// What an applicant cannot state, since it is the organization's to say.
    #[must_use]
    pub fn not_the_applicants(&self) -> Vec<Fault> {
        let stated = [
            (self.company != CompanyFacts::default(), "/facts/company"),
            (self.assesses_activities(), "/facts/application/activities_since_exit"),
            (!self.declared.is_empty(), "/facts/declared"),
            (!self.marks.is_empty(), "/facts/marks"),
        ];
        let fault = |place| {
            let message = applications::NOT_THE_APPLICANTS;
            Fault::new(place, "not_the_applicants", message)
        };
        stated.into_iter().filter(|(is_stated, _)| *is_stated).map(|(_, place)| fault(place)).collect()
    }

    fn assesses_activities(&self) -> bool {
        self.application.activities_since_exit.iter().flatten().any(|activity| activity.similarity.is_some())
    }

    /// Takes over what the organization stated, and so keeps it when an applicant writes their own facts anew.
    pub fn take_the_organizations(&mut self, known: &Self) {
        self.company.clone_from(&known.company);
        self.declared.clone_from(&known.declared);
        self.marks.clone_from(&known.marks);
        // What was assessed stays with the activity that it was assessed of.
        let assessed = known.application.activities_since_exit.iter().flatten();
        for activity in self.application.activities_since_exit.iter_mut().flatten() {
            let is_same =
                |other: &&Activity| (other.kind, other.from, other.to) == (activity.kind, activity.from, activity.to);
            activity.similarity = assessed.clone().find(is_same).and_then(|other| other.similarity);
        }
    }
}

impl SuppliedFacts {
    /// Lays them over what is on record of the person; a date of birth on record goes before one supplied.
    pub fn lay_over(self, recorded: &mut Facts) {
        let born = recorded.person.birth_date;
        recorded.person = self.person;
        recorded.person.birth_date = born.or(recorded.person.birth_date);
        recorded.application = self.application;
        recorded.company = self.company;
        recorded.declared = self.declared;
        recorded.marks = self.marks;
    }
}

/// What is stored in the column `facts`: what was supplied, and what people ruled.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StoredFacts {
    /// As supplied.
    pub supplied: SuppliedFacts,
    /// Rulings on single clauses; only people with the authority add them.
    pub rulings: Vec<Ruling>,
}

/// Whether this caller may make this kind of move at all: an applicant acts for themselves only.
#[must_use]
pub fn may_make(who: &Principal, kind: MoveKind) -> bool {
    match who.reach() {
        Reach::Organization => true,
        Reach::Own(_) | Reach::Nothing => {
            matches!(kind, MoveKind::Submit | MoveKind::Withdraw | MoveKind::RequestReview)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn supplied(similarity: Value) -> SuppliedFacts {
        let activity = json!({"kind": "employed", "from": "2021-04-01", "to": "2024-03-31", "similarity": similarity});
        serde_json::from_value(json!({"application": {"activities_since_exit": [activity]}})).unwrap()
    }

    #[test]
    fn what_the_company_assessed_of_an_activity_is_its_to_say_and_stays() {
        let (assessed, mut own) = (supplied(json!("similar")), supplied(Value::Null));
        assert_eq!(assessed.not_the_applicants()[0].pointer, "/facts/application/activities_since_exit");
        assert!(own.not_the_applicants().is_empty());
        own.take_the_organizations(&assessed);
        assert_eq!(own, assessed);
    }

    #[test]
    fn an_applicant_does_not_see_what_was_assessed() {
        let mut shown = supplied(json!("other"));
        shown.take_the_organizations(&SuppliedFacts::default());
        assert_eq!(shown, supplied(Value::Null));
    }
}
