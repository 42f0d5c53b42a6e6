//! Compiled versions of regulations. Compiling takes time in the size of a document, so it never
//! happens on a connection: a use case that needs a version which is not compiled is rolled back,
//! and runs again once it is.
//!
//! Published versions never change. They are compiled once and shared, and never invalidated.

use std::sync::Arc;

use moka::sync::Cache;
use okaeri_engine::decision::Compiled;
use serde_json::Value;

use super::db::Conn;
use super::error::{Error, ProblemCode, Result};
use super::ids::{OrganizationId, RegulationVersionId};

/// How many bytes of documents are kept compiled: more than an organization has, bounded for a
/// server of many.
const KEPT: u64 = 8 * 1024 * 1024;
/// What a version costs beside its document.
const BESIDE: usize = 2_048;

/// Tenant and identifier of a version.
type Key = (OrganizationId, RegulationVersionId);

/// A version as it is stored.
#[derive(Debug)]
pub struct StoredVersion {
    /// Its document.
    pub document: Value,
    /// The hash of its document.
    pub hash: String,
    /// Whether it was published, so that its document never changes.
    pub is_published: bool,
}

/// The functions by which stored versions are loaded and compiled.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// Loads a version, whoever may read it.
    pub load: fn(&mut Conn, OrganizationId, RegulationVersionId) -> Result<StoredVersion>,
    /// Compiles it. It takes time in the size of the document, and no connection.
    pub compile: fn(&StoredVersion) -> Result<Compiled>,
}

/// Compiled published versions by tenant and identifier.
pub struct RegulationCache {
    source: Source,
    published: Cache<Key, Arc<Compiled>>,
}

impl RegulationCache {
    /// Creates an empty cache of versions from this source.
    #[must_use]
    pub fn new(source: Source) -> Self {
        let size = |_: &_, compiled: &Arc<Compiled>| {
            u32::try_from(compiled.size() + BESIDE).unwrap_or(u32::MAX)
        };
        let published = Cache::builder().max_capacity(KEPT).weigher(size).build();
        Self { source, published }
    }

    /// Returns whether a version is shared.
    #[must_use]
    pub fn has(&self, version: Uncompiled) -> bool {
        self.published.contains_key(&version.key)
    }

    /// Returns the work on a connection that loads a version.
    pub(super) fn loading(
        &self,
        Uncompiled { key: (tenant, id), .. }: Uncompiled,
    ) -> impl Fn(&mut Conn) -> Result<StoredVersion> + Send + 'static {
        let load = self.source.load;
        move |conn| load(conn, tenant, id)
    }

    /// Compiles a version as it is stored, and shares it if it was published.
    ///
    /// # Errors
    /// `invalid_regulation` for a draft that cannot run.
    pub fn compile(
        &self,
        Uncompiled { key, .. }: Uncompiled,
        stored: StoredVersion,
    ) -> Result<CompiledVersion> {
        let compiled = Arc::new((self.source.compile)(&stored)?);
        if stored.is_published {
            self.published.insert(key, Arc::clone(&compiled));
        }
        Ok(CompiledVersion { key, hash: stored.hash, compiled })
    }
}

/// A version that a use case needs compiled, as the cause of an error.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a version of a regulation has to be compiled first")]
pub struct Uncompiled {
    key: Key,
    is_published: bool,
}

impl Uncompiled {
    /// The tenant.
    #[must_use]
    pub const fn organization(self) -> OrganizationId {
        self.key.0
    }

    /// Returns whether it was published, and so is compiled once for all.
    #[must_use]
    pub const fn is_published(self) -> bool {
        self.is_published
    }

    /// Returns the version that was missing, where that is why a use case failed.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        error.cause()?.downcast_ref().copied()
    }
}

/// A version that was compiled for one use case.
#[derive(Debug, Clone)]
pub struct CompiledVersion {
    key: Key,
    /// Hash of its document: a draft may have changed since.
    hash: String,
    compiled: Arc<Compiled>,
}

/// Compiled versions as one use case sees them.
pub struct Seen<'c> {
    /// Published ones.
    pub shared: &'c RegulationCache,
    /// Those that were compiled for it.
    pub own: &'c [CompiledVersion],
}

impl Seen<'_> {
    /// Returns a published version that is shared.
    pub(crate) fn shared(
        &self,
        tenant: OrganizationId,
        id: RegulationVersionId,
    ) -> Option<Arc<Compiled>> {
        self.shared.published.get(&(tenant, id))
    }

    /// Returns a version that was compiled for this use case from the document with this hash.
    ///
    /// # Errors
    /// [`Uncompiled`], which has this use case run again.
    pub(crate) fn own(
        &self,
        key: (OrganizationId, RegulationVersionId),
        hash: &str,
        is_published: bool,
    ) -> Result<Arc<Compiled>> {
        let own = self.own.iter().find(|version| version.key == key && version.hash == hash);
        let own = own.map(|version| Arc::clone(&version.compiled));
        let missing = Uncompiled { key, is_published };
        // A refusal, not a failure: what shares its commit is not taken back.
        own.ok_or_else(|| Error::new(ProblemCode::Conflict).caused_by(missing))
    }
}
