//! What a decision table costs: finding every row that applies, answering a case, and looking the
//! whole table through. `cargo bench --bench table`.
#![allow(clippy::unwrap_used, reason = "a bench that panics has found something")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use okaeri_engine::facts::Facts;
use okaeri_engine::measures::Case;
use okaeri_engine::values::Value;
use okaeri_engine::values::table::{CompiledTable, DecisionTable, Key, RowSet};
use okaeri_engine::values::terms::DeclaredFact;
use serde_json::json;

fn declared() -> Vec<DeclaredFact> {
    let label = json!({"ja": "点", "en": "points"});
    ["points", "merits"]
        .map(|name| {
            serde_json::from_value(
                json!({"name": name, "label": label, "type": "count", "at_least": 0}),
            )
            .unwrap()
        })
        .to_vec()
}

/// A full grid of grade, time away, points and merits; each side is cut into so many.
fn grid(sides: [i64; 4]) -> DecisionTable {
    let [grades, away, points, merits] = sides;
    let mut rows = Vec::new();
    let range = |place: i64, of: i64, wide: i64| match place {
        0 => json!({"below": wide}),
        last if last + 1 == of => json!({"at_least": last * wide}),
        other => json!({"at_least": other * wide, "below": (other + 1) * wide}),
    };
    for grade in 0..grades {
        for month in 0..away {
            for point in 0..points {
                for merit in 0..merits {
                    let when = [
                        json!(format!("G{grade}")),
                        range(month, away, 12),
                        range(point, points, 5),
                        range(merit, merits, 3),
                    ];
                    rows.push(json!({"when": when, "then": [rows.len()]}));
                }
            }
        }
    }
    serde_json::from_value(json!({
        "id": "steps", "title": {"ja": "号給表", "en": "steps"},
        "inputs": [
            {"name": "grade", "of": {"kind": "record", "of": "grade"}},
            {"name": "away", "of": {"kind": "months_away", "reference": "start_date"}},
            {"name": "points", "of": {"kind": "declared", "name": "points"}},
            {"name": "merits", "of": {"kind": "declared", "name": "merits"}}
        ],
        "outputs": [{"name": "step", "label": {"ja": "号給", "en": "step"}, "type": "count"}],
        "rows": rows
    }))
    .unwrap()
}

fn hits(criterion: &mut Criterion) {
    let table = CompiledTable::new(&grid([5, 5, 2, 2]), &declared()).unwrap();
    let values = [Value::Text("G3".to_owned()), Value::whole(40), Value::whole(7), Value::whole(1)];
    let mut rows = RowSet::none(100);
    criterion.bench_function(
        "table of 100 rows × 4 columns, all hits from the values",
        |bencher| {
            bencher.iter(|| {
                let mut keys = [Key::Unknown; 4];
                for (column, (key, value)) in keys.iter_mut().zip(black_box(&values)).enumerate() {
                    *key = table.key(column, value);
                }
                table.hits(&keys, &mut rows);
                black_box(&rows);
            });
        },
    );
    let facts: Facts = serde_json::from_value(json!({
        "employment_periods": [{"start": "2010-04-01", "last_day": "2020-03-31", "grade": "G3"}],
        "application": {"start_date": "2023-10-01"}
    }))
    .unwrap();
    criterion.bench_function(
        "table of 100 rows × 4 columns, a case with two unknown inputs",
        |bencher| {
            bencher.iter(|| table.answer(black_box(&Case::new(&facts)), 0));
        },
    );
}

fn checks(criterion: &mut Criterion) {
    let mut written = grid([10, 10, 5, 2]);
    // One row is gone and one reaches into its neighbour: a gap and an overlap.
    written.rows.remove(500);
    if let Some(row) = written.rows.get_mut(20)
        && let Some(cell) = row.when.last_mut()
    {
        *cell = serde_json::from_value(json!(null)).unwrap();
    }
    let table = CompiledTable::new(&written, &declared()).unwrap();
    criterion.bench_function("table of 1,000 rows × 4 columns, every check", |bencher| {
        bencher.iter(|| black_box(&table).check());
    });
    criterion.bench_function("table of 1,000 rows × 4 columns, from the document", |bencher| {
        bencher.iter(|| CompiledTable::new(black_box(&written), &declared()));
    });
}

criterion_group!(benches, hits, checks);
criterion_main!(benches);
