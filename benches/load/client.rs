//! A client that costs little: keep-alive sockets, a thread each, no more parsing than needed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::data::Fixture;

/// A server to drive.
#[derive(Clone)]
pub struct Target {
    pub address: SocketAddr,
    /// `Authorization` of the product; the floor has none.
    pub credential: Option<String>,
    pub is_floor: bool,
}

enum Work {
    GetOne(Vec<String>),
    Page {
        stage: &'static str,
        cursor: Option<(String, String)>,
    },
    Moves(Vec<String>),
    /// A read of what the client has already.
    Unchanged(Vec<String>),
    /// A person recorded under a key of its own: three rows.
    Create,
    /// A request that the product refuses, with the status it answers.
    Refused {
        method: &'static str,
        path: &'static str,
        body: &'static str,
        status: &'static str,
    },
}

/// What is asked of a server, by how many at once.
pub struct Load {
    clients: usize,
    work: Arc<Work>,
}

impl Load {
    pub fn get_one(clients: usize, fixture: &Fixture) -> Self {
        Self { clients, work: Arc::new(Work::GetOne(fixture.applications.clone())) }
    }

    pub fn page(clients: usize, _: &Fixture, cursor: Option<(String, String)>) -> Self {
        Self { clients, work: Arc::new(Work::Page { stage: super::data::STAGE, cursor }) }
    }

    pub fn moves(clients: usize, fixture: &Fixture) -> Self {
        Self { clients, work: Arc::new(Work::Moves(fixture.applications.clone())) }
    }

    pub fn unchanged(clients: usize, fixture: &Fixture) -> Self {
        Self { clients, work: Arc::new(Work::Unchanged(fixture.applications.clone())) }
    }

    pub fn create(clients: usize) -> Self {
        Self { clients, work: Arc::new(Work::Create) }
    }

    pub fn refused(
        clients: usize,
        (method, path): (&'static str, &'static str),
        body: &'static str,
        status: &'static str,
    ) -> Self {
        Self { clients, work: Arc::new(Work::Refused { method, path, body, status }) }
    }

    /// Requests answered in a second.
    pub fn run(&self, target: &Target, time: Duration) -> f64 {
        let started = Instant::now();
        let done = self.drive(target, move |_| started.elapsed() < time);
        done as f64 / started.elapsed().as_secs_f64()
    }

    /// Makes this many requests in all.
    pub fn run_count(&self, target: &Target, count: u64) -> u64 {
        self.drive(target, move |so_far| so_far < count)
    }

    fn drive(&self, target: &Target, goes_on: impl Fn(u64) -> bool + Send + Sync + Clone) -> u64 {
        let done = Arc::new(AtomicU64::new(0));
        std::thread::scope(|scope| {
            for index in 0..self.clients {
                let (done, work, goes_on) =
                    (Arc::clone(&done), Arc::clone(&self.work), goes_on.clone());
                scope.spawn(move || {
                    let mut client = Client::connect(target);
                    let mut turn = 0_usize;
                    while goes_on(done.load(Ordering::Relaxed)) {
                        let count = client.work(&work, index, turn);
                        done.fetch_add(count, Ordering::Relaxed);
                        turn += 1;
                    }
                });
            }
        });
        done.load(Ordering::Relaxed)
    }
}

impl Target {
    /// The product's cursor and the floor's key for the page this many rows down.
    pub fn cursor_at(&self, rows: usize) -> (String, String) {
        let mut client = Client::connect(self);
        let (mut cursor, mut last) = (String::new(), String::new());
        for _ in 0..rows / 50 {
            let after = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
            let body = client
                .get(&format!("/v1/applications?stage={}&limit=50{after}", super::data::STAGE));
            let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
            cursor = page["next_cursor"].as_str().expect("enough rows").to_owned();
            last = page["items"][49]["id"].as_str().unwrap().to_owned();
        }
        (cursor, last)
    }
}

/// One keep-alive connection.
pub struct Client {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    head: String,
    is_floor: bool,
    /// The last ETag: opaque, and sent back as it came.
    etag: String,
    /// The status that is measured.
    expected: &'static str,
}

impl Client {
    pub fn connect(target: &Target) -> Self {
        let stream = TcpStream::connect(target.address).unwrap();
        stream.set_nodelay(true).unwrap();
        let authorization = target
            .credential
            .as_ref()
            .map(|credential| format!("authorization: Bearer {credential}\r\n"))
            .unwrap_or_default();
        Self {
            reader: BufReader::new(stream.try_clone().unwrap()),
            writer: stream,
            head: format!(" HTTP/1.1\r\nhost: bench\r\n{authorization}"),
            is_floor: target.is_floor,
            etag: String::new(),
            expected: "200",
        }
    }

    pub fn get(&mut self, path: &str) -> Vec<u8> {
        let request = format!("GET {path}{}\r\n", self.head);
        self.writer.write_all(request.as_bytes()).unwrap();
        self.answer(path)
    }

    fn post(&mut self, path: &str, body: &str) -> Vec<u8> {
        let version = format!("if-match: {}\r\n", self.etag);
        self.send("POST", path, &version, body)
    }

    fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
        let request = format!(
            "{method} {path}{}{headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.head,
            body.len()
        );
        self.writer.write_all(request.as_bytes()).unwrap();
        self.answer(path)
    }

    fn answer(&mut self, path: &str) -> Vec<u8> {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        let is_good = line.get(9..12) == Some(self.expected);
        let status = line.clone();
        let mut length = 0;
        loop {
            line.clear();
            self.reader.read_line(&mut line).unwrap();
            let header = line.trim_end();
            if header.is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(": ") {
                if name == "content-length" {
                    length = value.parse().unwrap();
                } else if name == "etag" {
                    value.clone_into(&mut self.etag);
                }
            }
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).unwrap();
        assert!(is_good, "{path}: {status} {}", String::from_utf8_lossy(&body));
        body
    }

    /// Records a person under a key.
    pub fn create(&mut self) {
        self.expected = "201";
        let key = format!("idempotency-key: {}\r\n", uuid::Uuid::now_v7());
        let path = if self.is_floor { "/floor/rows" } else { "/v1/people" };
        self.send("POST", path, &key, super::PERSON);
    }

    /// One turn; answers how many requests of the measured kind it made.
    fn work(&mut self, work: &Work, index: usize, turn: usize) -> u64 {
        let root = if self.is_floor { "/floor" } else { "/v1" };
        match work {
            Work::GetOne(ids) => {
                let id = &ids[(index * 7919 + turn * 104_729) % ids.len()];
                self.get(&format!("{root}/applications/{id}"));
                1
            }
            Work::Page { stage, cursor } => {
                let after = match cursor {
                    Some((cursor, _)) if !self.is_floor => format!("&cursor={cursor}"),
                    Some((_, key)) => format!("&after={key}"),
                    None => String::new(),
                };
                self.get(&format!("{root}/applications?stage={stage}&limit=50{after}"));
                1
            }
            Work::Unchanged(ids) => {
                let path = format!("{root}/applications/{}", ids[index * 10]);
                if self.is_floor || turn == 0 {
                    self.get(&path);
                    return u64::from(self.is_floor);
                }
                self.expected = "304";
                let known = format!("if-none-match: {}\r\n", self.etag);
                self.send("GET", &path, &known, "");
                1
            }
            Work::Create => {
                self.create();
                1
            }
            Work::Refused { method, path, body, status } => {
                self.expected = status;
                self.send(method, path, "", body);
                1
            }
            Work::Moves(ids) => {
                // Each client has an application of its own, so that none waits for another's
                // version.
                let id = &ids[index * 10];
                if !self.is_floor && turn == 0 {
                    self.get(&format!("/v1/applications/{id}"));
                }
                self.post(
                    &format!("{root}/applications/{id}/moves"),
                    r#"{"kind":"hold","reason":"bench"}"#,
                );
                self.post(&format!("{root}/applications/{id}/moves"), r#"{"kind":"resume"}"#);
                2
            }
        }
    }
}
