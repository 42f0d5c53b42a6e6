//! Time zones of organizations.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::platform::db::schema::organizations;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganizationId;

/// Returns the time zones of these organizations.
pub(super) fn zones(
    conn: &mut Conn,
    mut ids: Vec<OrganizationId>,
) -> Result<BTreeMap<OrganizationId, Tz>> {
    ids.sort_unstable();
    ids.dedup();
    let of = organizations::table.filter(organizations::id.eq_any(ids));
    let rows: Vec<(OrganizationId, String)> =
        of.select((organizations::id, organizations::time_zone)).load(conn)?;
    let zone = |(id, name): (OrganizationId, String)| {
        let zone = name.parse();
        zone.map(|zone| (id, zone)).map_err(|_| Error::internal("the stored time zone is unknown"))
    };
    rows.into_iter().map(zone).collect()
}
