//! Rate limits per user and per key, and per address for requests without a credential. A key that
//! has not been valid here counts for its address before it is looked up. The counters are local to
//! this process.

use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::guard;

/// Number of callers above which those with a full allowance are dropped.
const MANY: usize = 10_000;
/// Window of the policy, in seconds.
const WINDOW: u32 = 60;

/// Rate limits of all callers.
pub struct Limits {
    each: RateLimiter<
        String,
        DefaultKeyedStateStore<String>,
        DefaultClock,
        StateInformationMiddleware,
    >,
    clock: DefaultClock,
    per_minute: NonZeroU32,
}

/// The remaining allowance of a caller.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    per_minute: NonZeroU32,
    remaining: u32,
    /// Time to wait, if the allowance is used up.
    wait: Option<Duration>,
}

impl Limits {
    /// Creates a limit of this many requests per minute and caller; none for 0.
    #[must_use]
    pub fn per_minute(requests: u32) -> Option<Self> {
        let per_minute = NonZeroU32::new(requests)?;
        let each = RateLimiter::keyed(Quota::per_minute(per_minute))
            .with_middleware::<StateInformationMiddleware>();
        Some(Self { each, clock: DefaultClock::default(), per_minute })
    }

    /// Counts a request of this caller.
    pub(super) fn count(&self, request: &ServiceRequest) -> Allowance {
        match guard::caller(request.request()) {
            Ok((_, who)) => self.count_of(&format!("{} {}", who.organization, who.actor)),
            Err(_) => self.count_address(request),
        }
    }

    /// Counts a request of this address, whoever the caller is.
    pub(super) fn count_address(&self, request: &ServiceRequest) -> Allowance {
        self.count_of(
            &request.peer_addr().map_or_else(String::new, |address| address.ip().to_string()),
        )
    }

    fn count_of(&self, caller: &String) -> Allowance {
        if self.each.len() > MANY {
            self.each.retain_recent();
        }
        let (remaining, wait) = match self.each.check_key(caller) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => (0, Some(until.wait_time_from(self.clock.now()))),
        };
        Allowance { per_minute: self.per_minute, remaining, wait }
    }
}

impl Allowance {
    /// Returns whether the allowance is used up.
    pub(super) fn is_spent(self) -> bool {
        self.wait.is_some()
    }

    /// Sets the headers of the IETF draft "RateLimit header fields for HTTP", and `Retry-After`.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let seconds = self.wait.map(|wait| wait.as_secs() + 1);
        let refill = seconds.unwrap_or_else(|| u64::from(WINDOW.div_ceil(self.per_minute.get())));
        let policy = format!("\"default\";q={};w={WINDOW}", self.per_minute);
        let state = format!("\"default\";r={};t={refill}", self.remaining);
        for (name, text) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if let Some(seconds) = seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}
