//! The spine of the API: routes, the document, problems, extractors and answers.

pub mod answer;
mod asked;
pub mod body;
mod conditional;
mod connection;
pub mod contract;
pub mod cursor;
pub mod deprecation;
pub mod discovery;
mod expand;
pub mod guard;
mod guide;
pub mod health;
pub mod idempotency;
mod json;
pub mod limits;
pub mod list;
pub mod openapi;
pub mod payload;
pub mod permissions;
pub mod problem;
mod public_document;
pub mod query;
pub mod routes;
mod schema;
pub mod schema_check;
mod security_headers;
pub mod server;
pub mod shutdown;

pub use answer::{Created, Done, NoContent, Page, Placed, Tagged, Versioned};
pub use body::{Body, DocumentBody};
pub use guard::{Allowed, IfMatch, IfMatchGiven};
pub use idempotency::Answered;
pub use list::{ListQuery, PageQuery};
pub use query::{OneOf, Query};
