//! Who is asking, and may they.
//!
//! A handler takes [`crate::platform::http::Allowed`] with an action as its type parameter; without it there
//! is no way to the database, and with it the tenant is fixed.

pub mod authenticate;
pub mod jwks;
pub mod policy;
pub mod principal;
pub mod secret;
pub mod token;

pub use authenticate::Authenticator;
pub use policy::{Action, Permission, Role, may};
pub use principal::{Principal, Reach};
