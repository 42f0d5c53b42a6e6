//! Germany.

use super::{LegalCase, LegalCheck, LegalOutcome};
use crate::calendar::{Length, day_before, next_day};
use crate::facts::EmploymentType;
use crate::messages::{Said as _, law};

/// After so many years the Federal Labour Court held the ban unreasonable (BAG 7 AZR 452/17).
const LONG_AGO_YEARS: i32 = 22;

pub(super) fn checks(case: &LegalCase) -> Vec<LegalCheck> {
    fixed_term(case).into_iter().collect()
}

/// A fixed term without objective ground after any former employment (TzBfG §14(2) s.2; BVerfG, 6
/// June 2018).
fn fixed_term(case: &LegalCase) -> Option<LegalCheck> {
    let has_end = case.offer.last_day.is_some()
        || case.offer.employment_type == Some(EmploymentType::FixedTerm);
    let (start, (_, ended)) = (case.offer.start_date?, case.last_period()?);
    if !has_end {
        return None;
    }
    let gap = Length::between(next_day(ended), day_before(start));
    let (outcome, message) = match case.offer.objective_ground {
        Some(true) => (LegalOutcome::Pass, law::germany::OBJECTIVE_GROUND),
        None => (LegalOutcome::NeedsReview, law::germany::GROUND_NOT_KNOWN),
        Some(false) if gap.months >= LONG_AGO_YEARS * 12 => {
            (LegalOutcome::NeedsReview, law::germany::LongAgo { gap: &gap }.words())
        }
        Some(false) => (LegalOutcome::Blocked, law::germany::Forbidden { gap: &gap }.words()),
    };
    Some(LegalCheck::new("prior_employment_ban", outcome, message, law::germany::BASIS))
}
