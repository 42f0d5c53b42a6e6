//! One error type by meaning, free of transport. [`crate::platform::http::problem`] alone turns it into HTTP.
//!
//! What the caller may read (`detail`, `faults`) and what only the log may hold (`cause`) are kept
//! apart; a failing database is [`ProblemCode::Unavailable`] or [`ProblemCode::Internal`], never
//! [`ProblemCode::NotFound`].

use std::error::Error as StdError;
use std::fmt;

use okaeri_engine::codes::Code;
use okaeri_engine::messages::{Said, problems, remedies, requests};

pub use okaeri_engine::words::{Fault, Words as Message};

macro_rules! problem_codes {
    ($($(#[$meta:meta])* $variant:ident = $code:literal, $status:literal, $title:ident;)+) => {
        okaeri_engine::codes! {
            /// Every kind of problem Okaeri answers with. The codes are a contract and never
            /// change.
            pub enum ProblemCode {
                $($(#[$meta])* $variant = $code),+
            }
        }

        impl ProblemCode {
            /// The HTTP status it is sent with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// The title, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> Message {
                match self {
                    $(Self::$variant => problems::$title),+
                }
            }

            /// What to do, the same for every occurrence.
            #[must_use]
            pub const fn remedy(self) -> Message {
                match self {
                    $(Self::$variant => remedies::$title),+
                }
            }
        }
    };
}

problem_codes! {
    /// The body, path or query could not be read at all.
    Malformed = "malformed", 400, MALFORMED;
    /// The body is nested more deeply than anything that is read.
    TooDeep = "too_deep", 400, TOO_DEEP;
    /// A cursor that was not given by this list.
    InvalidCursor = "invalid_cursor", 400, INVALID_CURSOR;
    /// No credentials, or none that can be trusted.
    Unauthenticated = "unauthenticated", 401, UNAUTHENTICATED;
    /// The caller's roles do not allow this.
    Forbidden = "forbidden", 403, FORBIDDEN;
    /// Nothing here, or nothing the caller may know of.
    NotFound = "not_found", 404, NOT_FOUND;
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, METHOD_NOT_ALLOWED;
    /// The `Idempotency-Key` cannot be one.
    InvalidIdempotencyKey = "invalid_idempotency_key", 400, INVALID_IDEMPOTENCY_KEY;
    /// The `Idempotency-Key` came with another request before.
    IdempotencyKeyReused = "idempotency_key_reused", 409, IDEMPOTENCY_KEY_REUSED;
    /// What was answered is told once only.
    ToldOnce = "told_once", 409, TOLD_ONCE;
    /// The state of things does not allow this.
    Conflict = "conflict", 409, CONFLICT;
    /// Something with this natural key exists already.
    AlreadyExists = "already_exists", 409, ALREADY_EXISTS;
    /// A person cannot be employed twice at one time.
    EmploymentPeriodOverlap = "employment_period_overlap", 409, EMPLOYMENT_PERIOD_OVERLAP;
    /// The pipeline refuses this move.
    MoveNotAllowed = "move_not_allowed", 409, MOVE_NOT_ALLOWED;
    /// An offer to somebody rejected, ineligible or not decided.
    OfferNotAllowed = "offer_not_allowed", 409, OFFER_NOT_ALLOWED;
    /// The offer's state does not allow this.
    OfferState = "offer_state", 409, OFFER_STATE;
    /// An offer that was accepted before.
    OfferAlreadyAccepted = "offer_already_accepted", 409, OFFER_ALREADY_ACCEPTED;
    /// The rehire instruction's state does not allow this.
    InstructionState = "instruction_state", 409, INSTRUCTION_STATE;
    /// All seats of the opening are taken.
    NoSeatLeft = "no_seat_left", 409, NO_SEAT_LEFT;
    /// A published version never changes.
    VersionImmutable = "version_immutable", 409, VERSION_IMMUTABLE;
    /// A version whose own cases fail is not published.
    CasesFail = "cases_fail", 409, CASES_FAIL;
    /// A version is not published while an error of its checks stands that nobody has answered with
    /// a reason.
    ChecksUnanswered = "checks_unanswered", 409, CHECKS_UNANSWERED;
    /// A regulation that is not in force cannot decide.
    NotInForce = "not_in_force", 409, NOT_IN_FORCE;
    /// The first day and what follows from it is registered once.
    ReturnAlreadyRegistered = "return_already_registered", 409, RETURN_ALREADY_REGISTERED;
    /// The organization has as many of these as its operator allows.
    LimitReached = "limit_reached", 409, LIMIT_REACHED;
    /// The body did not arrive in time.
    BodyTimedOut = "body_timed_out", 408, BODY_TIMED_OUT;
    /// What is asked takes more work, or a larger answer, than one request may.
    TooCostly = "too_costly", 422, TOO_COSTLY;
    /// The thing changed since the caller read it.
    StaleVersion = "stale_version", 412, STALE_VERSION;
    /// The body is larger than allowed.
    TooLarge = "too_large", 413, TOO_LARGE;
    /// The body's media type is not understood.
    UnsupportedMediaType = "unsupported_media_type", 415, UNSUPPORTED_MEDIA_TYPE;
    /// Fields are wrong; each is listed.
    Invalid = "invalid", 422, INVALID;
    /// A regulation document is wrong; each place is listed.
    InvalidRegulation = "invalid_regulation", 422, INVALID_REGULATION;
    /// `If-Match` is missing.
    PreconditionRequired = "precondition_required", 428, PRECONDITION_REQUIRED;
    /// More requests than the caller's limit.
    RateLimited = "rate_limited", 429, RATE_LIMITED;
    /// Something broke here.
    Internal = "internal", 500, INTERNAL;
    /// Too much to do, or the database cannot be reached.
    Unavailable = "unavailable", 503, UNAVAILABLE;
    /// The database has not the schema of this build.
    NotMigrated = "not_migrated", 503, NOT_MIGRATED;
    /// The database refuses writes: its disk is full, broken or read-only.
    StorageRefused = "storage_refused", 503, STORAGE_REFUSED;
    /// It took longer than the server waits; it may have been done.
    TimedOut = "timed_out", 503, TIMED_OUT;
}

/// Most wrong places that one error tells.
const MOST_FAULTS: usize = 100;
/// Most bytes of all wrong places that one error tells.
const HEAVIEST_FAULTS: usize = 64 * 1024;

/// What went wrong, by meaning.
#[derive(Debug)]
pub struct Error {
    /// Its kind.
    pub code: ProblemCode,
    /// What happened here and what to do, for the person who gets it.
    pub detail: Option<Message>,
    /// Each wrong place, all at once up to a bound.
    pub faults: Vec<Fault>,
    /// For the log only.
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of a kind, without more to say.
    #[must_use]
    pub const fn new(code: ProblemCode) -> Self {
        Self { code, detail: None, faults: Vec::new(), cause: None }
    }

    /// An error of a kind with its sentence.
    pub fn because(code: ProblemCode, said: impl Said) -> Self {
        Self { detail: Some(said.words()), ..Self::new(code) }
    }

    /// Wrong fields.
    #[must_use]
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self::new(ProblemCode::Invalid).with_faults(faults)
    }

    /// One wrong field.
    pub fn invalid_field(pointer: impl Into<String>, code: &'static str, said: impl Said) -> Self {
        Self::invalid(vec![Fault::new(pointer, code, said.words())])
    }

    /// A thing that is not there for this caller. `what` is the English noun.
    #[must_use]
    pub fn not_found(what: &'static str) -> Self {
        Self::because(ProblemCode::NotFound, requests::NoSuch { what: &what })
    }

    /// The same refusal, for a use case that may be run more than once; its cause is told once.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            code: self.code,
            detail: self.detail.clone(),
            faults: self.faults.clone(),
            cause: None,
        }
    }

    /// The same error, or a wrong field where what a body names is not there.
    #[must_use]
    pub fn named_by(self, pointer: &'static str, code: &'static str, said: impl Said) -> Self {
        if self.code == ProblemCode::NotFound {
            Self::invalid_field(pointer, code, said)
        } else {
            self
        }
    }

    /// A failure of ours, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ProblemCode::Internal).caused_by(cause)
    }

    /// A failure that may pass.
    pub fn unavailable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ProblemCode::Unavailable).caused_by(cause)
    }

    /// The same error with its cause for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The same error with wrong places, as many of the first as an answer may tell.
    #[must_use]
    pub fn with_faults(mut self, mut faults: Vec<Fault>) -> Self {
        let sizes = faults.iter().scan(0, |total, fault| {
            *total += fault.size();
            Some(*total)
        });
        let most = sizes.take(MOST_FAULTS).take_while(|total| *total <= HEAVIEST_FAULTS).count();
        faults.truncate(most);
        self.faults = faults;
        self
    }

    /// The cause, for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.cause.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        if let Some(detail) = &self.detail {
            write!(f, ": {}", detail.en)?;
        }
        for fault in &self.faults {
            write!(f, "\n  {}: {}", fault.pointer, fault.message.en)?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}

impl From<okaeri_engine::meter::Spent> for Error {
    fn from(_: okaeri_engine::meter::Spent) -> Self {
        Self::new(ProblemCode::TooCostly)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_fit_their_meaning() {
        for code in ProblemCode::ALL {
            assert!((400..=503).contains(&code.status()), "{code}");
            assert!(!code.title().ja.is_empty());
        }
    }

    #[test]
    fn faults_are_bounded_in_number_length_and_bytes() {
        let fault =
            |name: &str| Fault::new(format!("/{name}"), "x", Message::fixed("違う", "wrong"));
        assert_eq!(Error::invalid(vec![fault("a"); 101]).faults.len(), MOST_FAULTS);
        let long = fault(&"あ".repeat(900_000));
        assert_eq!(long.pointer.chars().count(), 501);
        assert!(long.pointer.ends_with('…'), "{}", long.pointer);
        let told = Error::invalid(vec![long; 100]).faults.len();
        assert!((1..=64 * 1024 / 1500).contains(&told), "{told}");
        let repeated = Fault::new("", "x", Message::new("あ".repeat(9000), "x".repeat(9000)));
        assert_eq!(repeated.size(), 1 + 4 * 2_000 + 2 * "…".len());
    }

    #[test]
    fn a_cause_is_not_displayed() {
        let error = Error::internal("password=hunter2");
        assert!(!error.to_string().contains("hunter2"));
    }
}
