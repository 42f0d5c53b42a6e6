//! The same twelve clauses in every engine, compiled once; converting the facts is part of each
//! decision.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench that panics has found something")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use opponents::engines::{Answer, Cel, Closures, DataLogic, Engine, Ours, Zen};
use opponents::people::people;
use opponents::twelve;
use okaeri_engine::decide::Evaluation;

/// All say the same of everybody of whom everything is known.
fn agree(engines: &mut [&mut dyn Engine]) {
    let (mut first, mut answers) = (Vec::new(), Vec::new());
    let everybody = people(1024).into_iter().map(|person| person.whole).chain([twelve::person()]);
    for facts in everybody {
        engines[0].answer(&facts, &mut first);
        assert!(first.len() == 12 && !first.contains(&Answer::Unknown), "{first:?}");
        for engine in &mut engines[1..] {
            engine.answer(&facts, &mut answers);
            assert_eq!(first, answers, "{} on {facts:?}", engine.name());
        }
    }
}

fn decide(criterion: &mut Criterion) {
    let (clauses, facts) = (twelve::ready(), twelve::person());
    let (mut closures, mut ours) = (Closures::default(), Ours::new(&clauses));
    let (mut datalogic, mut zen, mut cel) = (DataLogic::new(&clauses), Zen::new(&clauses), Cel::new(&clauses));
    agree(&mut [&mut ours, &mut closures, &mut datalogic, &mut zen, &mut cel]);
    let mut group = criterion.benchmark_group("twelve clauses, facts converted");
    let (regulation, mut evaluation) = (twelve::regulation(&clauses), Evaluation::default());
    let mut answers = Vec::with_capacity(12);
    group.bench_function("boxed closures", |bencher| bencher.iter(|| closures.answer(black_box(&facts), &mut answers)));
    group.bench_function("okaeri", |bencher| {
        bencher.iter(|| black_box(&regulation).evaluate_into(black_box(&facts), &mut evaluation));
    });
    group.bench_function("datalogic-rs", |bencher| bencher.iter(|| datalogic.answer(black_box(&facts), &mut answers)));
    group.bench_function("zen-expression", |bencher| bencher.iter(|| zen.answer(black_box(&facts), &mut answers)));
    group.bench_function("cel", |bencher| bencher.iter(|| cel.answer(black_box(&facts), &mut answers)));
    group.finish();
}

criterion_group!(benches, decide);
criterion_main!(benches);
