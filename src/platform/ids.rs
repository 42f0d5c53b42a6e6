//! Identifiers: one Rust type per entity, a UUIDv7 in the form `per_0198…`.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Error: the text is not an identifier of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{value}' is not an identifier of this kind: it looks like {prefix}_ and 32 hexadecimal digits"
)]
pub struct BadId {
    /// The given text.
    pub value: String,
    /// The expected prefix.
    pub prefix: &'static str,
}

/// Interface of all identifiers.
pub trait Identifier: Copy + fmt::Display + FromStr<Err = BadId> {
    /// The prefix of the text form, without the underscore.
    const PREFIX: &'static str;
    /// Creates the identifier of a known UUID.
    fn from_uuid(uuid: Uuid) -> Self;
    /// Returns the UUID.
    fn uuid(self) -> Uuid;
    /// Creates an identifier that sorts after all earlier ones of this machine.
    fn fresh() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }
}

fn parse(value: &str, prefix: &'static str) -> Result<Uuid, BadId> {
    value
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|hex| hex.len() == 32 && !hex.bytes().any(|byte| byte.is_ascii_uppercase()))
        .and_then(|hex| Uuid::try_parse(hex).ok())
        .ok_or_else(|| BadId { value: value.chars().take(80).collect(), prefix })
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal, $example:literal;)+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
            #[schema(value_type = String, pattern = $example, example = $prefix)]
            pub struct $name(Uuid);

            impl Identifier for $name {
                const PREFIX: &'static str = $prefix;
                fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
                fn uuid(self) -> Uuid { self.0 }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(concat!($prefix, "_"))?;
                    f.write_str(self.0.simple().encode_lower(&mut Uuid::encode_buffer()))
                }
            }

            impl FromStr for $name {
                type Err = BadId;
                fn from_str(value: &str) -> Result<Self, BadId> { parse(value, $prefix).map(Self) }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                }
            }
        )+

        /// Calls a macro once with all identifier types.
        macro_rules! for_each_id {
            ($call:ident) => { $call!($($name),+); };
        }
        pub(crate) use for_each_id;
    };
}

ids! {
    /// The tenant: one company with its own regulations and people.
    OrganizationId = "org", "^org_[0-9a-f]{32}$";
    /// A group company inside an organization.
    EntityId = "ent", "^ent_[0-9a-f]{32}$";
    /// A user who can sign in.
    UserId = "usr", "^usr_[0-9a-f]{32}$";
    /// An API key of another system.
    ApiKeyId = "key", "^key_[0-9a-f]{32}$";
    /// One human, forever.
    PersonId = "per", "^per_[0-9a-f]{32}$";
    /// A way to reach a person.
    ContactId = "con", "^con_[0-9a-f]{32}$";
    /// An employment period (在籍期間).
    EmploymentPeriodId = "emp", "^emp_[0-9a-f]{32}$";
    /// A registration of the wish to return (再雇用希望登録).
    RegistrationId = "rgn", "^rgn_[0-9a-f]{32}$";
    /// A rehire regulation (再雇用規程).
    RegulationId = "reg", "^reg_[0-9a-f]{32}$";
    /// A version of a regulation.
    RegulationVersionId = "ver", "^ver_[0-9a-f]{32}$";
    /// An article (条) of a version.
    ArticleId = "art", "^art_[0-9a-f]{32}$";
    /// A clause of an article.
    ClauseId = "cla", "^cla_[0-9a-f]{32}$";
    /// A case (test case) of a version.
    RegulationCaseId = "cas", "^cas_[0-9a-f]{32}$";
    /// A job.
    JobId = "job", "^job_[0-9a-f]{32}$";
    /// An opening: seats to fill in a job.
    OpeningId = "opn", "^opn_[0-9a-f]{32}$";
    /// A re-application (再応募).
    ApplicationId = "app", "^app_[0-9a-f]{32}$";
    /// An application document.
    DocumentId = "doc", "^doc_[0-9a-f]{32}$";
    /// A move of an application from stage to stage.
    MoveId = "mov", "^mov_[0-9a-f]{32}$";
    /// A stored decision.
    DecisionId = "dec", "^dec_[0-9a-f]{32}$";
    /// An impact run: compares the decisions of two versions.
    ImpactRunId = "imp", "^imp_[0-9a-f]{32}$";
    /// An offer.
    OfferId = "off", "^off_[0-9a-f]{32}$";
    /// An instruction to the HR system to carry out a return (再雇用指示).
    RehireInstructionId = "rin", "^rin_[0-9a-f]{32}$";
    /// An approval of an offer.
    ApprovalId = "apv", "^apv_[0-9a-f]{32}$";
    /// An event: one change in the ordered feed.
    EventId = "evt", "^evt_[0-9a-f]{32}$";
    /// A webhook endpoint of another system.
    WebhookEndpointId = "whe", "^whe_[0-9a-f]{32}$";
    /// A delivery of one event to one endpoint.
    WebhookDeliveryId = "whd", "^whd_[0-9a-f]{32}$";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        let id = PersonId::fresh();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().starts_with("per_"));
    }

    #[test]
    fn another_kind_is_refused() {
        let id = PersonId::fresh().to_string();
        assert!(id.parse::<OfferId>().is_err());
        assert!("per_".parse::<PersonId>().is_err());
        assert!(id.to_uppercase().parse::<PersonId>().is_err());
    }
}
