//! How the engines run the statements that are run most: with statistics and without, each finds
//! its rows by a column that leads to few of them, in a database of many tenants, people and
//! applications.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use okaeri::hiring::applications::service::{self as applications, Filter as Applications};
use okaeri::hiring::{offers, openings, rehire_instructions};
use okaeri::integration::api_keys;
use okaeri::platform::auth::token::OWN_ISSUER;
use okaeri::platform::db::Conn;
use okaeri::platform::db::listing::{Listing, Order, Span};
use okaeri::platform::db::plan::{Plan, Statements};
use okaeri::platform::ids::{
    ApplicationId, Identifier, OfferId, OpeningId, PersonId, RegulationId,
};
use okaeri::platform::usecase::Tx;
use okaeri::records::people::service::{self as people, Filter as People};
use okaeri::records::{employment_periods, registrations, users};
use okaeri::regulations::{decisions, regulations};
use okaeri_engine::workflow::pipeline::Stage;

use crate::on_both_engines;
use crate::support::pipeline::terms;
use crate::support::*;

/// Rows of each table: so many that no engine reads a whole one for a few.
const ROWS: usize = 4_000;

/// Fills the tables around the rows of the organization: the first half is its own.
fn fill(conn: &mut Conn, tenant: &str) -> diesel::QueryResult<()> {
    let (text, id) = match conn {
        Conn::Sqlite(_) => ("text", "printf('%032x', {})"),
        Conn::Postgres(_) => ("uuid", "lpad(to_hex({}), 32, '0')::uuid"),
    };
    let is_sqlite = text == "text";
    let json =
        |value: &str| if is_sqlite { format!("'{value}'") } else { format!("'{value}'::jsonb") };
    let at = if is_sqlite {
        "'2026-04-01T00:00:00.000000Z'"
    } else {
        "'2026-04-01T00:00:00Z'::timestamptz"
    };
    let (yes, tenant) = if is_sqlite {
        ("1", format!("'{tenant}'"))
    } else {
        ("true", format!("'{tenant}'::uuid"))
    };
    let made = |kind: usize| id.replace("{}", &format!("({} + n)", kind * 1_000_000));
    let org = format!("case when n < {} then {tenant} else {} end", ROWS / 2, made(1));
    let numbers = format!(
        "with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < {})",
        ROWS - 1
    );
    let insert = |table: &str, columns: &str, values: String| {
        format!(
            "insert into {table} ({columns}, version, created_at, updated_at) {numbers} select {values}, 1, {at}, {at} from numbers;"
        )
    };
    let (person, application, version) = (made(2), made(6), made(8));
    let package = serde_json::json!({
        "person": {"id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "name": {"family": "n", "given": "n"}},
        "former_employee_numbers": [], "terms": terms(), "start_date": "2026-10-01"
    });
    let script = [
        insert("organizations", "id, name, time_zone, currency, language", format!("{}, 'o' || n, 'Asia/Tokyo', 'JPY', 'ja'", made(1))),
        insert("people", "id, organization_id, external_id, family_name, given_name, former_names, search_key", format!("{person}, {org}, 'x' || n, 'n', 'n', {}, 'n' || n", json("[]"))),
        insert("contacts", "id, organization_id, person_id, kind, value, value_key, is_primary", format!("{}, {org}, {person}, 'email', 'v' || n, 'v' || n, {yes}", made(3))),
        insert("employment_periods", "id, organization_id, person_id, employee_number, start_date, facts", format!("{}, {org}, {person}, 'e' || n, '2017-04-01', {}", made(4), json(r#"{"start": "2017-04-01"}"#))),
        insert("registrations", "id, organization_id, person_id, registered_on, wish_to_return, certificate_no, status", format!("{}, {org}, {person}, '2026-01-01', {yes}, 'c' || n, 'active'", made(5))),
        insert("regulations", "id, organization_id, code, name_ja, name_en", format!("{}, {org}, 'r' || n, 'r', 'r'", made(7))),
        insert("regulation_versions", "id, organization_id, regulation_id, number, state, document, hash", format!("{version}, {org}, {}, 1, 'in_force', {}, 'h'", made(7), json("{}"))),
        insert("jobs", "id, organization_id, code, title_ja, job_family, workplace, employment_type, state", format!("{}, {org}, 'j' || n, 'j', 'f', 'w', 'regular', 'active'", made(9))),
        insert("openings", "id, organization_id, job_id, seats, seats_taken, state", format!("{}, {org}, {}, 1, 0, 'open'", made(10), made(9))),
        insert("applications", "id, organization_id, person_id, regulation_version_id, opening_id, stage, stage_since, channel, facts, decided_facts_version", format!("{application}, {org}, {person}, {version}, {}, 'selection', {at}, 'direct', {}, 1", made(10), json(r#"{"supplied": {}, "rulings": []}"#))),
        format!("insert into decisions (id, organization_id, application_id, regulation_version_id, verdict, facts, document, hash, actor, decided_at) {numbers} select {}, {org}, {application}, {version}, 'eligible', '', '', '', '', {at} from numbers;", made(11)),
        insert("offers", "id, organization_id, application_id, number, state, terms, expires_on, made_by", format!("{}, {org}, {application}, 1, 'draft', {}, '2026-10-01', 'u'", made(12), json(&terms().to_string()))),
        insert("rehire_instructions", "id, organization_id, application_id, offer_id, person_id, state, package, attempt, issued_at", format!("{}, {org}, {application}, {}, {person}, 'issued', {}, 1, {at}", made(13), made(12), json(&package.to_string()))),
        insert("users", "id, organization_id, issuer, subject, name, roles, active", format!("{}, {org}, 'i', 's' || n, 'n', {}, {yes}", made(14), json("[]"))),
        insert("api_keys", "id, organization_id, name, prefix, hash, roles", format!("{}, {org}, 'n', 'p', 'h' || n, {}", made(15), json("[]"))),
    ]
    .concat();
    let script = if is_sqlite { script } else { dated(&script) };
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute(&script),
        Conn::Postgres(conn) => conn.batch_execute(&script),
    }
}

/// The days of the script as PostgreSQL wants them beside other columns of a select.
fn dated(script: &str) -> String {
    ["'2017-04-01'", "'2026-01-01'", "'2026-10-01'"]
        .into_iter()
        .fold(script.to_owned(), |script, day| script.replace(day, &format!("{day}::date")))
}

fn run(conn: &mut Conn, statement: &str) {
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute(statement).unwrap(),
        Conn::Postgres(conn) => conn.batch_execute(statement).unwrap(),
    }
}

fn of<I: Identifier>(kind: u128) -> I {
    I::from_uuid(uuid::Uuid::from_u128(kind * 1_000_000 + 7))
}

fn all<I>(order: Order) -> Listing<I> {
    let any = Span { gt: None, gte: None, lt: None, lte: None };
    Listing { order, after: None, created: any, updated: any, rows: 50 }
}

/// What finds rows by their own key or by whose they are.
fn by_key(tx: &mut Tx<'_>) -> okaeri::platform::error::Result<()> {
    let (person, application): (PersonId, ApplicationId) = (of(2), of(6));
    people::find(tx, person)?;
    people::by_ids(tx, &[person])?;
    let by = |email: Option<&str>, number: Option<&str>, external: Option<&str>| People {
        email: email.map(str::to_owned),
        employee_number: number.map(str::to_owned),
        external_id: external.map(str::to_owned),
        ..People::default()
    };
    for filter in
        [by(Some("v7"), None, None), by(None, Some("e7"), None), by(None, None, Some("x7"))]
    {
        people::list(tx, filter, &all(Order::Newest))?;
    }
    employment_periods::service::by_employee_number(tx, "e7")?;
    employment_periods::service::of_person(tx, person)?;
    employment_periods::service::find(tx, of(4))?;
    registrations::service::of_person(tx, person)?;
    registrations::service::find(tx, of(5))?;
    applications::find(tx, application)?;
    applications::by_ids(tx, &[application])?;
    // Its version has no document to read, which is found after the statement.
    assert!(okaeri::hiring::applications::moves::situation(tx, application).is_err());
    people::facts_changed(tx, person)?;
    people::facts_version(tx, person)?;
    let (person, opening): (Option<PersonId>, Option<OpeningId>) = (Some(person), Some(of(10)));
    applications::list(
        tx,
        Applications { person, ..Applications::default() },
        &all(Order::Newest),
    )?;
    applications::list(
        tx,
        Applications { opening, ..Applications::default() },
        &all(Order::Newest),
    )?;
    decisions::service::list(tx, Some(application), None, 50)?;
    let application = Some(application);
    offers::service::list(
        tx,
        offers::service::Filter { application, ..Default::default() },
        &all(Order::Newest),
    )?;
    offers::service::find(tx, of::<OfferId>(12))?;
    let of_application = rehire_instructions::service::Filter { application, ..Default::default() };
    rehire_instructions::service::list(tx, of_application, &all(Order::Newest))?;
    let of_job = openings::service::Filter { job: Some(of(9)), ..Default::default() };
    openings::service::list(tx, &of_job, &all(Order::Newest))?;
    regulations::versions::list(tx, of::<RegulationId>(7))?;
    users::service::principal_of(tx.conn, OWN_ISSUER, "s7", None)?;
    api_keys::service::principal_of(tx.conn, "no such hash")?;
    Ok(())
}

/// Pages of everything of an organization, which the engine reads in order and leaves off at the
/// end of the page.
fn pages(tx: &mut Tx<'_>) -> okaeri::platform::error::Result<()> {
    people::list(tx, People::default(), &all(Order::Newest))?;
    people::list(tx, People::default(), &all(Order::LatestChange))?;
    applications::list(tx, Applications::default(), &all(Order::Newest))?;
    let of_stage = || Applications { stage: Some(Stage::Selection), ..Applications::default() };
    applications::list(tx, of_stage(), &all(Order::Newest))?;
    applications::list(tx, Applications::default(), &all(Order::EarliestChange))?;
    offers::service::list(tx, offers::service::Filter::default(), &all(Order::Newest))?;
    decisions::service::list(tx, None, None, 50)?;
    Ok(())
}

/// The statements of some work, which is done in one transaction.
fn statements(
    app: &TestApp,
    work: fn(&mut Tx<'_>) -> okaeri::platform::error::Result<()>,
) -> BTreeSet<String> {
    app.write(move |tx| {
        let statements = Statements::of(tx.conn);
        work(tx)?;
        let taken = statements.take();
        let is_ours = |statement: &String| {
            statement.contains("organization_id") || statement.contains("issuer")
        };
        Ok(taken
            .into_iter()
            .filter(|statement| !statement.starts_with("INSERT") && is_ours(statement))
            .collect())
    })
}

/// The plans of these statements, where one is not as it should be.
fn wrong(
    app: &TestApp,
    statements: &BTreeSet<String>,
    is_good: fn(&Plan) -> bool,
) -> Vec<(String, Plan)> {
    let statements = statements.clone();
    let plans = app.write(move |tx| {
        statements
            .iter()
            .map(|statement| Ok((statement.clone(), Plan::of(tx.conn, statement)?)))
            .collect()
    });
    let plans: Vec<(String, Plan)> = plans;
    plans.into_iter().filter(|(_, plan)| !is_good(plan)).collect()
}

/// No table is read whole.
fn is_by_index(plan: &Plan) -> bool {
    plan.0.iter().all(|step| !step.contains("Seq Scan"))
}

/// Every row of a page is read in its place: none is sorted, none is read and left out. What
/// belongs to its rows is found by their keys.
fn is_in_order(plan: &Plan) -> bool {
    plan.is_by_key()
        || plan.0.iter().all(|step| {
            !step.contains("TEMP B-TREE") && !step.contains("Sort") && !step.contains("Seq Scan")
        })
}

on_both_engines!(no_statistics_and_no_lack_of_them_leads_astray,);

async fn no_statistics_and_no_lack_of_them_leads_astray(app: TestApp) {
    let tenant = app.seed.ours.organization.uuid().simple().to_string();
    app.write(move |tx| Ok(fill(tx.conn, &tenant)?));
    let (keys, pages) = (statements(&app, by_key), statements(&app, pages));
    assert!(keys.len() >= 20 && pages.len() >= 6, "{keys:#?} {pages:#?}");
    // A table that was never analyzed is for PostgreSQL one of few rows, whatever it holds; it
    // analyzes by itself. It weighs what it knows of an organization, of which there are few
    // rows here: any index will do.
    let is_sqlite = matches!(app.okaeri.db.url(), okaeri::platform::db::DatabaseUrl::Sqlite(_));
    let is_good = if is_sqlite { Plan::is_by_key } else { is_by_index };
    for statistics in is_sqlite.then_some(false).into_iter().chain([true]) {
        if statistics {
            app.write(|tx| {
                run(tx.conn, "analyze");
                Ok(())
            });
        }
        let astray = [wrong(&app, &keys, is_good), wrong(&app, &pages, is_in_order)].concat();
        assert!(astray.is_empty(), "statistics: {statistics}: {astray:#?}");
    }
}
