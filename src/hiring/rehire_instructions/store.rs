//! Rows of `rehire_instructions`.
#![allow(missing_docs, reason = "columns are described where they are shown, in `api.rs`")]

use diesel::prelude::*;
use okaeri_engine::workflow::rehire_instruction::InstructionState;

use super::model::Package;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::db::listing::{Listing, load_listed};
use crate::platform::db::rows::{held_rows, versioned_rows};
use crate::platform::db::schema::rehire_instructions;
use crate::platform::db::types::{Coded, Json};
use crate::platform::error::Result;
use crate::platform::ids::{ApplicationId, OfferId, OrganizationId, PersonId, RehireInstructionId};

/// An instruction as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rehire_instructions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Row {
    pub id: RehireInstructionId,
    pub organization_id: OrganizationId,
    pub application_id: ApplicationId,
    pub offer_id: OfferId,
    pub person_id: PersonId,
    pub state: Coded<InstructionState>,
    pub package: Json<Package>,
    pub attempt: i32,
    pub reference: Option<String>,
    pub employee_number: Option<String>,
    pub refusal_reason: Option<String>,
    pub issued_at: Timestamp,
    pub acknowledged_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
versioned_rows!(rehire_instructions, Row, RehireInstructionId, "rehire instruction");
held_rows!(rehire_instructions, RehireInstructionId);

/// Returns the identifier of an offer's instruction, if there is one.
pub(super) fn id_of_offer(
    conn: &mut Conn,
    tenant: OrganizationId,
    offer: OfferId,
) -> Result<Option<RehireInstructionId>> {
    Ok(rehire_instructions::table
        .filter(rehire_instructions::organization_id.eq(tenant))
        .filter(rehire_instructions::offer_id.eq(offer))
        .select(rehire_instructions::id)
        .first(conn)
        .optional()?)
}

/// Filters of the list of instructions.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<InstructionState>,
    pub state_in: Option<Vec<InstructionState>>,
    pub application: Option<ApplicationId>,
    /// Only instructions of this person.
    pub only: Option<PersonId>,
}

pub(super) fn list(
    conn: &mut Conn,
    tenant: OrganizationId,
    filter: &Filter,
    listing: &Listing<RehireInstructionId>,
) -> Result<Vec<Row>> {
    let of_tenant =
        rehire_instructions::table.filter(rehire_instructions::organization_id.eq(tenant));
    let mut query = of_tenant.select(Row::as_select()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(rehire_instructions::state.eq(Coded(state)));
    }
    if let Some(states) = &filter.state_in {
        query = query.filter(rehire_instructions::state.eq_any(states.iter().copied().map(Coded)));
    }
    if let Some(application) = filter.application {
        query = query.filter(rehire_instructions::application_id.eq(application));
    }
    if let Some(person) = filter.only {
        query = query.filter(rehire_instructions::person_id.eq(person));
    }
    Ok(load_listed!(conn, query, rehire_instructions, listing)?)
}
