//! What codes of organizations are called in sentences: those of the library have a name, any other is quoted.

use crate::domain::condition::Figure;
use crate::domain::words::Words;
use crate::messages::{Said as _, common, labels};

macro_rules! named {
    ($($(#[doc = $doc:literal])+ $function:ident = $names:ident: $($code:literal = $name:ident;)+)+) => {$(
        $(#[doc = $doc])+
        #[must_use]
        pub fn $function(code: &str) -> Option<&'static Words> {
            static NAMES: &[(&str, Words)] = &[$(($code, labels::$names::$name)),+];
            NAMES.iter().find(|(known, _)| *known == code).map(|(_, name)| name)
        }
    )+};
}

named! {
    /// Returns what somebody with a say is called, by the code of the role.
    authority = authority:
        "company" = COMPANY;
        "appointing_authority" = APPOINTING_AUTHORITY;
        "authority" = AUTHORITY;
        "hr" = HR;
        "hr_director" = HR_DIRECTOR;
    /// Returns what a job family is called.
    job_family = job_family:
        "administration" = ADMINISTRATION;
        "architecture" = ARCHITECTURE;
        "civil_engineering" = CIVIL_ENGINEERING;
        "dentist" = DENTIST;
        "electrical" = ELECTRICAL;
        "engineering" = ENGINEERING;
        "mechanical" = MECHANICAL;
        "nursing" = NURSING;
        "physician" = PHYSICIAN;
        "production" = PRODUCTION;
        "sales" = SALES;
        "welfare" = WELFARE;
    /// Returns what an entity, or an appointing authority, is called.
    entity = entity:
        "education_board" = EDUCATION_BOARD;
        "governor" = GOVERNOR;
    /// Returns what a benefit or a balance is called.
    benefit = benefit:
        "annual_leave" = ANNUAL_LEAVE;
        "retirement_allowance" = RETIREMENT_ALLOWANCE;
        "sick" = SICK;
        "vacation" = VACATION;
}

/// Returns the name of a code, or the code in quotation marks.
pub fn called(code: &str, name: fn(&str) -> Option<&'static Words>) -> Words {
    name(code).cloned().unwrap_or_else(|| common::Quoted { text: &code }.words())
}

/// Returns the names of several codes, as a list.
pub fn listed_by(codes: &[impl AsRef<str>], name: fn(&str) -> Option<&'static Words>) -> Words {
    let names: Vec<Words> = codes.iter().map(|code| called(code.as_ref(), name)).collect();
    crate::messages::listed(&names).words()
}

/// Returns the figure of a code on record.
pub(in crate::domain) fn figure<'c>(code: &'c str, name: fn(&str) -> Option<&'static Words>) -> Figure<'c> {
    name(code).map_or(Figure::Quoted(code), |name| Figure::from(name.clone()))
}
