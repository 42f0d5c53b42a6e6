//! Authentication and authorization of callers.
//!
//! A handler takes [`crate::platform::http::Allowed`] with an action as its type parameter. It is
//! the only access to the database, and it fixes the tenant.

pub mod authenticate;
pub mod jwks;
pub mod policy;
pub mod principal;
pub mod secret;
pub mod token;

pub use authenticate::Authenticator;
pub use policy::{Action, Permission, Role, may};
pub use principal::{Principal, Reach};
