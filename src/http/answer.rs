//! Answers: with an ETag, with a location, with a next page.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cursor;
use crate::error::Result;
use crate::messages::requests;

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
        filter: &str,
        key: impl Fn(&R) -> String,
        show: impl Fn(R) -> T,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|last| cursor::encode(filter, &key(last)));
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

/// Which page of a list: the parameters of every list without filters of its own.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// How many, 1 to 100.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    pub limit: i64,
    /// `next_cursor` of the page before.
    #[param(nullable = false)]
    pub cursor: Option<String>,
}

/// How many things a page has when nothing is said.
#[must_use]
pub fn default_limit() -> i64 {
    20
}

impl PageQuery {
    /// The limit within its bounds, and the key after which the page begins.
    ///
    /// # Errors
    /// `invalid` or `invalid_cursor`.
    pub fn read<K: std::str::FromStr>(&self, filter: &str) -> Result<(i64, Option<K>)> {
        page(self.limit, self.cursor.as_deref(), filter)
    }
}

/// Checks a page's limit and cursor.
///
/// # Errors
/// `invalid` when the limit is out of bounds, `invalid_cursor` when the cursor is of another list.
pub fn page<K: std::str::FromStr>(limit: i64, cursor: Option<&str>, filter: &str) -> Result<(i64, Option<K>)> {
    if !(1..=100).contains(&limit) {
        return Err(crate::error::Error::invalid_field("?limit", "out_of_range", requests::LIMIT_OUT_OF_RANGE));
    }
    Ok((limit, cursor.map(|cursor| cursor::decode(filter, cursor)).transpose()?))
}
