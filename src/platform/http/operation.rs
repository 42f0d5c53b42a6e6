//! Operations: handlers with their required permission and their own problems, as in the OpenAPI
//! document.

use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use okaeri_engine::codes::Code as _;
use serde_json::json;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;

use crate::platform::auth::Action;
use crate::platform::error::ProblemCode;

/// Extension with the required permission of an operation.
pub(crate) const PERMISSION: &str = "x-required-permission";
/// Extension with the problems of an operation, until the document is complete.
pub(crate) const PROBLEMS: &str = "x-problems";

/// A handler whose action is `A`.
pub struct Operation<A, H> {
    handler: H,
    problems: &'static [ProblemCode],
    action: PhantomData<A>,
}

/// Creates the operation of a handler that takes `Allowed<A>`, with the problems it returns beside
/// those implied by its extractors.
///
/// A test calls every operation in every role and compares the responses with this declaration.
#[must_use]
pub fn operation<A: Action, H>(
    _: A,
    handler: H,
    problems: &'static [ProblemCode],
) -> Operation<A, H> {
    Operation { handler, problems, action: PhantomData }
}

impl<A, H: HttpServiceFactory> HttpServiceFactory for Operation<A, H> {
    fn register(self, config: &mut AppService) {
        self.handler.register(config);
    }
}

impl<A: Action, H: OpenApiFactory> OpenApiFactory for Operation<A, H> {
    fn paths(&self) -> Paths {
        let codes: Vec<&str> = self.problems.iter().map(|code| code.as_str()).collect();
        let declared = Extensions::builder()
            .add(PERMISSION, A::PERMISSION.as_str())
            .add(PROBLEMS, json!(codes))
            .build();
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
