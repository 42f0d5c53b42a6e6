//! States of a job, pure.

okaeri_engine::codes! {
    /// State of a job.
    pub enum JobState {
        /// Openings can be created in it.
        Active = "active",
        /// Kept for the record only.
        Archived = "archived",
    }
}
