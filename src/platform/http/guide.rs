//! Serves the guide: pages for people, outside the OpenAPI document.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder, get, web};

use super::public_document::PublicDocument;
use crate::guide::{self, PAGES};
use crate::platform::error::{Error, Result};

const HTML: &str = "text/html; charset=utf-8";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.service(redirect).service(index).service(page);
}

#[get("/docs/guide")]
async fn redirect() -> impl Responder {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/guide/")).finish()
}

#[get("/docs/guide/")]
async fn index(request: HttpRequest) -> impl Responder {
    static INDEX: PublicDocument = PublicDocument::new(HTML);
    INDEX.answer(&request, guide::index)
}

#[get("/docs/guide/{page}")]
async fn page(request: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    static DOCUMENTS: LazyLock<Vec<PublicDocument>> =
        LazyLock::new(|| PAGES.iter().map(|_| PublicDocument::new(HTML)).collect());
    let mut pages = PAGES.iter().zip(DOCUMENTS.iter());
    let (page, document) = pages
        .find(|(page, _)| page.slug == slug.as_str())
        .ok_or_else(|| Error::not_found("page"))?;
    Ok(document.answer(&request, || guide::page(page)))
}
