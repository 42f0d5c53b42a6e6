//! What the OpenAPI document promises of each route, in the form in which every request is held
//! against it.

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::dev::ResourceDef;
use serde_json::{Map, Value};

use super::expand::EXPAND;
use super::openapi;

/// Every route of the document.
pub struct Contract {
    paths: Vec<(ResourceDef, String)>,
    operations: HashMap<(String, String), Operation>,
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
    /// From the document itself, so that it cannot differ from it.
    #[must_use]
    pub fn from_document() -> Self {
        Self::of(&openapi::document())
    }

    fn of(document: &Value) -> Self {
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
        Self { paths, operations }
    }

    /// The `Allow` header of a path that exists.
    #[must_use]
    pub fn methods(&self, path: &str) -> Option<&str> {
        self.paths
            .iter()
            .find(|(pattern, _)| pattern.is_match(path))
            .map(|(_, methods)| methods.as_str())
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
        fields: names(operation.get(openapi::FIELDS)),
        expand: names(expand.and_then(|one| one.pointer("/schema/items/enum"))),
    }
}
