//! What the core says to people: sentences in both languages, faults with their place, refusals
//! with the way out.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::messages::refusals;

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
    /// How many bytes it has in both languages.
    #[must_use]
    pub fn size(&self) -> usize {
        self.ja.len() + self.en.len()
    }

    /// The same with at most so many characters in each language.
    #[must_use]
    pub fn cut(self, most: usize) -> Self {
        Self { ja: cut(self.ja, most), en: cut(self.en, most) }
    }

    /// Returns whether a text says these words in either language; capitals make no difference in
    /// English.
    #[must_use]
    pub fn is_said_by(&self, text: &str) -> bool {
        self.ja == text || self.en.eq_ignore_ascii_case(text)
    }

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

/// Cuts a text after so many characters, and says that there was more.
fn cut(text: Cow<'static, str>, most: usize) -> Cow<'static, str> {
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    match end.and_then(|end| text.get(..end)) {
        Some(start) => Cow::Owned(format!("{start}…")),
        None => text,
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

/// The longest pointer of a fault, in characters: it is made of names that somebody sent.
const LONGEST_POINTER: usize = 500;
/// The longest message of a fault in one language, in characters: it repeats what somebody sent.
const LONGEST_MESSAGE: usize = 2_000;

impl Fault {
    /// A fault at a pointer. What is too long of both to be told is cut.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: Words) -> Self {
        let pointer = cut(Cow::Owned(pointer.into()), LONGEST_POINTER).into_owned();
        Self { pointer, code: Cow::Borrowed(code), message: message.cut(LONGEST_MESSAGE) }
    }

    /// Returns its size in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.pointer.len() + self.code.len() + self.message.size()
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

/// Returns sentences one after the other.
pub(crate) fn joined(sentences: impl IntoIterator<Item = Words>) -> Words {
    let said = sentences.into_iter().filter(|words| *words != Words::default());
    let (ja, en): (Vec<_>, Vec<_>) = said.map(|words| (words.ja, words.en)).unzip();
    Words::new(ja.concat(), en.join(" "))
}

/// Returns `yes` or `no` where a text says which, and nothing where it does not.
pub(crate) fn where_said(said: Option<bool>, yes: Words, no: Words) -> Option<Words> {
    said.map(|said| if said { yes } else { no })
}

macro_rules! refusals {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $messages:ident;)+) => {
        crate::codes! {
            /// Every reason for which a move of an application, an offer or a rehire instruction is
            /// refused.
            pub enum RefusalCode { $($(#[$meta])* $name = $code),+ }
        }

        impl RefusalCode {
            /// The refusal in words.
            #[must_use]
            pub const fn refusal(self) -> Refusal {
                match self {
                    $(Self::$name => Refusal { code: self, message: refusals::$messages::MESSAGE, unblock: refusals::$messages::UNBLOCK }),+
                }
            }
        }
    };
}

refusals! {
    /// The transition table has no such move.
    NoSuchMove = "no_such_move", no_such_move;
    /// The stage is not one of this pipeline, or not the one the move leads to.
    WrongTarget = "wrong_target", wrong_target;
    /// A reason must be given.
    ReasonRequired = "reason_required", reason_required;
    /// The applicant is not yet linked to a former employment.
    RecordNotMatched = "record_not_matched", record_not_matched;
    /// No decision yet.
    NotDecided = "not_decided", not_decided;
    /// Facts changed since the decision.
    DecisionStale = "decision_stale", decision_stale;
    /// The decision says no.
    Ineligible = "ineligible", ineligible;
    /// The decision leaves something open.
    NeedsReview = "needs_review", needs_review;
    /// No open opening.
    NoOpening = "no_opening", no_opening;
    /// All seats are taken.
    NoFreeSeat = "no_free_seat", no_free_seat;
    /// A place is free, so nothing is waited for.
    SeatIsFree = "seat_is_free", seat_is_free;
    /// No offer was made.
    NoOffer = "no_offer", no_offer;
    /// The offer is not approved.
    OfferNotApproved = "offer_not_approved", offer_not_approved;
    /// The offer was not sent.
    OfferNotSent = "offer_not_sent", offer_not_sent;
    /// The offer was not accepted.
    OfferNotAccepted = "offer_not_accepted", offer_not_accepted;
    /// An offer is in the applicant's hands.
    OfferIsLive = "offer_is_live", offer_is_live;
    /// There is no former stage to go back to.
    NoOrigin = "no_origin", no_origin;
    /// The application is not at a stage where this is done to an offer.
    NotAtOfferStage = "not_at_offer_stage", not_at_offer_stage;
    /// Another offer is the latest of the application.
    SupersededOffer = "superseded_offer", superseded_offer;
    /// The return was not registered.
    ReturnNotRegistered = "return_not_registered", return_not_registered;
    /// Nobody approves their own request.
    OwnRequest = "own_request", own_request;
    /// The person is coming back by another offer.
    AnotherOfferAccepted = "another_offer_accepted", another_offer_accepted;
    /// The offer's last day has passed.
    OfferPastExpiry = "offer_past_expiry", offer_past_expiry;
    /// The offer's last day has not passed.
    OfferNotYetExpired = "offer_not_yet_expired", offer_not_yet_expired;
    /// The HR system has not answered the rehire instruction yet.
    InstructionNotAnswered = "instruction_not_answered", instruction_not_answered;
    /// The HR system has taken the rehire instruction over.
    InstructionAcknowledged = "instruction_acknowledged", instruction_acknowledged;
    /// The HR system has refused the rehire instruction.
    InstructionRefused = "instruction_refused", instruction_refused;
    /// The rehire instruction was cancelled with its offer.
    InstructionCancelled = "instruction_cancelled", instruction_cancelled;
    /// Terms are faulty.
    TermsIncomplete = "terms_incomplete", terms_incomplete;
}
