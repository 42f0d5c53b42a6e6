//! The real program under clients that send too slowly, too much or too many different things.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

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

    for headers in ["idempotency-key: a\r\n", "", "authorization: Bearer guess\r\nidempotency-key: a\r\n"] {
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
    let mut other = sent(&server, "GET /healthz HTTP/1.1\r\nhost: okaeri\r\nconnection: close\r\n\r\n");
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
            &format!("INVENTED{index} /v1/nothing-{index} HTTP/1.1\r\nhost: okaeri\r\nconnection: close\r\n\r\n"),
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
