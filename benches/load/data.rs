//! A hundred thousand applications, written by the database itself.

use chrono_tz::Tz;
use diesel::connection::SimpleConnection;
use okaeri::app::config::assemble;
use okaeri::platform::auth::token::Tokens;
use okaeri::platform::auth::{Principal, Role};
use okaeri::platform::clock::{Clock, SystemClock};
use okaeri::platform::db::{Conn, Database, DatabaseUrl, PoolSizes, migrate};
use okaeri::platform::error::Result;
use okaeri::platform::ids::{Identifier, OrganizationId};
use okaeri::platform::usecase::{Okaeri, Tx};
use okaeri::records::{organizations, users};
use okaeri::regulations::regulations;

/// How many applications there are.
pub const APPLICATIONS: usize = 100_000;
/// The stage of a tenth of them.
pub const STAGE: &str = "selection";
/// The secret that the product is started with.
pub const SECRET: &str = "b5xQ-okaeri-Wn3vT8dLz6RkY2pHc9MfJ4";

/// What the clients need to know of the data.
pub struct Fixture {
    pub applications: Vec<String>,
    pub token: String,
}

impl Fixture {
    /// Migrates the database at this address; it has an organization with somebody of HR, and no
    /// statistics.
    pub fn make_empty(url: &DatabaseUrl) -> Self {
        let okaeri = okaeri_on(url);
        let organization = OrganizationId::fresh();
        let user = okaeri
            .write_now(Principal::system(organization, Tz::Asia__Tokyo), move |tx| {
                found(tx, organization)?;
                users::service::create(tx, &user(Role::Hr))
            })
            .unwrap();
        Self { applications: Vec::new(), token: token_of(&user.subject) }
    }

    /// Migrates and fills the database at this address.
    pub fn make(url: &DatabaseUrl) -> Self {
        let okaeri = okaeri_on(url);
        let organization = OrganizationId::fresh();
        let (user, version) = okaeri
            .write_now(Principal::system(organization, Tz::Asia__Tokyo), move |tx| {
                found(tx, organization)?;
                let user = users::service::create(tx, &user(Role::Recruiter))?;
                let version = regulations::versions::adopt(tx, "R01")?;
                Ok((user, version))
            })
            .unwrap();
        let (organization, version) =
            (organization.uuid().simple().to_string(), version.uuid().simple().to_string());
        okaeri
            .db
            .write_now(move |conn| {
                match conn {
                    Conn::Sqlite(conn) => conn.batch_execute(&fill(
                        &organization,
                        &version,
                        "text",
                        "printf('%032x', {})",
                        "'2026-04-01T00:00:00.000000Z'",
                    ))?,
                    Conn::Postgres(conn) => {
                        conn.batch_execute(&fill(
                            &organization,
                            &version,
                            "uuid",
                            "lpad(to_hex({}), 32, '0')::uuid",
                            "'2026-04-01T00:00:00Z'::timestamptz",
                        ))?;
                    }
                }
                Ok(())
            })
            .unwrap();
        analyze(&okaeri.db);
        Self {
            applications: (0..APPLICATIONS)
                .map(|index| format!("app_{:032x}", 0x0200_0000 + index))
                .collect(),
            token: token_of(&user.subject),
        }
    }
}

fn tokens() -> Tokens {
    Tokens::new("okaeri", Some(SECRET), None).unwrap()
}

fn token_of(subject: &str) -> String {
    tokens().issue(subject, SystemClock.now(), chrono::Duration::hours(6)).unwrap()
}

fn okaeri_on(url: &DatabaseUrl) -> Okaeri {
    migrate::run(url).unwrap();
    assemble(Database::open(url, PoolSizes { readers: 1, writers: 1 }).unwrap(), tokens())
}

fn user(role: Role) -> users::service::New {
    users::service::New {
        issuer: None,
        subject: None,
        name: "bench".to_owned(),
        email: None,
        roles: vec![role],
        person_id: None,
    }
}

/// The organization of a bench.
pub fn found(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<()> {
    let new = organizations::service::New {
        id: organization,
        name: "bench".to_owned(),
        zone: Tz::Asia__Tokyo,
        currency: okaeri_engine::money::Currency::JPY,
        language: "ja".to_owned(),
    };
    organizations::service::create(tx, &new).map(drop)
}

fn analyze(db: &Database) {
    db.write_now(|conn| {
        match conn {
            Conn::Sqlite(conn) => conn.batch_execute("analyze")?,
            Conn::Postgres(conn) => conn.batch_execute("analyze")?,
        }
        Ok(())
    })
    .unwrap();
}

/// People and applications with identifiers counted from fixed numbers; `id` makes one of a number.
fn fill(organization: &str, version: &str, id_type: &str, id: &str, at: &str) -> String {
    let made = |from: &str| id.replace("{}", &format!("({from} + n)"));
    let org = if id_type == "uuid" {
        format!("'{organization}'::uuid")
    } else {
        format!("'{organization}'")
    };
    let ver = if id_type == "uuid" { format!("'{version}'::uuid") } else { format!("'{version}'") };
    let (person, application) = (made("16777216"), made("33554432"));
    let numbers = format!(
        "with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < {})",
        APPLICATIONS - 1
    );
    let json = if id_type == "uuid" { "::jsonb" } else { "" };
    format!(
        "insert into people (id, organization_id, family_name, given_name, family_kana, given_kana, former_names, search_key, version, created_at, updated_at)
         {numbers} select {person}, {org}, '佐藤', 'n' || n, 'サトウ', 'カナ', '[]'{json}, 'サトウ' || n, 1, {at}, {at} from numbers;
         insert into applications (id, organization_id, person_id, regulation_version_id, stage, stage_since, application_date, channel, reason_for_return,
                                   facts, decision_verdict, decided_facts_version, version, created_at, updated_at)
         {numbers} select {application}, {org}, {person}, {ver}, case n % 10 when 0 then '{STAGE}' else 'eligibility' end, {at}, '2026-04-01', 'direct',
                '介護が一段落したため', '{{\"supplied\": {{}}, \"rulings\": []}}'{json}, 'eligible', 1, 1, {at}, {at} from numbers;"
    )
}
