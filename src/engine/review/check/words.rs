//! The legal text beside what runs: missing words, numbers that stand twice, figures that differ.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::Outline;
use super::figures::{Figure, english, japanese};
use super::findings::Findings;
use super::{CheckFinding, CheckSeverity};
use crate::calendar::LastDay;
use crate::clauses::Clause;
use crate::document::Article;
use crate::measures::Condition;
use crate::messages::{Said as _, check_texts, listed};
use crate::words::Words;

/// Most figures that one sentence names.
const MOST_SHOWN: usize = 5;
/// Most figures of one clause that are told to differ from the text.
const MOST_OF_CLAUSE: usize = 5;

pub(super) fn check(outline: &Outline<'_>, findings: &mut Findings) {
    missing(outline, findings);
    numbers(outline, findings);
    unstated(outline, findings);
    for (index, article) in outline.document.articles.iter().enumerate() {
        figures(article, &format!("/articles/{index}"), findings);
    }
}

/// Words that are there in one language only, or in none.
fn missing(outline: &Outline<'_>, findings: &mut Findings) {
    let document = outline.document;
    let mut places = vec![("/name".to_owned(), &document.name, None)];
    for (index, article) in document.articles.iter().enumerate() {
        places.push((format!("/articles/{index}/heading"), &article.heading, None));
        places.push((format!("/articles/{index}/text"), &article.text, None));
    }
    for placed in outline.requirements() {
        let requirement = placed.requirement;
        places.push((
            format!("{}/title", placed.pointer),
            &requirement.title,
            Some(requirement.id.as_str()),
        ));
        let exceptions = requirement.exceptions.iter().enumerate();
        places.extend(exceptions.map(|(index, exception)| {
            (
                format!("{}/exceptions/{index}/text", placed.pointer),
                &exception.text,
                Some(requirement.id.as_str()),
            )
        }));
    }
    for (at, words, clause) in places {
        let languages = [
            ("ja", &words.ja, check_texts::JAPANESE_MISSING),
            ("en", &words.en, check_texts::ENGLISH_MISSING),
        ];
        for (key, _, message) in languages.into_iter().filter(|(_, text, _)| text.trim().is_empty())
        {
            let finding = CheckFinding::new(
                "text_missing",
                CheckSeverity::Warning,
                format!("{at}/{key}"),
                message,
            );
            findings.push(finding.about(clause));
        }
    }
}

/// Numbers of articles that stand twice. A report cites a whole text by one name, which is no
/// number.
fn numbers(outline: &Outline<'_>, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, article) in outline.document.articles.iter().enumerate() {
        let number = article.number.as_str();
        let is_number = number.chars().all(|digit| digit.is_ascii_digit());
        if let Some(first) = seen.get(number).filter(|_| is_number) {
            let cited = article.citation();
            let words = check_texts::NumberTwice {
                article: &cited,
                first: &(first + 1),
                second: &(index + 1),
            }
            .words();
            findings.push(CheckFinding::new(
                "article_number_twice",
                CheckSeverity::Warning,
                format!("/articles/{index}/number"),
                words,
            ));
        }
        seen.entry(number).or_insert(index);
    }
}

/// Boundaries that the text leaves open.
fn unstated(outline: &Outline<'_>, findings: &mut Findings) {
    for leaf in outline.leaves() {
        // Of all measures these two have a last day that a text can leave open.
        let (last_day, has_period) = if let Condition::Gap(gap) = leaf.condition {
            (gap.last_day, gap.at_most_months.is_some() || gap.at_most_days.is_some())
        } else if let Condition::Registered(registered) = leaf.condition {
            let (valid, within) =
                (&registered.valid_months_after_exit, &registered.within_months_of_exit);
            (registered.last_day, valid.is_some() || within.is_some())
        } else {
            continue;
        };
        if last_day == LastDay::Unstated && has_period {
            findings.push(
                CheckFinding::new(
                    "boundary_unstated",
                    CheckSeverity::Notice,
                    format!("{}/last_day", leaf.pointer),
                    check_texts::BOUNDARY_UNSTATED,
                )
                .about([leaf.clause.id()])
                .mended_by(check_texts::SAY_THE_LAST_DAY),
            );
        }
    }
}

/// A figure of a clause and its place.
struct Placed {
    figure: Figure,
    pointer: String,
    clause: String,
}

/// The lengths and ages that a clause runs with, wherever they stand in it.
fn figures_of(json: &Value, at: &str, clause: &str, found: &mut Vec<Placed>) {
    let placed = |figure, pointer| Placed { figure, pointer, clause: clause.to_owned() };
    match json {
        Value::Object(map) => {
            let is_age = map.get("kind").and_then(Value::as_str) == Some("age");
            for (key, value) in map {
                let pointer = format!("{at}/{key}");
                match value
                    .as_u64()
                    .and_then(|value| u32::try_from(value).ok())
                    .filter(|value| *value > 0)
                {
                    Some(value) if key.contains("months") => {
                        found.push(placed(Figure::Months(value), pointer))
                    }
                    Some(value) if key.contains("days") => {
                        found.push(placed(Figure::Days(value), pointer))
                    }
                    Some(value) if is_age => found.push(placed(Figure::Age(value), pointer)),
                    Some(_) => {}
                    None => figures_of(value, &pointer, clause, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                figures_of(item, &format!("{at}/{index}"), clause, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Figures of the text against those of the clauses, and of one language against the other.
fn figures(article: &Article, at: &str, findings: &mut Findings) {
    let (ja, en) = (japanese(&article.text.ja), english(&article.text.en));
    languages(article, at, findings);
    let mut run = Vec::new();
    for (place, clause) in article.clauses.iter().enumerate() {
        // Tiers are tables of their own, which a text seldom repeats.
        if matches!(clause, Clause::Training(_)) {
            continue;
        }
        let json = serde_json::to_value(clause).unwrap_or_default();
        figures_of(&json, &format!("{at}/clauses/{place}"), clause.id(), &mut run);
    }
    let text = if article.text.ja.trim().is_empty() { &en } else { &ja };
    let used: BTreeSet<Figure> = run.iter().map(|own| own.figure).collect();
    let unused: Vec<Figure> =
        text.iter().copied().filter(|figure| !figure.is_among(&used)).collect();
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for own in run.iter().filter(|own| !own.figure.is_among(text)) {
        let count = told.entry(&own.clause).or_default();
        *count += 1;
        if *count > MOST_OF_CLAUSE {
            continue;
        }
        let figure = &own.figure;
        let finding = if unused.is_empty() {
            CheckFinding::new(
                "figure_not_in_text",
                CheckSeverity::Notice,
                &own.pointer,
                check_texts::FigureNotInText { figure }.words(),
            )
        } else {
            CheckFinding::new(
                "figures_differ",
                CheckSeverity::Warning,
                &own.pointer,
                check_texts::FiguresDiffer { figure, text: &several(&unused) }.words(),
            )
            .mended_by(check_texts::CORRECT_ONE)
        };
        findings.push(finding.about([&own.clause]));
    }
}

/// Figures in words: the first few, and how many more there are.
fn several(figures: &[Figure]) -> Words {
    let (shown, more) = figures.split_at_checked(MOST_SHOWN).unwrap_or((figures, &[]));
    let figures = listed(shown);
    match more.len() {
        0 => figures.words(),
        more => check_texts::AndMoreFigures { figures: &figures, more: &more }.words(),
    }
}

/// Both languages must name the same lengths; ages are read in Japanese only.
fn languages(article: &Article, at: &str, findings: &mut Findings) {
    let (ja, en) = (japanese(&article.text.ja), english(&article.text.en));
    if article.text.ja.trim().is_empty() || article.text.en.trim().is_empty() {
        return;
    }
    let only = |one: &BTreeSet<Figure>, other: &BTreeSet<Figure>| -> Vec<Figure> {
        let lengths = one.iter().copied().filter(|figure| !matches!(figure, Figure::Age(_)));
        lengths.filter(|figure| !figure.is_among(other)).collect()
    };
    let (only_ja, only_en) = (only(&ja, &en), only(&en, &ja));
    // A figure in one language alone may be said in words in the other.
    if only_ja.is_empty() || only_en.is_empty() {
        return;
    }
    let words =
        check_texts::LanguagesDiffer { japanese: &several(&only_ja), english: &several(&only_en) }
            .words();
    let heading = article.citation();
    let finding =
        CheckFinding::new("languages_differ", CheckSeverity::Warning, format!("{at}/text"), words);
    findings.push(finding.mended_by(check_texts::MakeBothSayTheSame { article: &heading }.words()));
}
