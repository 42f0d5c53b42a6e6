//! What a decision costs, in the pure engine: from a person's periods to the verdict, and to the
//! whole document with its sentences. `cargo bench --bench decide`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that panics has found something"
)]

#[path = "opponents/src/twelve.rs"]
mod twelve;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use okaeri_engine::decide::{Compiled, Evaluation, Outcome};
use okaeri_engine::document::Document;
use okaeri_engine::facts::Facts;
use okaeri_engine::library;
use okaeri_engine::review::impact::Comparison;
use serde_json::{Value, json};

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
    let text = library::find("R01")
        .unwrap()
        .text
        .replace("\"at_least_months\": 36", "\"at_least_months\": 48");
    let draft =
        Compiled::new(Document::parse(&serde_json::from_str(&text).unwrap()).unwrap()).unwrap();
    let before = regulation("R01");
    let people: Vec<Facts> =
        before.document().cases.iter().map(|case| case.facts.clone()).collect();
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

/// A regulation of these requirements, and somebody who meets them all.
fn requirements(conditions: &[Value]) -> (Compiled, Facts) {
    let (regulation, facts) = (twelve::regulation(conditions), twelve::person());
    let evaluation = regulation.evaluate(&facts);
    assert!(
        evaluation.judged.iter().all(|judged| judged.outcome == Outcome::Met),
        "{evaluation:?}"
    );
    (regulation, facts)
}

/// Twelve whose facts are ready: each is compared as it stands.
fn twelve_ready() -> (Compiled, Facts) {
    requirements(&twelve::ready())
}

/// Twelve of which some are counted from the person's periods, leaves and dates.
fn twelve_counted() -> (Compiled, Facts) {
    requirements(&[
        json!({"kind": "job_family", "any_of": ["administration"]}),
        json!({"kind": "employment_type", "any_of": ["regular"]}),
        json!({"kind": "exit_route", "any_of": ["resignation"]}),
        json!({"kind": "exit_reason", "any_of": ["childcare", "care"]}),
        json!({"kind": "tenure", "at_least_months": 36, "counting": ["full_time_only"], "leaves_deducted": ["childcare"]}),
        json!({"kind": "gap", "at_most_months": 60, "reference": "application_date", "last_day": "unstated"}),
        json!({"kind": "age", "under": 60, "reference": "application_date"}),
        json!({"kind": "no_discipline", "of": ["dismissal"]}),
        json!({"kind": "former_rehires", "at_most": 0}),
        json!({"kind": "notice_given", "at_least_days": 30}),
        json!({"kind": "fact", "fact": "good_standing"}),
        json!({"kind": "rehire_code", "any_of": ["eligible"]}),
    ])
}

/// The floor: what the twelve come to by hand, over figures that are already there.
struct Ready {
    months: [i32; 4],
    codes: [u8; 8],
}

type Closure = Box<dyn Fn(&Ready) -> bool>;

fn closures() -> Vec<Closure> {
    let mut of: Vec<Closure> = Vec::new();
    for (index, least) in [36, 0, 0, 30].into_iter().enumerate() {
        of.push(Box::new(move |ready| ready.months[index] >= least));
    }
    for index in 0..8 {
        of.push(Box::new(move |ready| ready.codes[index] == 1));
    }
    of
}

fn twelve_clauses(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("twelve clauses");
    let (closures, figures) = (closures(), Ready { months: [74, 42, 100, 40], codes: [1; 8] });
    group.bench_function("floor: boxed closures over ready figures", |bencher| {
        bencher.iter(|| {
            closures.iter().map(|one| one(black_box(&figures))).filter(|met| *met).count()
        });
    });
    for (name, (regulation, facts)) in
        [("ready facts", twelve_ready()), ("periods and leaves", twelve_counted())]
    {
        let (mut evaluation, mut text) = (Evaluation::default(), String::new());
        group.bench_function(format!("from {name}, with each outcome"), |bencher| {
            bencher
                .iter(|| black_box(&regulation).evaluate_into(black_box(&facts), &mut evaluation));
        });
        group.bench_function(format!("from {name}, compact as JSON"), |bencher| {
            bencher.iter(|| {
                text.clear();
                regulation.evaluate_into(black_box(&facts), &mut evaluation);
                regulation.write_compact(&evaluation, &mut text);
                black_box(text.len())
            });
        });
        println!("compact: {} bytes", text.len());
        group.bench_function(
            format!("from {name}, explained in both languages as JSON"),
            |bencher| {
                bencher.iter(|| {
                    text.clear();
                    regulation.evaluate_into(black_box(&facts), &mut evaluation);
                    regulation.write_explained(black_box(&facts), &evaluation, &mut text);
                    black_box(text.len())
                });
            },
        );
        println!("explained: {} bytes", text.len());
    }
    group.finish();
}

criterion_group!(benches, decide, impact, twelve_clauses);
criterion_main!(benches);
