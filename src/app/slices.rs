//! The list of all slices. Nothing else registers operations below `/v1`.

use crate::hiring::{applications, jobs, offers, openings, rehire_instructions, returns};
use crate::integration::{api_keys, events, imports, webhooks};
use crate::platform::slice::Slice;
use crate::records::{employment_periods, entities, organizations, people, registrations, users};
use crate::regulations::{decisions, impacts, legal_checks, regulations};

/// The slices of the application. The router matches a regular expression per operation in this
/// order, so the most used slices come first.
pub const SLICES: &[Slice] = &[
    applications::SLICE,
    people::SLICE,
    decisions::SLICE,
    offers::SLICE,
    rehire_instructions::SLICE,
    returns::SLICE,
    events::SLICE,
    organizations::SLICE,
    entities::SLICE,
    users::SLICE,
    api_keys::SLICE,
    employment_periods::SLICE,
    imports::SLICE,
    registrations::SLICE,
    regulations::SLICE,
    impacts::SLICE,
    legal_checks::SLICE,
    jobs::SLICE,
    openings::SLICE,
    webhooks::SLICE,
];
