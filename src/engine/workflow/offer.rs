//! Offers: their terms, their states, who may do what, and when they end.

use crate::messages::{Said as _, document, offers};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::{EmploymentType, Pay};
use crate::text::is_unseen;
use crate::words::{Fault, Refusal, RefusalCode, Words};

crate::codes! {
    /// State of an offer.
    pub enum OfferState {
        /// Being written.
        Draft = "draft",
        /// With the approver.
        PendingApproval = "pending_approval",
        /// Approved, not yet sent.
        Approved = "approved",
        /// In the applicant's hands.
        Sent = "sent",
        /// Accepted: a contract stands.
        Accepted = "accepted",
        /// Declined by the applicant.
        Declined = "declined",
        /// Its last day passed.
        Expired = "expired",
        /// Taken back by the company.
        Cancelled = "cancelled",
    }
}

impl OfferState {
    /// Returns the state that an offer has on this day: one that the applicant holds lapses after
    /// its last day.
    #[must_use]
    pub fn on(self, today: NaiveDate, expires_on: NaiveDate) -> Self {
        if self == Self::Sent && expires_on < today { Self::Expired } else { self }
    }

    /// The applicant holds it or has accepted it.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Sent | Self::Accepted)
    }
}

crate::codes! {
    /// What can be done with an offer.
    pub enum OfferMove {
        /// Hand to the approver.
        RequestApproval = "request_approval",
        /// Give back to the writer.
        SendBack = "send_back",
        /// Approve.
        Approve = "approve",
        /// Send to the applicant.
        Send = "send",
        /// Accept (the applicant).
        Accept = "accept",
        /// Decline (the applicant).
        Decline = "decline",
        /// Let lapse after its last day.
        Expire = "expire",
        /// Take back.
        Cancel = "cancel",
    }
}

/// What must hold for a move of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferGuard {
    /// Somebody who wrote none of it, and did not ask for the approval.
    NotOwnRequest,
    /// The last day has not passed.
    InTime,
    /// The last day has passed.
    PastExpiry,
}

/// One row of the table of offers.
#[derive(Debug)]
pub struct OfferRow {
    /// From these states.
    pub from: &'static [OfferState],
    /// This move.
    pub kind: OfferMove,
    /// Leads here.
    pub to: OfferState,
    /// When all of these hold.
    pub guards: &'static [OfferGuard],
    /// A reason must be given.
    pub reason: bool,
}

const fn row(
    from: &'static [OfferState],
    kind: OfferMove,
    to: OfferState,
    guards: &'static [OfferGuard],
) -> OfferRow {
    OfferRow { from, kind, to, guards, reason: false }
}

use OfferGuard::{InTime, NotOwnRequest, PastExpiry};
use OfferState::{Accepted, Approved, Cancelled, Declined, Draft, Expired, PendingApproval, Sent};

/// Every transition of an offer.
pub static ROWS: &[OfferRow] = &[
    row(&[Draft], OfferMove::RequestApproval, PendingApproval, &[InTime]),
    OfferRow { reason: true, ..row(&[PendingApproval, Approved], OfferMove::SendBack, Draft, &[]) },
    row(&[PendingApproval], OfferMove::Approve, Approved, &[NotOwnRequest, InTime]),
    row(&[Approved], OfferMove::Send, Sent, &[InTime]),
    row(&[Sent], OfferMove::Accept, Accepted, &[InTime]),
    row(&[Sent], OfferMove::Decline, Declined, &[]),
    row(&[Draft, PendingApproval, Approved, Sent], OfferMove::Expire, Expired, &[PastExpiry]),
    // An accepted offer is a labour contract with a reserved right to cancel: Supreme Court, 20
    // July 1979 (Dai Nippon Printing).
    OfferRow {
        reason: true,
        ..row(
            &[Draft, PendingApproval, Approved, Sent, Accepted],
            OfferMove::Cancel,
            Cancelled,
            &[],
        )
    },
];

/// All that the guards of an offer read.
#[derive(Debug, Clone, Copy)]
pub struct OfferContext {
    /// Its state.
    pub state: OfferState,
    /// The one who acts wrote some of it, or asked for the approval.
    pub is_own: bool,
    /// Today in the organization's zone.
    pub today: NaiveDate,
    /// The last day on which it can be accepted.
    pub expires_on: NaiveDate,
}

/// Whether something can be done with an offer now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferMoveAnswer {
    /// The move.
    pub kind: OfferMove,
    /// The state after it.
    pub to: OfferState,
    /// It may be made now.
    pub allowed: bool,
    /// It needs a reason.
    pub reason_required: bool,
    /// Everything that stands against it.
    pub refusals: Vec<Refusal>,
}

fn refusals(context: &OfferContext, row: &OfferRow) -> impl Iterator<Item = RefusalCode> {
    row.guards.iter().filter_map(|guard| match guard {
        NotOwnRequest => context.is_own.then_some(RefusalCode::OwnRequest),
        InTime => (context.today > context.expires_on).then_some(RefusalCode::OfferPastExpiry),
        PastExpiry => {
            (context.today <= context.expires_on).then_some(RefusalCode::OfferNotYetExpired)
        }
    })
}

/// Every move that exists from the offer's state, allowed or not.
#[must_use]
pub fn allowed_offer_moves(context: &OfferContext) -> Vec<OfferMoveAnswer> {
    ROWS.iter()
        .filter(|row| row.from.contains(&context.state))
        .map(|row| {
            let refusals: Vec<Refusal> = refusals(context, row).map(RefusalCode::refusal).collect();
            OfferMoveAnswer {
                kind: row.kind,
                to: row.to,
                allowed: refusals.is_empty(),
                reason_required: row.reason,
                refusals,
            }
        })
        .collect()
}

/// Makes a move of an offer: the state after it.
///
/// # Errors
/// Everything that stands against it.
pub fn apply_offer(
    context: &OfferContext,
    kind: OfferMove,
    reason: Option<&str>,
) -> Result<OfferState, Vec<Refusal>> {
    let Some(row) = ROWS.iter().find(|row| row.kind == kind && row.from.contains(&context.state))
    else {
        return Err(vec![RefusalCode::NoSuchMove.refusal()]);
    };
    let silent = row.reason && reason.is_none_or(|reason| reason.trim().is_empty());
    let found: Vec<Refusal> = refusals(context, row)
        .chain(silent.then_some(RefusalCode::ReasonRequired))
        .map(RefusalCode::refusal)
        .collect();
    if found.is_empty() { Ok(row.to) } else { Err(found) }
}

/// How former service counts for one benefit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"benefit": "annual_leave", "service_date": "2017-02-01", "note": {"ja": "離職期間を除いて通算", "en": "Former service counted, time away left out"}}))]
pub struct ServiceAggregationLine {
    /// The benefit, by the regulation's code.
    #[schema(max_length = 200)]
    pub benefit: String,
    /// The day from which service counts; absent where former service does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_date: Option<NaiveDate>,
    /// In words.
    pub note: Words,
}

/// What is offered. Place and duties carry the scope of future change, which has to be stated since
/// 1 April 2024 (Labour Standards Act Enforcement Rules, art. 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "job": "General affairs", "grade": "3", "employment_type": "regular", "start_date": "2026-04-01",
    "base_pay": {"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"}, "workplace": "Takamatsu",
    "probation_months": 3, "scope_of_change": {"ja": "本学の定める場所・業務", "en": "Places and duties set by the university"}
}))]
pub struct OfferTerms {
    /// The job.
    #[schema(max_length = 200)]
    pub job: String,
    /// The grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub grade: Option<String>,
    /// Kind of employment.
    pub employment_type: EmploymentType,
    /// Full time (常勤).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_time: Option<bool>,
    /// Job family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub job_family: Option<String>,
    /// First day.
    pub start_date: NaiveDate,
    /// Last day of a fixed term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<NaiveDate>,
    /// Base pay.
    pub base_pay: Pay,
    /// The workplace.
    #[schema(max_length = 200)]
    pub workplace: String,
    /// Months of probation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 24)]
    pub probation_months: Option<u8>,
    /// How former service counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub service_aggregation: Vec<ServiceAggregationLine>,
    /// To which places and duties the person can be moved later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_of_change: Option<Words>,
    /// On which grounds the company may still cancel after acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation_grounds: Option<Words>,
    /// Anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 4000)]
    pub remarks: Option<String>,
}

/// Most characters of what an offer says in each language.
const MOST_SAID: usize = 4_000;

impl OfferTerms {
    /// Finds what no offer can be: names of which nothing is seen, an end before the start, pay
    /// that is not positive, and words without end.
    ///
    /// # Errors
    /// Every fault found.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        for (text, place) in [(&self.job, "/job"), (&self.workplace, "/workplace")] {
            if is_unseen(text) {
                faults.push(Fault::new(place, "empty", document::CANNOT_BE_EMPTY));
            }
        }
        if self.end_date.is_some_and(|end| end < self.start_date) {
            faults.push(Fault::new(
                "/end_date",
                "ends_before_it_begins",
                offers::ENDS_BEFORE_IT_BEGINS,
            ));
        }
        if self.end_date.is_none() && self.employment_type == EmploymentType::FixedTerm {
            faults.push(Fault::new("/end_date", "end_required", offers::END_REQUIRED));
        }
        if self.base_pay.base.amount <= 0 {
            faults.push(Fault::new(
                "/base_pay/base/amount",
                "not_positive",
                offers::PAY_NOT_POSITIVE,
            ));
        }
        let lines = self.service_aggregation.iter().enumerate();
        let lines =
            lines.map(|(index, line)| (format!("/service_aggregation/{index}/note"), &line.note));
        let terms = [
            ("/scope_of_change", &self.scope_of_change),
            ("/cancellation_grounds", &self.cancellation_grounds),
        ];
        let terms = terms
            .into_iter()
            .filter_map(|(place, words)| Some((place.to_owned(), words.as_ref()?)));
        for (place, words) in lines.chain(terms) {
            for (language, text) in [("ja", &words.ja), ("en", &words.en)] {
                if text.chars().count() > MOST_SAID {
                    let said = document::TextTooLong { most: &MOST_SAID }.words();
                    faults.push(Fault::new(format!("{place}/{language}"), "too_long", said));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Code as _;

    fn context(state: OfferState, actor: &str, today: &str) -> OfferContext {
        OfferContext {
            state,
            is_own: actor == "writer",
            today: today.parse().unwrap(),
            expires_on: "2026-01-31".parse().unwrap(),
        }
    }

    #[test]
    fn nobody_approves_their_own_request() {
        let own = apply_offer(
            &context(PendingApproval, "writer", "2026-01-01"),
            OfferMove::Approve,
            None,
        )
        .unwrap_err();
        assert_eq!(own.first().map(|refusal| refusal.code), Some(RefusalCode::OwnRequest));
        assert_eq!(
            apply_offer(&context(PendingApproval, "chief", "2026-01-01"), OfferMove::Approve, None),
            Ok(Approved)
        );
    }

    #[test]
    fn the_last_day_itself_still_counts() {
        assert_eq!(
            apply_offer(&context(Sent, "applicant", "2026-01-31"), OfferMove::Accept, None),
            Ok(Accepted)
        );
        assert!(
            apply_offer(&context(Sent, "applicant", "2026-02-01"), OfferMove::Accept, None)
                .is_err()
        );
        assert!(
            apply_offer(&context(Sent, "system", "2026-01-31"), OfferMove::Expire, None).is_err()
        );
        assert_eq!(
            apply_offer(&context(Sent, "system", "2026-02-01"), OfferMove::Expire, None),
            Ok(Expired)
        );
    }

    #[test]
    fn only_a_sent_offer_is_accepted_and_only_once() {
        for state in OfferState::ALL {
            let answer =
                apply_offer(&context(*state, "applicant", "2026-01-01"), OfferMove::Accept, None);
            assert_eq!(answer.is_ok(), *state == Sent, "{state}");
        }
    }

    #[test]
    fn every_pair_has_at_most_one_row_and_answers_agree_with_doing() {
        for state in OfferState::ALL {
            for kind in OfferMove::ALL {
                assert!(
                    ROWS.iter().filter(|row| row.kind == *kind && row.from.contains(state)).count()
                        <= 1
                );
                for (actor, today) in
                    [("writer", "2026-01-01"), ("chief", "2026-01-31"), ("chief", "2026-02-01")]
                {
                    let context = context(*state, actor, today);
                    let allowed = allowed_offer_moves(&context)
                        .iter()
                        .any(|answer| answer.kind == *kind && answer.allowed);
                    assert_eq!(
                        allowed,
                        apply_offer(&context, *kind, Some("reason")).is_ok(),
                        "{state} {kind}"
                    );
                }
            }
        }
    }
}
