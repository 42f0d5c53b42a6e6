//! What codes of organizations are called in sentences: those of the library have a name, any other
//! is quoted.

use crate::measures::Figure;
use crate::messages::{Said as _, common, labels};
use crate::words::Words;

macro_rules! named {
    ($($(#[doc = $doc:literal])+ $function:ident, $list:ident = $names:ident: $($code:literal = $name:ident;)+)+) => {$(
        static $list: &[(&str, Words)] = &[$(($code, labels::$names::$name)),+];

        $(#[doc = $doc])+
        #[must_use]
        pub fn $function(code: &str) -> Option<&'static Words> {
            $list.iter().find(|(known, _)| *known == code).map(|(_, name)| name)
        }
    )+};
}

named! {
    /// Returns what somebody with a say is called, by the code of the role.
    authority, AUTHORITIES = authority:
        "company" = COMPANY;
        "appointing_authority" = APPOINTING_AUTHORITY;
        "authority" = AUTHORITY;
        "hr" = HR;
        "hr_director" = HR_DIRECTOR;
    /// Returns what a job family is called.
    job_family, JOB_FAMILIES = job_family:
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
    entity, ENTITIES = entity:
        "education_board" = EDUCATION_BOARD;
        "governor" = GOVERNOR;
    /// Returns what a benefit or a balance is called.
    benefit, BENEFITS = benefit:
        "annual_leave" = ANNUAL_LEAVE;
        "retirement_allowance" = RETIREMENT_ALLOWANCE;
        "sick" = SICK;
        "vacation" = VACATION;
}

/// Returns whether two texts name one job family. Records of HR systems have what a family is
/// called where a regulation has its code, and the other way round.
pub(crate) fn is_same_job_family(one: &str, other: &str) -> bool {
    one == other || job_family_code(one).is_some_and(|code| job_family_code(other) == Some(code))
}

/// Returns the code of a job family of the library, by the code itself or by its name in either
/// language.
fn job_family_code(text: &str) -> Option<&'static str> {
    JOB_FAMILIES
        .iter()
        .find(|(code, name)| *code == text || name.is_said_by(text))
        .map(|(code, _)| *code)
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
pub(crate) fn figure<'c>(code: &'c str, name: fn(&str) -> Option<&'static Words>) -> Figure<'c> {
    name(code).map_or(Figure::Quoted(code), |name| Figure::from(name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_family_is_the_same_by_its_code_and_by_its_name() {
        assert!(is_same_job_family("administration", "事務"));
        assert!(is_same_job_family("Sales", "営業") && is_same_job_family("独自", "独自"));
        assert!(!is_same_job_family("administration", "営業") && !is_same_job_family("独自", "別"));
    }

    #[test]
    fn no_name_of_a_job_family_is_that_of_another() {
        for (code, name) in JOB_FAMILIES {
            assert_eq!(
                (job_family_code(&name.ja), job_family_code(&name.en)),
                (Some(*code), Some(*code))
            );
        }
    }
}
