//! Names and contacts, pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use validator::Validate;

crate::codes! {
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
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonContactInput, example = json!({"kind": "email", "value": "hanako@example.jp"}))]
pub struct PersonContact {
    /// What kind.
    pub kind: ContactKind,
    /// The address or number.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub value: String,
}

/// A name in kanji (or as written), kana and romaji.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "family": "佐藤", "given": "花子", "family_kana": "サトウ", "given_kana": "ハナコ",
    "family_romaji": "Sato", "given_romaji": "Hanako"
}))]
pub struct Name {
    /// Family name as written.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub family: String,
    /// Given name as written.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub given: String,
    /// Family name in kana.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub family_kana: Option<String>,
    /// Given name in kana.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub given_kana: Option<String>,
    /// Family name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub family_romaji: Option<String>,
    /// Given name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub given_romaji: Option<String>,
}

/// A name somebody had before, such as before marriage (旧姓).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"family": "田中", "given": "花子", "until": "2019-05-01"}))]
pub struct FormerName {
    /// Family name as written.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub family: String,
    /// Given name as written.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub given: String,
    /// The last day of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// Text as it is searched: full and half width, case and spaces do not matter, hiragana is katakana.
#[must_use]
pub fn search_form(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|character| !character.is_whitespace() && *character != '・')
        .map(|character| match character {
            'ぁ'..='ゖ' => char::from_u32(u32::from(character) + 0x60).unwrap_or(character),
            other => other,
        })
        .collect()
}

/// Everything a person can be found by, in one text.
#[must_use]
pub fn search_key(name: &Name, former: &[FormerName]) -> String {
    let optional = |family: &Option<String>, given: &Option<String>| {
        format!("{}{}", family.as_deref().unwrap_or_default(), given.as_deref().unwrap_or_default())
    };
    let mut parts = vec![
        format!("{}{}", name.family, name.given),
        optional(&name.family_kana, &name.given_kana),
        optional(&name.family_romaji, &name.given_romaji),
        optional(&name.given_romaji, &name.family_romaji),
    ];
    parts.extend(former.iter().map(|former| format!("{}{}", former.family, former.given)));
    parts.iter().map(|part| search_form(part)).collect::<Vec<_>>().join("|")
}

/// A contact as it is compared: an address of another case is the same address.
#[must_use]
pub fn contact_key(kind: ContactKind, value: &str) -> String {
    match kind {
        ContactKind::Email | ContactKind::Link => value.trim().to_lowercase(),
        ContactKind::Phone => {
            value.nfkc().filter(|character| character.is_ascii_digit() || *character == '+').collect()
        }
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
