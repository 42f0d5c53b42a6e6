//! Operations: handlers with their required permission and their own problems, as in the OpenAPI
//! document.

use actix_web::dev::{AppService, HttpServiceFactory};
use okaeri_engine::codes::Code as _;
use serde_json::json;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;

use crate::platform::auth::{Action, Permission};
use crate::platform::error::ProblemCode;

/// Extension with the required permission of an operation.
pub(crate) const PERMISSION: &str = "x-required-permission";
/// Extension with the problems of an operation, until the document is complete.
pub(crate) const PROBLEMS: &str = "x-problems";

/// A handler with what the document says of it.
pub struct Operation<H> {
    handler: H,
    permission: Option<Permission>,
    problems: &'static [ProblemCode],
}

/// Creates the operation of a handler that requires `Allowed<A>`, with the problems it returns in
/// addition to those that follow from its parameters and body.
///
/// A test calls every operation in every role and compares the responses with what is declared
/// here.
#[must_use]
pub fn operation<A: Action, H>(_: A, handler: H, problems: &'static [ProblemCode]) -> Operation<H> {
    Operation { handler, permission: Some(A::PERMISSION), problems }
}

/// Creates the operation of a handler that anybody may call, with the problems it returns in
/// addition to those that follow from its parameters and body.
#[must_use]
pub fn public_operation<H>(handler: H, problems: &'static [ProblemCode]) -> Operation<H> {
    Operation { handler, permission: None, problems }
}

impl<H: HttpServiceFactory> HttpServiceFactory for Operation<H> {
    fn register(self, config: &mut AppService) {
        self.handler.register(config);
    }
}

impl<H: OpenApiFactory> OpenApiFactory for Operation<H> {
    fn paths(&self) -> Paths {
        let codes: Vec<&str> = self.problems.iter().map(|code| code.as_str()).collect();
        let mut declared = Extensions::builder().add(PROBLEMS, json!(codes)).build();
        if let Some(permission) = self.permission {
            declared.insert(PERMISSION.to_owned(), json!(permission));
        }
        let mut paths = self.handler.paths();
        for item in paths.paths.values_mut() {
            let methods =
                [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            for operation in methods.into_iter().flatten() {
                operation.extensions.get_or_insert_default().merge(declared.clone());
            }
        }
        paths
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        self.handler.schemas(schemas);
    }
}
