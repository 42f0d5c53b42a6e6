//! The head of a document: parameters, declared facts and tables, and whether clauses name what
//! there is.

use std::collections::BTreeSet;

use super::{Document, TravellingCase};
use crate::clauses::Clause;
use crate::facts::{Facts, Labelled as _};
use crate::measures::Measure;
use crate::messages::{Said as _, document};
use crate::tagged::{MOST_TOLD, escape};
use crate::values::formula::Scope;
use crate::values::table::{CompiledTable, MOST_CELLS, MOST_TABLES, TABLE_CHECKS, TableCheck};
use crate::values::terms::declared::MOST_DECLARED;
use crate::values::terms::parameter::{MOST_DATED_VALUES, MOST_PARAMETERS, too_many, twice};
use crate::values::{NumberUnit, ValueType, is_like, nearest, unknown_name};
use crate::words::Fault;

/// Most unknown names of facts that are compared with the known ones.
const MOST_UNKNOWN: usize = 50;

fn below(at: &str, found: Vec<Fault>, faults: &mut Vec<Fault>) {
    faults.extend(found.into_iter().map(|fault| fault.below(at)));
}

impl Document {
    /// What of its head cannot be meant, and what of its formulas.
    pub(super) fn head_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (index, parameter) in self.parameters.iter().enumerate() {
            below(&format!("/parameters/{index}"), parameter.faults(), &mut faults);
        }
        for (index, fact) in self.declared_facts.iter().enumerate() {
            below(&format!("/declared_facts/{index}"), fact.faults(), &mut faults);
        }
        faults.extend(twice(
            self.parameters.iter().map(|one| one.name.as_str()),
            "/parameters",
            "name",
        ));
        faults.extend(twice(
            self.declared_facts.iter().map(|one| one.name.as_str()),
            "/declared_facts",
            "name",
        ));
        faults.extend(twice(self.tables.iter().map(|one| one.id.as_str()), "/tables", "id"));
        let cells: usize = self
            .tables
            .iter()
            .map(|table| table.rows.len() * (table.inputs.len() + table.outputs.len()))
            .sum();
        let dated: usize = self.parameters.iter().map(|parameter| parameter.values.len()).sum();
        let bounded = [
            (self.parameters.len(), MOST_PARAMETERS, "/parameters"),
            (self.declared_facts.len(), MOST_DECLARED, "/declared_facts"),
            (self.tables.len(), MOST_TABLES, "/tables"),
            (cells, MOST_CELLS, "/tables"),
            (dated, MOST_DATED_VALUES, "/parameters"),
        ];
        faults.extend(
            bounded
                .into_iter()
                .filter(|(count, most, _)| count > most)
                .map(|(_, most, at)| too_many(at, most)),
        );
        if cells > MOST_CELLS {
            return faults;
        }
        let mut tables = Vec::new();
        for (index, table) in self.tables.iter().enumerate() {
            match CompiledTable::new(table, &self.declared_facts) {
                Ok(table) => tables.push(table),
                Err(found) => below(&format!("/tables/{index}"), found, &mut faults),
            }
        }
        // What formulas name is looked for once the head itself is right.
        if faults.is_empty() {
            let scope = Scope {
                parameters: &self.parameters,
                declared: &self.declared_facts,
                tables: &tables,
            };
            self.value_faults(scope, &mut faults);
        }
        faults
    }

    fn value_faults(&self, scope: Scope<'_>, faults: &mut Vec<Fault>) {
        let mut codes = BTreeSet::new();
        for (index, article) in self.articles.iter().enumerate() {
            for (place, clause) in article.clauses.iter().enumerate() {
                if faults.len() >= MOST_TOLD {
                    return;
                }
                let Clause::Value(value) = clause else { continue };
                let at = format!("/articles/{index}/clauses/{place}");
                if !codes.insert(value.code.as_str()) {
                    faults.push(Fault::new(
                        format!("{at}/code"),
                        "twice",
                        document::DeterminedTwice { code: &value.code }.words(),
                    ));
                }
                below(&at, value.formula_faults(scope), faults);
            }
        }
        for (index, case) in self.cases.iter().enumerate() {
            for code in case
                .expect
                .values
                .iter()
                .flatten()
                .map(|(code, _)| code)
                .filter(|code| !codes.contains(code.as_str()))
            {
                if faults.len() >= MOST_TOLD {
                    return;
                }
                let at = format!("/cases/{index}/expect/values/{}", escape(code));
                faults.push(unknown_name(&at, code, codes.iter().copied()));
            }
        }
    }

    /// What its tables say twice, not at all, or for nothing. Those that cannot run are left out:
    /// their faults are told by [`Document::parse`].
    #[must_use]
    pub fn check_tables(&self) -> Vec<TableCheck> {
        let tables = self
            .tables
            .iter()
            .filter_map(|table| CompiledTable::new(table, &self.declared_facts).ok());
        let each = TABLE_CHECKS / self.tables.len().max(1);
        tables.map(|table| table.check_within(each)).collect()
    }

    /// What a leaf of a condition names and there is not, at pointers below its own.
    pub(super) fn leaf_faults(&self, measure: &dyn Measure) -> Vec<Fault> {
        let mut faults: Vec<Fault> = measure
            .declared()
            .and_then(|declared| declared.mistaken(&self.declared_facts))
            .into_iter()
            .collect();
        // A declared fact is compared in its own unit, whatever that is.
        let compared = measure.declared();
        let own = compared.and_then(|compared| {
            self.declared_facts.iter().find(|fact| fact.name == compared.name)
        });
        measure.each_parameter(&mut |at, unit, name| {
            let place = format!("{at}/parameter");
            let found = self.parameters.iter().find(|parameter| parameter.name == name);
            if let (Some(found), Some(_)) = (found, compared) {
                let fits = own.is_none_or(|fact| fact.unit() == found.unit())
                    && found.unit != NumberUnit::Rate;
                if !fits {
                    faults.push(Fault::new(
                        place,
                        "wrong_unit",
                        document::ComparedInOtherUnit { name: &name }.words(),
                    ));
                }
                return;
            }
            match found {
                None => faults.push(unknown_name(
                    &place,
                    name,
                    self.parameters.iter().map(|one| one.name.as_str()),
                )),
                Some(found) if found.unit != unit => {
                    faults.push(other_unit(place, name, found.unit, unit))
                }
                Some(_) => {}
            }
        });
        faults
    }

    /// What of supplied facts is not of the type that the document declares, each at its place.
    #[must_use]
    pub fn declared_faults(&self, facts: &Facts) -> Vec<Fault> {
        let named = self
            .declared_facts
            .iter()
            .filter_map(|fact| Some((fact, facts.declared.get(&fact.name)?)));
        let mistyped = named.filter_map(|(fact, value)| {
            let (code, words) = fact.refuses(value)?;
            Some(Fault::new(format!("/declared/{}", escape(&fact.name)), code, words))
        });
        mistyped.chain(self.misspelt(facts)).collect()
    }

    /// Finds supplied names that no clause knows and that are all but one that is not supplied.
    /// Others are left alone: an organization's facts may be for another of its regulations.
    fn misspelt(&self, facts: &Facts) -> impl Iterator<Item = Fault> {
        let mut known: BTreeSet<&str> =
            self.declared_facts.iter().map(|fact| fact.name.as_str()).collect();
        for (_, condition) in
            self.articles.iter().flat_map(|article| &article.clauses).flat_map(Clause::conditions)
        {
            condition.each_leaf(false, &mut |_, measure, _| {
                known.extend(measure.declared().map(|one| one.name.as_str()))
            });
        }
        let supplied = facts.declared.keys().map(String::as_str);
        let unknown: Vec<&str> =
            supplied.filter(|name| !known.contains(name)).take(MOST_UNKNOWN).collect();
        known.retain(|name| !facts.declared.contains_key(*name));
        let faults = unknown.into_iter().filter_map(move |name| {
            let near = nearest(name, known.iter().copied()).filter(|near| is_like(name, near))?;
            Some(unknown_name(&format!("/declared/{}", escape(name)), name, std::iter::once(near)))
        });
        faults.collect::<Vec<Fault>>().into_iter()
    }

    /// Whether these facts can be, and are of the types that the document declares.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn can_judge(&self, facts: &Facts) -> Result<(), Vec<Fault>> {
        facts.check()?;
        let mistyped = self.declared_faults(facts);
        if mistyped.is_empty() { Ok(()) } else { Err(mistyped) }
    }

    /// The declared facts of a travelling case that are not of their types.
    pub(super) fn case_faults(&self, case: &TravellingCase, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        below(&format!("{at}/facts"), self.declared_faults(&case.facts), &mut faults);
        faults
    }
}

fn other_unit(at: String, name: &str, found: NumberUnit, wanted: NumberUnit) -> Fault {
    let label = |unit: NumberUnit| ValueType::from(unit).label();
    let words =
        document::OtherUnit { found: &label(found), name: &name, wanted: &label(wanted) }.words();
    Fault::new(at, "wrong_unit", words)
}
