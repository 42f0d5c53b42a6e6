//! Renders pages of the guide as HTML.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

use super::{PAGES, Page};

/// Style sheet of every page. The content security policy allows it by its hash.
pub const STYLE: &str = include_str!("guide.css");

/// Renders the list of pages.
#[must_use]
pub fn index() -> String {
    let pages: String =
        PAGES.iter().map(|page| format!("- [{}]({})\n", page.title, page.slug)).collect();
    let text =
        format!("# Okaeri guide\n\n{pages}\nThe reference of the API is at [/docs/](/docs/).\n");
    document("Okaeri guide", "", &body(&text))
}

/// Renders a page.
#[must_use]
pub fn page(page: &Page) -> String {
    let links: String = PAGES.iter().map(|other| link(other, page)).collect();
    document(
        &format!("{} · Okaeri guide", page.title),
        &format!("<nav>\n{links}<a href=\"/docs/\">API reference</a>\n</nav>\n"),
        &body(page.text),
    )
}

fn link(to: &Page, from: &Page) -> String {
    let current = if to.slug == from.slug { " aria-current=\"page\"" } else { "" };
    format!("<a href=\"{}\"{current}>{}</a>\n", to.slug, to.title)
}

fn document(title: &str, nav: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n{nav}<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn body(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut events: Vec<Event<'_>> = Parser::new_ext(text, options).map(addressed).collect();
    name_headings(&mut events);
    let mut html = String::with_capacity(text.len() * 2);
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    html
}

/// Replaces the file of a page in a link with the address of the page.
fn addressed(event: Event<'_>) -> Event<'_> {
    let Event::Start(Tag::Link { link_type, dest_url, title, id }) = event else { return event };
    let page = PAGES.iter().find(|page| page.file == &*dest_url);
    let dest_url = page.map_or(dest_url, |page| CowStr::Borrowed(page.slug));
    Event::Start(Tag::Link { link_type, dest_url, title, id })
}

/// Gives each heading an identifier made of its words. A repeated one gets a number.
fn name_headings(events: &mut [Event<'_>]) {
    let mut used: HashMap<String, usize> = HashMap::new();
    let (mut words, mut names) = (None::<String>, Vec::new());
    for event in events.iter() {
        match (event, &mut words) {
            (Event::Start(Tag::Heading { .. }), _) => words = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), Some(text)) => {
                let name = slug(text);
                let times = used.entry(name.clone()).or_default();
                names.push(if *times == 0 { name } else { format!("{name}-{times}") });
                *times += 1;
                words = None;
            }
            (Event::Text(text) | Event::Code(text), Some(words)) => words.push_str(text),
            _ => {}
        }
    }
    let headings = events.iter_mut().filter_map(|event| {
        if let Event::Start(Tag::Heading { id, .. }) = event { Some(id) } else { None }
    });
    headings.zip(names).for_each(|(id, name)| *id = Some(name.into()));
}

fn slug(words: &str) -> String {
    let kept = words.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_the_file_of_a_page_leads_to_the_page() {
        let html = body("See [how][webhooks].\n\n[webhooks]: webhooks.md\n");
        assert_eq!(html, "<p>See <a href=\"webhooks\">how</a>.</p>\n");
    }

    #[test]
    fn headings_have_identifiers_of_their_own() {
        let html = body("## First key\n\n## First key\n");
        assert_eq!(
            html,
            "<h2 id=\"first-key\">First key</h2>\n<h2 id=\"first-key-1\">First key</h2>\n"
        );
    }
}
