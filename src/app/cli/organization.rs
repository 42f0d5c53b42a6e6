//! `okaeri organization`.

use std::process::ExitCode;

use chrono_tz::Tz;
use clap::{Args, Subcommand};
use okaeri_engine::money::Currency;
use okaeri_engine::text::Text;

use super::{acting, done, say};
use crate::app::config::{DatabaseSettings, TokenSettings};
use crate::platform::auth::{Principal, Role};
use crate::platform::error::Result;
use crate::platform::ids::{Identifier, OrganizationId};
use crate::records::{organizations, users};

/// Create an organization with its first administrator.
#[derive(Subcommand)]
pub(super) enum Organization {
    /// Create an organization with its first administrator; prints both identifiers
    Create(Create),
}

#[derive(Args)]
pub(super) struct Create {
    /// The name of the organization
    name: Text<200>,
    /// The e-mail address of the administrator
    #[arg(long)]
    admin_email: Text<300>,
    /// The name of the administrator
    #[arg(long, default_value = "Administrator")]
    admin_name: Text<200>,
    /// The `sub` of the administrator at your identity provider, with --provider-issuer; absent for
    /// `okaeri token`
    #[arg(long, requires = "provider_issuer")]
    admin_subject: Option<String>,
    /// IANA time zone
    #[arg(long, default_value = "Asia/Tokyo")]
    time_zone: Tz,
    /// ISO 4217 code of its currency
    #[arg(long, default_value = "JPY")]
    currency: Currency,
    /// Language of its notices
    #[arg(long, default_value = "ja", value_parser = ["ja", "en"])]
    language: String,
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    tokens: TokenSettings,
}

impl Organization {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let Self::Create(create) = self;
        let okaeri = acting::assemble(&create.database)?;
        let id = OrganizationId::fresh();
        let organization = organizations::service::New {
            id,
            name: create.name.to_string(),
            zone: create.time_zone,
            currency: create.currency,
            language: create.language.clone(),
        };
        let admin = users::service::New {
            issuer: create.admin_subject.as_ref().and(create.tokens.provider_issuer.clone()),
            subject: create.admin_subject.clone(),
            name: create.admin_name.to_string(),
            email: Some(create.admin_email.to_string()),
            roles: vec![Role::Admin],
            person_id: None,
        };
        let user = okaeri.write_now(Principal::system(id, create.time_zone), move |tx| {
            organizations::service::create(tx, &organization)?;
            users::service::create(tx, &admin)
        })?;
        say(format_args!("organization {id}\nadministrator {}", user.id))?;
        done()
    }
}
