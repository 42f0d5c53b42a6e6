//! What a decision costs, in the pure engine: from a person's periods to the verdict, and to the whole
//! document with its sentences. `cargo bench --bench decide`.
#![allow(clippy::unwrap_used, reason = "a bench that panics has found something")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use okaeri::domain::decision::Compiled;
use okaeri::domain::facts::Facts;
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

criterion_group!(benches, decide);
criterion_main!(benches);
