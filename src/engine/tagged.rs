//! Unions of the document format: each member an object that names its `kind`.
//!
//! One declaration gives the enum, its serde form, its schema with a discriminator, and a reader of
//! faults that finds the place inside the member, which serde's own error does not tell.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

use crate::messages::{InEnglish, Said as _, document};
use crate::text::TextFault;
use crate::words::Fault;

/// A piece of a document that can say where it is wrong.
pub trait Located: DeserializeOwned {
    /// Finds what is wrong with `json`, which stands at the pointer `at`.
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_plain::<Self>(json, at, faults);
    }
}

/// Most faults that are looked for in one piece.
const MOST_FAULTS: usize = 64;
/// Most faults that are told of a whole document.
pub const MOST_TOLD: usize = 200;
/// How much of an unknown kind is told.
const MOST_OF_A_KIND: usize = 100;
/// How many values are read, again and again, to find the faults of one piece.
const MOST_READ: usize = 1_000_000;

/// Every place at which serde stops: it stops at the first, so that one is mended in a copy and
/// serde asked again, until nothing is wrong or nothing mends it.
pub fn locate_plain<T: DeserializeOwned>(json: &Value, at: &str, faults: &mut Vec<Fault>) {
    if faults.len() >= MOST_TOLD {
        return;
    }
    let mut json = json.clone();
    let mut left = (MOST_READ / values(&json)).max(2);
    for _ in 0..MOST_FAULTS {
        let Some((path, message)) = first_fault::<T>(&json).filter(|_| left > 0) else { return };
        let found = fault(&format!("{at}{path}"), &message);
        let place = found.pointer.get(at.len()..).unwrap_or_default().to_owned();
        let is_unknown = found.code == "unknown_field";
        faults.push(found);
        let is_mended = if is_unknown {
            remove(&mut json, &place)
        } else {
            mend::<T>(&mut json, &place, &mut left)
        };
        left = left.saturating_sub(1);
        if !is_mended {
            return;
        }
    }
}

/// How many values a value consists of.
fn values(json: &Value) -> usize {
    1 + match json {
        Value::Array(items) => items.iter().map(values).sum::<usize>(),
        Value::Object(members) => members.values().map(values).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Where serde stops, and what it says.
fn first_fault<T: DeserializeOwned>(json: &Value) -> Option<(String, String)> {
    let error = serde_path_to_error::deserialize::<_, T>(json).err()?;
    let path = error.path().iter().filter_map(segment).collect();
    Some((path, error.into_inner().to_string()))
}

fn remove(json: &mut Value, place: &str) -> bool {
    let Some((parent, key)) = place.rsplit_once('/') else { return false };
    let parent = json.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.is_some_and(|map| map.remove(&key.replace("~1", "/").replace("~0", "~")).is_some())
}

/// Puts something at a place that serde takes there.
fn mend<T: DeserializeOwned>(json: &mut Value, place: &str, left: &mut usize) -> bool {
    let mut candidates = vec![
        json!(null),
        json!([]),
        json!({}),
        json!({"ja": "", "en": ""}),
        json!("2000-01-01"),
        json!(false),
        json!(0),
        json!(""),
    ];
    while let Some(candidate) = candidates.pop() {
        let is_code = candidate.as_str().is_some_and(|text| !text.is_empty());
        if *left == 0 || !set(json, place, candidate) {
            return false;
        }
        *left -= 1;
        match first_fault::<T>(json) {
            Some((path, message)) if path.starts_with(place) => {
                // Of a closed set of codes serde names the members.
                let member =
                    message.split_once("expected ").and_then(|(_, rest)| rest.split('`').nth(1));
                candidates.extend(
                    member
                        .filter(|_| !is_code && message.starts_with("unknown variant"))
                        .map(Value::from),
                );
            }
            Some(_) | None => return true,
        }
    }
    false
}

fn set(json: &mut Value, place: &str, value: Value) -> bool {
    if let Some(there) = json.pointer_mut(place) {
        *there = value;
        return true;
    }
    let Some((parent, key)) = place.rsplit_once('/') else { return false };
    let parent = json.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.map(|map| map.insert(key.to_owned(), value)).is_some()
}

fn segment(segment: &serde_path_to_error::Segment) -> Option<String> {
    match segment {
        serde_path_to_error::Segment::Seq { index } => Some(format!("/{index}")),
        serde_path_to_error::Segment::Map { key } => Some(format!("/{}", escape(key))),
        serde_path_to_error::Segment::Enum { .. } | serde_path_to_error::Segment::Unknown => None,
    }
}

/// A key as one token of a JSON Pointer (RFC 6901).
#[must_use]
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// serde's message as a fault with a stable code.
fn fault(at: &str, message: &str) -> Fault {
    let named = message.split('`').nth(1).unwrap_or_default();
    let (said, pointer) = (InEnglish(message), at.to_owned());
    if let Some(found) = TextFault::told_by(message) {
        return found.at(pointer);
    }
    let (pointer, code, words) = if message.starts_with("unknown field") {
        let is_named = at.ends_with(&format!("/{named}"));
        let pointer = if is_named { pointer } else { format!("{at}/{}", escape(named)) };
        (pointer, "unknown_field", document::UnknownField { said: &said }.words())
    } else if message.starts_with("missing field") {
        (format!("{at}/{}", escape(named)), "required", document::Required { said: &said }.words())
    } else if message.starts_with("invalid type") {
        (pointer, "wrong_type", document::WrongType { said: &said }.words())
    } else if message.starts_with("unknown variant") {
        (pointer, "unknown_code", document::UnknownCode { said: &said }.words())
    } else {
        (pointer, "invalid_value", document::InvalidValue { said: &said }.words())
    };
    Fault::new(pointer, code, words)
}

/// The `kind` of a member, or what is wrong with it.
pub fn kind_of<'j>(json: &'j Value, at: &str, faults: &mut Vec<Fault>) -> Option<&'j str> {
    let kind = json.get("kind").and_then(Value::as_str);
    if kind.is_none() {
        let code = if json.is_object() { "required" } else { "wrong_type" };
        let place = if json.is_object() { format!("{at}/kind") } else { at.to_owned() };
        faults.push(Fault::new(place, code, document::NAME_THE_KIND));
    }
    kind
}

/// The fault of a `kind` that there is not.
#[must_use]
pub fn unknown_kind(kind: &str, known: &[&str], at: &str) -> Fault {
    let kind = kind
        .char_indices()
        .nth(MOST_OF_A_KIND)
        .and_then(|(end, _)| kind.get(..end))
        .unwrap_or(kind);
    let nearest =
        known.iter().max_by(|one, other| likeness(kind, one).total_cmp(&likeness(kind, other)));
    let near = nearest.copied().unwrap_or_default();
    Fault::new(
        format!("{at}/kind"),
        "unknown_kind",
        document::UnknownKind { kind: &kind, near: &near, known: &known.join(", ") }.words(),
    )
}

fn likeness(one: &str, other: &str) -> f64 {
    strsim::jaro_winkler(one, other)
}

/// A member without its `kind`, as its type reads it.
#[must_use]
pub fn without_kind(json: &Value) -> Value {
    let mut inner = json.clone();
    if let Some(map) = inner.as_object_mut() {
        map.remove("kind");
    }
    inner
}

/// Puts a value in the place of another, where there is one.
pub fn put(json: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = json.pointer_mut(pointer) {
        *place = value;
    }
}

/// The schema of a member: that of its type, with its `kind`.
#[must_use]
pub fn with_kind(schema: RefOr<Schema>, kind: &'static str) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut object)) = schema else { return schema };
    let tag = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .enum_values(Some([kind]))
        .build();
    let fields = std::mem::take(&mut object.properties);
    object.properties.insert("kind".to_owned(), RefOr::T(Schema::Object(tag)));
    object.properties.extend(fields);
    object.required.insert(0, "kind".to_owned());
    RefOr::T(Schema::Object(object))
}

/// A reference to a named schema.
#[must_use]
pub fn reference(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

/// Declares a union: `tagged! { /// Doc. pub enum Shape { /// Doc. Circle(Circle) = "circle" } }`.
#[macro_export]
macro_rules! tagged {
    ($(#[doc = $doc:literal])* $vis:vis enum $name:ident {
        $($(#[doc = $variant_doc:literal])* $variant:ident($inner:ty) = $kind:literal),+ $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "kind")]
        $vis enum $name {
            $($(#[doc = $variant_doc])* #[serde(rename = $kind)] $variant($inner)),+
        }

        impl $name {
            /// The kinds there are.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind),+ }
            }
        }

        impl $crate::tagged::Located for $name {
            fn locate(json: &serde_json::Value, at: &str, faults: &mut Vec<$crate::words::Fault>) {
                use $crate::tagged;
                if faults.len() >= tagged::MOST_TOLD {
                    return;
                }
                let Some(kind) = tagged::kind_of(json, at, faults) else { return };
                let inner = tagged::without_kind(json);
                match kind {
                    $($kind => <$inner as tagged::Located>::locate(&inner, at, faults),)+
                    other => faults.push(tagged::unknown_kind(other, Self::KINDS, at)),
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                use $crate::tagged::reference;
                use utoipa::ToSchema as _;
                let mapping = [$(($kind, format!("#/components/schemas/{}", <$inner>::name()))),+];
                utoipa::openapi::schema::OneOfBuilder::new()
                    $(.item(reference(&<$inner>::name())))+
                    .description(Some(concat!($($doc, " "),*).trim()))
                    .discriminator(Some(utoipa::openapi::schema::Discriminator::with_mapping("kind", mapping)))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
                use utoipa::PartialSchema as _;
                $(
                    let name = <$inner as utoipa::ToSchema>::name().into_owned();
                    // Unions hold themselves: each member is described once.
                    if !schemas.iter().any(|(known, _)| *known == name) {
                        schemas.push((name, $crate::tagged::with_kind(<$inner>::schema(), $kind)));
                        <$inner as utoipa::ToSchema>::schemas(schemas);
                    }
                )+
            }
        }
    };
}
