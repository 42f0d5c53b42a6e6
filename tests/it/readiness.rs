//! What whoever runs the server is told: not migrated, a disk that takes nothing, and HEAD as
//! probes send it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use okaeri::platform::db::{DatabaseUrl, migrate};

use crate::support::app::instant;
use crate::support::database::empty;
use crate::support::postgres;
use crate::support::program::program;
use crate::support::*;

/// A server that goes with the test.
struct Running(Child, String);

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let said: serde_json::Value = serde_json::from_str(&line.ok()?).ok()?;
            said["fields"]["address"].as_str().map(str::to_owned)
        });
        std::thread::spawn(move || lines.for_each(drop));
        Self(child, address.expect("it says where it listens"))
    }

    /// The head and the body of an answer, with nothing between the test and the socket.
    fn ask(&self, method: &str, path: &str, head: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: okaeri\r\nconnection: close\r\n{head}content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn serve(url: &DatabaseUrl) -> Command {
    let mut command = program(url);
    command
        .arg("serve")
        .env("OKAERI_LISTEN", "127.0.0.1:0")
        .env("OKAERI_WORKERS", "1")
        .env("RUST_LOG", "info");
    command
}

#[test]
fn on_postgres_that_is_not_migrated_everything_says_what_to_run() {
    if postgres::server().is_none() {
        return;
    }
    let (url, _dir) = empty(Engine::Postgres).unwrap();
    let made = program(&url)
        .args(["organization", "create", "X", "--admin-email", "a@b.jp"])
        .output()
        .unwrap();
    assert_eq!(made.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&made.stderr).contains("Run `okaeri migrate`"), "{made:?}");

    let server = Running::start(serve(&url));
    let (head, body) = server.ask("GET", "/readyz", "", "");
    assert!(
        head.starts_with("HTTP/1.1 503")
            && body.contains("\"not_migrated\"")
            && body.contains("okaeri migrate"),
        "{head} {body}"
    );
    let token = "authorization: Bearer oka_0000000000000000000000000000000000000000000\r\n";
    let (head, body) = server.ask("GET", "/v1/people", token, "");
    assert!(head.starts_with("HTTP/1.1 503") && body.contains("\"not_migrated\""), "{head} {body}");
    migrate::run(&url).unwrap();
    assert!(server.ask("GET", "/readyz", "", "").0.starts_with("HTTP/1.1 200"));
}

#[test]
fn a_disk_that_takes_no_writes_is_told() {
    let (url, _dir) = empty(Engine::Sqlite).unwrap();
    let run = |arguments: &[&str]| {
        String::from_utf8(program(&url).args(arguments).output().unwrap().stdout).unwrap()
    };
    run(&["organization", "create", "X", "--admin-email", "a@b.jp"]);
    let token = run(&["token", "--organization", "X", "--email", "a@b.jp"]);
    // No file may grow beyond 40 KiB, as on a full disk: the log of SQLite would.
    let program = serve(&url);
    let mut limited = Command::new("bash");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\" serve"])
        .arg(program.get_program());
    limited.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let server = Running::start(limited);

    let head =
        format!("authorization: Bearer {}\r\ncontent-type: application/json\r\n", token.trim());
    let (status, body) = server.ask("POST", "/v1/regulations", &head, r#"{"library_code": "R01"}"#);

    assert!(
        status.starts_with("HTTP/1.1 503") && body.contains("\"storage_refused\""),
        "{status} {body}"
    );
}

#[test]
fn probes_that_ask_for_the_head_hear_the_same_without_a_body() {
    let (url, _dir) = empty(Engine::Sqlite).unwrap();
    let server = Running::start(serve(&url));
    for path in [
        "/healthz",
        "/readyz",
        "/version",
        "/openapi.json",
        "/docs/",
        "/docs/guide/",
        "/docs/guide/api",
        "/v1/people",
        "/v1/nothing",
    ] {
        let told = |(head, body): (String, String)| {
            let is_of_its_moment = |line: &&str| {
                !["date:", "x-request-id:", "ratelimit:"].iter().any(|name| line.starts_with(name))
            };
            let mut lines: Vec<String> =
                head.lines().filter(is_of_its_moment).map(str::to_owned).collect();
            lines.sort();
            (lines, body)
        };
        let (of_get, body) = told(server.ask("GET", path, "", ""));
        assert!(!body.is_empty());
        assert_eq!(told(server.ask("HEAD", path, "", "")), (of_get, String::new()), "{path}");
    }
}

#[actix_web::test]
async fn readiness_is_lost_while_nothing_can_be_written() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    app.as_nobody().get("/readyz").await.expect(200);

    app.run("pragma query_only = on");
    // What was learned is believed for a few seconds.
    app.as_nobody().get("/readyz").await.expect(200);
    app.clock.set(instant("2026-11-28T12:00:00Z"));

    app.as_nobody().get("/readyz").await.refused(503, "storage_refused");
}
