//! The facts by name: one line each, with who may know it, who states it, and what it is called.

use super::{FactSet, Labelled};
use crate::codes::Code as _;
use crate::messages::labels::fact_key;
use crate::words::Words;

/// Who may know a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitivity {
    /// The person whom it is about, and everybody who works on the application.
    Open,
    /// Only those of the company who read decisions.
    Confidential,
}

/// Who states a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatedBy {
    /// The applicant, or the organization for them.
    Applicant,
    /// The organization alone.
    Organization,
    /// Nobody: it is taken from records of its own.
    Record,
}

macro_rules! facts {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal ($label:ident): $sensitivity:ident, $stated_by:ident;)+) => {
        crate::codes! {
            /// The name of a fact, as clauses name what they read and decisions name what is
            /// missing.
            pub enum FactKey { $($(#[doc = $doc])+ $name = $code),+ }
        }

        impl FactKey {
            /// Returns who may know it.
            #[must_use]
            pub const fn sensitivity(self) -> Sensitivity {
                match self { $(Self::$name => Sensitivity::$sensitivity),+ }
            }

            /// Returns who states it.
            #[must_use]
            pub const fn stated_by(self) -> StatedBy {
                match self { $(Self::$name => StatedBy::$stated_by),+ }
            }
        }

        impl Labelled for FactKey {
            fn label(self) -> Words {
                match self { $(Self::$name => fact_key::$label),+ }
            }
        }
    };
}

facts! {
    /// Date of birth.
    BirthDate = "birth_date" (BIRTH_DATE): Open, Applicant;
    /// Legal bar.
    LegalDisqualifier = "legal_disqualifier" (LEGAL_DISQUALIFIER): Open, Organization;
    /// Right to work.
    WorkAuthorised = "work_authorised" (WORK_AUTHORISED): Open, Organization;
    /// Work for a competitor.
    WorkedForCompetitor = "worked_for_competitor" (WORKED_FOR_COMPETITOR): Confidential, Organization;
    /// Day of an unexcused absence from agreed work.
    NoShow = "no_show" (NO_SHOW): Open, Organization;
    /// Employment periods as such, their first and last days.
    EmploymentPeriods = "employment_periods" (EMPLOYMENT_PERIODS): Open, Record;
    /// Employment type.
    EmploymentType = "employment_type" (EMPLOYMENT_TYPE): Open, Record;
    /// Full time or not (常勤).
    FullTime = "full_time" (FULL_TIME): Open, Record;
    /// Entity.
    Entity = "entity" (ENTITY): Open, Record;
    /// Job family.
    JobFamily = "job_family" (JOB_FAMILY): Open, Record;
    /// Grade at exit.
    Grade = "grade" (GRADE): Open, Record;
    /// Rank at exit.
    Rank = "rank" (RANK): Open, Record;
    /// Step at exit.
    Step = "step" (STEP): Open, Record;
    /// Pay at exit.
    Pay = "pay" (PAY): Open, Record;
    /// Leaves.
    Leaves = "leaves" (LEAVES): Open, Record;
    /// Exit route.
    ExitRoute = "exit_route" (EXIT_ROUTE): Open, Record;
    /// Exit reason.
    ExitReason = "exit_reason" (EXIT_REASON): Open, Record;
    /// Proof of the exit reason.
    ExitReasonEvidence = "exit_reason_evidence" (EXIT_REASON_EVIDENCE): Open, Record;
    /// Discipline.
    Discipline = "discipline" (DISCIPLINE): Confidential, Record;
    /// Rehire code.
    RehireCode = "rehire_code" (REHIRE_CODE): Confidential, Record;
    /// Days of notice given.
    NoticeGiven = "notice_given" (NOTICE_GIVEN): Open, Record;
    /// Property returned.
    PropertyReturned = "property_returned" (PROPERTY_RETURNED): Open, Record;
    /// Exit interview attended.
    ExitInterview = "exit_interview" (EXIT_INTERVIEW): Open, Record;
    /// Left in good standing (円満退職).
    GoodStanding = "good_standing" (GOOD_STANDING): Confidential, Record;
    /// Appraisals.
    Appraisals = "appraisals" (APPRAISALS): Confidential, Record;
    /// Whether a period began under the scheme.
    FormerRehires = "former_rehires" (FORMER_REHIRES): Open, Record;
    /// Registrations.
    Registrations = "registrations" (REGISTRATIONS): Open, Record;
    /// Day of application.
    ApplicationDate = "application_date" (APPLICATION_DATE): Open, Record;
    /// First day wished.
    StartDate = "start_date" (START_DATE): Open, Applicant;
    /// Day of the notice of a vacancy.
    NoticeReceived = "notice_received" (NOTICE_RECEIVED): Open, Organization;
    /// Invitation.
    Invited = "invited" (INVITED): Open, Organization;
    /// Job family applied for.
    WishedJobFamily = "wished_job_family" (WISHED_JOB_FAMILY): Open, Applicant;
    /// Employment type applied for.
    WishedEmploymentType = "wished_employment_type" (WISHED_EMPLOYMENT_TYPE): Open, Applicant;
    /// Documents.
    Documents = "documents" (DOCUMENTS): Open, Record;
    /// Declaration about competitors.
    CompetitorDeclaration = "competitor_declaration" (COMPETITOR_DECLARATION): Open, Applicant;
    /// Declaration of the former employment.
    FormerEmploymentDeclared = "former_employment_declared" (FORMER_EMPLOYMENT_DECLARED): Open, Applicant;
    /// Cause of leaving resolved.
    ExitCauseResolved = "exit_cause_resolved" (EXIT_CAUSE_RESOLVED): Open, Applicant;
    /// What the person did since leaving.
    // The company's assessment inside of it is confidential: see
    // `ApplicationFacts::without_assessments`.
    ActivitiesSinceExit = "activities_since_exit" (ACTIVITIES_SINCE_EXIT): Open, Applicant;
    /// Vacancy.
    Vacancy = "vacancy" (VACANCY): Open, Organization;
    /// Day on which the vacancy opened.
    VacancyOpened = "vacancy_opened" (VACANCY_OPENED): Open, Organization;
    /// Retirement age.
    RetirementAge = "retirement_age" (RETIREMENT_AGE): Open, Organization;
    /// Day on which the window closes.
    WindowCloses = "window_closes" (WINDOW_CLOSES): Open, Organization;
    /// Guideline pay.
    GuidelinePay = "guideline_pay" (GUIDELINE_PAY): Open, Organization;
    /// Pay of those of the same entry year who stayed.
    CohortPay = "cohort_pay" (COHORT_PAY): Confidential, Organization;
    /// Pay table.
    PayTable = "pay_table" (PAY_TABLE): Open, Organization;
    /// A fact that the organization declared.
    // Each declared fact says for itself whether it is confidential.
    Declared = "declared" (DECLARED): Open, Organization;
}

impl FactKey {
    /// Returns whether the company keeps it to itself.
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        matches!(self.sensitivity(), Sensitivity::Confidential)
    }
}

impl FactSet {
    /// Returns whether any of these facts is confidential.
    #[must_use]
    pub fn has_confidential(self) -> bool {
        FactKey::ALL.iter().any(|fact| fact.is_confidential() && self.has(*fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_company_records_in_confidence_is_not_open() {
        let confidential: Vec<&str> = FactKey::ALL
            .iter()
            .filter(|fact| fact.is_confidential())
            .map(|fact| fact.as_str())
            .collect();
        assert_eq!(
            confidential,
            [
                "worked_for_competitor",
                "discipline",
                "rehire_code",
                "good_standing",
                "appraisals",
                "cohort_pay"
            ]
        );
    }
}
