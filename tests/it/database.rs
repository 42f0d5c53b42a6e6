//! The two engines: addresses, migrations, transactions.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use okaeri::platform::clock::Clock as _;
use okaeri::platform::db::{Conn, Database, DatabaseUrl, PoolSizes, migrate};
use okaeri::platform::error::{Error, ProblemCode};

use crate::on_both_engines;
use crate::support::database::empty;
use crate::support::postgres;
use crate::support::*;

#[test]
fn an_address_that_is_not_understood_creates_no_file() {
    let dir = tempfile::tempdir().unwrap();
    for url in ["okaeri.db", "postgres://", "mysql://localhost/x", "sqlite:"] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_okaeri"))
            .args(["migrate", "--database-url", url])
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{url}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("DATABASE_URL is not understood"),
            "{output:?}"
        );
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_disk_that_was_full_and_is_not_any_more_is_written_to_again() {
    let dir = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(dir.path().join("full.db"));
    let db = Database::open(&url, PoolSizes { readers: 1, writers: 1 }).unwrap();
    let run =
        |statement: &'static str| db.write_now(move |conn| Ok(conn.batch_execute(statement)?));
    run("create table heap (bytes blob)").unwrap();
    // The engine counts pages as it would a disk.
    run("pragma max_page_count = 20").unwrap();

    for _ in 0..3 {
        assert!(run("insert into heap values (randomblob(1000000))").is_err());
    }

    run("pragma max_page_count = 100000").unwrap();
    run("insert into heap values (randomblob(1000000))").unwrap();
    let bytes = db.read_now(|conn| {
        Ok(diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
            "(select sum(length(bytes)) from heap)",
        ))
        .get_result::<i64>(conn)?)
    });
    assert_eq!(bytes.unwrap(), 1_000_000);
}

/// Does this work in the order given, in one batch: the first holds the writer until all wait
/// behind it.
async fn in_one_batch(
    db: &Database,
    works: Vec<fn(&mut Conn) -> okaeri::platform::error::Result<()>>,
) -> Vec<Option<ProblemCode>> {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let first = db.write(move |_| {
        held.lock().unwrap().recv().ok();
        Ok(())
    });
    let others = works.into_iter().map(|work| db.write(work));
    let waiting =
        futures_util::future::join3(first, futures_util::future::join_all(others), async {
            drop(release)
        });
    waiting.await.1.into_iter().map(|result| result.err().map(|error| error.code)).collect()
}

fn note(conn: &mut Conn, text: &str) -> okaeri::platform::error::Result<()> {
    Ok(conn.batch_execute(&format!("insert into notes values ('{text}')"))?)
}

fn notes(db: &Database) -> String {
    let all = diesel::dsl::sql::<diesel::sql_types::Text>(
        "(select group_concat(text order by text) from notes)",
    );
    db.read_now(|conn| Ok(diesel::select(all.clone()).get_result(conn)?)).unwrap()
}

#[actix_web::test]
async fn of_use_cases_that_share_a_commit_each_stands_or_falls_alone() {
    let dir = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(dir.path().join("batch.db"));
    let db = Database::open(&url, PoolSizes { readers: 1, writers: 1 }).unwrap();
    db.write_now(|conn| Ok(conn.batch_execute("create table notes (text text not null unique)")?))
        .unwrap();

    let failures = in_one_batch(
        &db,
        vec![
            |conn| note(conn, "a"),
            |_| Err(Error::new(ProblemCode::Conflict)),
            |conn| note(conn, "a"),
            |conn| note(conn, "b"),
            |conn| note(conn, "c").and_then(|()| Err(Error::new(ProblemCode::Conflict))),
            |conn| note(conn, "d"),
            |conn| note(conn, "e").map(|()| panic!("after a statement")),
            |conn| note(conn, "f"),
            |conn| note(conn, "d"),
        ],
    )
    .await;

    let (taken, conflict, panicked) = (
        Some(ProblemCode::AlreadyExists),
        Some(ProblemCode::Conflict),
        Some(ProblemCode::Internal),
    );
    assert_eq!(failures, [None, conflict, taken, None, conflict, None, panicked, None, taken]);
    assert_eq!(notes(&db), "a,b,d,f");
}

/// A database in which little room is left.
fn of_few_pages() -> (tempfile::TempDir, Database) {
    let dir = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(dir.path().join("small.db"));
    let db = Database::open(&url, PoolSizes { readers: 1, writers: 1 }).unwrap();
    let tables = "create table notes (text text not null); create table heap (bytes blob); pragma max_page_count = 20";
    db.write_now(move |conn| Ok(conn.batch_execute(tables)?)).unwrap();
    (dir, db)
}

#[actix_web::test]
async fn a_disk_that_is_full_for_one_of_a_batch_is_so_for_that_one_only() {
    let (_dir, db) = of_few_pages();

    let failures = in_one_batch(
        &db,
        vec![
            |conn| note(conn, "a"),
            |conn| Ok(conn.batch_execute("insert into heap values (randomblob(1000000))")?),
            |conn| note(conn, "b"),
        ],
    )
    .await;

    assert_eq!(
        failures.iter().map(Option::is_some).collect::<Vec<_>>(),
        [false, true, false],
        "{failures:?}"
    );
    assert_eq!(notes(&db), "a,b");
}

#[actix_web::test]
async fn of_a_batch_whose_transaction_the_engine_ended_nothing_is_kept() {
    let (_dir, db) = of_few_pages();

    let failures = in_one_batch(
        &db,
        vec![
            |conn| note(conn, "a"),
            // From here on each has a savepoint.
            |conn| note(conn, "b").and_then(|()| Err(Error::new(ProblemCode::Conflict))),
            |conn| Ok(conn.batch_execute("insert into heap values (randomblob(1000000))")?),
            |conn| note(conn, "c"),
            |conn| note(conn, "d"),
        ],
    )
    .await;

    let (refused, conflict) = (Some(ProblemCode::StorageRefused), Some(ProblemCode::Conflict));
    assert_eq!(failures, [refused, conflict, refused, None, None]);
    assert_eq!(notes(&db), "c,d");
}

#[test]
fn an_unreachable_server_is_unavailable() {
    let url: DatabaseUrl =
        "postgres://okaeri@127.0.0.1:1/okaeri?connect_timeout=1".parse().unwrap();
    assert_eq!(migrate::run(&url).unwrap_err().code, ProblemCode::Unavailable);
}

#[test]
fn migrations_of_both_engines_have_the_same_names() {
    let names = |engine: &str| {
        let mut names: Vec<_> =
            std::fs::read_dir(format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR")))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[derive(QueryableByName, Debug, PartialEq, Eq, Clone)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    column_name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    nullable: bool,
}

/// Every column of a database, with the logical type its declared type stands for.
fn columns(url: &DatabaseUrl) -> Vec<Column> {
    let database = Database::open(url, PoolSizes { readers: 1, writers: 1 }).unwrap();
    database
        .read_now(|conn| match conn {
            Conn::Sqlite(conn) => Ok(diesel::sql_query(
                "select m.name as table_name, c.name as column_name, c.type as kind, c.\"notnull\" = 0 as nullable \
                 from sqlite_master m, pragma_table_info(m.name) c \
                 where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like '\\_\\_%' escape '\\' order by 1, 2",
            )
            .load(conn)?),
            Conn::Postgres(conn) => Ok(diesel::sql_query(
                "select table_name::text, column_name::text, data_type::text as kind, is_nullable = 'YES' as nullable \
                 from information_schema.columns where table_schema = 'public' and table_name not like '\\_\\_%' \
                 order by table_name collate \"C\", column_name collate \"C\"",
            )
            .load(conn)?),
        })
        .unwrap()
}

/// What the hand-written schema says: table, column, type, whether it may be empty.
fn declared() -> Vec<(String, String, String, bool)> {
    let sources = [
        include_str!("../../src/platform/db/schema.rs"),
        include_str!("../../src/platform/db/schema/feed.rs"),
    ];
    let (mut all, mut table, mut renamed) = (Vec::new(), String::new(), None);
    for line in sources.into_iter().flat_map(str::lines).map(str::trim) {
        if let Some(name) =
            line.strip_suffix("{").and_then(|line| line.split_once(" (")).map(|(name, _)| name)
        {
            table = name.to_owned();
        } else if let Some(name) =
            line.strip_prefix("#[sql_name = \"").and_then(|rest| rest.strip_suffix("\"]"))
        {
            renamed = Some(name.to_owned());
        } else if let Some((column, kind)) =
            line.strip_suffix(',').and_then(|line| line.split_once(" -> "))
        {
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            all.push((
                table.clone(),
                renamed.take().unwrap_or_else(|| column.to_owned()),
                inner.unwrap_or(kind).to_owned(),
                inner.is_some(),
            ));
        }
    }
    all.sort();
    all
}

/// What a logical type of the schema is on each engine.
fn physical(engine: Engine, logical: &str) -> &'static str {
    match (engine, logical) {
        (Engine::Postgres, "Id") => "uuid",
        (Engine::Postgres, "Text") => "text",
        (Engine::Postgres, "Integer") => "integer",
        (Engine::Postgres, "BigInt") => "bigint",
        (Engine::Postgres, "Bool") => "boolean",
        (Engine::Postgres, "Date") => "date",
        (Engine::Postgres, "Instant") => "timestamp with time zone",
        (Engine::Postgres, "Document") => "jsonb",
        (Engine::Sqlite, "Integer" | "BigInt" | "Bool") => "INTEGER",
        (Engine::Sqlite, "Id" | "Text" | "Date" | "Instant" | "Document") => "TEXT",
        other => panic!("unknown logical type {other:?}"),
    }
}

#[test]
fn the_written_schema_is_that_of_both_databases_and_down_undoes_up() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some((url, _dir)) = empty(engine) else { continue };
        migrate::run(&url).unwrap();
        let first = columns(&url);
        let found: Vec<_> = first
            .iter()
            .map(|column| {
                (
                    column.table_name.clone(),
                    column.column_name.clone(),
                    column.kind.clone(),
                    column.nullable,
                )
            })
            .collect();
        let wanted: Vec<_> = declared()
            .into_iter()
            .filter(|(table, ..)| engine == Engine::Postgres || table != "unnumbered_events")
            .map(|(table, column, kind, nullable)| {
                (table, column, physical(engine, &kind).to_owned(), nullable)
            })
            .collect();
        assert_eq!(found, wanted, "{engine:?}");

        migrate::revert_all(&url).unwrap();
        assert_eq!(columns(&url), Vec::new(), "{engine:?}: down.sql leaves something");
        migrate::run(&url).unwrap();
        assert_eq!(columns(&url), first, "{engine:?}");
        assert_eq!(migrate::run(&url).unwrap(), Vec::<String>::new());
    }
}

/// What a setting of PostgreSQL is on connections of this address.
fn setting(url: &DatabaseUrl, name: &'static str) -> String {
    let db = Database::open(url, PoolSizes { readers: 1, writers: 1 }).unwrap();
    let value = diesel::dsl::sql::<diesel::sql_types::Text>(&format!("current_setting('{name}')"));
    db.read_now(|conn| Ok(diesel::select(value.clone()).get_result(conn)?)).unwrap()
}

#[test]
fn what_a_server_or_a_role_has_as_its_default_changes_nothing() {
    let Some(server) = postgres::another() else { return };
    server.run("alter system set default_transaction_isolation = 'serializable'");
    server.run("select pg_reload_conf()");
    server.run("create role ordinary login");
    let url: DatabaseUrl = server.url("postgres").parse().unwrap();
    assert_eq!(setting(&url, "default_transaction_isolation"), "read committed");
    // Errors are told apart by their words.
    assert_eq!(setting(&url, "lc_messages"), "C");
    // Who may not choose the language takes that of the server.
    let ordinary =
        server.url("postgres").replace("user=postgres", "user=ordinary").parse().unwrap();
    assert_eq!(setting(&ordinary, "lc_messages"), "C.UTF-8");
}

#[actix_web::test]
async fn a_statement_that_takes_too_long_is_told_as_such() {
    let Some(app) = TestApp::start(Engine::Postgres).await else { return };
    let slow = "SET statement_timeout = 10; SELECT pg_sleep(60)";
    let refused = app.okaeri.db.read_now(|conn| Ok(conn.batch_execute(slow)?)).unwrap_err();
    assert_eq!(refused.code, ProblemCode::TimedOut);
}

#[actix_web::test]
async fn old_rows_are_forgotten_so_many_at_a_time() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(app) = TestApp::start(engine).await else { continue };
        let at = match engine {
            Engine::Sqlite => {
                "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-01-01', n || ' seconds')"
            }
            Engine::Postgres => "timestamptz '2026-01-01' + n * interval '1 second'",
        };
        let kept = format!(
            "insert into idempotency_keys (organization_id, actor, endpoint, key, fingerprint, status, created_at) \
             with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 6000) \
             select organizations.id, 'a', 'e', 'k' || n, 'f', 200, {at} from organizations, numbers \
             where organizations.name = 'さくら製作所'"
        );
        app.okaeri.db.write_now(move |conn| Ok(conn.batch_execute(&kept)?)).unwrap();
        let now = app.clock.now();
        let forget = || {
            app.okaeri
                .db
                .write_now(move |conn| {
                    okaeri::platform::idempotency::service::forget_old(conn, now)
                })
                .unwrap()
        };

        assert_eq!([forget(), forget(), forget()], [5000, 1000, 0], "{engine:?}");
    }
}

on_both_engines!(
    a_use_case_that_fails_or_panics_leaves_nothing,
    of_racing_changes_with_one_version_one_wins,
    reads_cannot_write,
    the_feed_is_in_the_order_of_the_changes,
    many_who_ask_for_readiness_hear_it_of_one,
    readiness_tells_of_the_database,
);

async fn a_use_case_that_fails_or_panics_leaves_nothing(app: TestApp) {
    let person = json!({"name": {"family": "伊藤", "given": "翼"}});
    let before = app.as_role(Role::Admin).get("/v1/people?limit=100").await.expect(200).body;
    let who = okaeri::platform::auth::Principal::system(
        app.seed.ours.organization,
        chrono_tz::Tz::Asia__Tokyo,
    );

    let new = okaeri::records::people::service::New {
        name: serde_json::from_value(person["name"].clone()).unwrap(),
        former_names: Vec::new(),
        birth_date: None,
        external_id: None,
        contacts: Vec::new(),
    };
    let again = new.clone();
    let failed = app.okaeri.write_now(who.clone(), move |tx| {
        okaeri::records::people::service::create(tx, &new)?;
        Err::<(), _>(Error::new(ProblemCode::Conflict))
    });
    let panicked = app.okaeri.write_now(who, move |tx| {
        okaeri::records::people::service::create(tx, &again)?;
        if tx.now.utc().timestamp() > 0 {
            panic!("between two statements")
        }
        Ok(())
    });

    assert_eq!(failed.unwrap_err().code, ProblemCode::Conflict);
    assert_eq!(panicked.unwrap_err().code, ProblemCode::Internal);
    assert_eq!(app.as_role(Role::Admin).get("/v1/people?limit=100").await.expect(200).body, before);
    app.as_role(Role::Hr).post("/v1/people", person).await.expect(201);
}

async fn of_racing_changes_with_one_version_one_wins(app: TestApp) {
    let person = app
        .as_role(Role::Hr)
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201);
    let path = format!("/v1/people/{}", person.id());
    let clients: Vec<_> = (0..16).map(|_| app.as_role(Role::Hr).if_match(1)).collect();

    let bodies: Vec<_> =
        (0..16).map(|index| json!({"external_id": format!("x-{index}")})).collect();
    let racing = clients.iter().zip(bodies).map(|(client, body)| client.patch(&path, body));
    let statuses: Vec<u16> = futures_util::future::join_all(racing)
        .await
        .into_iter()
        .map(|answer| answer.status)
        .collect();

    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 15, "{statuses:?}");
}

async fn reads_cannot_write(app: TestApp) {
    let who = std::sync::Arc::new(okaeri::platform::auth::Principal::system(
        app.seed.ours.organization,
        chrono_tz::Tz::Asia__Tokyo,
    ));
    let person = app.seed.ours.alumnus;

    let written = app
        .okaeri
        .read(who, move |tx| {
            okaeri::records::people::service::add_contact(
                tx,
                person,
                okaeri::records::people::model::ContactKind::Link,
                "https://example.jp",
                false,
            )
        })
        .await;

    assert!(written.is_err());
}

async fn the_feed_is_in_the_order_of_the_changes(app: TestApp) {
    for index in 0..3 {
        app.as_role(Role::Hr)
            .post("/v1/people", json!({"name": {"family": "番号", "given": index.to_string()}}))
            .await
            .expect(201);
    }

    let page = app.as_role(Role::Integration).get("/v1/events?limit=100").await.expect(200);

    let fed: Vec<&str> = page.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["actor"] != "system")
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert!(app.events().iter().map(String::as_str).collect::<Vec<_>>().starts_with(&fed));
    assert_eq!(app.events(), ["person.created"; 3]);
}

async fn many_who_ask_for_readiness_hear_it_of_one(app: TestApp) {
    let nobody = app.as_nobody();
    let answers = futures_util::future::join_all((0..16).map(|_| nobody.get("/readyz"))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
}

async fn readiness_tells_of_the_database(app: TestApp) {
    app.as_nobody().get("/readyz").await.expect(200);
    app.as_nobody().get("/healthz").await.expect(200);
    assert_eq!(app.as_nobody().get("/version").await.expect(200).body["name"], "okaeri");
}
