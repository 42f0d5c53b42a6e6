//! The guide and the README: pages that are served, and links that lead somewhere.

use std::path::{Path, PathBuf};

use okaeri::guide::PAGES;

use crate::on_both_engines;
use crate::support::*;

/// Returns the folder of the pages.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide")
}

/// Returns the text between two marks, wherever the marks stand.
fn between<'a>(text: &'a str, before: &'a str, after: char) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next())
}

on_both_engines!(
    every_page_of_the_guide_is_served_with_its_title,
    the_guide_lists_its_pages,
    every_link_of_a_served_page_leads_to_a_served_page,
    the_api_catalog_names_the_guide,
    an_unknown_page_of_the_guide_is_not_found,
    the_guide_without_its_slash_leads_to_the_list,
    a_page_of_the_guide_runs_no_script,
);

async fn every_page_of_the_guide_is_served_with_its_title(app: TestApp) {
    for page in PAGES {
        let answer = app.as_nobody().get(&format!("/docs/guide/{}", page.slug)).await.expect(200);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(
            answer.text.contains(&format!("<title>{} · Okaeri guide</title>", page.title)),
            "{}",
            page.slug
        );
        assert!(answer.text.contains(&format!(">{}</h1>", page.title)), "{}", page.slug);
    }
}

async fn the_guide_lists_its_pages(app: TestApp) {
    let index = app.as_nobody().get("/docs/guide/").await.expect(200);
    for page in PAGES {
        assert!(
            index.text.contains(&format!("<a href=\"{}\">{}</a>", page.slug, page.title)),
            "{}",
            index.text
        );
    }
}

async fn every_link_of_a_served_page_leads_to_a_served_page(app: TestApp) {
    for page in PAGES {
        let html = app.as_nobody().get(&format!("/docs/guide/{}", page.slug)).await.text;
        for link in between(&html, "href=\"", '"') {
            assert!(!link.contains([':', '.']), "{}: {link}", page.slug);
            let path =
                if link.starts_with('/') { link.to_owned() } else { format!("/docs/guide/{link}") };
            app.as_nobody().get(&path).await.expect(200);
        }
    }
}

async fn the_api_catalog_names_the_guide(app: TestApp) {
    let catalog = app.as_nobody().get("/.well-known/api-catalog").await.expect(200);
    assert_eq!(catalog.body["linkset"][0]["service-doc"][1]["href"], "/docs/guide/");
}

async fn an_unknown_page_of_the_guide_is_not_found(app: TestApp) {
    app.as_nobody().get("/docs/guide/nowhere").await.refused(404, "not_found");
}

async fn the_guide_without_its_slash_leads_to_the_list(app: TestApp) {
    let answer = app.as_nobody().get("/docs/guide").await.expect(308);
    assert_eq!(answer.header("location"), Some("/docs/guide/"));
}

async fn a_page_of_the_guide_runs_no_script(app: TestApp) {
    let answer = app.as_nobody().get("/docs/guide/api").await;
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-")
            && !policy.contains("script-src"),
        "{policy}"
    );
}

#[test]
fn links_between_files_of_the_guide_lead_to_pages() {
    for page in PAGES {
        for link in between(page.text, "](", ')').chain(between(page.text, "]: ", '\n')) {
            assert!(PAGES.iter().any(|other| other.file == link), "{}: {link}", page.file);
            assert!(folder().join(link).is_file(), "{}: {link}", page.file);
        }
    }
}

#[test]
fn every_file_of_the_guide_is_listed() {
    let files = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for file in files.filter(|file| file.ends_with(".md")) {
        assert!(PAGES.iter().any(|page| page.file == file), "{file}");
    }
}

#[test]
fn the_guide_shows_the_clients_that_are_checked() {
    let page = PAGES.iter().find(|page| page.slug == "first-hour").unwrap();
    for file in
        ["typescript/question.ts", "python/question.py", "rust/src/question.rs", "go/question.go"]
    {
        let text =
            std::fs::read_to_string(folder().join("../../tests/clients").join(file)).unwrap();
        let (_, code) = text.split_once("\n\n").unwrap();
        assert!(page.text.contains(code.trim()), "{file}");
    }
}

#[test]
fn the_readme_is_at_most_200_lines_long() {
    let lines = include_str!("../../README.md").lines().count();
    assert!(lines <= 200, "{lines}");
}

#[test]
fn links_of_the_readme_lead_to_files() {
    let readme = include_str!("../../README.md");
    for link in between(readme, "](", ')').filter(|link| !link.starts_with("https://")) {
        let file = link.split('#').next().unwrap();
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(), "{link}");
    }
}
