//! Published versions, compiled once and shared: they never change, so they are never invalidated.
//!
//! What a use case reads may be taken back, its own publication for one. So what it compiles is shared once all that it
//! did is kept.

use std::sync::Arc;

use moka::sync::Cache;

use crate::domain::decision::Compiled;
use crate::ids::{OrganizationId, RegulationVersionId};

/// How many bytes of documents are kept compiled: more than an organization has, bounded for a server of many.
const KEPT: u64 = 8 * 1024 * 1024;
/// What a version costs beside its document.
const BESIDE: usize = 2_048;

/// Tenant and identifier of a version.
type Key = (OrganizationId, RegulationVersionId);

/// Compiled versions by tenant and identifier.
pub struct RegulationCache(Cache<Key, Arc<Compiled>>);

impl Default for RegulationCache {
    fn default() -> Self {
        let size = |_: &_, compiled: &Arc<Compiled>| u32::try_from(compiled.size() + BESIDE).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(KEPT).weigher(size).build())
    }
}

impl RegulationCache {
    /// Shares what a use case compiled.
    pub fn share(&self, fresh: Fresh) {
        fresh.into_iter().for_each(|(key, compiled)| self.0.insert(key, compiled));
    }
}

/// The versions that one use case compiled.
pub type Fresh = Vec<(Key, Arc<Compiled>)>;

/// Compiled versions as one use case sees them.
pub struct Seen<'c> {
    shared: &'c RegulationCache,
    fresh: Fresh,
}

impl<'c> Seen<'c> {
    /// Begins with those that are shared.
    #[must_use]
    pub const fn of(shared: &'c RegulationCache) -> Self {
        Self { shared, fresh: Vec::new() }
    }

    pub(super) fn get(&self, tenant: OrganizationId, id: RegulationVersionId) -> Option<Arc<Compiled>> {
        let own = self.fresh.iter().find(|(key, _)| *key == (tenant, id)).map(|(_, compiled)| Arc::clone(compiled));
        own.or_else(|| self.shared.0.get(&(tenant, id)))
    }

    pub(super) fn put(&mut self, tenant: OrganizationId, id: RegulationVersionId, compiled: Arc<Compiled>) {
        self.fresh.push(((tenant, id), compiled));
    }

    /// Returns what was compiled.
    #[must_use]
    pub fn into_fresh(self) -> Fresh {
        self.fresh
    }
}
