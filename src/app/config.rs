//! Settings from the environment or the command line, read once. A test compares `.env.example`
//! with them.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::Args;
use jsonwebtoken::Algorithm;
use okaeri_engine::messages::{Said, settings};
use reqwest::Url;
use tokio::sync::Notify;

use crate::app::SLICES;
use crate::integration::api_keys;
use crate::platform::auth::Authenticator;
use crate::platform::auth::authenticate::Directory;
use crate::platform::auth::jwks::{self, KeySet, KeySource};
use crate::platform::auth::token::{Provider, Tokens};
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::compiled::RegulationCache;
use crate::platform::db::probe::Probe;
use crate::platform::db::{Database, DatabaseUrl, PoolSizes, migrate};
use crate::platform::egress::Targets;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::http::server::Listen;
use crate::platform::http::server::Operator;
use crate::platform::outbox::numbering::Numbering;
use crate::platform::quotas::Quotas;
use crate::platform::usecase::Okaeri;
use crate::platform::work::Gates;
use crate::records::users;
use crate::regulations::regulations::versions;

/// Settings of the database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseSettings {
    /// sqlite:FILE for the embedded database, or postgres://user:password@host:5432/name
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:okaeri.db", hide_env_values = true)]
    pub database_url: DatabaseUrl,
    /// Connections for reads; default is 4 on SQLite and 8 on PostgreSQL
    #[arg(long, env = "OKAERI_READERS", value_name = "OKAERI_READERS", value_parser = clap::value_parser!(u32).range(1..))]
    pub readers: Option<u32>,
    /// Connections for writes, on PostgreSQL
    #[arg(long, env = "OKAERI_WRITERS", value_name = "OKAERI_WRITERS", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..))]
    pub writers: u32,
}

impl DatabaseSettings {
    /// Opens the database with the schema of this build. Migrates an embedded database, since it
    /// has no operator.
    ///
    /// # Errors
    /// `not_migrated` on PostgreSQL, where `okaeri migrate` is a step of the deployment;
    /// `unavailable` when the database cannot be reached.
    pub fn open(&self) -> Result<Database> {
        let database = self.open_unchecked()?;
        database.read_now(migrate::check)?;
        Ok(database)
    }

    /// Opens the database; on PostgreSQL without checking its schema.
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached.
    pub fn open_unchecked(&self) -> Result<Database> {
        if let DatabaseUrl::Sqlite(_) = self.database_url {
            migrate::run(&self.database_url)?;
        }
        let usual = PoolSizes::usual(&self.database_url);
        let readers = self.readers.unwrap_or(usual.readers);
        Database::open(&self.database_url, PoolSizes { readers, writers: self.writers })
    }
}

/// Settings of the accepted tokens.
#[derive(Clone, Args)]
pub struct TokenSettings {
    /// Secret of at least 32 bytes for tokens issued by Okaeri
    #[arg(long, env = "OKAERI_TOKEN_SECRET", hide_env_values = true)]
    pub token_secret: Option<String>,
    /// The required audience of tokens (aud)
    #[arg(long, env = "OKAERI_TOKEN_AUDIENCE", default_value = "okaeri")]
    pub token_audience: String,
    /// The identity provider (iss)
    #[arg(long, env = "OKAERI_PROVIDER_ISSUER")]
    pub provider_issuer: Option<String>,
    /// The provider's keys as a JWKS file
    #[arg(long, env = "OKAERI_PROVIDER_JWKS_FILE", conflicts_with = "provider_jwks_url")]
    pub provider_jwks_file: Option<PathBuf>,
    /// The provider's keys as a JWKS URL
    #[arg(long, env = "OKAERI_PROVIDER_JWKS_URL")]
    pub provider_jwks_url: Option<String>,
    /// The provider's only signature algorithm: RS256, PS256, ES256 or EdDSA
    #[arg(long, env = "OKAERI_PROVIDER_ALGORITHM", default_value = "RS256")]
    pub provider_algorithm: Algorithm,
}

impl TokenSettings {
    /// Returns the keys that check and issue tokens.
    ///
    /// # Errors
    /// `invalid` with a remedy.
    pub fn tokens(&self) -> Result<Tokens> {
        let secret = self.token_secret.as_deref();
        let provider = self.provider()?;
        if secret.is_none() && provider.is_none() {
            return Err(wrong(settings::NOBODY_SIGNS_IN));
        }
        Tokens::new(self.token_audience.clone(), secret, provider)
    }

    fn provider(&self) -> Result<Option<Provider>> {
        let issuer = self.provider_issuer.clone().filter(|issuer| !issuer.is_empty());
        let source = match (&self.provider_jwks_file, &self.provider_jwks_url) {
            (Some(file), _) => {
                jwks::check_file(file)?;
                KeySource::File(file.clone())
            }
            (None, Some(url))
                if url.starts_with("https://") || url.starts_with("http://127.0.0.1") =>
            {
                KeySource::Address(url.clone())
            }
            (None, Some(_)) => return Err(wrong(settings::JWKS_URL)),
            (None, None) if issuer.is_some() => return Err(wrong(settings::ISSUER_WITHOUT_KEYS)),
            (None, None) => return Ok(None),
        };
        let issuer = issuer.ok_or_else(|| wrong(settings::ISSUER_MISSING))?;
        let algorithm = self.provider_algorithm;
        if matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) {
            return Err(wrong(settings::PROVIDER_ALGORITHM));
        }
        Ok(Some(Provider { issuer, algorithm, keys: KeySet::new(source) }))
    }
}

/// Settings of the server.
#[derive(Debug, Clone, Args)]
pub struct ServerSettings {
    /// Address and port to listen on
    #[arg(long, env = "OKAERI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Number of serving threads; 0 for one per processor
    #[arg(long, env = "OKAERI_WORKERS", default_value_t = 0)]
    pub workers: usize,
    /// Origins whose pages may call the API from a browser, separated by commas; none by default
    #[arg(long, env = "OKAERI_CORS_ORIGINS", value_delimiter = ',', value_name = "ORIGIN")]
    pub cors_origins: Vec<String>,
    /// Maximum requests per minute of each user and each key; 0 for no limit. Every server counts
    /// by itself
    #[arg(long, env = "OKAERI_REQUESTS_PER_MINUTE", default_value_t = 6000)]
    pub requests_per_minute: u32,
    /// Seconds that a request waits for the database before it fails
    #[arg(long, env = "OKAERI_REQUEST_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub request_seconds: u64,
    /// Public URL of the API, with its scheme and without a path
    #[arg(long, env = "OKAERI_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Contact for security reports: a mailto: or https: URL, for /.well-known/security.txt
    #[arg(long, env = "OKAERI_SECURITY_CONTACT")]
    pub security_contact: Option<String>,
    /// Maximum number of open client connections; more wait until one ends
    #[arg(long, env = "OKAERI_CONNECTIONS", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(16..))]
    pub connections: u32,
    /// Seconds that a client may be silent between two requests, or not read its response, before
    /// its connection is closed
    #[arg(long, env = "OKAERI_IDLE_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..))]
    pub idle_seconds: u64,
    /// Maximum number of each kind of resource.
    #[command(flatten)]
    pub quotas: Quotas,
    /// Allow webhooks to private addresses, and with plain HTTP to this machine: for trials only
    #[arg(long, env = "OKAERI_WEBHOOK_PRIVATE")]
    pub webhook_private: bool,
}

impl ServerSettings {
    /// Refuses settings with which the server would start but not work as intended.
    ///
    /// # Errors
    /// `invalid` with the variable, its value and a remedy.
    pub fn check(&self) -> Result<()> {
        if let Some(given) =
            self.public_url.as_deref().filter(|url| !url.is_empty() && !is_public_url(url))
        {
            return Err(wrong(settings::PublicUrl { given: &given }));
        }
        let mut origins =
            self.cors_origins.iter().map(String::as_str).filter(|origin| !origin.is_empty());
        match origins.find(|origin| !is_origin(origin)) {
            Some(given) => Err(wrong(settings::CorsOrigins { given: &given })),
            None => Ok(()),
        }
    }

    /// Returns the settings of the HTTP server, with this token issuer.
    #[must_use]
    pub fn listen(&self, issuer: Option<&str>) -> Listen {
        let given = |text: &Option<String>| {
            text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let operator = Operator {
            public_url: given(&self.public_url).map(|url| url.trim_end_matches('/').to_owned()),
            security_contact: given(&self.security_contact),
            issuer: issuer.map(str::to_owned),
        };
        let origins =
            self.cors_origins.iter().filter(|origin| !origin.is_empty()).cloned().collect();
        Listen {
            address: self.listen.clone(),
            workers: self.workers,
            origins,
            requests_per_minute: self.requests_per_minute,
            connections: self.connections,
            idle: Duration::from_secs(self.idle_seconds),
            operator,
        }
    }
}

fn wrong(said: impl Said) -> Error {
    Error::because(ProblemCode::Invalid, said)
}

/// Returns whether this is `http(s)://host[:port]`; ignores a trailing slash.
fn is_public_url(text: &str) -> bool {
    let text = text.strip_suffix('/').unwrap_or(text);
    bare_address(text).is_some_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Returns whether this is `scheme://host[:port]` as browsers write it; no other spelling would
/// ever match.
fn is_origin(text: &str) -> bool {
    bare_address(text).is_some_and(|url| {
        let origin = url.origin();
        if origin.is_tuple() { origin.ascii_serialization() == text } else { url.as_str() == text }
    })
}

/// Returns the URL if it has only a scheme, a host and optionally a port.
fn bare_address(text: &str) -> Option<Url> {
    let (_, authority) = text.split_once("://")?;
    let is_bare =
        !authority.contains(|letter: char| "/\\?#@".contains(letter) || letter.is_whitespace());
    Url::parse(text).ok().filter(|url| is_bare && url.has_host())
}

/// Default time for which a request waits for the database.
const PATIENCE: Duration = Duration::from_secs(30);

impl From<&ServerSettings> for Targets {
    fn from(settings: &ServerSettings) -> Self {
        if settings.webhook_private { Self::Private } else { Self::Public }
    }
}

/// The functions of the slices that find the principal of a credential.
const DIRECTORY: Directory =
    Directory { of_key: api_keys::service::principal_of, of_token: users::service::principal_of };

/// Assembles the running system on this database with these keys.
#[must_use]
pub fn assemble(db: Database, tokens: Tokens) -> Okaeri {
    assemble_with(db, tokens, Arc::new(SystemClock))
}

/// Does the same as [`assemble`] with another clock.
#[must_use]
pub fn assemble_with(db: Database, tokens: Tokens, clock: Arc<dyn Clock>) -> Okaeri {
    Okaeri {
        db,
        clock,
        auth: Authenticator::new(tokens, DIRECTORY),
        regulations: Arc::new(RegulationCache::new(versions::SOURCE)),
        cursor_secret: OnceLock::new(),
        probe: Probe::default(),
        patience: PATIENCE,
        news: Notify::new(),
        numbering: Numbering::default(),
        webhook_targets: Targets::Public,
        gates: Gates::default(),
        quotas: Arc::default(),
        slices: SLICES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_has_no_path() {
        for good in [
            "https://okaeri.example.jp",
            "http://10.0.0.7:8080",
            "https://okaeri.example.jp/",
            "http://[::1]:80",
        ] {
            assert!(is_public_url(good), "{good}");
        }
        for bad in [
            "okaeri.example.jp",
            "https://",
            "https://a.jp/okaeri",
            "https://a.jp?x",
            "https://u@a.jp",
            "ftp://a.jp",
            "https://a.jp:99999",
            "https://a .jp",
            "https://a.jp//",
        ] {
            assert!(!is_public_url(bad), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for good in [
            "https://hr.example.jp",
            "http://localhost:5173",
            "http://[::1]:80",
            "capacitor://localhost",
        ] {
            assert!(is_origin(good) || good.ends_with(":80"), "{good}");
        }
        for bad in [
            "*",
            "null",
            "hr.example.jp",
            "https://hr.example.jp/",
            "https://HR.example.jp",
            "https://hr.example.jp:443",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
