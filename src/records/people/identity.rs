//! Identity of a person by name and date of birth, for numbers and identifiers that may have been
//! given to somebody else, pure.

use std::fmt;

use chrono::NaiveDate;
use okaeri_engine::messages::{Language, Said};

use super::model::{FormerName, Name, search_form};

/// The data that distinguishes a person from others.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    name: Name,
    birth_date: Option<NaiveDate>,
    former_names: Vec<FormerName>,
}

impl Identity {
    /// Creates an identity from a name, a date of birth and former names.
    #[must_use]
    pub const fn new(
        name: Name,
        birth_date: Option<NaiveDate>,
        former_names: Vec<FormerName>,
    ) -> Self {
        Self { name, birth_date, former_names }
    }

    /// Returns whether both dates of birth are known and differ.
    fn is_born_otherwise(&self, known: &Self) -> bool {
        self.birth_date.zip(known.birth_date).is_some_and(|(said, known)| said != known)
    }

    /// Returns whether the name is the current or a former name of the person on record.
    fn is_written_as(&self, known: &Self) -> bool {
        let mut former = known.former_names.iter();
        self.name.is_written_as(&known.name.family, &known.name.given)
            || former.any(|former| self.name.is_written_as(&former.family, &former.given))
    }

    /// Returns whether a row with the number of the person on record is about somebody else: the
    /// date of birth differs, or no date of birth decides and the given name differs. The family
    /// name is not compared, since marriage changes it.
    #[must_use]
    pub fn is_another_than(&self, known: &Self) -> bool {
        let is_born_alike = self.birth_date.is_some() && self.birth_date == known.birth_date;
        if is_born_alike {
            return false;
        }
        self.is_born_otherwise(known)
            || !(self.is_written_as(known) || self.has_given_name_of(known))
    }

    fn has_given_name_of(&self, known: &Self) -> bool {
        let is_same = |one: &str, other: &str| search_form(one) == search_form(other);
        let readings = self.name.given_kana.as_deref().zip(known.name.given_kana.as_deref());
        is_same(&self.name.given, &known.name.given)
            || readings.is_some_and(|(one, other)| !one.is_empty() && is_same(one, other))
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name.family, self.name.given)?;
        match self.birth_date {
            Some(birth) => write!(f, " ({birth})"),
            None => Ok(()),
        }
    }
}

impl Said for Identity {
    fn say(&self, _: Language, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(family: &str, given: &str, birth: Option<&str>) -> Identity {
        let name =
            serde_json::from_value(serde_json::json!({"family": family, "given": given})).unwrap();
        Identity::new(name, birth.map(|birth| birth.parse().unwrap()), Vec::new())
    }

    #[test]
    fn a_date_of_birth_decides_where_both_are_known() {
        let known = identity("青木", "誠", Some("1970-05-05"));
        assert!(identity("青木", "誠", Some("1990-09-09")).is_another_than(&known));
        assert!(!identity("和田", "美咲", Some("1970-05-05")).is_another_than(&known));
    }

    #[test]
    fn without_it_the_given_name_decides() {
        let known = identity("青木", "誠", None);
        assert!(!identity("和田", " 誠", Some("1990-09-09")).is_another_than(&known), "a marriage");
        assert!(identity("青木", "美咲", None).is_another_than(&known));
    }
}
