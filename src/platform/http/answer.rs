//! Responses with an ETag, a location or a next page.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::ToSchema;

use super::cursor::Seal;
use crate::platform::error::Error;

/// A resource with a row version, which becomes its ETag.
pub trait Versioned {
    /// Returns the row version.
    fn version(&self) -> i32;
}

/// Returns its strong ETag.
pub(super) fn etag_of(of: &impl Versioned) -> String {
    format!("\"{}\"", of.version())
}

/// Response 200 with an ETag.
pub struct Tagged<T>(pub T);

impl<T: Serialize + Versioned> Responder for Tagged<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, etag_of(&self.0))).json(self.0)
    }
}

/// Response 201 to a POST, with a location and an ETag.
pub struct Created<T> {
    /// The created resource.
    pub thing: T,
    /// Its path from the root.
    pub location: String,
}

/// Response 201 or 200 to a PUT.
pub enum Placed<T> {
    /// The resource was created.
    Created(Created<T>),
    /// The resource was replaced.
    Replaced(Tagged<T>),
}

/// Response 200 without an ETag, for a POST whose result has no row version.
pub struct Done<T>(pub T);

/// Response 204.
pub struct NoContent;

impl Responder for NoContent {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

/// Maximum size of a page in bytes. A page ends before the item that would exceed it, but has at
/// least one item.
const MOST_OF_PAGE: usize = 1024 * 1024;

/// One page of a list.
#[derive(Debug, ToSchema)]
pub struct Page<T> {
    /// The items on this page.
    pub items: Vec<T>,
    /// Pass this as `cursor` to get the next page; absent on the last page.
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
    /// The positions at which the page can end.
    #[schema(ignore)]
    ends: Option<Ends>,
}

/// The positions at which a page can end before its last item.
#[derive(Debug)]
struct Ends {
    /// The key of each item.
    keys: Vec<String>,
    seal: Seal,
}

impl<T> Page<T> {
    /// Creates the only page of a short list.
    #[must_use]
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None, ends: None }
    }

    /// Creates a page from up to `limit + 1` rows; the key of the last row shown becomes the
    /// cursor.
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
        let keys: Vec<String> = rows.iter().map(key).collect();
        let next_cursor = keys.last().filter(|_| more).map(|last| seal.encode(last));
        let ends = Some(Ends { keys, seal: seal.clone() });
        Self { items: rows.into_iter().map(show).collect(), next_cursor, ends }
    }

    /// Returns the page with every item converted.
    pub fn map<U>(self, show: impl Fn(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(show).collect(),
            next_cursor: self.next_cursor,
            ends: self.ends,
        }
    }
}

impl<T: Serialize> Page<T> {
    /// Serializes the items that fit into the page, and returns them with the cursor of the next
    /// page.
    ///
    /// # Errors
    /// Fails when an item cannot be serialized as JSON.
    pub fn written(self) -> serde_json::Result<(Vec<u8>, Option<String>)> {
        let Self { items, mut next_cursor, ends } = self;
        let mut body = Vec::from(b"{\"items\":[");
        for (index, item) in items.iter().enumerate() {
            let end = body.len();
            if index > 0 {
                body.push(b',');
            }
            serde_json::to_writer(&mut body, item)?;
            let Some(ends) = ends.as_ref().filter(|_| index > 0 && body.len() > MOST_OF_PAGE)
            else {
                continue;
            };
            body.truncate(end);
            next_cursor = ends.keys.get(index - 1).map(|last| ends.seal.encode(last));
            break;
        }
        body.push(b']');
        if let Some(next) = &next_cursor {
            body.extend_from_slice(b",\"next_cursor\":");
            serde_json::to_writer(&mut body, next)?;
        }
        body.push(b'}');
        Ok((body, next_cursor))
    }
}

impl<T: Serialize> Responder for Page<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let (body, next_cursor) = match self.written() {
            Ok(written) => written,
            Err(error) => return HttpResponse::from_error(Error::internal(error)),
        };
        let mut answer = HttpResponse::Ok();
        if let Some(next) = next_cursor {
            let kept = request
                .query_string()
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="))
                .map(|pair| format!("{pair}&"))
                .collect::<String>();
            answer.insert_header((
                header::LINK,
                format!("<{}?{kept}cursor={next}>; rel=\"next\"", request.path()),
            ));
        }
        answer.content_type("application/json").body(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(things: &[&str]) -> (Vec<String>, Option<String>) {
        let seal = Seal::new("secret", "things").unwrap();
        let rows = things.iter().map(|thing| (*thing).to_owned()).collect();
        let limit = i64::try_from(things.len()).unwrap();
        let page = Page::build(
            rows,
            limit,
            &seal,
            |row: &String| row.chars().take(1).collect(),
            |row| row,
        );
        let (body, next) = page.written().unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let told = answer.get("next_cursor").map(|next| next.as_str().unwrap().to_owned());
        assert_eq!(told, next);
        let items = answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item.as_str().unwrap().to_owned());
        (items.collect(), next.map(|next| seal.decode(&next).unwrap()))
    }

    #[test]
    fn a_page_ends_before_what_is_too_much_for_it() {
        let (half, third) = ("a".repeat(MOST_OF_PAGE / 2), "b".repeat(MOST_OF_PAGE / 3));
        let (items, next) = page(&[&half, &third, &half]);
        assert_eq!((items.len(), next.as_deref()), (2, Some("b")));
    }

    #[test]
    fn a_page_has_one_thing_however_large() {
        let (items, next) = page(&[&"a".repeat(2 * MOST_OF_PAGE), "b"]);
        assert_eq!((items.len(), next.as_deref()), (1, Some("a")));
    }

    #[test]
    fn what_has_room_is_all_there() {
        assert_eq!(page(&["a", "b"]), (vec!["a".to_owned(), "b".to_owned()], None));
        assert_eq!(page(&[]), (Vec::new(), None));
    }
}
