//! Macros for the queries that every store has for a tenant's table with row versions.

/// Generates `insert`, `find`, `get` and `save` for a table. `Row` must be `Queryable`,
/// `Selectable`, `Insertable` and `AsChangeset`, with `id`, `organization_id` and `version`. The
/// functions are visible in the module that uses the macro, which is private to its slice.
macro_rules! versioned_rows {
    ($table:ident, $row:ident, $id:ident, $what:literal) => {
        pub(crate) fn insert(
            conn: &mut $crate::platform::db::Conn,
            row: &$row,
        ) -> $crate::platform::error::Result<()> {
            use diesel::prelude::*;
            $crate::platform::db::connection::on_engine!(conn, |engine| diesel::insert_into(
                $table::table
            )
            .values(row)
            .execute(engine))?;
            Ok(())
        }

        $crate::platform::db::rows::present_rows!($table, $row, $id, $what);
    };
}
pub(crate) use versioned_rows;

/// Generates `find` and `get` only, for a `Row` that is read and never written.
macro_rules! read_rows {
    ($table:ident, $row:ident, $id:ident, $what:literal) => {
        /// Returns the row, if this tenant has it.
        pub(crate) fn find(
            conn: &mut $crate::platform::db::Conn,
            tenant: $crate::platform::ids::OrganizationId,
            id: $crate::platform::ids::$id,
        ) -> $crate::platform::error::Result<Option<$row>> {
            use diesel::prelude::*;
            Ok($crate::platform::db::connection::on_engine!(conn, |engine| $table::table
                .filter($table::id.eq(id))
                .filter($table::organization_id.eq(tenant))
                .select($row::as_select())
                .first(engine))
            .optional()?)
        }

        /// Returns the row, or `not_found`.
        pub(crate) fn get(
            conn: &mut $crate::platform::db::Conn,
            tenant: $crate::platform::ids::OrganizationId,
            id: $crate::platform::ids::$id,
        ) -> $crate::platform::error::Result<$row> {
            find(conn, tenant, id)?.ok_or_else(|| $crate::platform::error::Error::not_found($what))
        }
    };
}
pub(crate) use read_rows;

/// Generates `find`, `get` and `save` only, for a `Row` with some of the columns.
macro_rules! present_rows {
    ($table:ident, $row:ident, $id:ident, $what:literal) => {
        $crate::platform::db::rows::read_rows!($table, $row, $id, $what);

        /// Writes a changed row with the next version, unless the stored version has changed.
        pub(crate) fn save(
            conn: &mut $crate::platform::db::Conn,
            row: &mut $row,
            now: $crate::platform::clock::Timestamp,
        ) -> $crate::platform::error::Result<()> {
            use diesel::prelude::*;
            let read = row.version;
            row.version += 1;
            row.updated_at = now;
            let updated = diesel::update(
                $table::table
                    .filter($table::id.eq(row.id))
                    .filter($table::organization_id.eq(row.organization_id))
                    .filter($table::version.eq(read)),
            )
            .set(&*row)
            .execute(conn)?;
            $crate::platform::usecase::expect_one(updated)
        }
    };
}
pub(crate) use present_rows;

/// Generates `count`: the number of this tenant's rows with these values.
macro_rules! counted_rows {
    ($table:ident $(, $column:ident: $type:ty)*) => {
        pub(crate) fn count(
            conn: &mut $crate::platform::db::Conn,
            tenant: $crate::platform::ids::OrganizationId,
            $($column: $type,)*
        ) -> $crate::platform::error::Result<i64> {
            use diesel::prelude::*;
            Ok($table::table
                .filter($table::organization_id.eq(tenant))
                $(.filter($table::$column.eq($column)))*
                .count()
                .get_result(conn)?)
        }
    };
}
pub(crate) use counted_rows;

/// Generates `hold`: locks a row until the transaction ends.
macro_rules! held_rows {
    ($table:ident, $id:ident) => {
        pub(crate) fn hold(
            conn: &mut $crate::platform::db::Conn,
            tenant: $crate::platform::ids::OrganizationId,
            id: $crate::platform::ids::$id,
        ) -> $crate::platform::error::Result<()> {
            use diesel::prelude::*;
            let of_tenant = $table::table.filter($table::organization_id.eq(tenant));
            $crate::platform::db::rows::lock_rows!(
                conn,
                of_tenant.filter($table::id.eq(id)).select($table::id)
            )
            .map(drop)
        }
    };
}
pub(crate) use held_rows;

/// Locks the rows of a query until the transaction ends. Returns whether any row is locked. The
/// lock is not written into the row, so a long transaction may lock one row repeatedly. On SQLite a
/// write transaction locks everything.
macro_rules! lock_rows {
    ($conn:expr, $query:expr) => {{
        match $conn {
            $crate::platform::db::Conn::Postgres(postgres) => {
                Ok($query.for_no_key_update().execute(postgres)? > 0)
            }
            $crate::platform::db::Conn::Sqlite(_) => Ok(true),
        }
    }};
}
pub(crate) use lock_rows;

/// Generates `forget_before`: deletes rows with an earlier instant, earliest first, in a batch
/// small enough for a short transaction. Returns their number.
macro_rules! forgotten_rows {
    ($table:ident, $at:ident $(, $is_over:expr)?) => {
        pub(super) fn forget_before(
            conn: &mut $crate::platform::db::Conn,
            before: $crate::platform::clock::Timestamp,
        ) -> $crate::platform::error::Result<usize> {
            use diesel::prelude::*;
            let old = || $table::table.filter($table::$at.lt(before))$(.filter($is_over))?;
            let last: Option<$crate::platform::clock::Timestamp> = old()
                .order($table::$at.asc())
                .offset($crate::platform::db::FORGOTTEN_AT_ONCE - 1)
                .limit(1)
                .select($table::$at)
                .first(conn)
                .optional()?;
            Ok(diesel::delete(old().filter($table::$at.le(last.unwrap_or(before)))).execute(conn)?)
        }
    };
}
pub(crate) use forgotten_rows;

/// A row that is due: organization, identifier and day.
pub(crate) type Due<I> = (crate::platform::ids::OrganizationId, I, chrono::NaiveDate);
/// Position after which the next page of due rows starts.
pub(crate) type Place<I> = (chrono::NaiveDate, I);

/// Loads the due rows of a query after a position, ordered by day, then by identifier. Returns each
/// row as the query selects it.
macro_rules! load_due {
    ($conn:expr, $query:expr, $on:expr, $id:expr, $after:expr, $limit:expr) => {{
        let mut query = $query.into_boxed();
        if let Some((day, id)) = $after {
            query = query.filter($on.gt(day).or($on.eq(day).and($id.gt(id))));
        }
        query.order(($on.asc(), $id.asc())).limit($limit).load($conn)?
    }};
}
pub(crate) use load_due;

/// Generates `many`: returns this tenant's rows with these identifiers, in one statement.
macro_rules! rows_by_ids {
    ($table:ident, $row:ident, $id:ident) => {
        pub(crate) fn many(
            conn: &mut $crate::platform::db::Conn,
            tenant: $crate::platform::ids::OrganizationId,
            ids: &[$crate::platform::ids::$id],
        ) -> $crate::platform::error::Result<Vec<$row>> {
            use diesel::prelude::*;
            Ok($table::table
                .filter($table::organization_id.eq(tenant))
                .filter($table::id.eq_any(ids.to_vec()))
                .select($row::as_select())
                .load(conn)?)
        }
    };
}
pub(crate) use rows_by_ids;
