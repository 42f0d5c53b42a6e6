//! Words and faults that several measures share.

use crate::calendar::Length;
use crate::measures::{Explained, How, Reading, Stance, Truth};
use crate::messages::{Said, document, measures};
use crate::values::terms::MonthsLimit;
use crate::words::{Fault, Words};

/// How many names are compared for one step.
pub(super) const NAMES_A_STEP: usize = 8;

/// The sentence of a fact that is not known.
pub(super) fn unknown(what: &dyn Said) -> Words {
    measures::NotKnown { what }.words()
}

/// What was found, beside what was wanted; the first figure is what was found.
pub(super) fn found(
    what: &Words,
    required: Words,
    reading: &Reading<'_>,
    stance: Stance,
) -> Explained {
    found_to_be(what, required, reading.actual(), reading.how, stance)
}

/// What was found, in words of its own, beside what was wanted.
pub(super) fn found_to_be(
    what: &Words,
    required: Words,
    actual: Words,
    how: How,
    stance: Stance,
) -> Explained {
    let sentence = match how {
        How::NotKnown => unknown(what),
        How::Met => compared(stance, Truth::Met, what, &actual, &required),
        How::NotMet | How::NotLeftYet | How::TooEarly | How::TooLate | How::Nothing => {
            compared(stance, Truth::NotMet, what, &actual, &required)
        }
        How::Open => compared(stance, Truth::Unknown, what, &actual, &required),
    };
    let actual = if how == How::NotKnown { crate::messages::common::NOT_KNOWN } else { actual };
    Explained { subject: Some(what.clone()), required, actual, sentence }
}

/// Returns the sentence of what was found beside what a leaf of this stance compares it with.
fn compared(
    stance: Stance,
    truth: Truth,
    what: &dyn Said,
    actual: &dyn Said,
    required: &dyn Said,
) -> Words {
    macro_rules! of {
        ($stance:ident) => {
            match truth {
                Truth::Met => measures::$stance::Met { what, actual, required }.words(),
                Truth::NotMet => measures::$stance::NotMet { what, actual, required }.words(),
                Truth::Unknown => measures::$stance::Open { what, actual, required }.words(),
            }
        };
    }
    match stance {
        Stance::Required => of!(required),
        Stance::Excluded => of!(excluded),
        Stance::Judged => of!(judged),
        Stance::Spared => of!(spared),
    }
}

/// The length of time of a bound.
pub(super) fn months(limit: &MonthsLimit) -> Length {
    Length::of_months(limit.number().into())
}

/// The steps of finding a day that lies so many months from another, or the window of a year.
pub(super) const STEPS_OF_DAY: usize = 2;

/// The longest time that a regulation can mean, in months.
const MOST_MONTHS: u16 = 1200;

/// The faults of months beyond that, at their fields.
pub(super) fn too_many_months(limits: &[(Option<&MonthsLimit>, &'static str)]) -> Vec<Fault> {
    let beyond = limits.iter().filter(|(months, _)| {
        months.and_then(MonthsLimit::written).is_some_and(|months| months > MOST_MONTHS)
    });
    beyond
        .map(|(_, place)| Fault::new(*place, "too_large", document::AT_MOST_1200_MONTHS))
        .collect()
}

/// The fault of an empty list.
pub(super) fn empty_list(list_is_empty: bool) -> Vec<Fault> {
    list_is_empty
        .then(|| Fault::new("/any_of", "empty", document::NAME_AT_LEAST_ONE))
        .into_iter()
        .collect()
}
