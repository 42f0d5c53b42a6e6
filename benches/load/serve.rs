//! Product and floor as processes of their own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use okaeri::platform::db::DatabaseUrl;

use super::client::{Client, Target};
use super::data::{Fixture, SECRET};

/// The address for a child process: `Display` hides passwords, and here there are none.
pub fn text(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

fn free_port() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The product, as a user runs it.
pub struct Product {
    child: Child,
    address: SocketAddr,
    /// From the start of the process to its first answer to a signed-in caller.
    pub first_answer: Duration,
    _log: tempfile::NamedTempFile,
}

impl Product {
    pub fn start(url: &DatabaseUrl, fixture: &Fixture) -> Self {
        let address = free_port();
        // A line for each request, as it is by default.
        let log = tempfile::NamedTempFile::new().unwrap();
        let started = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_okaeri"))
            .arg("serve")
            .env("DATABASE_URL", text(url))
            .env("OKAERI_TOKEN_SECRET", SECRET)
            .env("OKAERI_LISTEN", address.to_string())
            .env("OKAERI_REQUESTS_PER_MINUTE", "0")
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        let mut product = Self { child, address, first_answer: Duration::ZERO, _log: log };
        wait(address, started);
        Client::connect(&product.target(fixture)).get("/v1/applications?limit=1");
        product.first_answer = started.elapsed();
        product
    }

    pub fn target(&self, fixture: &Fixture) -> Target {
        Target { address: self.address, credential: Some(fixture.token.clone()), is_floor: false }
    }

    /// Memory of its own: pages of the mapped database belong to the file.
    pub fn private_megabytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }

    /// Processor time that it took so far, of all its threads.
    pub fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        // Linux counts in hundredths of a second for everybody.
        Duration::from_millis(ticks * 10)
    }
}

fn wait(address: SocketAddr, started: Instant) {
    while std::net::TcpStream::connect(address).is_err() {
        assert!(started.elapsed() < Duration::from_secs(20), "the server does not answer");
        std::thread::sleep(Duration::from_millis(2));
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The floor: this same binary with `--floor`.
pub struct Floor {
    child: Child,
    address: SocketAddr,
}

impl Floor {
    pub fn start(url: &DatabaseUrl, mode: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--floor", &text(url), mode])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().parse().unwrap() }
    }

    pub fn target(&self) -> Target {
        Target { address: self.address, credential: None, is_floor: true }
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
