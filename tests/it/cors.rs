//! Pages of other origins.

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, Error};
use okaeri::platform::http::server::{cors, outer};

use crate::on_both_engines;
use crate::support::*;

/// The header of an answer to a page of this origin.
async fn told<B: MessageBody>(
    app: &impl Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    method: Method,
    origin: &str,
    header: &str,
) -> Option<String> {
    let asked = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "if-match,idempotency-key"),
    ];
    let request =
        asked.iter().fold(TestRequest::with_uri("/v1/people").method(method), |request, pair| {
            request.insert_header(*pair)
        });
    let answer = call_service(app, request.to_request()).await;
    answer.headers().get(header).map(|value| value.to_str().unwrap().to_owned())
}

on_both_engines!(a_named_origin_may_call_and_another_reads_nothing,);

async fn a_named_origin_may_call_and_another_reads_nothing(app: TestApp) {
    let configured = okaeri::app::configure(app.okaeri.clone(), None);
    let origins = ["https://hr.example.jp".to_owned()];
    let served =
        init_service(App::new().configure(configured).wrap(from_fn(outer)).wrap(cors(&origins)))
            .await;
    let allowed = "access-control-allow-origin";

    let ours = told(&served, Method::OPTIONS, "https://hr.example.jp", allowed).await;
    let read = told(&served, Method::GET, "https://hr.example.jp", allowed).await;
    let theirs = told(&served, Method::GET, "https://elsewhere.example", allowed).await;
    let headers =
        told(&served, Method::OPTIONS, "https://hr.example.jp", "access-control-allow-headers")
            .await
            .unwrap();

    assert_eq!(
        (ours.as_deref(), read.as_deref(), theirs),
        (Some("https://hr.example.jp"), Some("https://hr.example.jp"), None)
    );
    assert!(headers.contains("if-match") && headers.contains("idempotency-key"), "{headers}");
}
