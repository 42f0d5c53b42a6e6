//! Two versions of a regulation compared, in words.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::clauses::in_words;
use crate::domain::canonical::differing_places;
use crate::domain::facts::{Labelled as _, listed};
use crate::domain::regulation::{Article, Clause, Document};
use crate::domain::terms::Terms;
use crate::domain::words::Words;
use crate::messages::{Said, differences};

crate::codes! {
    /// What became of something between two versions.
    pub enum DifferenceKind {
        /// It was not there before.
        Added = "added",
        /// It is not there any more.
        Removed = "removed",
        /// It is another.
        Changed = "changed",
    }
}

/// One difference between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RegulationChange, example = json!({
    "kind": "changed", "place": {"ja": "第3条", "en": "article 3"}, "clause": "tenure",
    "before": {"ja": "勤続：勤続3年以上。", "en": "Length of service: at least 3 years of service."},
    "after": {"ja": "勤続：勤続2年以上。", "en": "Length of service: at least 2 years of service."},
    "fields": ["/condition/at_least_months"],
    "sentence": {"ja": "第3条「tenure」を「…」から「…」に改めた。", "en": "Article 3, 'tenure': from '…' to '…'."}
}))]
pub struct Change {
    /// What became of it.
    pub kind: DifferenceKind,
    /// Where: an article as it is cited, or what of the header.
    pub place: Words,
    /// Which clause, by its stable id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clause: Option<String>,
    /// What was said before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<Words>,
    /// What is said now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after: Option<Words>,
    /// The fields of a clause that differ, as JSON Pointers in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub fields: Vec<String>,
    /// The difference as a sentence.
    pub sentence: Words,
}

impl Change {
    /// From what is said on both sides; none where that is the same.
    fn between(place: &Words, clause: Option<&str>, before: Option<Words>, after: Option<Words>) -> Option<Self> {
        let place_of_clause = clause.as_ref().map(|id| differences::Clause { place, id });
        let what: &dyn Said = place_of_clause.as_ref().map_or(place, |of| of as &dyn Said);
        let (kind, sentence) = match (&before, &after) {
            (None, None) => return None,
            (Some(before), Some(after)) if before == after => return None,
            (None, Some(after)) => (DifferenceKind::Added, differences::Added { what, after }.words()),
            (Some(before), None) => (DifferenceKind::Removed, differences::Removed { what, before }.words()),
            (Some(before), Some(after)) => {
                (DifferenceKind::Changed, differences::Changed { what, before, after }.words())
            }
        };
        let clause = clause.map(str::to_owned);
        Some(Self { kind, place: place.clone(), clause, before, after, fields: Vec::new(), sentence })
    }
}

/// What differs between two versions: the header, the articles by number, the clauses by their stable id.
#[must_use]
pub fn changes(before: &Document, after: &Document) -> Vec<Change> {
    let mut found = header(before, after);
    found.extend(articles(before, after));
    found.extend(clauses(before, after));
    found
}

fn header(before: &Document, after: &Document) -> Vec<Change> {
    let day = |document: &Document| document.effective_from.map(|day| day.words());
    let law =
        |document: &Document| (!document.jurisdiction_packs.is_empty()).then(|| listed(&document.jurisdiction_packs));
    let rows = [
        (differences::NAME, Some(before.name.clone()), Some(after.name.clone())),
        (differences::EFFECTIVE_FROM, day(before), day(after)),
        (differences::EFFECTIVE_BASIS, Some(before.effective_basis.label()), Some(after.effective_basis.label())),
        (differences::LAW, law(before), law(after)),
        (differences::LEGAL_BASIS, before.legal_basis.clone(), after.legal_basis.clone()),
    ];
    rows.into_iter().filter_map(|(place, before, after)| Change::between(&place, None, before, after)).collect()
}

fn articles(before: &Document, after: &Document) -> Vec<Change> {
    let said = |article: &Article| {
        let (part, heading, text) = (&article.part.label(), &article.heading, &article.text);
        differences::Article { part, heading, text }.words()
    };
    // Reports give many articles one name; the part tells them apart.
    let keyed = |article: &'_ Article| format!("{} {}", article.part, article.number);
    matched(
        before.articles.iter().map(|article| (keyed(article), article)),
        after.articles.iter().map(|article| (keyed(article), article)),
    )
    .filter_map(|(was, is)| {
        let place = is.or(was)?.citation();
        Change::between(&place, None, was.map(said), is.map(said))
    })
    .collect()
}

fn clauses(before: &Document, after: &Document) -> Vec<Change> {
    let placed = |document: &'_ Document| -> Vec<Placed> {
        let terms = Terms::of(document);
        let of = |article: &Article| {
            let place = article.citation();
            let placed = |clause: &Clause| Placed {
                place: place.clone(),
                words: in_words(clause, &terms),
                clause: clause.clone(),
            };
            article.clauses.iter().map(placed).collect::<Vec<_>>()
        };
        document.articles.iter().flat_map(of).collect()
    };
    let (was, is) = (placed(before), placed(after));
    let keyed = |placed: &'_ Placed| placed.clause.id().to_owned();
    matched(was.iter().map(|one| (keyed(one), one)), is.iter().map(|one| (keyed(one), one)))
        .filter_map(|(was, is)| changed_clause(was, is))
        .collect()
}

/// A clause with its article and what it says, by the values of its own version.
struct Placed {
    place: Words,
    words: Words,
    clause: Clause,
}

fn changed_clause(was: Option<&Placed>, is: Option<&Placed>) -> Option<Change> {
    let Placed { place, clause, .. } = is.or(was)?;
    let id = clause.id();
    let fields = match (was, is) {
        (Some(was), Some(is)) => {
            if (&was.clause, &was.place, &was.words) == (&is.clause, &is.place, &is.words) {
                return None;
            }
            let json = |placed: &Placed| serde_json::to_value(&placed.clause).unwrap_or(Value::Null);
            differing_places(&json(was), &json(is))
        }
        (None, _) | (_, None) => Vec::new(),
    };
    let moved = was.zip(is).is_some_and(|(was, is)| was.place != is.place);
    // A clause that moved is said with its article on both sides, so that the sides differ.
    let said = |of: &Placed| {
        if moved { differences::Moved { article: &of.place, clause: &of.words }.words() } else { of.words.clone() }
    };
    let (before, after) = (was.map(said), is.map(said));
    let change = Change::between(place, Some(id), before.clone(), after.clone());
    // Some parameters do not show in the words; their fields still do.
    let change = change.or_else(|| {
        Some(Change {
            kind: DifferenceKind::Changed,
            place: place.clone(),
            clause: Some(id.to_owned()),
            before,
            after,
            fields: Vec::new(),
            sentence: differences::Fields { what: &differences::Clause { place, id: &id }, fields: &fields.join(", ") }
                .words(),
        })
    })?;
    Some(Change { fields, ..change })
}

/// The things of two lists by their key: those of the first in its order, then what only the second has.
fn matched<T: Copy>(
    first: impl Iterator<Item = (String, T)>,
    second: impl Iterator<Item = (String, T)>,
) -> impl Iterator<Item = (Option<T>, Option<T>)> {
    let mut second: BTreeMap<String, (usize, T)> =
        second.enumerate().map(|(index, (key, thing))| (key, (index, thing))).collect();
    let pairs: Vec<(Option<T>, Option<T>)> =
        first.map(|(key, thing)| (Some(thing), second.remove(&key).map(|(_, thing)| thing))).collect();
    let mut added: Vec<(usize, T)> = second.into_values().collect();
    added.sort_by_key(|(index, _)| *index);
    pairs.into_iter().chain(added.into_iter().map(|(_, thing)| (None, Some(thing))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    fn with(changed: &[(&str, &str)]) -> Document {
        let text = changed
            .iter()
            .fold(library::find("R01").unwrap().text.to_owned(), |text, (from, to)| text.replace(from, to));
        Document::parse(&serde_json::from_str(&text).unwrap()).unwrap()
    }

    #[test]
    fn the_same_version_has_not_changed() {
        assert_eq!(changes(&with(&[]), &with(&[])), []);
    }

    #[test]
    fn a_figure_is_told_with_its_clause_article_and_field() {
        let found = changes(&with(&[]), &with(&[("\"at_least_months\": 36", "\"at_least_months\": 24")]));
        let [change] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((change.kind, change.clause.as_deref()), (DifferenceKind::Changed, Some("tenure")));
        assert_eq!(change.fields, ["/condition/at_least_months"]);
        assert!(
            change.sentence.ja.contains("第3条「tenure」") && change.sentence.ja.contains("勤続2年以上"),
            "{change:?}"
        );
    }

    #[test]
    fn what_is_not_in_the_words_is_told_by_its_field() {
        let found =
            changes(&with(&[]), &with(&[("\"last_day\": \"unstated\"", "\"last_day\": \"last_day_of_period_in\"")]));
        let [change] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(change.fields, ["/condition/last_day"]);
        assert!(change.sentence.en.contains("/condition/last_day"), "{change:?}");
    }

    #[test]
    fn a_clause_that_goes_and_one_that_comes_are_both_told() {
        let mut after = with(&[("\"effective_from\": \"2024-11-19\"", "\"effective_from\": \"2026-04-01\"")]);
        let clause = after
            .articles
            .iter_mut()
            .flat_map(|article| article.clauses.iter_mut())
            .find(|one| one.id() == "exit_route");
        let Some(Clause::Requirement(requirement)) = clause else { panic!("there is one") };
        requirement.id = "route".to_owned();
        let kinds: Vec<_> =
            changes(&with(&[]), &after).into_iter().map(|change| (change.kind, change.clause)).collect();
        assert_eq!(
            kinds,
            [
                (DifferenceKind::Changed, None),
                (DifferenceKind::Removed, Some("exit_route".to_owned())),
                (DifferenceKind::Added, Some("route".to_owned()))
            ]
        );
    }
}
