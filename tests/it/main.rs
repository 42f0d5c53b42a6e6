//! Integration tests: one binary, every test on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs,
    unreachable_pub,
    reason = "a test that panics has found something"
)]

mod support;

mod acceptance;
mod application_facts;
mod applications;
mod asked;
mod authorization;
mod budgets;
mod checks;
mod cli;
mod conditional;
mod cors;
mod database;
mod decisions;
mod durability;
mod employment_periods;
mod entities;
mod external_people;
mod feed;
mod guide;
mod headers;
mod hostile;
mod idempotency;
mod impacts;
mod imports;
mod jobs;
mod known_people;
mod legal_checks;
mod limits;
mod lists;
mod loads;
mod offer_answers;
mod offers;
mod openapi;
mod openings;
mod organizations;
mod people;
mod people_imports;
mod plans;
mod readiness;
mod registrations;
mod regulation_texts;
mod regulation_versions;
mod regulations;
mod rehire_instructions;
mod returns;
mod revocation;
mod schedule;
mod settings;
mod stored_decisions;
mod texts;
mod tidy;
mod tokens;
mod users;
mod visibility;
mod webhook_deliveries;
mod webhooks;
