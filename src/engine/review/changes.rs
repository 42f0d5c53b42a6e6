//! Two versions of a regulation compared, in words.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::canonical::differing_places;
use crate::document::rendering::{heads, tables};
use crate::document::{Article, Document, Source, TravellingCase};
use crate::facts::{Labelled as _, listed};
use crate::messages::{Said, differences};
use crate::meter::{Meter, Spent};
use crate::values::table::{DecisionTable, Row};
use crate::values::terms::Terms;
use crate::words::Words;

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
    /// Where: an article as it is cited, a figure, a fact, a table, a row, a case, or what of the
    /// header.
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
    /// The fields that differ, as JSON Pointers in the clause, figure, fact, row or case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub fields: Vec<String>,
    /// The difference as a sentence.
    pub sentence: Words,
}

/// Most fields of one difference that are named.
const MOST_FIELDS: usize = 1_000;
/// The longest that one side of a difference is told, in characters of one language.
const LONGEST: usize = 2_000;
/// Bytes of words that are compared in one step.
const BYTES_OF_STEP: usize = 64;

impl Change {
    /// From what is said on both sides; none where that is the same.
    fn between(
        place: &Words,
        clause: Option<&str>,
        before: Option<Words>,
        after: Option<Words>,
    ) -> Option<Self> {
        let place_of_clause = clause.as_ref().map(|id| differences::Clause { place, id });
        let what: &dyn Said = place_of_clause.as_ref().map_or(place, |of| of as &dyn Said);
        let (kind, sentence) = match (&before, &after) {
            (None, None) => return None,
            (Some(before), Some(after)) if before == after => return None,
            (None, Some(after)) => {
                (DifferenceKind::Added, differences::Added { what, after }.words())
            }
            (Some(before), None) => {
                (DifferenceKind::Removed, differences::Removed { what, before }.words())
            }
            (Some(before), Some(after)) => {
                (DifferenceKind::Changed, differences::Changed { what, before, after }.words())
            }
        };
        let clause = clause.map(str::to_owned);
        Some(Self {
            kind,
            place: place.clone(),
            clause,
            before,
            after,
            fields: Vec::new(),
            sentence,
        })
    }

    /// Returns the size of its texts, in bytes.
    fn size(&self) -> usize {
        let Self { kind: _, place, clause, before, after, fields, sentence } = self;
        let words = [Some(place), before.as_ref(), after.as_ref(), Some(sentence)];
        let words: usize = words.into_iter().flatten().map(Words::size).sum();
        let fields: usize = fields.iter().map(String::len).sum();
        words + fields + clause.as_ref().map_or(0, String::len)
    }
}

/// What differs between two versions: the header, figures, facts and tables, the articles by
/// number, the clauses by their stable id, and the cases.
///
/// # Errors
/// The meter does not reach for comparing or for telling them.
pub fn changes(before: &Document, after: &Document, meter: &Meter) -> Result<Vec<Change>, Spent> {
    let (terms_before, terms_after) = (Terms::of(before), Terms::of(after));
    let (was, is) = (pieces(before, &terms_before), pieces(after, &terms_after));
    let keyed = |piece: &Piece<'_>| piece.key.clone();
    let mut found = Vec::new();
    for (was, is) in
        matched(was.iter().map(|one| (keyed(one), one)), is.iter().map(|one| (keyed(one), one)))
    {
        let Some(change) = changed(was, is, meter)? else { continue };
        if !meter.take_bytes(change.size()) {
            return Err(Spent);
        }
        found.push(change);
    }
    Ok(found)
}

/// A piece of a document that is compared as a whole.
struct Piece<'d> {
    /// What it is compared by: a list of the place in the document and its names there.
    key: String,
    place: Words,
    clause: Option<String>,
    saying: Saying<'d>,
    /// All of it.
    json: Value,
}

/// The words of a piece. Those of all pieces at once would take too much memory.
enum Saying<'d> {
    Words(Box<dyn Fn() -> Words + 'd>),
    Row(&'d DecisionTable, &'d Row, &'d Terms),
}

impl<'d> Piece<'d> {
    fn new(
        key: impl Serialize,
        place: Words,
        words: impl Fn() -> Words + 'd,
        of: &impl Serialize,
    ) -> Self {
        let json = |of: serde_json::Result<Value>| of.unwrap_or(Value::Null);
        let key = json(serde_json::to_value(key)).to_string();
        let saying = Saying::Words(Box::new(words));
        Self { key, place, clause: None, saying, json: json(serde_json::to_value(of)) }
    }

    fn words(&self) -> Words {
        match &self.saying {
            Saying::Words(words) => words(),
            Saying::Row(table, row, terms) => tables::row(table, row, terms),
        }
    }
}

/// Cuts a document into its pieces. Nothing of it can be left out: it is taken apart without a
/// rest.
fn pieces<'d>(document: &'d Document, terms: &'d Terms) -> Vec<Piece<'d>> {
    let Document {
        code,
        name,
        source,
        effective_from,
        effective_basis,
        jurisdiction_packs,
        legal_basis,
        parameters,
        declared_facts,
        tables,
        articles,
        cases,
    } = document;
    let head = |key: &str, place: Words, words: Option<Words>| {
        let words = words?;
        let of = words.clone();
        Some(Piece::new(key, place, move || words.clone(), &of))
    };
    let law = (!jurisdiction_packs.is_empty()).then(|| listed(jurisdiction_packs));
    let header = [
        head("code", differences::CODE, Some(code.words())),
        head("name", differences::NAME, Some(name.clone())),
        head("source", differences::SOURCE, source.as_ref().map(source_words)),
        head("effective_from", differences::EFFECTIVE_FROM, effective_from.map(|day| day.words())),
        head("effective_basis", differences::EFFECTIVE_BASIS, Some(effective_basis.label())),
        head("law", differences::LAW, law),
        head("legal_basis", differences::LEGAL_BASIS, legal_basis.clone()),
    ];
    let mut found: Vec<Piece<'d>> = header.into_iter().flatten().collect();
    found.extend(parameters.iter().map(|parameter| {
        let place = differences::Parameter { name: &parameter.label }.words();
        Piece::new(
            ("parameter", &parameter.name),
            place,
            move || heads::parameter(parameter),
            parameter,
        )
    }));
    found.extend(declared_facts.iter().map(|fact| {
        let place = differences::DeclaredFact { name: &fact.label }.words();
        Piece::new(("declared_fact", &fact.name), place, move || heads::declared(fact), fact)
    }));
    found.extend(tables.iter().flat_map(|table| of_table(table, terms)));
    found.extend(articles.iter().map(of_article));
    found.extend(articles.iter().flat_map(|article| of_clauses(article, terms)));
    found.extend(cases.iter().map(of_case));
    found
}

fn source_words(source: &Source) -> Words {
    let Source { publisher, place, read_on, completeness } = source;
    differences::SourceWords { publisher, place, day: read_on, completeness: &completeness.label() }
        .words()
}

/// A table without its rows, and each row: by its id, or by what it wants.
fn of_table<'d>(table: &'d DecisionTable, terms: &'d Terms) -> Vec<Piece<'d>> {
    let DecisionTable { id, title, hit_policy, inputs, outputs, rows } = table;
    let place = differences::Table { name: title }.words();
    let whole = (title, hit_policy, inputs, outputs);
    let head = Piece::new(("table", id), place, move || tables::head(table, terms), &whole);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let rows = rows.iter().enumerate().map(|(index, row)| {
        let number = index + 1;
        let name: &dyn Said = row.id.as_ref().map_or(&number, |id| id as &dyn Said);
        let place = differences::Row { name: title, row: name }.words();
        let wanted = serde_json::to_string(&row.when).unwrap_or_default();
        // Rows that want the same are told apart by their order.
        let count = seen.entry(wanted.clone()).and_modify(|count| *count += 1).or_default();
        let key = row.id.clone().map_or((wanted, Some(*count)), |id| (id, None));
        let piece = Piece::new(("row", id, key), place, Words::default, row);
        Piece { saying: Saying::Row(table, row, terms), ..piece }
    });
    std::iter::once(head).chain(rows).collect()
}

/// An article without its clauses. Reports give many articles one name; the part tells them apart.
fn of_article(article: &Article) -> Piece<'_> {
    let Article { part, number, heading, text, clauses: _ } = article;
    let words = move || differences::Article { part: &part.label(), heading, text }.words();
    Piece::new(("article", part, number), article.citation(), words, &(heading, text))
}

fn of_clauses<'d>(article: &'d Article, terms: &'d Terms) -> impl Iterator<Item = Piece<'d>> {
    article.clauses.iter().map(move |clause| {
        let piece = Piece::new(
            ("clause", clause.id()),
            article.citation(),
            move || clause.in_words(terms),
            clause,
        );
        Piece { clause: Some(clause.id().to_owned()), ..piece }
    })
}

fn of_case(case: &TravellingCase) -> Piece<'_> {
    let place = differences::Case { name: &case.code }.words();
    let words = move || {
        differences::CaseWords { title: &case.title, verdict: &case.expect.verdict.label() }.words()
    };
    Piece::new(("case", &case.code), place, words, case)
}

fn changed(
    was: Option<&Piece<'_>>,
    is: Option<&Piece<'_>>,
    meter: &Meter,
) -> Result<Option<Change>, Spent> {
    let (words_before, words_after) = (was.map(Piece::words), is.map(Piece::words));
    let size: usize = [&words_before, &words_after].into_iter().flatten().map(Words::size).sum();
    if !meter.take(u64::try_from(size / BYTES_OF_STEP).unwrap_or(u64::MAX)) {
        return Err(Spent);
    }
    Ok(difference((was, words_before), (is, words_after)))
}

fn difference(
    (was, mut words_before): (Option<&Piece<'_>>, Option<Words>),
    (is, mut words_after): (Option<&Piece<'_>>, Option<Words>),
) -> Option<Change> {
    let Piece { place, clause, .. } = is.or(was)?;
    let mut fields = Vec::new();
    if let Some((was, is)) = was.zip(is) {
        if (&was.json, &was.place, &words_before) == (&is.json, &is.place, &words_after) {
            return None;
        }
        fields = differing_places(&was.json, &is.json);
        fields.truncate(MOST_FIELDS);
        // Of a row only those cells are told that differ.
        if let (Saying::Row(table, row, terms), Saying::Row(other_table, other_row, other_terms)) =
            (&was.saying, &is.saying)
            && let Some((before, after)) =
                tables::differing((table, row), (other_table, other_row), (terms, other_terms))
        {
            (words_before, words_after) = (Some(before), Some(after));
        }
    }
    let moved = was.zip(is).is_some_and(|(was, is)| clause.is_some() && was.place != is.place);
    // A clause that moved is said with its article on both sides, so that the sides differ.
    let said = |of: Option<&Piece<'_>>, words: Option<Words>| {
        let (article, clause) = (&of?.place, words?.cut(LONGEST));
        Some(if moved { differences::Moved { article, clause: &clause }.words() } else { clause })
    };
    let (before, after) = (said(was, words_before), said(is, words_after));
    let change = Change::between(place, clause.as_deref(), before.clone(), after.clone());
    // Some parameters do not show in the words; their fields still do.
    let change = change.unwrap_or_else(|| {
        let of_clause = clause.as_ref().map(|id| differences::Clause { place, id });
        let what: &dyn Said = of_clause.as_ref().map_or(place, |of| of as &dyn Said);
        Change {
            kind: DifferenceKind::Changed,
            place: place.clone(),
            clause: clause.clone(),
            before,
            after,
            fields: Vec::new(),
            sentence: differences::Fields { what, fields: &fields.join(", ") }.words().cut(LONGEST),
        }
    });
    // What is a text in whole, such as a name, has no fields.
    let fields = fields.into_iter().filter(|field| !field.is_empty()).collect();
    Some(Change { fields, ..change })
}

/// The things of two lists by their key: those of the first in its order, then what only the second
/// has.
fn matched<T: Copy>(
    first: impl Iterator<Item = (String, T)>,
    second: impl Iterator<Item = (String, T)>,
) -> impl Iterator<Item = (Option<T>, Option<T>)> {
    let mut second: BTreeMap<String, (usize, T)> =
        second.enumerate().map(|(index, (key, thing))| (key, (index, thing))).collect();
    let pairs: Vec<(Option<T>, Option<T>)> = first
        .map(|(key, thing)| (Some(thing), second.remove(&key).map(|(_, thing)| thing)))
        .collect();
    let mut added: Vec<(usize, T)> = second.into_values().collect();
    added.sort_by_key(|(index, _)| *index);
    pairs.into_iter().chain(added.into_iter().map(|(_, thing)| (None, Some(thing))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clauses::Clause;
    use crate::library;

    fn changes(before: &Document, after: &Document) -> Vec<Change> {
        super::changes(before, after, &Meter::unlimited()).unwrap()
    }

    fn with(changed: &[(&str, &str)]) -> Document {
        let text = changed
            .iter()
            .fold(library::find("R01").unwrap().text.to_owned(), |text, (from, to)| {
                text.replace(from, to)
            });
        Document::parse(&serde_json::from_str(&text).unwrap()).unwrap()
    }

    #[test]
    fn the_same_version_has_not_changed() {
        assert_eq!(changes(&with(&[]), &with(&[])), []);
    }

    #[test]
    fn a_figure_is_told_with_its_clause_article_and_field() {
        let found =
            changes(&with(&[]), &with(&[("\"at_least_months\": 36", "\"at_least_months\": 24")]));
        let [change] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (change.kind, change.clause.as_deref()),
            (DifferenceKind::Changed, Some("tenure"))
        );
        assert_eq!(change.fields, ["/condition/at_least_months"]);
        assert!(
            change.sentence.ja.contains("第3条「tenure」")
                && change.sentence.ja.contains("勤続2年以上"),
            "{change:?}"
        );
    }

    #[test]
    fn what_is_not_in_the_words_is_told_by_its_field() {
        let found = changes(
            &with(&[]),
            &with(&[("\"last_day\": \"unstated\"", "\"last_day\": \"last_day_of_period_in\"")]),
        );
        let [change] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(change.fields, ["/condition/last_day"]);
        assert!(change.sentence.en.contains("/condition/last_day"), "{change:?}");
    }

    /// A document of every kind of thing in its head.
    fn whole() -> Value {
        let words = |ja: &str, en: &str| json!({"ja": ja, "en": en});
        let mut document: Value = serde_json::from_str(library::find("R01").unwrap().text).unwrap();
        let own = json!({
            "parameters": [{"name": "limit", "label": words("上限", "limit"), "unit": "hours", "values": [{"value": 40}]}],
            "declared_facts": [{"name": "licence", "label": words("免許", "licence"), "type": "boolean"}],
            "tables": [{"id": "hours", "title": words("研修時間表", "hours of training"),
                "inputs": [{"name": "away", "of": {"kind": "months_away", "reference": "start_date", "count": "begun"}}],
                "outputs": [{"name": "hours", "label": words("研修時間", "hours"), "type": "hours"}],
                "rows": [{"when": [{"below": 13}], "then": [8]}, {"when": [{"at_least": 13}], "then": [40]}]}],
        });
        document.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        document
    }

    #[test]
    fn a_change_of_any_part_of_the_head_is_told() {
        let before = Document::parse(&whole()).unwrap();
        let changed = [
            ("/parameters/0/values/0/value", json!(48), "定数「上限」"),
            ("/declared_facts/0/confidential", json!(true), "事実「免許」"),
            ("/tables/0/rows/1/then/0", json!(48), "別表「研修時間表」の行「2」"),
            ("/tables/0/hit_policy", json!("first"), "別表「研修時間表」"),
            ("/cases/0/expect/verdict", json!("needs_review"), "事例「"),
            ("/jurisdiction_packs", json!(["jp-local-gov"]), "適用法域"),
            ("/source/read_on", json!("2026-11-01"), "出典"),
            ("/articles/0/text/ja", json!("別の文"), "第1条"),
        ];
        for (pointer, value, place) in changed {
            let mut after = whole();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let parent = after.pointer_mut(parent).unwrap();
            if let Some(fields) = parent.as_object_mut() {
                fields.insert(name.to_owned(), value);
            } else {
                *parent.pointer_mut(&format!("/{name}")).unwrap() = value;
            }
            let found = changes(&before, &Document::parse(&after).unwrap());
            let [change] = found.as_slice() else { panic!("{pointer}: {found:?}") };
            assert!(change.place.ja.starts_with(place), "{pointer}: {change:?}");
            assert_eq!(change.kind, DifferenceKind::Changed, "{pointer}");
        }
    }

    #[test]
    fn of_a_row_that_changed_the_differing_columns_are_told_and_of_long_words_the_beginning() {
        let (mut before, mut after) = (whole(), whole());
        for document in [&mut before, &mut after] {
            document["tables"][0]["rows"][0]["id"] = json!("first");
            document["articles"][0]["text"]["en"] = json!("x".repeat(9_000));
        }
        after["tables"][0]["rows"][0]["when"][0] = json!({"below": 12});
        after["articles"][0]["text"]["en"] = json!("y".repeat(9_000));
        let (before, after) = (Document::parse(&before).unwrap(), Document::parse(&after).unwrap());

        let found = changes(&before, &after);

        let [row, article] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(row.after.as_ref().unwrap().en, "time away: less than 12 months");
        assert_eq!(article.after.as_ref().unwrap().en.chars().count(), LONGEST + 1);
        let spent = |steps: u64, bytes: u64| {
            super::changes(&before, &after, &Meter::new(steps, bytes)).is_err()
        };
        assert!(spent(10, 100_000) && spent(100_000, 1_000) && !spent(100_000, 100_000));
    }

    #[test]
    fn a_row_that_wants_something_else_goes_and_another_comes() {
        let mut after = whole();
        *after.pointer_mut("/tables/0/rows/1/when/0/at_least").unwrap() = json!(25);
        let found = changes(&Document::parse(&whole()).unwrap(), &Document::parse(&after).unwrap());
        let sentences: Vec<&str> = found.iter().map(|change| &*change.sentence.en).collect();
        assert_eq!(
            sentences,
            [
                "Removed the table 'hours of training', row '2': time away: at least 13 months → hours: 40 hours",
                "Added the table 'hours of training', row '2': time away: at least 25 months → hours: 40 hours",
            ]
        );
    }

    #[test]
    fn a_clause_that_goes_and_one_that_comes_are_both_told() {
        let mut after =
            with(&[("\"effective_from\": \"2024-11-19\"", "\"effective_from\": \"2026-04-01\"")]);
        let clause = after
            .articles
            .iter_mut()
            .flat_map(|article| article.clauses.iter_mut())
            .find(|one| one.id() == "exit_route");
        let Some(Clause::Requirement(requirement)) = clause else { panic!("there is one") };
        requirement.id = "route".to_owned();
        let kinds: Vec<_> = changes(&with(&[]), &after)
            .into_iter()
            .map(|change| (change.kind, change.clause))
            .collect();
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
