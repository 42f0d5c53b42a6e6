//! Cache of compiled regulation versions. Compiling takes time in the size of a document, so it
//! never happens on a connection: a use case that needs a version that is not compiled is rolled
//! back, and runs again after compiling.
//!
//! Published versions never change: they are compiled once, shared and never invalidated.

use std::sync::Arc;

use moka::sync::Cache;
use okaeri_engine::decide::Compiled;
use serde_json::Value;

use super::db::Conn;
use super::error::{Error, ProblemCode, Result};
use super::ids::{OrganizationId, RegulationVersionId};

/// Maximum total size of the documents of cached versions, in bytes: more than an organization has,
/// and a limit for a server with many.
const KEPT: u64 = 8 * 1024 * 1024;
/// Size in bytes of a cached version beside its document.
const BESIDE: usize = 2_048;

/// Tenant and identifier of a version.
type Key = (OrganizationId, RegulationVersionId);

/// A version as stored.
#[derive(Debug)]
pub struct StoredVersion {
    /// Its document.
    pub document: Value,
    /// The hash of its document.
    pub hash: String,
    /// True if it is published; its document never changes.
    pub is_published: bool,
}

/// Functions that load and compile stored versions.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// Loads a version, without a permission check.
    pub load: fn(&mut Conn, OrganizationId, RegulationVersionId) -> Result<StoredVersion>,
    /// Compiles it. Takes time in the size of the document, but needs no connection.
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

    /// Returns whether a version is in the cache.
    #[must_use]
    pub fn has(&self, version: Uncompiled) -> bool {
        self.published.contains_key(&version.key)
    }

    /// Returns a closure that loads a version on a connection.
    pub(super) fn loading(
        &self,
        Uncompiled { key: (tenant, id), .. }: Uncompiled,
    ) -> impl Fn(&mut Conn) -> Result<StoredVersion> + Send + 'static {
        let load = self.source.load;
        move |conn| load(conn, tenant, id)
    }

    /// Compiles a stored version, and caches it if it is published.
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

/// The cause of an error: a use case needs this version compiled.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a version of a regulation has to be compiled first")]
pub struct Uncompiled {
    key: Key,
    is_published: bool,
}

impl Uncompiled {
    /// Returns the tenant.
    #[must_use]
    pub const fn organization(self) -> OrganizationId {
        self.key.0
    }

    /// Returns whether it is published, and thus compiled once and shared.
    #[must_use]
    pub const fn is_published(self) -> bool {
        self.is_published
    }

    /// Returns the missing version, if that is the cause of the error.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        error.cause()?.downcast_ref().copied()
    }
}

/// A version compiled for one use case.
#[derive(Debug, Clone)]
pub struct CompiledVersion {
    key: Key,
    /// Hash of its document, since a draft may change meanwhile.
    hash: String,
    compiled: Arc<Compiled>,
}

/// The compiled versions available to one use case.
pub struct Seen<'c> {
    /// The cache of published versions.
    pub shared: &'c RegulationCache,
    /// Versions compiled for this use case.
    pub own: &'c [CompiledVersion],
}

impl Seen<'_> {
    /// Returns a published version from the cache.
    pub(crate) fn shared(
        &self,
        tenant: OrganizationId,
        id: RegulationVersionId,
    ) -> Option<Arc<Compiled>> {
        self.shared.published.get(&(tenant, id))
    }

    /// Returns the version compiled for this use case from the document with this hash.
    ///
    /// # Errors
    /// `conflict` caused by [`Uncompiled`], which makes this use case run again.
    pub(crate) fn own(
        &self,
        key: (OrganizationId, RegulationVersionId),
        hash: &str,
        is_published: bool,
    ) -> Result<Arc<Compiled>> {
        let own = self.own.iter().find(|version| version.key == key && version.hash == hash);
        let own = own.map(|version| Arc::clone(&version.compiled));
        let missing = Uncompiled { key, is_published };
        // A client error: the other use cases of a shared commit are not rolled back.
        own.ok_or_else(|| Error::new(ProblemCode::Conflict).caused_by(missing))
    }
}
