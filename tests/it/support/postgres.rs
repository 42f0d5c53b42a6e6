//! A PostgreSQL server for this run: the one of `TEST_DATABASE_URL`, or one started here from an
//! installed PostgreSQL. Without either, that half of the suite says loudly that it was skipped;
//! with `OKAERI_REQUIRE_POSTGRES` set, as in CI, it fails.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// A server that tests may make databases on.
pub struct Server {
    /// An address with `{}` for the name of the database.
    pattern: String,
    /// Ends the server when this process ends, however it ends: its input closes then.
    _watchdog: Option<Child>,
}

impl Server {
    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        self.pattern.replace("{}", database)
    }

    /// Runs a statement on the server's own database.
    pub fn run(&self, statement: &str) {
        let mut conn = PgConnection::establish(&self.url("postgres")).expect("the server answers");
        conn.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// The server of this run, if there is one.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(find).as_ref()
}

fn find() -> Option<Server> {
    let found = match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => Ok(given(&url)),
        Err(_) => start(),
    };
    match found {
        Ok(server) => Some(server),
        Err(why) => {
            let required = std::env::var_os("OKAERI_REQUIRE_POSTGRES").is_some();
            assert!(!required, "PostgreSQL is required here, but {why}");
            // Past the test harness, which hides what passing tests print.
            let banner = "=".repeat(72);
            let said = format!(
                "\n{banner}\nPOSTGRESQL HALF SKIPPED: {why}.\nInstall PostgreSQL or set TEST_DATABASE_URL.\n{banner}\n"
            );
            std::io::stderr().write_all(said.as_bytes()).ok();
            None
        }
    }
}

fn given(url: &str) -> Server {
    let (base, options) = url
        .split_once('?')
        .map_or((url, String::new()), |(base, options)| (base, format!("?{options}")));
    let host = base.rsplit_once('/').map_or(base, |(host, _)| host);
    Server { pattern: format!("{host}/{{}}{options}"), _watchdog: None }
}

/// A cluster of its own beside that of this run.
pub fn another() -> Option<Server> {
    server().map(|_| start().expect("a second cluster starts where the first did"))
}

/// A program of the installed PostgreSQL.
pub fn installed(name: &str) -> Command {
    Command::new(folder_of(&[name]).map_or_else(|| PathBuf::from(name), |bin| bin.join(name)))
}

fn start() -> Result<Server, String> {
    let bin = binaries().ok_or("no initdb is on the PATH or under /usr/lib/postgresql")?;
    let dir = tempfile::Builder::new()
        .prefix("okaeri-pg-")
        .tempdir()
        .map_err(|error| error.to_string())?
        .keep();
    let user = is_root().then(server_user);
    if let Some(user) = user {
        must(Command::new("chown").arg(user).arg(&dir))?;
    }
    let as_user = |program: &Path| match user {
        // The server refuses to run as root.
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    let data = dir.join("data");
    must(as_user(&bin.join("initdb")).arg("-D").arg(&data).args([
        "-U",
        "postgres",
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]))?;
    let options = format!(
        "-c listen_addresses='' -c unix_socket_directories={} -c max_connections=300 -c shared_buffers=64MB",
        dir.display()
    );
    // In the file, not on the command line, which nothing could set aside: the load bench wants
    // flushes.
    let mut settings = OpenOptions::new()
        .append(true)
        .open(data.join("postgresql.conf"))
        .map_err(|e| e.to_string())?;
    settings.write_all(b"fsync = off\nfull_page_writes = off\n").map_err(|e| e.to_string())?;
    must(
        as_user(&bin.join("pg_ctl"))
            .arg("-D")
            .arg(&data)
            .arg("-o")
            .arg(&options)
            .arg("-l")
            .arg(dir.join("log"))
            .args(["-w", "start"]),
    )?;
    let watchdog = watch(&bin, &data, &dir, user)?;
    Ok(Server {
        pattern: format!("postgres:///{{}}?host={}&user=postgres", dir.display()),
        _watchdog: Some(watchdog),
    })
}

fn watch(bin: &Path, data: &Path, dir: &Path, user: Option<&str>) -> Result<Child, String> {
    let become_user = user.map_or(String::new(), |user| format!("runuser -u {user} -- "));
    let script = format!(
        "read -r _; {become_user}'{}' -D '{}' -m immediate stop; rm -rf '{}'",
        bin.join("pg_ctl").display(),
        data.display(),
        dir.display()
    );
    Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())
}

fn binaries() -> Option<PathBuf> {
    folder_of(&["initdb", "pg_ctl"])
}

/// The folder on the PATH, or of the newest installation, that holds these programs.
fn folder_of(programs: &[&str]) -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    installed.sort();
    on_path
        .into_iter()
        .chain(installed.into_iter().rev())
        .find(|dir| programs.iter().all(|program| dir.join(program).is_file()))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn server_user() -> &'static str {
    let exists =
        Command::new("id").arg("postgres").output().is_ok_and(|output| output.status.success());
    if exists { "postgres" } else { "nobody" }
}

fn must(command: &mut Command) -> Result<(), String> {
    let output = command
        .stdin(Stdio::null())
        .current_dir("/")
        .stdout(Stdio::null())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}
