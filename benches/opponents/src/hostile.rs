//! What somebody could send to hurt the process: the same shapes in every language.

use std::sync::Arc;

use cel::{Context, Env};
use datalogic_rs::Engine as Evaluator;
use serde_json::{Value, json};
use zen_expression::{Variable, compile_expression};
use okaeri_engine::document::Document;

use crate::twelve;

/// The engines, by the names under which the child process knows them.
pub const ENGINES: [&str; 4] = ["okaeri", "cel", "zen-expression", "datalogic-rs"];
/// The shapes, by theirs.
pub const SHAPES: [&str; 4] = ["brackets", "nots", "chain", "loops"];

const DEEP: usize = 5_000;
const LONG: usize = 50_000;
const LOOPS: usize = 9;

/// What an engine did with a shape: refused it, with its reason, or ran it. An engine may also not
/// come back.
pub type Came = Result<String, String>;

/// Gives a shape to an engine; nothing when its language has no such thing.
///
/// # Panics
/// There is no such engine.
pub fn run(engine: &str, shape: &str) -> Option<Came> {
    match engine {
        "okaeri" => (shape != "loops").then(|| ours(shape)),
        "cel" => Some(in_cel(shape)),
        "zen-expression" => Some(in_zen(shape)),
        "datalogic-rs" => Some(in_json_logic(shape)),
        engine => panic!("no such engine: {engine}"),
    }
}

/// A regulation of one such condition. It is built as a value, past the depth at which its text is
/// refused.
fn ours(shape: &str) -> Came {
    let leaf = json!({"kind": "fact", "fact": "invited"});
    // Moved from level to level: the macro would copy all of it at each.
    let node = |kind: &str, of: Value| {
        let fields = [("kind".to_owned(), Value::from(kind)), ("of".to_owned(), of)];
        Value::Object(fields.into_iter().collect())
    };
    let condition = match shape {
        "brackets" => (0..DEEP).fold(leaf, |of, _| node("all", Value::Array(vec![of]))),
        "nots" => (0..DEEP).fold(leaf, |of, _| node("not", of)),
        _ => node("any", Value::Array(vec![leaf; LONG])),
    };
    let mut document = twelve::document(&[Value::Null]);
    document["articles"][0]["clauses"][0]["condition"] = condition;
    match Document::parse(&document) {
        Ok(_) => Ok("read".to_owned()),
        Err(faults) => Err(faults.first().map(|fault| fault.code.to_string()).unwrap_or_default()),
    }
}

/// An infix text of a shape, with loops as the language writes them.
fn text(shape: &str, or: &str, loops: impl Fn(usize, String) -> String) -> String {
    match shape {
        "brackets" => format!("{}true{}", "(".repeat(DEEP), ")".repeat(DEEP)),
        "nots" => format!("{}true", "!".repeat(DEEP)),
        "chain" => vec!["x == 1"; LONG].join(or),
        _ => (0..LOOPS).fold("true".to_owned(), |inner, index| loops(index, inner)),
    }
}

fn in_cel(shape: &str) -> Came {
    let loops = |index, inner| format!("[0,1,2,3,4,5,6,7,8,9].all(v{index}, {inner})");
    let environment = Arc::new(Env::stdlib());
    let program = environment.compile(&text(shape, " || ", loops)).map_err(|error| error.to_string())?;
    let mut context = Context::with_env(environment);
    context.add_variable_from_value("x", 2);
    program.execute(&context).map(|value| format!("{value:?}")).map_err(|error| error.to_string())
}

fn in_zen(shape: &str) -> Came {
    let loops = |_, inner| format!("all([0,1,2,3,4,5,6,7,8,9], {inner})");
    let expression = compile_expression(&text(shape, " or ", loops)).map_err(|error| error.to_string())?;
    let found = expression.evaluate(Variable::from(json!({"x": 2})));
    found.map(|value| value.to_string()).map_err(|error| error.to_string())
}

fn in_json_logic(shape: &str) -> Came {
    let nested = |from: &str, to: &str| format!("{}true{}", from.repeat(DEEP), to.repeat(DEEP));
    let rule = match shape {
        "brackets" => nested("{\"and\":[", "]}"),
        "nots" => nested("{\"!\":[", "]}"),
        "chain" => json!({"or": vec![json!({"==": [{"var": "x"}, 1]}); LONG]}).to_string(),
        _ => {
            let ten: Vec<u8> = (0..10).collect();
            (0..LOOPS).fold(json!(true), |inner, _| json!({"all": [ten, inner]})).to_string()
        }
    };
    let evaluator = Evaluator::new();
    let logic = evaluator.compile(rule.as_str()).map_err(|error| error.to_string())?;
    let mut session = evaluator.session();
    session.eval_str(&logic, "{\"x\": 2}").map_err(|error| error.to_string())
}
