//! Typed callers, and answers that assert.

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use serde_json::Value;

use super::app::TestApp;
use super::contract;

/// Somebody who calls.
pub struct Client<'a> {
    app: &'a TestApp,
    credential: Option<String>,
    headers: Vec<(String, String)>,
}

impl<'a> Client<'a> {
    pub fn new(app: &'a TestApp, credential: Option<String>) -> Self {
        Self { app, credential, headers: Vec::new() }
    }

    /// With a header on every request.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With the version that was read.
    pub fn if_match(self, version: impl std::fmt::Display) -> Self {
        self.with("if-match", format!("\"{version}\""))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body.to_string())).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body.to_string())).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body.to_string())).await
    }

    /// Sends a request with any text as its body.
    pub async fn send(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        self.request(method, path, body.map(String::into_bytes)).await
    }

    /// Sends a request with any bytes as its body.
    pub async fn send_bytes(&self, method: Method, path: &str, body: Vec<u8>) -> Answer {
        self.request(method, path, Some(body)).await
    }

    async fn request(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Answer {
        let mut request = TestRequest::with_uri(path).method(method.clone());
        if let Some(credential) = &self.credential {
            request = request.insert_header(("authorization", format!("Bearer {credential}")));
        }
        if let Some(body) = body {
            if !self.headers.iter().any(|(name, _)| name == "content-type") {
                request = request.insert_header(("content-type", "application/json"));
            }
            request = request.set_payload(body);
        }
        for (name, value) in &self.headers {
            request = request.insert_header((
                HeaderName::try_from(name).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            ));
        }
        let answer = Answer::read(path, self.app.call(request.to_request()).await).await;
        let broken = contract::broken(method.as_str(), path, &answer);
        assert_eq!(broken, None, "{method} {path}: {}", answer.text);
        answer
    }
}

/// An answer, read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Value,
    pub text: String,
    path: String,
}

impl Answer {
    async fn read(path: &str, response: actix_web::dev::ServiceResponse) -> Self {
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let bytes = to_bytes(response.into_body()).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
            path: path.to_owned(),
        }
    }

    /// Asserts the status; every refusal must be a problem document.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text);
        if status >= 400 {
            assert_eq!(
                self.header("content-type"),
                Some("application/problem+json"),
                "{}",
                self.text
            );
            assert_eq!(self.body["status"], status);
        }
        self
    }

    /// Asserts a refusal by its code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.body["code"], code, "{}", answer.text);
        answer
    }

    /// Asserts that exactly these places are wrong.
    #[track_caller]
    pub fn faults(self, pointers: &[&str]) -> Self {
        let mut found: Vec<&str> = self.body["errors"]
            .as_array()
            .map(|errors| errors.iter().filter_map(|error| error["pointer"].as_str()).collect())
            .unwrap_or_default();
        found.sort_unstable();
        let mut wanted = pointers.to_vec();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{}", self.text);
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The identifier of the thing in the answer.
    #[track_caller]
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id: {}", self.text)).to_owned()
    }

    /// Its row version.
    #[track_caller]
    pub fn version(&self) -> i64 {
        self.body["version"].as_i64().unwrap_or_else(|| panic!("no version: {}", self.text))
    }
}
