//! Facts that are yes or no.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::condition::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::facts::{FactKey, FactSet, Labelled as _};
use crate::messages::measures::fact;
use crate::terms::Terms;
use crate::words::Words;

macro_rules! yes_or_no {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $find:expr;)+) => {
        crate::codes! {
            /// A fact that is yes or no.
            pub enum YesOrNo { $($(#[$meta])* $name = $code),+ }
        }

        impl YesOrNo {
            /// Its name among all facts.
            #[must_use]
            pub const fn key(self) -> FactKey {
                match self { $(Self::$name => FactKey::$name),+ }
            }

            /// What is known of it in a case.
            pub(crate) fn find(self, case: &Case<'_>) -> Option<bool> {
                match self {
                    $(Self::$name => {
                        let find: fn(&Case<'_>) -> Option<bool> = $find;
                        find(case)
                    })+
                }
            }
        }
    };
}

yes_or_no! {
    /// Something by law bars the person from the job (欠格).
    LegalDisqualifier = "legal_disqualifier", |case| case.facts.person.legal_disqualifier;
    /// The person may work at the workplace by immigration law.
    WorkAuthorised = "work_authorised", |case| case.facts.person.work_authorised;
    /// Worked for a competitor since leaving.
    WorkedForCompetitor = "worked_for_competitor", |case| case.facts.person.worked_for_competitor;
    /// Company property was given back.
    PropertyReturned = "property_returned", |case| case.last?.property_returned;
    /// Came to the exit interview.
    ExitInterview = "exit_interview", |case| case.last?.exit_interview_attended;
    /// Left in good standing (円満退職), as the company recorded at exit.
    GoodStanding = "good_standing", |case| case.last?.left_in_good_standing;
    /// Was invited to return.
    Invited = "invited", |case| case.facts.application.invited;
    /// Said whether they work or worked for a competitor.
    CompetitorDeclaration = "competitor_declaration", |case| case.facts.application.competitor_work_declared;
    /// Declared the former employment.
    FormerEmploymentDeclared = "former_employment_declared", |case| case.facts.application.former_employment_declared;
    /// The cause of leaving is gone.
    ExitCauseResolved = "exit_cause_resolved", |case| case.facts.application.exit_cause_resolved;
    /// There is a vacancy for the person.
    Vacancy = "vacancy", |case| case.facts.company.vacancy;
}

/// A fact that is yes or no is what the regulation wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FactCondition, example = json!({"kind": "fact", "fact": "good_standing", "is": true}))]
pub struct FactIs {
    /// Which fact.
    pub fact: YesOrNo,
    /// Yes or no.
    #[serde(default = "yes")]
    pub is: bool,
}

/// Returns how a fact that is yes or no is told: there is such a thing, or there is none.
const fn said(yes: bool) -> Words {
    if yes { fact::YES } else { fact::NO }
}

const fn yes() -> bool {
    true
}

impl Measure for FactIs {
    fn reads(&self) -> FactSet {
        FactSet::of(&[self.fact.key()])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match self.fact.find(case) {
            Some(found) => Answer::known(Truth::of(found == self.is)),
            None => Answer::lacks(self.fact.key()),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        Reading::found(
            self.read(case).truth,
            self.fact.find(case).map(|yes| Figure::from(said(yes))),
        )
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        super::found(&self.fact.key().label(), said(self.is), reading, stance)
    }
}
