//! A request with an idempotency key, and its stored response.

/// A request with a key. A retry has the same organization, caller and endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// The key chosen by the client.
    pub key: String,
    /// Method and path.
    pub endpoint: String,
    /// SHA-256 of query and body.
    pub fingerprint: String,
}

/// A response to send and to replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The HTTP status.
    pub status: u16,
    /// Path of the created resource.
    pub location: Option<String>,
    /// Its ETag.
    pub etag: Option<String>,
    /// The body; none if it contains a secret.
    pub body: Option<String>,
}
