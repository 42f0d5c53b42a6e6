//! Settings that cannot be right, as the program refuses them before it serves.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use okaeri::platform::db::DatabaseUrl;

use crate::support::program::program;

/// Starts a server in this folder with these settings; the exit code with which it refuses to, and
/// what it says.
fn refused(dir: &Path, settings: &[(&str, &str)]) -> (i32, String) {
    let mut command = program(&DatabaseUrl::Sqlite(dir.join("okaeri.db")));
    command.arg("serve").env("OKAERI_LISTEN", "127.0.0.1:0").envs(settings.iter().copied());
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // A server that starts after all is ended, and the test fails by its exit code.
    for _ in 0..200 {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    child.kill().ok();
    let ended = child.wait_with_output().unwrap();
    (ended.status.code().unwrap_or(-1), String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn each_setting_that_cannot_be_right_is_refused_at_the_start_by_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let broken = dir.path().join("jwks.json");
    std::fs::write(&broken, "{}").unwrap();
    let (broken, issuer) =
        (broken.to_str().unwrap(), ("OKAERI_PROVIDER_ISSUER", "https://login.example.jp"));
    for (named, settings) in [
        ("OKAERI_PUBLIC_URL", &[("OKAERI_PUBLIC_URL", "https://a.jp/okaeri")] as &[(&str, &str)]),
        ("OKAERI_PUBLIC_URL", &[("OKAERI_PUBLIC_URL", "okaeri.example.jp")]),
        ("OKAERI_CORS_ORIGINS", &[("OKAERI_CORS_ORIGINS", "https://a.jp,https://b.jp/")]),
        ("OKAERI_PROVIDER_ISSUER", &[issuer]),
        ("/no/such/jwks.json", &[issuer, ("OKAERI_PROVIDER_JWKS_FILE", "/no/such/jwks.json")]),
        ("OKAERI_PROVIDER_JWKS_FILE", &[issuer, ("OKAERI_PROVIDER_JWKS_FILE", broken)]),
        (
            "OKAERI_PROVIDER_ISSUER",
            &[("OKAERI_PROVIDER_JWKS_URL", "https://login.example.jp/keys")],
        ),
        ("OKAERI_READERS", &[("OKAERI_READERS", "0")]),
        ("OKAERI_WRITERS", &[("OKAERI_WRITERS", "0")]),
    ] {
        let (code, said) = refused(dir.path(), settings);
        assert_eq!((code, said.contains(named)), (2, true), "{settings:?}: {said}");
    }
}

#[test]
fn an_address_that_is_taken_and_a_file_that_cannot_be_opened_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let (code, said) = refused(dir.path(), &[("OKAERI_LISTEN", &address)]);
    let (closed, closed_said) =
        refused(dir.path(), &[("DATABASE_URL", "sqlite:/no/such/folder/okaeri.db")]);

    assert_eq!(
        (code, said.contains(&format!("cannot listen on {address}: "))),
        (1, true),
        "{said}"
    );
    assert_eq!(
        (closed, closed_said.contains("/no/such/folder/okaeri.db")),
        (1, true),
        "{closed_said}"
    );
}
