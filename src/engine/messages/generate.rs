//! Turns the catalogues `ja/*.json` and `en/*.json` into Rust at build time, so that a message that
//! is missing in a language, or whose places differ between the two, does not compile, and one that
//! nobody says is reported as dead.
//!
//! A file is a module, an object in it a module below. A text without places becomes a constant,
//! `TOO_LATE`; one with places such as `{day}` a struct, `TooLate { day }`, whose fields are those
//! places.
//!
//! English grammar is in the place: `{count:time|times}` writes the number with its noun in the
//! singular or the plural, `{unit:a}` writes "a" or "an" before what it says, `{what:capital}`
//! begins it with a capital.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value};

type Failure = Box<dyn std::error::Error>;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(String, Form),
}

/// How a place is written.
#[derive(Debug, PartialEq, Eq)]
enum Form {
    /// As it is said.
    Plain,
    /// With a capital at the beginning.
    Capital,
    /// With its indefinite article.
    Article,
    /// A number with its noun, in the singular and in the plural.
    Counted(String, String),
}

impl Form {
    fn parse(text: Option<&str>, at: &str) -> Result<Self, Failure> {
        match (text, text.and_then(|text| text.split_once('|'))) {
            (None, _) => Ok(Self::Plain),
            (Some(_), Some((one, many))) => Ok(Self::Counted(one.to_owned(), many.to_owned())),
            (Some("capital"), None) => Ok(Self::Capital),
            (Some("a"), None) => Ok(Self::Article),
            (Some(other), None) => {
                Err(format!("{at}: there is no form '{other}' of a place").into())
            }
        }
    }
}

fn main() -> Result<(), Failure> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("messages");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut modules: Vec<String> = Vec::new();
    for entry in fs::read_dir(root.join("ja"))? {
        modules.extend(entry?.path().file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    modules.sort();
    let mut rust = String::new();
    for module in &modules {
        let read = |language: &str| -> Result<Value, Failure> {
            let file = root.join(language).join(format!("{module}.json"));
            let text = fs::read_to_string(&file)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            serde_json::from_str(&text)
                .map_err(|error| format!("{}: {error}", file.display()).into())
        };
        write_module(
            &mut rust,
            module,
            object(&read("ja")?, module)?,
            object(&read("en")?, module)?,
            module,
        )?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("messages.rs"), rust)?;
    Ok(())
}

fn object<'v>(value: &'v Value, at: &str) -> Result<&'v Map<String, Value>, Failure> {
    value.as_object().ok_or_else(|| {
        format!("{at}: neither a text nor an object of texts in both languages").into()
    })
}

fn write_module(
    rust: &mut String,
    name: &str,
    ja: &Map<String, Value>,
    en: &Map<String, Value>,
    at: &str,
) -> Result<(), Failure> {
    let keys = |of: &Map<String, Value>| of.keys().cloned().collect::<BTreeSet<String>>();
    if let Some(alone) = keys(ja).symmetric_difference(&keys(en)).next() {
        return Err(format!("{at}: '{alone}' is in one language only").into());
    }
    writeln!(
        rust,
        "/// Messages of `{at}`.\n#[allow(unused_imports, clippy::single_char_add_str)]\npub mod {name} {{\nuse super::*;"
    )?;
    for (key, ja) in ja {
        let (at, en) = (format!("{at}.{key}"), en.get(key).unwrap_or(&Value::Null));
        if !key.starts_with(|first: char| first.is_ascii_lowercase())
            || !key
                .chars()
                .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_')
        {
            return Err(format!("{at}: a key is written in lower case with '_'").into());
        }
        match (ja, en) {
            (Value::String(ja), Value::String(en)) => write_message(rust, key, ja, en, &at)?,
            (ja, en) => write_module(rust, key, object(ja, &at)?, object(en, &at)?, &at)?,
        }
    }
    writeln!(rust, "}}")?;
    Ok(())
}

fn write_message(
    rust: &mut String,
    key: &str,
    ja: &str,
    en: &str,
    at: &str,
) -> Result<(), Failure> {
    // Figures are written into JSON by the thousand: what the program says is never looked through
    // for these.
    if [ja, en].iter().any(|text| {
        text.contains(|letter: char| letter == '"' || letter == '\\' || letter.is_control())
    }) {
        return Err(format!("{at}: a text holds '\"', '\\\\' or a control character").into());
    }
    let (ja, en) = (pieces(ja, at)?, pieces(en, at)?);
    let places = |of: &[Piece]| {
        let named = of.iter().filter_map(|piece| match piece {
            Piece::Place(name, _) => Some(name.clone()),
            Piece::Text(_) => None,
        });
        named.collect::<BTreeSet<String>>()
    };
    let named = places(&ja);
    if named != places(&en) {
        return Err(format!("{at}: the places differ between the languages").into());
    }
    if named.is_empty() {
        let name = key.to_ascii_uppercase();
        return Ok(writeln!(
            rust,
            "/// `{at}`.\npub const {name}: Words = Words::fixed({}, {});",
            literal(&ja),
            literal(&en)
        )?);
    }
    let name: String = key.split('_').map(capitalised).collect();
    let fields: String = named
        .iter()
        .map(|place| format!("/// In place of `{{{place}}}`.\npub {place}: &'a dyn Said,\n"))
        .collect();
    writeln!(
        rust,
        "/// `{at}`.\n#[derive(Clone, Copy)]\npub struct {name}<'a> {{ {fields} }}\n\
         impl Said for {name}<'_> {{ fn say(&self, language: Language, out: &mut String) {{ match language {{\n\
         Language::Ja => {{ {} }}\nLanguage::En => {{ {} }}\n}} }} }}",
        statements(&ja),
        statements(&en)
    )?;
    Ok(())
}

fn literal(of: &[Piece]) -> String {
    match of {
        [Piece::Text(text)] => format!("{text:?}"),
        _ => "\"\"".to_owned(),
    }
}

fn statements(of: &[Piece]) -> String {
    let statement = |piece: &Piece| match piece {
        Piece::Text(text) => format!("out.push_str({text:?}); "),
        Piece::Place(name, Form::Plain) => format!("self.{name}.say(language, out); "),
        Piece::Place(name, Form::Capital) => format!("say_capital(self.{name}, language, out); "),
        Piece::Place(name, Form::Article) => {
            format!("say_with_article(self.{name}, language, out); ")
        }
        Piece::Place(name, Form::Counted(one, many)) => {
            format!("say_counted(self.{name}, {one:?}, {many:?}, language, out); ")
        }
    };
    of.iter().map(statement).collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// A text cut at its places; `{{` and `}}` are the braces themselves.
fn pieces(text: &str, at: &str) -> Result<Vec<Piece>, Failure> {
    let (mut of, mut plain, mut rest) = (Vec::new(), String::new(), text);
    while let Some((before, _)) = rest.split_once(['{', '}']) {
        plain.push_str(before);
        let brace = rest.split_at(before.len()).1;
        if let Some((double, after)) =
            ["{{", "}}"].iter().find_map(|double| Some((double, brace.strip_prefix(*double)?)))
        {
            plain.extend(double.chars().take(1));
            rest = after;
            continue;
        }
        let place = brace.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (name, after) = place.ok_or_else(|| format!("{at}: a brace stands alone"))?;
        if !plain.is_empty() {
            of.push(Piece::Text(std::mem::take(&mut plain)));
        }
        let (name, form) =
            name.split_once(':').map_or((name, None), |(name, form)| (name, Some(form)));
        of.push(Piece::Place(name.to_owned(), Form::parse(form, at)?));
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        of.push(Piece::Text(plain));
    }
    Ok(of)
}
