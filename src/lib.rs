//! Okaeri (お帰り, "welcome back"): the rehire regulations (再雇用規程) of a company as a program, and the
//! pipeline from re-application to offer as an API.
//!
//! # The map
//!
//! | place | what lives there |
//! |---|---|
//! | [`okaeri_engine`] | the engine, pure, a separate crate in `src/engine`: documents, decisions, checks, the pipeline, the law, published regulations, and messages in both languages |
//! | slices | one folder per capability: [`organizations`], [`entities`], [`users`], [`api_keys`], [`people`], [`employment_periods`], [`registrations`], [`regulations`], [`jobs`], [`openings`], [`applications`], [`decisions`], [`offers`], [`rehire_instructions`], [`impacts`], [`legal_checks`], [`imports`], [`events`], [`webhooks`] |
//! | [`work`] | gates for long work: limited concurrency, on no serving thread |
//! | [`schedule`] | scheduled changes |
//! | [`usecase`] | context of a use case: one transaction, the caller and the time |
//! | [`db`] | the only place for differences between SQLite and PostgreSQL |
//! | [`auth`] | authentication and authorization: one table of roles and permissions |
//! | [`http`] | routes, extractors, problems, the OpenAPI document |
//! | [`cli`], [`config`], [`telemetry`], [`demo`] | the command line, settings, logs and metrics, the company of the demo |
//! | [`guide`] | the guide for users, also served at `/docs/guide/` |
//! | [`ids`], [`clock`], [`patch`], [`error`] | small types used everywhere |
//!
//! Every slice has the same files: `mod.rs` describes it with its routes and events; `model.rs` is
//! pure; `store.rs` holds rows and queries, tenant first, and only it uses diesel; `service.rs`
//! holds use cases, one transaction each; `api.rs` holds bodies and handlers, and only it uses
//! actix.
//!
//! Dependencies: the engine uses no other module. A slice uses another's `model` and `service`,
//! never its `store` or `api`. A test (`tests/it/tidy.rs`) enforces this.
//!
//! # One request, from the socket to the disk
//!
//! 1. [`http::server::outer`] gives the request its identifier and authenticates the caller
//!    ([`http::guard`]).
//! 2. The router of [`http::routes`] selects the handler; the same registration produces the
//!    OpenAPI document.
//! 3. The handler's type requires a permission: `Allowed<may::WritePeople>`. It is the only access
//!    to the database.
//! 4. [`http::Body`] parses the body, and reports every invalid field.
//! 5. The use case runs in one transaction ([`usecase::Tx`]): it loads, decides with pure code,
//!    writes, and appends its event. On SQLite many use cases share one commit ([`db`]); the
//!    response is sent after it.
//! 6. An error becomes an RFC 9457 problem in one place, [`http::problem`].
//!
//! ```
//! use actix_web::middleware::from_fn;
//! use actix_web::{App, test, web};
//! use okaeri::platform::auth::{Principal, Role, token::Tokens};
//! use okaeri::platform::clock::{Clock, SystemClock};
//! use okaeri::platform::db::{Database, DatabaseUrl, PoolSizes, migrate};
//! use okaeri::platform::http::server;
//! use okaeri::platform::ids::{Identifier, OrganizationId};
//! use okaeri::app::{self, config};
//! use okaeri::records::{organizations, users};
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A new embedded database, and the system on it.
//! let dir = tempfile::tempdir()?;
//! let url = DatabaseUrl::Sqlite(dir.path().join("okaeri.db"));
//! migrate::run(&url)?;
//! let tokens = || Tokens::new("okaeri", Some("b5xQ-okaeri-Wn3vT8dLz6RkY2pHc9MfJ4"), None);
//! let okaeri = config::assemble(Database::open(&url, PoolSizes::usual(&url))?, tokens()?);
//!
//! // An organization and a user of its HR department, in one use case.
//! let id = OrganizationId::fresh();
//! let zone = chrono_tz::Asia::Tokyo;
//! let user = okaeri.write_now(Principal::system(id, zone), move |tx| {
//!     let organization = organizations::service::New {
//!         id, name: "さくら製作所".into(), zone, currency: okaeri_engine::money::Currency::JPY, language: "ja".into(),
//!     };
//!     organizations::service::create(tx, &organization)?;
//!     let user = users::service::New {
//!         issuer: None, subject: None, name: "人事".into(), email: None, roles: vec![Role::Hr], person_id: None,
//!     };
//!     users::service::create(tx, &user)
//! })?;
//! let token = tokens()?.issue(&user.subject, SystemClock.now(), chrono::Duration::minutes(5))?;
//!
//! // The application as `okaeri serve` runs it, and one request to it.
//! let okaeri = web::Data::new(okaeri);
//! let configured = app::configure(okaeri, None);
//! let app = test::init_service(App::new().configure(configured).wrap(from_fn(server::outer))).await;
//! let request = test::TestRequest::post()
//!     .uri("/v1/people")
//!     .insert_header(("authorization", format!("Bearer {token}")))
//!     .set_json(serde_json::json!({"name": {"family": "佐藤", "given": "花子", "family_kana": "サトウ"}}));
//! let answer = test::call_service(&app, request.to_request()).await;
//!
//! assert_eq!(answer.status(), 201);
//! assert_eq!(answer.headers().get("etag").map(|tag| tag.as_bytes()), Some(&b"\"1\""[..]));
//! # Ok(())
//! # }
//! ```
//!
//! Decisions need none of that: see [`okaeri_engine`].

pub mod app;
pub mod guide;
pub mod hiring;
pub mod integration;
pub mod platform;
pub mod records;
pub mod regulations;
