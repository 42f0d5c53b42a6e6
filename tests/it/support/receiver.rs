//! Another system that is told of events: a socket that keeps what it is sent and answers as it is
//! told to.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("no {name}: {self:?}"))
    }

    /// What the payload says.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The type of its event.
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

#[derive(Default)]
struct Kept {
    received: Vec<Received>,
    answers: VecDeque<&'static str>,
    is_held: bool,
}

/// The other system. It takes everything unless it is told to answer otherwise.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    kept: Arc<Mutex<Kept>>,
    came: Arc<Condvar>,
}

impl Receiver {
    pub fn start() -> Self {
        Self::serving(serve)
    }

    /// One that reads requests and never answers.
    pub fn hanging() -> Self {
        Self::serving(|stream, keep| {
            let mut reader = BufReader::new(stream);
            if let Some(received) = read(&mut reader) {
                keep(received);
                reader.read_to_end(&mut Vec::new()).ok();
            }
        })
    }

    fn serving(serve: fn(TcpStream, &dyn Fn(Received) -> &'static str)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let kept = Arc::new(Mutex::new(Kept::default()));
        let made = Self { url, kept, came: Arc::default() };
        let keeper = made.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let keeper = keeper.clone();
                std::thread::spawn(move || {
                    serve(stream.unwrap(), &|received| keeper.keep(received))
                });
            }
        });
        made
    }

    /// Keeps a request; what is answered to it.
    fn keep(&self, received: Received) -> &'static str {
        let mut kept = self.lock();
        kept.received.push(received);
        self.came.notify_all();
        let mut kept = self.came.wait_while(kept, |kept| kept.is_held).unwrap();
        kept.answers.pop_front().unwrap_or("204 No Content")
    }

    /// Waits until so many requests have come that nobody took.
    pub async fn wait_for(&self, count: usize) {
        let waiting = self.clone();
        let wait = move || {
            drop(
                waiting
                    .came
                    .wait_while(waiting.lock(), |kept| kept.received.len() < count)
                    .unwrap(),
            )
        };
        actix_web::web::block(wait).await.unwrap();
    }

    /// Whether whoever asks waits for the answer.
    pub fn hold(&self, is_held: bool) {
        self.lock().is_held = is_held;
        self.came.notify_all();
    }

    /// What it answers next, in order: status and headers, or nothing, where it hangs up.
    pub fn answers(&self, answers: &[&'static str]) {
        self.lock().answers.extend(answers);
    }

    /// What it was sent since it was last asked.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.lock().received)
    }

    /// The types of the events it was sent since it was last asked.
    pub fn kinds(&self) -> Vec<String> {
        self.take().iter().map(Received::kind).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn serve(stream: TcpStream, keep: &dyn Fn(Received) -> &'static str) {
    let mut reader = BufReader::new(stream);
    let Some(received) = read(&mut reader) else { return };
    let answer = keep(received);
    if !answer.is_empty() {
        let head =
            format!("HTTP/1.1 {answer}\r\nconnection: close\r\n\r\nan answer that nobody needs");
        reader.get_mut().write_all(head.as_bytes()).ok();
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        line: line.trim_end().to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    })
}
