//! Everybody who is made stands where they are said to stand.

use proptest::prelude::*;

use super::*;
use crate::decide::tests::properties::{cases, compiled, regulations};
use crate::document::Document;
use crate::facts::FactKey;
use crate::library;
use crate::measures::Reference;
use crate::review::check::Form;

/// What the checks say of a place: the answer there.
fn told(form: &Form, place: &Place) -> Option<Truth> {
    match (form, place) {
        (Form::Line { steps, .. }, Place::OnLine(place)) => {
            steps.iter().rev().find(|(from, _)| from <= place).map(|(_, truth)| *truth)
        }
        (Form::Choice { accepted, .. }, Place::Member(code)) => {
            Some(Truth::of(accepted.contains(code)))
        }
        (_, Place::Answer(truth)) => Some(*truth),
        (_, _) => None,
    }
}

/// The cells of a line: where each begins, with the answer there, as far as anybody can stand in
/// it.
fn cells(form: &Form) -> Vec<(i64, Truth)> {
    let Form::Line { steps, low, .. } = form else { return Vec::new() };
    let mut cells: Vec<(i64, Truth)> = Vec::new();
    for (from, truth) in steps.iter().filter(|(from, _)| from >= low) {
        cells.retain(|(earlier, _)| earlier < from);
        if cells.last().is_none_or(|(_, before)| before != truth) {
            cells.push((*from, *truth));
        }
    }
    cells
}

/// What is wrong with how a leaf is stood to by a person.
fn wrong(compiled: &Compiled, placed: &Placed<'_>, person: &Person) -> Vec<String> {
    let Some(trial) = Trial::of(compiled, placed, person) else { return Vec::new() };
    let (form, known) = (trial.settled.shape().form, trial.known());
    let mut wrong = Vec::new();
    for stand in &known {
        let (found, told) = (trial.truth(&stand.facts), told(&form, &stand.place));
        if told != Some(found) {
            wrong.push(format!(
                "{} is {found}, and the checks say {told:?} at {:?}",
                trial.title(stand).en,
                stand.place
            ));
        }
    }
    wrong.extend(turned(&trial, &known));
    wrong
}

/// Where nothing is left of what a leaf reads nothing is told, and nothing turns.
fn turned(trial: &Trial<'_>, known: &[Stand]) -> Option<String> {
    if knows_of_nothing(&trial.settled) {
        return None;
    }
    let declared = trial.placed.measure()?.declared().map(|declared| declared.name.as_str());
    let forgotten = |facts: &Facts| {
        let reads = trial.placed.leaf.reads();
        trial.truth(
            &reads
                .iter()
                .fold(facts.clone(), |facts, fact| person::forgotten(facts, fact, declared)),
        )
    };
    let answers: Vec<(Truth, Truth)> =
        known.iter().map(|stand| (trial.truth(&stand.facts), forgotten(&stand.facts))).collect();
    let turns = answers.iter().any(|(before, after)| *after != Truth::Unknown && after != before);
    let is_told = answers.iter().all(|(_, after)| *after != Truth::Unknown);
    let differs =
        answers.iter().any(|(before, _)| answers.first().is_some_and(|(first, _)| first != before));
    (turns || is_told && differs).then(|| format!("of nobody it says {answers:?}"))
}

/// Nothing on record is an answer of its own.
fn knows_of_nothing(leaf: &Condition) -> bool {
    matches!(leaf, Condition::NoRecentNoShow(rule) if rule.known_none)
}

/// Cells in which nobody stands.
fn missed(compiled: &Compiled, placed: &Placed<'_>, person: &Person) -> Vec<String> {
    let Some(trial) = Trial::of(compiled, placed, person) else { return Vec::new() };
    let (form, known) = (trial.settled.shape().form, trial.known());
    let cells = cells(&form);
    let mut missed = Vec::new();
    for (index, (from, truth)) in cells.iter().enumerate() {
        let end = cells.get(index + 1).map_or(i64::MAX, |(next, _)| *next);
        let is_inside = |stand: &&Stand| match (&stand.place, stand.at) {
            (Place::OnLine(place), _) => *from <= *place && *place < end,
            // A record without an entry is clean however far one looks.
            (Place::Answer(Truth::Met), At::Accepted) => end == i64::MAX,
            (Place::Answer(_) | Place::Member(_), _) => false,
        };
        // Less than no months stands for days in place of months that are missed, which is another
        // line.
        let is_of_days = matches!(&trial.settled, Condition::Tenure(tenure) if tenure.net_days_where_leave.is_some());
        let is_stood_in = known.iter().any(|stand| is_inside(&stand));
        if !(is_stood_in || is_of_days && *from < 0) {
            missed.push(format!("nobody stands from {from} on, where it is {truth}: {form:?}"));
        }
    }
    if cells.is_empty() && known.is_empty() {
        missed.push("nobody stands anywhere".to_owned());
    }
    missed
}

/// Whether nobody falls away: for being employed before birth or in another century, or since a day
/// cannot be moved to every place.
fn can_stand_anywhere(compiled: &Compiled, placed: &Placed<'_>, person: &Person) -> bool {
    let Some(trial) = Trial::of(compiled, placed, person) else { return false };
    let all = stands(&trial.settled, person, compiled.terms());
    let is_fixed =
        |reference: Reference| matches!(reference, Reference::FixedDate(_) | Reference::ExitDate);
    let stands_still = matches!(&trial.settled, Condition::Gap(gap) if is_fixed(gap.reference));
    !stands_still && all.len() == trial.known().len()
}

fn from_library(entry: &library::Entry) -> Compiled {
    Compiled::new(Document::parse(&serde_json::from_str(entry.text).unwrap()).unwrap()).unwrap()
}

#[test]
fn in_the_library_every_leaf_turns_where_the_checks_say_and_somebody_stands_on_every_side() {
    let (mut found, mut made) = (Vec::new(), 0);
    for entry in library::all() {
        let compiled = from_library(entry);
        let leaves = leaves(&compiled);
        let person = person(&compiled, &leaves, &Meter::unlimited()).unwrap();
        for placed in &leaves {
            let faults = wrong(&compiled, placed, &person)
                .into_iter()
                .chain(missed(&compiled, placed, &person));
            let at = format!("{} {} {}", entry.code, placed.requirement.id, placed.pointer);
            found.extend(faults.map(|fault| format!("{at}: {fault}")));
        }
        let cases = compiled.boundary_cases(MOST_CASES);
        assert!(cases.complete, "{}", entry.code);
        made += cases.cases.len();
        for placed in &leaves {
            let here = || cases.cases.iter().filter(|case| case.pointer == placed.pointer);
            if here().count() < 2 || !here().any(|case| case.at == At::Unknown) {
                let at: Vec<String> = here().map(|case| case.at.to_string()).collect();
                found.push(format!("{} {}: only {at:?}", entry.code, placed.pointer));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(made > 600, "{made}");
}

#[test]
fn cases_can_be_pasted_into_the_document_and_come_out_as_expected() {
    for entry in library::all() {
        let mut document = from_library(entry).document().clone();
        let made = from_library(entry).boundary_cases(MOST_CASES).cases;
        document.cases.extend(made.into_iter().map(BoundaryCase::travelling));
        let json = serde_json::to_value(&document).unwrap();
        let compiled = Compiled::new(
            Document::parse(&json).unwrap_or_else(|faults| panic!("{}: {faults:?}", entry.code)),
        );
        for result in compiled.unwrap().check_cases() {
            assert!(result.passed(), "{} {}: {:?}", entry.code, result.code, result.differences);
        }
    }
}

#[test]
fn the_person_of_a_document_with_an_eligible_case_is_that_one() {
    let compiled = from_library(library::find("R01").unwrap());
    let person = person(&compiled, &leaves(&compiled), &Meter::unlimited()).unwrap();
    assert_eq!(compiled.evaluate(&person.facts).verdict, Verdict::Eligible);
    let cases = compiled.boundary_cases(MOST_CASES).cases;
    let titles: Vec<&str> =
        cases.iter().filter(|case| case.measure == "tenure").map(|case| &*case.title.ja).collect();
    assert_eq!(
        titles[..3],
        [
            "勤続 2年11か月30日（必要な3年の1日前）",
            "勤続 3年（必要な3年ちょうど）",
            "勤続 3年1日（必要な3年を1日超える）",
        ]
    );
    let few = compiled.boundary_cases(2);
    assert_eq!((few.complete, few.cases.len()), (false, 2));
}

#[test]
fn where_there_is_no_case_somebody_is_made_who_meets_what_can_be_met() {
    for entry in library::all() {
        let mut document = from_library(entry).document().clone();
        document.cases.clear();
        let compiled = Compiled::new(document).unwrap();
        let person = person(&compiled, &leaves(&compiled), &Meter::unlimited()).unwrap();
        assert_ne!(compiled.evaluate(&person.facts).verdict, Verdict::Ineligible, "{}", entry.code);
    }
}

#[test]
fn every_fact_that_a_measure_reads_can_be_forgotten() {
    use crate::codes::Code as _;
    let known = Person::of(Facts::default()).unwrap().facts;
    for fact in FactKey::ALL {
        let facts = person::forgotten(known.clone(), *fact, None);
        assert!(facts.check().is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn of_anybody_every_leaf_turns_where_the_checks_say(requirements in regulations(), facts in cases()) {
        let compiled = compiled(&requirements);
        let person = Person::of(facts).unwrap();
        for placed in leaves(&compiled) {
            let mut faults = wrong(&compiled, &placed, &person);
            if can_stand_anywhere(&compiled, &placed, &person) {
                faults.extend(missed(&compiled, &placed, &person));
            }
            prop_assert!(faults.is_empty(), "{}: {:#?}\n{}", placed.pointer, faults, serde_json::to_string(placed.leaf).unwrap());
        }
    }

    #[test]
    fn cases_are_whole_and_the_same_each_time(requirements in regulations()) {
        let compiled = compiled(&requirements);
        let cases = compiled.boundary_cases(MOST_CASES);
        for case in &cases.cases {
            prop_assert!(case.facts.check().is_ok(), "{:?}", case.facts.check());
            prop_assert_eq!(compiled.evaluate(&case.facts).verdict, case.verdict);
        }
        prop_assert_eq!(compiled.boundary_cases(MOST_CASES), cases);
    }
}
