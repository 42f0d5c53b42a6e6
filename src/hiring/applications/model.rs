//! Facts supplied with an application, and the moves an applicant may make, pure.

use std::collections::BTreeMap;

use okaeri_engine::facts::{
    Activity, ApplicationFacts, CompanyFacts, DeclaredValue, FactKey, Facts, Mark, PersonFacts,
    Ruling, StatedBy,
};
use okaeri_engine::messages::applications;
use okaeri_engine::workflow::pipeline::MoveKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::auth::{Principal, Reach};
use crate::platform::error::Fault;

okaeri_engine::codes! {
    /// The channel through which an application came.
    pub enum Channel {
        /// From the applicant directly.
        Direct = "direct",
        /// In response to a notice of a vacancy (求人案内).
        Notice = "notice",
        /// On an invitation.
        Invitation = "invitation",
        /// On a recommendation.
        Referral = "referral",
        /// From another system.
        Integration = "integration",
    }
}

/// Facts supplied with the application itself. Employment periods, registrations, documents and
/// dates are added from their records when a decision is made.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"application": {"competitor_work_declared": true, "former_employment_declared": true}}))]
pub struct SuppliedFacts {
    /// Facts of the person.
    pub person: PersonFacts,
    /// Facts of the application; dates and documents on record take precedence.
    pub application: ApplicationFacts,
    /// Facts of the company.
    pub company: CompanyFacts,
    /// Facts that the organization declared.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub declared: BTreeMap<String, DeclaredValue>,
    /// Facts that are disputed or do not apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub marks: Vec<Mark>,
}

impl SuppliedFacts {
    /// Returns the facts after an applicant has replaced theirs: the organization's facts stay. An
    /// applicant may send an organization's fact back unchanged.
    ///
    /// # Errors
    /// A fault for every changed fact that only the organization may state.
    pub fn restated_by_applicant(&self, known: &Self) -> Result<Self, Vec<Fault>> {
        let faults = self.not_the_applicants(known);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut joined = known.clone();
        let is_theirs = |fact: FactKey| fact.stated_by() == StatedBy::Applicant;
        joined.person.take(&self.person, is_theirs);
        joined.application.take(&self.application, is_theirs);
        let assessed = known.application.activities_since_exit.iter().flatten();
        for activity in joined.application.activities_since_exit.iter_mut().flatten() {
            activity.similarity = assessed
                .clone()
                .find(|other| is_same(other, activity))
                .and_then(|one| one.similarity);
        }
        Ok(joined)
    }

    fn not_the_applicants(&self, known: &Self) -> Vec<Fault> {
        let open = known.clone().shown_to_applicant();
        // Hidden facts are not compared: the response would reveal them.
        let stated = |default: Vec<(FactKey, &'static str)>,
                      changed: Vec<(FactKey, &'static str)>| {
            let both = default.into_iter().filter(move |field| changed.contains(field));
            both.filter(|(fact, _)| fact.stated_by() == StatedBy::Organization)
                .map(|(_, field)| field)
        };
        let of_person = stated(
            self.person.differing(&PersonFacts::default()),
            self.person.differing(&open.person),
        );
        let of_application = stated(
            self.application.differing(&ApplicationFacts::default()),
            self.application.differing(&open.application),
        );
        let mut places: Vec<String> =
            of_person.map(|field| format!("/facts/person/{field}")).collect();
        places.extend(of_application.map(|field| format!("/facts/application/{field}")));
        let whole = [
            (self.touches_assessments(known), "/facts/application/activities_since_exit"),
            (self.company != CompanyFacts::default(), "/facts/company"),
            (!self.declared.is_empty(), "/facts/declared"),
            (!self.marks.is_empty(), "/facts/marks"),
        ];
        places.extend(
            whole
                .into_iter()
                .filter(|(is_stated, _)| *is_stated)
                .map(|(_, place)| place.to_owned()),
        );
        let fault = |place: String| {
            Fault::new(place, "not_the_applicants", applications::NOT_THE_APPLICANTS)
        };
        places.into_iter().map(fault).collect()
    }

    /// Returns whether it assesses an activity, or omits one that the organization has assessed.
    fn touches_assessments(&self, known: &Self) -> bool {
        let Some(activities) = &self.application.activities_since_exit else {
            return known.assessed().next().is_some();
        };
        activities.iter().any(|activity| activity.similarity.is_some())
            || known
                .assessed()
                .any(|assessed| !activities.iter().any(|activity| is_same(assessed, activity)))
    }

    fn assessed(&self) -> impl Iterator<Item = &Activity> {
        let activities = self.application.activities_since_exit.iter().flatten();
        activities.filter(|activity| activity.similarity.is_some())
    }

    /// Returns the facts that the applicant may see: of themselves and of the application.
    #[must_use]
    pub fn shown_to_applicant(self) -> Self {
        let Self { person, application, company: _, declared: _, marks: _ } = self;
        Self {
            person: person.open(),
            application: application.open().without_assessments(),
            ..Self::default()
        }
    }

    /// Returns the facts for colleagues who may not read decisions.
    #[must_use]
    pub fn shown_to_colleagues(self) -> Self {
        let Self { person, application, company, declared: _, mut marks } = self;
        // Only the regulation knows which declared facts are confidential.
        marks.retain(|mark| !mark.fact.is_confidential() && mark.fact != FactKey::Declared);
        Self {
            person: person.open(),
            application: application.open(),
            company: company.open(),
            declared: BTreeMap::new(),
            marks,
        }
    }
}

fn is_same(one: &Activity, other: &Activity) -> bool {
    (one.kind, one.from, one.to) == (other.kind, other.from, other.to)
}

impl SuppliedFacts {
    /// Adds these facts to those on record; a date of birth on record takes precedence.
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

/// The content of the column `facts`: supplied facts and rulings.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StoredFacts {
    /// The facts as supplied.
    pub supplied: SuppliedFacts,
    /// Rulings on single clauses; only people with the authority add them.
    pub rulings: Vec<Ruling>,
}

/// Returns whether the caller may make this kind of move at all: an applicant may only submit,
/// withdraw and request a review.
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
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use okaeri_engine::codes::Code as _;

    fn supplied(similarity: Value) -> SuppliedFacts {
        let activity = json!({"kind": "employed", "from": "2021-04-01", "to": "2024-03-31", "similarity": similarity});
        serde_json::from_value(json!({"application": {"activities_since_exit": [activity]}}))
            .unwrap()
    }

    #[test]
    fn what_the_company_assessed_of_an_activity_is_its_to_say_and_stays() {
        let (assessed, own) = (supplied(json!("similar")), supplied(Value::Null));
        let place = "/facts/application/activities_since_exit";
        let refused = |stated: &SuppliedFacts, known: &SuppliedFacts| {
            stated
                .restated_by_applicant(known)
                .unwrap_err()
                .into_iter()
                .map(|fault| fault.pointer)
                .collect::<Vec<_>>()
        };
        assert_eq!(refused(&assessed, &own), [place]);
        assert_eq!(refused(&SuppliedFacts::default(), &assessed), [place]);
        assert_eq!(own.restated_by_applicant(&assessed), Ok(assessed));
    }

    #[test]
    fn an_applicant_does_not_see_what_was_assessed() {
        assert_eq!(supplied(json!("other")).shown_to_applicant(), supplied(Value::Null));
    }

    #[test]
    fn a_fact_of_the_organization_may_be_sent_back_as_it_was_read() {
        let read = |json: Value| serde_json::from_value::<SuppliedFacts>(json).unwrap();
        let known =
            read(json!({"person": {"legal_disqualifier": true, "worked_for_competitor": true}}));
        let sent_back = read(json!({"person": {"legal_disqualifier": true}}));
        assert_eq!(sent_back.restated_by_applicant(&known), Ok(known.clone()));
        assert_eq!(SuppliedFacts::default().restated_by_applicant(&known), Ok(known.clone()));
        let place = |stated: Value| {
            read(stated)
                .restated_by_applicant(&known)
                .unwrap_err()
                .into_iter()
                .map(|fault| fault.pointer)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            place(json!({"person": {"legal_disqualifier": false}})),
            ["/facts/person/legal_disqualifier"]
        );
        // Right or wrong, the answer is the same: it tells nothing of what is confidential.
        for guess in [true, false] {
            assert_eq!(
                place(json!({"person": {"worked_for_competitor": guess}})),
                ["/facts/person/worked_for_competitor"]
            );
        }
    }

    /// Every way of stating any of the facts, and none.
    fn any_facts() -> impl Strategy<Value = SuppliedFacts> {
        let yes_or_no = || prop::option::of(any::<bool>());
        let day = || prop::option::of(prop::sample::select(&["2020-04-01", "2021-04-01"][..]));
        let person = (day(), yes_or_no(), yes_or_no(), yes_or_no(), day()).prop_map(
            |(birth, barred, may, rival, absent)| {
                json!({"birth_date": birth, "legal_disqualifier": barred, "work_authorised": may,
                "worked_for_competitor": rival, "no_show_on": absent})
            },
        );
        let days = (day(), day(), day());
        let wished = (
            prop::option::of(prop::sample::select(&["administration", "sales"][..])),
            prop::option::of(prop::sample::select(&["regular", "part_time"][..])),
        );
        let said = (yes_or_no(), yes_or_no(), yes_or_no(), yes_or_no());
        let similarity = prop::option::of(prop::sample::select(&["same", "other"][..]));
        let activity = (prop::sample::select(&["employed", "study"][..]), similarity)
            .prop_map(|(kind, similarity)| json!({"kind": kind, "from": "2021-04-01", "similarity": similarity}));
        let document =
            prop::sample::select(&["resume", "essay"][..]).prop_map(|kind| json!({"kind": kind}));
        let lists = (
            prop::option::of(prop::collection::vec(activity, 0..2)),
            prop::option::of(prop::collection::vec(document, 0..2)),
        );
        let application = (days, wished, said, lists).prop_map(
            |((applied, starts, told), (family, kind), (invited, competitor, former, resolved), (did, documents))| {
                json!({"application_date": applied, "start_date": starts, "notice_received_on": told, "invited": invited,
                    "job_family": family, "employment_type": kind, "competitor_work_declared": competitor,
                    "former_employment_declared": former, "exit_cause_resolved": resolved,
                    "activities_since_exit": did, "documents": documents})
            },
        );
        let aside = (
            yes_or_no(),
            yes_or_no(),
            prop::collection::vec(prop::sample::select(FactKey::ALL), 0..2),
        );
        (person, application, aside).prop_map(|(person, application, (vacancy, listed, marked))| {
            let declared = listed
                .map_or(json!({}), |yes| json!({"listed": {"type": "boolean", "value": yes}}));
            let marks: Vec<Value> =
                marked.iter().map(|fact| json!({"fact": fact, "state": "disputed"})).collect();
            serde_json::from_value(
                json!({"person": person, "application": application, "declared": declared,
                "company": {"vacancy": vacancy}, "marks": marks}),
            )
            .unwrap()
        })
    }

    /// The facts with everything that an applicant states taken out.
    fn of_the_organization(mut facts: SuppliedFacts) -> SuppliedFacts {
        let is_theirs = |fact: FactKey| fact.stated_by() == StatedBy::Applicant;
        facts.person.take(&PersonFacts::default(), is_theirs);
        facts.application.take(&ApplicationFacts::default(), is_theirs);
        facts
    }

    fn assessments(facts: &SuppliedFacts) -> Vec<Activity> {
        facts.assessed().cloned().collect()
    }

    proptest! {
        #[test]
        fn an_applicant_never_changes_a_fact_of_the_organization(known in any_facts(), stated in any_facts()) {
            // With and without what a caller would have to leave out to be heard.
            for stated in [stated.clone(), stated.shown_to_applicant()] {
                let Ok(joined) = stated.restated_by_applicant(&known) else { continue };
                prop_assert_eq!(of_the_organization(joined.clone()), of_the_organization(known.clone()));
                let kept = assessments(&joined);
                prop_assert!(assessments(&known).iter().all(|one| kept.contains(one)), "{:?} became {:?}", known, joined);
            }
        }

        #[test]
        fn what_an_applicant_reads_may_be_sent_back(known in any_facts()) {
            prop_assert_eq!(known.clone().shown_to_applicant().restated_by_applicant(&known), Ok(known));
        }
    }
}
