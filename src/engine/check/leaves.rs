//! How each kind of leaf divides what it compares: the only place that knows the measures one by
//! one.

use std::collections::BTreeSet;
use std::fmt::Display;

use chrono::Datelike as _;
use serde_json::{Value, json};

use crate::calendar::{LastDay, Length};
use crate::codes::Code;
use crate::condition::measures::{
    Age, Declared, DocumentsHandedIn, ExitDateWithin, ExitReasonIs, FormerRehires, Gap, LeadTime,
    NoDiscipline, NoRecentNoShow, NoticeGiven, RankWithin, Tenure, YearsToRetirement,
};
use crate::condition::{Condition, Reference, Truth};
use crate::facts::{FactKey, Labelled, RehireCode};
use crate::messages::measures::{age, former_rehires};
use crate::messages::{Said as _, check_measures, common, length, value};
use crate::terms::{NumberLimit, YearsLimit};
use crate::words::Words;

/// Beyond every bound: a look back without end.
const EVER: i64 = 1_000_000;

/// What the places of a line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Whole months.
    Months,
    /// Twice the months since leaving: the even ones are the month up to its last day, the odd ones
    /// the day after.
    HalfMonths,
    /// Days, the first being 1.
    Days,
    /// Years of age.
    Years,
    /// A count.
    Times,
    /// A day of the calendar.
    Day,
    /// A step of a scale.
    Step,
    /// A number.
    HalfNumber,
}

/// What a leaf compares, and how it divides it.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The same for leaves that compare one thing in one way.
    pub(crate) key: String,
    pub(crate) label: Words,
    /// The leaf's own values in words.
    pub(crate) shown: Words,
    pub(crate) form: Form,
}

/// How a leaf divides what it compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// A value on a line: the answer from each place on, the first being the lowest.
    Line { low: i64, steps: Vec<(i64, Truth)>, unit: Unit },
    /// One value of a list; with all members where they are known.
    Choice { accepted: Vec<String>, members: Option<Vec<(String, Words)>> },
    /// A list: what is met by a narrower one is met by a wider one.
    Family { values: BTreeSet<String>, more_is_wider: bool },
    /// Nothing is known of it but that equal leaves answer equally.
    Opaque,
}

impl Form {
    /// How much of it is held against others.
    pub(super) fn size(&self) -> usize {
        1 + match self {
            Self::Line { steps, .. } => steps.len(),
            Self::Choice { accepted, members } => {
                accepted.len() + members.as_ref().map_or(0, Vec::len)
            }
            Self::Family { values, .. } => values.len(),
            Self::Opaque => 0,
        }
    }

    /// Whether whatever meets this one meets the other too.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Family { values, more_is_wider }, Self::Family { values: others, .. }) => {
                if *more_is_wider {
                    values.is_subset(others)
                } else {
                    others.is_subset(values)
                }
            }
            (Self::Line { .. } | Self::Choice { .. } | Self::Family { .. } | Self::Opaque, _) => {
                false
            }
        }
    }
}

impl Unit {
    /// A place in words.
    pub(super) fn shown(self, place: i64) -> Words {
        let whole = i32::try_from(place).unwrap_or(i32::MAX);
        match self {
            Self::Months => Length::of_months(whole.max(0)).words(),
            Self::HalfMonths if whole <= 0 => check_measures::BEFORE_LEAVING,
            Self::HalfMonths if whole % 2 == 0 => {
                check_measures::UpToItsLastDay { length: &Length::of_months(whole / 2) }.words()
            }
            Self::HalfMonths => {
                check_measures::TheDayAfter { length: &Length::of_months(whole / 2) }.words()
            }
            Self::Days => length::Days { count: &place }.words(),
            Self::Years => check_measures::YearsOld { years: &place.max(0) }.words(),
            Self::Times => former_rehires::Times { count: &place }.words(),
            Self::Day => {
                let day = chrono::NaiveDate::from_num_days_from_ce_opt(whole);
                day.filter(|_| place > 0).map_or(check_measures::AN_EARLIER_DAY, |day| day.words())
            }
            Self::Step => check_measures::Step { number: &(place + 1) }.words(),
            Self::HalfNumber => {
                let half = if place % 2 == 0 { "" } else { ".5" };
                format_args!("{}{half}", place.div_euclid(2)).words()
            }
        }
    }
}

/// A line that is met from one place up to, and without, another.
fn between(low: i64, from: Option<i64>, to: Option<i64>, unit: Unit) -> Form {
    let (from, mut steps) = (from.unwrap_or(low), Vec::new());
    let is_ever_met = to.is_none_or(|to| from < to);
    if low < from || !is_ever_met {
        steps.push((low, Truth::NotMet));
    }
    if is_ever_met {
        steps.push((from, Truth::Met));
        steps.extend(to.map(|to| (to, Truth::NotMet)));
    }
    Form::Line { low, steps, unit }
}

fn shape_of(key: impl Display, label: Words, form: Form) -> Shape {
    Shape { key: key.to_string(), label, shown: Words::default(), form }
}

/// What a leaf compares. For a node that is no leaf nothing is known.
pub(crate) fn shape(leaf: &Condition) -> Shape {
    // A bound that changes with time has no place on a line.
    if leaf.has_parameters() {
        return itself(leaf, Words::default());
    }
    match leaf {
        Condition::Tenure(tenure) => of_tenure(tenure),
        Condition::Gap(gap) => of_gap(gap, leaf),
        Condition::ExitDateWithin(within) => of_exit_date(within),
        Condition::ExitRouteIs(is) => closed("exit_route", FactKey::ExitRoute, &is.any_of),
        Condition::EmploymentTypeIs(is) => {
            closed("employment_type", FactKey::EmploymentType, &is.any_of)
        }
        Condition::RehireCodeIs(is) => {
            closed::<RehireCode>("rehire_code", FactKey::RehireCode, &is.any_of)
        }
        Condition::JobFamilyIs(is) => open("job_family", FactKey::JobFamily.label(), &is.any_of),
        Condition::EntityIs(is) => open("entity", FactKey::Entity.label(), &is.any_of),
        Condition::ExitReasonIs(is) => of_exit_reason(is),
        Condition::RankWithin(rank) => of_rank(rank),
        Condition::Age(age) => of_age(age),
        Condition::YearsToRetirement(years) => of_retirement(years),
        Condition::FormerRehires(former) => of_former_rehires(former),
        Condition::NoDiscipline(none) => of_discipline(none),
        Condition::NoticeGiven(NoticeGiven { at_least_days }) => {
            let form = between(0, Some(i64::from(at_least_days.number())), None, Unit::Days);
            shape_of("notice", FactKey::NoticeGiven.label(), form)
        }
        Condition::NoRecentNoShow(NoRecentNoShow { months, known_none }) => {
            let form = between(-1, Some(i64::from(months.number())), None, Unit::Months);
            shape_of(format!("no_show {known_none}"), FactKey::NoShow.label(), form)
        }
        Condition::LeadTime(LeadTime { at_least_months }) => {
            let form = between(-1, Some(i64::from(at_least_months.number())), None, Unit::Months);
            shape_of("lead_time", check_measures::APPLICATION_TO_FIRST_DAY, form)
        }
        Condition::DocumentsHandedIn(documents) => of_documents(documents),
        Condition::FactIs(fact) => {
            let members = [("true", common::YES), ("false", common::NO)];
            let members = members.map(|(code, words)| (code.to_owned(), words)).to_vec();
            let form = Form::Choice { accepted: vec![fact.is.to_string()], members: Some(members) };
            shape_of(format!("fact {}", fact.fact), fact.fact.key().label(), form)
        }
        Condition::Declared(declared) => of_declared(declared),
        Condition::Registered(_) => itself(leaf, FactKey::Registrations.label()),
        Condition::ApplicationWindow(_) => itself(leaf, FactKey::ApplicationDate.label()),
        Condition::All(_) | Condition::Any(_) | Condition::AtLeast(_) | Condition::Not(_) => {
            itself(leaf, Words::default())
        }
    }
}

/// A leaf of which nothing is known but that its equals answer equally.
fn itself(leaf: &Condition, label: Words) -> Shape {
    let json = serde_json::to_value(leaf).unwrap_or(Value::Null);
    shape_of(json, label, Form::Opaque)
}

fn of_tenure(tenure: &Tenure) -> Shape {
    // In what order the ways of counting are named does not matter.
    let sorted = |list: Vec<String>| list.into_iter().collect::<BTreeSet<String>>();
    let counting = sorted(tenure.counting.iter().map(ToString::to_string).collect());
    let types = sorted(tenure.employment_types.iter().map(ToString::to_string).collect());
    let leaves = sorted(tenure.leaves_deducted.iter().map(ToString::to_string).collect());
    let key = json!(["tenure", counting, types, leaves, tenure.net_days_where_leave]);
    // Days that are asked for in place of the months may be missed even where no months are asked
    // for.
    let low = if tenure.net_days_where_leave.is_some() { -1 } else { 0 };
    let form = between(low, Some(i64::from(tenure.at_least_months.number())), None, Unit::Months);
    shape_of(key, value::SERVICE, form)
}

/// Months since leaving are cut at the last day of a period and at the day after it, which the text
/// may leave open.
fn of_gap(gap: &Gap, leaf: &Condition) -> Shape {
    let label = check_measures::TIME_SINCE_LEAVING;
    let reference = json!(gap.reference);
    // Facts with a first day before that of leaving are refused.
    let low = i64::from(gap.reference == Reference::StartDate);
    let after = |answers: [Truth; 2], last: i64, first: i64, unit: Unit| {
        let mut steps = Vec::new();
        if low < first || last < first {
            steps.push((low, Truth::NotMet));
        }
        if first <= last {
            steps.push((first, Truth::Met));
        }
        let [day_after, later] = answers;
        // A day that comes before the minimum is no boundary.
        if first <= last + 1 {
            steps.push((last + 1, day_after));
        }
        steps.push((last + 2, later));
        Form::Line { low, steps, unit }
    };
    let boundary = match gap.last_day {
        LastDay::LastDayOfPeriodIn => [Truth::NotMet, Truth::NotMet],
        LastDay::DayAfterPeriodIn => [Truth::Met, Truth::NotMet],
        LastDay::Unstated => [Truth::Unknown, Truth::NotMet],
    };
    match (&gap.at_most_months, &gap.at_most_days, &gap.at_least_months) {
        (Some(most), None, least) => {
            let first = least.as_ref().map_or(1, |least| 2 * i64::from(least.number()) + 1);
            let form = after(boundary, 2 * i64::from(most.number()), first, Unit::HalfMonths);
            shape_of(json!(["gap", reference]), label, form)
        }
        (None, None, Some(least)) => {
            let form =
                between(low, Some(2 * i64::from(least.number()) + 1), None, Unit::HalfMonths);
            shape_of(json!(["gap", reference]), label, form)
        }
        (None, Some(days), None) => {
            let form = after(boundary, i64::from(days.number()), 1, Unit::Days);
            shape_of(json!(["gap in days", reference]), label, form)
        }
        // Days and months at once, or neither.
        (None | Some(_), Some(_), _) | (None, None, None) => itself(leaf, label),
    }
}

fn of_exit_date(within: &ExitDateWithin) -> Shape {
    let day = |day: chrono::NaiveDate| i64::from(day.num_days_from_ce());
    let form = between(
        -EVER,
        within.on_or_after.map(day),
        within.on_or_before.map(|last| day(last) + 1),
        Unit::Day,
    );
    shape_of("exit_date", common::LAST_DAY_EMPLOYED, form)
}

fn closed<T: Code + Labelled + PartialEq>(key: &str, fact: FactKey, any_of: &[T]) -> Shape {
    let members = T::ALL.iter().map(|code| (code.to_string(), code.label())).collect();
    let accepted = any_of.iter().map(ToString::to_string).collect();
    shape_of(key, fact.label(), Form::Choice { accepted, members: Some(members) })
}

fn open(key: &str, label: Words, any_of: &[String]) -> Shape {
    let accepted: BTreeSet<String> = any_of.iter().cloned().collect();
    shape_of(key, label, Form::Choice { accepted: accepted.into_iter().collect(), members: None })
}

/// Several reasons can be proved at once, so two lists without a reason in common may both be met;
/// a wider list is met wherever a narrower one is.
fn of_exit_reason(is: &ExitReasonIs) -> Shape {
    let values = is.any_of.iter().map(ToString::to_string).collect();
    let mut shape = shape_of(
        format!("exit_reason {}", is.proof),
        FactKey::ExitReason.label(),
        Form::Family { values, more_is_wider: true },
    );
    shape.shown = crate::facts::listed(&is.any_of);
    shape
}

fn of_documents(documents: &DocumentsHandedIn) -> Shape {
    let values = documents.all_of.iter().map(ToString::to_string).collect();
    let mut shape = shape_of(
        format!("documents {}", documents.verified),
        FactKey::Documents.label(),
        Form::Family { values, more_is_wider: false },
    );
    shape.shown = crate::facts::listed(&documents.all_of);
    shape
}

fn of_rank(rank: &RankWithin) -> Shape {
    let place = |limit: &Option<String>| {
        let limit = limit.as_deref()?;
        rank.scale
            .iter()
            .position(|known| known == limit)
            .and_then(|place| i64::try_from(place).ok())
    };
    let top = i64::try_from(rank.scale.len()).unwrap_or(EVER);
    // The scale ends: nobody stands above it.
    let to = place(&rank.at_most).map(|most| most + 1).filter(|to| *to < top);
    let form = between(0, place(&rank.at_least), to, Unit::Step);
    shape_of(json!(["rank", rank.of, rank.scale]), rank.of.key().label(), form)
}

fn of_age(age: &Age) -> Shape {
    let years = |limit: Option<&YearsLimit>| limit.map(|limit| i64::from(limit.number()));
    let form = between(-1, years(age.at_least.as_ref()), years(age.under.as_ref()), Unit::Years);
    shape_of(json!(["age", age.reference, age.counting]), age::SUBJECT, form)
}

fn of_retirement(years: &YearsToRetirement) -> Shape {
    let form = between(-1, Some(i64::from(years.at_least_months.number())), None, Unit::Months);
    let key = json!(["retirement", years.year_ends, years.retirement_age, years.reference]);
    shape_of(key, check_measures::TIME_BEFORE_RETIREMENT, form)
}

fn of_former_rehires(former: &FormerRehires) -> Shape {
    let form = between(0, None, Some(i64::from(former.at_most.number()) + 1), Unit::Times);
    shape_of(format!("former_rehires {}", former.again), FactKey::FormerRehires.label(), form)
}

/// How long the record has been clean. Looking back without end reads no day, so it is compared
/// with itself alone.
fn of_discipline(none: &NoDiscipline) -> Shape {
    let kinds: BTreeSet<String> = none.of.iter().map(ToString::to_string).collect();
    let from = none.within_months.as_ref().map_or(EVER, |months| i64::from(months.number()));
    let key = json!(["discipline", kinds, none.within_months.is_some()]);
    let clean = check_measures::TIME_WITHOUT_DISCIPLINE;
    shape_of(key, clean, between(-1, Some(from), None, Unit::Months))
}

fn of_declared(declared: &Declared) -> Shape {
    let label = declared.name.words();
    let key = |kind: &str| json!(["declared", declared.name, kind]);
    if let Some(is) = declared.is {
        let members = [true, false].map(|yes| (yes.to_string(), yes.to_string().words()));
        let form = Form::Choice { accepted: vec![is.to_string()], members: Some(members.to_vec()) };
        return shape_of(key("boolean"), label, form);
    }
    if !declared.any_of.is_empty() {
        return Shape { key: key("text").to_string(), ..open("", label, &declared.any_of) };
    }
    if declared.at_least.is_some() || declared.at_most.is_some() {
        // Declared numbers may have decimals: between two whole places stands one for all of them.
        let place = |limit: &NumberLimit| limit.number().saturating_mul(2);
        let to = declared.at_most.as_ref().map(|most| place(most).saturating_add(1));
        let form = between(i64::MIN, declared.at_least.as_ref().map(place), to, Unit::HalfNumber);
        return shape_of(key("number"), label, form);
    }
    let day = |day: chrono::NaiveDate| i64::from(day.num_days_from_ce());
    let to = declared.on_or_before.map(|last| day(last) + 1);
    shape_of(key("date"), label, between(-EVER, declared.on_or_after.map(day), to, Unit::Day))
}
