//! United States, federal law.

use super::{LegalCase, LegalCheck, LegalOutcome};
use crate::calendar::{Length, day_before, end_of_period, next_day};
use crate::messages::{Said as _, law};

/// A form may serve again for so long (8 CFR 274a.2(c)), in months.
const FORM_I9_MONTHS: i32 = 36;
/// Service before a break of so long need not be counted (29 CFR 825.110(b)), in months.
const FMLA_BREAK_MONTHS: i32 = 84;

pub(super) fn checks(case: &LegalCase) -> Vec<LegalCheck> {
    [form_i9(case), fmla(case)].into_iter().flatten().collect()
}

/// Whether Form I-9 has to be completed anew.
fn form_i9(case: &LegalCase) -> Option<LegalCheck> {
    let (form, start) = (case.form_i9.as_ref()?, case.offer.start_date?);
    // The anniversary itself is the last day of the three years that begin the day after.
    let last = end_of_period(next_day(form.completed_on), FORM_I9_MONTHS);
    let (outcome, message) = if form.e_verify_without_authorisation {
        (LegalOutcome::Warning, law::united_states::E_VERIFY_OPEN)
    } else if start > last {
        (
            LegalOutcome::Warning,
            law::united_states::FormI9TooOld { day: &form.completed_on }.words(),
        )
    } else {
        let expired = form.authorisation_ends.is_some_and(|ends| ends < start);
        let again = expired.then_some(law::united_states::VERIFY_AGAIN);
        (
            LegalOutcome::Information,
            law::united_states::SupplementOrNewForm { day: &last, again: &again }.words(),
        )
    };
    Some(LegalCheck::new("form_i9", outcome, message, law::united_states::FORM_I9_BASIS))
}

/// Whether earlier service counts towards the twelve months of the FMLA.
fn fmla(case: &LegalCase) -> Option<LegalCheck> {
    let (start, (_, ended)) = (case.offer.start_date?, case.last_period()?);
    let gap = Length::between(next_day(ended), day_before(start));
    let must = law::united_states::MustCount { gap: &gap }.words();
    let (outcome, message) = if gap.months < FMLA_BREAK_MONTHS
        || case.uniformed_service == Some(true)
    {
        (LegalOutcome::Information, must)
    } else {
        match case.written_intent_to_rehire {
            Some(true) => (LegalOutcome::Information, must),
            Some(false) => {
                (LegalOutcome::Information, law::united_states::NeedNotCount { gap: &gap }.words())
            }
            None => (LegalOutcome::NeedsReview, law::united_states::MayCount { gap: &gap }.words()),
        }
    };
    Some(LegalCheck::new("fmla_earlier_service", outcome, message, law::united_states::FMLA_BASIS))
}
