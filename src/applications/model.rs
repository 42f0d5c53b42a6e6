//! What an application holds beside its columns, pure.

use std::collections::BTreeMap;

use okaeri_engine::facts::{
    Activity, ApplicationFacts, CompanyFacts, DeclaredValue, FactKey, Facts, Mark, PersonFacts,
    Ruling, StatedBy,
};
use okaeri_engine::messages::applications;
use okaeri_engine::workflow::pipeline::MoveKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{Principal, Reach};
use crate::error::Fault;

okaeri_engine::codes! {
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
    /// Returns what is known once an applicant has written their facts anew: theirs are replaced,
    /// and those of the organization stay. A fact of the organization may be sent back as it was
    /// read.
    ///
    /// # Errors
    /// Every fact that is the organization's to state.
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
        // What the applicant does not see is compared with nothing: the answer would tell it.
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

    /// Whether it assesses an activity, or leaves one out that the organization has assessed.
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

    /// Returns those that the applicant may know: of themselves and of the application.
    #[must_use]
    pub fn shown_to_applicant(self) -> Self {
        let Self { person, application, company: _, declared: _, marks: _ } = self;
        Self {
            person: person.open(),
            application: application.open().without_assessments(),
            ..Self::default()
        }
    }

    /// Returns those that colleagues may know who do not read decisions.
    #[must_use]
    pub fn shown_to_colleagues(self) -> Self {
        let Self { person, application, company, declared: _, mut marks } = self;
        // Which of the declared facts are confidential is for the regulation to say.
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
    /// Lays them over what is on record of the person; a date of birth on record goes before one
    /// supplied.
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
