//! What every store does with a table that belongs to a tenant and has a row version.

/// Gives a store `insert`, `find`, `get` and `save` for its table. `Row` must be `Queryable`,
/// `Selectable`, `Insertable` and `AsChangeset`, with `id`, `organization_id` and `version`. Their
/// reach is that of the module they are written in, which is private to its slice.
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

/// Gives a store `find`, `get` and `save` alone, where `Row` has some of the columns.
macro_rules! present_rows {
    ($table:ident, $row:ident, $id:ident, $what:literal) => {
        /// The row, if this tenant has it.
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

        /// The row, or the problem that there is none.
        pub(crate) fn get(
            conn: &mut $crate::platform::db::Conn,
            tenant: $crate::platform::ids::OrganizationId,
            id: $crate::platform::ids::$id,
        ) -> $crate::platform::error::Result<$row> {
            find(conn, tenant, id)?.ok_or_else(|| $crate::platform::error::Error::not_found($what))
        }

        /// Writes a changed row as its next version, unless it changed since it was read.
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

/// Gives a store `count`: how many rows there are with these values, of this tenant.
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

/// Gives a store `hold`: others who hold the same row wait until this transaction ends.
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

/// Locks the rows of a query until this transaction ends; returns whether anything is held. A lock
/// is not written into a row, so one row may be locked again and again in a long transaction.
/// SQLite has one writer: a transaction that writes holds everything.
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

/// Gives a store `forget_before`: deletes rows whose instant is earlier, the earliest first and so
/// many that the transaction is short; returns how many.
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

/// Something of an organization that is due by its day.
pub(crate) type Due<I> = (crate::platform::ids::OrganizationId, I, chrono::NaiveDate);
/// The place at which a page of such things ended.
pub(crate) type Place<I> = (chrono::NaiveDate, I);

/// Loads what of a query is due by a day, behind a place in this order: by day, then by identifier.
/// Answers each row as the query selects it.
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

/// Gives a store `many`: the rows with these identifiers that this tenant has, in one statement.
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
