//! Compiled versions. Compiling takes time in the size of a document, so it never happens on a
//! connection: a use case that needs a version which is not compiled is taken back, and runs again
//! once it is.
//!
//! Published versions never change. They are compiled once and shared, and never invalidated.

use std::sync::Arc;

use moka::sync::Cache;
use okaeri_engine::decide::Compiled;

use super::store::{VersionHead, VersionRow};
use super::versions;
use crate::error::{Error, ProblemCode, Result};
use crate::ids::{OrganizationId, RegulationVersionId};

/// How many bytes of documents are kept compiled: more than an organization has, bounded for a
/// server of many.
const KEPT: u64 = 8 * 1024 * 1024;
/// What a version costs beside its document.
const BESIDE: usize = 2_048;

/// Tenant and identifier of a version.
type Key = (OrganizationId, RegulationVersionId);

/// Compiled published versions by tenant and identifier.
pub struct RegulationCache(Cache<Key, Arc<Compiled>>);

impl Default for RegulationCache {
    fn default() -> Self {
        let size = |_: &_, compiled: &Arc<Compiled>| {
            u32::try_from(compiled.size() + BESIDE).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(KEPT).weigher(size).build())
    }
}

impl RegulationCache {
    /// Returns whether a version is shared.
    #[must_use]
    pub fn has(&self, version: Uncompiled) -> bool {
        self.0.contains_key(&version.key)
    }

    /// Compiles a version as it is stored, and shares it if it was published.
    ///
    /// # Errors
    /// `invalid_regulation` for a draft that cannot run.
    pub fn compile(&self, row: VersionRow) -> Result<CompiledVersion> {
        let compiled = Arc::new(versions::compile_stored(&row)?);
        let VersionRow { head, .. } = row;
        let key = (head.organization_id, head.id);
        if head.state.is_published() {
            self.0.insert(key, Arc::clone(&compiled));
        }
        Ok(CompiledVersion { key, hash: head.hash, compiled })
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

    /// The version.
    #[must_use]
    pub const fn version(self) -> RegulationVersionId {
        self.key.1
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
    pub(super) fn shared(
        &self,
        tenant: OrganizationId,
        id: RegulationVersionId,
    ) -> Option<Arc<Compiled>> {
        self.shared.0.get(&(tenant, id))
    }

    /// Returns a version that was compiled for this use case.
    ///
    /// # Errors
    /// [`Uncompiled`], which has this use case run again.
    pub(super) fn own(&self, head: &VersionHead) -> Result<Arc<Compiled>> {
        let key = (head.organization_id, head.id);
        let own = self.own.iter().find(|version| version.key == key && version.hash == head.hash);
        let own = own.map(|version| Arc::clone(&version.compiled));
        let missing = Uncompiled { key, is_published: head.state.is_published() };
        // A refusal, not a failure: what shares its commit is not taken back.
        own.ok_or_else(|| Error::new(ProblemCode::Conflict).caused_by(missing))
    }
}
