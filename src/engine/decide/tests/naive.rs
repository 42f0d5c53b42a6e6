//! A second evaluator, written apart from the engine and by other means, against which the engine
//! is tried.
//!
//! It reads the document and the facts as JSON. What is unknown it tries in every way in which it
//! can come out, and months it counts day by day: slow, and short enough to be believed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::properties::{cases, compiled, conditions_of, document, leaves, requirements_of};
use crate::codes::Code as _;

mod agreement;

/// Most unknown leaves that are tried together in every way.
const MOST_TOGETHER: usize = 12;

/// What is known of a leaf: nothing when it cannot be told.
type Known = Option<bool>;

/// A document and the facts of a case.
struct Naive {
    document: Value,
    facts: Value,
}

fn items(of: &Value) -> &[Value] {
    of.as_array().map_or(&[], Vec::as_slice)
}

fn text<'j>(of: &'j Value, key: &str) -> &'j str {
    of[key].as_str().unwrap_or_default()
}

fn day(of: &Value) -> Option<NaiveDate> {
    of.as_str().and_then(|day| day.parse().ok())
}

fn is_one_of(wanted: &Value, found: &Value) -> Known {
    (!found.is_null()).then(|| items(wanted).contains(found))
}

/// The same whichever way it comes out, or nothing.
fn settled<T: PartialEq>(ways: impl IntoIterator<Item = T>) -> Option<T> {
    let mut ways = ways.into_iter();
    let first = ways.next()?;
    ways.all(|way| way == first).then_some(first)
}

/// The day on which so many months from the first day are full: the eve of the day of its number,
/// or the last of a month that has no such day.
fn full_on(first: NaiveDate, months: u32) -> NaiveDate {
    let month = first.month0() + months;
    let (year, month) = (first.year() + i32::try_from(month / 12).unwrap(), month % 12 + 1);
    let in_month = |day| NaiveDate::from_ymd_opt(year, month, day);
    match in_month(first.day()) {
        Some(same_day) => same_day.pred_opt().unwrap(),
        None => (28..=31).rev().find_map(in_month).unwrap(),
    }
}

/// Whole months and days from the first day to the last, both counted, one day after the other.
fn counted(first: NaiveDate, last: NaiveDate) -> (u32, u32) {
    let (mut months, mut days) = (0, 0);
    let mut full = full_on(first, 1);
    for today in first.iter_days().take_while(|today| *today <= last) {
        days += 1;
        if today == full {
            (months, days) = (months + 1, 0);
            full = full_on(first, months + 1);
        }
    }
    (months, days)
}

/// Every way in which so many things can come out.
fn every_way(count: usize) -> impl Iterator<Item = Vec<bool>> {
    (0..1_usize << count).map(move |way| (0..count).map(|index| way >> index & 1 == 1).collect())
}

fn leaves_of<'j>(condition: &'j Value, found: &mut Vec<&'j Value>) {
    let of = &condition["of"];
    match text(condition, "kind") {
        "all" | "any" | "at_least" => items(of).iter().for_each(|one| leaves_of(one, found)),
        "not" => leaves_of(of, found),
        _ => found.push(condition),
    }
}

/// Whether a condition holds where each of its leaves does or does not, asked in the order of the
/// text.
fn holds(condition: &Value, leaf: &mut impl FnMut(&Value) -> bool) -> bool {
    let mut each = |condition: &Value| {
        items(&condition["of"]).iter().map(|one| holds(one, leaf)).collect::<Vec<bool>>()
    };
    match text(condition, "kind") {
        "all" => each(condition).into_iter().all(|one| one),
        "any" => each(condition).into_iter().any(|one| one),
        "at_least" => {
            each(condition).into_iter().filter(|one| *one).count() as u64
                >= condition["count"].as_u64().unwrap()
        }
        "not" => !holds(&condition["of"], leaf),
        _ => leaf(condition),
    }
}

fn conditions(requirement: &Value) -> Vec<&Value> {
    let exceptions = items(&requirement["exceptions"]).iter().map(|exception| &exception["when"]);
    std::iter::once(&requirement["condition"]).chain(exceptions).collect()
}

/// How a requirement comes out where it is known of each of its conditions whether it holds.
fn outcome(requirement: &Value, holds: &[bool]) -> &'static str {
    let exceptions = items(&requirement["exceptions"]).iter().zip(&holds[1..]);
    for (exception, holds) in exceptions {
        match (*holds, text(exception, "then")) {
            (false, _) => {}
            (true, "met") => return "met",
            (true, "not_met") => return "not_met",
            (true, _) => return "not_applicable",
        }
    }
    match (text(requirement, "role"), holds[0]) {
        ("needs_judgement", true) => "needs_judgement",
        ("needs_judgement", false) => "not_applicable",
        (role, holds) if holds == (role != "disqualifying") => "met",
        _ => "not_met",
    }
}

impl Naive {
    fn last(&self) -> &Value {
        let periods = items(&self.facts["employment_periods"]);
        periods.iter().max_by_key(|period| day(&period["start"])).unwrap_or(&Value::Null)
    }

    fn in_order(&self) -> Vec<&Value> {
        let mut periods: Vec<&Value> = items(&self.facts["employment_periods"]).iter().collect();
        periods.sort_by_key(|period| day(&period["start"]));
        periods
    }

    fn reference(&self, reference: &Value) -> Option<NaiveDate> {
        match reference.as_str() {
            Some("window_close") => day(&self.facts["company"]["window_closes_on"]),
            Some("exit_date") => day(&self.last()["last_day"]),
            Some(key) => day(&self.facts["application"][key]),
            None => day(&reference["fixed_date"]),
        }
    }

    /// A bound: its number, or that of the parameter that it names on the day that counts.
    fn bound(&self, bound: &Value) -> Option<u32> {
        let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
        let Some(name) = bound["parameter"].as_str() else { return number(bound) };
        let on = self.reference(&self.document["effective_basis"])?;
        let parameter =
            items(&self.document["parameters"]).iter().find(|one| one["name"] == name)?;
        let begun = items(&parameter["values"])
            .iter()
            .filter(|one| day(&one["from"]).is_none_or(|from| from <= on));
        begun.max_by_key(|one| day(&one["from"])).and_then(|one| number(&one["value"]))
    }

    /// The facts that a leaf reads, by their names.
    fn reads(&self, leaf: &Value) -> BTreeSet<&'static str> {
        let reference = |reference: &Value| match reference.as_str() {
            Some("application_date") => "application_date",
            Some("start_date") => "start_date",
            Some("window_close") => "window_closes",
            Some(_) => "employment_periods",
            None => "",
        };
        let mut read: BTreeSet<&'static str> = match text(leaf, "kind") {
            "job_family" => ["job_family"].into(),
            "employment_type" => ["employment_type"].into(),
            "exit_route" => ["exit_route"].into(),
            "entity" => ["entity"].into(),
            "rank" => ["rank"].into(),
            "rehire_code" => ["rehire_code"].into(),
            "notice_given" => ["notice_given"].into(),
            "documents" => ["documents"].into(),
            "declared" => ["declared"].into(),
            "exit_date" => ["employment_periods"].into(),
            "exit_reason" => ["exit_reason", "exit_reason_evidence"].into(),
            "age" => ["birth_date", reference(&leaf["reference"])].into(),
            "gap" => ["employment_periods", reference(&leaf["reference"])].into(),
            "former_rehires" if leaf["again"] == "different_reason" => {
                ["employment_periods", "former_rehires", "exit_reason", "exit_reason_evidence"]
                    .into()
            }
            "former_rehires" => ["employment_periods", "former_rehires"].into(),
            "fact" => match text(leaf, "fact") {
                "good_standing" => ["good_standing"].into(),
                "invited" => ["invited"].into(),
                "exit_cause_resolved" => ["exit_cause_resolved"].into(),
                _ => ["vacancy"].into(),
            },
            "tenure" => {
                let mut read = BTreeSet::from(["employment_periods"]);
                let has = |basis: &str| items(&leaf["counting"]).contains(&json!(basis));
                read.extend(
                    (has("full_time_only") || !items(&leaf["employment_types"]).is_empty())
                        .then_some("employment_type"),
                );
                read.extend(has("full_time_only").then_some("full_time"));
                read.extend(has("same_job_family").then_some("job_family"));
                read
            }
            kind => panic!("{kind} is not known here"),
        };
        let has_parameter =
            leaf.as_object().unwrap().values().any(|bound| bound.get("parameter").is_some());
        read.extend(has_parameter.then(|| reference(&self.document["effective_basis"])));
        read
    }

    fn is_marked(&self, facts: &BTreeSet<&'static str>, state: &str) -> bool {
        let mut marks = items(&self.facts["marks"]).iter();
        marks.any(|mark| mark["state"] == state && facts.contains(text(mark, "fact")))
    }

    /// What is known of a leaf.
    fn leaf(&self, leaf: &Value) -> Known {
        if self.is_marked(&self.reads(leaf), "disputed") {
            return None;
        }
        let (last, any_of) = (self.last(), &leaf["any_of"]);
        match text(leaf, "kind") {
            kind @ ("job_family" | "employment_type" | "exit_route" | "entity" | "rehire_code") => {
                is_one_of(any_of, &last[kind])
            }
            "exit_reason" => self.exit_reason(leaf),
            "exit_date" => {
                day(&last["last_day"]).map(|exit| Some(exit) >= day(&leaf["on_or_after"]))
            }
            "rank" => {
                let place = |rank: &Value| items(&leaf["scale"]).iter().position(|one| one == rank);
                place(&last["rank"]).map(|rank| Some(rank) <= place(&leaf["at_most"]))
            }
            "notice_given" => last["notice_given_days"]
                .as_u64()
                .map(|days| Some(days) >= leaf["at_least_days"].as_u64()),
            "fact" => {
                let found = match text(leaf, "fact") {
                    "good_standing" => &last["left_in_good_standing"],
                    "vacancy" => &self.facts["company"]["vacancy"],
                    fact => &self.facts["application"][fact],
                };
                found.as_bool().map(|found| found == leaf["is"].as_bool().unwrap_or(true))
            }
            "declared" => {
                let found = &self.facts["declared"][text(leaf, "name")]["value"];
                found.as_i64().map(|found| Some(found) >= leaf["at_least"].as_i64())
            }
            "documents" => self.documents(leaf),
            "age" => self.age(leaf),
            "gap" => self.gap(leaf),
            "tenure" => self.tenure(leaf),
            "former_rehires" => self.former_rehires(leaf),
            kind => panic!("{kind} is not known here"),
        }
    }

    /// The reasons that are proved of a period.
    fn proved(period: &Value) -> Vec<&Value> {
        let proofs =
            items(&period["exit_reason_evidence"]).iter().filter(|proof| proof["verified"] == true);
        proofs.map(|proof| &proof["proves"]).collect()
    }

    fn exit_reason(&self, leaf: &Value) -> Known {
        let (last, wanted) = (self.last(), items(&leaf["any_of"]));
        let proved = Self::proved(last);
        if !proved.is_empty() {
            return Some(proved.into_iter().any(|reason| wanted.contains(reason)));
        }
        let recorded = &last["exit_reason_recorded"];
        if !recorded.is_null() && (recorded != "personal" || wanted.contains(recorded)) {
            return Some(wanted.contains(recorded));
        }
        let stated = &last["exit_reason_stated"];
        let is_told = leaf["proof"] != "required" && !stated.is_null() && stated != "personal";
        is_told.then(|| wanted.contains(stated))
    }

    fn documents(&self, leaf: &Value) -> Known {
        let handed_in = self.facts["application"]["documents"].as_array()?;
        let asks = leaf["verified"] == true;
        let found = |kind: &Value| -> Known {
            let of_kind = || handed_in.iter().filter(|one| one["kind"] == *kind);
            let is_right = |one: &Value| if asks { one["verified"].as_bool() } else { Some(true) };
            if of_kind().any(|one| is_right(one) == Some(true)) {
                return Some(true);
            }
            of_kind().all(|one| is_right(one) == Some(false)).then_some(false)
        };
        let found: Vec<Known> = items(&leaf["all_of"]).iter().map(found).collect();
        if found.contains(&Some(false)) {
            Some(false)
        } else {
            (!found.contains(&None)).then_some(true)
        }
    }

    fn age(&self, leaf: &Value) -> Known {
        let (birth, on) =
            (day(&self.facts["person"]["birth_date"])?, self.reference(&leaf["reference"])?);
        // By law the day before the birthday already counts in full.
        let until = if leaf["counting"] == "birthday" { on.pred_opt().unwrap() } else { on };
        let years = counted(birth, until).0 / 12;
        let (under, least) = (leaf["under"].as_u64(), leaf["at_least"].as_u64());
        Some(
            under.is_none_or(|under| u64::from(years) < under)
                && least.is_none_or(|least| u64::from(years) >= least),
        )
    }

    fn gap(&self, leaf: &Value) -> Known {
        let bounds = ["at_least_months", "at_most_months"]
            .map(|key| (!leaf[key].is_null()).then(|| self.bound(&leaf[key])));
        if bounds.contains(&Some(None)) {
            return None;
        }
        let first = day(&self.last()["last_day"])?.succ_opt().unwrap();
        let on = self.reference(&leaf["reference"])?;
        if on < first {
            return Some(false);
        }
        // What has passed before the day itself begins.
        let (months, days) = counted(first, on.pred_opt().unwrap());
        if bounds[0].flatten().is_some_and(|least| months < least) {
            return Some(false);
        }
        let passed = match (bounds[1].flatten(), leaf["at_most_days"].as_i64()) {
            (Some(most), _) => (months, days).cmp(&(most, 0)),
            (None, Some(most)) => on.signed_duration_since(first).num_days().cmp(&most),
            (None, None) => return Some(true),
        };
        match (passed, text(leaf, "last_day")) {
            (Ordering::Less, _) | (Ordering::Equal, "day_after_period_in") => Some(true),
            (Ordering::Equal, "unstated") => None,
            _ => Some(false),
        }
    }

    /// Whether the service of a period counts.
    fn counts(&self, leaf: &Value, period: &Value) -> Known {
        let has = |basis: &str| items(&leaf["counting"]).contains(&json!(basis));
        let is_full_time = || match (period["full_time"].as_bool(), text(period, "employment_type"))
        {
            (Some(full_time), _) => Some(full_time),
            (None, "regular" | "limited_regular") => Some(true),
            (None, "part_time" | "arubaito") => Some(false),
            (None, _) => None,
        };
        let is_of_family = || {
            let (own, last) = (&period["job_family"], &self.last()["job_family"]);
            (!own.is_null() && !last.is_null()).then(|| own == last)
        };
        let types = &leaf["employment_types"];
        let asked = [
            if items(types).is_empty() {
                Some(true)
            } else {
                is_one_of(types, &period["employment_type"])
            },
            if has("full_time_only") { is_full_time() } else { Some(true) },
            // The last one is of its own job family, whichever that is.
            if has("same_job_family") && period != self.last() {
                is_of_family()
            } else {
                Some(true)
            },
        ];
        if asked.contains(&Some(false)) {
            Some(false)
        } else {
            (!asked.contains(&None)).then_some(true)
        }
    }

    fn tenure(&self, leaf: &Value) -> Known {
        let least = self.bound(&leaf["at_least_months"])?;
        let has = |basis: &str| items(&leaf["counting"]).contains(&json!(basis));
        let mut periods: Vec<&Value> = Vec::new();
        for period in self.in_order() {
            let follows = periods.last().is_some_and(|before| {
                day(&before["last_day"]).map(|day| day.succ_opt().unwrap()) == day(&period["start"])
            });
            if has("current_spell") || (has("continuous_only") && !follows) {
                periods.clear();
            }
            periods.push(period);
        }
        let known: Vec<(&Value, Known)> =
            periods.iter().map(|period| (*period, self.counts(leaf, period))).collect();
        let unsure =
            |(period, counts): &&(&Value, Known)| counts.is_none() || period["last_day"].is_null();
        // One that has not ended may come to any length: what the first months do, the others do
        // again.
        let is_enough = |way: Vec<bool>, length: Option<u64>| {
            let (mut ways, mut runs) = (way.into_iter(), Vec::<(NaiveDate, NaiveDate)>::new());
            for one @ (period, counts) in &known {
                if *counts == Some(false) || (unsure(&one) && ways.next() == Some(false)) {
                    continue;
                }
                let start = day(&period["start"]).unwrap();
                let end = match (day(&period["last_day"]), length) {
                    (Some(end), _) => end,
                    (None, Some(length)) => start + Days::new(length),
                    (None, None) => return true,
                };
                match runs.last_mut() {
                    Some(run) if run.1.succ_opt() == Some(start) => run.1 = end,
                    Some(_) | None => runs.push((start, end)),
                }
            }
            let served = runs.into_iter().map(|(start, end)| counted(start, end)).fold(
                (0, 0),
                |sum, run| {
                    let (months, days) = (sum.0 + run.0, sum.1 + run.1);
                    if sum.1 == 0 || run.1 == 0 {
                        (months, days)
                    } else {
                        (months + days / 30, days % 30)
                    }
                },
            );
            served >= (least, 0)
        };
        let count = known.iter().filter(|one| one.1 != Some(false)).filter(unsure).count();
        let goes_on = known
            .iter()
            .any(|(period, counts)| *counts != Some(false) && period["last_day"].is_null());
        let lengths =
            || if goes_on { (0..62).map(Some).chain([None]).collect() } else { vec![None] };
        let ways = every_way(count)
            .flat_map(|way| lengths().into_iter().map(move |length| (way.clone(), length)));
        settled(ways.map(|(way, length)| is_enough(way, length))).filter(|_| !known.is_empty())
    }

    fn former_rehires(&self, leaf: &Value) -> Known {
        let periods = self.in_order();
        let most = leaf["at_most"].as_u64()?;
        let began: Vec<Known> =
            periods.iter().map(|period| period["began_under_rehire_scheme"].as_bool()).collect();
        // The first employment is no return unless somebody wrote that it was.
        let open = began.iter().skip(1).filter(|began| began.is_none()).count();
        let sure = began.iter().filter(|began| **began == Some(true)).count();
        let reason = |period: &Value| match Self::proved(period).first() {
            Some(proved) => Some((*proved).clone()),
            None => Some(period["exit_reason_recorded"].clone())
                .filter(|reason| !reason.is_null() && reason != "personal"),
        };
        let is_other = match periods.as_slice() {
            _ if leaf["again"] != "different_reason" => Some(false),
            [.., before, last] => {
                reason(before).zip(reason(last)).map(|(before, last)| before != last)
            }
            _ => None,
        };
        let others = is_other.map_or(vec![false, true], |is_other| vec![is_other]);
        let ways = every_way(open)
            .flat_map(|way| others.iter().map(move |is_other| (way.clone(), *is_other)));
        let holds = |(way, is_other): (Vec<bool>, bool)| {
            let times = sure + way.into_iter().filter(|began| *began).count();
            times as u64 <= most || is_other
        };
        settled(ways.map(holds)).filter(|_| !periods.is_empty())
    }

    /// What a ruling or a fact that does not apply makes of a requirement, before anything is read.
    fn aside(&self, requirement: &Value) -> Option<&'static str> {
        let by_role = &requirement["override"]["by_role"];
        let rulings = items(&self.facts["rulings"]).iter();
        let mut rulings =
            rulings.filter(|one| one["clause"] == requirement["id"] && one["role"] == *by_role);
        if let Some(ruling) = rulings.next_back() {
            return Some(if ruling["met"] == true { "met" } else { "not_met" });
        }
        let mut all = Vec::new();
        conditions(requirement).into_iter().for_each(|condition| leaves_of(condition, &mut all));
        let reads = all.into_iter().flat_map(|leaf| self.reads(leaf)).collect();
        let does_not_apply = requirement["when_not_applicable"] == "does_not_apply";
        self.is_marked(&reads, "not_applicable").then_some(if does_not_apply {
            "not_applicable"
        } else {
            "unknown"
        })
    }

    /// How a requirement comes out, each leaf by itself wherever it stands.
    fn by_place(&self, requirement: &Value) -> &'static str {
        let possible = |condition: &Value| {
            let mut all = Vec::new();
            leaves_of(condition, &mut all);
            let known: Vec<Known> = all.into_iter().map(|leaf| self.leaf(leaf)).collect();
            let ways = every_way(known.iter().filter(|known| known.is_none()).count()).map(|way| {
                let (mut known, mut ways) = (known.iter(), way.into_iter());
                holds(condition, &mut |_| {
                    known.next().copied().flatten().or_else(|| ways.next()).unwrap()
                })
            });
            settled(ways)
        };
        let conditions: Vec<Known> = conditions(requirement).into_iter().map(possible).collect();
        let open = conditions.iter().filter(|holds| holds.is_none()).count();
        let ways = every_way(open).map(|way| {
            let mut ways = way.into_iter();
            let holds: Vec<bool> =
                conditions.iter().map(|holds| holds.or_else(|| ways.next()).unwrap()).collect();
            outcome(requirement, &holds)
        });
        settled(ways).unwrap_or("unknown")
    }

    /// How a requirement comes out where a leaf that stands in two places comes out the same in
    /// both; nothing where there are too many ways to try. The other: whether any unknown leaf
    /// does.
    fn by_leaf(&self, requirement: &Value) -> Option<(&'static str, bool)> {
        let (conditions, mut all) = (conditions(requirement), Vec::new());
        conditions.iter().for_each(|condition| leaves_of(condition, &mut all));
        let known: BTreeMap<String, Known> =
            all.iter().map(|leaf| (leaf.to_string(), self.leaf(leaf))).collect();
        let open: Vec<&String> =
            known.iter().filter(|(_, known)| known.is_none()).map(|(leaf, _)| leaf).collect();
        if open.len() > MOST_TOGETHER {
            return None;
        }
        let ways = every_way(open.len()).map(|way| {
            let mut leaf = |leaf: &Value| {
                let leaf = leaf.to_string();
                known[&leaf]
                    .unwrap_or_else(|| way[open.iter().position(|one| **one == leaf).unwrap()])
            };
            let holds: Vec<bool> =
                conditions.iter().map(|condition| holds(condition, &mut leaf)).collect();
            outcome(requirement, &holds)
        });
        let places = all.iter().filter(|leaf| known[&leaf.to_string()].is_none()).count();
        Some((settled(ways).unwrap_or("unknown"), places > open.len()))
    }

    /// The outcome of every requirement, and the verdict.
    fn decide(&self) -> (Vec<&'static str>, &'static str) {
        let clauses =
            items(&self.document["articles"]).iter().flat_map(|article| items(&article["clauses"]));
        let requirements: Vec<&Value> =
            clauses.filter(|clause| clause["kind"] == "requirement").collect();
        let come_out =
            requirements.iter().map(|one| self.aside(one).unwrap_or_else(|| self.by_place(one)));
        let outcomes: Vec<&'static str> = come_out.collect();
        let counting =
            || requirements.iter().zip(&outcomes).filter(|(one, _)| one["role"] != "advisory");
        let fails = |(one, outcome): (&&Value, &&str)| match *outcome {
            "not_met" => true,
            "unknown" => one["when_unknown"] == "treat_as_failed",
            _ => false,
        };
        let waits = |(_, outcome): (&&Value, &&str)| {
            ["unknown", "needs_judgement"].iter().any(|open| open == outcome)
        };
        let verdict = match (counting().any(fails), counting().any(waits)) {
            (true, _) => "ineligible",
            (false, true) => "needs_review",
            (false, false) => "eligible",
        };
        (outcomes, verdict)
    }
}
