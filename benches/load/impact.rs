//! A draft tried on a million people, by the command line on SQLite.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use diesel::connection::SimpleConnection;
use okaeri::app::config::assemble;
use okaeri::platform::auth::Principal;
use okaeri::platform::auth::token::Tokens;
use okaeri::platform::db::{Database, DatabaseUrl, PoolSizes, migrate};
use okaeri::platform::ids::{Identifier, OrganizationId};
use okaeri::regulations::regulations;

use super::data::{SECRET, found};
use super::serve::text;

const PEOPLE: usize = 1_000_000;

/// Fills a database of its own, and prints the row of the table.
pub fn run(directory: &std::path::Path) {
    let url = DatabaseUrl::Sqlite(directory.join("impact.db"));
    let version = fill(&url);
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_okaeri"))
        .args([
            "impact",
            "--organization",
            "bench",
            "--version",
            &version,
            "--application-date",
            "2026-04-01",
            "--json",
        ])
        .env("DATABASE_URL", text(&url))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut peak = 0.0_f64;
    let status = loop {
        peak = peak.max(resident(child.id()));
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let time = started.elapsed().as_secs_f64();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(status.success() && report["considered"] == PEOPLE, "{said}");
    println!(
        "| SQLite | impact of a draft on {PEOPLE} people, two versions, seconds | {time:.1} | | | ≤ 30 |"
    );
    println!("| SQLite | the same, peak resident memory, MB | {peak:.0} | | | ≤ 200 |");
    println!("  ({} of them come out otherwise)", report["changed"]);
}

fn resident(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .unwrap_or_default()
        / 1024.0
}

/// People with one to two periods each, a regulation in force and a stricter draft of it: the
/// draft's identifier.
fn fill(url: &DatabaseUrl) -> String {
    migrate::run(url).unwrap();
    let tokens = Tokens::new("okaeri", Some(SECRET), None).unwrap();
    let okaeri =
        assemble(Database::open(url, PoolSizes { readers: 1, writers: 1 }).unwrap(), tokens);
    let organization = OrganizationId::fresh();
    let draft = okaeri
        .write_now(Principal::system(organization, Tz::Asia__Tokyo), move |tx| {
            found(tx, organization)?;
            let adopted = regulations::versions::adopt(tx, "R01")?;
            let regulation = regulations::versions::find(tx, adopted)?.regulation_id;
            let text = okaeri_engine::library::find("R01")
                .unwrap()
                .text
                .replace("\"at_least_months\": 36", "\"at_least_months\": 48");
            let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
            document["cases"] = serde_json::json!([]);
            Ok(regulations::versions::add(
                tx,
                regulation,
                &regulations::versions::ready(&document)?,
            )?
            .id)
        })
        .unwrap();
    let tenant = organization.uuid().simple().to_string();
    okaeri
        .db
        .write_now(move |conn| {
            conn.batch_execute(&statements(&tenant))?;
            Ok(())
        })
        .unwrap();
    draft.to_string()
}

fn statements(tenant: &str) -> String {
    let at = "'2026-04-01T00:00:00.000000Z'";
    let numbers = format!(
        "with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < {})",
        PEOPLE - 1
    );
    let period = |offset: u32, start: &str, last: &str, route: &str| {
        format!(
            "select printf('%032x', {offset} + n), '{tenant}', printf('%032x', 16777216 + n), {start}, {last}, 'regular', 'administration', '{route}',
                    json_object('start', {start}, 'last_day', {last}, 'employment_type', 'regular', 'full_time', json('true'), 'job_family', 'administration',
                                'exit_route', '{route}', 'exit_reason_recorded', 'marriage',
                                'leaves', json_array(json_object('type', 'childcare', 'from', {start}, 'to', {start}))),
                    1, {at}, {at} from numbers"
        )
    };
    let columns = "(id, organization_id, person_id, start_date, last_day, employment_type, job_family, exit_route, facts, version, created_at, updated_at)";
    let first = period(
        50_000_000,
        "date('2010-04-01', '+' || (n % 2000) || ' days')",
        "date('2010-04-01', '+' || (n % 2000 + n % 1700 + 300) || ' days')",
        "resignation",
    );
    let second = period(
        90_000_000,
        "date('2021-05-01')",
        "date('2022-05-01', '+' || (n % 1200) || ' days')",
        "resignation",
    );
    format!(
        "insert into people (id, organization_id, family_name, given_name, family_kana, given_kana, former_names, birth_date, search_key, version, created_at, updated_at)
         {numbers} select printf('%032x', 16777216 + n), '{tenant}', '佐藤', 'n' || n, 'サトウ', 'カナ', '[]', date('1980-01-01', '+' || (n % 5000) || ' days'), 'サトウ' || n, 1, {at}, {at} from numbers;
         insert into employment_periods {columns} {numbers} {first};
         insert into employment_periods {columns} {numbers} {second} where n % 4 = 0;"
    )
}
