//! Records: the organization, its group companies and users, and its former employees.
//!
//! Uses [`platform`](crate::platform) alone.

pub mod employment_periods;
pub mod entities;
pub mod organizations;
pub mod people;
pub mod registrations;
pub mod users;
