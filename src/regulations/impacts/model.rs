//! Scope and states of a run, pure.

okaeri_engine::codes! {
    /// The cases that a run decides.
    pub enum ImpactScope {
        /// All people on record, as if they applied on one day.
        People = "people",
        /// All submitted applications, with their own facts and dates.
        Applications = "applications",
    }
}

okaeri_engine::codes! {
    /// State of an impact run.
    pub enum ImpactState {
        /// The run is in progress.
        Running = "running",
        /// The run is finished; the report is complete.
        Done = "done",
        /// The run failed or its server stopped; the report holds the counts until then.
        Failed = "failed",
        /// The run was cancelled.
        Cancelled = "cancelled",
    }
}
