//! One error type by meaning, independent of transport. Only [`crate::platform::http::problem`]
//! turns it into HTTP.
//!
//! Texts for the caller (`detail`, `faults`) are separate from the `cause`, which is only logged. A
//! failing database is [`ProblemCode::Unavailable`] or [`ProblemCode::Internal`], never
//! [`ProblemCode::NotFound`].

use std::error::Error as StdError;
use std::fmt;

use okaeri_engine::codes::Code;
use okaeri_engine::messages::{Said, problems, remedies, requests};

pub use okaeri_engine::words::{Fault, Words as Message};

macro_rules! problem_codes {
    ($($(#[$meta:meta])* $variant:ident = $code:literal, $status:literal, $title:ident;)+) => {
        okaeri_engine::codes! {
            /// Every kind of problem in responses. The codes are a contract and never change.
            pub enum ProblemCode {
                $($(#[$meta])* $variant = $code),+
            }
        }

        impl ProblemCode {
            /// Returns the HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// Returns the title, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> Message {
                match self {
                    $(Self::$variant => problems::$title),+
                }
            }

            /// Returns the remedy, the same for every occurrence.
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
    /// The body, path or query cannot be parsed at all.
    Malformed = "malformed", 400, MALFORMED;
    /// The body is nested too deeply.
    TooDeep = "too_deep", 400, TOO_DEEP;
    /// The cursor does not come from this list.
    InvalidCursor = "invalid_cursor", 400, INVALID_CURSOR;
    /// Credentials are missing or not valid.
    Unauthenticated = "unauthenticated", 401, UNAUTHENTICATED;
    /// The caller's roles do not allow this.
    Forbidden = "forbidden", 403, FORBIDDEN;
    /// It does not exist, or the caller may not know of it.
    NotFound = "not_found", 404, NOT_FOUND;
    /// The path exists, but not the method.
    MethodNotAllowed = "method_not_allowed", 405, METHOD_NOT_ALLOWED;
    /// The `Idempotency-Key` is not valid.
    InvalidIdempotencyKey = "invalid_idempotency_key", 400, INVALID_IDEMPOTENCY_KEY;
    /// The `Idempotency-Key` was used with another request.
    IdempotencyKeyReused = "idempotency_key_reused", 409, IDEMPOTENCY_KEY_REUSED;
    /// The response contained a secret and is not repeated.
    ToldOnce = "told_once", 409, TOLD_ONCE;
    /// The current state does not allow this.
    Conflict = "conflict", 409, CONFLICT;
    /// A resource with this natural key exists already.
    AlreadyExists = "already_exists", 409, ALREADY_EXISTS;
    /// Employment periods of a person overlap.
    EmploymentPeriodOverlap = "employment_period_overlap", 409, EMPLOYMENT_PERIOD_OVERLAP;
    /// The pipeline refuses the move.
    MoveNotAllowed = "move_not_allowed", 409, MOVE_NOT_ALLOWED;
    /// An offer is not allowed, such as for an applicant who is rejected, ineligible or not
    /// decided.
    OfferNotAllowed = "offer_not_allowed", 409, OFFER_NOT_ALLOWED;
    /// The offer's state does not allow this.
    OfferState = "offer_state", 409, OFFER_STATE;
    /// The offer was accepted before.
    OfferAlreadyAccepted = "offer_already_accepted", 409, OFFER_ALREADY_ACCEPTED;
    /// The rehire instruction's state does not allow this.
    InstructionState = "instruction_state", 409, INSTRUCTION_STATE;
    /// All seats of the opening are taken.
    NoSeatLeft = "no_seat_left", 409, NO_SEAT_LEFT;
    /// A published version cannot change.
    VersionImmutable = "version_immutable", 409, VERSION_IMMUTABLE;
    /// A version cannot be published while its own cases fail.
    CasesFail = "cases_fail", 409, CASES_FAIL;
    /// A version cannot be published while an error of its checks is unanswered.
    ChecksUnanswered = "checks_unanswered", 409, CHECKS_UNANSWERED;
    /// A regulation that is not in force cannot decide.
    NotInForce = "not_in_force", 409, NOT_IN_FORCE;
    /// The return is registered already.
    ReturnAlreadyRegistered = "return_already_registered", 409, RETURN_ALREADY_REGISTERED;
    /// The organization has reached a limit set by the operator.
    LimitReached = "limit_reached", 409, LIMIT_REACHED;
    /// The body did not arrive in time.
    BodyTimedOut = "body_timed_out", 408, BODY_TIMED_OUT;
    /// The request takes more work, or a larger response, than allowed.
    TooCostly = "too_costly", 422, TOO_COSTLY;
    /// The resource has changed since the caller read it.
    StaleVersion = "stale_version", 412, STALE_VERSION;
    /// The body is larger than allowed.
    TooLarge = "too_large", 413, TOO_LARGE;
    /// The media type of the body is not supported.
    UnsupportedMediaType = "unsupported_media_type", 415, UNSUPPORTED_MEDIA_TYPE;
    /// Fields are invalid; each is listed.
    Invalid = "invalid", 422, INVALID;
    /// A regulation document is invalid; each fault is listed.
    InvalidRegulation = "invalid_regulation", 422, INVALID_REGULATION;
    /// `If-Match` is missing.
    PreconditionRequired = "precondition_required", 428, PRECONDITION_REQUIRED;
    /// The caller has exceeded the rate limit.
    RateLimited = "rate_limited", 429, RATE_LIMITED;
    /// An internal error.
    Internal = "internal", 500, INTERNAL;
    /// The server is overloaded, or the database cannot be reached.
    Unavailable = "unavailable", 503, UNAVAILABLE;
    /// The database does not have the schema of this build.
    NotMigrated = "not_migrated", 503, NOT_MIGRATED;
    /// The database refuses writes: its disk is full, broken or read-only.
    StorageRefused = "storage_refused", 503, STORAGE_REFUSED;
    /// The request timed out; it may have taken effect.
    TimedOut = "timed_out", 503, TIMED_OUT;
}

/// Maximum number of faults in one error.
const MOST_FAULTS: usize = 100;
/// Maximum size in bytes of all faults in one error.
const HEAVIEST_FAULTS: usize = 64 * 1024;

/// An error, classified by meaning.
#[derive(Debug)]
pub struct Error {
    /// Its kind.
    pub code: ProblemCode,
    /// Explanation of this occurrence and remedy, for the person who receives it.
    pub detail: Option<Message>,
    /// The faults, all at once up to a limit.
    pub faults: Vec<Fault>,
    /// The cause, only for the log.
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

/// Result type of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Creates an error of a kind, without detail.
    #[must_use]
    pub const fn new(code: ProblemCode) -> Self {
        Self { code, detail: None, faults: Vec::new(), cause: None }
    }

    /// Creates an error of a kind with its detail.
    pub fn because(code: ProblemCode, said: impl Said) -> Self {
        Self { detail: Some(said.words()), ..Self::new(code) }
    }

    /// Creates the error for invalid fields.
    #[must_use]
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self::new(ProblemCode::Invalid).with_faults(faults)
    }

    /// Creates the error for one invalid field.
    pub fn invalid_field(pointer: impl Into<String>, code: &'static str, said: impl Said) -> Self {
        Self::invalid(vec![Fault::new(pointer, code, said.words())])
    }

    /// Creates the error for something that does not exist for this caller. `what` is the English
    /// noun.
    #[must_use]
    pub fn not_found(what: &'static str) -> Self {
        Self::because(ProblemCode::NotFound, requests::NoSuch { what: &what })
    }

    /// Returns the same error without its cause, for a use case that may run more than once.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            code: self.code,
            detail: self.detail.clone(),
            faults: self.faults.clone(),
            cause: None,
        }
    }

    /// Returns the error, or an invalid field if it is `not_found` for something that a body refers
    /// to.
    #[must_use]
    pub fn named_by(self, pointer: &'static str, code: &'static str, said: impl Said) -> Self {
        if self.code == ProblemCode::NotFound {
            Self::invalid_field(pointer, code, said)
        } else {
            self
        }
    }

    /// Creates an internal error with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ProblemCode::Internal).caused_by(cause)
    }

    /// Creates the error for a temporary failure.
    pub fn unavailable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ProblemCode::Unavailable).caused_by(cause)
    }

    /// Returns the error with a cause for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Returns the error with the first faults, as many as a response may contain.
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

    /// Returns the cause, for the log.
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
