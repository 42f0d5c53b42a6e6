//! A healthy endpoint beside a hundred that hang: how soon it hears of 500 events a second.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use okaeri::app::config::assemble;
use okaeri::integration::webhooks::{service, worker};
use okaeri::platform::auth::Principal;
use okaeri::platform::auth::token::Tokens;
use okaeri::platform::db::{Database, DatabaseUrl, PoolSizes, migrate};
use okaeri::platform::egress::Targets;
use okaeri::platform::ids::{Identifier, OrganizationId};
use okaeri::platform::outbox::EventType;
use okaeri::platform::quotas::Quotas;
use okaeri::platform::usecase::Okaeri;
use tokio_util::sync::CancellationToken;

use crate::data::SECRET;

const HANGING: usize = 100;
const A_SECOND: usize = 500;
/// How many events are written by one change.
const AT_ONCE: usize = 10;

/// When the healthy endpoint heard of what.
type Heard = Arc<Mutex<BTreeMap<usize, Instant>>>;

/// Writes events for so long and prints how late the healthy endpoint heard of them.
pub fn run(engine: &str, url: &DatabaseUrl, time: Duration) {
    migrate::run(url).unwrap();
    let tokens = Tokens::new("okaeri", Some(SECRET), None).unwrap();
    let mut okaeri = assemble(Database::open(url, PoolSizes::usual(url)).unwrap(), tokens);
    okaeri.webhook_targets = Targets::Private;
    okaeri.quotas = Arc::new(Quotas { max_webhook_endpoints: 1_000, ..Quotas::default() });
    let (okaeri, organization) = (Arc::new(okaeri), OrganizationId::fresh());
    let heard = Heard::default();
    let mut urls = vec![healthy(&heard)];
    urls.extend((0..HANGING).map(|_| hanging()));
    let who = Principal::system(organization, Tz::Asia__Tokyo);
    okaeri
        .write_now(who, move |tx| {
            crate::data::found(tx, organization)?;
            for url in &urls {
                let new = service::New {
                    url: url.clone(),
                    event_types: vec!["person.*".to_owned()],
                    description: None,
                };
                service::create(tx, &new, Targets::Private)?;
            }
            Ok(())
        })
        .unwrap();
    let stop = CancellationToken::new();
    let serving = {
        let (okaeri, stop) = (Arc::clone(&okaeri), stop.clone());
        std::thread::spawn(move || actix_web::rt::System::new().block_on(worker::run(okaeri, stop)))
    };
    let written = write(&okaeri, organization, time);
    let deadline = Instant::now() + Duration::from_secs(30);
    while heard.lock().unwrap().len() < written.len() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    stop.cancel();
    serving.join().unwrap();
    tell(engine, &written, &heard.lock().unwrap(), time);
}

/// Writes events evenly; when each was committed.
fn write(okaeri: &Arc<Okaeri>, organization: OrganizationId, time: Duration) -> Vec<Instant> {
    let runtime = actix_web::rt::System::new();
    let (began, mut written) = (Instant::now(), Vec::new());
    runtime.block_on(async {
        let who = Arc::new(Principal::system(organization, Tz::Asia__Tokyo));
        let mut pace = tokio::time::interval(
            Duration::from_secs(1) / u32::try_from(A_SECOND / AT_ONCE).unwrap(),
        );
        while began.elapsed() < time {
            pace.tick().await;
            let first = written.len();
            let work = move |tx: &mut okaeri::platform::usecase::Tx<'_>| {
                (first..first + AT_ONCE)
                    .try_for_each(|index| tx.record(EventType::PersonUpdated, index, &()))
            };
            okaeri.write(Arc::clone(&who), work).await.unwrap();
            written.extend([Instant::now(); AT_ONCE]);
        }
    });
    written
}

fn tell(engine: &str, written: &[Instant], heard: &BTreeMap<usize, Instant>, time: Duration) {
    let mut late: Vec<Duration> =
        heard.iter().map(|(index, at)| at.saturating_duration_since(written[*index])).collect();
    late.sort();
    let at = |share: f64| {
        late.get((late.len() as f64 * share) as usize).or(late.last()).copied().unwrap_or_default()
    };
    let (rate, missing) = (written.len() as f64 / time.as_secs_f64(), written.len() - heard.len());
    println!(
        "| {engine} | webhooks: {rate:.0} events/s to one endpoint, {HANGING} others hang; not heard: {missing} | p50 {} ms | p99 {} ms | | p99 ≤ 1,000 ms |",
        at(0.5).as_millis(),
        at(0.99).as_millis()
    );
}

fn listening(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let serve = serve.clone();
            std::thread::spawn(move || serve(stream.unwrap()));
        }
    });
    url
}

/// An endpoint that takes everything over connections that stay open.
fn healthy(heard: &Heard) -> String {
    let heard = Arc::clone(heard);
    listening(move |stream| {
        let mut stream = BufReader::new(stream);
        while let Some(body) = request(&mut stream) {
            let payload: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let index = payload["data"]["subject_id"].as_str().unwrap().parse().unwrap();
            heard.lock().unwrap().entry(index).or_insert_with(Instant::now);
            stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        }
    })
}

/// An endpoint that never answers.
fn hanging() -> String {
    listening(|mut stream| drop(stream.read_to_end(&mut Vec::new())))
}

fn request(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(given) = line.strip_prefix("content-length: ") {
            length = given.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}
