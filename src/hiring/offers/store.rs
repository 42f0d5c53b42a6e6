//! Rows of `offers` and `approvals`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use chrono::NaiveDate;
use diesel::dsl::not;
use diesel::prelude::*;
use okaeri_engine::workflow::offer::{OfferState, OfferTerms};

use super::model::Authors;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, Span, load_listed, within};
use crate::platform::db::rows::{Due, Place, held_rows, load_due, versioned_rows};
use crate::platform::db::schema::{applications, approvals, offers};
use crate::platform::db::types::{Coded, Json};
use crate::platform::error::Result;
use crate::platform::ids::{ApplicationId, ApprovalId, OfferId, OrganizationId, PersonId};

/// An offer as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = offers, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: OfferId,
    pub organization_id: OrganizationId,
    pub application_id: ApplicationId,
    pub number: i32,
    pub state: Coded<OfferState>,
    pub terms: Json<OfferTerms>,
    pub expires_on: NaiveDate,
    pub made_by: String,
    pub deviation_reason: Option<String>,
    pub sent_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    pub answer_note: Option<String>,
    pub authors: Json<Authors>,
    pub answered_by_applicant: bool,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(offers, Row, OfferId, "offer");
held_rows!(offers, OfferId);

/// An approver's answer to an offer, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = approvals, treat_none_as_default_value = false)]
pub struct ApprovalRow {
    pub id: ApprovalId,
    pub organization_id: OrganizationId,
    pub offer_id: OfferId,
    pub approver: String,
    pub approved: bool,
    pub reason: Option<String>,
    pub at: Timestamp,
}

pub(super) fn insert_approval(conn: &mut Conn, row: &ApprovalRow) -> Result<()> {
    diesel::insert_into(approvals::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn approvals_of(
    conn: &mut Conn,
    tenant: OrganizationId,
    offer: OfferId,
) -> Result<Vec<ApprovalRow>> {
    Ok(approvals::table
        .filter(approvals::organization_id.eq(tenant))
        .filter(approvals::offer_id.eq(offer))
        .order(approvals::id.asc())
        .select(ApprovalRow::as_select())
        .load(conn)?)
}

/// Filters of the list of offers.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<OfferState>,
    pub state_in: Option<Vec<OfferState>>,
    pub application: Option<ApplicationId>,
    pub expires_on: Span<NaiveDate>,
    /// Only offers of this person that were sent.
    pub only: Option<PersonId>,
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    today: NaiveDate,
    listing: &Listing<OfferId>,
) -> Result<Vec<Row>> {
    let mut query = offers::table
        .filter(offers::organization_id.eq(tenant))
        .select(Row::as_select())
        .into_boxed();
    let asked = filter.state.map(|state| vec![state]).into_iter().chain(filter.state_in.clone());
    for states in asked {
        let has_lapsed =
            offers::state.eq(Coded(OfferState::Sent)).and(offers::expires_on.lt(today));
        let is_expired_wanted = states.contains(&OfferState::Expired);
        let is_of_states = offers::state.eq_any(states.into_iter().map(Coded));
        query = if is_expired_wanted {
            let is_other = is_of_states.and(not(has_lapsed));
            query.filter(is_other.or(has_lapsed))
        } else {
            query.filter(is_of_states.and(not(has_lapsed)))
        };
    }
    within!(query, offers::expires_on, filter.expires_on);
    if let Some(application) = filter.application {
        query = query.filter(offers::application_id.eq(application));
    }
    if let Some(person) = filter.only {
        let own =
            applications::table.filter(applications::person_id.eq(person)).select(applications::id);
        query =
            query.filter(offers::application_id.eq_any(own)).filter(offers::sent_at.is_not_null());
    }
    Ok(load_listed!(conn, query, offers, listing)?)
}

/// Returns sent offers of all organizations whose last day is before this day.
pub(super) fn due(
    conn: &mut Conn,
    day: NaiveDate,
    after: Option<Place<OfferId>>,
    limit: i64,
) -> Result<Vec<Due<OfferId>>> {
    let sent = offers::table
        .filter(offers::state.eq(Coded(OfferState::Sent)))
        .filter(offers::expires_on.lt(day))
        .select((offers::organization_id, offers::id, offers::expires_on));
    Ok(load_due!(conn, sent, offers::expires_on, offers::id, after, limit))
}

pub(super) fn count_of(
    conn: &mut Conn,
    tenant: OrganizationId,
    application: ApplicationId,
) -> Result<i64> {
    Ok(offers::table
        .filter(offers::organization_id.eq(tenant))
        .filter(offers::application_id.eq(application))
        .count()
        .get_result(conn)?)
}
