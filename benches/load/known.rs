//! People who are on record already, in a database without statistics: reading one, and importing
//! all again while others write.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use okaeri::platform::db::DatabaseUrl;

use super::client::Client;
use super::data::Fixture;
use super::serve::{self, text};

const PEOPLE: usize = 20_000;
const WRITERS: usize = 8;

pub fn run(engine: &str, url: &DatabaseUrl, dir: &Path) {
    let fixture = Fixture::make_empty(url);
    let file = dir.join("people.csv");
    std::fs::write(&file, csv()).unwrap();
    let import = || {
        let started = Instant::now();
        let done = Command::new(env!("CARGO_BIN_EXE_okaeri"))
            .args(["import", "people", "--organization", "bench"])
            .arg(&file)
            .env("DATABASE_URL", text(url))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        (started.elapsed().as_secs_f64(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (new, _) = import();
    println!("| {engine} | import of {PEOPLE} new people, s | {new:.1} | | | |");
    let server = serve::Product::start(url, &fixture);
    let target = server.target(&fixture);
    read(engine, &mut Client::connect(&target));
    let is_over = AtomicBool::new(false);
    let (again, mut waits) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                scope.spawn(|| {
                    let (mut client, mut waits) = (Client::connect(&target), Vec::new());
                    while !is_over.load(Ordering::Relaxed) {
                        let started = Instant::now();
                        client.create();
                        waits.push(started.elapsed());
                    }
                    waits
                })
            })
            .collect();
        let (again, told) = import();
        assert!(told.contains(&format!("{PEOPLE} unchanged")), "{told}");
        is_over.store(true, Ordering::Relaxed);
        (
            again,
            writers
                .into_iter()
                .flat_map(|writer| writer.join().unwrap())
                .collect::<Vec<Duration>>(),
        )
    });
    println!(
        "| {engine} | import of the same {PEOPLE} people again beside {WRITERS} writers, s | {again:.1} | | | ≤ 3 |"
    );
    waits.sort();
    let slow = waits[waits.len() * 99 / 100].as_secs_f64() * 1000.0;
    println!(
        "| {engine} | the writers' 99th of 100 ({} writes), ms | {slow:.0} | | | ≤ 200 |",
        waits.len()
    );
}

/// The time in the engine cannot be seen from here: what a person takes more than a health check
/// that reads nothing.
fn read(engine: &str, client: &mut Client) {
    let page = client.get("/v1/people?limit=100");
    let page: serde_json::Value = serde_json::from_slice(&page).unwrap();
    let ids: Vec<String> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    let mut median = |path: &dyn Fn(usize) -> String| {
        let mut times: Vec<f64> = (0..5_000)
            .map(|turn| {
                let started = Instant::now();
                client.get(&path(turn));
                started.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let person = median(&|turn| format!("/v1/people/{}", ids[turn % ids.len()]));
    let nothing = median(&|_| "/healthz".to_owned());
    println!(
        "| {engine} | a person with contacts by id, one client, without statistics, ms over the {nothing:.3} of a request \
         that reads nothing | {:.3} | | | ≤ 0.1 |",
        person - nothing
    );
}

fn csv() -> String {
    let mut text = String::from(
        "employee_number,family_name,given_name,family_kana,given_kana,email,phone,start_date,last_day,job_family\n",
    );
    for number in 0..PEOPLE {
        writeln!(
            text,
            "e{number},佐藤,花子{number},サトウ,ハナコ,e{number}@example.jp,090-{number:08},2017-04-01,2021-03-31,sales"
        )
        .unwrap();
    }
    text
}
