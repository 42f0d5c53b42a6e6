//! Permission in the handler's type, and the version a caller has read.

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use okaeri_engine::messages::requests;
use okaeri_engine::meter::Meter;

use super::cursor::Seal;
use super::idempotency::{self, Answer, Answered};
use super::list::{ListAsked, ListQuery, PageQuery};
use super::{asked, expand};
use crate::platform::auth::authenticate::LEASE;
use crate::platform::auth::{Action, Principal};
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::idempotency::{Given, Keyed};
use crate::platform::usecase::{ExpectedVersion, Okaeri, Tx};
use crate::platform::work::Pass;

/// A caller who may do `A`: the only way from a handler to the database.
pub struct Allowed<A> {
    okaeri: web::Data<Okaeri>,
    who: Arc<Principal>,
    keyed: Option<Keyed>,
    /// What is done is taken back.
    is_dry_run: bool,
    action: PhantomData<A>,
}

impl<A: Action> Allowed<A> {
    /// Who asks.
    #[must_use]
    pub fn who(&self) -> &Principal {
        &self.who
    }

    /// The running system.
    #[must_use]
    pub fn okaeri(&self) -> &Okaeri {
        &self.okaeri
    }

    /// The running system and who asks, for work that goes on after the answer.
    #[must_use]
    pub fn shared(&self) -> (web::Data<Okaeri>, Arc<Principal>) {
        (self.okaeri.clone(), Arc::clone(&self.who))
    }

    /// What cursors of a list are bound to: this organization, the list, and how it is filtered.
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached.
    pub async fn seal(&self, list: &str, filter: &impl std::fmt::Debug) -> Result<Seal> {
        let secret = self.okaeri.cursor_secret().await?;
        Seal::new(secret, &format!("{} {list} {filter:?}", self.who.organization))
    }

    /// A page of a list of things that change, as it was asked for.
    ///
    /// # Errors
    /// `invalid`, `invalid_cursor`; `unavailable` when the database cannot be reached.
    pub async fn listing<I: std::str::FromStr>(
        &self,
        list: &str,
        filter: &impl std::fmt::Debug,
        query: &ListQuery,
        page: &PageQuery,
    ) -> Result<ListAsked<I>> {
        query.read(page, self.seal(list, &(filter, query)).await?)
    }

    /// Enters the gate of work that takes long; so it is done without a connection and on no thread
    /// that serves.
    ///
    /// # Errors
    /// `unavailable` when too many wait already.
    pub async fn pass(&self) -> Result<Pass> {
        self.okaeri.gates.documents.enter(self.who.organization).await
    }

    /// Enters the gate of runs in the background.
    ///
    /// # Errors
    /// `unavailable` when as many are at work as this server does at once.
    pub async fn pass_of_run(&self) -> Result<Pass> {
        self.okaeri.gates.runs.enter(self.who.organization).await
    }

    /// Runs work that is light as far as is known, and what turns out heavy in the gate of work
    /// that takes long.
    ///
    /// # Errors
    /// What the work answers; `too_costly` beyond the budget of a request, `unavailable` when too
    /// many wait already.
    pub async fn compute<T: Send + 'static>(
        &self,
        is_light: bool,
        work: impl Fn(&Meter) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let work = Arc::new(work);
        if is_light {
            let light = Arc::clone(&work);
            let computed = tokio::task::spawn_blocking(move || light(&Meter::of_case()));
            match computed.await.map_err(Error::internal)? {
                Err(error) if error.code == ProblemCode::TooCostly => {}
                computed => return computed,
            }
        }
        self.pass().await?.run(move |meter| work(meter)).await
    }

    /// Runs a read.
    ///
    /// # Errors
    /// What the work answers.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.okaeri.read(Arc::clone(&self.who), work).await
    }

    /// Runs a read whose every statement finds its rows by key; see
    /// [`crate::platform::db::Database::read_by_key`].
    ///
    /// # Errors
    /// What the work answers.
    pub async fn read_by_key<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.okaeri.read_by_key(Arc::clone(&self.who), work).await
    }

    /// Runs a use case in one transaction; on a dry run it is taken back.
    ///
    /// # Errors
    /// What the work answers, with nothing of it kept.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let who = Arc::clone(&self.who);
        if self.is_dry_run {
            self.okaeri.rehearse(who, work).await
        } else {
            self.okaeri.write(who, work).await
        }
    }

    /// Runs a use case in one transaction and answers with what it makes: under an
    /// `Idempotency-Key` once, and then with the first answer.
    ///
    /// # Errors
    /// What the work answers, with nothing of it kept; `idempotency_key_reused`.
    pub async fn answer<R: Answer + Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<R> + Send + Sync + 'static,
    ) -> Result<Answered> {
        Ok(self.answer_with(move |tx| Ok((work(tx)?, ()))).await?.0)
    }

    /// The same, with something for the handler when it was done now and stays done.
    ///
    /// # Errors
    /// As [`Allowed::answer`].
    pub async fn answer_with<R: Answer + Send + 'static, E: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<(R, E)> + Send + Sync + 'static,
    ) -> Result<(Answered, Option<E>)> {
        // A key stands for an effect, and a dry run has none.
        let keyed = self.keyed.clone().filter(|_| !self.is_dry_run);
        let kept_under = keyed.clone();
        let worked = move |tx: &mut Tx<'_>| {
            let (answer, extra) = work(tx)?;
            let Some(keyed) = &kept_under else { return Ok(Made::Now(answer, extra)) };
            let given = answer.given()?;
            let body = given.body.as_deref().filter(|_| !R::IS_TOLD_ONCE);
            crate::platform::idempotency::service::keep(tx, keyed, &given, body)?;
            Ok(Made::Kept(given, extra))
        };
        match (self.write(worked).await, keyed) {
            (Ok(Made::Kept(given, extra)), _) => Ok((Answered::first(given), Some(extra))),
            // What is not kept is written as JSON here, where no transaction waits for it.
            (Ok(Made::Now(answer, extra)), _) => {
                Ok((Answered::first(answer.given()?), Some(extra).filter(|_| !self.is_dry_run)))
            }
            // It may be refused for what it did itself, when it was sent before.
            (Err(refused), Some(keyed)) if refused.code.status() < 500 => {
                let given = self
                    .read(move |tx| crate::platform::idempotency::service::find(tx, &keyed))
                    .await?;
                let given = given.ok_or(refused)?;
                if A::PERMISSION.is_over_credentials() {
                    // It may have taken one a moment ago, and says that nobody believes it.
                    tokio::time::sleep(LEASE).await;
                }
                Ok((Answered::again(given), None))
            }
            (Err(refused), _) => Err(refused),
        }
    }
}

/// What was kept under a key, or what is answered without one.
enum Made<R, E> {
    Kept(Given, E),
    Now(R, E),
}

/// What the outer layer found out about the caller, before any handler runs.
#[derive(Clone)]
struct Checked(Arc<Principal>);

/// Finds out who calls and leaves it with the request, so that every handler checks permission
/// before it reads anything else of the request.
///
/// # Errors
/// `unauthenticated` when a credential is presented that is not good.
pub async fn identify(request: &ServiceRequest) -> Result<()> {
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    let credential = bearer(request.request())?;
    let okaeri = state(request.request())?;
    let who = okaeri
        .in_time(okaeri.auth.authenticate(&credential, &okaeri.db, okaeri.clock.as_ref()))
        .await?;
    request.extensions_mut().insert(Checked(who));
    Ok(())
}

/// Returns whether the database is asked for the caller's credential on nothing but its word.
pub(super) fn is_unproven(request: &ServiceRequest) -> bool {
    let (credential, okaeri) = (bearer(request.request()), state(request.request()));
    credential
        .is_ok_and(|credential| okaeri.is_ok_and(|okaeri| okaeri.auth.is_unproven(&credential)))
}

fn state(request: &HttpRequest) -> Result<web::Data<Okaeri>> {
    request
        .app_data::<web::Data<Okaeri>>()
        .cloned()
        .ok_or_else(|| Error::internal("the application has no state"))
}

impl<A: Action> FromRequest for Allowed<A> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let allowed = || {
            let (okaeri, who) = caller(request)?;
            who.require(A::PERMISSION)?;
            let who = who.acting(A::PERMISSION);
            let asked = asked::note(request)?;
            expand::permitted(okaeri.slices, &who, &asked.expand)?;
            let is_dry_run = asked.dry_run;
            Ok(Self {
                okaeri,
                who,
                keyed: idempotency::keyed(request),
                is_dry_run,
                action: PhantomData,
            })
        };
        std::future::ready(allowed())
    }
}

/// The running system and who asks, for what is added to an answer.
pub(super) fn caller(request: &HttpRequest) -> Result<(web::Data<Okaeri>, Arc<Principal>)> {
    let checked = request.extensions().get::<Checked>().cloned();
    Ok((state(request)?, checked.ok_or_else(nobody)?.0))
}

fn nobody() -> Error {
    Error::because(ProblemCode::Unauthenticated, requests::SEND_CREDENTIALS)
}

fn bearer(request: &HttpRequest) -> Result<String> {
    request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, credential)| credential.trim().to_owned())
        .filter(|credential| !credential.is_empty())
        .ok_or_else(nobody)
}

/// The version that the caller has read, from `If-Match`: its ETag, several of them, or `*`.
pub struct IfMatch(pub ExpectedVersion);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(if_match(request).map(Self))
    }
}

fn if_match(request: &HttpRequest) -> Result<ExpectedVersion> {
    let given = if_match_given(request)?;
    given.ok_or_else(|| Error::because(ProblemCode::PreconditionRequired, requests::SEND_IF_MATCH))
}

fn if_match_given(request: &HttpRequest) -> Result<Option<ExpectedVersion>> {
    if !request.headers().contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    let expected = super::conditional::expected(request);
    // A tag that was never given cannot be that of the present version.
    expected
        .map(Some)
        .ok_or_else(|| Error::because(ProblemCode::StaleVersion, requests::NOT_AN_ETAG))
}

/// The same where it is not required: a caller who keeps another system in line has read nothing.
pub struct IfMatchGiven(pub Option<ExpectedVersion>);

impl FromRequest for IfMatchGiven {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(if_match_given(request).map(Self))
    }
}
