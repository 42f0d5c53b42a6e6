//! HTTP: server, middleware, extractors, responses and problems.

pub mod answer;
pub(crate) mod asked;
pub mod body;
mod conditional;
mod connection;
pub mod contract;
pub mod cursor;
pub(crate) mod expand;
pub mod guard;
pub(crate) mod guide;
pub mod health;
pub mod idempotency;
mod json;
pub mod limits;
pub mod list;
pub mod operation;
pub mod payload;
pub mod problem;
pub(crate) mod public_document;
pub mod query;
mod schema;
pub mod schema_check;
mod security_headers;
pub mod server;
pub mod shutdown;

pub use answer::{Created, Done, NoContent, Page, Placed, Tagged, Versioned};
pub use body::{Body, DocumentBody};
pub use expand::Expandable;
pub use guard::{Allowed, IfMatch, IfMatchGiven};
pub use idempotency::Answered;
pub use list::{ListQuery, PageQuery};
pub use operation::{operation, public_operation};
pub use query::{OneOf, Query};
