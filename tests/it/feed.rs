//! `/v1/events`: every event once, in one order that is the same for all readers.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver as Channel, Sender as Sending, channel};
use std::sync::{Arc, Mutex};

use okaeri::platform::auth::Principal;

use okaeri::integration::webhooks::sender::Sender;
use okaeri::integration::webhooks::worker;
use okaeri::platform::egress::Targets;
use okaeri::platform::outbox::EventType;
use okaeri::platform::usecase::Tx;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::receiver::Receiver;
use crate::support::*;

/// How many threads write at once, how many changes each, and how many events a change has.
const WRITERS: usize = 12;
const CHANGES: usize = 12;
const EVENTS: usize = 5;

fn system(app: &TestApp) -> Principal {
    Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo)
}

/// Appends an event of its own.
fn append(tx: &mut Tx<'_>, name: &str) -> okaeri::platform::error::Result<()> {
    tx.record(EventType::PersonUpdated, name.to_owned(), &json!({}))
}

/// Events behind a place in the feed, as this server shows them, page by page to the end.
async fn behind(app: &TestApp, mut place: i64) -> Vec<(i64, String)> {
    let mut found = Vec::new();
    loop {
        let path = format!("/v1/events?limit=100&sequence_gt={place}");
        let page = app.as_role(Role::Integration).get(&path).await.expect(200);
        let items = page.body["items"].as_array().unwrap();
        let Some(last) = items.last() else { return found };
        let event = |item: &Value| {
            (item["sequence"].as_i64().unwrap(), item["subject_id"].as_str().unwrap().to_owned())
        };
        found.extend(items.iter().map(event));
        place = last["sequence"].as_i64().unwrap();
    }
}

/// The place behind everything.
async fn end(app: &TestApp) -> i64 {
    behind(app, 0).await.last().map_or(0, |event| event.0)
}

fn wait(channel: &Mutex<Channel<()>>) {
    channel.lock().unwrap().recv().unwrap();
}

/// A place within a transaction at which it waits.
struct Pause {
    go: Sending<()>,
    gone: Arc<Mutex<Channel<()>>>,
    at: Arc<Mutex<Sending<()>>>,
    reached: Channel<()>,
}

impl Pause {
    fn new() -> Self {
        let ((go, gone), (at, reached)) = (channel(), channel());
        Self { go, gone: Arc::new(Mutex::new(gone)), at: Arc::new(Mutex::new(at)), reached }
    }
}

/// Two transactions that overlap: the one that began first appends last and commits first.
#[actix_web::test]
async fn a_transaction_that_commits_late_is_not_passed_over() {
    let Some(app) = TestApp::start(Engine::Postgres).await else { return };
    let start = end(&app).await;
    let [first, second] = [Pause::new(), Pause::new()];
    let change = |pause: &Pause, name: &'static str, before: &'static str| {
        let (okaeri, who, go, reached) = (
            app.okaeri.clone().into_inner(),
            system(&app),
            Arc::clone(&pause.gone),
            Arc::clone(&pause.at),
        );
        std::thread::spawn(move || {
            okaeri.write_now(who, move |tx| {
                append(tx, before)?;
                reached.lock().unwrap().send(()).unwrap();
                wait(&go);
                append(tx, name)
            })
        })
    };
    let early = change(&first, "first", "begun first");
    first.reached.recv().unwrap();
    let late = change(&second, "second", "begun second");
    second.reached.recv().unwrap();

    first.go.send(()).unwrap();
    early.join().unwrap().unwrap();
    let seen = behind(&app, start).await;
    second.go.send(()).unwrap();
    late.join().unwrap().unwrap();

    let names =
        |events: &[(i64, String)]| events.iter().map(|event| event.1.clone()).collect::<Vec<_>>();
    assert_eq!(names(&seen), ["begun first", "first"]);
    assert_eq!(names(&behind(&app, seen[1].0).await), ["begun second", "second"]);
}

/// Writes from many threads through both servers, and tells when each has ended.
fn write_from_many(servers: [&TestApp; 2]) -> Vec<std::thread::JoinHandle<()>> {
    (0..WRITERS)
        .map(|writer| {
            let app = servers[writer % 2];
            let (okaeri, who) = (app.okaeri.clone().into_inner(), system(app));
            std::thread::spawn(move || {
                for change in 0..CHANGES {
                    // Every fourth writer makes few long changes, the others many short ones.
                    let events = if writer % 4 == 0 { EVENTS * 20 } else { EVENTS };
                    let work = move |tx: &mut Tx<'_>| {
                        (0..events)
                            .try_for_each(|event| append(tx, &format!("{writer}-{change}-{event}")))
                    };
                    okaeri.write_now(who.clone(), work).unwrap();
                }
            })
        })
        .collect()
}

on_both_engines!(
    many_writers_two_servers_and_every_reader_has_every_event_once_in_the_same_order,
    what_was_written_is_read_at_once_and_changes_keep_their_order,
    a_numbering_that_is_cut_short_loses_nothing,
);

async fn many_writers_two_servers_and_every_reader_has_every_event_once_in_the_same_order(
    app: TestApp,
) {
    let (one, other, receiver) =
        (app.with_private_webhooks().await, app.with_private_webhooks().await, Receiver::start());
    let new = json!({"url": receiver.url, "event_types": ["person.updated"]});
    one.as_role(Role::Admin).post("/v1/webhook-endpoints", new).await.expect(201);
    let (start, sender) = (end(&one).await, Sender::new(Targets::Private).unwrap());
    let written = WRITERS * CHANGES * EVENTS + WRITERS / 4 * CHANGES * EVENTS * 19;
    let (mut by_one, mut by_other) = (Vec::new(), Vec::new());

    let writers = write_from_many([&one, &other]);
    while by_one.len() < written || by_other.len() < written {
        for (app, read) in [(&one, &mut by_one), (&other, &mut by_other)] {
            let place = read.last().map_or(start, |event: &(i64, String)| event.0);
            read.extend(behind(app, place).await);
        }
        let (of_one, of_other) = futures_util::future::join(
            worker::tick(&one.okaeri, &sender),
            worker::tick(&other.okaeri, &sender),
        )
        .await;
        of_one.and(of_other).unwrap();
    }
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    while worker::tick(&one.okaeri, &sender).await.unwrap()
        + worker::tick(&other.okaeri, &sender).await.unwrap()
        > 0
    {}

    assert_eq!(by_one.len(), written);
    assert!(by_one.is_sorted_by(|earlier, later| earlier.0 < later.0));
    assert_eq!(by_one, by_other);
    assert_eq!(by_one, behind(&app, start).await);
    let sent: Vec<String> = receiver
        .take()
        .iter()
        .map(|request| request.json()["data"]["subject_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(sent.len(), written, "each was sent once");
    let told: BTreeSet<String> = sent.into_iter().collect();
    assert_eq!(told, by_one.into_iter().map(|event| event.1).collect());
}

async fn what_was_written_is_read_at_once_and_changes_keep_their_order(app: TestApp) {
    let (other, start) = (app.with_private_webhooks().await, end(&app).await);
    for round in 0..5 {
        let writer = if round % 2 == 0 { &app } else { &other };
        writer
            .write(move |tx| (0..3).try_for_each(|event| append(tx, &format!("{round}-{event}"))));
        assert_eq!(behind(&app, start).await.len(), (round + 1) * 3);
    }

    let names: Vec<String> = behind(&other, start).await.into_iter().map(|event| event.1).collect();

    let wanted: Vec<String> =
        (0..5).flat_map(|round| (0..3).map(move |event| format!("{round}-{event}"))).collect();
    assert_eq!(names, wanted);
}

async fn a_numbering_that_is_cut_short_loses_nothing(app: TestApp) {
    let start = end(&app).await;
    app.write(|tx| (0..3).try_for_each(|event| append(tx, &event.to_string())));

    let cut = app.okaeri.write_now(system(&app), |tx| {
        okaeri::platform::outbox::latest(tx)?;
        Err::<(), _>(okaeri::platform::error::Error::internal("killed before the commit"))
    });

    assert!(cut.is_err());
    let names: Vec<String> = behind(&app, start).await.into_iter().map(|event| event.1).collect();
    assert_eq!(names, ["0", "1", "2"]);
}

#[actix_web::test]
async fn a_feed_that_cannot_be_numbered_now_says_so() {
    let Some(app) = TestApp::start(Engine::Postgres).await else { return };
    app.settle();
    let okaeri::platform::db::DatabaseUrl::Postgres(url) = &app.database.url else {
        panic!("{}", app.database.url)
    };
    let read_only =
        format!("{url}&options=-c%20default_transaction_read_only%3Don").parse().unwrap();
    let read_only = TestApp::at(read_only, app.seed.clone()).await;
    read_only.as_role(Role::Integration).get("/v1/events").await.expect(200);
    app.write(|tx| append(tx, "unnumbered"));

    let refused =
        read_only.as_role(Role::Integration).get("/v1/events").await.refused(503, "unavailable");

    assert!(refused.text.contains("Nothing is lost"), "{}", refused.text);
    assert_eq!(behind(&app, 0).await.last().unwrap().1, "unnumbered");
}

#[actix_web::test]
async fn a_dump_restored_into_a_new_cluster_shows_the_whole_feed() {
    let Some(app) = TestApp::start(Engine::Postgres).await else { return };
    for name in ["one", "two", "three"] {
        app.write(move |tx| append(tx, name));
    }
    let before = behind(&app, 0).await;
    app.write(|tx| append(tx, "not numbered when it was dumped"));
    let cluster = postgres::another().unwrap();
    cluster.run("create database restored");
    let okaeri::platform::db::DatabaseUrl::Postgres(from) = &app.database.url else {
        panic!("{}", app.database.url)
    };
    let dump = postgres::installed("pg_dump").args(["--no-owner", "-d", from]).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &dump.stdout).unwrap();
    let to = cluster.url("restored");
    let mut psql = postgres::installed("psql");
    let restore = psql
        .args(["-q", "-v", "ON_ERROR_STOP=1", "-d", &to, "-f"])
        .arg(file.path())
        .output()
        .unwrap();
    assert!(restore.status.success(), "{}", String::from_utf8_lossy(&restore.stderr));

    let restored = TestApp::at(to.parse().unwrap(), app.seed.clone()).await;

    let after = behind(&restored, 0).await;
    assert_eq!(after[..before.len()], before);
    restored.write(|tx| append(tx, "after the restore"));
    let names: Vec<String> = behind(&restored, before.last().unwrap().0)
        .await
        .into_iter()
        .map(|event| event.1)
        .collect();
    assert_eq!(names, ["not numbered when it was dumped", "after the restore"]);
}
