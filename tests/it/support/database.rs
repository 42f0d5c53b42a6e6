//! A database of its own for each test: a copy of one that was migrated and seeded once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono_tz::Tz;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use okaeri::app::config::assemble;
use okaeri::platform::auth::{Principal, Role};
use okaeri::platform::db::{Database, DatabaseUrl, PoolSizes, migrate};
use okaeri::platform::ids::{Identifier, OrganizationId, PersonId, UserId};
use okaeri::platform::usecase::{Okaeri, Tx};
use okaeri::records::{organizations, people, users};
use okaeri_engine::codes::Code;
use tempfile::TempDir;

use super::app::tokens;
use super::postgres;

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What every test database begins with: two organizations, a user for each role in both.
#[derive(Debug, Clone)]
pub struct Seed {
    pub ours: Tenant,
    pub theirs: Tenant,
}

/// One organization with its users.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub organization: OrganizationId,
    pub users: BTreeMap<Role, UserId>,
    /// The person that the alumnus user is.
    pub alumnus: PersonId,
}

/// A database for one test; gone when dropped.
pub struct TestDatabase {
    pub url: DatabaseUrl,
    pub seed: Seed,
    drop_name: Option<String>,
    _dir: Option<TempDir>,
}

impl TestDatabase {
    /// A fresh copy; `None` when there is no PostgreSQL.
    pub fn fresh(engine: Engine) -> Option<Self> {
        match engine {
            Engine::Sqlite => Some(Self::sqlite()),
            Engine::Postgres => Self::postgres(),
        }
    }

    fn sqlite() -> Self {
        static TEMPLATE: OnceLock<(PathBuf, Seed)> = OnceLock::new();
        let (template, seed) = TEMPLATE.get_or_init(|| {
            let dir = tempfile::tempdir().unwrap().keep();
            let seeded = dir.join("seeded.db");
            let seed = seed(&DatabaseUrl::Sqlite(seeded.clone()));
            // A whole copy in one file, whatever still stands in the log beside the first.
            let template = dir.join("template.db");
            let mut conn = SqliteConnection::establish(&seeded.to_string_lossy()).unwrap();
            // The writer that seeded it may still be closing.
            conn.batch_execute("pragma busy_timeout = 5000").unwrap();
            conn.batch_execute(&format!("vacuum into '{}'", template.display())).unwrap();
            (template, seed)
        });
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("okaeri.db");
        std::fs::copy(template, &path).unwrap();
        Self {
            url: DatabaseUrl::Sqlite(path),
            seed: seed.clone(),
            drop_name: None,
            _dir: Some(dir),
        }
    }

    fn postgres() -> Option<Self> {
        static TEMPLATE: OnceLock<(String, Seed)> = OnceLock::new();
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let server = postgres::server()?;
        let (template, seed) = TEMPLATE.get_or_init(|| {
            let name = format!("okaeri_template_{}", std::process::id());
            server.run(&format!("create database {name}"));
            let seed = seed(&server.url(&name).parse().unwrap());
            (name, seed)
        });
        let name =
            format!("okaeri_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        server.run(&format!("create database {name} template {template} strategy file_copy"));
        Some(Self {
            url: server.url(&name).parse().unwrap(),
            seed: seed.clone(),
            drop_name: Some(name),
            _dir: None,
        })
    }

    /// One that is there already and stays.
    pub fn at(url: DatabaseUrl, seed: Seed) -> Self {
        Self { url, seed, drop_name: None, _dir: None }
    }

    /// The same one; it goes when the first of them is dropped.
    pub fn same(&self) -> Self {
        Self { url: self.url.clone(), seed: self.seed.clone(), drop_name: None, _dir: None }
    }

    /// Opens it.
    pub fn open(&self) -> Database {
        Database::open(&self.url, PoolSizes { readers: 3, writers: 6 }).unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let (Some(name), Some(server)) = (&self.drop_name, postgres::server()) {
            server.run(&format!("drop database if exists {name} with (force)"));
        }
    }
}

/// Empty and not migrated, for tests of the migrations.
pub fn empty(engine: Engine) -> Option<(DatabaseUrl, Option<TempDir>)> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    match engine {
        Engine::Sqlite => {
            let dir = tempfile::tempdir().unwrap();
            Some((DatabaseUrl::Sqlite(dir.path().join("empty.db")), Some(dir)))
        }
        Engine::Postgres => {
            let server = postgres::server()?;
            let name = format!(
                "okaeri_empty_{}_{}",
                std::process::id(),
                COUNT.fetch_add(1, Ordering::Relaxed)
            );
            server.run(&format!("create database {name}"));
            Some((server.url(&name).parse().unwrap(), None))
        }
    }
}

fn seed(url: &DatabaseUrl) -> Seed {
    migrate::run(url).unwrap();
    let okaeri =
        assemble(Database::open(url, PoolSizes { readers: 1, writers: 1 }).unwrap(), tokens());
    Seed { ours: tenant(&okaeri, "さくら製作所"), theirs: tenant(&okaeri, "みどり商事") }
}

fn tenant(okaeri: &Okaeri, name: &str) -> Tenant {
    let organization = OrganizationId::fresh();
    let name = name.to_owned();
    okaeri
        .write_now(Principal::system(organization, Tz::Asia__Tokyo), move |tx| {
            let new = organizations::service::New {
                id: organization,
                name: name.clone(),
                zone: Tz::Asia__Tokyo,
                currency: okaeri_engine::money::Currency::JPY,
                language: "ja".to_owned(),
            };
            organizations::service::create(tx, &new)?;
            let alumnus = people::service::create(tx, &alumnus())?.person.id;
            let users = Role::ALL
                .iter()
                .map(|role| Ok((*role, user(tx, *role, alumnus)?)))
                .collect::<okaeri::platform::error::Result<_>>()?;
            Ok(Tenant { organization, users, alumnus })
        })
        .unwrap()
}

fn alumnus() -> people::service::New {
    people::service::New {
        name: serde_json::from_value(
            serde_json::json!({"family": "佐藤", "given": "花子", "family_kana": "サトウ", "given_kana": "ハナコ"}),
        )
        .unwrap(),
        former_names: Vec::new(),
        birth_date: "1990-04-02".parse().ok(),
        external_id: None,
        contacts: vec![(people::model::ContactKind::Email, "hanako@example.jp".to_owned())],
    }
}

fn user(tx: &mut Tx<'_>, role: Role, alumnus: PersonId) -> okaeri::platform::error::Result<UserId> {
    let new = users::service::New {
        issuer: None,
        subject: None,
        name: role.to_string(),
        email: Some(format!("{role}@example.jp")),
        roles: vec![role],
        person_id: (role == Role::Alumnus).then_some(alumnus),
    };
    users::service::create(tx, &new).map(|user| user.id)
}
