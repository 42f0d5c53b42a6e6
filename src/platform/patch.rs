//! Fields of a merge patch (RFC 7396), which distinguishes absent, null and a value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use validator::ValidateLength;

/// The change of a nullable field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Absent: the field stays.
    #[default]
    Keep,
    /// Null: the field becomes empty.
    Clear,
    /// A value: the field is set.
    Set(T),
}

impl<T> Change<T> {
    /// Converts the value of the change.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(make(value)),
        }
    }

    /// Applies the change to a field.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }
}

/// Needed by `validator`, which copies refused values into its errors.
impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

impl<T: ValidateLength<u64>> ValidateLength<u64> for Change<T> {
    fn length(&self) -> Option<u64> {
        match self {
            Self::Keep | Self::Clear => None,
            Self::Set(value) => value.length(),
        }
    }
}

/// Deserializes a field that may be absent but not null: `#[serde(default, deserialize_with =
/// "patch::present")]`.
///
/// # Errors
/// Fails when the value is null or of another type.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Sets a non-nullable field if the patch has a value for it.
pub fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Patch {
        #[serde(default)]
        kana: Change<String>,
        #[serde(default, deserialize_with = "present")]
        name: Option<String>,
    }

    #[test]
    fn absent_null_and_value_differ() {
        let read = |json: &str| serde_json::from_str::<Patch>(json);
        assert_eq!(read("{}").unwrap().kana, Change::Keep);
        assert_eq!(read(r#"{"kana": null}"#).unwrap().kana, Change::Clear);
        assert_eq!(read(r#"{"kana": "ハナコ"}"#).unwrap().kana, Change::Set("ハナコ".to_owned()));
        assert_eq!(read("{}").unwrap().name, None);
        assert!(read(r#"{"name": null}"#).is_err());
    }
}
