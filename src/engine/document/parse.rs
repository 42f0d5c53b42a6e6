//! Reading a document: every wrong place at once, each with its pointer.

use std::collections::BTreeSet;

use serde::Deserialize as _;
use serde_json::Value;

use super::{Article, Document, TravellingCase};
use crate::clauses::Clause;
use crate::facts::listed;
use crate::measures::{Condition, Node};
use crate::messages::{InEnglish, Said as _, document};
use crate::tagged::{Located as _, MOST_TOLD, escape, locate_plain, put};
use crate::values::table::DecisionTable;
use crate::words::Fault;

/// Most clauses of a document.
const MOST_CLAUSES: usize = 200;
/// Most nodes of one condition.
const MOST_NODES: usize = 256;
/// The longest label, title of a table, or value of a cell, in characters.
const LONGEST_LABEL: usize = 500;
/// The longest text of a clause, in characters.
const LONGEST_OF_CLAUSE: usize = 2_000;
/// The longest code of a regulation, in characters.
const LONGEST_CODE: usize = 50;
/// The longest name of a regulation, in characters: lists show it.
const LONGEST_NAME: usize = 200;
/// Deepest condition.
const DEEPEST: usize = 16;

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// Every fault of form that is found; when there is none, every fault of sense.
    pub fn parse(json: &Value) -> Result<Self, Vec<Fault>> {
        let document = Self::published(json)?;
        let mut faults = document.faults();
        long_texts(json, &mut faults);
        if faults.is_empty() { Ok(document) } else { Err(faults) }
    }

    /// Reads a document that was published. It was found right by what was asked of it then, and
    /// runs on where more is asked of new ones.
    ///
    /// # Errors
    /// Every fault of form that is found.
    pub fn published(json: &Value) -> Result<Self, Vec<Fault>> {
        if too_deep(json, 0) {
            return Err(vec![Fault::new("", "too_deep", document::NESTED_TOO_DEEPLY)]);
        }
        Self::deserialize(json).map_err(|error| {
            let mut faults = locate(json);
            if faults.is_empty() {
                faults.push(Fault::new(
                    "",
                    "invalid_value",
                    document::CannotBeRead { error: &error.to_string() }.words(),
                ));
            }
            faults
        })
    }

    /// What cannot be meant, though it can be read.
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.code.trim().is_empty() {
            faults.push(Fault::new("/code", "empty", document::CANNOT_BE_EMPTY));
        }
        let count: usize = self.articles.iter().map(|article| article.clauses.len()).sum();
        if count > MOST_CLAUSES {
            faults.push(Fault::new(
                "/articles",
                "too_many",
                document::TooManyClauses { most: &MOST_CLAUSES }.words(),
            ));
        }
        let mut seen = BTreeSet::new();
        for (index, article) in self.articles.iter().enumerate() {
            for (place, clause) in article.clauses.iter().enumerate() {
                if faults.len() >= MOST_TOLD {
                    return faults;
                }
                let at = format!("/articles/{index}/clauses/{place}");
                check_clause(self, (article, clause), &at, &mut seen, &mut faults);
            }
        }
        faults.extend(self.head_faults());
        check_benefits(&self.articles, &mut faults);
        let mut codes = BTreeSet::new();
        for (index, case) in self.cases.iter().enumerate() {
            if faults.len() >= MOST_TOLD {
                return faults;
            }
            let at = format!("/cases/{index}");
            if !codes.insert(case.code.as_str()) {
                faults.push(twice(&format!("{at}/code"), &case.code));
            }
            check_case(case, &seen, &at, &mut faults);
            faults.extend(self.case_faults(case, &at));
        }
        faults
    }
}

/// Finds texts that decisions and lists repeat, of names, labels, titles and clauses, and that are
/// too long for it.
fn long_texts(json: &Value, faults: &mut Vec<Fault>) {
    let head = [
        ("code", LONGEST_CODE),
        ("name", LONGEST_NAME),
        ("parameters", LONGEST_LABEL),
        ("declared_facts", LONGEST_LABEL),
        ("tables", LONGEST_LABEL),
    ];
    for (key, most) in head {
        if let Some(part) = json.get(key) {
            longer_than(most, part, &format!("/{key}"), faults);
        }
    }
    let articles = json.get("articles").and_then(Value::as_array).into_iter().flatten();
    for (index, article) in articles.enumerate() {
        for (key, most) in
            [("number", LONGEST_LABEL), ("heading", LONGEST_LABEL), ("clauses", LONGEST_OF_CLAUSE)]
        {
            if let Some(part) = article.get(key) {
                longer_than(most, part, &format!("/articles/{index}/{key}"), faults);
            }
        }
    }
}

fn longer_than(most: usize, json: &Value, at: &str, faults: &mut Vec<Fault>) {
    match json {
        Value::String(text) if text.len() > most && text.chars().count() > most => {
            faults.push(Fault::new(at, "too_long", document::TextTooLong { most: &most }.words()));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                longer_than(most, item, &format!("{at}/{index}"), faults);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                longer_than(most, member, &format!("{at}/{}", escape(name)), faults);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn too_deep(json: &Value, depth: usize) -> bool {
    // serde reads by recursion; conditions are bounded far below this.
    if depth > 64 {
        return true;
    }
    match json {
        Value::Array(items) => items.iter().any(|item| too_deep(item, depth + 1)),
        Value::Object(map) => map.values().any(|item| too_deep(item, depth + 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Every fault of form: the head, each article, each clause and each case by itself.
fn locate(json: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut head = json.clone();
    let lists = ["articles", "cases", "tables"]
        .map(|key| json.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice));
    for key in ["articles", "cases", "tables"] {
        if json.get(key).is_some_and(Value::is_array) {
            put(&mut head, &format!("/{key}"), Value::Array(Vec::new()));
        }
    }
    locate_plain::<Document>(&head, "", &mut faults);
    let [articles, cases, tables] = lists;
    for (index, article) in articles.iter().enumerate() {
        let at = format!("/articles/{index}");
        let mut shell = article.clone();
        if let Some(clauses) = article.get("clauses").and_then(Value::as_array) {
            put(&mut shell, "/clauses", Value::Array(Vec::new()));
            for (place, clause) in clauses.iter().enumerate() {
                Clause::locate(clause, &format!("{at}/clauses/{place}"), &mut faults);
            }
        }
        locate_plain::<Article>(&shell, &at, &mut faults);
    }
    for (index, table) in tables.iter().enumerate() {
        DecisionTable::locate(table, &format!("/tables/{index}"), &mut faults);
    }
    for (index, case) in cases.iter().enumerate() {
        locate_plain::<TravellingCase>(case, &format!("/cases/{index}"), &mut faults);
    }
    faults
}

fn twice(at: &str, name: &str) -> Fault {
    Fault::new(at, "twice", document::StandsTwice { name: &name }.words())
}

fn check_clause<'d>(
    document: &Document,
    (article, clause): (&Article, &'d Clause),
    at: &str,
    seen: &mut BTreeSet<&'d str>,
    faults: &mut Vec<Fault>,
) {
    if clause.id().trim().is_empty() {
        faults.push(Fault::new(format!("{at}/id"), "empty", document::CANNOT_BE_EMPTY));
    }
    if !seen.insert(clause.id()) {
        faults.push(twice(&format!("{at}/id"), clause.id()));
    }
    if !clause.as_kind().parts().contains(&article.part) {
        faults.push(Fault::new(
            format!("{at}/kind"),
            "wrong_part",
            document::WrongPart {
                kind: &InEnglish(clause.kind()),
                parts: &listed(clause.as_kind().parts()),
            }
            .words(),
        ));
    }
    for (place, condition) in clause.conditions() {
        check_condition(document, condition, &format!("{at}{place}"), faults);
    }
    faults.extend(clause.as_kind().faults().into_iter().map(|fault| fault.below(at)));
}

/// A benefit counts by one clause only.
fn check_benefits(articles: &[Article], faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for (index, article) in articles.iter().enumerate() {
        for (place, clause) in article.clauses.iter().enumerate() {
            let Clause::ServiceAggregation(service) = clause else { continue };
            let own: BTreeSet<&str> = service.benefits.iter().map(String::as_str).collect();
            for (position, benefit) in service.benefits.iter().enumerate() {
                if seen.contains(benefit.as_str()) {
                    faults.push(twice(
                        &format!("/articles/{index}/clauses/{place}/benefits/{position}"),
                        benefit,
                    ));
                }
            }
            seen.extend(own);
        }
    }
}

fn check_condition(document: &Document, condition: &Condition, at: &str, faults: &mut Vec<Fault>) {
    condition.each_place(at, &mut |measure, place| {
        faults.extend(document.leaf_faults(measure).into_iter().map(|fault| fault.below(place)));
    });
    let mut nodes = 0;
    walk(condition, at, 1, &mut nodes, faults);
    if nodes > MOST_NODES {
        faults.push(Fault::new(
            at,
            "too_many",
            document::TooManyNodes { most: &MOST_NODES }.words(),
        ));
    }
}

fn walk(condition: &Condition, at: &str, depth: usize, nodes: &mut usize, faults: &mut Vec<Fault>) {
    *nodes += 1;
    if depth > DEEPEST {
        faults.push(Fault::new(
            at,
            "too_deep",
            document::ConditionTooDeep { most: &DEEPEST }.words(),
        ));
        return;
    }
    match condition.node() {
        Node::All(of) | Node::Any(of) => walk_several(of, at, depth, nodes, faults),
        Node::AtLeast(count, of) => {
            if count == 0 || count > of.len() {
                faults.push(Fault::new(
                    format!("{at}/count"),
                    "out_of_range",
                    document::COUNT_OUT_OF_RANGE,
                ));
            }
            walk_several(of, at, depth, nodes, faults);
        }
        Node::Not(of) => walk(of, &format!("{at}/of"), depth + 1, nodes, faults),
        Node::Leaf(measure) => {
            faults.extend(measure.faults().into_iter().map(|fault| fault.below(at)));
        }
    }
}

fn walk_several(
    of: &[Condition],
    at: &str,
    depth: usize,
    nodes: &mut usize,
    faults: &mut Vec<Fault>,
) {
    if of.is_empty() {
        faults.push(Fault::new(format!("{at}/of"), "empty", document::NAME_AT_LEAST_ONE));
    }
    for (index, one) in of.iter().enumerate() {
        walk(one, &format!("{at}/of/{index}"), depth + 1, nodes, faults);
    }
}

fn check_case(case: &TravellingCase, clauses: &BTreeSet<&str>, at: &str, faults: &mut Vec<Fault>) {
    let impossible = case.facts.check().err().unwrap_or_default();
    faults.extend(impossible.into_iter().map(|fault| fault.below(&format!("{at}/facts"))));
    let named = [(&case.expect.failing, "failing"), (&case.expect.advisories, "advisories")];
    for (clause, place) in named.into_iter().flat_map(|(names, list)| {
        names
            .iter()
            .flatten()
            .enumerate()
            .map(move |(index, name)| (name, format!("{at}/expect/{list}/{index}")))
    }) {
        if !clauses.contains(clause.as_str()) {
            faults.push(Fault::new(
                place,
                "unknown_clause",
                document::NoSuchClause { clause: &clause }.words(),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(clauses: Value) -> Value {
        json!({
            "code": "T", "name": {"ja": "試", "en": "test"}, "effective_basis": "application_date", "jurisdiction_packs": [],
            "articles": [{"part": "eligibility", "number": "1", "heading": {"ja": "", "en": ""}, "text": {"ja": "", "en": ""}, "clauses": clauses}]
        })
    }

    fn requirement(condition: Value) -> Value {
        json!([{"id": "a", "kind": "requirement", "title": {"ja": "", "en": ""}, "role": "required", "condition": condition, "when_unknown": "refer"}])
    }

    fn faults(json: &Value) -> Vec<(String, String)> {
        let faults = Document::parse(json).err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.pointer, fault.code.into_owned())).collect()
    }

    #[test]
    fn every_wrong_place_is_found_inside_unions_too() {
        let mut json = document(requirement(json!({"kind": "all", "of": [
            {"kind": "tenur", "at_least_months": 36},
            {"kind": "gap", "at_most_months": "60", "reference": "application_date", "last_day": "unstated"},
            {"kind": "not", "of": {"kind": "exit_route", "any_of": ["resigned"]}},
            {"kind": "fact", "fact": "good_standing", "colour": "red"}
        ]})));
        json["effective_basis"] = json!("never");
        json["articles"][0]["part"] = json!("appendix");
        let at = |rest: &str| format!("/articles/0/clauses/0/condition/of/{rest}");
        assert_eq!(
            faults(&json),
            [
                ("/effective_basis".to_owned(), "unknown_code".to_owned()),
                (at("0/kind"), "unknown_kind".to_owned()),
                (at("1/at_most_months"), "wrong_type".to_owned()),
                (at("2/of/any_of/0"), "unknown_code".to_owned()),
                (at("3/colour"), "unknown_field".to_owned()),
                ("/articles/0/part".to_owned(), "unknown_code".to_owned()),
            ]
        );
    }

    #[test]
    fn one_piece_is_searched_to_its_end() {
        let json = json!({"code": 3, "name": {"ja": ""}, "colour": "red", "articles": [{"part": "scope", "clauses": [
            {"kind": "gap_rule"}, {"kind": "requirement", "condition": {"kind": "gap", "last_day": "never"}}
        ]}]});
        let mut places: Vec<String> = faults(&json).into_iter().map(|(place, _)| place).collect();
        places.sort_unstable();
        let clause = |rest: &str| format!("/articles/0/clauses/1/{rest}");
        let mut wanted =
            ["/code", "/name/en", "/colour", "/effective_basis", "/jurisdiction_packs"]
                .map(str::to_owned)
                .to_vec();
        wanted.extend(
            [
                "/articles/0/number",
                "/articles/0/heading",
                "/articles/0/text",
                "/articles/0/clauses/0/kind",
            ]
            .map(str::to_owned),
        );
        wanted.extend(
            ["id", "title", "role", "when_unknown", "condition/last_day", "condition/reference"]
                .map(clause),
        );
        wanted.sort_unstable();
        assert_eq!(places, wanted);
    }

    #[test]
    fn the_nearest_known_kind_is_named() {
        let json = document(requirement(json!({"kind": "tenur", "at_least_months": 36})));
        let faults = Document::parse(&json).unwrap_err();
        assert!(faults[0].message.en.contains("nearest is 'tenure'"), "{:?}", faults[0]);
    }

    #[test]
    fn what_can_be_read_but_not_meant_is_refused() {
        let one = requirement(json!({"kind": "fact", "fact": "good_standing"}))[0].clone();
        assert_eq!(
            faults(&document(json!([one.clone(), one]))),
            [("/articles/0/clauses/1/id".to_owned(), "twice".to_owned())]
        );
        let selection = json!([{"id": "s", "kind": "selection", "stages": ["offer"]}]);
        assert_eq!(
            faults(&document(selection)).into_iter().map(|(_, code)| code).collect::<Vec<_>>(),
            ["wrong_part", "not_a_selection"]
        );
        let nobody = json!({"kind": "gap", "at_least_months": 61, "at_most_months": 60, "reference": "start_date", "last_day": "unstated"});
        assert_eq!(faults(&document(requirement(nobody)))[0].1, "never_met");
        assert_eq!(faults(&document(requirement(json!({"kind": "any", "of": []}))))[0].1, "empty");
    }

    #[test]
    fn what_was_published_runs_on_where_more_is_asked_now() {
        let mut json =
            document(json!([{"id": "p", "kind": "probation", "new": false, "months": 3}]));
        json["articles"][0]["part"] = json!("treatment");
        assert_eq!(faults(&json)[0].1, "contradictory");
        assert!(Document::published(&json).is_ok());
    }

    #[test]
    fn texts_that_decisions_repeat_are_bounded() {
        let mut clause = requirement(json!({"kind": "fact", "fact": "good_standing"}));
        clause[0]["title"]["en"] = json!("x".repeat(2000));
        assert!(Document::parse(&document(clause.clone())).is_ok());
        clause[0]["title"]["ja"] = json!("あ".repeat(2001));
        let mut long = document(clause);
        long["articles"][0]["heading"]["ja"] = json!("あ".repeat(501));
        let at = |rest: &str| (format!("/articles/0/{rest}"), "too_long".to_owned());
        long["name"]["ja"] = json!("あ".repeat(201));
        long["code"] = json!("x".repeat(51));
        let of_head = |place: &str| (place.to_owned(), "too_long".to_owned());
        let places =
            [of_head("/code"), of_head("/name/ja"), at("heading/ja"), at("clauses/0/title/ja")];
        assert_eq!(faults(&long), places);
        assert!(Document::published(&long).is_ok());
    }

    #[test]
    fn conditions_are_bounded() {
        let mut deep = json!({"kind": "fact", "fact": "good_standing"});
        for _ in 0..16 {
            deep = json!({"kind": "not", "of": deep});
        }
        assert_eq!(faults(&document(requirement(deep.clone())))[0].1, "too_deep");
        for _ in 0..100 {
            deep = json!({"kind": "not", "of": deep});
        }
        assert_eq!(faults(&document(requirement(deep))), [(String::new(), "too_deep".to_owned())]);
        let wide = vec![json!({"kind": "fact", "fact": "good_standing"}); 256];
        assert_eq!(
            faults(&document(requirement(json!({"kind": "all", "of": wide}))))[0].1,
            "too_many"
        );
    }
}
