//! Decisions of many cases as JSON: the outcome of every clause alone, or with its sentence in both
//! languages.
//!
//! What a sentence says of everybody is written once for each way in which a clause can come out;
//! of a case only its figures are written.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Compiled, CompiledRequirement, Evaluation, Finding, Judged, Outcome, Weight};
use crate::Verdict;
use crate::codes::Code as _;
use crate::facts::{FactKey, FactSet, Facts};
use crate::measures::{
    Case, Figure, How, Measure, Node, Piece, Reading, Stance, is_confidential, pieces,
};
use crate::messages::Said as _;
use crate::words::Words;

/// The outcome of every clause, without words: some hundred bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "needs_review", "outcomes": {"gap": "met", "tenure": "unknown"}, "missing": ["full_time"]}))]
pub struct CompactDecision {
    /// The verdict.
    pub verdict: Verdict,
    /// How each clause comes out, by its id.
    pub outcomes: BTreeMap<String, Outcome>,
    /// The facts that are missing and can still change the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 64)]
    pub missing: Vec<FactKey>,
}

/// The outcome of every clause with its sentence; a whole decision says more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainedDecision {
    /// The verdict.
    pub verdict: Verdict,
    /// Each clause, in the order of the document.
    #[schema(max_items = 200)]
    pub findings: Vec<ExplainedFinding>,
    /// The facts that are missing and can still change the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 64)]
    pub missing: Vec<FactKey>,
}

/// What was found of one clause, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainedFinding {
    /// The clause, by its id.
    pub clause: String,
    /// How it comes out.
    pub outcome: Outcome,
    /// What that does to the verdict.
    pub weight: Weight,
    /// Why, as a sentence with the article.
    pub sentence: Words,
    /// What it found is for the company's eyes only.
    pub confidential: bool,
}

impl From<Finding> for ExplainedFinding {
    fn from(finding: Finding) -> Self {
        let Finding { clause, outcome, weight, sentence, confidential, .. } = finding;
        Self { clause, outcome, weight, sentence, confidential }
    }
}

/// What is written of a clause by how its leaf and itself come out, each when it first does.
#[derive(Debug)]
pub(super) struct Told(Box<[OnceLock<Vec<Piece>>]>);

impl Default for Told {
    fn default() -> Self {
        Self((0..How::ALL.len() * Outcome::ALL.len()).map(|_| OnceLock::new()).collect())
    }
}

impl Told {
    fn place(&self, how: How, outcome: Outcome) -> Option<&OnceLock<Vec<Piece>>> {
        self.0.get(how as usize * Outcome::ALL.len() + outcome as usize)
    }
}

impl Compiled {
    /// Writes an evaluation as a [`CompactDecision`].
    pub fn write_compact(&self, evaluation: &Evaluation, out: &mut String) {
        out.push_str("{\"verdict\":\"");
        out.push_str(evaluation.verdict.as_str());
        out.push_str("\",\"outcomes\":{");
        let mut between = "\"";
        for (compiled, judged) in self.requirements.iter().zip(&evaluation.judged) {
            out.push_str(between);
            let from = out.len();
            out.push_str(&compiled.requirement.id);
            escape_from(from, out);
            out.push_str("\":\"");
            out.push_str(judged.outcome.as_str());
            between = "\",\"";
        }
        out.push_str(if self.requirements.is_empty() { "}" } else { "\"}" });
        write_missing(self.missing_facts(evaluation), out);
        out.push('}');
    }

    /// Writes an evaluation of these facts as an [`ExplainedDecision`].
    pub fn write_explained(&self, facts: &Facts, evaluation: &Evaluation, out: &mut String) {
        let case = self.case(facts);
        out.push_str("{\"verdict\":\"");
        out.push_str(evaluation.verdict.as_str());
        out.push_str("\",\"findings\":[");
        for (index, (compiled, judged)) in
            self.requirements.iter().zip(&evaluation.judged).enumerate()
        {
            if index > 0 {
                out.push(',');
            }
            self.write_finding(&case, compiled, judged, out);
        }
        out.push(']');
        write_missing(self.missing_facts(evaluation), out);
        out.push('}');
    }

    fn write_finding(
        &self,
        case: &Case<'_>,
        compiled: &CompiledRequirement,
        judged: &Judged,
        out: &mut String,
    ) {
        if let Some(measure) = compiled.told_alone(case) {
            let reading = measure.reading(case);
            if let Some(place) = compiled.told.place(reading.how, judged.outcome) {
                let written = || {
                    pieces(&json(&self.of_anybody(case, compiled, judged, measure, reading.how)))
                };
                return write_pieces(place.get_or_init(written), &reading.figures, out);
            }
        }
        out.push_str(&json(&ExplainedFinding::from(self.finding(case, compiled, judged))));
    }

    /// The finding with places for the figures.
    fn of_anybody(
        &self,
        case: &Case<'_>,
        compiled: &CompiledRequirement,
        judged: &Judged,
        measure: &dyn Measure,
        how: How,
    ) -> ExplainedFinding {
        let stance = Stance::of(compiled.requirement.role, false);
        let sentence = measure.tell(&Reading::of_anybody(how), stance, case.terms()).sentence;
        ExplainedFinding {
            clause: compiled.requirement.id.clone(),
            outcome: judged.outcome,
            weight: judged.weight,
            sentence: self.cited(compiled, &super::findings::said_of_one(judged, sentence)),
            confidential: is_confidential(measure, case),
        }
    }
}

impl CompiledRequirement {
    /// Its one leaf, where nothing but that leaf's sentence is to be said of it.
    fn told_alone(&self, case: &Case<'_>) -> Option<&dyn Measure> {
        match self.requirement.condition.node() {
            Node::Leaf(measure) => self.is_told_by_its_condition(case).then_some(measure),
            Node::All(_) | Node::Any(_) | Node::AtLeast(..) | Node::Not(_) => None,
        }
    }
}

/// What is written cannot fail to be: it holds texts, codes and nothing else.
fn json(finding: &ExplainedFinding) -> String {
    serde_json::to_string(finding).unwrap_or_default()
}

fn write_missing(missing: FactSet, out: &mut String) {
    let mut between = ",\"missing\":[\"";
    for fact in missing.iter() {
        out.push_str(between);
        out.push_str(fact.as_str());
        between = "\",\"";
    }
    if !missing.is_empty() {
        out.push_str("\"]");
    }
}

fn write_pieces(told: &[Piece], figures: &[Figure<'_>], out: &mut String) {
    for piece in told {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Place(place, language) => {
                let Some(figure) = figures.get(*place) else { continue };
                let from = out.len();
                figure.say(*language, out);
                if figure.is_text() {
                    escape_from(from, out);
                }
            }
        }
    }
}

/// Writes what stands from here on as JSON has it, where it holds anything that JSON escapes.
fn escape_from(from: usize, out: &mut String) {
    let said = out.as_bytes().get(from..).unwrap_or_default();
    // Without leaving early, so that several bytes are looked at in one step.
    if said.iter().fold(false, |found, byte| found | matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        let said = out.split_off(from);
        let escaped = serde_json::to_string(&said).unwrap_or_default();
        let inside = escaped.strip_prefix('"').and_then(|escaped| escaped.strip_suffix('"'));
        out.push_str(inside.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::decide::tests::properties::{cases, compiled, regulations};

    /// What is written, read again.
    fn written(compiled: &Compiled, facts: &Facts) -> (CompactDecision, ExplainedDecision) {
        let (evaluation, mut compact, mut explained) =
            (compiled.evaluate(facts), String::new(), String::new());
        compiled.write_compact(&evaluation, &mut compact);
        compiled.write_explained(facts, &evaluation, &mut explained);
        (serde_json::from_str(&compact).unwrap(), serde_json::from_str(&explained).unwrap())
    }

    /// The same, from the whole decision.
    fn decided(compiled: &Compiled, facts: &Facts) -> (CompactDecision, ExplainedDecision) {
        let decision = compiled.decide(facts);
        let missing: Vec<FactKey> = decision.missing.iter().map(|missing| missing.fact).collect();
        let outcomes = decision
            .findings
            .iter()
            .map(|finding| (finding.clause.clone(), finding.outcome))
            .collect();
        let findings = decision.findings.into_iter().map(ExplainedFinding::from).collect();
        let verdict = decision.verdict;
        (
            CompactDecision { verdict, outcomes, missing: missing.clone() },
            ExplainedDecision { verdict, findings, missing },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_of_many_is_what_each_decision_says(requirements in regulations(), facts in proptest::collection::vec(cases(), 1..4)) {
            let compiled = compiled(&requirements);
            // A sentence that was made for one is said of the next.
            for facts in &facts {
                prop_assert_eq!(written(&compiled, facts), decided(&compiled, facts));
            }
        }
    }

    #[test]
    fn what_people_wrote_stays_inside_its_string() {
        let family = "a\"}, \\ \n管理";
        let compiled = compiled(&[json!({
            "kind": "requirement", "title": {"ja": "", "en": ""}, "role": "required", "when_unknown": "refer",
            "condition": {"kind": "job_family", "any_of": ["administration", "\"\\"]}
        })]);
        let facts = json!({"employment_periods": [{"start": "2010-04-01", "last_day": "2020-03-31", "job_family": family}]});
        let facts: Facts = serde_json::from_value(facts).unwrap();
        let (_, explained) = written(&compiled, &facts);
        assert!(explained.findings[0].sentence.ja.contains(family), "{explained:?}");
        assert_eq!(written(&compiled, &facts), decided(&compiled, &facts));
    }
}
