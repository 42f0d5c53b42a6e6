//! A version as the company's 規程: Markdown or HTML, articles in order, each with its legal text and
//! what of it runs.

use super::{heads, tables};
use crate::document::{Article, Document};
use crate::facts::{Labelled as _, listed};
use crate::messages::{Language, Said as _, rendered};
use crate::meter::{Meter, Spent};
use crate::values::terms::Terms;
use crate::words::Words;

crate::codes! {
    /// In which form a regulation is rendered.
    pub enum Form {
        /// Markdown (CommonMark).
        Markdown = "markdown",
        /// A page of HTML, whole and without anything from elsewhere.
        Html = "html",
    }
}

/// A piece of the text. What is said in it is escaped already.
enum Block {
    Title(String),
    Chapter(String),
    Heading(String),
    Paragraph(String),
    Items(Vec<String>),
    Table { columns: Vec<String>, rows: Vec<Vec<String>> },
}

/// Most bytes that the marks around a text take.
const MARKS: usize = 16;

/// The regulation as a text.
///
/// # Errors
/// The text has more bytes than the meter.
pub fn render(
    document: &Document,
    form: Form,
    language: Language,
    meter: &Meter,
) -> Result<String, Spent> {
    let writer = Writer { form, language, meter };
    let blocks = writer.blocks(document)?;
    Ok(match form {
        Form::Markdown => blocks.iter().map(markdown).collect(),
        Form::Html => {
            let body: String = blocks.iter().map(html).collect();
            let title = writer.say(&document.name)?;
            format!(
                "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n{body}</body>\n</html>\n"
            )
        }
    })
}

/// Writes words in one form and language, as long as there are bytes left for it.
struct Writer<'m> {
    form: Form,
    language: Language,
    meter: &'m Meter,
}

impl Writer<'_> {
    fn say(&self, words: &Words) -> Result<String, Spent> {
        let said = self.language.of(words);
        let escaped = match self.form {
            Form::Markdown => escaped_markdown(said),
            Form::Html => escaped_html(said),
        };
        if self.meter.take_bytes(escaped.len() + MARKS) { Ok(escaped) } else { Err(Spent) }
    }

    fn say_each(&self, words: impl IntoIterator<Item = Words>) -> Result<Vec<String>, Spent> {
        words.into_iter().map(|words| self.say(&words)).collect()
    }

    fn blocks(&self, document: &Document) -> Result<Vec<Block>, Spent> {
        let mut blocks = vec![
            Block::Title(self.say(&document.name)?),
            Block::Items(self.say_each(header(document))?),
        ];
        let (terms, mut part) = (Terms::of(document), None);
        for article in &document.articles {
            if part != Some(article.part) {
                part = Some(article.part);
                blocks.push(Block::Chapter(self.say(&article.part.label())?));
            }
            blocks.push(Block::Heading(self.say(&heading(article))?));
            if !self.language.of(&article.text).is_empty() {
                blocks.push(Block::Paragraph(self.say(&article.text)?));
            }
            let clauses =
                self.say_each(article.clauses.iter().map(|clause| clause.in_words(&terms)))?;
            if !clauses.is_empty() {
                blocks.push(Block::Items(clauses));
            }
        }
        self.head_blocks(document, &terms, &mut blocks)?;
        Ok(blocks)
    }

    /// The figures, facts and tables that the articles go by.
    fn head_blocks(
        &self,
        document: &Document,
        terms: &Terms,
        blocks: &mut Vec<Block>,
    ) -> Result<(), Spent> {
        let parameters = self.say_each(document.parameters.iter().map(heads::parameter))?;
        let declared = self.say_each(document.declared_facts.iter().map(heads::declared))?;
        let lists = [(rendered::PARAMETERS, parameters), (rendered::DECLARED_FACTS, declared)];
        for (chapter, items) in lists.into_iter().filter(|(_, items)| !items.is_empty()) {
            blocks.extend([Block::Chapter(self.say(&chapter)?), Block::Items(items)]);
        }
        if !document.tables.is_empty() {
            blocks.push(Block::Chapter(self.say(&rendered::TABLES)?));
        }
        for (index, table) in document.tables.iter().enumerate() {
            let heading = rendered::Table { number: &(index + 1), title: &table.title }.words();
            let rows = table.rows.iter().map(|row| self.say_each(tables::cells(table, row, terms)));
            blocks.extend([
                Block::Heading(self.say(&heading)?),
                Block::Paragraph(self.say(&table.hit_policy.label())?),
                Block::Table {
                    columns: self.say_each(tables::columns(table, terms))?,
                    rows: rows.collect::<Result<_, Spent>>()?,
                },
            ]);
        }
        Ok(())
    }
}

fn heading(article: &Article) -> Words {
    let mut citation = article.citation();
    let letters = citation.en.chars();
    citation.en =
        letters.clone().take(1).flat_map(char::to_uppercase).chain(letters.skip(1)).collect();
    rendered::Heading { citation: &citation, heading: &article.heading }.words()
}

fn header(document: &Document) -> Vec<Words> {
    let packs = &document.jurisdiction_packs;
    let code = rendered::Code { code: &document.code }.words();
    let from = document.effective_from.map(|day| rendered::EffectiveFrom { day: &day }.words());
    let applies = rendered::EffectiveBasis { basis: &document.effective_basis.label() }.words();
    let law = (!packs.is_empty()).then(|| rendered::Law { packs: &listed(packs) }.words());
    let stands_on =
        document.legal_basis.as_ref().map(|basis| rendered::LegalBasis { basis }.words());
    [Some(code), from, Some(applies), law, stands_on].into_iter().flatten().collect()
}

fn markdown(block: &Block) -> String {
    match block {
        Block::Title(text) => format!("# {}\n\n", text),
        Block::Chapter(text) => format!("## {}\n\n", text),
        Block::Heading(text) => format!("### {}\n\n", text),
        Block::Paragraph(text) => format!("{}\n\n", text),
        Block::Items(items) => {
            let items: String = items.iter().map(|item| format!("- {}\n", item)).collect();
            format!("{items}\n")
        }
        Block::Table { columns, rows } => {
            let line = |cells: &[String]| -> String {
                let cells: String = cells.iter().map(|cell| format!(" {} |", cell)).collect();
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
        Block::Title(text) => format!("<h1>{}</h1>\n", text),
        Block::Chapter(text) => format!("<h2>{}</h2>\n", text),
        Block::Heading(text) => format!("<h3>{}</h3>\n", text),
        Block::Paragraph(text) => format!("<p>{}</p>\n", text),
        Block::Items(items) => {
            let items: String = items.iter().map(|item| format!("<li>{}</li>\n", item)).collect();
            format!("<ul>\n{items}</ul>\n")
        }
        Block::Table { columns, rows } => {
            let line = |tag: &str, cells: &[String]| -> String {
                let cells: String =
                    cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", cell)).collect();
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

    fn render(document: &Document, form: Form, language: Language) -> String {
        super::render(document, form, language, &Meter::unlimited()).unwrap()
    }

    fn document(code: &str) -> Document {
        Document::parse(&serde_json::from_str(library::find(code).unwrap().text).unwrap()).unwrap()
    }

    #[test]
    fn a_regulation_reads_as_articles_with_the_figures_that_run() {
        let text = render(&document("R01"), Form::Markdown, Language::Ja);
        assert!(text.starts_with("# 事務職員再雇用制度に関する規程\n"), "{text}");
        assert!(text.contains("### 第3条（資格要件）\n"), "{text}");
        assert!(
            text.contains(
                "- 勤続：勤続3年以上（常勤のみ）。確認できないときは担当者が判断する。\n"
            ),
            "{text}"
        );
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
        let text = library::find("R01")
            .unwrap()
            .text
            .replace("\"at_least_months\": 36", "\"at_least_months\": 30");
        let changed = Document::parse(&serde_json::from_str(&text).unwrap()).unwrap();
        assert!(
            render(&changed, Form::Markdown, Language::En)
                .contains("at least 2 years 6 months of service")
        );
    }

    #[test]
    fn what_a_company_writes_does_not_become_markup() {
        let mut document = document("R01");
        document.name = Words::new("<script>", "# [x](http://example.invalid) <b>");
        let (html, markdown) = (
            render(&document, Form::Html, Language::Ja),
            render(&document, Form::Markdown, Language::En),
        );
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"), "{html}");
        assert!(
            markdown.starts_with("# \\# \\[x\\](http://example.invalid) \\<b\\>\n"),
            "{markdown}"
        );
    }

    #[test]
    fn a_text_that_is_too_long_is_not_written() {
        let written = render(&document("R01"), Form::Markdown, Language::Ja).len();
        let with = |bytes: usize| {
            let meter = Meter::new(0, u64::try_from(bytes).unwrap());
            super::render(&document("R01"), Form::Markdown, Language::Ja, &meter).is_ok()
        };
        assert!(!with(written / 2) && with(written * 2));
    }

    #[test]
    fn every_regulation_of_the_library_has_words_for_each_clause() {
        for entry in library::all() {
            let document = document(entry.code);
            for clause in document.articles.iter().flat_map(|article| &article.clauses) {
                let words = clause.in_words(&Terms::of(&document));
                assert!(
                    !words.ja.is_empty() && !words.en.is_empty(),
                    "{} {}",
                    entry.code,
                    clause.id()
                );
                assert!(
                    !words.ja.contains("。。") && !words.en.contains(".."),
                    "{} {words:?}",
                    entry.code
                );
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
        assert!(
            text.contains("60歳未満（「上限」60）、65歳未満（「上限」65、2027-04-01から）"),
            "{text}"
        );
        assert!(text.contains("免許がはい"), "{text}");
    }
}
