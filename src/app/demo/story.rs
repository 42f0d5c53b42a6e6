//! The story of one return, as requests to paste into a shell.

use std::net::SocketAddr;

use super::Company;
use crate::platform::error::Result;

/// Template of the script.
const SCRIPT: &str = include_str!("story.sh");

/// Renders the script for this company at this address; `token` issues a token for a subject.
///
/// # Errors
/// Those of `token`.
pub fn script(
    company: &Company,
    address: SocketAddr,
    token: impl Fn(&str) -> Result<String>,
) -> Result<String> {
    let mut script = SCRIPT.to_owned();
    for (role, subject) in &company.subjects {
        script = script.replace(&format!("{{{{{role}}}}}"), &token(subject)?);
    }
    let places = [
        ("{{base}}", format!("http://{address}")),
        ("{{person}}", company.person.to_string()),
        ("{{regulation}}", company.regulation.to_string()),
        ("{{opening}}", company.opening.to_string()),
        ("{{start_date}}", company.start_date.to_string()),
        ("{{expires_on}}", company.expires_on.to_string()),
    ];
    Ok(places.into_iter().fold(script, |script, (place, value)| script.replace(place, &value)))
}
