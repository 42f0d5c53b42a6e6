//! What a sentence says, read from the sentence alone: by a parser of the templates in the
//! catalogues.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::properties::{cases, compiled, regulations};
use crate::decide::{Compiled, Decision, Outcome};
use crate::document::Document;
use crate::document::rendering::{Form, Language, render};
use crate::facts::Facts;
use crate::library;
use crate::meter::Meter;

/// What each template says of the requirement; nothing where it only goes with others.
const TEMPLATES: &[(&str, Option<Outcome>)] = &[
    ("measures.required.met", Some(Outcome::Met)),
    ("measures.required.not_met", Some(Outcome::NotMet)),
    ("measures.required.open", Some(Outcome::Unknown)),
    ("measures.excluded.met", Some(Outcome::NotMet)),
    ("measures.excluded.not_met", Some(Outcome::Met)),
    ("measures.excluded.open", Some(Outcome::Unknown)),
    ("measures.judged.met", Some(Outcome::NeedsJudgement)),
    ("measures.judged.not_met", Some(Outcome::NotApplicable)),
    ("measures.judged.open", Some(Outcome::Unknown)),
    ("measures.spared.met", Some(Outcome::NotApplicable)),
    ("measures.spared.not_met", Some(Outcome::NeedsJudgement)),
    ("measures.spared.open", Some(Outcome::Unknown)),
    ("measures.not_known", Some(Outcome::Unknown)),
    ("measures.gap.in_time", Some(Outcome::Met)),
    ("measures.gap.not_left_yet", Some(Outcome::NotMet)),
    ("measures.gap.too_early", Some(Outcome::NotMet)),
    ("measures.gap.too_late", Some(Outcome::NotMet)),
    ("measures.gap.open", Some(Outcome::Unknown)),
    ("measures.tenure.met", Some(Outcome::Met)),
    ("measures.tenure.not_met", Some(Outcome::NotMet)),
    ("measures.tenure.open", Some(Outcome::Unknown)),
    ("measures.registration.holds", Some(Outcome::Met)),
    ("measures.registration.lapsed", Some(Outcome::NotMet)),
    ("measures.registration.out_of_time", Some(Outcome::NotMet)),
    ("measures.registration.nothing_registered", Some(Outcome::NotMet)),
    ("measures.registration.open", Some(Outcome::Unknown)),
    ("measures.parameter.no_day", Some(Outcome::Unknown)),
    ("measures.parameter.no_value", Some(Outcome::Unknown)),
    ("measures.parameter.none_on_day", Some(Outcome::Unknown)),
    ("measures.parameter.values_applied", None),
    ("findings.disputed", Some(Outcome::Unknown)),
    ("findings.marked_not_applicable", Some(Outcome::Unknown)),
    ("findings.exception.open", Some(Outcome::Unknown)),
    ("findings.treated_as_failed", Some(Outcome::Unknown)),
    ("findings.exception.met", Some(Outcome::Met)),
    ("findings.exception.not_met", Some(Outcome::NotMet)),
    ("findings.exception.does_not_apply", Some(Outcome::NotApplicable)),
    ("findings.ruled_met", Some(Outcome::Met)),
    ("findings.ruled_not_met", Some(Outcome::NotMet)),
    ("findings.does_not_apply", Some(Outcome::NotApplicable)),
    ("findings.needs_judgement", Some(Outcome::NeedsJudgement)),
];

struct Template {
    /// The text around its places.
    around: Vec<String>,
    says: Option<Outcome>,
}

/// The templates of a language, and what ends a sentence in it: no place reaches over that.
struct Grammar {
    templates: Vec<Template>,
    end: &'static str,
    citation: (&'static str, &'static str),
}

impl Grammar {
    fn of(language: Language) -> Self {
        let (catalogues, end, citation) = match language {
            Language::Ja => (
                [
                    include_str!("../../messages/ja/measures.json"),
                    include_str!("../../messages/ja/findings.json"),
                ],
                "。",
                ("（", "）"),
            ),
            Language::En => (
                [
                    include_str!("../../messages/en/measures.json"),
                    include_str!("../../messages/en/findings.json"),
                ],
                ". ",
                (" (", ")"),
            ),
        };
        let [measures, findings] =
            catalogues.map(|text| serde_json::from_str::<Value>(text).unwrap());
        let catalogues = json!({"measures": measures, "findings": findings});
        let template = |(key, says): &(&str, Option<Outcome>)| {
            let text = catalogues
                .pointer(&format!("/{}", key.replace('.', "/")))
                .unwrap_or_else(|| panic!("{key}"));
            let mut around = vec![String::new()];
            for (index, piece) in text.as_str().unwrap().split(['{', '}']).enumerate() {
                match index % 2 {
                    0 => around.last_mut().unwrap().push_str(piece),
                    _ => around.push(String::new()),
                }
            }
            Template { around, says: *says }
        };
        Self { templates: TEMPLATES.iter().map(template).collect(), end, citation }
    }

    /// Everything that a sentence can be read to say; one thing, if it is clear.
    fn read(&self, sentence: &str) -> BTreeSet<&'static str> {
        use crate::codes::Code as _;
        let (begins, ends) = self.citation;
        let cited = sentence.strip_suffix(ends).and_then(|cited| cited.rsplit_once(begins));
        let (said, _) = cited.unwrap_or_else(|| panic!("no citation: {sentence}"));
        let mut read = BTreeSet::new();
        self.parse(said, &mut Vec::new(), &mut read);
        read.into_iter().map(|outcome: Outcome| outcome.as_str()).collect()
    }

    fn parse(&self, rest: &str, said: &mut Vec<Outcome>, read: &mut BTreeSet<Outcome>) {
        let rest = rest.trim_start_matches(' ');
        if rest.is_empty() {
            read.extend(said.iter().copied());
            return;
        }
        for template in &self.templates {
            let mut rests = Vec::new();
            let first = template.around.first().unwrap();
            if let Some(after) = rest.strip_prefix(first.as_str()) {
                self.places(&template.around[1..], after, &mut rests);
            }
            for after in rests {
                said.extend(template.says);
                self.parse(after, said, read);
                said.truncate(said.len() - usize::from(template.says.is_some()));
            }
        }
    }

    /// What may be left after the places of a template and what stands behind each of them.
    fn places<'t>(&self, around: &[String], text: &'t str, rests: &mut Vec<&'t str>) {
        let Some((behind, others)) = around.split_first() else { return rests.push(text) };
        if behind.is_empty() && others.is_empty() {
            // The words of a regulation, or a reason, stand at the end.
            return rests.push("");
        }
        for (at, _) in text.match_indices(behind.as_str()) {
            let (before, rest) = text.split_at(at);
            if !before.contains(self.end) {
                self.places(others, rest.strip_prefix(behind.as_str()).unwrap(), rests);
            }
        }
    }
}

fn is_read_as_it_came_out(decision: &Decision, grammars: &[Grammar; 2]) -> Result<(), String> {
    use crate::codes::Code as _;
    for finding in &decision.findings {
        let outcome = BTreeSet::from([finding.outcome.as_str()]);
        for (grammar, said) in grammars.iter().zip([&finding.sentence.ja, &finding.sentence.en]) {
            let read = grammar.read(said);
            if read != outcome {
                return Err(format!("{}: {outcome:?} is read as {read:?}: {said}", finding.clause));
            }
        }
    }
    Ok(())
}

fn grammars() -> [Grammar; 2] {
    [Grammar::of(Language::Ja), Grammar::of(Language::En)]
}

proptest! {
    #[test]
    fn the_outcome_of_a_clause_is_read_from_its_sentence_alone(requirements in regulations(), facts in cases()) {
        let decision = compiled(&requirements).decide(&facts);
        let read = is_read_as_it_came_out(&decision, &grammars());
        prop_assert_eq!(read, Ok(()));
    }
}

fn from_library() -> impl Iterator<Item = (&'static str, Compiled)> {
    library::all().iter().map(|entry| {
        let document = Document::parse(&serde_json::from_str(entry.text).unwrap()).unwrap();
        (entry.code, Compiled::new(document).unwrap())
    })
}

#[test]
fn in_the_library_every_outcome_is_read_from_its_sentence_alone() {
    let (grammars, mut wrong) = (grammars(), Vec::new());
    for (code, regulation) in from_library() {
        let nothing = Facts::default();
        let known = regulation.document().cases.iter().map(|case| &case.facts).chain([&nothing]);
        let faults = known
            .filter_map(|facts| is_read_as_it_came_out(&regulation.decide(facts), &grammars).err());
        wrong.extend(faults.map(|fault| format!("{code} {fault}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every Japanese text in a value.
fn japanese<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("ja").and_then(Value::as_str));
            fields.values().for_each(|field| japanese(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| japanese(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The words of a text that are written as codes are, outside quotation marks.
fn codes(text: &str) -> Vec<String> {
    let mut outside = String::new();
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '「' | '“' => depth += 1,
            '」' | '”' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(letter),
            _ => outside.push(' '),
        }
    }
    let words = outside.split(|letter: char| !(letter.is_ascii_lowercase() || letter == '_'));
    words.filter(|word| word.len() > 2).map(str::to_owned).collect()
}

#[test]
fn no_code_stands_raw_in_a_japanese_sentence() {
    let mut wrong = BTreeSet::new();
    for (code, regulation) in from_library() {
        let document = serde_json::to_value(regulation.document()).unwrap();
        let (mut own, mut said) = (Vec::new(), Vec::new());
        japanese(&document, &mut own);
        let head = regulation.document();
        own.push(&head.code);
        own.extend(head.articles.iter().map(|article| article.number.as_str()));
        // Whoever rules gives the reason in their own words.
        let rulings = head.cases.iter().flat_map(|case| &case.facts.rulings);
        own.extend(rulings.filter_map(|ruling| ruling.reason.as_deref()));
        let own = own.concat();
        let nothing = Facts::default();
        let known = regulation.document().cases.iter().map(|case| &case.facts).chain([&nothing]);
        let decisions: Vec<Value> =
            known.map(|facts| serde_json::to_value(regulation.decide(facts)).unwrap()).collect();
        decisions.iter().for_each(|decision| japanese(decision, &mut said));
        let text = render(regulation.document(), Form::Markdown, Language::Ja, &Meter::unlimited())
            .unwrap();
        said.push(&text);
        let raw = said.into_iter().flat_map(codes).filter(|word| !own.contains(word.as_str()));
        wrong.extend(raw.map(|word| format!("{code}: {word}")));
    }
    assert_eq!(wrong, BTreeSet::new());
}
