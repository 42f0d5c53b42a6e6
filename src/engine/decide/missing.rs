//! What is missing, by name: of the organization's own facts each by its label.

use super::MissingFact;
use crate::clauses::Clause;
use crate::facts::{FactKey, Labelled as _, names};
use crate::measures::{Case, Condition};
use crate::values::terms::Terms;
use crate::words::Words;

/// A missing fact with its name.
pub(super) struct Named {
    /// Which.
    pub fact: FactKey,
    /// The name under which the document declares it.
    pub declared: Option<String>,
    /// What it is called.
    pub name: Words,
}

/// Returns the names of missing facts; one of the organization's own has a name for each that was
/// not supplied.
pub(super) fn named(
    case: &Case<'_>,
    missing: impl IntoIterator<Item = FactKey>,
    declared: &[&str],
) -> Vec<Named> {
    let of_fact = |fact: FactKey| {
        if fact == FactKey::Declared {
            of_declared(case, declared)
        } else {
            vec![Named { fact, declared: None, name: fact.label() }]
        }
    };
    missing.into_iter().flat_map(of_fact).collect()
}

fn of_declared(case: &Case<'_>, declared: &[&str]) -> Vec<Named> {
    let is_given = |name: &&str| case.facts.declared.contains_key(*name);
    // Where all are given, they are disputed.
    let all_given = declared.iter().all(&is_given);
    let missing = declared.iter().filter(|name| all_given || !is_given(name));
    let named = missing.map(|name| {
        let label =
            case.terms().and_then(|terms| terms.declared(name)).map(|fact| fact.label.clone());
        let name = (*name).to_owned();
        let label = label.unwrap_or_else(|| names::called(&name, |_| None));
        Named { fact: FactKey::Declared, declared: Some(name), name: label }
    });
    named.collect()
}

/// Returns the names of the facts that are missing for the consequence of a clause.
pub(super) fn of_consequence(
    case: &Case<'_>,
    terms: &Terms,
    clause: &Clause,
    missing: &[FactKey],
) -> Vec<Named> {
    if missing.is_empty() {
        return Vec::new();
    }
    let conditions = clause.conditions();
    let mut declared = in_conditions(conditions.iter().map(|(_, condition)| *condition));
    declared.extend(clause.as_kind().declared(terms));
    named(case, missing.iter().copied(), &declared)
}

/// Returns the names of declared facts that conditions compare, each once.
pub(super) fn in_conditions<'c>(
    conditions: impl IntoIterator<Item = &'c Condition>,
) -> Vec<&'c str> {
    let mut names: Vec<&str> = Vec::new();
    for condition in conditions {
        condition.each_leaf(false, &mut |_, measure, _| {
            let name = measure.declared().map(|declared| declared.name.as_str());
            names.extend(name.filter(|name| !names.contains(name)));
        });
    }
    names
}

/// Adds a clause to those that wait for a fact.
pub(super) fn note(found: &mut Vec<MissingFact>, missing: Named, clause: &str) {
    let Named { fact, declared, name } = missing;
    match found.iter_mut().find(|known| known.fact == fact && known.declared == declared) {
        Some(known) => known.clauses.push(clause.to_owned()),
        None => found.push(MissingFact { fact, declared, name, clauses: vec![clause.to_owned()] }),
    }
}
