//! Authorization in the handler's type, and the row version from `If-Match`.

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

/// A caller with permission `A`: the only access of a handler to the database.
pub struct Allowed<A> {
    okaeri: web::Data<Okaeri>,
    who: Arc<Principal>,
    keyed: Option<Keyed>,
    /// True if the transaction is rolled back.
    is_dry_run: bool,
    action: PhantomData<A>,
}

impl<A: Action> Allowed<A> {
    /// Returns the caller.
    #[must_use]
    pub fn who(&self) -> &Principal {
        &self.who
    }

    /// Returns the running system.
    #[must_use]
    pub fn okaeri(&self) -> &Okaeri {
        &self.okaeri
    }

    /// Returns the running system and the caller, for work that continues after the response.
    #[must_use]
    pub fn shared(&self) -> (web::Data<Okaeri>, Arc<Principal>) {
        (self.okaeri.clone(), Arc::clone(&self.who))
    }

    /// Returns the seal for cursors, bound to this organization, the list and its filter.
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached.
    pub async fn seal(&self, list: &str, filter: &impl std::fmt::Debug) -> Result<Seal> {
        let secret = self.okaeri.cursor_secret().await?;
        Seal::new(secret, &format!("{} {list} {filter:?}", self.who.organization))
    }

    /// Returns the requested page of a list with `created_at` and `updated_at`.
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

    /// Enters the gate of long work, which runs without a connection and on no serving thread.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting.
    pub async fn pass(&self) -> Result<Pass> {
        self.okaeri.gates.documents.enter(self.who.organization).await
    }

    /// Enters the gate of background runs.
    ///
    /// # Errors
    /// `unavailable` when the maximum number of runs is in progress.
    pub async fn pass_of_run(&self) -> Result<Pass> {
        self.okaeri.gates.runs.enter(self.who.organization).await
    }

    /// Runs work that is expected to be light. If it exceeds the budget of light work, it runs
    /// again in the gate of long work.
    ///
    /// # Errors
    /// Those of the work; `too_costly` beyond the budget of a request, `unavailable` when too many
    /// are waiting.
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
    /// Those of the work.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.okaeri.read(Arc::clone(&self.who), work).await
    }

    /// Runs a read whose statements all find their rows by key; see
    /// [`crate::platform::db::Database::read_by_key`].
    ///
    /// # Errors
    /// Those of the work.
    pub async fn read_by_key<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.okaeri.read_by_key(Arc::clone(&self.who), work).await
    }

    /// Runs a use case in one transaction, which a dry run rolls back.
    ///
    /// # Errors
    /// Those of the work, rolled back.
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

    /// Runs a use case in one transaction and returns its response. With an `Idempotency-Key` it
    /// runs once, and retries get the first response.
    ///
    /// # Errors
    /// Those of the work, rolled back; `idempotency_key_reused`.
    pub async fn answer<R: Answer + Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<R> + Send + Sync + 'static,
    ) -> Result<Answered> {
        Ok(self.answer_with(move |tx| Ok((work(tx)?, ()))).await?.0)
    }

    /// Does the same, and returns a value for the handler if the work ran now and was committed.
    ///
    /// # Errors
    /// Those of [`Allowed::answer`].
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
            // A response that is not stored is serialized here, after the transaction.
            (Ok(Made::Now(answer, extra)), _) => {
                Ok((Answered::first(answer.given()?), Some(extra).filter(|_| !self.is_dry_run)))
            }
            // A retry may fail because the first attempt already took effect.
            (Err(refused), Some(keyed)) if refused.code.status() < 500 => {
                let given = self
                    .read(move |tx| crate::platform::idempotency::service::find(tx, &keyed))
                    .await?;
                let given = given.ok_or(refused)?;
                if A::PERMISSION.is_over_credentials() {
                    // The first attempt may have changed a credential a moment ago: waits until no
                    // server accepts the old one.
                    tokio::time::sleep(LEASE).await;
                }
                Ok((Answered::again(given), None))
            }
            (Err(refused), _) => Err(refused),
        }
    }
}

/// A stored response, or one without a key.
enum Made<R, E> {
    Kept(Given, E),
    Now(R, E),
}

/// The caller, as authenticated by the outer layer before any handler runs.
#[derive(Clone)]
struct Checked(Arc<Principal>);

/// Authenticates the caller and attaches the principal to the request, so that every handler checks
/// permission before it reads anything else.
///
/// # Errors
/// `unauthenticated` when a credential is presented that is not valid.
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

/// Returns whether authenticating the caller requires a query although nothing supports the
/// credential.
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

/// Returns the running system and the caller.
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

/// The row version that the caller has read, from `If-Match`: an ETag, several, or `*`.
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
    // An unknown tag cannot be that of the current version.
    expected
        .map(Some)
        .ok_or_else(|| Error::because(ProblemCode::StaleVersion, requests::NOT_AN_ETAG))
}

/// An optional `If-Match`, for callers that synchronize another system and have read nothing.
pub struct IfMatchGiven(pub Option<ExpectedVersion>);

impl FromRequest for IfMatchGiven {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(if_match_given(request).map(Self))
    }
}
