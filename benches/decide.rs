//! What a decision costs, in the pure engine: from a person's periods to the verdict, and to the whole
//! document with its sentences. `cargo bench --bench decide`.
#![allow(clippy::unwrap_used, reason = "a bench that panics has found something")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use okaeri::domain::decision::Compiled;
use okaeri::domain::facts::Facts;
use okaeri::domain::impact::Comparison;
use okaeri::domain::regulation::Document;
use okaeri::library;

fn regulation(code: &str) -> Compiled {
    let json = serde_json::from_str(library::find(code).unwrap().text).unwrap();
    Compiled::new(Document::parse(&json).unwrap()).unwrap()
}

/// The facts of the first case of a regulation of the library.
fn facts(of: &Compiled) -> Facts {
    of.document().cases.first().unwrap().facts.clone()
}

fn decide(criterion: &mut Criterion) {
    for code in ["R01", "R16", "W02"] {
        let regulation = regulation(code);
        let facts = facts(&regulation);
        criterion.bench_function(&format!("{code}, verdict from the periods"), |bencher| {
            bencher.iter(|| black_box(&regulation).evaluate(black_box(&facts)));
        });
        criterion.bench_function(&format!("{code}, whole decision in both languages"), |bencher| {
            bencher.iter(|| black_box(&regulation).decide(black_box(&facts)));
        });
    }
}

/// A draft of R01 beside R01 itself, over its cases: two decisions a person.
fn impact(criterion: &mut Criterion) {
    let text = library::find("R01").unwrap().text.replace("\"at_least_months\": 36", "\"at_least_months\": 48");
    let draft = Compiled::new(Document::parse(&serde_json::from_str(&text).unwrap()).unwrap()).unwrap();
    let before = regulation("R01");
    let people: Vec<Facts> = before.document().cases.iter().map(|case| case.facts.clone()).collect();
    let mut comparison = Comparison::new(Arc::new(draft), Some(Arc::new(before)));
    let mut group = criterion.benchmark_group("impact of a draft of R01, people in memory");
    group.throughput(Throughput::Elements(2 * people.len() as u64));
    group.bench_function("two decisions a person", |bencher| {
        bencher.iter(|| {
            for facts in &people {
                black_box(comparison.add(black_box(facts)));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, decide, impact);
criterion_main!(benches);
