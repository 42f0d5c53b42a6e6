//! Standing at the bounds of a registration: made in time or late, and lapsed.

use chrono::NaiveDate;

use super::At;
use super::days::standing;
use super::person::{Person, later};
use super::stand::{Bound, Stand};
use crate::calendar::{end_of_period, next_day};
use crate::condition::Truth;
use crate::condition::measures::Registered;
use crate::condition::measures::registration::RegistrationTiming;
use crate::facts::{Facts, Registration, RegistrationStatus};
use crate::messages::{Said as _, boundary, length, measures};
use crate::terms::MonthsLimit;

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
                standing(self.rule.last_day, day.signed_duration_since(end).num_days())
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

pub(super) fn registered(rule: &Registered, person: &Person) -> Vec<Stand> {
    let tried = Tried { rule, person };
    let mut stands = Vec::new();
    match rule.timing {
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
        (&rule.within_months_of_exit, tried.end(rule.within_months_of_exit.as_ref()))
    {
        let bound = Bound::most(months.number());
        stands.extend(places.map(|(at, days)| tried.made(at, &bound, later(end, days))));
    }
    if let (Some(months), Some(end)) =
        (&rule.valid_months_after_exit, tried.end(rule.valid_months_after_exit.as_ref()))
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
