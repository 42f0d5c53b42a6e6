//! States of a version, pure.

crate::codes! {
    /// Where a regulation version is.
    pub enum VersionState {
        /// Being written.
        Draft = "draft",
        /// Published, and the newest.
        InForce = "in_force",
        /// Published, and followed by a newer one.
        Superseded = "superseded",
    }
}
