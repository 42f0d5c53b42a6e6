//! The fact that each field of the facts holds, and the facts without what is confidential. A field
//! without a fact does not compile.

use super::{ApplicationFacts, CompanyFacts, EmploymentPeriod, FactKey, PersonFacts};

/// Names the fact that each field holds.
macro_rules! facts_of_fields {
    ($name:ident { $($field:ident: $fact:ident),+ $(,)? }) => {
        impl $name {
            /// Replaces those facts by the ones of `other` that are `wanted`.
            pub fn take(&mut self, other: &Self, wanted: impl Fn(FactKey) -> bool) {
                let Self { $($field),+ } = self;
                $(if wanted(FactKey::$fact) { $field.clone_from(&other.$field); })+
            }

            /// Returns the fields in which it differs from `other`, each with its fact.
            #[must_use]
            pub fn differing(&self, other: &Self) -> Vec<(FactKey, &'static str)> {
                let fields = [$((FactKey::$fact, stringify!($field), self.$field != other.$field)),+];
                fields.into_iter().filter(|(_, _, differs)| *differs).map(|(fact, field, _)| (fact, field)).collect()
            }
        }
    };
}

facts_of_fields!(PersonFacts {
    birth_date: BirthDate,
    legal_disqualifier: LegalDisqualifier,
    work_authorised: WorkAuthorised,
    worked_for_competitor: WorkedForCompetitor,
    no_show_on: NoShow,
});

facts_of_fields!(ApplicationFacts {
    application_date: ApplicationDate,
    start_date: StartDate,
    notice_received_on: NoticeReceived,
    invited: Invited,
    job_family: WishedJobFamily,
    employment_type: WishedEmploymentType,
    documents: Documents,
    competitor_work_declared: CompetitorDeclaration,
    former_employment_declared: FormerEmploymentDeclared,
    exit_cause_resolved: ExitCauseResolved,
    activities_since_exit: ActivitiesSinceExit,
});

facts_of_fields!(CompanyFacts {
    vacancy: Vacancy,
    vacancy_opened_on: VacancyOpened,
    retirement_age: RetirementAge,
    window_closes_on: WindowCloses,
    guideline_pay: GuidelinePay,
    cohort_pay: CohortPay,
    pay_table: PayTable,
});

facts_of_fields!(EmploymentPeriod {
    start: EmploymentPeriods,
    last_day: EmploymentPeriods,
    employment_type: EmploymentType,
    full_time: FullTime,
    entity: Entity,
    job_family: JobFamily,
    grade: Grade,
    rank: Rank,
    step: Step,
    pay: Pay,
    cohort: EmploymentPeriods,
    leaves: Leaves,
    appraisals: Appraisals,
    discipline: Discipline,
    exit_route: ExitRoute,
    exit_reason_recorded: ExitReason,
    exit_reason_stated: ExitReason,
    exit_reason_evidence: ExitReasonEvidence,
    rehire_code: RehireCode,
    notice_given_days: NoticeGiven,
    property_returned: PropertyReturned,
    exit_interview_attended: ExitInterview,
    left_in_good_standing: GoodStanding,
    began_under_rehire_scheme: FormerRehires,
});

impl PersonFacts {
    /// Returns them without what is confidential.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.take(&Self::default(), FactKey::is_confidential);
        self
    }
}

impl ApplicationFacts {
    /// Returns them without what is confidential.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.take(&Self::default(), FactKey::is_confidential);
        self
    }

    /// Returns them without what the company assessed of the applicant's activities.
    #[must_use]
    pub fn without_assessments(mut self) -> Self {
        for activity in self.activities_since_exit.iter_mut().flatten() {
            activity.similarity = None;
        }
        self
    }
}

impl CompanyFacts {
    /// Returns them without what is confidential.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.take(&Self::default(), FactKey::is_confidential);
        self
    }
}

impl EmploymentPeriod {
    /// Returns it without what is confidential.
    #[must_use]
    pub fn open(mut self) -> Self {
        let blank = Self::new(self.start, self.last_day);
        self.take(&blank, FactKey::is_confidential);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_period_has_its_days_and_nothing_confidential() {
        let period = serde_json::json!({
            "start": "2017-04-01", "last_day": "2021-03-31", "grade": "3", "rehire_code": "ineligible",
            "left_in_good_standing": false, "appraisals": [{"year": 2020, "rating": "C"}],
            "discipline": [{"kind": "reprimand", "on": "2019-05-10"}]
        });
        let period: EmploymentPeriod = serde_json::from_value(period).unwrap();
        let open = serde_json::to_value(period.open()).unwrap();
        assert_eq!(
            open,
            serde_json::json!({"start": "2017-04-01", "last_day": "2021-03-31", "grade": "3"})
        );
    }
}
