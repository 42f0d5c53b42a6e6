//! Registration of the wish to return (再雇用希望登録).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{STEPS_OF_DAY, found_to_be, unknown};
use crate::calendar::{LastDay, Standing, end_of_period, next_day};
use crate::facts::{FactKey, FactSet, Facts, Labelled as _, Registration, RegistrationStatus};
use crate::measures::{
    Answer, AsCondition as _, Axis, Case, Explained, Figure, How, Measure, Reading, Reference,
    Remedy, Stance, Truth,
};
use crate::messages::measures::{self, registration};
use crate::messages::{Said as _, boundary, common, length};
use crate::review::boundary::{At, Bound, Person, Stand, later};
use crate::review::check::Shape;
use crate::values::terms::limit::bounds;
use crate::values::terms::{MonthsLimit, Terms};
use crate::words::{Fault, Words};

crate::codes! {
    /// When the wish has to be registered.
    pub enum RegistrationTiming {
        /// On leaving, no later than the last day employed.
        AtExitOnly = "at_exit_only",
        /// On leaving or afterwards.
        AtOrAfterExit = "at_or_after_exit",
    }
}

/// The wish to return is registered, and the registration holds on the day of application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrationCondition, example = json!({"kind": "registration", "timing": "at_or_after_exit", "valid_months_after_exit": 84}))]
pub struct Registered {
    /// When it has to be made.
    pub timing: RegistrationTiming,
    /// It has to be made within so many months of leaving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_months_of_exit: Option<MonthsLimit>,
    /// It lapses so many months after leaving, whatever the register says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_months_after_exit: Option<MonthsLimit>,
    /// What happens on the last day of these periods.
    #[serde(default = "unstated")]
    pub last_day: LastDay,
}

const fn unstated() -> LastDay {
    LastDay::Unstated
}

fn standing(standing: Standing) -> Answer {
    match standing {
        Standing::Inside => Answer::known(Truth::Met),
        Standing::Open => Answer::open(),
        Standing::Outside => Answer::known(Truth::NotMet),
    }
}

/// The least of two answers, with what both miss.
fn both(one: Answer, other: Answer) -> Answer {
    let truth = one.truth.min(other.truth);
    let missing =
        if truth == Truth::Unknown { one.missing.and(other.missing) } else { FactSet::NONE };
    Answer { truth, missing }
}

impl Registered {
    fn first_day(case: &Case<'_>) -> Option<NaiveDate> {
        case.exit_date().map(next_day)
    }

    fn end(first: NaiveDate, months: u16) -> NaiveDate {
        end_of_period(first, i32::from(months))
    }

    /// Whether this registration was made in time.
    fn is_timely(&self, case: &Case<'_>, registration: &Registration) -> Answer {
        let Some(first) = Self::first_day(case) else {
            let is_free = self.timing == RegistrationTiming::AtOrAfterExit
                && self.within_months_of_exit.is_none();
            return if is_free {
                Answer::known(Truth::Met)
            } else {
                Answer::lacks(FactKey::EmploymentPeriods)
            };
        };
        let timely = match self.timing {
            RegistrationTiming::AtExitOnly => {
                Answer::known(Truth::of(registration.registered_on < first))
            }
            RegistrationTiming::AtOrAfterExit => Answer::known(Truth::Met),
        };
        match self.within_months_of_exit.as_ref().map(MonthsLimit::number) {
            None => timely,
            Some(months) => both(
                timely,
                standing(
                    self.last_day.standing(Self::end(first, months), registration.registered_on),
                ),
            ),
        }
    }

    /// Whether this registration holds on the day of application.
    fn holds(&self, case: &Case<'_>, registration: &Registration) -> Answer {
        let status = match registration.status {
            Some(RegistrationStatus::Active) => Answer::known(Truth::Met),
            Some(
                RegistrationStatus::Expired
                | RegistrationStatus::Withdrawn
                | RegistrationStatus::Revoked,
            ) => Answer::known(Truth::NotMet),
            None => Answer::lacks(FactKey::Registrations),
        };
        let status = if registration.wish_to_return == Some(false) {
            Answer::known(Truth::NotMet)
        } else {
            status
        };
        let Ok(day) = case.reference(Reference::ApplicationDate) else {
            return both(status, Answer::lacks(FactKey::ApplicationDate));
        };
        let is_within = registration.registered_on <= day
            && registration.valid_until.is_none_or(|until| day <= until);
        let holds = both(status, Answer::known(Truth::of(is_within)));
        match self.valid_months_after_exit.as_ref().map(MonthsLimit::number) {
            None => holds,
            Some(months) => both(
                holds,
                Self::first_day(case).map_or(Answer::lacks(FactKey::EmploymentPeriods), |first| {
                    standing(self.last_day.standing(Self::end(first, months), day))
                }),
            ),
        }
    }

    fn required(&self) -> Words {
        match self.timing {
            RegistrationTiming::AtExitOnly => registration::REQUIRED_ON_LEAVING,
            RegistrationTiming::AtOrAfterExit => registration::REQUIRED,
        }
    }
}

/// A registration that holds.
const fn made_on(day: NaiveDate) -> Registration {
    Registration {
        registered_on: day,
        wish_to_return: Some(true),
        certificate_no: None,
        valid_until: None,
        status: Some(RegistrationStatus::Active),
        written_intent_to_rehire: None,
    }
}

/// The rule with the person it is tried on.
struct Tried<'t> {
    rule: &'t Registered,
    person: &'t Person,
}

impl Tried<'_> {
    fn end(&self, months: Option<&MonthsLimit>) -> Option<NaiveDate> {
        months.map(|months| end_of_period(next_day(self.person.exit), months.number().into()))
    }

    /// What the words of the rule say of one made on a day, for an application on another.
    fn answer(&self, made: NaiveDate, applied: NaiveDate) -> Truth {
        let on = |end: Option<NaiveDate>, day: NaiveDate| {
            end.map_or(Truth::Met, |end| {
                truth_of(self.rule.last_day, day.signed_duration_since(end).num_days())
            })
        };
        let timely = match self.rule.timing {
            RegistrationTiming::AtExitOnly => Truth::of(made <= self.person.exit),
            RegistrationTiming::AtOrAfterExit => Truth::Met,
        };
        let in_time = on(self.end(self.rule.within_months_of_exit.as_ref()), made);
        let holds = on(self.end(self.rule.valid_months_after_exit.as_ref()), applied);
        timely.min(in_time).min(holds).min(Truth::of(made <= applied))
    }

    fn facts(&self, registration: Registration, applied: NaiveDate) -> Facts {
        let mut facts = self.person.applying(applied);
        facts.registrations = Some(vec![registration]);
        facts
    }

    /// One made on a day. Who registers late applies no earlier than that.
    fn made(&self, at: At, bound: &Bound, day: NaiveDate) -> Stand {
        let applied = self.person.applied.max(day);
        let (truth, value) =
            (self.answer(day, applied), measures::registration::Actual { day: &day }.words());
        let standing = bound.standing(at, &length::ONE_DAY);
        Stand::answering(at, truth, value, standing, self.facts(made_on(day), applied))
    }

    /// One made on leaving, for an application on a day.
    fn applied(&self, at: At, bound: &Bound, day: NaiveDate) -> Stand {
        let (truth, value) =
            (self.answer(self.person.exit, day), boundary::AppliedOn { day: &day }.words());
        let standing = bound.standing(at, &length::ONE_DAY);
        Stand::answering(at, truth, value, standing, self.facts(made_on(self.person.exit), day))
    }

    /// One made on leaving, that the register lets lapse on a day.
    fn lapsing(&self, at: At, day: NaiveDate) -> Stand {
        let (exit, applied) = (self.person.exit, self.person.applied);
        let truth = self.answer(exit, applied).min(Truth::of(applied <= day));
        let registration = Registration { valid_until: Some(day), ..made_on(exit) };
        let (value, standing) = (
            boundary::Lapses { day: &day }.words(),
            Bound::Day(day).standing(at, &length::ONE_DAY),
        );
        Stand::answering(at, truth, value, standing, self.facts(registration, applied))
    }
}

/// What is known of a day that lies so far from the end of a period.
const fn truth_of(last_day: LastDay, days_after: i64) -> Truth {
    match (last_day, days_after) {
        (_, ..=0) | (LastDay::DayAfterPeriodIn, 1) => Truth::Met,
        (LastDay::Unstated, 1) => Truth::Unknown,
        (LastDay::LastDayOfPeriodIn | LastDay::DayAfterPeriodIn | LastDay::Unstated, _) => {
            Truth::NotMet
        }
    }
}

impl Measure for Registered {
    bounds! { within_months_of_exit, valid_months_after_exit }

    fn reads(&self) -> FactSet {
        FactSet::of(&[FactKey::Registrations, FactKey::ApplicationDate, FactKey::EmploymentPeriods])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        let Some(registrations) = &case.facts.registrations else {
            return Answer::lacks(FactKey::Registrations);
        };
        // Each is held against two periods.
        if !case.pay(registrations.len() * 2 * STEPS_OF_DAY) {
            return Answer::open();
        }
        let answers =
            registrations.iter().map(|one| both(self.is_timely(case, one), self.holds(case, one)));
        // Any one that does is enough.
        answers.fold(Answer::known(Truth::NotMet), |best, next| match (best.truth, next.truth) {
            (Truth::Unknown, Truth::Unknown) => {
                Answer { truth: Truth::Unknown, missing: best.missing.and(next.missing) }
            }
            (one, other) => {
                if other > one {
                    next
                } else {
                    best
                }
            }
        })
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        let Some(registrations) = &case.facts.registrations else {
            return Reading::lacks(FactKey::Registrations);
        };
        let Some(newest) =
            registrations.iter().max_by_key(|registration| registration.registered_on)
        else {
            return Reading { how: How::Nothing, figures: Default::default() };
        };
        let how = match self.read(case).truth {
            Truth::NotMet if self.is_timely(case, newest).truth != Truth::NotMet => How::TooLate,
            truth @ (Truth::Met | Truth::NotMet | Truth::Unknown) => How::from(truth),
        };
        Reading { how, figures: [Figure::Day(newest.registered_on), Figure::None, Figure::None] }
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        let ([day, ..], required) = (&reading.figures, self.required());
        if stance != Stance::Required && reading.how != How::NotKnown {
            let actual = match reading.how {
                How::Nothing => registration::NOTHING,
                How::Met
                | How::NotMet
                | How::TooLate
                | How::TooEarly
                | How::NotLeftYet
                | How::Open
                | How::NotKnown => registration::Actual { day }.words(),
            };
            return found_to_be(&registration::SUBJECT, required, actual, reading.how, stance);
        }
        let (actual, sentence) = match reading.how {
            How::NotKnown => (common::NOT_KNOWN, unknown(day)),
            How::Nothing => (registration::NOTHING, registration::NOTHING_REGISTERED),
            How::Met => (registration::Actual { day }.words(), registration::Holds { day }.words()),
            How::TooLate => {
                (registration::Actual { day }.words(), registration::Lapsed { day }.words())
            }
            How::NotMet | How::NotLeftYet | How::TooEarly => {
                (registration::Actual { day }.words(), registration::OutOfTime { day }.words())
            }
            How::Open => (registration::Actual { day }.words(), registration::Open { day }.words()),
        };
        Explained { subject: None, required, actual, sentence }
    }

    fn cuts(&self, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
        if axis != Axis::ApplicationDate {
            return Vec::new();
        }
        let registrations = case.facts.registrations.iter().flatten();
        let own = registrations
            .flat_map(|one| [Some(one.registered_on), one.valid_until.map(next_day)])
            .flatten();
        let lapse = Self::first_day(case)
            .zip(self.valid_months_after_exit.as_ref().map(MonthsLimit::number))
            .map(|(first, months)| next_day(Self::end(first, months)));
        own.chain(lapse.into_iter().flat_map(|day| [day, next_day(day)])).collect()
    }

    fn remedy(&self, case: &Case<'_>) -> Option<Remedy> {
        let limits =
            [&self.valid_months_after_exit, &self.within_months_of_exit].into_iter().flatten();
        let from = Self::first_day(case).zip(case.today());
        let is_past = |limit: &MonthsLimit| {
            from.is_some_and(|(first, today)| today > next_day(Self::end(first, limit.number())))
        };
        let is_too_late = limits.into_iter().any(is_past);
        (self.timing == RegistrationTiming::AtOrAfterExit && !is_too_late)
            .then_some(Remedy::Register)
    }

    fn faults(&self) -> Vec<Fault> {
        super::too_many_months(&[
            (self.within_months_of_exit.as_ref(), "/within_months_of_exit"),
            (self.valid_months_after_exit.as_ref(), "/valid_months_after_exit"),
        ])
    }

    fn shape(&self) -> Shape {
        Shape::itself(&self.as_condition(), FactKey::Registrations.label())
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let tried = Tried { rule: self, person };
        let mut stands = Vec::new();
        match self.timing {
            RegistrationTiming::AtExitOnly => {
                let bound = Bound::Day(person.exit);
                stands.push(tried.made(At::Below, &bound, later(person.exit, -1)));
                stands.push(tried.made(At::Threshold, &bound, person.exit));
                stands.push(tried.made(At::Above, &bound, later(person.exit, 1)));
            }
            RegistrationTiming::AtOrAfterExit => {
                let (truth, day) = (tried.answer(person.exit, person.applied), person.exit);
                let value = measures::registration::Actual { day: &day }.words();
                let facts = tried.facts(made_on(day), person.applied);
                stands.push(Stand::answering(
                    At::Accepted,
                    truth,
                    value,
                    boundary::LAST_DAY_EMPLOYED,
                    facts,
                ));
            }
        }
        let places = [(At::Below, -1), (At::Threshold, 0), (At::DayAfter, 1), (At::Above, 2)];
        if let (Some(months), Some(end)) =
            (&self.within_months_of_exit, tried.end(self.within_months_of_exit.as_ref()))
        {
            let bound = Bound::most(months.number());
            stands.extend(places.map(|(at, days)| tried.made(at, &bound, later(end, days))));
        }
        if let (Some(months), Some(end)) =
            (&self.valid_months_after_exit, tried.end(self.valid_months_after_exit.as_ref()))
        {
            let bound = Bound::most(months.number());
            stands.extend(places.map(|(at, days)| tried.applied(at, &bound, later(end, days))));
        }
        // An end before the beginning cannot be registered.
        if person.exit < person.applied {
            stands.push(tried.lapsing(At::Threshold, person.applied));
            stands.push(tried.lapsing(At::Above, later(person.applied, -1)));
        }
        let none = person.with(|facts| facts.registrations = Some(Vec::new()));
        stands.push(Stand::accepted(false, boundary::NONE_REGISTERED, none));
        stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(measure: serde_json::Value, registrations: serde_json::Value, applied: &str) -> Answer {
        let measure: Registered = serde_json::from_value(measure).unwrap();
        let facts: Facts = serde_json::from_value(serde_json::json!({
            "employment_periods": [{"start": "2010-04-01", "last_day": "2019-03-31"}],
            "registrations": registrations, "application": {"application_date": applied}
        }))
        .unwrap();
        measure.read(&Case::new(&facts))
    }

    #[test]
    fn a_late_registration_is_none_and_one_in_time_holds() {
        let within =
            || serde_json::json!({"timing": "at_or_after_exit", "within_months_of_exit": 36});
        let on = |day: &str| serde_json::json!([{"registered_on": day, "status": "active"}]);
        assert_eq!(read(within(), on("2022-05-10"), "2028-02-01").truth, Truth::NotMet);
        assert_eq!(read(within(), on("2021-12-01"), "2028-02-01").truth, Truth::Met);
        assert_eq!(read(within(), on("2022-04-01"), "2028-02-01"), Answer::open());
    }

    #[test]
    fn it_lapses_and_an_empty_register_is_known_to_be_empty() {
        let lapsing =
            || serde_json::json!({"timing": "at_or_after_exit", "valid_months_after_exit": 84});
        let registered =
            || serde_json::json!([{"registered_on": "2019-03-31", "status": "active"}]);
        assert_eq!(read(lapsing(), registered(), "2026-03-31").truth, Truth::Met);
        assert_eq!(read(lapsing(), registered(), "2026-05-01").truth, Truth::NotMet);
        assert_eq!(read(lapsing(), serde_json::json!([]), "2026-03-31").truth, Truth::NotMet);
        assert_eq!(
            read(lapsing(), serde_json::Value::Null, "2026-03-31"),
            Answer::lacks(FactKey::Registrations)
        );
    }
}
