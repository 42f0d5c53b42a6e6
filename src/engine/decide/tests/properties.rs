//! What holds of every regulation and every case.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;
use serde_json::{Value, json};

use super::later_parts;
use crate::Verdict;
use crate::codes::Code as _;
use crate::decide::{Compiled, Decision, Evaluation, Outcome};
use crate::document::Document;
use crate::facts::{EmploymentPeriod, FactKey, Facts, Mark, MarkState};
use crate::measures::Axis;

mod people;

pub(crate) use people::cases;

/// Close together, so that cases stand on boundaries often.
const REASONS: [&str; 4] = ["care", "spouse_transfer", "job_change", "personal"];
const ROUTES: [&str; 3] = ["resignation", "contract_expiry", "dismissal_disciplinary"];
const TYPES: [&str; 4] = ["regular", "fixed_term", "part_time", "shokutaku"];
const FAMILIES: [&str; 2] = ["administration", "sales"];
const LEAVES: [&str; 2] = ["childcare", "care"];
const SCALE: [&str; 3] = ["clerk", "chief", "head"];
const MEASURES: [&str; 2] = ["reprimand", "dismissal"];
/// Measures of what the company keeps to itself.
pub(super) const SECRET: [&str; 3] = ["good_standing", "no_discipline", "rehire_code"];
const CODES: [&str; 3] = ["eligible", "restricted", "ineligible"];
const MONTHS: [u16; 7] = [0, 1, 3, 12, 36, 60, 1200];

pub(super) fn date(days: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2008, 1, 31).unwrap().checked_add_days(Days::new(days)).unwrap()
}

/// A value or nothing.
fn maybe<T: std::fmt::Debug + Clone + serde::Serialize + 'static>(
    of: impl Strategy<Value = T>,
) -> impl Strategy<Value = Value> {
    prop::option::weighted(0.8, of).prop_map(|value| json!(value))
}

fn several(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(of, 1..=of.len())
}

fn last_day() -> impl Strategy<Value = &'static str> {
    select(&["last_day_of_period_in", "day_after_period_in", "unstated"][..])
}

fn gap() -> impl Strategy<Value = Value> {
    let references = ["application_date", "start_date", "window_close", "exit_date"];
    let reference = Union::new([
        select(references.to_vec()).prop_map(|reference| json!(reference)).boxed(),
        (0..9000_u64).prop_map(|days| json!({"fixed_date": date(days)})).boxed(),
    ]);
    let named = prop::option::weighted(0.3, select(&["changing", "late"][..]));
    (select(&MONTHS[..]), select(&MONTHS[..]), 0..4, reference, last_day(), named).prop_map(
        |(one, other, which, reference, last_day, named)| {
            let mut gap = json!({"kind": "gap", "reference": reference, "last_day": last_day});
            let (least, most) = (one.min(other), one.max(other));
            if which == 3 {
                gap["at_most_days"] = json!(i32::from(most) * 30);
                return gap;
            }
            if which != 0 {
                gap["at_most_months"] = json!(most);
            }
            if which != 1 {
                gap["at_least_months"] = json!(least);
            }
            if let (Some(name), true) = (named, which != 0) {
                gap["at_most_months"] = json!({"parameter": name});
            }
            gap
        },
    )
}

pub(super) fn leaves() -> impl Strategy<Value = Value> {
    let counting = subsequence(
        &["full_time_only", "continuous_only", "current_spell", "same_job_family"][..],
        0..=2,
    );
    let deducted = (subsequence(&LEAVES[..], 0..=2), prop::option::of(0..2000_u16));
    let tenure = (months(), counting, subsequence(&TYPES[..], 0..=2), deducted).prop_map(
        |(months, counting, types, (leaves, net_days))| {
            let net_days = net_days.filter(|_| !leaves.is_empty());
            json!({"kind": "tenure", "at_least_months": months, "counting": counting, "employment_types": types,
                "leaves_deducted": leaves, "net_days_where_leave": net_days})
        },
    );
    let reason = (several(&REASONS), select(&["not_required", "required"][..])).prop_map(
        |(any_of, proof)| json!({"kind": "exit_reason", "any_of": any_of, "proof": proof}),
    );
    let timing = select(&["at_exit_only", "at_or_after_exit"][..]);
    let registration = (timing, maybe(months()), maybe(months()), last_day()).prop_map(
        |(timing, within, valid, last_day)| {
            json!({"kind": "registration", "timing": timing, "within_months_of_exit": within,
                "valid_months_after_exit": valid, "last_day": last_day})
        },
    );
    Union::new([
        gap().boxed(),
        tenure.boxed(),
        reason.boxed(),
        registration.boxed(),
        several(&ROUTES).prop_map(|any_of| json!({"kind": "exit_route", "any_of": any_of})).boxed(),
        several(&TYPES)
            .prop_map(|any_of| json!({"kind": "employment_type", "any_of": any_of}))
            .boxed(),
        several(&FAMILIES)
            .prop_map(|any_of| json!({"kind": "job_family", "any_of": any_of}))
            .boxed(),
        Just(json!({"kind": "fact", "fact": "good_standing"})).boxed(),
        others().boxed(),
    ])
}

/// A bound that is a number, or a parameter that changes on days between those of the cases.
fn months() -> impl Strategy<Value = Value> {
    let named = select(&["changing", "late"][..]).prop_map(|name| json!({"parameter": name}));
    prop_oneof![3 => select(&MONTHS[..]).prop_map(|months| json!(months)), 1 => named]
}

/// The parameters that bounds name: one that changes twice, and one that begins late.
fn parameters() -> Value {
    let label = json!({"ja": "定数", "en": "figure"});
    json!([
        {"name": "changing", "label": label, "unit": "months", "values": [
            {"value": 36}, {"from": date(3000), "value": 12}, {"from": date(5000), "value": 60}]},
        {"name": "late", "label": label, "unit": "months", "values": [{"from": date(2500), "value": 1}, {"from": date(4500), "value": 36}]}
    ])
}

/// Measures of single facts and days.
fn others() -> impl Strategy<Value = Value> {
    let reference = || select(&["application_date", "start_date"][..]);
    let counting = select(&["eve_of_birthday", "birthday"][..]);
    let year_ends = maybe(Just(json!({"month": 3, "day": 31})));
    let windows = select(vec![
        json!([{"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}}]),
        json!([{"opens": {"month": 11, "day": 11}, "closes": {"month": 1, "day": 17}}, {"opens": {"month": 2, "day": 29}, "closes": {"month": 2, "day": 29}}]),
    ]);
    let facts = select(&["invited", "exit_cause_resolved", "vacancy"][..]);
    Union::new([
        (0..9000_u64).prop_map(|days| json!({"kind": "exit_date", "on_or_after": date(days)})).boxed(),
        several(&FAMILIES).prop_map(|any_of| json!({"kind": "entity", "any_of": any_of})).boxed(),
        select(&SCALE[..]).prop_map(|most| json!({"kind": "rank", "of": "rank", "scale": SCALE, "at_most": most})).boxed(),
        (18..70_u8, reference(), counting)
            .prop_map(|(age, reference, counting)| json!({"kind": "age", "under": age, "reference": reference, "counting": counting}))
            .boxed(),
        (months(), year_ends, reference())
            .prop_map(|(months, ends, reference)| {
                json!({"kind": "years_to_retirement", "at_least_months": months, "year_ends": ends, "reference": reference})
            })
            .boxed(),
        (0..2_u8, select(&["never", "different_reason"][..]))
            .prop_map(|(most, again)| json!({"kind": "former_rehires", "at_most": most, "again": again}))
            .boxed(),
        (several(&MEASURES), maybe(months()))
            .prop_map(|(of, within)| json!({"kind": "no_discipline", "of": of, "within_months": within}))
            .boxed(),
        (0..30_u16).prop_map(|days| json!({"kind": "notice_given", "at_least_days": days})).boxed(),
        months().prop_map(|months| json!({"kind": "no_recent_no_show", "months": months})).boxed(),
        several(&CODES).prop_map(|any_of| json!({"kind": "rehire_code", "any_of": any_of})).boxed(),
        windows.prop_map(|windows| json!({"kind": "application_window", "windows": windows})).boxed(),
        prop_oneof![2 => (0..24_u16).prop_map(|months| json!(months)), 1 => Just(json!({"parameter": "changing"}))]
            .prop_map(|months| json!({"kind": "lead_time", "at_least_months": months}))
            .boxed(),
        any::<bool>().prop_map(|verified| json!({"kind": "documents", "all_of": ["resume"], "verified": verified})).boxed(),
        (facts, any::<bool>()).prop_map(|(fact, is)| json!({"kind": "fact", "fact": fact, "is": is})).boxed(),
        (0..5_i64).prop_map(|least| json!({"kind": "declared", "name": "points", "at_least": least})).boxed(),
    ])
}

/// Trees over these leaves.
pub(super) fn conditions_of(leaves: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    leaves.prop_recursive(2, 6, 3, |inner| {
        let of = prop::collection::vec(inner.clone(), 1..=3);
        Union::new([
            (select(&["all", "any"][..]), of.clone())
                .prop_map(|(kind, of)| json!({"kind": kind, "of": of}))
                .boxed(),
            of.prop_map(|of| json!({"kind": "at_least", "count": of.len().div_ceil(2), "of": of}))
                .boxed(),
            inner.prop_map(|of| json!({"kind": "not", "of": of})).boxed(),
        ])
    })
}

/// A requirement without its id; nothing counts as failed only because it is unknown.
pub(crate) fn requirements() -> impl Strategy<Value = Value> {
    requirements_of(conditions_of(leaves().boxed()).boxed())
}

/// The same over these conditions.
pub(super) fn requirements_of(conditions: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let roles = select(&["required", "disqualifying", "needs_judgement", "advisory"][..]);
    let exception = (conditions.clone(), select(&["met", "not_met", "does_not_apply"][..]))
        .prop_map(|(when, then)| json!({"id": "e", "when": when, "then": then, "text": {"ja": "例", "en": "e"}}));
    let unknown = select(&["refer", "hold"][..]);
    let inapplicable = select(&["refer", "does_not_apply"][..]);
    (roles, conditions, unknown, inapplicable, prop::collection::vec(exception, 0..=2)).prop_map(
        |(role, condition, unknown, inapplicable, exceptions)| {
            json!({"kind": "requirement", "title": {"ja": "要件", "en": "one"}, "role": role, "condition": condition,
                "when_unknown": unknown, "when_not_applicable": inapplicable, "exceptions": exceptions,
                "override": {"by_role": "company", "text": {"ja": "会社", "en": "company"}}})
        },
    )
}

pub(crate) fn compiled(requirements: &[Value]) -> Compiled {
    Compiled::new(Document::parse(&document(requirements)).unwrap()).unwrap()
}

/// A document of these requirements and of every later part.
pub(crate) fn document(requirements: &[Value]) -> Value {
    let clauses: Vec<Value> = requirements
        .iter()
        .enumerate()
        .map(|(index, requirement)| {
            let mut clause = requirement.clone();
            clause["id"] = json!(format!("c{index}"));
            clause
        })
        .collect();
    let mut articles = vec![
        json!({"part": "eligibility", "number": "1", "heading": {"ja": "", "en": ""}, "text": {"ja": "", "en": ""}, "clauses": clauses}),
    ];
    articles.extend(later_parts::articles());
    // Which date chooses the values of parameters goes by the first requirement, so that every one
    // is tried.
    let basis = ["application_date", "start_date", "exit_date"]
        [requirements.first().map_or(0, |one| one.to_string().len() % 3)];
    let mut document = json!({
        "code": "P", "name": {"ja": "規程", "en": "regulation"}, "effective_basis": basis, "jurisdiction_packs": [], "articles": articles,
        "parameters": parameters()
    });
    document.as_object_mut().unwrap().extend(later_parts::head().as_object().unwrap().clone());
    document
}

pub(crate) fn regulations() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(requirements(), 1..=3)
}

/// Makes one fact unknown, where that is possible. Proofs are not among them: without any the
/// record is believed, which is what a regulation means by asking for proof against it.
fn forgotten(mut facts: Facts, which: usize, index: usize) -> Facts {
    let count = facts.employment_periods.len();
    let last = index % count.max(1) + 1 == count;
    if let Some(period) = facts.employment_periods.get_mut(index % count.max(1)) {
        forget_of(period, which, last);
    }
    match which {
        7 => facts.registrations = None,
        8 => facts.application.application_date = None,
        9 => facts.application.start_date = None,
        10 => facts.company.window_closes_on = None,
        11 => facts
            .registrations
            .iter_mut()
            .flatten()
            .for_each(|registration| registration.status = None),
        18 => facts.person.birth_date = None,
        19 => facts.company.retirement_age = None,
        20 => facts.application.documents = None,
        21 => facts.declared.clear(),
        22 => (facts.application.invited, facts.company.vacancy) = (None, None),
        23 => facts.person.no_show_on = None,
        _ => {}
    }
    facts
}

fn forget_of(period: &mut EmploymentPeriod, which: usize, last: bool) {
    match which {
        0 => period.employment_type = None,
        1 => period.full_time = None,
        2 => period.job_family = None,
        3 => period.exit_route = None,
        4 => (period.exit_reason_recorded, period.exit_reason_stated) = (None, None),
        5 => period.left_in_good_standing = None,
        6 if last => period.last_day = None,
        12 => period.leaves = None,
        13 => period.discipline = None,
        14 => (period.entity, period.rank) = (None, None),
        15 => period.notice_given_days = None,
        16 => period.rehire_code = None,
        17 => period.began_under_rehire_scheme = None,
        _ => {}
    }
}

/// Nothing that was known is known otherwise, and the verdict waits rather than turns.
fn only_less_is_known(before: &Evaluation, after: &Evaluation) -> Result<(), TestCaseError> {
    for (one, other) in before.judged.iter().zip(&after.judged) {
        prop_assert!(
            other.outcome == one.outcome || other.outcome == Outcome::Unknown,
            "{:?} became {:?}",
            one,
            other
        );
    }
    prop_assert!(
        after.verdict == before.verdict || after.verdict == Verdict::NeedsReview,
        "{:?} became {:?}",
        before,
        after
    );
    Ok(())
}

fn on(facts: &Facts, axis: Axis, day: NaiveDate) -> Facts {
    let mut facts = facts.clone();
    match axis {
        Axis::ApplicationDate => facts.application.application_date = Some(day),
        Axis::StartDate => facts.application.start_date = Some(day),
    }
    facts
}

/// The days around every end of a stretch, and some far away.
fn days_to_try(decision: &Decision, axis: Axis) -> BTreeSet<NaiveDate> {
    let spans = decision
        .windows
        .iter()
        .filter(|window| window.axis == axis)
        .flat_map(|window| &window.spans);
    let ends = spans.flat_map(|span| [span.from, span.until]).flatten();
    let around = ends.flat_map(|end| {
        (0..7).filter_map(move |days| {
            end.checked_sub_days(Days::new(3))?.checked_add_days(Days::new(days))
        })
    });
    around.chain((0..9000).step_by(450).map(date)).collect()
}

/// The verdict that the window of an axis tells for a day.
fn told(decision: &Decision, axis: Axis, day: NaiveDate) -> Option<Verdict> {
    let window = decision.windows.iter().find(|window| window.axis == axis)?;
    let holds = |from: Option<NaiveDate>, until: Option<NaiveDate>| {
        from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
    };
    let mut spans = window.spans.iter().filter(|span| holds(span.from, span.until));
    let found = spans.next().map(|span| span.verdict);
    assert!(spans.next().is_none(), "two stretches hold {day}");
    found
}

#[test]
fn an_exception_that_may_hold_leaves_open_what_those_after_it_say() {
    let exception = |when: Value, then: &str| json!({"id": "e", "when": when, "then": then, "text": {"ja": "", "en": ""}});
    let family = |family: &str| json!({"kind": "job_family", "any_of": [family]});
    let requirement = json!({
        "kind": "requirement", "title": {"ja": "", "en": ""}, "role": "required", "when_unknown": "refer",
        "condition": {"kind": "exit_route", "any_of": ["resignation"]},
        "exceptions": [exception(family("sales"), "met"), exception(json!({"kind": "employment_type", "any_of": ["fixed_term"]}), "not_met")]
    });
    let outcome = |family: Option<&str>, kind: &str| {
        let period = json!({"start": "2010-04-01", "last_day": "2020-03-31", "exit_route": "resignation", "employment_type": kind, "job_family": family});
        let facts = serde_json::from_value(json!({"employment_periods": [period]})).unwrap();
        compiled(std::slice::from_ref(&requirement))
            .evaluate(&facts)
            .judged
            .into_iter()
            .next()
            .unwrap()
    };
    assert_eq!(outcome(Some("sales"), "fixed_term").outcome, Outcome::Met);
    assert_eq!(outcome(Some("administration"), "fixed_term").outcome, Outcome::NotMet);
    let open = outcome(None, "fixed_term");
    assert_eq!(
        (open.outcome, open.missing.iter().collect::<Vec<_>>()),
        (Outcome::Unknown, vec![FactKey::JobFamily])
    );
    // Whichever way it is, the outcome is the same: nothing has to be asked.
    assert_eq!(outcome(None, "regular").outcome, Outcome::Met);
}

proptest! {
    #[test]
    fn a_fact_that_becomes_unknown_never_turns_the_answer(requirements in regulations(), facts in cases(), which in 0..24_usize, index in 0..3_usize) {
        let compiled = compiled(&requirements);
        let before = compiled.evaluate(&facts);
        only_less_is_known(&before, &compiled.evaluate(&forgotten(facts, which, index)))?;
    }

    #[test]
    fn a_fact_that_becomes_disputed_never_turns_the_answer(requirements in regulations(), facts in cases(), fact in select(FactKey::ALL)) {
        let compiled = compiled(&requirements);
        let before = compiled.evaluate(&facts);
        let mut disputed = facts;
        disputed.marks.push(Mark { fact, state: MarkState::Disputed });
        only_less_is_known(&before, &compiled.evaluate(&disputed))?;
    }

    #[test]
    fn another_requirement_never_makes_anybody_eligible(requirements in regulations(), added in requirements(), facts in cases()) {
        let mut more = requirements.clone();
        more.push(added);
        let (before, after) = (compiled(&requirements).evaluate(&facts).verdict, compiled(&more).evaluate(&facts).verdict);
        match before {
            Verdict::Ineligible => prop_assert_eq!(after, Verdict::Ineligible),
            Verdict::NeedsReview => prop_assert_ne!(after, Verdict::Eligible),
            Verdict::Eligible => {}
        }
    }

    #[test]
    fn windows_agree_with_deciding_day_by_day(requirements in regulations(), facts in cases()) {
        let compiled = compiled(&requirements);
        let decision = compiled.decide(&facts);
        for axis in Axis::ALL {
            let mut seen = BTreeSet::new();
            for day in days_to_try(&decision, *axis) {
                let verdict = compiled.evaluate(&on(&facts, *axis, day)).verdict;
                seen.insert(verdict);
                if let Some(told) = told(&decision, *axis, day) {
                    prop_assert_eq!(verdict, told, "on {} by {}", day, axis);
                }
            }
            // Windows that come every year are told from the year of leaving on; without one
            // nothing is told.
            let is_yearly = requirements.iter().any(|requirement| requirement.to_string().contains("application_window"));
            let has_window = decision.windows.iter().any(|window| window.axis == *axis);
            prop_assert!(has_window || seen.len() == 1 || is_yearly, "no window by {}, and {:?}", axis, seen);
        }
    }

    #[test]
    fn the_window_is_an_eligible_stretch_and_the_one_that_the_case_stands_in(requirements in regulations(), facts in cases()) {
        let compiled = compiled(&requirements);
        let decision = compiled.decide(&facts);
        for window in &decision.windows {
            let is_it = |day: NaiveDate| window.from.is_none_or(|from| from <= day) && window.until.is_none_or(|until| day <= until);
            let own = match window.axis {
                Axis::ApplicationDate => facts.application.application_date,
                Axis::StartDate => facts.application.start_date,
            };
            if decision.verdict == Verdict::Eligible && let Some(day) = own {
                prop_assert!(is_it(day), "{} stands outside {:?}", day, window);
            }
            for day in [window.from, window.until].into_iter().flatten() {
                prop_assert_eq!(compiled.evaluate(&on(&facts, window.axis, day)).verdict, Verdict::Eligible);
            }
        }
    }

    #[test]
    fn the_same_facts_give_the_same_bytes(requirements in regulations(), facts in cases()) {
        prop_assume!(facts.check().is_ok());
        let compiled = compiled(&requirements);
        let text = serde_json::to_string(&compiled.decide(&facts)).unwrap();
        // As they come back from where they were stored.
        let stored: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
        prop_assert_eq!(&text, &serde_json::to_string(&compiled.decide(&stored)).unwrap());
        prop_assert_eq!(&text, &serde_json::to_string(&serde_json::from_str::<Decision>(&text).unwrap()).unwrap());
        prop_assert_eq!(compiled.decide(&facts).verdict, compiled.evaluate(&facts).verdict);
    }

    #[test]
    fn no_dates_within_the_bounds_are_too_much(requirements in regulations(), facts in cases(), start in 0..109_000_u64, length in 0..109_000_u64, applied in 0..109_000_u64, starts in 0..109_000_u64) {
        let far = |days: u64| NaiveDate::from_ymd_opt(1900, 1, 1).unwrap().checked_add_days(Days::new(days)).unwrap();
        let mut facts = facts;
        facts.employment_periods.truncate(1);
        for period in &mut facts.employment_periods {
            (period.start, period.last_day) = (far(start), Some(far((start + length).min(109_000))));
            period.leaves = None;
        }
        for registration in facts.registrations.iter_mut().flatten() {
            (registration.registered_on, registration.valid_until) = (far(applied), Some(far(109_000)));
        }
        let exit = facts.employment_periods.first().and_then(|period| period.last_day);
        let back = exit.map_or(far(starts), |exit| far(starts).max(exit.succ_opt().unwrap()));
        (facts.application.application_date, facts.application.start_date) = (Some(far(applied)), Some(back));
        facts.person.birth_date = None;
        prop_assert_eq!(facts.check(), Ok(()));
        let decision = compiled(&requirements).decide(&facts);
        prop_assert_eq!(decision.findings.len(), requirements.len());
    }
}
