//! Cache.
/// Cache.
#[derive(Default)]
pub struct RegulationCache;
