//! Names and contacts, pure.

use chrono::NaiveDate;
use okaeri_engine::text::{LongText, Text};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

okaeri_engine::codes! {
    /// A way to reach somebody.
    pub enum ContactKind {
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// A postal address.
        Address = "address",
        /// A page about the person.
        Link = "link",
    }
}

/// A contact of a new person.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonContactInput, example = json!({"kind": "email", "value": "hanako@example.jp"}))]
pub struct PersonContact {
    /// The kind of contact.
    pub kind: ContactKind,
    /// The address or number.
    #[schema(inline)]
    pub value: LongText<500>,
}

/// Reading of a name part, or its form in another script; empty if the part has none.
pub type Reading = Text<100, 0>;

/// A name in kanji (or as written), kana and romaji.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "family": "佐藤", "given": "花子", "family_kana": "サトウ", "given_kana": "ハナコ",
    "family_romaji": "Sato", "given_romaji": "Hanako"
}))]
pub struct Name {
    /// Family name as written.
    #[schema(inline)]
    pub family: Text<100>,
    /// Given name as written.
    #[schema(inline)]
    pub given: Text<100>,
    /// Family name in kana.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub family_kana: Option<Reading>,
    /// Given name in kana.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub given_kana: Option<Reading>,
    /// Family name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub family_romaji: Option<Reading>,
    /// Given name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub given_romaji: Option<Reading>,
}

/// A former name, such as the one before marriage (旧姓).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"family": "田中", "given": "花子", "until": "2019-05-01"}))]
pub struct FormerName {
    /// Family name as written.
    #[schema(inline)]
    pub family: Text<100>,
    /// Given name as written.
    #[schema(inline)]
    pub given: Text<100>,
    /// The last day on which the name was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// Separates the parts of a search key; never part of a search text.
const SEPARATOR: char = '|';

/// Returns text in search form: ignores full and half width, case and spaces, and turns hiragana
/// into katakana.
#[must_use]
pub fn search_form(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|character| !character.is_whitespace() && !matches!(*character, '・' | SEPARATOR))
        .map(|character| match character {
            'ぁ'..='ゖ' => char::from_u32(u32::from(character) + 0x60).unwrap_or(character),
            other => other,
        })
        .collect()
}

impl Name {
    /// Returns whether both parts are written the same, ignoring width, case and spaces.
    #[must_use]
    pub fn is_written_as(&self, family: &str, given: &str) -> bool {
        search_form(&self.family) == search_form(family)
            && search_form(&self.given) == search_form(given)
    }

    /// Returns the name with the readings of the previous one where it has none of its own.
    #[must_use]
    pub fn with_readings_of(self, before: Self) -> Self {
        Self {
            family_kana: self.family_kana.or(before.family_kana),
            given_kana: self.given_kana.or(before.given_kana),
            family_romaji: self.family_romaji.or(before.family_romaji),
            given_romaji: self.given_romaji.or(before.given_romaji),
            ..self
        }
    }
}

/// Returns the former names after a change of name: those on record, the replaced name, and those
/// given whose family name is not among them. None is lost.
#[must_use]
pub fn former_names(
    known: &[FormerName],
    said: &[FormerName],
    before: &Name,
    now: &Name,
) -> Vec<FormerName> {
    let mut names = known.to_vec();
    let is_another = !now.is_written_as(&before.family, &before.given);
    if is_another && known.iter().all(|former| !before.is_written_as(&former.family, &former.given))
    {
        names.push(FormerName {
            family: before.family.clone(),
            given: before.given.clone(),
            until: None,
        });
    }
    for former in said {
        if names.iter().all(|other| other.family != former.family) {
            names.push(former.clone());
        }
    }
    names
}

/// Returns all names of a person as one text to search in.
#[must_use]
pub fn search_key(name: &Name, former: &[FormerName]) -> String {
    let optional = |family: &Option<Reading>, given: &Option<Reading>| {
        format!("{}{}", family.as_deref().unwrap_or_default(), given.as_deref().unwrap_or_default())
    };
    let mut parts = vec![
        format!("{}{}", name.family, name.given),
        optional(&name.family_kana, &name.given_kana),
        optional(&name.family_romaji, &name.given_romaji),
        optional(&name.given_romaji, &name.family_romaji),
    ];
    parts.extend(former.iter().map(|former| format!("{}{}", former.family, former.given)));
    parts.iter().map(|part| search_form(part)).collect::<Vec<_>>().join(&SEPARATOR.to_string())
}

/// Returns a contact in the form for comparison: addresses that differ in case are the same.
#[must_use]
pub fn contact_key(kind: ContactKind, value: &str) -> String {
    match kind {
        ContactKind::Email | ContactKind::Link => value.trim().to_lowercase(),
        ContactKind::Phone => value
            .nfkc()
            .filter(|character| character.is_ascii_digit() || *character == '+')
            .collect(),
        ContactKind::Address => search_form(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_cases_and_kana_are_folded() {
        assert_eq!(search_form("ｻﾄｳ　はなこ"), "サトウハナコ");
        assert_eq!(search_form("Ｓａｔｏ Hanako"), "satohanako");
    }

    #[test]
    fn telephone_numbers_are_digits() {
        assert_eq!(contact_key(ContactKind::Phone, "０９０-1234-5678"), "09012345678");
    }
}
