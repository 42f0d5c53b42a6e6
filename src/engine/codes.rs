//! Closed sets of stable codes: one declaration gives the enum, its text form, its parser, its
//! serde form and its schema, so that code, tables, API and documents cannot disagree.

use std::fmt;

/// A text that names no member of a closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{value}' is not one of: {}", known.join(", "))]
pub struct UnknownCode {
    /// What was given.
    pub value: String,
    /// What would have been understood.
    pub known: Vec<&'static str>,
}

/// An enum whose members have stable text codes.
pub trait Code: Copy + fmt::Display + 'static {
    /// Every member, in order of declaration.
    const ALL: &'static [Self];
    /// The stable text form, the same in tables, API and documents.
    fn as_str(self) -> &'static str;
    /// The member with this code.
    ///
    /// # Errors
    /// [`UnknownCode`] with the known codes.
    fn from_code(value: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|member| member.as_str() == value).ok_or_else(|| {
            UnknownCode {
                value: value.to_owned(),
                known: Self::ALL.iter().map(|member| member.as_str()).collect(),
            }
        })
    }
}

/// Declares an enum that implements [`Code`]: `codes! { /// Doc. pub enum Colour { /// Doc. Red =
/// "red" } }`.
#[macro_export]
macro_rules! codes {
    ($(#[doc = $doc:literal])* $vis:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident = $code:literal),+ $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $($(#[$variant_meta])* #[serde(rename = $code)] $variant),+
        }

        impl $crate::codes::Code for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        // The derive does not see codes that come through a macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($code),+]))
                    .description(Some(concat!($($doc),*).trim()))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::codes::Code::as_str(*self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::codes::UnknownCode;
            fn from_str(value: &str) -> Result<Self, Self::Err> {
                $crate::codes::Code::from_code(value)
            }
        }
    };
}
