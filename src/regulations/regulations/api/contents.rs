//! The contents of a version, and the library.

use std::sync::OnceLock;

use actix_web::{HttpResponse, get, web};
use okaeri_engine::document::Document;
use okaeri_engine::library;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::auth::may;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Allowed, Page, operation};
use crate::platform::ids::{ArticleId, ClauseId, RegulationCaseId, RegulationVersionId};
use crate::regulations::regulations::service::Parts;
use crate::regulations::regulations::versions;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(operation(may::ReadRegulations, get_regulation_document, &[]))
        .service(operation(may::ReadRegulations, list_articles, &[]))
        .service(operation(may::ReadRegulations, list_clauses, &[]))
        .service(operation(may::ReadRegulations, list_cases, &[]))
        .service(operation(may::ReadRegulations, list_library, &[]));
}

/// An article (条) of a version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegulationArticle, example = json!({
    "id": "art_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "part": "eligibility", "number": "3",
    "heading": {"ja": "資格要件", "en": "Eligibility"}, "text": {"ja": "…", "en": "…"}
}))]
pub struct ArticleOut {
    /// The article's identifier.
    pub id: ArticleId,
    /// The part it belongs to, one of eight.
    pub part: String,
    /// Its number.
    pub number: String,
    /// Its heading, in both languages.
    #[schema(value_type = Object)]
    pub heading: Value,
    /// Its text, in both languages.
    #[schema(value_type = Object)]
    pub text: Value,
}

/// A clause of a version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegulationClause, example = json!({
    "id": "cla_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "article_id": "art_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "code": "tenure",
    "role": "required", "body": {"id": "tenure"}
}))]
pub struct ClauseOut {
    /// The clause's identifier.
    pub id: ClauseId,
    /// The article of the clause.
    pub article_id: ArticleId,
    /// Its stable id in the document; findings cite it.
    pub code: String,
    /// Its effect on the verdict.
    pub role: Option<String>,
    /// The clause as in the document.
    #[schema(value_type = Object)]
    pub body: Value,
}

/// A case (test case) of a version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegulationCase, example = json!({"id": "cas_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f", "code": "eligible", "body": {"code": "eligible"}}))]
pub struct CaseOut {
    /// The case's identifier.
    pub id: RegulationCaseId,
    /// Its code in the document.
    pub code: String,
    /// Facts and expected answer, as in the document.
    #[schema(value_type = Object)]
    pub body: Value,
}

/// A published regulation that can be copied.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LibraryEntry, example = json!({"code": "R01", "document": {}}))]
pub struct LibraryOut {
    /// Its code.
    pub code: String,
    /// The whole document, with its source.
    #[schema(value_type = Object)]
    pub document: Value,
}

async fn parts(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationVersionId>,
) -> Result<Parts> {
    let id = id.into_inner();
    may.read(move |tx| versions::parts(tx, id)).await
}

/// Read a version's document
///
/// Returns the regulation as one JSON document: the format for writing, exchanging and running it.
#[utoipa::path(operation_id = "getRegulationDocument", tag = "regulations",
    responses((status = 200, description = "The document", body = Document)))]
#[get("/regulation-versions/{version_id}/document")]
async fn get_regulation_document(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationVersionId>,
) -> Result<web::Json<Value>> {
    let id = id.into_inner();
    Ok(web::Json(may.read(move |tx| versions::whole(tx, id)).await?.document.0))
}

/// List articles
///
/// In the order of the document, with heading and text in Japanese and English.
#[utoipa::path(operation_id = "listArticles", tag = "regulations", responses((status = 200, description = "The articles", body = Page<ArticleOut>)))]
#[get("/regulation-versions/{version_id}/articles")]
async fn list_articles(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationVersionId>,
) -> Result<Page<ArticleOut>> {
    let articles = parts(may, id).await?.articles.into_iter().map(|row| ArticleOut {
        id: row.id,
        part: row.part,
        number: row.number,
        heading: row.heading.0,
        text: row.body_text.0,
    });
    Ok(Page::whole(articles.collect()))
}

/// List clauses
///
/// In the order of the document, each with its article.
#[utoipa::path(operation_id = "listClauses", tag = "regulations", responses((status = 200, description = "The clauses", body = Page<ClauseOut>)))]
#[get("/regulation-versions/{version_id}/clauses")]
async fn list_clauses(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationVersionId>,
) -> Result<Page<ClauseOut>> {
    let clauses = parts(may, id).await?.clauses.into_iter().map(|row| ClauseOut {
        id: row.id,
        article_id: row.article_id,
        code: row.code,
        role: row.role,
        body: row.body.0,
    });
    Ok(Page::whole(clauses.collect()))
}

/// List cases
///
/// Returns the test cases of a version: facts with expected answers. The version cannot be
/// published while one fails.
#[utoipa::path(operation_id = "listRegulationCases", tag = "regulations", responses((status = 200, description = "The cases", body = Page<CaseOut>)))]
#[get("/regulation-versions/{version_id}/cases")]
async fn list_cases(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationVersionId>,
) -> Result<Page<CaseOut>> {
    let cases = parts(may, id).await?.cases.into_iter().map(|row| CaseOut {
        id: row.id,
        code: row.code,
        body: row.body.0,
    });
    Ok(Page::whole(cases.collect()))
}

/// List the library
///
/// Returns published regulations as documents with their sources, ready to copy.
#[utoipa::path(operation_id = "listLibrary", tag = "regulations", responses((status = 200, description = "The library", body = Page<LibraryOut>)))]
#[get("/library")]
async fn list_library(_may: Allowed<may::ReadRegulations>) -> Result<HttpResponse> {
    // Serialized once: it is the same for everybody, and serializing takes longer than most
    // queries.
    static WRITTEN: OnceLock<web::Bytes> = OnceLock::new();
    let written = match WRITTEN.get() {
        Some(written) => written,
        None => {
            let page = whole_library()?.written().map_err(Error::internal)?.0;
            WRITTEN.get_or_init(|| page.into())
        }
    };
    Ok(HttpResponse::Ok().content_type("application/json").body(written.clone()))
}

fn whole_library() -> Result<Page<LibraryOut>> {
    let entry = |entry: &library::Entry| {
        let document = serde_json::from_str(entry.text).map_err(Error::internal)?;
        Ok(LibraryOut { code: entry.code.to_owned(), document })
    };
    let items = library::all().iter().map(entry).collect::<Result<_>>()?;
    Ok(Page::whole(items))
}
