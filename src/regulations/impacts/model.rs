//! Scope and states of a run, pure.

okaeri_engine::codes! {
    /// Who is decided.
    pub enum ImpactScope {
        /// Everybody on record, as if they applied on one day.
        People = "people",
        /// Every application that was handed in, with its own facts and dates.
        Applications = "applications",
    }
}

okaeri_engine::codes! {
    /// Where a run is.
    pub enum ImpactState {
        /// At work.
        Running = "running",
        /// It has its report.
        Done = "done",
        /// It stopped at something that it could not do; the report holds what was counted before.
        Failed = "failed",
        /// Somebody stopped it.
        Cancelled = "cancelled",
    }
}
