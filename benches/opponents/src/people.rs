//! People from a fixed seed, once with every fact known and once with some missing.

use serde_json::{Value, json};
use okaeri_engine::facts::Facts;

/// The facts that the clauses read.
pub const FACTS: [&str; 13] = [
    "job_family",
    "employment_type",
    "exit_route",
    "exit_reason",
    "entity",
    "exit_date",
    "notice_given",
    "rehire_code",
    "good_standing",
    "property_returned",
    "invited",
    "vacancy",
    "worked_for_competitor",
];

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Everything is known.
    pub whole: Facts,
    /// What is left of it.
    pub known: Facts,
    /// The facts that are missing from it.
    pub missing: Vec<&'static str>,
}

/// Numbers from a seed (the `SplitMix64` sequence).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        let count = u64::try_from(of.len()).unwrap();
        of[usize::try_from(self.next() % count).unwrap()]
    }
}

/// Where a fact stands among the facts of a case.
fn place(fact: &str) -> &'static str {
    match fact {
        "job_family" => "/employment_periods/0/job_family",
        "employment_type" => "/employment_periods/0/employment_type",
        "exit_route" => "/employment_periods/0/exit_route",
        "exit_reason" => "/employment_periods/0/exit_reason_recorded",
        "entity" => "/employment_periods/0/entity",
        "exit_date" => "/employment_periods/0/last_day",
        "notice_given" => "/employment_periods/0/notice_given_days",
        "rehire_code" => "/employment_periods/0/rehire_code",
        "good_standing" => "/employment_periods/0/left_in_good_standing",
        "property_returned" => "/employment_periods/0/property_returned",
        "invited" => "/application/invited",
        "vacancy" => "/company/vacancy",
        "worked_for_competitor" => "/person/worked_for_competitor",
        fact => panic!("no such fact: {fact}"),
    }
}

/// So many people of whom each fact is missing with a chance of one in ten.
pub fn people(count: usize) -> Vec<Person> {
    let mut numbers = Numbers(20_260_401);
    (0..count).map(|_| person(&mut numbers)).collect()
}

fn person(numbers: &mut Numbers) -> Person {
    let yes = [true, true, true, false];
    let whole = json!({"person": {"worked_for_competitor": numbers.one_of(&yes)},
        "employment_periods": [{"start": "2012-04-01", "last_day": numbers.one_of(&["2019-03-31", "2020-03-31", "2020-04-01", "2022-03-31"]),
            "job_family": numbers.one_of(&["administration", "administration", "sales"]),
            "employment_type": numbers.one_of(&["regular", "regular", "fixed_term"]),
            "exit_route": numbers.one_of(&["resignation", "resignation", "contract_expiry"]),
            "exit_reason_recorded": numbers.one_of(&["childcare", "care", "job_change"]),
            "entity": numbers.one_of(&["hq", "hq", "branch"]),
            "notice_given_days": numbers.one_of(&[0, 14, 29, 30, 60, 90]),
            "rehire_code": numbers.one_of(&["eligible", "eligible", "restricted"]),
            "left_in_good_standing": numbers.one_of(&yes), "property_returned": numbers.one_of(&yes)}],
        "application": {"invited": numbers.one_of(&yes)}, "company": {"vacancy": numbers.one_of(&yes)}});
    let missing: Vec<&'static str> = FACTS.into_iter().filter(|_| numbers.next().is_multiple_of(10)).collect();
    let mut known = whole.clone();
    for fact in &missing {
        *known.pointer_mut(place(fact)).unwrap() = Value::Null;
    }
    let facts = |json: Value| serde_json::from_value(json).unwrap();
    Person { whole: facts(whole), known: facts(known), missing }
}
