//! Event types and states of endpoints, outcomes, the retry schedule and the payload.

use std::borrow::Cow;

use chrono::Duration;
use okaeri_engine::codes::Code as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::clock::Timestamp;
use crate::platform::ids::{EventId, Identifier as _, WebhookDeliveryId};
use crate::platform::outbox::EventType;

okaeri_engine::codes! {
    /// State of an endpoint.
    pub enum WebhookEndpointState {
        /// It receives events.
        Active = "active",
        /// It receives nothing until it is active again; then it continues where it stopped.
        Disabled = "disabled",
    }
}

okaeri_engine::codes! {
    /// Reason why Okaeri disabled an endpoint.
    pub enum WebhookDisabledReason {
        /// It responded with 410.
        Gone = "gone",
        /// No delivery succeeded for days.
        Failing = "failing",
    }
}

okaeri_engine::codes! {
    /// State of a delivery.
    pub enum WebhookDeliveryState {
        /// It will be attempted.
        Pending = "pending",
        /// The endpoint responded with success.
        Delivered = "delivered",
        /// It was given up.
        Failed = "failed",
    }
}

okaeri_engine::codes! {
    /// Reason for the failure of an attempt.
    pub enum WebhookDeliveryError {
        /// Webhooks may not be sent to the address.
        AddressRefused = "address_refused",
        /// No connection could be opened.
        NotConnected = "not_connected",
        /// There was no response in time.
        TimedOut = "timed_out",
        /// The connection broke before the response.
        Broken = "broken",
        /// The response was a redirect, which is not followed.
        Redirected = "redirected",
        /// The response was not a success.
        NotTaken = "not_taken",
    }
}

/// Type of the event that tests an endpoint; it is in no feed.
pub const TEST: &str = "webhook.test";
/// Time for which the previous secret signs beside the new one.
pub const OVERLAP: Duration = Duration::hours(24);
/// Time without a successful delivery after which an endpoint is disabled.
pub const PATIENCE: Duration = Duration::days(3);
/// Time for which finished deliveries are kept.
pub const KEPT: Duration = Duration::days(30);
/// The longest wait that an endpoint may request.
const LONGEST_WAIT: Duration = Duration::hours(24);

/// Returns whether an event type exists, or a group such as `offer.*`.
#[must_use]
pub fn is_known(wanted: &str) -> bool {
    EventType::ALL.iter().any(|event| covers(wanted, event.as_str()))
}

/// Returns whether an endpoint with this list receives this type of event.
#[must_use]
pub fn wants(event_types: &[String], kind: &str) -> bool {
    event_types.is_empty() || event_types.iter().any(|wanted| covers(wanted, kind))
}

fn covers(wanted: &str, kind: &str) -> bool {
    match wanted.strip_suffix(".*") {
        Some(group) => kind.strip_prefix(group).is_some_and(|rest| rest.starts_with('.')),
        None => wanted == kind,
    }
}

/// Returns the wanted events for which the endpoint has room, and the last event handled with them.
/// Later events wait until there is room.
pub(super) fn next<E>(
    news: &[E],
    room: usize,
    wants: impl Fn(&E) -> bool,
) -> (Option<&E>, Vec<&E>) {
    let (mut last, mut wanted) = (None, Vec::new());
    for event in news {
        if wants(event) {
            if wanted.len() == room {
                break;
            }
            wanted.push(event);
        }
        last = Some(event);
    }
    (last, wanted)
}

/// The outcome of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint responded with success and this status.
    Taken(u16),
    /// The attempt failed.
    Failed {
        /// The status of the response, if there was one.
        status: Option<u16>,
        /// Reason for the failure.
        error: WebhookDeliveryError,
        /// The wait that the endpoint requests.
        wait: Option<Duration>,
    },
}

impl Outcome {
    /// Returns the outcome of an attempt without a response.
    #[must_use]
    pub const fn unanswered(error: WebhookDeliveryError) -> Self {
        Self::Failed { status: None, error, wait: None }
    }

    /// Returns the status of the response, if there was one.
    #[must_use]
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Taken(status) => Some(status),
            Self::Failed { status, .. } => status,
        }
    }

    /// Returns whether the endpoint is gone (status 410).
    #[must_use]
    pub fn is_gone(self) -> bool {
        self.status() == Some(410)
    }
}

/// Seconds from each failed attempt, except the last, to the next.
const PAUSES: [i64; 9] =
    [5, 5 * 60, 30 * 60, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const HOUR: i64 = 3600;

/// Returns the pause after this failed attempt, counted from 1; none after the last. Adds up to a
/// tenth, derived from the delivery's identifier, so that simultaneous failures are not retried
/// simultaneously. again together.
#[must_use]
pub fn pause(id: WebhookDeliveryId, attempts: i32, wait: Option<Duration>) -> Option<Duration> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let seconds = PAUSES.get(index)?;
    let spread = id.uuid().as_bytes().last().copied().map_or(0, i64::from);
    let pause = Duration::milliseconds(seconds * 1000 + seconds * 100 * spread / 255);
    Some(wait.map_or(pause, |wait| pause.max(wait.min(LONGEST_WAIT))))
}

/// Parses the wait of a `Retry-After` header: seconds or a date.
#[must_use]
pub fn asked_wait(retry_after: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = retry_after.trim().parse::<u32>() {
        return Some(Duration::seconds(i64::from(seconds)));
    }
    let until = chrono::DateTime::parse_from_rfc2822(retry_after.trim()).ok()?;
    Some(until.to_utc() - now.utc()).filter(|wait| *wait > Duration::zero())
}

/// The payload of an event for an endpoint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "application.moved", "timestamp": "2026-04-01T00:00:00.000000Z",
    "data": {
        "event_id": "evt_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "sequence": 42,
        "subject_type": "application", "subject_id": "app_0198c5f0a1b27c3d8e4f5a6b7c8d9e11",
        "data": {"from": "document_screening", "to": "department_interview"}
    }
}))]
pub struct WebhookPayload<'e> {
    /// The type of event.
    #[serde(rename = "type")]
    pub kind: Cow<'e, str>,
    /// Time of the event.
    pub timestamp: Timestamp,
    /// The event. Read the changed resource by its identifier.
    pub data: WebhookData<'e>,
}

/// The event in a payload.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookData<'e> {
    /// The event's identifier, as in the `webhook-id` header.
    pub event_id: EventId,
    /// Its place in the feed; null for a test.
    #[schema(required)]
    pub sequence: Option<i64>,
    /// The type of the changed resource.
    pub subject_type: Cow<'e, str>,
    /// The identifier of the changed resource.
    pub subject_id: Cow<'e, str>,
    /// Identifiers and codes of the change; never personal data.
    #[schema(value_type = Object)]
    pub data: &'e serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_types_and_groups() {
        let list = |types: &[&str]| types.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
        assert!(wants(&[], "offer.moved"));
        assert!(wants(&list(&["job.created", "offer.*"]), "offer.moved"));
        assert!(!wants(&list(&["offer.*"]), "offers.moved"));
        assert!(!wants(&list(&["offer.created"]), "offer.moved"));
        assert!(!wants(&list(&["regulation.*"]), "regulation_version.created"));
        assert_eq!(
            ["offer.*", "offer.moved", "offer", "*", ".*", "offer.gone", "x.*", ""].map(is_known),
            [true, true, false, false, false, false, false, false]
        );
    }

    #[test]
    fn a_place_moves_over_what_is_not_wanted_and_stops_where_there_is_no_room() {
        let even = |room: usize, news: &'static [i32]| {
            let (last, wanted) = next(news, room, |event| event % 2 == 0);
            (last.copied(), wanted.into_iter().copied().collect::<Vec<_>>())
        };
        assert_eq!(even(9, &[1, 2, 3, 4, 5]), (Some(5), vec![2, 4]));
        assert_eq!(even(1, &[1, 2, 3, 4, 5]), (Some(3), vec![2]));
        assert_eq!(even(1, &[1, 3]), (Some(3), vec![]));
        assert_eq!(even(1, &[]), (None, vec![]));
    }

    #[test]
    fn attempts_come_by_the_schedule_with_a_little_more() {
        let id = WebhookDeliveryId::fresh();
        for (attempts, seconds) in (1..).zip(PAUSES) {
            let pause = pause(id, attempts, None).unwrap();
            assert!(
                pause >= Duration::seconds(seconds)
                    && pause <= Duration::seconds(seconds) * 11 / 10,
                "{attempts}"
            );
        }
        assert_eq!(
            (pause(id, 10, None), pause(id, 10, Some(Duration::seconds(1))), pause(id, 0, None)),
            (None, None, None)
        );
    }

    #[test]
    fn an_endpoint_may_ask_for_more_time_but_not_for_ever() {
        let id = WebhookDeliveryId::fresh();
        assert_eq!(pause(id, 1, Some(Duration::seconds(90))), Some(Duration::seconds(90)));
        assert_eq!(pause(id, 1, Some(Duration::days(900))), Some(LONGEST_WAIT));
        assert!(pause(id, 2, Some(Duration::seconds(1))) >= Some(Duration::minutes(5)));
        let now: Timestamp = serde_json::from_str("\"2026-04-01T00:00:00Z\"").unwrap();
        assert_eq!(asked_wait("120", now), Some(Duration::minutes(2)));
        assert_eq!(asked_wait("Wed, 01 Apr 2026 00:01:00 GMT", now), Some(Duration::minutes(1)));
        assert_eq!(
            (asked_wait("Tue, 31 Mar 2026 00:01:00 GMT", now), asked_wait("soon", now)),
            (None, None)
        );
    }
}
