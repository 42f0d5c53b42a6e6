//! Records: the organization, its companies and users, and the people who left it.
//!
//! Uses [`platform`](crate::platform) alone.

pub mod employment_periods;
pub mod entities;
pub mod organizations;
pub mod people;
pub mod registrations;
pub mod users;
