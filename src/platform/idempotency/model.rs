//! A request that may be sent again, and what was answered to it.

/// A request under a key. It is the same request for the same organization and caller, at the same
/// endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// The key that the client chose.
    pub key: String,
    /// Method and path.
    pub endpoint: String,
    /// SHA-256 of query and body: what is asked.
    pub fingerprint: String,
}

/// An answer as it is given, and given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The HTTP status.
    pub status: u16,
    /// Where the thing that was made is.
    pub location: Option<String>,
    /// Its ETag.
    pub etag: Option<String>,
    /// The body; none where it holds what is told once only.
    pub body: Option<String>,
}
