//! The spine of the API: routes, the document, problems, extractors and answers.

pub mod answer;
pub mod body;
mod conditional;
pub mod cursor;
pub mod guard;
pub mod health;
pub mod idempotency;
pub mod openapi;
pub mod permissions;
pub mod problem;
pub mod query;
pub mod routes;
pub mod schema_check;
pub mod server;

pub use answer::{Created, Done, NoContent, Page, PageQuery, Placed, Tagged, Versioned};
pub use body::Body;
pub use guard::{Allowed, IfMatch, IfMatchGiven};
pub use idempotency::Answered;
pub use query::Query;
