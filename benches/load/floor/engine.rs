//! The queries of the floor, written by hand for each engine's own connection.

use diesel::connection::SimpleConnection;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::r2d2::R2D2Connection;
use diesel::serialize::{self, IsNull, Output, ToSql};
use serde::Serialize;
use serde_json::value::RawValue;

/// An application with the names of its person, as it is answered.
#[derive(Serialize)]
pub struct Out {
    id: String,
    person: Person,
    regulation_version_id: String,
    opening_id: Option<String>,
    stage: String,
    stage_since: String,
    resume_stage: Option<String>,
    application_date: Option<String>,
    wished_start_date: Option<String>,
    channel: String,
    reason_for_return: Option<String>,
    facts: Box<RawValue>,
    decision: Option<Decision>,
    offer_id: Option<String>,
    returned_period_id: Option<String>,
    pub version: i32,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
struct Person {
    id: String,
    family_name: String,
    given_name: String,
    family_kana: Option<String>,
    given_kana: Option<String>,
}

#[derive(Serialize)]
struct Decision {
    id: String,
    verdict: String,
    fresh: bool,
}

#[derive(serde::Deserialize)]
struct Facts {
    supplied: Box<RawValue>,
}

/// What the handlers ask of an engine.
pub trait Engine: Copy + Send + Sync + 'static {
    type Conn: R2D2Connection + SimpleConnection + Send + 'static;
    const SETTINGS: &'static str;
    const BEGIN: &'static str;
    fn organization(conn: &mut Self::Conn) -> String;
    fn one(conn: &mut Self::Conn, organization: &str, id: &str) -> Out;
    fn page(
        conn: &mut Self::Conn,
        organization: &str,
        stage: &str,
        after: Option<&str>,
        limit: i64,
    ) -> Vec<Out>;
    /// Reads, updates and inserts.
    fn make_move(conn: &mut Self::Conn, organization: &str, id: &str) -> Out;
    /// Inserts as many rows as a person recorded under a key, each with what was sent.
    fn insert_rows(conn: &mut Self::Conn, content: &str);
}

/// A UUID as PostgreSQL sends it.
#[derive(Debug, Clone, Copy, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Uuid)]
struct PgId(uuid::Uuid);

impl FromSql<diesel::sql_types::Uuid, Pg> for PgId {
    fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(uuid::Uuid::from_slice(raw.as_bytes())?))
    }
}

impl ToSql<diesel::sql_types::Uuid, Pg> for PgId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

/// A document as PostgreSQL sends it.
#[derive(Debug, FromSqlRow)]
struct PgJson(String);

impl FromSql<diesel::sql_types::Jsonb, Pg> for PgJson {
    fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(std::str::from_utf8(&raw.as_bytes()[1..])?.to_owned()))
    }
}

/// How a column of each type is read, written into an answer, and bound.
trait Shown {
    fn shown(self) -> String;
}

impl Shown for String {
    fn shown(self) -> String {
        self
    }
}

impl Shown for PgId {
    fn shown(self) -> String {
        self.0.simple().to_string()
    }
}

impl Shown for PgJson {
    fn shown(self) -> String {
        self.0
    }
}

impl Shown for chrono::DateTime<chrono::Utc> {
    fn shown(self) -> String {
        self.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
    }
}

impl Shown for chrono::NaiveDate {
    fn shown(self) -> String {
        self.to_string()
    }
}

fn sqlite_id(hex: &str) -> String {
    hex.to_owned()
}

fn postgres_id(hex: &str) -> PgId {
    PgId(uuid::Uuid::try_parse(hex).unwrap())
}

macro_rules! engine {
    ($engine:ident, $module:ident, $conn:ty, $settings:literal, $begin:literal, $to_id:ident,
     id: $id_sql:ident $id:ty, at: $at_sql:ident $at:ty, date: $date_sql:ident $date:ty, json: $json_sql:ident $json:ty) => {
        mod $module {
            use diesel::prelude::*;

            use super::*;

            diesel::table! {
                applications (id) {
                    id -> $id_sql,
                    organization_id -> $id_sql,
                    person_id -> $id_sql,
                    regulation_version_id -> $id_sql,
                    opening_id -> Nullable<$id_sql>,
                    stage -> Text,
                    stage_since -> $at_sql,
                    resume_stage -> Nullable<Text>,
                    application_date -> Nullable<$date_sql>,
                    wished_start_date -> Nullable<$date_sql>,
                    channel -> Text,
                    reason_for_return -> Nullable<Text>,
                    facts -> $json_sql,
                    decision_id -> Nullable<$id_sql>,
                    decision_verdict -> Nullable<Text>,
                    offer_id -> Nullable<$id_sql>,
                    returned_period_id -> Nullable<$id_sql>,
                    version -> Integer,
                    created_at -> $at_sql,
                    updated_at -> $at_sql,
                    decided_facts_version -> Nullable<Integer>,
                }
            }
            diesel::table! {
                people (id) {
                    id -> $id_sql,
                    family_name -> Text,
                    given_name -> Text,
                    family_kana -> Nullable<Text>,
                    given_kana -> Nullable<Text>,
                    facts_version -> Integer,
                }
            }
            diesel::table! {
                organizations (id) {
                    id -> $id_sql,
                }
            }
            diesel::table! {
                floor_moves (id) {
                    id -> Text,
                    application -> Text,
                    at -> Text,
                }
            }
            diesel::table! {
                floor_rows (id) {
                    id -> Text,
                    content -> Text,
                }
            }
            diesel::joinable!(applications -> people (person_id));
            diesel::allow_tables_to_appear_in_same_query!(applications, people);

            #[derive(Queryable, Selectable)]
            #[diesel(table_name = applications)]
            struct Application {
                id: $id,
                person_id: $id,
                regulation_version_id: $id,
                opening_id: Option<$id>,
                stage: String,
                stage_since: $at,
                resume_stage: Option<String>,
                application_date: Option<$date>,
                wished_start_date: Option<$date>,
                channel: String,
                reason_for_return: Option<String>,
                facts: $json,
                decision_id: Option<$id>,
                decision_verdict: Option<String>,
                offer_id: Option<$id>,
                returned_period_id: Option<$id>,
                version: i32,
                created_at: $at,
                updated_at: $at,
                decided_facts_version: Option<i32>,
            }

            #[derive(Queryable, Selectable)]
            #[diesel(table_name = people)]
            struct Names {
                family_name: String,
                given_name: String,
                family_kana: Option<String>,
                given_kana: Option<String>,
                facts_version: i32,
            }

            type Row = (Application, Names);

            fn shown((row, names): Row) -> Out {
                let verdict = row.decision_verdict;
                Out {
                    id: format!("app_{}", row.id.shown()),
                    person: Person {
                        id: format!("per_{}", row.person_id.shown()),
                        family_name: names.family_name,
                        given_name: names.given_name,
                        family_kana: names.family_kana,
                        given_kana: names.given_kana,
                    },
                    regulation_version_id: format!("rgv_{}", row.regulation_version_id.shown()),
                    opening_id: row.opening_id.map(|id| format!("opn_{}", id.shown())),
                    stage: row.stage,
                    stage_since: row.stage_since.shown(),
                    resume_stage: row.resume_stage,
                    application_date: row.application_date.map(Shown::shown),
                    wished_start_date: row.wished_start_date.map(Shown::shown),
                    channel: row.channel,
                    reason_for_return: row.reason_for_return,
                    facts: serde_json::from_str::<Facts>(&row.facts.shown()).unwrap().supplied,
                    decision: row.decision_id.zip(verdict).map(|(id, verdict)| Decision {
                        id: format!("dec_{}", id.shown()),
                        verdict,
                        fresh: row.decided_facts_version == Some(names.facts_version),
                    }),
                    offer_id: row.offer_id.map(|id| format!("off_{}", id.shown())),
                    returned_period_id: row.returned_period_id.map(|id| format!("emp_{}", id.shown())),
                    version: row.version,
                    created_at: row.created_at.shown(),
                    updated_at: row.updated_at.shown(),
                }
            }

            impl Engine for $engine {
                type Conn = $conn;
                const SETTINGS: &'static str = $settings;
                const BEGIN: &'static str = $begin;

                fn organization(conn: &mut $conn) -> String {
                    organizations::table.select(organizations::id).first::<$id>(conn).unwrap().shown()
                }

                fn one(conn: &mut $conn, organization: &str, id: &str) -> Out {
                    let row = applications::table
                        .inner_join(people::table)
                        .filter(applications::organization_id.eq($to_id(organization)))
                        .filter(applications::id.eq($to_id(id)))
                        .select((Application::as_select(), Names::as_select()))
                        .get_result::<Row>(conn);
                    shown(row.unwrap())
                }

                fn page(conn: &mut $conn, organization: &str, stage: &str, after: Option<&str>, limit: i64) -> Vec<Out> {
                    let of_stage = applications::table
                        .inner_join(people::table)
                        .filter(applications::organization_id.eq($to_id(organization)))
                        .filter(applications::stage.eq(stage))
                        .order(applications::id.desc())
                        .limit(limit)
                        .select((Application::as_select(), Names::as_select()));
                    let rows = match after {
                        Some(after) => of_stage.filter(applications::id.lt($to_id(after))).load::<Row>(conn),
                        None => of_stage.load::<Row>(conn),
                    };
                    rows.unwrap().into_iter().map(shown).collect()
                }

                fn make_move(conn: &mut $conn, organization: &str, id: &str) -> Out {
                    let shown = Self::one(conn, organization, id);
                    diesel::update(
                        applications::table
                            .filter(applications::organization_id.eq($to_id(organization)))
                            .filter(applications::id.eq($to_id(id))),
                    )
                    .set(applications::version.eq(applications::version + 1))
                    .execute(conn)
                    .unwrap();
                    diesel::insert_into(floor_moves::table)
                        .values((
                            floor_moves::id.eq(uuid::Uuid::now_v7().to_string()),
                            floor_moves::application.eq(id),
                            floor_moves::at.eq(chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).to_rfc3339()),
                        ))
                        .execute(conn)
                        .unwrap();
                    shown
                }

                fn insert_rows(conn: &mut $conn, content: &str) {
                    for _ in 0..3 {
                        diesel::insert_into(floor_rows::table)
                            .values((
                                floor_rows::id.eq(uuid::Uuid::now_v7().to_string()),
                                floor_rows::content.eq(content),
                            ))
                            .execute(conn)
                            .unwrap();
                    }
                }
            }
        }
    };
}

#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

engine!(
    Sqlite, sqlite, SqliteConnection,
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; \
     PRAGMA mmap_size = 1073741824;",
    "BEGIN IMMEDIATE", sqlite_id,
    id: Text String, at: Text String, date: Text String, json: Text String
);

#[derive(Debug, Clone, Copy)]
pub struct Postgres;

engine!(
    Postgres, postgres, PgConnection, "SET TIME ZONE 'UTC';", "BEGIN", postgres_id,
    id: Uuid PgId, at: Timestamptz chrono::DateTime<chrono::Utc>, date: Date chrono::NaiveDate, json: Jsonb PgJson
);
