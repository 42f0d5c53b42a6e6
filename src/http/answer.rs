//! Answers: with an ETag, with a location, with a next page.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

use super::cursor::Seal;

/// Something with a row version, which becomes its ETag.
pub trait Versioned {
    /// The row version.
    fn version(&self) -> i32;
}

/// Its strong ETag.
pub(super) fn etag_of(of: &impl Versioned) -> String {
    format!("\"{}\"", of.version())
}

/// 200 with an ETag.
pub struct Tagged<T>(pub T);

impl<T: Serialize + Versioned> Responder for Tagged<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, etag_of(&self.0))).json(self.0)
    }
}

/// 201 with a location and an ETag, of what a POST made.
pub struct Created<T> {
    /// What was made.
    pub thing: T,
    /// Where it is now, from the root.
    pub location: String,
}

/// 201 or 200 of what a PUT made or replaced.
pub enum Placed<T> {
    /// It was not there.
    Created(Created<T>),
    /// It was there.
    Replaced(Tagged<T>),
}

/// 200 without an ETag, of what a POST did: it is no thing with a version.
pub struct Done<T>(pub T);

/// 204.
pub struct NoContent;

impl Responder for NoContent {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The things on this page.
    pub items: Vec<T>,
    /// Send this as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page out of one row more than was asked for; the key of the last row shown becomes the cursor.
    pub fn build<R>(
        mut rows: Vec<R>,
        limit: i64,
        seal: &Seal,
        key: impl Fn(&R) -> String,
        show: impl Fn(R) -> T,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|last| seal.encode(&key(last)));
        Self { items: rows.into_iter().map(show).collect(), next_cursor }
    }

    /// The same page with every thing shown another way.
    pub fn map<U>(self, show: impl Fn(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(show).collect(), next_cursor: self.next_cursor }
    }
}

impl<T: Serialize> Responder for Page<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        if let Some(next) = &self.next_cursor {
            let kept = request
                .query_string()
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="))
                .map(|pair| format!("{pair}&"))
                .collect::<String>();
            answer.insert_header((header::LINK, format!("<{}?{kept}cursor={next}>; rel=\"next\"", request.path())));
        }
        answer.json(self)
    }
}
