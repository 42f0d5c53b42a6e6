//! The contract of each route from the OpenAPI document, in a form for validating requests.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use actix_web::dev::ResourceDef;
use actix_web::{HttpRequest, web};
use okaeri_engine::messages::requests::wrong;
use serde_json::{Map, Value};

use super::expand::EXPAND;
use super::schema::Schemas;
use crate::platform::error::{Error, Fault, Result};

/// Extension that lists the choices of `fields`. It is not a parameter in the document: a generated
/// client expects complete resources.
pub(crate) const FIELDS: &str = "x-fields";

/// The routes of the document and the schemas of its bodies.
pub struct Contract {
    paths: Vec<(ResourceDef, String)>,
    operations: HashMap<(String, String), Operation>,
    /// Builds the document with the schemas of request bodies.
    of_requests: fn() -> Value,
    schemas: OnceLock<std::result::Result<Schemas, String>>,
}

/// The parameters of one operation.
#[derive(Debug, Default)]
pub struct Operation {
    /// Its identifier.
    pub id: String,
    /// Names of its query parameters.
    pub query: Vec<String>,
    /// Fields of its response that `fields` can select; empty if it has no such parameter.
    pub fields: Vec<String>,
    /// Names that `expand` accepts; empty if it has no such parameter.
    pub expand: Vec<String>,
}

impl Contract {
    /// Creates the contract from the document itself, so that both agree. The schemas of requests
    /// are compiled on first use.
    #[must_use]
    pub fn new(document: &Value, of_requests: fn() -> Value) -> Self {
        let (mut paths, mut operations) = (Vec::new(), HashMap::new());
        for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
            let mut methods = Vec::new();
            for (method, operation) in item.as_object().into_iter().flatten() {
                methods.push(method.to_uppercase());
                if method == "get" {
                    methods.push("HEAD".to_owned());
                }
                if let Some(operation) = operation.as_object() {
                    operations.insert((method.to_uppercase(), path.clone()), read(operation));
                }
            }
            paths.push((ResourceDef::new(path.as_str()), methods.join(", ")));
        }
        Self { paths, operations, of_requests, schemas: OnceLock::new() }
    }

    /// Returns the `Allow` header of a path that exists.
    #[must_use]
    pub fn methods(&self, path: &str) -> Option<&str> {
        self.paths
            .iter()
            .find(|(pattern, _)| pattern.is_match(path))
            .map(|(_, methods)| methods.as_str())
    }

    /// Returns the contract of the application that serves a request.
    ///
    /// # Errors
    /// `internal` when the application has none.
    pub(super) fn of(request: &HttpRequest) -> Result<Arc<Self>> {
        let contract = request.app_data::<web::Data<Self>>().cloned();
        contract.map(web::Data::into_inner).ok_or_else(|| Error::internal("no contract"))
    }

    /// Returns all faults of a value by the schema of this name, in time linear in the value; none
    /// if there is no such schema.
    #[must_use]
    pub fn faults(&self, schema: &str, value: &Value) -> Vec<Fault> {
        match self.schemas() {
            Ok(schemas) => schemas.faults(schema, value),
            Err(error) => {
                // A test compiles the schemas; without them every body is refused.
                tracing::error!(error, "the published schemas cannot be compiled");
                vec![Fault::new("", "invalid_value", wrong::VALUE)]
            }
        }
    }

    /// Returns the schemas of requests.
    ///
    /// # Errors
    /// A sentence that says why the schemas cannot be checked in linear time.
    pub(super) fn schemas(&self) -> std::result::Result<&Schemas, &str> {
        let compile = || Schemas::of(&(self.of_requests)());
        self.schemas.get_or_init(compile).as_ref().map_err(String::as_str)
    }

    /// Returns the operation that a request was routed to.
    #[must_use]
    pub fn operation(&self, request: &HttpRequest) -> Option<&Operation> {
        self.operations.get(&(request.method().as_str().to_owned(), request.match_pattern()?))
    }
}

fn read(operation: &Map<String, Value>) -> Operation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parameters = || operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let names = |list: Option<&Value>| {
        list.and_then(Value::as_array).into_iter().flatten().map(text).collect()
    };
    let expand = parameters().find(|one| one["name"] == EXPAND);
    Operation {
        id: operation.get("operationId").map(text).unwrap_or_default(),
        query: parameters()
            .filter(|one| one["in"] == "query")
            .map(|one| text(&one["name"]))
            .collect(),
        fields: names(operation.get(FIELDS)),
        expand: names(expand.and_then(|one| one.pointer("/schema/items/enum"))),
    }
}
