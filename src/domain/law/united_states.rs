//! United States, federal law.

use super::{LegalCase, LegalCheck, LegalOutcome};
use crate::domain::calendar::{Length, day_before, end_of_period, next_day};
use crate::domain::words::Words;
use crate::messages::Said as _;

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
    let basis = Words::fixed("8 CFR 274a.2(c)", "8 CFR 274a.2(c)");
    // The anniversary itself is the last day of the three years that begin the day after.
    let last = end_of_period(next_day(form.completed_on), FORM_I9_MONTHS);
    let (outcome, message) = if form.e_verify_without_authorisation {
        (
            LegalOutcome::Warning,
            Words::fixed(
                "E-Verify で就労許可の確認が得られていないため、新しい Form I-9 と E-Verify の手続きが必要です。",
                "E-Verify never answered 'employment authorized': a new Form I-9 and a new case are needed.",
            ),
        )
    } else if start > last {
        (
            LegalOutcome::Warning,
            Words::new(
                format!(
                    "最初の Form I-9（{}）から3年を過ぎているため、新しい Form I-9 が必要です。",
                    form.completed_on
                ),
                format!("More than three years after the first Form I-9 ({}): a new one is needed.", form.completed_on),
            ),
        )
    } else {
        let expired = form.authorisation_ends.is_some_and(|ends| ends < start);
        let (ja, en) = if expired {
            (
                "就労許可の期限が切れているため、再確認が必要です。",
                " The authorisation has ended: it has to be verified again.",
            )
        } else {
            ("", "")
        };
        (
            LegalOutcome::Information,
            Words::new(
                format!("Supplement B または新しい Form I-9 のいずれかを会社が選べます（{last}まで）。{ja}"),
                format!("Supplement B or a new Form I-9, as the employer chooses (until {last}).{en}"),
            ),
        )
    };
    Some(LegalCheck::new("form_i9", outcome, message, basis))
}

/// Whether earlier service counts towards the twelve months of the FMLA.
fn fmla(case: &LegalCase) -> Option<LegalCheck> {
    let (start, (_, ended)) = (case.offer.start_date?, case.last_period()?);
    let gap = Length::between(next_day(ended), day_before(start));
    let words = gap.words();
    let basis = Words::fixed("29 CFR 825.110(b)", "29 CFR 825.110(b)");
    let must = Words::new(
        format!("従前の勤続（離職{}）は FMLA の12か月に算入しなければなりません。", words.ja),
        format!("Earlier service (a break of {}) must be counted towards the twelve months of the FMLA.", words.en),
    );
    let (outcome, message) = if gap.months < FMLA_BREAK_MONTHS || case.uniformed_service == Some(true) {
        (LegalOutcome::Information, must)
    } else {
        match case.written_intent_to_rehire {
            Some(true) => (LegalOutcome::Information, must),
            Some(false) => (
                LegalOutcome::Information,
                Words::new(
                    format!(
                        "離職が{}で7年以上のため、従前の勤続を FMLA の12か月に算入する必要はありません。",
                        words.ja
                    ),
                    format!(
                        "A break of {}, seven years or more: earlier service need not be counted towards the twelve months of the FMLA.",
                        words.en
                    ),
                ),
            ),
            None => (
                LegalOutcome::NeedsReview,
                Words::new(
                    format!(
                        "離職が{}で7年以上です。再雇用の意思を書面で示していたかにより、算入の要否が変わります。",
                        words.ja
                    ),
                    format!(
                        "A break of {}, seven years or more: it depends on whether the company stated in writing that it intends to rehire.",
                        words.en
                    ),
                ),
            ),
        }
    };
    Some(LegalCheck::new("fmla_earlier_service", outcome, message, basis))
}
