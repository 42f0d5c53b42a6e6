//! A document laid out for the checks: each clause with its place.

use crate::clauses::{Clause, Requirement};
use crate::document::{Article, Document};
use crate::measures::{Condition, Measure};
use crate::messages::{Joined, Said as _, check_clauses};
use crate::words::Words;

/// A clause and where it stands.
pub(super) struct Placed<'d> {
    pub(super) pointer: String,
    pub(super) article: &'d Article,
    pub(super) clause: &'d Clause,
}

/// A requirement and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Required<'o, 'd> {
    pub(super) pointer: &'o str,
    pub(super) requirement: &'d Requirement,
}

/// A leaf and where it stands.
pub(super) struct PlacedLeaf<'d> {
    pub(super) pointer: String,
    pub(super) clause: &'d Clause,
    pub(super) condition: &'d Condition,
    /// An odd number of *not*s stands above it.
    pub(super) is_negated: bool,
}

/// A document with every clause placed.
pub(super) struct Outline<'d> {
    pub(super) document: &'d Document,
    pub(super) clauses: Vec<Placed<'d>>,
    leaves: Vec<PlacedLeaf<'d>>,
}

impl<'d> Outline<'d> {
    pub(super) fn of(document: &'d Document) -> Self {
        let mut clauses = Vec::new();
        for (index, article) in document.articles.iter().enumerate() {
            for (place, clause) in article.clauses.iter().enumerate() {
                clauses.push(Placed {
                    pointer: format!("/articles/{index}/clauses/{place}"),
                    article,
                    clause,
                });
            }
        }
        let mut leaves = Vec::new();
        for placed in &clauses {
            for (place, condition) in placed.clause.conditions() {
                each_place(
                    condition,
                    &format!("{}{place}", placed.pointer),
                    false,
                    &mut |at, condition, is_negated| {
                        leaves.push(PlacedLeaf {
                            pointer: at.to_owned(),
                            clause: placed.clause,
                            condition,
                            is_negated,
                        });
                    },
                );
            }
        }
        Self { document, clauses, leaves }
    }

    /// The requirements, in order.
    pub(super) fn requirements(&self) -> impl Iterator<Item = Required<'_, 'd>> {
        self.clauses.iter().filter_map(|placed| {
            let Clause::Requirement(requirement) = placed.clause else { return None };
            Some(Required { pointer: &placed.pointer, requirement })
        })
    }

    /// What a kind of clause says, where there is one: each that `pick` knows, with its place.
    pub(super) fn all<T>(&self, pick: impl Fn(&'d Clause) -> Option<&'d T>) -> Vec<(&str, &'d T)> {
        self.clauses
            .iter()
            .filter_map(|placed| Some((placed.pointer.as_str(), pick(placed.clause)?)))
            .collect()
    }

    /// Every leaf of every condition.
    pub(super) fn leaves(&self) -> &[PlacedLeaf<'d>] {
        &self.leaves
    }
}

/// Calls `visit` with the place of every leaf, and whether an odd number of *not*s stands above it.
pub(crate) fn each_place<'c>(
    condition: &'c Condition,
    at: &str,
    is_negated: bool,
    visit: &mut impl FnMut(&str, &'c Condition, bool),
) {
    let inner = below(condition);
    if inner.is_empty() {
        visit(at, condition, is_negated);
    }
    let is_not = matches!(condition, Condition::Not(_));
    for (place, one) in inner {
        each_place(one, &format!("{at}{place}"), is_negated != is_not, visit);
    }
}

/// The conditions directly inside one, each with its place below it.
pub(super) fn below(condition: &Condition) -> Vec<(String, &Condition)> {
    use crate::measures::Node;
    match condition.node() {
        Node::All(of) | Node::Any(of) | Node::AtLeast(_, of) => {
            of.iter().enumerate().map(|(index, one)| (format!("/of/{index}"), one)).collect()
        }
        Node::Not(of) => vec![("/of".to_owned(), of)],
        Node::Leaf(_) => Vec::new(),
    }
}

/// Every leaf under a condition.
pub(super) fn leaves_of(condition: &Condition) -> Vec<(&Condition, &dyn Measure)> {
    let mut found = Vec::new();
    condition.each_leaf(false, &mut |leaf, measure, _| found.push((leaf, measure)));
    found
}

/// What a clause is called in sentences: its title, else its id.
pub(super) fn called(requirement: &Requirement) -> Words {
    let or_id = |title: &str| {
        if title.trim().is_empty() { requirement.id.clone() } else { title.to_owned() }
    };
    Words::new(or_id(&requirement.title.ja), or_id(&requirement.title.en))
}

/// Several clauses by what they are called: 「勤続」と「年齢」.
pub(super) fn called_all(requirements: &[&Requirement]) -> Words {
    let names: Vec<Words> = requirements.iter().map(|requirement| called(requirement)).collect();
    let quoted: Vec<check_clauses::Quoted<'_>> =
        names.iter().map(|clause| check_clauses::Quoted { clause }).collect();
    Joined { of: &quoted, between: check_clauses::AND }.words()
}
