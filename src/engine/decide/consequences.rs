//! What follows for this person in the parts after eligibility: documents, notice, stages,
//! treatment, placement, training. What follows from a clause stands with its kind in
//! [`crate::clauses`].

use super::missing::{self, Named};
use super::{Compiled, MissingFact};
use crate::Verdict;
use crate::clauses::{Clause, Consequence, Deciding, GradeClause};
use crate::measures::Case;
use crate::messages::{Said as _, consequences, listed};
use crate::words::Words;

impl Compiled {
    pub(super) fn consequences(&self, case: &Case<'_>, verdict: Verdict) -> Vec<Consequence> {
        let clauses = self
            .document
            .articles
            .iter()
            .flat_map(|article| article.clauses.iter().map(move |clause| (article, clause)));
        // Beside a refusal nothing is promised.
        let follows = clauses.take_while(|_| !case.is_spent()).filter(|(_, clause)| {
            verdict != Verdict::Ineligible || clause.as_kind().is_told_beside_a_refusal()
        });
        let found = follows.filter_map(|(article, clause)| {
            let deciding = Deciding { compiled: self, case, verdict, article };
            let mut consequence = clause.as_kind().consequence(&deciding)?;
            let missing = missing::of_consequence(case, &self.terms, clause, consequence.missing());
            if !missing.is_empty() {
                consequence.as_kind_mut().tell_missing(ending(&missing));
            }
            Some(consequence)
        });
        found.collect()
    }

    /// Returns the facts that are missing for consequences, with the clauses that wait for each.
    pub(super) fn missing_for(
        &self,
        case: &Case<'_>,
        consequences: &[Consequence],
    ) -> Vec<MissingFact> {
        let clauses = self.document.articles.iter().flat_map(|article| &article.clauses);
        let mut found = Vec::new();
        for consequence in
            consequences.iter().filter(|consequence| !consequence.missing().is_empty())
        {
            let Some(clause) = clauses.clone().find(|clause| clause.id() == consequence.clause())
            else {
                continue;
            };
            for fact in missing::of_consequence(case, &self.terms, clause, consequence.missing()) {
                missing::note(&mut found, fact, clause.id());
            }
        }
        found
    }

    /// Returns the clause on grade, by which pay may go.
    pub(crate) fn grade_clause(&self) -> Option<&GradeClause> {
        let mut clauses = self.document.articles.iter().flat_map(|article| &article.clauses);
        clauses.find_map(|one| if let Clause::Grade(grade) = one { Some(grade) } else { None })
    }
}

/// Returns the end of a text: what is missing to tell the rest.
fn ending(missing: &[Named]) -> Words {
    let names: Vec<&Words> = missing.iter().map(|missing| &missing.name).collect();
    consequences::Missing { facts: &listed(&names) }.words()
}
