//! Compiler from the JSON of a document to [`Schemas`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Bounds, Format, Id, Node, Others, Pattern, Plain, Schemas, Types};

const REFERENCE: &str = "#/components/schemas/";

/// Keywords that do not constrain a value.
const TOLD: [&str; 7] =
    ["description", "title", "example", "examples", "default", "deprecated", "x-enum-varnames"];

type Compiled<T> = Result<T, String>;

impl Schemas {
    /// Compiles all schemas of a document.
    pub(in crate::platform::http) fn of(document: &Value) -> Compiled<Self> {
        let empty = Map::new();
        let all =
            document.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&empty);
        let names = all.keys().enumerate().map(|(id, name)| (name.clone(), id)).collect();
        let mut compiling = Compiling { schemas: Self { nodes: Vec::new(), names } };
        // Named schemas come first, at the index of their name.
        compiling.schemas.nodes.extend(all.keys().map(|_| Node::Plain(Box::default())));
        for (id, (name, schema)) in all.iter().enumerate() {
            let node = compiling.node(schema).map_err(|error| format!("{name}: {error}"))?;
            if let Some(place) = compiling.schemas.nodes.get_mut(id) {
                *place = node;
            }
        }
        let mut schemas = compiling.schemas;
        schemas.settle_unions()?;
        Ok(schemas)
    }

    /// Sets the types of the members of each union, once all schemas are known. Fails if two
    /// members of a union accept the same type.
    fn settle_unions(&mut self) -> Compiled<()> {
        for id in 0..self.nodes.len() {
            let Some(Node::ByType(members)) = self.nodes.get(id) else { continue };
            let settled: Vec<(Types, Id)> = members
                .iter()
                .map(|(_, member)| (self.types(*member, &mut BTreeSet::new()), *member))
                .collect();
            let mut seen = Types::NONE;
            for (types, _) in &settled {
                if seen.has_common(*types) {
                    return Err(format!(
                        "a union without a discriminator has two members of one type: {settled:?}"
                    ));
                }
                seen = seen.and(*types);
            }
            if let Some(node) = self.nodes.get_mut(id) {
                *node = Node::ByType(settled);
            }
        }
        Ok(())
    }
}

struct Compiling {
    schemas: Schemas,
}

impl Compiling {
    fn add(&mut self, schema: &Value) -> Compiled<Id> {
        let node = self.node(schema)?;
        self.schemas.nodes.push(node);
        Ok(self.schemas.nodes.len() - 1)
    }

    fn node(&mut self, schema: &Value) -> Compiled<Node> {
        let schema = schema.as_object().ok_or("a schema is an object")?;
        if let Some(reference) = schema.get("$ref") {
            return Ok(Node::Reference(self.named(reference)?));
        }
        let Some(members) = schema.get("oneOf") else {
            return Ok(Node::Plain(Box::new(self.plain(schema)?)));
        };
        let known = |key: &&String| {
            *key == "oneOf" || *key == "discriminator" || TOLD.contains(&key.as_str())
        };
        if let Some(other) = schema.keys().find(|key| !known(key)) {
            return Err(format!("`{other}` beside a union"));
        }
        if let Some(discriminator) = schema.get("discriminator") {
            return self.tagged(discriminator);
        }
        let members = members.as_array().ok_or("`oneOf` is a list")?;
        let members = members.iter().map(|member| Ok((Types::NONE, self.add(member)?)));
        Ok(Node::ByType(members.collect::<Compiled<_>>()?))
    }

    fn named(&self, reference: &Value) -> Compiled<Id> {
        let name = reference.as_str().and_then(|reference| reference.strip_prefix(REFERENCE));
        let id = name.and_then(|name| self.schemas.names.get(name)).copied();
        id.ok_or_else(|| format!("{reference} leads nowhere"))
    }

    fn tagged(&self, discriminator: &Value) -> Compiled<Node> {
        let property =
            discriminator.get("propertyName").and_then(Value::as_str).ok_or("no propertyName")?;
        let mapping =
            discriminator.get("mapping").and_then(Value::as_object).ok_or("no mapping")?;
        let members =
            mapping.iter().map(|(tag, reference)| Ok((tag.clone(), self.named(reference)?)));
        Ok(Node::Tagged {
            property: property.to_owned(),
            members: members.collect::<Compiled<_>>()?,
        })
    }

    fn plain(&mut self, schema: &Map<String, Value>) -> Compiled<Plain> {
        let mut plain = Plain::default();
        for (keyword, value) in schema {
            match keyword.as_str() {
                "type" => plain.types = Some(types(value)?),
                "enum" => plain.values = Some(value.as_array().ok_or("`enum` is a list")?.clone()),
                "const" => plain.values = Some(vec![value.clone()]),
                "format" => plain.format = Some(format(value)?),
                "pattern" => plain.pattern = Some(pattern(value)?),
                "minLength" => plain.length.least = Some(count(value)?),
                "maxLength" => plain.length.most = Some(count(value)?),
                "minimum" => plain.range.least = Some(whole(value)?),
                "maximum" => plain.range.most = Some(whole(value)?),
                "minItems" => plain.count.least = Some(count(value)?),
                "maxItems" | "maxProperties" => plain.count.most = Some(count(value)?),
                "items" => plain.items = Some(self.add(value)?),
                "properties" => plain.members = self.members(value)?,
                "required" => plain.required = names(value)?,
                "additionalProperties" => plain.others = self.others(value)?,
                "propertyNames" => plain.names = Some(self.add(value)?),
                told if TOLD.contains(&told) || told.starts_with("x-") => {}
                other => return Err(format!("the keyword `{other}` is not checked")),
            }
        }
        plain.settle_format();
        Ok(plain)
    }

    fn members(&mut self, value: &Value) -> Compiled<BTreeMap<String, Id>> {
        let members = value.as_object().ok_or("`properties` is an object")?;
        members.iter().map(|(name, schema)| Ok((name.clone(), self.add(schema)?))).collect()
    }

    fn others(&mut self, value: &Value) -> Compiled<Others> {
        Ok(match value {
            Value::Bool(true) => Others::Allowed,
            Value::Bool(false) => Others::Refused,
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => Others::Each(self.add(value)?),
        })
    }
}

impl Plain {
    /// Converts a number format to a range.
    fn settle_format(&mut self) {
        let (least, most) = match self.format {
            Some(Format::Int32) => (i64::from(i32::MIN), i64::from(i32::MAX)),
            Some(Format::Int64) => (i64::MIN, i64::MAX),
            Some(Format::Date | Format::DateTime | Format::Email | Format::Told) | None => return,
        };
        self.range = Bounds {
            least: self.range.least.or(Some(least)),
            most: self.range.most.or(Some(most)),
        };
    }
}

fn types(value: &Value) -> Compiled<Types> {
    let named = |value: &Value| {
        value.as_str().and_then(Types::named).ok_or_else(|| format!("no type {value}"))
    };
    match value {
        Value::Array(several) => {
            several.iter().try_fold(Types::NONE, |types, value| Ok(types.and(named(value)?)))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            named(value)
        }
    }
}

fn format(value: &Value) -> Compiled<Format> {
    Ok(match value.as_str().ok_or("`format` is a text")? {
        "date" => Format::Date,
        "date-time" => Format::DateTime,
        "email" => Format::Email,
        "int32" => Format::Int32,
        "int64" => Format::Int64,
        _ => Format::Told,
    })
}

fn pattern(value: &Value) -> Compiled<Pattern> {
    let unknown = || format!("the pattern {value} is not checked");
    let inside = value
        .as_str()
        .and_then(|text| text.strip_prefix('^')?.strip_suffix('$'))
        .ok_or_else(unknown)?;
    if let Some(prefix) = inside.strip_suffix("[0-9a-f]{32}") {
        return Ok(Pattern::Identifier(prefix.to_owned()));
    }
    let length = inside.strip_prefix("[A-Z]{").and_then(|rest| rest.strip_suffix('}'));
    length.and_then(|length| length.parse().ok()).map(Pattern::Capitals).ok_or_else(unknown)
}

fn count(value: &Value) -> Compiled<u64> {
    value.as_u64().ok_or_else(|| format!("{value} is no count"))
}

fn whole(value: &Value) -> Compiled<i64> {
    value.as_i64().ok_or_else(|| format!("{value} is no whole number"))
}

fn names(value: &Value) -> Compiled<Vec<String>> {
    let names = value.as_array().ok_or("`required` is a list")?;
    names.iter().map(|name| Ok(name.as_str().ok_or("a name is a text")?.to_owned())).collect()
}
