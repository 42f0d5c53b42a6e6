//! Missing facts: what each engine says of a clause that cannot be told, and of one that the other
//! side settles.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use opponents::engines::{self, Answer, Engine};
use opponents::people::{FACTS, Person, people};
use opponents::twelve;
use serde_json::{Value, json};
use okaeri_engine::facts::Facts;

/// The twelve, each of one fact, and one with an *or*.
fn clauses() -> Vec<Value> {
    let mut clauses = twelve::ready();
    clauses.push(json!({"kind": "any", "of": [
        {"kind": "fact", "fact": "worked_for_competitor", "is": false}, {"kind": "notice_given", "at_least_days": 60}]}));
    clauses
}

/// What is known of the *or*: each side by itself, worked out from the facts.
fn either(facts: &Facts) -> [Option<bool>; 2] {
    let notice = facts.employment_periods[0].notice_given_days.map(|days| days >= 60);
    [facts.person.worked_for_competitor.map(|worked| !worked), notice]
}

/// What came out in one engine.
#[derive(Default)]
struct Counted {
    unknown: usize,
    met: usize,
    not_met: usize,
    settled_right: usize,
    /// Clauses that can be told, and came out otherwise than with every fact known.
    turned: usize,
}

/// The answers that should be unknown, and the *or*s that one side settles.
#[derive(Default, Debug, PartialEq)]
struct Wanted {
    unknown: usize,
    settled: usize,
}

fn count(engine: &mut dyn Engine, people: &[Person]) -> (Counted, Wanted) {
    let (mut counted, mut wanted) = (Counted::default(), Wanted::default());
    let (mut whole, mut known) = (Vec::new(), Vec::new());
    for person in people {
        engine.answer(&person.whole, &mut whole);
        engine.answer(&person.known, &mut known);
        for (index, (whole, known)) in whole.iter().zip(&known).enumerate() {
            // The first twelve facts are those of the first twelve clauses.
            let (is_unknown, is_settled) = match (index, either(&person.known)) {
                (0..12, _) => (person.missing.contains(&FACTS[index]), false),
                (_, [Some(true), None] | [None, Some(true)]) => (false, true),
                (_, sides) => (sides.contains(&None), false),
            };
            if is_settled {
                wanted.settled += 1;
                counted.settled_right += usize::from(*known == Answer::Met);
            } else if is_unknown {
                wanted.unknown += 1;
                match known {
                    Answer::Met => counted.met += 1,
                    Answer::NotMet => counted.not_met += 1,
                    Answer::Unknown => counted.unknown += 1,
                }
            } else {
                counted.turned += usize::from(known != whole);
            }
        }
    }
    (counted, wanted)
}

#[test]
fn ours_says_unknown_exactly_where_it_cannot_be_told() {
    let (clauses, people) = (clauses(), people(1024));
    let mut all: Option<Wanted> = None;
    for mut engine in engines::all(&clauses) {
        let (counted, wanted) = count(engine.as_mut(), &people);
        let Wanted { unknown, settled } = wanted;
        if all.is_none() {
            println!(
                "| engine | the {unknown} unknown came out unknown | true | false | right of the {settled} settled by *or* |\n|---|---:|---:|---:|---:|"
            );
        }
        println!(
            "| {} | {} | {} | {} | {} |",
            engine.name(),
            counted.unknown,
            counted.met,
            counted.not_met,
            counted.settled_right
        );
        assert_eq!(counted.unknown + counted.met + counted.not_met, unknown);
        assert!(
            unknown > 1000 && settled > 50 && counted.settled_right <= settled,
            "{wanted:?}",
            wanted = (unknown, settled)
        );
        if engine.name() == "okaeri" {
            assert_eq!((counted.unknown, counted.settled_right, counted.turned), (unknown, settled, 0));
        }
        let wanted = Wanted { unknown, settled };
        assert_eq!(all.get_or_insert(Wanted { unknown, settled }), &wanted);
    }
}

#[test]
fn with_every_fact_known_all_agree() {
    let (clauses, people) = (clauses(), people(1024));
    let mut engines = engines::all(&clauses);
    for person in &people {
        let answers = engines.iter_mut().map(|engine| {
            let mut answers = Vec::new();
            engine.answer(&person.whole, &mut answers);
            answers
        });
        let answers: Vec<Vec<Answer>> = answers.collect();
        assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?} on {:?}", person.whole);
    }
}
