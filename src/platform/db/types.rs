//! Three column types for one schema on both engines, and conversions for code sets.
//!
//! | logical | PostgreSQL | SQLite (STRICT) |
//! |---|---|---|
//! | [`sql::Id`] | `uuid` | `text`, 32 hexadecimal digits |
//! | [`sql::Instant`] | `timestamptz` | `text` of fixed width, so that text order is time order |
//! | [`sql::Document`] | `jsonb` | `text` checked by `json_valid` |

use std::fmt::Debug;
use std::io::Write;
use std::ops::Deref;

use chrono::{DateTime, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, Text, Timestamptz};
use diesel::sqlite::Sqlite;
use okaeri_engine::codes::Code;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::connection::MultiBackend;
use crate::platform::clock::Timestamp;
use crate::platform::ids::Identifier;

/// SQL types; see the table of the module.
pub mod sql {
    use diesel::query_builder::QueryId;
    use diesel::sql_types::SqlType;

    /// An identifier.
    #[derive(Debug, Clone, Copy, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 2950, array_oid = 2951))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Id;

    /// An instant to the microsecond, in UTC.
    #[derive(Debug, Clone, Copy, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Instant;

    /// A JSON document.
    #[derive(Debug, Clone, Copy, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Document;
}

macro_rules! multi_metadata {
    ($($sql:ty),+) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }
    )+};
}
multi_metadata!(sql::Id, sql::Instant, sql::Document);

type SqliteRaw<'a> = <Sqlite as Backend>::RawValue<'a>;
type MultiRaw<'a> = <MultiBackend as Backend>::RawValue<'a>;

fn sqlite_text(raw: SqliteRaw<'_>) -> deserialize::Result<String> {
    <String as FromSql<Text, Sqlite>>::from_sql(raw)
}

macro_rules! id_columns {
    ($($id:ident),+) => {$(
        const _: () = {
            use crate::platform::ids::$id;

            #[derive(AsExpression, FromSqlRow)]
            #[diesel(foreign_derive, sql_type = sql::Id)]
            #[allow(dead_code, reason = "the derive reads only the name")]
            struct Proxy($id);

            impl FromSql<sql::Id, Pg> for $id {
                fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
                    Ok(Self::from_uuid(Uuid::from_slice(raw.as_bytes())?))
                }
            }
            impl FromSql<sql::Id, Sqlite> for $id {
                fn from_sql(raw: SqliteRaw<'_>) -> deserialize::Result<Self> {
                    Ok(Self::from_uuid(Uuid::try_parse(&sqlite_text(raw)?)?))
                }
            }
            impl FromSql<sql::Id, MultiBackend> for $id {
                fn from_sql(raw: MultiRaw<'_>) -> deserialize::Result<Self> {
                    raw.from_sql::<Self, sql::Id>()
                }
            }
            impl ToSql<sql::Id, Pg> for $id {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    out.write_all(self.uuid().as_bytes())?;
                    Ok(IsNull::No)
                }
            }
            impl ToSql<sql::Id, Sqlite> for $id {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(self.uuid().simple().to_string());
                    Ok(IsNull::No)
                }
            }
            impl ToSql<sql::Id, MultiBackend> for $id {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                    out.set_value((sql::Id, self));
                    Ok(IsNull::No)
                }
            }
        };
    )+};
}
crate::platform::ids::for_each_id!(id_columns);

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive, sql_type = sql::Instant)]
#[allow(dead_code, reason = "the derive reads only the name")]
struct Proxy(Timestamp);

impl FromSql<sql::Instant, Pg> for Timestamp {
    fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(<DateTime<Utc> as FromSql<Timestamptz, Pg>>::from_sql(raw)?.into())
    }
}
impl FromSql<sql::Instant, Sqlite> for Timestamp {
    fn from_sql(raw: SqliteRaw<'_>) -> deserialize::Result<Self> {
        Ok(sqlite_text(raw)?.parse()?)
    }
}
impl FromSql<sql::Instant, MultiBackend> for Timestamp {
    fn from_sql(raw: MultiRaw<'_>) -> deserialize::Result<Self> {
        raw.from_sql::<Self, sql::Instant>()
    }
}
impl ToSql<sql::Instant, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <DateTime<Utc> as ToSql<Timestamptz, Pg>>::to_sql(&self.utc(), &mut out.reborrow())
    }
}
impl ToSql<sql::Instant, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}
impl ToSql<sql::Instant, MultiBackend> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((sql::Instant, self));
        Ok(IsNull::No)
    }
}

/// A value stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Document)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromSql<sql::Document, Pg> for Json<T> {
    fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
        // The binary format of jsonb begins with a version byte.
        match raw.as_bytes().split_first() {
            Some((1, json)) => Ok(Self(serde_json::from_slice(json)?)),
            Some(_) | None => Err("unknown version of jsonb".into()),
        }
    }
}
impl<T: DeserializeOwned> FromSql<sql::Document, Sqlite> for Json<T> {
    fn from_sql(raw: SqliteRaw<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(&sqlite_text(raw)?)?))
    }
}
impl<T: DeserializeOwned> FromSql<sql::Document, MultiBackend> for Json<T> {
    fn from_sql(raw: MultiRaw<'_>) -> deserialize::Result<Self> {
        raw.from_sql::<Self, sql::Document>()
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<sql::Document, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<sql::Document, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl<T: Serialize + std::fmt::Debug + Send + Sync + 'static> ToSql<sql::Document, MultiBackend>
    for Json<T>
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((sql::Document, self));
        Ok(IsNull::No)
    }
}

/// A member of one of the engine crate's code sets in a `text` column; that crate knows no
/// databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
#[serde(transparent)]
pub struct Coded<T>(pub T);

impl<T> Deref for Coded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Coded<T> {
    fn from(code: T) -> Self {
        Self(code)
    }
}

impl<T: PartialEq> PartialEq<T> for Coded<T> {
    fn eq(&self, other: &T) -> bool {
        self.0 == *other
    }
}

impl<T: Code, DB: Backend> FromSql<Text, DB> for Coded<T>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(T::from_code(&String::from_sql(raw)?)?))
    }
}

impl<T: Code + Debug, DB: Backend> ToSql<Text, DB> for Coded<T>
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_str().to_sql(out)
    }
}

/// Implements `text` columns for code sets of a slice: `text_columns!(JobState, ImpactScope);`.
#[macro_export]
macro_rules! text_columns {
    ($($code:ty),+ $(,)?) => {$(
        const _: () = {
            use diesel::backend::Backend;
            use diesel::deserialize::{self, FromSql, FromSqlRow};
            use diesel::expression::AsExpression;
            use diesel::serialize::{self, Output, ToSql};
            use diesel::sql_types::Text;
            use okaeri_engine::codes::Code;

            #[derive(AsExpression, FromSqlRow)]
            #[diesel(foreign_derive, sql_type = Text)]
            #[allow(dead_code, reason = "the derive reads only the name")]
            struct Proxy($code);

            impl<DB: Backend> FromSql<Text, DB> for $code
            where
                String: FromSql<Text, DB>,
            {
                fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
                    Ok(<$code as Code>::from_code(&String::from_sql(raw)?)?)
                }
            }
            impl<DB: Backend> ToSql<Text, DB> for $code
            where
                str: ToSql<Text, DB>,
            {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                    self.as_str().to_sql(out)
                }
            }
        };
    )+};
}
