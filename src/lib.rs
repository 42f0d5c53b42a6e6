//! Okaeri (お帰り, "welcome back"): the rehire regulations (再雇用規程) of a company as a program, and the
//! pipeline from re-application to offer as an API.
//!
//! # The map
//!
//! From the top; each room uses those below it, and areas also one another:
//!
//! | place | what lives there |
//! |---|---|
//! | [`app`] | the application: the list of slices, routes, the OpenAPI document, settings, the command line, the demo |
//! | [`records`], [`regulations`], [`hiring`], [`integration`] | areas: folders of slices, one slice per capability |
//! | [`platform`] | what every slice stands on; it knows no slice |
//! | [`guide`] | the guide for users, also served at `/docs/guide/` |
//! | [`okaeri_engine`] | the engine, pure, a separate crate in `src/engine`: documents, decisions, checks, the pipeline, the law, published regulations, and messages in both languages |
//!
//! In the platform:
//!
//! | place | what lives there |
//! |---|---|
//! | [`platform::slice`] | a slice as the application takes it: operations, and what it does for others |
//! | [`platform::usecase`] | context of a use case: one transaction, the caller and the time |
//! | [`platform::http`] | server, extractors, responses, problems |
//! | [`platform::auth`] | authentication and authorization: one table of roles and permissions |
//! | [`platform::db`] | the only place for differences between SQLite and PostgreSQL |
//! | [`platform::outbox`] | the ordered feed, written in the transaction of the change |
//! | [`platform::idempotency`] | requests that are sent again |
//! | [`platform::schedule`] | scheduled changes |
//! | [`platform::work`], [`platform::compiled`] | gates for long work on no serving thread, and versions of regulations compiled there |
//! | [`platform::egress`] | targets of requests that the server makes |
//! | [`platform::telemetry`] | logs and metrics |
//! | [`platform::ids`], [`platform::clock`], [`platform::patch`], [`platform::error`], [`platform::quotas`] | small types used everywhere |
//!
//! Every slice has the same files: `mod.rs` describes it with its routes and events, and declares
//! it as a [`Slice`](platform::slice::Slice); `model.rs` is pure; `store.rs` holds rows and
//! queries, tenant first, and only it uses diesel; `service.rs` holds use cases, one transaction
//! each; `api.rs` holds bodies and handlers, and only it uses actix.
//!
//! A slice uses another's `model` and `service`, never its `store` or `api`, and there is no circle
//! among slices. Where one follows another that does not know it, it declares a
//! [`Reaction`](platform::slice::Reaction) to its event. A test (`tests/it/tidy.rs`) enforces this.
//!
//! # One request, from the socket to the disk
//!
//! 1. [`platform::http::server::outer`] gives the request its identifier and authenticates the caller
//!    ([`platform::http::guard`]).
//! 2. The router of `app::routes` selects the handler; the same registration produces the
//!    OpenAPI document.
//! 3. The handler's type requires a permission: `Allowed<may::WritePeople>`. It is the only access
//!    to the database.
//! 4. [`platform::http::Body`] parses the body, and reports every invalid field.
//! 5. The use case runs in one transaction ([`platform::usecase::Tx`]): it loads, decides with pure code,
//!    writes, and appends its event. On SQLite many use cases share one commit ([`platform::db`]); the
//!    response is sent after it.
//! 6. An error becomes an RFC 9457 problem in one place, [`platform::http::problem`].
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
