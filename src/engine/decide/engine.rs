//! The version of the engine, and what two decisions on the same facts have in common.
//!
//! A decision is an answer (verdict, outcomes, figures, dates, clauses) and the words for it. Words
//! may be improved; a stored decision whose answer no longer comes out is another matter, so that
//! the two are compared apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::canonical::differing_places;

/// The version of the engine: the first number is raised when it answers otherwise than before, the
/// second when only its words change. Decisions that were stored without one were made by `1.0`.
pub const ENGINE_VERSION: &str = "3.0";

crate::codes! {
    /// How a decision that is made again compares with the stored one.
    pub enum VerificationResult {
        /// It is the same to the byte.
        Same = "same",
        /// The answer is the same, and the words for it have been improved since.
        WordsImproved = "words_improved",
        /// The answer is another.
        AnswerDiffers = "answer_differs",
    }
}

/// Where two decisions on the same facts differ, as JSON Pointers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What that means.
    pub result: VerificationResult,
    /// Where verdict, outcomes, figures, dates or clauses differ.
    pub answer_differences: Vec<String>,
    /// Where anything differs, words included.
    pub differences: Vec<String>,
}

impl Comparison {
    /// Compares a stored decision with the one that is made now.
    #[must_use]
    pub fn of(stored: &Value, now: &Value) -> Self {
        let differences = differing_places(stored, now);
        let answer_differences = differing_places(&answer(stored), &answer(now));
        let result = match (differences.is_empty(), answer_differences.is_empty()) {
            (true, _) => VerificationResult::Same,
            (false, true) => VerificationResult::WordsImproved,
            (false, false) => VerificationResult::AnswerDiffers,
        };
        Self { result, answer_differences, differences }
    }
}

/// Returns the answer of a decision without its words, without advice on what would change it, and
/// without what is said to follow where nothing does.
fn answer(decision: &Value) -> Value {
    let mut answer = without_words(decision);
    let Some(fields) = answer.as_object_mut() else { return answer };
    for advice in ["would_change", "missing_for_consequences"] {
        fields.remove(advice);
    }
    let nothing_follows = fields.get("verdict") == Some(&json!("ineligible"));
    if let Some(consequences) = fields.get_mut("consequences").and_then(Value::as_array_mut) {
        consequences.retain(|_| !nothing_follows);
        consequences.iter_mut().filter_map(Value::as_object_mut).for_each(|one| {
            one.remove("missing");
        });
    }
    if let Some(missing) = fields.get_mut("missing") {
        *missing = by_fact(missing);
    }
    answer
}

/// Returns the value without its sentences; of what was found, which is told in words alone, the
/// figures stay.
fn without_words(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            // Who may see something is no part of what is answered.
            let told = fields.iter().filter(|(name, _)| *name != "confidential");
            let kept = told.filter_map(|(name, field)| match words(field) {
                Some(ja) => (name == "actual").then(|| (name.clone(), json!(figures(ja)))),
                None => Some((name.clone(), without_words(field))),
            });
            Value::Object(kept.collect())
        }
        Value::Array(items) => {
            items.iter().filter(|item| words(item).is_none()).map(without_words).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Returns the Japanese of words in both languages; nothing for anything else.
fn words(value: &Value) -> Option<&str> {
    let fields = value.as_object().filter(|fields| fields.len() == 2)?;
    fields.get("en").filter(|en| en.is_string())?;
    fields.get("ja")?.as_str()
}

/// Returns the numbers in a text, in order.
fn figures(text: &str) -> Vec<&str> {
    text.split(|letter: char| !letter.is_ascii_digit())
        .filter(|figure| !figure.is_empty())
        .collect()
}

/// Returns the clauses that wait for each fact, whatever it is called.
fn by_fact(missing: &Value) -> Value {
    let mut clauses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in missing.as_array().into_iter().flatten() {
        let waiting = one
            .get("clauses")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        clauses
            .entry(one.get("fact").and_then(Value::as_str).unwrap_or_default())
            .or_default()
            .extend(waiting);
    }
    json!(clauses)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;
    use crate::canonical;
    use crate::decide::Compiled;
    use crate::document::Document;
    use crate::library;

    /// The decisions on all cases of the library as engine 1.0 made them, one a line.
    const OF_ENGINE_1: &[u8] = include_bytes!("of_engine_1.jsonl.gz");

    /// The digests of the library's decisions by this version of the engine.
    ///
    /// Whoever changes an answer raises the first number of [`ENGINE_VERSION`]; whoever changes
    /// words, the second.
    const DIGESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/decide/engine_digests.json");

    #[derive(serde::Deserialize)]
    struct Stored {
        library: String,
        case: String,
        document: String,
    }

    fn of_engine_1() -> Vec<Stored> {
        let mut text = String::new();
        GzDecoder::new(OF_ENGINE_1).read_to_string(&mut text).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn compiled(code: &str) -> Compiled {
        let entry = library::find(code).unwrap_or_else(|| panic!("{code}"));
        Compiled::new(Document::parse(&serde_json::from_str(entry.text).unwrap()).unwrap()).unwrap()
    }

    fn decided(regulation: &Compiled, case: &str) -> Value {
        let case = regulation.document().cases.iter().find(|one| one.code == case).unwrap();
        serde_json::to_value(regulation.decide(&case.facts)).unwrap()
    }

    #[test]
    fn decisions_of_the_first_engine_have_the_same_answer_in_better_words() {
        let mut regulations: BTreeMap<String, Compiled> = BTreeMap::new();
        let (mut compared, mut others) = (0, Vec::new());
        for Stored { library, case, document } in of_engine_1() {
            let regulation =
                regulations.entry(library.clone()).or_insert_with(|| compiled(&library));
            let comparison = Comparison::of(
                &serde_json::from_str(&document).unwrap(),
                &decided(regulation, &case),
            );
            compared += 1;
            match comparison.result {
                VerificationResult::AnswerDiffers => {
                    others.push(format!("{library} {case} {:?}", comparison.answer_differences));
                }
                VerificationResult::Same | VerificationResult::WordsImproved => {}
            }
        }
        assert_eq!(compared, 325);
        assert_eq!(others, Vec::<String>::new());
    }

    #[test]
    fn another_verdict_outcome_figure_or_date_is_another_answer_and_another_sentence_is_not() {
        let regulation = compiled("R01");
        let case = regulation.document().cases.first().unwrap().code.clone();
        let decision = decided(&regulation, &case);
        let with = |pointer: &str, value: Value| {
            let mut changed = decision.clone();
            *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
            Comparison::of(&decision, &changed).result
        };
        assert_eq!(Comparison::of(&decision, &decision).result, VerificationResult::Same);
        let words = json!({"ja": "別の文。", "en": "Another sentence."});
        for pointer in ["/summary", "/findings/0/sentence", "/findings/0/readings/0/required"] {
            assert_eq!(
                with(pointer, words.clone()),
                VerificationResult::WordsImproved,
                "{pointer}"
            );
        }
        let others = [
            ("/verdict", json!("needs_review")),
            ("/findings/0/outcome", json!("unknown")),
            ("/findings/0/clause", json!("another")),
            ("/findings/1/readings/0/actual", json!({"ja": "2年", "en": "2 years"})),
            ("/windows/0/until", json!("2031-01-01")),
            ("/regulation/hash", json!("")),
        ];
        for (pointer, value) in others {
            assert_eq!(with(pointer, value), VerificationResult::AnswerDiffers, "{pointer}");
        }
    }

    #[test]
    fn the_version_of_the_engine_is_raised_with_its_answers_and_its_words() {
        let (mut answers, mut decisions) = (String::new(), String::new());
        for entry in library::all() {
            let regulation = compiled(entry.code);
            for case in &regulation.document().cases {
                let decision = serde_json::to_value(regulation.decide(&case.facts)).unwrap();
                answers.push_str(&canonical::hash(&answer(&decision)));
                decisions.push_str(&canonical::hash(&decision));
            }
        }
        let found = json!({
            "engine_version": ENGINE_VERSION,
            "answers": canonical::sha256(answers.as_bytes()),
            "decisions": canonical::sha256(decisions.as_bytes()),
        });
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(DIGESTS).unwrap()).unwrap();
        assert_eq!(found, kept, "raise ENGINE_VERSION, and keep these digests in {DIGESTS}");
    }
}
