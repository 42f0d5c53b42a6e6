//! Published versions, compiled once and shared: they never change, so they are never invalidated.

use std::sync::Arc;

use moka::sync::Cache;

use crate::domain::decision::Compiled;
use crate::ids::{OrganizationId, RegulationVersionId};

/// How many bytes of documents are kept compiled: more than an organization has, bounded for a server of many.
const KEPT: u64 = 8 * 1024 * 1024;
/// What a version costs beside its document.
const BESIDE: usize = 2_048;

/// Compiled versions by tenant and identifier.
pub struct RegulationCache(Cache<(OrganizationId, RegulationVersionId), Arc<Compiled>>);

impl Default for RegulationCache {
    fn default() -> Self {
        let size = |_: &_, compiled: &Arc<Compiled>| u32::try_from(compiled.size() + BESIDE).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(KEPT).weigher(size).build())
    }
}

impl RegulationCache {
    pub(super) fn get(&self, tenant: OrganizationId, id: RegulationVersionId) -> Option<Arc<Compiled>> {
        self.0.get(&(tenant, id))
    }

    pub(super) fn put(&self, tenant: OrganizationId, id: RegulationVersionId, compiled: Arc<Compiled>) {
        self.0.insert((tenant, id), compiled);
    }
}
