//! A version as the company's 規程: Markdown or HTML, articles in order, each with its legal text and what of it runs.

use super::clauses::in_words;
use super::{heads, tables};
use crate::domain::facts::{Labelled as _, listed};
use crate::domain::regulation::{Article, Document};
use crate::domain::terms::Terms;
use crate::domain::words::Words;
use crate::messages::{Language, Said as _, rendered};

crate::codes! {
    /// In which form a regulation is rendered.
    pub enum Form {
        /// Markdown (CommonMark).
        Markdown = "markdown",
        /// A page of HTML, whole and without anything from elsewhere.
        Html = "html",
    }
}

/// A piece of the text, before it has a form.
enum Block {
    Title(String),
    Chapter(String),
    Heading(String),
    Paragraph(String),
    Items(Vec<String>),
    Table { columns: Vec<String>, rows: Vec<Vec<String>> },
}

/// The regulation as a text.
#[must_use]
pub fn render(document: &Document, form: Form, language: Language) -> String {
    let blocks = blocks(document, language);
    match form {
        Form::Markdown => blocks.iter().map(markdown).collect(),
        Form::Html => {
            let body: String = blocks.iter().map(html).collect();
            let title = escaped_html(language.of(&document.name));
            format!(
                "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n{body}</body>\n</html>\n"
            )
        }
    }
}

fn blocks(document: &Document, language: Language) -> Vec<Block> {
    let mut blocks = vec![
        Block::Title(language.of(&document.name).to_owned()),
        Block::Items(header(document).iter().map(|words| language.of(words).to_owned()).collect()),
    ];
    let (terms, mut part) = (Terms::of(document), None);
    for article in &document.articles {
        if part != Some(article.part) {
            part = Some(article.part);
            blocks.push(Block::Chapter(language.of(&article.part.label()).to_owned()));
        }
        blocks.push(Block::Heading(language.of(&heading(article)).to_owned()));
        if !language.of(&article.text).is_empty() {
            blocks.push(Block::Paragraph(language.of(&article.text).to_owned()));
        }
        let clauses: Vec<String> =
            article.clauses.iter().map(|clause| language.of(&in_words(clause, &terms)).to_owned()).collect();
        if !clauses.is_empty() {
            blocks.push(Block::Items(clauses));
        }
    }
    blocks.extend(head_blocks(document, &terms, language));
    blocks
}

/// The figures, facts and tables that the articles go by.
fn head_blocks(document: &Document, terms: &Terms, language: Language) -> Vec<Block> {
    let text = |words: Words| language.of(&words).to_owned();
    let texts = |words: Vec<Words>| words.into_iter().map(text).collect::<Vec<String>>();
    let lists = [
        (rendered::PARAMETERS, document.parameters.iter().map(heads::parameter).collect::<Vec<Words>>()),
        (rendered::DECLARED_FACTS, document.declared_facts.iter().map(heads::declared).collect()),
    ];
    let mut blocks = Vec::new();
    for (chapter, items) in lists.into_iter().filter(|(_, items)| !items.is_empty()) {
        blocks.extend([Block::Chapter(text(chapter)), Block::Items(texts(items))]);
    }
    if !document.tables.is_empty() {
        blocks.push(Block::Chapter(text(rendered::TABLES)));
    }
    for (index, table) in document.tables.iter().enumerate() {
        let tables::Printed { columns, rows } = tables::printed(table, terms);
        blocks.extend([
            Block::Heading(text(rendered::Table { number: &(index + 1), title: &table.title }.words())),
            Block::Paragraph(text(table.hit_policy.label())),
            Block::Table { columns: texts(columns), rows: rows.into_iter().map(texts).collect() },
        ]);
    }
    blocks
}

fn heading(article: &Article) -> Words {
    let mut citation = article.citation();
    let letters = citation.en.chars();
    citation.en = letters.clone().take(1).flat_map(char::to_uppercase).chain(letters.skip(1)).collect();
    rendered::Heading { citation: &citation, heading: &article.heading }.words()
}

fn header(document: &Document) -> Vec<Words> {
    let packs = &document.jurisdiction_packs;
    let code = rendered::Code { code: &document.code }.words();
    let from = document.effective_from.map(|day| rendered::EffectiveFrom { day: &day }.words());
    let applies = rendered::EffectiveBasis { basis: &document.effective_basis.label() }.words();
    let law = (!packs.is_empty()).then(|| rendered::Law { packs: &listed(packs) }.words());
    let stands_on = document.legal_basis.as_ref().map(|basis| rendered::LegalBasis { basis }.words());
    [Some(code), from, Some(applies), law, stands_on].into_iter().flatten().collect()
}

fn markdown(block: &Block) -> String {
    match block {
        Block::Title(text) => format!("# {}\n\n", escaped_markdown(text)),
        Block::Chapter(text) => format!("## {}\n\n", escaped_markdown(text)),
        Block::Heading(text) => format!("### {}\n\n", escaped_markdown(text)),
        Block::Paragraph(text) => format!("{}\n\n", escaped_markdown(text)),
        Block::Items(items) => {
            let items: String = items.iter().map(|item| format!("- {}\n", escaped_markdown(item))).collect();
            format!("{items}\n")
        }
        Block::Table { columns, rows } => {
            let line = |cells: &[String]| -> String {
                let cells: String = cells.iter().map(|cell| format!(" {} |", escaped_markdown(cell))).collect();
                format!("|{cells}\n")
            };
            let rule = " --- |".repeat(columns.len());
            let rows: String = rows.iter().map(|row| line(row)).collect();
            format!("{}|{rule}\n{rows}\n", line(columns))
        }
    }
}

fn html(block: &Block) -> String {
    match block {
        Block::Title(text) => format!("<h1>{}</h1>\n", escaped_html(text)),
        Block::Chapter(text) => format!("<h2>{}</h2>\n", escaped_html(text)),
        Block::Heading(text) => format!("<h3>{}</h3>\n", escaped_html(text)),
        Block::Paragraph(text) => format!("<p>{}</p>\n", escaped_html(text)),
        Block::Items(items) => {
            let items: String = items.iter().map(|item| format!("<li>{}</li>\n", escaped_html(item))).collect();
            format!("<ul>\n{items}</ul>\n")
        }
        Block::Table { columns, rows } => {
            let line = |tag: &str, cells: &[String]| -> String {
                let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped_html(cell))).collect();
                format!("<tr>{cells}</tr>\n")
            };
            let rows: String = rows.iter().map(|row| line("td", row)).collect();
            format!("<table>\n{}{rows}</table>\n", line("th", columns))
        }
    }
}

fn escaped_html(text: &str) -> String {
    html_escape::encode_text(text).into_owned()
}

/// What would be taken for a mark of Markdown stands for itself.
fn escaped_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~') {
            escaped.push('\\');
        }
        // A line of its own could begin a list or a heading.
        escaped.push(if letter == '\n' { ' ' } else { letter });
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::library;

    fn document(code: &str) -> Document {
        Document::parse(&serde_json::from_str(library::find(code).unwrap().text).unwrap()).unwrap()
    }

    #[test]
    fn a_regulation_reads_as_articles_with_the_figures_that_run() {
        let text = render(&document("R01"), Form::Markdown, Language::Ja);
        assert!(text.starts_with("# 事務職員再雇用制度に関する規程\n"), "{text}");
        assert!(text.contains("### 第3条（資格要件）\n"), "{text}");
        assert!(text.contains("- 勤続：勤続3年以上（常勤のみ）。確認できないときは担当者が判断する。\n"), "{text}");
        assert!(text.contains("退職後5年以内"), "{text}");
        assert!(text.contains("- 退職時の職種：事務。"), "{text}");
    }

    #[test]
    fn tables_parameters_and_formulas_are_printed() {
        let words = |ja: &str| json!({"ja": ja, "en": ja});
        let table = json!({"id": "hours", "title": words("研修時間表"),
            "inputs": [{"name": "away", "of": {"kind": "months_away", "reference": "start_date", "count": "begun"}}, {"name": "route", "of": {"kind": "record", "of": "exit_route"}}],
            "outputs": [{"name": "hours", "label": words("研修時間"), "type": "hours"}],
            "rows": [{"when": [{"below": 13}, null], "then": [8]}, {"when": [{"at_least": 13}, ["resignation", "transfer"]], "then": [40]}]});
        let by = json!({"kind": "round", "mode": "down", "digits": 0, "of": {"kind": "multiply", "of": [
            {"kind": "fact", "of": {"kind": "service_months"}}, {"kind": "number", "value": "0.8"}]}});
        let clauses = json!([
            {"id": "hours", "kind": "value", "code": "training_hours", "title": words("研修時間"), "type": "hours", "by": {"kind": "table", "table": "hours"}},
            {"id": "credit", "kind": "value", "code": "credited_service_months", "title": words("通算勤続"), "type": "months", "by": by}
        ]);
        let document = json!({
            "code": "P", "name": words("規程"), "effective_basis": "application_date", "jurisdiction_packs": [], "tables": [table],
            "parameters": [{"name": "limit", "label": words("上限"), "unit": "years", "values": [{"value": 60}, {"from": "2027-04-01", "value": 65}]}],
            "articles": [{"part": "training", "number": "1", "heading": words("研修"), "text": words(""), "clauses": clauses}]
        });
        let text = render(&Document::parse(&document).unwrap(), Form::Markdown, Language::Ja);
        for line in [
            "- 研修時間は別表「研修時間表」の研修時間による。",
            "- 通算勤続は次の式により定める：（勤続 × 0.8）を切捨て。",
            "- 上限：60年・65年（2027-04-01から）",
            "### 別表1（研修時間表）",
            "| 離職期間 | 退職区分 | 研修時間 |",
            "| 13か月未満 | 問わない | 8時間 |",
            "| 13か月以上 | 自己都合・転籍 | 40時間 |",
        ] {
            assert!(text.contains(&format!("{line}\n")), "{line}: {text}");
        }
    }

    #[test]
    fn a_figure_changes_in_the_text_when_the_parameter_changes() {
        let text = library::find("R01").unwrap().text.replace("\"at_least_months\": 36", "\"at_least_months\": 30");
        let changed = Document::parse(&serde_json::from_str(&text).unwrap()).unwrap();
        assert!(render(&changed, Form::Markdown, Language::En).contains("at least 2 years 6 months of service"));
    }

    #[test]
    fn what_a_company_writes_does_not_become_markup() {
        let mut document = document("R01");
        document.name = Words::new("<script>", "# [x](http://example.invalid) <b>");
        let (html, markdown) =
            (render(&document, Form::Html, Language::Ja), render(&document, Form::Markdown, Language::En));
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"), "{html}");
        assert!(markdown.starts_with("# \\# \\[x\\](http://example.invalid) \\<b\\>\n"), "{markdown}");
    }

    #[test]
    fn every_regulation_of_the_library_has_words_for_each_clause() {
        for entry in library::all() {
            let document = document(entry.code);
            for clause in document.articles.iter().flat_map(|article| &article.clauses) {
                let words = in_words(clause, &Terms::of(&document));
                assert!(!words.ja.is_empty() && !words.en.is_empty(), "{} {}", entry.code, clause.id());
                assert!(!words.ja.contains("。。") && !words.en.contains(".."), "{} {words:?}", entry.code);
            }
        }
    }

    #[test]
    fn a_parameter_is_said_with_each_value_it_ever_has_and_a_declared_fact_by_its_label() {
        let words = json!({"ja": "要件", "en": "requirement"});
        let clause = |id: &str, condition: Value| json!({"id": id, "kind": "requirement", "title": words, "role": "required", "condition": condition, "when_unknown": "refer"});
        let document = json!({
            "code": "P", "name": words, "effective_basis": "application_date", "jurisdiction_packs": [],
            "parameters": [{"name": "limit", "label": {"ja": "上限", "en": "limit"}, "unit": "years",
                "values": [{"value": 60}, {"from": "2027-04-01", "value": 65}]}],
            "declared_facts": [{"name": "licence", "label": {"ja": "免許", "en": "licence"}, "type": "boolean"}],
            "articles": [{"part": "eligibility", "number": "1", "heading": words, "text": {"ja": "", "en": ""}, "clauses": [
                clause("age", json!({"kind": "age", "under": {"parameter": "limit"}, "reference": "application_date"})),
                clause("licence", json!({"kind": "declared", "name": "licence", "is": true}))
            ]}]
        });
        let text = render(&Document::parse(&document).unwrap(), Form::Markdown, Language::Ja);
        assert!(text.contains("60歳未満（「上限」60）、65歳未満（「上限」65、2027-04-01から）"), "{text}");
        assert!(text.contains("免許がはい"), "{text}");
    }
}
