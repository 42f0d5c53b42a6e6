//! Comparison of two OpenAPI documents: the changes, and which of them break clients of the earlier
//! one.
//!
//! The promise: within `/v1` no operation, parameter, response field or accepted value is removed;
//! nothing new becomes required; no limit on requests becomes narrower. Fields, codes, values and
//! union members may be added to responses: clients ignore those they do not know.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// A change of the contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// True if it can break a client of the earlier document.
    pub is_breaking: bool,
    /// Its place: the operation, and the place inside.
    pub at: String,
    /// A description of the change.
    pub what: String,
}

/// Returns all changes from one document to a later one.
#[must_use]
pub fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut comparison = Comparison { old, new, seen: BTreeSet::new(), found: BTreeSet::new() };
    comparison.paths();
    comparison.found.into_iter().collect()
}

/// Returns a document's contract only, without prose and examples.
#[must_use]
pub fn bare(document: &Value) -> Value {
    match document {
        Value::Object(map) => {
            let prose = |key: &str, value: &Value| match key {
                "description" | "summary" => value.is_string(),
                "example" | "examples" | "title" | "webhooks" | "contact" => true,
                _ => key.starts_with("x-"),
            };
            let is_schema_map = |key: &str| matches!(key, "properties" | "schemas" | "mapping");
            let keep = map.iter().filter(|(key, value)| !prose(key, value));
            keep.map(|(key, value)| {
                let inner = match value.as_object().filter(|_| is_schema_map(key)) {
                    Some(named) => named
                        .iter()
                        .map(|(name, value)| (name.clone(), bare(value)))
                        .collect::<Map<_, _>>()
                        .into(),
                    None if key == "responses" => codes_of(value),
                    None => bare(value),
                };
                (key.clone(), inner)
            })
            .collect::<Map<_, _>>()
            .into()
        }
        Value::Array(items) => items.iter().map(bare).collect::<Vec<_>>().into(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => document.clone(),
    }
}

/// Keeps only the codes of problems; successful responses keep their schema.
fn codes_of(responses: &Value) -> Value {
    let all = responses.as_object().into_iter().flatten();
    let kept = all
        .filter(|(name, _)| !name.starts_with("Problem"))
        .map(|(status, response)| (status.clone(), bare(response)));
    kept.collect::<Map<_, _>>().into()
}

/// Direction of data: request or response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Sent,
    Answered,
}

struct Comparison<'d> {
    old: &'d Value,
    new: &'d Value,
    seen: BTreeSet<(String, String, Way)>,
    found: BTreeSet<Change>,
}

fn object<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn texts(value: Option<&Value>) -> BTreeSet<&str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

impl<'d> Comparison<'d> {
    fn tell(&mut self, is_breaking: bool, at: &str, what: impl Into<String>) {
        self.found.insert(Change { is_breaking, at: at.to_owned(), what: what.into() });
    }

    fn paths(&mut self) {
        let (old, new) = (self.old, self.new);
        for (path, item) in object(old, "paths") {
            for (method, before) in item.as_object().into_iter().flatten() {
                let at = format!("{} {path}", method.to_uppercase());
                match new.get("paths").and_then(|paths| paths.get(path)?.get(method)) {
                    Some(after) => self.operation(&at, before, after),
                    None => self.tell(true, &at, "the operation is gone"),
                }
            }
        }
        for (path, item) in object(new, "paths") {
            for (method, _) in item.as_object().into_iter().flatten() {
                if old.get("paths").and_then(|paths| paths.get(path)?.get(method)).is_none() {
                    self.tell(
                        false,
                        &format!("{} {path}", method.to_uppercase()),
                        "a new operation",
                    );
                }
            }
        }
    }

    fn operation(&mut self, at: &str, old: &'d Value, new: &'d Value) {
        for name in ["operationId", "tags"] {
            if old.get(name) != new.get(name) {
                self.tell(
                    true,
                    at,
                    format!("{name} is another: generated clients name functions by it"),
                );
            }
        }
        if old.get("deprecated") != new.get("deprecated") {
            self.tell(false, at, "deprecated");
        }
        self.parameters(at, old, new);
        let body = |operation: &'d Value| {
            operation.get("requestBody").map(|body| body.get("required") == Some(&json!(true)))
        };
        match (body(old), body(new)) {
            (Some(false) | None, Some(true)) => self.tell(true, at, "a body is required now"),
            (Some(_), None) => self.tell(true, at, "no body is taken any more"),
            (None | Some(_), None | Some(_)) => {}
        }
        self.contents(
            &format!("{at} body"),
            old.get("requestBody"),
            new.get("requestBody"),
            Way::Sent,
        );
        for (status, before) in
            object(old, "responses").filter(|(status, _)| status.starts_with('2'))
        {
            match new.get("responses").and_then(|all| all.get(status)) {
                Some(after) => self.contents(
                    &format!("{at} {status}"),
                    Some(before),
                    Some(after),
                    Way::Answered,
                ),
                None => self.tell(true, at, format!("{status} is no longer answered")),
            }
        }
    }

    fn parameters(&mut self, at: &str, old: &'d Value, new: &'d Value) {
        let all = |operation: &'d Value| {
            operation.get("parameters").and_then(Value::as_array).into_iter().flatten()
        };
        let is_same = |one: &Value, other: &Value| {
            one.get("name") == other.get("name") && one.get("in") == other.get("in")
        };
        let is_required = |one: &Value| one.get("required") == Some(&json!(true));
        let name =
            |one: &Value| one.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        for before in all(old) {
            match all(new).find(|after| is_same(before, after)) {
                None => self.tell(true, at, format!("the parameter {} is gone", name(before))),
                Some(after) => {
                    if is_required(after) && !is_required(before) {
                        self.tell(
                            true,
                            at,
                            format!("the parameter {} is required now", name(before)),
                        );
                    }
                    self.schema(
                        &format!("{at} {}", name(before)),
                        before.get("schema"),
                        after.get("schema"),
                        Way::Sent,
                    );
                }
            }
        }
        for after in all(new).filter(|after| !all(old).any(|before| is_same(before, after))) {
            self.tell(is_required(after), at, format!("a new parameter {}", name(after)));
        }
    }

    fn contents(&mut self, at: &str, old: Option<&'d Value>, new: Option<&'d Value>, way: Way) {
        for (media, before) in old.into_iter().flat_map(|old| object(old, "content")) {
            match new.and_then(|new| new.get("content")?.get(media)) {
                Some(after) => self.schema(at, before.get("schema"), after.get("schema"), way),
                None => self.tell(true, at, format!("{media} is gone")),
            }
        }
    }

    fn schema(&mut self, at: &str, old: Option<&'d Value>, new: Option<&'d Value>, way: Way) {
        let (Some(old), Some(new)) = (old, new) else { return };
        let name = |schema: &Value| schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
        let (old_name, new_name) = (name(old), name(new));
        if old_name != new_name {
            let told = |name: &Option<String>| {
                name.as_deref()
                    .and_then(|name| name.rsplit('/').next())
                    .unwrap_or("a schema without a name")
                    .to_owned()
            };
            self.tell(
                true,
                at,
                format!(
                    "{} is now {}: generated clients name types by it",
                    told(&old_name),
                    told(&new_name)
                ),
            );
        }
        if let (Some(old_name), Some(new_name)) = (&old_name, &new_name)
            && !self.seen.insert((old_name.clone(), new_name.clone(), way))
        {
            return;
        }
        let at =
            old_name.as_deref().and_then(|name| name.rsplit('/').next()).unwrap_or(at).to_owned();
        let resolved = |document: &'d Value, schema: &'d Value| match schema
            .get("$ref")
            .and_then(Value::as_str)
        {
            Some(reference) => {
                document.pointer(reference.trim_start_matches('#')).unwrap_or(schema)
            }
            None => schema,
        };
        let (old, new) = (resolved(self.old, old), resolved(self.new, new));
        self.values(&at, old, new, way);
        self.limits(&at, old, new, way);
        self.properties(&at, old, new, way);
        for key in ["items", "additionalProperties"] {
            let (before, after) = (
                old.get(key).filter(|one| one.is_object()),
                new.get(key).filter(|one| one.is_object()),
            );
            self.schema(&format!("{at}/{key}"), before, after, way);
        }
        self.branches(&at, old, new, way);
    }

    fn values(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        let types = |schema: &Value| match schema.get("type") {
            Some(Value::String(one)) => BTreeSet::from([one.clone()]),
            many => texts(many).into_iter().map(str::to_owned).collect(),
        };
        let (before, after) = (types(old), types(new));
        let breaks = match way {
            Way::Sent => !before.is_subset(&after) && !after.is_empty(),
            Way::Answered => !after.is_subset(&before) && !before.is_empty(),
        };
        if breaks {
            self.tell(true, at, format!("the type was {before:?} and is {after:?}"));
        }
        let codes = |schema: &Value| match schema.get("const").and_then(Value::as_str) {
            Some(one) => BTreeSet::from([one.to_owned()]),
            None => {
                texts(schema.get("enum")).into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
            }
        };
        let (before, after) = (codes(old), codes(new));
        for gone in before.difference(&after).filter(|_| !after.is_empty()) {
            self.tell(way == Way::Sent, at, format!("the value {gone} is gone"));
        }
        for added in after.difference(&before) {
            self.tell(before.is_empty() && way == Way::Sent, at, format!("a new value {added}"));
        }
    }

    fn limits(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        if way == Way::Answered {
            return;
        }
        let number = |schema: &Value, key: &str| schema.get(key).and_then(Value::as_f64);
        for (key, sign) in [
            ("minimum", 1.0),
            ("minLength", 1.0),
            ("minItems", 1.0),
            ("maximum", -1.0),
            ("maxLength", -1.0),
            ("maxItems", -1.0),
            ("maxProperties", -1.0),
        ] {
            let (before, after) = (number(old, key), number(new, key));
            if after.is_some_and(|after| before.is_none_or(|before| after * sign > before * sign)) {
                self.tell(true, at, format!("{key} was {before:?} and is {after:?}"));
            }
        }
        for key in ["pattern", "format"] {
            if new.get(key).is_some() && new.get(key) != old.get(key) {
                self.tell(true, at, format!("{key} is another"));
            }
        }
    }

    fn properties(&mut self, at: &str, old: &'d Value, new: &'d Value, way: Way) {
        let (required_before, required_after) =
            (texts(old.get("required")), texts(new.get("required")));
        for (name, before) in object(old, "properties") {
            let place = format!("{at}/{name}");
            match new.get("properties").and_then(|all| all.get(name)) {
                None => self.tell(true, &place, "the field is gone"),
                Some(after) => self.schema(&place, Some(before), Some(after), way),
            }
            let (was, is) =
                (required_before.contains(name.as_str()), required_after.contains(name.as_str()));
            if way == Way::Sent && is && !was {
                self.tell(true, &place, "the field is required now");
            }
            if way == Way::Answered && was && !is {
                self.tell(true, &place, "the field is no longer always there");
            }
        }
        for (name, _) in object(new, "properties")
            .filter(|(name, _)| old.get("properties").is_none_or(|all| all.get(*name).is_none()))
        {
            let breaks = way == Way::Sent && required_after.contains(name.as_str());
            self.tell(breaks, &format!("{at}/{name}"), "a new field");
        }
    }

    fn branches(&mut self, at: &str, old: &'d Value, new: &'d Value, way: Way) {
        let all = |schema: &'d Value| {
            ["oneOf", "anyOf", "allOf"]
                .into_iter()
                .flat_map(|key| schema.get(key).and_then(Value::as_array).into_iter().flatten())
        };
        let key = |branch: &Value| match branch.get("$ref") {
            Some(name) => name.to_string(),
            None => branch.get("type").unwrap_or(branch).to_string(),
        };
        for before in all(old) {
            match all(new).find(|after| key(after) == key(before)) {
                Some(after) => self.schema(at, Some(before), Some(after), way),
                None => {
                    self.tell(way == Way::Sent, at, format!("the kind {} is gone", key(before)))
                }
            }
        }
        for after in all(new).filter(|after| !all(old).any(|before| key(before) == key(after))) {
            let breaks = way == Way::Answered && key(after) == "\"null\"";
            self.tell(breaks, at, format!("a new kind {}", key(after)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({"paths": {"/things": {
            "post": {"operationId": "createThing", "tags": ["things"],
                "parameters": [{"name": "dry_run", "in": "query", "schema": {"type": "boolean"}}],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingInput"}}}},
                "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}}},
        "components": {"schemas": {
            "ThingInput": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "maxLength": 10}, "kind": {"type": "string", "enum": ["a", "b"]}}},
            "Thing": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "note": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}}}}}})
    }

    /// The changes of a document in which the value at this place is another; null takes it away.
    fn changed(pointer: &str, value: Value) -> Vec<(bool, String)> {
        let (old, mut new) = (document(), document());
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        let parent = new.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.remove(&key)
        } else {
            parent.insert(key, value)
        };
        changes(&old, &new).into_iter().map(|change| (change.is_breaking, change.at)).collect()
    }

    #[test]
    fn nothing_changed_is_no_change() {
        assert_eq!(changes(&document(), &document()), []);
    }

    #[test]
    fn what_a_client_notices_breaks() {
        let sent = "/components/schemas/ThingInput";
        let answered = "/components/schemas/Thing";
        for (pointer, value, at) in [
            ("/paths/~1things".to_owned(), Value::Null, "POST /things"),
            ("/paths/~1things/post/operationId".to_owned(), json!("makeThing"), "POST /things"),
            ("/paths/~1things/post/parameters".to_owned(), json!([]), "POST /things"),
            ("/paths/~1things/post/responses/201".to_owned(), Value::Null, "POST /things"),
            (format!("{sent}/required"), json!(["name", "kind"]), "ThingInput/kind"),
            (format!("{sent}/properties/kind"), Value::Null, "ThingInput/kind"),
            (format!("{sent}/properties/kind/enum"), json!(["a"]), "ThingInput/kind"),
            (format!("{sent}/properties/name/maxLength"), json!(9), "ThingInput/name"),
            (format!("{sent}/properties/name/pattern"), json!("^x"), "ThingInput/name"),
            (format!("{answered}/properties/note"), Value::Null, "Thing/note"),
            (format!("{answered}/properties/note/type"), json!(["string", "null"]), "Thing/note"),
            (format!("{answered}/required"), json!([]), "Thing/id"),
        ] {
            assert_eq!(changed(&pointer, value), [(true, at.to_owned())], "{pointer}");
        }
    }

    #[test]
    fn what_only_adds_does_not_break() {
        for (pointer, value, at) in [
            ("/components/schemas/ThingInput/properties/name/maxLength", json!(11), None),
            ("/components/schemas/ThingInput/required", json!([]), None),
            (
                "/components/schemas/ThingInput/properties/note",
                json!({"type": "string"}),
                Some("ThingInput/note"),
            ),
            (
                "/components/schemas/Thing/properties/more",
                json!({"type": "string"}),
                Some("Thing/more"),
            ),
            (
                "/components/schemas/Thing/properties/kind/enum",
                json!(["a", "b", "c"]),
                Some("Thing/kind"),
            ),
            ("/components/schemas/Thing/required", json!(["id", "note"]), None),
            ("/paths/~1others", json!({"get": {}}), Some("GET /others")),
        ] {
            let expected: Vec<_> = at.map(|at| (false, at.to_owned())).into_iter().collect();
            assert_eq!(changed(pointer, value), expected, "{pointer}");
        }
    }

    #[test]
    fn a_bare_document_has_the_same_contract() {
        let document = super::super::document();
        assert_eq!(changes(&document, &bare(&document)), []);
        assert_eq!(changes(&bare(&document), &document), []);
    }
}
