//! The load bench: the product beside a bare floor, in one run, on both engines.
//!
//! `cargo bench --bench load` (add `-- --seconds 3` for a shorter look, `--only reads`, `moves`,
//! `contract`, `memory`, `known`, `impact` or `webhooks` for a part). Product and floor are
//! processes of their own on loopback; the same client drives both in turn, A B A B …, and the
//! medians are compared. Ratios are what counts: machines are noisy, the noise is common.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs,
    unreachable_pub,
    reason = "a bench that panics has found something"
)]

mod client;
mod data;
mod floor;
mod impact;
mod known;
#[path = "../../tests/it/support/postgres.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod postgres;
mod serve;
mod webhooks;

use std::time::Duration;

use client::{Load, Target};
use data::Fixture;
use okaeri::platform::db::DatabaseUrl;

const ROUNDS: usize = 3;
/// What is recorded again and again.
const PERSON: &str = r#"{"name":{"family":"佐藤","given":"花子","family_kana":"サトウ","given_kana":"ハナコ"},"birth_date":"1990-04-02"}"#;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(position) = arguments.iter().position(|argument| argument == "--floor") {
        floor::run(&arguments[position + 1], &arguments[position + 2]);
        return;
    }
    let seconds = arguments
        .iter()
        .position(|argument| argument == "--seconds")
        .and_then(|at| arguments[at + 1].parse().ok());
    let time = Duration::from_secs_f64(seconds.unwrap_or(4.0));
    let only = arguments
        .iter()
        .position(|argument| argument == "--only")
        .map(|at| arguments[at + 1].as_str());
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    println!(
        "| engine | work | Okaeri /s | floor /s | ratio | goal |\n|---|---|---:|---:|---:|---|"
    );
    let dir = tempfile::tempdir().unwrap();
    if wanted("webhooks") {
        hooks(dir.path(), time);
    }
    if only == Some("webhooks") {
        return;
    }
    let sqlite = DatabaseUrl::Sqlite(dir.path().join("bench.db"));
    let fixture = Fixture::make(&sqlite);
    if wanted("reads") {
        reads("SQLite", &sqlite, &fixture, time);
    }
    if wanted("moves") {
        sqlite_moves(&sqlite, &fixture, time);
    }
    if wanted("contract") {
        contract("SQLite", &sqlite, &fixture, time, "group");
        refusals(&sqlite, &fixture, time);
    }
    if wanted("memory") {
        footprint(&sqlite, &fixture);
    }
    if wanted("known") {
        known::run("SQLite", &DatabaseUrl::Sqlite(dir.path().join("known.db")), dir.path());
    }
    if wanted("impact") {
        impact::run(dir.path());
    }
    if only.is_some_and(|only| ["memory", "impact"].contains(&only)) {
        return;
    }
    match postgres::server() {
        Some(server) => {
            server.run("create database okaeri_bench");
            // The server of the tests does not flush; the bench wants what production has.
            for setting in ["fsync", "full_page_writes"] {
                server.run(&format!("alter system set {setting} = on"));
            }
            server.run("select pg_reload_conf()");
            let url: DatabaseUrl = server.url("okaeri_bench").parse().unwrap();
            let fixture = Fixture::make(&url);
            server.run(
                "do 'begin assert current_setting(''fsync'')::bool, ''it does not flush''; end'",
            );
            if wanted("reads") {
                reads("PostgreSQL", &url, &fixture, time);
            }
            if wanted("moves") {
                postgres_moves(&url, &fixture, time);
            }
            if wanted("contract") {
                contract("PostgreSQL", &url, &fixture, time, "each");
            }
            if wanted("known") {
                server.run("create database okaeri_known");
                known::run("PostgreSQL", &server.url("okaeri_known").parse().unwrap(), dir.path());
            }
        }
        None => println!("PostgreSQL was skipped: none is installed."),
    }
}

/// Webhooks on both engines, each on a database of its own.
fn hooks(dir: &std::path::Path, time: Duration) {
    webhooks::run("SQLite", &DatabaseUrl::Sqlite(dir.join("webhooks.db")), time * 5);
    if let Some(server) = postgres::server() {
        server.run("create database okaeri_webhooks");
        webhooks::run("PostgreSQL", &server.url("okaeri_webhooks").parse().unwrap(), time * 5);
    }
}

/// The median of what each of two alternates does in a second.
fn compare(product: &Target, floor: &Target, load: &Load, time: Duration) -> (f64, f64) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    load.run(product, Duration::from_millis(500));
    load.run(floor, Duration::from_millis(500));
    for _ in 0..ROUNDS {
        ours.push(load.run(product, time));
        theirs.push(load.run(floor, time));
    }
    (median(ours), median(theirs))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn row(engine: &str, work: &str, (ours, floor): (f64, f64), goal: f64) {
    let mark = if ours / floor >= goal { "met" } else { "**missed**" };
    println!(
        "| {engine} | {work} | {ours:.0} | {floor:.0} | {:.2} | ≥ {goal} {mark} |",
        ours / floor
    );
}

fn reads(engine: &str, url: &DatabaseUrl, fixture: &Fixture, time: Duration) {
    let is_sqlite = matches!(url, DatabaseUrl::Sqlite(_));
    let goals = if is_sqlite { (0.7, 0.65) } else { (0.75, 0.75) };
    let server = serve::Product::start(url, fixture);
    let product = server.target(fixture);
    let floor = serve::Floor::start(url, "group");
    let one = Load::get_one(16, fixture);
    row(
        engine,
        "read one application, 16 clients",
        compare(&product, &floor.target(), &one, time),
        goals.0,
    );
    let first = Load::page(16, fixture, None);
    let at_first = compare(&product, &floor.target(), &first, time);
    row(engine, "first page of 50 of one stage", at_first, goals.1);
    let deep = Load::page(16, fixture, Some(product.cursor_at(9_000)));
    let at_depth = compare(&product, &floor.target(), &deep, time);
    row(engine, "page of 50, 9,000 rows deep", at_depth, goals.1);
    println!(
        "| {engine} | time of a deep page ÷ time of the first | | | {:.2} | 1 ± 0.2 |",
        at_first.0 / at_depth.0
    );
    let before = server.processor_time();
    let reads = one.run_count(&product, 50_000);
    let each = (server.processor_time() - before).as_secs_f64() * 1e6 / reads as f64;
    let goal = if is_sqlite { "≤ 45" } else { "–" };
    println!(
        "| {engine} | processor time of the server for a read of one application, µs | {each:.1} | | | {goal} |"
    );
}

fn sqlite_moves(url: &DatabaseUrl, fixture: &Fixture, time: Duration) {
    let load = Load::moves(64, fixture);
    let server = serve::Product::start(url, fixture);
    let product = server.target(fixture);
    let group = {
        let floor = serve::Floor::start(url, "group");
        compare(&product, &floor.target(), &load, time)
    };
    row("SQLite", "stage move, 64 clients, against the floor with group commit", group, 0.5);
    let each = {
        let floor = serve::Floor::start(url, "each");
        compare(&product, &floor.target(), &load, time)
    };
    row("SQLite", "the same against bare work with a commit each", each, 1.5);
}

fn postgres_moves(url: &DatabaseUrl, fixture: &Fixture, time: Duration) {
    let load = Load::moves(64, fixture);
    let server = serve::Product::start(url, fixture);
    let floor = serve::Floor::start(url, "each");
    row(
        "PostgreSQL",
        "stage move, 64 clients",
        compare(&server.target(fixture), &floor.target(), &load, time),
        0.5,
    );
}

/// What retries and repeated reads cost.
fn contract(engine: &str, url: &DatabaseUrl, fixture: &Fixture, time: Duration, mode: &str) {
    let server = serve::Product::start(url, fixture);
    let floor = serve::Floor::start(url, mode);
    let (product, floor) = (server.target(fixture), floor.target());
    let unchanged = compare(&product, &floor, &Load::unchanged(16, fixture), time);
    row(engine, "304 to a read, against the whole read of the floor, 16 clients", unchanged, 0.8);
    let created = compare(&product, &floor, &Load::create(64), time);
    row(
        engine,
        "a person under an Idempotency-Key, against a bare durable insert of as many rows, 64 clients",
        created,
        0.4,
    );
}

/// What is refused, against what it would have been: both by the product.
fn refusals(url: &DatabaseUrl, fixture: &Fixture, time: Duration) {
    const NOBODY: &str = "/v1/applications/app_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f";
    const WRONG: &str =
        r#"{"name":{"family":"","given":"花子","color":"red"},"birth_date":"tomorrow"}"#;
    let server = serve::Product::start(url, fixture);
    let product = server.target(fixture);
    for (work, refused, done) in [
        (
            "404, against the read",
            Load::refused(16, ("GET", NOBODY), "", "404"),
            Load::get_one(16, fixture),
        ),
        (
            "422 with three wrong fields, against the record",
            Load::refused(64, ("POST", "/v1/people"), WRONG, "422"),
            Load::create(64),
        ),
        (
            "400 of what is no JSON, against the record",
            Load::refused(64, ("POST", "/v1/people"), "{", "400"),
            Load::create(64),
        ),
    ] {
        let (mut refusals, mut successes) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            refusals.push(refused.run(&product, time));
            successes.push(done.run(&product, time));
        }
        row("SQLite", work, (median(refusals), median(successes)), 1.0);
    }
}

fn footprint(url: &DatabaseUrl, fixture: &Fixture) {
    let server = serve::Product::start(url, fixture);
    let product = server.target(fixture);
    let reads = Load::get_one(16, fixture).run_count(&product, 100_000);
    println!(
        "| SQLite | private memory after {reads} reads, MB | {:.0} | | | |",
        server.private_megabytes()
    );
    let writes = Load::create(64).run_count(&product, 100_000);
    println!(
        "| SQLite | and {writes} writes, MB | {:.0} | | | ≤ 120 |",
        server.private_megabytes()
    );
    drop(server);
    let mut starts: Vec<f64> = (0..5)
        .map(|_| serve::Product::start(url, fixture).first_answer.as_secs_f64() * 1000.0)
        .collect();
    starts.sort_by(f64::total_cmp);
    println!("| SQLite | start to first answer, ms (median of 5) | {:.0} | | | ≤ 300 |", starts[2]);
}
