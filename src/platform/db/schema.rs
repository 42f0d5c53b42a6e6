//! Tables of both engines. Written by hand; a test compares it with both migrated databases.
#![allow(
    missing_docs,
    clippy::missing_docs_in_private_items,
    reason = "the columns are described where they are shown, in each slice's `api.rs`"
)]

mod feed;

pub use feed::{events, unnumbered_events, webhook_deliveries, webhook_endpoints, webhook_secrets};

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    organizations (id) {
        id -> Id,
        name -> Text,
        time_zone -> Text,
        currency -> Text,
        language -> Text,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    entities (id) {
        id -> Id,
        organization_id -> Id,
        code -> Text,
        name -> Text,
        country -> Text,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    people (id) {
        id -> Id,
        organization_id -> Id,
        external_id -> Nullable<Text>,
        family_name -> Text,
        given_name -> Text,
        family_kana -> Nullable<Text>,
        given_kana -> Nullable<Text>,
        family_romaji -> Nullable<Text>,
        given_romaji -> Nullable<Text>,
        former_names -> Document,
        birth_date -> Nullable<Date>,
        search_key -> Text,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        facts_version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    users (id) {
        id -> Id,
        organization_id -> Id,
        issuer -> Text,
        subject -> Text,
        name -> Text,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        roles -> Document,
        person_id -> Nullable<Id>,
        active -> Bool,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    api_keys (id) {
        id -> Id,
        organization_id -> Id,
        name -> Text,
        prefix -> Text,
        hash -> Text,
        roles -> Document,
        expires_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    contacts (id) {
        id -> Id,
        organization_id -> Id,
        person_id -> Id,
        kind -> Text,
        value -> Text,
        value_key -> Text,
        is_primary -> Bool,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    employment_periods (id) {
        id -> Id,
        organization_id -> Id,
        person_id -> Id,
        entity_id -> Nullable<Id>,
        employee_number -> Nullable<Text>,
        start_date -> Date,
        last_day -> Nullable<Date>,
        employment_type -> Nullable<Text>,
        job_family -> Nullable<Text>,
        exit_route -> Nullable<Text>,
        facts -> Document,
        offer_id -> Nullable<Id>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    registrations (id) {
        id -> Id,
        organization_id -> Id,
        person_id -> Id,
        registered_on -> Date,
        wish_to_return -> Bool,
        certificate_no -> Text,
        valid_until -> Nullable<Date>,
        status -> Text,
        channel -> Nullable<Text>,
        written_intent_to_rehire -> Nullable<Bool>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    regulations (id) {
        id -> Id,
        organization_id -> Id,
        code -> Text,
        name_ja -> Text,
        name_en -> Text,
        library_code -> Nullable<Text>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    regulation_versions (id) {
        id -> Id,
        organization_id -> Id,
        regulation_id -> Id,
        number -> Integer,
        state -> Text,
        effective_from -> Nullable<Date>,
        effective_until -> Nullable<Date>,
        document -> Document,
        hash -> Text,
        published_at -> Nullable<Instant>,
        published_by -> Nullable<Text>,
        note -> Nullable<Text>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        effective_basis -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    articles (id) {
        id -> Id,
        organization_id -> Id,
        version_id -> Id,
        part -> Text,
        number -> Text,
        position -> Integer,
        heading -> Document,
        #[sql_name = "text"]
        body_text -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    clauses (id) {
        id -> Id,
        organization_id -> Id,
        version_id -> Id,
        article_id -> Id,
        code -> Text,
        position -> Integer,
        role -> Nullable<Text>,
        body -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    regulation_check_answers (organization_id, version_id, code, pointer) {
        organization_id -> Id,
        version_id -> Id,
        code -> Text,
        pointer -> Text,
        about -> Text,
        reason -> Text,
        answered_by -> Text,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    regulation_cases (id) {
        id -> Id,
        organization_id -> Id,
        version_id -> Id,
        code -> Text,
        position -> Integer,
        body -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    jobs (id) {
        id -> Id,
        organization_id -> Id,
        entity_id -> Nullable<Id>,
        code -> Text,
        title_ja -> Text,
        title_en -> Nullable<Text>,
        job_family -> Text,
        grade -> Nullable<Text>,
        workplace -> Text,
        employment_type -> Text,
        hiring_manager_id -> Nullable<Id>,
        state -> Text,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    openings (id) {
        id -> Id,
        organization_id -> Id,
        job_id -> Id,
        seats -> Integer,
        seats_taken -> Integer,
        state -> Text,
        opens_on -> Nullable<Date>,
        closes_on -> Nullable<Date>,
        reason -> Nullable<Text>,
        opened -> Bool,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    applications (organization_id, id) {
        id -> Id,
        organization_id -> Id,
        person_id -> Id,
        regulation_version_id -> Id,
        opening_id -> Nullable<Id>,
        stage -> Text,
        stage_since -> Instant,
        resume_stage -> Nullable<Text>,
        application_date -> Nullable<Date>,
        wished_start_date -> Nullable<Date>,
        channel -> Text,
        reason_for_return -> Nullable<Text>,
        facts -> Document,
        decision_id -> Nullable<Id>,
        decision_verdict -> Nullable<Text>,
        offer_id -> Nullable<Id>,
        returned_period_id -> Nullable<Id>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        decided_facts_version -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    application_documents (id) {
        id -> Id,
        organization_id -> Id,
        application_id -> Id,
        kind -> Text,
        title -> Text,
        received_at -> Instant,
        verified_at -> Nullable<Instant>,
        verified_by -> Nullable<Text>,
        note -> Nullable<Text>,
        from_applicant -> Bool,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    stage_moves (application_id, id) {
        id -> Id,
        organization_id -> Id,
        application_id -> Id,
        kind -> Text,
        from_stage -> Text,
        to_stage -> Text,
        reason -> Nullable<Text>,
        note -> Nullable<Text>,
        actor -> Text,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    decisions (id) {
        id -> Id,
        organization_id -> Id,
        application_id -> Nullable<Id>,
        person_id -> Nullable<Id>,
        regulation_version_id -> Id,
        verdict -> Text,
        facts -> Text,
        document -> Text,
        hash -> Text,
        actor -> Text,
        decided_at -> Instant,
        engine_version -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    open_returns (organization_id, person_id) {
        organization_id -> Id,
        person_id -> Id,
        application_id -> Id,
        offer_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    offers (id) {
        id -> Id,
        organization_id -> Id,
        application_id -> Id,
        number -> Integer,
        state -> Text,
        terms -> Document,
        expires_on -> Date,
        made_by -> Text,
        deviation_reason -> Nullable<Text>,
        sent_at -> Nullable<Instant>,
        answered_at -> Nullable<Instant>,
        answer_note -> Nullable<Text>,
        authors -> Document,
        answered_by_applicant -> Bool,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    approvals (id) {
        id -> Id,
        organization_id -> Id,
        offer_id -> Id,
        approver -> Text,
        approved -> Bool,
        reason -> Nullable<Text>,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    impact_runs (id) {
        id -> Id,
        organization_id -> Id,
        version_id -> Id,
        against_id -> Nullable<Id>,
        scope -> Text,
        application_date -> Date,
        keep_changes -> Bool,
        state -> Text,
        total -> BigInt,
        considered -> BigInt,
        report -> Document,
        actor -> Text,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    impact_changes (run_id, position) {
        organization_id -> Id,
        run_id -> Id,
        position -> BigInt,
        person_id -> Id,
        application_id -> Nullable<Id>,
        before -> Text,
        after -> Text,
        clauses -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    idempotency_keys (organization_id, actor, endpoint, key) {
        organization_id -> Id,
        actor -> Text,
        endpoint -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> Integer,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        body -> Nullable<Text>,
        created_at -> Instant,
    }
}

diesel::table! {
    server_secrets (name) {
        name -> Text,
        secret -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    write_probes (id) {
        id -> Integer,
        written_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::sql::*;

    rehire_instructions (id) {
        id -> Id,
        organization_id -> Id,
        application_id -> Id,
        offer_id -> Id,
        person_id -> Id,
        state -> Text,
        package -> Document,
        attempt -> Integer,
        reference -> Nullable<Text>,
        employee_number -> Nullable<Text>,
        refusal_reason -> Nullable<Text>,
        issued_at -> Instant,
        acknowledged_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
    }
}
