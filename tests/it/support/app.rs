//! The application as the server runs it, on a database of its own and a clock that stands still.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::middleware::from_fn;
use actix_web::{App, test, web};
use okaeri::app::config::assemble_with;
use okaeri::platform::auth::token::Tokens;
use okaeri::platform::auth::{Principal, Role};
use okaeri::platform::clock::{Clock, FixedClock, Timestamp};
use okaeri::platform::db::DatabaseUrl;
use okaeri::platform::egress::Targets;
use okaeri::platform::http::server;
use okaeri::platform::quotas::Quotas;
use okaeri::platform::usecase::{Okaeri, Tx};

use super::client::Client;
use super::database::{Engine, Seed, Tenant, TestDatabase};

type Answered = Pin<Box<dyn Future<Output = ServiceResponse<BoxBody>>>>;

/// When tests happen: 1 April 2026, 09:00 in Tokyo.
pub const NOW: &str = "2026-04-01T00:00:00Z";

/// The application under test.
pub struct TestApp {
    pub clock: Arc<FixedClock>,
    pub seed: Seed,
    pub okaeri: web::Data<Okaeri>,
    call: Rc<dyn Fn(Request) -> Answered>,
    // Last, so that connections are closed before the database goes.
    pub database: TestDatabase,
}

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// With which tokens of our own are signed: of these tests alone, and too hard to guess.
pub const SECRET: &str = "b5xQ-okaeri-Wn3vT8dLz6RkY2pHc9MfJ4";

pub fn tokens() -> Tokens {
    Tokens::new("okaeri", Some(SECRET), None).unwrap()
}

impl TestApp {
    /// Starts on this engine; `None` when there is no PostgreSQL.
    pub async fn start(engine: Engine) -> Option<Self> {
        Some(Self::on(TestDatabase::fresh(engine)?, tokens()).await)
    }

    /// Another server on the same database that believes these tokens.
    pub async fn with_tokens(&self, tokens: Tokens) -> Self {
        Self::on(self.database.same(), tokens).await
    }

    /// Another server on the same database that is given this as well.
    pub async fn with_data<T: 'static>(&self, data: web::Data<T>) -> Self {
        let given = |config: &mut web::ServiceConfig| {
            config.app_data(data);
        };
        Self::of(self.database.same(), tokens(), |_| {}, given).await
    }

    /// Another server on the same database that waits so long.
    pub async fn with_patience(&self, patience: Duration) -> Self {
        Self::of(self.database.same(), tokens(), |okaeri| okaeri.patience = patience, |_| {}).await
    }

    /// Another server on the same database that allows so many of each thing.
    pub async fn with_quotas(&self, change: impl FnOnce(&mut Quotas)) -> Self {
        let changed = |okaeri: &mut Okaeri| {
            let mut quotas = Quotas::default();
            change(&mut quotas);
            okaeri.quotas = Arc::new(quotas);
        };
        Self::of(self.database.same(), tokens(), changed, |_| {}).await
    }

    /// Another server on the same database whose webhooks may go to this machine.
    pub async fn with_private_webhooks(&self) -> Self {
        Self::of(
            self.database.same(),
            tokens(),
            |okaeri| okaeri.webhook_targets = Targets::Private,
            |_| {},
        )
        .await
    }

    /// A server on a database that is there already.
    pub async fn at(url: DatabaseUrl, seed: Seed) -> Self {
        Self::on(TestDatabase::at(url, seed), tokens()).await
    }

    async fn on(database: TestDatabase, tokens: Tokens) -> Self {
        Self::of(database, tokens, |_| {}, |_| {}).await
    }

    async fn of(
        database: TestDatabase,
        tokens: Tokens,
        changed: impl FnOnce(&mut Okaeri),
        configured: impl FnOnce(&mut web::ServiceConfig),
    ) -> Self {
        let clock = Arc::new(FixedClock::at(instant(NOW)));
        let mut okaeri =
            assemble_with(database.open(), tokens, Arc::clone(&clock) as Arc<dyn Clock>);
        okaeri.patience = PATIENCE;
        changed(&mut okaeri);
        let okaeri = web::Data::new(okaeri);
        let app = App::new()
            .configure(configured)
            .configure(okaeri::app::configure(okaeri.clone(), None))
            .wrap(from_fn(server::outer));
        let service = Rc::new(test::init_service(app).await);
        let call = move |request: Request| -> Answered {
            let service = Rc::clone(&service);
            Box::pin(
                async move { test::call_service(&*service, request).await.map_into_boxed_body() },
            )
        };
        Self { clock, seed: database.seed.clone(), okaeri, call: Rc::new(call), database }
    }

    /// Sends a request.
    pub async fn call(&self, request: Request) -> ServiceResponse<BoxBody> {
        (self.call)(request).await
    }

    /// Somebody of our organization with this role.
    pub fn as_role(&self, role: Role) -> Client<'_> {
        self.client_of(&self.seed.ours, role)
    }

    /// Somebody of the other organization with this role.
    pub fn as_stranger(&self, role: Role) -> Client<'_> {
        self.client_of(&self.seed.theirs, role)
    }

    /// Nobody.
    pub fn as_nobody(&self) -> Client<'_> {
        Client::new(self, None)
    }

    /// Whoever presents this credential.
    pub fn with_credential(&self, credential: impl Into<String>) -> Client<'_> {
        Client::new(self, Some(credential.into()))
    }

    fn client_of(&self, tenant: &Tenant, role: Role) -> Client<'_> {
        self.with_credential(self.token(&tenant.users[&role].to_string()))
    }

    /// A token for a subject, good for an hour.
    pub fn token(&self, subject: &str) -> String {
        // The signature is checked against the machine's clock.
        tokens()
            .issue(subject, okaeri::platform::clock::SystemClock.now(), chrono::Duration::hours(1))
            .unwrap()
    }

    /// Runs a use case of our organization directly.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> okaeri::platform::error::Result<T> + Send + Sync + 'static,
    ) -> T {
        let who = Principal::system(self.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo);
        self.okaeri.write_now(who, work).unwrap()
    }

    /// Runs a statement that no use case would.
    pub fn run(&self, statement: &'static str) {
        use diesel::connection::SimpleConnection;
        self.okaeri.db.write_now(move |conn| Ok(conn.batch_execute(statement)?)).unwrap();
    }

    /// Numbers what was written, so that the table of events holds it.
    pub fn settle(&self) {
        okaeri::platform::outbox::numbering::settle_now(&self.okaeri.db).unwrap();
    }

    /// How many events of this type the system itself caused.
    pub fn events_of_system(&self, kind: &'static str) -> i64 {
        use diesel::prelude::*;
        use okaeri::platform::db::schema::events;
        self.settle();
        let of_system =
            events::table.filter(events::actor.eq("system")).filter(events::type_.eq(kind));
        self.okaeri.db.read_now(move |conn| Ok(of_system.count().get_result(conn)?)).unwrap()
    }

    /// The types of all events since the seed's, in order.
    pub fn events(&self) -> Vec<String> {
        self.settle();
        use diesel::prelude::*;
        use okaeri::platform::db::schema::events;
        self.okaeri
            .db
            .read_now(|conn| {
                Ok(events::table
                    .filter(events::actor.ne("system"))
                    .order(events::sequence.asc())
                    .select(events::type_)
                    .load(conn)?)
            })
            .unwrap()
    }
}

/// An instant from its text.
pub fn instant(text: &str) -> Timestamp {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}
