//! Published versions, compiled once and shared: they never change, so they are never invalidated.

use std::sync::Arc;

use moka::sync::Cache;

use crate::domain::decision::Compiled;
use crate::ids::{OrganizationId, RegulationVersionId};

/// How many compiled versions are kept: more than an organization has, bounded for a server of many.
const KEPT: u64 = 1_000;

/// Compiled versions by tenant and identifier.
pub struct RegulationCache(Cache<(OrganizationId, RegulationVersionId), Arc<Compiled>>);

impl Default for RegulationCache {
    fn default() -> Self {
        Self(Cache::new(KEPT))
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
