//! The real program under clients that send too slowly, too much or too many different things.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::budgets::{alternating, heavy_values, regulation, zipped};
use crate::support::program::Server;
use crate::support::*;

/// A connection on which this was sent.
fn sent(server: &Server, text: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    BufReader::new(stream)
}

/// The head of a POST whose body of 100,000 bytes only begins.
fn begun(headers: &str) -> String {
    format!(
        "POST /v1/entities HTTP/1.1\r\nhost: okaeri\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n{headers}\r\n{{\"code\":"
    )
}

/// The status of the answer that comes next.
fn status(connection: &mut BufReader<TcpStream>) -> u16 {
    let mut line = String::new();
    connection.read_line(&mut line).unwrap();
    line.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {line:?}")).parse().unwrap()
}

#[actix_web::test]
async fn who_is_not_known_is_answered_before_the_body_and_cut_off() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let server = Server::start(app.okaeri.db.url());

    for headers in
        ["idempotency-key: a\r\n", "", "authorization: Bearer guess\r\nidempotency-key: a\r\n"]
    {
        let mut connection = sent(&server, &begun(headers));
        assert_eq!(status(&mut connection), 401, "{headers}");
        let mut rest = Vec::new();
        // It ends here, or it would wait for the rest of the body.
        connection.read_to_end(&mut rest).unwrap();
    }
}

#[actix_web::test]
async fn a_server_that_stops_waits_for_no_body_that_trickles() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let server = Server::start(app.okaeri.db.url());
    let token = app.token(&app.seed.ours.users[&Role::Admin].to_string());
    let mut trickling = sent(&server, &begun(&format!("authorization: Bearer {token}\r\n")));
    // Answered after the other was taken in.
    let mut other =
        sent(&server, "GET /healthz HTTP/1.1\r\nhost: okaeri\r\nconnection: close\r\n\r\n");
    assert_eq!(status(&mut other), 200);

    server.stop();

    // Not 408, which is told when a body takes too long.
    assert_eq!(status(&mut trickling), 503);
}

#[actix_web::test]
async fn invented_methods_and_paths_are_one_label() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let server = Server::start(app.okaeri.db.url());
    for index in 0..40 {
        let mut connection = sent(
            &server,
            &format!(
                "INVENTED{index} /v1/nothing-{index} HTTP/1.1\r\nhost: okaeri\r\nconnection: close\r\n\r\n"
            ),
        );
        assert!(status(&mut connection) >= 400);
    }

    let mut metrics = String::new();
    sent(&server, "GET /metrics HTTP/1.1\r\nhost: okaeri\r\nconnection: close\r\n\r\n")
        .read_to_string(&mut metrics)
        .unwrap();

    assert!(metrics.contains("http_request_method=\"_OTHER\""), "{metrics}");
    assert!(!metrics.contains("INVENTED") && !metrics.contains("nothing-"), "{metrics}");
}

/// A server that waits a second for its clients.
fn impatient(app: &TestApp) -> Server {
    Server::start_with(app.okaeri.db.url(), &[("OKAERI_IDLE_SECONDS", "1")])
}

#[actix_web::test]
async fn who_begins_another_head_and_keeps_silent_is_cut() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let server = impatient(&app);
    let preflight = "OPTIONS /v1/people HTTP/1.1\r\nhost: okaeri\r\norigin: https://hr.example.jp\r\n\
        access-control-request-method: GET\r\n\r\n";
    for first in ["GET /healthz HTTP/1.1\r\nhost: okaeri\r\n\r\n", preflight] {
        let mut connection = sent(&server, &format!("{first}GET /hea"));

        assert!(status(&mut connection) < 500, "{first}");

        // It ends, or this waits for a minute and fails.
        connection.read_to_end(&mut Vec::new()).unwrap();
    }
}

#[actix_web::test]
async fn who_takes_no_answer_is_cut_and_costs_little() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let server = impatient(&app);
    let ask = "GET /openapi.json HTTP/1.1\r\nhost: okaeri\r\n\r\n";
    let mut whole = Vec::new();
    let mut taken = sent(&server, &ask.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
    taken.read_to_end(&mut whole).unwrap();
    assert!(whole.trim_ascii_end().ends_with(b"}") && whole.len() > 500_000, "{}", whole.len());
    let rest = peak(&server);

    let mut silent: Vec<_> = (0..100).map(|_| sent(&server, &ask.repeat(16))).collect();

    for connection in &mut silent {
        let stream = connection.get_mut();
        stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
        let cut = std::iter::repeat_with(|| stream.write_all(ask.as_bytes()))
            .find_map(Result::err)
            .unwrap();
        assert!([ErrorKind::ConnectionReset, ErrorKind::BrokenPipe].contains(&cut.kind()), "{cut}");
    }
    assert!(peak(&server) - rest < 40, "{} MB over {rest} MB", peak(&server) - rest);
}

#[actix_web::test]
async fn what_takes_longer_than_a_client_may_be_silent_is_answered() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let server = impatient(&app);
    let token = app.token(&app.seed.ours.users[&Role::Admin].to_string());
    let check = json!({"document": heavy_values("HEAVY")}).to_string();

    let answers: Vec<_> = std::thread::scope(|scope| {
        let post = || posted(&server, &token, "/v1/regulation-checks", "", check.as_bytes());
        let posts: Vec<_> = (0..4).map(|_| scope.spawn(post)).collect();
        posts.into_iter().map(|post| post.join().unwrap()).collect()
    });

    assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
}

/// What a server took of memory at most, in MB.
fn peak(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// Posts, and reads the answer to its end: its status, and how long it took.
fn posted(server: &Server, token: &str, path: &str, headers: &str, body: &[u8]) -> (u16, Duration) {
    let began = Instant::now();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: okaeri\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    let mut connection = sent(server, &head);
    connection.get_mut().write_all(body).ok();
    let status = status(&mut connection);
    std::io::copy(&mut connection, &mut std::io::sink()).ok();
    (status, began.elapsed())
}

#[actix_web::test]
async fn what_somebody_asked_who_has_gone_is_not_answered() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let server = Server::start(app.okaeri.db.url());
    let token = app.token(&app.seed.ours.users[&Role::Admin].to_string());
    let check = json!({"document": heavy_values("HEAVY")}).to_string();
    for _ in 0..3 {
        let head = format!(
            "POST /v1/regulation-checks HTTP/1.1\r\nhost: okaeri\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            check.len()
        );
        let mut connection = sent(&server, &head);
        connection.get_mut().write_all(check.as_bytes()).unwrap();
        // An orderly end, as of a browser that is closed.
        connection.get_mut().shutdown(std::net::Shutdown::Both).unwrap();
    }

    let (status, _) = posted(&server, &token, "/v1/regulation-checks", "", check.as_bytes());

    assert_eq!(status, 200);
    let mut metrics = String::new();
    sent(&server, "GET /metrics HTTP/1.1\r\nhost: okaeri\r\nconnection: close\r\n\r\n")
        .read_to_string(&mut metrics)
        .unwrap();
    let answered = metrics.lines().filter(|line| {
        line.starts_with("http_server_request_duration_seconds_count")
            && line.contains("/v1/regulation-checks")
    });
    let counts: Vec<&str> = answered.filter_map(|line| line.rsplit(' ').next()).collect();
    assert_eq!(counts, ["1"], "{metrics}");
}

/// Reads the list of entities until it is told to end: how long each took.
fn reads(server: &Server, token: &str, end: &AtomicBool) -> Vec<Duration> {
    let mut took = Vec::new();
    while !end.load(Ordering::Relaxed) {
        let began = Instant::now();
        let text = format!(
            "GET /v1/entities HTTP/1.1\r\nhost: okaeri\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        );
        let mut connection = sent(server, &text);
        assert_eq!(status(&mut connection), 200);
        std::io::copy(&mut connection, &mut std::io::sink()).unwrap();
        took.push(began.elapsed());
    }
    took.sort_unstable();
    took
}

/// How many of each kind are sent at once; more for a measurement, with `--release` and
/// `--nocapture`.
fn at_once() -> usize {
    std::env::var("OKAERI_HOSTILE_AT_ONCE").map_or(3, |count| count.parse().unwrap())
}

/// What a server may take over rest, in MB, while it answers them.
const MOST: u64 = 400;

#[actix_web::test]
async fn hostile_requests_take_no_more_memory_than_they_may() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let admin = app.as_role(Role::Admin);
    let made = admin
        .post("/v1/regulations", json!({"document": heavy_values("HEAVY")}))
        .await
        .expect(201)
        .id();
    let versions = admin.get(&format!("/v1/regulations/{made}/versions")).await.expect(200);
    let version =
        format!("/v1/regulation-versions/{}", versions.body["items"][0]["id"].as_str().unwrap());
    let token = app.token(&app.seed.ours.users[&Role::Admin].to_string());
    let requirement = json!({"id": "a", "kind": "requirement", "title": {"ja": "", "en": ""}, "role": "required",
        "when_unknown": "refer", "condition": alternating(7)});
    let mut deep = regulation("DEEP", json!({}), &[requirement]);
    deep["articles"][0]["part"] = json!("eligibility");
    let facts = json!({"facts": {"employment_periods": [{"start": "2010-04-01", "last_day": "2020-03-31"}]}});
    let check = json!({"document": heavy_values("HEAVY2")}).to_string();
    let flat = format!("{{\"code\": [{}0]}}", "{},".repeat(340_000));
    let names = format!("{{\"document\": {{\"articles\": [{}0]}}}}", "{\"a\":1},".repeat(120_000));
    let requests: [(&str, String, &str, Vec<u8>); 6] = [
        (
            "deep unions",
            "/v1/regulation-checks".to_owned(),
            "",
            json!({"document": deep}).to_string().into(),
        ),
        ("heavy question", format!("{version}/questions"), "", facts.to_string().into()),
        ("heavy check", "/v1/regulation-checks".to_owned(), "", check.into()),
        (
            "zipped zeros",
            "/v1/entities".to_owned(),
            "content-encoding: gzip\r\nidempotency-key: z\r\n",
            zipped(&vec![0; 900 << 20]),
        ),
        ("flat objects", "/v1/entities".to_owned(), "", flat.into()),
        ("wrong articles", "/v1/regulation-checks".to_owned(), "", names.into()),
    ];
    for (name, path, headers, body) in requests {
        // Honest reads are as many as the server answers.
        let server =
            Server::start_with(app.okaeri.db.url(), &[("OKAERI_REQUESTS_PER_MINUTE", "0")]);
        let end = AtomicBool::new(false);
        let rest = peak(&server);
        let one = posted(&server, &token, &path, headers, &body);
        let after_one = peak(&server);
        let (all, took) = std::thread::scope(|scope| {
            let reader = scope.spawn(|| reads(&server, &token, &end));
            let post = || posted(&server, &token, &path, headers, &body);
            let posts: Vec<_> = (0..at_once()).map(|_| scope.spawn(post)).collect();
            let all: Vec<(u16, Duration)> =
                posts.into_iter().map(|post| post.join().unwrap()).collect();
            end.store(true, Ordering::Relaxed);
            (all, reader.join().unwrap())
        });
        let longest = all.iter().map(|(_, took)| *took).max().unwrap();
        let p99 = took[(took.len() * 99 / 100).min(took.len() - 1)];
        let statuses: std::collections::BTreeSet<u16> =
            all.iter().map(|(status, _)| *status).collect();
        println!(
            "{name}: {} bytes; one: {} in {:?}, peak {after_one} MB; {} at once: {statuses:?}, longest {longest:?}, peak {} MB; {} reads, p99 {p99:?}",
            body.len(),
            one.0,
            one.1,
            at_once(),
            peak(&server),
            took.len()
        );
        assert!(
            peak(&server).saturating_sub(rest) <= MOST,
            "{name}: {} MB over rest",
            peak(&server) - rest
        );
    }
}
