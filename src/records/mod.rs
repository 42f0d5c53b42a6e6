//! Records: the organization, its group companies and users, and its former employees.
//!
//! Uses only [`platform`](crate::platform).

pub mod employment_periods;
pub mod entities;
pub mod organizations;
pub mod people;
pub mod registrations;
pub mod users;
