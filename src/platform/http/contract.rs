//! What the OpenAPI document promises of each route, in the form in which every request is held
//! against it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use actix_web::dev::ResourceDef;
use actix_web::{HttpRequest, web};
use okaeri_engine::messages::requests::wrong;
use serde_json::{Map, Value};

use super::expand::EXPAND;
use super::schema::Schemas;
use crate::platform::error::{Error, Fault, Result};

/// The extension that lists what `fields` can choose from. It is no parameter of the document: a
/// client made from it is promised whole things, and a part is none.
pub(crate) const FIELDS: &str = "x-fields";

/// Every route of the document, and the schemas of its bodies.
pub struct Contract {
    paths: Vec<(ResourceDef, String)>,
    operations: HashMap<(String, String), Operation>,
    /// Builds the document of the schemas that bodies are held against.
    of_requests: fn() -> Value,
    schemas: OnceLock<std::result::Result<Schemas, String>>,
}

/// What one operation takes and answers.
#[derive(Debug, Default)]
pub struct Operation {
    /// Its identifier.
    pub id: String,
    /// The parameters of its query string.
    pub query: Vec<String>,
    /// The fields of its answer that `fields` can choose from; none where it cannot.
    pub fields: Vec<String>,
    /// What `expand` can show; nothing where it cannot.
    pub expand: Vec<String>,
}

impl Contract {
    /// Reads the contract from the document itself, so that it cannot differ from it. The schemas of
    /// requests are compiled with the first body that needs them.
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

    /// The `Allow` header of a path that exists.
    #[must_use]
    pub fn methods(&self, path: &str) -> Option<&str> {
        self.paths
            .iter()
            .find(|(pattern, _)| pattern.is_match(path))
            .map(|(_, methods)| methods.as_str())
    }

    /// Returns the contract of the application that a request came to.
    ///
    /// # Errors
    /// `internal` where the application has none.
    pub(super) fn of(request: &HttpRequest) -> Result<Arc<Self>> {
        let contract = request.app_data::<web::Data<Self>>().cloned();
        contract.map(web::Data::into_inner).ok_or_else(|| Error::internal("no contract"))
    }

    /// Returns everything that is wrong with a value by the schema of this name, in time linear in
    /// the value; nothing where there is no such schema.
    #[must_use]
    pub fn faults(&self, schema: &str, value: &Value) -> Vec<Fault> {
        match self.schemas() {
            Ok(schemas) => schemas.faults(schema, value),
            Err(error) => {
                // A test compiles them; without them nothing is taken.
                tracing::error!(error, "the published schemas cannot be compiled");
                vec![Fault::new("", "invalid_value", wrong::VALUE)]
            }
        }
    }

    /// Returns the schemas of requests.
    ///
    /// # Errors
    /// Why they cannot be checked in linear time, as a sentence.
    pub(super) fn schemas(&self) -> std::result::Result<&Schemas, &str> {
        let compile = || Schemas::of(&(self.of_requests)());
        self.schemas.get_or_init(compile).as_ref().map_err(String::as_str)
    }

    /// The operation that a request was routed to.
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
