//! What the core says to people: sentences in both languages, faults with their place, refusals
//! with the way out.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One sentence or name in Japanese and English.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ja": "勤続3年以上", "en": "At least three years of service"}))]
pub struct Words {
    /// Japanese.
    #[schema(value_type = String)]
    pub ja: Cow<'static, str>,
    /// English.
    #[schema(value_type = String)]
    pub en: Cow<'static, str>,
}

impl Words {
    /// The pair, Japanese first.
    pub fn new(ja: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// The pair from texts that live in the program.
    #[must_use]
    pub const fn fixed(ja: &'static str, en: &'static str) -> Self {
        Self { ja: Cow::Borrowed(ja), en: Cow::Borrowed(en) }
    }
}

/// One wrong place in a document: where, a stable code, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) to the place.
    pub pointer: String,
    /// Stable code.
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    /// What is wrong there.
    pub message: Words,
}

impl Fault {
    /// A fault at a pointer.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: Words) -> Self {
        Self { pointer: pointer.into(), code: Cow::Borrowed(code), message }
    }

    /// The same, of something that stands at `at`.
    #[must_use]
    pub fn below(mut self, at: &str) -> Self {
        self.pointer.insert_str(0, at);
        self
    }
}

/// Why something is not allowed now, and what would make it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Stable code.
    pub code: RefusalCode,
    /// Why not.
    pub message: Words,
    /// What to do about it.
    pub unblock: Words,
}

macro_rules! refusals {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $ja:literal, $en:literal, $do_ja:literal, $do_en:literal;)+) => {
        crate::codes! {
            /// Every reason for which a move of an application or an offer is refused.
            pub enum RefusalCode { $($(#[$meta])* $name = $code),+ }
        }

        impl RefusalCode {
            /// The refusal in words.
            #[must_use]
            pub const fn refusal(self) -> Refusal {
                match self {
                    $(Self::$name => Refusal { code: self, message: Words::fixed($ja, $en), unblock: Words::fixed($do_ja, $do_en) }),+
                }
            }
        }
    };
}

refusals! {
    /// The transition table has no such move.
    NoSuchMove = "no_such_move", "この段階からその操作はできません。", "This move does not exist from here.",
        "可能な操作の一覧から選んでください。", "Choose one of the moves that are listed as allowed.";
    /// The stage is not one of this pipeline, or not the one the move leads to.
    WrongTarget = "wrong_target", "その段階には進めません。", "The move does not lead to that stage.",
        "移動先を指定しないか、一覧にある移動先を指定してください。", "Leave the target out, or name one that is listed.";
    /// A reason must be given.
    ReasonRequired = "reason_required", "理由の記入が必要です。", "A reason is required.",
        "理由を記入してください。", "Give a reason.";
    /// The applicant is not yet linked to a former employment.
    RecordNotMatched = "record_not_matched", "在籍記録との照合が済んでいません。", "The applicant is not matched with an employment record.",
        "本人の在籍期間を確認してください。", "Confirm the employment periods of this person.";
    /// No decision yet.
    NotDecided = "not_decided", "資格判定がまだありません。", "Eligibility has not been decided.",
        "資格判定を実行してください。", "Run the eligibility decision.";
    /// Facts changed since the decision.
    DecisionStale = "decision_stale", "判定後に事実が変わっています。", "Facts have changed since the decision.",
        "資格判定をやり直してください。", "Decide again.";
    /// The decision says no.
    Ineligible = "ineligible", "資格要件を満たしていません。", "The decision is: ineligible.",
        "判定の各条項を確認してください。規程が認める場合は例外承認を得て再判定してください。",
        "Read the clauses of the decision; where the regulation allows an override, obtain it and decide again.";
    /// The decision leaves something open.
    NeedsReview = "needs_review", "判定が確認待ちです。", "The decision needs review.",
        "不足している事実を補うか、権限者が判断して再判定してください。", "Supply the missing facts or a ruling by the person named, and decide again.";
    /// No open opening.
    NoOpening = "no_opening", "開いている募集がありません。", "There is no open opening.",
        "募集に結び付けるか、待機にしてください。", "Link an opening, or let the application wait.";
    /// All seats are taken.
    NoFreeSeat = "no_free_seat", "募集に空席がありません。", "No seat is free in the opening.",
        "席を増やすか、待機にしてください。", "Add a seat, or let the application wait.";
    /// A place is free, so nothing is waited for.
    SeatIsFree = "seat_is_free", "空席があるため待機にできません。", "A seat is free, so there is nothing to wait for.",
        "先に進めるか、保留にしてください。", "Advance, or put on hold.";
    /// No offer was made.
    NoOffer = "no_offer", "オファーがありません。", "There is no offer.",
        "オファーを作成してください。", "Make an offer.";
    /// The offer is not approved.
    OfferNotApproved = "offer_not_approved", "オファーが承認されていません。", "The offer is not approved.",
        "承認を得てください。", "Have the offer approved.";
    /// The offer was not sent.
    OfferNotSent = "offer_not_sent", "オファーが送付されていません。", "The offer has not been sent.",
        "オファーを送付してください。", "Send the offer.";
    /// The offer was not accepted.
    OfferNotAccepted = "offer_not_accepted", "オファーが承諾されていません。", "The offer has not been accepted.",
        "本人の承諾を待ってください。", "Wait for the applicant's acceptance.";
    /// An offer is in the applicant's hands.
    OfferIsLive = "offer_is_live", "本人に届いているオファーがあります。", "An offer is in the applicant's hands.",
        "先にオファーを取り消してください。", "Cancel the offer first.";
    /// There is no former stage to go back to.
    NoOrigin = "no_origin", "戻り先の段階が記録されていません。", "The stage to go back to is not recorded.",
        "管理者に連絡してください。", "Contact an administrator.";
    /// The application is not at a stage where this is done to an offer.
    NotAtOfferStage = "not_at_offer_stage", "この段階ではオファーを扱えません。", "The application is not at a stage for this.",
        "処遇検討以降の段階に進めてください。", "Advance the application to the stage where this is done.";
    /// The return was not registered.
    ReturnNotRegistered = "return_not_registered", "復職が登録されていません。", "The return is not registered.",
        "復職を登録してください。", "Register the return.";
    /// Nobody approves their own request.
    OwnRequest = "own_request", "申請者自身は承認できません。", "Nobody approves their own request.",
        "別の承認者に依頼してください。", "Ask another approver.";
    /// The offer's last day has passed.
    OfferPastExpiry = "offer_past_expiry", "オファーの有効期限を過ぎています。", "The last day of the offer has passed.",
        "オファーを失効させ、新しいオファーを作成してください。", "Let the offer expire and make a new one.";
    /// The offer's last day has not passed.
    OfferNotYetExpired = "offer_not_yet_expired", "オファーの有効期限前です。", "The last day of the offer has not passed.",
        "期限を待つか、理由を付けて取り消してください。", "Wait for that day, or cancel with a reason.";
    /// Terms are faulty.
    TermsIncomplete = "terms_incomplete", "オファーの条件に不備があります。", "The terms of the offer are faulty.",
        "指摘された項目を直してください。", "Correct the fields that are named.";
}
