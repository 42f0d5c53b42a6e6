//! How the wish to return is registered (再雇用希望登録).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{contradictory, out_of_range};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, length, told};
use crate::calendar::{Length, end_of_period, next_day};
use crate::document::Part;
use crate::facts::FactKey;
use crate::measures::registration::RegistrationTiming;
use crate::measures::{Case, Condition};
use crate::messages::procedure::registration;
use crate::messages::{Said as _, clauses, common, document};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined, where_said};

/// How the wish to return is registered (再雇用希望登録).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrationProcedureClause, example = json!({"id": "register", "kind": "registration_procedure", "timing": "at_or_after_exit", "certificate": true, "within_months_of_exit": 36}))]
pub struct RegistrationClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// When.
    pub timing: RegistrationTiming,
    /// A certificate (登録証) is given; absent where the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<bool>,
    /// Within how many months of leaving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1200)]
    pub within_months_of_exit: Option<u16>,
    /// How long a registration holds, in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 1200)]
    pub valid_months: Option<u16>,
}

impl Located for RegistrationClause {}

consequence! {
    /// How the wish to return is registered.
    RegistrationConsequence {
        /// When.
        timing: RegistrationTiming,
        /// A certificate is given; absent where the text does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        certificate: Option<bool>,
        /// Within how many months of leaving.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        within_months_of_exit: Option<u16>,
        /// The last day of those months.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        register_by: Option<NaiveDate>,
    }
}

impl ClauseKind for RegistrationClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Procedure]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            out_of_range(self.within_months_of_exit, 1200, "/within_months_of_exit")
                .into_iter()
                .collect();
        if self.timing == RegistrationTiming::AtExitOnly && self.within_months_of_exit.is_some() {
            faults.push(contradictory("/within_months_of_exit", document::NO_TIME_AFTER_LEAVING));
        }
        faults
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        let timing = match self.timing {
            RegistrationTiming::AtExitOnly => clauses::registration::AT_EXIT_ONLY,
            RegistrationTiming::AtOrAfterExit => clauses::registration::AT_OR_AFTER_EXIT,
        };
        let within = self
            .within_months_of_exit
            .map(|months| clauses::registration::Within { length: &length(months) }.words());
        let valid = self
            .valid_months
            .map(|months| clauses::registration::Valid { length: &length(months) }.words());
        let certificate = where_said(
            self.certificate,
            clauses::registration::CERTIFICATE,
            clauses::registration::NO_CERTIFICATE,
        );
        joined([Some(timing), within, valid, certificate].into_iter().flatten())
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Registration(registration(of.case, self, of.article.citation())))
    }
}

fn registration(
    case: &Case<'_>,
    clause: &RegistrationClause,
    article: Words,
) -> RegistrationConsequence {
    let text = match clause.timing {
        RegistrationTiming::AtExitOnly => registration::AT_EXIT_ONLY,
        RegistrationTiming::AtOrAfterExit => registration::AT_OR_AFTER_EXIT,
    };
    let left = told(case, FactKey::EmploymentPeriods, case.exit_date());
    let exit = left.ok();
    let within = clause.within_months_of_exit.map(i32::from);
    let register_by = exit.zip(within).map(|(exit, months)| end_of_period(next_day(exit), months));
    let limit = within.map(|months| {
        let until = register_by.as_ref().map(|day| common::Until { day });
        registration::Within { length: &Length::of_months(months), until: &until }.words()
    });
    let certificate =
        where_said(clause.certificate, registration::CERTIFICATE, registration::NO_CERTIFICATE);
    RegistrationConsequence {
        clause: clause.id.clone(),
        article,
        text: joined(std::iter::once(text).chain(limit).chain(certificate)),
        timing: clause.timing,
        certificate: clause.certificate,
        within_months_of_exit: clause.within_months_of_exit,
        register_by,
        missing: within.and(left.err()).into_iter().collect(),
    }
}

impl ConsequenceKind for RegistrationConsequence {
    fn redact(&mut self) {}
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::{first, left};

    fn registered(clause: Value) -> Value {
        let mut whole =
            json!({"id": "r", "kind": "registration_procedure", "timing": "at_or_after_exit"});
        whole.as_object_mut().unwrap().extend(clause.as_object().unwrap().clone());
        first(&[whole], json!({"employment_periods": left(json!({}))}))
    }

    #[test]
    fn registration_names_its_last_day_and_says_nothing_of_a_certificate_that_the_text_does_not_name()
     {
        let silent = registered(json!({"within_months_of_exit": 36}));
        assert_eq!(
            (&silent["register_by"], silent.get("certificate")),
            (&json!("2023-03-31"), None)
        );
        assert!(
            silent["text"]["ja"]
                .as_str()
                .unwrap()
                .ends_with("登録は退職後3年以内です（2023-03-31まで）。")
        );
        assert!(
            registered(json!({"certificate": true}))["text"]["en"]
                .as_str()
                .unwrap()
                .ends_with("A certificate is given.")
        );
    }
}
