//! Settings of an organization, pure.

use chrono_tz::Tz;
use okaeri_engine::messages::organizations;

use crate::platform::error::{Error, Result};

/// Parses the IANA name of a time zone.
///
/// # Errors
/// `invalid` at `/time_zone`.
pub fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| {
        Error::invalid_field(
            "/time_zone",
            "unknown_time_zone",
            organizations::NotATimeZone { name: &name },
        )
    })
}
