//! What is said while facts are missing, against every way in which they can turn out.
//!
//! Facts with few values are taken known and unknown in every combination. An answer given early
//! must be that of every completion; where no fact stands in two leaves it must be given as early
//! as that can be, and the facts that are asked for are those that can still change something.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::{Value, json};

use super::properties::compiled;
use crate::Verdict;
use crate::decide::{Compiled, Judged, Outcome, Weight};
use crate::facts::{DeclaredValue, EmploymentPeriod, FactKey, FactSet, Facts, Mark, MarkState};

/// A fact of few values: where it stands, under which name it is missing, and what it can be.
#[derive(Debug, Clone, Copy)]
enum Small {
    /// Declared: yes or no.
    Fit,
    /// Declared: a code.
    Region,
    /// Declared: a small number.
    Points,
    JobFamily,
    EmploymentType,
    Rank,
    RehireCode,
    NoticeGiven,
    ExitReason,
    GoodStanding,
    Vacancy,
}

const ALL: [Small; 11] = [
    Small::Fit,
    Small::Region,
    Small::Points,
    Small::JobFamily,
    Small::EmploymentType,
    Small::Rank,
    Small::RehireCode,
    Small::NoticeGiven,
    Small::ExitReason,
    Small::GoodStanding,
    Small::Vacancy,
];

impl Small {
    const fn key(self) -> FactKey {
        match self {
            Self::Fit | Self::Region | Self::Points => FactKey::Declared,
            Self::JobFamily => FactKey::JobFamily,
            Self::EmploymentType => FactKey::EmploymentType,
            Self::Rank => FactKey::Rank,
            Self::RehireCode => FactKey::RehireCode,
            Self::NoticeGiven => FactKey::NoticeGiven,
            Self::ExitReason => FactKey::ExitReason,
            Self::GoodStanding => FactKey::GoodStanding,
            Self::Vacancy => FactKey::Vacancy,
        }
    }

    /// Its values, from low to high where they have an order.
    fn values(self) -> Vec<Value> {
        match self {
            Self::Fit | Self::GoodStanding | Self::Vacancy => vec![json!(false), json!(true)],
            Self::Region => vec![json!("east"), json!("north"), json!("west")],
            Self::Points => vec![json!(0), json!(1), json!(2)],
            Self::JobFamily => vec![json!("administration"), json!("sales"), json!("research")],
            Self::EmploymentType => vec![json!("regular"), json!("fixed_term"), json!("part_time")],
            Self::Rank => vec![json!("clerk"), json!("chief"), json!("head")],
            Self::RehireCode => vec![json!("eligible"), json!("restricted"), json!("ineligible")],
            Self::NoticeGiven => vec![json!(0), json!(14), json!(30)],
            Self::ExitReason => vec![json!("care"), json!("childcare"), json!("job_change")],
        }
    }

    /// A leaf that some of its values meet, and some do not.
    fn leaf(self, drawn: u8) -> Value {
        let values = self.values();
        let (from, turn) = (usize::from(drawn) % values.len(), usize::from(drawn >> 4));
        // One of the values, or all but one.
        let some: Vec<&Value> =
            values.iter().filter(|value| (**value == values[from]) != (turn % 2 == 1)).collect();
        // From a value on that is not the lowest.
        let least = &values[1 + from % (values.len() - 1)];
        match self {
            Self::Fit => json!({"kind": "declared", "name": "fit", "is": values[from]}),
            Self::Region => json!({"kind": "declared", "name": "region", "any_of": some}),
            Self::Points if turn % 2 == 1 => {
                json!({"kind": "declared", "name": "points", "at_least": 1, "at_most": 1})
            }
            Self::Points => json!({"kind": "declared", "name": "points", "at_least": least}),
            Self::JobFamily => json!({"kind": "job_family", "any_of": some}),
            Self::EmploymentType => json!({"kind": "employment_type", "any_of": some}),
            Self::Rank => json!({"kind": "rank", "of": "rank", "scale": values, "at_least": least}),
            Self::RehireCode => json!({"kind": "rehire_code", "any_of": some}),
            Self::NoticeGiven => json!({"kind": "notice_given", "at_least_days": least}),
            Self::ExitReason => json!({"kind": "exit_reason", "any_of": some}),
            Self::GoodStanding => {
                json!({"kind": "fact", "fact": "good_standing", "is": values[from]})
            }
            Self::Vacancy => json!({"kind": "fact", "fact": "vacancy", "is": values[from]}),
        }
    }

    /// Puts a value of it among the facts.
    fn put(self, value: &Value, facts: &mut Facts) {
        let Facts { employment_periods, declared, company, .. } = facts;
        let period = &mut employment_periods[0];
        let text = || value.as_str().unwrap().to_owned();
        let mut declare = |name: &str, value| drop(declared.insert(name.to_owned(), value));
        match self {
            Self::Fit => declare("fit", DeclaredValue::Boolean(value == true)),
            Self::Region => declare("region", DeclaredValue::Text(text())),
            Self::Points => declare("points", DeclaredValue::Integer(value.as_i64().unwrap())),
            Self::JobFamily => period.job_family = Some(text()),
            Self::EmploymentType => period.employment_type = read(value),
            Self::Rank => period.rank = Some(text()),
            Self::RehireCode => period.rehire_code = read(value),
            Self::NoticeGiven => period.notice_given_days = read(value),
            Self::ExitReason => period.exit_reason_recorded = read(value),
            Self::GoodStanding => period.left_in_good_standing = value.as_bool(),
            Self::Vacancy => company.vacancy = value.as_bool(),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

/// Numbers that were drawn, one after the other; zeros when they are used up.
struct Drawn(std::vec::IntoIter<u8>);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        usize::from(self.0.next().unwrap_or_default()) % most
    }
}

/// A tree over these leaves, each of them once.
fn tree(leaves: &[Value], drawn: &mut Drawn) -> Value {
    let node = match leaves {
        [leaf] => leaf.clone(),
        _ => {
            let cut = 1 + drawn.below(leaves.len() - 1);
            let mut of = vec![tree(&leaves[..cut], drawn)];
            // The others one by one, or as one.
            match drawn.below(2) {
                0 => of.push(tree(&leaves[cut..], drawn)),
                _ => of.extend(leaves[cut..].iter().cloned()),
            }
            match drawn.below(3) {
                0 => json!({"kind": "all", "of": of}),
                1 => json!({"kind": "any", "of": of}),
                _ => json!({"kind": "at_least", "count": 1 + drawn.below(of.len()), "of": of}),
            }
        }
    };
    if drawn.below(4) == 0 { json!({"kind": "not", "of": node}) } else { node }
}

/// One or two requirements over these leaves, some of them in exceptions.
fn requirements(leaves: &[Value], drawn: Vec<u8>) -> Vec<Value> {
    let (mut drawn, mut places) =
        (Drawn(drawn.into_iter()), BTreeMap::<(usize, usize), Vec<Value>>::new());
    for leaf in leaves {
        // Most stand in a condition, the rest in the first exception or the second.
        let place = (drawn.below(2), [0, 0, 0, 1, 2][drawn.below(5)]);
        places.entry(place).or_default().push(leaf.clone());
    }
    let words = json!({"ja": "要件", "en": "one"});
    let mut requirements = Vec::new();
    for index in 0..2 {
        let Some(condition) = places.get(&(index, 0)).map(|leaves| tree(leaves, &mut drawn)) else {
            continue;
        };
        let exceptions: Vec<Value> = (1..3)
            .filter_map(|place| places.get(&(index, place)))
            .map(|leaves| {
                let then = ["met", "not_met", "does_not_apply"][drawn.below(3)];
                json!({"id": "e", "when": tree(leaves, &mut drawn), "then": then, "text": words})
            })
            .collect();
        let role = ["required", "required", "disqualifying", "needs_judgement", "advisory"]
            [drawn.below(5)];
        requirements.push(
            json!({"kind": "requirement", "title": words, "role": role, "condition": condition,
            "when_unknown": (["refer", "hold"][drawn.below(2)]), "exceptions": exceptions,
            "override": {"by_role": "company", "text": words}}),
        );
    }
    requirements
}

/// What came out.
struct Came {
    judged: Vec<Judged>,
    verdict: Verdict,
    missing: FactSet,
}

/// A regulation, the facts that it reads, and what comes out of every way of knowing them.
///
/// A way is a number: each fact is a digit of it, that counts from one through the fact's values
/// and is nought while the fact is unknown.
struct Tried {
    /// Each fact, how many digits it has, and how much its digit counts.
    facts: Vec<(Small, usize, usize)>,
    came: Vec<Came>,
    /// The ways in which all is known that a way leaves open.
    complete: Vec<Vec<usize>>,
}

impl Tried {
    /// Unknown facts are left out, or disputed where that is possible of one alone.
    fn new(compiled: &Compiled, facts: &[Small], disputes: bool) -> Self {
        let mut ways = 1;
        let mut placed = Vec::new();
        for fact in facts {
            let digits = fact.values().len() + 1;
            placed.push((*fact, digits, ways));
            ways *= digits;
        }
        let came = |way: usize| {
            let period =
                EmploymentPeriod::new("2015-04-01".parse().unwrap(), "2020-03-31".parse().ok());
            let mut case = Facts { employment_periods: vec![period], ..Facts::default() };
            for (fact, digits, counts) in &placed {
                let digit = way / counts % digits;
                let is_disputed = disputes && digit == 0 && fact.key() != FactKey::Declared;
                if digit > 0 || is_disputed {
                    fact.put(&fact.values()[digit.saturating_sub(1)], &mut case);
                }
                case.marks.extend(
                    is_disputed.then(|| Mark { fact: fact.key(), state: MarkState::Disputed }),
                );
            }
            let evaluation = compiled.evaluate(&case);
            let missing = compiled.missing_facts(&evaluation);
            Came { judged: evaluation.judged, verdict: evaluation.verdict, missing }
        };
        let complete = |way: usize| {
            placed.iter().fold(vec![way], |ways, (_, digits, counts)| match way / counts % digits {
                0 => ways
                    .into_iter()
                    .flat_map(|way| (1..*digits).map(move |digit| way + digit * counts))
                    .collect(),
                _ => ways,
            })
        };
        Self {
            came: (0..ways).map(came).collect(),
            complete: (0..ways).map(complete).collect(),
            facts: placed,
        }
    }

    /// The facts of which a change alone changes what is looked at, in some completion.
    fn decisive<T: PartialEq>(&self, way: usize, look: impl Fn(&Came) -> T) -> FactSet {
        let unknown =
            self.facts.iter().filter(|(_, digits, counts)| (way / counts).is_multiple_of(*digits));
        let changes = unknown.filter(|(_, digits, counts)| {
            // Beside the completion in which it has its first value.
            let first = self.complete[way].iter().filter(|one| *one / counts % digits == 1);
            let mut each =
                first.flat_map(|one| (1..digits - 1).map(move |more| (one, one + more * counts)));
            each.any(|(one, other)| look(&self.came[*one]) != look(&self.came[other]))
        });
        changes.fold(FactSet::NONE, |all, (fact, _, _)| all.and(FactSet::of(&[fact.key()])))
    }

    /// What is said early is what every completion says.
    fn is_sound(&self) -> Result<(), TestCaseError> {
        for (way, came) in self.came.iter().enumerate() {
            for complete in &self.complete[way] {
                let whole = &self.came[*complete];
                for (early, late) in came.judged.iter().zip(&whole.judged) {
                    prop_assert_ne!(late.outcome, Outcome::Unknown);
                    prop_assert!(
                        early.outcome == Outcome::Unknown || early.outcome == late.outcome,
                        "{:?}: {:?} became {:?}",
                        way,
                        early,
                        late
                    );
                }
                let is_open = came.verdict == Verdict::NeedsReview;
                prop_assert!(
                    is_open || came.verdict == whole.verdict,
                    "{:?}: {:?} became {:?}",
                    way,
                    came.verdict,
                    whole.verdict
                );
            }
            // Nothing that could turn the verdict is kept from whoever asks.
            let turns = self.decisive(way, |came| came.verdict);
            prop_assert_eq!(
                turns.common(came.missing),
                turns,
                "{:?} asks for {:?}",
                way,
                came.missing
            );
        }
        Ok(())
    }

    /// Nothing is left open that every completion agrees on, and nothing is asked for that changes
    /// nothing.
    fn is_complete(&self) -> Result<(), TestCaseError> {
        for (way, came) in self.came.iter().enumerate() {
            let mut asked = FactSet::NONE;
            for (index, judged) in came.judged.iter().enumerate() {
                let outcomes: Vec<Outcome> = self.complete[way]
                    .iter()
                    .map(|one| self.came[*one].judged[index].outcome)
                    .collect();
                let differ = outcomes.iter().any(|outcome| *outcome != outcomes[0]);
                prop_assert_eq!(
                    judged.outcome == Outcome::Unknown,
                    differ,
                    "{:?}: {:?} of {:?}",
                    way,
                    judged,
                    outcomes
                );
                let decisive = self.decisive(way, |came| came.judged[index].outcome);
                prop_assert_eq!(judged.missing, decisive, "{:?}: {:?}", way, judged);
                if judged.weight == Weight::Review && came.verdict == Verdict::NeedsReview {
                    asked = asked.and(decisive);
                }
            }
            prop_assert_eq!(came.missing, asked, "{:?}", way);
        }
        Ok(())
    }
}

/// Up to four facts in any order, with a leaf for each and numbers to build of.
fn each_once() -> impl Strategy<Value = (Vec<Small>, Vec<Value>, Vec<u8>)> {
    let facts = subsequence(&ALL[..], 1..=4).prop_shuffle();
    (facts, any::<[u8; 4]>(), prop::collection::vec(any::<u8>(), 40)).prop_map(
        |(facts, kinds, drawn)| {
            let leaves = facts.iter().zip(kinds).map(|(fact, drawn)| fact.leaf(drawn)).collect();
            (facts, leaves, drawn)
        },
    )
}

/// Up to four facts, each in one leaf or more.
fn repeated() -> impl Strategy<Value = (Vec<Small>, Vec<Value>, Vec<u8>)> {
    let facts = subsequence(&ALL[..], 1..=4);
    let places = prop::collection::vec((any::<u8>(), any::<u8>()), 2..=8);
    (facts, places, prop::collection::vec(any::<u8>(), 60)).prop_map(|(facts, places, drawn)| {
        let leaf = |(which, drawn): (u8, u8)| facts[usize::from(which) % facts.len()].leaf(drawn);
        let leaves = places.into_iter().map(leaf).collect();
        (facts, leaves, drawn)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn where_no_fact_stands_twice_an_answer_is_given_exactly_when_every_completion_agrees((facts, leaves, drawn) in each_once(), disputes in any::<bool>()) {
        let requirements = requirements(&leaves, drawn);
        prop_assume!(!requirements.is_empty());
        let tried = Tried::new(&compiled(&requirements), &facts, disputes);
        tried.is_sound()?;
        tried.is_complete()?;
    }

    #[test]
    fn where_a_fact_stands_twice_no_answer_is_contradicted((facts, leaves, drawn) in repeated(), disputes in any::<bool>()) {
        let requirements = requirements(&leaves, drawn);
        prop_assume!(!requirements.is_empty());
        Tried::new(&compiled(&requirements), &facts, disputes).is_sound()?;
    }
}

/// Of five facts, every one of the 32 ways to know some of them, and every completion.
#[test]
fn two_of_five_settle_what_they_settle() {
    let facts =
        [Small::Region, Small::Points, Small::JobFamily, Small::EmploymentType, Small::Rank];
    let leaves = facts.map(|fact| fact.leaf(0));
    let condition = json!({"kind": "at_least", "count": 2, "of": leaves});
    let words = json!({"ja": "要件", "en": "one"});
    let requirement = json!({"kind": "requirement", "title": words, "role": "required", "condition": condition, "when_unknown": "refer"});
    let tried = Tried::new(&compiled(&[requirement]), &facts, false);
    assert_eq!(tried.came.len(), 4_usize.pow(5));
    tried.is_sound().unwrap();
    tried.is_complete().unwrap();
}

#[test]
fn an_exception_that_says_what_comes_out_anyway_is_not_asked_for() {
    let words = json!({"ja": "要件", "en": "one"});
    let exception =
        |when: Value, then: &str| json!({"id": "e", "when": when, "then": then, "text": words});
    let requirement = json!({"kind": "requirement", "title": words, "role": "required", "when_unknown": "refer",
        "condition": {"kind": "fact", "fact": "vacancy"}, "exceptions": [
            exception(json!({"kind": "job_family", "any_of": ["sales"]}), "not_met"),
            exception(json!({"kind": "employment_type", "any_of": ["fixed_term"]}), "met")]});
    let facts: Facts = serde_json::from_value(json!({"company": {"vacancy": true}})).unwrap();
    let judged = compiled(&[requirement]).evaluate(&facts).judged;
    assert_eq!(
        (judged[0].outcome, judged[0].missing),
        (Outcome::Unknown, FactSet::of(&[FactKey::JobFamily]))
    );
}
