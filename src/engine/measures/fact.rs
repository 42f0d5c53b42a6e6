//! Facts that are yes or no.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::{FactKey, FactSet, Facts, Labelled as _};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::common;
use crate::messages::measures::fact;
use crate::review::boundary::{Person, Stand, last};
use crate::review::check::{Form, Shape};
use crate::values::terms::Terms;
use crate::words::Words;

macro_rules! yes_or_no {
    ($($(#[$meta:meta])* $name:ident = $code:literal in $of:ident.$field:ident;)+) => {
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
                match self { $(Self::$name => yes_or_no!(@find case $of.$field)),+ }
            }

            /// Writes it into facts.
            fn state(self, facts: &mut Facts, yes: bool) {
                match self { $(Self::$name => yes_or_no!(@state facts $of.$field, yes)),+ }
            }
        }
    };
    (@find $case:ident last.$field:ident) => { $case.last.and_then(|period| period.$field) };
    (@find $case:ident $of:ident.$field:ident) => { $case.facts.$of.$field };
    (@state $facts:ident last.$field:ident, $yes:ident) => {
        if let Some(period) = last($facts) {
            period.$field = Some($yes);
        }
    };
    (@state $facts:ident $of:ident.$field:ident, $yes:ident) => { $facts.$of.$field = Some($yes) };
}

yes_or_no! {
    /// Something by law bars the person from the job (欠格).
    LegalDisqualifier = "legal_disqualifier" in person.legal_disqualifier;
    /// The person may work at the workplace by immigration law.
    WorkAuthorised = "work_authorised" in person.work_authorised;
    /// Worked for a competitor since leaving.
    WorkedForCompetitor = "worked_for_competitor" in person.worked_for_competitor;
    /// Company property was given back.
    PropertyReturned = "property_returned" in last.property_returned;
    /// Came to the exit interview.
    ExitInterview = "exit_interview" in last.exit_interview_attended;
    /// Left in good standing (円満退職), as the company recorded at exit.
    GoodStanding = "good_standing" in last.left_in_good_standing;
    /// Was invited to return.
    Invited = "invited" in application.invited;
    /// Said whether they work or worked for a competitor.
    CompetitorDeclaration = "competitor_declaration" in application.competitor_work_declared;
    /// Declared the former employment.
    FormerEmploymentDeclared = "former_employment_declared" in application.former_employment_declared;
    /// The cause of leaving is gone.
    ExitCauseResolved = "exit_cause_resolved" in application.exit_cause_resolved;
    /// There is a vacancy for the person.
    Vacancy = "vacancy" in company.vacancy;
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

    fn shape(&self) -> Shape {
        let members = [("true", common::YES), ("false", common::NO)];
        let members = members.map(|(code, words)| (code.to_owned(), words)).to_vec();
        let form = Form::Choice { accepted: vec![self.is.to_string()], members: Some(members) };
        Shape::of(format!("fact {}", self.fact), self.fact.key().label(), form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let stand = |yes: bool| {
            let facts = person.with(|facts| self.fact.state(facts, yes));
            Stand::answered(yes == self.is, yes, crate::messages::yes_or_no(yes), facts)
        };
        [self.is, !self.is].map(stand).into()
    }
}
