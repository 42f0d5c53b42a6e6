//! Germany.

use super::{LegalCase, LegalCheck, LegalOutcome};
use crate::domain::calendar::{Length, day_before, next_day};
use crate::domain::facts::EmploymentType;
use crate::domain::words::Words;
use crate::messages::Said as _;

/// After so many years the Federal Labour Court held the ban unreasonable (BAG 7 AZR 452/17).
const LONG_AGO_YEARS: i32 = 22;

pub(super) fn checks(case: &LegalCase) -> Vec<LegalCheck> {
    fixed_term(case).into_iter().collect()
}

/// A fixed term without objective ground after any former employment (TzBfG §14(2) s.2; BVerfG, 6 June 2018).
fn fixed_term(case: &LegalCase) -> Option<LegalCheck> {
    let has_end = case.offer.last_day.is_some() || case.offer.employment_type == Some(EmploymentType::FixedTerm);
    let (start, (_, ended)) = (case.offer.start_date?, case.last_period()?);
    if !has_end {
        return None;
    }
    let gap = Length::between(next_day(ended), day_before(start));
    let words = gap.words();
    let (outcome, message) = match case.offer.objective_ground {
        Some(true) => (
            LegalOutcome::Pass,
            Words::fixed("客観的な理由のある期間の定めです。", "The term has an objective ground."),
        ),
        None => (
            LegalOutcome::NeedsReview,
            Words::fixed(
                "期間の定めに客観的な理由があるか確認が必要です。なければ、以前の雇用があるため認められません。",
                "Whether the term has an objective ground has to be known: without one a former employment forbids it.",
            ),
        ),
        Some(false) if gap.months >= LONG_AGO_YEARS * 12 => (
            LegalOutcome::NeedsReview,
            Words::new(
                format!("以前の雇用から{}を経ており、禁止が不合理とされた例があります。確認が必要です。", words.ja),
                format!(
                    "{} have passed; the ban was held unreasonable after 22 years. A person has to look at it.",
                    words.en
                ),
            ),
        ),
        Some(false) => (
            LegalOutcome::Blocked,
            Words::new(
                format!(
                    "以前の雇用があるため（離職{}）、客観的な理由のない期間の定めはできません。期間の定めのない契約か、理由のある期間としてください。",
                    words.ja
                ),
                format!(
                    "A former employment, {} ago, forbids a fixed term without objective ground. Offer a contract without an end, or name a ground.",
                    words.en
                ),
            ),
        ),
    };
    let basis = Words::fixed("TzBfG 14条2項2文（BVerfG 2018年6月6日）", "TzBfG §14(2) s.2 (BVerfG, 6 June 2018)");
    Some(LegalCheck::new("prior_employment_ban", outcome, message, basis))
}
