//! A measure with the values of its parameters in their places, as one case has them.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::{Answer, Axis, Case, Condition, Explained, Measure, Reference, Remedy, Stance};
use crate::calendar::day_before;
use crate::facts::{FactKey, FactSet, Facts, Labelled as _};
use crate::messages::measures::parameter;
use crate::messages::{Joined, Said as _, common, listed};
use crate::values::terms::{AppliedParameter, NoValue, Terms};
use crate::words::Words;

/// What stands in the place of a measure.
enum Form {
    /// The measure itself: it names no parameter.
    Plain,
    /// One with numbers.
    Own(Box<dyn Measure>),
    /// A parameter has no value.
    Lacking(Lacking),
}

struct Lacking {
    answer: Answer,
    name: Words,
    sentence: Words,
}

/// A measure of a case, its parameters settled.
pub(crate) struct Settled<'m> {
    measure: &'m dyn Measure,
    form: Form,
    applied: Vec<AppliedParameter>,
    basis: FactSet,
}

impl<'m> Settled<'m> {
    /// Settles the parameters of a measure.
    pub(crate) fn of(measure: &'m dyn Measure, case: &Case<'_>) -> Self {
        let mut settled =
            Self { measure, form: Form::Plain, applied: Vec::new(), basis: FactSet::NONE };
        let mut names: Vec<String> = Vec::new();
        measure.each_parameter(&mut |_, _, name| names.push(name.to_owned()));
        if names.is_empty() {
            return settled;
        }
        let Some(terms) = case.terms() else {
            settled.form = Form::Lacking(lacking(&names, None, NoValue::NoParameter));
            return settled;
        };
        settled.settle(names, terms, case.basis_day(terms));
        settled
    }

    /// Settles the parameters as they are on a day.
    fn settle(&mut self, names: Vec<String>, terms: &Terms, day: Result<NaiveDate, FactKey>) {
        let mut lacks = None;
        self.basis = Reference::from(terms.basis()).fact();
        let mut applied = Vec::new();
        let own = self.measure.settled(&mut |name| match terms.value(name, day) {
            Ok(found) => {
                applied.push(AppliedParameter {
                    name: found.parameter.name.clone(),
                    label: found.parameter.label.clone(),
                    value: found.value.literal(found.unit),
                    from: found.from,
                });
                found.value.number().filter(Decimal::is_integer)?.to_i64()
            }
            Err(why) => {
                lacks = Some((name.to_owned(), why));
                None
            }
        });
        self.applied = applied;
        self.form = match own {
            Some(own) => Form::Own(own),
            None => {
                let (name, why) =
                    lacks.map_or((names, NoValue::NoParameter), |(name, why)| (vec![name], why));
                Form::Lacking(lacking(&name, Some(terms), why))
            }
        };
    }

    /// The facts that it reads, with the date that chooses its values.
    pub(crate) fn reads(&self) -> FactSet {
        self.measure.reads().and(self.basis)
    }

    /// The leaf with numbers in the places of its parameters; nothing where one has no value.
    pub(crate) fn leaf(&self) -> Option<Condition> {
        match &self.form {
            Form::Plain => Some(self.measure.as_condition()),
            Form::Own(own) => Some(own.as_condition()),
            Form::Lacking(_) => None,
        }
    }

    /// Its answer, without words.
    pub(crate) fn read(&self, case: &Case<'_>) -> Answer {
        match &self.form {
            Form::Plain => self.measure.read(case),
            Form::Own(own) => own.read(case),
            Form::Lacking(lacking) => lacking.answer,
        }
    }

    /// Its answer in words, with the values that it rests on.
    pub(crate) fn explain(&self, case: &Case<'_>, stance: Stance) -> Explained {
        match &self.form {
            Form::Plain => self.measure.explain(case, stance),
            Form::Own(own) => {
                let explained = own.explain(case, stance);
                let cited: Vec<Words> = self.applied.iter().map(cited).collect();
                let applied = &listed(&cited);
                let required =
                    parameter::WithApplied { required: &explained.required, applied }.words();
                let values = parameter::ValuesApplied { applied }.words();
                let sentence = Joined {
                    of: &[explained.sentence, values],
                    between: common::BETWEEN_SENTENCES,
                }
                .words();
                Explained { required, sentence, ..explained }
            }
            Form::Lacking(lacking) => Explained {
                subject: None,
                required: parameter::ByValueOf { name: &lacking.name }.words(),
                actual: crate::messages::common::NOT_KNOWN,
                sentence: lacking.sentence.clone(),
            },
        }
    }

    /// What could be done about it.
    pub(crate) fn remedy(&self, case: &Case<'_>) -> Option<Remedy> {
        match &self.form {
            Form::Plain => self.measure.remedy(case),
            Form::Own(own) => own.remedy(case),
            Form::Lacking(_) => None,
        }
    }

    /// The values that it rests on.
    pub(crate) fn into_applied(self) -> Vec<AppliedParameter> {
        self.applied
    }
}

/// What a measure wants of anybody: with each value that its parameters ever have, and the day from
/// which that holds.
pub(crate) fn wanted(measure: &dyn Measure, terms: &Terms) -> (Option<Words>, Vec<Words>) {
    let (facts, mut names) = (Facts::default(), Vec::new());
    let case = Case::new(&facts).under(terms);
    measure.each_parameter(&mut |_, _, name| names.push(name.to_owned()));
    let of_day = |day| {
        let mut settled =
            Settled { measure, form: Form::Plain, applied: Vec::new(), basis: FactSet::NONE };
        if !names.is_empty() {
            settled.settle(names.clone(), terms, Ok(day));
        }
        settled.explain(&case, Stance::Required)
    };
    // A value that holds from the beginning holds on the first day there is.
    let dated = names
        .iter()
        .filter_map(|name| terms.parameter(name))
        .flat_map(|parameter| &parameter.values);
    let mut days: Vec<NaiveDate> =
        dated.map(|dated| dated.from.unwrap_or(NaiveDate::MIN)).collect();
    days.sort_unstable();
    days.dedup();
    if days.is_empty() {
        days.push(NaiveDate::MIN);
    }
    let explained: Vec<Explained> = days.into_iter().map(of_day).collect();
    let subject = explained.first().and_then(|explained| explained.subject.clone());
    (subject, explained.into_iter().map(|explained| explained.required).collect())
}

/// `「最低勤続」24か月、2027-04-01から`.
fn cited(applied: &AppliedParameter) -> Words {
    let (label, value) = (&applied.label, &applied.value.to_string());
    match &applied.from {
        Some(from) => parameter::AppliedSince { label, value, from }.words(),
        None => parameter::Applied { label, value }.words(),
    }
}

fn lacking(names: &[String], terms: Option<&Terms>, why: NoValue) -> Lacking {
    let first = names.first().cloned().unwrap_or_default();
    let label =
        terms.and_then(|terms| terms.parameter(&first)).map(|parameter| parameter.label.clone());
    let name = label.unwrap_or_else(|| Words::new(first.clone(), first));
    let answer = match why {
        NoValue::NoDay(fact) => Answer::lacks(fact),
        NoValue::NoneOn(_) | NoValue::NoParameter => Answer::open(),
    };
    Lacking { answer, sentence: no_value(&name, why), name }
}

/// Why a parameter has no value, as a sentence.
pub(crate) fn no_value(name: &Words, why: NoValue) -> Words {
    match why {
        NoValue::NoDay(fact) => parameter::NoDay { name, day: &basis_words(fact) }.words(),
        NoValue::NoneOn(day) => parameter::NoneOnDay { name, day: &day }.words(),
        NoValue::NoParameter => parameter::NoValue { name }.words(),
    }
}

fn basis_words(fact: FactKey) -> Words {
    if fact == FactKey::EmploymentPeriods { common::LAST_DAY_EMPLOYED } else { fact.label() }
}

/// The steps of putting the values of parameters into a measure.
const STEPS_OF_SETTLING: usize = 16;

/// The days on an axis from which on the answer of a measure may differ from that of the day
/// before, whatever its parameters are there.
pub(crate) fn cuts(measure: &dyn Measure, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
    let mut changes: Vec<NaiveDate> = Vec::new();
    if let Some(terms) = case.terms() {
        measure.each_parameter(&mut |_, _, name| {
            changes.extend(
                terms.parameter(name).into_iter().flat_map(|parameter| parameter.changes()),
            );
        });
    }
    let moves =
        case.terms().is_some_and(|terms| Reference::from(terms.basis()).axis() == Some(axis));
    if !moves || changes.is_empty() {
        return own_cuts(&Settled::of(measure, case), case, axis);
    }
    changes.sort_unstable();
    changes.dedup();
    // The measure is settled once in every stretch.
    if !case.pay((1 + changes.len()) * STEPS_OF_SETTLING) {
        return Vec::new();
    }
    let before = changes.first().copied().map(day_before);
    let stretches = before.into_iter().chain(changes.iter().copied());
    let own =
        stretches.flat_map(|day| own_cuts(&Settled::of(measure, &case.on(axis, day)), case, axis));
    own.chain(changes.iter().copied()).collect()
}

fn own_cuts(settled: &Settled<'_>, case: &Case<'_>, axis: Axis) -> Vec<NaiveDate> {
    match &settled.form {
        Form::Plain => settled.measure.cuts(case, axis),
        Form::Own(own) => own.cuts(case, axis),
        Form::Lacking(_) => Vec::new(),
    }
}
