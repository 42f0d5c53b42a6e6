//! Rows of `applications`, `stage_moves` and `application_documents`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use chrono::NaiveDate;
use diesel::dsl::{SqlTypeOf, exists};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use okaeri_engine::Verdict;
use okaeri_engine::codes::Code as _;
use okaeri_engine::facts::DocumentKind;
use okaeri_engine::workflow::offer::OfferState;
use okaeri_engine::workflow::pipeline::{MoveKind, Stage};

use super::model::{Channel, StoredFacts};
use crate::hiring::openings::model::OpeningState;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::connection::on_engine;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{held_rows, versioned_rows};
use crate::platform::db::schema::{
    application_documents, applications, employment_periods, offers, open_returns, openings,
    people, stage_moves,
};
use crate::platform::db::types::{Coded, Json};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    ApplicationId, DecisionId, DocumentId, EmploymentPeriodId, MoveId, OfferId, OpeningId,
    OrganizationId, PersonId, RegulationVersionId,
};
use crate::platform::usecase::expect_one;

crate::text_columns!(Channel);

/// An application as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = applications, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: ApplicationId,
    pub organization_id: OrganizationId,
    pub person_id: PersonId,
    pub regulation_version_id: RegulationVersionId,
    pub opening_id: Option<OpeningId>,
    pub stage: Coded<Stage>,
    pub stage_since: Timestamp,
    pub resume_stage: Option<Coded<Stage>>,
    pub application_date: Option<NaiveDate>,
    pub wished_start_date: Option<NaiveDate>,
    pub channel: Channel,
    pub reason_for_return: Option<String>,
    pub facts: Json<StoredFacts>,
    pub decision_id: Option<DecisionId>,
    pub decision_verdict: Option<Coded<Verdict>>,
    /// The version of the person's facts that the decision read; null when facts of the application
    /// itself have changed since.
    pub decided_facts_version: Option<i32>,
    pub offer_id: Option<OfferId>,
    pub returned_period_id: Option<EmploymentPeriodId>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(applications, Row, ApplicationId, "application");
held_rows!(applications, ApplicationId);

/// Columns of a person shown with an application.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct Applicant {
    pub family_name: String,
    pub given_name: String,
    pub family_kana: Option<String>,
    pub given_kana: Option<String>,
    pub facts_version: i32,
}

/// Returns whether the decision on an application has read the current facts.
pub(super) fn is_fresh(application: &Row, applicant: &Applicant) -> bool {
    application.decided_facts_version == Some(applicant.facts_version)
}

/// An application with its applicant.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = applications)]
pub struct Shown {
    #[diesel(embed)]
    pub application: Row,
    #[diesel(embed)]
    pub applicant: Applicant,
}

/// Columns of an opening that guards read.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = openings)]
pub(super) struct Opening {
    pub(super) state: OpeningState,
    pub(super) seats: i32,
    pub(super) seats_taken: i32,
    pub(super) opens_on: Option<NaiveDate>,
    pub(super) closes_on: Option<NaiveDate>,
}

/// Row of an application with everything else that guards read, from one statement.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    pub(super) row: Row,
    pub(super) applicant: Applicant,
    pub(super) opening: Option<Opening>,
    /// State and last day of the offer.
    pub(super) offer: Option<(Coded<OfferState>, NaiveDate)>,
    pub(super) record_matched: bool,
}

/// Columns of [`Surroundings`].
type Columns = (Row, Applicant, Option<Opening>, Option<(Coded<OfferState>, NaiveDate)>, bool);

pub(super) fn with_surroundings(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: ApplicationId,
) -> Result<Surroundings> {
    let periods = employment_periods::table
        .filter(employment_periods::organization_id.eq(applications::organization_id))
        .filter(employment_periods::person_id.eq(applications::person_id))
        .select(employment_periods::id);
    let found = on_engine!(conn, |engine| applications::table
        .inner_join(people::table)
        .left_join(openings::table.on(applications::opening_id.eq(openings::id.nullable())))
        .left_join(offers::table.on(applications::offer_id.eq(offers::id.nullable())))
        .filter(applications::id.eq(id))
        .filter(applications::organization_id.eq(tenant))
        .select((
            Row::as_select(),
            Applicant::as_select(),
            Option::<Opening>::as_select(),
            (offers::state, offers::expires_on).nullable(),
            exists(periods),
        ))
        .first::<Columns>(engine));
    let (row, applicant, opening, offer, record_matched) =
        found.optional()?.ok_or_else(|| Error::not_found("application"))?;
    Ok(Surroundings { row, applicant, opening, offer, record_matched })
}

/// Writes the stage of an application unless the row version has changed. A move changes only the
/// stage columns, so it does not write the others.
pub(super) fn save_stage(conn: &mut Conn, row: &mut Row, now: Timestamp) -> Result<()> {
    let read = row.version;
    row.version += 1;
    row.updated_at = now;
    expect_one(on_engine!(conn, |engine| StageUpdate { row, read }.execute(engine))?)
}

/// UPDATE statement of a move, written by hand: diesel prepares its own updates anew each time,
/// which on PostgreSQL costs this most frequent write a round trip.
struct StageUpdate<'r> {
    row: &'r Row,
    read: i32,
}

macro_rules! stage_update_on {
    ($($backend:ty),+) => {
        $(impl QueryFragment<$backend> for StageUpdate<'_> {
            fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                let row = self.row;
                pass.push_sql("UPDATE applications SET stage = ");
                pass.push_bind_param::<SqlTypeOf<applications::stage>, _>(&row.stage)?;
                pass.push_sql(", stage_since = ");
                pass.push_bind_param::<SqlTypeOf<applications::stage_since>, _>(&row.stage_since)?;
                pass.push_sql(", resume_stage = ");
                pass.push_bind_param::<SqlTypeOf<applications::resume_stage>, _>(&row.resume_stage)?;
                pass.push_sql(", application_date = ");
                pass.push_bind_param::<SqlTypeOf<applications::application_date>, _>(&row.application_date)?;
                pass.push_sql(", version = ");
                pass.push_bind_param::<SqlTypeOf<applications::version>, _>(&row.version)?;
                pass.push_sql(", updated_at = ");
                pass.push_bind_param::<SqlTypeOf<applications::updated_at>, _>(&row.updated_at)?;
                pass.push_sql(" WHERE id = ");
                pass.push_bind_param::<SqlTypeOf<applications::id>, _>(&row.id)?;
                pass.push_sql(" AND organization_id = ");
                pass.push_bind_param::<SqlTypeOf<applications::organization_id>, _>(&row.organization_id)?;
                pass.push_sql(" AND version = ");
                pass.push_bind_param::<SqlTypeOf<applications::version>, _>(&self.read)
            }
        })+
    };
}
stage_update_on!(diesel::pg::Pg, diesel::sqlite::Sqlite);

impl QueryId for StageUpdate<'_> {
    type QueryId = StageUpdate<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for StageUpdate<'_> {}

/// Filters of the list of applications.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub stage: Option<Stage>,
    pub stage_in: Option<Vec<Stage>>,
    pub person: Option<PersonId>,
    pub opening: Option<OpeningId>,
}

pub(super) fn shown_by_ids(
    conn: &mut Conn,
    tenant: OrganizationId,
    ids: &[ApplicationId],
) -> Result<Vec<Shown>> {
    Ok(applications::table
        .inner_join(people::table)
        .filter(applications::organization_id.eq(tenant))
        .filter(applications::id.eq_any(ids.to_vec()))
        .select(Shown::as_select())
        .load(conn)?)
}

pub(super) fn shown(conn: &mut Conn, tenant: OrganizationId, id: ApplicationId) -> Result<Shown> {
    let shown = on_engine!(conn, |engine| applications::table
        .inner_join(people::table)
        .filter(applications::id.eq(id))
        .filter(applications::organization_id.eq(tenant))
        .select(Shown::as_select())
        .first(engine));
    shown.optional()?.ok_or_else(|| Error::not_found("application"))
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    listing: &Listing<ApplicationId>,
) -> Result<Vec<Shown>> {
    let found = on_engine!(conn, |engine| {
        let mut query = applications::table
            .inner_join(people::table)
            .filter(applications::organization_id.eq(tenant))
            .select(Shown::as_select())
            .into_boxed();
        if let Some(stage) = filter.stage {
            query = query.filter(applications::stage.eq(Coded(stage)));
        }
        if let Some(stages) = &filter.stage_in {
            query = query.filter(applications::stage.eq_any(stages.iter().copied().map(Coded)));
        }
        if let Some(person) = filter.person {
            query = query.filter(applications::person_id.eq(person));
        }
        if let Some(opening) = filter.opening {
            query = query.filter(applications::opening_id.eq(Some(opening)));
        }
        load_listed!(engine, query, applications, listing)
    });
    Ok(found?)
}

/// Returns the submitted applications after this one, ordered by identifier.
pub(super) fn handed_in(
    conn: &mut Conn,
    tenant: OrganizationId,
    after: Option<ApplicationId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut query = applications::table
        .filter(applications::organization_id.eq(tenant))
        .filter(applications::application_date.is_not_null())
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(applications::id.gt(after));
    }
    Ok(query.order(applications::id.asc()).limit(limit).load(conn)?)
}

pub(super) fn count_handed_in(conn: &mut Conn, tenant: OrganizationId) -> Result<i64> {
    Ok(applications::table
        .filter(applications::organization_id.eq(tenant))
        .filter(applications::application_date.is_not_null())
        .count()
        .get_result(conn)?)
}

/// Returns the sent offers among these.
pub(super) fn sent_offers(
    conn: &mut Conn,
    tenant: OrganizationId,
    ids: &[OfferId],
) -> Result<Vec<OfferId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(offers::table
        .filter(offers::organization_id.eq(tenant))
        .filter(offers::id.eq_any(ids.to_vec()))
        .filter(offers::sent_at.is_not_null())
        .select(offers::id)
        .load(conn)?)
}

/// Marks the decision on an application as stale.
pub(super) fn make_stale(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: ApplicationId,
    now: Timestamp,
) -> Result<()> {
    diesel::update(
        applications::table
            .filter(applications::organization_id.eq(tenant))
            .filter(applications::id.eq(id))
            .filter(applications::decided_facts_version.is_not_null()),
    )
    .set((
        applications::decided_facts_version.eq(None::<i32>),
        applications::version.eq(applications::version + 1),
        applications::updated_at.eq(now),
    ))
    .execute(conn)?;
    Ok(())
}

/// Returns the person of an application.
pub(super) fn person_of(
    conn: &mut Conn,
    tenant: OrganizationId,
    id: ApplicationId,
) -> Result<PersonId> {
    let person = on_engine!(conn, |engine| applications::table
        .filter(applications::id.eq(id))
        .filter(applications::organization_id.eq(tenant))
        .select(applications::person_id)
        .first(engine));
    person.optional()?.ok_or_else(|| Error::not_found("application"))
}

/// A move from stage to stage, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stage_moves, treat_none_as_default_value = false)]
pub struct MoveRow {
    pub id: MoveId,
    pub organization_id: OrganizationId,
    pub application_id: ApplicationId,
    pub kind: Coded<MoveKind>,
    pub from_stage: Coded<Stage>,
    pub to_stage: Coded<Stage>,
    pub reason: Option<String>,
    pub note: Option<String>,
    pub actor: String,
    pub at: Timestamp,
}

pub(super) fn insert_move(conn: &mut Conn, row: &MoveRow) -> Result<()> {
    on_engine!(conn, |engine| diesel::insert_into(stage_moves::table).values(row).execute(engine))?;
    Ok(())
}

pub(super) fn moves(
    conn: &mut Conn,
    tenant: OrganizationId,
    application: ApplicationId,
    after: Option<MoveId>,
    limit: i64,
) -> Result<Vec<MoveRow>> {
    let mut query = stage_moves::table
        .filter(stage_moves::organization_id.eq(tenant))
        .filter(stage_moves::application_id.eq(application))
        .select(MoveRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(stage_moves::id.gt(after));
    }
    Ok(query.order(stage_moves::id.asc()).limit(limit).load(conn)?)
}

/// The accepted offer by which a person returns, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = open_returns)]
pub struct OpenReturn {
    pub organization_id: OrganizationId,
    pub person_id: PersonId,
    pub application_id: ApplicationId,
    pub offer_id: OfferId,
}

pub(super) fn insert_open_return(conn: &mut Conn, row: &OpenReturn) -> Result<()> {
    diesel::insert_into(open_returns::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn open_return(
    conn: &mut Conn,
    tenant: OrganizationId,
    person: PersonId,
) -> Result<Option<OpenReturn>> {
    Ok(open_returns::table
        .find((tenant, person))
        .select(OpenReturn::as_select())
        .first(conn)
        .optional()?)
}

pub(super) fn delete_open_return(
    conn: &mut Conn,
    tenant: OrganizationId,
    application: ApplicationId,
) -> Result<()> {
    let of_application = open_returns::table
        .filter(open_returns::organization_id.eq(tenant))
        .filter(open_returns::application_id.eq(application));
    diesel::delete(of_application).execute(conn)?;
    Ok(())
}

/// An application document, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = application_documents, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct DocumentRow {
    pub id: DocumentId,
    pub organization_id: OrganizationId,
    pub application_id: ApplicationId,
    pub kind: Coded<DocumentKind>,
    pub title: String,
    pub received_at: Timestamp,
    pub verified_at: Option<Timestamp>,
    pub verified_by: Option<String>,
    pub note: Option<String>,
    pub from_applicant: bool,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Rows of `application_documents`.
pub(super) mod document {
    use super::{DocumentRow, application_documents};
    use crate::platform::db::rows::{counted_rows, versioned_rows};

    versioned_rows!(application_documents, DocumentRow, DocumentId, "document");
    counted_rows!(application_documents, application_id: crate::platform::ids::ApplicationId);
}

pub(super) fn documents(
    conn: &mut Conn,
    tenant: OrganizationId,
    application: ApplicationId,
) -> Result<Vec<DocumentRow>> {
    Ok(application_documents::table
        .filter(application_documents::organization_id.eq(tenant))
        .filter(application_documents::application_id.eq(application))
        .order(application_documents::id.asc())
        .select(DocumentRow::as_select())
        .load(conn)?)
}

/// Returns whether an application at this stage has not ended.
pub(super) fn is_open(stage: Stage) -> bool {
    !stage.is_final()
        && ![Stage::Rejected, Stage::Withdrawn, Stage::OfferCancelled].contains(&stage)
}

/// Returns the number of applications of a person that have not ended.
pub(super) fn count_open(conn: &mut Conn, tenant: OrganizationId, person: PersonId) -> Result<i64> {
    let ended = Stage::ALL.iter().copied().filter(|stage| !is_open(*stage));
    Ok(applications::table
        .filter(applications::organization_id.eq(tenant))
        .filter(applications::person_id.eq(person))
        .filter(applications::stage.ne_all(ended.map(Coded)))
        .count()
        .get_result(conn)?)
}
