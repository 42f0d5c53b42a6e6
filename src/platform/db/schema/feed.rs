//! Tables of the feed and of webhooks.

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    events (organization_id, sequence) {
        sequence -> BigInt,
        id -> Id,
        organization_id -> Id,
        #[sql_name = "type"]
        type_ -> Text,
        subject_type -> Text,
        subject_id -> Text,
        actor -> Text,
        at -> Instant,
        data -> Document,
    }
}

// Only on PostgreSQL.
diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    unnumbered_events (position) {
        position -> BigInt,
        id -> Id,
        organization_id -> Id,
        #[sql_name = "type"]
        type_ -> Text,
        subject_type -> Text,
        subject_id -> Text,
        actor -> Text,
        at -> Instant,
        data -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    webhook_endpoints (id) {
        id -> Id,
        organization_id -> Id,
        url -> Text,
        event_types -> Document,
        description -> Nullable<Text>,
        state -> Text,
        disabled_reason -> Nullable<Text>,
        told_sequence -> BigInt,
        failing_since -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    webhook_secrets (endpoint_id, secret) {
        endpoint_id -> Id,
        secret -> Text,
        signs_until -> Nullable<Instant>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    webhook_deliveries (id) {
        id -> Id,
        organization_id -> Id,
        endpoint_id -> Id,
        event_id -> Id,
        sequence -> Nullable<BigInt>,
        #[sql_name = "type"]
        type_ -> Text,
        payload -> Text,
        state -> Text,
        attempts -> Integer,
        next_attempt_at -> Nullable<Instant>,
        leased_until -> Nullable<Instant>,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        delivered_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}
