//! Tables against brute force: every point of a small space, looked at one by one.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value as Json, json};

use super::{
    Answered, Cell, CellBounds, CompiledTable, DecisionTable, Key, RowSet, TableFinding,
    TableFindingCode,
};
use crate::codes::Code as _;
use crate::facts::Facts;
use crate::measures::Case;
use crate::values::terms::DeclaredFact;
use crate::values::{Literal, Value};

fn declared() -> Vec<DeclaredFact> {
    let label = json!({"ja": "区分", "en": "class"});
    let class =
        json!({"name": "class", "label": label, "type": "text", "members": ["a", "b", "c"]});
    let points =
        json!({"name": "points", "label": label, "type": "count", "at_least": 0, "at_most": 6});
    vec![serde_json::from_value(class).unwrap(), serde_json::from_value(points).unwrap()]
}

/// A column of numbers, of closed codes, of any text, of yes or no.
const SOURCES: [&str; 4] = ["number", "class", "text", "yes"];

fn input(which: usize) -> Json {
    let of = match SOURCES[which] {
        "number" => json!({"kind": "declared", "name": "points"}),
        "class" => json!({"kind": "declared", "name": "class"}),
        "text" => json!({"kind": "record", "of": "grade"}),
        _ => json!({"kind": "fact", "fact": "invited"}),
    };
    json!({"name": SOURCES[which], "of": of})
}

/// Every value of a column that differs from the others.
fn values(which: usize) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    match SOURCES[which] {
        "number" => (0..=6).map(Value::whole).collect(),
        "class" => ["a", "b", "c"].map(text).to_vec(),
        "text" => ["a", "b", "other"].map(text).to_vec(),
        _ => vec![Value::Boolean(false), Value::Boolean(true)],
    }
}

fn cell(which: usize) -> BoxedStrategy<Json> {
    let of = match SOURCES[which] {
        "number" => {
            let two = || (0..=6_i64, 0..=6_i64);
            prop_oneof![
                two().prop_map(|(from, to)| json!({"at_least": from, "below": to})),
                two().prop_map(|(from, to)| json!({"above": from, "at_most": to})),
                (0..=6_i64).prop_map(|from| json!({"at_least": from})),
                (0..=6_i64).prop_map(|to| json!({"below": to})),
                (0..=6_i64).prop_map(|one| json!(one)),
                subsequence((0..=6_i64).collect::<Vec<_>>(), 0..3)
                    .prop_map(|several| json!(several)),
            ]
            .boxed()
        }
        "class" | "text" => {
            let some = || subsequence(&["a", "b"][..], 1..=2);
            prop_oneof![
                some().prop_map(|some| json!(some)),
                some().prop_map(|some| json!({"none_of": some}))
            ]
            .boxed()
        }
        _ => any::<bool>().prop_map(|yes| json!(yes)).boxed(),
    };
    prop_oneof![4 => of, 2 => Just(Json::Null), 1 => any::<bool>().prop_map(|known| json!({"known": known}))].boxed()
}

/// Columns, and rows of cells and answers.
fn tables() -> impl Strategy<Value = (Vec<usize>, Vec<Vec<Json>>)> {
    subsequence(&[0_usize, 1, 2, 3][..], 1..=3).prop_flat_map(|columns| {
        let row: Vec<BoxedStrategy<Json>> = columns.iter().map(|which| cell(*which)).collect();
        (Just(columns), prop::collection::vec(row, 1..6))
    })
}

fn document(policy: &str, columns: &[usize], rows: &[Vec<Json>]) -> DecisionTable {
    let rows: Vec<Json> = rows
        .iter()
        .enumerate()
        .map(|(index, when)| json!({"when": when, "then": [index % 2]}))
        .collect();
    serde_json::from_value(json!({
        "id": "t", "title": {"ja": "表", "en": "table"}, "hit_policy": policy,
        "inputs": columns.iter().map(|which| input(*which)).collect::<Vec<_>>(),
        "outputs": [{"name": "out", "label": {"ja": "値", "en": "value"}, "type": "count"}], "rows": rows
    }))
    .unwrap()
}

fn compiled(policy: &str, columns: &[usize], rows: &[Vec<Json>]) -> CompiledTable {
    CompiledTable::new(&document(policy, columns, rows), &declared()).unwrap()
}

/// A place in every column; nothing for what is not known.
type Point = Vec<Option<Value>>;

fn number(value: &Value) -> i64 {
    i64::try_from(value.number().unwrap()).unwrap()
}

/// Whether a cell accepts a value, by its own words.
fn accepts(cell: &Cell, value: Option<&Value>) -> bool {
    let is = |literal: &Literal, value: &Value| match (literal, value) {
        (Literal::Integer(one), Value::Number(_)) => *one == number(value),
        (Literal::Text(one), Value::Text(other)) => one == other,
        (Literal::Boolean(one), Value::Boolean(other)) => one == other,
        _ => false,
    };
    let whole = |literal: &Option<Literal>| match literal {
        Some(Literal::Integer(one)) => Some(*one),
        _ => None,
    };
    match (cell, value) {
        (Cell::Any, _) => true,
        (Cell::Bounds(CellBounds { known: Some(known), .. }), value) => *known == value.is_some(),
        (_, None) => false,
        (Cell::Equal(one), Some(value)) => is(one, value),
        (Cell::In(several), Some(value)) => several.iter().any(|one| is(one, value)),
        (Cell::Bounds(bounds), Some(value)) if !bounds.none_of.is_empty() => {
            !bounds.none_of.iter().any(|one| is(one, value))
        }
        (Cell::Bounds(bounds), Some(value)) => {
            let value = number(value);
            whole(&bounds.at_least).is_none_or(|least| value >= least)
                && whole(&bounds.above).is_none_or(|above| value > above)
                && whole(&bounds.at_most).is_none_or(|most| value <= most)
                && whole(&bounds.below).is_none_or(|below| value < below)
        }
    }
}

fn row_accepts(row: &[Cell], point: &Point) -> bool {
    row.iter().zip(point).all(|(cell, value)| accepts(cell, value.as_ref()))
}

fn cells(rows: &[Vec<Json>]) -> Vec<Vec<Cell>> {
    rows.iter()
        .map(|row| row.iter().map(|cell| serde_json::from_value(cell.clone()).unwrap()).collect())
        .collect()
}

/// Whether some cell of a column speaks of nothing being known.
fn speaks_of_unknown(rows: &[Vec<Json>], column: usize) -> bool {
    rows.iter().any(|row| row[column] == json!({"known": false}))
}

fn points(columns: &[usize], rows: &[Vec<Json>]) -> Vec<Point> {
    let mut points: Vec<Point> = vec![Vec::new()];
    for (index, which) in columns.iter().enumerate() {
        let mut sides: Vec<Option<Value>> = values(*which).into_iter().map(Some).collect();
        sides.extend(speaks_of_unknown(rows, index).then_some(None));
        points = points
            .iter()
            .flat_map(|point| {
                sides
                    .iter()
                    .map(move |side| [point.as_slice(), std::slice::from_ref(side)].concat())
            })
            .collect();
    }
    points
}

fn of(findings: &[TableFinding], code: TableFindingCode) -> Vec<&TableFinding> {
    findings.iter().filter(|finding| finding.code == code).collect()
}

/// The boxes that no row accepts, as cells.
fn holes(findings: &[TableFinding]) -> Vec<Vec<Cell>> {
    let gaps = findings.iter().filter(|finding| {
        matches!(finding.code, TableFindingCode::Gap | TableFindingCode::UnknownNotCovered)
    });
    gaps.filter(|gap| !gap.witness.is_empty())
        .map(|gap| gap.witness.iter().map(|side| side.cell.clone()).collect())
        .collect()
}

proptest! {
    #[test]
    fn overlaps_and_gaps_are_exactly_those_there_are((columns, rows) in tables()) {
        let check = compiled("unique", &columns, &rows).check();
        let (cells, points) = (cells(&rows), points(&columns, &rows));
        prop_assert!(check.complete);
        let duplicates: BTreeSet<usize> = of(&check.findings, TableFindingCode::DuplicateRow).iter().map(|found| found.rows[1]).collect();
        let mut wanted = BTreeSet::new();
        for (later, one) in cells.iter().enumerate() {
            for (earlier, other) in cells.iter().enumerate().take(later) {
                let both = points.iter().any(|point| row_accepts(one, point) && row_accepts(other, point));
                prop_assert!(both || !(duplicates.contains(&later) && one == other) || !points.iter().any(|point| row_accepts(one, point)));
                if both && !duplicates.contains(&later) && !duplicates.contains(&earlier) {
                    wanted.insert(vec![earlier, later]);
                }
            }
        }
        let overlaps = of(&check.findings, TableFindingCode::Overlap);
        prop_assert_eq!(overlaps.iter().map(|found| found.rows.clone()).collect::<BTreeSet<_>>(), wanted);
        for overlap in overlaps {
            let witness: Vec<Cell> = overlap.witness.iter().map(|side| side.cell.clone()).collect();
            let shown: Vec<&Point> = points.iter().filter(|point| row_accepts(&witness, point)).collect();
            prop_assert!(!shown.is_empty());
            let in_both = |point: &Point| overlap.rows.iter().all(|row| row_accepts(&cells[*row], point));
            prop_assert!(shown.iter().all(|point| in_both(point)), "{:?}", overlap);
        }
        let holes = holes(&check.findings);
        for point in &points {
            let covered = cells.iter().any(|row| row_accepts(row, point));
            prop_assert_eq!(!covered, holes.iter().any(|hole| row_accepts(hole, point)), "{:?} in {:?}", point, holes);
        }
    }

    #[test]
    fn the_rows_proposed_close_every_gap_and_nothing_else((columns, rows) in tables()) {
        let check = compiled("unique", &columns, &rows).check();
        let repair = check.findings.iter().flat_map(|finding| &finding.repair);
        let added: Vec<Vec<Json>> = repair.map(|row| row.iter().map(|cell| serde_json::to_value(cell).unwrap()).collect()).collect();
        let mut mended = rows.clone();
        mended.extend(added.clone());
        let after = compiled("unique", &columns, &mended).check();
        prop_assert_eq!(holes(&after.findings), Vec::<Vec<Cell>>::new());
        let overlaps = of(&after.findings, TableFindingCode::Overlap);
        prop_assert!(overlaps.iter().all(|found| found.rows.iter().all(|row| *row < rows.len())), "{:?}", overlaps);
    }

    #[test]
    fn a_row_is_unreachable_just_where_those_before_it_take_all((columns, rows) in tables()) {
        let check = compiled("first", &columns, &rows).check();
        let (cells, points) = (cells(&rows), points(&columns, &rows));
        let wanted: Vec<usize> = (0..cells.len())
            .filter(|row| {
                let mut own = points.iter().filter(|point| row_accepts(&cells[*row], point)).peekable();
                own.peek().is_some() && own.all(|point| cells[..*row].iter().any(|before| row_accepts(before, point)))
            })
            .collect();
        let found: Vec<usize> = of(&check.findings, TableFindingCode::UnreachableRow).iter().map(|found| found.rows[0]).collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn what_is_unknown_is_answered_only_where_every_value_would_be(
        (columns, rows) in tables(), policy in select(super::HitPolicy::ALL), known in prop::collection::vec((any::<bool>(), 0..7_usize), 3),
    ) {
        let table = compiled(policy.as_str(), &columns, &rows);
        let sides: Vec<Option<Value>> = columns.iter().zip(&known).map(|(which, (is_known, pick))| {
            let all = values(*which);
            is_known.then(|| all[pick % all.len()].clone())
        }).collect();
        let keys = |sides: &[Option<Value>]| -> Vec<Key> {
            sides.iter().enumerate().map(|(index, side)| side.as_ref().map_or(Key::Unknown, |value| table.key(index, value))).collect()
        };
        let (answered, _) = table.look_up(&keys(&sides), 0);
        let mut completions: Vec<Vec<Option<Value>>> = vec![Vec::new()];
        for (index, side) in sides.iter().enumerate() {
            let all: Vec<Option<Value>> = match side {
                None if !speaks_of_unknown(&rows, index) => values(columns[index]).into_iter().map(Some).collect(),
                _ => vec![side.clone()],
            };
            completions = completions.iter().flat_map(|point| all.iter().map(move |one| [point.as_slice(), std::slice::from_ref(one)].concat())).collect();
        }
        let mut all: Vec<Answered> = completions.iter().map(|point| table.look_up(&keys(point), 0).0).collect();
        all.dedup();
        let wanted = if all.len() == 1 { all[0].clone() } else { Answered::Unknown };
        prop_assert_eq!(answered, wanted);
    }
}

fn hours(policy: &str, rows: Json) -> Json {
    json!({"id": "hours", "title": {"ja": "研修時間表", "en": "hours"}, "hit_policy": policy,
        "inputs": [{"name": "away", "of": {"kind": "months_away", "reference": "start_date", "count": "begun"}}],
        "outputs": [{"name": "hours", "label": {"ja": "時間", "en": "hours"}, "type": "hours"}], "rows": rows})
}

fn looked_up(policy: &str, rows: Json, start: Option<&str>) -> (Answered, Vec<usize>) {
    let table: DecisionTable = serde_json::from_value(hours(policy, rows)).unwrap();
    let facts: Facts = serde_json::from_value(json!({
        "employment_periods": [{"start": "2014-04-01", "last_day": "2020-03-31"}], "application": {"start_date": start}
    }))
    .unwrap();
    let answer = CompiledTable::new(&table, &[]).unwrap().answer(&Case::new(&facts), 0);
    (answer.answered, answer.rows.iter().collect())
}

#[test]
fn each_policy_makes_its_own_of_rows_that_apply_together() {
    let rows =
        json!([{"when": [{"below": 25}], "then": [8]}, {"when": [{"at_least": 13}], "then": [16]}]);
    let both = |policy: &str| looked_up(policy, rows.clone(), Some("2021-10-01"));
    let value = |number: i64| Answered::Value(Value::whole(number));
    assert_eq!(both("unique"), (Answered::Conflict, vec![0, 1]));
    assert_eq!(both("any").0, Answered::Conflict);
    assert_eq!(
        (both("first").0, both("collect_sum").0, both("collect_count").0),
        (value(8), value(24), value(2))
    );
    assert_eq!((both("collect_min").0, both("collect_max").0), (value(8), value(16)));
    assert_eq!(both("collect_list").0, Answered::List(vec![Value::whole(8), Value::whole(16)]));
    let ranked = json!([{"when": [null], "then": [8]}, {"when": [{"at_least": 13}], "then": [16], "priority": 2}]);
    assert_eq!(looked_up("priority", ranked, Some("2021-10-01")).0, value(16));
}

#[test]
fn a_month_that_has_begun_counts_and_a_gap_is_no_answer() {
    let rows = json!([{"when": [{"below": 13}], "then": [8]}, {"when": [{"at_least": 13, "below": 37}], "then": [16]}]);
    let on = |start: &str| looked_up("unique", rows.clone(), Some(start)).0;
    assert_eq!(
        (on("2021-04-01"), on("2021-04-02")),
        (Answered::Value(Value::whole(8)), Answered::Value(Value::whole(16)))
    );
    assert_eq!(
        (on("2024-01-01"), looked_up("unique", rows.clone(), None).0),
        (Answered::NoRow, Answered::Unknown)
    );
}

#[test]
fn what_is_not_known_may_have_a_row_of_its_own() {
    let rows = json!([{"when": [{"known": false}], "then": [8]}, {"when": [{"known": true}], "then": [16]}]);
    assert_eq!(looked_up("unique", rows.clone(), None).0, Answered::Value(Value::whole(8)));
    assert_eq!(looked_up("unique", rows, Some("2021-04-01")).0, Answered::Value(Value::whole(16)));
}

fn faults(table: Json) -> Vec<(String, String)> {
    let table: DecisionTable = serde_json::from_value(table).unwrap();
    let faults = CompiledTable::new(&table, &declared()).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.pointer, fault.code.into_owned())).collect()
}

#[test]
fn what_does_not_fit_its_column_is_refused_with_its_place() {
    let one = |when: Json, then: Json| hours("unique", json!([{"when": [when], "then": [then]}]));
    let at = |place: &str, code: &str| vec![(place.to_owned(), code.to_owned())];
    assert_eq!(faults(one(json!("long"), json!(8))), at("/rows/0/when/0", "wrong_unit"));
    assert_eq!(
        faults(one(json!({"at_least": 1, "above": 1}), json!(8))),
        at("/rows/0/when/0", "contradictory")
    );
    assert_eq!(faults(one(Json::Null, json!("eight"))), at("/rows/0/then/0", "wrong_unit"));
    assert_eq!(
        faults(hours("unique", json!([{"when": [], "then": [8]}]))),
        at("/rows/0/when", "wrong_length")
    );
    assert_eq!(
        faults(hours("unique", json!([{"when": [null], "then": [8], "priority": 1}]))),
        at("/rows/0/priority", "contradictory")
    );
    assert_eq!(
        faults(hours("unique", json!(vec![json!({"when": [null], "then": [8]}); 2001]))),
        at("/rows", "too_many")
    );
    let mut table = hours("unique", json!([{"when": [null], "then": [8]}]));
    table["inputs"][0]["of"] = json!({"kind": "declared", "name": "clas"});
    assert_eq!(faults(table), at("/inputs/0/of/name", "unknown_name"));
}

#[test]
fn a_check_that_runs_out_says_so_and_what_is_never_given_is_told() {
    let rows: Vec<Json> =
        (0..50).map(|months| json!({"when": [months], "then": [months]})).collect();
    let table: DecisionTable = serde_json::from_value(hours("unique", json!(rows))).unwrap();
    let table = CompiledTable::new(&table, &[]).unwrap();
    let cut = table.check_within(10);
    assert_eq!(
        (cut.complete, of(&cut.findings, TableFindingCode::ChecksIncomplete).len()),
        (false, 1)
    );
    let whole = table.check();
    let gap = of(&whole.findings, TableFindingCode::Gap);
    assert_eq!(serde_json::to_value(&gap[0].repair).unwrap(), json!([[{"at_least": 50}]]));
    let mut table =
        hours("first", json!([{"when": [null], "then": ["a"]}, {"when": [1], "then": ["b"]}]));
    table["outputs"][0] = json!({"name": "class", "label": {"ja": "区分", "en": "class"}, "type": "text", "members": ["a", "b", "c"]});
    let check = CompiledTable::new(&serde_json::from_value(table).unwrap(), &[]).unwrap().check();
    assert_eq!(of(&check.findings, TableFindingCode::OutputNeverProduced).len(), 2);
}

#[test]
fn hits_are_all_rows_that_apply() {
    let table = compiled(
        "collect_count",
        &[0],
        &[vec![json!({"below": 3})], vec![Json::Null], vec![json!(5)]],
    );
    let mut rows = RowSet::none(3);
    table.hits(&[table.key(0, &Value::whole(2))], &mut rows);
    assert_eq!(rows.iter().collect::<Vec<_>>(), [0, 1]);
}
