//! Tables that are joined, and the columns that join them.

use super::schema::{
    api_keys, applications, contacts, decisions, employment_periods, events, jobs, offers,
    openings, organizations, people, registrations, regulation_versions, regulations, users,
    webhook_deliveries, webhook_endpoints,
};

diesel::joinable!(applications -> people (person_id));
diesel::joinable!(applications -> openings (opening_id));
diesel::joinable!(openings -> jobs (job_id));
diesel::joinable!(regulation_versions -> regulations (regulation_id));
diesel::allow_tables_to_appear_in_same_query!(
    applications,
    people,
    openings,
    jobs,
    regulations,
    regulation_versions,
    employment_periods,
    contacts,
    registrations,
    offers,
    decisions
);

diesel::joinable!(webhook_deliveries -> webhook_endpoints (endpoint_id));
diesel::allow_tables_to_appear_in_same_query!(webhook_endpoints, webhook_deliveries, events);

diesel::allow_tables_to_appear_in_same_query!(users, organizations);
diesel::allow_tables_to_appear_in_same_query!(api_keys, organizations);
