//! Facts that an organization declared for itself.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{NAMES_A_STEP, found};
use crate::facts::{DecimalText, DeclaredValue, FactKey, FactSet, Facts, names};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::measures::{self, declared};
use crate::messages::{Said as _, check_measures, length, listed, yes_or_no};
use crate::money::Money;
use crate::review::boundary::{At, Bound, Person, Stand, beside, later};
use crate::review::check::{EVER, Form, Shape, Unit as ShapeUnit};
use crate::values::terms::limit::bounds;
use crate::values::terms::{DeclaredFact, NumberLimit, Terms};
use crate::values::{Unit, unknown_name};
use crate::words::{Fault, Words};

/// A declared fact compared with what the regulation wants; every comparison that is named must
/// hold. A value of another type than it is compared with cannot be compared, and is for a person
/// to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeclaredCondition, example = json!({"kind": "declared", "name": "licence_points", "at_least": 20}))]
pub struct Declared {
    /// The name of the fact.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// It is yes, or no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<bool>,
    /// It is one of these codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub any_of: Vec<String>,
    /// It is at least this number; of money in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<NumberLimit>,
    /// It is at most this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<NumberLimit>,
    /// It is this day or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_or_after: Option<NaiveDate>,
    /// It is this day or earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_or_before: Option<NaiveDate>,
}

impl Declared {
    fn wants_number(&self) -> bool {
        self.at_least.is_some() || self.at_most.is_some()
    }

    fn wants_day(&self) -> bool {
        self.on_or_after.is_some() || self.on_or_before.is_some()
    }

    /// How many types of value are compared with.
    fn types(&self) -> usize {
        [self.is.is_some(), !self.any_of.is_empty(), self.wants_number(), self.wants_day()]
            .into_iter()
            .filter(|wanted| *wanted)
            .count()
    }

    /// Whether the value is what is wanted; nothing when they cannot be compared.
    fn compare(&self, value: &DeclaredValue) -> Option<bool> {
        match value {
            DeclaredValue::Boolean(value) => self.is.map(|wanted| wanted == *value),
            DeclaredValue::Text(value) => {
                (!self.any_of.is_empty()).then(|| self.any_of.contains(value))
            }
            DeclaredValue::Integer(value) => self.within((*value).into()),
            DeclaredValue::Date(value) => self.wants_day().then(|| {
                self.on_or_after.is_none_or(|first| first <= *value)
                    && self.on_or_before.is_none_or(|last| *value <= last)
            }),
            DeclaredValue::Decimal(value) => self.within(value.number()?),
            DeclaredValue::Money(value) => self.within(value.amount.into()),
        }
    }

    fn within(&self, number: Decimal) -> Option<bool> {
        let is_above = self.at_least.as_ref().is_none_or(|least| number >= least.number().into());
        self.wants_number().then(|| {
            is_above && self.at_most.as_ref().is_none_or(|most| number <= most.number().into())
        })
    }

    /// The fact is not of the type that it is compared as, or there is no such fact among those
    /// declared.
    #[must_use]
    pub fn mistaken(&self, declared: &[DeclaredFact]) -> Option<Fault> {
        let Some(fact) = declared.iter().find(|fact| fact.name == self.name) else {
            return (!declared.is_empty()).then(|| {
                unknown_name("/name", &self.name, declared.iter().map(|fact| fact.name.as_str()))
            });
        };
        let unit = fact.unit()?;
        let given = [
            (self.is.is_some() && unit != Unit::Boolean, "/is"),
            (!self.any_of.is_empty() && unit != Unit::Text, "/any_of"),
            (self.at_least.is_some() && !unit.is_number(), "/at_least"),
            (self.at_most.is_some() && !unit.is_number(), "/at_most"),
            (self.on_or_after.is_some() && unit != Unit::Date, "/on_or_after"),
            (self.on_or_before.is_some() && unit != Unit::Date, "/on_or_before"),
        ];
        let (_, at) = given.into_iter().find(|(is_wrong, _)| *is_wrong)?;
        let name = unit.name();
        Some(Fault::new(
            at,
            "wrong_type",
            declared::WrongType { label: &fact.label, unit: &name }.words(),
        ))
    }

    fn required(&self) -> Words {
        let mut parts: Vec<Words> = Vec::new();
        parts.extend(self.is.map(yes_or_no));
        parts.extend((!self.any_of.is_empty()).then(|| names::listed_by(&self.any_of, |_| None)));
        parts.extend(
            self.at_least
                .as_ref()
                .map(|least| measures::AtLeast { value: &least.number() }.words()),
        );
        parts.extend(
            self.at_most.as_ref().map(|most| measures::AtMost { value: &most.number() }.words()),
        );
        parts.extend(self.on_or_after.map(|day| measures::OnOrAfter { day: &day }.words()));
        parts.extend(self.on_or_before.map(|day| measures::OnOrBefore { day: &day }.words()));
        listed(&parts).words()
    }
}

fn shown(value: &DeclaredValue) -> Figure<'_> {
    match value {
        DeclaredValue::Boolean(yes) => Figure::from(yes_or_no(*yes)),
        DeclaredValue::Integer(value) => Figure::Number(*value),
        DeclaredValue::Date(value) => Figure::Day(*value),
        DeclaredValue::Text(value) => Figure::Quoted(value),
        DeclaredValue::Decimal(value) => Figure::Text(value.text()),
        DeclaredValue::Money(value) => {
            Figure::from(Words::new(value.to_string(), value.to_string()))
        }
    }
}

fn supplied(declared: &Declared, person: &Person, value: DeclaredValue) -> Facts {
    person.with(|facts| {
        facts.declared.insert(declared.name.clone(), value);
    })
}

fn on_day(declared: &Declared, person: &Person, at: At, day: NaiveDate, found: NaiveDate) -> Stand {
    let facts = supplied(declared, person, DeclaredValue::Date(found));
    let place = i64::from(found.num_days_from_ce());
    Stand::on_line(at, &Bound::Day(day), &length::ONE_DAY, place, found.words(), facts)
}

fn codes(declared: &Declared, person: &Person, terms: &Terms) -> Vec<Stand> {
    let any_of = &declared.any_of;
    let Some(first) = any_of.first() else { return Vec::new() };
    let members =
        terms.declared(&declared.name).map(|fact| fact.members.as_slice()).unwrap_or_default();
    let other = members.iter().find(|code| !any_of.contains(code)).cloned();
    // Where every code that there is is named, there is no other.
    let other = if members.is_empty() { Some(beside(any_of)) } else { other };
    let stand = |code: &String, wanted, value: Words| {
        let facts = supplied(declared, person, DeclaredValue::Text(code.clone()));
        Stand::member(wanted, code, value, facts)
    };
    let named = stand(first, true, first.words());
    let other = other.map(|code| {
        let value = if members.is_empty() { check_measures::ANOTHER } else { code.words() };
        stand(&code, false, value)
    });
    std::iter::once(named).chain(other).collect()
}

/// A number one below, at, and one above a limit; of decimals a half, as the checks divide them.
fn number(
    declared: &Declared,
    person: &Person,
    terms: &Terms,
    limit: i64,
    is_least: bool,
) -> Vec<Stand> {
    let fact = terms.declared(&declared.name);
    let unit = fact.and_then(crate::values::terms::DeclaredFact::unit);
    let halves = if unit == Some(Unit::Rate) { 1 } else { 2 };
    let shown =
        |place: i64| Decimal::new(place.saturating_mul(5), 1).normalize().to_string().words();
    let Some(at_limit) = limit.checked_mul(2) else { return Vec::new() };
    let (bound, step) = if is_least {
        (Bound::Least(shown(at_limit)), shown(halves))
    } else {
        (Bound::Most(shown(at_limit)), shown(halves))
    };
    let stand = |(at, shift): (At, i64)| {
        let place = at_limit.checked_add(shift)?;
        let whole = place.div_euclid(2);
        let value = match unit {
            Some(Unit::Rate) => {
                DeclaredValue::Decimal(DecimalText::of(Decimal::new(place.checked_mul(5)?, 1)))
            }
            Some(Unit::Money(currency)) => DeclaredValue::Money(Money::new(whole, currency)),
            Some(
                Unit::Count
                | Unit::Months
                | Unit::Days
                | Unit::Years
                | Unit::Hours
                | Unit::Text
                | Unit::Boolean
                | Unit::Date,
            )
            | None => DeclaredValue::Integer(whole),
        };
        // What the document says that it cannot be need not be tried.
        if fact.is_some_and(|fact| fact.refuses(&value).is_some()) {
            return None;
        }
        let facts = supplied(declared, person, value);
        Some(Stand::on_line(at, &bound, &step, place, shown(place), facts))
    };
    [(At::Below, -halves), (At::Threshold, 0), (At::Above, halves)]
        .into_iter()
        .filter_map(stand)
        .collect()
}

impl Measure for Declared {
    bounds! { at_least, at_most }

    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::Declared])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        match case.facts.declared.get(&self.name) {
            None => Answer::lacks(FactKey::Declared),
            Some(value) if case.pay(self.any_of.len() / NAMES_A_STEP) => {
                self.compare(value).map_or(Answer::open(), |holds| Answer::known(Truth::of(holds)))
            }
            Some(_) => Answer::open(),
        }
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        Reading::found(self.read(case).truth, case.facts.declared.get(&self.name).map(shown))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, terms: Option<&Terms>) -> Explained {
        let label =
            terms.and_then(|terms| terms.declared(&self.name)).map(|fact| fact.label.clone());
        let what = label.unwrap_or_else(|| names::called(&self.name, |_| None));
        found(&what, self.required(), reading, stance)
    }

    fn declared(&self) -> Option<&Declared> {
        Some(self)
    }

    fn faults(&self) -> Vec<Fault> {
        (self.types() != 1)
            .then(|| Fault::new("/name", "one_type", declared::ONE_TYPE))
            .into_iter()
            .collect()
    }

    fn shape(&self) -> Shape {
        let label = self.name.words();
        let key = |kind: &str| json!(["declared", self.name, kind]);
        if let Some(is) = self.is {
            let members = [true, false].map(|yes| (yes.to_string(), yes.to_string().words()));
            let form =
                Form::Choice { accepted: vec![is.to_string()], members: Some(members.to_vec()) };
            return Shape::of(key("boolean"), label, form);
        }
        if !self.any_of.is_empty() {
            return Shape { key: key("text").to_string(), ..Shape::open("", label, &self.any_of) };
        }
        if self.at_least.is_some() || self.at_most.is_some() {
            // Declared numbers may have decimals: one place stands for all between two whole ones.
            let place = |limit: &NumberLimit| limit.number().saturating_mul(2);
            let to = self.at_most.as_ref().map(|most| place(most).saturating_add(1));
            let form = Form::between(
                i64::MIN,
                self.at_least.as_ref().map(place),
                to,
                ShapeUnit::HalfNumber,
            );
            return Shape::of(key("number"), label, form);
        }
        let day = |day: chrono::NaiveDate| i64::from(day.num_days_from_ce());
        let to = self.on_or_before.map(|last| day(last) + 1);
        Shape::of(
            key("date"),
            label,
            Form::between(-EVER, self.on_or_after.map(day), to, ShapeUnit::Day),
        )
    }

    fn people(&self, person: &Person, terms: &Terms) -> Vec<Stand> {
        let mut stands = Vec::new();
        if let Some(is) = self.is {
            stands.extend([is, !is].map(|yes| {
                let value = yes_or_no(yes);
                let facts = supplied(self, person, DeclaredValue::Boolean(yes));
                Stand::answered(yes == is, yes, value, facts)
            }));
        }
        stands.extend(codes(self, person, terms));
        for (limit, is_least) in [(&self.at_least, true), (&self.at_most, false)] {
            if let Some(limit) = limit.as_ref().map(NumberLimit::number) {
                stands.extend(number(self, person, terms, limit, is_least));
            }
        }
        for day in [self.on_or_after, self.on_or_before].into_iter().flatten() {
            let around =
                [(At::Below, later(day, -1)), (At::Threshold, day), (At::Above, later(day, 1))];
            stands.extend(around.map(|(at, found)| on_day(self, person, at, day, found)));
        }
        stands
    }
}
