//! The real program, on a test's database.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use okaeri::platform::db::DatabaseUrl;
use serde_json::Value;

/// The program with what it needs to know.
pub fn program(url: &DatabaseUrl) -> Command {
    let url = match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_okaeri"));
    command.env("DATABASE_URL", url).env("OKAERI_TOKEN_SECRET", super::app::SECRET);
    command
}

/// A server of its own process.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts on a free port and waits until it says where it listens.
    pub fn start(url: &DatabaseUrl) -> Self {
        Self::start_with(url, &[])
    }

    /// The same with these settings.
    pub fn start_with(url: &DatabaseUrl, settings: &[(&str, &str)]) -> Self {
        let mut command = program(url);
        command.envs(settings.iter().copied());
        command
            .arg("serve")
            .env("OKAERI_LISTEN", "127.0.0.1:0")
            .env("OKAERI_WORKERS", "2")
            .env("RUST_LOG", "info");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let said: Value = serde_json::from_str(&line.ok()?).ok()?;
            said["fields"]["address"].as_str().map(str::to_owned)
        });
        // Read to the end, so that a full pipe never holds it up.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: address.expect("the server says where it listens") }
    }

    /// Ends it without a word of warning (SIGKILL).
    pub fn kill(mut self) {
        self.end();
    }

    /// The same while others still name it.
    pub fn kill_now(&self) {
        let process = self.child.id().to_string();
        Command::new("kill").args(["-9", &process]).status().expect("kill is there");
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop (SIGTERM).
    pub fn stop(&self) {
        let process = self.child.id().to_string();
        Command::new("kill").args(["-15", &process]).status().expect("kill is there");
    }

    fn end(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// One connection to a server, with nothing between the test and the socket.
pub struct Connection {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Connection {
    pub fn open(address: &str, token: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self { stream: BufReader::new(stream), token: token.to_owned() })
    }

    /// Posts and reads the whole answer; an error means that nothing was acknowledged.
    pub fn post(
        &mut self,
        path: &str,
        version: Option<i32>,
        body: &Value,
    ) -> std::io::Result<(u16, Value)> {
        let header =
            version.map_or(String::new(), |version| format!("if-match: \"{version}\"\r\n"));
        self.post_with(path, &header, body)
    }

    /// The same under an `Idempotency-Key`.
    pub fn post_keyed(
        &mut self,
        path: &str,
        key: &str,
        body: &Value,
    ) -> std::io::Result<(u16, Value)> {
        self.post_with(path, &format!("idempotency-key: {key}\r\n"), body)
    }

    fn post_with(
        &mut self,
        path: &str,
        header: &str,
        body: &Value,
    ) -> std::io::Result<(u16, Value)> {
        let (body, token) = (body.to_string(), &self.token);
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: okaeri\r\nauthorization: Bearer {token}\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> std::io::Result<(u16, Value)> {
        let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let (mut status, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.strip_suffix("\r\n").ok_or_else(cut)?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest.split(' ').next().and_then(|code| code.parse().ok());
            }
            if let Some(rest) = line.strip_prefix("content-length: ") {
                length = rest.parse().map_err(|_| cut())?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status.ok_or_else(cut)?, serde_json::from_slice(&body)?))
    }
}
