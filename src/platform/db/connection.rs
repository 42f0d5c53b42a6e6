//! A connection type for both engines; the scheme of the URL selects the engine.
//!
//! The derived `establish` is never used: it tries one engine after the other, and creates an empty
//! SQLite file for a mistyped PostgreSQL URL.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Once;

use diesel::connection::SimpleConnection;
use diesel::{
    Connection, ConnectionError, PgConnection, QueryResult, RunQueryDsl, SqliteConnection,
};

pub use multi::{Conn, MultiBackend};

mod multi {
    #![allow(missing_docs, unreachable_pub, reason = "the derive writes public items without docs")]

    use diesel::{PgConnection, SqliteConnection};

    /// A connection to either engine. Queries on it use only what both engines support.
    #[derive(diesel::MultiConnection)]
    pub enum Conn {
        /// PostgreSQL, for production.
        Postgres(PgConnection),
        /// SQLite, compiled in: the embedded default.
        Sqlite(SqliteConnection),
    }
}

/// Runs a diesel query on the engine's own connection type, for frequent queries: on [`Conn`]
/// diesel generates the SQL on every call, although the statement is prepared already.
macro_rules! on_engine {
    ($conn:expr, |$engine:ident| $query:expr) => {
        match $conn {
            $crate::platform::db::Conn::Postgres($engine) => $query,
            $crate::platform::db::Conn::Sqlite($engine) => $query,
        }
    };
}
pub(crate) use on_engine;

/// The URL of the database. `Display` omits user, password and query parameters.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// Path of a SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL URL.
    Postgres(String),
}

/// A database URL with an unknown scheme or format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "DATABASE_URL is not understood (it begins with '{0}'): write sqlite:path/to/file.db for the embedded database, \
     or postgres://user:password@host:5432/name"
)]
pub struct BadUrl(String);

impl FromStr for DatabaseUrl {
    type Err = BadUrl;

    fn from_str(url: &str) -> Result<Self, BadUrl> {
        // Repeats only the scheme: the rest may contain a password.
        let refused = || {
            BadUrl(url.split_inclusive(':').next().unwrap_or_default().chars().take(20).collect())
        };
        if let Some(rest) =
            url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))
        {
            let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            return if host.is_empty() || (host.starts_with('/') && !host.contains('?')) {
                Err(refused())
            } else {
                Ok(Self::Postgres(url.to_owned()))
            };
        }
        match url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
            Some(path) if !path.is_empty() && !path.contains('?') => {
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            Some(_) | None => Err(refused()),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, [host, path]) = parts(url);
                if path.contains('@') {
                    // Perhaps a password with a slash in it.
                    return write!(f, "{scheme}://…");
                }
                let [host, path] =
                    [host, path].map(|part| part.split('?').next().unwrap_or_default());
                write!(f, "{scheme}://{host}/{path}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Returns the scheme of a URL, and its host and path, each with the parameters after it. User and
/// password are omitted.
fn parts(url: &str) -> (&str, [&str; 2]) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    (scheme, [authority.rsplit_once('@').map_or(authority, |(_, host)| host), path])
}

/// Purpose of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    /// Reads on a thread that must not block.
    ReadByKey,
    Write,
}

impl DatabaseUrl {
    /// Opens a connection; the error names the database.
    ///
    /// # Errors
    /// `unavailable`.
    pub(super) fn opened(&self, purpose: Purpose) -> crate::platform::error::Result<Conn> {
        self.connect(purpose).map_err(|error| match self {
            Self::Sqlite(path) => {
                crate::platform::error::Error::unavailable(format!("{}: {error}", path.display()))
            }
            // libpq itself names the server.
            Self::Postgres(_) => crate::platform::error::Error::unavailable(error),
        })
    }

    /// Opens a connection with the settings for this purpose.
    pub(super) fn connect(&self, purpose: Purpose) -> Result<Conn, ConnectionError> {
        match self {
            Self::Sqlite(path) => connect_sqlite(path, purpose).map(Conn::Sqlite),
            Self::Postgres(url) => connect_postgres(url, purpose).map(Conn::Postgres),
        }
    }
}

fn connect_sqlite(path: &Path, purpose: Purpose) -> Result<SqliteConnection, ConnectionError> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
    // busy_timeout comes first, so that the switch to WAL waits for other processes. Pages are read
    // from the mapped file; the cache holds those that are still in the log.
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA cache_size = -8192; PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY;",
    )
    .map_err(ConnectionError::CouldntSetupConfiguration)?;
    conn.batch_execute(match purpose {
        Purpose::Read => "PRAGMA query_only = ON;",
        Purpose::ReadByKey => "PRAGMA query_only = ON; PRAGMA busy_timeout = 0;",
        // Pages that every write touches are written to the file once for many commits: at 16 MB of
        // log instead of 4.
        Purpose::Write => "PRAGMA wal_autocheckpoint = 4000;",
    })
    .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

fn connect_postgres(url: &str, purpose: Purpose) -> Result<PgConnection, ConnectionError> {
    let mut conn = PgConnection::establish(&bounded(url))?;
    set_up(&mut conn, purpose).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// Timeouts for a server that does not respond: in seconds, the last one in milliseconds.
const BOUNDS: [(&str, &str); 5] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];

/// Returns the URL with the timeouts that it does not set itself.
fn bounded(url: &str) -> String {
    let query =
        parts(url).1.into_iter().find_map(|part| part.split_once('?')).map(|(_, query)| query);
    let is_named = |name: &str| {
        form_urlencoded::parse(query.unwrap_or("").as_bytes()).any(|(named, _)| named == name)
    };
    let missing = BOUNDS
        .iter()
        .filter(|(name, _)| !is_named(name))
        .map(|(name, value)| format!("{name}={value}"));
    let missing = missing.collect::<Vec<_>>().join("&");
    format!("{url}{}{missing}", if query.is_some() { '&' } else { '?' })
}

fn set_up(conn: &mut PgConnection, purpose: Purpose) -> QueryResult<()> {
    // Use cases require this isolation level, whatever the default of the server or role.
    conn.batch_execute(
        "SET TIME ZONE 'UTC'; SET default_transaction_isolation = 'read committed';",
    )?;
    conn.batch_execute(match purpose {
        Purpose::Read | Purpose::ReadByKey => "SET default_transaction_read_only = on; SET statement_timeout = '30s';",
        // Writing statements find their rows by key, so one plan fits all values, and planning
        // costs more than execution.
        Purpose::Write => {
            "SET statement_timeout = '60s'; SET lock_timeout = '10s'; SET plan_cache_mode = force_generic_plan;"
        }
    })?;
    speak_english(conn)
}

/// Sets the language of errors to English, since some errors can be recognized only by their text.
fn speak_english(conn: &mut PgConnection) -> QueryResult<()> {
    static WARNED: Once = Once::new();
    let is_set = conn.batch_execute("SET lc_messages = 'C';").is_ok();
    let present = diesel::dsl::sql::<diesel::sql_types::Text>("current_setting('lc_messages')");
    if !is_set && !is_english(&diesel::select(present).get_result::<String>(conn)?) {
        WARNED.call_once(|| {
            tracing::warn!(
                "the database tells errors in another language, so that some are not understood: \
                 GRANT SET ON PARAMETER lc_messages to the user of DATABASE_URL, or set it to 'C'"
            );
        });
    }
    Ok(())
}

fn is_english(locale: &str) -> bool {
    ["", "C"].contains(&locale)
        || ["C.", "POSIX", "en_", "English"].iter().any(|known| locale.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_choose_the_engine() {
        assert_eq!("sqlite:a.db".parse(), Ok(DatabaseUrl::Sqlite("a.db".into())));
        assert_eq!("sqlite:///var/a.db".parse(), Ok(DatabaseUrl::Sqlite("/var/a.db".into())));
        assert!(matches!("postgresql://u:p@h/d".parse(), Ok(DatabaseUrl::Postgres(_))));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for url in [
            "",
            "a.db",
            "postgres:",
            "postgres://",
            "mysql://h/d",
            "sqlite:",
            "postgre://u:secret@h/d",
            "/a.db",
        ] {
            let refused = url.parse::<DatabaseUrl>().expect_err(url);
            assert!(!refused.to_string().contains("secret"));
        }
    }

    #[test]
    fn sqlite_is_compiled_as_its_flags_say() {
        use diesel::prelude::*;

        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let mut is_used = |option: &str| {
            let used = diesel::dsl::sql::<diesel::sql_types::Bool>(&format!(
                "sqlite_compileoption_used('{option}')"
            ));
            diesel::select(used).get_result::<bool>(&mut conn).unwrap()
        };
        let hint = "the flags stand in .cargo/config.toml: build inside the repository";
        for option in ["ENABLE_QPSG", "DEFAULT_MEMSTATUS=0", "THREADSAFE=2"] {
            assert!(is_used(option), "{option}: {hint}");
        }
        assert!(!is_used("ENABLE_MEMORY_MANAGEMENT"), "{hint}");
    }

    #[test]
    fn a_password_is_not_displayed() {
        for (url, shown) in [
            ("postgres://okaeri:hunter2@db:5432/okaeri", "postgres://db:5432/okaeri"),
            ("postgresql://db/okaeri?user=okaeri&password=hunter2", "postgresql://db/okaeri"),
            ("postgres:///okaeri?host=/run/postgresql&password=hunter2", "postgres:///okaeri"),
            ("postgres://okaeri:hunt?er2@db/okaeri?password=hunter2", "postgres://db/okaeri"),
            ("postgres://okaeri:hunt/er2@db/okaeri", "postgres://…"),
            ("postgres://db/okaeri?password=hunt@er2", "postgres://…"),
        ] {
            let url: DatabaseUrl = url.parse().unwrap();
            assert_eq!(format!("{url} {url:?}"), format!("{shown} {shown}"));
        }
    }

    #[test]
    fn a_silent_server_is_waited_for_as_long_as_the_address_says() {
        let usual = "connect_timeout=5&keepalives_idle=10&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=15000";
        assert_eq!(bounded("postgres://h/d"), format!("postgres://h/d?{usual}"));
        let named = "postgres://h/d?connect_timeout=1&tcp_user_timeout=0&keepalives_idle=9";
        assert_eq!(bounded(named), format!("{named}&keepalives_interval=5&keepalives_count=3"));
        assert_eq!(bounded("postgres://u:p?@h/d"), format!("postgres://u:p?@h/d?{usual}"));
        assert_eq!(
            bounded("postgres:///d?password=@"),
            format!("postgres:///d?password=@&{usual}")
        );
    }

    #[test]
    fn english_is_known_by_its_locale() {
        assert!(["C", "C.UTF-8", "POSIX", "en_US.UTF-8", ""].into_iter().all(is_english));
        assert!(!["ja_JP.UTF-8", "de_DE", "es_ES"].into_iter().any(is_english));
    }
}
